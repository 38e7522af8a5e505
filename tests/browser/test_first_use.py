"""A page that cannot open says so: nobody has accounts yet, or the program behind it died before it was shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workspace import init_workspace

from .places import Voila
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_an_empty_workspace_says_what_comes_first_and_a_dead_program_that_it_is_gone(
    new_page: Callable[..., Page], tmp_path: Path
) -> None:
    with init_workspace(tmp_path / "team", lang="ko"):
        pass
    served = Voila.start(tmp_path / "team", tmp_path, actor="coach", pages_ready=True)
    try:
        page = new_page()
        page.goto(served.url("rep_workbook"), timeout=START_MS)
        expect(page.get_by_role("alert")).to_contain_text("아직 담당 영업이 없습니다", timeout=START_MS)
        # Those kept ready for the next page end without anybody's doing.
        family = psutil.Process(served.process.pid).children(recursive=True)
        kept = [each for each in family if each.name().startswith("kernel-")]
        assert kept
        for kernel in kept:
            kernel.kill()
        page.goto(served.url("start"), timeout=START_MS)
        again = page.get_by_role("button", name=re.compile("다시 불러오기"))
        # The page loads itself once more.
        page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)
        expect(again).to_be_hidden()
        page.goto(served.url("coach_session"), timeout=START_MS)
        page.get_by_role("alert").filter(has_text=re.compile("영업|담당")).wait_for(timeout=START_MS)
        expect(again).to_be_hidden()
    finally:
        served.close()
