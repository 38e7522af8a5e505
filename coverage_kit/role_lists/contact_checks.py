"""Which contacts are still there, and which of them were checked lately: the audit's rule, for the pages that count.

``measures.audit`` computes the same for whole teams at once; a test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from coverage_kit.domain.ladder import FRESHNESS_DAYS, fresh
from coverage_kit.domain.ladder import Employment as Job
from coverage_kit.domain.ladder import gone as is_gone
from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Employment, Slot


class PresentContact(NamedTuple):
    """A contact who is still at the account; ``is_confirmed`` if somebody checked that within the usual window."""

    employment: str
    person: str
    account: str
    is_confirmed: bool


def last_check(days: Iterable[str | None]) -> date | None:
    """The last of several days of a check, those of the employment and of the positions it holds."""
    last = max((day for day in days if day), default=None)
    return date.fromisoformat(last) if last else None


def is_confirmed(checked_on: date | None, day: date) -> bool:
    """Whether a check of a contact still counts on a day."""
    return fresh(checked_on, day, FRESHNESS_DAYS)


def present_contacts(ledger: Ledger, day: date) -> list[PresentContact]:
    """Every contact of a workspace who has not left by a day."""
    in_slots: dict[str, str] = {}
    for job, checked_on in ledger.columns(Slot, ("employment_id", "verified_on")):
        if job and checked_on:
            in_slots[job] = max(checked_on, in_slots.get(job, ""))
    fields = ("id", "person_id", "account_id", "end_kind", "ended_on", "verified_on")
    return [
        PresentContact(job, person, account, is_confirmed(last_check((checked_on, in_slots.get(job))), day))
        for job, person, account, end_kind, ended_on, checked_on in ledger.columns(Employment, fields)
        if not _has_left(end_kind, ended_on, day)
    ]


def _has_left(end_kind: str | None, ended_on: str | None, day: date) -> bool:
    if end_kind is None:
        return False
    return is_gone(Job(EndKind(end_kind), date.fromisoformat(ended_on) if ended_on else None), day)
