"""Worker processes side by side on this machine; what one loses another makes, and none outlives the driver."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import IO, cast

from coverage_kit.engine import SUPPORTED, ForkServer
from coverage_kit.reporting.batch.model import Outcome, ReportJob, RunContext

#: How often a job is tried when the cause of its failure was outside the report.
TRIES = 2
_MB_PER_WORKER = 700

#: A worker searches modules where the driver does, but never runs the driver's script.
_START = """\
import json, sys
options = json.loads(sys.argv[1])
sys.path[:] = options["path"]
from coverage_kit.reporting.batch.worker_main import main
main(options["control"])
"""


def run_pool(jobs: Sequence[ReportJob], context: RunContext, n_workers: int) -> Generator[Outcome]:
    """Make reports in worker processes; yield their outcomes as they arrive.

    Yields
    ------
    Outcome
        One a job. A job whose worker or fork server was killed, or whose store was out of reach, is tried once more.
    """
    if not jobs:
        return
    # One fork server for all workers; it warms up while they load papermill.
    server = ForkServer(context.preload) if SUPPORTED and not context.plain else None
    limit = min(n_workers, len(jobs))
    waiting = deque((job, 1) for job in jobs)
    workers: list[_Worker] = []
    idle: list[_Worker] = []
    busy: dict[Future[Outcome], tuple[_Worker, ReportJob, int]] = {}
    # A thread for each worker waits for its outcome.
    threads = ThreadPoolExecutor(limit)
    try:
        while waiting or busy:
            while waiting and len(busy) < limit:
                if not idle:
                    idle.append(_Worker(context, server))
                    workers.append(idle[-1])
                worker, (job, tried) = idle.pop(), waiting.popleft()
                busy[threads.submit(worker.make, job)] = (worker, job, tried)
            for finished in wait(busy, return_when=FIRST_COMPLETED).done:
                worker, job, tried = busy.pop(finished)
                outcome = finished.result()
                if worker.alive:
                    idle.append(worker)
                if outcome.lost and tried < TRIES:
                    waiting.append((job, tried + 1))
                else:
                    yield outcome
    finally:
        for worker in workers:
            worker.kill()
        threads.shutdown()
        for worker in workers:
            worker.close()
        if server is not None:
            server.close()


def count_workers(n_jobs: int) -> int:
    """How many workers this machine can feed: one for each core that we may use and each 700 MB of free memory."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
        free_mb = next(int(line.split()[1]) // 1024 for line in lines if line.startswith("MemAvailable"))
    except (OSError, StopIteration):
        free_mb = cores * _MB_PER_WORKER
    return max(1, min(cores, free_mb // _MB_PER_WORKER, n_jobs))


class _Worker:
    """One worker process.

    Parameters
    ----------
    context : RunContext
    server : ForkServer or None
        Makes the processes of its notebooks.
    """

    def __init__(self, context: RunContext, server: ForkServer | None) -> None:
        control = None if server is None else server.control.fileno()
        # A fresh interpreter: forking a driver with threads and an open store is not safe.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, json.dumps({"path": sys.path, "control": control})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=() if control is None else (control,),
        )
        self._requests = cast(IO[bytes], self._process.stdin)
        self._responses = cast(IO[bytes], self._process.stdout)
        self.alive = True
        with contextlib.suppress(OSError):
            self._send(context)

    def make(self, job: ReportJob) -> Outcome:
        """Have one report made, and wait for its outcome."""
        try:
            self._send(job)
            outcome: Outcome = pickle.load(self._responses)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.alive = False
            return Outcome(job.name, reason="the worker process was killed", lost=True)
        return outcome

    def kill(self) -> None:
        """End the process; ``make`` then returns in its thread."""
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def close(self) -> None:
        """Close the pipes of a process that has ended."""
        for pipe in (self._requests, self._responses):
            with contextlib.suppress(OSError):
                pipe.close()

    def _send(self, message: RunContext | ReportJob) -> None:
        pickle.dump(message, self._requests)
        self._requests.flush()
