"""Proposals that a position is not applicable, waiting for a coach's or manager's own yes."""

from __future__ import annotations

from dataclasses import dataclass

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.store.entities import Account, Note, Slot


@dataclass(frozen=True)
class Proposal:
    """One open proposal.

    Attributes
    ----------
    account, account_name, role, role_title : str
    rep : str or None
        Who looks after the account.
    by, why : str
        Who proposed it, and the reason.
    version : int
        The version of the slot.
    """

    account: str
    account_name: str
    role: str
    role_title: str
    rep: str | None
    by: str
    why: str
    version: int


def open_proposals(context: CoachingContext, rep: str | None = None) -> list[Proposal]:
    """Which proposals wait for a yes? Of all accounts, or of a rep's (id); oldest first."""
    ledger = context.ledger
    with ledger.one_state():
        slots = [slot for slot in ledger.as_of(Slot) if slot.proposed]
        accounts = context.rows(Account, [slot.account_id for slot in slots])
        notes = context.rows(Note, [slot.proposed_why for slot in slots])
        staff, lists = context.staff(), context.role_lists()
    found = []
    for slot in sorted(slots, key=lambda each: (each.at, each.id)):
        account = accounts.get(slot.account_id)
        if account is None or account.status != AccountStatus.ACTIVE or (rep is not None and account.owner_id != rep):
            continue
        author = staff.get(slot.proposed_by or "")
        note = notes.get(slot.proposed_why or "")
        found.append(
            Proposal(
                account=account.id,
                account_name=account.name,
                role=slot.role,
                role_title=context.role_title_of(lists, account, slot.role),
                rep=account.owner_id,
                by=(author.name or author.id) if author else slot.proposed_by or "",
                why=(note.body or "") if note else "",
                version=slot.version,
            )
        )
    return found
