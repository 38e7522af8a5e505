"""What importing a file would change: a plan against what is there, which the caller saves or only shows.

A plan never deletes, never blanks a field, never touches a slot: who is known is for a person to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic_core import to_json

from coverage_kit.domain.identifiers import clean_text, is_clean, name_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.accounts import plan_accounts
from coverage_kit.exchange.plan.cells import PLACEHOLDERS, decode_entities, is_placeholder
from coverage_kit.exchange.plan.contacts import ContactPlan
from coverage_kit.exchange.plan.headers import TableFile, find_table
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, LastExport, Present, Progress, Unclear
from coverage_kit.exchange.plan.left_out import LeftOut, RowFilter
from coverage_kit.exchange.plan.row_shape import RowShape
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
    unclear: Unclear = Unclear.ASK,
    owners: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> ImportPlan:
    """What would importing this table change?

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    table : TableFile
    present : mapping
        The present rows of ``account person employment template offering staff``.
    last : LastExport
        What the same program's last export said.
    default_template : str
        For accounts that no template claims by its industries.
    new_id : callable
        Makes an id from a prefix.
    lang : str
        Language of the problems' messages.
    unclear : Unclear
        What to do where an account's key and name disagree.
    owners : mapping, optional
        Names of owners that several colleagues have, to the key of the one who is meant.
    progress : callable, optional

    Returns
    -------
    ImportPlan
    """
    plan = ImportPlan(kind, table, lang, unclear, owners or {})
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
    _name_above(plan)
    plan.counts |= {
        "rows": len(table.rows) - sum(one.row > table.header_row for one in plan.left_out),
        "rejected": len({problem.row for problem in plan.problems if problem.effect is Effect.ROW}),
        "missing": len(plan.missing),
        "encoding": table.source.encoding,
        "encoding_is_guess": table.source.is_guess,
        "layout": table.layout.key,
        "columns": {table.header[i]: ours for ours, places in table.columns.items() for i in places},
        "unread_columns": plan.unread,
        "rejects_file": None,
    }
    # Of a long list only the rows with a problem are needed from here on.
    named = {problem.row for problem in plan.problems}
    plan.table = replace(table, rows=[row for row in table.rows if row[0] in named])
    return plan


def _name_above(plan: ImportPlan) -> None:
    """Name the filled rows above the header as left out."""
    above = plan.table.source.rows[: plan.table.n_before]
    plan.left_out[:0] = [LeftOut(number, "preamble", _shown(cells)) for number, cells in above]


def _shown(cells: Sequence[str]) -> str:
    return " | ".join(cell.strip() for cell in cells if cell.strip())[:200]


def sample_rows(table: TableFile, n: int = _SAMPLES) -> list[list[str]]:
    """A few rows by which a person sees whether the encoding is right: those with other letters than plain ones first."""
    telling = [cells for _, cells in table.rows[:5_000] if not "".join(cells).isascii()]
    return (telling or [cells for _, cells in table.rows])[:n]


def _read_rows(plan: ImportPlan, progress: Progress) -> Iterator[FileRow]:
    """The rows that can be read, in our columns; the others become problems, or are left out and named."""
    table = plan.table
    places = [(ours, tuple(found)) for ours, found in table.columns.items()]
    used = {i for _, found in places for i in found}
    others = [(i, name) for i, name in enumerate(table.header) if i not in used and name and not (i == 0 and table.is_rejects)]  # fmt: skip
    known_kind = _kind_filter(table, plan.kind)
    leave = RowFilter(table.header, sorted(used)).why
    shape = RowShape(table)
    unread: dict[str, None] = {}
    for n, (number, cells) in enumerate(table.rows):
        if n % _STEP == 0:
            progress(N_("reading"), n, len(table.rows))
        why = leave(cells) or ("" if known_kind is None or known_kind(cells) else "kind")
        if why:
            plan.left_out.append(LeftOut(number, why, _shown(cells)))
            continue
        if not shape.check(plan, number, cells):
            continue
        if len(cells) < shape.width:
            cells = cells + [""] * (shape.width - len(cells))
        try:
            row: dict[str, Any] = _named_cells(cells, places, table.header, as_is=table.is_ours)
        except _BadCell as bad:
            plan.reject(number, bad.column, bad.reason.code, "", bad.reason.message, **bad.reason.values)
            continue
        for ours in table.layout.lists:
            if ";" in row.get(ours, ""):
                row[ours] = row[ours].split(";")[0].strip()
        if row.get("deleted", "").casefold() in ("true", "1", "yes"):
            plan.reject(number, "–", "row.deleted", "", N_("the export marks this row as deleted"))
            continue
        rest = {name: cells[i] for i, name in others if cells[i]}
        if rest.keys() - unread.keys():
            unread |= dict.fromkeys(name for name, text in rest.items() if text.strip())
        yield FileRow(number, row, to_json({**row, "other": rest} if rest else row))
    plan.unread = [name for name in table.header if name in unread]


def _kind_filter(table: TableFile, kind: str) -> Callable[[list[str]], bool] | None:
    """Of a file with people and companies: whether a row is of the kind that is imported."""
    key = name_key(table.layout.kind_column)
    place = next((i for i, name in enumerate(table.header) if key and name_key(name) == key), None)
    if place is None:
        return None
    words, wanted = table.layout.account_words, kind == "accounts"
    return lambda cells: (place < len(cells) and cells[place].strip().casefold() in words) is wanted


class _BadCell(Exception):
    """A cell that cannot be stored."""

    def __init__(self, column: str, reason: BadInput) -> None:
        self.column = column
        self.reason = reason


def _named_cells(
    cells: list[str], places: list[tuple[str, tuple[int, ...]]], header: Sequence[str], *, as_is: bool
) -> dict[str, str]:
    """The cells under our names, clean and not empty; of several columns for one name the first that says something.

    ``as_is`` keeps what our own exports hold: a name may be written like an HTML entity or a placeholder.
    """
    row: dict[str, str] = {}
    whole = "".join(cells)
    # Fast path: if the row is clean, so is each cell.
    is_plain = is_clean(whole) and (as_is or "&" not in whole)
    for ours, found in places:
        for i in found:
            text = cells[i].strip() if is_plain else _clean_cell(cells[i], header[i], as_is=as_is)
            if text and (as_is or text not in PLACEHOLDERS or not is_placeholder(text, ours)):
                row[ours] = text
                break
    return row


def _clean_cell(cell: str, name: str, *, as_is: bool) -> str:
    try:
        return clean_text(cell if as_is else decode_entities(cell), name)
    except BadInput as exc:
        raise _BadCell(name, exc) from exc
