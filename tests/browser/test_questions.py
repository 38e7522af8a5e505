"""Questions that a screen asks before it writes, keys that work at once, and what a shared screen leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store import Change
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, open_account, saved, serious
from .places import Place
from .test_coach import answer_claims, say, step_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


@pytest.fixture(params=["voila"])
def place(request: pytest.FixtureRequest) -> Place:
    served: Place = request.getfixturevalue(request.param)
    return served


def test_two_people_of_one_name_are_asked_about_with_what_tells_them_apart(workbook: Open, workspace: Path) -> None:
    name = BLANK[20]
    with open_workspace(workspace, actor="jihye.kim") as ws:
        for n, (title, phone) in enumerate((("과장", "010-0000-0001"), ("부장", "010-0000-0002"))):
            person = {"name": "한 이름", "name_key": "한이름", "phone": phone}
            job = {"person_id": f"pe_{name}{n}", "account_id": name, "title": title}
            ws.ledger.save(
                [
                    Change("person", f"pe_{name}{n}", person, base=0),
                    Change("employment", f"em_{name}{n}", job, base=0),
                ]
            )
    page = workbook()
    open_account(page, name)
    field = page.locator("tr[data-role=ceo]").get_by_role("combobox").first
    field.fill("한 이름")
    field.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("과장 · 010-0000-0001")
    expect(dialog).to_contain_text("부장 · 010-0000-0002")
    assert "pe_" not in dialog.inner_text()
    assert serious(page, "namesakes") == {}
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    row = page.locator("tr[data-role=ceo]")
    expect(row.locator(".under")).to_contain_text("부장")
    saved(page)
    # Somebody else of that name is a third person.
    other = page.locator("tr[data-role=cfo]").get_by_role("combobox").first
    other.fill("한 이름")
    other.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("동명이인")).click()
    expect(page.locator("tr[data-role=cfo] .rung")).to_have_text("이름 파악")
    saved(page)
    with open_workspace(workspace) as ws:
        people = ws.people(name)
        slots = ws.slots(rep="jihye.kim")
        held = slots.loc[slots["account"] == name].set_index("role")["person"].dropna().to_dict()
    assert (people["name"] == "한 이름").sum() == 3
    assert held["ceo"] == f"pe_{name}1"
    assert held["cfo"] not in (f"pe_{name}0", f"pe_{name}1")


def test_a_person_who_stands_otherwise_in_another_position_is_asked_about(workbook: Open, workspace: Path) -> None:
    name = BLANK[15]
    with open_workspace(workspace, actor="jihye.kim") as ws:
        for role in ("purchasing_manager", "purchasing_staff"):
            ws.edit_slot(name, role, holder=f"pe_{name}")
        ws.edit_slot(name, "purchasing_manager", disposition="favorable")
    page = workbook()
    open_account(page, name)
    manager, staff = (page.locator(f"tr[data-role=purchasing_{level}]") for level in ("manager", "staff"))
    staff.get_by_role("button", name="부정").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("우호")
    assert serious(page, "stands otherwise") == {}
    dialog.get_by_role("button", name="취소").click()
    expect(staff.get_by_role("button", name="부정")).to_have_attribute("aria-pressed", "false")
    staff.get_by_role("button", name="부정").click()
    page.get_by_role("dialog").get_by_role("button", name="모든 자리에 부정").press("Enter")
    for row in (manager, staff):
        expect(row.get_by_role("button", name="부정")).to_have_attribute("aria-pressed", "true")
    saved(page)


def test_a_key_settles_the_first_commitment_without_tab_and_a_shared_screen_stops_at_represented(
    session: Open, workspace: Path
) -> None:
    with open_workspace(workspace, actor="jihye.kim") as ws:
        book = ws.coaching.commitments
        slots = ws.slots(rep="jihye.kim")
        top = slots.loc[slots["rung"] == 5].iloc[0]
        account, role = str(top["account"]), str(top["role"])
        made = book.add(book.draft_from_gap(account, role), confirmed=True)
        title, name = ws.coaching._context.role_title(ws.coaching._context.roles()[role]), str(top["account_name"])
    page = session()
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    if page.locator(".coverage-kit").get_attribute("data-step") == "claims":
        answer_claims(page, 50, "김지혜")
        step_on(page, "promises")
    first = page.locator(".commitment[data-open=true]").first
    expect(first).to_be_focused()
    one = first.get_attribute("data-commitment")
    page.keyboard.press("1")
    expect(page.locator(f"[data-commitment={one}]")).to_have_attribute("data-open", "false")
    assert made.id
    step_on(page, "accounts")
    page.get_by_role("searchbox").fill(name)
    page.locator(f".session-side [data-account='{account}']").first.click()
    expect(page.locator(".session-account, .claim input").first).to_be_visible()
    if page.locator(".claim input").count():
        say(page, re.compile("자리 중 몇 분을"), 9)
    expect(page.locator(".session-account h2")).to_have_text(name)
    if page.locator("[data-key=all-slots]").count():
        page.locator("[data-key=all-slots]").click()
    row = page.locator(f"tr[data-role={role}]")
    expect(row.locator(".rung"), title).to_have_text("우호")
    share = page.get_by_role("button", name="화면 공유용으로 가리기")
    share.click()
    expect(row.locator(".rung")).to_have_text("우리 담당 지정")
    expect(row.locator(".pips .on")).to_have_count(3)
    share.click()
    expect(row.locator(".rung")).to_have_text("우호")
