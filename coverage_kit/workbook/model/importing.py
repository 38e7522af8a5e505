"""Bringing a file in, as the screen tells it: one message in, one answer out, and what the screen shows in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

from coverage_kit.assets.paths import folder
from coverage_kit.domain.week import local_minute
from coverage_kit.errors import BadInput, CoverageKitError
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.import_plan import Progress
from coverage_kit.exchange.problems import Effect
from coverage_kit.i18n import LANGUAGES, N_, texts
from coverage_kit.store import Edit
from coverage_kit.workbook.model.assigning import unassigned
from coverage_kit.workbook.model.import_draft import KINDS, ImportModel, Preview
from coverage_kit.workbook.model.import_words import FIELDS
from coverage_kit.workbook.model.messages import (
    Message,
    check_message,
    seq_of,
    text_in,
    texts_in,
    version_in,
    wrong_form,
)
from coverage_kit.workbook.model.rep import problem

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

Answer = dict[str, Any]
#: Lines of a table that the screen shows; all are counted.
_LISTED = 200
#: What the screen says where the command line would name an option of its own.
_SAID = {
    "import.column_missing": N_("No column is {lacking} yet. Choose below which one it is."),
    "import.sheet": N_("This workbook has several sheets. Choose the one to bring in."),
    "import.encoding": N_("Line {line} of {file} is not {encoding}. Choose another encoding."),
    "import.encoding_unclear": N_("The encoding of {file} cannot be told from its bytes. Choose one."),
}
#: What another encoding may mend: the file stays, so that one can be chosen.
_OF_ENCODING = ("import.encoding", "import.encoding_unclear")
#: After these the number of accounts may be another.
_COUNTED_AFTER = ("hello", "drop", "run", "undo", "assign", "take_back")
#: Work that takes a while, during which only these are answered.
LONG = ("try_out", "run", "undo")
_MEANWHILE = ("hello", "stop")


class _Stopped(CoverageKitError):
    """The user stopped the work; what was written of it goes with its transaction."""


class ImportBook:
    """One file on its way in, and what to tell of it.

    Parameters
    ----------
    ws : Workspace

    Attributes
    ----------
    tell : callable
        Given what the screen should know while something is still being done.
    """

    def __init__(self, ws: Workspace) -> None:
        self.ws = ws
        self.model = ImportModel(ws)
        self.tell: Callable[[Answer], None] = lambda _: None
        self._working = Lock()
        self._stop = Event()
        #: What became of the work that was asked for last, where that was neither a result nor a problem.
        self._ended = ""
        self._preview: Preview | None = None
        self._problem: CoverageKitError | None = None
        self._size = 0
        #: What was given to a rep last, by which it can be taken back.
        self._edit_id = ""
        self._acts: dict[str, Callable[[Message], None]] = {
            "hello": lambda _: None,
            "part": self._part,
            "set": self._set,
            "column": self._column,
            "back": self._back,
            "drop": self._drop,
            "try_out": lambda _: self._run(self.model.try_out),
            "run": lambda _: self._run(self.model.run),
            "undo": self._undo,
            "stop": lambda _: self._stop.set(),
            "assign": self._assign,
            "take_back": lambda message: self._note(self.ws.undo(text_in(message, "edit_id"))),
        }

    def handle(self, message: Message) -> Answer:
        """Answer one message of the screen; while one of ``LONG`` is at work in a thread of its own, ``stop`` ends it.

        Parameters
        ----------
        message : mapping
            ``kind`` says what happened; ``seq`` comes back in the answer.

        Returns
        -------
        dict
            ``kind`` is ``import`` with all that the screen shows, ``file`` with a text to keep, ``unassigned`` with the
            accounts that nobody looks after yet, ``refused`` where there is no such file or the message is none, or
            ``unavailable`` where the store cannot be read (``text`` in both languages).
        """
        seq = seq_of(message)
        try:
            check_message(message)
            return self._answer(message) | seq
        except CoverageKitError as exc:  # the store is out of reach, or a file: nothing can be shown
            return problem(exc) | seq

    def _answer(self, message: Message) -> Answer:
        kind = text_in(message, "kind")
        if kind == "file":
            return {"kind": "file", **self._file(text_in(message, "which"))}
        if kind == "unassigned":
            return {"kind": "unassigned", **unassigned(self.ws)}
        if kind in _MEANWHILE:
            self._act(kind, message)
        elif self._working.acquire(blocking=False):
            try:
                self._stop.clear()
                self._problem, self._ended = None, ""
                self._act(kind, message)
            finally:
                self._working.release()
        else:
            busy = BadInput("import.working", N_("Something is being done with the file; stop that first."))
            return self._shown() | {"problem": _told(busy)}
        told = {"facts": self.facts()} if kind in _COUNTED_AFTER else {}
        return self._shown() | told

    def _act(self, kind: str, message: Message) -> None:
        try:
            act = self._acts.get(kind)
            if act is None:
                raise BadInput("message.kind", N_("The screen is of another version; load the page again."))
            act(message)
        except _Stopped:
            self._ended = "stopped"
        except CoverageKitError as exc:
            self._problem = exc
        except OSError:
            text = N_(
                "The file could not be kept on this machine; choose it once more, and see that the disk is not full."
            )
            self._problem = BadInput("import.folder", text)

    def facts(self) -> dict[str, Any]:
        """How many accounts there are, and how many of them nobody owns yet."""
        return {"accounts": len(self.ws.ledger.as_of("account")), "not assigned": len(self.ws.unconfirmed())}

    # What the user does ----------------------------------------------------------------------------------------------

    def _part(self, message: Message) -> None:
        at, size = (version_in(message, key) or 0 for key in ("at", "size"))
        name, part = text_in(message, "name"), bytes(message.get("bytes") or b"")
        if at == 0:
            self._drop()
            self.model.begin(name)
        if at != self._size:
            self._drop()
            raise BadInput("import.part", N_("The file did not arrive whole. Choose it once more."))
        self.model.append(part)
        self._size += len(part)
        if self._size >= size:
            self._look()

    def _set(self, message: Message) -> None:
        """The kind, the encoding or the sheet."""
        kind = text_in(message, "kind_of_file")
        told = {name: text_in(message, name) or None for name in ("encoding", "sheet") if name in message}
        if kind in KINDS:
            self.model.kind = kind
            self.model.mapping = {}
        for name, value in told.items():
            setattr(self.model, name, value)
        if "sheet" in message:
            self.model.mapping = {}
        self._back(message)

    def _column(self, message: Message) -> None:
        theirs, ours = text_in(message, "theirs"), text_in(message, "ours")
        if not theirs:
            raise wrong_form("theirs")
        self.model.mapping[theirs] = ours
        self._back(message)

    def _back(self, _: Message) -> None:
        self.model.plan, self.model.is_done = None, False
        if self.model.file_name:
            self._look()

    def _drop(self, _: Message | None = None) -> None:
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

    def _run(self, act: Callable[[Progress], ImportPlan | None]) -> None:
        def told(step: str, done: int, total: int) -> None:
            self.tell({"kind": "progress", "step": step, "done": done, "total": total})
            if self._stop.is_set():
                raise _Stopped("import.stopped", N_("Stopped."))

        act(told)

    def _undo(self, message: Message) -> None:
        self._run(partial(self.model.undo, text_in(message, "edit_id")))
        self._ended = "undone"

    def _assign(self, message: Message) -> None:
        self._note(self.ws.assign(texts_in(message, "accounts"), text_in(message, "rep")))

    def _note(self, edit: Edit) -> None:
        self._edit_id = edit.edit_id

    # What is told ----------------------------------------------------------------------------------------------------

    def _shown(self) -> Answer:
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
            "preview": _preview(preview) if preview else None,
            "plan": self._plan(model.plan) if model.plan else None,
            "done": model.is_done,
            "can_undo": model.can_undo,
            "recent": [] if preview else self._recent(),
            "ended": self._ended,
            "edit_id": self._edit_id,
            "problem": _told(self._problem) if self._problem else None,
        }

    def _recent(self) -> list[dict[str, Any]]:
        names = {row["id"]: row["name"] for row in self.ws.ledger.as_of("staff")}
        return [
            {**each, "at": local_minute(each["at"], self.ws.zone), "actor": names.get(each["actor"]) or each["actor"]}
            for each in self.model.recent()
        ]

    def _plan(self, plan: ImportPlan) -> dict[str, Any]:
        listed = plan.missing[:_LISTED]
        found = self.ws.ledger.as_of("account", id=[row["account"] for row in listed]) if listed else []
        names = {row["id"]: row["name"] for row in found}
        missing = [{"name": row["name"], "account": names.get(row["account"], row["account"])} for row in listed]
        return {**_numbers(plan), "n_missing": len(plan.missing), "missing": missing}

    def _file(self, which: str) -> dict[str, str]:
        """A file to keep: an empty one of the kind chosen, or the rows that were not taken."""
        path: Path | None = folder("templates") / "import" / f"{self.model.kind}.csv"
        if which == "rejects" and self.model.plan is not None:
            rejects = self.model.plan.counts.get("rejects_file")
            path = Path(rejects) if rejects else None
        try:
            if path is None:
                raise FileNotFoundError
            return {"name": path.name, "text": path.read_text(encoding="utf-8-sig")}
        except OSError as exc:
            text = N_("The file {file} is not there; bring in the same file again and it is made anew.")
            raise BadInput("import.rejects_gone", text, file=path.name if path else self.model.file_name) from exc


def _told(exc: CoverageKitError) -> dict[str, str]:
    """An error in both languages, in the words of the screen."""
    said = _SAID.get(exc.code)
    if said is None:
        return {lang: exc.text(lang) for lang in LANGUAGES}
    lacking = exc.values.get("lacking")
    named = lacking if isinstance(lacking, list) else []
    return {
        lang: texts(lang)(said, **{**exc.values, "lacking": [texts(lang)(FIELDS[ours]) for ours in named]})
        for lang in LANGUAGES
    }


def _preview(preview: Preview) -> dict[str, Any]:
    return {**asdict(preview), "lacking": _told(preview.lacking) if preview.lacking else None}


def _numbers(plan: ImportPlan) -> dict[str, Any]:
    """What a trial or an import came to: the counts, and the first lines of each table."""
    counted = ("rows", "added", "changed", "unchanged", "rejected", "missing", "accounts_added")
    rejects = plan.counts.get("rejects_file")
    problems = sorted(plan.problems, key=lambda problem: (problem.effect is Effect.NOTICE, problem.row))
    return {
        "counts": {name: plan.counts.get(name, 0) for name in counted},
        "rejects": Path(rejects).name if rejects else "",
        "n_problems": len(problems),
        "problems": [
            {
                **{name: getattr(problem, name) for name in ("row", "column", "value")},
                "effect": problem.effect.value,
                "text": {lang: problem.text(lang) for lang in LANGUAGES},
            }
            for problem in problems[:_LISTED]
        ],
        "n_differences": len(plan.differences),
        "differences": [{**asdict(each), "before": each.before or ""} for each in plan.differences[:_LISTED]],
    }
