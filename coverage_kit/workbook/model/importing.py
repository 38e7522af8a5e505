"""The import page as a model without a screen: one request in, one response out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.assets.paths import folder
from coverage_kit.domain.week import local_minute
from coverage_kit.errors import BadInput, ClockAhead, CoverageKitError
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.import_plan import Progress, Unclear
from coverage_kit.i18n import N_
from coverage_kit.rules.assignments import unassigned_accounts
from coverage_kit.store.entities import Account, Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.import_draft import KINDS, ImportModel, Preview
from coverage_kit.workbook.model.import_evidence import EvidenceList
from coverage_kit.workbook.model.import_views import LISTED, explained, plan_view, preview_view
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.responses import (
    Facts,
    FileResponse,
    ImportResponse,
    ImportState,
    PlanView,
    RecentImport,
)
from coverage_kit.workbook.model.responses import Progress as ProgressMessage

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Another encoding may fix these: the file stays, so that the user can choose one.
_OF_ENCODING = ("import.encoding", "import.encoding_unclear")
#: After these the number of accounts may be another.
_RECOUNTED_AFTER = {"hello", "drop", "run", "undo"}
#: These take a while, and run in a thread so that Stop works.
LONG = frozenset({"try_out", "run", "undo", "evidence", "record", "undo_record"})
#: These are answered while a job runs.
_ALWAYS = {"hello", "stop"}


class _Stopped(CoverageKitError):
    """The user stopped the job; its transaction is rolled back."""


class ImportBook(Book[ask.ImportRequest]):
    """One file on its way in, and what the page shows of it.

    Attributes
    ----------
    push : callable
        Sends a message to the page while a job is running.
    """

    requests = TypeAdapter(ask.ImportRequest, config=ask.WHEN_USED)

    def __init__(self, ws: Workspace) -> None:
        super().__init__(ws)
        self.model = ImportModel(ws)
        self.evidence = EvidenceList(ws, self.model, self._show_progress)
        self.push: Callable[[ProgressMessage], None] = lambda _: None
        self._working = Lock()
        self._stop = Event()
        #: How the last job ended, if it was stopped or taken back.
        self._ended = ""
        self._preview: Preview | None = None
        self._problem: CoverageKitError | None = None
        self._size = 0

    def answer(self, request: ask.ImportRequest) -> ImportResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.GetFile(which=which):
                return self._file(which)
            case ask.ShowEvidence() | ask.RecordEvidence() | ask.UndoEvidence():
                return self.evidence.answer(request)
        if request.kind in _ALWAYS:
            self._try(request)
        elif self._working.acquire(blocking=False):
            try:
                self._stop.clear()
                self._problem, self._ended = None, ""
                self._try(request)
            finally:
                self._working.release()
        else:
            busy = BadInput("import.working", N_("A job is running with this file. Stop it first."))
            return {**self._state(), "problem": explained(busy)}
        state = self._state()
        if request.kind in _RECOUNTED_AFTER:
            state["facts"] = self.facts()
        return state

    def _try(self, request: ask.ImportAct) -> None:
        """Do it; a problem is shown with the file, which stays."""
        try:
            self._do(request)
        except _Stopped:
            self._ended = "stopped"
        except ClockAhead:
            raise
        except CoverageKitError as exc:
            self._problem = exc
        except OSError:
            text = N_(
                "The file could not be kept on this machine. Check that the disk is not full, then choose it again."
            )
            self._problem = BadInput("import.folder", text)

    def _do(self, request: ask.ImportAct) -> None:
        match request:
            case ask.ReceivePart():
                self._receive(request)
            case ask.SetOptions():
                self._set(request)
            case ask.MapColumn(theirs=theirs, ours=ours):
                self.model.mapping[theirs] = ours
                self._back()
            case ask.ImportStep(kind="back"):
                self._back()
            case ask.ImportStep(kind="drop"):
                self._drop()
            case ask.TryOut():
                self._decide(request)
                self._run(self.model.try_out)
            case ask.ImportStep(kind="run"):
                self._run(self.model.run)
            case ask.ImportStep(kind="stop"):
                self._stop.set()
            case ask.UndoImport(undoes=undoes, edit_id=edit_id):
                self._run(partial(self.model.undo, undoes, as_id=edit_id))
                self._ended = "undone"

    def facts(self) -> Facts:
        """How many accounts there are, and how many of them nobody owns yet."""
        return {
            "accounts": len(self.ws.ledger.columns(Account, ("id",))),
            "unassigned": len(unassigned_accounts(self.ws.ledger, self.ws.today())),
        }

    # Acts -----------------------------------------------------------------------------------------------------------

    def _receive(self, part: ask.ReceivePart) -> None:
        if part.at == 0:
            self._drop()
            self.model.begin(part.name)
        if part.at != self._size:
            self._drop()
            raise BadInput("import.part", N_("The file did not arrive whole. Choose it again."))
        self.model.append(part.content)
        self._size += len(part.content)
        if self._size >= part.size:
            self._look()

    def _set(self, options: ask.SetOptions) -> None:
        if options.kind_of_file in KINDS:
            self.model.kind, self.model.is_kind_chosen = options.kind_of_file, True
            self.model.mapping, self.model.who = {}, {}
        if {"encoding", "sheet"} & options.model_fields_set:
            self.model.who = {}
        if "encoding" in options.model_fields_set:
            self.model.encoding = options.encoding
        if "sheet" in options.model_fields_set:
            self.model.sheet = options.sheet
            self.model.mapping = {}
        self._back()

    def _decide(self, request: ask.TryOut) -> None:
        """Take what the user decided after the last trial."""
        model = self.model
        if request.columns:
            model.mapping |= request.columns
            self._look()
        if request.unclear:
            model.unclear = Unclear(request.unclear)
        model.who |= {int(row): person for row, person in request.who.items() if row.isdecimal()}
        model.owners = {name: key for name, key in (model.owners | request.owners).items() if key}

    def _back(self) -> None:
        self.model.plan, self.model.is_done = None, False
        if self.model.file_name:
            self._look()

    def _drop(self) -> None:
        self._preview, self._size = None, 0
        self.model.drop()

    def _look(self) -> None:
        try:
            self._preview = self.model.preview()
        except BadInput as exc:
            if exc.code in _OF_ENCODING:
                self._preview = Preview(encoding=self.model.encoding or "", lacking=exc)
                return
            self._drop()
            raise

    def _run(self, job: Callable[[Progress], ImportPlan | None]) -> None:
        def report(step: str, done: int, total: int) -> None:
            self._show_progress(step, done, total)
            if self._stop.is_set():
                raise _Stopped("import.stopped", N_("Stopped."))

        job(report)

    def _show_progress(self, step: str, done: int, total: int) -> None:
        self.push({"kind": "progress", "step": step, "done": done, "total": total})

    # The page -------------------------------------------------------------------------------------------------------

    def _state(self) -> ImportState:
        model, preview = self.model, self._preview
        return {
            "kind": "import",
            "kinds": [*KINDS],
            "kind_of_file": model.kind,
            "choices": model.choices(),
            "file": model.file_name if preview else "",
            "size": self._size,
            "encoding": model.encoding,
            "sheet": model.sheet,
            "preview": preview_view(preview) if preview else None,
            "plan": self._plan(model.plan) if model.plan else None,
            "done": model.is_done,
            "can_undo": model.can_undo,
            "recent": [] if preview else self._recent(),
            "ended": self._ended,
            "problem": explained(self._problem) if self._problem else None,
        }

    def _recent(self) -> list[RecentImport]:
        names = dict(self.ws.ledger.columns(Staff, ("id", "name")))
        return [
            {
                "edit_id": each.edit_id,
                "at": local_minute(each.at, self.ws.zone),
                "actor": names.get(each.actor) or each.actor,
                "kind": each.kind,
                "rows": each.rows,
                "added": each.added,
                "changed": each.changed,
            }
            for each in self.model.recent()
        ]

    def _plan(self, plan: ImportPlan) -> PlanView:
        ids = [row["account"] for row in plan.missing[:LISTED]]
        ids += [one.account for one in plan.asked[:LISTED]]
        accounts = dict(self.ws.ledger.columns(Account, ("id", "name"), id=ids)) if ids else {}
        accounts |= {key: fields["name"] for kind, key, fields, is_new in plan.changes if is_new and kind == "account"}
        return plan_view(self.model, plan, accounts, dict(self.ws.ledger.columns(Staff, ("id", "name"))))

    def _file(self, which: str) -> FileResponse:
        """A file to keep: an empty one of the kind chosen, or the rows that were not taken."""
        path: Path | None = folder("templates") / "import" / f"{self.model.kind}.csv"
        if which == "rejects" and self.model.plan is not None:
            rejects = self.model.plan.counts.get("rejects_file")
            path = Path(rejects) if rejects else None
        try:
            if path is None:
                raise FileNotFoundError
            return {"kind": "file", "name": path.name, "text": path.read_text(encoding="utf-8-sig")}
        except OSError as exc:
            text = N_("The file {file} is gone. Import the same file again to make a new one.")
            raise BadInput("import.rejects_gone", text, file=path.name if path else self.model.file_name) from exc
