"""The state of one slot on a day, from its stored rows: its rung on the ladder, and how old its verification is.

``measures.History`` computes the same for whole territories at once; a property test keeps the two equal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coverage_kit.domain import ladder
from coverage_kit.domain.vocabulary import Disposition, EndKind, Rung, SlotStatus
from coverage_kit.store.entities import Employment, Slot, Staff


class Freshness(StrEnum):
    """How old the verification of a slot is; ``out`` for a slot outside the count."""

    FRESH = "fresh"
    DUE_SOON = "due_soon"
    STALE = "stale"
    NEVER = "never"
    VACANT = "vacant"
    UNKNOWN = "unknown"
    OUT = "out"

    @property
    def letter(self) -> str:
        """The state as one character, as the lines of a territory have it."""
        return self.value[0]


#: The states that call for a check, the most urgent first: runs out soon, run out, never checked.
DUE = (Freshness.DUE_SOON, Freshness.STALE, Freshness.NEVER)


def urgency(state: str) -> int:
    """The place of a state in ``DUE``; states that call for no check come last."""
    return next((n for n, each in enumerate(DUE) if each == state), len(DUE))


@dataclass(frozen=True, slots=True)
class SlotState:
    """Where a slot is on a day; ``rung`` is None for a slot outside the count."""

    rung: Rung | None
    freshness: Freshness

    @property
    def mark(self) -> str:
        """The rung as one character, ``x`` for a slot outside the count."""
        return "x" if self.rung is None else str(int(self.rung))


#: The state of a slot of which nothing was ever written.
NEVER_WRITTEN = SlotState(Rung.UNKNOWN, Freshness.UNKNOWN)


def slot_state(
    slot: Slot | None, holder: Employment | None, representative: Staff | None, day: date, freshness_days: int
) -> SlotState:
    """Where is a slot on a day?

    Parameters
    ----------
    slot, holder, representative : row or None
        The slot, its holder's employment, and our representative, as of the instant.
    day : date
        The local day of the instant.
    freshness_days : int
        For how many days a check counts in this role.
    """
    if slot is None:
        return NEVER_WRITTEN
    facts = _facts(slot, holder, representative)
    met = ladder.conditions(facts, day, freshness_days)
    if met is None:
        return SlotState(None, Freshness.OUT)
    return SlotState(met.rung, _freshness(facts, day, freshness_days))


def is_gone(employment: Employment | None, day: date) -> bool:
    """Whether a person is no longer at the account on a day; nobody is gone too."""
    return ladder.gone(None if employment is None else _job(employment), day)


def _freshness(slot: ladder.Slot, day: date, window_days: int) -> Freshness:
    if slot.status is SlotStatus.VACANT:
        return Freshness.VACANT
    if slot.status is SlotStatus.NOT_APPLICABLE or ladder.gone(slot.holder, day):
        return Freshness.UNKNOWN
    if slot.verified_on is None:
        return Freshness.NEVER
    if not ladder.fresh(slot.verified_on, day, window_days):
        return Freshness.STALE
    left = window_days - (day - slot.verified_on).days
    return Freshness.DUE_SOON if left <= ladder.DUE_DAYS else Freshness.FRESH


def _facts(slot: Slot, holder: Employment | None, representative: Staff | None) -> ladder.Slot:
    ours = None
    if representative is not None:
        can_meet, can_deliver = bool(slot.can_meet), bool(slot.can_deliver)
        ours = ladder.Representative(can_meet, can_deliver, _day(representative.ended_on))
    return ladder.Slot(
        status=SlotStatus(slot.status or SlotStatus.OPEN),
        holder=None if holder is None else _job(holder),
        verified_on=_day(slot.verified_on),
        representative=ours,
        disposition=Disposition(slot.disposition) if slot.disposition else None,
        review_on=_day(slot.review_on),
    )


def _job(row: Employment) -> ladder.Employment:
    return ladder.Employment(EndKind(row.end_kind) if row.end_kind else None, _day(row.ended_on))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
