"""What a weekly page says, read off its HTML part by part, and the comparison with the same page on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from itertools import product
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from coverage_kit import open_workspace
from coverage_kit.coaching import build_agenda
from coverage_kit.domain.identifiers import file_names
from coverage_kit.i18n import texts
from coverage_kit.measures import commitments, doors, reach
from tests.oracle.agenda import NaiveAgenda
from tests.oracle.coaching_page import STAGES, CoachingPage
from tests.oracle.history import Naive
from tests.oracle.page import ends_of_weeks

#: Every heading that a page may have, and the part it belongs to.
TITLES = {
    "Last week's commitments": "promises", "Commitments ahead": "promises",
    "What leaders decided in the last weeks": "promises", "What to do next": "next",
    "Claimed and measured": "claims", "How far people are": "reached", "Where paths stand still": "paths", "What came in between": "pushed_aside",
    "Voices that wait for an answer": "heard", "Value given": "valued", "The ladder": "ladder", "This week's movement": "flow",
    "The weeks so far": "trend", "How fresh is what we know": "fresh", "Accounts by open positions": "accounts",
    "People in several roles": "people", "Where we are blind: required role by rung": "roles",
    "First: commitments and requests of leaders": "leaders", "Doors only leaders can open": "doors",
    "Movement of the focus lists": "focus_flow", "Coached this week": "coached", "Territories": "reps",
    "By level, required-role list and segment": "groups", "Accounts to confirm": "found",
    "What our contacts are worth": "audited",
}  # fmt: skip

#: What a section says that has nothing to show.
EMPTY = {
    "No commitment fell due this week.", "Nothing is open. Next: put accounts on the focus list, or import accounts.",
    "No claim yet. The next session begins with one.", "No commitment was missed in these 8 weeks.",
    "Every voice has an answer.", "No value given is recorded in these 90 days.", "No stage is recorded yet.", "No path is set yet.", "They have no open commitments.",
    "No door waits for a leader.", "No rep here yet.", "None: every account has been confirmed.",
    "Nothing moved on this rung this week.",
}  # fmt: skip


def check_week(path: Path, week: str, reps: Iterable[str]) -> dict[str, dict[str, list[str]]]:
    """Compare the pages of a week, each rep's and the team's, with the same pages on paper; what they say, by rep."""
    with open_workspace(path) as ws:
        naive = Naive(ws.ledger.engine, ws.zone)
    sunday = date.fromisocalendar(int(week[:4]), int(week[6:]), 7)
    noted = json.loads((path / "reports" / week / "manifest.json").read_text(encoding="utf-8"))["reports"]
    said = {}
    for rep, name in {**file_names(reps), "team": "team"}.items():
        page = path / "reports" / week / f"{name}.html"
        said[rep] = read_page(page.read_text(encoding="utf-8"))
        paper = CoachingPage(naive, sunday, None if rep == "team" else rep)
        expected = paper.parts()
        assert said[rep].keys() == expected.keys(), rep
        for part, lines in expected.items():
            assert said[rep][part] == lines, (rep, part)
        net = paper.counts["known"] - paper.counts_before["known"]
        assert noted[name]["facts"] == paper.counts | {"known_before": paper.counts_before["known"], "net": net}, rep
    return said


def check_hours(path: Path, reps: Iterable[str], sunday: date) -> set[str]:
    """Compare hours of any length at the end of four weeks with those on paper; the reasons that occurred."""
    with open_workspace(path) as ws:
        naive, history, settings = Naive(ws.ledger.engine, ws.zone), ws.history(), ws.config.coaching
    seen = set()
    for (_, at), rep, minutes in product(ends_of_weeks(naive, sunday, 4), reps, (15, 60, 600, 6000)):
        made = build_agenda(history, at, rep, minutes=minutes, settings=settings, t=texts("en"))
        expected = NaiveAgenda(naive, at, rep, minutes=minutes).entries()
        seen |= {entry["reason"] for entry in expected}
        assert [(e.account, e.reason, e.minutes, e.holder) for e in made] == [
            (e["account"] or "", e["reason"], e["minutes"], e["holder"]) for e in expected
        ], (rep, minutes)
        assert [[(s.role, s.reason, s.holder) for s in e.slots] for e in made] == [
            [(s["role"], s["reason"], s["holder"]) for s in e["slots"]] for e in expected
        ], (rep, minutes)
    return seen


def check_beyond(path: Path, week: str, reps: Iterable[str]) -> set[bool]:
    """Compare reach and doors beyond the lines that a page has room for; whether help was asked for at the doors."""
    with open_workspace(path) as ws:
        naive, history = Naive(ws.ledger.engine, ws.zone), ws.history()
    sunday = date.fromisocalendar(int(week[:4]), int(week[6:]), 7)
    for rep in (None, *reps):
        page = CoachingPage(naive, sunday, rep)
        table = reach(history, page.at, rep=rep)[["offering", "role", *STAGES]]
        assert table.to_numpy().tolist() == [[*key, *counts] for key, counts in page.stages()], rep
    team = CoachingPage(naive, sunday, None)
    found = doors(commitments(history, team.at), history.slots(team.at), limit=1000)
    rows = found[["account", "role", "carried", "asked"]].itertuples(index=False, name=None)
    assert list(rows) == team.closed_doors()
    return {asked for *_, asked in team.closed_doors()}


def read_page(html: str) -> dict[str, list[str]]:
    """What a page says, part by part; a section that is not known here is an error."""
    soup = BeautifulSoup(html, "html.parser")
    unknown = {said_by(title) for title in soup.select("h2")} - TITLES.keys()
    assert not unknown, unknown
    said = {}
    for section in soup.select("section"):
        if section.h1:
            part, read = "header", lambda s: [said_by(e) for e in s.select("h1, p")]
        elif section.h2:
            part = TITLES[said_by(section.h2)]
            read = READ[part]
        else:
            part, read = "headline", lambda s: [said_by(e) for e in s.select(".tiles b, .tiles .of, p")]
        assert part not in said, part
        said[part] = read(section)
    return said


def said_by(element: Tag) -> str:
    return re.sub(r"\s+", " ", element.get_text(" ")).strip()


def read_chart(section: Tag) -> list[str]:
    return [section.img["alt"], *(said_by(p) for p in section.select("p.small"))]


def read_rows(section: Tag) -> list[str]:
    return [" | ".join(said_by(cell) for cell in row.select("td")) for row in section.select("tbody tr")]


def read_table(section: Tag) -> list[str]:
    return [*read_rows(section), *(said_by(p) for p in section.select("p.small, p.empty"))]


def read_promises(section: Tag) -> list[str]:
    """With the lead, which says how many were kept."""
    return [said_by(p) for p in section.select("p")] + read_rows(section)


def read_people(section: Tag) -> list[str]:
    rows = [
        f"{said_by(row.bdi).rpartition(' (')[0] or said_by(row.bdi)} {said_by(row.select('td')[1]).count(', ') + 1}"
        for row in section.select("tbody tr")
    ]
    return [*rows, *(said_by(p) for p in section.select("p.small"))]


def read_fresh(section: Tag) -> list[str]:
    """With the width of each part of the bar."""
    widths = [float(re.search(r"[\d.]+", part["style"])[0]) for part in section.select(".bar span")]
    states = [f"{said_by(e)} {width:.2f}%" for e, width in zip(section.select("li"), widths, strict=True)]
    return [*states, *(said_by(p) for p in section.select("p.small"))]


def read_heat(section: Tag) -> list[str]:
    """With the shade of each cell."""
    for cell in section.select("td.n"):
        if shade := re.search(r"\b[uh](\d)\b", " ".join(cell["class"])):
            cell.append(f" shade {shade[1]}")
    return sorted(read_rows(section))


READ = {
    **dict.fromkeys(("ladder", "flow", "trend", "focus_flow", "audited"), read_chart),
    **dict.fromkeys(("accounts", "reps", "groups", "leaders", "doors", "coached"), read_table),
    **dict.fromkeys(("claims", "reached", "paths", "pushed_aside", "heard", "valued"), read_table),
    **dict.fromkeys(("promises", "found"), read_promises),
    "next": lambda s: [said_by(e) for e in s.select("li, p.empty")],
    "fresh": read_fresh,
    "people": read_people,
    "roles": read_heat,
}
