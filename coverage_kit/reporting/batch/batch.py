"""The batch: many reports side by side, each whole or absent, resumable, and none harmed by another."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from coverage_kit.errors import BadInput, ReportError
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.batch.worker import Outcome, ReportJob, Surroundings

#: Makes jobs somewhere and gives their outcomes as they come.
Runner = Callable[[Sequence[ReportJob], Surroundings], Generator[Outcome]]


@dataclass
class BatchResult:
    """What a batch made, kept from before, and could not make; paths are those of the pages."""

    week: str = ""
    as_of: str = ""
    made: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)
    manifest: str = ""
    index: str = ""
    pdf: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The document that ``report --json`` prints."""
        keys = ("week", "as_of", "made", "skipped", "failed", "manifest", "pdf", "mailed")
        return {key: getattr(self, key) for key in keys}


def run_batch(
    jobs: Sequence[ReportJob],
    around: Surroundings,
    *,
    head: dict[str, str],
    runner: Runner,
    force: bool = False,
    progress: bool = False,
) -> tuple[BatchResult, Manifest]:
    """Make reports, skipping those the manifest says are finished and whose files are as they were.

    The folder must be locked by the caller (``locked``).

    Parameters
    ----------
    jobs : sequence of ReportJob
        In the order in which they are made.
    around : Surroundings
        What they share; its folder exists.
    head : dict
        What stands at the top of the manifest: ``week as_of lang version``. A finished report is used again where all
        of these but the instant are the same and so are its inputs.
    runner : callable
        Makes the jobs: ``pool.run_pool`` or ``distributed.run_distributed``, with their options filled in.
    force : bool
        Make again what is finished.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    tuple of BatchResult and Manifest

    Raises
    ------
    ReportError
        The manifest cannot be written.
    """
    manifest = Manifest.read(Path(around.folder), head)
    todo = [job for job in jobs if force or not manifest.is_finished(job, around)]
    result = BatchResult(manifest=str(manifest.path))
    by_name = {job.name: job for job in todo}
    result.skipped = [_page(around, job) for job in jobs if job.name not in by_name]
    with closing(runner(todo, around)) as outcomes, _saved_at_the_end(manifest):
        for outcome in _with_progress(outcomes, len(todo), progress):
            job = by_name[outcome.key]
            manifest.note(job, outcome, around, head.get("as_of", ""))
            if outcome.reason:
                result.failed.append({"rep": job.rep, "reason": outcome.reason})
            else:
                result.made.append(_page(around, job))
            manifest.save(now=False)
    result.made.sort()
    result.failed.sort(key=lambda failure: failure["rep"])
    return result, manifest


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a week's folder, and clear what a batch that was killed left half-made.

    Raises
    ------
    BadInput
        Another batch is writing into this folder.
    """
    lock = FileLock(folder / ".lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout as exc:
        raise BadInput(
            "report.locked", N_("Another batch is writing this week's reports; wait until it has ended.")
        ) from exc
    with lock:
        clear_half_made(folder)
        try:
            yield
        finally:
            clear_half_made(folder)


def clear_half_made(folder: Path) -> None:
    """Remove what lies aside while a report is made."""
    for left in folder.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(".part-*"):
        left.unlink(missing_ok=True)


@contextmanager
def _saved_at_the_end(manifest: Manifest) -> Iterator[None]:
    """However it ends, what is finished is noted."""
    try:
        try:
            yield
        finally:
            manifest.save()
    except OSError as exc:
        raise ReportError(
            "report.manifest",
            N_("The manifest of the reports cannot be written ({reason}); make room and run the same command again."),
            reason=exc.strerror or type(exc).__name__,
        ) from exc


def _with_progress(outcomes: Iterator[Outcome], total: int, progress: bool) -> Iterator[Outcome]:
    return iter(
        tqdm(
            outcomes,
            total=total,
            unit="report",
            smoothing=0.05,
            dynamic_ncols=True,
            disable=not (progress and total and sys.stderr.isatty()),
        )
    )


def _page(around: Surroundings, job: ReportJob) -> str:
    return str(Path(around.folder) / f"{job.name}.html")
