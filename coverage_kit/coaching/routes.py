"""Paths to customers: planned for a base list and an offering, followed or left by accounts.

Source: the method, sections 1, 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Route, Stage
from coverage_kit.domain.routes import Step, read_steps
from coverage_kit.domain.vocabulary import AccountStatus, SlotStatus
from coverage_kit.measures import paths
from coverage_kit.measures.routes import STILL_WEEKS, Kept, Reached, kept_with, reached_by
from coverage_kit.measures.value import Check, Given, Work
from coverage_kit.role_lists.slot_state import is_gone, slot_state
from coverage_kit.rules.lookup import get_account
from coverage_kit.rules.routes import dropped_route, inherited_paths, own_route, removed_path, set_path
from coverage_kit.store import Edit, entities
from coverage_kit.store.entities import Account, Commitment, Employment, PlannedRoute, Pursuit, Slot, ValueGiven


@dataclass(frozen=True)
class PathSet:
    """The path of a base list for an offering."""

    role_list: str
    offering: str
    steps: tuple[Step, ...]
    version: int


@dataclass(frozen=True)
class StepTaken:
    """A step of an account: what is planned, and how far the person in this position has come.

    ``taken`` and ``other_route`` are those of ``measures.path_steps``.
    """

    role: str
    route: Route
    stage: Stage
    reached: Stage | None
    taken: bool
    other_route: bool


@dataclass(frozen=True)
class AccountPath:
    """The path of an account to one offering; ``is_own`` if it departs from that of its list.

    ``version`` is that of the account's own steps, 0 where it has none. ``idle_weeks`` and ``stands_still`` are those of
    ``measures.paths``.
    """

    offering: str
    role_list: str
    is_own: bool
    version: int
    steps: tuple[StepTaken, ...]
    idle_weeks: int
    stands_still: bool

    @property
    def next(self) -> StepTaken | None:
        """The first step that is left; None where all are taken."""
        return next((step for step in self.steps if not step.taken), None)


class Routes:
    """Planned by the coach; actual follows from what was kept, and nobody types it."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def paths(self) -> list[PathSet]:
        """All paths that are set, by list and offering."""
        rows = sorted(self._context.ledger.as_of(entities.Path), key=lambda row: (row.role_list, row.offering))
        return [PathSet(row.role_list, row.offering, read_steps(row.steps), row.version) for row in rows]

    def set(
        self,
        role_list: str,
        offering: str,
        steps: Sequence[Sequence[str]],
        *,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Set the path that all accounts of a base list follow for an offering.

        Parameters
        ----------
        role_list : str
            Key of a base list in force.
        offering : str
            Key or name.
        steps : sequence of (str, str, str)
            At most three: role, route (in_person phone digital partner event referral), stage (attention interest
            desire action).
        base : int, optional
            The version that the user saw.
        edit_id : str, optional

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        change = set_path(self._context.ledger, role_list, offering, steps, base=base)
        return self._context.ledger.save([change], edit_id=edit_id)

    def remove(self, role_list: str, offering: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Take a path back; the past keeps it."""
        if edit_id is not None and self._context.ledger.has_edit(edit_id):
            return self._context.ledger.save((), edit_id=edit_id)
        change = removed_path(self._context.ledger, role_list, offering, base=base)
        return self._context.ledger.save([change], edit_id=edit_id)

    def depart(
        self,
        account: str,
        offering: str,
        steps: Sequence[Sequence[str]],
        *,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Give a must-win account steps of its own, which hold until ``follow`` takes them back.

        Raises
        ------
        BadInput
            The account is no must-win account of this quarter, or inherits no path for this offering.
        """
        context = self._context
        row = get_account(context.ledger, account)
        change = own_route(context.ledger, row, offering, steps, today=context.today(), base=base)
        return context.ledger.save([change], edit_id=edit_id)

    def follow(self, account: str, offering: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Let an account follow the path of its list again."""
        ledger = self._context.ledger
        if edit_id is not None and ledger.has_edit(edit_id):
            return ledger.save((), edit_id=edit_id)
        change = dropped_route(ledger, get_account(ledger, account), offering, base=base)
        return ledger.save([change], edit_id=edit_id)

    def of(self, account: str) -> list[AccountPath]:
        """The paths of an account, by offering, with the steps that are taken (``measures.path_steps`` says how)."""
        context = self._context
        row, lists = get_account(context.ledger, account), context.role_lists()
        inherited = inherited_paths(context.ledger, lists, row)
        if not inherited or row.status != AccountStatus.ACTIVE:
            return []
        own = {each.offering: each for each in context.ledger.as_of(PlannedRoute, account_id=row.id)}
        here = _Record(context, row, {role.key for role in lists.required(row)})
        found = [self._path(here, path, own.get(offering)) for offering, path in sorted(inherited.items())]
        return [path for path in found if path.steps]

    def standing(self, rep: str | None = None) -> pd.DataFrame:
        """Where do paths stand, and which stand still? (``measures.paths``), in a rep's accounts or in all."""
        context = self._context
        who, now = context.staff_id(rep), context.now()
        return paths(context.load(rep=who, until=now), now, rep=who)

    def _path(self, here: _Record, inherited: entities.Path, own: PlannedRoute | None) -> AccountPath:
        context = self._context
        chosen = own or inherited
        planned = [step for step in read_steps(chosen.steps) if step.role in here.counted]
        steps = tuple(here.step(step, chosen.offering) for step in planned)
        since = max(context.day(chosen.at).isoformat(), here.last_day({step.role for step in planned}))
        idle = max((context.today() - date.fromisoformat(since)).days // 7, 0)
        return AccountPath(
            offering=chosen.offering,
            role_list=inherited.role_list,
            is_own=own is not None,
            version=own.version if own else 0,
            steps=steps,
            idle_weeks=idle,
            stands_still=idle >= STILL_WEEKS and not all(step.taken for step in steps),
        )


class _Record:
    """What was recorded at one account about the people in its positions."""

    def __init__(self, context: CoachingContext, account: Account, required: set[str]) -> None:
        ledger, day = context.ledger, context.today()
        self._ever = [row for row in ledger.histories(Slot, account_id=account.id) if row.employment_id]
        slots = {row.role: row for row in ledger.as_of(Slot, account_id=account.id)}
        jobs = {row.id: row for row in ledger.as_of(Employment, account_id=account.id)}
        self.counted = {role for role in required if slot_state(slots.get(role), None, None, day, 1).rung is not None}
        is_open = {role: row for role, row in slots.items() if row.status == SlotStatus.OPEN}
        held = {role: jobs.get(row.employment_id or "") for role, row in is_open.items()}
        self._holder = {role: job.id for role, job in held.items() if job is not None and not is_gone(job, day)}
        self._kept: list[Kept] = kept_with(
            [Check(row.id, row.employment_id, row.verified_on, row.verified_how) for row in self._ever],
            [
                Work(row.employment_id, row.kind, row.outcome, row.done_on, row.route)
                for row in ledger.as_of(Commitment, account_id=account.id)
            ],
            [
                Given(row.employment_id, row.given_on, row.received_on)
                for row in ledger.as_of(ValueGiven, account_id=account.id)
            ],
            day,
        )
        self._reached = reached_by(self._kept)
        bought = (row for row in ledger.as_of(Pursuit, account_id=account.id) if row.stage == Stage.ACTION)
        self._bought = {(row.employment_id, row.offering) for row in bought}

    def step(self, planned: Step, offering: str) -> StepTaken:
        """A step, with how far the person in its position has come."""
        job = self._holder.get(planned.role, "")
        far = self._reached.get(job, Reached()).with_action((job, offering) in self._bought)
        return StepTaken(
            planned.role,
            planned.route,
            planned.stage,
            far.stage,
            far.has_taken(planned.stage),
            far.is_other_route(planned.stage, planned.route),
        )

    def last_day(self, roles: set[str]) -> str:
        """The last day on which something was kept with anybody who ever held one of these positions; "" if never."""
        jobs = {row.employment_id for row in self._ever if row.role in roles}
        return max((each.day for each in self._kept if each.employment in jobs), default="")
