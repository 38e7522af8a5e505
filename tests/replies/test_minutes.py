"""Minutes: one page for each rep of a closed session; a colleague who was asked gets their item alone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner

from coverage_kit.assets.paths import folder
from coverage_kit.cli import cli
from coverage_kit.errors import NotFound
from coverage_kit.reporting import minutes
from coverage_kit.reporting.minutes import made_minutes, make_minutes
from tests.coaching.conftest import TeamDay
from tests.replies.asking import read_mail, text_of


def coach(team: TeamDay, *reps: str, kind: str = "one", close: bool = True, minutes: bool = False) -> str:
    """A session in which the rep takes on one thing and the manager is asked another."""
    session = team.ws.coaching.sessions.start(reps, kind=kind, coach="lee")
    accounts = {"kim": "A", "park": "C"}
    for rep in reps:
        if kind == "one":
            session.claim(share=0.37)
            session.claim(n=3, account=accounts[rep])
            session.open_account(accounts[rep])
        session.add(session.draft(accounts[rep], "ceo", rep))
        session.add(replace(session.draft(accounts[rep], "cfo", rep), owner="boss"))
        session.agree(rep)
    if close:
        session.close(minutes=minutes)
    return session.id


def sections(page: Path) -> dict[str, str]:
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = {part.h2.get_text(): part.get_text(" ", strip=True) for part in soup.find_all("section") if part.h2}
    return {"head": soup.h1.get_text() if soup.h1 else "", **found}


def test_the_page_says_what_was_agreed_and_asked_and_which_accounts_were_gone_through(team: TeamDay) -> None:
    earlier = team.ws.coaching.commitments.add(team.ws.coaching.commitments.draft_from_gap("A", "cio"))
    team.later(1)
    session = coach(team, "kim")
    (page,) = make_minutes(team.ws, session).made
    said = sections(Path(page))
    assert said["head"] == "Kim: coaching minutes"
    assert "find out who is CEO" in said["Agreed"]
    assert "Boss" not in said["Agreed"]
    assert "Boss" in said["Asked of colleagues"]
    assert earlier.task in said["Earlier commitments"]
    assert "Company A" in said["Accounts gone through"]
    assert made_minutes(team.ws, session) == [Path(page)]
    assert Path(page).stat().st_mode & 0o077 == 0


def test_a_session_that_is_closed_in_python_makes_its_minutes(team: TeamDay) -> None:
    session = coach(team, "kim", minutes=True)
    (page,) = made_minutes(team.ws, session)
    assert sections(page)["head"] == "Kim: coaching minutes"


def test_a_group_gets_a_page_each_that_names_nobody_elses_work(team: TeamDay) -> None:
    session = coach(team, "kim", "park", kind="group")
    pages = {Path(page).name.split("-")[0]: Path(page) for page in make_minutes(team.ws, session).made}
    assert pages.keys() == {"kim", "park"}
    for own, other, account in (("kim", "Park", "Company C"), ("park", "Kim", "Company A")):
        text = pages[own].read_text(encoding="utf-8")
        assert other not in text
        assert account not in text


def test_minutes_stay_as_they_were_whatever_becomes_of_the_work(team: TeamDay) -> None:
    session = coach(team, "kim")
    (page,) = make_minutes(team.ws, session).made
    before = Path(page).read_bytes()
    for one in team.ws.coaching.commitments.find():
        team.ws.coaching.commitments.settle(one.id, "kept")
    assert make_minutes(team.ws, session).made == [page]
    assert Path(page).read_bytes() == before


def test_only_a_closed_session_has_minutes_the_last_one_unless_it_is_named(team: TeamDay) -> None:
    open_session = coach(team, "park", close=False)
    with pytest.raises(NotFound, match="no closed session"):
        make_minutes(team.ws, open_session)
    with pytest.raises(NotFound, match="no closed session"):
        make_minutes(team.ws)
    closed = coach(team, "kim")
    assert make_minutes(team.ws).session == closed


def test_the_rep_gets_the_page_and_a_colleague_their_item_alone_once(team: TeamDay) -> None:
    session = coach(team, "kim")
    result = make_minutes(team.ws, session, mail=True)
    assert (result.mailed, result.failed) == (["kim", "boss"], [])
    assert make_minutes(team.ws, session, mail=True).mailed == []
    mails = {path.name.split("-")[0]: read_mail(path) for path in Path(result.made[0]).parent.glob("mail/*.eml")}
    assert mails.keys() == {"kim", "boss+items"}
    (page,) = mails["kim"].iter_attachments()
    assert "Kim: coaching minutes" in page.get_content()
    assert list(mails["boss+items"].iter_attachments()) == []
    for kind in ("plain", "html"):
        assert "CFO" in text_of(mails["boss+items"], kind)
        assert "CEO" not in text_of(mails["boss+items"], kind)
        assert "CEO" in text_of(mails["kim"], kind)
        assert "Kim" not in text_of(mails["boss+items"], kind)


def test_two_sessions_of_a_week_ask_the_manager_twice(team: TeamDay) -> None:
    for rep in ("kim", "park"):
        assert make_minutes(team.ws, coach(team, rep), mail=True).mailed == [rep, "boss"]


def test_what_fails_is_named_and_the_session_stays_closed(team: TeamDay, monkeypatch: pytest.MonkeyPatch) -> None:
    session = coach(team, "kim")
    broken = (folder("templates") / "reports/minutes.ipynb").read_bytes().replace(b"minutes.agreed", b"1 / 0")
    real = minutes.run_context
    monkeypatch.setattr(
        minutes,
        "run_context",
        lambda ws, folder, templates: replace(real(ws, folder, templates), bodies=(("minutes", broken),)),
    )
    result = make_minutes(team.ws, session)
    assert (result.made, [failure["rep"] for failure in result.failed]) == ([], ["kim"])
    assert team.ws.coaching.sessions.resume(session).closed
    assert made_minutes(team.ws, session) == []


def test_the_command_names_its_pages(team: TeamDay) -> None:
    session = coach(team, "kim")
    team.ws.close()
    run = CliRunner().invoke(cli, ["-w", str(team.ws.path), "minutes", session, "--mail", "--json"])
    said = json.loads(run.stdout)
    assert (run.exit_code, said["session"], said["mailed"], said["failed"]) == (0, session, ["kim", "boss"], [])
    assert Path(said["made"][0]).is_file()
