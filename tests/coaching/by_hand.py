"""The numbers of a weekly report once more, from the raw rows with plain loops; nothing of the package is used."""

from __future__ import annotations

import json
import sqlite3
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Seoul")
DAY_MS = 86_400_000
RUNGS = ("named", "known", "represented", "assessed", "favorable")
VOICES = ("need", "complaint", "suggestion", "advice")
REASONS = ("pushed_aside", "dont_know_how", "not_there", "need_help", "priority_changed")


class Naive:
    """All rows of a store's file, asked as of an instant."""

    def __init__(self, path: Path) -> None:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        names = "account staff person employment template slot note event commitment session claim pursuit".split()
        self.rows = {n: [dict(r) for r in connection.execute(f"SELECT * FROM {n} ORDER BY at, version")] for n in names}
        connection.close()

    def as_of(self, name: str, at: int) -> dict[str, dict]:
        last = {}
        for row in self.rows[name]:
            if row["at"] <= at:
                last[row["id"]] = row
        return {key: row for key, row in last.items() if not row["is_void"]}

    def slots(self, at: int) -> list[dict]:
        """Every required slot with its rung; None where it is out of the count."""
        day = datetime.fromtimestamp(at / 1000, ZONE).date()
        templates = {key: json.loads(row["body"]) for key, row in self.as_of("template", at).items()}
        written, jobs, staff = (self.as_of(name, at) for name in ("slot", "employment", "staff"))
        found = []
        for key, account in sorted(self.as_of("account", at).items()):
            if account["status"] != "active":
                continue
            windows: dict[str, int] = {}
            for template in json.loads(account["template_ids"]):
                for role in templates[template]["roles"]:
                    window = templates[template]["freshness_days"]
                    windows[role["key"]] = min(windows.get(role["key"], window), window)
            for role, window in windows.items():
                slot = written.get(f"{key}:{role}")
                job = jobs.get((slot or {}).get("employment_id") or "")
                found.append({"account": key, "owner": account["owner_id"], "focus": account["focus"], "role": role, "window": window, **rung_of(slot, job, staff, day, window)})  # fmt: skip
        return found

    def carried(self, at: int) -> Counter:
        """How often each chain was carried over, row by row."""
        count: Counter = Counter()
        before: dict[str, dict] = {}
        for row in self.rows["commitment"]:
            if row["at"] > at:
                continue
            old = before.get(row["id"])
            if old:
                accepted = row["answer"] == "accepted" and old["answer"] != "accepted"
                count[row["chain_id"]] += row["due_on"] > old["due_on"] and not accepted
                count[row["chain_id"]] += row["outcome"] == "not_kept" and old["outcome"] != "not_kept"
            before[row["id"]] = row
        return count

    def first_at(self, name: str, key: str) -> int:
        return min(row["at"] for row in self.rows[name] if row["id"] == key)

    def settled_at(self, key: str, at: int) -> int:
        return max(
            row["at"] for row in self.rows["commitment"] if row["id"] == key and row["at"] <= at and row["outcome"]
        )


def rung_of(slot: dict | None, job: dict | None, staff: dict[str, dict], day: date, window: int) -> dict:
    out = {"rung": 0, "vacant": False, "person": None, "verified_on": None, "employment": None, "gone": False}
    if slot is None:
        return out
    verified = slot["verified_on"] and date.fromisoformat(slot["verified_on"])
    fresh = bool(verified) and 0 <= (day - verified).days <= window
    out["verified_on"] = verified
    if slot["status"] == "not_applicable":
        review = slot["review_on"] and date.fromisoformat(slot["review_on"])
        return out if review and review <= day else {**out, "rung": None}
    if slot["status"] == "vacant":
        return {**out, "vacant": True, "rung": 2 if fresh else 0}
    if job is None:
        return out
    ended = job["ended_on"] and date.fromisoformat(job["ended_on"])
    out["employment"] = job["id"]
    if job["end_kind"] and (not ended or ended <= day):
        return {**out, "gone": True}
    ours = staff.get(slot["representative_id"] or "")
    met = bool(ours) and (not ours["ended_on"] or date.fromisoformat(ours["ended_on"]) > day)
    holds = [True, fresh, met and slot["can_meet"] == slot["can_deliver"] == 1, bool(slot["disposition"]), slot["disposition"] == "favorable"]  # fmt: skip
    return {**out, "rung": ([*holds, False]).index(False), "person": job["person_id"]}


def week_end(year: int, week: int) -> int:
    monday = date.fromisocalendar(year, week, 1) + timedelta(days=7)
    return round(datetime(monday.year, monday.month, monday.day, tzinfo=ZONE).timestamp() * 1000) - 1


def counts(slots: list[dict]) -> dict[str, int]:
    own = [s for s in slots if s["rung"] is not None]
    table = {"accounts": len({s["account"] for s in slots}), "required": len(own)}
    table |= {name: sum(s["rung"] >= n for s in own) for n, name in enumerate(RUNGS, 1)}
    table["vacant"] = sum(s["vacant"] for s in own)
    table["not_applicable"] = len(slots) - len(own)
    table["persons"] = len({s["person"] for s in own if s["rung"] >= 1 and s["person"]})
    return table


def rate(numerator: int, denominator: int) -> str:
    if not denominator:
        return f"– ({numerator:,}/{denominator:,})"
    share = 100 * numerator / denominator
    shown = f"{share:.0f}" if not ((0 < share < 0.5) or (99.5 <= share < 100)) else f"{min(max(share, 0.1), 99.9):.1f}"
    return f"{shown}% ({numerator:,}/{denominator:,})"


def commitments_of(naive: Naive, at: int, rep: str | None) -> list[dict]:
    accounts = naive.as_of("account", at)
    found = []
    for row in naive.as_of("commitment", at).values():
        home = accounts[row["account_id"]]["owner_id"] if row["account_id"] else row["rep_id"]
        if rep is None or rep in (home, row["owner_id"]):
            found.append(row)
    return sorted(found, key=lambda row: (row["due_on"], row["id"]))


def promises_of_week(naive: Naive, start: int, at: int, sunday: str, rep: str) -> list[tuple[dict, str]]:
    """What fell due by the week's end and was not settled before it, with how it stands."""
    day, carried = datetime.fromtimestamp(at / 1000, ZONE).date(), naive.carried(at)
    rungs = {(s["account"], s["role"]): s["rung"] for s in naive.slots(at)}
    words = {"pushed_aside": "pushed aside by the immediate target", "dont_know_how": "don't know how", "not_there": "person not there", "need_help": "need help inside", "priority_changed": "priority changed"}  # fmt: skip
    found = []
    for row in commitments_of(naive, at, rep):
        settled = naive.settled_at(row["id"], at) if row["outcome"] else None
        if not (settled and settled > start) and not (settled is None and row["due_on"] <= sunday):
            continue
        rung = rungs.get((row["account_id"], row["role"]))
        if (
            row["outcome"] == "kept"
            and row["expected_rung"] is not None
            and rung is not None
            and rung < row["expected_rung"]
        ):
            said = "kept; the seat has not moved yet"
        elif row["not_kept_reason"]:
            said = words[row["not_kept_reason"]]
        elif row["outcome"]:
            said = row["outcome"]
        else:
            late = (day - date.fromisoformat(row["due_on"])).days
            said = f"{late} days past" if late > 0 else "open"
        n = carried[row["chain_id"]]
        found.append((row, f"{said}, carried over {n}×" if n else said))
    return found


def reasons(naive: Naive, start: int, at: int, rep: str | None) -> Counter:
    found: Counter = Counter()
    for row in commitments_of(naive, at, rep):
        if row["outcome"] == "not_kept" and start < naive.settled_at(row["id"], at) <= at:
            found[row["not_kept_reason"]] += 1
    return found


def voices(naive: Naive, at: int, rep: str | None) -> dict[str, list[int]]:
    """Per kind how many wait at most a week, a month, longer."""
    accounts = naive.as_of("account", at)
    day = datetime.fromtimestamp(at / 1000, ZONE).date().isoformat()
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for note in naive.as_of("note", at).values():
        answered = note["answered_on"] and note["answered_on"] <= day
        if note["kind"] not in VOICES or answered or (rep and accounts[note["account_id"]]["owner_id"] != rep):
            continue
        age = (at - naive.first_at("note", note["id"])) // DAY_MS
        found[note["kind"]][0 if age <= 7 else 1 if age <= 30 else 2] += 1
    return found


def reach(naive: Naive, at: int, rep: str | None) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for slot in naive.slots(at):
        if not slot["employment"] or slot["gone"] or (rep and slot["owner"] != rep):
            continue
        for p in naive.as_of("pursuit", at).values():
            if p["employment_id"] == slot["employment"]:
                found[p["offering"], slot["role"]][("attention", "interest", "desire", "action").index(p["stage"])] += 1
    return found


def claims(naive: Naive, at: int, rep: str) -> list[tuple[str | None, float, int, int]]:
    """Account or None, claimed share, known and required at that moment; oldest first."""
    found = []
    for row in sorted(naive.as_of("claim", at).values(), key=lambda row: (row["at"], row["id"])):
        if row["rep_id"] != rep:
            continue
        own = [s for s in naive.slots(row["at"]) if s["owner"] == rep and s["rung"] is not None]
        own = [s for s in own if row["account_id"] in (None, s["account"])]
        share = row["share"] if row["n"] is None else row["n"] / len(own)
        found.append((row["account_id"], share, sum(s["rung"] >= 2 for s in own), len(own)))
    return found


def spread(naive: Naive, at: int, reps: list[str]) -> list[float]:
    last = []
    for rep in reps:
        whole = [c for c in claims(naive, at, rep) if c[0] is None]
        if whole:
            last.append(whole[-1][1] - whole[-1][2] / whole[-1][3])
    return [min(last), statistics.median(last), max(last)]
