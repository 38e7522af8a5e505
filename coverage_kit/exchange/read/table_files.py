"""Any file that holds a table, as rows of text: what it is is told by its content, never by its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange.outputs import as_typed
from coverage_kit.exchange.read.delimited import read_records
from coverage_kit.exchange.read.encodings import decode
from coverage_kit.exchange.read.html import find_charset, read_html
from coverage_kit.exchange.read.xlsx import read_xls, read_xlsx
from coverage_kit.i18n import N_

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HTML_BYTES = 12 << 20


@dataclass(frozen=True)
class Rows:
    """A file's rows as they stand.

    Attributes
    ----------
    rows : list
        ``(number as a spreadsheet shows it, cells)``; blank rows are left out but counted.
    encoding : str
        ``xlsx`` or ``xls`` for a workbook.
    is_guess : bool
        Whether the encoding is only likely.
    broken, suspect : frozenset of int
        Numbers of rows whose quotes cannot be right, or may not be.
    """

    rows: list[tuple[int, list[str]]]
    encoding: str
    is_guess: bool = False
    broken: frozenset[int] = frozenset()
    suspect: frozenset[int] = frozenset()


def read_rows(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Rows:
    """Read CSV, TSV, XLSX, XLS or HTML named .xls; codes like ``0123`` stay as they are.

    Parameters
    ----------
    path : Path
    encoding : str, optional
        Overrules what a text's bytes say.
    sheet : str, optional
        Of a workbook with several.

    Raises
    ------
    BadInput
        Not there, empty, damaged, too large, or in an encoding that cannot be told.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
        data = b"" if head.startswith((_ZIP, _OLE)) else path.read_bytes()
    except OSError as exc:
        raise BadInput(
            "file.missing", N_("The file {file} cannot be read; check its name and permissions."), file=path.name
        ) from exc
    if head.startswith(_ZIP):
        found = Rows(read_xlsx(path, sheet), "xlsx")
    elif head.startswith(_OLE):
        found = Rows(read_xls(path, sheet), "xls")
    elif _is_html(head):
        found = _read_html(data, path.name, encoding)
    else:
        found = _read_text(data, path.name, encoding)
    if not found.rows:
        raise BadInput("import.empty", N_("{file} is empty; it needs a header and rows."), file=path.name)
    return found


def _is_html(head: bytes) -> bool:
    text = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return text.startswith(b"<") and (b"<table" in text or b"<html" in text)


def _read_html(data: bytes, file: str, encoding: str | None) -> Rows:
    if len(data) > _HTML_BYTES:
        raise BadInput(
            "import.html_size",
            N_("{file} is a large web page; open it in Excel and save it as .xlsx."),
            file=file,
        )
    decoded = decode(data, file, encoding or find_charset(data))
    return Rows(read_html(decoded.text), decoded.encoding, decoded.is_guess)


def _read_text(data: bytes, file: str, encoding: str | None) -> Rows:
    decoded = decode(data, file, encoding)
    records = read_records(decoded.text)
    rows = records.rows
    if "'" in decoded.text:
        rows = [(number, [*map(as_typed, cells)]) for number, cells in rows]
    return Rows(rows, decoded.encoding, decoded.is_guess, records.broken, records.suspect)
