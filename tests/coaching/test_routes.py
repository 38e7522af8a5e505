"""Paths to customers: planned for a list and an offering, inherited, left for must-win accounts; actual is derived."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from coverage_kit import BadInput, NotFound
from coverage_kit.coaching.routes import AccountPath
from coverage_kit.domain.coaching import Route
from coverage_kit.measures import paths
from tests.coaching.conftest import TeamDay

PATH = (("cfo", "phone", "attention"), ("cfo", "in_person", "interest"), ("ceo", "referral", "desire"))


@pytest.fixture
def sold(team: TeamDay) -> TeamDay:
    """ERP is sold at A and C, under one path."""
    team.ws.roles.add_offering("ERP", ko="전사 자원 관리", en="Resource planning")
    team.ws.roles.set_offerings(["A", "C"], ["ERP"])
    team.ws.coaching.routes.set("general", "ERP", PATH)
    return team


def path(team: TeamDay, account: str = "A") -> AccountPath:
    (found,) = team.ws.coaching.routes.of(account)
    return found


def taken(team: TeamDay, account: str = "A") -> list[bool]:
    """As the account shows it, and the same as the measure says."""
    own = [step.taken for step in path(team, account).steps]
    table = team.ws.coaching.routes.standing().set_index("account")
    assert (table.loc[account, "steps"], table.loc[account, "taken"]) == (len(own), sum(own))
    return own


def test_accounts_with_the_offering_inherit_the_path_of_their_list(sold: TeamDay) -> None:
    routes = sold.ws.coaching.routes
    assert [(step.role, step.route, step.stage) for step in path(sold).steps] == list(PATH)
    assert (path(sold).is_own, path(sold, "C").role_list, routes.of("B")) == (False, "general", [])
    assert routes.standing()["account"].tolist() == ["A", "C"]
    assert routes.standing("park")["account"].tolist() == ["C"]
    routes.remove("general", "ERP")
    assert (routes.paths(), routes.of("A"), len(routes.standing())) == ([], [], 0)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ((), "one to 3 steps"),
        ((*PATH, ("ceo", "event", "action")), "one to 3 steps"),
        ((("janitor", "phone", "attention"),), "janitor"),
        ((("cfo", "pigeon", "attention"),), "pigeon"),
        ((("cfo", "phone", "love"),), "love"),
        ((("cfo", "phone", "interest"), ("cfo", "event", "interest")), "are the same"),
    ],
)
def test_a_path_has_at_most_three_steps_over_roles_of_the_list(sold: TeamDay, steps: tuple, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        sold.ws.coaching.routes.set("general", "ERP", steps)
    assert [len(one.steps) for one in sold.ws.coaching.routes.paths()] == [3]


def test_a_path_needs_a_base_list_and_an_offering_that_are_here(sold: TeamDay) -> None:
    routes = sold.ws.coaching.routes
    for role_list, offering in (("nowhere", "ERP"), ("general", "Mars")):
        with pytest.raises(NotFound):
            routes.set(role_list, offering, PATH)
    with pytest.raises(NotFound, match="No path"):
        routes.remove("bank", "ERP")


def test_steps_are_taken_by_what_was_kept_with_the_holder(sold: TeamDay) -> None:
    ws, book = sold.ws, sold.ws.coaching.commitments
    ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=sold.day, verified_how="public_source")
    assert taken(sold) == [False, False, False]
    ws.coaching.people.confirm("Ann Lee", "A", how="call")
    assert taken(sold) == [True, False, False]
    given = ws.coaching.value.give("Ann Lee", "A", "insight", "Where stock is short", need="Stock")
    assert taken(sold) == [True, True, False]
    # Interest came by phone, not in person; the CEO is another person.
    assert [step.other_route for step in path(sold).steps] == [False, True, False]
    ws.coaching.value.receive(given, "We saved a week")
    assert [step.reached for step in path(sold).steps] == ["desire", "desire", None]
    ws.edit_slot("A", "ceo", holder="Bob Kim", representative="kim", can_meet=True, can_deliver=True)
    made = book.add(book.draft_from_gap("A", "ceo"))
    book.settle(made.id, "kept")
    assert path(sold).steps[2].reached is None, "the commitment was to check the name"
    ws.coaching.people.set_stage("Bob Kim", "A", "ERP", "desire")
    assert taken(sold) == [True, True, False], "a stage below action is not taken at its word"
    ws.coaching.people.set_stage("Bob Kim", "A", "ERP", "action")
    assert taken(sold) == [True, True, True]
    assert (path(sold).next, path(sold).stands_still) == (None, False)


def test_a_kept_commitment_to_talk_counts_with_its_route(sold: TeamDay) -> None:
    ws, book = sold.ws, sold.ws.coaching.commitments
    ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=sold.day, verified_how="public_source")
    made = book.add(replace(book.draft_from_gap("A", "cfo"), route=Route.IN_PERSON))
    assert made.kind == "open_path"
    assert taken(sold)[0] is False
    book.settle(made.id, "kept")
    assert (taken(sold)[0], path(sold).steps[0].other_route) == (True, True)
    table = ws.coaching.routes.standing().set_index("account")
    assert table.loc["A", "by_other_route"] == 1


def test_a_new_holder_begins_at_nothing_and_the_path_remembers_when_it_moved(sold: TeamDay) -> None:
    ws = sold.ws
    ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=sold.day, verified_how="call")
    sold.later(14)
    ws.coaching.value.give("Ann Lee", "A", "insight", "Where stock is short", need="Stock")
    ws.end_employment("Ann Lee", "A", kind="left")
    assert taken(sold) == [False, False, False]
    sold.later(14)
    assert (path(sold).idle_weeks, path(sold).stands_still) == (2, False)
    assert ws.coaching.routes.standing().set_index("account").loc["A", "idle_weeks"] == 2


def test_a_path_stands_still_after_three_weeks_without_anything_kept(sold: TeamDay) -> None:
    table = sold.ws.coaching.routes.standing
    sold.later(20)
    assert not table()["stands_still"].any()
    sold.later(1)
    assert table()["stands_still"].all()
    assert path(sold).stands_still
    sold.ws.edit_slot("C", "cfo", holder="Ann Lee", verified_on=sold.day, verified_how="call")
    assert table().set_index("account")["stands_still"].to_dict() == {"A": True, "C": False}
    assert table().iloc[0][["account", "role", "route", "stage"]].tolist() == ["A", "cfo", "phone", "attention"]


def test_only_a_must_win_account_departs_and_it_can_follow_again(sold: TeamDay) -> None:
    ws, routes, own = sold.ws, sold.ws.coaching.routes, (("ceo", "event", "attention"),)
    with pytest.raises(BadInput, match="no must-win account"):
        routes.depart("A", "ERP", own)
    ws.ledger.actor = "boss"
    for account in ("A", "B"):
        ws.coaching.must_win.star(account)
    ws.ledger.actor = "lee"
    with pytest.raises(BadInput, match="has no path"):
        routes.depart("B", "ERP", own)
    sold.later(1)
    routes.depart("A", "ERP", own)
    assert (path(sold).is_own, [step.role for step in path(sold).steps]) == (True, ["ceo"])
    assert routes.standing().set_index("account")[["steps", "is_own"]].to_numpy().tolist() == [[1, True], [3, False]]
    routes.follow("A", "ERP")
    assert not path(sold).is_own
    with pytest.raises(NotFound, match="already"):
        routes.follow("A", "ERP")


def test_a_position_that_is_not_required_is_no_step(sold: TeamDay) -> None:
    ws = sold.ws
    ws.edit_slot("A", "ceo", status="not_applicable", reason="The owner decides")
    assert [step.role for step in path(sold).steps] == ["cfo", "cfo"]
    assert taken(sold) == [False, False]


def test_an_act_sent_again_writes_once_and_a_past_week_keeps_its_path(sold: TeamDay) -> None:
    ws, routes, before = sold.ws, sold.ws.coaching.routes, sold.ws.now()
    sold.later(1)
    edit = routes.set("general", "ERP", PATH[:1], edit_id="ed_path")
    assert routes.set("general", "ERP", PATH[:1], edit_id="ed_path").versions == edit.versions
    routes.remove("general", "ERP", edit_id="ed_gone")
    routes.remove("general", "ERP", edit_id="ed_gone")
    history = ws.history()
    assert (len(paths(history, ws.now())), paths(history, before)["steps"].tolist()) == (0, [3, 3])
    ws.undo("ed_gone")
    assert len(path(sold).steps) == 1


def test_a_merged_account_takes_its_own_steps_along(sold: TeamDay) -> None:
    ws, routes = sold.ws, sold.ws.coaching.routes
    ws.ledger.actor = "boss"
    ws.coaching.must_win.star("A")
    ws.ledger.actor = "lee"
    routes.depart("A", "ERP", (("ceo", "event", "attention"),))
    edit = ws.merging.save("account", "C", "A")
    assert (path(sold, "C").is_own, len(path(sold, "C").steps)) == (True, 1)
    ws.merging.undo(edit.edit_id)
    assert (path(sold, "C").is_own, path(sold, "A").is_own) == (False, True)


def test_a_path_begun_by_a_predecessor_is_no_standstill_of_the_new_holder(sold: TeamDay) -> None:
    ws = sold.ws
    sold.later(28)
    ws.edit_slot("A", "cfo", holder="Ann Lee", verified_on=sold.day, verified_how="call")
    sold.later(1)
    ws.edit_slot("A", "cfo", holder="Jane Doe")
    assert (taken(sold), path(sold).stands_still, path(sold).idle_weeks) == ([False] * 3, False, 0)
    sold.later(timedelta(weeks=3).days)
    assert path(sold).stands_still
