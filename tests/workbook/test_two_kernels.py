"""Two programs on one store, their messages one between the other: nobody's words are lost, and whoever came second is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from coverage_kit.workbook import RepBook
from coverage_kit.workbook.coach import CoachBook
from coverage_kit.workspace import Workspace, open_workspace

from .test_coach import act, begin, step_to

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
    act(lee, "settle", commitment=successor.id, outcome="kept")
    assert book.handle({"kind": "undo", "account": "A", "undoes": "ed_left"})["kind"] == "saved"
    assert act(lee, "undo")["kind"] in ("refused", "conflict"), "what it was about is gone"
    assert ws.coaching.commitments.find(state=None) == []
    assert book.handle({"kind": "promises"})["kind"] == "promises"
    assert begin(CoachBook(lee.ws), "ann")["step"] == "claims"


def test_what_two_pages_of_one_session_tell_goes_together(ws: Workspace, lee: CoachBook) -> None:
    session = begin(lee, "ann", "bob", kind="group")
    for rep in ("ann", "bob"):
        act(lee, "claim", value=20, rep=rep)
    act(lee, "next")
    with open_workspace(ws.path, actor="lee", clock=ws.ledger.clock) as opened:
        second = CoachBook(opened)
        second.handle({"kind": "resume", "session": session["id"]})
        act(lee, "tell", rep="ann", done="두 분을 찾았다")
        told = act(second, "tell", rep="ann", stuck="공장장")["session"]["told"]
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
    made = act(lee, "commit", account="A", role="ceo")["session"]["made"]["ann"]
    assert len(made) == 1
    undone = act(lee, "undo")["session"]
    assert (undone["step"], undone["made"]) == ("commitments", {"ann": []})
