"""Tables as people have them, read as text: UTF-8 CSV with commas, semicolons or tabs."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange.delimited import read_records
from coverage_kit.i18n import N_

_LIVE = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠|｜]")
_HEADER_ROWS = 1
#: The column that says why a row was rejected; it stands first, so that rows of any length keep their own columns.
PROBLEM = "problem"


class Effect(StrEnum):
    """What a problem does to its row: it is not taken, or it is taken and somebody should know."""

    ROW = "row"
    NOTICE = "notice"


@dataclass(frozen=True)
class TableFile:
    """A file's header and rows.

    ``rows`` holds ``(row number as a spreadsheet shows it, cells)``; ``broken`` and ``suspect`` are numbers of rows
    whose quotes cannot be right, or may not be.
    """

    header: list[str]
    rows: list[tuple[int, list[str]]]
    broken: frozenset[int] = frozenset()
    suspect: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Why a row cannot be used, or what somebody should know of it."""

    row: int
    column: str
    code: str
    value: str
    message: str
    effect: Effect = Effect.ROW


def read_table(path: Path) -> TableFile:
    """Read a CSV file as text; codes like ``0123`` stay as they are.

    Parameters
    ----------
    path : Path

    Raises
    ------
    BadInput
        Not there, not UTF-8, no header, or two columns of the same name.
    """
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise BadInput(
            "file.missing", N_("The file {file} cannot be read; check its name and permissions."), file=path.name
        ) from exc
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        line = data[: exc.start].count(b"\n") + 1
        raise BadInput(
            "import.encoding",
            N_("{file}, line {line}: this is not UTF-8; save it in Excel as 'CSV UTF-8' and import that file."),
            file=path.name,
            line=line,
        ) from exc
    if "\0" in text:
        raise BadInput(
            "import.binary",
            N_("{file} is not a text file; save it in Excel as 'CSV UTF-8' and import that file."),
            file=path.name,
        )
    records = read_records(text)
    filled = records.rows
    if not filled:
        raise BadInput("import.empty", N_("{file} is empty; it needs a header and rows."), file=path.name)
    header = [_as_typed(cell).strip() for cell in filled[0][1]]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise BadInput(
            "import.header_twice",
            N_("{file}: the column '{column}' appears twice; rename one."),
            file=path.name,
            column=twice[0],
        )
    cells = [(number, [*map(_as_typed, row)]) for number, row in filled[_HEADER_ROWS:]]
    return TableFile(header, cells, records.broken, records.suspect)


def map_header(
    table: TableFile, known: Mapping[str, Iterable[str]], required: Iterable[str], mapping: Mapping[str, str], file: str
) -> dict[str, int]:
    """Which column of the file is which of ours?

    Parameters
    ----------
    table : TableFile
    known : mapping
        Our column to the names under which it is met, best first.
    required : iterable of str
        Ours that must be there.
    mapping : mapping
        Theirs to ours, as the user said; it overrules.
    file : str
        For the message.

    Returns
    -------
    dict
        Our column to its position.
    """
    keys = {name_key(name): i for i, name in enumerate(table.header)}
    found: dict[str, int] = {}
    for theirs, ours in mapping.items():
        if name_key(theirs) not in keys or ours not in known:
            raise BadInput(
                "import.map_unknown",
                N_('--map "{theirs}={ours}": the file has the columns {header}; ours are {ours_all}.'),
                theirs=theirs,
                ours=ours,
                header=table.header,
                ours_all=list(known),
            )
        found[ours] = keys[name_key(theirs)]
    for ours, names in known.items():
        position = next((keys[name_key(n)] for n in (ours, *names) if name_key(n) in keys), None)
        if position is not None and position not in found.values():
            found.setdefault(ours, position)
    lacking = [ours for ours in required if ours not in found]
    if lacking:
        raise BadInput(
            "import.column_missing",
            N_('{file}: no column for {lacking}; the file has {header}. Say which it is: --map "{example}={first}"'),
            file=file,
            lacking=lacking,
            header=table.header,
            example=table.header[0],
            first=lacking[0],
        )
    return found


def write_rejects(path: Path, table: TableFile, problems: Iterable[Problem]) -> None:
    """Write the rejected rows in the file's own columns, with the reason, so that they can be mended and imported."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        if problem.effect is Effect.ROW:
            reasons.setdefault(problem.row, []).append(f"{problem.column}: {problem.message}")
    again = int(table.header[0] == PROBLEM)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w", encoding="utf-8-sig", newline=""
    ) as file:
        writer = csv.writer(file)
        writer.writerow([PROBLEM, *map(_harmless, table.header[again:])])
        writer.writerows(
            [_harmless("; ".join(reasons[row])), *map(_harmless, cells[again:])]
            for row, cells in table.rows
            if row in reasons
        )


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet will not run as a formula; an apostrophe in front marks it as text."""
    return f"'{cell}" if _LIVE.match(cell) else cell


def _as_typed(cell: str) -> str:
    """A cell without the apostrophe that marks it as text."""
    return cell[1:] if cell[:1] == "'" and _LIVE.match(cell, 1) else cell
