"""Tables in HTML that is called .xls, as Korea's exchange and many groupware programs export it.

``child.py`` loads this file by its path, so it imports nothing of ours.
"""

from __future__ import annotations

import re
from html import unescape

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_KOREAN = {"euc-kr", "euc_kr", "ks_c_5601-1987", "ksc5601", "ms949", "x-windows-949"}
_MOST_SPANNED = 100
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<(/?)([a-z][a-z0-9]*)\b([^>]*)>|[^<]+|<",
    re.IGNORECASE | re.DOTALL,
)
_SPAN = re.compile(r"\b(col|row)span\s*=\s*[\"']?\s*(\d{1,4})", re.IGNORECASE)


def find_charset(data: bytes) -> str | None:
    """The encoding that the page itself names; what Korean pages call EUC-KR is read as CP949, which holds it."""
    found = _CHARSET.search(data[:4096])
    if found is None:
        return None
    name = found.group(1).decode("ascii", "ignore").lower()
    return "cp949" if name in _KOREAN else name


def read(text: str) -> list[list[str]]:
    """The rows of the table with most rows, as text; a cell over several rows stands in each of them."""
    tables = _Tables()
    for token in _TOKEN.finditer(text):
        tag = token[3]
        if tag is None:
            if token[1] is None and not token[0].startswith("<!--") and tables.cell is not None:
                tables.cell.append(token[0])
        else:
            tables.take(tag.lower(), bool(token[2]), token[4])
    tables.end_row()
    return max(tables.found, key=len, default=[])


class _Tables:
    """Collects the tables of a page tag by tag."""

    def __init__(self) -> None:
        self.found: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self._below: dict[int, tuple[int, str]] = {}
        self._spans = (1, 1)

    def take(self, tag: str, is_end: bool, attributes: str) -> None:
        if tag in ("td", "th"):
            self._end_cell()
            if not is_end and self.found and self.found[-1]:
                self._spans = _spans(attributes)
                self.cell = []
        elif tag == "tr":
            self.end_row()
            if not is_end and self.found:
                self.found[-1].append([])
        elif tag == "table":
            self.end_row()
            if not is_end:
                self.found.append([])
                self._below = {}
        elif tag in ("br", "p", "div") and self.cell is not None:
            self.cell.append(" ")

    def end_row(self) -> None:
        self._end_cell()
        if self._below and self.found and self.found[-1]:
            self._fill_from_above(self.found[-1][-1])

    def _end_cell(self) -> None:
        if self.cell is None:
            return
        row = self.found[-1][-1]
        self._fill_from_above(row)
        text = "".join(self.cell)
        value = " ".join((unescape(text) if "&" in text else text).split())
        columns, rows = self._spans
        for i in range(columns):
            if rows > 1:
                self._below[len(row)] = (rows - 1, value if i == 0 else "")
            row.append(value if i == 0 else "")
        self.cell = None

    def _fill_from_above(self, row: list[str]) -> None:
        while len(row) in self._below:
            left, value = self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, value)
            row.append(value)


def _spans(attributes: str) -> tuple[int, int]:
    if "span" not in attributes.lower():
        return 1, 1
    found = {which.lower(): int(number) for which, number in _SPAN.findall(attributes)}
    return tuple(max(1, min(found.get(which, 1), _MOST_SPANNED)) for which in ("col", "row"))  # type: ignore[return-value]
