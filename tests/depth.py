"""How hard the tests try: few examples for a quick look, enough for every day, many for CI (``COVERAGE_KIT_DEPTH``)."""

from __future__ import annotations

import os
from typing import Literal, get_args

Depth = Literal["quick", "default", "deep"]
DEPTH = os.environ.get("COVERAGE_KIT_DEPTH", "default")
if DEPTH not in get_args(Depth):
    raise ValueError(f"COVERAGE_KIT_DEPTH={DEPTH}: expected one of {', '.join(get_args(Depth))}")


def depth(quick: int, default: int, deep: int) -> int:
    """How many examples, kills, cuts or seeds to try at the depth of this run."""
    return {"quick": quick, "default": default, "deep": deep}[DEPTH]
