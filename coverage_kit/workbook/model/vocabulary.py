"""The choices that a page offers: the values of the method's enums, in their order.

The page gets these lists with its first state and never names a value itself. Each value's text is in ``words``, under
the prefix that stands with its list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from coverage_kit.domain.coaching import HEARD, NotKeptReason, Outcome, Route, Stage
from coverage_kit.domain.vocabulary import (
    Disposition,
    EndKind,
    EventKind,
    Level,
    Rung,
    SlotStatus,
    TieKind,
    VerifiedHow,
)
from coverage_kit.role_lists.slot_state import DUE

_GONE = (*EndKind, EventKind.ROLE_CHANGED)


class Choices(NamedTuple):
    """Values of one kind, and the prefix of their texts."""

    prefix: str
    values: Sequence[str]


CHOICES: dict[str, Choices] = {
    "due": Choices("state_", DUE),
    "rung": Choices("step_", [rung.name.lower() for rung in Rung if rung]),
    "status": Choices("", [*SlotStatus]),
    "disposition": Choices("", [*Disposition]),
    "verified_how": Choices("how_", [*VerifiedHow]),
    "end_kind": Choices("end_", _GONE),
    "mark": Choices("mark_", ["still", *_GONE, "unsure"]),
    "tie": Choices("tie_", [*TieKind]),
    "level": Choices("level_", [*Level]),
    "route": Choices("route_", [*Route]),
    "stage": Choices("stage_", [*Stage]),
    "outcome": Choices("", [*Outcome]),
    "not_kept_reason": Choices("reason_", [*NotKeptReason]),
    "voice": Choices("note_", HEARD),
}


def vocabulary() -> dict[str, list[str]]:
    """The values of every kind, as the page gets them."""
    return {name: [str(value) for value in choices.values] for name, choices in CHOICES.items()}
