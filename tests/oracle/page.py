"""What a weekly page must say, worked out from the raw tables by ``tests.oracle.history``: ``{part: [texts]}`` in English.

``tests.reporting.reading`` reads the same off the page, so that a page is right when the two are equal.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from tests.oracle.history import CONDITIONS, Naive, Row

LABELS = ("Named", "Known", "Represented", "Assessed", "Favorable")
CAUSES = {
    "identified": "Identified", "verified": "Verified", "path_opened": "Path opened", "assessed": "Disposition assessed",
    "persuaded": "Persuaded", "departed": "Departed", "lapsed": "Lapsed", "representative_lost": "Representative lost",
    "disposition_fell": "Disposition fell", "replaced": "Holder replaced", "corrected": "Corrected",
    "not_applicable": "Not applicable", "template_changed": "Required roles changed",
    "account_changed": "Account or owner changed",
}  # fmt: skip
STRUCTURAL = {"not_applicable", "template_changed", "account_changed"}
LEVELS = {"executive": "Executives", "manager": "Managers", "practitioner": "Practitioners"}
WEEK = timedelta(weeks=1)


def percent(n: float, of: float) -> str:
    if not of:
        return "–"
    share = 100 * n / of
    if 0 < share < 0.5 or 99.5 <= share < 100:
        return f"{min(max(share, 0.1), 99.9):.1f}%"
    return f"{share:.0f}%"


def rate(n: int, of: int) -> str:
    return f"{percent(n, of)} ({n:,}/{of:,})"


def and_more(n: int, what: str) -> str:
    return f"… and {n:,} more {what}{'' if n == 1 else 's'}."


def ends_of_weeks(naive: Naive, sunday: date, n: int) -> list[tuple[date, int]]:
    """The last millisecond of so many weeks, the last of which ends on this Sunday."""
    found = []
    for back in range(n - 1, -1, -1):
        day = sunday - back * WEEK
        midnight = datetime(day.year, day.month, day.day, tzinfo=naive.zone) + timedelta(days=1)
        found.append((day, round(midnight.timestamp() * 1000) - 1))
    return found


class Page:
    """The weekly page of one rep, or of the team (``rep=None``), on paper."""

    def __init__(self, naive: Naive, sunday: date, rep: str | None) -> None:
        self.naive, self.rep = naive, rep
        self.weeks = ends_of_weeks(naive, sunday, 26)
        (_, self.before), (_, self.at) = self.weeks[-2:]
        self.now, self.was = self.own(self.at), self.own(self.before)
        self.counts, self.counts_before = naive.counts(self.now), naive.counts(self.was)

    def own(self, at: int) -> list[Row]:
        return [s for s in self.naive.slots(at) if self.rep in (None, s["rep"])]

    def moves(self, start: int, end: int) -> list[tuple[Any, ...]]:
        return [m for m in self.naive.moves(start, end) if self.rep in (None, m[2])]

    def parts(self) -> dict[str, list[str]]:
        made = {
            "header": self.header(),
            "headline": self.headline(),
            "ladder": [
                "; ".join(
                    f"{label} {rate(self.counts[c], self.counts['required'])}"
                    for label, c in zip(LABELS, CONDITIONS, strict=True)
                )
            ],
            "flow": self.flow(),
            "trend": self.trend(),
            "fresh": self.fresh(),
            "accounts": self.accounts(),
            "people": self.people(),
            "roles": self.roles(),
        }
        return made if self.rep else made | {"reps": self.reps(), "groups": self.groups()}

    def header(self) -> list[str]:
        sunday = self.weeks[-1][0]
        monday, (year, week, _) = sunday - timedelta(days=6), sunday.isocalendar()
        first = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%b}"
        used, when = {s["template"] for s in self.now}, datetime.fromtimestamp(self.at / 1000, self.naive.zone)
        templates = [
            f"{json.loads(row['body'])['title']['en']} v{row['version']}"
            for key, row in sorted(self.naive.as_of("template", self.at).items())
            if key in used
        ]
        whose = self.staff_name(self.rep) if self.rep else "The team"
        return [
            f"{whose}: weekly progress",
            f"Week {week}, {year} ({first}–{sunday.day} {sunday:%b}) · as of {when:%Y-%m-%d %H:%M}"
            f" · required roles: {', '.join(templates) or '–'}",
        ]

    def staff_name(self, key: str | None) -> str:
        return (self.naive.as_of("staff", self.at).get(key or "") or {}).get("name") or key or "–"

    def headline(self) -> list[str]:
        def tile(now: Row, was: Row) -> list[str]:
            last = rate(was["known"], was["required"])
            return [
                percent(now["known"], now["required"]),
                f"{now['known']:,} of {now['required']:,} positions · last week {last}",
            ]

        focus = [self.naive.counts(s for s in slots if s["account_row"]["focus"]) for slots in (self.now, self.was)]
        c, b = self.counts, self.counts_before
        note = f"Counted apart: {c['vacant']} vacant, {c['not_applicable']} not applicable. {c['accounts']:,} accounts, {focus[0]['accounts']} of them on the focus list."
        if self.rep is None:
            index = 100 * (0.5 * c["named"] + 0.25 * c["represented"] + 0.25 * c["favorable"]) / c["required"]
            note += f" Success index {index:.1f} (50 × named + 25 × represented + 25 × favorable)."
        names = [percent(c["named"], c["required"]), f"{c['named']:,} of {c['required']:,} positions"]
        people = [f"{c['persons']:,}", f"last week {b['persons']:,}"]
        return [*tile(c, b), *tile(*focus), *names, *people, note]

    def flow(self) -> list[str]:
        moves = self.moves(self.before, self.at)
        flow = self.naive.flow(moves, 2)
        words = ", ".join(f"{CAUSES[c]} {flow[c][0] - flow[c][1]:+d}" for c in CAUSES if c in flow)
        said = [f"{self.counts_before['known']} → {self.counts['known']}" + (f": {words}" if words else "")]
        if found := len(self.cleaned_accounts()):
            said.append(
                f"Cleaned: {found} found to have left, and recorded. That is progress: the list tells the truth again."
            )
        return said if flow else [*said, "Nothing moved on this rung this week."]

    def cleaned_accounts(self) -> list[str]:
        """The account of each departure that was found this week."""
        jobs, accounts = self.naive.as_of("employment", self.at), self.naive.as_of("account", self.at)
        ended = [job for job in jobs.values() if job["end_kind"]]
        new = [job["account_id"] for job in ended if self.naive.recorded_at(job["id"], self.at) > self.before]
        return [a for a in new if self.rep in (None, accounts.get(a, {}).get("owner_id"))]

    def trend(self) -> list[str]:
        rows = self.naive.tables["account"]
        ever = {row["id"] for row in rows if row["at"] <= self.at and self.rep in (None, row["owner_id"])}
        first = min(row["at"] for row in rows if row["id"] in ever)
        weeks = [(day, at) for day, at in self.weeks if at >= first or at == self.at]
        counts = [self.naive.counts(self.own(at)) for _, at in weeks]
        shown = "; ".join(
            f"W{day.isocalendar().week:02d} {percent(c['known'], c['required'])}"
            for (day, _), c in zip(weeks, counts, strict=True)
            if c["required"]
        )
        gains = []
        for (_, start), (_, end) in pairwise(weeks):
            flow = self.naive.net(self.moves(start, end), 2)
            gains.append(sum(n for cause, n in flow.items() if cause not in STRUCTURAL))
        gains = gains[-8:]
        if len(gains) < 2:
            return [shown, "The pace shows after three weeks."]
        gain = statistics.median(gains)
        ahead = min(max(round(counts[-1]["known"] + 8 * gain), 0), counts[-1]["required"])
        step = f"{gain:+.1f}".replace("-", "−").removesuffix(".0")
        return [
            shown,
            f"Median of the last {len(gains)} weeks: {step} positions a week. At this pace {rate(ahead, counts[-1]['required'])} in 8 weeks.",
        ]

    def fresh(self) -> list[str]:
        tally: Counter[str] = Counter()
        for slot in self.now:
            if slot["rung"] is not None:
                tally[self.state(slot)] += 1
        names = ("fresh", "due within 30 days", "check again", "never checked", "vacant", "unknown")
        total = max(tally.total(), 1)
        said = [f"{name} {tally[name]:,} {100 * tally[name] / total:.2f}%" for name in names]
        focus, whole = (
            [s["window"] for s in self.now if s["rung"] is not None and (s["account_row"]["focus"] or everything)]
            for everything in (0, 1)
        )
        if focus:
            said.append(
                f"To keep the focus list known takes {cost(focus)} verifications a week; this week {self.verified()} were made."
            )
        else:
            said.append(
                "No focus list yet. Next: mark the accounts you undertake to keep known with the star in the workbook."
            )
        listed, before = ({s["account"] for s in slots if s["account_row"]["focus"]} for slots in (self.now, self.was))
        if before and listed != before:
            said.append(
                f"On the focus list since last week: {len(listed - before)} new, {len(before - listed)} taken off."
            )
        return [*said, f"The whole territory would take {cost(whole):,} a week."] if whole else said

    def state(self, slot: Row) -> str:
        written = slot["slot"]
        if written and written["status"] == "vacant":
            return "vacant"
        if slot["holder"] is None or slot["gone"]:
            return "unknown"
        if not written["verified_on"]:
            return "never checked"
        left = slot["window"] - (self.naive.day(self.at) - date.fromisoformat(written["verified_on"])).days
        if left < 0 or left > slot["window"]:
            return "check again"
        return "due within 30 days" if left <= 30 else "fresh"

    def verified(self) -> int:
        accounts = self.naive.as_of("account", self.at)
        by_slot: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.naive.tables["slot"], key=lambda row: row["version"]):
            by_slot[row["id"]].append(row)
        found = set()
        for key, rows in by_slot.items():
            for old, new in pairwise([None, *rows]):
                changed = new["verified_on"] and new["verified_on"] != (old and old["verified_on"])
                if (
                    changed
                    and new["edit_id"] not in self.naive.merges
                    and self.before < new["at"] <= self.at
                    and self.rep in (None, accounts[new["account_id"]]["owner_id"])
                ):
                    found.add(key)
        return len(found)

    def accounts(self) -> list[str]:
        by_account: dict[str, list[Row]] = defaultdict(list)
        for slot in self.now:
            if slot["rung"] is not None:
                by_account[slot["account"]].append(slot)
        lines = []
        for key, slots in by_account.items():
            row, known = slots[0]["account_row"], sum(s["rung"] >= 2 for s in slots)
            value = float("inf") if row["value"] is None else -row["value"]
            dot = " ●" if row["focus"] else ""
            lines.append(
                (
                    (not row["focus"], known - len(slots), value, key),
                    f"{row['name']}{dot} | {len(slots) - known} | {rate(known, len(slots))}",
                )
            )
        shown = [line for _, line in sorted(lines)]
        return shown[:10] + ([and_more(len(shown) - 10, "account")] if len(shown) > 10 else [])

    def people(self) -> list[str]:
        people = self.naive.as_of("person", self.at)
        slots: Counter[tuple[str, str]] = Counter()
        called: dict[str, str] = {}
        for slot in self.now:
            if slot["rung"] is not None and slot["rung"] >= 1 and slot["holder"]:
                person = slot["holder"]["person_id"]
                slots[person, slot["account"]] += 1
                # The team's page is shared: there a person goes by the title.
                called[person] = people[person]["name"] if self.rep else slot["holder"]["title"] or "–"
        several = sorted((-n, account, person) for (person, account), n in slots.items() if n > 1)
        said = [f"{called[person]} {-n}" for n, _, person in several[:6]] or [
            "Nobody holds more than one required role."
        ]
        return [*said, self.listed(), *self.idle()]

    def listed(self) -> str:
        accounts = {
            k: a
            for k, a in self.naive.as_of("account", self.at).items()
            if a["status"] == "active" and self.rep in (None, a["owner_id"])
        }
        jobs = {k: e for k, e in self.naive.as_of("employment", self.at).items() if e["account_id"] in accounts}
        holding = {s["holder"]["id"] for s in self.naive.slots(self.at) if s["holder"]}
        gone = sum(e["end_kind"] is not None for e in jobs.values())
        tied = sum(e["end_kind"] is None and k not in holding for k, e in jobs.items())
        return f"In the contact list: {len(jobs):,} people, of whom {gone:,} are recorded as gone and {tied:,} are tied to no required role."

    def idle(self) -> list[str]:
        imports = {e["edit_id"] for e in self.naive.tables["event"] if e["kind"] in ("imported", "merged")}
        own = {s["account"] for s in self.now if s["rung"] is not None}
        at = [
            row["at"]
            for name in ("slot", "employment", "note", "tie", "commitment")
            for row in self.naive.tables[name]
            if name != "commitment" or row["outcome"] == "kept"
            if row["account_id"] in own and row["at"] <= self.at and row["edit_id"] not in imports
        ]
        events = self.naive.as_of("event", self.at).values()
        at += [e["at"] for e in events if e["kind"] == "tried" and e["account_id"] in own]
        if self.rep is None or not any(s["rung"] is not None and s["rung"] < 2 for s in self.now):
            return []
        if not at:
            return ["Nothing has been recorded yet. A first step: open one account and write one name."]
        weeks = (self.at - max(at)) // (7 * 86_400_000)
        return (
            []
            if weeks < 3
            else [f"Progress paused: nothing recorded for {weeks} weeks. A first step: one call from the list above."]
        )

    def roles(self) -> list[str]:
        rungs: dict[str, Counter[int]] = defaultdict(Counter)
        for slot in self.now:
            if slot["rung"] is not None:
                rungs[slot["role"]][slot["rung"]] += 1
        return sorted(
            " | ".join(
                [
                    self.title(role),
                    *(f"{tally[r]} shade {shade(tally[r], tally.total())}" for r in range(6)),
                    rate(sum(n for r, n in tally.items() if r >= 2), tally.total()),
                ]
            )
            for role, tally in rungs.items()
        )

    def title(self, role: str, account: str | None = None) -> str:
        """The words of the account's list; else the default list's, else those of most base lists, else of most offering lists."""
        bodies = {key: json.loads(row["body"]) for key, row in self.naive.as_of("template", self.at).items()}
        row = self.naive.as_of("account", self.at).get(account or "")
        required = self.naive.required(row, self.at) if row else {}
        words = {
            key: each["title"]["en"] for key in sorted(bodies) for each in bodies[key]["roles"] if each["key"] == role
        }
        if role in required:
            return words[required[role]["template"]]
        offering = [key for key in words if bodies[key].get("kind") == "offering"]
        default = [key for key in words if bodies[key].get("default") and key not in offering]
        for kind in (default, [key for key in words if key not in offering], offering):
            if kind:
                said = [words[key] for key in kind]
                return max(said, key=said.count)
        return role

    def reps(self) -> list[str]:
        lines = []
        for rep in sorted({s["rep"] or "" for s in self.now}):
            own = Page.__new__(Page)
            own.naive, own.rep, own.at = self.naive, rep, self.at
            now, was = ([s for s in slots if (s["rep"] or "") == rep] for slots in (self.now, self.was))
            own.now = now
            counts, before, focus = (
                self.naive.counts(x) for x in (now, was, [s for s in now if s["account_row"]["focus"]])
            )
            said = [self.staff_name(rep) if rep else "(no owner)", f"{counts['accounts']:,}"]
            said += [rate(x["known"], x["required"]) if x["accounts"] else "–" for x in (counts, before, focus)]
            lines.append(" | ".join([*said, "paused" if rep and own.idle() else ""]))
        return lines

    def groups(self) -> list[str]:
        lines = []
        lists = self.naive.as_of("template", self.at)
        titles = {key: json.loads(row["body"])["title"]["en"] for key, row in lists.items()}
        for by, keys in (
            ("level", lambda s: s["level"]),
            ("template", lambda s: s["template"]),
            ("segment", lambda s: s["account_row"]["segment"]),
        ):
            for key in sorted({keys(s) for s in self.now if keys(s) is not None}):
                c = self.naive.counts(s for s in self.now if keys(s) == key)
                shown = {"level": LEVELS, "template": titles}.get(by, {}).get(key, key)
                lines.append(
                    " | ".join(
                        [
                            shown,
                            f"{c['accounts']:,}",
                            *(rate(c[name], c["required"]) for name in ("named", "known", "favorable")),
                        ]
                    )
                )
        return lines


def shade(n: int, of: int) -> int:
    """From 0 for none to 5 for nearly all, in steps of a fifth of the row."""
    return next((step for step in range(6) if n * 5 < step * of), 5) if n else 0


def cost(windows: list[int]) -> int:
    return round(len(windows) * 7 / (sum(windows) / len(windows)))
