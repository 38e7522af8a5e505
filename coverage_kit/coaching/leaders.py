"""What leaders decide: the places only they can move, and what the month's target pushed aside.

Source: the method, sections 1 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import islice

import pandas as pd

from coverage_kit import measures
from coverage_kit.coaching.commitments.commitments import Commitments
from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Decision, NotKeptReason
from coverage_kit.domain.vocabulary import EventKind, StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.measures.decisions import decision_of, decisions
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import find_author
from coverage_kit.store import Change, Edit
from coverage_kit.store.entities import Account, Event

#: Causes are sums of a team; with fewer reps they would point at somebody.
FEWEST_REPS = 3
_WEEKS = 8
_PORTION = 10
_READ = ["id", "kind", "actor", "body", "at"]


@dataclass(frozen=True)
class Door:
    """A position that only somebody above the rep can reach: help was asked for, or an executive whom nobody can meet."""

    draft: Draft
    asked: bool
    carried: int


@dataclass(frozen=True)
class PushedAside:
    """Why commitments of a team were not kept, and those pushed aside that nobody has decided about.

    Attributes
    ----------
    reasons : mapping
        Reason to number, most first; empty with fewer than three reps.
    waiting : tuple of Commitment
        The last of each chain, the one carried most often first; empty with fewer than three reps.
    reps : int
        How many reps the team has.
    """

    reasons: Mapping[NotKeptReason, int]
    waiting: tuple[Commitment, ...]
    reps: int


@dataclass(frozen=True)
class Decided:
    """What a leader decided about work that gave way to the immediate target.

    Attributes
    ----------
    commitment : str
        Id of the commitment that was not kept.
    decision : Decision
    on : date
    by : str
        Id of the leader.
    at : int
        When it was decided (UTC milliseconds).
    """

    commitment: str
    decision: Decision
    on: date
    by: str
    at: int


class Leaders:
    """What managers and executives are shown, and decide."""

    def __init__(self, context: CoachingContext, commitments: Commitments) -> None:
        self._context = context
        self._commitments = commitments

    def reps_of(self, leader: str) -> list[str]:
        """The ids of the reps under a leader who are with us, directly or through others, by name."""
        staff, today = self._context.staff(), self._context.today().isoformat()
        under = self._context.people_of(self._context.get_staff_id(leader))
        reps = [staff[who] for who in under if staff[who].function == StaffFunction.REP]
        here = [row for row in reps if not (row.ended_on and row.ended_on <= today)]
        return [row.id for row in sorted(here, key=lambda row: (row.name or row.id, row.id))]

    def doors(self, leader: str, *, limit: int = 3) -> list[Door]:
        """The places that only this leader can move: drafts in the leader's own name; an executive's among executives first."""
        who, now = self._context.get_staff_id(leader), self._context.now()
        history, reps = self._context.load(until=now), self.reps_of(who)
        own = history.of_slots(now, ("focus slots", *reps), partial(_focus_slots, history, now, reps))
        functions = {key: row.function for key, row in self._context.staff().items()}
        meets_executives = functions[who] == StaffFunction.EXECUTIVE
        table = self._commitments.states()
        table = table.assign(function=table["owner"].map(functions))
        found = measures.doors(table, own, limit=limit, executives_first=meets_executives)
        rows = zip(found["account"], found["role"], found["asked"], found["carried"], strict=True)
        return [
            Door(replace(self._commitments.draft_from_gap(account, role), owner=who), bool(asked), int(carried))
            for account, role, asked, carried in rows
        ]

    def take(self, leader: str, account: str, role: str, *, edit_id: str | None = None) -> Edit:
        """Make a place that only this leader can move a commitment of the leader's; the same ``edit_id`` again adds none."""
        draft = self._commitments.draft_from_gap(account, role)
        changes = self._commitments.changes_of(
            replace(draft, owner=self._context.get_staff_id(leader)),
            key=f"co_{edit_id[3:]}" if edit_id else "",
            is_taken=True,
        )
        return self._context.ledger.save(changes, edit_id=edit_id)

    def focus(self, leader: str, *, weeks: int = 4) -> pd.DataFrame:
        """How well do the leader's reps know their focus lists, now and some weeks ago?

        Returns
        -------
        DataFrame
            One row a rep, in the order of ``reps_of``: ``rep accounts required known required_before known_before``.
        """
        reps, now = self.reps_of(leader), self._context.now()
        before = (self._context.week() - weeks).as_of(self._context.zone)
        history = self._context.load(until=now)
        counts = {}
        for name, at in (("", now), ("_before", before)):
            counts[name] = history.of_slots(at, ("focus", *reps), partial(_focus_coverage, history, at, reps))
        return pd.DataFrame(
            {
                "rep": reps,
                "accounts": counts[""]["accounts"].to_numpy(),
                **{
                    f"{each}{name}": table[each].to_numpy()
                    for name, table in counts.items()
                    for each in ("required", "known")
                },
            }
        )

    def thin_accounts(self, leader: str, *, limit: int = 5) -> pd.DataFrame:
        """The largest accounts where we know no executive, or one person only (``measures.thin_accounts``)."""
        now = self._context.now()
        return measures.thin_accounts(self._context.load(until=now), now, self.reps_of(leader), limit=limit)

    def pushed_aside(self, leader: str, *, weeks: int = _WEEKS, most: int | None = None) -> PushedAside:
        """What kept a team from its commitments in the last weeks, and what of it (at most so many) waits for a decision?"""
        reps = self.reps_of(leader)
        if len(reps) < FEWEST_REPS:
            return PushedAside({}, (), len(reps))
        since = (self._context.week() - weeks).as_of(self._context.zone)
        table = self._with_reps(self._commitments.states())
        theirs = table.loc[table["rep"].isin(reps)]
        ended = theirs.loc[theirs["reason"].notna() & theirs["settled_at"].gt(since)]
        counted = Counter(ended["reason"].tolist())
        last = theirs.sort_values(["created_at", "commitment"]).groupby("chain")["commitment"].last()
        rows = self._context.ledger.as_of(Event, kind=EventKind.DECIDED.value)
        decided = {decision_of(row.body)[0] for row in rows}
        pushed = ended.loc[
            ended["reason"].eq(NotKeptReason.PUSHED_ASIDE.value)
            & ended["commitment"].isin(last)
            & ~ended["commitment"].isin(decided)
        ]
        reasons = {NotKeptReason(reason): n for reason, n in counted.most_common()}
        return PushedAside(reasons, tuple(islice(self._unmoved(pushed), most)), len(reps))

    def _unmoved(self, states: pd.DataFrame) -> Iterator[Commitment]:
        """The commitments that brought nothing about yet, the one carried most often first; loaded a few at a time."""
        ranked = states.sort_values(["carried", "due_on", "commitment"], ascending=[False, True, True])
        for start in range(0, len(ranked), _PORTION):
            few = ranked.iloc[start : start + _PORTION]
            yield from (each for each in self._commitments.load(few) if not each.moved)

    def decide(self, commitment: str, decision: str, *, edit_id: str | None = None) -> Edit:
        """Decide about work that was pushed aside: protect an hour for it, drop it, or do it oneself.

        Parameters
        ----------
        commitment : str
            Id of one that was not kept.
        decision : str
            ``hour drop take``; ``take`` makes a commitment of the author's on the same position.
        edit_id : str, optional

        Raises
        ------
        BadInput
            The author does not lead the rep it belongs to, or it was not pushed aside.
        Conflict
            Somebody has decided already.
        """
        word = as_word(Decision, decision, "decision")
        author = find_author(self._context.ledger, self._context.today())
        one = self._commitments.get(commitment)
        if author is None or one.rep not in self.reps_of(author.id):
            raise BadInput("decision.author", N_("Only the rep's manager or executive decides; open your own link."))
        if one.reason is not NotKeptReason.PUSHED_ASIDE:
            raise BadInput("decision.state", N_("This commitment was not pushed aside; there is nothing to decide."))
        fields = {
            "kind": EventKind.DECIDED.value,
            "account_id": one.account,
            "body": json.dumps({"commitment": one.id, "decision": word.value}),
        }
        changes = [Change("event", f"decided:{one.id}", fields, base=0)]
        if word is Decision.TAKE and one.account and one.role:
            draft = replace(self._commitments.draft_from_gap(one.account, one.role), owner=author.id)
            changes += self._commitments.changes_of(draft, is_taken=True)
        return self._context.ledger.save(changes, edit_id=edit_id)

    def decided(self, rep: str, *, since: date) -> list[Decided]:
        """What leaders decided about work of a rep from a day on, the last first; what was undone is left out."""
        who, ledger = self._context.get_staff_id(rep), self._context.ledger
        events = pd.DataFrame(ledger.columns(Event, _READ, kind=EventKind.DECIDED.value), columns=_READ)
        staff = pd.DataFrame([(row.id, row.login) for row in self._context.staff().values()], columns=["id", "login"])
        made = decisions(events, self._with_reps(self._commitments.states()), staff)
        days = [self._context.day(at) for at in made["at"]]
        return [
            Decided(row["commitment"], Decision(row["decision"]), day, row["by"], row["at"])
            for row, day in zip(made.to_dict("records"), days, strict=True)
            if row["rep"] == who and day >= since
        ]

    def _with_reps(self, table: pd.DataFrame) -> pd.DataFrame:
        """Commitments with the rep who owns the account now; one without an account stays with its rep."""
        accounts = table["account"].dropna().unique().tolist()
        owners = dict(self._context.ledger.columns(Account, ("id", "owner_id"), id=accounts)) if accounts else {}
        return table.assign(rep=table["account"].map(owners).where(table["account"].notna(), table["rep"]))


def _focus_slots(history: measures.History, at: int, reps: list[str]) -> pd.DataFrame:
    """The slots on the focus lists of some reps; few, so they are found before anything else is asked."""
    slots = history.slots(at)
    focus = slots.loc[slots["focus"]]
    return focus.loc[focus["rep"].isin(reps)]


def _focus_coverage(history: measures.History, at: int, reps: list[str]) -> pd.DataFrame:
    """Counts by rep, of all these reps in their order."""
    table = measures.coverage(_focus_slots(history, at, reps), by=["rep"])
    return table.set_index("rep").reindex(reps).fillna(0).astype(int)
