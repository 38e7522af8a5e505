"""What leaders decide about a rep's work is on the rep's mail, the weekly page and the page before the hour, in the same words."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from coverage_kit.domain.week import Week
from coverage_kit.i18n import texts
from coverage_kit.reporting.batch.files import write_whole
from coverage_kit.reporting.batch.manifest import Identity, Manifest, ReportEntry
from coverage_kit.reporting.deliver.decisions import decisions_by_rep
from coverage_kit.reporting.deliver.mail import letters, mail_reports, weekly
from coverage_kit.reporting.pages.rep import RepWeekly
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.rep import RepBook
from tests.coaching.conftest import TeamDay
from tests.coaching.test_leaders import pushed_aside, third_rep, writing_as
from tests.replies.asking import MAIL, read_mail, text_of

TITLES = {"en": "What leaders decided in the last weeks", "ko": "최근 팀장·임원이 정한 일"}


def help_pushed_aside(team: TeamDay) -> str:
    """A commitment without an account: to help a rep on."""
    work = team.ws.coaching.commitments
    made = work.add(work.draft_help("kim", "boss", action="Go along", scope="stall"), confirmed=True)
    work.settle(made.id, "not_kept", reason="pushed_aside")
    return made.id


def on_the_weekly_page(team: TeamDay, rep: str, lang: str = "en") -> list[str]:
    """The lines under the heading on a rep's page of this week."""
    ws, week = team.ws, Week.of(team.day)
    now = ws.now()
    page = RepWeekly(
        rep=rep, t=texts(lang), week=week, at=now, before_at=(week - 1).as_of(ws.zone),
        history=ws.history(rep=rep, until=now), settings=ws.config.coaching,
    )  # fmt: skip
    soup = BeautifulSoup(page.commitments.html, "html.parser")
    [*heading] = [each for each in soup.find_all("h2") if each.get_text() == TITLES[lang]]
    if not heading:
        return []
    rows = heading[0].find_next("table").find_all("tr")
    return [line for row in rows for line in [" | ".join(cell.get_text() for cell in row.find_all("td"))]]


def in_the_mail(team: TeamDay, folder: Path) -> dict[str, dict[str, str]]:
    """The text and HTML of each rep's mail."""
    t, reps = texts("en"), {"kim": "kim", "park": "park"}
    manifest = Manifest(folder)
    for rep in reps:
        digest = write_whole(folder / f"{rep}.html", "<p></p>")
        manifest.reports[rep] = ReportEntry(rep, "", {f"{rep}.html": digest}, {}, Identity("", "en", "", "", "", rep, rep))  # fmt: skip
    wanted = letters(team.ws.ledger.as_of(Staff), reps, None, {}, decisions_by_rep(team.ws, reps))
    assert not mail_reports(wanted, manifest, MAIL, weekly(Week.of(team.day), t), t).failed
    mails = {rep: read_mail(folder / "mail" / f"{rep}.eml") for rep in reps}
    return {rep: {kind: text_of(mail, kind) for kind in ("plain", "html")} for rep, mail in mails.items()}


@pytest.mark.parametrize("decision", ["hour", "drop", "take"])
@pytest.mark.parametrize("what", [pushed_aside, help_pushed_aside])
def test_mail_weekly_page_and_preparation_say_what_the_reps_page_says(
    team: TeamDay, tmp_path: Path, what, decision: str
) -> None:
    third_rep(team)
    one = what(team)
    with writing_as(team, "boss") as coaching:
        edit = coaching.leaders.decide(one, decision)
    screen, words = RepBook(team.ws, "kim"), texts("en")
    [shown] = screen.handle({"kind": "commitments", "seq": 1})["decided"]  # type: ignore[typeddict-item]
    said = {"hour": "{by} protected an hour for it on {day}.", "take": "{by} does it, since {day}.", "drop": "{by} dropped it on {day}."}  # fmt: skip
    task, line = shown["task"]["en"], said[decision].format(by=shown["by"], day=words.day(team.day))
    # A report quotes no notes: work in words of one's own stands there as in its other lists.
    assert on_the_weekly_page(team, "kim") == [f"{'help Kim on' if what is help_pushed_aside else task} | {line}"]
    mails = in_the_mail(team, tmp_path)
    for kind in ("plain", "html"):
        for words_of_it in (TITLES["en"], task, line):
            assert words_of_it in mails["kim"][kind]
    prepared = CoachBook(team.ws).handle({"kind": "prepare", "seq": 1, "rep": "kim"})
    assert prepared["decided"] == [shown]  # type: ignore[typeddict-item]

    # Nobody else reads it, and in Korean it is in Korean.
    assert on_the_weekly_page(team, "park") == []
    assert all(TITLES["en"] not in text and line not in text for text in mails["park"].values())
    assert CoachBook(team.ws).handle({"kind": "prepare", "seq": 2, "rep": "park"})["decided"] == []  # type: ignore[typeddict-item]
    [korean] = on_the_weekly_page(team, "kim", "ko")
    assert texts("ko").day(team.day) in korean
    assert line not in korean

    # It is shown for four weeks, or until it is undone; the page of the week keeps it.
    team.later(28)
    assert len(on_the_weekly_page(team, "kim")) == len(decisions_by_rep(team.ws, ["kim"])) == 1
    team.later(1)
    assert on_the_weekly_page(team, "kim") == []
    assert decisions_by_rep(team.ws, ["kim"]) == {}
    team.later(-29)
    team.clock.at += 1000
    team.ws.undo(edit.edit_id)
    assert on_the_weekly_page(team, "kim") == []
    assert decisions_by_rep(team.ws, ["kim"]) == {}
