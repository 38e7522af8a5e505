"""Twelve weeks of a simulated team through the public face alone; the last report once more by a separate naive script."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from coverage_kit import NotFound, Week, Workspace, init_workspace, open_workspace
from coverage_kit.domain.week import start_of_day
from coverage_kit.measures import movement, waterfall
from coverage_kit.store import Change, clear_store
from tests.coaching import by_hand
from tests.coaching.by_hand import Naive, counts, rate, week_end
from tests.coaching.conftest import SEOUL

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

FIRST, N_WEEKS, LEAVING = Week(2026, 36), 12, 0.025 * 12 / 52
REPS = ("box", "honest", "sure", "stalled")
CLAIMS = {"box": 0.8, "honest": 0.15, "sure": 0.9, "stalled": 0.5}
ACCOUNTS = {rep: [f"{rep[:2].upper()}{n}" for n in range(6)] for rep in REPS}


class World:
    """Who really sits where; at 2 to 3 % a month somebody leaves, and nobody tells us."""

    def __init__(self, chance: random.Random, roles: list[str]) -> None:
        self.chance = chance
        self.seats = {(a, r): f"{a} {r} 1" for own in ACCOUNTS.values() for a in own for r in roles}

    def a_week_passes(self) -> None:
        for seat, name in self.seats.items():
            if self.chance.random() < LEAVING:
                self.seats[seat] = f"{seat[0]} {seat[1]} {int(name[-1]) + 1}"


class Simulation:
    def __init__(self, path: Path) -> None:
        self.clock_at, self.chance = 0, random.Random(36)
        self.go(FIRST.monday - timedelta(days=3))
        with init_workspace(path, lang="en", actor="coach") as made:
            templates = [t for t in made.read_roles() if t.key == "general"]
            made.ledger.clock = self.clock
            clear_store(made.ledger)
            made.apply_roles(templates)
        self.ws: Workspace = open_workspace(path, actor="coach", clock=self.clock)
        self.roles = [role.key for role in templates[0].roles]
        self.world = World(self.chance, self.roles)
        self.carried: Counter = Counter()
        staff = [("coach", "coach", None), ("boss", "manager", "chief"), ("chief", "executive", None)]
        staff += [(rep, "rep", "boss") for rep in REPS]
        self.ws.ledger.save(
            Change("staff", key, {"name": key.title(), "function": kind, "manager_id": above})
            for key, kind, above in staff
        )
        own = {"status": "active", "template_ids": '["general"]'}
        self.ws.ledger.save(
            Change(
                "account",
                a,
                {
                    "name": f"Co {a}",
                    "name_key": f"co{a.lower()}",
                    "owner_id": rep,
                    "value": float(10 * n + 1),
                    "focus": int(n < 4),
                    **own,
                },
            )
            for rep, accounts in ACCOUNTS.items()
            for n, a in enumerate(accounts)
        )

    def clock(self) -> int:
        return self.clock_at

    def go(self, day: date, hour: int = 9) -> None:
        self.clock_at = start_of_day(day, SEOUL) + hour * 3_600_000

    # A week ----------------------------------------------------------------------------------------------------------

    def week(self, n: int) -> None:
        week = FIRST + n
        self.world.a_week_passes()
        for i, rep in enumerate(REPS):
            self.go(week.monday, 9 + i)
            if not (rep == "stalled" and n >= 8):
                self.hour(rep, n)
        for day in range(1, 5):
            self.go(week.monday + timedelta(days=day))
            for rep in REPS:
                self.work(rep, n)
        self.go(week.monday + timedelta(days=4), 16)
        self.leaders()
        if n == 6:
            self.ws.assign(ACCOUNTS["stalled"][-2:], "honest")
        if n == 10:
            self.sweep("honest")
        if n == 9:
            self.ws.edit_slot("HO4", "plant_head", status="vacant", verified_on=self.today(), verified_how="call")
            self.ws.edit_slot("HO4", "rnd_head", status="not_applicable", reason="no laboratory", agreed_by="boss")

    def sweep(self, rep: str) -> None:
        """One afternoon on the phone: is everybody still there?"""
        for account in ACCOUNTS[rep]:
            for person, name in (
                self.ws.people(account).loc[lambda f: f["end_kind"].isna(), ["person", "name"]].to_numpy()
            ):
                if name not in self.world.seats.values():
                    self.ws.end_employment(person, account, kind="retired")

    def today(self) -> date:
        return self.ws.coaching._desk.today()

    def hour(self, rep: str, n: int) -> None:
        session = self.ws.coaching.sessions.start(rep, coach="coach")
        if session.step == "claims":
            session.claim(share=CLAIMS[rep])
            session.next()
        for promise in session.promises():
            if promise.owner == rep and promise.outcome is None and promise.due_on <= self.today():
                done = promise.moved or (rep == "box")
                reason = (
                    None if done else self.chance.choice(("pushed_aside", "pushed_aside", "need_help", "not_there"))
                )
                session.settle(promise.id, "kept" if done else "not_kept", reason=reason)
        session.next()
        for account in session.accounts()[:2]:
            session.claim(n=self.chance.randint(2, 10), account=account)
            opened = session.open_account(account)
            if opened.gaps:
                gap = self.chance.choice(opened.gaps)
                session.add(session.draft(account, gap.role))
        session.agree()
        session.close()

    def work(self, rep: str, n: int) -> None:
        if rep == "stalled" and n >= 4:
            return
        self.ws.ledger.actor = rep
        for account, role in self.todo(rep, 3 if rep in ("honest", "box") else 1):
            getattr(self, rep if rep in ("box", "sure") else "honest")(rep, account, role)
        self.ws.ledger.actor = "coach"

    def todo(self, rep: str, n: int) -> list[tuple[str, str]]:
        own = [row["id"] for row in self.ws.ledger.as_of("account") if row["owner_id"] == rep]
        return [(self.chance.choice(own), self.chance.choice(self.roles)) for _ in range(n)]

    def honest(self, rep: str, account: str, role: str) -> None:
        ws, people, truth = self.ws, self.ws.coaching.people, self.world.seats[account, role]
        try:
            gap = ws.coaching.commitments.gap(account, role)
        except NotFound:  # not applicable there
            return
        if gap.vacant:
            return
        if gap.kind == "identify":
            ws.edit_slot(account, role, holder=truth, verified_on=self.today(), verified_how="call")
        elif gap.holder != truth:
            ws.end_employment(gap.person, account, kind="left")
        elif gap.kind == "verify":
            people.confirm(truth, account, how="call")
        elif gap.kind == "open_path":
            ws.edit_slot(account, role, representative=rep, can_meet=True, can_deliver=True)
        elif gap.kind == "assess":
            ws.edit_slot(account, role, disposition=self.chance.choice(("favorable", "neutral", "negative")))
            people.set_stage(truth, account, "Line", self.chance.choice(("attention", "interest", "desire")))
        else:
            people.set_need(truth, account, "what this person needs")
        if gap.holder == truth and gap.kind != "identify" and self.chance.random() < 0.6:
            people.hear(truth, account, self.chance.choice(by_hand.VOICES), "what was said")
            waiting = people.voices(rep=rep)
            if len(waiting) > 3:
                people.answer(waiting[0].id)

    def sure(self, rep: str, account: str, role: str) -> None:
        """Writes names from memory, and everybody is favorable."""
        memory = f"{account} {role} 1"
        self.ws.edit_slot(account, role, holder=memory, disposition="favorable", representative=rep, can_meet=True, can_deliver=True)  # fmt: skip

    def box(self, rep: str, account: str, role: str) -> None:
        """Ticks whatever is asked for without a call."""
        memory = f"{account} {role} 1"
        self.ws.edit_slot(account, role, holder=memory, verified_on=self.today(), verified_how="third_party")

    def leaders(self) -> None:
        book = self.ws.coaching.commitments
        for n, asked in enumerate(book.find(owner="boss")):
            if asked.needs_answer and n % 3 == 0:
                book.accept(asked.id, self.today() + timedelta(days=10))
            elif asked.needs_answer and n % 3 == 1:
                book.decline(asked.id, "not this quarter")
        book.climb()

    # What holds every week -------------------------------------------------------------------------------------------

    def check(self, n: int) -> None:
        ends = [(FIRST + n - 1).as_of(SEOUL), (FIRST + n).as_of(SEOUL)]
        self.clock_at = max(self.clock_at, ends[1])
        history = self.ws.history(until=ends[1])
        before, after = (history.slots(at) for at in ends)
        moves = movement(history, *ends)
        for rep in (None, *REPS):
            own = moves if rep is None else moves.loc[moves["rep"] == rep]
            for rung in range(6):
                known = [int((f["counted"] & (f["rung"] >= rung) & (True if rep is None else f["rep"] == rep)).sum()) for f in (before, after)]  # fmt: skip
                assert known[0] + waterfall(own, rung)["net"].sum() == known[1], (n, rep, rung)
        for one in self.ws.coaching.commitments.find(state=None):
            assert one.carried >= self.carried[one.chain]
            self.carried[one.chain] = one.carried
        for rep in REPS:
            assert sum(entry.minutes for entry in self.ws.coaching.agenda(rep)) <= 60


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Simulation]]:
    path = tmp_path_factory.mktemp("twelve") / "ws"
    simulation = Simulation(path)
    for n in range(N_WEEKS):
        simulation.week(n)
        simulation.check(n)
    result = simulation.ws.report(week=FIRST + N_WEEKS - 1)
    assert result.failed == []
    yield path, simulation
    simulation.ws.close()


LAST = FIRST + (N_WEEKS - 1)
START, END = (week_end(w.year, w.number) for w in (LAST - 1, LAST))


@pytest.fixture(scope="module")
def raw(told) -> Naive:
    return Naive(told[0] / "store.db")


def page(told, name: str) -> BeautifulSoup:
    return BeautifulSoup((told[0] / "reports" / str(LAST) / f"{name}.html").read_text(encoding="utf-8"), "html.parser")


def table(soup: BeautifulSoup, title: str) -> list[list[str]]:
    section = next(h for h in soup.find_all("h2") if h.text == title).parent
    return [[cell.text.strip() for cell in row.find_all("td")] for row in section.find_all("tr") if row.find("td")]


def own(slots: list[dict], rep: str | None) -> list[dict]:
    return slots if rep is None else [slot for slot in slots if slot["owner"] == rep]


@pytest.mark.parametrize("rep", [None, *REPS])
def test_the_counts_are_those_of_the_naive_script(told, raw: Naive, rep: str | None) -> None:
    facts = json.loads((told[0] / "reports" / str(LAST) / "manifest.json").read_text())["reports"][rep or "team"][
        "facts"
    ]
    now, before = (counts(own(raw.slots(at), rep)) for at in (END, START))
    assert {name: facts[name] for name in now} == now
    assert (facts["known_before"], facts["net"]) == (before["known"], now["known"] - before["known"])
    soup = page(told, rep or "team")
    tiles = [tile.text.strip() for tile in soup.select(".tile .of")]
    focus = [counts([s for s in own(raw.slots(at), rep) if s["focus"]]) for at in (END, START)]
    for tile, (this, last) in zip(tiles, [(now, before), focus], strict=False):
        assert (
            tile
            == f"{this['known']:,} of {this['required']:,} seats · last week {rate(last['known'], last['required'])}"
        )
    pictures = [picture["alt"] for picture in soup.find_all("img")]
    ladder = "; ".join(f"{name.title()} {rate(now[name], now['required'])}" for name in by_hand.RUNGS)
    assert ladder in pictures
    weeks = [LAST - n for n in range(N_WEEKS, -1, -1)]
    trend = [(str(w)[5:], counts(own(raw.slots(week_end(w.year, w.number)), rep))) for w in weeks]
    shown = "; ".join(f"{w} {rate(c['known'], c['required']).split(' ')[0]}" for w, c in trend if c["required"])
    assert any(alt.endswith(shown) for alt in pictures)


@pytest.mark.parametrize("rep", REPS)
def test_the_roles_by_rung_and_the_freshness_are_those_of_the_naive_script(told, raw: Naive, rep: str) -> None:
    soup, slots = page(told, rep), [s for s in own(raw.slots(END), rep) if s["rung"] is not None]
    exact = sorted(
        [
            *(str(sum(s["role"] == role and s["rung"] == n for s in slots)) for n in range(6)),
            rate(sum(s["role"] == role and s["rung"] >= 2 for s in slots), sum(s["role"] == role for s in slots)),
        ]
        for role in {s["role"] for s in slots}
    )
    assert sorted(row[1:] for row in table(soup, "Where we are blind: required role by rung")) == exact
    state: Counter = Counter()
    for s in slots:
        left = None if s["verified_on"] is None else s["window"] - (LAST.sunday - s["verified_on"]).days
        held = s["employment"] and not s["gone"]
        state["vacant" if s["vacant"] else "unknown" if not held else "never checked" if left is None else "check again" if left < 0 else "due within 30 days" if left <= 30 else "fresh"] += 1  # fmt: skip
    keys = [re.fullmatch(r"(.*) ([\d,]+)", item.text.strip()).groups() for item in soup.select(".key li")]
    assert {name: int(n) for name, n in keys} == {name: state[name] for name, _ in keys}


@pytest.mark.parametrize("rep", REPS)
def test_promises_claims_reasons_voices_and_reach_are_those_of_the_naive_script(told, raw: Naive, rep: str) -> None:
    soup = page(told, rep)
    promised = by_hand.promises_of_week(raw, START, END, LAST.sunday.isoformat(), rep)
    shown = [row[1] for row in table(soup, "Last week's promises")]
    assert shown[: len(promised)] == [said for _, said in promised]
    if promised:
        kept = sum(row["outcome"] == "kept" for row, _ in promised)
        assert f"Kept {rate(kept, len(promised))}" in soup.text
    said = [
        [f"{100 * share:.0f}%", rate(known, required)] for _, share, known, required in by_hand.claims(raw, END, rep)
    ]
    assert [row[2:] for row in table(soup, "Claimed and measured")] == said[::-1][:8]
    same_for_both(soup, raw, rep)


def test_the_teams_page_is_that_of_the_naive_script(told, raw: Naive) -> None:
    soup = page(told, "team")
    same_for_both(soup, raw, None)
    coached = {row["rep_id"] for row in raw.rows["session"] if START < row["at"] <= END}
    assert [(row[0], row[1]) for row in table(soup, "Coached this week")] == [(rep.title(), "yes" if rep in coached else "not this week") for rep in sorted(REPS)]  # fmt: skip
    points = [f"{100 * value:+.0f}".replace("-", "−") for value in by_hand.spread(raw, END, list(REPS))]
    assert f"least {points[0]}, median {points[1]}, greatest {points[2]}." in soup.text
    leaders = [row for row in by_hand.commitments_of(raw, END, None) if row["owner_id"] in ("boss", "chief") and not row["outcome"]]  # fmt: skip
    assert len(table(soup, "First: what leaders have promised or were asked for")) == min(len(leaders), 10)
    late = sum(row["due_on"] < LAST.sunday.isoformat() for row in leaders)
    assert sum("days past" in row[1] for row in table(soup, "First: what leaders have promised or were asked for")) == min(late, 10)  # fmt: skip


def same_for_both(soup: BeautifulSoup, raw: Naive, rep: str | None) -> None:
    week, span = (by_hand.reasons(raw, start, END, rep) for start in (START, week_end(*(lambda w: (w.year, w.number))(LAST - 8))))  # fmt: skip
    found = sorted([int(row[1]), int(row[2])] for row in table(soup, "What came in between") if len(row) == 3)
    assert found == sorted([week[r], span[r]] for r in by_hand.REASONS if span[r])
    listed = by_hand.commitments_of(raw, END, rep)
    others = sum(row["owner_id"] not in REPS for row in listed)
    assert f"Carried by others than the reps: {rate(others, len(listed))} of all commitments." in soup.text
    voices = by_hand.voices(raw, END, rep)
    assert [list(map(int, row[1:])) for row in table(soup, "Voices that wait for an answer")] == [voices[k] for k in by_hand.VOICES if k in voices]  # fmt: skip
    stages = sorted(by_hand.reach(raw, END, rep).values())
    assert sorted(list(map(int, row[1:])) for row in table(soup, "How far people are")) == stages or len(stages) > 8


def test_the_box_ticker_looks_well_and_the_ledger_shows_how(told) -> None:
    """Verified without a call: seen by the coach as third-party words, by nobody as a rank."""
    slots = told[1].ws.slots(rep="box")
    assert set(slots["verified_how"].dropna()) == {"third_party"}
    assert counts_of(slots) > counts_of(told[1].ws.slots(rep="sure")) == 0


def counts_of(slots) -> int:
    return int((slots["rung"] >= 2).sum())


def test_there_was_something_to_compare(raw: Naive) -> None:
    promised = [by_hand.promises_of_week(raw, START, END, LAST.sunday.isoformat(), rep) for rep in REPS]
    assert sum(map(len, promised)) >= 5
    assert sum(by_hand.reasons(raw, week_end(LAST.year, LAST.number - 8), END, None).values()) >= 10
    assert sum(map(sum, by_hand.voices(raw, END, None).values())) >= 2
    assert sum(map(sum, by_hand.reach(raw, END, None).values())) >= 2
    assert all(len(by_hand.claims(raw, END, rep)) > 8 for rep in REPS)
    assert max(raw.carried(END).values()) >= 2
    assert {row["scope"] is not None for row in raw.rows["commitment"]} == {True, False}
    total = counts(raw.slots(END))
    assert total["required"] > total["named"] > total["known"] > total["represented"] > total["favorable"] > 0
    assert total["vacant"] == total["not_applicable"] == 1
