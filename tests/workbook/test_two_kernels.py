"""Two programs on one store, their messages one between the other: nobody's words are lost, and whoever came second is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coverage_kit.errors import Conflict
from coverage_kit.store.entities import Account, Employment, Slot
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workspace import Workspace, open_workspace

from .conftest import slot
from .test_coach import act, begin, step_to
from .test_retries import SESSION_ACTS, go_to

Send = Callable[..., dict[str, Any]]


@pytest.fixture
def lee(ws: Workspace) -> Iterator[CoachBook]:
    """The coach's screen, in a program of its own."""
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        yield CoachBook(opened)


def test_a_promise_that_was_taken_back_does_not_come_back_empty(
    edit: Send, book: RepBook, ws: Workspace, lee: CoachBook
) -> None:
    edit("holder", "pe_1")
    edit("ended", {"person": "pe_1", "kind": "left", "on": ""}, "", edit_id="ed_left")
    [successor] = ws.coaching.commitments.find()
    begin(lee, "ann")
    act(lee, "settle", commitment=successor.id, outcome="kept", edit_id="ed_kept")
    assert book.handle({"kind": "undo", "account": "A", "undoes": "ed_left"})["kind"] == "saved"
    assert lee.handle({"kind": "undo", "undoes": "ed_kept", "rep": "ann"})["kind"] == "conflict", (
        "what it was about is gone"
    )
    assert ws.coaching.commitments.find(state=None) == []
    assert book.handle({"kind": "commitments"})["kind"] == "commitments"
    assert begin(CoachBook(lee.ws), "ann")["step"] == "claims"


def test_what_two_pages_of_one_session_tell_goes_together(ws: Workspace, lee: CoachBook) -> None:
    session = begin(lee, "ann", "bob", kind="group")
    for rep in ("ann", "bob"):
        act(lee, "claim", value=20, rep=rep)
    act(lee, "next")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        second = CoachBook(opened)
        second.handle({"kind": "resume", "session": session["id"]})
        act(lee, "round", rep="ann", done="두 분을 찾았다")
        told = act(second, "round", rep="ann", stuck="공장장")["session"]["round"]
    assert told["ann"] == {"done": "두 분을 찾았다", "stuck": "공장장"}


def test_contacts_marked_on_two_pages_are_all_marked(ws: Workspace, lee: CoachBook) -> None:
    session = begin(lee, "ann", kind="first")
    act(lee, "claim", value=20)
    act(lee, "next")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        second = CoachBook(opened)
        second.handle({"kind": "resume", "session": session["id"]})
        act(lee, "mark", person="pe_1", state="still")
        contacts = act(second, "mark", person="pe_2", state="unsure")["session"]["contacts"]
    assert (contacts["still"], contacts["unsure"], contacts["left"]) == (1, 1, 0)


def test_two_who_go_on_at_once_go_one_step(ws: Workspace, lee: CoachBook) -> None:
    session = begin(lee, "ann")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        second = CoachBook(opened)
        second.handle({"kind": "resume", "session": session["id"]})
        act(lee, "claim", value=20)
        assert act(lee, "next", step="claims")["session"]["step"] == "promises"
        assert act(second, "next", step="claims")["session"]["step"] == "promises", "pressed twice, or on both pages"
        assert act(lee, "next", step="promises")["session"]["step"] == "accounts"
        assert act(second, "back", step="promises")["session"]["step"] == "accounts"
        step_to(lee, "read_back")
        assert act(lee, "close")["session"]["step"] == "closed"
        assert act(second, "claim", value=3, account="A")["code"] == "session.closed"
        assert act(second, "commit", account="A", role="ceo")["code"] == "session.closed"
    assert ws.coaching.commitments.find(state=None) == []


def test_a_claim_made_on_another_page_stays_as_it_was_said(ws: Workspace, lee: CoachBook) -> None:
    session = begin(lee, "ann")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        second = CoachBook(opened)
        second.handle({"kind": "resume", "session": session["id"]})
        assert act(lee, "claim", value=20)["session"]["claims"] == {"ann": 0.2}
        assert act(second, "claim", value=70)["code"] == "claim.again"


def test_undo_takes_back_the_promise_that_was_made_last(lee: CoachBook) -> None:
    begin(lee, "ann")
    act(lee, "claim", value=20)
    step_to(lee, "commitments")
    done = act(lee, "commit", account="A", role="ceo", edit_id="ed_made")["session"]
    assert len(done["made"]["ann"]) == 1
    assert lee.handle({"kind": "undo", "undoes": "ed_made", "rep": "ann"})["kind"] == "saved"
    undone: Any = lee.handle({"kind": "resume", "session": done["id"]})["session"]  # type: ignore[typeddict-item]
    assert (undone["step"], undone["made"]) == ("commitments", {"ann": []})


def test_who_settles_what_somebody_settled_meanwhile_is_told(
    edit: Send, book: RepBook, ws: Workspace, lee: CoachBook
) -> None:
    made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
    ws.ledger.clock.at += 60_000
    begin(lee, "ann")
    [seen] = step_to(lee, "promises")["last_commitments"]
    [promise] = book.handle({"kind": "commitments"})["commitments"]
    assert promise["version"] == seen["version"] == 1
    about = {"commitment": made.id, "outcome": "not_kept", "reason": "pushed_aside", "version": 1}
    assert act(lee, "settle", **about)["kind"] == "session"
    told = edit("settled", {"commitment": made.id, "outcome": "kept"}, "", base=1)
    assert (told["kind"], told["by"], told["version"]) == ("conflict", "lee", 2)
    assert told["fields"][0] == {"field": "outcome", "before": None, "mine": "kept", "theirs": "not_kept"}
    assert [c.state for c in ws.coaching.commitments.find(state=None)] == ["not_kept"]


def test_a_line_written_by_two_beside_a_promise_is_not_written_over(ws: Workspace, lee: CoachBook) -> None:
    made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
    begin(lee, "ann")
    ws.coaching.commitments.note(made.id, "앤의 줄")
    met = act(lee, "note", commitment=made.id, note="코치의 줄", version=1)
    assert (met["kind"], met["code"]) == ("refused", "commitment.changed")
    assert "앤" in met["text"]["en"]
    assert ws.coaching.commitments.get(made.id).value == "앤의 줄"
    assert act(lee, "note", commitment=made.id, note="앤의 줄 / 코치의 줄", version=2)["kind"] == "session"
    assert ws.coaching.commitments.get(made.id).value == "앤의 줄 / 코치의 줄"


def test_a_departure_that_somebody_recorded_already_is_told(edit: Send, ws: Workspace) -> None:
    edit("holder", "pe_1")
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        bob = RepBook(other, "ann")
        left = {"person": "pe_1", "kind": "moved", "on": "2026-11-03", "moved_to": "B"}
        assert (
            bob.handle({"kind": "edit", "account": "A", "role": "", "field": "ended", "value": left})["kind"] == "saved"
        )
    for field, value in (
        ("ended", {"person": "pe_1", "kind": "moved", "on": "2026-11-10", "moved_to": "B"}),
        ("ended", {"person": "pe_1", "kind": "role_changed", "title": "고문"}),
        ("verified", {"person": "pe_1", "how": "call", "on": "2026-11-25"}),
        ("tried", {"person": "pe_1"}),
    ):
        answer = edit(field, value, "")
        assert (answer["kind"], answer["code"]) == ("refused", "person.gone_already"), field
    jobs = ws.ledger.as_of(Employment, person_id="pe_1")
    assert sorted((job.account_id, job.ended_on) for job in jobs if job.end_kind) == [("A", "2026-11-03")]
    assert len(jobs) == 2, "at B once"
    assert len(ws.coaching.commitments.find()) == 1


def test_a_departure_ahead_can_be_mended_and_the_person_checked_until_then(edit: Send, ws: Workspace) -> None:
    edit("holder", "pe_1")
    assert edit("ended", {"person": "pe_1", "kind": "left", "on": "2026-12-31"}, "")["kind"] == "saved"
    assert edit("verified", {"person": "pe_1", "how": "call", "on": "2026-11-25"}, "")["kind"] == "saved"
    assert edit("ended", {"person": "pe_1", "kind": "retired", "on": "2026-12-20"}, "")["kind"] == "saved"


def test_who_judges_a_person_whose_slot_went_to_another_meanwhile_is_asked(edit: Send, ws: Workspace) -> None:
    seen = edit("holder", "pe_1")["page"]["slots"][0]["version"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.edit_slot("A", "ceo", holder="pe_2", representative="bob")
    answer = edit("disposition", "favorable", base=seen)
    assert answer["kind"] == "conflict"
    assert {"field": "holder", "before": "홍길동", "mine": "홍길동", "theirs": "김하나"} in answer["fields"]
    assert edit("grounds", "좋게 말했다", base=seen)["kind"] == "conflict"
    assert edit("can_meet", True, base=answer["version"])["kind"] == "saved"
    assert edit("disposition", "neutral", base=answer["version"])["kind"] == "saved", (
        "seen, and meant for who is there now"
    )


def test_an_account_handed_over_meanwhile_leaves_the_reps_counts_and_says_so(
    edit: Send, book: RepBook, ws: Workspace
) -> None:
    book.handle({"kind": "hello"})
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as other:
        other.assign(["B"], "bob")
    saved = edit("grounds", "아는 만큼", account="B")
    assert (saved["kind"], saved["line"], saved["owner"]) == ("saved", None, "bob")
    assert saved["summary"]["all"]["required"] == 12
    assert edit("grounds", "남의 고객사", account="C")["summary"]["all"]["accounts"] == 1


ACTS_ON_A_HOLDER = [
    ("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call"}, ""),
    ("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call", "roles": ["ceo"]}, "ceo"),
    ("ended", {"person": "pe_1", "kind": "role_changed", "title": "상무"}, ""),
    ("disposition", "negative", "ceo"),
    ("grounds", "들은 대로", "ceo"),
    ("representative", "sue", "ceo"),
    ("can_meet", True, "ceo"),
]


@pytest.mark.parametrize(("field", "value", "role"), ACTS_ON_A_HOLDER)
def test_an_act_on_a_holder_never_lands_on_the_next_one(
    ws: Workspace, edit: Send, monkeypatch: pytest.MonkeyPatch, field: str, value: Any, role: str
) -> None:
    """Somebody gives the slot to another person between the reading and the saving of this act."""
    seen = slot(edit("holder", "pe_1"))["version"]
    save = ws.ledger.save

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(ws.ledger, "save", save)
        with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
            other.edit_slot("A", "ceo", holder="pe_2")
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)
    response = edit(field, value, role, base=seen)
    assert response["kind"] == "conflict", response
    row = ws.ledger.find(Slot, "A:ceo")
    assert row is not None
    assert (row.employment_id, row.verified_on, row.disposition, row.representative_id) == ("em_2", None, None, None)


def test_a_departure_that_another_recorded_in_between_stays(
    ws: Workspace, edit: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = ws.ledger.save

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(ws.ledger, "save", save)
        with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
            other.end_employment("pe_1", "A", kind="retired", ended_on="2026-11-02")
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)
    assert edit("ended", {"person": "pe_1", "kind": "left", "on": "2026-11-03"}, "")["kind"] == "conflict"
    row = ws.ledger.find(Employment, "em_1")
    assert row is not None
    assert (row.end_kind, row.ended_on) == ("retired", "2026-11-02")


def test_a_focus_star_of_an_account_that_was_handed_over_in_between_is_asked(
    ws: Workspace, edit: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = ws.ledger.save

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(ws.ledger, "save", save)
        with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as other:
            other.assign(["A"], "bob")
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)
    assert edit("focus", False, "")["kind"] == "conflict"
    row = ws.ledger.find(Account, "A")
    assert row is not None
    assert row.owner_id == "bob"


def overtake(monkeypatch: pytest.MonkeyPatch, ws: Workspace, other: Callable[[Workspace], object]) -> None:
    """Let somebody else's act be written between the reading and the saving of the next one."""
    save = ws.ledger.save

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(ws.ledger, "save", save)
        with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as opened:
            other(opened)
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)


#: Acts of a session, what somebody else does between the reading and the saving, and the refusal.
MET: dict[str, tuple[str, Callable[[Workspace], object], str]] = {
    "a check of somebody who leaves": (
        "check", lambda other: other.end_employment("pe_1", "A", kind="left"), "session.changed",
    ),
    "a mark of somebody who leaves": (
        "mark", lambda other: other.end_employment("pe_1", "A", kind="retired"), "session.changed",
    ),
    "a commitment about a slot that gets another holder": (
        "commit", lambda other: other.edit_slot("A", "ceo", holder="pe_2"), "session.changed",
    ),
    "a commitment in a session that ends": (
        "commit", lambda other: other.coaching.sessions.open()[0].close(minutes=False), "session.changed",
    ),
    "a step that another page took": ("next", lambda other: other.coaching.sessions.open()[0].next(), ""),
    "a claim that another page made": (
        "claim", lambda other: other.coaching.sessions.open()[0].claim(n=9, account="A", rep="ann"), "claim.again",
    ),
    "a commitment settled by another": (
        "settle", lambda other: other.coaching.commitments.settle("co_old", "not_kept", reason="need_help"),
        "commitment.changed",
    ),
    "a note that another wrote": (
        "note", lambda other: other.coaching.commitments.note("co_old", "밥의 줄"), "commitment.changed",
    ),
    "an end that another page made": ("close", lambda other: other.coaching.sessions.open()[0].close(minutes=False), ""),
}  # fmt: skip


@pytest.mark.parametrize("case", MET)
def test_of_two_acts_of_a_session_at_once_the_second_is_not_written_and_says_so(
    ws: Workspace, lee: CoachBook, edit: Send, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    name, other, code = MET[case]
    go_to(lee, name)
    overtake(monkeypatch, lee.ws, other)
    met = act(lee, name, edit_id="ed_second", **SESSION_ACTS[name][2])
    assert met.get("code", "") == code, met
    if code:
        assert met["text"]["en"]
    assert not lee.ws.ledger.has_edit("ed_second")


def test_a_commitment_is_refused_if_somebody_else_holds_the_position_than_the_coach_saw(
    ws: Workspace, lee: CoachBook, edit: Send
) -> None:
    go_to(lee, "commit")
    seen: Any = lee.handle({"kind": "draft", "account": "A", "role": "ceo", "rep": "ann"})
    edit("holder", "pe_2")
    asked = {"account": "A", "role": "ceo", "rep": "ann", "employment": seen["employment"]}
    assert act(lee, "commit", **asked)["code"] == "commitment.holder"
    assert act(lee, "commit", **{**asked, "employment": "em_2"})["kind"] == "session"


def test_a_check_in_roles_that_the_person_no_longer_holds_is_refused(ws: Workspace, edit: Send) -> None:
    edit("holder", "pe_1")
    ws.edit_slot("A", "ceo", holder="pe_2")
    check = {"person": "pe_1", "on": "2026-11-25", "how": "call", "roles": ["ceo"]}
    assert edit("verified", check)["code"] == "person.not_holder"


def test_a_departure_that_was_recorded_since_the_page_was_drawn_is_asked(ws: Workspace, edit: Send) -> None:
    ahead = {"person": "pe_1", "kind": "left", "on": "2026-12-31", "version": 1}
    assert edit("ended", ahead, "")["kind"] == "saved"
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.end_employment("pe_1", "A", kind="retired", ended_on="2026-12-20")
    assert edit("ended", {**ahead, "on": "2027-01-31", "version": 2}, "")["kind"] == "conflict"
    assert edit("ended", {**ahead, "on": "2027-01-31", "version": 3}, "")["kind"] == "saved"


def test_accounts_given_to_two_reps_at_once_stay_with_the_first(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    overtake(monkeypatch, ws, lambda other: other.assign(["A"], "bob"))
    with pytest.raises(Conflict):
        ws.assign(["A"], "sue")
    row = ws.ledger.find(Account, "A")
    assert row is not None
    assert row.owner_id == "bob"


def test_two_who_begin_the_same_offering_at_once_begin_one(
    ws: Workspace, edit: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    overtake(monkeypatch, ws, lambda other: other.coaching.people.set_stage("pe_1", "A", "강판", "interest"))
    assert edit("stage", {"person": "pe_1", "offering": "강판", "stage": "desire"}, "")["kind"] == "conflict"
    assert [each.stage for each in ws.coaching.people.pursuits("A")] == ["interest"]
