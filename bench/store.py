"""What one edit costs beside a bare insert and commit, and one rep's history as the team grows tenfold.

Run: python bench/store.py
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from pathlib import Path

from coverage_kit.store import Change, Ledger, load_history, open_store


def quantiles(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"p50 {1000 * cuts[49]:.1f} ms, p99 {1000 * cuts[98]:.1f} ms"


def fill(ledger: Ledger, n_reps: int) -> None:
    for rep in range(n_reps):
        keys = [f"r{rep}a{n}" for n in range(100)]
        changes = [Change("account", key, {"name": key, "owner_id": f"r{rep}", "status": "active"}) for key in keys]
        changes += [Change("slot", f"{key}:{role}", {"account_id": key, "role": str(role)}) for key in keys for role in range(12)]  # fmt: skip
        ledger.save(changes)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        ledger = open_store(f"sqlite:///{Path(home) / 'a.db'}", clock=lambda: 1, actor="a", create=True)
        fill(ledger, 3)
        ours, theirs = [], []
        bare = sqlite3.connect(Path(home) / "b.db", isolation_level=None)
        bare.execute("PRAGMA synchronous=FULL")
        bare.execute("CREATE TABLE t (id TEXT, version INTEGER, body TEXT, PRIMARY KEY (id, version))")
        for n in range(400):
            start = time.perf_counter()
            ledger.save([Change("slot", f"r0a{n % 100}:3", {"verified_on": f"2026-01-{n % 28 + 1:02d}"})])
            middle = time.perf_counter()
            bare.execute("INSERT INTO t VALUES (?, ?, ?)", ("x", n, "y" * 200))
            ours.append(middle - start)
            theirs.append(time.perf_counter() - middle)
        ratio = statistics.median(ours) / statistics.median(theirs)
        print(f"one edit: {quantiles(ours)}; bare insert and commit: {quantiles(theirs)}; ratio of medians {ratio:.1f}")
        medians = []
        for n_reps in (5, 50):
            ledger = open_store(f"sqlite:///{Path(home) / f'{n_reps}.db'}", clock=lambda: 1, actor="a", create=True)
            fill(ledger, n_reps)
            times = []
            for _ in range(7):
                start = time.perf_counter()
                load_history(ledger, until=10**15, rep="r1")
                times.append(time.perf_counter() - start)
            medians.append(statistics.median(times))
            print(f"one rep's history among {n_reps} reps: median {1000 * medians[-1]:.0f} ms")
        print(f"ten times the team: {medians[1] / medians[0]:.2f} x")
