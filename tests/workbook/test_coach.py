from __future__ import annotations

import json
from typing import Any

import pytest

from coverage_kit.store import Change
from coverage_kit.store.entities import Slot
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workspace import Workspace

from .conftest import DAY, Clock


@pytest.fixture
def coach(ws: Workspace) -> CoachBook:
    ws.ledger.actor = "lee"
    return CoachBook(ws)


def act(coach: CoachBook, do: str, **body: Any) -> dict[str, Any]:
    answer = coach.handle({"kind": "act", "act": do, "seq": 1, **body})
    json.dumps(answer, allow_nan=False)
    return answer


def step(coach: CoachBook, **body: Any) -> dict[str, Any]:
    session: dict[str, Any] = act(coach, "next", **body)["session"]
    return session


def begin(coach: CoachBook, *reps: str, kind: str = "one") -> dict[str, Any]:
    answer = coach.handle({"kind": "start", "reps": list(reps), "session_kind": kind})
    session: dict[str, Any] = answer["session"]
    return session


def test_nothing_is_shown_before_the_claim(coach: CoachBook) -> None:
    session = begin(coach, "ann")
    assert session["step"] == "claims"
    assert "measured" not in session
    assert act(coach, "next")["code"] == "session.claim_first"
    assert act(coach, "claim", value="60")["code"] == "claim.number"
    revealed = act(coach, "claim", value=60)["session"]
    assert revealed["claims"] == {"ann": 0.6}
    assert revealed["measured"] == {"ann": [0, 24]}


def test_an_account_opens_after_its_claim_and_shows_slots_with_a_next_move(coach: CoachBook) -> None:
    begin(coach, "ann")
    act(coach, "claim", value=60)
    step(coach)
    session = step(coach)
    assert session["step"] == "accounts"
    assert {each["id"] for each in [*session["accounts"], *session["others"]]} == {"A", "B"}
    refused = coach.handle({"kind": "account", "account": "A"})
    assert refused["code"] == "session.claim_account"
    act(coach, "claim", value=9, account="A")
    opened = coach.handle({"kind": "account", "account": "A"})
    assert (opened["claimed"], opened["known"], opened["required"]) == (9, 0, 12)
    assert "ceo" in opened["gaps"]


def test_a_session_from_claim_to_closed_is_taken_up_where_it_was_left(
    ws: Workspace, coach: CoachBook, clock: Clock
) -> None:
    first = begin(coach, "ann")
    act(coach, "claim", value=60)
    step(coach)
    step(coach)
    again = CoachBook(ws)
    desk = again.handle({"kind": "desk"})
    assert [(each["reps"], each["step"]) for each in desk["sessions"]] == [(["ann"], "accounts")]
    assert (
        desk["sessions"][0]["week"] == first["week"] == {"week": "2026-W48", "from": "2026-11-23", "to": "2026-11-29"}
    )
    assert again.handle({"kind": "resume", "session": first["id"]})["session"]["step"] == "accounts"
    session = step(again)
    assert session["step"] == "commitments"
    gap = session["gaps"]["ann"][0]
    draft = again.handle({"kind": "draft", "account": gap["account"], "role": gap["role"], "due_on": "2026-12-04"})
    assert "12월 4일" in draft["sentence"]["ko"]
    assert "4 Dec" in draft["sentence"]["en"]
    for _ in range(2):  # the answer got lost: sent again, it is taken on once
        made = act(again, "commit", account=gap["account"], role=gap["role"], edit_id="ed_aaaaaaaaaaaaa")
        assert len(made["session"]["made"]["ann"]) == 1
    step(again)
    assert act(again, "close")["code"] == "session.not_agreed"
    act(again, "agree", rep="ann")
    assert act(again, "close")["session"]["step"] == "closed"
    # Next week it is the first thing that is asked about.
    clock.at += 7 * DAY
    session = begin(again, "ann")
    while session["step"] != "promises":
        session = step(again)
    (promise,) = session["last_commitments"]
    assert promise["sentence"]["ko"].startswith("앤")
    about = {"commitment": promise["id"], "outcome": "not_kept", "reason": "pushed_aside"}
    settled = act(again, "settle", **about, edit_id="ed_settled")["session"]
    assert [(each["state"], each["reason"]) for each in settled["last_commitments"]] == [("not_kept", "pushed_aside")]
    assert again.handle({"kind": "undo", "undoes": "ed_settled", "edit_id": "ed_undo", "rep": "ann"})["kind"] == "saved"
    resumed: Any = again.handle({"kind": "resume", "session": session["id"]})
    assert resumed["session"]["last_commitments"][0]["state"] in ("open", "overdue")


def test_a_group_answers_sealed_and_opens_together(coach: CoachBook) -> None:
    begin(coach, "ann", "bob", kind="group")
    sealed = act(coach, "claim", value=20, rep="ann")["session"]
    assert sealed["claimed"] == ["ann"]
    assert "claims" not in sealed
    opened = act(coach, "claim", value=70, rep="bob")["session"]
    assert opened["claims"] == {"ann": 0.2, "bob": 0.7}
    assert step(coach)["step"] == "round"
    told = act(coach, "round", rep="bob", done="두 분을 찾았다", stuck="공장장")["session"]
    assert told["round"]["bob"] == {"done": "두 분을 찾았다", "stuck": "공장장"}
    assert step(coach)["step"] == "blind_role"
    assert set(step(coach)["sweep"]) == {"ann", "bob"}
    assert set(step(coach)["gaps"]) == {"ann", "bob"}


def test_no_commitment_is_offered_for_a_role_that_the_account_no_longer_needs(
    coach: CoachBook, ws: Workspace, clock: Clock
) -> None:
    book = ws.coaching.commitments
    for role in ("ceo", "it_staff"):
        book.add(book.draft_from_gap("A", role))
    clock.at += 20 * DAY
    # The account is found to be a manufacturer, whose list asks for no IT practitioner.
    ws.ledger.save([Change("account", "A", {"industry": "제조"})])
    begin(coach, "ann", "bob", kind="group")
    for rep in ("ann", "bob"):
        act(coach, "claim", value=50, rep=rep)
    gaps = [each for each in step_to(coach, "commitments")["gaps"]["ann"] if each["account"] == "A"]
    assert "ceo" in {each["role"] for each in gaps}
    assert "it_staff" not in {each["role"] for each in gaps}


def test_a_line_beside_a_promise_shows_where_the_promise_is_shown_later(coach: CoachBook, clock: Clock) -> None:
    begin(coach, "ann")
    act(coach, "claim", value=60)
    for _ in range(3):
        session = step(coach)
    gap = {key: session["gaps"]["ann"][0][key] for key in ("account", "role")}
    act(coach, "commit", **gap)
    [made] = step(coach)["made"]["ann"]
    noted = act(coach, "note", commitment=made["id"], note="회수 기간 계산")["session"]["made"]["ann"]
    assert [each["note"] for each in noted] == ["회수 기간 계산"]
    act(coach, "agree", rep="ann")
    act(coach, "close")
    clock.at += 7 * DAY
    begin(coach, "ann")
    [promise] = [each for each in step_to(coach, "promises")["last_commitments"] if each["id"] == made["id"]]
    assert (promise["state"], promise["note"]) == ("open", "회수 기간 계산")
    act(coach, "settle", commitment=made["id"], outcome="not_kept", reason="pushed_aside")
    [ended] = act(coach, "note", commitment=made["id"], note="분기 마감에 밀림")["session"]["last_commitments"]
    assert (ended["state"], ended["reason"], ended["note"], ended["carried"]) == (
        "not_kept", "pushed_aside", "분기 마감에 밀림", 1,
    )  # fmt: skip
    step_to(coach, "commitments")
    clock.at += 1000
    act(coach, "commit", **gap)
    [again] = step(coach)["made"]["ann"]
    assert (again["note"], again["before"], again["carried"]) == (None, "분기 마감에 밀림", 1)


def step_to(coach: CoachBook, name: str) -> dict[str, Any]:
    """Go on until that step is reached."""
    answer = coach.handle({"kind": "resume", "session": coach.session.id if coach.session else ""})
    session: dict[str, Any] = answer["session"]
    while session["step"] != name:
        if session["step"] == "claims" and not session["revealed"]:
            act(coach, "claim", value=50)
        session = step(coach)
    return session


def test_a_line_of_the_sweep_is_answered_and_taken_back(coach: CoachBook, ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="pe_1")
    begin(coach, "ann", "bob", kind="group")
    for rep in ("ann", "bob"):
        act(coach, "claim", value=20, rep=rep)
    for _ in range(3):
        session = step(coach)
    [line] = session["sweep"]["ann"]
    assert (line["holder"], line["phone"], line["state"]) == ("홍길동", "02-000-0001", None)
    assert [title["en"] for title in line["roles"]] == ["CEO"]
    about = {"rep": "ann", "account": line["account"], "person": line["person"]}
    [told] = act(coach, "check", **about, state="still", how="meeting")["session"]["sweep"]["ann"]
    assert (told["state"], told["verified_on"]) == ("still", "2026-11-25")
    assert ws.ledger.history(Slot, "A:ceo")[-1].verified_how == "meeting"
    assert coach.handle({"kind": "undo", "undoes": told["edit"], "rep": "ann"})["kind"] == "saved"
    resumed: Any = coach.handle({"kind": "resume", "session": coach.session.id if coach.session else ""})
    [back] = resumed["session"]["sweep"]["ann"]
    assert (back["state"], back["verified_on"]) == (None, None)
    assert act(coach, "check", **about, state="left", on="2030")["code"] == "field.day"


def test_the_first_session_counts_down_the_contact_list(coach: CoachBook) -> None:
    begin(coach, "ann", kind="first")
    act(coach, "claim", value=50)
    contacts = step(coach)["contacts"]
    if contacts["account"] != "A":
        pytest.fail("the account with contacts is not the biggest; the fixture has changed")
    assert (contacts["total"], contacts["left"]) == (2, 2)
    marked = act(coach, "mark", person="pe_1", state="left")["session"]["contacts"]
    assert (marked["left"], marked["gone"]) == (1, 1)
    assert act(coach, "mark", person="pe_1", state="vanished")["kind"] == "refused"


def test_slots_are_edited_as_in_the_reps_workbook(coach: CoachBook, ws: Workspace) -> None:
    begin(coach, "ann")
    saved = coach.handle(
        {"kind": "edit", "rep": "ann", "account": "A", "role": "ceo", "field": "holder", "value": "pe_1", "seq": 4}
    )
    assert (saved["kind"], saved["seq"]) == ("saved", 4)
    assert ws.ledger.history(Slot, "A:ceo")[-1].actor == "lee"


def test_the_focus_list_is_the_reps_own_or_agreed_in_a_session(coach: CoachBook, ws: Workspace) -> None:
    message = {"kind": "edit", "rep": "ann", "account": "B", "role": "", "field": "focus", "value": True}
    assert coach.handle(message)["code"] == "focus.who"
    session = begin(coach, "ann")
    assert coach.handle(message)["line"]["focus"] is True
    assert [(change.actor, change.session) for change in ws.coaching.focus.changes("ann")] == [("lee", session["id"])]


def test_without_a_session_acts_are_refused(coach: CoachBook) -> None:
    assert act(coach, "next")["code"] == "session.none"
    assert coach.handle({"kind": "hello", "rep": "nobody"})["kind"] == "refused"
