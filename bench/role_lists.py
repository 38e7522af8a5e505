"""What role lists by conditions cost, beside the same accounts with one stored list; and how long an Apply takes.

Run: python bench/role_lists.py. Reads are measured in seconds of processor time, in turn, so that a busy machine changes
no ratio.
"""

from __future__ import annotations

import gc
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from measures import LAST, ROLES, ZONE, team

from coverage_kit import init_workspace
from coverage_kit.domain.clock import pinned_clock
from coverage_kit.measures import History, trend
from coverage_kit.store import Change
from coverage_kit.workspace import Workspace

N_ACCOUNTS, N_SETS, N_ROUNDS = 7_000, 2_000, 5
WEEKS = [(week, week.as_of(ZONE)) for week in (LAST - n for n in range(26, -1, -1))]


def body(roles: list[str], **more: object) -> dict[str, object]:
    made = [{"key": r, "level": "manager", "function": "x", "title": {"ko": r, "en": r}} for r in roles]
    return {"roles": made, "freshness_days": 180, "applies_to": {}, **more}


def by_industry() -> History:
    """Ten industries with a list each, all of the same twelve roles, so that the counts are the same."""
    lists = {f"l{n}": body(ROLES, applies_to={"industries": [f"industry {n}"]}) for n in range(10)}
    industry = np.array([f"Industry {n % 10}" for n in range(N_ACCOUNTS)], object)
    region = np.array([f"Street {n}" for n in range(N_ACCOUNTS)], object)
    return team(N_ACCOUNTS, lists=lists, industry=industry, region=region)


def by_sets() -> History:
    """Two thousand different sets of lists: a base list, and a choice among eleven lists pinned by hand."""
    lists = {"base": body(ROLES), **{f"o{n}": body([ROLES[n]]) for n in range(11)}}
    sets = [json.dumps(["base", *(f"o{n}" for n in range(11) if code >> n & 1)]) for code in range(N_SETS)]
    pinned = np.array([sets[n % N_SETS] for n in range(N_ACCOUNTS)], object)
    return team(N_ACCOUNTS, lists=lists, pinned_lists=pinned)


def processor_time(call: Callable[[], object]) -> float:
    """How much processor time a call takes."""
    gc.collect()
    start = time.process_time()
    call()
    return time.process_time() - start


def cold(makes: list[Callable[[], History]], read: Callable[[History], object]) -> list[float]:
    """For each way to make a history the median of its first reads, each of a history of its own, taken in turn."""
    took = [[processor_time(partial(read, make())) for make in makes] for _ in range(N_ROUNDS)]
    return [statistics.median(each) for each in zip(*took, strict=True)]


def shipyards(folder: Path) -> Workspace:
    """A store with 7,000 accounts, 2,000 of them shipyards."""
    ws = init_workspace(folder, clock=pinned_clock(WEEKS[-1][1]))
    industries = ["Shipyards"] * 2_000 + ["Other"] * (N_ACCOUNTS - 2_000)
    ws.ledger.save(
        Change("account", f"A{n:05d}", {"name": f"A{n}", "name_key": f"a{n}", "industry": each, "status": "active", "focus": 0})
        for n, each in enumerate(industries)
    )  # fmt: skip
    return ws


def apply_to_many(before: Workspace, after: Workspace) -> None:
    """A list for 2,000 of 7,000 accounts, in one of two stores; and the same read of all slots in both."""
    lists = after.roles.in_force()
    general = next(each for each in lists if each.key == "general")
    conditions = general.applies_to.model_copy(update={"industries": ["shipyards"]})
    yards = general.model_copy(update={"key": "shipyards", "default": False, "applies_to": conditions})
    start = time.perf_counter()
    found = after.roles.preview([yards])[1]
    previewed = time.perf_counter()
    after.roles.apply([yards], why="a bench")
    done = time.perf_counter()
    print(f"a list for {len(found.accounts)} of {N_ACCOUNTS} accounts: preview {previewed - start:.2f} s, apply {done - previewed:.2f} s")  # fmt: skip
    took = [[processor_time(ws.slots) for ws in (before, after)] for _ in range(N_ROUNDS)]
    base, now = (statistics.median(each) for each in zip(*took, strict=True))
    print(f"all slots in store: {base:.2f} s before, {now:.2f} s after ({now / base:.2f} x)")


if __name__ == "__main__":
    one = partial(team, N_ACCOUNTS)
    at = WEEKS[-1][1]
    reads: dict[str, Callable[[History], object]] = {
        "26 weeks with causes": lambda history: trend(history, WEEKS),
        "all slots of one instant": lambda history: history.slots(at),
    }
    makes = {"ten lists by industry": by_industry, f"{N_SETS} sets of lists": by_sets}
    for name, read in reads.items():
        base, *others = cold([one, *makes.values()], read)
        print(f"{N_ACCOUNTS * len(ROLES)} slots, {name}: one stored list {base:.3f} s")
        for kind, took in zip(makes, others, strict=True):
            print(f"  {kind}: {took:.3f} s ({took / base:.2f} x)")
    with (
        tempfile.TemporaryDirectory() as folder,
        shipyards(Path(folder) / "before") as before,
        shipyards(Path(folder) / "after") as after,
    ):
        apply_to_many(before, after)
