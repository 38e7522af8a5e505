"""Not applicable: a proposal changes no count; only a coach's or manager's own yes takes the position out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from coverage_kit import init_workspace
from coverage_kit.cli import cli
from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.store import Change
from coverage_kit.store.entities import Note, Slot
from coverage_kit.workspace import Workspace

pytestmark = pytest.mark.slow

WHY = "no laboratory"
STAFF = {"kim": "rep", "lee": "coach", "han": "manager", "yoon": "executive", "sue": "support", "old": "coach"}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """One account, one colleague of each function; a coach who has left."""
    with init_workspace(tmp_path / "ws", lang="en", actor="kim") as made:
        changes = [Change("staff", key, {"name": key.title(), "function": what}) for key, what in STAFF.items()]
        changes.append(Change("staff", "old", {"ended_on": "2020-01-01"}))
        fields: dict[str, Any] = {"name": "Alpha", "name_key": name_key("Alpha"), "owner_id": "kim", "status": "active"}
        changes.append(Change("account", "A", {**fields, "template_ids": '["general"]', "focus": 0}))
        made.ledger.save(changes)
        yield made


def slot(ws: Workspace) -> Slot:
    found = ws.ledger.find(Slot, "A:cio")
    assert found is not None
    return found


def counts(ws: Workspace) -> tuple[int, int, int]:
    team = ws.status()["team"]
    return team["required"], team["named"], team["not_applicable"]


def propose(ws: Workspace, by: str = "kim") -> None:
    ws.ledger.actor = by
    ws.edit_slot("A", "cio", proposed="not_applicable", proposed_why=WHY)


def test_a_proposal_is_kept_beside_an_unchanged_slot_and_counts_nothing(ws: Workspace) -> None:
    ws.edit_slot("A", "cio", holder="Ann")
    before, was = counts(ws), slot(ws)
    propose(ws)
    now = slot(ws)
    assert (now.status, now.employment_id, now.agreed_by) == (was.status, was.employment_id, None)
    assert (now.proposed, now.proposed_by) == ("not_applicable", "kim")
    note = ws.ledger.find(Note, now.proposed_why)
    assert note is not None
    assert note.body == WHY
    assert counts(ws) == before == (12, 1, 0)


@pytest.mark.parametrize("who", ["lee", "han"])
def test_the_own_yes_of_a_coach_or_manager_writes_it_with_the_reason_proposed(ws: Workspace, who: str) -> None:
    propose(ws)
    why = slot(ws).proposed_why
    ws.ledger.actor = who
    ws.edit_slot("A", "cio", status="not_applicable")
    now = slot(ws)
    assert (now.status, now.agreed_by, now.reason_note) == ("not_applicable", who, why)
    assert (now.proposed, now.proposed_by, now.proposed_why) == (None, None, None)
    assert counts(ws) == (11, 0, 1)


@pytest.mark.parametrize("who", ["kim", "yoon", "sue", "old", "a login of nobody"])
def test_nobody_else_can_agree_and_nothing_is_written(ws: Workspace, who: str) -> None:
    propose(ws)
    ws.ledger.actor = who
    before = ws.ledger.last_at()
    for more in ({}, {"reason": WHY}, {"reason": WHY, "agreed_by": "lee"}):
        with pytest.raises(BadInput) as refused:
            ws.edit_slot("A", "cio", status="not_applicable", **more)
        assert refused.value.code == "slot.agreed_by"
    assert ws.ledger.last_at() == before


def test_naming_somebody_else_is_refused_also_to_a_coach(ws: Workspace) -> None:
    ws.ledger.actor = "lee"
    with pytest.raises(BadInput) as refused:
        ws.edit_slot("A", "cio", status="not_applicable", reason=WHY, agreed_by="han")
    assert refused.value.code == "slot.agreed_for"
    ws.edit_slot("A", "cio", status="not_applicable", reason=WHY, agreed_by="lee")
    assert slot(ws).agreed_by == "lee"


def test_a_reason_is_needed_to_propose_and_to_agree_without_a_proposal(ws: Workspace) -> None:
    ws.ledger.actor = "lee"
    for edit in ({"proposed": "not_applicable"}, {"proposed": "not_applicable", "proposed_why": " "}):
        with pytest.raises(BadInput):
            ws.edit_slot("A", "cio", **edit)
    with pytest.raises(BadInput):
        ws.edit_slot("A", "cio", status="not_applicable")
    with pytest.raises(BadInput):
        ws.edit_slot("A", "cio", proposed="vacant", proposed_why=WHY)


def test_a_proposal_goes_when_it_is_declined_or_somebody_is_found(ws: Workspace) -> None:
    propose(ws)
    ws.ledger.actor = "lee"
    ws.edit_slot("A", "cio", proposed=None)
    assert (slot(ws).proposed, slot(ws).status) == (None, "open")
    propose(ws)
    ws.edit_slot("A", "cio", holder="Ann")
    assert slot(ws).proposed is None
    propose(ws)
    ws.edit_slot("A", "cio", disposition="neutral")
    assert slot(ws).proposed == "not_applicable"


def test_a_yes_to_a_proposal_that_was_replaced_is_a_conflict(ws: Workspace) -> None:
    propose(ws)
    seen = slot(ws).version
    ws.edit_slot("A", "cio", proposed="not_applicable", proposed_why="another reason")
    ws.ledger.actor = "lee"
    with pytest.raises(Conflict):
        ws.edit_slot("A", "cio", status="not_applicable", base=seen)
    assert slot(ws).status == "open"


def test_a_row_of_before_stays_valid(ws: Workspace) -> None:
    """Until now a rep wrote it and named who had agreed."""
    old = {"account_id": "A", "role": "cio", "status": "not_applicable", "agreed_by": "yoon"}
    ws.ledger.save([Change("slot", "A:cio", old)])
    assert counts(ws) == (11, 0, 1)
    ws.edit_slot("A", "cio", review_on="2999-01-01")
    assert (slot(ws).status, slot(ws).agreed_by) == ("not_applicable", "yoon")


def test_the_commands_propose_list_agree_and_decline(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(who: str, *arguments: str) -> str:
        monkeypatch.setenv("COVERAGE_KIT_ACTOR", who)
        done = CliRunner().invoke(cli, ["-w", str(ws.path), "proposals", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    run("kim", "propose", "A", "cio", "--why", WHY)
    run("kim", "propose", "A", "cfo", "--why", WHY)
    found = json.loads(run("lee", "list", "--json"))
    assert [(each["account"], each["role"], each["by"], each["why"]) for each in found] == [
        ("A", "cio", "Kim", WHY),
        ("A", "cfo", "Kim", WHY),
    ]
    with pytest.raises(BadInput):
        run("kim", "agree", "A", "cio")
    run("lee", "agree", "A", "cio", "--review-on", "2999-01-01")
    run("lee", "decline", "A", "cfo")
    assert json.loads(run("lee", "list", "--json")) == []
    assert counts(ws) == (11, 0, 1)
