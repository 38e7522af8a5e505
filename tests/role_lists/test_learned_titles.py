"""A title is learned when people of that title hold a role here; it can be looked at and taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import init_workspace
from coverage_kit.cli import cli
from coverage_kit.errors import NotFound
from coverage_kit.store import Change
from coverage_kit.workspace import Workspace

pytestmark = pytest.mark.slow


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    with init_workspace(tmp_path / "ws", lang="en", actor="lee") as made:
        own = {"status": "active", "focus": 1, "owner_id": "kim"}
        changes = [Change("staff", "kim", {"name": "Kim", "function": "rep"})]
        changes += [Change("account", key, {"name": key, "name_key": key, **own}) for key in ("a", "b", "c")]
        made.ledger.save(changes)
        yield made


def hold(ws: Workspace, account: str, role: str, title: str) -> None:
    ws.edit_slot(account, role, holder=f"{account} {role}")
    ws.edit_person(f"{account} {role}", account, title=title)


def roles_of(ws: Workspace, title: str) -> dict[str, str]:
    [found] = ws.suggest_roles([title])
    return {one.role: one.grounds.value for one in found.suggestions}


def test_a_holders_title_suggests_the_role_and_more_holders_suggest_it_first(ws: Workspace) -> None:
    assert roles_of(ws, "가치혁신 파트너") == {}
    hold(ws, "a", "it_manager", "가치혁신 파트너")
    assert roles_of(ws, "가치 혁신  파트너") == {"it_manager": "confirmed"}
    hold(ws, "b", "purchasing_manager", "가치혁신파트너")
    hold(ws, "c", "purchasing_manager", "가치혁신 파트너")
    assert list(roles_of(ws, "가치혁신 파트너")) == ["purchasing_manager", "it_manager"]
    [found] = ws.suggest_roles(["가치혁신 파트너"])
    assert [one.n for one in found.suggestions] == [2, 1]


@pytest.mark.parametrize("title", ["부장", "Manager", "전 가치혁신 파트너", "대표이사 비서", "Former IT wizard"])
def test_a_rank_a_former_holder_and_an_assistant_teach_nothing(ws: Workspace, title: str) -> None:
    hold(ws, "a", "it_manager", title)
    assert ws.roles.learned_titles() == []
    assert roles_of(ws, title) == {}


def test_a_title_that_is_a_roles_name_keeps_its_role(ws: Workspace) -> None:
    hold(ws, "a", "it_manager", "구매팀장")
    assert roles_of(ws, "구매팀장") == {"purchasing_manager": "name"}


def test_a_learned_title_is_taken_out_and_brought_back(ws: Workspace, tmp_path: Path) -> None:
    hold(ws, "a", "it_manager", "가치혁신 파트너")
    run = CliRunner().invoke
    folder = str(tmp_path / "ws")
    assert run(cli, ["-w", folder, "roles", "refuse-title", "it_manager", "가치혁신파트너"]).exit_code == 0
    listed = json.loads(run(cli, ["-w", folder, "roles", "titles", "--json"]).output)
    assert listed == [{"role": "it_manager", "title": "가치혁신 파트너", "n": 1, "is_refused": True}]
    assert roles_of(ws, "가치혁신 파트너") == {}
    at = ws.ledger.last_at()
    ws.roles.refuse_title("it_manager", "가치혁신 파트너")
    assert ws.ledger.last_at() == at
    ws.roles.allow_title("it_manager", "가치혁신 파트너")
    assert roles_of(ws, "가치혁신 파트너") == {"it_manager": "confirmed"}
    ws.roles.refuse_title("it_manager", "가치혁신 파트너")
    assert roles_of(ws, "가치혁신 파트너") == {}


def test_only_a_learned_title_can_be_taken_out(ws: Workspace) -> None:
    with pytest.raises(NotFound, match="holds cfo here"):
        ws.roles.refuse_title("cfo", "Wizard of finance")


def test_a_title_that_was_erased_is_forgotten(ws: Workspace) -> None:
    hold(ws, "a", "it_manager", "가치혁신 파트너")
    ws.edit_person("a it_manager", "a", title="")
    assert ws.roles.learned_titles() == []
