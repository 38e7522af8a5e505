"""Events of coaching: a try to check somebody, a change of role, an account gone through, a changed focus list.

An event's body is JSON without personal data; each kind of body is written and read here alone. An undone edit takes its
events with it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NotRequired, TypedDict
from zoneinfo import ZoneInfo

from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.domain.week import local_day
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Event, Value

_OF_PERSONS = (EventKind.TRIED, EventKind.ROLE_CHANGED)


class _PersonBody(TypedDict):
    employment: str
    on: NotRequired[str]


class _FocusBody(TypedDict):
    rep: str
    added: list[str]
    dropped: list[str]
    session: str | None


@dataclass(frozen=True)
class PersonEvent:
    """A try to check a person, or a change of their role.

    Attributes
    ----------
    kind : EventKind
    employment : str
        Id of the employment.
    actor : str
    at : int
        When it was recorded (UTC milliseconds).
    edit : str
        Id of the edit that recorded it.
    on : date or None
        The day of the change, if it is known.
    """

    kind: EventKind
    employment: str
    actor: str
    at: int
    edit: str
    on: date | None


@dataclass(frozen=True)
class FocusChange:
    """One change of a focus list, for the coach to see."""

    at: int
    actor: str
    rep: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    session: str | None


def walked_change(session: str, account: str) -> Change:
    """The row that records that a session went through an account (ids)."""
    return _event(EventKind.WALKED, json.dumps({"session": session}), account)


def focus_change(rep: str, added: Sequence[str], dropped: Sequence[str], session: str | None) -> Change:
    """The row that records a change of a rep's focus list."""
    body: _FocusBody = {"rep": rep, "added": list(added), "dropped": list(dropped), "session": session}
    return _event(EventKind.FOCUSED, json.dumps(body))


def person_events(ledger: Ledger, account: str, at: int | None = None) -> list[PersonEvent]:
    """Tries and changes of role at an account (id) until an instant, oldest first."""
    found = [_person_event(row) for row in ledger.as_of(Event, at, account_id=account) if row.kind in _OF_PERSONS]
    return sorted(found, key=lambda each: each.at)


def focus_changes(ledger: Ledger, rep: str, since: int = 0) -> list[FocusChange]:
    """The changes of a rep's focus list since an instant, oldest first."""
    rows = [row for row in ledger.as_of(Event) if row.kind == EventKind.FOCUSED and row.at >= since]
    changes = [_focus_change(row) for row in rows]
    return sorted((each for each in changes if each.rep == rep), key=lambda each: each.at)


def tries_since(events: list[PersonEvent], employment: str, checked_on: str | None, zone: ZoneInfo) -> list[date]:
    """The days on which somebody tried to check a person after the last verification, oldest first."""
    tries = (each for each in events if each.kind is EventKind.TRIED and each.employment == employment)
    days = (local_day(each.at, zone) for each in tries)
    return [day for day in days if day.isoformat() > (checked_on or "")]


def _event(kind: EventKind, body: str, account: str | None = None) -> Change:
    fields: dict[str, Value] = {"kind": kind.value, "body": body}
    return Change("event", new_id("ev"), fields if account is None else {**fields, "account_id": account}, base=0)


def _person_event(row: Event) -> PersonEvent:
    body: _PersonBody = json.loads(row.body or "{}")
    on = body.get("on")
    day = date.fromisoformat(on) if on else None
    return PersonEvent(EventKind(row.kind), body["employment"], row.actor, row.at, row.edit_id, day)


def _focus_change(row: Event) -> FocusChange:
    body: _FocusBody = json.loads(row.body or "{}")
    return FocusChange(
        row.at, row.actor, body["rep"], tuple(body["added"]), tuple(body["dropped"]), body.get("session")
    )
