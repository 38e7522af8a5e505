"""Find commitments: by owner, territory, account, session, due day and state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pandas as pd

from coverage_kit.coaching.commitments.draft import Commitment
from coverage_kit.coaching.commitments.load import load_commitments
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.measures import commitment_states
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import entities, load_versions
from coverage_kit.store.entities import Staff

_GROUPS = {"open": ("open", "overdue"), "settled": ("kept", "not_kept", "withdrawn")}


class FindCommitments:
    """Reads the commitments of a team."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context
        #: Where the same page reads the states in another language; they have no words.
        self.states_of: FindCommitments | None = None
        self._read: tuple[tuple[int | None, date], pd.DataFrame] | None = None

    def current_staff_id(self) -> str | None:
        """The id of the colleague who is working; None for a login that is not one of our people."""
        me = self._context.me()
        return me if me in self._context.staff() else None

    def staff(self) -> dict[str, Staff]:
        """Our people by id, for the names of owners."""
        return self._context.staff()

    def get(self, commitment: str) -> Commitment:
        """One commitment (id)."""
        self._row(commitment)
        return next(c for c in self.find(state=None) if c.id == commitment)

    def find(
        self,
        *,
        owner: str | None = None,
        rep: str | None = None,
        account: str | None = None,
        session: str | None = None,
        due_by: date | Week | None = None,
        state: str | None = "open",
    ) -> list[Commitment]:
        """Which commitments are there?

        Parameters
        ----------
        owner : str, optional
            Only those of this colleague, without those of a session to which the rep has not agreed yet.
        rep : str, optional
            Only those in this rep's territory: of the accounts the rep owns now, or of the rep without an account.
        account, session : str, optional
        due_by : date or Week, optional
            Only those due by this day, or by the end of this week.
        state : str or None
            ``open`` (overdue ones too), ``kept``, ``not_kept``, ``withdrawn``, ``settled``; None for all.

        Returns
        -------
        list of Commitment
            By due day.
        """
        context = self._context
        table = self.states()
        owner_id, rep_id = context.staff_id(owner), context.staff_id(rep)
        if owner_id is not None:
            table = table.loc[table["owner"] == owner_id]
        if account is not None:
            table = table.loc[table["account"] == get_account(context.ledger, account).id]
        if session is not None:
            table = table.loc[table["session"] == session]
        if due_by is not None:
            last = due_by.sunday if isinstance(due_by, Week) else due_by
            table = table.loc[table["due_on"] <= last.isoformat()]
        if state is not None:
            table = table.loc[table["state"].isin(_GROUPS.get(state, (state,)))]
        found = load_commitments(context, table)
        return [c for c in found if (rep_id is None or c.rep == rep_id) and (owner_id is None or c.visible)]

    def _unanswered(self) -> list[Commitment]:
        """What colleagues other than reps were asked and have not answered; nothing else is read."""
        context = self._context
        reps = {key for key, row in context.staff().items() if row.function == StaffFunction.REP}
        open_ = context.ledger.columns(entities.Commitment, ("id", "owner_id", "answer", "outcome"))
        waiting = [key for key, owner, answer, outcome in open_ if not (answer or outcome or owner in reps)]
        if not waiting:
            return []
        table = self.states()
        return [c for c in load_commitments(context, table.loc[table["commitment"].isin(waiting)]) if c.needs_answer]

    def owned_before(self, owner: str) -> list[str]:
        """The ids of commitments that were a colleague's and are somebody else's now."""
        ledger = self._context.ledger
        was = ledger.ever_filled(entities.Commitment, "owner_id", owner)
        owners = dict(ledger.columns(entities.Commitment, ("id", "owner_id"), id=was)) if was else {}
        return [key for key, present in owners.items() if present != owner]

    def tasks(self, commitments: Iterable[str]) -> dict[str, str]:
        """What these commitments (ids) are to bring about; no other one is loaded."""
        wanted = list(commitments)
        if not wanted:
            return {}
        table = self.states()
        few = table.loc[table["commitment"].isin(wanted)]
        return {each.id: each.task for each in load_commitments(self._context, few)}

    def load(self, table: pd.DataFrame) -> list[Commitment]:
        """The commitments of these rows of ``states``."""
        return load_commitments(self._context, table)

    def states(self) -> pd.DataFrame:
        """How every commitment stands today (``measures.commitment_states``); read again once something was written."""
        if self.states_of is not None:
            return self.states_of.states()
        context = self._context
        mark = (context.ledger.last_at(), context.today())
        if self._read is None or self._read[0] != mark:
            now = context.now()
            versions = load_versions(context.ledger, "commitment", until=now)
            self._read = mark, commitment_states(versions, now, pd.Timestamp(context.today()))
        return self._read[1]

    def _row(self, commitment: str) -> entities.Commitment:
        row = self._context.ledger.find(entities.Commitment, commitment)
        if row is None:
            raise NotFound(
                "commitment.unknown",
                N_("There is no commitment '{id}'; see: coverage-kit commitments list"),
                id=commitment[:40],
            )
        return row

    def _open_row(self, commitment: str, edit_id: str | None = None) -> entities.Commitment:
        """A commitment that is open, or was when the same edit was sent before."""
        row = self._row(commitment)
        if row.outcome and not (edit_id and self._context.ledger.has_edit(edit_id)):
            raise BadInput("commitment.settled", N_("This commitment is settled already; make a new one."))
        return row
