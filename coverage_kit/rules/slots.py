"""What one act of a user writes: the rules that lie between a form's fields and the ledger's rows.

Every function returns the changes of one edit and writes nothing; ``Workspace`` saves them.
Source: the data model, section 4 (docs/architecture.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import Any, TypeVar

from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.domain.vocabulary import (
    AccountStatus,
    Disposition,
    NoteKind,
    SlotStatus,
    StaffFunction,
    VerifiedHow,
)
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.store import Change, Ledger, new_id

#: Who may agree that a required role does not exist at an account (the method, section 4).
_AGREES = {StaffFunction.COACH, StaffFunction.MANAGER, StaffFunction.EXECUTIVE}
HOLDER_FIELDS: dict[str, Any] = dict.fromkeys(
    ("verified_on", "verified_by", "verified_how", "representative_id", "can_meet", "can_deliver", "disposition")
)


#: Days of work lie between these; what is counted from one, weeks ahead or back, stays within the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999

WordT = TypeVar("WordT", bound=StrEnum)


class Keep(Enum):
    """The default of every field of an edit: leave it as it is (None clears it)."""

    AS_IS = "as it is"


KEEP = Keep.AS_IS


@dataclass(frozen=True)
class SlotEdit:
    """The fields of a slot that one act sets; ``KEEP`` leaves a field, None clears it."""

    holder: str | None | Keep = KEEP
    status: str | None | Keep = KEEP
    verified_on: str | date | None | Keep = KEEP
    verified_how: str | None | Keep = KEEP
    representative: str | None | Keep = KEEP
    can_meet: bool | None | Keep = KEEP
    can_deliver: bool | None | Keep = KEEP
    disposition: str | None | Keep = KEEP
    grounds: str | None | Keep = KEEP
    reason: str | None | Keep = KEEP
    agreed_by: str | None | Keep = KEEP
    review_on: str | date | None | Keep = KEEP


def slot_changes(
    ledger: Ledger, account: Mapping[str, Any], role: str, edit: SlotEdit, *, today: date, base: int | None = None
) -> list[Change]:
    """The rows that one edit of a slot writes: the slot, and where needed its person, employment and note.

    Parameters
    ----------
    ledger : Ledger
        Read for what is there now.
    account : mapping
        The account's row.
    role : str
        Key of a required role of that account.
    edit : SlotEdit
        What is being set.
    today : date
        The local day; a verification after it is refused, and a review that is not.
    base : int, optional
        The version of the slot that the user saw.

    Raises
    ------
    BadInput
        A value that cannot be: a word outside the vocabulary, a check ahead of today, a review that is not, not applicable
        without a reason.
    NotFound
        No such role, person or colleague, or several.
    """
    _check_role(ledger, account, role)
    slot_id = f"{account['id']}:{role}"
    before = find_row(ledger, "slot", slot_id) or {}
    changes: list[Change] = []
    fields: dict[str, Any] = {"account_id": account["id"], "role": role}
    if not before:
        fields["status"] = SlotStatus.OPEN.value
    employment_id = before.get("employment_id")
    if not isinstance(edit.holder, Keep):
        employment_id, changes = _holder(ledger, account["id"], edit.holder)
        if employment_id != before.get("employment_id"):
            fields |= {"employment_id": employment_id, **HOLDER_FIELDS}
        if employment_id is not None:
            fields["status"] = SlotStatus.OPEN.value
    elif base is not None and base < before.get("version", 0):
        fields |= _about_whom(ledger, slot_id, base, edit)
    fields |= _status_fields(ledger, edit)
    if fields.get("status") in (SlotStatus.VACANT, SlotStatus.NOT_APPLICABLE):
        employment_id = None
        fields |= {"employment_id": None, **HOLDER_FIELDS}
    fields |= _verification_fields(ledger, edit, today)
    fields |= _our_side_fields(ledger, edit)
    fields |= _review_fields(edit, today)
    changes += _notes(account["id"], edit, fields)
    changes.append(Change("slot", slot_id, fields, base=base))
    if employment_id is not None and fields.get("verified_on"):
        changes = _verify_employment(ledger, changes, employment_id, fields)
    return changes


def _about_whom(ledger: Ledger, slot_id: str, base: int, edit: SlotEdit) -> dict[str, Any]:
    """Whom an edit is about, by the version that was seen: a judgement of one person is none of who came after them."""
    said = (edit.verified_on, edit.representative, edit.can_meet, edit.can_deliver, edit.disposition, edit.grounds)
    seen = next((row for row in ledger.history("slot", slot_id) if row["version"] == base), None)
    is_about_them = any(not isinstance(each, Keep) for each in said) and isinstance(edit.status, Keep)
    return {"employment_id": seen["employment_id"]} if seen and seen["employment_id"] and is_about_them else {}


def assignment_changes(
    accounts: Iterable[Mapping[str, Any]], rep: str, *, present: Mapping[str, Any] | None, focus: bool | None = None
) -> list[Change]:
    """The rows that give accounts to a rep; accounts that an import found become active by it.

    Parameters
    ----------
    accounts : iterable of mapping
        The accounts' rows.
    rep : str
        Id of the rep.
    present : mapping or None
        The rep's row, None where the rep is new.
    focus : bool, optional
        Put the accounts on the rep's focus list, or take them off.
    """
    changes = []
    if present is None:
        changes.append(Change("staff", rep, {"name": rep, "login": rep, "function": StaffFunction.REP.value}, base=0))
    extra = {} if focus is None else {"focus": int(focus)}
    for account in accounts:
        fields: dict[str, Any] = {"owner_id": rep, **extra}
        if account["status"] == AccountStatus.UNCONFIRMED:
            fields["status"] = AccountStatus.ACTIVE.value
        changes.append(Change("account", account["id"], fields))
    return changes


def find_row(ledger: Ledger, entity: str, key: str) -> dict[str, Any] | None:
    """The present row of one thing, None where there is none."""
    rows = ledger.as_of(entity, id=key)
    return rows[0] if rows else None


def get_account(ledger: Ledger, text: str) -> dict[str, Any]:
    """The account of that key, or of that name where only one has it.

    Raises
    ------
    NotFound
        None or several.
    """
    row = find_row(ledger, "account", clean_key(text, "account"))
    if row is not None:
        return row
    key = name_key(text)
    matches = [row for row in ledger.as_of("account") if row["name_key"] == key]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise NotFound(
            "account.several",
            N_("'{name}' is the name of several accounts; use one of their keys: {keys}."),
            name=text,
            keys=sorted(row["id"] for row in matches),
        )
    raise NotFound("account.unknown", N_("No account '{name}' here; import it or check the spelling."), name=text)


def get_staff(ledger: Ledger, text: str) -> dict[str, Any]:
    """One of our people by key, or by name where only one has it.

    Raises
    ------
    NotFound
        None or several.
    """
    row = find_staff(ledger, text)
    if row is None:
        known = sorted(row["id"] for row in ledger.as_of("staff"))
        raise NotFound(
            "staff.unknown",
            N_("Nobody of ours is called '{name}'; known are: {known}."),
            name=text,
            known=known[:12] or "–",
        )
    return row


def find_staff(ledger: Ledger, text: str) -> dict[str, Any] | None:
    """One of our people by key or name; None where nobody is called so."""
    key = clean_key(text, "staff")
    everyone = ledger.as_of("staff")
    exact = [row for row in everyone if row["id"] == key]
    named = exact or [row for row in everyone if row["name"] == key]
    if len(named) > 1:
        raise NotFound(
            "staff.several",
            N_("'{name}' is the name of several colleagues; use one of their keys: {keys}."),
            name=text,
            keys=sorted(row["id"] for row in named),
        )
    return named[0] if named else None


def _check_role(ledger: Ledger, account: Mapping[str, Any], role: str) -> None:
    own = json.loads(account["template_ids"] or "[]")
    bodies = {row["id"]: json.loads(row["body"]) for row in ledger.as_of("template", id=own)}
    required = [entry["key"] for key in own for entry in bodies.get(key, {})["roles"]]
    if role not in required:
        raise NotFound(
            "role.unknown",
            N_("'{role}' is not a required role of this account; required are: {roles}."),
            role=role,
            roles=list(dict.fromkeys(required)) or "–",
        )


def _holder(ledger: Ledger, account_id: str, holder: str | None) -> tuple[str | None, list[Change]]:
    if holder is None:
        return None, []
    employment = one_employment(ledger, account_id, holder)
    if employment is not None:
        return employment["id"], []
    if holder.startswith("pe_"):
        raise no_person(account_id)
    person_id, employment_id = new_id("pe"), new_id("em")
    name = clean_key(holder, "holder")
    return employment_id, [
        Change("person", person_id, {"name": name, "name_key": name_key(name)}, base=0),
        Change("employment", employment_id, {"person_id": person_id, "account_id": account_id}, base=0),
    ]


def one_employment(ledger: Ledger, account_id: str, person: str) -> dict[str, Any] | None:
    """The employment of a person (id or name) at an account; those still there come before those who left."""
    employments = ledger.as_of("employment", account_id=account_id)
    people = {row["id"]: row for row in ledger.as_of("person", id=[e["person_id"] for e in employments])}
    key = name_key(person)
    matches = [
        e
        for e in employments
        if e["person_id"] == person or (people.get(e["person_id"]) or {}).get("name_key") == key != ""
    ]
    present = [e for e in matches if e["end_kind"] is None]
    if len(present) > 1:
        raise NotFound(
            "person.several",
            N_("Several people of that name are at account {account}; use one of their ids: {ids}."),
            account=account_id,
            ids=sorted(e["person_id"] for e in present),
        )
    if present:
        return present[0]
    # A name matching only people who left is a new person; an id says exactly who is meant.
    return next((e for e in matches if e["person_id"] == person), None)


def no_person(account_id: str) -> NotFound:
    """The error for a person who is not at an account."""
    return NotFound(
        "person.unknown",
        N_("Nobody of that id or name is at account {account} now; look at the account's people first."),
        account=account_id,
    )


def _status_fields(ledger: Ledger, edit: SlotEdit) -> dict[str, Any]:
    if isinstance(edit.status, Keep):
        return {}
    status = as_word(SlotStatus, edit.status or SlotStatus.OPEN, "status").value
    if status != SlotStatus.OPEN and isinstance(edit.holder, str):
        raise BadInput(
            "slot.status_holder",
            N_("A slot with a holder is open, not {status}; give one or the other."),
            status=status,
        )
    fields: dict[str, Any] = {"status": status}
    if status == SlotStatus.NOT_APPLICABLE:
        if not isinstance(edit.reason, str) or not edit.reason.strip() or not isinstance(edit.agreed_by, str):
            raise BadInput(
                "slot.not_applicable",
                N_("Not applicable needs a reason, and a coach or manager who agrees: give reason and agreed_by."),
            )
        agrees = get_staff(ledger, edit.agreed_by)
        if agrees["function"] not in _AGREES:
            raise BadInput(
                "slot.agreed_by",
                N_("'{name}' cannot agree to not applicable; a coach, manager or executive can."),
                name=agrees["id"],
            )
        fields["agreed_by"] = agrees["id"]
    else:
        fields |= {"agreed_by": None, "review_on": None}
    return fields


def _verification_fields(ledger: Ledger, edit: SlotEdit, today: date) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if not isinstance(edit.verified_on, Keep):
        day = as_day(edit.verified_on, "verified_on")
        if day is not None and date.fromisoformat(day) > today:
            raise BadInput(
                "slot.verified_ahead",
                N_("{day} is after today ({today}); a verification is something that has happened."),
                day=day,
                today=today.isoformat(),
            )
        fields = {"verified_on": day, "verified_by": ledger.actor if day else None}
        if day is None:
            fields["verified_how"] = None
    if not isinstance(edit.verified_how, Keep):
        how = edit.verified_how
        fields["verified_how"] = as_word(VerifiedHow, how, "verified_how").value if how else None
    return fields


def _our_side_fields(ledger: Ledger, edit: SlotEdit) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if not isinstance(edit.representative, Keep):
        named = edit.representative is not None
        fields["representative_id"] = get_staff(ledger, str(edit.representative))["id"] if named else None
        if not named:
            fields |= {"can_meet": None, "can_deliver": None}
    for name, value in (("can_meet", edit.can_meet), ("can_deliver", edit.can_deliver)):
        if not isinstance(value, Keep):
            fields[name] = None if value is None else int(value)
    if not isinstance(edit.disposition, Keep):
        said = edit.disposition
        fields["disposition"] = as_word(Disposition, said, "disposition").value if said else None
    return fields


def _review_fields(edit: SlotEdit, today: date) -> dict[str, Any]:
    if isinstance(edit.review_on, Keep):
        return {}
    day = as_day(edit.review_on, "review_on")
    if day is not None and date.fromisoformat(day) <= today:
        raise BadInput(
            "slot.review_past",
            N_(
                "The day to look again, {day}, has come already (today is {today}); choose a later one, or leave it empty."
            ),
            day=day,
            today=today.isoformat(),
        )
    return {"review_on": day}


def _notes(account_id: str, edit: SlotEdit, fields: dict[str, Any]) -> list[Change]:
    """Free text lies in notes, apart from the slot, so that it can be erased; the slot keeps the note's id."""
    changes = []
    for kind, text in ((NoteKind.REASON, edit.reason), (NoteKind.GROUNDS, edit.grounds)):
        if isinstance(text, Keep):
            continue
        fields[f"{kind}_note"] = None
        if text:
            note_id = new_id("no")
            fields[f"{kind}_note"] = note_id
            body = {"account_id": account_id, "kind": kind.value, "body": clean_text(text, kind)}
            changes.append(Change("note", note_id, body, base=0))
    return changes


def _verify_employment(
    ledger: Ledger, changes: list[Change], employment_id: str, slot: Mapping[str, Any]
) -> list[Change]:
    """Who is verified in a role is verified as still there; an older check never replaces a newer one."""
    seen = {
        "verified_on": slot["verified_on"],
        "verified_by": slot["verified_by"],
        "verified_how": slot.get("verified_how"),
    }
    for i, change in enumerate(changes):
        if change.entity == "employment" and change.id == employment_id:
            merged = Change("employment", employment_id, {**change.fields, **seen}, base=change.base)
            return [*changes[:i], merged, *changes[i + 1 :]]
    row = find_row(ledger, "employment", employment_id) or {}
    if (row.get("verified_on") or "") > slot["verified_on"]:
        return changes
    return [*changes, Change("employment", employment_id, seen)]


def as_word(kind: type[WordT], value: str, field: str) -> WordT:
    """The word of the vocabulary that was written.

    Raises
    ------
    BadInput
        It is none of them; the message names them.
    """
    try:
        return kind(value)
    except ValueError as exc:
        raise BadInput(
            "field.word",
            N_("'{value}' is not a {field}; use one of: {words}."),
            value=str(value)[:40],
            field=field,
            words=[word.value for word in kind],
        ) from exc


def as_day(value: str | date | None | Keep, field: str) -> str | None:
    """A day as it is stored, ``YYYY-MM-DD``; None where none is given.

    Raises
    ------
    BadInput
        Not a day, or none that can be counted from: a slip (0206-11-22), or a stand-in for "never" (9999-12-31).
    """
    if value is None or isinstance(value, Keep):
        return None
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        if len(value) != 10:
            raise ValueError(value)
        day = date.fromisoformat(value)
    except ValueError as exc:
        raise BadInput(
            "field.day",
            N_("{field} '{value}' is not a day; write it like 2026-11-22."),
            field=field,
            value=str(value)[:40],
        ) from exc
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(
            "field.year",
            N_("{field} {day} is out of range; years 1900 to 2999 can be used."),
            field=field,
            day=value,
        )
    return day.isoformat()
