"""Any file that holds a table, as rows of text. Its content says what it is, never its name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange.outputs import as_typed
from coverage_kit.exchange.read.delimited import read_records
from coverage_kit.exchange.read.encodings import decode
from coverage_kit.exchange.read.html import find_charset
from coverage_kit.exchange.read.limited import read_limited
from coverage_kit.exchange.read.whole import read_whole
from coverage_kit.exchange.read.xlsx import read_workbook
from coverage_kit.i18n import N_

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HTML_BYTES = 96 << 20
#: More than three million contacts.
_MOST_MB = 512


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
    long : frozenset
        ``(row number, column)`` of number cells with more digits than Excel keeps.
    is_text : bool
        Whether separators made the cells, so that a row of another width may be shifted.
    """

    rows: list[tuple[int, list[str]]]
    encoding: str
    is_guess: bool = False
    broken: frozenset[int] = frozenset()
    suspect: frozenset[int] = frozenset()
    long: frozenset[tuple[int, int]] = frozenset()
    is_text: bool = False


def read_rows(path: Path, *, encoding: str | None = None, sheet: str | None = None) -> Rows:
    """Read CSV, TSV, XLSX, XLS, vCard or HTML named .xls; codes like ``0123`` stay as they are.

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
        Not there, empty, damaged, too large, of a format that is not read, or in an unclear encoding.
    """
    try:
        data = read_whole(path, most_mb=_MOST_MB)
        head = data[:4096]
    except OSError as exc:
        raise BadInput(
            "file.missing", N_("The file {file} cannot be read; check its name and permissions."), file=path.name
        ) from exc
    if head.startswith((_ZIP, _OLE)):
        is_old = head.startswith(_OLE)
        book = read_workbook(path, sheet, is_old=is_old)
        found = Rows(book.rows, "xls" if is_old else "xlsx", long=book.long)
    else:
        found = _read_text(data, head, path, encoding)
    if not found.rows:
        raise BadInput("import.empty", N_("{file} is empty; it needs a header and rows."), file=path.name)
    return found


def _read_text(data: bytes, head: bytes, path: Path, encoding: str | None) -> Rows:
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    _refuse_other(path.name, start, data)
    if _is_html(start):
        if len(data) > _HTML_BYTES:
            raise BadInput(
                "import.html_size",
                N_("{file} is a large web page; open it in Excel and save it as .xlsx."),
                file=path.name,
            )
        decoded = decode(data, path.name, encoding or find_charset(data))
        return Rows(read_limited("html", path, text=decoded.text).rows, decoded.encoding, decoded.is_guess)
    decoded = decode(data, path.name, encoding)
    if start.startswith(b"begin:vcard"):
        return Rows(read_limited("vcard", path, text=decoded.text).rows, decoded.encoding, decoded.is_guess)
    records = read_records(decoded.text)
    rows = records.rows
    if "'" in decoded.text:
        rows = [(number, [*map(as_typed, cells)]) for number, cells in rows]
    return Rows(rows, decoded.encoding, decoded.is_guess, records.broken, records.suspect, is_text=True)


def _is_html(start: bytes) -> bool:
    return start.startswith(b"<") and (b"<table" in start or b"<html" in start)


def _refuse_other(file: str, start: bytes, data: bytes) -> None:
    """Name a format that is not read here, and what to do."""
    form = None
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<workbook" in start:
        form = "XML Spreadsheet 2003"
    elif start.startswith(b"mime-version:") and b"multipart/" in start:
        form = "MHTML (.mht)"
    elif start.startswith(b"%pdf-"):
        form = "Adobe PDF (.pdf)"
    if form is not None:
        raise BadInput(
            "import.format",
            N_("{file} is an {format} file; open it in Excel and save it as .xlsx or 'CSV UTF-8'."),
            file=file,
            format=form,
        )
    if (start.startswith((b"[{", b'{"')) or start[:1] in (b"[", b"{")) and data.rstrip()[-1:] in (b"]", b"}"):
        raise BadInput(
            "import.format",
            N_("{file} is a JSON file; export the list as CSV or Excel and import that file."),
            file=file,
        )
