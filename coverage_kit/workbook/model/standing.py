"""How one slot stands on a day, from its rows: the ladder of the domain, for one account at a time.

``measures.History`` computes the same for whole territories at once; a test holds the two equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from coverage_kit.domain import ladder
from coverage_kit.domain.vocabulary import Disposition, EndKind, SlotStatus
from coverage_kit.role_lists.merging import merge_roles
from coverage_kit.workbook.model.responses import RoleView

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Required:
    """One required role of an account: the position, and how long a verification counts."""

    role: str
    window_days: int
    facts: Mapping[str, Any]


class Standard:
    """The required roles in force at an instant.

    Parameters
    ----------
    templates : iterable of mapping
        The template rows as of that instant.
    """

    def __init__(self, templates: Iterable[Row]) -> None:
        self._bodies = {row["id"]: json.loads(row["body"]) for row in templates}
        self._required: dict[str, tuple[Required, ...]] = {}

    def required(self, template_ids: str | None) -> tuple[Required, ...]:
        """The required roles of an account under these templates (its ``template_ids``), each once, in order."""
        key = template_ids or "[]"
        if key not in self._required:
            own = ((name, self._bodies[name]) for name in json.loads(key) if name in self._bodies)
            self._required[key] = tuple(Required(role["key"], window, role) for role, _, window in merge_roles(own))
        return self._required[key]

    def roles(self) -> dict[str, RoleView]:
        """What to say of every role: title and value in both languages, level and function."""
        return {
            role["key"]: {
                "title": role["title"],
                "level": role["level"],
                "function": role["function"],
                "value": role["value"],
            }
            for body in reversed(self._bodies.values())
            for role in body["roles"]
        }


@dataclass(frozen=True)
class Standing:
    """Where a slot stands on a day.

    ``rung`` is None where the slot is out of the count; ``state`` tells how old the verification is: ``fresh``,
    ``due_soon``, ``stale``, ``never``, ``vacant``, ``unknown``, or ``out``.
    """

    rung: int | None
    state: str

    @property
    def mark(self) -> str:
        """The rung as one character, ``x`` where the slot is out of the count."""
        return "x" if self.rung is None else str(self.rung)


#: Where a slot stands about which nothing was ever written.
NEVER_WRITTEN = Standing(0, "unknown")


def standing(required: Required, slot: Row | None, employment: Row | None, staff: Row | None, day: date) -> Standing:
    """Where does a slot stand on a day?

    Parameters
    ----------
    required : Required
    slot, employment, staff : mapping or None
        The slot's row, its holder's employment, and its representative, as of the instant.
    day : date
        The local day of the instant.
    """
    if slot is None:
        return NEVER_WRITTEN
    facts = _slot(slot, employment, staff)
    met = ladder.conditions(facts, day, required.window_days)
    if met is None:
        return Standing(None, "out")
    return Standing(int(met.rung), _state(facts, met.known, day, required.window_days))


def _state(slot: ladder.Slot, known: bool, day: date, window_days: int) -> str:
    if slot.status is SlotStatus.VACANT:
        return "vacant"
    if slot.status is SlotStatus.NOT_APPLICABLE or ladder.gone(slot.holder, day):
        return "unknown"
    if slot.verified_on is None:
        return "never"
    if not known:
        return "stale"
    return "due_soon" if window_days - (day - slot.verified_on).days <= ladder.DUE_DAYS else "fresh"


def _slot(slot: Row, employment: Row | None, staff: Row | None) -> ladder.Slot:
    holder = None
    if employment is not None:
        kind = employment["end_kind"]
        holder = ladder.Employment(EndKind(kind) if kind else None, _day(employment["ended_on"]))
    representative = None
    if staff is not None:
        can = (bool(slot["can_meet"]), bool(slot["can_deliver"]))
        representative = ladder.Representative(*can, _day(staff["ended_on"]))
    disposition = slot["disposition"]
    return ladder.Slot(
        SlotStatus(slot["status"]),
        holder,
        _day(slot["verified_on"]),
        representative,
        Disposition(disposition) if disposition else None,
        _day(slot["review_on"]),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
