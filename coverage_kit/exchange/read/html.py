"""Tables in HTML that is called .xls, as Korea's exchange and many groupware programs export it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_KOREAN = {"euc-kr", "euc_kr", "ks_c_5601-1987", "ksc5601", "ms949", "x-windows-949"}
_MOST_SPANNED = 100
_HIDDEN = {"script", "style"}


def find_charset(data: bytes) -> str | None:
    """The encoding that the page itself names; what Korean pages call EUC-KR is read as CP949, which holds it."""
    found = _CHARSET.search(data[:4096])
    if found is None:
        return None
    name = found.group(1).decode("ascii", "ignore").lower()
    return "cp949" if name in _KOREAN else name


def read_html(text: str) -> list[tuple[int, list[str]]]:
    """The rows of the table with most rows, as text; a cell over several rows stands in each of them.

    Parameters
    ----------
    text : str

    Returns
    -------
    list
        ``(number, cells)``; blank rows are left out but counted.
    """
    parser = _Tables()
    parser.feed(text)
    parser.close()
    rows = max(parser.tables, key=len, default=[])
    return [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]


class _Tables(HTMLParser):
    """Collects tables as they stream by: a tree of a whole page would take fifty times its size."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._below: dict[int, tuple[int, str]] = {}
        self._cell: list[str] | None = None
        self._spans = (1, 1)
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._end_cell()
            self.tables.append([])
            self._below = {}
        elif tag == "tr" and self.tables:
            self._end_row()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._end_cell()
            values = dict(attrs)
            self._spans = (_whole(values.get("colspan")), _whole(values.get("rowspan")))
            self._cell = []
        elif tag in _HIDDEN:
            self._hidden = True
        elif tag == "br":
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("tr", "table"):
            self._end_row()
        elif tag in ("td", "th"):
            self._end_cell()
        elif tag in _HIDDEN:
            self._hidden = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None and not self._hidden:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._end_row()

    def _end_cell(self) -> None:
        if self._cell is None:
            return
        row = self.tables[-1][-1]
        self._fill_from_above(row)
        value = " ".join("".join(self._cell).split())
        columns, rows = self._spans
        for i in range(columns):
            if rows > 1:
                self._below[len(row)] = (rows - 1, value if i == 0 else "")
            row.append(value if i == 0 else "")
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self.tables and self.tables[-1]:
            self._fill_from_above(self.tables[-1][-1])

    def _fill_from_above(self, row: list[str]) -> None:
        while len(row) in self._below:
            left, value = self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, value)
            row.append(value)


def _whole(text: str | None) -> int:
    return min(int(text), _MOST_SPANNED) if text and text.isascii() and text.isdigit() and len(text) < 5 and int(text) else 1  # fmt: skip
