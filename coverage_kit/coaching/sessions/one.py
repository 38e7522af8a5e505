"""A session with one rep: earlier commitments, then accounts from the agenda, slot by slot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from coverage_kit.coaching.agenda import AgendaEntry
from coverage_kit.coaching.commitments.draft import Commitment
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of, required_keys
from coverage_kit.coaching.events import walked_change
from coverage_kit.coaching.sessions.base import SessionBase, quarter_claim
from coverage_kit.domain.vocabulary import Rung
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import entities


@dataclass(frozen=True)
class Opened:
    """An account the session goes through: the claim, what is known, and the slots with a next move."""

    account: str
    account_name: str
    claimed: int
    known: int
    required: int
    gaps: tuple[Gap, ...]


class OneRepSteps(SessionBase):
    """The steps of a session with one rep."""

    def earlier_commitments(self, rep: str | None = None) -> list[Commitment]:
        """Commitments made before this session that are open, or were settled in it; one key each."""
        owner = self._rep(rep)
        began = self._context.ledger.history(entities.Session, self._rows[owner].id)[0].at
        listed = self._coaching.commitments.find(rep=owner, state=None)
        return [c for c in listed if c.created_at < began and (c.settled_at is None or c.settled_at >= began)]

    def accounts(self, rep: str | None = None) -> list[str]:
        """The accounts to go through, chosen from the agenda when the session began."""
        return list(self._body[self._rep(rep)].accounts)

    def agenda(self, rep: str | None = None, minutes: int | None = None) -> list[AgendaEntry]:
        """The whole agenda of the rep, for choosing another account."""
        return self._coaching.agenda(self._rep(rep), minutes=minutes)

    def open_account(self, account: str, rep: str | None = None, *, edit_id: str | None = None) -> Opened:
        """Go through one account: only slots with a next move; once a quarter the claim for this account comes first.

        Raises
        ------
        BadInput
            No claim this quarter yet ("how many of these slots do you know?").
        """
        self._check_open()
        owner = self._rep(rep)
        row = get_account(self._context.ledger, account)
        required = required_keys(self._context, row)
        claimed = quarter_claim(self._context, owner, row.id)
        if claimed is None:
            raise BadInput(
                "session.claim_account",
                N_("First the claim: of the {n} positions at {account}, how many do you know?"),
                n=len(required),
                account=row.name,
            )
        body = self._body[owner]
        if row.id not in body.opened:
            opened = replace(body, opened=(*body.opened, row.id))
            self._save([self._change(owner, opened), walked_change(self.id, row.id)], edit_id=edit_id)
        gaps = gaps_of(self._context, [(row.id, role) for role in required])
        known = sum(gap.rung >= Rung.KNOWN for gap in gaps.values())
        return Opened(row.id, row.name, int(claimed), known, len(gaps), tuple(filter(_has_next_move, gaps.values())))

    def opened(self, rep: str | None = None) -> list[str]:
        """The accounts gone through so far."""
        return list(self._body[self._rep(rep)].opened)


def _has_next_move(gap: Gap) -> bool:
    return gap.rung < Rung.FAVORABLE and not (gap.vacant and gap.rung >= Rung.KNOWN)
