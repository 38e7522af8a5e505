"""The versions of one entity as integer codes, ready to be asked for any instant."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import numpy as np
import pandas as pd

S = TypeVar("S", np.int8, np.uint8, np.int32, np.int64, np.float64, np.bool, np.object_)
#: An array of one dimension, by what it holds.
Array: TypeAlias = np.ndarray[tuple[int], np.dtype[S]]

#: Day numbers for a date that is not given: before all days, or after all.
NEVER = np.iinfo(np.int64).min
AHEAD = np.iinfo(np.int64).max


class Log:
    """Every version of every thing of one entity, sorted by id and version.

    Parameters
    ----------
    frame : DataFrame
        ``id version at is_void`` and the entity's fields (``store.load_history``).
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame.reset_index(drop=True)
        code, ids = pd.factorize(frame["id"])
        self.code = code
        self.ids = pd.Index(ids)
        self.at = frame["at"].to_numpy(np.int64)
        self._void = frame["is_void"].to_numpy(np.int64).astype(bool)
        self._same = np.append(code[1:] == code[:-1], False) if len(frame) else np.zeros(0, bool)

    def rows(self, at: int) -> Array[np.int64]:
        """Positions of the last version of each thing at an instant, without what was taken back."""
        seen = self.at <= at
        if not len(seen):
            return np.zeros(0, np.int64)
        newer = self._same & np.append(seen[1:], False)
        return np.flatnonzero(seen & ~newer & ~self._void)

    def lookup(self, at: int) -> Array[np.int64]:
        """For each code the position of its last version at an instant; −1 where there is none, and at code −1."""
        table = np.full(len(self.ids) + 1, -1)
        rows = self.rows(at)
        table[self.code[rows]] = rows
        return table

    def as_of(self, at: int) -> pd.DataFrame:
        """The last version of each thing at an instant, without what was taken back."""
        return self.frame.iloc[self.rows(at)].reset_index(drop=True)

    def code_of(self, key: str) -> int:
        """The code of one thing; −1 where nothing of that id was ever written."""
        return int(self.ids.get_indexer(pd.Index([key], dtype=object))[0])

    def texts(self, name: str) -> Array[np.object_]:
        """A field of all versions as objects."""
        return self.frame[name].to_numpy(object)

    def references(self, name: str, ids: pd.Index[str]) -> Array[np.int64]:
        """A field of all versions as positions among ids, −1 where it names none of them."""
        return np.asarray(ids.get_indexer(pd.Index(self.frame[name])))

    def words(self, name: str, words: list[str]) -> Array[np.int8]:
        """A field of all versions as positions in a list of words, −1 where it is none of them."""
        return np.asarray(pd.Index(words).get_indexer(pd.Index(self.frame[name]))).astype(np.int8)

    def days(self, name: str, missing: int) -> Array[np.int64]:
        """A field of ISO days as ordinal numbers; each distinct day is parsed once."""
        codes, days = pd.factorize(self.frame[name])
        numbers = [pd.Timestamp(day).toordinal() for day in days]
        return np.array([*numbers, missing], np.int64)[codes]


def pick(values: Array[S], rows: Array[np.int64], missing: str | float | bool | None = None) -> Array[S]:
    """The values at some rows; ``missing`` where the row is −1."""
    end = np.array([missing], values.dtype)
    return np.asarray(np.concatenate([values, end])[rows])
