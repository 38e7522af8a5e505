"""The focus returns to the control that opened a dialog, whatever the dialog did to the page below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account, saved
from .test_rep import row, write_name

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]
Open = Callable[..., Page]


def control(page: Page, role: str, name: str) -> Locator:
    """A control of a slot's row, by the key that outlives a redraw."""
    return page.locator(f'[data-key$="-{role}-{name}"]')


def choose(page: Page, role: str, label: str) -> Locator:
    """Open the dialog of a menu item by keyboard."""
    control(page, role, "more").press("Enter")
    page.get_by_role("menuitem", name=label).press("Enter")
    return page.get_by_role("dialog")


def test_each_dialog_of_a_slot_gives_the_focus_back(workbook: Open) -> None:
    page = workbook()
    open_account(page, BLANK[15])
    write_name(page, "ceo", "새 가온")
    saved(page)
    opened: dict[str, tuple[Callable[[], object], str]] = {
        "a check": (lambda: control(page, "ceo", "check").press("Enter"), "check"),
        "a departure": (lambda: choose(page, "ceo", "퇴사"), "more"),
        "the card": (lambda: choose(page, "ceo", "카드"), "more"),
        "the history": (lambda: choose(page, "ceo", "이력"), "more"),
        "a vacancy": (lambda: choose(page, "cfo", "공석"), "more"),
        "no such position": (lambda: choose(page, "cfo", "없는 직책"), "more"),
    }
    for what, (act, name) in opened.items():
        act()
        expect(page.get_by_role("dialog"), what).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog"), what).to_have_count(0)
        role = "cfo" if what in ("a vacancy", "no such position") else "ceo"
        expect(control(page, role, name), what).to_be_focused()
    # What a dialog saves draws the row again.
    control(page, "ceo", "check").press("Enter")
    page.get_by_role("dialog").locator("button.primary").press("Enter")
    saved(page)
    expect(control(page, "ceo", "check")).to_be_focused()


def test_the_dialog_of_a_conflict_gives_the_focus_back_to_the_field(workbook: Open, workspace: Path) -> None:
    name = BLANK[16]
    page = workbook()
    open_account(page, name)
    field = row(page, "ceo").get_by_role("combobox").first
    for answer in ("keep_theirs", "keep_mine"):
        with open_workspace(workspace, actor="minsu.lee") as ws:
            ws.edit_slot(name, "ceo", holder=f"다른 분 {answer}")
        field.fill(f"이 분 {answer}")
        field.press("Enter")
        buttons = page.get_by_role("dialog").locator(".actions button")
        (buttons.first if answer == "keep_theirs" else buttons.last).press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        if answer == "keep_mine":
            saved(page)
        expect(field).to_be_focused()


def test_the_help_window_gives_the_focus_back(workbook: Open) -> None:
    page = workbook()
    tab = page.get_by_role("tab").first
    tab.focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(tab).to_be_focused()
