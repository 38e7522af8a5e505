"""The batch: many reports side by side, each whole or absent, resumable, and none harmed by another."""

from __future__ import annotations

import ctypes
import hashlib
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from tqdm import tqdm

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.reporting.execute import Outcome, ReportJob, Surroundings, make_report, write_whole

MANIFEST = "manifest.json"
_DIE_WITH_PARENT = 1


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

    def as_json(self) -> dict[str, Any]:
        """The document that ``report --json`` prints."""
        return {key: getattr(self, key) for key in ("week", "as_of", "made", "skipped", "failed", "manifest")}


def run_batch(
    jobs: Sequence[ReportJob],
    around: Surroundings,
    *,
    identity: dict[str, str],
    n_workers: int | None = None,
    force: bool = False,
    progress: bool = False,
) -> tuple[BatchResult, dict[str, Any]]:
    """Make reports, skipping those the manifest says are finished and whose files are as they were.

    Parameters
    ----------
    jobs : sequence of ReportJob
        In the order in which they are made.
    around : Surroundings
        What they share; its folder exists.
    identity : dict
        What makes a finished report reusable: week, instant, language, versions.
    n_workers : int, optional
        Processes side by side; one a core by default.
    force : bool
        Make again what is finished.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    tuple of BatchResult and dict
        The result, and the manifest's reports by key.

    Raises
    ------
    BadInput
        Another batch is writing into this folder.
    """
    folder = Path(around.folder)
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as exc:
        raise BadInput(
            "report.locked", N_("Another batch is writing this week's reports; wait until it has ended.")
        ) from exc
    with lock:
        manifest = read_manifest(folder)
        todo = [job for job in jobs if force or not finished(folder, manifest, job, around, identity)]
        result = BatchResult(manifest=str(folder / MANIFEST))
        result.skipped = [str(folder / f"{job.name}.html") for job in jobs if job not in todo]
        by_key = {job.key: job for job in todo}
        for outcome in tqdm(
            _outcomes(todo, around, n_workers),
            total=len(todo),
            unit="report",
            disable=not (progress and sys.stderr.isatty()),
        ):
            job = by_key[outcome.key]
            manifest.pop(job.key, None)
            if outcome.reason:
                result.failed.append({"rep": job.key, "reason": outcome.reason})
            else:
                result.made.append(str(folder / f"{job.name}.html"))
                manifest[job.key] = _entry(job, outcome, around, identity)
            write_whole(folder / MANIFEST, json.dumps({**identity, "reports": manifest}, ensure_ascii=False, indent=1))
        result.made.sort()
        result.failed.sort(key=lambda failure: failure["rep"])
        return result, manifest


def finished(
    folder: Path, manifest: dict[str, Any], job: ReportJob, around: Surroundings, identity: dict[str, str]
) -> bool:
    """Whether a report was made of the same instant and template, and its files are still as they were."""
    entry = manifest.get(job.key)
    if entry is None or entry["identity"] != _identity(job, around, identity):
        return False
    return all(
        (folder / name).is_file() and hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
        for name, digest in entry["files"].items()
    )


def _identity(job: ReportJob, around: Surroundings, identity: dict[str, str]) -> dict[str, str]:
    body = dict(around.bodies)[job.template]
    return {**identity, "template": hashlib.sha256(body).hexdigest(), "name": job.name}


def _entry(job: ReportJob, outcome: Outcome, around: Surroundings, identity: dict[str, str]) -> dict[str, Any]:
    return {
        "title": job.title,
        "files": dict(outcome.hashes),
        "facts": dict(outcome.facts),
        "identity": _identity(job, around, identity),
    }


def read_manifest(folder: Path) -> dict[str, Any]:
    """The finished reports of a week by key; empty where there are none yet."""
    try:
        return dict(json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["reports"])
    except (OSError, ValueError, KeyError, TypeError):
        # None yet, or not ours: everything is made.
        return {}


def _outcomes(jobs: list[ReportJob], around: Surroundings, n_workers: int | None) -> Any:
    """The outcomes as they come; jobs of a worker that was killed are tried once more, one by one."""
    lost = yield from _pool(jobs, around, n_workers or os.cpu_count() or 1)
    for job in lost:
        again = yield from _pool([job], around, 1)
        for gone in again:
            yield Outcome(gone.key, reason="the worker process was killed twice")


def _pool(jobs: list[ReportJob], around: Surroundings, n_workers: int) -> Any:
    if not jobs:
        return []
    lost: list[ReportJob] = []
    # A fresh interpreter: a fork of a driver with threads and an open store is asking for trouble.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        min(n_workers, len(jobs)), mp_context=context, initializer=_begin_worker, initargs=(os.getpid(),)
    )
    try:
        futures = {pool.submit(make_report, job, around): job for job in jobs}
        for future in as_completed(futures):
            try:
                yield future.result()
            except BrokenProcessPool:
                lost.append(futures[future])
        pool.shutdown()
    except BaseException:
        # Interrupted: end the workers, and with them their kernels.
        workers = list(getattr(pool, "_processes", {}).values())
        for worker in workers:
            worker.terminate()
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.join(5)
        raise
    return lost


def _begin_worker(parent: int) -> None:
    """A worker ends with its driver, and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
        if os.getppid() != parent:
            sys.exit(1)
    import papermill  # noqa: F401  (imported once a worker, not once a report)
