"""The name picker of a position: contacts whose title fits come first, with a word for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, open_account, saved, serious

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = {
    "가 사원": "구매 사원",
    "나 비서": "대표이사 비서",
    "다 재무": "재무담당 상무",
    "라 이전": "전 CFO",
    "마 공석": None,
}


def add_contacts(workspace: Path, account: str) -> None:
    with open_workspace(workspace, actor="other") as ws:
        changes = []
        for n, (name, title) in enumerate(PEOPLE.items()):
            changes.append(Change("person", f"pe_t{n}", {"name": name, "name_key": name_key(name)}, base=0))
            job = {"person_id": f"pe_t{n}", "account_id": account, "title": title}
            changes.append(Change("employment", f"em_t{n}", job, base=0))
        ws.ledger.save(changes)


def test_a_contact_whose_title_fits_is_first_and_one_key_picks_it(
    workbook: Callable[..., Page], workspace: Path
) -> None:
    account = BLANK[13]
    add_contacts(workspace, account)
    page = workbook()
    open_account(page, account)
    field = page.locator("tr[data-role=cfo] .name-input")
    field.click()
    options = page.locator("tr[data-role=cfo] .popup li")
    expect(options.filter(has_text="가 사원")).to_have_count(1)
    expect(options.first).to_contain_text("다 재무")
    expect(options.first).to_contain_text("직책 맞음")
    expect(options.filter(has_text="나 비서")).to_contain_text("비서·연결해 주는 분")
    expect(options.filter(has_text="라 이전")).to_contain_text("이전 직책")
    assert serious(page, "name picker") == {}
    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    field.press("Enter")
    saved(page)
    expect(field).to_have_value("다 재무")
    page.get_by_role("tab", name="연락처").click()
    expect(page.get_by_role("status").filter(has_text="확인 전 6명 · 떠나신 분 0명")).to_be_visible()
