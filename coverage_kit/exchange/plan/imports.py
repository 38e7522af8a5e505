"""What importing a file would change: a plan against what is there, which the caller saves or only shows.

A plan never deletes, never blanks a field, never touches a slot: who is known is for a person to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from coverage_kit.domain.identifiers import clean_text, is_clean
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.accounts import plan_accounts
from coverage_kit.exchange.plan.contacts import ContactPlan
from coverage_kit.exchange.plan.headers import TableFile, find_table
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, LastExport, Present, Progress
from coverage_kit.exchange.plan.staff import plan_staff
from coverage_kit.exchange.problems import Effect
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.i18n import N_

_SAMPLES = 3
_STEP = 2_000


def read_import(
    kind: str,
    path: Path,
    *,
    mapping: Mapping[str, str] | None = None,
    kept: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
) -> TableFile:
    """Read a file of accounts, contacts or staff, and find our columns in it.

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    path : Path
    mapping, kept : mapping, optional
        Their column to ours, as said now and as said before.
    encoding, sheet : str, optional
        Overrule what the file says of itself.

    Raises
    ------
    BadInput
    """
    return find_table(read_rows(path, encoding=encoding, sheet=sheet), kind, path.name, mapping or {}, kept or {})


def plan_import(
    kind: str,
    table: TableFile,
    present: Present,
    last: LastExport,
    *,
    default_template: str,
    new_id: Callable[[str], str],
    lang: str = "en",
    progress: Progress | None = None,
) -> ImportPlan:
    """What would importing this table change?

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    table : TableFile
    present : mapping
        The present rows of ``account person employment template staff``.
    last : LastExport
        What the same program's last export said.
    default_template : str
        For accounts that no template claims by its industries.
    new_id : callable
        Makes an id from a prefix.
    lang : str
        Language of the problems' messages.
    progress : callable, optional

    Returns
    -------
    ImportPlan
    """
    plan = ImportPlan(kind, table, lang)
    plan.counts |= dict.fromkeys(("added", "changed", "unchanged", "accounts_added", "staff_added"), 0)
    rows = _read_rows(plan, progress or (lambda *_: None))
    if kind == "accounts":
        plan_accounts(plan, list(rows), present, last, default_template)
    elif kind == "contacts":
        ContactPlan(plan, present, last, default_template, new_id).build(rows)
    else:
        plan_staff(plan, list(rows), present)
    plan.samples = sample_rows(table)
    plan.problems.sort(key=lambda problem: problem.row)
    plan.counts |= {
        "rows": len(table.rows),
        "rejected": len({problem.row for problem in plan.problems if problem.effect is Effect.ROW}),
        "missing": len(plan.missing),
        "encoding": table.source.encoding,
        "encoding_is_guess": table.source.is_guess,
        "layout": table.layout.key,
        "columns": {table.header[i]: ours for ours, places in table.columns.items() for i in places},
        "rejects_file": None,
    }
    # Of a long list only the rows with a problem are needed from here on.
    named = {problem.row for problem in plan.problems}
    plan.table = replace(table, rows=[row for row in table.rows if row[0] in named])
    return plan


def sample_rows(table: TableFile, n: int = _SAMPLES) -> list[list[str]]:
    """A few rows by which a person sees whether the encoding is right: those with other letters than plain ones first."""
    telling = [cells for _, cells in table.rows[:5_000] if not "".join(cells).isascii()]
    return (telling or [cells for _, cells in table.rows])[:n]


def _read_rows(plan: ImportPlan, progress: Progress) -> Iterator[FileRow]:
    """The rows that can be read, in our columns; the others become problems."""
    table = plan.table
    places = [(ours, tuple(found)) for ours, found in table.columns.items()]
    used = {i for _, found in places for i in found}
    others = [(i, name) for i, name in enumerate(table.header) if i not in used and name and not (i == 0 and table.is_rejects)]  # fmt: skip
    width = len(table.header)
    for n, (number, cells) in enumerate(table.rows):
        if n % _STEP == 0:
            progress(N_("reading"), n, len(table.rows))
        if not _is_whole(plan, number, cells, width):
            continue
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        try:
            row: dict[str, Any] = _named_cells(cells, places, table.header)
        except _BadCell as bad:
            plan.reject(number, bad.column, bad.reason.code, "", bad.reason.message, **bad.reason.values)
            continue
        if row.get("deleted", "").casefold() in ("true", "1", "yes"):
            plan.reject(number, "–", "row.deleted", "", N_("the export marks this row as deleted"))
            continue
        rest = {name: cells[i] for i, name in others if cells[i]}
        yield FileRow(number, row, to_json({**row, "other": rest} if rest else row))


class _BadCell(Exception):
    """A cell that cannot be stored."""

    def __init__(self, column: str, reason: BadInput) -> None:
        self.column = column
        self.reason = reason


def _named_cells(cells: list[str], places: list[tuple[str, tuple[int, ...]]], header: Sequence[str]) -> dict[str, str]:
    """The cells under our names, clean and not empty; of several columns for one name the first that says something."""
    row: dict[str, str] = {}
    if is_clean("".join(cells)):
        # What is so whole is so in every part: nearly all rows.
        for ours, found in places:
            for i in found:
                if text := cells[i].strip():
                    row[ours] = text
                    break
        return row
    for ours, found in places:
        for i in found:
            try:
                text = clean_text(cells[i], header[i])
            except BadInput as exc:
                raise _BadCell(header[i], exc) from exc
            if text:
                row[ours] = text
                break
    return row


def _is_whole(plan: ImportPlan, number: int, cells: list[str], width: int) -> bool:
    source = plan.table.source
    if number in source.broken:
        plan.reject(
            number, "–", "row.quote", "",
            N_("a quote in this row is not closed, or stands in the middle of a cell; the rows below it are read on their own"),
        )  # fmt: skip
    elif number in source.suspect and any("\n" in cells[i] for found in plan.table.columns.values() for i in found if i < len(cells)):  # fmt: skip
        plan.reject(
            number, "–", "row.quote", "",
            N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
        )  # fmt: skip
    elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
        plan.reject(number, "–", "row.too_long", "", N_("the row has more cells than the header; check its quotes"))
    else:
        if number in source.suspect:
            plan.notice(
                number, "–", "row.quote_suspect", "",
                N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
            )  # fmt: skip
        return True
    return False
