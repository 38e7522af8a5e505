"""The agreement on coaching on the page of a manager, of an executive and of the coach."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.my_page import MyBook
from tests.coaching.conftest import TeamDay

TERMS = {"minutes": 60, "focus_size": 20, "answer_days": 5, "gives_way": "The Friday list"}
OF_BOSS = {"manager": "boss", "quarter": "2026-Q4"}
Page = Callable[[str], MyBook | CoachBook]


@pytest.fixture
def page(team: TeamDay) -> Page:
    def opened(who: str) -> MyBook | CoachBook:
        team.ws.ledger.actor = who
        return CoachBook(team.ws) if who == "lee" else MyBook(team.ws, who)

    return opened


def ask(book: MyBook | CoachBook, kind: str, **body: Any) -> dict[str, Any]:
    response: Any = book.handle({"kind": kind, "seq": 1, **body})
    return dict(response)


def first(response: dict[str, Any]) -> dict[str, Any]:
    return dict(response["agreements"][0])


def test_three_pages_settle_one_agreement(page: Page) -> None:
    before = first(ask(page("boss"), "hello"))
    assert (before["terms"], before["version"], before["may_sign"]) == (None, 0, True)
    written = first(ask(page("boss"), "propose", **OF_BOSS, **TERMS, version=0, edit_id="ed_1"))
    assert (written["terms"], written["missing"], written["has_signed"]) == (TERMS, ["executive", "coach"], True)
    ask(page("chief"), "sign", **OF_BOSS, version=1, edit_id="ed_2")
    signed = ask(page("lee"), "sign", **OF_BOSS, version=2, edit_id="ed_3")
    assert (first(signed)["stands"], signed["edit_id"]) == (True, "ed_3")
    assert [each["function"] for each in first(signed)["signed"]] == ["manager", "executive", "coach"]
    # Taken back on the coach's page.
    undone = ask(page("lee"), "undo_desk", undoes="ed_3", edit_id="ed_4")
    assert first(undone)["missing"] == ["coach"]


def test_terms_that_changed_after_the_page_was_opened_are_not_signed_unseen(page: Page) -> None:
    ask(page("boss"), "propose", **OF_BOSS, **TERMS, version=0, edit_id="ed_1")
    ask(page("boss"), "propose", **OF_BOSS, **TERMS | {"minutes": 30}, version=1, edit_id="ed_2")
    refused = ask(page("lee"), "sign", **OF_BOSS, version=1, edit_id="ed_3")
    assert refused["kind"] in ("refused", "conflict")
    assert first(ask(page("lee"), "desk"))["missing"] == ["executive", "coach"]


def test_the_next_quarter_begins_with_the_last_agreement(page: Page, team: TeamDay) -> None:
    ask(page("boss"), "propose", **OF_BOSS, **TERMS, version=0, edit_id="ed_1")
    assert [each["quarter"] for each in ask(page("boss"), "hello")["agreements"]] == ["2026-Q4"]
    team.on(date(2026, 12, 15))
    now, following = ask(page("boss"), "hello")["agreements"]
    assert (now["has_begun"], following["has_begun"]) == (True, False)
    assert (following["quarter"], following["terms"], following["offered"]) == ("2027-Q1", None, TERMS)
    team.on(date(2027, 1, 5))
    shown = ask(page("boss"), "hello")["agreements"]
    assert [(each["quarter"], each["terms"], each["offered"]) for each in shown] == [("2027-Q1", None, TERMS)]


def test_coaching_is_cancelled_with_one_press_and_a_reason_and_leaders_see_it(page: Page) -> None:
    before = first(ask(page("lee"), "desk"))
    assert (before["this_week"], before["cancelled"]) == ("", {})
    done = ask(page("lee"), "cancel_coaching", manager="boss", reason="pushed_aside", edit_id="ed_c")
    assert (first(done)["this_week"], first(done)["cancelled"]) == ("cancelled", {"pushed_aside": 1})
    assert first(ask(page("chief"), "hello"))["cancelled"] == {"pushed_aside": 1}
    assert first(ask(page("lee"), "undo_desk", undoes="ed_c", edit_id="ed_d"))["cancelled"] == {}
    assert ask(page("lee"), "cancel_coaching", manager="boss", reason="no time", edit_id="ed_e")["kind"] == "refused"


def test_a_colleague_sees_only_the_agreements_of_the_own_line(page: Page, team: TeamDay) -> None:
    from coverage_kit.store import Change

    rows = [("other", "manager", None), ("choi", "rep", "other")]
    team.ws.ledger.save(
        Change("staff", key, {"name": key.title(), "function": kind, "manager_id": above}) for key, kind, above in rows
    )
    seen = {who: [each["manager"] for each in ask(page(who), "hello")["agreements"]] for who in ("boss", "chief", "other")}  # fmt: skip
    assert seen == {"boss": ["boss"], "chief": ["boss"], "other": ["other"]}
    assert [each["manager"] for each in ask(page("lee"), "desk")["agreements"]] == ["boss", "other"]
    refused = ask(page("other"), "propose", **OF_BOSS, **TERMS, version=0, edit_id="ed_x")
    assert refused["code"] == "agreement.author"
