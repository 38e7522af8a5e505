"""How long an edit waits when many people write at once: ours beside SQLite's own waiting.

Each writer is a process that edits without a pause, far more than people do. Of several rounds the one with the shortest
longest wait counts, because other work on the machine only adds to it. Run: python bench/writers.py [SECONDS [ROUNDS]]
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import Connection

from coverage_kit.domain.clock import system_clock
from coverage_kit.errors import StoreError
from coverage_kit.store import Change, dialects, open_store


def write(
    url: str, writer: int, seconds: float, plain: bool, start: Barrier, found: Queue[tuple[list[float], int]]
) -> None:
    """Edit for so many seconds; put the time of each edit and the number of refusals."""
    if plain:
        dialects.DIALECTS["sqlite"] = replace(dialects.DIALECTS["sqlite"], begin_write=_begin_plainly)
    ledger = open_store(url, clock=system_clock, actor="a")
    times, refused = [], 0
    start.wait()
    until = time.perf_counter() + seconds
    while (begun := time.perf_counter()) < until:
        try:
            ledger.save([Change("account", f"w{writer}", {"name": str(len(times))})])
        except StoreError:
            refused += 1
        times.append(time.perf_counter() - begun)
    found.put((times, refused))


def _begin_plainly(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def measure(n_writers: int, seconds: float, *, plain: bool) -> tuple[float, str]:
    """The longest wait of so many writers in seconds, and one line about them."""
    with tempfile.TemporaryDirectory() as home:
        url = f"sqlite:///{Path(home) / 'store.db'}"
        open_store(url, clock=system_clock, actor="a", create=True).close()
        context = multiprocessing.get_context("spawn")
        found: Queue[tuple[list[float], int]] = context.Queue()
        start = context.Barrier(n_writers)
        writers = [context.Process(target=write, args=(url, n, seconds, plain, start, found)) for n in range(n_writers)]
        for process in writers:
            process.start()
        results = [found.get() for _ in writers]
        for process in writers:
            process.join()
    times = sorted(each for own, _ in results for each in own)
    counts = [len(own) for own, _ in results]
    p99 = statistics.quantiles(times, n=100)[98]
    return times[-1], (
        f"{len(times)} edits, p50 {1000 * statistics.median(times):.0f} ms, p99 {1000 * p99:.0f} ms,"
        f" longest {times[-1]:.2f} s, {sum(refused for _, refused in results)} refused,"
        f" fewest and most of one writer {min(counts)} and {max(counts)}"
    )


if __name__ == "__main__":
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 12.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    for n_writers in (1, 2, 4, 8, 16):
        for plain in (True, False):
            how = "SQLite's own waiting" if plain else "ours"
            _, best = min(measure(n_writers, seconds, plain=plain) for _ in range(rounds))
            print(f"{n_writers} writers, {how}: {best}", flush=True)
