"""Text with separators as records; a quote that is never closed costs its own row and no other."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_DELIMITERS = (",", ";", "\t")
_LOOKED_AT = 200


@dataclass(frozen=True)
class Records:
    """The records of a text.

    Attributes
    ----------
    rows : list
        ``(number as a spreadsheet shows it, cells)``; blank records are left out but counted.
    broken : frozenset of int
        Numbers of records whose quotes cannot be right; only their first line is in them, the rest is read on its own.
    suspect : frozenset of int
        Numbers of records in which a cell holds lines that look like rows of their own.
    """

    rows: list[tuple[int, list[str]]]
    broken: frozenset[int] = field(default=frozenset())
    suspect: frozenset[int] = field(default=frozenset())


def read_records(text: str, delimiter: str | None = None) -> Records:
    """Part a text into records and cells, as text.

    Parameters
    ----------
    text : str
        Any line ends, also mixed.
    delimiter : str, optional
        Comma, semicolon or tab, whichever its lines have most of, by default.

    Returns
    -------
    Records
    """
    lines = _Lines(list(io.StringIO(text, newline="")))
    delimiter = delimiter or _find_delimiter(lines.all)
    width = _usual_width(lines.all, delimiter)
    rows: list[tuple[int, list[str]]] = []
    broken, suspect = set(), set()
    number = 0
    while lines.position < len(lines.all):
        start = lines.position
        try:
            for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                number += 1
                if lines.position - start > 1:
                    inner = lines.all[start + 1 : lines.position]
                    if len(cells) != width and _looks_like_rows(inner, delimiter, width):
                        number -= 1
                        break
                    if _looks_like_rows(inner[:-1], delimiter, width):
                        suspect.add(number)
                if any(cells) and any(cell.strip() for cell in cells):
                    rows.append((number, cells))
                start = lines.position
            else:
                continue
        except csv.Error:
            pass
        # The quote opened in this line is not closed where it should be: this line is named, the next ones are read.
        number += 1
        broken.add(number)
        rows.append((number, _loose_cells(lines.all[start], delimiter)))
        lines.position = start + 1
    return Records(rows, frozenset(broken), frozenset(suspect))


class _Lines:
    """Lines to read one after the other, from a position that can be set back."""

    def __init__(self, lines: list[str]) -> None:
        self.all = lines
        self.position = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.position >= len(self.all):
            raise StopIteration
        self.position += 1
        return self.all[self.position - 1]


def _find_delimiter(lines: list[str]) -> str:
    """What most of the first lines have in equal number; a preamble of prose does not decide."""
    filled = [line for line in lines[:_LOOKED_AT] if line.strip()]
    counts = {sign: Counter(line.count(sign) for line in filled if sign in line) for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: max((n * times for n, times in counts[sign].items()), default=0))


def _usual_width(lines: list[str], delimiter: str) -> int:
    counts = Counter(line.count(delimiter) for line in lines[:_LOOKED_AT] if line.strip())
    return 1 + max(counts, key=lambda n: (counts[n], n), default=0)


def _looks_like_rows(inner: list[str], delimiter: str, width: int) -> bool:
    return width > 1 and any(line.count(delimiter) == width - 1 for line in inner)


def _loose_cells(line: str, delimiter: str) -> list[str]:
    return [cell.rstrip("\r\n") for cell in next(csv.reader([line[:100_000]], delimiter=delimiter), [])]
