"""From the link to the screen: what Jupyter's own code says and does before ours is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .conftest import only_voila
from .places import Place, Voila
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]

LOADS = "Number(sessionStorage.getItem('loads'))"
#: Give the page the name of a widget that nobody made, as a busy computer makes it seem; so many loads of one tab.
NO_WIDGET = """
sessionStorage.setItem('loads', LOADS + 1);
if (LOADS <= TIMES)
  new MutationObserver(() => {
    for (const output of document.querySelectorAll('script[type="application/vnd.voila.cell-output+json"]')) {
      const changed = output.textContent.replace(/(model_id\\W+)(?!0{32})[0-9a-f]{32}/g, '$1' + '0'.repeat(32));
      if (changed !== output.textContent) output.textContent = changed;
    }
  }).observe(document, { childList: true, subtree: true });
"""


def lose_the_widget(page: Page, times: int) -> None:
    page.add_init_script(NO_WIDGET.replace("LOADS", LOADS).replace("TIMES", str(times)))


def test_a_widget_that_jupyter_gave_up_is_loaded_once_more(place: Place, new_page: Callable[..., Page]) -> None:
    page = new_page()
    lose_the_widget(page, 1)
    place.open(page, "rep_workbook")
    assert page.evaluate(LOADS) == 2
    expect(page.locator("#coverage-kit-stuck")).to_be_hidden()


def test_a_page_that_fails_twice_says_so_and_is_not_loaded_for_ever(
    place: Voila, new_page: Callable[..., Page]
) -> None:
    page = new_page()
    lose_the_widget(page, 9)
    page.goto(place.url("rep_workbook"), timeout=START_MS)
    page.wait_for_function(f"{LOADS} === 2", timeout=START_MS)
    expect(page.get_by_text("Error displaying widget")).to_be_visible(timeout=START_MS)
    expect(page.get_by_role("button", name="다시 불러오기 · Load again")).to_be_visible(timeout=START_MS)
    assert page.evaluate(LOADS) == 2


def test_a_page_gets_its_widgets_with_one_question(place: Place, new_page: Callable[..., Page]) -> None:
    page = new_page()
    frames: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on(
            "framereceived",
            lambda frame: frames.append(frame if isinstance(frame, str) else frame.decode("utf-8", "ignore")),
        ),
    )
    place.open(page, "rep_workbook")
    assert any("update_states" in frame for frame in frames)
    assert not any("No such comm target" in frame for frame in frames)
