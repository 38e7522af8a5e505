"""Everything a leader's own page counts, worked out a second time from the raw rows with plain loops."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from datetime import date, timedelta
from typing import Any

from tests.oracle.agenda import WAITING_VOICES
from tests.oracle.coaching_page import CoachingPage
from tests.oracle.history import Naive, Row
from tests.oracle.leaders import NaiveLeaders
from tests.oracle.page import ends_of_weeks, rate


class NaiveMyPage:
    """The page of a manager or executive at the end of a week.

    Parameters
    ----------
    naive : Naive
    sunday : date
        Last day of the week.
    who : str
        Id of the colleague.
    """

    def __init__(self, naive: Naive, sunday: date, who: str) -> None:
        self.naive, self.who = naive, who
        self.team = CoachingPage(naive, sunday, None)
        self.at, self.day = self.team.at, sunday
        self.leaders = NaiveLeaders(naive, self.at)
        self.staff = self.leaders.staff
        self.is_executive = self.staff[who]["function"] == "executive"
        self.reps = {key for key in self.leaders.under(who) if self.staff[key]["function"] == "rep"}
        self.weeks_ago = dict(enumerate(at for _, at in reversed(ends_of_weeks(naive, sunday, 9))))

    def parts(self) -> dict[str, Any]:
        """Every number and list of the page by its name in the response."""
        teams = [self.who] if not self.is_executive else self._teams()
        by_rep = [self.focus(rep) for rep in sorted(self.reps, key=lambda key: (self.staff[key]["name"], key))]
        by_team = [self.sum_of_team(team) for team in teams]
        return {
            **{name: self.work(name) for name in ("overdue", "asked", "open")},
            "climbed": self.climbed(),
            "doors": self.doors(),
            "reasons": self.reasons(),
            "waiting": self.waiting(),
            "focus": by_team if self.is_executive else by_rep,
            "thin": self.leaders.thin(self.who)[:5] if self.is_executive else [],
            "must_win": None if self.is_executive else self.must_win(),
        }

    # Work ---------------------------------------------------------------------------------------------------------------

    def work(self, state: str) -> list[tuple[Any, ...]]:
        """One's own commitments of a state: id, days late, times carried, the last day for a reply, to whom it climbs."""
        sessions = self.naive.as_of("session", self.at)
        found = []
        for row in self.team.promised:
            is_agreed = sessions.get(row["session_id"] or "", {"agreed": 1})["agreed"] == 1
            if row["owner_id"] != self.who or row["outcome"] or not is_agreed:
                continue
            own = "asked" if not row["answer"] else "overdue" if row["late"] > 0 else "open"
            if own == state:
                climbs = self.leaders.climbs_on(row["id"])
                last = (climbs - timedelta(days=1)).isoformat() if climbs else None
                above = self.staff[self.who]["manager_id"] if own == "asked" else None
                name = self.staff[above]["name"] if above else None
                found.append((row["id"], max(row["late"], 0), row["carried"], last, name))
        return found

    def climbed(self) -> list[tuple[str, str]]:
        """What went past this colleague unanswered in four weeks, and the day."""
        versions: dict[str, list[Row]] = {}
        for row in self.naive.tables["commitment"]:
            if row["at"] <= self.at:
                versions.setdefault(row["id"], []).append(row)
        found = []
        for key, rows in versions.items():
            if rows[-1]["owner_id"] == self.who:
                continue
            for before, after in reversed(list(itertools.pairwise(rows))):
                if before["owner_id"] == self.who != after["owner_id"]:
                    day = self.naive.day(after["at"])
                    if after["due_on"] > before["due_on"] and day >= self.day - timedelta(weeks=4):
                        found.append((day.isoformat(), key))
                    break
        return [(key, day) for day, key in sorted(found, reverse=True)]

    # What is decided ------------------------------------------------------------------------------------------------------

    def doors(self) -> list[tuple[str, str, int, bool]]:
        """The first three doors; an executive's one, among executives first."""
        level = {(slot["account"], slot["role"]): slot["level"] for slot in self.team.now}
        owners = {slot["account"]: slot["rep"] for slot in self.team.now}
        own = [door for door in self.team.closed_doors() if owners[door[0]] in self.reps]
        if not self.is_executive:
            return own[:3]
        return sorted(own, key=lambda door: level[door[0], door[1]] != "executive")[:1]

    def _ended(self) -> list[Row]:
        """What was not kept in eight weeks; nothing of a team of less than three."""
        few = len(self.reps) < 3
        since = self.weeks_ago[8]
        theirs = [row for row in self.team.promised if row["home"] in self.reps and not few]
        return [row for row in theirs if row["not_kept_reason"] and row["settled"] and row["settled"] > since]

    def reasons(self) -> dict[str, int]:
        return dict(Counter(row["not_kept_reason"] for row in self._ended()))

    def waiting(self) -> list[tuple[str, int]]:
        """What was pushed aside, was not taken up again, and moved nothing, without what was decided; most carried first."""
        events = self.naive.as_of("event", self.at).values()
        decided = {json.loads(row["body"])["commitment"] for row in events if row["kind"] == "decided"}
        first = {}
        for row in self.naive.tables["commitment"]:
            first.setdefault(row["id"], row["at"])
        last: dict[str, str] = {}
        for row in sorted(self.team.promised, key=lambda row: (first[row["id"]], row["id"])):
            if row["home"] in self.reps:
                last[row["chain_id"]] = row["id"]
        found = [
            row
            for row in self._ended()
            if row["not_kept_reason"] == "pushed_aside"
            and last[row["chain_id"]] == row["id"]
            and row["id"] not in decided
            and not self._has_moved(row)
        ]
        found.sort(key=lambda row: (-row["carried"], row["due_on"], row["id"]))
        return [(row["id"], row["carried"]) for row in found[: 1 if self.is_executive else 3]]

    @staticmethod
    def _has_moved(row: Row) -> bool:
        return row["rung"] is not None and row["expected_rung"] is not None and row["rung"] >= row["expected_rung"]

    def decided(self, rep: str) -> list[tuple[str, str, str, str]]:
        """What a rep is told of decisions of four weeks: commitment, decision, day, the leader's name."""
        return [(key, decision, day.isoformat(), leader) for key, decision, day, leader in self.team.decided(rep)]

    # Support and service --------------------------------------------------------------------------------------------------

    def helper(self) -> tuple[list[tuple[str, str, list[str]]], list[str]]:
        """Up to five people whom a colleague meets anyway and whose check is due or four weeks old; voices that wait."""
        order = ["due within 30 days", "check again", "never checked", "fresh"]
        met: dict[tuple[str, str], list[Any]] = {}
        for slot in sorted(self.naive.slots(self.at), key=lambda slot: (slot["account"], slot["order"])):
            row = slot["slot"]
            if row is None or row["representative_id"] != self.who or slot["rung"] is None:
                continue
            state, checked = self.team.state(slot), row["verified_on"]
            is_older = state == "fresh" and (self.naive.day(self.at) - date.fromisoformat(checked)).days >= 28
            if is_older or state in order[:3]:
                key = slot["account"], slot["holder"]["person_id"]
                met.setdefault(key, [order.index(state), checked or "", key[1], []])[3].append(slot["role"])
        ranked = sorted(met, key=lambda key: met[key][:3])
        waiting = []
        for key, note in self.naive.as_of("note", self.at).items():
            is_told = note["answered_on"] and date.fromisoformat(note["answered_on"]) <= self.naive.day(self.at)
            if note["kind"] in WAITING_VOICES and note["owner_id"] == self.who and not is_told:
                waiting.append((-(self.naive.day(self.at) - self.naive.day(self.team.heard_at(key))).days, key))
        return [(*key, met[key][3]) for key in ranked[:5]], [key for _, key in sorted(waiting)]

    # How the teams stand --------------------------------------------------------------------------------------------------

    def focus(self, rep: str) -> tuple[str, int, int, int, int, int]:
        """Accounts, required and known of a rep's list; the last two of the list as it was four weeks ago."""
        now, before = (
            [slot for slot in self.naive.slots(at) if slot["account_row"]["focus"] and slot["rep"] == rep]
            for at in (self.at, self.weeks_ago[4])
        )
        counts, earlier = self.naive.counts(now), self.naive.counts(before)
        return rep, counts["accounts"], counts["required"], counts["known"], earlier["required"], earlier["known"]

    def sum_of_team(self, team: str) -> tuple[Any, ...]:
        under = self.leaders.under(team)
        rows = [self.focus(rep)[1:] for rep in self.reps if rep in under]
        return (team, *map(sum, zip(*rows, strict=True)))

    def _teams(self) -> list[str]:
        return sorted(key for key in self.leaders.under(self.who) if self.staff[key]["function"] == "manager")

    def must_win(self) -> dict[str, Any]:
        """The accounts that were starred, the titles of the first four roles unknown in each, and the work that went elsewhere."""
        unknown = {
            account: [
                self.team.title(slot["role"], account)
                for slot in sorted(self.team.now, key=lambda slot: slot["order"])
                if slot["account"] == account and slot["rung"] is not None and slot["rung"] < 2
            ][:4]
            for account in self.leaders.starred(self.who)
        }
        elsewhere, effort = self.leaders.effort(self.who, self.weeks_ago[4])
        return {"unknown": unknown, "elsewhere": elsewhere, "effort": effort}

    def review(self) -> list[tuple[Any, ...]]:
        """The page for the deal review: account, how many are known and whose it is, a mark, what each lacks, on whom it hangs."""
        accounts, people = self.naive.as_of("account", self.at), self.naive.as_of("person", self.at)
        starred = sorted(self.leaders.starred(self.who), key=lambda key: (-(accounts[key]["value"] or 0), key))
        cards = []
        for account in starred:
            own = [slot for slot in self.team.now if slot["account"] == account and slot["rung"] is not None]
            own.sort(key=lambda slot: slot["order"])
            lacking = [slot for slot in own if slot["rung"] < 2]
            held: dict[str, list[str]] = {}
            for slot in own:
                if slot["rung"] >= 2 and slot["holder"]:
                    held.setdefault(slot["holder"]["person_id"], []).append(self.team.title(slot["role"], account))
            hang = [key for key in held if len(held[key]) > 1 or len(held) == 1]
            hang.sort(key=lambda key: (-len(held[key]), key))
            depth = self.leaders.depth(account)
            rep = self.staff[accounts[account]["owner_id"]]["name"]
            cards.append(
                (
                    accounts[account]["name"],
                    f"known {rate(depth['known'], depth['required'])} · {rep}",
                    depth["executives"] == 0,
                    [f"{self.team.title(slot['role'], account)} ({_lacks(slot)})" for slot in lacking],
                    [f"{people[key]['name']} ({', '.join(held[key])})" for key in hang],
                )
            )
        return cards


def _lacks(slot: Row) -> str:
    return "left" if slot["gone"] else "check again" if slot["holder"] else "no name"
