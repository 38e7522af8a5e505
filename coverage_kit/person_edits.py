"""What acts on a person write, beside those on a seat: checked in several seats at once, another role, a detail.

Every function returns the changes of one edit and writes nothing; ``Workspace`` saves them.
Source: the data model, section 4 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.edits import HOLDER_FIELDS, SlotEdit, find_row, get_employment, verification_fields
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store import Change, Ledger

#: What may be said of a person, and of their employment.
_PERSON = ("name", "phone", "email", "need")
_EMPLOYMENT = ("title", "department")


def verification_changes(
    ledger: Ledger,
    account_id: str,
    person: str,
    *,
    on: str | date,
    how: str,
    today: date,
    roles: Collection[str] | None = None,
) -> list[Change]:
    """The rows by which one check of a person is written: the employment, and the seats they hold.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there; they need not hold a seat.
    on : str or date
    how : str
        A word of ``VerifiedHow``.
    today : date
        The local day; a verification after it is refused.
    roles : collection of str, optional
        Only these of the seats held; all by default.
    """
    employment = get_employment(ledger, account_id, person)
    seen = verification_fields(ledger, SlotEdit(verified_on=on, verified_how=how), today)
    held = [slot for slot in ledger.as_of("slot", account_id=account_id) if slot["employment_id"] == employment["id"]]
    changes = [Change("slot", slot["id"], seen) for slot in held if roles is None or slot["role"] in roles]
    # An older check never replaces a newer one.
    if (employment["verified_on"] or "") <= seen["verified_on"]:
        changes.append(Change("employment", employment["id"], seen))
    return changes


def role_change_changes(
    ledger: Ledger, account_id: str, person: str, *, title: str | None, seen_on: str | None, today: date
) -> list[Change]:
    """The rows of a change of role within the account: a new title, and the seats held become open.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there.
    title : str or None
        The new title, where known.
    seen_on : str or None
        The day we learnt it: the person was still there on that day.
    today : date
    """
    employment = get_employment(ledger, account_id, person)
    fields: dict[str, Any] = {} if title is None else {"title": clean_text(title, "title") or None}
    if seen_on:
        if seen_on > today.isoformat():
            raise BadInput("person.seen_ahead", N_("{day} is after today; write the day you learnt it."), day=seen_on)
        fields |= {"verified_on": seen_on, "verified_by": ledger.actor}
    slots = ledger.as_of("slot", account_id=account_id)
    cleared = [
        Change("slot", slot["id"], {"employment_id": None, **HOLDER_FIELDS})
        for slot in slots
        if slot["employment_id"] == employment["id"]
    ]
    return [Change("employment", employment["id"], fields), *cleared]


def detail_changes(ledger: Ledger, account_id: str, person: str, details: Mapping[str, str | None]) -> list[Change]:
    """The rows that set a person's details: name, phone, email, need; title and department at the account.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there.
    details : mapping
        What to set; an empty text clears, but a name stays a name.
    """
    employment = get_employment(ledger, account_id, person)
    unknown = sorted(details.keys() - {*_PERSON, *_EMPLOYMENT})
    if unknown:
        raise BadInput("person.field", N_("A person has no detail called {names}."), names=unknown)
    texts = {key: clean_text(value or "", key) or None for key, value in details.items()}
    of_person = {key: texts[key] for key in _PERSON if key in texts}
    if "name" in of_person:
        name = clean_key(of_person["name"] or "", "name")
        of_person |= {"name": name, "name_key": name_key(name)}
    of_employment = {key: texts[key] for key in _EMPLOYMENT if key in texts}
    changes = []
    if of_person and find_row(ledger, "person", employment["person_id"]):
        changes.append(Change("person", employment["person_id"], of_person))
    if of_employment:
        changes.append(Change("employment", employment["id"], of_employment))
    return changes
