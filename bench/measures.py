"""How long half a year of movement over a large team takes in memory, beside a plain recomputation of the same counts.

Run: python bench/measures.py
"""

from __future__ import annotations

import json
import statistics
import time
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from coverage_kit.domain.week import Week
from coverage_kit.measures import History, trend

ZONE, LAST, ROLES = ZoneInfo("Asia/Seoul"), Week(2026, 47), [f"role_{n:02d}" for n in range(12)]
EMPTY = {"at": "int64", "version": "int64", "is_void": "int64", "value": "float64", "focus": "float64", "can_meet": "float64", "can_deliver": "float64"}  # fmt: skip
COLUMNS = {
    "account": "name industry segment region value owner_id template_ids status focus team offerings pinned_lists",
    "staff": "name ended_on",
    "person": "name phone",
    "employment": "person_id account_id title department end_kind ended_on verified_on",
    "template": "body",
    "slot": "account_id role status employment_id verified_on verified_how representative_id can_meet can_deliver disposition review_on",
    "note": "account_id",
    "event": "kind account_id",
}


def frame(name: str, rows: dict[str, object], n: int) -> pd.DataFrame:
    head = {"version": 1, "at": 0, "actor": "a", "edit_id": "e", "is_void": 0}
    columns = ["id", *head, *COLUMNS[name].split()]
    made = pd.DataFrame({**head, **rows}, index=range(n)).reindex(columns=columns)
    return made.astype({c: EMPTY.get(c, "object") for c in columns}).sort_values(["id", "version"], kind="stable", ignore_index=True)  # fmt: skip


def team(n_accounts: int, seed: int = 1, *, lists: dict[str, object] | None = None, **columns: object) -> History:
    """A team in which three slots in ten were written, a third of them twice, spread over 26 weeks.

    With ``lists`` (key to body) these were applied, and ``columns`` of the accounts decide which hold.
    """
    chance = np.random.default_rng(seed)
    keys = np.array([f"A{n:05d}" for n in range(n_accounts)], object)
    body = {"roles": [{"key": r, "level": "manager", "function": "x", "title": {"ko": r, "en": r}} for r in ROLES], "freshness_days": 180}  # fmt: skip
    first, last = (LAST - 26).as_of(ZONE), LAST.as_of(ZONE)
    n = int(n_accounts * len(ROLES) * 0.3)
    slots = chance.choice(n_accounts * len(ROLES), n, replace=False)
    slots = np.concatenate([slots, slots[: n // 3]])
    version = np.concatenate([np.ones(n, int), np.full(n // 3, 2)])
    at = np.where(version == 1, chance.integers(first, last, len(slots)), last - chance.integers(1, 10**9, len(slots)))
    account, role = keys[slots // len(ROLES)], np.array(ROLES, object)[slots % len(ROLES)]
    m = n_accounts * 3
    days = np.array([str(d.date()) for d in pd.date_range("2026-01-01", "2026-11-22")], object)
    frames = {
        "account": frame(
            "account",
            {
                "id": keys,
                "name": keys,
                "owner_id": np.array([f"r{i % 12}" for i in range(n_accounts)], object),
                "template_ids": '["t"]',
                "status": "active",
                "focus": 0.0,
                **columns,
            },
            n_accounts,
        ),
        "employment": frame(
            "employment",
            {
                "id": [f"e{i}" for i in range(m)],
                "person_id": [f"p{i}" for i in range(m)],
                "account_id": keys[np.arange(m) // 3],
            },
            m,
        ),
        "person": frame("person", {"id": [f"p{i}" for i in range(m)], "name": "x"}, m),
        "staff": frame("staff", {"id": [f"r{i}" for i in range(12)], "name": "x"}, 12),
        "template": frame("template", {"id": "t", "body": json.dumps(body)}, 1)
        if lists is None
        else frame("template", {"id": list(lists), "body": [json.dumps(each) for each in lists.values()]}, len(lists)),
        "slot": frame(
            "slot",
            {
                "id": account + ":" + role,
                "version": version,
                "at": at,
                "account_id": account,
                "role": role,
                "status": "open",
                "employment_id": [f"e{i}" for i in chance.integers(0, m, len(slots))],
                "verified_on": days[chance.integers(0, len(days), len(slots))],
            },
            len(slots),
        ),
        "note": frame("note", {}, 0),
        "event": frame("event", {"id": "ev_lists_applied", "kind": "lists_applied"}, 0 if lists is None else 1),
    }
    return History(frames, ZONE)


def plain(history: History, instants: list[tuple[Week, int]]) -> list[int]:
    """The baseline: known slots each week by group-by and merge, as one would write it first; no causes."""
    found = []
    for _, at in instants:
        slots = history.frames["slot"].query("at <= @at").groupby("id", as_index=False).last()
        jobs = history.frames["employment"].query("at <= @at").groupby("id", as_index=False).last()
        merged = slots.merge(jobs[["id", "end_kind"]], left_on="employment_id", right_on="id", how="left")
        age = (pd.Timestamp(history.day(at)) - pd.to_datetime(merged["verified_on"])).dt.days
        found.append(int(((age >= 0) & (age <= 180) & merged["end_kind"].isna()).sum()))
    return found


def timed(call: object) -> float:
    start = time.perf_counter()
    call()  # type: ignore[operator]
    return time.perf_counter() - start


if __name__ == "__main__":
    weeks = [(week, week.as_of(ZONE)) for week in (LAST - n for n in range(26, -1, -1))]
    base = None
    for scale in (1, 2, 4):
        history = team(1750 * scale)
        ours = statistics.median(timed(partial(trend, history, weeks)) for _ in range(3))
        theirs = timed(partial(plain, history, weeks))
        base = base or ours
        assert trend(history, weeks)["known"].tolist() == plain(history, weeks)
        print(f"{1750 * scale * 12:>6} slots, 26 weeks with causes: {ours:.2f} s ({ours / base:.1f} x); plain, no causes: {theirs:.2f} s, ratio {ours / theirs:.2f}")  # fmt: skip
