"""The clock of the sample."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class MovableClock:
    """A clock that the sample moves forward; ``at`` is UTC milliseconds."""

    at: int = 0

    def __call__(self) -> int:
        """The instant it stands at."""
        return self.at
