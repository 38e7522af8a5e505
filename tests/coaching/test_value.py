"""Value given to people: against a need, received only in the customer's words, and never a meal or a gift."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from coverage_kit.coaching.value import ValuesGiven
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.value import favour_in
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.measures import Balance, value_balance, value_by_kind
from coverage_kit.store.entities import Account


@pytest.fixture
def ann(team):
    can = {"representative": "boss", "can_meet": True, "can_deliver": True}
    team.ws.edit_slot("A", "ceo", holder="Ann Lee", verified_on=team.day, verified_how="call", **can)
    return "Ann Lee", "A"


def test_value_is_given_against_the_need_that_is_written(team, ann) -> None:
    value = team.ws.coaching.value
    with pytest.raises(BadInput, match="need"):
        value.give(*ann, "insight", "Why presses stand still")
    team.ws.coaching.people.set_need(*ann, "fewer standstills")
    value.give(*ann, "insight", "Why presses stand still")
    said = team.ws.coaching.voices.add(*ann, "need", "A course for the night shift")
    value.give(*ann, "training", "A course for the night shift", need=said)
    value.give(*ann, "saving", "Half the oil", need="lower cost")
    found = {one.kind: (one.need, one.voice) for one in value.find(account="A")}
    assert found == {
        "insight": ("fewer standstills", None),
        "training": ("A course for the night shift", said),
        "saving": ("lower cost", None),
    }


def test_the_need_of_somebody_else_is_refused(team, ann) -> None:
    team.ws.edit_slot("A", "cfo", holder="Bob")
    bobs = team.ws.coaching.voices.add("Bob", "A", "need", "A quote")
    with pytest.raises(BadInput, match="somebody else"):
        team.ws.coaching.value.give(*ann, "insight", "A quote", need=bobs)


def test_value_is_received_only_in_the_words_of_the_customer(team, ann) -> None:
    value = team.ws.coaching.value
    key = value.give(*ann, "insight", "Why presses stand still", need="fewer standstills")
    assert value.balance(*ann) == Balance(asked=1, given=1, received=0)
    with pytest.raises(BadInput, match="own words"):
        value.receive(key, "  ")
    value.receive(key, "We changed the bearings after that")
    assert value.balance(*ann) == Balance(asked=1, given=1, received=1)


def test_a_line_tagged_value_received_stands_on_the_last_value_given(team, ann) -> None:
    value, voices = team.ws.coaching.value, team.ws.coaching.voices
    voices.add(*ann, "received", "That helped", edit_id="ed_before")
    assert value.balance(*ann).received == 0
    old = value.give(*ann, "training", "A course", need="skills", on=team.day - timedelta(days=5))
    new = value.give(*ann, "insight", "Why presses stand still", need="fewer standstills")
    voices.add(*ann, "received", "We changed the bearings after that", edit_id="ed_said")
    words = {one.id: one.received for one in value.find(account="A")}
    assert words == {old: None, new: "We changed the bearings after that"}
    team.ws.undo("ed_said")
    assert value.balance(*ann) == Balance(asked=1, given=2, received=0)


@pytest.mark.parametrize(
    "courtesy",
    [
        "점심 대접", "저녁 식사", "명절 선물 세트", "상품권 전달", "골프 라운딩", "경조사 참석", "조의금", "결혼식 화환", "커피 기프티콘",
        "Took her to lunch", "A gift for the holidays", "a round of golf", "Dinner with the board", "condolences", "GIFT CARD", "paid for a meal",
    ],
)  # fmt: skip
def test_a_courtesy_is_no_value(team, ann, courtesy: str) -> None:
    with pytest.raises(BadInput, match="courtesy"):
        team.ws.coaching.value.give(*ann, "insight", courtesy, need="fewer standstills")
    assert team.ws.coaching.value.find() == []


@pytest.mark.parametrize(
    "work",
    ["골프장 잔디 관리비 절감안", "선물환 헤지 보고서", "식사업부 원가 분석", "Drainage plan for the golf course", "Gifted staff programme", "Mealybug control", "국내 세 곳의 사례"],
)  # fmt: skip
def test_the_trade_of_a_customer_is_no_courtesy(work: str) -> None:
    assert favour_in(work) is None


def test_a_team_changes_its_list_and_a_courtesy_cannot_be_put_on_it(team, ann) -> None:
    own = {"audit": {"ko": "현장 진단", "en": "an audit on site"}}
    context = replace(team.ws.coaching._context, settings=CoachingSettings(values=own))
    value = ValuesGiven(context)
    assert value.kinds() == own
    value.give(*ann, "audit", "Two days in the plant", need="fewer standstills")
    with pytest.raises(BadInput, match="audit"):
        value.give(*ann, "insight", "Why presses stand still", need="fewer standstills")
    for names in (
        {"ko": "골프", "en": "sport"},
        {"ko": "진단", "en": "a gift"},
        {"en": "an audit"},
        {"ko": " ", "en": "x"},
    ):
        with pytest.raises(ValueError, match="audit"):
            CoachingSettings(values={"audit": names})


def test_value_has_a_day_that_has_come_and_a_person_who_is_known(team, ann) -> None:
    value = team.ws.coaching.value
    with pytest.raises(BadInput, match="after today"):
        value.give(*ann, "insight", "x", need="y", on=team.day + timedelta(days=1))
    with pytest.raises(NotFound):
        value.give("Nobody", "A", "insight", "x", need="y")
    for wrong in (("", "x"), ("golf", "x"), ("insight", " ")):
        with pytest.raises(BadInput):
            value.give(*ann, *wrong, need="y")


def test_the_balance_looks_back_ninety_days_and_counts_a_day_once(team, ann) -> None:
    coaching = team.ws.coaching
    made = coaching.commitments.add(coaching.commitments.draft_from_gap("A", "ceo"))
    coaching.commitments.settle(made.id, "kept")
    coaching.people.confirm(*ann, how="meeting")
    coaching.value.give(*ann, "insight", "Why presses stand still", need="y", on=team.day)
    assert coaching.value.balance(*ann) == Balance(asked=1, given=1, received=0)
    team.later(3)
    coaching.people.confirm(*ann, how="public_source")
    assert coaching.value.balance(*ann).asked == 1
    coaching.people.confirm(*ann, how="reply")
    assert coaching.value.balance(*ann).asked == 2
    team.later(87)
    assert coaching.value.balance(*ann) == Balance(asked=2, given=1, received=0)
    team.later(1)
    assert coaching.value.balance(*ann) == Balance(asked=1, given=0, received=0)


def test_a_check_that_was_taken_back_asked_for_nothing(team, ann) -> None:
    team.later(2)
    edit = team.ws.coaching.people.confirm(*ann, how="call")
    assert team.ws.coaching.value.balance(*ann).asked == 2
    team.ws.undo(edit.edit_id)
    assert team.ws.coaching.value.balance(*ann).asked == 1


def test_people_with_nothing_given_are_those_whom_one_of_ours_can_meet(team, ann) -> None:
    team.ws.edit_slot("A", "cfo", holder="Bob", verified_on=team.day, verified_how="call")
    people = team.ws.coaching.value.people(rep="kim")
    assert people[["holder", "asked", "given"]].to_numpy().tolist() == [["Ann Lee", 1, 0]]
    before = team.ws.slots()["rung"].tolist()
    team.ws.coaching.value.give(*ann, "insight", "Why presses stand still", need="y")
    assert team.ws.coaching.value.people()["given"].tolist() == [1]
    assert team.ws.slots()["rung"].tolist() == before
    history, at = team.ws.history(), team.ws.now()
    assert value_by_kind(history, at).to_numpy().tolist() == [["insight", 1, 0]]
    assert value_balance(history, at, rep="park").empty
    assert value_by_kind(history, at, rep="park").empty


def test_values_are_in_no_export(team, ann, tmp_path) -> None:
    team.ws.coaching.value.give(*ann, "insight", "CANARY what", need="CANARY need")
    team.ws.coaching.voices.add(*ann, "received", "CANARY words")
    assert any("CANARY" in (one.received or "") for one in team.ws.coaching.value.find())  # the canary is there
    for kind in ("accounts", "contacts", "slots"):
        path = tmp_path / f"{kind}.csv"
        try:
            team.ws.export_file(kind, path)
        except BadInput:
            continue
        assert "CANARY" not in path.read_text(encoding="utf-8-sig"), kind
    assert "CANARY" not in json.dumps([row.facts for row in team.ws.ledger.as_of(Account)])
