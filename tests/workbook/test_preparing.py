"""The page on which the coach prepares: what it shows, the private note, the planned hour, undo; the hour's two checks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workspace import Workspace

from .conftest import DAY, Clock


@pytest.fixture
def coach(ws: Workspace) -> CoachBook:
    ws.ledger.actor = "lee"
    return CoachBook(ws)


def ask(coach: CoachBook, kind: str, **body: Any) -> dict[str, Any]:
    response = coach.handle({"kind": kind, "rep": "ann", **body})
    json.dumps(response, allow_nan=False)
    return dict(response)


def test_a_note_and_a_plan_are_saved_shown_and_undone(coach: CoachBook) -> None:
    assert ask(coach, "prepare")["version"] == 0
    noted = ask(coach, "private_note", text="Ask about the fair", version=0, edit_id="ed_1")
    assert (noted["note"], noted["version"], noted["edit_id"]) == ("Ask about the fair", 1, "ed_1")
    day = noted["today"]
    planned = ask(coach, "plan_hour", planned_for=f"{day}T16:00", version=1, edit_id="ed_2")
    assert planned["planned_for"] == f"{day}T16:00"
    assert "BEGIN:VEVENT" in planned["file"]["text"]
    assert "fair" not in planned["file"]["text"]
    undone = ask(coach, "undo_preparing", undoes="ed_2", edit_id="ed_3")
    assert (undone["planned_for"], undone["note"], undone["file"]) == (None, "Ask about the fair", None)


def test_a_note_over_one_that_the_page_has_not_seen_is_refused(coach: CoachBook) -> None:
    ask(coach, "private_note", text="First", version=0, edit_id="ed_1")
    assert ask(coach, "private_note", text="Second", version=0, edit_id="ed_2")["kind"] == "refused"
    assert ask(coach, "private_note", text="First", version=0, edit_id="ed_1")["note"] == "First"


def test_nobody_elses_page_gets_the_note(coach: CoachBook, ws: Workspace) -> None:
    ask(coach, "private_note", text="CANARY-NOTE", version=0, edit_id="ed_1")
    ws.ledger.actor = "ann"
    assert "CANARY-NOTE" not in json.dumps(ask(CoachBook(ws), "prepare"))
    desk = CoachBook(ws).handle({"kind": "desk"})
    assert "CANARY-NOTE" not in json.dumps(desk)


def test_the_hour_asks_about_two_of_last_weeks_checks(coach: CoachBook, ws: Workspace, clock: Clock) -> None:
    for role, name in (("ceo", "Ann Lee"), ("cfo", "Bo Kim"), ("cio", "Cho Park")):
        ws.edit_slot("A", role, holder=name, verified_on=ws.today(), verified_how="call")
    clock.at += 7 * DAY
    shown = ask(coach, "prepare")["checks"]
    assert len(shown) == 2
    started = coach.handle({"kind": "start", "reps": ["ann"], "session_kind": "one"})
    coach.handle({"kind": "act", "act": "claim", "value": 60})
    step = coach.handle({"kind": "act", "act": "next"})["session"]
    assert (started["session"]["step"], step["step"]) == ("claims", "promises")
    assert step["checks"] == shown
    again = coach.handle({"kind": "resume", "session": step["id"]})["session"]
    assert again["checks"] == shown


def test_preparing_for_nobody_is_refused(coach: CoachBook) -> None:
    assert coach.handle({"kind": "prepare"})["code"] == "prepare.rep"
