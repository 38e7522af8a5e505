"""What can be wrong with a row, and what that does to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a problem does: the row is not taken, a cell of it is not taken, or somebody should only know."""

    ROW = "row"
    CELL = "cell"
    NOTICE = "notice"


@dataclass(frozen=True)
class Problem:
    """One line of the table of problems; ``column`` is the file's own name where it has one."""

    row: int
    column: str
    code: str
    value: str
    message: str
    effect: Effect = Effect.ROW
