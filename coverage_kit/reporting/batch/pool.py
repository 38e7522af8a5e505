"""Worker processes side by side on this machine: what one loses another makes, and none outlives the driver."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from socket import socket
from typing import Any, cast

from coverage_kit.engine import SUPPORTED, Zygote
from coverage_kit.reporting.batch.worker import Outcome, ReportJob, Surroundings, make_report, put_report

#: How often a job is tried of which something around it failed.
TRIES = 2
_MB_PER_WORKER = 700


def run_pool(jobs: Sequence[ReportJob], around: Surroundings, n_workers: int) -> Generator[Outcome]:
    """Make reports in worker processes; their outcomes as they come.

    Parameters
    ----------
    jobs : sequence of ReportJob
    around : Surroundings
    n_workers : int

    Yields
    ------
    Outcome
        One a job. A job whose worker or zygote was killed, or whose store was out of reach, is tried once more.
    """
    waiting = deque((job, 1) for job in jobs)
    workers: list[_Worker] = []
    # One for all workers; it warms up while they load papermill.
    zygote = Zygote(around.preload) if SUPPORTED and not around.plain and jobs else None
    try:
        while waiting or any(worker.job for worker in workers):
            while waiting and len(workers) < min(n_workers, len(jobs)):
                workers.append(_Worker.start(around, None if zygote is None else zygote.control))
            for worker in workers:
                if worker.job is None and waiting:
                    worker.give(*waiting.popleft())
            busy = {worker.pipe: worker for worker in workers if worker.job}
            for pipe in wait(busy):
                worker = busy[cast(Connection, pipe)]
                job, tried = cast(tuple[ReportJob, int], worker.job)
                outcome = worker.take()
                if worker.pipe.closed:
                    workers.remove(worker)
                if outcome.lost and tried < TRIES:
                    waiting.append((job, tried + 1))
                else:
                    yield outcome
    finally:
        for worker in workers:
            worker.end()
        if zygote is not None:
            zygote.close()


def count_workers(n_jobs: int) -> int:
    """How many workers this machine can feed: one a core that we may use, and one a few hundred MB of free memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free_mb = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free_mb = cores * _MB_PER_WORKER
    return max(1, min(cores, free_mb // _MB_PER_WORKER, n_jobs))


@dataclass
class _Worker:
    """One worker process, and the job it has."""

    process: BaseProcess
    pipe: Connection
    job: tuple[ReportJob, int] | None = None

    @classmethod
    def start(cls, around: Surroundings, control: socket | None) -> _Worker:
        # A fresh interpreter: a fork of a driver with threads and an open store is asking for trouble.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, around, control), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def give(self, job: ReportJob, tried: int) -> None:
        self.job = (job, tried)
        try:
            self.pipe.send(job)
        except OSError:
            # It died while it had nothing to do; ``take`` will tell.
            return

    def take(self) -> Outcome:
        job, _ = cast(tuple[ReportJob, int], self.job)
        self.job = None
        try:
            return cast(Outcome, self.pipe.recv())
        except (EOFError, OSError):
            self.end()
            return Outcome(job.name, reason="the worker process was killed", lost=True)

    def end(self) -> None:
        self.pipe.close()
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _work(pipe: Any, around: Surroundings, control: socket | None) -> None:
    """What a worker does: make what comes, until the driver hangs up."""
    # Ctrl-C is the driver's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_driver, daemon=True).start()
    os.umask(0o077)
    if control is not None:
        Zygote.adopt(control, around.preload)
    # A grammar of internet addresses, which no notebook's check asks for, takes longer to load than all the rest.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    import papermill  # noqa: F401

    while True:
        try:
            job = pipe.recv()
        except (EOFError, OSError):
            return
        draft = make_report(job, around, around.folder)
        pipe.send(put_report(draft, job, Path(around.folder)))


def _end_with_driver() -> None:
    driver = multiprocessing.parent_process()
    if driver is not None:
        driver.join()
        os._exit(1)
