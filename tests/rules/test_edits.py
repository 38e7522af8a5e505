"""Each rule of an edit, on rows that a person can check by hand; and input that no rule can use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from coverage_kit import BadInput, Conflict, Workspace, init_workspace
from coverage_kit.domain.identifiers import MAX_TEXT
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.slot_state import Freshness, slot_state
from coverage_kit.rules.inputs import past_day
from coverage_kit.store import Change
from coverage_kit.store.entities import Commitment, Employment, Person, Slot
from tests.conftest import HandClock

pytestmark = pytest.mark.slow

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
TODAY = date(2026, 11, 25)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    own = {"status": "active", "template_ids": '["general"]', "owner_id": "kim"}
    with init_workspace(tmp_path / "ws", actor="kim", clock=HandClock(NOON)) as made:
        made.ledger.save(
            [
                Change("staff", "kim", {"name": "Kim", "login": "kim", "function": "rep"}),
                Change("account", "A", {"name": "Hanbit", "name_key": "hanbit", **own}),
                Change("account", "B", {"name": "Daon", "name_key": "daon", **own}),
            ]
        )
        yield made


def employment(ws: Workspace) -> Employment:
    return ws.ledger.as_of(Employment, account_id="A")[0]


def test_an_older_check_of_one_role_leaves_the_newer_check_of_the_person(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann", verified_on="2026-11-20", verified_how="call")
    ws.edit_slot("A", "cfo", holder="Ann", verified_on="2026-10-01", verified_how="meeting")
    assert (employment(ws).verified_on, employment(ws).verified_how) == ("2026-11-20", "call")
    assert ws.ledger.find(Slot, "A:cfo").verified_on == "2026-10-01"
    ws.coaching.people.confirm("Ann", "A", how="reply", on="2026-11-01")
    assert employment(ws).verified_on == "2026-11-20"
    ws.coaching.people.confirm("Ann", "A", how="reply", on="2026-11-24")
    assert employment(ws).verified_on == "2026-11-24"


def test_a_departure_asks_once_for_the_successor_wherever_it_is_recorded(ws: Workspace) -> None:
    ws.edit_slot("A", "cfo", holder="Ann")
    ws.edit_slot("A", "ceo", holder="Ann")
    edit = ws.end_employment("Ann", "A", kind="moved", moved_to="B")
    asked = ws.ledger.as_of(Commitment, account_id="A")
    assert [(each.role, each.owner_id, each.edit_id) for each in asked] == [("ceo", "kim", edit.edit_id)]
    assert [job.end_kind for job in ws.ledger.as_of(Employment, account_id="B")] == [None]


def test_an_account_that_changes_hands_takes_its_open_commitments_along(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    ws.end_employment("Ann", "A", kind="left")
    ws.assign(["A"], "park")
    assert [(each.owner_id, each.rep_id) for each in ws.ledger.as_of(Commitment)] == [("park", "park")]


def test_a_new_holder_starts_without_what_was_recorded_of_the_one_before(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann", verified_on="2026-11-20", disposition="favorable", representative="kim")
    ws.edit_slot("A", "ceo", holder="Bob")
    slot = ws.ledger.find(Slot, "A:ceo")
    assert (slot.verified_on, slot.disposition, slot.representative_id) == (None, None, None)


@pytest.mark.parametrize("value", ["2026-11-26", date(2026, 11, 26), "9999-12-31", "0206-11-22", "yesterday", 5])
def test_a_day_on_which_something_happened_is_a_day_and_not_after_today(value: object) -> None:
    with pytest.raises(BadInput):
        past_day(value, "verified_on", TODAY)
    assert past_day("2026-11-25", "verified_on", TODAY) == "2026-11-25"


@pytest.mark.parametrize(
    "fields",
    [
        {"holder": 5}, {"holder": "x" * 100_000}, {"holder": "a\ud800"}, {"holder": "Ann\x00"}, {"grounds": 5},
        {"representative": 5}, {"can_meet": "yes"}, {"can_deliver": 2}, {"verified_on": 5}, {"verified_how": ["call"]},
        {"status": 1}, {"disposition": "angry"}, {"review_on": "2026-11-25"}, {"holdr": "Ann"},
        {"status": "vacant", "holder": "Ann"}, {"status": "not_applicable", "reason": 5, "agreed_by": "kim"},
        {"holder": "Ann", "base": "1"}, {"holder": "Ann", "base": []}, {"status": "vacant", "review_on": date(9999, 12, 31)},
        {"holder": "Ann", "edit_id": "\ud800"}, {"holder": "Ann", "edit_id": "x" * (MAX_TEXT + 1)},
    ],
    ids=lambda fields: str(fields)[:40].encode("ascii", "replace").decode(),
)  # fmt: skip
def test_a_value_that_cannot_be_stored_is_refused_and_nothing_is_written(ws: Workspace, fields: dict) -> None:
    with pytest.raises(BadInput):
        ws.edit_slot("A", "ceo", **fields)
    assert ws.ledger.as_of(Slot) == ws.ledger.as_of(Person) == []


@pytest.mark.parametrize("edit_id", ["\ud800", "", "ed_nothing", 5])
def test_an_edit_that_cannot_be_is_not_taken_back(ws: Workspace, edit_id: object) -> None:
    with pytest.raises(BadInput):
        ws.undo(edit_id)


@pytest.mark.parametrize(
    "act",
    [
        lambda ws: ws.edit_slot("A", "\ud800", grounds="x"),
        lambda ws: ws.export_file("\ud800", "out.csv"),
        lambda ws: ws.export_file(None, "out.csv"),
        lambda ws: ws.import_file("\ud800", "in.csv"),
        lambda ws: ws.import_file([], "in.csv"),
        lambda ws: ws.import_file("accounts", __file__, unclear="\ud800"),
        lambda ws: ws.suggest_roles([5]),
        lambda ws: ws.edit_slot("A", "x" * 100_000, grounds="x"),
        lambda ws: ws.coaching.commitments.accept("\udcff"),
        lambda ws: ws.coaching.sessions.resume("\udcff"),
        lambda ws: ws.coaching.ties.remove("\udcff"),
        lambda ws: ws.people("\udcff"),
        lambda ws: ws.status(as_of=10**20),
        lambda ws: ws.status(as_of=True),
        lambda ws: ws.status(as_of=NOON + 1_000),
    ],
)
def test_what_no_function_can_use_is_refused_in_words_that_can_be_shown(
    ws: Workspace, act: Callable[[Workspace], object]
) -> None:
    with pytest.raises(BadInput) as refused:
        act(ws)
    assert len(str(refused.value).encode("utf-8")) < 1_000


@pytest.mark.parametrize("fields", [{"verified_on": "2026-11-25"}, {"disposition": "favorable"}, {"can_meet": True}])
def test_without_a_version_an_opinion_never_lands_on_somebody_who_came_in_between(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, fields: dict
) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    save = ws.ledger.save

    def overtaken(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(ws.ledger, "save", save)
        ws.edit_slot("A", "ceo", holder="Bob")
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)
    with pytest.raises(Conflict):
        ws.edit_slot("A", "ceo", **fields)
    slot = ws.ledger.find(Slot, "A:ceo")
    assert (slot.verified_on, slot.disposition, slot.can_meet) == (None, None, None)


def test_a_check_never_lands_on_somebody_whose_departure_was_recorded_in_between(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    save = ws.ledger.save

    def overtaken(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(ws.ledger, "save", save)
        ws.end_employment("Ann", "A", kind="left", ended_on="2026-11-20")
        return save(*args, **kwargs)

    monkeypatch.setattr(ws.ledger, "save", overtaken)
    with pytest.raises(Conflict):
        ws.edit_slot("A", "ceo", verified_on="2026-11-25", verified_how="call")
    assert employment(ws).verified_on is None


def test_a_role_of_two_lists_counts_once_with_the_strictest_window_and_the_first_wording() -> None:
    def body(days: int, *titles: tuple[str, str]) -> str:
        roles = ", ".join(f'{{"key": "{key}", "title": {{"ko": "{title}", "en": "{title}"}}}}' for key, title in titles)
        return f'{{"freshness_days": {days}, "applies_to": {{"industries": ["IT"]}}, "roles": [{roles}]}}'

    lists = RoleLists([("base", body(180, ("ceo", "CEO"), ("cfo", "CFO"))), ("it", body(90, ("cfo", "Finance")))])
    merged = [(each.key, each.role_list, each.freshness_days) for each in lists.union(("base", "it"))]
    assert merged == [("ceo", "base", 180), ("cfo", "base", 90)]
    assert lists.roles()["cfo"]["title"]["en"] == "CFO"


def test_the_state_of_a_slot_follows_its_rows(ws: Workspace) -> None:
    def state() -> tuple[str, Freshness]:
        found = ws.ledger.find(Slot, "A:ceo")
        holder = ws.ledger.find(Employment, found.employment_id if found else None)
        now = slot_state(found, holder, None, TODAY, 180)
        return now.mark, now.freshness

    assert state() == ("0", Freshness.UNKNOWN)
    ws.edit_slot("A", "ceo", holder="Ann")
    assert state() == ("1", Freshness.NEVER)
    ws.edit_slot("A", "ceo", verified_on="2026-05-01")
    assert state() == ("1", Freshness.STALE)
    ws.edit_slot("A", "ceo", verified_on="2026-06-01")
    assert state() == ("2", Freshness.DUE_SOON)
    ws.edit_slot("A", "ceo", verified_on="2026-11-24")
    assert state() == ("2", Freshness.FRESH)
    ws.end_employment("Ann", "A", kind="retired")
    assert state() == ("0", Freshness.UNKNOWN)
    ws.edit_slot("A", "ceo", status="vacant", verified_on="2026-11-24")
    assert state() == ("2", Freshness.VACANT)


def test_a_new_person_may_have_the_name_of_somebody_who_is_there(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann Lee")
    ws.edit_slot("A", "cfo", new_holder="Ann Lee")
    people = ws.people("A")
    assert (people["name"] == "Ann Lee").sum() == 2
    held = ws.slots().set_index(["account", "role"])["person"]
    assert held["A", "ceo"] != held["A", "cfo"]
