"""History of a slot and of a person: all edits, with author and time."""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import TYPE_CHECKING

from coverage_kit.coaching import PersonEvent, person_events, tries_since
from coverage_kit.coaching.commitments.conflicts import who_changed
from coverage_kit.domain.vocabulary import MERGED, EventKind, SlotStatus
from coverage_kit.domain.week import local_minute
from coverage_kit.errors import Conflict, NotFound
from coverage_kit.i18n import N_
from coverage_kit.store import Change, Losing
from coverage_kit.store.entities import ENTITIES, Account, Employment, Note, Person, Row, Slot, Staff, Tie, Value
from coverage_kit.workbook.model.responses import (
    CheckView,
    ConflictDetails,
    DispositionView,
    EmploymentView,
    FieldChange,
    HistoryEntry,
    PersonCardView,
    SeenVersionsView,
    Shown,
    TieEntry,
)
from coverage_kit.workbook.model.rhythm import rhythm_view

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: The fields that a slot's history shows; those that follow from another field are left out.
_SHOWN = (
    "status",
    "employment_id",
    "verified_on",
    "verified_how",
    "representative_id",
    "can_meet",
    "can_deliver",
    "disposition",
    "grounds_note",
    "reason_note",
    "agreed_by",
    "review_on",
    "proposed",
    "proposed_why",
)
_NOTHING: dict[str, Value] = {**dict.fromkeys(_SHOWN), "status": SlotStatus.OPEN.value}
#: What the page calls a column.
_PAGE_NAMES = {
    "employment_id": "holder",
    "to_employment": "superior",
    "representative_id": "representative",
    "grounds_note": "grounds",
    "reason_note": "reason",
    "proposed_why": "reason",
}
#: Columns that follow from another.
_DERIVED = {"name_key", "done_on"}

#: An entry and the instant by which it is sorted.
_Dated = tuple[int, HistoryEntry]


def slot_history(ws: Workspace, account: str, role: str) -> list[HistoryEntry]:
    """Every edit of one slot, newest first: when, by whom, and each field before and after.

    Departures of its holders, their changes of role and tries to check them are among the entries, and so are edits
    that met somebody else's change and were not written (``lost``).

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    role : str
    """
    names = _Names(ws, account)
    key = f"{account}:{role}"
    rows = ws.ledger.history(Slot, key)
    states = [_slot_fields(row) for row in rows]
    entries: list[_Dated] = [
        (row.at, _entry(ws, names, row, _differences(names, before, after)))
        for row, before, after in zip(rows, [_NOTHING, *states], states, strict=False)
    ]
    holders = dict.fromkeys(str(each["employment_id"]) for each in states if each["employment_id"])
    for employment in holders:
        entries += _departures(ws, names, employment)
    entries += [
        _event_entry(ws, names, each) for each in person_events(ws.ledger, account) if each.employment in holders
    ]
    for lost in ws.ledger.losing("slot", key):
        holder_then = next((row.employment_id for row in reversed(rows) if row.at <= lost.at), None)
        entries.append(_lost_entry(ws, names, lost, holder_then))
    return [entry for _, entry in sorted(entries, key=lambda each: each[0], reverse=True)]


def _slot_fields(row: Slot) -> dict[str, Value]:
    return _NOTHING if row.is_void else {column: getattr(row, column) for column in _SHOWN}


def _differences(names: _Names, before: dict[str, Value], after: dict[str, Value]) -> list[FieldChange]:
    return [
        {
            "field": _PAGE_NAMES.get(column, column),
            "before": names.of(column, before[column]),
            "after": names.of(column, after[column]),
        }
        for column in _SHOWN
        if before[column] != after[column]
    ]


def _departures(ws: Workspace, names: _Names, employment: str) -> list[_Dated]:
    entries: list[_Dated] = []
    before = None
    for row in ws.ledger.history(Employment, employment):
        if row.end_kind == MERGED:
            continue
        if row.end_kind != before:
            who = names.of("employment_id", employment)
            change: FieldChange = {"field": "ended", "before": who, "after": row.end_kind, "on": row.ended_on}
            entries.append((row.at, _entry(ws, names, row, [change])))
        before = row.end_kind
    return entries


def _event_entry(ws: Workspace, names: _Names, event: PersonEvent) -> _Dated:
    """A try to check, or a change of role."""
    change: FieldChange = {
        "field": event.kind.value,
        "before": names.of("employment_id", event.employment),
        "after": None,
        "on": event.on.isoformat() if event.on else None,
    }
    return event.at, _new_entry(ws, names, event.at, event.actor, [change])


def _lost_entry(ws: Workspace, names: _Names, lost: Losing, holder: str | None) -> _Dated:
    """An edit that met another's change, with its texts; it names the person only if somebody else held the slot then."""
    names = names.with_made_by(lost.changes)
    fields = lost.changes[0].fields
    changes: list[FieldChange] = [
        {"field": _PAGE_NAMES.get(column, column), "before": None, "after": names.of(column, fields[column])}
        for column in _SHOWN
        if fields.get(column) not in (None, holder) and (column != "status" or fields[column] != SlotStatus.OPEN)
    ]
    entry = _new_entry(ws, names, lost.at, lost.actor, changes)
    entry["lost"] = True
    return lost.at, entry


def _entry(ws: Workspace, names: _Names, row: Row, changes: list[FieldChange]) -> HistoryEntry:
    entry = _new_entry(ws, names, row.at, row.actor, changes)
    entry["undone"] = row.undoes is not None
    return entry


def _new_entry(ws: Workspace, names: _Names, at: int, actor: str, changes: list[FieldChange]) -> HistoryEntry:
    return {
        "at": local_minute(at, ws.zone),
        "actor": names.staff(actor),
        "undone": False,
        "lost": False,
        "changes": changes,
    }


def person_card(ws: Workspace, person: str, account: str) -> PersonCardView:
    """All we know of one person: details, employments, checks, dispositions over time.

    Parameters
    ----------
    ws : Workspace
    person : str
        Id of the person.
    account : str
        The account whose slots and ties are shown.

    Raises
    ------
    NotFound
        No such person.
    """
    ledger = ws.ledger
    row = ledger.find(Person, person)
    if row is None:
        raise NotFound("person.gone", N_("This person is no longer in the store."))
    names = _Names(ws, account)
    jobs = ledger.as_of(Employment, person_id=person)
    own = [each for each in jobs if each.account_id == account]
    own_ids = [each.id for each in own]
    slots = [each for each in ledger.as_of(Slot, account_id=account) if each.employment_id in own_ids]
    events = [each for home in dict.fromkeys(job.account_id for job in jobs) for each in person_events(ledger, home)]
    return {
        "person": person,
        "seen": _seen(row, own),
        "name": row.name,
        "email": row.email,
        "phone": row.phone,
        "need": row.need,
        "opted_out_on": row.opted_out_on,
        "erased_on": row.erased_on,
        "employments": _employments(ws, jobs, events),
        "roles": [slot.role for slot in slots],
        "checks": [check for job in own for check in _checks(ws, names, job.id)],
        "tries": [day.isoformat() for job in own for day in tries_since(events, job.id, job.verified_on, ws.zone)],
        "dispositions": [each for slot in slots for each in _dispositions(ws, names, slot, own_ids)],
        "tie_history": tie_history(ws, account, own_ids),
        "stages": [
            {"offering": each.offering, "stage": each.stage.value, "version": each.version}
            for each in ws.coaching.people.pursuits(account)
            if each.person == person
        ],
        "rhythm": rhythm_view(ws, person, account) if account else None,
    }


def _seen(person: Person, own: list[Employment]) -> SeenVersionsView:
    """The versions that the card shows; an employment only if it is clear which one is meant."""
    seen: SeenVersionsView = {"person": person.version}
    present = [job for job in own if job.end_kind is None] or own
    if present:
        seen["employment"] = present[0].version
    return seen


def _employments(ws: Workspace, jobs: list[Employment], events: list[PersonEvent]) -> list[EmploymentView]:
    accounts = {each.id: each.name for each in ws.ledger.as_of(Account, id=[job.account_id for job in jobs])}
    return [
        {
            "account": job.account_id,
            "account_name": accounts.get(job.account_id, job.account_id),
            "title": job.title,
            "department": job.department,
            "started_on": job.started_on,
            "ended_on": job.ended_on,
            "end_kind": job.end_kind,
            "verified_on": job.verified_on,
            "verified_how": job.verified_how,
            "role_since": _role_since(events, job.id),
        }
        for job in sorted(jobs, key=lambda job: job.ended_on or "9999", reverse=True)
    ]


def _role_since(events: list[PersonEvent], employment: str) -> str | None:
    """Since when the person has their present role, if a change of role was recorded with its day."""
    changes = [each for each in events if each.kind is EventKind.ROLE_CHANGED and each.employment == employment]
    return changes[-1].on.isoformat() if changes and changes[-1].on else None


def _checks(ws: Workspace, names: _Names, employment: str) -> list[CheckView]:
    checks: list[CheckView] = []
    before = None
    for row in ws.ledger.history(Employment, employment):
        if row.verified_on and row.verified_on != before:
            by = names.staff(row.verified_by) if row.verified_by else None
            checks.append({"on": row.verified_on, "by": by, "how": row.verified_how})
        before = row.verified_on
    return sorted(checks, key=lambda check: check["on"], reverse=True)


def _dispositions(ws: Workspace, names: _Names, slot: Slot, own: list[str]) -> list[DispositionView]:
    found: list[DispositionView] = []
    before = None
    for row in ws.ledger.history(Slot, slot.id):
        disposition = row.disposition if row.employment_id in own else None
        if disposition and disposition != before:
            found.append(
                {
                    "at": local_minute(row.at, ws.zone),
                    "role": slot.role,
                    "disposition": disposition,
                    "grounds": names.note(row.grounds_note),
                }
            )
        before = disposition
    return found[::-1]


def tie_history(ws: Workspace, account: str, employments: Collection[str]) -> list[TieEntry]:
    """Every edit of the ties that these people of an account are or were in, newest first.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    employments : collection of str
        Ids of the people's employments there.
    """
    names = _Names(ws, account)
    rows = [
        row
        for row in ws.ledger.histories(Tie, account_id=account)
        if row.from_employment in employments or row.to_employment in employments
    ]
    return [
        {
            "at": local_minute(row.at, ws.zone),
            "actor": names.staff(row.actor),
            "undone": row.undoes is not None,
            "tie": row.kind,
            "a": names.holder(row.from_employment),
            "b": names.holder(row.to_employment),
            "taken_out": bool(row.is_void),
        }
        for row in sorted(rows, key=lambda row: -row.at)
    ]


class _Names:
    """Names for the ids of an account: an employment is its person's name, a note its text, a colleague their name."""

    def __init__(self, ws: Workspace, account: str) -> None:
        self._ledger = ledger = ws.ledger
        jobs = ledger.as_of(Employment, account_id=account)
        people = {row.id: row.name for row in ledger.as_of(Person, id=[job.person_id for job in jobs])}
        self._staff = {row.id: row.name or row.id for row in ledger.as_of(Staff)}
        self._notes = {row.id: row.body or "" for row in ledger.as_of(Note, account_id=account)}
        self._holders = {job.id: people.get(job.person_id) for job in jobs}

    def with_made_by(self, changes: Collection[Change]) -> _Names:
        """The same, with the people and notes that an edit would have made if it had been written."""
        made = {change.id: change.fields for change in changes}
        both = copy(self)
        both._notes = self._notes | {key: str(each["body"] or "") for key, each in made.items() if "body" in each}
        person = {key: str(each["person_id"]) for key, each in made.items() if each.get("person_id") in made}
        new = {key: str(made[own].get("name") or "") or None for key, own in person.items()}
        both._holders = self._holders | new
        return both

    def of(self, column: str, value: Value) -> Shown:
        """A column's value as people read it."""
        if not isinstance(value, str):
            return value
        match column:
            case "employment_id" | "to_employment":
                return self.holder(value)
            case "representative_id" | "verified_by" | "agreed_by" | "proposed_by":
                return self.staff(value)
            case "grounds_note" | "reason_note" | "proposed_why":
                return self.note(value)
            case _:
                return value

    def staff(self, key: str) -> str:
        """The name of one of our people."""
        return self._staff.get(key, key)

    def note(self, key: str | None) -> str | None:
        """The text of a note."""
        return None if key is None else self._notes.get(key, key)

    def holder(self, employment: str) -> str | None:
        """The name of the person behind an employment, also if its record was taken back."""
        if employment not in self._holders:
            self._holders[employment] = self._name_before(employment)
        return self._holders[employment]

    def _name_before(self, employment: str) -> str | None:
        jobs = self._ledger.history(Employment, employment)
        people = self._ledger.history(Person, jobs[-1].person_id) if jobs else []
        return people[-1].name if people else None


def conflict_details(ws: Workspace, account: str, conflict: Conflict) -> ConflictDetails:
    """A conflict as people read it: who changed what, and the three values of each field.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account it is about.
    conflict : Conflict
    """
    entity, key = str(conflict.values["entity"]), str(conflict.values["id"])
    found = conflict.values["fields"]
    fields = {column: found[column] for column in found if column not in _DERIVED} if isinstance(found, dict) else {}
    rows = ws.ledger.history(ENTITIES[entity].row, key)
    mine = next(lost for lost in ws.ledger.losing(entity, key) if lost.id == conflict.values["draft_id"])
    names = _Names(ws, account).with_made_by(mine.changes)
    return {
        "entity": entity,
        "version": rows[-1].version,
        "by": who_changed(rows, fields),
        "fields": [
            {
                "field": _PAGE_NAMES.get(column, column),
                "before": names.of(column, before),
                "mine": names.of(column, ours),
                "theirs": names.of(column, theirs),
            }
            for column, (before, ours, theirs) in fields.items()
        ],
    }
