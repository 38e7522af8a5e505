"""An edit of a slot: the rules between a form's fields and the ledger's rows.

Every function returns the changes of one edit and writes nothing; ``Workspace`` saves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import Disposition, NoteKind, SlotStatus
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.exemptions import agreement_fields, proposal_changes, settled_proposal
from coverage_kit.rules.inputs import as_flag, as_word, coming_day
from coverage_kit.rules.lookup import find_employment, get_staff, no_person, role_lists
from coverage_kit.rules.people import check_name, new_person
from coverage_kit.rules.verification import check_day, check_how, is_newer, still_there
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Account, Employment, Person, Slot, Value

#: A new holder starts without the check, representative and disposition of the one before.
HOLDER_FIELDS: dict[str, Value] = dict.fromkeys(
    ("verified_on", "verified_by", "verified_how", "representative_id", "can_meet", "can_deliver", "disposition")
)
_CHECK = ("verified_on", "verified_by", "verified_how")


class SlotEdit(TypedDict, total=False):
    """The fields of a slot that one act sets; a field that is left out stays as it is, None clears it.

    ``holder`` is the id or name of a person: one match at the account is used, none makes a new person, several raise.
    ``new_holder`` is the name of a new person, also where somebody at the account has that name.
    ``status``, ``verified_how`` and ``disposition`` are words of the vocabulary; ``verified_on`` and ``review_on`` are days,
    ``YYYY-MM-DD``; ``representative`` and ``agreed_by`` are colleagues by key or name; ``grounds`` and ``reason`` are one
    line of free text, stored as a note. ``proposed`` is ``not_applicable`` with its ``proposed_why``, with an unchanged
    status; the status itself is written by a coach or manager in their own name, so ``agreed_by`` can be left out.
    """

    holder: str | None
    new_holder: str
    status: str | None
    verified_on: str | date | None
    verified_how: str | None
    representative: str | None
    can_meet: bool | None
    can_deliver: bool | None
    disposition: str | None
    grounds: str | None
    reason: str | None
    agreed_by: str | None
    review_on: str | date | None
    proposed: str | None
    proposed_why: str | None


#: Fields that hold for the present holder only.
_ABOUT_HOLDER = {"verified_on", "representative", "can_meet", "can_deliver", "disposition", "grounds"}


def slot_changes(
    ledger: Ledger, account: Account, role: str, edit: SlotEdit, *, today: date, base: int | None = None
) -> list[Change]:
    """The rows that one edit of a slot writes: the slot, and where needed its person, employment and notes.

    Parameters
    ----------
    ledger : Ledger
        Read for what is there now.
    account : Account
    role : str
        Key of a required role of that account.
    edit : SlotEdit
    today : date
        The local day: a check after it is refused, and a review that is not after it.
    base : int, optional
        The version of the slot that the user saw; the present one if not given.

    Raises
    ------
    BadInput
        A word outside the vocabulary, a check ahead of today, a review that has come already, not applicable without a
        reason.
    NotFound
        No such role, person or colleague, or several.
    """
    unknown = sorted(edit.keys() - SlotEdit.__annotations__.keys())
    if unknown:
        raise BadInput("slot.field", N_("A slot has no field called {names}."), names=unknown)
    _check_role(ledger, account, role)
    slot_id = f"{account.id}:{role}"
    before = ledger.find(Slot, slot_id)
    if base is None:
        base = before.version if before else 0
    changes: list[Change] = []
    fields: dict[str, Value] = {"account_id": account.id, "role": role}
    if before is None:
        fields["status"] = SlotStatus.OPEN.value
    employment_id = before.employment_id if before else None
    if "holder" in edit or "new_holder" in edit:
        held_by = employment_id
        if "new_holder" in edit:
            check_name(edit["new_holder"])
            employment_id, changes = new_person(account.id, edit["new_holder"], "holder")
        else:
            employment_id, changes = _holder(ledger, account.id, edit["holder"], held_by)
        if employment_id != held_by:
            fields |= {"employment_id": employment_id, **HOLDER_FIELDS}
        if employment_id is not None:
            fields["status"] = SlotStatus.OPEN.value
    elif before is not None:
        fields |= _seen_holder(ledger, before, base, edit)
    fields |= _status_fields(ledger, before, edit, today)
    if fields.get("status") in (SlotStatus.VACANT, SlotStatus.NOT_APPLICABLE):
        employment_id = None
        fields |= {"employment_id": None, **HOLDER_FIELDS}
    fields |= _verification_fields(ledger, edit, today)
    fields |= _representative_fields(ledger, edit)
    if "disposition" in edit:
        said = edit["disposition"]
        fields["disposition"] = as_word(Disposition, said, "disposition").value if said else None
    if "review_on" in edit:
        fields["review_on"] = coming_day(edit["review_on"], "review_on", today)
    notes, note_ids = _notes(account.id, edit)
    fields |= note_ids
    fields |= settled_proposal(before, fields)
    if "proposed" in edit:
        proposal, more = proposal_changes(ledger, account, before, edit["proposed"], edit.get("proposed_why"), today)
        fields |= proposal
        notes += more
    changes += [*notes, Change("slot", slot_id, fields, base=base)]
    if employment_id is not None and fields.get("verified_on"):
        return _verify_employment(ledger, changes, employment_id, fields)
    return changes


def _check_role(ledger: Ledger, account: Account, role: str) -> None:
    required = [each.key for each in role_lists(ledger).required(account)]
    if role not in required:
        raise NotFound(
            "role.unknown",
            N_("'{role}' is not a required role of this account; required are: {roles}."),
            role=role,
            roles=required or "–",
        )


def _seen_holder(ledger: Ledger, present: Slot, base: int, edit: SlotEdit) -> dict[str, Value]:
    """The holder in the version the user saw: an opinion about one person must never apply to their successor."""
    if "status" in edit or not edit.keys() & _ABOUT_HOLDER:
        return {}
    rows = [present] if base == present.version else ledger.history(Slot, present.id)
    seen = next((row for row in rows if row.version == base), None)
    return {"employment_id": seen.employment_id} if seen and seen.employment_id else {}


def _holder(
    ledger: Ledger, account_id: str, holder: str | None, held_by: str | None
) -> tuple[str | None, list[Change]]:
    if holder is None:
        return None, []
    if not isinstance(holder, str):
        raise BadInput("slot.holder", N_("A holder is the id or name of a person, as text; got {value}."), value=holder)
    job = find_employment(ledger, account_id, holder)
    if job is not None:
        person = None if job.id == held_by else ledger.find(Person, job.person_id)
        check_name((person.name if person else None) or "")
        return job.id, []
    if holder.startswith("pe_"):
        raise no_person(account_id)
    check_name(holder)
    return new_person(account_id, holder, "holder")


def _status_fields(ledger: Ledger, before: Slot | None, edit: SlotEdit, today: date) -> dict[str, Value]:
    if "status" not in edit:
        return {}
    status = as_word(SlotStatus, edit["status"] or SlotStatus.OPEN, "status").value
    if status != SlotStatus.OPEN and edit.get("holder") is not None:
        raise BadInput(
            "slot.status_holder",
            N_("A slot with a holder is open, not {status}; give one or the other."),
            status=status,
        )
    if status != SlotStatus.NOT_APPLICABLE:
        return {"status": status, "agreed_by": None, "review_on": None}
    return agreement_fields(ledger, before, edit.get("reason"), edit.get("agreed_by"), today)


def _verification_fields(ledger: Ledger, edit: SlotEdit, today: date) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    if "verified_on" in edit:
        day = check_day(edit["verified_on"], "verified_on", today)
        fields = {"verified_on": day, "verified_by": ledger.actor if day else None}
        if day is None:
            fields["verified_how"] = None
    if "verified_how" in edit:
        how = edit["verified_how"]
        fields["verified_how"] = check_how(how) if how else None
    return fields


def _representative_fields(ledger: Ledger, edit: SlotEdit) -> dict[str, Value]:
    fields: dict[str, Value] = {}
    if "representative" in edit:
        named = edit["representative"]
        fields["representative_id"] = None if named is None else get_staff(ledger, named).id
        if named is None:
            fields |= {"can_meet": None, "can_deliver": None}
    if "can_meet" in edit:
        fields["can_meet"] = as_flag(edit["can_meet"], "can_meet")
    if "can_deliver" in edit:
        fields["can_deliver"] = as_flag(edit["can_deliver"], "can_deliver")
    return fields


def _notes(account_id: str, edit: SlotEdit) -> tuple[list[Change], dict[str, Value]]:
    """Free text is stored in notes, so that it can be erased; the slot keeps the note's id."""
    changes: list[Change] = []
    ids: dict[str, Value] = {}
    texts = {NoteKind.REASON: edit["reason"]} if "reason" in edit else {}
    texts |= {NoteKind.GROUNDS: edit["grounds"]} if "grounds" in edit else {}
    for kind, text in texts.items():
        ids[f"{kind}_note"] = None
        if text:
            ids[f"{kind}_note"] = note_id = new_id("no")
            body: dict[str, Value] = {"account_id": account_id, "kind": kind.value, "body": clean_text(text, kind)}
            changes.append(Change("note", note_id, body, base=0))
    return changes, ids


def _verify_employment(
    ledger: Ledger, changes: Sequence[Change], employment_id: str, slot: dict[str, Value]
) -> list[Change]:
    """A holder who is verified in a role is verified as still at the account."""
    seen = {name: slot.get(name) for name in _CHECK}
    for i, change in enumerate(changes):
        if change.entity == "employment" and change.id == employment_id:
            merged = Change("employment", employment_id, {**change.fields, **seen}, base=change.base)
            return [*changes[:i], merged, *changes[i + 1 :]]
    job = ledger.find(Employment, employment_id)
    if job is None or is_newer(job.verified_on, str(slot["verified_on"])):
        return [*changes]
    there = still_there(job)
    return [*changes, there._replace(fields={**there.fields, **seen})]
