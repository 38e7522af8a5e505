"""What paths, voices, value and the rhythm cost one rep or a team, and what reading the slots costs (CPU); and how that grows.

Run: python bench/paths.py [ACCOUNTS …]     (1000 2000 4000 7000: one rep for each thousand accounts)
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import coverage_kit
from coverage_kit.measures import paths
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import Account, Employment

REP, DAY = "jihye.kim", "2026-11-20"


def said_and_given(ws: coverage_kit.Workspace) -> Iterator[Change]:
    """One voice at every account, half of them answered, and value given at every fourth."""
    owners = {row.id: row.owner_id for row in ws.ledger.as_of(Account)}
    first = {row.account_id: row for row in ws.ledger.as_of(Employment)}
    for n, (account, job) in enumerate(first.items()):
        about = {"account_id": account, "employment_id": job.id, "person_id": job.person_id}
        closed = {"done_note": "done", "done_by": REP, "done_on": DAY, "answered_on": DAY} if n % 2 else {}
        said = {"kind": "need", "body": "what was said", "owner_id": owners[account], "heard_on": DAY}
        yield Change("note", f"no_bench{n:06d}", {**about, **said, **closed}, base=0)
        if n % 4 == 0:
            given = {"kind": "insight", "need": "need", "what": "what", "given_on": DAY, "given_by": REP}
            yield Change("value_given", f"vg_bench{n:06d}", {**about, **given}, base=0)


def median_ms(call: Callable[[], object], n: int = 5) -> float:
    took = []
    for _ in range(n):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return 1000 * statistics.median(took)


def of(ws: coverage_kit.Workspace, rep: str | None) -> dict[str, float]:
    """CPU milliseconds of each, for a rep or for all; the first two are the baseline that each report pays anyway."""
    at = ws.now()
    load = lambda: ws.history(rep=rep, until=at)  # noqa: E731
    coaching = ws.coaching
    return {
        "history": median_ms(load, 3),
        "slots": median_ms(lambda: load().slots(at), 3),
        "slots and paths": median_ms(lambda: (lambda h: (h.slots(at), paths(h, at, rep=rep)))(load()), 3),
        "voices": median_ms(lambda: coaching.voices.find(rep=rep)),
        "value": median_ms(lambda: coaching.value.find(rep=rep)),
        "rhythm": median_ms(lambda: coaching.rhythm.find(rep=rep)),
    }


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ("1000", "2000", "4000", "7000")):
        with tempfile.TemporaryDirectory() as folder, coverage_kit.init_workspace(Path(folder) / "ws") as ws:
            fill_workspace(ws, n_reps=max(size // 1000, 1), n_accounts=size, n_weeks=2)
            ws.ledger.save(said_and_given(ws))
            for rep in (REP, None):
                said = ", ".join(f"{name} {ms:.0f}" for name, ms in of(ws, rep).items())
                print(f"{size} accounts, {'one rep' if rep else 'all'}: {said} ms", flush=True)
