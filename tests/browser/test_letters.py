"""Korean on a machine that has no Korean font, and no letters sent to one that has."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from .conftest import only_voila, outside
from .places import Lab, Place
from .servers import WAIT_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: How wide the letters of a text are where it stands, and the same text laid out now.
TWICE = """(node) => {
  const width = (node) => { const range = document.createRange(); range.selectNodeContents(node); return range.getBoundingClientRect().width; };
  const again = node.cloneNode(true);
  again.style.fontFeatureSettings = '"ckzz" 1';
  node.after(again);
  const pair = [node.textContent, width(node), width(again)];
  again.remove();
  return pair;
}"""
SHOWN = ".coverage-kit :is(h1, h2, .role, [role=tab][aria-selected=true])"
#: Two syllables that differ: as boxes they would be the same picture.
DIFFER = """() => {
  const drawn = (text) => {
    const canvas = document.createElement('canvas').getContext('2d');
    canvas.font = `16px ${getComputedStyle(document.querySelector('.coverage-kit')).fontFamily}`;
    canvas.fillText(text, 4, 24);
    return canvas.canvas.toDataURL();
  };
  return drawn('뵤') !== drawn('가') && drawn('펲') !== drawn('믜');
}"""


def test_korean_is_shown_where_the_machine_has_no_korean_font(plain_browser: Browser, place: Place) -> None:
    context = plain_browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MS)
    page, fetched = context.new_page(), []
    page.on("request", lambda each: fetched.append(each.url))
    place.open(page, "rep_workbook")
    # A page that finds the letters in the browser's cache shows them too.
    for _ in range(3):
        page.locator(".pane[data-state=ready] .role").first.wait_for()
        page.wait_for_function(
            "[...document.fonts].filter((f) => f.family.includes('Gothic') && f.status === 'loaded').length === 2"
        )
        assert page.evaluate(DIFFER)
        texts = f"[...document.querySelectorAll('{SHOWN}')].map({TWICE})"
        # Text laid out before the letters came is laid out once more.
        page.wait_for_function(f"{texts}.every(([, shown, laidOut]) => Math.abs(shown - laidOut) <= 0.1)")
        assert len(page.evaluate(texts)) > 10
        place.reload(page)
    letters = [url.rpartition("/")[2] for url in fetched if "woff2" in url and "coverage-kit" in url]
    assert sorted(set(letters)) == ["korean-400.woff2?v=1", "korean-700.woff2?v=1"]
    assert [url for url in fetched if outside(url)] == []
    context.close()


@only_voila
def test_a_machine_with_a_korean_font_is_sent_none(workbook: Callable[..., Page]) -> None:
    page = workbook()
    page.locator(".pane[data-state=ready] .role").first.wait_for()
    sent = page.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    assert any("voila" in each for each in sent)
    assert [each for each in sent if "woff2" in each] == []


#: A notebook without a screen of ours: Korean in its name, its text, its code and what that prints.
NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "m0", "metadata": {}, "source": "# 필수 직책과 **고객 이름**"},
        {
            "cell_type": "code",
            "id": "c0",
            "metadata": {},
            "source": "print('안승석 상무님')",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": "안승석 상무님"}],
            "execution_count": 1,
        },
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
WHERE = {
    "file browser": ".jp-DirListing-itemText:has-text('두루미')",
    "tab": ".lm-TabBar-tabLabel:has-text('두루미')",
    "markdown": ".jp-RenderedMarkdown h1",
    "code": ".cm-content:has-text('안승석')",
    "output": ".jp-OutputArea-output pre",
}


def test_the_text_of_jupyterlab_has_the_letters_too(plain_browser: Browser, lab: Lab) -> None:
    (lab.workspace / "notebooks/두루미.ipynb").write_text(json.dumps(NOTEBOOK))
    context = plain_browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MS)
    page, fetched = context.new_page(), []
    page.on("request", lambda each: fetched.append(each.url))
    lab.show(page, "두루미")
    for where, selector in WHERE.items():
        text, shown, laid_out = page.locator(selector).first.evaluate(TWICE)
        assert abs(shown - laid_out) < 0.1, (where, text)
        assert "Coverage Kit Gothic" in page.locator(selector).first.evaluate("(n) => getComputedStyle(n).fontFamily")
    assert [url for url in fetched if outside(url)] == []
    context.close()
    lab.forget()
