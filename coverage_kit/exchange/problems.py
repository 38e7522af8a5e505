"""What can be wrong with a row, and what that does to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from coverage_kit.i18n import texts

#: The column that says why a row was rejected; it stands first, so that rows of any length keep their own columns.
PROBLEM = "problem"


class Effect(StrEnum):
    """What a problem does: the row is not taken, a cell of it is not taken, or somebody should only know."""

    ROW = "row"
    CELL = "cell"
    NOTICE = "notice"


@dataclass(frozen=True)
class Problem:
    """One line of the table of problems; ``column`` is the file's own name where it has one.

    ``message`` is in the language of the import; ``said`` and ``values`` are what it was made of.
    """

    row: int
    column: str
    code: str
    value: str
    message: str
    effect: Effect = Effect.ROW
    said: str = field(default="", repr=False, compare=False)
    values: Mapping[str, object] = field(default_factory=dict, repr=False, compare=False)

    def text(self, lang: str) -> str:
        """The message in a language."""
        return texts(lang)(self.said, **self.values) if self.said else self.message
