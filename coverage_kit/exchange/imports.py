"""What importing a file would change: a plan against what is there, which the caller saves or only shows.

A plan never deletes, never blanks a field, never touches a slot: who is known is for a person to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from coverage_kit.domain.identifiers import clean_text
from coverage_kit.errors import BadInput
from coverage_kit.exchange.accounts import plan_accounts
from coverage_kit.exchange.columns import COLUMNS, REQUIRED
from coverage_kit.exchange.contacts import plan_contacts
from coverage_kit.exchange.plan import ImportPlan, Present
from coverage_kit.exchange.staff import plan_staff
from coverage_kit.exchange.table_files import Effect, map_header, read_table
from coverage_kit.i18n import N_


def plan_import(
    kind: str,
    path: Path,
    present: Present,
    *,
    mapping: Mapping[str, str],
    default_template: str,
    new_id: Callable[[str], str],
    lang: str = "en",
) -> ImportPlan:
    """What would importing this file change?

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    path : Path
    present : mapping
        The present rows of ``account person employment template staff``.
    mapping : mapping
        Their column to ours.
    default_template : str
        For accounts that no template claims by its industries.
    new_id : callable
        Makes an id from a prefix.
    lang : str
        Language of the problems' messages.

    Returns
    -------
    ImportPlan
        ``changes`` are ``(entity, id, fields, is_new)``.
    """
    table = read_table(path)
    plan = ImportPlan(table, lang)
    found = map_header(table, COLUMNS[kind], REQUIRED[kind], mapping, path.name)
    if kind == "contacts" and "name" not in found and "last_name" not in found:
        raise BadInput(
            "import.column_missing",
            N_('{file}: no column for {lacking}; the file has {header}. Say which it is: --map "{example}={first}"'),
            file=path.name, lacking=["name"], header=table.header, example=table.header[0], first="name",
        )  # fmt: skip
    rows = list(_rows(plan, found))
    plan.counts |= dict.fromkeys(("added", "changed", "unchanged", "accounts_added", "missing"), 0)
    if kind == "accounts":
        plan_accounts(plan, rows, present, default_template)
    elif kind == "contacts":
        plan_contacts(plan, rows, present, default_template, new_id)
    else:
        plan_staff(plan, rows, present)
    plan.counts |= {
        "rows": len(table.rows),
        "rejected": len({problem.row for problem in plan.problems if problem.effect is Effect.ROW}),
        "encoding": "utf-8",
        "layout": kind,
        "rejects_file": None,
    }
    return plan


def _rows(plan: ImportPlan, found: Mapping[str, int]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that can be read, in our columns; the others become problems."""
    table = plan.table
    header = table.header
    for number, cells in table.rows:
        if number in table.broken:
            plan.reject(
                number, "–", "row.quote", "",
                N_("a quote in this row is not closed, or stands in the middle of a cell; the rows below it are read on their own"),
            )  # fmt: skip
            continue
        if number in table.suspect and any("\n" in cells[i] for i in found.values() if i < len(cells)):
            plan.reject(
                number, "–", "row.quote", "",
                N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
            )  # fmt: skip
            continue
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            plan.reject(number, "–", "row.too_long", "", N_("the row has more cells than the header; check its quotes"))
            continue
        row = {}
        for ours, i in found.items():
            try:
                row[ours] = clean_text(cells[i], header[i]) if i < len(cells) else ""
            except BadInput as exc:
                plan.reject(number, header[i], exc.code, "", exc.message, **exc.values)
                break
        else:
            if number in table.suspect:
                plan.notice(
                    number, "–", "row.quote_suspect", "",
                    N_("a cell of this row holds lines that look like rows of their own; check its quotes"),
                )  # fmt: skip
            yield number, row
