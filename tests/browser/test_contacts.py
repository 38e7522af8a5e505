"""The page of contacts: a rep matches by keyboard, and sweeps an account of 268 on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.store.entities import Slot
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import serious_in_dark_too
from .places import Voila, ready
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

TITLES = ["대표이사", "구매팀장", "연구소장", "과장", "전 대표이사"]
CROWDED = 268


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    """Two accounts: one with five contacts, one with 268."""
    folder = tmp_path_factory.mktemp("contacts")
    with init_workspace(folder / "team", lang="ko", actor="jihye.kim") as ws:
        changes = [Change("staff", "jihye.kim", {"name": "김지혜", "function": "rep"}, base=0)]
        for account, name, n in (("A1", "솔빛산업", len(TITLES)), ("A2", "하람전자", CROWDED)):
            own = {"name": name, "name_key": name_key(name), "owner_id": "jihye.kim", "status": "active"}
            changes.append(Change("account", account, {**own, "template_ids": '["general"]', "value": 9.0 - n}, base=0))
            for i in range(n):
                who, title = f"{account}_{i}", TITLES[i] if n == len(TITLES) else "사원"
                person = {"name": f"사람{account}{i}", "name_key": f"사람{account.casefold()}{i}"}
                changes.append(Change("person", f"pe_{who}", person, base=0))
                job = {"person_id": f"pe_{who}", "account_id": account, "title": title}
                changes.append(Change("employment", f"em_{who}", job, base=0))
        ws.ledger.save(changes)
    place = Voila.start(folder / "team", folder)
    yield place
    place.close()


def show(place: Voila, page: Page, **query: str) -> None:
    page.goto(place.url("contacts", **query), timeout=START_MS)
    ready(page)


def held(place: Voila) -> dict[str, str]:
    """Who holds a position, and how it was checked."""
    with open_workspace(place.workspace) as ws:
        return {slot.employment_id: slot.verified_how or "" for slot in ws.ledger.as_of(Slot) if slot.employment_id}


def test_a_rep_matches_contacts_by_keyboard_and_takes_one_back(served: Voila, new_page: Callable[..., Page]) -> None:
    page = new_page()
    show(served, page)
    lines = page.locator(".contact-line")
    expect(lines).to_have_count(3)
    assert held(served) == {}
    found = serious_in_dark_too(page, "match")
    lines.first.focus()
    first, second, third = (lines.nth(n).get_attribute("data-key") for n in range(3))
    # Later: the first one comes back at the end.
    page.keyboard.press("s")
    expect(page.locator(f"[data-key={second}]")).to_be_focused()
    expect(lines.last).to_have_attribute("data-key", str(first))
    # Sits there; and the next one was checked, too.
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-key={third}]")).to_be_focused()
    expect(lines).to_have_count(2)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f"[data-key={first}]")).to_be_focused()
    expect(lines).to_have_count(1)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "saved")
    expect(page.locator(".toasts")).to_contain_text("연구소장")
    assert sorted(held(served).values()) == ["", "call"]
    # The last one is taken back.
    page.locator("[data-key=undo]").click()
    expect(lines).to_have_count(2)
    assert list(held(served).values()) == [""]
    # Another position is chosen by hand.
    page.locator("[data-key=search]").fill("사람A13")
    expect(page.locator("[data-person=pe_A1_3]")).to_be_visible()
    expect(lines).to_have_count(1)
    page.locator("[data-key=position-em_A1_3]").select_option(index=3)
    page.locator("[data-key=sits-em_A1_3]").click()
    expect(page.locator(".toasts")).to_contain_text("사람A13")
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "saved")
    assert set(held(served)) >= {"em_A1_3"}
    assert not found


def test_an_account_of_268_is_swept_on_a_phone(served: Voila, new_page: Callable[..., Page]) -> None:
    page = new_page(390, 844)
    show(served, page, account="A2", view="sweep", lang="en")
    counts = page.locator("[data-key=counts]")
    expect(counts).to_contain_text("268 contacts · 0 confirmed")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = serious_in_dark_too(page, "sweep")
    lines = page.locator(".contact-line")
    # Still there, by a press.
    key = lines.first.get_attribute("data-key")
    lines.first.get_by_role("button", name="Still there").click()
    expect(counts).to_contain_text("1 confirmed")
    expect(page.locator(f"[data-key={key}]")).to_have_count(0)
    # Left, with the successor in the same stroke.
    key = lines.first.get_attribute("data-key")
    lines.first.get_by_role("button", name="Left").click()
    expect(page.locator("[data-key=form-first]")).to_be_focused()
    found |= serious_in_dark_too(page, "left")
    page.keyboard.type("한새로")
    page.keyboard.press("Enter")
    expect(counts).to_contain_text("269 contacts · 1 confirmed")
    expect(counts).to_contain_text("1 gone")
    expect(page.locator(f"[data-key={key}]")).to_have_count(0)
    # All that are shown at once, and back.
    page.locator("[data-key=select-all]").click()
    expect(page.locator(".contact-bulk")).to_contain_text("60 selected")
    page.locator("[data-key=bulk-left]").click()
    expect(counts).to_contain_text("61 gone")
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(counts).to_contain_text("1 gone")
    # Search, and what was found so far.
    page.locator("[data-key=search]").fill("한새로")
    expect(lines).to_have_count(1)
    page.locator("[data-key=search]").fill("")
    page.locator("[data-key=only]").select_option("gone")
    expect(lines).to_have_count(1)
    page.locator("[data-key=only]").select_option("confirmed")
    expect(lines).to_have_count(1)
    assert not found
