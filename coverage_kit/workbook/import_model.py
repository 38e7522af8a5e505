"""Bringing a file in, step by step, for somebody who never opens a terminal: the steps, without any widget."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coverage_kit.errors import BadInput
from coverage_kit.exchange import ImportPlan, read_import, sample_rows
from coverage_kit.exchange.columns import COLUMNS
from coverage_kit.exchange.headers import guess_header, map_columns
from coverage_kit.exchange.plan import Progress
from coverage_kit.exchange.table_files import read_rows
from coverage_kit.i18n import N_
from coverage_kit.workspace import Workspace

KINDS = ("accounts", "contacts", "staff")
_SHOWN = 5


@dataclass(frozen=True)
class Preview:
    """What a file looks like before anything is done with it.

    Attributes
    ----------
    header : list of str
    rows : list of list of str
        A few, those first by which one sees whether the encoding is right.
    columns : dict
        Their column to ours, as it would be read now.
    layout, encoding : str
    is_guess : bool
        Whether the encoding is only likely.
    n_rows : int
    sheets : list of str
        Of a workbook that has several and none is chosen; then all else is empty.
    lacking : str
        Why it cannot be imported yet; "" where it can.
    """

    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    layout: str = ""
    encoding: str = ""
    is_guess: bool = False
    n_rows: int = 0
    sheets: list[str] = field(default_factory=list)
    lacking: str = ""


class ImportModel:
    """One file on its way in: kind, encoding, sheet and mapping are set, then it is tried, then imported.

    Parameters
    ----------
    ws : Workspace

    Attributes
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    encoding, sheet : str or None
        None leaves it to the file.
    mapping : dict
        Their column to ours, where the user corrected it.
    plan : ImportPlan or None
        Of the last trial or import.
    is_done : bool
        Whether the plan was carried out.
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.kind = "contacts"
        self._folder = Path(tempfile.mkdtemp(prefix="coverage-kit-"))
        # What was uploaded goes with the page, at the latest with the process.
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._path: Path | None = None
        self.plan: ImportPlan | None = None
        self._start_over()

    @property
    def has_file(self) -> bool:
        """Whether a file is chosen."""
        return self._path is not None

    def take(self, name: str, content: bytes) -> Preview:
        """A file the user gave; it is kept aside, readable by this login alone, until the next one."""
        for old in self._folder.iterdir():
            old.unlink()
        self._path = self._folder / (Path(name).name or "file")
        self._path.write_bytes(content)
        self._start_over()
        return self.preview()

    def preview(self) -> Preview:
        """What the file looks like with what is set now.

        Raises
        ------
        BadInput
            The file cannot be read at all.
        """
        path = self._taken()
        kept = self.ws.config.columns.get(self.kind, {})
        try:
            source = read_rows(path, encoding=self.encoding, sheet=self.sheet)
        except BadInput as exc:
            if exc.code != "import.sheet":
                raise
            names = exc.values["names"]
            return Preview(sheets=names if isinstance(names, list) else [], lacking=exc.text(self.ws.lang))
        try:
            table = read_import(
                self.kind, path, mapping=self._wanted(), kept=kept, encoding=self.encoding, sheet=self.sheet
            )
        except BadInput as exc:
            header = guess_header(source)
            rows = [cells for _, cells in source.rows[:_SHOWN]]
            columns = map_columns(header, self.kind, {**kept, **self._wanted()})
            lacking = exc.text(self.ws.lang)
            return Preview(
                header, rows, columns, "", source.encoding, source.is_guess, len(source.rows), lacking=lacking
            )
        columns = {table.header[i]: ours for ours, places in table.columns.items() for i in places}
        return Preview(
            table.header,
            sample_rows(table, _SHOWN),
            columns,
            table.layout.key,
            source.encoding,
            source.is_guess,
            len(table.rows),
        )

    def choices(self) -> list[str]:
        """Our columns, of which each of theirs is one or none."""
        return [*COLUMNS[self.kind]]

    def try_out(self, progress: Progress | None = None) -> ImportPlan:
        """What would change; nothing is written."""
        return self._run(progress, dry_run=True)

    def run(self, progress: Progress | None = None) -> ImportPlan:
        """Import it."""
        return self._run(progress, dry_run=False)

    def problems(self) -> pd.DataFrame:
        """The problems of the last trial or import: ``row column value message effect``."""
        found = [] if self.plan is None else self.plan.problems
        return pd.DataFrame(
            [[p.row, p.column, p.value, p.message, p.effect.value] for p in found],
            columns=["row", "column", "value", "message", "effect"],
        )

    def differences(self) -> pd.DataFrame:
        """What the last trial or import changes in what was there: ``row what field before after``."""
        found = [] if self.plan is None else self.plan.differences
        return pd.DataFrame(
            [[d.row, d.what, d.field, d.before or "", d.after] for d in found],
            columns=["row", "what", "field", "before", "after"],
        )

    def _run(self, progress: Progress | None, *, dry_run: bool) -> ImportPlan:
        plan = self.ws.import_file(
            self.kind,
            self._taken(),
            dry_run=dry_run,
            mapping=self._wanted(),
            encoding=self.encoding,
            sheet=self.sheet,
            progress=progress,
        )
        self.plan, self.is_done = plan, not dry_run
        return plan

    def _wanted(self) -> dict[str, str]:
        return {theirs: ours for theirs, ours in self.mapping.items() if ours}

    def _taken(self) -> Path:
        if self._path is None:
            raise BadInput("import.no_file", N_("No file is chosen yet; choose one first."))
        return self._path

    def _start_over(self) -> None:
        self.encoding: str | None = None
        self.sheet: str | None = None
        self.mapping: dict[str, str] = {}
        self.plan = None
        self.is_done = False
