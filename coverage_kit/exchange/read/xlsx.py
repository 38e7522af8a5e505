"""Excel workbooks as rows of text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from coverage_kit.errors import BadInput
from coverage_kit.exchange.read.xlsx_guard import check_workbook, damaged, protected, too_large
from coverage_kit.i18n import N_

Rows = list[tuple[int, list[str]]]

#: The name of the stream in which Excel keeps how a workbook is encrypted.
_ENCRYPTED = "EncryptionInfo".encode("utf-16-le")
_XLS_BYTES = 64 << 20
_XLS_SECONDS = 60


def read_xlsx(path: Path, sheet: str | None = None) -> Rows:
    """The rows of one sheet of an .xlsx file, as text, with the numbers that Excel shows.

    Parameters
    ----------
    path : Path
    sheet : str, optional
        Its name; needed where more than one has rows.

    Raises
    ------
    BadInput
        Damaged, protected by a password, several sheets and none named, or larger than a list is.
    """
    check_workbook(path)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = {name: book.get_sheet_by_name(name) for name in _names(book)}
            filled = [name for name, one in sheets.items() if one.start is not None]
            name = _choose(path.name, sheet, list(sheets), filled)
            return _numbered(sheet_rows(sheets[name])) if name else []
    except PasswordError as exc:
        raise protected(path.name) from exc
    except (CalamineError, OSError, ValueError) as exc:
        raise damaged(path.name) from exc


def read_xls(path: Path, sheet: str | None = None) -> Rows:
    """The rows of one sheet of an old .xls file, read by a process of its own whose memory is limited.

    An old workbook does not say how large its sheets are before it is read.

    Raises
    ------
    BadInput
        As for ``read_xlsx``.
    """
    if path.stat().st_size > _XLS_BYTES:
        raise too_large(path.name)
    if _ENCRYPTED in path.read_bytes():
        # A new workbook with a password lies in the shell of an old one, whatever it is called.
        raise protected(path.name)
    command = [sys.executable, "-m", "coverage_kit.exchange.read.child", str(path.absolute())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_XLS_SECONDS, check=False)
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except subprocess.TimeoutExpired as exc:
        raise too_large(path.name) from exc
    if answer is None:
        raise too_large(path.name)
    if isinstance(answer, str):
        raise protected(path.name) if answer == "protected" else damaged(path.name)
    filled = [name for name, rows in answer.items() if rows]
    name = _choose(path.name, sheet, list(answer), filled)
    return _numbered(answer[name]) if name else []


def sheet_rows(sheet: CalamineSheet) -> list[list[str]]:
    """All rows of a sheet from its first, also blank ones; what is merged downwards stands in each of its rows."""
    if sheet.start is None:
        return []
    top, left = sheet.start
    rows = [[""] * left + [cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=True)]
    rows = [[] for _ in range(top)] + rows
    for (first, column), (last, last_column) in sheet.merged_cell_ranges or []:
        if column == last_column and first < len(rows) and column < len(rows[first]):
            for row in rows[first + 1 : last + 1]:
                row[column] = row[column] or rows[first][column]
    return rows


def cell_text(value: Any) -> str:
    """A cell's value as a person would type it: whole numbers without a point, days as YYYY-MM-DD."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
    return "" if value is None else str(value)


def _names(book: CalamineWorkbook) -> list[str]:
    return [one.name for one in book.sheets_metadata if str(one.typ).endswith("WorkSheet")]


def _numbered(rows: Sequence[list[str]]) -> Rows:
    return [(i, row) for i, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]


def _choose(file: str, wanted: str | None, names: list[str], filled: list[str]) -> str | None:
    if wanted in names:
        return wanted
    if wanted is None and len(filled) < 2:
        return filled[0] if filled else None
    raise BadInput(
        "import.sheet",
        N_('{file} has several sheets: {names}. Say which one: --sheet "{first}"'),
        file=file,
        names=filled or names,
        first=(filled or names or ["–"])[0],
    )
