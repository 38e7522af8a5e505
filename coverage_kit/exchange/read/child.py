"""Reads one foreign file with little memory and time, and prints its rows: ``limited.py`` runs this as a process.

It imports nothing of ours, so that it starts fast and its memory holds only the file.
The output is JSON, one document a line: lists of rows, or an object with ``error``, ``choose``, ``long`` or ``done``.
"""

from __future__ import annotations

import html
import importlib.util
import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path

from pydantic_core import to_json

_MEMORY = 440 << 20
_SECONDS = 120
_CHUNK = 2_000
_HEAD = 30
_MAX_CELLS = 3_000_000
_MAX_TEXT = 96 << 20
#: Excel keeps fifteen digits of a number; what follows them is made up.
_EXACT = 1e15
_CODE_FORMAT = re.compile(r'(?:[0()+ -]|\\.|"[^"]*")*00(?:[0()+ -]|\\.|"[^"]*")*')


def main(kind: str, path: str, sheet: str) -> None:
    """Print the rows of a file, or one word that says why not."""
    _limit()
    try:
        if kind == "excel":
            _print_workbook(path, sheet)
        else:
            text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", newline="").read()
            _print_rows(_sibling(kind).read(text))
    except _TooLarge:
        _print({"error": "large"})
    except EOFError:
        _print({"error": "cut_off"})


def cell_text(value: object) -> str:
    """A cell's value as a person would type it: whole numbers without a point, days as YYYY-MM-DD."""
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer() and abs(value) < 1e21:
            return f"{value:.0f}"
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date() | time():
            return value.isoformat()
    return "" if value is None else str(value)


class _TooLarge(Exception):
    pass


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit; the time limit of the caller still holds.
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _sibling(name: str):  # type: ignore[no-untyped-def]
    spec = importlib.util.spec_from_file_location(f"_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _print(document: object) -> None:
    sys.stdout.buffer.write(to_json(document, inf_nan_mode="strings") + b"\n")


def _print_rows(rows: Iterable[list[str]]) -> None:
    n_cells = n_text = 0
    waiting = iter(rows)
    while chunk := [*islice(waiting, _CHUNK)]:
        n_cells += sum(map(len, chunk))
        n_text += sum(len("".join(row)) for row in chunk)
        if n_cells > _MAX_CELLS or n_text > _MAX_TEXT:
            raise _TooLarge
        _print(chunk)
    _print({"done": True})


# Workbooks ----------------------------------------------------------------------------------------------------------


def _print_workbook(path: str, wanted: str) -> None:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        with CalamineWorkbook.from_path(path) as book:
            kinds = [one for one in book.sheets_metadata if str(one.typ).endswith("WorkSheet")]
            visible = [one.name for one in kinds if str(one.visible).endswith(".Visible")]
            names = [wanted] if wanted in [one.name for one in kinds] else visible
            sheet, heads = None, {}
            for name in names:
                # Each sheet is parsed once: the parsing takes most of the time.
                found = book.get_sheet_by_name(name)
                if found.start is not None and sheet is None:
                    sheet = found
                if found.start is not None and len(names) > 1:
                    heads[name] = [[*map(cell_text, row)] for row in islice(found.iter_rows(), _HEAD)]
            if len(heads) > 1 or (wanted and names != [wanted]):
                _print({"choose": heads or {name: [] for name in visible}})
                return
            if sheet is None:
                _print({"done": True})
                return
            long: list[tuple[int, int]] = []
            _print_rows(_sheet_rows(sheet, code_formats(path, sheet.name), long))
            _print({"long": long})
    except PasswordError:
        _print({"error": "protected"})
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile, KeyError):
        _print({"error": "damaged"})


def _sheet_rows(sheet, formats: dict[tuple[int, int], str], long: list[tuple[int, int]]) -> Iterator[list[str]]:  # type: ignore[no-untyped-def]
    """All rows of a sheet from its first, also blank ones; what is merged downwards stands in each of its rows."""
    if sheet.start is None:
        return
    merged: dict[int, list[tuple[int, int]]] = {}
    for (first, column), (last, last_column) in sheet.merged_cell_ranges or []:
        if column == last_column:
            merged.setdefault(first, []).append((column, last))
    below: dict[int, tuple[int, str]] = {}
    top, left = sheet.start
    blank = [""] * left
    for _ in range(top):
        yield []
    for number, values in enumerate(sheet.iter_rows(), top):
        if {*map(type, values)} == {str}:
            row = blank + values  # Nearly all rows of most lists.
        else:
            row = blank + [value if type(value) is str else cell_text(value) for value in values]
            for column, value in enumerate(values, left):
                if type(value) is float or type(value) is int:
                    if abs(value) >= _EXACT:
                        long.append((number + 1, column))
                    if (number, column) in formats:
                        row[column] = show_code(value, formats[number, column])
        if below or number in merged:
            _fill_merged(row, number, below, merged.get(number, ()))
        yield row


def _fill_merged(
    row: list[str], number: int, below: dict[int, tuple[int, str]], begun: Iterable[tuple[int, int]]
) -> None:
    """Put the values of merged cells into a row, and remember those that begin in it."""
    for column, (last, text) in [*below.items()]:
        if column < len(row):
            row[column] = row[column] or text
        if number >= last:
            del below[column]
    for column, last in begun:
        if column < len(row):
            below[column] = (last, row[column])


def show_code(value: float, code: str) -> str:
    """A number in a format of zeros and signs, such as 000000 or 000-0000-0000."""
    if value < 0 or value != int(value):
        return cell_text(float(value))
    signs = re.findall(r'\\.|"[^"]*"|.', code)
    digits = [*str(int(value)).zfill(signs.count("0"))]
    shown = [digits.pop() if sign == "0" else sign.strip('"').removeprefix("\\") for sign in reversed(signs)]
    return "".join(digits) + "".join(reversed(shown))


def code_formats(path: str, sheet: str) -> dict[tuple[int, int], str]:
    """The cells of a sheet whose number format fills up with zeros: (row, column) from 0 to the format."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as packed:
        names = set(packed.namelist())
        if "xl/styles.xml" not in names:
            return {}
        styles = _codes(packed.read("xl/styles.xml").decode("utf-8", "replace"))
        part = _part_of(packed, sheet)
        return _formatted(packed.read(part), styles) if styles and part in names else {}


def _codes(styles: str) -> dict[str, str]:
    """The index of each cell style with such a format."""
    formats = {}
    for tag in re.findall(r"<(?:\w+:)?numFmt\s[^>]*>", styles):
        code = html.unescape(_attribute(tag, "formatCode")).removesuffix(";@")
        if _CODE_FORMAT.fullmatch(code):
            formats[_attribute(tag, "numFmtId")] = code
    cells = re.search(r"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    used = re.findall(r"<(?:\w+:)?xf\s[^>]*>", cells[0]) if cells and formats else []
    found = ((str(i), formats.get(_attribute(tag, "numFmtId"))) for i, tag in enumerate(used))
    return {index: code for index, code in found if code}


def _part_of(packed: zipfile.ZipFile, sheet: str) -> str:
    book = packed.read("xl/workbook.xml").decode("utf-8", "replace")
    tags = re.findall(r"<(?:\w+:)?sheet\s[^>]*>", book)
    key = next((_attribute(tag, "r:id") for tag in tags if html.unescape(_attribute(tag, "name")) == sheet), "")
    links = packed.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    found = [_attribute(tag, "Target") for tag in re.findall(r"<Relationship\s[^>]*>", links) if _attribute(tag, "Id") == key]  # fmt: skip
    return "" if not found else found[0].lstrip("/") if found[0].startswith("/") else f"xl/{found[0]}"


def _formatted(data: bytes, styles: dict[str, str]) -> dict[tuple[int, int], str]:
    found = {}
    for tag in re.finditer(rb"<(?:\w+:)?c\s[^>]*>", data):
        text = tag[0].decode("ascii", "replace")
        code = styles.get(_attribute(text, "s"))
        place = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", _attribute(text, "r"))
        if code and place:
            column = 0
            for letter in place[1]:
                column = 26 * column + ord(letter) - 64
            found[int(place[2]) - 1, column - 1] = code
    return found


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return (found[1] or found[2] or "") if found else ""


if __name__ == "__main__":
    main(*sys.argv[1:4])
