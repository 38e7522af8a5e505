"""A message whose answer got lost is sent again: it is written once, and answered as the first time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from coverage_kit.store.entities import ENTITIES
from coverage_kit.workbook import RepBook
from coverage_kit.workspace import Workspace, open_workspace

Send = Callable[..., dict[str, Any]]
VALUES: dict[str, Any] = {
    "holder": "박새롬",
    "representative": "sue",
    "can_meet": True,
    "disposition": "neutral",
    "grounds": "들은 대로",
    "verified": {"person": "pe_1", "on": "2026-11-25", "how": "call"},
    "vacant": {"on": "2026-11-25", "how": "call"},
    "not_applicable": {"reason": "본사 겸임", "agreed_by": "lee", "review_on": ""},
    "open": None,
    "focus": False,
    "ended": {"person": "pe_1", "kind": "moved", "on": "2026-11-03", "moved_to": "B"},
    "tried": {"person": "pe_1"},
    "detail": {"person": "pe_1", "need": "납기", "title": "상무"},
    "tie": {"person": "pe_1", "kind": "reports_to", "other": "pe_2"},
    "untie": {"tie": "em_2:influences:em_1"},
    "settled": {"outcome": "kept"},
    "stage": {"person": "pe_1", "offering": "설비 진단", "stage": "interest"},
    "voice": {"person": "pe_1", "kind": "complaint", "text": "답이 늦다"},
}


def rows(ws: Workspace) -> dict[str, int]:
    """How many rows each history has."""
    with ws.ledger.engine.connect() as connection:
        return {
            name: connection.execute(select(func.count()).select_from(one.table)).scalar_one()
            for name, one in ENTITIES.items()
        }


@pytest.mark.parametrize("field", VALUES)
def test_every_act_of_a_rep_sent_twice_is_written_once(ws: Workspace, edit: Send, field: str) -> None:
    edit("holder", "pe_1")
    edit("tie", {"person": "pe_2", "kind": "influences", "other": "pe_1"}, "")
    value = VALUES[field]
    if field == "settled":
        made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
        value = {**value, "commitment": made.id}
    first = edit(field, value, edit_id="ed_again")
    written = rows(ws)
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:  # somebody works on meanwhile
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


def test_an_act_that_would_be_refused_by_now_is_answered_as_the_first_time(edit: Send, book: RepBook) -> None:
    told = {"person": "홍길동", "kind": "left", "on": "2026-11-03"}
    assert edit("ended", told, "", edit_id="ed_e")["kind"] == "saved"
    assert edit("ended", told, "", edit_id="ed_e")["edit_id"] == "ed_e"
    assert edit("ended", told, "", edit_id="ed_other")["code"] == "person.unknown"
