"""The batch: many reports at the same time, each whole or absent; it can be resumed, and no report harms another."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryFile

from filelock import FileLock, Timeout
from tqdm import tqdm

from coverage_kit.assets.private import make_folder
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.manifest import Manifest, RunHead
from coverage_kit.reporting.batch.model import BatchResult, Outcome, ReportJob, RunContext, Runner

#: Is called with the number of reports done, and of how many.
Progress = Callable[[int, int], None]


def run_batch(
    jobs: Sequence[ReportJob],
    context: RunContext,
    *,
    head: RunHead,
    runner: Runner,
    force: bool = False,
    progress: bool | Progress = False,
) -> tuple[BatchResult, Manifest]:
    """Make reports; skip those that the manifest lists as finished and whose files are unchanged.

    The caller holds the folder (``locked``).

    Parameters
    ----------
    jobs : sequence of ReportJob
        In the order in which they are made.
    context : RunContext
        Its folder exists.
    head : RunHead
        A finished report is used again if its week, language, version and inputs are the same.
    runner : callable
        Makes the jobs: ``pool.run_pool`` or ``dask.run_distributed``, with their options filled in.
    force : bool
        Make finished reports again.
    progress : bool or callable
        Show a progress bar on stderr; or call this with the number of reports done, and of how many.

    Raises
    ------
    ReportError
        The manifest cannot be written.
    """
    manifest = Manifest.read(Path(context.folder), head)
    todo = [job for job in jobs if force or not manifest.is_finished(job, context)]
    result = BatchResult(manifest=str(manifest.path))
    by_name = {job.name: job for job in todo}
    result.skipped = [_page(context, job) for job in jobs if job.name not in by_name]
    with closing(runner(todo, context)) as outcomes, manifest.saved_at_the_end():
        for outcome in _with_progress(outcomes, len(todo), progress):
            job = by_name[outcome.key]
            manifest.note(job, outcome, context)
            if outcome.reason:
                result.failed.append({"rep": job.rep, "reason": outcome.reason})
            else:
                result.made.append(_page(context, job))
            manifest.save(now=False)
    result.made.sort()
    result.failed.sort(key=lambda failure: failure["rep"])
    return result, manifest


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make a week's folder and lock it, and clear the half-made files of a batch that was killed.

    Raises
    ------
    BadInput
        Another batch is writing into this folder, or it cannot be written.
    """
    lock = FileLock(folder / ".lock", mode=0o600)
    try:
        with TemporaryFile(dir=make_folder(folder)):
            lock.acquire(timeout=0)
    except Timeout as exc:
        raise BadInput(
            "report.locked", N_("Another batch is writing this week's reports; wait until it has ended.")
        ) from exc
    except OSError as exc:
        raise BadInput(
            "report.folder",
            N_("The folder {path} cannot be written ({reason}); check it and its permissions, or name another one."),
            path=f"{folder.parent.name}/{folder.name}",
            reason=exc.strerror or type(exc).__name__,
        ) from exc
    with lock:
        clear_half_made(folder)
        try:
            yield
        finally:
            clear_half_made(folder)


def clear_half_made(folder: Path) -> None:
    """Remove temporary files of reports in the making."""
    for left in folder.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in folder.glob(".part-*"):
        left.unlink(missing_ok=True)


def _with_progress(outcomes: Iterator[Outcome], total: int, progress: bool | Progress) -> Iterator[Outcome]:
    if callable(progress):
        return _counted(outcomes, total, progress)
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


def _counted(outcomes: Iterator[Outcome], total: int, progress: Progress) -> Iterator[Outcome]:
    progress(0, total)
    for done, outcome in enumerate(outcomes, 1):
        yield outcome
        progress(done, total)


def _page(context: RunContext, job: ReportJob) -> str:
    return str(Path(context.folder) / f"{job.name}.html")
