"""What the made-up team sells, and to whom."""

from __future__ import annotations

from coverage_kit.role_lists.offerings import new_offering_names
from coverage_kit.sample.names import OFFERINGS
from coverage_kit.store import Change


def entered_offerings() -> list[Change]:
    """The rows that enter the offerings."""
    return [
        Change("offering", key, {"name": new_offering_names(ko, en), "active": 1}, base=0) for key, ko, en in OFFERINGS
    ]


def bought_by(n: int) -> tuple[str, ...]:
    """What the n-th account buys: every third account both, the others one of the two."""
    keys = tuple(key for key, *_ in OFFERINGS)
    place = n % 3
    return keys[place - 1 : place] or keys
