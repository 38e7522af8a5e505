"""A coach prepares, and holds a group's first session on accounts that the reps choose; nothing private on a shared screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.coaching import Preparation
from coverage_kit.store.entities import Account, Session
from coverage_kit.workspace import open_workspace

from .conftest import serious_in_dark_too
from .places import Place
from .test_coach import answer_claims, at_step, step_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]
REPS = {"jihye.kim": "김지혜", "minsoo.park": "박민수"}


@pytest.fixture(params=["voila"])
def place(request: pytest.FixtureRequest) -> Place:
    served: Place = request.getfixturevalue(request.param)
    return served


def enter(page: Page, name: str) -> None:
    """Press a button by the keyboard once it can be pressed."""
    button = page.locator(f"[data-key='{name}']")
    expect(button).to_be_enabled()
    button.press("Enter")


def has_contacts(workspace: Path, account: str) -> bool:
    with open_workspace(workspace) as ws:
        return bool(ws.people(account)["end_kind"].isna().any())


def prepared(workspace: Path, actor: str) -> Preparation:
    with open_workspace(workspace, actor=actor) as ws:
        return ws.coaching.preparation.of("jihye.kim")


def test_a_coach_prepares_and_a_group_begins_on_accounts_of_its_choice(session: Open, workspace: Path) -> None:
    page = session()
    page.locator("[data-key='prepare-jihye.kim']").press("Enter")
    note = page.locator("[data-key=private-note]")
    note.fill("CANARY 먼저 안부를 묻는다")
    enter(page, "save-note")
    expect(page.locator("[data-key=save-note]")).to_be_disabled()
    with open_workspace(workspace) as ws:
        day = ws.today() + timedelta(days=1)
    page.locator("[data-key=hour]").fill(f"{day.isoformat()}T10:00")
    enter(page, "plan-hour")
    expect(page.locator("[data-key=hour-file]")).to_be_enabled()
    with page.expect_download() as kept:
        page.locator("[data-key=hour-file]").press("Enter")
    assert "CANARY" not in kept.value.path().read_text(encoding="utf-8")
    assert serious_in_dark_too(page, "prepare") == {}
    # The control: it is there until the screen is shared.
    assert "CANARY" in note.input_value()
    page.get_by_role("button", name="화면 공유용으로 가리기").press("Enter")
    expect(note).to_have_count(0)
    assert "CANARY" not in page.content()
    page.get_by_role("button", name="화면 공유용으로 가리기").press("Enter")
    expect(note).to_have_value(re.compile("CANARY"))
    page.locator("[data-key=leave]").press("Enter")

    page.get_by_role("radio", name=re.compile("첫 코칭")).check()
    for name in REPS.values():
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="시작하기").press("Enter")
    answer_claims(page, 40, *REPS.values())
    step_on(page, "contacts")
    choices = page.locator(".choices-of-reps > div")
    expect(choices).to_have_count(2)
    chosen = {}
    for n, rep in enumerate(REPS):
        # Not the first one: the rep chooses.
        other = choices.nth(n).locator("button").nth(1)
        chosen[rep] = str(other.inner_text())
        other.press("Enter")
        expect(page.locator("h2", has_text=chosen[rep])).to_have_count(1)
        expect(choices.nth(n).locator("button").nth(1)).to_have_attribute("aria-pressed", "true")
    # Any other account, by keys: a part of its name and Enter.
    with open_workspace(workspace) as ws:
        accounts = [row for row in ws.ledger.as_of(Account) if row.owner_id == "jihye.kim" and row.status == "active"]
    offered = set(choices.first.locator("li button").all_inner_texts())
    name = next(row.name for row in accounts if row.name not in offered and has_contacts(workspace, row.id))
    field = page.locator("[data-key='other-jihye.kim']")
    field.fill(name)
    field.press("Enter")
    expect(page.locator("h2", has_text=name)).to_have_count(1)
    expect(page.locator("[data-key='other-jihye.kim']")).to_be_focused()
    assert serious_in_dark_too(page, "contacts") == {}
    for width in (390, 1024):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
    before = int(page.locator(".counter").get_attribute("data-left") or "")
    line = page.locator("tr[data-person]:not(.gone)").first
    line.get_by_role("button", name="퇴사").press("Enter")
    expect(page.locator(".counter")).to_have_attribute("data-left", str(before - 1))
    assert "CANARY" not in page.content()
    step_on(page, "commitments")
    page.get_by_role("button", name=re.compile("^실행 약속으로:")).first.press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="맡기").press("Enter")
    expect(page.locator(".sentences li")).to_have_count(1)
    step_on(page, "read_back")
    agree = page.locator("[data-key^='agree-']")
    expect(agree).to_have_count(1)
    agree.press("Enter")
    expect(agree).to_have_count(0)
    page.get_by_role("button", name="코칭 마치기").press("Enter")
    at_step(page, "closed")
    with open_workspace(workspace, actor="coach.lee") as ws:
        held = [row for row in ws.ledger.as_of(Session) if row.kind == "first" and row.closed]
        assert {row.rep_id for row in held} == set(REPS)
    assert prepared(workspace, "manager.han").hour.note == ""
