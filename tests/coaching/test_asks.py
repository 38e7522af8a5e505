"""Requests to leaders: drafts stand ready on the coach's page, one key sends, and the rep's page shows how each went."""

from __future__ import annotations

from typing import Any

import pytest

from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.rep import RepBook
from tests.coaching.conftest import TeamDay


def ask(book: CoachBook | RepBook, kind: str, **body: Any) -> dict[str, Any]:
    response: Any = book.handle({"kind": kind, "seq": 1, **body})
    return dict(response)


@pytest.fixture
def coach(team: TeamDay) -> CoachBook:
    """The coach, with a door that only a manager can open and a rep whose work has stopped."""
    for role in ("cfo", "ceo"):
        team.ws.edit_slot("A", role, holder=f"Ann {role}", verified_on=team.day, verified_how="call")
    return CoachBook(team.ws)


def test_drafts_stand_ready_with_whom_to_ask_about_what(coach: CoachBook) -> None:
    asks = ask(coach, "asks")["asks"]
    doors = [each for each in asks if each["account_name"]]
    assert {(each["to"], each["rep"], each["key"]) for each in doors} == {("Boss", "Kim", "A:ceo"), ("Boss", "Kim", "A:cfo")}  # fmt: skip
    assert all(each["task"]["ko"] != each["task"]["en"] and each["role_title"] for each in doors)
    assert "stall:park" in {each["key"] for each in asks}
    # After a session, those of its rep.
    assert {each["rep"] for each in ask(coach, "asks", reps=["park"])["asks"]} == {"Park"}


def test_one_press_sends_a_draft_once_and_undo_brings_it_back(coach: CoachBook, team: TeamDay) -> None:
    sent = ask(coach, "send_ask", draft="A:cfo", edit_id="ed_1")
    assert "A:cfo" not in {each["key"] for each in sent["asks"]}
    ask(coach, "send_ask", draft="A:cfo", edit_id="ed_1")
    made = team.ws.coaching.commitments.find(owner="boss")
    assert [(one.account, one.role, one.needs_answer, one.visible) for one in made] == [("A", "cfo", True, True)]
    assert ask(coach, "send_ask", draft="A:cfo", edit_id="ed_2")["code"] == "ask.gone"
    back = ask(coach, "undo_ask", undoes="ed_1", edit_id="ed_3")
    assert "A:cfo" in {each["key"] for each in back["asks"]}
    assert team.ws.coaching.commitments.find(owner="boss") == []


def test_the_reps_page_shows_asked_accepted_handed_on_climbed_and_declined(coach: CoachBook, team: TeamDay) -> None:
    for role in ("cfo", "ceo"):
        ask(coach, "send_ask", draft=f"A:{role}", edit_id=f"ed_{role}")
    work = team.ws.coaching.commitments
    cfo, ceo = sorted(work.find(owner="boss"), key=lambda one: one.role != "cfo")
    rep = RepBook(team.ws, "kim")

    def steps(part: str = "commitments") -> dict[str, list[tuple[str, str]]]:
        shown = ask(rep, "commitments")[part]
        return {each["id"]: [(step["kind"], step["owner"]) for step in each["steps"]] for each in shown}

    assert steps()[cfo.id] == [("asked", "Boss")]
    work.hand_on(cfo.id, "chief")
    work.accept(cfo.id)
    assert steps()[cfo.id] == [("asked", "Boss"), ("handed_on", "Chief"), ("accepted", "Chief")]
    team.on(ceo.due_on)
    team.later(1)
    # Nobody asks for it: it climbs when the rep opens the page.
    ask(rep, "hello")
    assert steps()[ceo.id] == [("asked", "Boss"), ("climbed", "Chief")]
    work.decline(ceo.id, "The account is being sold")
    assert ceo.id not in steps()
    assert steps("declined")[ceo.id][-1] == ("declined", "Chief")
    assert ask(rep, "commitments")["declined"][0]["note"] == "The account is being sold"


def test_a_must_win_account_comes_first_and_shows_its_mark_to_the_rep(team: TeamDay) -> None:
    before = team.ws.coaching.agenda("kim", 60)
    last = next(each for each in reversed(before) if each.account != before[0].account)
    team.ws.ledger.actor = "boss"
    team.ws.coaching.must_win.star(last.account)
    first = team.ws.coaching.agenda("kim", 60)[0]
    assert (first.account, first.must_win) == (last.account, True)
    assert first.why.startswith("Must-win account this quarter. ")
    assert first.as_json()["must_win"] is True
    lines = ask(RepBook(team.ws, "kim"), "hello")["lines"]
    assert {line["id"] for line in lines if line["must_win"]} == {last.account}
