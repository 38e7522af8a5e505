"""The columns and dtypes of every frame that a measure returns; tests check them, also for empty input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

TEXT, COUNT, NUMBER, FLAG, CODES, DAY = "object", "int64", "float64", "bool", "category", "datetime64[s]"


@dataclass(frozen=True)
class FrameSchema:
    """The columns of a frame in their order, each with its dtype; ``object`` is a text, a list, or None.

    Attributes
    ----------
    dtypes : mapping
        Column to dtype.
    """

    dtypes: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """The columns in their order."""
        return list(self.dtypes)

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The columns of the schema, in its order and dtypes."""
        return frame[self.names].astype(dict(self.dtypes))

    def faults(self, frame: pd.DataFrame) -> list[str]:
        """How a frame differs from the schema, in words; empty if it does not."""
        found = {str(name): str(dtype) for name, dtype in frame.dtypes.items()}
        names = [] if list(found) == self.names else [f"columns are {', '.join(found)}"]
        return names + [
            f"{name} is {found[name]}, not {dtype}"
            for name, dtype in self.dtypes.items()
            if name in found and found[name] != dtype
        ]


def _schema(*columns: tuple[str, str]) -> FrameSchema:
    """A schema from pairs of columns (separated by blanks) and their dtype."""
    return FrameSchema({name: dtype for names, dtype in columns for name in names.split()})


CANDIDATES = _schema(
    ("account", TEXT), ("account_name", TEXT), ("focus", FLAG), ("role", TEXT), ("role_order", COUNT),
    ("level holder title phone person reason", TEXT), ("days score", NUMBER),
)  # fmt: skip
AGENDA = _schema(
    ("account account_name", TEXT), ("focus", FLAG), ("role roles reason", TEXT), ("minutes", COUNT), ("days", NUMBER),
    ("due holder title phone slots commitment kind note", TEXT), ("score", NUMBER),
)  # fmt: skip
ROTATION = _schema(("account account_name", TEXT), ("days", NUMBER))
