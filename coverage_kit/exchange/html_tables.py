"""Tables in HTML that is called .xls, as Korea's exchange and many groupware programs export it."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
_KOREAN = {"euc-kr", "euc_kr", "ks_c_5601-1987", "ksc5601", "ms949", "x-windows-949"}


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
    soup = BeautifulSoup(text, "html.parser", parse_only=SoupStrainer("table"))
    tables = [_cells(table) for table in soup.find_all("table")]
    rows = max(tables, key=len, default=[])
    return [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]


def _cells(table: object) -> list[list[str]]:
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    for line in table.find_all("tr"):  # type: ignore[attr-defined]
        row: list[str] = []
        for cell in line.find_all(["td", "th"]):
            _fill_from_above(row, below)
            value = cell.get_text(" ", strip=True)
            for _ in range(min(_whole(cell.get("colspan")), 50)):
                below[len(row)] = (_whole(cell.get("rowspan")) - 1, value)
                row.append(value)
                value = ""
        _fill_from_above(row, below)
        rows.append(row)
    return rows


def _fill_from_above(row: list[str], below: dict[int, tuple[int, str]]) -> None:
    while (left := below.get(len(row), (0, "")))[0] > 0:
        below[len(row)] = (left[0] - 1, left[1])
        row.append(left[1])


def _whole(text: object) -> int:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and 0 < len(text) < 5 else 1
