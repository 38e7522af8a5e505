"""Tables out of the program: no spreadsheet runs what stands in them, and reading them again gives them back."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from coverage_kit.assets.private import make_folder, write_file
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

#: Blanks, signs that show nothing, and separators do not keep a spreadsheet from running what follows them.
_LIVE = re.compile(
    r"'*[\s;,\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]*[=+\-@\t\r＝＋－＠|｜\ufe62\ufe63\ufe66\ufe6b\u2212]"
)
#: What a cell of a workbook holds at the most.
_XLSX_CELL = 32_767


def harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula; an apostrophe in front marks it as text."""
    return f"'{cell}" if _LIVE.match(cell) else cell


def as_typed(cell: str) -> str:
    """A cell without the apostrophe that marks it as text."""
    return cell[1:] if cell[:1] == "'" and _LIVE.match(cell, 1) else cell


def write_table(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[str]], *, encoding: str = "utf-8-sig"
) -> None:
    """Write a table as .csv or .xlsx, by the ending of its name; whole or not at all, readable by its owner alone.

    Parameters
    ----------
    path : Path
    header : sequence of str
    rows : iterable of sequence of str
    encoding : str
        Of a .csv: ``utf-8-sig`` or ``cp949``.

    Raises
    ------
    BadInput
        Another ending, a character that the encoding does not have, or a folder that cannot be written.
    """
    ending = path.suffix.lower()
    if ending == ".xlsx":
        data = _xlsx(header, rows)
    elif ending == ".csv":
        data = _csv(path.name, header, rows, encoding)
    else:
        raise BadInput(
            "export.ending", N_("{file}: name the file .csv or .xlsx; that says which of them is written."), file=path.name
        )  # fmt: skip
    try:
        make_folder(path.parent)
        write_file(path, data)
    except OSError as exc:
        raise BadInput(
            "export.folder",
            N_("{file} cannot be written ({reason}). Check the folder, its permissions and the free space."),
            file=path.name,
            reason=exc.strerror or type(exc).__name__,
        ) from exc


def table_text(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as the text of a .csv file that Excel opens: what a page hands over as a download."""
    return _csv("", header, rows, "utf-8-sig").decode("utf-8")


def _csv(file: str, header: Sequence[str], rows: Iterable[Sequence[str]], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*map(harmless, header)])
    writer.writerows([*map(harmless, row)] for row in rows)
    try:
        return text.getvalue().encode(encoding)
    except UnicodeEncodeError as exc:
        raise BadInput(
            "export.encoding",
            N_("{file}, line {line}: '{sign}' does not exist in {encoding}; leave --encoding out, or name the file .xlsx."),
            file=file, line=text.getvalue().count("\n", 0, exc.start) + 1,
            sign=text.getvalue()[exc.start], encoding=encoding,
        ) from exc  # fmt: skip
    except LookupError as exc:
        raise BadInput(
            "export.encoding_unknown",
            N_("'{encoding}' is not an encoding; use utf-8-sig or cp949."),
            encoding=encoding[:40],
        ) from exc


def _xlsx(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    import xlsxwriter

    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for column, name in enumerate(header):
            sheet.write_string(0, column, name, bold)
        n_rows = 0
        for n_rows, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell:
                    sheet.write_string(n_rows, column, cell[:_XLSX_CELL])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(n_rows, 1), max(len(header) - 1, 0))
        sheet.set_column(0, max(len(header) - 1, 0), 18)
    return data.getvalue()
