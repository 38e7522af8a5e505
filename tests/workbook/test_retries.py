"""A message whose response got lost is sent again: it is written once, and the response is that of the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from sqlalchemy import func, select

from coverage_kit.store import Change
from coverage_kit.store.entities import ENTITIES
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workspace import Workspace, open_workspace
from tests.coaching.test_desk_retries import ACTS

from .test_coach import act, begin

Send = Callable[..., dict[str, Any]]
VALUES: dict[str, Any] = {
    "holder": "박새롬",
    "representative": "sue",
    "can_meet": True,
    "can_deliver": False,
    "disposition": "neutral",
    "grounds": "들은 대로",
    "verified": {"person": "pe_1", "on": "2026-11-25", "how": "call"},
    "vacant": {"on": "2026-11-25", "how": "call"},
    "not_applicable": {"reason": "본사 겸임", "review_on": ""},
    "proposed": {"reason": "본사 겸임"},
    "open": None,
    "focus": False,
    "ended": {"person": "pe_1", "kind": "moved", "on": "2026-11-03", "moved_to": "B"},
    "tried": {"person": "pe_1"},
    "detail": {"person": "pe_1", "need": "납기", "title": "상무"},
    "tie": {"person": "pe_1", "kind": "reports_to", "other": "pe_2"},
    "untie": {"tie": "em_2:influences:em_1"},
    "settled": {"outcome": "kept"},
    "stage": {"person": "pe_1", "offering": "설비 진단", "stage": "interest"},
    "next_contact": {"person": "pe_1", "on": "2026-12-24"},
    "own_route": {"offering": "ERP", "steps": [{"role": "ceo", "route": "event", "stage": "attention"}]},
    "voice": {"person": "pe_1", "kind": "complaint", "text": "답이 늦다"},
    "voice_closed": {"done": "담당을 정했다", "answered": True},
    "voice_reopened": {},
    "value_given": {"person": "pe_1", "kind": "insight", "what": "재고가 모자라는 곳"},
    "value_received": {"words": "도움이 됐다"},
    "new_holder": "김가온",
}
#: Requests that only read, and those that make a page or write each thing once whatever their number: replies, minutes.
QUESTIONS = {
    ask.Hello, ask.OpenAccount, ask.Prefetch, ask.FindPeople, ask.NextCards, ask.OpenCommitments, ask.SlotHistory,
    ask.PersonCard, ask.ShowDesk, ask.ResumeSession, ask.DraftCommitment, ask.ShowSaid, ask.ShowAsks, ask.ShowBlindRole,
    ask.PrintAgreement, ask.ReadReplies, ask.MakeMinutes, ask.ShowPreparation, ask.ShowPaths, ask.ShowRhythm,
}  # fmt: skip
#: Every act of a session by name: the kind of session, the step it is made at, and what it says.
SESSION_ACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "next": ("one", "promises", {}),
    "back": ("one", "accounts", {}),
    "claim": ("one", "accounts", {"account": "A", "value": 5}),
    "settle": ("one", "promises", {"commitment": "co_old", "outcome": "kept", "version": 1}),
    "note": ("one", "promises", {"commitment": "co_old", "note": "견적을 보냈다", "version": 1}),
    "round": ("group", "round", {"rep": "ann", "done": "두 분을 찾았다"}),
    "mark": ("first", "contacts", {"person": "pe_1", "state": "left", "version": 1}),
    "choose_account": ("first", "contacts", {"account": "B"}),
    "check": ("group", "sweep", {"rep": "ann", "account": "A", "person": "pe_1", "state": "tried", "version": 1}),
    "agree": ("one", "read_back", {"rep": "ann"}),
    "commit": ("one", "commitments", {"account": "A", "role": "ceo"}),
    "close": ("one", "read_back", {}),
}
#: The other requests that write.
OTHERS = {"undo", "start", "account"}


def models(union: Any) -> Iterator[type[BaseModel]]:
    """The message models of a union."""
    if isinstance(union, type) and issubclass(union, BaseModel):
        yield union
    else:
        for part in get_args(union):
            yield from models(part)


def names(model: type[BaseModel]) -> tuple[str, ...]:
    """The acts that a message model stands for, by the field that names them."""
    tag = next(name for name in ("field", "act", "kind") if name in model.model_fields)
    return get_args(model.model_fields[tag].annotation)


def test_every_request_of_a_screen_that_writes_carries_an_edit_id_and_is_sent_twice_below() -> None:
    acts = {model for union in (ask.RepRequest, ask.CoachRequest) for model in models(union)} - QUESTIONS
    assert [model.__name__ for model in acts if "edit_id" not in model.model_fields] == []
    tried = VALUES.keys() | SESSION_ACTS.keys() | ACTS.keys() | OTHERS
    assert {name for model in acts for name in names(model)} == tried


@pytest.fixture
def coach(ws: Workspace) -> CoachBook:
    ws.ledger.actor = "lee"
    return CoachBook(ws)


def go_to(coach: CoachBook, name: str) -> None:
    """Begin the session in which an act is made, and go to its step."""
    kind, step, _ = SESSION_ACTS[name]
    coach.ws.edit_slot("A", "ceo", holder="pe_1")
    made = coach.ws.coaching.commitments
    made.add(made.draft_from_gap("B", "cfo"), edit_id="ed_old")
    coach.ws.ledger.clock.at += 60_000
    session = begin(coach, *(["ann", "bob"] if kind == "group" else ["ann"]), kind=kind)
    for rep in session["reps"]:
        act(coach, "claim", rep=rep, value=20)
    while session["step"] != step:
        session = act(coach, "next")["session"]


@pytest.mark.parametrize("name", SESSION_ACTS)
def test_every_act_of_a_session_sent_twice_is_written_once(ws: Workspace, coach: CoachBook, name: str) -> None:
    go_to(coach, name)
    before = rows(ws)
    body = SESSION_ACTS[name][2]
    first, written = act(coach, name, edit_id="ed_again", **body), rows(ws)
    assert (first["kind"], first.get("edit_id")) == ("session", "ed_again"), first
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:  # somebody works on in between
        other.edit_slot("A", "ceo", holder="최 새사람")
    between = rows(ws)
    other_page = CoachBook(ws)
    other_page.handle({"kind": "resume", "session": coach.session.id if coach.session else ""})
    for page in (coach, other_page):
        second = act(page, name, edit_id="ed_again", **body)
        assert (second["kind"], second.get("edit_id")) == ("session", "ed_again"), second
    assert rows(ws) == between
    assert written != before


@pytest.mark.parametrize("name", SESSION_ACTS)
def test_every_act_of_a_session_can_be_undone_by_its_edit(ws: Workspace, coach: CoachBook, name: str) -> None:
    go_to(coach, name)
    before = coach.handle({"kind": "resume", "session": coach.session.id if coach.session else ""})["session"]  # type: ignore[typeddict-item]
    done = act(coach, name, edit_id="ed_done", **SESSION_ACTS[name][2])
    assert done["session"] != before or name == "claim"
    undone = coach.handle({"kind": "undo", "undoes": "ed_done", "edit_id": "ed_undo", "rep": "ann"})
    assert undone["kind"] == "saved", undone
    after = coach.handle({"kind": "resume", "session": before["id"]})["session"]  # type: ignore[typeddict-item]
    assert without_versions(after) == without_versions(before)


def without_versions(view: Any) -> Any:
    """A view without the versions, which only grow."""
    if isinstance(view, dict):
        return {key: without_versions(value) for key, value in view.items() if key != "version"}
    return [without_versions(each) for each in view] if isinstance(view, list | tuple) else view


def test_a_session_started_twice_by_one_message_is_one_session(ws: Workspace, coach: CoachBook) -> None:
    start = {"kind": "start", "reps": ["ann"], "session_kind": "one", "edit_id": "ed_start"}
    first: Any = coach.handle(start)
    second: Any = CoachBook(ws).handle(start)
    assert first["session"]["id"] == second["session"]["id"]
    assert len(ws.coaching.sessions.open()) == 1


def test_an_account_opened_twice_is_gone_through_once(ws: Workspace, coach: CoachBook) -> None:
    go_to(coach, "claim")
    act(coach, "claim", account="A", value=5)
    ask_for = {"kind": "account", "account": "A", "edit_id": "ed_open"}
    first = coach.handle(ask_for)
    written = rows(ws)
    assert coach.handle(ask_for)["kind"] == first["kind"] == "account"
    assert rows(ws) == written


def rows(ws: Workspace) -> dict[str, int]:
    """How many rows each history has."""
    with ws.ledger.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(one.table)).scalar_one()
            for name, one in ENTITIES.items()
        }


def star_with_a_path(ws: Workspace) -> None:
    """Make A a must-win account of ann's manager, with a path to an offering."""
    ws.roles.add_offering("ERP", ko="ERP", en="ERP")
    ws.roles.set_offerings(["A"], ["ERP"])
    ws.coaching.routes.set("general", "ERP", [("ceo", "in_person", "attention")])
    boss = Change("staff", "boss", {"name": "최보스", "login": "boss", "function": "manager"})
    ws.ledger.save([boss, Change("staff", "ann", {"manager_id": "boss"})])
    with open_workspace(ws.path, actor="boss", clock=ws.ledger.clock) as own:
        own.coaching.must_win.star("A")


def prepare(ws: Workspace, edit: Send, field: str) -> Any:
    """Write what an act of a rep needs; its value with the ids that the store gave."""
    edit("holder", "pe_1")
    edit("tie", {"person": "pe_2", "kind": "influences", "other": "pe_1"}, "")
    value = VALUES[field]
    if field == "not_applicable":  # the own yes of a coach
        ws.ledger.actor = "lee"
    if field.startswith(("voice_", "value_")):
        edit("voice", {"person": "pe_1", "kind": "need", "text": "납기"}, "")
        [voice] = ws.coaching.voices.find(person="pe_1")
        value = {**value, "voice": voice.id} if field.startswith("voice_") else {**value, "need": voice.id}
    if field == "voice_reopened":
        edit("voice_closed", {"voice": voice.id, "done": "끝", "answered": True}, "")
    if field == "value_received":
        given = {"person": "pe_1", "kind": "insight", "what": "재고", "need": voice.id}
        edit("value_given", given, "")
        [one] = ws.coaching.value.find(person="pe_1")
        value = {"words": value["words"], "given": one.id}
    if field == "own_route":
        star_with_a_path(ws)
    if field == "settled":
        made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
        value = {**value, "commitment": made.id}
    return value


@pytest.mark.parametrize("field", VALUES)
def test_every_act_of_a_rep_sent_twice_is_written_once(ws: Workspace, edit: Send, field: str) -> None:
    value = prepare(ws, edit, field)
    first = edit(field, value, edit_id="ed_again")
    written = rows(ws)
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:  # somebody works on in between
        other.edit_slot("A", "cfo", holder="최 새사람")
        other.edit_slot("A", "ceo", holder="최 새사람")
    between = rows(ws)
    second = edit(field, value, edit_id="ed_again")
    assert (first["kind"], first["edit_id"]) == (second["kind"], second["edit_id"]) == ("saved", "ed_again")
    assert rows(ws) == between != written


def test_an_undo_sent_twice_is_written_once_and_can_be_applied_again(ws: Workspace, edit: Send, book: RepBook) -> None:
    edit("grounds", "들은 대로", edit_id="ed_g")
    undo = {"kind": "undo", "account": "A", "undoes": "ed_g", "edit_id": "ed_u"}
    first, written = book.handle(undo), rows(ws)
    second = book.handle(undo)
    assert (first["edit_id"], second["edit_id"], rows(ws)) == ("ed_u", "ed_u", written)
    again = book.handle({"kind": "undo", "account": "A", "undoes": second["edit_id"], "edit_id": "ed_r"})
    assert [each["grounds"] for each in again["page"]["slots"] if each["role"] == "ceo"] == ["들은 대로"]


def test_an_act_that_would_be_refused_by_now_gets_the_response_of_the_first_time(edit: Send, book: RepBook) -> None:
    told = {"person": "홍길동", "kind": "left", "on": "2026-11-03"}
    assert edit("ended", told, "", edit_id="ed_e")["kind"] == "saved"
    assert edit("ended", told, "", edit_id="ed_e")["edit_id"] == "ed_e"
    assert edit("ended", told, "", edit_id="ed_other")["code"] == "person.unknown"


def contents(ws: Workspace) -> dict[str, list[Any]]:
    """Every row of every history."""
    with ws.ledger.engine.connect() as connection:
        return {name: [*connection.execute(select(one.table)).all()] for name, one in ENTITIES.items()}


@pytest.mark.parametrize("first", ["grounds", "detail", "focus", "voice"])
@pytest.mark.parametrize("field", VALUES)
def test_an_edit_id_that_another_act_used_writes_nothing(ws: Workspace, edit: Send, field: str, first: str) -> None:
    value = prepare(ws, edit, field)
    ws.ledger.actor = "ann"
    assert edit(first, VALUES[first], edit_id="ed_used")["kind"] == "saved"
    if field == "not_applicable":
        ws.ledger.actor = "lee"
    before = contents(ws)
    second = edit(field, value, edit_id="ed_used")
    assert contents(ws) == before
    assert second["kind"] in ("saved", "refused", "conflict"), second
    assert second["kind"] != "refused" or second["text"]["ko"]


@pytest.mark.parametrize("name", SESSION_ACTS)
def test_an_edit_id_that_another_act_used_moves_no_session(ws: Workspace, coach: CoachBook, name: str) -> None:
    go_to(coach, name)
    ws.edit_slot("B", "ceo", grounds="들은 대로", edit_id="ed_used")
    before = contents(ws)
    second = act(coach, name, edit_id="ed_used", **SESSION_ACTS[name][2])
    assert contents(ws) == before
    assert second["kind"] in ("session", "saved", "refused"), second
