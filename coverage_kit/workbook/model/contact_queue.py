"""Which contacts may sit in an open position, of all accounts, the likeliest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus, SlotStatus
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.store.entities import Account, Employment, Person, Slot

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact who is there and holds no position, and how likely the best open position is (0: none suits)."""

    employment: str
    account: str
    likely: float


def waiting_contacts(ws: Workspace, lists: RoleLists, owner: str | None, text: str = "") -> list[Waiting]:
    """The contacts who hold no position: those whose title suits an open one, the likeliest first.

    Parameters
    ----------
    ws : Workspace
    lists : RoleLists
        The role lists in force.
    owner : str, optional
        Id of a rep: only their accounts.
    text : str
        A part of a name, a title or an account's name. With a text, those come too whose title suits no position.
    """
    ledger = ws.ledger
    with ledger.one_state():
        accounts = {
            row.id: row
            for row in ledger.as_of(Account)
            if row.status == AccountStatus.ACTIVE and owner in (None, row.owner_id)
        }
        jobs = ledger.columns(Employment, ("id", "person_id", "account_id", "title", "end_kind"))
        slots = ledger.columns(Slot, ("account_id", "role", "status", "employment_id"))
        wanted = name_key(text) if text.strip() else ""
        named = _named(ws, wanted) if wanted else set()
    gone = {job for job, _, _, _, end in jobs if end is not None}
    holding = {job for _, _, status, job in slots if job and status == SlotStatus.OPEN}
    filled = {
        (account, role)
        for account, role, status, job in slots
        if status != SlotStatus.OPEN or (job and job not in gone)
    }
    titles = {key: lists.titles(lists.keys_of(row)) for key, row in accounts.items()}
    found = []
    for job, person, account, title, end in jobs:
        if end is not None or job in holding or account not in accounts:
            continue
        if wanted and not (person in named or wanted in name_key(title or "") or wanted in accounts[account].name_key):
            continue
        suits = titles[account].suggest(title).suggestions if title else ()
        likely = next((one.confidence for one in suits if (account, one.role) not in filled), 0.0)
        if likely or wanted:
            found.append(Waiting(job, account, likely))
    found.sort(key=lambda one: (-one.likely, -(accounts[one.account].value or 0), one.account, one.employment))
    return found


def _named(ws: Workspace, wanted: str) -> set[str]:
    return {person for person, key in ws.ledger.columns(Person, ("id", "name_key")) if wanted in (key or "")}
