"""What the check of the chain of edits costs a batch, beside the batch; CPU seconds with all child processes.

Run: python bench/check.py [WORKSPACE …]     (the small sample is made where none is named)
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import psutil

import coverage_kit
from coverage_kit.sample import fill_workspace
from coverage_kit.store import check_edits
from coverage_kit.store.anchor import LAST_CHECK, check_all

WEEK_MS = 7 * 86_400_000


def cpu(work: Callable[[], object]) -> float:
    """The CPU seconds that some work takes."""
    own = psutil.Process()
    before = sum(own.cpu_times()[:4])
    work()
    return sum(own.cpu_times()[:4]) - before


def measure(home: Path) -> str:
    """One line about a workspace: the check of everything, of a week's edits, and the batch with it."""
    with coverage_kit.open_workspace(home, actor="bench") as ws:
        last, note = ws.ledger.last_at(), home / LAST_CHECK
        whole = statistics.median(cpu(lambda: check_all(ws.ledger, note)) for _ in range(3))
        week = statistics.median(cpu(lambda: check_edits(ws.ledger, since=last - WEEK_MS)) for _ in range(3))
        batch = cpu(lambda: coverage_kit.report(ws, force=True))
    return f"{home.name}: everything {whole:.2f} s, a week's edits {week:.2f} s, the batch {batch:.1f} s"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(each) for each in sys.argv[1:]]
        if not homes:
            homes = [Path(folder) / "small"]
            with coverage_kit.init_workspace(homes[0]) as ws:
                fill_workspace(ws)
        for home in homes:
            print(measure(home), flush=True)
