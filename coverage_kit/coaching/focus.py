"""The focus list: the accounts a rep undertakes to keep known, sized by the rep's real pace.

Source: the method, section 4, capacity (docs/reference/method.md).
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import FocusChange, focus_change, focus_changes
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.measures import began, capacity, focus_proposal, verifications
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, Edit
from coverage_kit.store.entities import Account, Session

#: Verifications a week assumed until two weeks of work are known, and the least a list has.
ASSUMED_PACE = 20
SMALLEST_LIST = 5
_WEEKS = 8


@dataclass(frozen=True)
class FocusProposal:
    """A proposed focus list and what it costs to keep.

    Attributes
    ----------
    accounts : DataFrame
        Every account, those proposed first: ``account account_name value required known open on_list proposed``.
    pace : float or None
        Verifications a week, the median of up to 8 weeks of work; None if there are too few weeks.
    size : int
        How many accounts are proposed: as many as was agreed for the team, else as that pace keeps known.
    kept_size : int
        How many accounts that pace keeps known.
    cost_proposed, cost_now, cost_all : int
        Verifications a week that the proposed list, the present list and the whole territory take.
    """

    accounts: pd.DataFrame
    pace: float | None
    size: int
    kept_size: int
    cost_proposed: int
    cost_now: int
    cost_all: int


class FocusLists:
    """The focus lists of all reps."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def propose(self, rep: str) -> FocusProposal:
        """Which accounts could this rep keep known, at their real pace?"""
        context = self._context
        rep_id, now = context.get_staff_id(rep), context.now()
        history = context.load(rep=rep_id, until=now)
        slots = history.slots(now, rep_id)
        own = slots.loc[slots["counted"]]
        window = float(own["freshness_days"].mean()) if len(own) else 0.0
        ends = [(context.week() - n).as_of(context.zone) for n in range(_WEEKS, -1, -1)]
        first = began(history, rep_id) or now
        done = [
            verifications(history, start, min(end, now), rep_id)
            for start, end in itertools.pairwise(ends)
            if end >= first
        ]
        # The present week is not over, so it does not count.
        pace = float(statistics.median(done)) if len(done) > 1 else None
        per_account = len(own) / max(own["account"].nunique(), 1) if len(own) else 0.0
        per_week = per_account * 7 / window if window else 0.0
        kept_size = max(int((ASSUMED_PACE if pace is None else pace) / per_week), SMALLEST_LIST) if per_week else 0
        agreed = context.terms_in_force().agreed(rep_id)
        size = kept_size if agreed is None else agreed.focus_size
        table = focus_proposal(own, size)
        proposed = table.loc[table["proposed"], "required"].sum()
        return FocusProposal(
            table,
            pace,
            size,
            kept_size,
            capacity(int(proposed), window),
            capacity(int(own["focus"].sum()), window),
            capacity(len(own), window),
        )

    def set(self, rep: str, accounts: Sequence[str], *, session: str | None = None, edit_id: str | None = None) -> Edit:
        """Make these accounts the rep's focus list.

        Parameters
        ----------
        rep : str
        accounts : sequence of str
            Keys or names of accounts this rep owns.
        session : str, optional
            The open session it is agreed in; without one only the rep may do it, and the coach sees it.
        edit_id : str, optional
            The same one again writes nothing.

        Raises
        ------
        BadInput
            Neither in an open session nor by the rep, or an account of somebody else.
        """
        context = self._context
        rep_id = context.get_staff_id(rep)
        rows = [get_account(context.ledger, account) for account in accounts]
        foreign = [row.id for row in rows if row.owner_id != rep_id]
        if foreign:
            raise BadInput(
                "focus.foreign", N_("Not looked after by {rep}: {accounts}."), rep=rep_id, accounts=foreign[:10]
            )
        wanted = {row.id for row in rows}
        present = {row.id for row in context.ledger.as_of(Account) if row.owner_id == rep_id and row.focus}
        return self._change(
            rep_id, sorted(wanted - present), sorted(present - wanted), session=session, edit_id=edit_id
        )

    def put(self, account: str, *, on: bool, session: str | None = None, edit_id: str | None = None) -> Edit:
        """Put one account on its rep's focus list, or take it off.

        Parameters
        ----------
        account : str
            Key or name.
        on : bool
        session : str, optional
            As for ``set``.
        edit_id : str, optional
            The same one again writes nothing.

        Raises
        ------
        BadInput
            Neither in an open session nor by the rep, or an account without a rep.
        """
        row = get_account(self._context.ledger, account)
        if not row.owner_id:
            raise BadInput("focus.nobody", N_("Nobody looks after {account} yet; assign it first."), account=row.id)
        changed = [row.id] if bool(row.focus) != on else []
        added, dropped = (changed, []) if on else ([], changed)
        return self._change(row.owner_id, added, dropped, session=session, edit_id=edit_id)

    def _change(
        self, rep_id: str, added: list[str], dropped: list[str], *, session: str | None, edit_id: str | None = None
    ) -> Edit:
        context = self._context
        held = context.ledger.find(Session, session)
        if (held is None or held.closed) and context.me() != rep_id:
            raise BadInput(
                "focus.who",
                N_("The focus list of {rep} is changed in a session, or by {rep}; open a session first."),
                rep=rep_id,
            )
        if not added and not dropped:
            return context.ledger.save([], edit_id=edit_id)
        accounts = context.ledger.as_of(Account, id=[*added, *dropped])
        changes = [
            Change("account", row.id, {"owner_id": row.owner_id, "focus": int(row.id in added)}, base=row.version)
            for row in accounts
        ]
        return context.ledger.save([*changes, focus_change(rep_id, added, dropped, session)], edit_id=edit_id)

    def changes(self, rep: str, *, since: int = 0) -> list[FocusChange]:
        """How was this list changed, and by whom? Oldest first."""
        return focus_changes(self._context.ledger, self._context.get_staff_id(rep), since)
