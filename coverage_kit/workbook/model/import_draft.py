"""Bringing a file in, step by step, for somebody who never opens a terminal: the steps, without any widget."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.exchange import ImportPlan, TableFile, read_import, sample_rows
from coverage_kit.exchange.plan.columns import COLUMNS
from coverage_kit.exchange.plan.headers import guess_header, guess_kind, map_columns
from coverage_kit.exchange.plan.hints import propose_columns
from coverage_kit.exchange.plan.import_plan import Progress, Unclear
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.i18n import N_
from coverage_kit.transfer.imports import DoneImport, recent_imports, undo_import
from coverage_kit.workspace import Workspace

KINDS = ("accounts", "contacts", "staff")
#: Rows shown of a file, and letters of a cell.
_SHOWN = 3
_WIDE = 200
#: Bytes of a file's name; others allow 255 letters, this machine's disk 255 bytes.
_LONGEST, _LONGEST_END = 200, 12


@dataclass(frozen=True)
class Column:
    """One column of a file: its name there, which of ours it is ("" if it is not read), a few of its cells, and a guess.

    ``guess`` is our column that the name and the cells of an unread one suggest; "" if they suggest none.
    """

    theirs: str
    ours: str
    samples: list[str]
    guess: str = ""


@dataclass(frozen=True)
class Preview:
    """What a file looks like before anything is done with it.

    Attributes
    ----------
    columns : list of Column
        As they would be read now; the samples are of rows by which one sees whether the encoding is right.
    layout, encoding : str
    is_guess : bool
        Whether the encoding is only likely.
    n_rows : int
    sheets : list of str
        Of a workbook that has several and none is chosen; then there are no columns.
    lacking : BadInput or None
        Why it cannot be imported yet.
    """

    columns: list[Column] = field(default_factory=list)
    layout: str = ""
    encoding: str = ""
    is_guess: bool = False
    n_rows: int = 0
    sheets: list[str] = field(default_factory=list)
    lacking: BadInput | None = None

    @property
    def holds(self) -> str:
        """The kind of list that the file looks like instead of the one it is read as; "" if it may be that."""
        found = self.lacking.values.get("holds") if self.lacking is not None else None
        kinds = found if isinstance(found, list) else [found]
        return next((kind for kind in KINDS if kind in kinds), "")


class ImportModel:
    """One file on its way in: kind, encoding, sheet and mapping are set, then it is tried, then imported.

    Attributes
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    is_kind_chosen : bool
        Whether a user said so; else the file's columns do.
    encoding, sheet : str or None
        None leaves it to the file.
    mapping : dict
        Their column to ours, where the user corrected it; "" for one that is not to be read.
    unclear : Unclear
        What the user decided about accounts whose key and name disagree.
    owners : dict
        Names of owners that several colleagues have, to the key of the one who is meant.
    who : dict
        Numbers of rows that could be several people, to the one who is meant.
    planned_at : int
        The instant of the last edit that the plan saw (UTC milliseconds).
    plan : ImportPlan or None
        Of the last trial or import.
    is_done : bool
        Whether the plan was carried out.
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.kind = "contacts"
        self.is_kind_chosen = False
        self._folder = Path(tempfile.mkdtemp(prefix="coverage-kit-"))
        # What was uploaded goes with the page, at the latest with the process.
        weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._path: Path | None = None
        self.plan: ImportPlan | None = None
        self._start_over()

    def take(self, name: str, content: bytes) -> Preview:
        """Keep a file in a temporary folder, readable by this login alone, until the next one."""
        self.begin(name)
        self.append(content)
        return self.preview()

    def begin(self, name: str) -> None:
        """Start a file that comes part by part; the one before goes."""
        self.drop()
        # A clean-up of temporary files may have removed the folder.
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = self._folder / _short(Path(name).name or "file")
        self._path.touch()

    def append(self, part: bytes) -> None:
        """The next part of the file."""
        with self._taken().open("ab") as file:
            file.write(part)

    def drop(self) -> None:
        """Remove the file, and what was set for it."""
        for old in self._folder.glob("*"):
            old.unlink(missing_ok=True)
        self._path = None
        self._start_over()

    def preview(self) -> Preview:
        """What the file looks like with what is set now.

        Raises
        ------
        BadInput
            The file cannot be read at all.
        """
        path = self._taken()
        try:
            source = read_rows(path, encoding=self.encoding, sheet=self.sheet)
        except BadInput as exc:
            if exc.code != "import.sheet":
                raise
            names = exc.values["names"]
            return Preview(sheets=names if isinstance(names, list) else [], lacking=exc)
        read = Preview(encoding=source.encoding, is_guess=source.is_guess)
        header = guess_header(source)
        if not self.is_kind_chosen:
            self.kind = guess_kind(header, self.ws.config.columns, source.rows)
        kept = self.ws.config.columns.get(self.kind, {})
        try:
            table = read_import(
                self.kind, path, mapping=self.mapping, kept=kept, encoding=self.encoding, sheet=self.sheet
            )
        except BadInput as exc:
            rows = [cells for _, cells in source.rows if [cell.strip() for cell in cells] != header]
            ours = map_columns(header, self.kind, {**kept, **self.mapping}, source.rows)
            return replace(read, columns=_columns(header, rows[:_SHOWN], ours), n_rows=len(rows), lacking=exc)
        ours = {table.header[i]: name for name, places in table.columns.items() for i in places}
        guesses = propose_columns(table.header, table.rows, self.kind, table.columns)
        guessed = {theirs: ours for ours, theirs in guesses.items()}
        columns = [
            replace(each, samples=_telling(each, table), guess=guessed.get(each.theirs, ""))
            for each in _columns(table.header, sample_rows(table, _SHOWN), ours)
        ]
        return replace(read, columns=columns, layout=table.layout.key, n_rows=len(table.rows))

    @property
    def file_name(self) -> str:
        """The name of the file that was given; "" where none is."""
        return self._path.name if self._path else ""

    def choices(self) -> list[str]:
        """Our columns, of which each of theirs is one or none."""
        return [*COLUMNS[self.kind]]

    def try_out(self, progress: Progress | None = None) -> ImportPlan:
        """Say what would change; nothing is written."""
        return self._run(progress, dry_run=True)

    def run(self, progress: Progress | None = None) -> ImportPlan:
        """Import it."""
        return self._run(progress, dry_run=False)

    def recent(self) -> list[DoneImport]:
        """The imports done last, by anybody, that can be taken back as long as nobody has worked with them."""
        return recent_imports(self.ws.ledger)

    @property
    def can_undo(self) -> bool:
        """Whether there is an import that can be taken back."""
        return bool(self.is_done and self.plan and self.plan.counts.get("edit_id"))

    def undo(self, edit_id: str = "", progress: Progress | None = None, *, as_id: str | None = None) -> None:
        """Take an import back; the file stays, to be looked at again.

        Parameters
        ----------
        edit_id : str
            One of ``recent``; the import of the file that is here by default.
        progress : callable, optional
        as_id : str, optional
            The id of this act; the same one is carried out once.
        """
        if as_id is not None and self.ws.ledger.has_edit(as_id):
            return
        own = self.plan.counts["edit_id"] if self.plan is not None and self.can_undo else None
        edit_id = edit_id or own or ""
        if edit_id != own and edit_id not in {each.edit_id for each in self.recent()}:
            raise BadInput("import.no_undo", N_("There is no import here that could be taken back."))
        undo_import(self.ws.ledger, edit_id, as_id=as_id, progress=progress)
        if edit_id == own:
            self.plan, self.is_done = None, False

    def _run(self, progress: Progress | None, *, dry_run: bool) -> ImportPlan:
        self.planned_at = self.ws.ledger.last_at()
        plan = self.ws.import_file(
            self.kind,
            self._taken(),
            dry_run=dry_run,
            mapping=self.mapping,
            encoding=self.encoding,
            sheet=self.sheet,
            unclear=self.unclear.value,
            owners=self.owners,
            who=self.who,
            progress=progress,
        )
        self.plan, self.is_done = plan, not dry_run
        return plan

    def _taken(self) -> Path:
        if self._path is None:
            raise BadInput("import.no_file", N_("No file is chosen yet; choose one first."))
        return self._path

    def _start_over(self) -> None:
        self.encoding: str | None = None
        self.sheet: str | None = None
        self.mapping: dict[str, str] = {}
        self.unclear = Unclear.ASK
        self.owners: dict[str, str] = {}
        self.who: dict[int, str] = {}
        self.planned_at = 0
        self.plan = None
        self.is_done = False


def _short(name: str) -> str:
    """A file's name, short enough for every disk; its ending stays."""
    path = Path(name)
    stem, end = path.stem, path.suffix[:_LONGEST_END]
    while len((stem + end).encode()) > _LONGEST:
        stem = stem[:-1]
    return stem + end


def _columns(header: list[str], rows: list[list[str]], ours: Mapping[str, str]) -> list[Column]:
    """Each column that has a name, once."""
    at = {name: i for i, name in reversed([*enumerate(header)]) if name}
    return [
        Column(name, ours.get(name, ""), [cells[i][:_WIDE] for cells in rows if i < len(cells)])
        for name, i in sorted(at.items(), key=lambda pair: pair[1])
    ]


def _telling(column: Column, table: TableFile) -> list[str]:
    """The samples of a column; of one that is not read, or whose samples are empty, the first cells that hold something."""
    if column.ours and any(column.samples):
        return column.samples
    i = table.header.index(column.theirs)
    filled = (cells[i][:_WIDE] for _, cells in table.rows if i < len(cells) and cells[i].strip())
    return list(islice(filled, _SHOWN))
