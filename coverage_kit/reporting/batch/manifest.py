"""The contents of a week's folder: finished reports, their inputs, the hashes of their files, and the mails."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from coverage_kit.errors import ReportError
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.files import file_hash, write_whole
from coverage_kit.reporting.batch.model import Outcome, ReportJob, RunContext

MANIFEST = "manifest.json"
#: One line for each mail since the manifest was last written: writing all of it after each of thousands takes hours.
SENT = ".sent.jsonl"
#: Writing it takes at most this share of the time.
_SHARE, _AT_LEAST_S = 0.05, 0.5


@dataclass(frozen=True)
class RunHead:
    """The top of the manifest; the instant is in ISO form."""

    week: str = ""
    as_of: str = ""
    lang: str = ""
    version: str = ""


@dataclass(frozen=True)
class Identity:
    """The inputs of a report; a report with the same identity is not made again."""

    week: str
    lang: str
    version: str
    template: str
    inputs: str
    name: str
    title: str


@dataclass
class ReportEntry:
    """One finished report: its title, instant, file hashes by name, and the numbers it prints about itself."""

    title: str
    as_of: str
    files: dict[str, str]
    facts: dict[str, int]
    identity: Identity


@dataclass(frozen=True)
class Mailed:
    """A page (by its hash) that was mailed to somebody."""

    to: str
    report: str
    page: str


@dataclass
class _Document:
    """The file."""

    week: str = ""
    as_of: str = ""
    lang: str = ""
    version: str = ""
    reports: dict[str, ReportEntry] = field(default_factory=dict)
    #: By person in the files of version 0.1.0, which noted one mail a person.
    mailed: list[Mailed] | dict[str, dict[str, str]] = field(default_factory=list)


_FILE = TypeAdapter(_Document)
_NOTE = TypeAdapter(Mailed)


@dataclass
class Manifest:
    """The finished reports of a week by name, and the pages that were mailed.

    A report whose files are in place but that was not noted (the driver was killed in between) is made again.
    """

    folder: Path
    head: RunHead = field(default_factory=RunHead)
    reports: dict[str, ReportEntry] = field(default_factory=dict)
    _mailed: dict[tuple[str, str], Mailed] = field(default_factory=dict)
    _next_write: float = 0.0

    @classmethod
    def read(cls, folder: Path, head: RunHead | None = None) -> Manifest:
        """The manifest of a folder; empty where there is none yet, or none of ours: then everything is made."""
        try:
            kept = _FILE.validate_json((folder / MANIFEST).read_bytes())
        except (OSError, ValidationError):
            kept = _Document()
        mailed = kept.mailed
        if isinstance(mailed, dict):
            mailed = [Mailed(to, one.get("report", ""), one.get("page", "")) for to, one in mailed.items()]
        made = cls(folder, head or RunHead(), kept.reports)
        made._mailed = {(one.to, one.report): one for one in (*mailed, *_sent(folder))}
        return made

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / MANIFEST

    @property
    def mailed(self) -> list[Mailed]:
        """The pages that were mailed: the last one of each person and report."""
        return list(self._mailed.values())

    def is_mailed(self, note: Mailed) -> bool:
        """Whether this very page was mailed to this person."""
        return self._mailed.get((note.to, note.report)) == note

    def note_mailed(self, note: Mailed) -> None:
        """Note a mail that has left, at once and on the disk; ``save`` takes it over into the manifest."""
        self._mailed[note.to, note.report] = note
        handle = os.open(self.folder / SENT, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "ab") as file:
            # A line that a crash cut off ends where the next one begins.
            file.write(b"\n" + _NOTE.dump_json(note))
            file.flush()
            os.fsync(file.fileno())

    def save(self, *, now: bool = True) -> None:
        """Write it; with ``now=False`` only if it has not been written for a while."""
        begun = time.monotonic()
        if not now and begun < self._next_write:
            return
        head = self.head
        document = _Document(head.week, head.as_of, head.lang, head.version, self.reports, self.mailed)
        write_whole(self.path, _FILE.dump_json(document, indent=1).decode())
        (self.folder / SENT).unlink(missing_ok=True)
        ended = time.monotonic()
        self._next_write = ended + max((ended - begun) / _SHARE, _AT_LEAST_S)

    @contextmanager
    def saved_at_the_end(self) -> Iterator[None]:
        """Write it, however the block ends.

        Raises
        ------
        ReportError
            It cannot be written.
        """
        try:
            try:
                yield
            finally:
                self.save()
        except OSError as exc:
            raise ReportError(
                "report.manifest",
                N_(
                    "The manifest of the reports cannot be written ({reason}). Make room, or check the permissions of its folder; then run the same command again."
                ),
                reason=exc.strerror or type(exc).__name__,
            ) from exc

    def is_finished(self, job: ReportJob, context: RunContext) -> bool:
        """Whether a report was made of the same inputs, and its files are still as they were."""
        entry = self.reports.get(job.name)
        if entry is None or entry.identity != self._identity(job, context):
            return False
        return all(file_hash(self.folder / name) == digest for name, digest in entry.files.items())

    def note(self, job: ReportJob, outcome: Outcome, context: RunContext) -> None:
        """Note a report that was put in place, or forget one that could not be made."""
        if outcome.reason:
            self.reports.pop(job.name, None)
            return
        self.reports[job.name] = ReportEntry(
            job.title, self.head.as_of, dict(outcome.hashes), dict(outcome.facts), self._identity(job, context)
        )

    def _identity(self, job: ReportJob, context: RunContext) -> Identity:
        template = hashlib.sha256(dict(context.bodies)[job.template]).hexdigest()
        head = self.head
        return Identity(head.week, head.lang, head.version, template, job.inputs, job.name, job.title)


def _sent(folder: Path) -> list[Mailed]:
    """The mails that were noted one by one and are not in the manifest yet: a run ended before it could save."""
    found = []
    with suppress(OSError):
        for line in (folder / SENT).read_bytes().splitlines():
            with suppress(ValidationError):
                found.append(_NOTE.validate_json(line))
    return found
