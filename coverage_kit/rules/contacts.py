"""Contacts: match one to a position, and record findings about many of them at once, with their successors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from coverage_kit.domain.vocabulary import EndKind, SlotStatus
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.findings import ROLE_CHANGED, STILL, TRIED, check_there, finding_changes
from coverage_kit.rules.lookup import find_employment, get_employment
from coverage_kit.rules.people import new_person
from coverage_kit.rules.slots import HOLDER_FIELDS, SlotEdit, slot_changes
from coverage_kit.rules.verification import held_slots, still_there
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Account, Employment

#: Findings after which somebody else may sit in the person's positions.
_LEAVES_POSITIONS = {ROLE_CHANGED, *(kind.value for kind in EndKind)}
FINDINGS = (STILL, TRIED, ROLE_CHANGED, *(kind.value for kind in EndKind))


def match_changes(
    ledger: Ledger,
    account: Account,
    person: str,
    role: str,
    *,
    today: date,
    base: int | None = None,
    how: str | None = None,
    on: str | None = None,
) -> list[Change]:
    """The rows that put a contact into a position; with ``how``, also that somebody checked it.

    Parameters
    ----------
    ledger : Ledger
    account : Account
    person : str
        Id of a contact there who has not left.
    role : str
        Key of a required role of the account.
    today : date
    base : int, optional
        The version of the slot that the user saw.
    how, on : str, optional
        How it was checked, and on which day; today by default.

    Raises
    ------
    BadInput, NotFound
    """
    job = get_employment(ledger, account.id, person)
    check_there(job, today)
    edit: SlotEdit = {"holder": job.person_id}
    if how:
        edit |= {"verified_on": on or today.isoformat(), "verified_how": how}
    changes = slot_changes(ledger, account, role, edit, today=today, base=base)
    guarded = any(change.entity == "employment" for change in changes)
    return changes if guarded else [*changes, still_there(job)]


def mark_changes(
    ledger: Ledger,
    account: Account,
    seen: Mapping[str, int | None],
    state: str,
    *,
    today: date,
    how: str | None = None,
    on: str | None = None,
    title: str | None = None,
    moved_to: str | None = None,
    successor: str | None = None,
) -> list[Change]:
    """The rows that record one finding about some contacts of an account.

    Parameters
    ----------
    ledger : Ledger
    account : Account
    seen : mapping
        Ids of the people, each with the version of the employment that the user saw.
    state : str
        ``still left retired moved role_changed tried``.
    today : date
    how, on, title, moved_to : str, optional
        As for ``finding_changes``.
    successor : str, optional
        Name of the person who sits there now: a contact of the account, or a new person. For one contact only.

    Raises
    ------
    BadInput
        No such finding; somebody is recorded as having left; a successor of several people, or of one who stays.
    """
    if state not in FINDINGS:
        raise BadInput(
            "contact.state",
            N_("'{state}' is no finding about a contact; use one of {known}."),
            state=state,
            known=[*FINDINGS],
        )
    if successor and (len(seen) != 1 or state not in _LEAVES_POSITIONS):
        raise BadInput(
            "contact.successor",
            N_("Name a successor for one person who is no longer in the position; mark the others without."),
        )
    changes: list[Change] = []
    for person, version in seen.items():
        job = get_employment(ledger, account.id, person)
        check_there(job, today)
        found = finding_changes(
            ledger, person, account, state, today=today, how=how, on=on, title=title, moved_to=moved_to, seen=version
        )
        changes += _succeeded(ledger, account, job, successor, found) if successor else found
    return changes


def _succeeded(
    ledger: Ledger, account: Account, job: Employment, successor: str, found: Iterable[Change]
) -> list[Change]:
    """The same with the successor in the person's positions, so that nobody is asked to find one."""
    held = held_slots(ledger, job)
    next_job = find_employment(ledger, account.id, successor)
    if next_job is not None and next_job.id == job.id:
        raise BadInput("contact.same_successor", N_("The successor is the person who left. Write another name."))
    if next_job is not None:
        employment, new = next_job.id, [still_there(next_job)]
    else:
        employment, (person, created) = new_person(account.id, successor, "successor")
        new = [person, created._replace(fields={**created.fields, "title": job.title, "department": job.department})]
    filled = {"employment_id": employment, "status": SlotStatus.OPEN.value, **HOLDER_FIELDS}
    slots = {slot.id for slot in held}
    rest = [change for change in found if change.entity != "commitment" and change.id not in slots]
    return [*rest, *new, *(Change("slot", slot.id, filled, base=slot.version) for slot in held)]
