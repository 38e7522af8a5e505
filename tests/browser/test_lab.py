"""The same notebook in JupyterLab, where maintainers open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import BLANK, only_lab, open_account, saved, serious_in_dark_too
from .places import Lab, ready
from .test_rep import row, slot

Open = Callable[..., Page]
pytestmark = [pytest.mark.browser, pytest.mark.slow, only_lab]


def test_the_notebook_stays_as_it_is_while_its_screen_is_used(workbook: Open, workspace: Path) -> None:
    page = workbook()
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = page.evaluate(cells)
    open_account(page, BLANK[9])
    # Letters that are commands of the notebook (a, b, d d, x) are letters here.
    row(page, "ceo").get_by_role("combobox").first.press_sequentially("abddxm 길동")
    row(page, "ceo").get_by_role("combobox").first.press("Enter")
    saved(page)
    page.locator("[data-key=undo]").focus()
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.keyboard.press("a")
    assert page.evaluate(cells) == before
    assert slot(workspace, BLANK[9], "ceo")["holder"] == "abddxm 길동"
    # Run again, as people do: nothing is lost, and the new screen shows what was saved.
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:restart-run-all'); }")
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.locator(".coverage-kit").wait_for(state="detached")
    ready(page)
    open_account(page, BLANK[9])
    expect(row(page, "ceo").get_by_role("combobox").first).to_have_value("abddxm 길동")
    dark = "() => window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })"
    page.evaluate(dark)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-theme", "dark")


def test_a_program_that_was_started_anew_is_said_at_once(workbook: Open, workspace: Path, lab: Lab) -> None:
    page = workbook()
    open_account(page, BLANK[8])
    lab.restart(page)
    field = row(page, "ceo").get_by_role("combobox").first
    field.fill("새 프로그램")
    field.press("Enter")
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("이 페이지를 움직이던 프로그램이 끝났습니다")
    expect(banner).to_contain_text("1건은 보관돼 있고")
    # The page can do no more by itself: the cells are run again.
    expect(banner.get_by_role("button")).to_have_count(0)
    lab.run_again(page)
    saved(page)
    assert slot(workspace, BLANK[8], "ceo")["holder"] == "새 프로그램"


def test_nothing_is_asked_before_the_work(workbook: Open) -> None:
    page = workbook()
    disabled = page.evaluate(
        "JSON.parse(document.getElementById('jupyter-config-data').textContent).disabledExtensions"
    )
    assert "@jupyterlab/apputils-extension:announcements" in disabled


def test_a_dialog_of_jupyterlab_saves_no_half_of_a_name(workbook: Open, workspace: Path) -> None:
    page = workbook()
    open_account(page, BLANK[10])
    field = row(page, "ceo").get_by_role("combobox").first
    field.press_sequentially("반쯤")
    field.dispatch_event("blur")  # as when another window is looked into
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:restart-kernel'); }")
    page.get_by_role("button", name="Cancel Kernel Restart").click()
    expect(field).to_have_value("반쯤")
    assert slot(workspace, BLANK[10], "ceo")["rung"] == 0
    field.press("Tab")
    saved(page)
    assert slot(workspace, BLANK[10], "ceo")["holder"] == "반쯤"


@pytest.mark.parametrize(
    "notebook",
    ["contact_audit", *(pytest.param(name, marks=pytest.mark.deep) for name in ("contacts", "duplicates"))],
)
def test_pages_of_contacts_work_in_jupyterlab_too(place: Lab, new_page: Callable[..., Page], notebook: str) -> None:
    page = new_page(1440, 900)
    place.open(page, notebook)
    root = page.locator(".coverage-kit")
    expect(root.get_by_role("heading").first).to_be_visible()
    expect(root.get_by_role("alert")).to_have_count(0)
    assert root.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert serious_in_dark_too(page, notebook) == {}
