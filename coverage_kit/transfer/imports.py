"""Files into the ledger and out of it: what lies between the exchange's plans and tables and the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypedDict
from zoneinfo import ZoneInfo

from coverage_kit.config import Config
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.domain.week import local_day
from coverage_kit.errors import BadInput
from coverage_kit.exchange import ImportPlan, LastExport, TableFile, plan_import, read_import, write_rejects
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.plan.import_plan import Progress, Unclear
from coverage_kit.exchange.plan.layouts import SPREADSHEET
from coverage_kit.exchange.problems import Effect
from coverage_kit.i18n import N_
from coverage_kit.rules.assignments import imported_teams
from coverage_kit.rules.commitments import imported_handovers
from coverage_kit.rules.events import event_change
from coverage_kit.rules.inputs import as_word
from coverage_kit.store import Change, Edit, Ledger, load_source_rows, new_id, new_ids, source_row_writer
from coverage_kit.store.entities import Event
from coverage_kit.transfer.evidence import move_changes
from coverage_kit.transfer.garbage import paused_gc
from coverage_kit.transfer.present import load_present
from coverage_kit.transfer.source_dates import source_date_changes

_NUMBERS = ("rows", "added", "changed", "rejected", "missing")


@dataclass(frozen=True, slots=True)
class DoneImport:
    """An import that was done: its edit, when (UTC milliseconds) and by whom, the kind of file, and what changed."""

    edit_id: str
    at: int
    actor: str
    kind: str
    rows: int
    added: int
    changed: int


class ImportOptions(TypedDict, total=False):
    """How a file is imported.

    ``dry_run`` only says what would change; ``strict`` takes nothing if one row has a problem; ``mapping`` is their column
    to ours; ``encoding`` and ``sheet`` overrule what the file says of itself; ``unclear`` (``ask``, ``same``, ``new``) says
    what to do where an account's key and name disagree; ``owners`` says which colleague is meant by a name that several
    have (name to key); ``who`` says which of several people of one name a row is (row number to an employment's id, to
    the number of another row, or to ``new``); ``record_moves`` records the moves of people whom the file has at
    another account; ``progress`` is called with the step, how much of it is done, and of how much.
    """

    dry_run: bool
    strict: bool
    mapping: Mapping[str, str]
    encoding: str | None
    sheet: str | None
    unclear: str
    owners: Mapping[str, str]
    who: Mapping[int, str]
    record_moves: bool
    progress: Progress | None


def import_table(
    ledger: Ledger, config: Config, home: Path, kind: str, file: Path, options: ImportOptions
) -> ImportPlan:
    """Read a file, plan what it changes, and write that.

    Parameters
    ----------
    ledger : Ledger
    config : Config
    home : Path
        The workspace's folder, where rejected rows are written.
    kind : str
    file : Path
    options : ImportOptions
    """
    if not isinstance(kind, str) or kind not in COLUMNS:
        raise BadInput(
            "import.kind",
            N_("{value} cannot be imported; choose one of {kinds}."),
            value=repr(kind)[:40],
            kinds=list(COLUMNS),
        )
    progress = options.get("progress")
    with paused_gc():
        table = read_import(
            kind,
            file,
            mapping=options.get("mapping", {}),
            kept=config.columns.get(kind, {}),
            encoding=options.get("encoding"),
            sheet=options.get("sheet"),
        )
        today = local_day(ledger.now(), ZoneInfo(config.timezone))
        plan, changes = plan_table(
            ledger,
            kind,
            table,
            default_template=config.default_template,
            lang=config.lang,
            today=today.isoformat(),
            unclear=as_word(Unclear, options.get("unclear", "ask"), "unclear"),
            owners=options.get("owners", {}),
            who=options.get("who", {}),
            progress=progress,
        )
        if options.get("record_moves"):
            changes += move_changes(ledger, plan, today)
        if options.get("strict"):
            check_strict(plan)
        if options.get("dry_run"):
            return plan
        event = event_change(EventKind.IMPORTED, import_numbers(plan))
        changes += [*imported_handovers(ledger, changes), *imported_teams(ledger, changes)]
        changes += source_date_changes(ledger, plan, changes)
        rejects = home / "rejects" / f"{file.stem}.csv"
        save_import(ledger, plan, changes, event, rejects=rejects, progress=progress)
        return plan


def plan_table(
    ledger: Ledger,
    kind: str,
    table: TableFile,
    *,
    default_template: str,
    lang: str,
    today: str,
    unclear: Unclear = Unclear.ASK,
    owners: Mapping[str, str] | None = None,
    who: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> tuple[ImportPlan, list[Change]]:
    """What would importing a table change, and the rows that would write it?

    Parameters
    ----------
    ledger : Ledger
        Read for what is there now.
    kind : str
    table : TableFile
    default_template, lang, today : str
    unclear : Unclear
    owners, who : mapping, optional
    progress : callable, optional
    """
    present = load_present(ledger)
    rows = load_source_rows(ledger, table.origin, kind)
    if not rows.entities and table.layout is SPREADSHEET:
        rows = load_source_rows(ledger, table.origin_by_columns, kind)
    went = present.merged.jobs if kind == "contacts" else present.merged.accounts
    merged = {ext_id: entity for ext_id, entity in rows.entities.items() if entity in went} if went else {}
    entities = (
        {ext_id: went.get(entity, entity) for ext_id, entity in rows.entities.items()} if merged else rows.entities
    )
    last = LastExport(entities, rows.rows, rows.missing, rows.undecided, merged)
    ids = {prefix: new_ids(prefix, len(table.rows) or 1) for prefix in ("pe", "em")}
    plan = plan_import(
        kind,
        table,
        present,
        last,
        default_template=default_template,
        new_id=lambda prefix: next(ids[prefix]),
        lang=lang,
        today=today,
        unclear=unclear,
        owners=owners,
        who=who,
        progress=progress,
    )
    changed = {(entity, key) for entity, key, _, new in plan.changes if not new}
    seen = {
        (entity, row["id"]): row["version"]
        for entity in {entity for entity, _ in changed}
        for row in present[entity]
        if (entity, row["id"]) in changed
    }
    # Changes are based on the versions that were read, so that they do not overwrite what somebody else saves.
    changes = [
        Change(entity, key, fields, 0 if new else seen.get((entity, key), 0))
        for entity, key, fields, new in plan.changes
    ]
    return plan, changes


def check_strict(plan: ImportPlan) -> None:
    """Refuse a plan of which a row or a cell cannot be taken.

    Raises
    ------
    BadInput
        With the first problem.
    """
    bad = [problem for problem in plan.problems if problem.effect is not Effect.NOTICE]
    if bad:
        raise BadInput(
            "import.strict",
            N_("Nothing was imported. Problems: {n}; the first: row {row}, {column}: {message}"),
            n=len(bad), row=bad[0].row, column=bad[0].column, message=bad[0].message,
        )  # fmt: skip


def save_import(
    ledger: Ledger, plan: ImportPlan, changes: list[Change], event: Change, *, rejects: Path, progress: Progress | None
) -> None:
    """Write what a plan changes in one transaction, with the export itself, and the rejected rows to a file.

    Parameters
    ----------
    ledger : Ledger
    plan : ImportPlan
    changes : list of Change
    event : Change
        That an import was done.
    rejects : Path
        Where rows that were not taken whole are written, to be mended.
    progress : callable, optional
    """
    missing = [one["ext_id"] for one in plan.missing]
    if changes or plan.kept or plan.undecided or plan.returned or missing:
        _write_down(ledger, plan, changes, event, missing, progress)
    # Last, so that of an import that was stopped nothing is left; the same file again writes it as well.
    if any(problem.effect is not Effect.NOTICE for problem in plan.problems):
        write_rejects(rejects, plan.table, plan.problems)
        plan.counts["rejects_file"] = str(rejects)


def _write_down(
    ledger: Ledger,
    plan: ImportPlan,
    changes: list[Change],
    event: Change,
    missing: list[str],
    progress: Progress | None,
) -> None:
    edit_id = new_id("ed")
    also_write = source_row_writer(
        plan.table.origin, plan.kind, plan.kept,
        edit_id=edit_id, undecided=plan.undecided, returned=plan.returned, missing=missing, at=ledger.now(),
    )  # fmt: skip

    # Kept rows count only with the event of their import: a new memo or mark in the status changes nothing else.
    counts = changes or plan.evidence or plan.kept
    ledger.save(
        [*changes, event] if counts else [], edit_id=edit_id, also_write=also_write, progress=_writing(progress)
    )
    plan.counts["edit_id"] = edit_id if changes else None


def _writing(progress: Progress | None) -> Callable[[int, int], None] | None:
    """What a store calls while it writes, if anybody wants to know."""
    return None if progress is None else partial(progress, N_("writing"))


def undo_import(ledger: Ledger, edit_id: str, *, as_id: str | None = None, progress: Progress | None = None) -> Edit:
    """Take a whole import back, unless somebody has worked with what it brought in; work that was undone does not count.

    Parameters
    ----------
    ledger : Ledger
    edit_id : str
        ``counts["edit_id"]`` of its plan.
    as_id : str, optional
        The edit id of the act itself.
    progress : callable, optional

    Raises
    ------
    BadInput
        Something of it was changed or used since; that work would be lost.
    """

    def check_unused() -> None:
        if used := ledger.used_since(edit_id):
            raise BadInput(
                "import.used",
                N_(
                    "Somebody has worked with {n} of the entries that this file brought in, and taking it back would remove that work. Nothing was taken back. Undo that work first, or correct the entries in the workbook."
                ),
                n=len(used),
            )

    return ledger.undo(edit_id, as_id=as_id, progress=_writing(progress), check=check_unused)


def recent_imports(ledger: Ledger, *, limit: int = 5) -> list[DoneImport]:
    """The last imports that were not taken back, the latest first."""
    events = [row for row in ledger.as_of(Event) if row.kind == EventKind.IMPORTED]
    found = [(row, json.loads(row.body or "{}")) for row in sorted(events, key=lambda row: -row.at)]
    names = ("kind", "rows", "added", "changed")
    return [
        DoneImport(row.edit_id, row.at, row.actor, *(body[name] for name in names))
        for row, body in found
        if body.keys() >= set(names)
    ][:limit]


def import_numbers(plan: ImportPlan) -> Mapping[str, object]:
    """What the record of an import says: numbers, the source and its columns, and nobody's name."""
    table = plan.table
    columns = {ours: table.header[places[0]] for ours, places in table.columns.items() if places}
    numbers = {name: plan.counts[name] for name in _NUMBERS}
    return {
        "kind": plan.kind, "layout": plan.counts["layout"], "source": table.origin, "columns": columns, **numbers
    }  # fmt: skip


def left_out_rows(plan: ImportPlan) -> list[dict[str, object]]:
    """The rows that are no accounts and no people: ``row why text``."""
    return [asdict(one) for one in plan.left_out]


def evidence_rows(plan: ImportPlan) -> list[dict[str, object]]:
    """Known people who look different in the file: ``row person account was now roles``."""
    names = ("row", "person", "account", "was", "now", "roles")
    return [{name: getattr(one, name) for name in names} for one in plan.evidence]


def problem_rows(plan: ImportPlan) -> list[dict[str, object]]:
    """The table of problems, by row: ``row column code value message effect``."""
    names = ("row", "column", "code", "value", "message", "effect")
    return [{name: getattr(problem, name) for name in names} for problem in plan.problems]
