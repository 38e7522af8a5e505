"""The agreement, cancelled coaching and requests to leaders on the pages of manager and coach, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import serious
from .places import ready
from .servers import START_MS
from .test_my_page import MANAGER, Team, fits, team  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.slow]

COACH = "coach.lee"


def test_a_manager_settles_the_agreement_on_a_phone(team: Team, new_page: Callable[..., Page]) -> None:  # noqa: F811
    page = team.open(new_page(390, 844), MANAGER)
    card = page.locator(f"[data-agreement='{MANAGER}:2026-Q4']")
    expect(card.locator(".kept-line")).to_contain_text("6주 진행")
    card.get_by_role("button", name="내용 고치기").click()
    send = card.get_by_role("button", name="이대로 합의")
    card.get_by_label("당월 목표가 급할 때 미루는 일").fill("")
    expect(send).to_be_disabled()
    card.get_by_label("부탁에 답하는 기한").fill("5")
    card.get_by_label("당월 목표가 급할 때 미루는 일").fill("금요일 실적 보고")
    expect(send).to_be_enabled()
    # What is typed outlives a reload.
    page.reload()
    ready(page)
    expect(card.get_by_label("당월 목표가 급할 때 미루는 일")).to_have_value("금요일 실적 보고")
    assert serious(page, "form") == {}
    send.click()
    expect(card.locator(".agree-answers")).to_contain_text("5일")
    expect(card.get_by_text("남은 합의: 임원, 코치")).to_be_visible()
    assert fits(page)


def test_a_coach_asks_a_leader_with_one_key_and_cancels_with_a_reason(
    team: Team,  # noqa: F811
    new_page: Callable[..., Page],
) -> None:
    page = new_page()
    home, _, rest = team.links[COACH].partition("?")
    page.goto(f"{home.rsplit('/', 1)[0]}/coach_session.ipynb?lang=ko&{rest}", timeout=START_MS)
    ready(page)
    asks = page.locator("[data-part=asks][aria-busy=false]")
    expect(asks.locator("[data-ask]").first).to_be_visible()
    n = asks.locator("[data-ask]").count()
    key = asks.locator("[data-ask]").first.get_attribute("data-ask")
    asks.locator("[data-key=ask-1]").focus()
    page.keyboard.press("1")
    expect(page.locator(f"[data-ask='{key}']")).to_have_count(0)
    expect(asks).to_have_count(1)
    assert n >= 1
    card = page.locator(f"[data-agreement='{MANAGER}:2026-Q4']")
    cancel = card.get_by_role("button", name="이번 주 코칭 취소됨")
    if cancel.count():
        cancel.focus()
        page.keyboard.press("Enter")
        card.get_by_role("button", name="당장 목표에 밀림").focus()
        page.keyboard.press("Enter")
        expect(card.locator(".kept-line")).to_contain_text("당장 목표에 밀림 2")
    assert serious(page, "coach") == {}
    with open_workspace(team.path) as ws:
        assert [one for one in ws.coaching.commitments.find(owner=MANAGER) if one.needs_answer]
