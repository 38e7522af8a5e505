"""What coaching adds to a weekly page, worked out from the raw tables by ``tests.oracle.history`` and ``tests.oracle.agenda``."""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from datetime import date, timedelta
from functools import cached_property

from coverage_kit.domain.week import start_of_day
from tests.oracle.agenda import DAY_MS, WAITING_VOICES, NaiveAgenda
from tests.oracle.audit import COUNTS, audit_words, naive_audit
from tests.oracle.history import Row
from tests.oracle.page import CAUSES, Page, and_more, ends_of_weeks, percent, rate
from tests.oracle.routes import NaiveRoutes

KINDS = {
    "identify": "Identify", "understand": "Understand the need", "verify": "Verify", "open_path": "Open a path",
    "assess": "Assess", "persuade": "Persuade", "keep": "Keep",
}  # fmt: skip
SENTENCES = {
    "identify": "find out who is {role} at {account}",
    "understand": "learn what {holder} ({account}, {role}) needs",
    "verify": "check that {holder} is still {role} at {account}",
    "open_path": "open a path to {holder} ({account}, {role})",
    "assess": "learn how {holder} ({account}, {role}) stands towards us",
    "persuade": "bring {holder} ({account}, {role}) value that counts for them",
    "keep": "keep in touch with {holder} ({account}, {role})",
}
UNNAMED = {
    "identify": "find out who is {role} at {account}",
    "understand": "learn what the {role} of {account} needs",
    "verify": "check who is {role} at {account} now",
    "open_path": "open a path to the {role} of {account}",
    "assess": "learn how the {role} of {account} stands towards us",
    "persuade": "bring the {role} of {account} value that counts for them",
    "keep": "keep in touch with the {role} of {account}",
}
REASONS = {
    "pushed_aside": "pushed aside by the immediate target", "dont_know_how": "don't know how",
    "not_there": "person not there", "need_help": "need help inside", "priority_changed": "priority changed",
}  # fmt: skip
WHY = {
    "successor": "{holder} has left. Who holds this position now?",
    "identify": "No name yet. Who holds this position?",
    "never": "The name is written, but nobody has checked: is {holder} still there?",
    "due_soon": "Last confirmed {days} days ago. Is {holder} still there?",
    "stale": "Confirmed too long ago ({days} days). Is {holder} still there?",
    "open_path": "{holder} is known. Which of us can meet them and deliver value?",
    "assess": "We meet {holder}. How do they feel about us, and why?",
    "persuade": "{holder} is not favorable yet. What value would change that, and who brings it?",
    "commitment": "{what}: due on {due}. Done?",
    "overdue": "{what}: was due on {due}, {days} days ago. Done?",
    "voice": "What {holder} said has waited {days} days for an answer.",
    "walk": "Not gone through for {days} days. Is everyone still there?",
    "never_walked": "Never gone through so far. Who is still there?",
}
VALUES = {
    "insight": "an insight", "saving": "a saving shown", "problem_solved": "a problem solved",
    "introduction": "an introduction", "training": "a training",
}  # fmt: skip
DECISIONS = {
    "hour": "{by} protected an hour for it on {day}.", "take": "{by} does it, since {day}.",
    "drop": "{by} dropped it on {day}.",
}  # fmt: skip
STAGES = ("attention", "interest", "desire", "action")
LEADERS = ("manager", "executive")


class CoachingPage(Page):
    """The whole weekly page of one rep, or of the team (``rep=None``), on paper."""

    def parts(self) -> dict[str, list[str]]:
        """Every part of the page."""
        made = super().parts() | {
            "pushed_aside": self.pushed_aside(),
            "heard": self.heard(),
            "valued": self.valued(),
            "reached": self.reached(),
            "paths": NaiveRoutes(self.naive, self.at, self.rep).lines(self.title),
        }
        if self.rep:
            return made | {"promises": self.promises(), "next": self.next(), "claims": self.claims()}
        return made | {
            "leaders": self.leaders(),
            "doors": self.doors(),
            "focus_flow": self.focus_flow(),
            "coached": self.coached(),
            "found": self.found(),
            "audited": self.audited(),
        }

    def audited(self) -> list[str]:
        """The contacts of the ten accounts with most that nobody confirmed, and of all."""
        accounts = self.naive.as_of("account", self.at)
        found = naive_audit(self.naive, self.at)
        open_ = {key: own["contacts"] - own["confirmed"] for key, own in found.items()}
        worst = sorted((key for key in found if open_[key]), key=lambda key: (-open_[key], key))[:10]
        lines = [f"{accounts[key]['name']}: {audit_words(found[key])}" for key in worst]
        team = dict.fromkeys(COUNTS, 0)
        for own in found.values():
            team = {name: n + own[name] for name, n in team.items()}
        for name in ("days_since_update", "days_since_added"):
            team[name] = min((own[name] for own in found.values() if own[name] is not None), default=None)
        unit = "ghost-day" if team["ghost_days"] == 1 else "ghost-days"
        days = f"{team['ghost_days']:,} {unit}: from leaving to our recording it."
        return ["; ".join(lines), audit_words(team), *([days] if team["ghost_days"] else [])]

    # Promises -------------------------------------------------------------------------------------------------------

    @cached_property
    def promised(self) -> list[Row]:
        """Commitments by due day: those of the territory and those the rep owns; the team's are all."""
        accounts, staff = (self.naive.as_of(name, self.at) for name in ("account", "staff"))
        rungs = {(s["account"], s["role"]): s["rung"] for s in self.naive.slots(self.at)}
        found = []
        for row in self.naive.as_of("commitment", self.at).values():
            home = accounts[row["account_id"]]["owner_id"] if row["account_id"] else row["rep_id"]
            if self.rep not in (None, home, row["owner_id"]):
                continue
            more = {
                "home": home,
                "function": staff.get(row["owner_id"], {}).get("function"),
                "settled": self.settled(row),
                "carried": self.carried[row["chain_id"]],
                "rung": rungs.get((row["account_id"], row["role"])),
                "late": (self.naive.day(self.at) - date.fromisoformat(row["due_on"])).days,
            }
            found.append(row | more)
        return sorted(found, key=lambda row: (row["due_on"], row["id"]))

    def settled(self, row: Row) -> int | None:
        """When it was last written with an outcome; None where it is open."""
        if not row["outcome"]:
            return None
        versions = self.naive.tables["commitment"]
        return max(r["at"] for r in versions if r["id"] == row["id"] and r["at"] <= self.at and r["outcome"])

    @cached_property
    def carried(self) -> Counter[str]:
        """How often each chain was moved later or not kept; an owner's own first day is no delay."""
        count: Counter[str] = Counter()
        before: dict[str, Row] = {}
        for row in self.naive.tables["commitment"]:
            if row["at"] > self.at:
                break
            if old := before.get(row["id"]):
                accepted = row["answer"] == "accepted" and old["answer"] != "accepted"
                count[row["chain_id"]] += row["due_on"] > old["due_on"] and not accepted
                count[row["chain_id"]] += row["outcome"] == "not_kept" and old["outcome"] != "not_kept"
            before[row["id"]] = row
        return count

    def said(self, row: Row) -> str:
        """A commitment in one sentence; the team's page names neither customers nor reps."""
        day = date.fromisoformat(row["due_on"])
        return f"{self.staff_name(row['owner_id'])}, by {day.day} {day:%b}: {self.task(row)}"

    def task(self, row: Row) -> str:
        """What it is to bring about."""
        account = self.naive.as_of("account", self.at).get(row["account_id"] or "")
        job = self.naive.as_of("employment", self.at).get(row["employment_id"] or "")
        person = job and self.naive.as_of("person", self.at).get(job["person_id"])
        holder = label(person["name"], job["title"]) if job and person and self.rep else None
        words = {
            "account": account["name"] if account else "–",
            "role": self.title(row["role"], row["account_id"]) if row["role"] else None,
            "holder": holder,
        }
        if holder and (row["scope"] or "").startswith("successor:"):
            return "find out who follows {holder} as {role} at {account}".format(**words)
        if row["role"] is None:
            return f"help {self.staff_name(row['home']) if self.rep else 'a rep'} on"
        return (SENTENCES if holder else UNNAMED)[row["kind"]].format(**words)

    def stands(self, row: Row) -> str:
        """How it stands, in a few words."""
        expected, rung = row["expected_rung"], row["rung"]
        if row["outcome"] == "kept" and expected is not None and rung is not None and rung < expected:
            said = "kept; the position has not moved yet"
        elif row["not_kept_reason"]:
            said = REASONS[row["not_kept_reason"]]
        elif row["outcome"]:
            said = row["outcome"]
        else:
            said = f"{plural(row['late'])} past" if row["late"] > 0 else "open"
        return f"{said}, carried over {row['carried']}×" if row["carried"] else said

    def promises(self) -> list[str]:
        """What fell due or was settled this week, how many were kept, and what is ahead."""
        sunday = self.weeks[-1][0].isoformat()
        due = [r for r in self.promised if (self.before < r["settled"] if r["settled"] else r["due_on"] <= sunday)]
        ahead = [r for r in self.promised if not r["outcome"] and r["due_on"] > sunday]
        kept = sum(row["outcome"] == "kept" for row in due)
        lead = f"Kept {rate(kept, len(due))}" if due else "No commitment fell due this week."
        lines = [f"{self.said(row)} | {self.stands(row)}" for row in [*due, *ahead[:8]]]
        return [lead, *lines, *(self.decision(*each) for each in self.decided(self.rep))]

    def decided(self, rep: str | None) -> list[tuple[str, str, date, str]]:
        """What leaders decided in four weeks about a rep's work: commitment, decision, day, the leader's name; last first."""
        homes = {row["id"]: row["home"] for row in self.promised}
        since = self.naive.day(self.at) - timedelta(weeks=4)
        found = []
        for row in self.naive.as_of("event", self.at).values():
            body = json.loads(row["body"]) if row["kind"] == "decided" else {}
            day = self.naive.day(row["at"])
            if body and day >= since and rep is not None and homes.get(body["commitment"]) == rep:
                line = body["commitment"], body["decision"], day, self.staff_name(row["actor"])
                found.append((row["at"], line))
        return [line for _, line in sorted(found, reverse=True)]

    def decision(self, commitment: str, decision: str, day: date, leader: str) -> str:
        """As the page says it."""
        row = next(each for each in self.promised if each["id"] == commitment)
        return f"{self.task(row)} | " + DECISIONS[decision].format(by=leader, day=f"{day.day} {day:%b}")

    def pushed_aside(self) -> list[str]:
        """Why promises were not kept, this week and in eight; who carries the work."""
        far = ends_of_weeks(self.naive, self.weeks[-1][0], 9)[0][1]
        week, span = (
            Counter(r["not_kept_reason"] for r in self.promised if r["outcome"] == "not_kept" and r["settled"] > start)
            for start in (self.before, far)
        )
        order = sorted(REASONS, key=lambda reason: -span[reason])
        rows = [f"{REASONS[reason]} | {week[reason]} | {span[reason]}" for reason in order if span[reason]]
        owned = [row["function"] for row in self.promised if row["function"]]
        others = sum(function != "rep" for function in owned)
        note = f"Commitments owned by others than the reps: {rate(others, len(owned))} of all."
        return [*(rows or ["No commitment was missed in these 8 weeks."]), *([note] if owned else [])]

    # What people said, and how far they are -------------------------------------------------------------------------

    def heard(self) -> list[str]:
        """Voices that wait: by kind and age, and the oldest."""
        accounts, day = self.naive.as_of("account", self.at), self.naive.day(self.at)
        ages: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
        waiting, kinds = [], {}
        for key, note in self.naive.as_of("note", self.at).items():
            answered = note["answered_on"] and date.fromisoformat(note["answered_on"]) <= day
            if note["kind"] not in WAITING_VOICES or answered:
                continue
            account = accounts[note["account_id"]]
            if self.rep not in (None, account["owner_id"]):
                continue
            days = (self.at - self.heard_at(key)) // DAY_MS
            ages[note["kind"]][0 if days <= 7 else 1 if days <= 30 else 2] += 1
            waiting.append((-days, key, account["name"]))
            kinds[key] = note["kind"]
        rows = []
        for kind in WAITING_VOICES:
            oldest = max((-days for days, key, _ in waiting if kinds[key] == kind), default=None)
            took = self.days_to_tell(kind)
            if oldest is None and not took:
                continue
            answered = f"{len(took)} in {plural(round(statistics.median(took)))}" if took else "–"
            rows.append(" | ".join([kind, *map(str, ages[kind]), "–" if oldest is None else plural(oldest), answered]))
        if not rows:
            return ["Every voice has an answer."]
        if not waiting:
            return rows
        days, _, name = min(waiting)
        return [*rows, f"The oldest waits {plural(-days)}: {name}."]

    def days_to_tell(self, kind: str) -> list[int]:
        """For each voice of a kind that was answered in eight weeks: the days from hearing it to telling the person."""
        accounts, far = self.naive.as_of("account", self.at), ends_of_weeks(self.naive, self.weeks[-1][0], 9)[0][1]
        after, until = self.naive.day(far).isoformat(), self.naive.day(self.at).isoformat()
        found = []
        for key, note in self.naive.as_of("note", self.at).items():
            answered_on = note["answered_on"]
            if note["kind"] != kind or not answered_on or not after < answered_on <= until:
                continue
            if self.rep in (None, accounts[note["account_id"]]["owner_id"]):
                found.append((date.fromisoformat(answered_on) - self.naive.day(self.heard_at(key))).days)
        return found

    def heard_at(self, key: str) -> int:
        """When a note was written; of one that a merge moved, the beginning of the day on which it was heard."""
        first = min((r for r in self.naive.tables["note"] if r["id"] == key), key=lambda row: row["at"])
        return (
            start_of_day(date.fromisoformat(first["heard_on"]), self.naive.zone) if first["heard_on"] else first["at"]
        )

    # What was asked and given -----------------------------------------------------------------------------------------

    def in_90_days(self, day: str | None) -> bool:
        return bool(day) and 0 <= (self.naive.day(self.at) - date.fromisoformat(day)).days <= 90

    def balances(self) -> dict[str, list[int]]:
        """For each person on represented or above, by employment: days asked, values given, values received."""
        found: dict[str, list[int]] = {}
        written: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
        for row in sorted(self.naive.tables["slot"], key=lambda r: r["version"]):
            if row["at"] <= self.at and row["employment_id"]:
                written[row["employment_id"]][row["id"]].append(row)
        works, gifts = list(self.naive.as_of("commitment", self.at).values()), self.gifts()
        for slot in self.now:
            if slot["rung"] is None or slot["rung"] < 3 or not slot["holder"]:
                continue
            job = slot["holder"]["id"]
            asked = set()
            for rows in written[job].values():
                for n, row in enumerate(rows):
                    stands = all((later["verified_on"] or "") >= (row["verified_on"] or "") for later in rows[n:])
                    spoken = row["verified_how"] in ("call", "meeting", "reply")
                    if stands and spoken and self.in_90_days(row["verified_on"]):
                        asked.add(row["verified_on"])
            for work in works:
                asks = work["kind"] not in ("persuade", "keep") and work["outcome"] == "kept"
                if work["employment_id"] == job and asks and self.in_90_days(work["done_on"]):
                    asked.add(work["done_on"])
            given = [g for g in gifts if g["employment_id"] == job]
            found[job] = [len(asked), len(given), sum(bool(g["received_on"]) for g in given)]
        return found

    def gifts(self) -> list[Row]:
        """Values given in 90 days."""
        return [g for g in self.naive.as_of("value_given", self.at).values() if self.in_90_days(g["given_on"])]

    def value_by_kind(self) -> dict[str, tuple[str, int, int]]:
        """For each kind its name, how many were given, and how many stand in the customer's words."""
        accounts = self.naive.as_of("account", self.at)
        own = [g for g in self.gifts() if self.rep in (None, accounts[g["account_id"]]["owner_id"])]
        kinds = sorted({g["kind"] for g in own}, key=lambda kind: (-sum(g["kind"] == kind for g in own), kind))
        return {
            kind: (
                VALUES[kind],
                sum(g["kind"] == kind for g in own),
                sum(g["kind"] == kind and bool(g["received_on"]) for g in own),
            )
            for kind in kinds
        }

    def valued(self) -> list[str]:
        """What was given, by kind, and the people with nothing."""
        people = self.balances()
        without = [job for job, (_, given, _) in people.items() if not given]
        rows = [" | ".join(map(str, each)) for each in self.value_by_kind().values()]
        lines = rows or ["No value given is recorded in these 90 days."]
        lines.append(
            "People whom one of ours can meet, and who were given nothing in 90 days:"
            f" {rate(len(without), len(people))}."
        )
        if not self.rep or not without:
            return lines
        slots = {slot["holder"]["id"]: slot for slot in self.now if slot["holder"]}
        accounts, names = self.naive.as_of("account", self.at), self.naive.as_of("person", self.at)
        without.sort(key=lambda job: (-people[job][0], slots[job]["account"], job))
        jobs = [slots[job]["holder"] for job in without]
        said = [
            f"{label(names[job['person_id']]['name'], job['title'])} · {accounts[job['account_id']]['name']}"
            for job in jobs
        ]
        more = [f"… and {len(said) - 8} more."] if len(said) > 8 else []
        return [*lines, " / ".join([*said[:8], *more])]

    def reached(self) -> list[str]:
        """People in required roles by offering and stage, as many lines as the page has room for."""
        names = {key: json.loads(row["name"])["en"] for key, row in self.naive.as_of("offering", self.at).items()}
        lines = [
            " | ".join([f"{names.get(offering, offering)} · {self.title(role)}", *map(str, counts)])
            for (offering, role), counts in self.stages()
        ]
        more = [and_more(len(lines) - 8, "line")] if len(lines) > 8 else []
        return [*lines[:8], *more] if lines else ["No stage is recorded yet."]

    def stages(self) -> list[tuple[tuple[str, str], list[int]]]:
        """For each offering and role how many people are on each stage."""
        found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
        order: dict[tuple[str, str], int] = {}
        pursuits = self.naive.as_of("pursuit", self.at).values()
        for slot in self.now:
            if slot["gone"] or not slot["holder"]:
                continue
            for pursuit in pursuits:
                if pursuit["employment_id"] == slot["holder"]["id"]:
                    key = pursuit["offering"], slot["role"]
                    found[key][STAGES.index(pursuit["stage"])] += 1
                    order[key] = min(slot["order"], order.get(key, slot["order"]))
        return sorted(found.items(), key=lambda item: (item[0][0], order[item[0]], item[0][1]))

    # The rep's and the coach's alone --------------------------------------------------------------------------------

    def claims(self) -> list[str]:
        """The last eight claims with what was known at that moment, the latest first."""
        lines = []
        for claim in self.claimed(self.rep):
            name = self.naive.as_of("account", claim["at"]).get(claim["account_id"] or "", {}).get("name")
            about, day = name or claim["account_id"] or "the whole territory", self.naive.day(claim["at"])
            share = "–" if claim["claimed"] is None else percent(claim["claimed"], 1)
            lines.append(f"{about} | {day.day} {day:%b} | {share} | {rate(claim['known'], claim['required'])}")
        return lines[::-1][:8] or ["No claim yet. The next session begins with one."]

    def claimed(self, rep: str | None) -> list[Row]:
        """A rep's claims with what they knew then, oldest first; everybody's for None."""
        found = []
        for row in sorted(self.naive.as_of("claim", self.at).values(), key=lambda row: (row["at"], row["id"])):
            if rep not in (None, row["rep_id"]):
                continue
            own = [s for s in self.naive.slots(row["at"]) if s["rep"] == row["rep_id"] and s["rung"] is not None]
            own = [s for s in own if row["account_id"] in (None, s["account"])]
            share = row["share"] if row["n"] is None else row["n"] / len(own) if own else None
            found.append(row | {"claimed": share, "known": sum(s["rung"] >= 2 for s in own), "required": len(own)})
        return found

    def next(self) -> list[str]:
        """The hour, entry by entry, as the page says it."""
        assert self.rep is not None
        hour = NaiveAgenda(self.naive, self.at, self.rep)
        lines = [self.entry(entry, hour.must_win) for entry in hour.entries()]
        return lines or ["Nothing is open. Next: put accounts on the focus list, or import accounts."]

    def entry(self, entry: Row, must_win: set[str]) -> str:
        account = self.naive.as_of("account", self.at).get(entry["account"] or "")
        mine = account and account["owner_id"] == self.rep and account["focus"]
        head = account["name"] if account else ""
        if entry["role"]:
            head += f" · {self.title(entry['role'], entry['account'])}"
        due = entry.get("due") and date.fromisoformat(entry["due"])
        why = WHY[entry["reason"]].format(
            holder=label(entry["holder"], entry["title"]),
            days=entry["days"],
            due=due and f"{due.day} {due:%b}",
            what=KINDS.get(entry.get("kind", "")),
        )
        slots = entry["slots"]
        if len(slots) > 1:
            roles = ", ".join(self.title(slot["role"], entry["account"]) for slot in slots)
            why += f" One call covers {len(slots)} positions: {roles}."
        if entry["account"] in must_win:
            why = f"Must-win account this quarter. {why}"
        phones = [slot["phone"] for slot in slots if slot["reason"] not in ("successor", "identify")]
        phone = next(filter(None, phones), None) if slots else entry["phone"]
        said = f"{head}{' ●' if mine else ''} {why} {entry['minutes']} min".strip()
        return f"{said} ☎ {phone}" if phone else said

    # The team's -----------------------------------------------------------------------------------------------------

    def leaders(self) -> list[str]:
        """What managers and executives have promised or were asked for: overdue first, then what waits for an answer."""
        sessions = self.naive.as_of("session", self.at)
        own = [
            row
            for row in self.promised
            if row["function"] in LEADERS
            and not row["outcome"]
            and sessions.get(row["session_id"] or "", {"agreed": 1})["agreed"] == 1
        ]
        own.sort(key=lambda row: (row["late"] <= 0, row["answer"] is not None, row["due_on"], row["id"]))
        lines = [f"{self.said(r)} | {self.stands(r)} | {'' if r['answer'] else 'waits for a reply'}" for r in own[:10]]
        return lines or ["They have no open commitments."]

    def doors(self) -> list[str]:
        """The first three of the doors."""
        accounts = self.naive.as_of("account", self.at)
        lines = [
            f"{accounts[account]['name']} · {self.title(role, account)}"
            f" | {'help was asked for' if asked else 'known, and nobody can meet them yet'}"
            f" | {f'carried over {carried}×' if carried else ''}"
            for account, role, carried, asked in self.closed_doors()[:3]
        ]
        return lines or ["No door waits for a leader."]

    def closed_doors(self) -> list[tuple[str, str, int, bool]]:
        """Focus slots that only somebody above can open: ``(account, role, carried, asked)``."""
        last: dict[tuple[str, str], Row] = {}
        often: Counter[tuple[str, str]] = Counter()
        taken = set()
        for row in sorted(self.promised, key=lambda row: (row["settled"] or 0, row["id"])):
            place = row["account_id"], row["role"]
            often[place] = max(often[place], row["carried"])
            if row["settled"]:
                last[place] = row
            elif row["function"] != "rep":
                taken.add(place)
        found = []
        for slot in self.now:
            place, account = (slot["account"], slot["role"]), slot["account_row"]
            asked = last.get(place, {}).get("not_kept_reason") == "need_help"
            closed = slot["level"] == "executive" and slot["rung"] is not None and slot["holder"] and slot["rung"] >= 2
            if slot["rung"] is None or not account["focus"] or place in taken:
                continue
            if asked or (closed and not slot["met"][2]):
                value = float("inf") if account["value"] is None else -account["value"]
                found.append(((not asked, -often[place], value, slot["account"], slot["order"]), slot["role"]))
        return [(key[3], role, -key[1], not key[0]) for key, role in sorted(found)]

    def focus_flow(self) -> list[str]:
        """What made the known slots of the accounts that are on a list now rise and fall."""
        listed = {s["account"] for s in self.now if s["account_row"]["focus"]}
        start, end = (
            sum(s["account"] in listed and s["rung"] is not None and s["rung"] >= 2 for s in slots)
            for slots in (self.was, self.now)
        )
        flow = self.naive.flow([m for m in self.moves(self.before, self.at) if m[0] in listed], 2)
        words = ", ".join(f"{CAUSES[c]} {flow[c][0] - flow[c][1]:+d}" for c in CAUSES if c in flow)
        said = [f"{start} → {end}" + (f": {words}" if words else "")]
        if cleaned := sum(account in listed for account in self.cleaned_accounts()):
            said.append(f"Cleaned on the focus lists: {cleaned}.")
        return said if flow else [*said, "Nothing moved on this rung this week."]

    def coached(self) -> list[str]:
        """Which reps had a session this week, and how far claims lie from what was known."""
        held = {
            row["rep_id"]: max(row["agreed"], 0)
            for row in sorted(self.naive.tables["session"], key=lambda row: row["agreed"])
            if self.before < row["at"] <= self.at and row["id"] in self.naive.as_of("session", self.at)
        }
        day = self.naive.day(self.at).isoformat()
        lines = []
        for key, row in sorted(self.naive.as_of("staff", self.at).items()):
            if row["function"] == "rep" and not (row["ended_on"] and row["ended_on"] <= day):
                was = "yes" if key in held else "not this week"
                lines.append(f"{self.staff_name(key)} | {was} | {'yes' if held.get(key) else ''}")
        last = {
            row["rep_id"]: 100 * (row["claimed"] - row["known"] / row["required"])
            for row in self.claimed(None)
            if row["account_id"] is None and row["required"]
        }
        if len(last) > 1:
            points = [f"{f(last.values()):+.0f}".replace("-", "−") for f in (min, statistics.median, max)]
            lines.append(
                f"Claim minus coverage of {len(last)} reps, in points:"
                f" least {points[0]}, median {points[1]}, greatest {points[2]}."
            )
        return lines or ["No rep here yet."]

    def found(self) -> list[str]:
        """Accounts that only an import knows."""
        names = sorted(r["name"] for r in self.naive.as_of("account", self.at).values() if r["status"] == "unconfirmed")
        if not names:
            return ["", "None: every account has been confirmed."]
        lead = f"{len(names)} accounts are only in a contact list; they count once they are assigned on the start page."
        return [lead, *names[:10]]


def label(name: str | None, title: str | None) -> str:
    """A person with the title, as sentences name them."""
    return "–" if not name else f"{name} ({title})" if title else name


def plural(n: int) -> str:
    return f"{n} day" if n == 1 else f"{n} days"
