"""What happened to a person at an account and is no field of theirs: tries to check, and changes of role with their day.

Each is an event that names the employment; it holds no personal data, and goes with the edit that is taken back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.domain.week import local_day
from coverage_kit.store import Change, Ledger, new_id

_KINDS = (EventKind.TRIED, EventKind.ROLE_CHANGED)


@dataclass(frozen=True)
class PersonEvent:
    """One of these: what, to which employment, by whom, when and with which edit it was written, and since when it was so."""

    kind: EventKind
    employment: str
    actor: str
    at: int
    edit: str
    on: date | None


def person_event_change(kind: EventKind, employment: Mapping[str, Any], *, on: str | None = None) -> Change:
    """The row that writes one down.

    Parameters
    ----------
    kind : EventKind
    employment : mapping
        The employment's row.
    on : str, optional
        The day since when it was so, where that is known and is not the day of writing.
    """
    body = {"employment": employment["id"], **({} if on is None else {"on": on})}
    fields = {"kind": kind.value, "account_id": employment["account_id"], "body": json.dumps(body)}
    return Change("event", new_id("ev"), fields, base=0)


def person_events(ledger: Ledger, account: str, at: int | None = None) -> list[PersonEvent]:
    """What happened at an account (id) until an instant, oldest first; what was taken back is not among it."""
    found = []
    for row in ledger.as_of("event", at, account_id=account):
        if row["kind"] not in _KINDS:
            continue
        body = json.loads(row["body"])
        on = date.fromisoformat(body["on"]) if body.get("on") else None
        found.append(
            PersonEvent(EventKind(row["kind"]), body["employment"], row["actor"], row["at"], row["edit_id"], on)
        )
    return sorted(found, key=lambda each: each.at)


def tries_since(happened: list[PersonEvent], employment: str, checked_on: str | None, zone: ZoneInfo) -> list[date]:
    """The days on which somebody tried to check a person after the last verification, oldest first."""
    days = (local_day(h.at, zone) for h in happened if h.kind is EventKind.TRIED and h.employment == employment)
    return [day for day in days if day.isoformat() > (checked_on or "")]
