"""The acts of the coach's first page: each sent twice, to its page and to another one, is written once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from coverage_kit.store.entities import ENTITIES
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workspace import Workspace
from tests.coaching.conftest import TeamDay

OF_BOSS = {"manager": "boss", "quarter": "2026-Q4"}
TERMS = {"minutes": 60, "focus_size": 20, "answer_days": 5, "gives_way": "The Friday list"}


def asked(team: TeamDay, coach: CoachBook) -> dict[str, Any]:
    coach.handle({"kind": "send_ask", "draft": "A:cfo", "edit_id": "ed_first"})
    [one] = team.ws.coaching.commitments.find(owner="boss")
    return {"commitment": one.id, "version": one.version, "answer": "decline", "reason": "Sold"}


def proposed(team: TeamDay, coach: CoachBook) -> dict[str, Any]:
    team.ws.ledger.actor = "boss"
    coach.handle({"kind": "propose", **OF_BOSS, **TERMS, "version": 0, "edit_id": "ed_first"})
    team.ws.ledger.actor = "lee"
    return {**OF_BOSS, "version": 1}


def sent(team: TeamDay, coach: CoachBook) -> dict[str, Any]:
    asked(team, coach)
    return {"undoes": "ed_first"}


def noted(team: TeamDay, coach: CoachBook) -> dict[str, Any]:
    coach.handle({"kind": "private_note", "rep": "kim", "text": "Ask", "version": 0, "edit_id": "ed_first"})
    return {"rep": "kim", "undoes": "ed_first"}


ACTS: dict[str, Callable[[TeamDay, CoachBook], dict[str, Any]]] = {
    "send_ask": lambda *_: {"draft": "A:cfo"},
    "undo_ask": sent,
    "undo_desk": sent,
    "record_answer": asked,
    "propose": lambda *_: {**OF_BOSS, **TERMS, "version": 0},
    "sign": proposed,
    "private_note": lambda *_: {"rep": "kim", "text": "Ask about the fair", "version": 0},
    "plan_hour": lambda *_: {"rep": "kim", "planned_for": "2026-11-24T10:00", "version": 0},
    "undo_preparing": noted,
    "cancel_coaching": lambda *_: {"manager": "boss", "reason": "pushed_aside"},
}


@pytest.fixture
def coach(team: TeamDay) -> CoachBook:
    for role in ("cfo", "ceo"):
        team.ws.edit_slot("A", role, holder=f"Ann {role}", verified_on=team.day, verified_how="call")
    team.ws.ledger.actor = "lee"
    return CoachBook(team.ws)


def rows(ws: Workspace) -> dict[str, int]:
    with ws.ledger.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(one.table)).scalar_one()
            for name, one in ENTITIES.items()
        }


@pytest.mark.parametrize("name", ACTS)
def test_every_act_of_the_first_page_sent_twice_is_written_once(team: TeamDay, coach: CoachBook, name: str) -> None:
    body = ACTS[name](team, coach)
    before = rows(team.ws)
    message = {"kind": name, "edit_id": "ed_again", "seq": 1, **body}
    first: Any = coach.handle(message)
    assert first.get("edit_id") == "ed_again", first
    written = rows(team.ws)
    team.ws.edit_slot("B", "ceo", holder="Somebody works on")
    between = rows(team.ws)
    for page in (coach, CoachBook(team.ws)):
        second: Any = page.handle(message)
        assert (second["kind"], second.get("edit_id")) == (first["kind"], "ed_again"), second
    assert rows(team.ws) == between
    assert written != before


@pytest.mark.parametrize("name", ACTS)
def test_an_edit_id_that_another_act_used_writes_nothing(team: TeamDay, coach: CoachBook, name: str) -> None:
    body = ACTS[name](team, coach)
    team.ws.edit_slot("A", "ceo", grounds="Met at the fair", edit_id="ed_used")
    before = rows(team.ws)
    answer: Any = coach.handle({"kind": name, "edit_id": "ed_used", "seq": 1, **body})
    assert rows(team.ws) == before, answer
    assert "text" not in answer or answer["kind"] == "refused"
