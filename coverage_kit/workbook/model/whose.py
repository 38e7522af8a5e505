"""Whose accounts and commitments an act of a page is about; a personal link writes to those of its person only."""

from __future__ import annotations

from collections.abc import Iterator

from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Commitment, Note, Slot, Staff, ValueGiven
from coverage_kit.workbook.model import requests as ask

#: The fields of a message that name something of an account, and the class of its rows.
_NAMED: tuple[tuple[str, type[Commitment | Note | ValueGiven]], ...] = (
    ("commitment", Commitment),
    ("voice", Note),
    ("given", ValueGiven),
)


def check_whose(ledger: Ledger, person: str, request: ask.ActRequest) -> None:
    """Refuse an act through the link of a person that is about somebody else's commitment or account.

    A rep writes to the accounts that the rep looks after or handed over, and where the rep represents us. Other colleagues
    help at every account.

    Raises
    ------
    BadInput, NotFound
    """
    if request.edit_id and ledger.author_of(request.edit_id) == person:  # sent again
        return
    if isinstance(request, ask.CommitmentRequest):
        commitment = ledger.find(Commitment, request.commitment)
        if commitment is not None and commitment.owner_id != person:
            raise BadInput(
                "commitment.not_yours",
                N_(
                    "This commitment belongs to somebody else by now, so it cannot be changed here. Load the page again."
                ),
            )
    who = ledger.find(Staff, person)
    if who is None or who.function != StaffFunction.REP:
        return
    for row in _accounts(ledger, person, request):
        if not _may_write(ledger, person, row):
            raise BadInput(
                "account.not_yours",
                N_("{account} is looked after by somebody else. Your link writes to your own accounts only."),
                account=row.name,
            )


def _accounts(ledger: Ledger, person: str, request: ask.ActRequest) -> Iterator[Account]:
    """The accounts that an act is about, but for those of commitments and voices of the person."""
    account, value = getattr(request, "account", ""), getattr(request, "value", None)
    if account:
        yield get_account(ledger, account)
    for field, entity in _NAMED:
        row = ledger.find(entity, getattr(value, field, None))
        if row is not None and row.account_id and getattr(row, "owner_id", None) != person:
            yield get_account(ledger, row.account_id)


def _may_write(ledger: Ledger, person: str, row: Account) -> bool:
    return (
        row.owner_id in (None, person)
        or row.id in ledger.ever_filled(Account, "owner_id", person)
        or any(slot.representative_id == person for slot in ledger.as_of(Slot, account_id=row.id))
    )
