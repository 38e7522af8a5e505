"""Agenda and commitments on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coverage_kit.store.entities import Account
from tests import commands
from tests.coaching.conftest import TeamDay

pytestmark = pytest.mark.slow


def run(*arguments: object, code: int = 0, actor: str = "coach.lee") -> str:
    return commands.run(*arguments, code=code, env={"COVERAGE_KIT_ACTOR": actor, "PATH": "/usr/bin:/bin"})


def test_a_team_that_agreed_on_nothing_and_starred_no_account_is_shown_what_comes_first(tmp_path: Path) -> None:
    home = tmp_path / "ws"
    run("init", home, "--lang", "en")
    (tmp_path / "staff.csv").write_text("key,name,function,manager\nmo,Mo Han,manager,\nann,Ann,rep,mo\n")
    run("-w", home, "import", "staff", tmp_path / "staff.csv")
    assert "Nothing is agreed yet" in run("-w", home, "agreement", "show", actor="mo")
    assert json.loads(run("-w", home, "deal-review", "--json", actor="mo")) == {"made": []}


def test_the_hour_and_the_answers_of_a_manager(tmp_path: Path) -> None:
    from coverage_kit import open_workspace

    home = tmp_path / "ws"
    run("init", home, "--lang", "ko")
    run("-w", home, "sample")
    entries = json.loads(run("-w", home, "agenda", "--rep", "jihye.kim", "--minutes", "30", "--json"))
    assert entries
    assert {"account", "role", "minutes", "why"} <= set(entries[0])
    assert sum(entry["minutes"] for entry in entries) <= 30
    assert entries[0]["why"] in run("-w", home, "agenda", "--rep", "jihye.kim", "--minutes", "30")
    # A manager has no accounts; the accounts' names say where their commitments are.
    own = json.loads(run("-w", home, "agenda", "--rep", "manager.han", "--json"))
    with open_workspace(home, actor="coach.lee") as ws:
        names = {row.id: row.name for row in ws.ledger.as_of(Account)}
        assert own
        assert {(entry["account"], entry["account_name"]) for entry in own} <= names.items()
        assert "manager.han" not in ws.reps()
        book = ws.coaching.commitments
        asked = [
            book.add(
                book.draft_help("jihye.kim", "manager.han", action=f"도와주기 {n}", scope=f"x:{n}"), confirmed=True
            ).id
            for n in range(3)
        ]
    mine = json.loads(run("-w", home, "commitments", "list", "--json", actor="manager.han"))
    assert set(asked) <= {one["id"] for one in mine}
    assert "12월 4일" in run("-w", home, "commitments", "accept", asked[0], "--by", "2026-12-04")
    one = next(one for one in mine if one["id"] == asked[1])
    later = ("-w", home, "commitments", "accept", asked[1], "--by", "2026-12-07", "--seen", one["version"])
    assert "12월 7일" in run(*later, "--edit-id", "ed_once")
    assert "12월 7일" in run(*later, "--edit-id", "ed_once", actor="manager.han"), "sent again: written once"
    again = ("-w", home, "commitments", "accept", asked[1], "--by", "2026-12-08", "--seen", one["version"])
    assert "이정훈" in run(*again, actor="manager.han", code=2), "the coach was first"
    assert "ed_" in run(*later, "--edit-id", "x", code=2)
    ahead = ("--seen", one["version"] + 50)
    assert "가장 새 버전" in run("-w", home, "commitments", "hand-on", asked[1], "--to", "coach.lee", *ahead, code=2)
    run("-w", home, "commitments", "hand-on", asked[1], "--to", "coach.lee")
    assert "거둠" in run("-w", home, "commitments", "decline", asked[2], "--reason", "매각 중인 고객사")
    run("-w", home, "commitments", "settle", asked[0], "not_kept", code=2)
    assert "당장 목표에 밀림" in run(
        "-w", home, "commitments", "settle", asked[0], "not_kept", "--reason", "pushed_aside"
    )
    mine = json.loads(run("-w", home, "commitments", "list", "--json", actor="manager.han"))
    assert not set(asked) & {one["id"] for one in mine}
    assert "co_nothing" in run("-w", home, "commitments", "accept", "co_nothing", code=2)
    run("-w", home, "commitments", "climb")


def test_the_agreement_from_terms_to_signatures_and_its_page(tmp_path: Path) -> None:
    home = tmp_path / "ws"
    run("init", home, "--lang", "en")
    run("-w", home, "sample", actor="coach.lee")
    # The sample's team has agreed; other terms are agreed to again.
    assert "held 6 of 7 weeks" in run("-w", home, "agreement", "show")
    terms = ("--answer-days", 5, "--gives-way", "The Friday list")
    run("-w", home, "agreement", "set", "--manager", "manager.han", *terms)
    assert json.loads(run("-w", home, "agreement", "show", "--json"))[0]["missing"] == ["executive", "manager"]
    for who in ("manager.han", "exec.yoon"):
        run("-w", home, "agreement", "sign", "--manager", "manager.han", actor=who)
    page = tmp_path / "agreement.html"
    [shown] = json.loads(run("-w", home, "agreement", "show", "--json", "--print", page))
    assert (shown["stands"], shown["terms"]["answer_days"], shown["missing"]) == (True, 5, [])
    assert "The Friday list" in page.read_text(encoding="utf-8")
    assert "out of range" in run("-w", home, "agreement", "set", "--manager", "manager.han", "--minutes", 5, code=2)
    refused = run("-w", home, "agreement", "sign", "--manager", "manager.han", code=2, actor="jihye.kim")
    assert "open your own link" in refused
    cancelled = run("-w", home, "agreement", "cancel", "pushed_aside", "--manager", "manager.han")
    assert "cancelled: pushed aside" in cancelled
    [review] = json.loads(run("-w", home, "deal-review", "--json"))["made"]
    assert review.endswith("2026-Q4-manager.han.html")


def test_paths_and_rhythm_in_a_terminal(team: TeamDay) -> None:
    ws, home = team.ws, team.ws.path
    ws.roles.add_offering("ERP", ko="전사 자원 관리", en="Resource planning")
    ws.roles.set_offerings(["A", "C"], ["ERP"])
    ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=team.day, verified_how="call")
    ws.ledger.actor = "boss"
    ws.coaching.must_win.star("A")
    steps = ("cfo:phone:attention", "ceo:referral:interest")

    def command(*words: object, code: int = 0) -> str:
        return run("-w", home, *words, code=code, actor="lee")

    assert "No path is set yet" in command("routes", "list")
    assert "ROLE:ROUTE:STAGE" in command("routes", "set", "general", "ERP", "cfo", code=2)
    for _ in range(2):
        assert "Path set" in command("routes", "set", "general", "ERP", *steps, "--edit-id", "ed_path")
    [path] = json.loads(command("routes", "list", "--json"))
    assert (path["accounts"], path["standing_still"], path["version"], len(path["steps"])) == (2, 0, 1, 2)
    assert "general · ERP: cfo:phone:attention → ceo:referral:interest (2 accounts" in command("routes", "list")
    [shown] = json.loads(command("routes", "show", "A", "--json"))
    assert [step["taken"] for step in shown["steps"]] == [True, False]
    assert "[x] cfo:phone:attention  attention" in command("routes", "show", "A")
    command("routes", "depart", "A", "ERP", "ceo:event:attention")
    assert json.loads(command("routes", "show", "A", "--json"))[0]["own"] is True
    assert "no must-win" in command("routes", "depart", "C", "ERP", "ceo:event:attention", code=2)
    command("routes", "follow", "A", "ERP")
    command("routes", "remove", "general", "ERP")
    assert json.loads(command("routes", "list", "--json")) == []


def test_a_contact_is_planned_and_goes_into_a_calendar_file_in_a_terminal(team: TeamDay, tmp_path: Path) -> None:
    team.ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=team.day, verified_how="call")
    # Commands go by the computer's clock, so the day lies far ahead of any.
    [one] = json.loads(run("-w", team.ws.path, "rhythm", "list", "--account", "A", "--json", actor="lee"))
    assert (one["last"], one["next"], one["version"]) == (None, None, 0)
    planned = run("-w", team.ws.path, "rhythm", "plan", one["person"], "A", "2199-12-01", actor="lee")
    assert "2199-12-01" in planned
    [one] = json.loads(run("-w", team.ws.path, "rhythm", "list", "--rep", "kim", "--planned", "--json", actor="lee"))
    assert (one["next"], one["version"]) == ("2199-12-01", 1)
    assert "next" in run("-w", team.ws.path, "rhythm", "list", "--planned", actor="lee")
    assert "1 planned" in run("-w", team.ws.path, "rhythm", "ics", tmp_path / "c.ics", "--rep", "kim", actor="lee")
    assert "DTSTART;VALUE=DATE:21991201" in (tmp_path / "c.ics").read_text(encoding="utf-8")
    assert (tmp_path / "c.ics").stat().st_mode & 0o077 == 0
    run("-w", team.ws.path, "rhythm", "plan", one["person"], "A", actor="lee")
    assert "Nobody to show" in run("-w", team.ws.path, "rhythm", "list", "--planned", actor="lee")
