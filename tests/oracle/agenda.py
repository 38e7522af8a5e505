"""The hour worked out a second time, from the raw rows with plain loops, by the rules written down in docs/reference/method.md.

Nothing of the package is used; the weights are the documented defaults, written out.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.oracle.history import Naive, Row

WEIGHTS = {
    "successor": 1.5, "identify": 1.2, "never": 1.2, "due_soon": 4.0, "stale": 1.3,
    "open_path": 0.7, "assess": 0.5, "persuade": 0.3, "voice": 1.8, "focus": 3.0,
}  # fmt: skip
MINUTES = {
    "successor": 8, "identify": 8, "never": 6, "due_soon": 6, "stale": 6, "open_path": 8, "assess": 6, "persuade": 10,
    "commitment": 1, "overdue": 1, "voice": 3, "walk": 3, "never_walked": 3,
}  # fmt: skip
BY_CALL = ("successor", "identify", "never", "due_soon", "stale")
WAITING_VOICES = ("need", "complaint", "suggestion", "advice")
DAY_MS = 86_400_000


class NaiveAgenda:
    """One rep's hour at an instant.

    Parameters
    ----------
    naive : Naive
    at : int
        UTC milliseconds.
    rep : str
    minutes : int
        How long there is.
    weeks : int
        Within how many weeks every focus account comes up.
    """

    def __init__(self, naive: Naive, at: int, rep: str, *, minutes: int = 60, weeks: int = 8) -> None:
        self.naive, self.at, self.rep, self.minutes, self.weeks = naive, at, rep, minutes, weeks
        self.day, self.people = naive.day(at), naive.as_of("person", at)
        self.slots = [slot for slot in naive.slots(at) if slot["rep"] == rep]
        quarter = f"{self.day.year}-Q{(self.day.month + 2) // 3}"
        chosen = naive.as_of("must_win", at).values()
        mine = {slot["account"] for slot in self.slots}
        self.must_win = mine & {row["account_id"] for row in chosen if row["quarter"] == quarter}
        self.focus = {slot["account"] for slot in self.slots if slot["account_row"]["focus"]}
        open_ = [row for row in naive.as_of("commitment", at).values() if not row["outcome"]]
        self.promised = sorted((r for r in open_ if r["owner_id"] == rep), key=lambda r: (r["due_on"], r["id"]))
        self.in_work = {(row["account_id"], row["role"]) for row in open_}

    def entries(self) -> list[Row]:
        """Promises that are due, what weighs most, then the focus accounts whose turn it is."""
        due = self.due()
        left = self.minutes - len(due)
        quota = min(-(-len(self.focus) // self.weeks), self.minutes // 2 // 3)
        chosen = self.fill(left - 3 * quota)
        left -= sum(entry["minutes"] for entry in chosen)
        seen = {entry["account"] for entry in chosen}
        return [*due, *chosen, *self.turns(seen)[: min(quota, max(left // 3, 0))]]

    def due(self) -> list[Row]:
        """Own promises due within a week or past, a minute each; a fifth of the time at most."""
        found = []
        for row in self.promised:
            late = (self.day - date.fromisoformat(row["due_on"])).days
            if late < -7:
                continue
            person = self.holding(account=row["account_id"], role=row["role"])
            facts = {"kind": row["kind"], "due": row["due_on"], "days": max(late, 0), "role": row["role"]}
            found.append(
                self.entry("overdue" if late > 0 else "commitment", row["account_id"], **facts) | self.called(person)
            )
        return found[: self.minutes // 5]

    def holding(self, **wanted: Any) -> Row | None:
        """Who sits in one of the own slots, found by account and role or by account and person."""
        for slot in self.slots:
            facts = {"account": slot["account"], "role": slot["role"]}
            if slot["holder"] and not slot["gone"]:
                facts["person"] = slot["holder"]["person_id"]
                if all(facts[name] == value for name, value in wanted.items()):
                    return slot["holder"]
        return None

    def called(self, job: Row | None) -> Row:
        person = self.people.get(job["person_id"], {}) if job else {}
        return {
            "holder": person.get("name"),
            "title": job["title"] if job else None,
            "phone": person.get("phone"),
        }

    def entry(self, reason: str, account: str | None, **more: Any) -> Row:
        blank = {"role": None, "days": None, "holder": None, "title": None, "phone": None, "slots": []}
        return {**blank, "reason": reason, "account": account, "minutes": MINUTES[reason], **more}

    # What weighs most -----------------------------------------------------------------------------------------------

    def open_slots(self) -> list[Row]:
        """Own slots with something to do, the weightiest first."""
        workable = [
            slot
            for slot in self.slots
            if slot["rung"] is not None
            and not (slot["slot"] and slot["slot"]["status"] == "vacant" and slot["rung"] >= 2)
            and (slot["account"], slot["role"]) not in self.in_work
        ]
        worth = self.worth({slot["account"]: slot["account_row"]["value"] for slot in workable})
        found = []
        for slot in workable:
            reason, age = self.lacks(slot)
            if reason is None:
                continue
            written = slot["slot"]
            waited = (self.at - written["at"]) / DAY_MS if written else 180
            if reason in ("due_soon", "stale"):
                waited = age
            score = WEIGHTS[reason] * worth[slot["account"]] * (0.5 + min(max(waited / 180, 0), 1) / 2)
            score *= WEIGHTS["focus"] if slot["account_row"]["focus"] else 1
            score += 1e6 if slot["account"] in self.must_win else 0
            found_one = {"slot": slot, "account": slot["account"], "role": slot["role"], "reason": reason, "days": age}
            found.append({**found_one, **self.called(slot["holder"]), "score": round(score, 9)})
        return sorted(found, key=lambda s: (-s["score"], s["account"], s["slot"]["order"], s["role"]))

    def lacks(self, slot: Row) -> tuple[str | None, int | None]:
        """What a slot lacks next, and how old its last check is."""
        written, met = slot["slot"], slot["met"]
        checked = written and written["verified_on"]
        age = (self.day - date.fromisoformat(checked)).days if checked else None
        if slot["gone"]:
            return "successor", age
        if slot["holder"] is None:
            return "identify", age
        if age is None:
            return "never", age
        if not met[1]:
            return "stale", age
        if slot["window"] - age <= 30:
            return "due_soon", age
        for n, reason in ((2, "open_path"), (3, "assess"), (4, "persuade")):
            if not met[n]:
                return reason, age
        return None, age

    @staticmethod
    def worth(values: dict[str, float | None]) -> dict[str, float]:
        """0.5 and the account's place among the values of the territory, equals sharing theirs; unknown is 1."""
        known = [value for value in values.values() if value is not None]
        found = {}
        for account, value in values.items():
            if value is None:
                found[account] = 0.5 + 0.5
                continue
            below, same = sum(v < value for v in known), sum(v == value for v in known)
            found[account] = 0.5 + (below + (same + 1) / 2) / len(known)
        return found

    def voices(self) -> list[Row]:
        """What was said in the own accounts and waits, the weightiest first."""
        accounts = {slot["account"] for slot in self.slots}
        found = []
        for key, note in self.naive.as_of("note", self.at).items():
            answered = note["answered_on"] and date.fromisoformat(note["answered_on"]) <= self.day
            if note["kind"] not in WAITING_VOICES or answered or note["account_id"] not in accounts:
                continue
            first = min(row["at"] for row in self.naive.tables["note"] if row["id"] == key)
            days = (self.at - first) // DAY_MS
            score = WEIGHTS["voice"] * (0.5 + min(days / 30, 1) / 2)
            score *= WEIGHTS["focus"] if note["account_id"] in self.focus else 1
            score += 1e6 if note["account_id"] in self.must_win else 0
            job = self.holding(account=note["account_id"], person=note["person_id"])
            who = self.called(job) | {"holder": self.people.get(note["person_id"], {}).get("name")}
            made = self.entry("voice", note["account_id"], days=days, note=key, score=round(score, 9))
            found.append(made | who)
        return sorted(found, key=lambda v: (-v["score"], v["account"], v["note"]))

    def fill(self, left: int) -> list[Row]:
        """The weightiest slots and voices that fit."""
        slots, voices, chosen = self.open_slots(), self.voices(), []
        done: set[tuple[str, str]] = set()
        times: dict[str, int] = {}
        upkeep = left // 3
        for slot in slots:
            while voices and voices[0]["score"] > slot["score"]:
                voice = voices.pop(0)
                if voice["minutes"] <= left:
                    chosen.append(voice)
                    left -= voice["minutes"]
            if left < 6:
                break
            account = slot["account"]
            if (account, slot["role"]) in done or times.get(account, 0) == 2:
                continue
            same = [
                s
                for s in slots
                if s["account"] == account and self.way(s) == self.way(slot) and (account, s["role"]) not in done
            ][:4]
            takes = max(MINUTES[s["reason"]] for s in same) + len(same) - 1
            if takes > left or (slot["reason"] == "due_soon" and takes > upkeep):
                continue
            if slot["reason"] == "due_soon":
                upkeep -= takes
            left -= takes
            done |= {(account, s["role"]) for s in same}
            times[account] = times.get(account, 0) + 1
            chosen.append(self.entry(same[0]["reason"], account) | same[0] | {"minutes": takes, "slots": same})
        for voice in voices:
            if voice["minutes"] <= left:
                chosen.append(voice)
                left -= voice["minutes"]
        return chosen

    @staticmethod
    def way(slot: Row) -> tuple[str, ...]:
        """Slots of an account done in one go: by one call, or in one talk with the same person about the same thing."""
        if slot["reason"] in ("successor", "identify") and slot["slot"]["level"] == "executive":
            return ("alone", slot["role"])
        if slot["reason"] in BY_CALL:
            return ("call",)
        return (slot["reason"], slot["slot"]["holder"]["person_id"])

    # The rotation ---------------------------------------------------------------------------------------------------

    def turns(self, seen: set[str]) -> list[Row]:
        """Focus accounts that are not up anyway, the longest not gone through first."""
        walked: dict[str, int] = {}
        for row in self.naive.as_of("event", self.at).values():
            if row["kind"] == "walked":
                walked[row["account_id"]] = max(row["at"], walked.get(row["account_id"], 0))
        waiting = sorted(self.focus - seen, key=lambda account: (walked.get(account, -1), account))
        return [
            self.entry("walk", account, days=(self.at - walked[account]) // DAY_MS)
            if account in walked
            else self.entry("never_walked", account)
            for account in waiting
        ]
