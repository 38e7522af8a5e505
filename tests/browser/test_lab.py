"""The same notebook in JupyterLab, where maintainers open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import BLANK, only_lab, open_account, saved
from .places import ready
from .test_rep import row, seat

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_lab]


def test_the_notebook_stays_as_it_is_while_its_screen_is_used(workbook: Callable[..., Page], workspace: Path) -> None:
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
    assert seat(workspace, BLANK[9], "ceo")["holder"] == "abddxm 길동"
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
