"""Text with separators as records: read strictly first, and leniently only where the strict reader fails."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 200
#: Lines a broken record may go on for.
_CONTINUED = 20
#: Excel writes the separator of a file into its first line.
_SEP = re.compile(r"\ufeff?sep=(.)\r?\n?", re.IGNORECASE)


@dataclass(frozen=True)
class Records:
    """The records of a text.

    Attributes
    ----------
    rows : list
        ``(number as a spreadsheet shows it, cells)``; blank records are left out but counted.
    broken : frozenset of int
        Numbers of records whose quotes cannot be right.
    suspect : frozenset of int
        Numbers of records in which a cell holds lines that look like rows.
    """

    rows: list[tuple[int, list[str]]]
    broken: frozenset[int] = field(default=frozenset())
    suspect: frozenset[int] = field(default=frozenset())


@dataclass(frozen=True)
class Dialect:
    """How a text separates and quotes its cells."""

    delimiter: str
    quote: str = '"'
    skip_blank: bool = False

    def reader(self, lines: Iterable[str], *, strict: bool = True) -> Reader:
        """A reader of some lines."""
        return csv.reader(
            lines, delimiter=self.delimiter, quotechar=self.quote, skipinitialspace=self.skip_blank, strict=strict
        )


def read_records(text: str, delimiter: str | None = None) -> Records:
    """Split a text into records and cells, as text.

    A text that the strict reader accepts gives exactly the rows of the strict reader. After an error only the broken
    record is read leniently, and it keeps all its lines.

    Parameters
    ----------
    text : str
        Any line ends, also mixed.
    delimiter : str, optional
        Comma, semicolon, tab or vertical bar; found by how well the text fits each by default.
    """
    first = _SEP.match(text)
    lines = [*io.StringIO(text, newline="")]
    dialect = find_dialect(lines, delimiter or (first[1] if first else None))
    try:
        records = [*dialect.reader(lines)]
    except csv.Error:
        return _recover(lines, dialect)
    if first:
        records[0] = []
    rows = [(number, cells) for number, cells in enumerate(records, 1) if _is_filled(cells)]
    if len(records) == len(lines):
        return Records(rows)
    return Records(rows, suspect=frozenset(_suspect(rows, dialect)))


def find_dialect(lines: list[str], delimiter: str | None = None) -> Dialect:
    """The separator and the quotes that fit the first records best.

    Records that all have the same width speak for a separator. Single quotes, and a blank before a quote, count only
    where they turn rows of different widths into rows of one width, or where every cell has them.
    """
    best, most = Dialect(delimiter or ","), (False, 0)
    for sign in [delimiter] if delimiter else _DELIMITERS:
        dialect = Dialect(sign)
        widths = [len(cells) for cells in _sample(lines, dialect) or _split(lines, sign) if _is_filled(cells)]
        width, times = _usual(width for width in widths if width > 1)
        fit = (len(set(widths)) == 1 and width > 1, times * min(width - 1, 3))
        if fit > most:
            best, most = dialect, fit
    for other in (Dialect(best.delimiter, skip_blank=True), Dialect(best.delimiter, "'")):
        if _is_better(lines, other, best):
            return other
    return best


def _is_better(lines: list[str], other: Dialect, plain: Dialect) -> bool:
    before = " +" if other.skip_blank else ""
    opening = re.compile(rf"(?:{'' if other.skip_blank else '^|'}[{re.escape(other.delimiter)}]){before}{other.quote}")
    head = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if 2 * sum(bool(opening.search(line)) for line in head[1:]) < max(len(head) - 1, 1):
        return False
    widths, _ = _widths(lines, other)
    if len(widths) != 1 or max(widths) < 2:
        return False
    plain_widths, rows = _widths(lines, plain)
    if len(plain_widths) != 1:
        return True
    quoted = re.compile(rf"\s*{other.quote}.*{other.quote}", re.DOTALL)
    cells = [cell for row in rows[1:] for cell in row[other.skip_blank :] if cell.strip()]
    return len(rows) > 2 and bool(cells) and all(map(quoted.fullmatch, cells))


def _widths(lines: list[str], dialect: Dialect) -> tuple[set[int], list[list[str]]]:
    rows = [cells for cells in _sample(lines, dialect) or [] if _is_filled(cells)]
    return {len(cells) for cells in rows}, rows


def _sample(lines: list[str], dialect: Dialect) -> list[list[str]] | None:
    try:
        return [*islice(dialect.reader(iter(lines)), _LOOKED_AT)]
    except csv.Error:
        return None


def _split(lines: list[str], delimiter: str) -> list[list[str]]:
    return [line.split(delimiter) for line in lines[:_LOOKED_AT]]


def _usual(widths: Iterable[int]) -> tuple[int, int]:
    counts = Counter(widths)
    width = max(counts, key=lambda n: (counts[n], n), default=1)
    return width, counts[width]


def _recover(lines: list[str], dialect: Dialect) -> Records:
    """Read on after each error: the broken record is named, the records after it are read on their own."""
    width, _ = _usual(len(cells) for cells in _split(lines, dialect.delimiter) if _is_filled(cells))
    rows: list[tuple[int, list[str]]] = []
    broken: set[int] = set()
    start = number = 0
    while start < len(lines):
        reader = dialect.reader(lines[i] for i in range(start, len(lines)))
        read = 0
        try:
            for cells in reader:
                number += 1
                inner = lines[start + read + 1 : start + reader.line_num]
                if len(cells) != width and _looks_like_rows(inner, dialect.delimiter, width):
                    # The text is not valid as a whole, so this record has swallowed the rows below it.
                    number -= 1
                    break
                read = reader.line_num
                if _is_filled(cells):
                    rows.append((number, cells))
            else:
                break
        except csv.Error:
            pass
        start += read
        number += 1
        end = _end_of_broken(lines, start, dialect, width)
        broken.add(number)
        rows.append((number, _loose_cells(lines[start:end], dialect)))
        start = end
    return Records(rows, frozenset(broken), frozenset(_suspect(rows, dialect)))


def _end_of_broken(lines: list[str], start: int, dialect: Dialect, width: int) -> int:
    """Where a broken record ends: with its line, or where its open quote is closed if no row lies between."""
    ahead = lines[start : start + _CONTINUED]
    n_signs = [line.count(dialect.delimiter) for line in ahead[1:]]
    n_more = next((i for i, n in enumerate(n_signs) if n >= width - 1), len(n_signs))
    reader = dialect.reader(ahead, strict=False)
    try:
        next(reader, None)
        n_read = reader.line_num
    except csv.Error:  # A cell longer than the reader takes.
        n_read = 1
    if 1 < n_read <= n_more + 1 and (n_read < len(ahead) or start + len(ahead) == len(lines)):
        return start + n_read
    if ahead[0].count(dialect.quote) % 2:
        for n, line in enumerate(ahead[1 : n_more + 1], 2):
            if line.count(dialect.quote) % 2:
                return start + n
    return start + 1


def _is_filled(cells: list[str]) -> bool:
    return any(map(str.strip, cells))


def _suspect(rows: list[tuple[int, list[str]]], dialect: Dialect) -> Iterator[int]:
    """Records in which a cell holds a line that looks like a row."""
    width, _ = _usual(len(cells) for _, cells in rows[:_LOOKED_AT])
    for number, cells in rows:
        for cell in cells:
            if "\n" in cell and _looks_like_rows(cell.split("\n")[1:-1], dialect.delimiter, width):
                yield number
                break


def _looks_like_rows(inner: list[str], delimiter: str, width: int) -> bool:
    return width > 1 and any(line.count(delimiter) == width - 1 for line in inner)


def _loose_cells(lines: list[str], dialect: Dialect) -> list[str]:
    text = "".join(lines)[:100_000]
    return [cell.rstrip("\r\n") for cells in dialect.reader([text], strict=False) for cell in cells]
