"""What importing a file would change: a plan against what is there, which the caller saves or only shows.

A plan never deletes, never blanks a field, never touches a slot: who is known is for a person to say.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from coverage_kit.exchange.plan.accounts import plan_accounts
from coverage_kit.exchange.plan.contacts import ContactPlan
from coverage_kit.exchange.plan.headers import TableFile, find_table
from coverage_kit.exchange.plan.hints import people_columns
from coverage_kit.exchange.plan.import_plan import ImportPlan, LastExport, Progress, Unclear
from coverage_kit.exchange.plan.left_out import LeftOut
from coverage_kit.exchange.plan.present import Present
from coverage_kit.exchange.plan.rows import RowReader, shown_row
from coverage_kit.exchange.plan.staff import plan_staff
from coverage_kit.exchange.problems import Effect
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.i18n import N_

_SAMPLES = 3


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
    today: str = "",
    unclear: Unclear = Unclear.ASK,
    owners: Mapping[str, str] | None = None,
    who: Mapping[int, str] | None = None,
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
    today : str
        The day of the import (``YYYY-MM-DD``), for leaving dates.
    unclear : Unclear
        What to do where an account's key and name disagree.
    owners : mapping, optional
        Names of owners that several colleagues have, to the key of the one who is meant.
    who : mapping, optional
        Which of several people of one name a row is: its number to an employment's id, to the number of another row of
        the file, or to ``new``.
    progress : callable, optional
    """
    plan = ImportPlan(kind, table, lang, today, unclear, owners or {}, who or {})
    plan.counts |= dict.fromkeys(("added", "changed", "unchanged", "accounts_added", "staff_added"), 0)
    rows = RowReader(plan).read(progress or (lambda *_: None))
    if kind == "accounts":
        plan_accounts(plan, list(rows), present, last, default_template)
    elif kind == "contacts":
        ContactPlan(plan, present, last, default_template, new_id).build(rows)
    else:
        plan_staff(plan, list(rows), present)
    if kind == "accounts":
        plan.people_columns = people_columns(table.header, table.rows, plan.unread)
    for ours, names in table.twice.items():
        plan.notice(
            table.header_row, ours, "header.twice", names[0],
            N_("several columns have this name; of each row the first filled one counts, in this order: {names}"),
            names=names,
        )  # fmt: skip
    plan.samples = sample_rows(table)
    plan.problems.sort(key=lambda problem: problem.row)
    _name_above(plan)
    plan.counts |= {
        "rows": len(table.rows) - sum(one.row > table.header_row for one in plan.left_out),
        "rejected": len({problem.row for problem in plan.problems if problem.effect is Effect.ROW}),
        "missing": len(plan.missing),
        "marked_gone": len(plan.marked_gone),
        "encoding": table.source.encoding,
        "encoding_is_guess": table.source.is_guess,
        "layout": table.layout.key,
        "columns": {table.header[i]: ours for ours, places in table.columns.items() for i in places},
        "unread_columns": plan.unread,
        "people_columns": plan.people_columns,
        "rejects_file": None,
    }
    # Of a long list only the rows with a problem are needed from here on.
    named = {problem.row for problem in plan.problems}
    plan.table = replace(table, rows=[row for row in table.rows if row[0] in named])
    return plan


def _name_above(plan: ImportPlan) -> None:
    """Name the filled rows above the header as left out."""
    above = plan.table.source.rows[: plan.table.n_before]
    plan.left_out[:0] = [LeftOut(number, "preamble", shown_row(cells)) for number, cells in above]


def sample_rows(table: TableFile, n: int = _SAMPLES) -> list[list[str]]:
    """A few rows by which a person sees whether the encoding is right: those with other letters than plain ones first."""
    telling = [cells for _, cells in table.rows[:5_000] if not "".join(cells).isascii()]
    return (telling or [cells for _, cells in table.rows])[:n]
