"""The workspace's clock: the only place that asks what time it is."""

from __future__ import annotations

import time
from collections.abc import Callable

#: Gives the present instant in UTC milliseconds.
Clock = Callable[[], int]


def system_clock() -> int:
    """The present instant of this machine, in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def pinned_clock(at: int) -> Clock:
    """A clock that stands still at an instant (UTC milliseconds), so that a sample never ages."""
    return lambda: at
