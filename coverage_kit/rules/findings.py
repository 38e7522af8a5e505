"""Findings about a person from a conversation or a call: still there, gone, in another role, or not reached."""

from __future__ import annotations

import json
from datetime import date

from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.departures import day_there, departure_changes
from coverage_kit.rules.inputs import past_day
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.slots import HOLDER_FIELDS
from coverage_kit.rules.verification import Check, check_how, confirm_changes, held_slots, still_there
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Account, Employment, Value

#: Findings that are no departure: the person is still there, in another role, or nobody was reached.
STILL, ROLE_CHANGED, TRIED = "still", "role_changed", "tried"


def finding_changes(
    ledger: Ledger,
    person: str,
    account: Account,
    state: str,
    *,
    today: date,
    how: str | None = None,
    on: str | None = None,
    title: str | None = None,
    moved_to: str | None = None,
    seen: int | None = None,
) -> list[Change]:
    """The rows that record a finding.

    Parameters
    ----------
    ledger : Ledger
    person : str
        Id or name.
    account : Account
    state : str
        ``still left retired moved role_changed tried``.
    today : date
    how : str, optional
        How a ``still`` was checked.
    on : str, optional
        The day since when the person is gone or in another role.
    title, moved_to : str, optional
        The new title; key or name of the account the person moved to.
    seen : int, optional
        The version of the employment that the user saw.
    """
    job = get_employment(ledger, account.id, person)
    if state == STILL:
        return confirm_changes(ledger, job, Check(today.isoformat(), ledger.actor, check_how(str(how))))
    if state == TRIED:
        return try_changes(job)
    if state == ROLE_CHANGED:
        return role_changes(ledger, job, today=today, title=title, on=on, seen=seen)
    target = get_account(ledger, moved_to).id if moved_to else None
    return departure_changes(ledger, person, account, kind=state, today=today, ended_on=on, moved_to=target, seen=seen)


def role_changes(
    ledger: Ledger,
    job: Employment,
    *,
    today: date,
    title: str | None = None,
    department: str | None = None,
    on: str | date | None = None,
    seen: int | None = None,
) -> list[Change]:
    """The rows that give a person another role at the same account: the slots they held are open again."""
    day = past_day(day_there(job, on, "on"), "on", today)
    cleared: dict[str, Value] = {"employment_id": None, **HOLDER_FIELDS}
    fields: dict[str, Value] = {
        "title": title and clean_text(title, "title"),
        "department": department and clean_text(department, "department"),
    }
    return [
        *(Change("slot", slot.id, cleared, base=slot.version) for slot in held_slots(ledger, job)),
        Change("employment", job.id, {"end_kind": job.end_kind, **fields}, base=job.version if seen is None else seen),
        person_event_change(EventKind.ROLE_CHANGED, job, on=day),
    ]


def try_changes(job: Employment) -> list[Change]:
    """The rows that record a try to reach a person who is still there."""
    return [still_there(job), person_event_change(EventKind.TRIED, job)]


def check_there(job: Employment, today: date) -> None:
    """Refuse to write about a person whose departure is recorded.

    Raises
    ------
    BadInput
    """
    if is_gone(job, today):
        raise BadInput(
            "person.gone_already",
            N_(
                "This person is already recorded as having left. Look at the account again;"
                " if that is wrong, undo it first."
            ),
        )


def person_event_change(kind: EventKind, job: Employment, *, on: str | None = None) -> Change:
    """The row that records a try to check a person, or a change of their role.

    Parameters
    ----------
    kind : EventKind
    job : Employment
    on : str, optional
        The day of the change, if it is known and differs from the day of recording.
    """
    body = {"employment": job.id} if on is None else {"employment": job.id, "on": on}
    fields: dict[str, Value] = {"kind": kind.value, "body": json.dumps(body), "account_id": job.account_id}
    return Change("event", new_id("ev"), fields, base=0)
