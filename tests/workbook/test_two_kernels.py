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
