"""The measures computed a second time, row by row in plain Python from the raw tables, as one would on paper.

Nothing of the package's measures, loading or ladder is used here, so that both can only agree by being right.
Source: the method, section 4, and the data model, sections 3 to 6.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import cache, cached_property
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

TABLES = (
    "account", "staff", "person", "employment", "template", "slot", "tie",
    "note", "value_given", "event", "commitment", "session", "claim", "pursuit", "offering",
    "agreement", "must_win", "answer_in", "source_dates", "not_same",
    "prepared", "planned_contact", "path", "planned_route", "consent",
)  # fmt: skip
CONDITIONS = ("named", "known", "represented", "assessed", "favorable")
#: The columns of an account that conditions of role lists ask about; a change of one is a change of the account.
FACTS = {
    "industries": "industry",
    "segments": "segment",
    "regions": "region",
    "teams": "team",
    "offerings": "offerings",
}
#: Industries with several names, as far as the tests' accounts have them.
ALIKE = {
    "manufacturing": "제조",
    "bank": "은행",
    "financials": "금융",
    "finance and insurance": "금융·보험",
    "utilities": "에너지",
}
Row = dict[str, Any]


def _industries(value: str) -> frozenset[str]:
    """The industries that a value names."""
    is_one = value in ALIKE or value in ALIKE.values()
    parts = [value] if is_one else re.split(r"[·/,&]| 및 | and ", value)
    return frozenset(ALIKE.get(each.strip(), each.strip()) for each in parts)


def holds(stored: str | None, condition: str, values: list[str]) -> bool:
    """Whether one condition of a role list holds for what an account's column says."""
    own = json.loads(stored or "[]") if condition == "offerings" else [stored or ""]
    theirs = [normalize("NFKC", each).casefold() for each in own if each]
    wanted = [normalize("NFKC", each).casefold() for each in values]
    if condition != "industries":
        return any(each in wanted for each in theirs)
    # An account of several industries has each of them; a list that names several asks for just these.
    named = [_industries(each) for each in theirs]
    has = {some for all_of in named for some in (all_of, *(frozenset([one]) for one in all_of))}
    return not has.isdisjoint(_industries(each) for each in wanted)


class Naive:
    """Every row of a store, asked the slow way.

    Parameters
    ----------
    engine : Engine
    zone : ZoneInfo
    """

    def __init__(self, engine: Engine, zone: ZoneInfo) -> None:
        self.zone = zone
        with engine.connect() as connection:
            self.tables = {
                name: [
                    dict(row)
                    for row in connection.execute(text(f"SELECT * FROM {name} ORDER BY at, version, id")).mappings()
                ]
                for name in TABLES
            }
        self.slots = cache(self._slots)

    def day(self, at: int) -> date:
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self.zone).date()

    def as_of(self, entity: str, at: int) -> dict[str, Row]:
        """The last version of each thing recorded by an instant; what was taken back is not there."""
        last: dict[str, Row] = {}
        for row in self.tables[entity]:
            if row["at"] > at:
                break
            last[row["id"]] = row
        return {key: row for key, row in last.items() if not row["is_void"]}

    def gone(self, employment: Row | None, at: int) -> bool:
        if employment is None:
            return True
        if not employment["end_kind"]:
            return False
        return employment["ended_on"] is None or date.fromisoformat(employment["ended_on"]) <= self.day(at)

    def required(self, account: Row, at: int) -> dict[str, Row]:
        """The required roles of an account by the lists in force: the first list's order and level, the strictest window."""
        templates = {key: json.loads(row["body"]) for key, row in self.as_of("template", at).items()}
        required: dict[str, Row] = {}
        for key in self.lists_of(account, templates, at):
            for role in templates[key]["roles"]:
                window = templates[key]["freshness_days"]
                if role["key"] in required:
                    required[role["key"]]["window"] = min(required[role["key"]]["window"], window)
                else:
                    facts = {"window": window, "template": key, "level": role["level"], "order": len(required)}
                    required[role["key"]] = facts
        return required

    def lists_of(self, account: Row, templates: dict[str, Row], at: int) -> list[str]:
        """Pinned lists; before the first Apply those that the account keeps; then those whose conditions hold."""
        pinned = [key for key in json.loads(account["pinned_lists"] or "[]") if key in templates]
        if pinned:
            return pinned
        if "ev_lists_applied" not in self.as_of("event", at):
            return [key for key in json.loads(account["template_ids"] or "[]") if key in templates]
        base, offering, default = [], [], []
        for key, body in sorted(templates.items()):
            asked = {name: values for name, values in body.get("applies_to", {}).items() if values}
            true = [holds(account[FACTS[name]], name, values) for name, values in asked.items()]
            if body.get("default"):
                default.append(key)
            if asked and all(true):
                (offering if body.get("kind") == "offering" else base).append(key)
        return (base or default) + offering

    def _slots(self, at: int) -> list[Row]:
        """One row a required slot, with its rung; None where it is out of the count."""
        written, employments, staff = (self.as_of(name, at) for name in ("slot", "employment", "staff"))
        found = []
        for account in self.as_of("account", at).values():
            if account["status"] != "active":
                continue
            required = self.required(account, at)
            for role_key, facts in required.items():
                slot = written.get(f"{account['id']}:{role_key}")
                found.append(
                    {
                        "account": account["id"],
                        "account_row": account,
                        "rep": account["owner_id"],
                        "role": role_key,
                        "slot": slot,
                        **facts,
                        **self._climb(slot, employments, staff, facts["window"], at),
                    }
                )
        return found

    def _climb(self, slot: Row | None, employments: dict[str, Row], staff: dict[str, Row], window: int, at: int) -> Row:
        day = self.day(at)
        blank = {"rung": 0, "met": [False] * 5, "holder": None, "gone": False}
        if slot is None:
            return blank
        if slot["status"] == "not_applicable":
            due = slot["review_on"] is not None and date.fromisoformat(slot["review_on"]) <= day
            return blank | {"rung": 0 if due else None}
        age = None if slot["verified_on"] is None else (day - date.fromisoformat(slot["verified_on"])).days
        fresh = age is not None and 0 <= age <= window
        if slot["status"] == "vacant":
            return blank | {"rung": 2 if fresh else 0, "met": [fresh, fresh, False, False, False]}
        employment = employments.get(slot["employment_id"] or "")
        if self.gone(employment, at):
            return blank | {"holder": employment, "gone": slot["employment_id"] is not None}
        ours = staff.get(slot["representative_id"] or "")
        stays = ours is not None and not (ours["ended_on"] and date.fromisoformat(ours["ended_on"]) <= day)
        can = slot["can_meet"] == 1 and slot["can_deliver"] == 1
        met = [True, fresh, stays and can, slot["disposition"] is not None, slot["disposition"] == "favorable"]
        rung = 0
        while rung < 5 and met[rung]:
            rung += 1
        return {"rung": rung, "met": met, "holder": employment, "gone": False}

    def counts(self, slots: Iterable[Row]) -> Row:
        """``accounts required named … favorable vacant not_applicable persons``."""
        slots = list(slots)
        counted = [s for s in slots if s["rung"] is not None]
        return {
            "accounts": len({s["account"] for s in slots}),
            "required": len(counted),
            **{name: sum(s["rung"] > n for s in counted) for n, name in enumerate(CONDITIONS)},
            "vacant": sum(1 for s in counted if s["slot"] and s["slot"]["status"] == "vacant"),
            "not_applicable": len(slots) - len(counted),
            "persons": len({s["holder"]["person_id"] for s in counted if s["rung"] >= 1 and s["holder"]}),
        }

    def moves(self, start_at: int, end_at: int) -> list[tuple[Any, ...]]:
        """``(account, role, rep, cause, from, to)`` of every slot that moved or changed hands; −1 is out of the count."""
        ends = [{(s["account"], s["role"]): s for s in self.slots(at)} for at in (start_at, end_at)]
        active = [
            {a for a, r in self.as_of("account", at).items() if r["status"] == "active"} for at in (start_at, end_at)
        ]
        found = []
        for key in sorted(ends[0].keys() | ends[1].keys()):
            a, b = ends[0].get(key), ends[1].get(key)
            s = -1 if a is None or a["rung"] is None else a["rung"]
            e = -1 if b is None or b["rung"] is None else b["rung"]
            old, new = a and a["rep"], b and b["rep"]
            if s >= 0 and e >= 0 and old != new:
                found += [(*key, old, "account_changed", s, -1), (*key, new, "account_changed", -1, s)]
            if s == e:
                continue
            if s < 0 or e < 0:
                both = key[0] in active[0] and key[0] in active[1]
                by_lists = both and (self._by_lists(key, start_at, end_at) is not None) == (b is not None)
                cause = "not_applicable" if a and b else "template_changed" if by_lists else "account_changed"
            elif e > s:
                cause = self._gain(a, b)
            else:
                cause = self._loss(a, b, start_at, end_at)
            if s >= 0 and e >= 0 and cause != "departed" and self._is_merged(key, start_at, end_at):
                cause = "account_changed"
            found.append((*key, new if e >= 0 else old, cause, s, e))
        return found

    @cached_property
    def merges(self) -> set[str]:
        """Edits that merged people or accounts, or took that back."""
        return {row["edit_id"] for row in self.tables["event"] if row["kind"] == "merged"}

    def _is_merged(self, key: tuple[str, str], start_at: int, end_at: int) -> bool:
        return any(
            row["id"] == ":".join(key) and row["edit_id"] in self.merges and start_at < row["at"] <= end_at
            for row in self.tables["slot"]
        )

    def recorded_at(self, job: str, at: int) -> int:
        """When the present end of a job was first written down, by this job or by those that a merge continued in it; else 0."""
        first, continues = 0, None
        for row in self.tables["employment"]:
            if row["id"] != job or row["at"] > at:
                continue
            continues = row["continues"]
            if row["edit_id"] in self.merges:
                continue
            if not row["end_kind"] or row["is_void"]:
                first = 0
            elif not first:
                first = row["at"]
        return first or (self.recorded_at(continues, at) if continues else 0)

    def _gain(self, a: Row, b: Row) -> str:
        names = ("identified", "verified", "path_opened", "assessed", "persuaded")
        newly = [name for name, was, now in zip(names, a["met"], b["met"], strict=True) if now and not was]
        return newly[-1] if newly else "corrected"

    def _by_lists(self, key: tuple[str, str], start_at: int, end_at: int) -> int | None:
        """The window that the role would have at the end, had the account itself not changed; None if not required."""
        before, after = (self.as_of("account", at)[key[0]] for at in (start_at, end_at))
        unchanged = {**after, **{column: before[column] for column in FACTS.values()}}
        found = self.required(unchanged, end_at).get(key[1])
        return found and found["window"]

    def _loss(self, a: Row, b: Row, start_at: int, at: int) -> str:
        before, after = a["slot"], b["slot"]
        if a["holder"] is not None:
            rows = [r for r in self.tables["employment"] if r["id"] == a["holder"]["id"] and r["at"] <= at]
            last = max(rows, key=lambda r: r["version"])
            if last["is_void"]:
                return "corrected"
            if self.gone(last, at):
                return "departed"
        kept = self._slot(a) == self._slot(b)
        if not kept:
            return "replaced"
        if b["rung"] == 1 or (b["rung"] == 0 and after["status"] == "vacant"):
            if before["verified_on"] != after["verified_on"]:
                return "corrected"
            if a["window"] == b["window"]:
                return "lapsed"
            by_lists = self._by_lists((a["account"], a["role"]), start_at, at) == b["window"]
            return "template_changed" if by_lists else "account_changed"
        if b["rung"] == 2:
            return "representative_lost"
        return "disposition_fell" if b["rung"] >= 3 else "corrected"

    @staticmethod
    def _slot(slot: Row) -> tuple[Any, Any]:
        return (slot["slot"]["status"] if slot["slot"] else "open", slot["holder"] and slot["holder"]["id"])

    def net(self, moves: Iterable[tuple[Any, ...]], rung: int) -> dict[str, int]:
        """What each cause did to the number of slots on a rung or above."""
        total: Counter[str] = Counter()
        for *_, cause, s, e in moves:
            total[cause] += (e >= rung) - (s >= rung)
        return {cause: n for cause, n in total.items() if n}

    def flow(self, moves: Iterable[tuple[Any, ...]], rung: int) -> dict[str, tuple[int, int]]:
        """Gained and lost slots of each cause on a rung or above."""
        both: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for *_, cause, s, e in moves:
            step = (e >= rung) - (s >= rung)
            both[cause][step < 0] += abs(step)
        return {cause: (up, down) for cause, (up, down) in both.items() if up or down}
