"""Paths to customers once more, from the raw tables in plain Python: who inherits what, which steps are taken, what stands still."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date
from functools import cached_property

from tests.oracle.history import Naive, Row
from tests.oracle.page import and_more, rate

STAGES = ("attention", "interest", "desire", "action")
ROUTES = {"call": "phone", "meeting": "in_person", "reply": "digital"}
WORDS = {"in_person": "in person"}


class NaiveRoutes:
    """The paths of a rep's accounts, or of all (``rep=None``), at an instant."""

    def __init__(self, naive: Naive, at: int, rep: str | None) -> None:
        self.naive, self.at, self.rep = naive, at, rep
        self.day = naive.day(at)
        self.slots = {(s["account"], s["role"]): s for s in naive.slots(at) if s["rung"] is not None}

    @cached_property
    def paths(self) -> list[Row]:
        """One row an account and offering, by account and offering."""
        found = []
        set_ = {(row["role_list"], row["offering"]): row for row in self.naive.as_of("path", self.at).values()}
        own = {(row["account_id"], row["offering"]): row for row in self.naive.as_of("planned_route", self.at).values()}
        templates = {key: json.loads(row["body"]) for key, row in self.naive.as_of("template", self.at).items()}
        for account in self.naive.as_of("account", self.at).values():
            if account["status"] != "active" or self.rep not in (None, account["owner_id"]):
                continue
            lists = self.naive.lists_of(account, templates, self.at)
            for offering in json.loads(account["offerings"] or "[]"):
                inherited = [set_[each, offering] for each in sorted(lists) if (each, offering) in set_]
                if inherited:
                    row = own.get((account["id"], offering), inherited[0])
                    found.append(self.path(account, offering, row))
        return sorted((each for each in found if each["steps"]), key=lambda p: (p["account"], p["offering"]))

    def path(self, account: Row, offering: str, row: Row) -> Row:
        planned = [each for each in json.loads(row["steps"]) if (account["id"], each["role"]) in self.slots]
        steps = [self.step(account["id"], offering, each) for each in planned]
        days = [self.naive.day(row["at"]).isoformat()]
        days += [day for each in planned for day in self.kept_in(account["id"], each["role"])]
        left = [each for each in steps if not each["taken"]]
        idle = (self.day - date.fromisoformat(max(days))).days // 7
        return {
            "account": account["id"],
            "name": account["name"],
            "value": account["value"] or 0,
            "offering": offering,
            "steps": steps,
            "taken": len(steps) - len(left),
            "other": sum(each["other"] for each in steps),
            "next": left[0] if left else None,
            "idle": idle,
            "still": bool(left) and idle >= 3,
        }

    def step(self, account: str, offering: str, planned: Row) -> Row:
        slot = self.slots[account, planned["role"]]
        job = slot["holder"]["id"] if slot["holder"] and not slot["gone"] else None
        rank, routes = 0, set()
        for _, stage, route in self.kept_with(job) if job else ():
            rank = max(rank, 1 + STAGES.index(stage))
            routes |= {route} - {None}
        for row in self.naive.as_of("pursuit", self.at).values():
            if (row["employment_id"], row["offering"], row["stage"]) == (job, offering, "action"):
                rank = 4
        taken = rank > STAGES.index(planned["stage"])
        return {**planned, "taken": taken, "other": taken and bool(routes) and planned["route"] not in routes}

    def kept_in(self, account: str, role: str) -> list[str]:
        """The days on which something was kept with anybody who ever held a position."""
        rows = [r for r in self.naive.tables["slot"] if r["id"] == f"{account}:{role}" and r["at"] <= self.at]
        return [day for job in {r["employment_id"] for r in rows} - {None} for day, _, _ in self.kept_with(job)]

    def kept_with(self, job: str) -> list[tuple[str, str, str | None]]:
        """What was kept with a person: the day, the stage it shows, the route."""
        today, found = self.day.isoformat(), []
        for rows in self._checks[job].values():
            for n, row in enumerate(rows):
                stands = all((later["verified_on"] or "") >= (row["verified_on"] or "") for later in rows[n:])
                if stands and row["verified_how"] in ROUTES and row["verified_on"] and row["verified_on"] <= today:
                    found.append((row["verified_on"], "attention", ROUTES[row["verified_how"]]))
        for row in self.naive.as_of("commitment", self.at).values():
            talks = row["kind"] not in ("identify", "verify") and row["outcome"] == "kept"
            if row["employment_id"] == job and talks and row["done_on"] and row["done_on"] <= today:
                found.append((row["done_on"], "attention", row["route"] or None))
        for row in self.naive.as_of("value_given", self.at).values():
            if row["employment_id"] == job and row["given_on"] <= today:
                found.append((row["given_on"], "interest", None))
            if row["employment_id"] == job and row["received_on"] and row["received_on"] <= today:
                found.append((row["received_on"], "desire", None))
        return found

    @cached_property
    def _checks(self) -> dict[str, dict[str, list[Row]]]:
        """The versions of slots that name a person, by employment and slot."""
        found: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in sorted(self.naive.tables["slot"], key=lambda r: r["version"]):
            if row["at"] <= self.at and row["employment_id"]:
                found[row["employment_id"]][row["id"]].append(row)
        return found

    # The page ---------------------------------------------------------------------------------------------------------

    def lines(self, title) -> list[str]:
        """The section as the page says it; ``title`` gives a role's title, at an account or of the team."""
        if not self.paths:
            return ["No path is set yet."]
        still = [each for each in self.paths if each["still"]]
        rows = self.of_rep(still, title) if self.rep else self.of_team(title)
        steps = sum(len(each["steps"]) for each in self.paths)
        taken = sum(each["taken"] for each in self.paths)
        done = sum(each["next"] is None for each in self.paths)
        more = [and_more(len(rows) - 8, "line")] if len(rows) > 8 else []
        return [
            *(rows[:8] or ["No path stands still."]),
            *more,
            f"Paths: {len(self.paths)}, of these at a standstill {len(still)}, completed {done}.",
            f"Steps taken: {rate(taken, steps)}, of these by another route than planned {sum(p['other'] for p in self.paths)}.",
        ]

    def of_rep(self, still: list[Row], title) -> list[str]:
        lines = []
        for each in sorted(still, key=lambda p: (-p["value"], p["account"], p["offering"])):
            weeks = "1 week" if each["idle"] == 1 else f"{each['idle']} weeks"
            shown = self.say(each["next"], title(each["next"]["role"], each["account"]))
            lines.append(
                f"{each['name']} · {self.named(each['offering'])} → {shown} | {each['taken']} / {len(each['steps'])} | {weeks}"
            )
        return lines

    def of_team(self, title) -> list[str]:
        at: dict[tuple[str, ...], list[bool]] = defaultdict(list)
        for each in self.paths:
            if each["next"]:
                ahead = each["next"]
                at[each["offering"], ahead["role"], ahead["route"], ahead["stage"]].append(each["still"])
        places = sorted(
            (place for place, own in at.items() if any(own)),
            key=lambda p: (-sum(at[p]), -len(at[p]), p[0], p[1], p[3]),
        )
        return [
            f"{self.named(place[0])} · {self.say(dict(zip(('role', 'route', 'stage'), place[1:], strict=True)), title(place[1]))}"
            f" | {len(at[place])} | {sum(at[place])}"
            for place in places
        ]

    def named(self, offering: str) -> str:
        return json.loads(self.naive.as_of("offering", self.at)[offering]["name"])["en"]

    def say(self, step: Row, title: str) -> str:
        return f"{title}: {step['stage']}, {WORDS.get(step['route'], step['route'])}"
