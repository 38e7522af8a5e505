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

_OF_MAIL = (EventKind.MAIL_REPLIED, EventKind.MAIL_BOUNCED)
_OF_PERSONS = (EventKind.TRIED, EventKind.ROLE_CHANGED, *_OF_MAIL)


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
    """A try to check a person, a change of their role, or a mail that they replied to or that bounced.

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
        The day of the change or the mail, if it is known.
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
    """Tries, changes of role and mails at an account (id) until an instant, oldest first."""
    found = [_person_event(row) for row in ledger.as_of(Event, at, account_id=account) if row.kind in _OF_PERSONS]
    return sorted(found, key=lambda each: each.at)


def mail_change(kind: EventKind, employment: str, account: str, on: date) -> Change:
    """The row that records that a person replied to a mail, or that it bounced."""
    body: _PersonBody = {"employment": employment, "on": on.isoformat()}
    return _event(kind, json.dumps(body), account)


def mail_events(ledger: Ledger) -> list[PersonEvent]:
    """Mails that people replied to or that bounced, at all accounts, oldest first."""
    found = [_person_event(row) for row in ledger.as_of(Event, kind=[kind.value for kind in _OF_MAIL])]
    return sorted(found, key=lambda each: (each.on or date.min, each.at))


def mail_since(events: list[PersonEvent], employment: str, checked_on: str | None) -> PersonEvent | None:
    """The last mail that a person replied to, or that bounced, after the last verification."""
    own = [each for each in events if each.kind in _OF_MAIL and each.employment == employment]
    new = [each for each in own if each.on is not None and each.on.isoformat() > (checked_on or "")]
    return max(new, key=lambda each: (each.on or date.min, each.at), default=None)


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
