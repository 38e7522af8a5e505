"""What a week's folder holds: which reports are finished, of what they were made, and the hashes of their files."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coverage_kit.reporting.batch.worker import Outcome, ReportJob, Surroundings, write_whole

MANIFEST = "manifest.json"
#: Writing it takes at most this share of the time.
_SHARE, _AT_LEAST_S = 0.05, 0.5


@dataclass
class Manifest:
    """The finished reports of a week by key, and the pages that were mailed.

    A report that is in its place but was not noted yet (the driver was killed in between) is simply made again.
    """

    folder: Path
    head: dict[str, str] = field(default_factory=dict)
    reports: dict[str, Any] = field(default_factory=dict)
    mailed: dict[str, Any] = field(default_factory=dict)
    _next_write: float = 0.0

    @classmethod
    def read(cls, folder: Path, head: dict[str, str] | None = None) -> Manifest:
        """The manifest of a folder; empty where there is none yet, or none of ours: then everything is made."""
        try:
            kept = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            reports, mailed = dict(kept["reports"]), dict(kept.get("mailed", {}))
        except (OSError, ValueError, KeyError, TypeError):
            reports, mailed = {}, {}
        return cls(folder, head or {}, reports, mailed)

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / MANIFEST

    def save(self, *, now: bool = True) -> None:
        """Write it; with ``now=False`` only if it has not been written for a while."""
        begun = time.monotonic()
        if not now and begun < self._next_write:
            return
        document = {**self.head, "reports": self.reports, "mailed": self.mailed}
        write_whole(self.path, json.dumps(document, ensure_ascii=False, indent=1))
        ended = time.monotonic()
        self._next_write = ended + max((ended - begun) / _SHARE, _AT_LEAST_S)

    def is_finished(self, job: ReportJob, around: Surroundings) -> bool:
        """Whether a report was made of the same inputs, and its files are still as they were."""
        entry = self.reports.get(job.name)
        if entry is None or entry["identity"] != self._identity(job, around):
            return False
        return all(file_hash(self.folder / name) == digest for name, digest in entry["files"].items())

    def note(self, job: ReportJob, outcome: Outcome, around: Surroundings, as_of: str) -> None:
        """Note a report that was put in place, or forget one that could not be made."""
        if outcome.reason:
            self.reports.pop(job.name, None)
            return
        self.reports[job.name] = {
            "title": job.title,
            "as_of": as_of,
            "files": dict(outcome.hashes),
            "facts": dict(outcome.facts),
            "identity": self._identity(job, around),
        }

    def _identity(self, job: ReportJob, around: Surroundings) -> dict[str, str]:
        template = hashlib.sha256(dict(around.bodies)[job.template]).hexdigest()
        shared = {key: value for key, value in self.head.items() if key != "as_of"}
        return {**shared, "template": template, "inputs": job.inputs, "name": job.name, "title": job.title}


def file_hash(path: Path) -> str:
    """The sha256 of a file; nothing where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
