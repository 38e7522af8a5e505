"""Paths and the rhythm of contacts in a real browser: set by the coach, shown on the account, left where it must be won."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workspace import open_workspace

from .conftest import open_account, serious_in_dark_too
from .places import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]
ACCOUNT, PERSON = "길목산업", "pe_길목"


@pytest.fixture(params=["voila"])
def place(request: pytest.FixtureRequest) -> Place:
    served: Place = request.getfixturevalue(request.param)
    return served


@pytest.fixture(autouse=True)
def account(workspace: Path) -> None:
    """An account of its own with one contact; again, it changes nothing."""
    home = {"name": ACCOUNT, "name_key": name_key(ACCOUNT), "owner_id": "jihye.kim", "status": "active", "value": 1.0}
    with open_workspace(workspace, actor="jihye.kim") as ws:
        ws.ledger.save(
            [
                Change("account", ACCOUNT, {**home, "template_ids": '["general"]'}),
                Change("person", PERSON, {"name": "오길목", "name_key": "오길목"}),
                Change("employment", "em_길목", {"person_id": PERSON, "account_id": ACCOUNT}),
            ]
        )


def choose(page: Page, name: str, value: str) -> None:
    field = page.locator(f"[data-key='{name}']")
    field.focus()
    field.select_option(value)
    expect(field).to_have_value(value)


def press(page: Page, name: str) -> None:
    control = page.locator(f"[data-key='{name}']")
    control.focus()
    expect(control).to_be_focused()
    page.keyboard.press("Enter")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_path_is_set_followed_and_left_by_a_must_win_account(
    place: Place, workspace: Path, new_page: Open, workbook: Open
) -> None:
    with open_workspace(workspace, actor="manager.han") as ws:
        ws.roles.add_offering("mes", ko="생산 관리 시스템", en="Plant control")
        ws.roles.set_offerings([ACCOUNT], ["mes"])
        ws.coaching.must_win.star(ACCOUNT)
        ws.edit_slot(ACCOUNT, "cfo", holder=PERSON, verified_on=ws.today(), verified_how="call")
    page, found = new_page(1024, 768), {}
    place.open(page, "role_lists")
    press(page, "list-general")
    expect(page.locator("[data-key=path-mes]")).to_be_visible()
    press(page, "path-mes")
    expect(page.get_by_role("dialog")).to_contain_text("1~3단계입니다")
    for at, step in enumerate((("cfo", "phone", "attention"), ("ceo", "in_person", "interest"))):
        for part, value in zip(("role", "route", "stage"), step, strict=True):
            choose(page, f"step-{at}-{part}", value)
    found.update(serious_in_dark_too(page, "dialog"))
    press(page, "path-save")
    expect(page.get_by_role("dialog")).to_have_count(0)
    line = page.locator(".path-line", has=page.locator("[data-key=path-mes]"))
    expect(line.locator(".path-steps li")).to_have_count(2)
    expect(line).to_contain_text("고객사 1곳")
    found.update(serious_in_dark_too(page, "panel"))
    assert fits(page)

    page = workbook()
    open_account(page, ACCOUNT)
    page.set_viewport_size({"width": 390, "height": 844})
    path = page.locator("[data-offering=mes]")
    expect(path.locator("li")).to_have_count(2)
    expect(path.locator("li.taken")).to_have_text(re.compile("밟음"))
    found.update(serious_in_dark_too(page, "account"))
    assert fits(page)
    press(page, "depart-mes")
    expect(page.get_by_role("dialog")).to_contain_text("승부처만")
    found.update(serious_in_dark_too(page, "depart"))
    choose(page, "own-0-role", "cio")
    choose(page, "own-0-route", "event")
    press(page, "path-own")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(path.locator(".tag")).to_have_text("별도 단계")
    expect(path.locator("li").first).to_contain_text("행사")
    press(page, "depart-mes")
    press(page, "path-follow")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(path.locator(".tag")).to_have_count(0)
    expect(path.locator("li.taken")).to_have_count(1)
    assert found == {}
    with open_workspace(workspace) as ws:
        [shown] = ws.coaching.routes.of(ACCOUNT)
        assert (shown.is_own, [step.taken for step in shown.steps]) == (False, [True, False])


def test_the_list_of_contacts_says_when_people_were_met_and_when_next(workbook: Open, workspace: Path) -> None:
    with open_workspace(workspace, actor="jihye.kim") as ws:
        today = ws.today()
        ws.coaching.voices.add(PERSON, ACCOUNT, "reaction", "CANARY 말씀")
        ws.coaching.rhythm.plan(PERSON, ACCOUNT, today + timedelta(days=9))
    page = workbook()
    open_account(page, ACCOUNT)
    page.get_by_role("tab", name="연락처").click()
    row = page.locator("table.contacts tbody tr")
    for cell, day in ((4, today), (5, today + timedelta(days=9))):
        expect(row.locator("td").nth(cell)).to_have_text(re.compile(f"{day.month}월 {day.day}일"))
    assert serious_in_dark_too(page, "contacts") == {}
    assert "CANARY" not in page.locator(".coverage-kit").inner_text()
    with page.expect_download() as kept:
        page.locator("[data-key=contacts-calendar]").press("Enter")
    text = kept.value.path().read_text(encoding="utf-8")
    assert f"DTSTART;VALUE=DATE:{today + timedelta(days=9):%Y%m%d}" in text
    assert "CANARY" not in text
