"""What happened to a slot and to a person: who wrote what, and when."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from copy import copy
from typing import TYPE_CHECKING, Any

from coverage_kit.coaching import PersonEvent, person_events, tries_since
from coverage_kit.domain.vocabulary import EventKind, SlotStatus
from coverage_kit.domain.week import local_minute
from coverage_kit.errors import Conflict, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.slots import one_employment
from coverage_kit.store import Change, Losing
from coverage_kit.workbook.model.standing import Row

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: What a slot's history tells of; what follows from another field is left out.
_TOLD = (
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
)
_CALLED = {
    "employment_id": "holder",
    "to_employment": "superior",
    "representative_id": "representative",
    "grounds_note": "grounds",
    "reason_note": "reason",
}

#: Columns that follow from another.
_UNTOLD = {"name_key", "done_on"}
_SIDES = ("before", "mine", "theirs")


def slot_history(ws: Workspace, account: str, role: str) -> list[dict[str, Any]]:
    """Every edit of one slot, newest first: when, by whom, and each field before and after.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    role : str

    Returns
    -------
    list of dict
        ``at`` (local time as text), ``actor``, ``undone``, ``lost`` and ``changes`` (``field before after``); departures
        of those who held the slot are among them, and their changes of role, and tries to check them. What met
        another's change and was not written is ``lost``.
    """
    names = _Names(ws, account)
    nothing: dict[str, Any] = {**dict.fromkeys(_TOLD), "status": SlotStatus.OPEN.value}
    told, before = [], nothing
    held: dict[str, None] = {}
    for row in ws.ledger.history("slot", f"{account}:{role}"):
        after = {key: row[key] for key in _TOLD} if not row["is_void"] else nothing
        changes = [
            {"field": _CALLED.get(key, key), "before": names.of(key, before[key]), "after": names.of(key, after[key])}
            for key in _TOLD
            if before[key] != after[key]
        ]
        told.append((row["at"], _entry(ws, names, row, changes)))
        before = after
        if after["employment_id"]:
            held[after["employment_id"]] = None
    for employment in held:
        told += _departures(ws, names, employment)
    told += [_told_of(ws, names, each) for each in person_events(ws.ledger, account) if each.employment in held]
    stood = [(row["at"], row["employment_id"]) for row in ws.ledger.history("slot", f"{account}:{role}")]
    for lost in ws.ledger.losing("slot", f"{account}:{role}"):
        held_then = next((holder for at, holder in reversed(stood) if at <= lost.at), None)
        told.append(_lost(ws, names, lost, held_then))
    return [entry for _, entry in sorted(told, key=lambda each: each[0], reverse=True)]


def _departures(ws: Workspace, names: _Names, employment: str) -> list[tuple[int, dict[str, Any]]]:
    told, before = [], None
    for row in ws.ledger.history("employment", employment):
        if row["end_kind"] != before:
            who = names.of("employment_id", employment)
            change = {"field": "ended", "before": who, "after": row["end_kind"], "on": row["ended_on"]}
            told.append((row["at"], _entry(ws, names, row, [change])))
        before = row["end_kind"]
    return told


def _told_of(ws: Workspace, names: _Names, happened: PersonEvent) -> tuple[int, dict[str, Any]]:
    """A try to check, or a change of role, as the history of a slot tells it."""
    on = happened.on.isoformat() if happened.on else None
    who = names.of("employment_id", happened.employment)
    change = {"field": happened.kind.value, "before": who, "after": None, "on": on}
    row = {"at": happened.at, "actor": happened.actor, "undoes": None}
    return happened.at, _entry(ws, names, row, [change])


def _lost(ws: Workspace, names: _Names, lost: Losing, holder: str | None) -> tuple[int, dict[str, Any]]:
    """What somebody wrote that met another's change, with its words; about whom, where that is not who held the slot then."""
    names = names.knowing(lost.changes)
    fields = lost.changes[0].fields
    changes = [
        {"field": _CALLED.get(key, key), "before": None, "after": names.of(key, fields[key])}
        for key in _TOLD
        if fields.get(key) not in (None, holder) and (key != "status" or fields[key] != SlotStatus.OPEN)
    ]
    row = {"at": lost.at, "actor": lost.actor, "undoes": None}
    return lost.at, _entry(ws, names, row, changes) | {"lost": True}


def person_card(ws: Workspace, person: str, account: str) -> dict[str, Any]:
    """All we know of one person: details, employments, checks, dispositions over time, what they said.

    Parameters
    ----------
    ws : Workspace
    person : str
        Id of the person.
    account : str
        The account whose slots are told of.

    Raises
    ------
    NotFound
        No such person.
    """
    ledger = ws.ledger
    row = next(iter(ledger.as_of("person", id=person)), None)
    if row is None:
        raise NotFound("person.gone", N_("This person is not in the store any more."))
    names = _Names(ws, account)
    employments = ledger.as_of("employment", person_id=person)
    accounts = {each["id"]: each["name"] for each in ledger.as_of("account", id=[e["account_id"] for e in employments])}
    own = [each["id"] for each in employments if each["account_id"] == account]
    job = one_employment(ledger, account, person)
    slots = [each for each in ledger.as_of("slot", account_id=account) if each["employment_id"] in own]
    keys = ("title", "department", "started_on", "ended_on", "end_kind", "verified_on", "verified_how")
    happened = [each for home in accounts for each in person_events(ledger, home)]
    checked = {each["id"]: each["verified_on"] for each in employments}
    return {
        "person": person,
        "seen": {"person": row["version"]} | ({"employment": job["version"]} if job else {}),
        **{key: row[key] for key in ("name", "email", "phone", "need", "opted_out_on", "erased_on")},
        "employments": [
            {
                "account": each["account_id"],
                "account_name": accounts.get(each["account_id"], each["account_id"]),
                **{key: each[key] for key in keys},
                "role_since": _role_since(happened, each["id"]),
            }
            for each in sorted(employments, key=lambda e: e["ended_on"] or "9999", reverse=True)
        ],
        "roles": [slot["role"] for slot in slots],
        "checks": [check for key in own for check in _checks(ws, names, key)],
        "tries": [day.isoformat() for key in own for day in tries_since(happened, key, checked[key], ws.zone)],
        "dispositions": [each for slot in slots for each in _dispositions(ws, names, slot, own)],
        "tie_trail": tie_history(ws, account, own),
        "stages": [
            {"offering": each.offering, "stage": each.stage.value}
            for each in ws.coaching.people.pursuits(account)
            if each.person == person
        ],
        "notes": [
            {"kind": note["kind"], "body": note["body"] or "", "at": local_minute(note["at"], ws.zone)}
            for note in sorted(ledger.as_of("note"), key=lambda n: -n["at"])
            if note["person_id"] == person
        ],
    }


def _role_since(happened: list[PersonEvent], employment: str) -> str | None:
    """Since when the person has their present role, where a change of it was written down with its day."""
    changes = [h for h in happened if h.kind is EventKind.ROLE_CHANGED and h.employment == employment]
    return changes[-1].on.isoformat() if changes and changes[-1].on else None


def _checks(ws: Workspace, names: _Names, employment: str) -> list[dict[str, Any]]:
    told, before = [], None
    for row in ws.ledger.history("employment", employment):
        if row["verified_on"] and row["verified_on"] != before:
            by = names.of("representative_id", row["verified_by"])
            told.append({"on": row["verified_on"], "by": by, "how": row["verified_how"]})
        before = row["verified_on"]
    return sorted(told, key=lambda check: str(check["on"]), reverse=True)


def _dispositions(ws: Workspace, names: _Names, slot: Row, own: list[str]) -> list[dict[str, Any]]:
    told, before = [], None
    for row in ws.ledger.history("slot", slot["id"]):
        mine = row["disposition"] if row["employment_id"] in own else None
        if mine and mine != before:
            grounds = names.of("grounds_note", row["grounds_note"])
            told.append(
                {"at": local_minute(row["at"], ws.zone), "role": slot["role"], "disposition": mine, "grounds": grounds}
            )
        before = mine
    return told[::-1]


def tie_history(ws: Workspace, account: str, employments: Collection[str]) -> list[dict[str, Any]]:
    """Every edit of the ties that these people of an account are or were in, newest first.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    employments : collection of str
        Ids of the people's employments there.

    Returns
    -------
    list of dict
        ``at`` (local time as text), ``actor``, ``undone``, ``tie`` (its kind), ``a`` and ``b`` (names), and
        ``taken_out``.
    """
    names = _Names(ws, account)
    rows = [
        row
        for row in ws.ledger.histories("tie", account_id=account)
        if row["from_employment"] in employments or row["to_employment"] in employments
    ]
    return [
        {
            "at": local_minute(row["at"], ws.zone),
            "actor": names.of("representative_id", row["actor"]),
            "undone": row["undoes"] is not None,
            "tie": row["kind"],
            "a": names.of("employment_id", row["from_employment"]),
            "b": names.of("to_employment", row["to_employment"]),
            "taken_out": bool(row["is_void"]),
        }
        for row in sorted(rows, key=lambda row: -row["at"])
    ]


class _Names:
    """What ids of an account are called: employments by the person's name, notes by their text, ours by name."""

    def __init__(self, ws: Workspace, account: str) -> None:
        self._ledger = ledger = ws.ledger
        employments = ledger.as_of("employment", account_id=account)
        people = {row["id"]: row["name"] for row in ledger.as_of("person", id=[e["person_id"] for e in employments])}
        self._staff = {row["id"]: row["name"] or row["id"] for row in ledger.as_of("staff")}
        self._notes = {row["id"]: row["body"] or "" for row in ledger.as_of("note", account_id=account)}
        self._holders: dict[str, Any] = {row["id"]: people.get(row["person_id"]) for row in employments}

    def knowing(self, changes: Collection[Change]) -> _Names:
        """The same, with the people and notes that an edit made which was not written."""
        made = {change.id: change.fields for change in changes}
        both = copy(self)
        both._notes = self._notes | {key: each["body"] for key, each in made.items() if "body" in each}
        new = {key: made[each["person_id"]].get("name") for key, each in made.items() if each.get("person_id") in made}
        both._holders = self._holders | new
        return both

    def of(self, column: str, value: Any) -> Any:
        """A value as people say it."""
        if value is None:
            return None
        table = {
            "employment_id": self._holders,
            "to_employment": self._holders,
            "representative_id": self._staff,
            "verified_by": self._staff,
            "agreed_by": self._staff,
            "grounds_note": self._notes,
            "reason_note": self._notes,
        }.get(column)
        if table is self._holders and value not in table:
            table[value] = self._taken_back(value)
        return value if table is None else table.get(value, value)

    def _taken_back(self, employment: str) -> str | None:
        """The name behind an employment whose writing was undone."""
        rows = self._ledger.history("employment", employment)
        people = self._ledger.history("person", rows[-1]["person_id"]) if rows else []
        return people[-1]["name"] if people else None


def _entry(ws: Workspace, names: _Names, row: Row, changes: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "at": local_minute(row["at"], ws.zone),
        "actor": names.of("representative_id", row["actor"]),
        "undone": row["undoes"] is not None,
        "lost": False,
        "changes": changes,
    }


def conflict_told(ws: Workspace, account: str, conflict: Conflict) -> dict[str, Any]:
    """A conflict as people say it: who changed what meanwhile, and the three values of each field.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account it is about.
    conflict : Conflict

    Returns
    -------
    dict
        ``entity`` and its ``version`` now, ``by`` (id of who changed the first of the fields) and ``fields``
        (``field before mine theirs``).
    """
    entity, key = str(conflict.values["entity"]), str(conflict.values["id"])
    found = conflict.values["fields"]
    fields = {each: found[each] for each in found if each not in _UNTOLD} if isinstance(found, dict) else {}
    rows = ws.ledger.history(entity, key)
    mine = next(lost for lost in ws.ledger.losing(entity, key) if lost.id == conflict.values["draft_id"])
    names = _Names(ws, account).knowing(mine.changes)
    return {
        "entity": entity,
        "version": rows[-1]["version"],
        "by": _changer(rows, fields),
        "fields": [
            {
                "field": _CALLED.get(column, column),
                **{side: names.of(column, value) for side, value in zip(_SIDES, values, strict=True)},
            }
            for column, values in fields.items()
        ],
    }


def _changer(rows: list[dict[str, Any]], fields: Collection[str]) -> str:
    """Who last changed one of these fields."""
    for before, after in reversed(list(itertools.pairwise(rows))):
        if any(before[column] != after[column] for column in fields):
            return str(after["actor"])
    return str(rows[-1]["actor"])
