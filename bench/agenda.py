"""How long the agenda of one rep takes: 1,000 accounts x 12 roles, then up to ten times that, beside a plain sort.

Run: python bench/agenda.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from coverage_kit.config import AgendaWeights
from coverage_kit.measures import agenda
from coverage_kit.measures.contacts import FRESHNESS, freshness_codes

ROLES = [f"role_{n:02d}" for n in range(12)]
LEVELS = ["executive"] * 4 + ["manager"] * 5 + ["practitioner"] * 3
DAY, AT = pd.Timestamp("2026-11-23"), 1_795_392_000_000


def territory(n_accounts: int, seed: int = 1) -> pd.DataFrame:
    """Required slots of one rep as ``History.slots`` gives them: three in ten written, half of these checked."""
    chance = np.random.default_rng(seed)
    n = n_accounts * len(ROLES)
    account, role = np.repeat(np.arange(n_accounts), len(ROLES)), np.tile(np.arange(len(ROLES)), n_accounts)
    held, checked = chance.random(n) < 0.3, chance.random(n) < 0.5
    verified = DAY.to_datetime64() - chance.integers(0, 400, n) * np.timedelta64(1, "D")
    names = np.array([f"A{i:05d}" for i in range(n_accounts)], object)
    person = np.where(held, np.array([f"p{i}" for i in range(n)], object), None)
    frame = pd.DataFrame(
        {
            "account": pd.Categorical.from_codes(account, names),
            "account_name": names[account],
            "value": chance.lognormal(4, 1, n_accounts)[account],
            "focus": account < 40,
            "role": pd.Categorical.from_codes(role, ROLES),
            "role_order": role,
            "level": np.array(LEVELS, object)[role],
            "freshness_days": 180,
            "status": "open",
            "employment": person,
            "person": person,
            "holder": person,
            "phone": None,
            "title": None,
            "verified_on": pd.to_datetime(np.where(held & checked, verified, np.datetime64("NaT"))),
            "last_edit_at": np.where(held, AT - chance.integers(0, 300, n) * 86_400_000, 0),
            "counted": True,
        }
    )
    frame["gone"] = held & (chance.random(n) < 0.1)
    age = (DAY - frame["verified_on"]).dt.days
    frame["named"] = held & ~frame["gone"]
    frame["known"] = frame["named"] & (age <= 180)
    for name in ("represented", "assessed", "favorable"):
        frame[name] = held & (chance.random(n) < 0.4)
    return frame


def around(slots: pd.DataFrame) -> dict[str, object]:
    """Open commitments, waiting voices, and when accounts were gone through."""
    some = slots.iloc[:: max(len(slots) // 60, 1)]
    promised = pd.DataFrame(
        {
            "commitment": [f"c{i}" for i in range(len(some))],
            "kind": "verify",
            "account": some["account"].astype(object),
            "account_name": some["account_name"].astype(object),
            "role": some["role"].astype(object),
            "due_on": "2026-11-25",
            "own": True,
        }
    )
    waiting = pd.DataFrame(
        {"note": ["n1", "n2"], "account": ["A00001", "A00002"], "person": None, "holder": "x", "days": [3, 40]}
    )
    gone_through = pd.Series({f"A{i:05d}": AT - i * 86_400_000 for i in range(20)})
    return {"commitments": promised, "voices": waiting, "walked": gone_through}


def plain(slots: pd.DataFrame) -> list[tuple[str, str]]:
    """The baseline: mark, sort, take what fits; no grouping, no promises, no voices, no rotation."""
    open_ = slots.assign(state=np.array(FRESHNESS)[freshness_codes(slots, DAY)]).query("state != 'vacant'")
    ranked = open_.sort_values(["focus", "value", "account", "role_order"], ascending=[False, False, True, True])
    return list(ranked.head(8)[["account", "role"]].itertuples(index=False, name=None))


def median_ms(call: Callable[[], object], n: int = 15) -> float:
    took = []
    for _ in range(n):
        start = time.perf_counter()
        call()
        took.append(time.perf_counter() - start)
    return 1000 * statistics.median(took)


if __name__ == "__main__":
    weights, first = AgendaWeights(), 0.0
    for n_accounts in (1_000, 2_000, 5_000, 10_000):
        slots = territory(n_accounts)
        extra = around(slots)
        ours = median_ms(lambda: agenda(slots, DAY, AT, minutes=60, weights=weights, **extra))  # noqa: B023
        theirs = median_ms(lambda: plain(slots))  # noqa: B023
        first = first or ours
        made = agenda(slots, DAY, AT, minutes=60, weights=weights, **extra)
        assert made["minutes"].sum() <= 60
        print(f"{n_accounts:>6} accounts x {len(ROLES)} roles: agenda {ours:.0f} ms ({ours / first:.1f} x), plain sort {theirs:.0f} ms, ratio {ours / theirs:.1f}; {len(made)} entries")  # fmt: skip
