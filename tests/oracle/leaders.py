"""What leaders are shown, worked out a second time from the raw rows with plain loops.

Must-win accounts and how deep we know them, thin accounts, work that went elsewhere, coaching held and cancelled, the
terms in force, the day on which an unanswered request climbs, answers that were written down for others, and minutes. Source: docs/reference/method.md.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

from tests.oracle.history import Naive, Row


class NaiveLeaders:
    """A leader's figures at an instant.

    Parameters
    ----------
    naive : Naive
    at : int
        UTC milliseconds.
    """

    def __init__(self, naive: Naive, at: int) -> None:
        self.naive, self.at, self.day = naive, at, naive.day(at)
        self.staff = naive.as_of("staff", at)
        self.quarter = f"{self.day.year}-Q{(self.day.month + 2) // 3}"

    # Who is whose -----------------------------------------------------------------------------------------------------

    def under(self, leader: str) -> set[str]:
        """Everybody whose line of managers leads to this colleague."""
        return {who for who in self.staff if leader in self.above(who)}

    def above(self, who: str) -> list[str]:
        found: list[str] = []
        while (who := self.staff[who]["manager_id"] or "") and who not in found:
            found.append(who)
        return found

    # Accounts ---------------------------------------------------------------------------------------------------------

    def starred(self, manager: str) -> set[str]:
        rows = self.naive.as_of("must_win", self.at).values()
        return {row["account_id"] for row in rows if (row["quarter"], row["manager_id"]) == (self.quarter, manager)}

    def depth(self, account: str) -> dict[str, int]:
        """Required and known positions, executives known, people, and what hangs on one of them."""
        own = [slot for slot in self.naive.slots(self.at) if slot["account"] == account and slot["rung"] is not None]
        known = [slot for slot in own if slot["rung"] >= 2]
        held = [slot for slot in known if slot["holder"] is not None]
        people = Counter(slot["holder"]["person_id"] for slot in held)
        most = max(people.values(), default=0)
        return {
            "required": len(own),
            "known": len(known),
            "executives": sum(slot["level"] == "executive" for slot in held),
            "people": len(people),
            "one_person": most if most > 1 or len(people) == 1 else 0,
        }

    def thin(self, leader: str) -> list[str]:
        """Accounts with no executive known or one person only, the largest first."""
        reps = self.under(leader)
        rows = [
            row
            for row in self.naive.as_of("account", self.at).values()
            if row["owner_id"] in reps and row["status"] == "active"
        ]
        rows.sort(key=lambda row: (row["value"] is None, -(row["value"] or 0), row["id"]))
        deep = {row["id"]: self.depth(row["id"]) for row in rows}
        return [key for key, one in deep.items() if one["required"] and (not one["executives"] or one["people"] <= 1)]

    def effort(self, leader: str, start: int) -> tuple[int, int]:
        """Of the edits that touched the accounts of a leader's people, how many touched none of the starred ones?"""
        reps, starred = self.under(leader), self.starred(leader)
        own = {key for key, row in self.naive.as_of("account", self.at).items() if row["owner_id"] in reps}
        imported = {row["edit_id"] for row in self.naive.tables["event"] if row["kind"] in ("imported", "merged")}
        tried = [row for row in self.naive.as_of("event", self.at).values() if row["kind"] == "tried"]
        kept = [row for row in self.naive.tables["commitment"] if row["outcome"] == "kept"]
        rows = [row for name in ("slot", "employment", "note", "tie") for row in self.naive.tables[name]] + tried + kept
        touched = {
            (row["account_id"], row["edit_id"])
            for row in rows
            if row["account_id"] in own and start < row["at"] <= self.at and row["edit_id"] not in imported
        }
        return sum(account not in starred for account, _ in touched), len(touched)

    # The agreement ----------------------------------------------------------------------------------------------------

    def kept(self, manager: str) -> tuple[int, int, dict[str, int]]:
        """Weeks of the quarter with a closed session, weeks begun since the manager is known, why the others were cancelled."""
        year, number = int(self.quarter[:4]), int(self.quarter[-1])
        day = date(year, 3 * number - 2, 1)
        mondays = []
        while (day.month + 2) // 3 == number and day <= self.day:
            if day.weekday() == 0:
                mondays.append(day)
            day += timedelta(days=1)
        known = self.naive.day(min(row["at"] for row in self.naive.tables["staff"] if row["id"] == manager))
        mondays = [monday for monday in mondays if monday + timedelta(days=6) >= known]
        weeks = {"{}-W{:02}".format(*monday.isocalendar()[:2]) for monday in mondays}
        people = self.under(manager)
        sessions = self.naive.as_of("session", self.at).values()
        held = {row["week"] for row in sessions if row["closed"] and row["rep_id"] in people and row["week"] in weeks}
        cancelled = {}
        for row in self.naive.as_of("event", self.at).values():
            if row["kind"] == "coaching_cancelled":
                body = json.loads(row["body"])
                if body["manager"] == manager and body["week"] in weeks - held:
                    cancelled[body["week"]] = body["reason"]
        return len(held), len(weeks), dict(Counter(cancelled.values()))

    def terms(self, colleague: str) -> dict[str, Any] | None:
        """The terms that stand for the nearest team in a colleague's line."""
        rows = self.naive.as_of("agreement", self.at)
        for leader in (colleague, *self.above(colleague)):
            row = rows.get(f"{leader}:{self.quarter}")
            if row and self._stands(row, leader):
                return dict(json.loads(row["terms"]))
        return None

    def _stands(self, row: Row, leader: str) -> bool:
        signed = set(json.loads(row["signed"]))
        functions = {self.staff[who]["function"] for who in signed - {leader}}
        return leader in signed and {"executive", "coach"} <= functions

    def climbs_on(self, key: str) -> date | None:
        """The day on which a request climbs, if nobody answers; None if it never does."""
        versions = [row for row in self.naive.tables["commitment"] if row["id"] == key and row["at"] <= self.at]
        last = versions[-1]
        owner = self.staff[last["owner_id"]]
        if last["outcome"] or last["answer"] or owner["function"] == "rep" or not owner["manager_id"]:
            return None
        came = versions[0]["at"]
        for before, after in itertools.pairwise(versions):
            came = after["at"] if after["owner_id"] != before["owner_id"] else came
        accounts = self.naive.as_of("account", self.at)
        rep = accounts[last["account_id"]]["owner_id"] if last["account_id"] else last["rep_id"]
        day, terms = date.fromisoformat(last["due_on"]), self.terms(rep or last["owner_id"])
        if terms:
            day = min(day, self.naive.day(came) + timedelta(days=terms["answer_days"]))
        return day + timedelta(days=1)

    def answers(self, key: str) -> list[tuple[str, str, str, str]]:
        """What was written down for the owner of a request: answer, whose, by whom, how; checked against the request itself."""
        versions = [row for row in self.naive.tables["commitment"] if row["id"] == key and row["at"] <= self.at]
        found = []
        for row in self.naive.tables["answer_in"]:
            if row["commitment_id"] != key or row["at"] > self.at:
                continue
            [n] = [n for n, each in enumerate(versions) if each["edit_id"] == row["edit_id"]]
            before, after = versions[n - 1], versions[n]
            assert (before["owner_id"], before["outcome"]) == (row["by_id"], None)
            fits = {
                "accept": after["answer"] == "accepted",
                "decline": after["answer"] == "declined",
                "hand_on": after["owner_id"] != before["owner_id"],
                "done": after["outcome"] == "kept",
            }
            assert fits[row["answer"]], row
            found.append((row["answer"], row["by_id"], row["written_by"], row["how"]))
        return found


class NaiveMinutes:
    """What the minutes of one rep's part of a session have to say.

    Parameters
    ----------
    naive : Naive
    key : str
        Id of the session's row.
    """

    def __init__(self, naive: Naive, key: str) -> None:
        versions = [row for row in naive.tables["session"] if row["id"] == key]
        self.naive, self.row = naive, versions[-1]
        at = max(row["at"] for table in ("session", "commitment", "staff") for row in naive.tables[table])
        self.staff, self.accounts = naive.as_of("staff", at), naive.as_of("account", at)
        rows = naive.as_of("commitment", at).values()
        self.made = sorted((row for row in rows if row["session_id"] == key), key=lambda row: str(row["due_on"]))

    def agreed(self) -> list[str]:
        """The days of what the rep took on."""
        return [_day(row["due_on"]) for row in self.made if row["owner_id"] == self.row["rep_id"]]

    def asked(self) -> list[list[str]]:
        """Who was asked, and by when."""
        others = [row for row in self.made if row["owner_id"] != self.row["rep_id"]]
        return [[self.staff[row["owner_id"]]["name"], _day(row["due_on"])] for row in others]

    def walked(self) -> list[str]:
        """The names of the accounts that were opened."""
        return [self.accounts[key]["name"] for key in json.loads(self.row["body"]).get("opened", ())]


def _day(iso: str) -> str:
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%b}"
