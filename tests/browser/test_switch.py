"""Going from account to account: at once where it was shown or fetched before, and never what is no longer so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account
from .places import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]


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
        expect(page.locator(".pane")).to_have_attribute("data-state", "ready")
    finally:
        kernel.resume()
    line(page, second)
    expect(page.locator(".pane").get_by_role("heading", name=second)).to_be_visible()
    with open_workspace(workspace, actor="other") as ws:
        ws.edit_slot(first, "cfo", holder="남 다른이")
    line(page, first)
    expect(page.locator("tr[data-role=cfo] .name-input")).to_have_value("남 다른이")


def test_what_is_in_sight_is_fetched_ahead(workbook: Callable[..., Page], place: Place) -> None:
    page = workbook()
    page.get_by_role("searchbox").fill("빈고객")
    page.get_by_label("정렬").select_option("name")
    line(page, BLANK[0])
    expect(page.locator(".pane").get_by_role("heading", name=BLANK[0])).to_be_visible()
    page.wait_for_function("document.querySelector('.coverage-kit').dataset.ahead === 'done'")
    kernel = place.kernel(page)
    kernel.suspend()
    try:
        line(page, BLANK[3])
        expect(page.locator(".pane").get_by_role("heading", name=BLANK[3])).to_be_visible()
    finally:
        kernel.resume()
