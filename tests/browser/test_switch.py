"""Going from account to account: at once where it was shown or fetched before, and never what is no longer so."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocket, expect

from coverage_kit.store.entities import Slot
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account, saved
from .places import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]


#: The page is as if another tab stood before it, until it is looked at.
TURNED_AWAY = "Object.defineProperty(document, 'hidden', { get: () => !window.looked })"
LOOK = "() => { window.looked = true; document.dispatchEvent(new Event('visibilitychange')); }"
READ_AHEAD = "document.querySelector('.coverage-kit').dataset.ahead === 'done'"


def spoken(page: Page) -> list[str]:
    """What the page and its kernel say to each other from here on, by kind."""
    kinds: list[str] = []

    def note(who: str, payload: str | bytes) -> None:
        found = re.search(
            r'"kind": *"(\w+)"', payload if isinstance(payload, str) else payload.decode("utf-8", "ignore")
        )
        if found:
            kinds.append(f"{who} {found[1]}")

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda payload: note("page", payload))
        socket.on("framereceived", lambda payload: note("kernel", payload))

    page.on("websocket", listen)
    return kinds


def turned_away(new_page: Callable[..., Page], place: Place) -> tuple[Page, list[str]]:
    """A workbook that nobody looks at yet, and what it and its kernel say."""
    page = new_page()
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    page.add_init_script(TURNED_AWAY)
    kinds = spoken(page)
    place.open(page, "rep_workbook")
    return page, kinds


def line(page: Page, name: str) -> None:
    page.locator(".line").filter(has_text=name).click()


def test_an_account_seen_before_shows_without_the_kernel_and_as_it_is_now(
    workbook: Callable[..., Page], place: Place, workspace: Path
) -> None:
    page = workbook()
    first, second = BLANK[10], BLANK[11]
    for name in (first, second):
        open_account(page, name)
    page.get_by_role("searchbox").fill("빈고객")
    page.get_by_label("정렬").select_option("name")
    kernel = place.kernel(page)
    kernel.suspend()
    try:
        line(page, first)
        expect(page.locator(".pane").get_by_role("heading", name=first)).to_be_visible()
        expect(page.locator(".pane")).to_have_attribute("data-state", "kept")
    finally:
        kernel.resume()
    line(page, second)
    expect(page.locator(".pane").get_by_role("heading", name=second)).to_be_visible()
    with open_workspace(workspace, actor="other") as ws:
        ws.edit_slot(first, "cfo", holder="남 다른이")
    line(page, first)
    expect(page.locator("tr[data-role=cfo] .name-input")).to_have_value("남 다른이")


def test_every_account_of_a_page_at_rest_shows_without_the_kernel(workbook: Callable[..., Page], place: Place) -> None:
    page = workbook(height=500)
    page.wait_for_function(READ_AHEAD)
    out_of_sight = page.evaluate(
        """() => { const list = document.querySelector('.list'); return list.clientHeight < list.scrollHeight / 2; }"""
    )
    assert out_of_sight
    kernel = place.kernel(page)
    kernel.suspend()
    try:
        page.locator(".list").press("End")
        expect(page.locator(".pane")).to_have_attribute("data-state", "kept")
        shown = page.locator(".line[aria-selected=true]").get_attribute("data-account")
        expect(page.locator(".pane")).to_have_attribute("data-account", shown or "")
        name = page.locator(".line[aria-selected=true] .name").inner_text().removeprefix("★")
        expect(page.locator(".pane").get_by_role("heading", name=name, exact=True)).to_be_visible()
    finally:
        kernel.resume()


def test_an_act_is_answered_before_reading_ahead_goes_on(
    place: Place, new_page: Callable[..., Page], workspace: Path
) -> None:
    page, kinds = turned_away(new_page, place)
    open_account(page, BLANK[11])
    page.get_by_role("searchbox").fill("")
    kernel = place.kernel(page)
    kernel.suspend()
    try:
        name = page.locator("tr[data-role=ceo] .name-input")
        name.fill("추 먼저")
        name.press("Enter")
        page.evaluate(LOOK)
        expect(page.locator(".banner")).to_be_visible()  # it is high time, and nothing else was asked
        assert "page edit" in kinds
        assert "page ahead" not in kinds, "nobody looked at the page, and then an answer was awaited"
    finally:
        kernel.resume()
    saved(page)
    page.wait_for_function(READ_AHEAD)
    assert kinds.index("kernel saved") < kinds.index("page ahead")
    with open_workspace(workspace) as ws:
        slot = ws.ledger.as_of(Slot, id=f"{BLANK[11]}:ceo")
    assert [row.version for row in slot] == [1]


def test_a_past_week_and_a_session_read_nothing_ahead(
    place: Place, new_page: Callable[..., Page], workspace: Path
) -> None:
    page, kinds = turned_away(new_page, place)
    page.get_by_label("시점").select_option(index=1)
    expect(page.locator(".pane .past")).to_be_visible()
    page.evaluate(LOOK)
    page.wait_for_function(READ_AHEAD)
    assert "page ahead" not in kinds
    place.open(page, "coach_session")
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    page.evaluate(LOOK)
    assert page.evaluate("document.querySelector('.coverage-kit').dataset.ahead") is None, "a session has no prefetch"
    assert "page ahead" not in kinds
    with open_workspace(workspace, actor="jihye.kim") as ws:
        [session] = [each for each in ws.coaching.sessions.open() if each.reps == ["jihye.kim"]]
        ws.coaching.sessions.resume(session.id).close()
