"""A coach says who must be known, by keyboard alone, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.entities import Account
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import serious
from .places import Lab, Place, Voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ACCOUNTS = (
    "key,name,industry,segment,region,value,owner\nA,가온,제조,대기업,서울,,ann\nB,나래,은행,중견기업,부산,,ann\n"
)


def serve(start: Callable[..., Place], folder: Path, store: str = "store.db") -> Iterator[Place]:
    (folder / "accounts.csv").write_text(ACCOUNTS, encoding="utf-8")
    with init_workspace(folder / "team", lang="ko", actor="coach", store=store) as ws:
        ws.import_file("accounts", folder / "accounts.csv")
    served = start(folder / "team", folder, actor="coach")
    yield served
    served.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Place]:
    """A workspace with two accounts behind ``coverage-kit app``."""
    yield from serve(Voila.start, tmp_path)


@pytest.fixture
def server_on_postgresql(tmp_path: Path, postgresql_url: str) -> Iterator[Place]:
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE role_lists_page")
    yield from serve(Voila.start, tmp_path, f"{postgresql_url.rpartition('/')[0]}/role_lists_page")


@pytest.fixture
def lab_server(tmp_path: Path) -> Iterator[Place]:
    yield from serve(Lab.start, tmp_path)


@pytest.fixture(params=["own_server", pytest.param("server_on_postgresql", marks=pytest.mark.postgresql), "lab_server"])
def any_server(request: pytest.FixtureRequest) -> Place:
    """The page in Voilà on SQLite, on PostgreSQL, and in JupyterLab."""
    served: Place = request.getfixturevalue(request.param)
    return served


def press(page: Page, name: str, what: str = "Enter") -> None:
    """Go to a control, which the Tab key reaches, and press a key there."""
    control = page.locator(f"[data-key='{name}']")
    control.focus()
    expect(control).to_be_focused()
    page.keyboard.press(what)


def roles_in_force(workspace: Path, list_key: str) -> list[str]:
    with open_workspace(workspace) as ws:
        lists = {each.key: each for each in ws.roles.in_force()}
        return [role.key for role in lists[list_key].roles] if list_key in lists else []


def test_a_list_is_changed_previewed_applied_and_taken_back_by_keyboard(
    any_server: Place, new_page: Callable[..., Page]
) -> None:
    page, found = new_page(), {}
    any_server.open(page, "role_lists")
    before = roles_in_force(any_server.workspace, "bank_insurance")
    press(page, "list-bank_insurance")
    title = page.get_by_role("heading", level=2, name="은행·보험")
    expect(title).to_be_visible()
    found.update(serious(page, "a list"))
    # A role of the library, found by an English title; then moved to another band, and another one removed.
    press(page, "add-executive")
    expect(page.locator("[data-key=role-search]")).to_be_focused()
    page.keyboard.type("plant head")
    found.update(serious(page, "adding"))
    page.keyboard.press("Enter")
    expect(page.locator("[data-key=role-plant_head]")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_label("부서장·팀장급").locator("[data-key=role-plant_head]")).to_be_focused()
    press(page, f"role-{before[0]}", "Delete")
    expect(page.locator(f"[data-key=gone-{before[0]}]")).to_be_visible()
    # The draft is still there after another language and after a reload; nothing is written.
    press(page, "lang-en")
    expect(page.locator("[data-key=role-plant_head]")).to_contain_text("Plant head")
    names = page.locator("[data-key^=list-] b")
    expect(names.first).to_have_text("Bank and insurance")
    expect(names.last).to_have_text("Enterprise IT")
    any_server.reload(page)
    press(page, "list-bank_insurance")
    expect(page.locator("[data-key=role-plant_head]")).to_be_visible()
    assert roles_in_force(any_server.workspace, "bank_insurance") == before
    press(page, "preview")
    expect(page.locator("[data-key=why]")).to_be_focused()
    expect(page.locator("[data-key=numbers]")).to_contain_text("Required positions")
    found.update(serious(page, "preview"))
    press(page, "apply")
    expect(page.get_by_role("alert").filter(has_text="Say in one line why")).to_be_visible()
    page.keyboard.type("banks build plants")
    press(page, "apply")
    expect(page.locator(".toast")).to_contain_text("Role lists applied")
    after = roles_in_force(any_server.workspace, "bank_insurance")
    assert set(after) == {*before[1:], "plant_head"}
    press(page, "history")
    expect(page.get_by_role("dialog")).to_contain_text("banks build plants")
    expect(page.get_by_role("dialog")).to_contain_text("added Plant head")
    found.update(serious(page, "history"))
    page.keyboard.press("Escape")
    press(page, "undo")
    expect(page.locator(".toast")).to_contain_text("Undone.")
    expect(page.locator("[data-key=role-plant_head]")).to_have_count(0)
    assert roles_in_force(any_server.workspace, "bank_insurance") == before
    assert found == {}


def test_a_new_list_says_beside_its_fields_what_is_wrong_and_then_applies(
    own_server: Place, new_page: Callable[..., Page]
) -> None:
    page, found = new_page(1024, 768), {}
    own_server.open(page, "role_lists")
    press(page, "new-list")
    found.update(serious(page, "new list"))
    press(page, "empty-list")
    expect(page.locator("[data-key=title-ko]")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "preview")
    expect(page.get_by_text("이름을 한국어나 영어로 적어 주세요.").first).to_be_visible()
    expect(page.get_by_text("직책이 하나는 있어야 합니다. 더해 주세요.").first).to_be_visible()
    found.update(serious(page, "what is wrong"))
    press(page, "list-name")
    page.locator("[data-key=title-ko]").fill("부산 고객")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=2)).to_have_text("부산 고객")
    press(page, "add-manager")
    page.keyboard.type("야드 관리팀장")
    page.keyboard.press("Enter")
    expect(page.locator("[data-key=value-ko]")).to_be_visible()
    page.locator("[data-key=value-ko]").fill("멈추지 않는 크레인")
    found.update(serious(page, "a role"))
    page.keyboard.press("Escape")
    # No such region, and then one that an account has: the count follows, also over a reload.
    page.locator("[data-key=value-regions]").focus()
    page.keyboard.type("제주")
    page.keyboard.press("Enter")
    press(page, "preview")
    expect(page.get_by_text("이 직책표가 적용되는 고객사가 없습니다.").first).to_be_visible()
    page.locator("[data-key=value-regions]").focus()
    page.keyboard.press("Backspace")
    page.keyboard.type("부산")
    own_server.reload(page)
    page.get_by_role("button", name="부산 고객").press("Enter")
    expect(page.locator("[data-key=value-regions]")).to_have_value("부산")
    page.locator("[data-key=value-regions]").press("Enter")
    expect(page.locator(".count-now")).to_have_text("고객사 1곳")
    press(page, "preview")
    expect(page.locator("[data-key=numbers]")).to_be_visible()
    page.keyboard.type("부산은 항만이 먼저")
    press(page, "apply")
    expect(page.locator(".toast")).to_contain_text("직책표 적용")
    with open_workspace(own_server.workspace) as ws:
        made = next(each for each in ws.roles.in_force() if each.title.ko == "부산 고객")
        assert [role.title.ko for role in made.roles] == ["야드 관리팀장"]
        assert ws.roles.history()[0].why == "부산은 항만이 먼저"
    assert found == {}


def test_a_role_is_found_by_another_of_its_titles_and_no_second_one_is_offered(
    own_server: Place, new_page: Callable[..., Page]
) -> None:
    page = new_page(390, 844)
    own_server.open(page, "role_lists")
    press(page, "list-manufacturing_equipment")
    press(page, "add-executive")
    # A title of the chief executive; also a part of a title of another role.
    page.keyboard.type("사장")
    expect(page.locator(".found-roles button").first).to_have_attribute("data-key", "found-ceo")
    expect(page.locator("[data-key=role-create]")).to_have_count(0)
    # The browser empties a search field first, and closes the dialog then.
    page.keyboard.press("Escape")
    expect(page.locator("[data-key=role-search]")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator("[data-key=add-executive]")).to_be_focused()
    # No word of a button is broken, in the longer language either.
    press(page, "lang-en")
    press(page, "role-ceo")
    heights = page.locator("dialog .actions button").evaluate_all("all => all.map(each => each.clientHeight)")
    assert len(set(heights)) == 1


def test_other_lists_are_chosen_by_hand_after_one_that_was_chosen_was_removed(
    own_server: Place, new_page: Callable[..., Page]
) -> None:
    with open_workspace(own_server.workspace) as ws:
        ws.roles.pin(["B"], ["small_business"], "a small one")
        ws.roles.remove(["small_business"], "out of use")
    page = new_page()
    own_server.open(page, "role_lists")
    press(page, "pins")
    press(page, "pin-B")
    press(page, "pin-list-general", "Space")
    press(page, "pin-save")
    expect(page.locator("[data-key=pin-search]")).to_be_visible()
    with open_workspace(own_server.workspace) as ws:
        account = ws.ledger.find(Account, "B")
        assert account is not None
        assert account.pinned_lists == '["bank_insurance", "general"]'


def test_files_pins_and_offerings_by_keyboard(own_server: Place, new_page: Callable[..., Page], tmp_path: Path) -> None:
    page, found = new_page(390, 844), {}
    own_server.open(page, "role_lists")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    press(page, "list-small_business")
    press(page, "files")
    with page.expect_download() as kept:
        press(page, "export-one")
    assert kept.value.suggested_filename == "small_business.yml"
    text = kept.value.path().read_text(encoding="utf-8")
    (tmp_path / "small_business.yml").write_text(text.replace("경리", "경리·회계"), encoding="utf-8")
    found.update(serious(page, "files"))
    page.locator("[data-key=import-file]").set_input_files(tmp_path / "small_business.yml")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("경리·회계").first).to_be_visible()
    press(page, "discard")
    press(page, "pins")
    expect(page.locator("[data-key=pin-search]")).to_be_focused()
    page.keyboard.type("나래")
    press(page, "pin-B")
    press(page, "pin-list-general", "Space")
    press(page, "pin-save")
    expect(page.get_by_role("alert").filter(has_text="한 줄")).to_be_visible()
    page.locator("[data-key=pin-why]").fill("지주 회사")
    found.update(serious(page, "pins"))
    # What a dialog holds survives a reload until it is saved.
    own_server.reload(page)
    press(page, "pins")
    expect(page.locator("[data-key=pin-why]")).to_have_value("지주 회사")
    expect(page.locator("[data-key=pin-list-general]")).to_be_checked()
    press(page, "pin-save")
    expect(page.get_by_text("지주 회사")).to_be_visible()
    page.keyboard.press("Escape")
    press(page, "offerings")
    page.locator("[data-key=offering-new-ko]").fill("원격 점검")
    own_server.reload(page)
    press(page, "offerings")
    expect(page.locator("[data-key=offering-new-ko]")).to_have_value("원격 점검")
    press(page, "offering-add")
    expect(page.locator("[data-key='retire-원격 점검']")).to_be_visible()
    press(page, "retire-원격 점검")
    expect(page.get_by_role("button", name="다시 팔기")).to_be_visible()
    expect(page.locator("[data-key=offering-new-ko]")).to_have_value("")
    found.update(serious(page, "offerings"))
    page.keyboard.press("Escape")
    press(page, "history")
    expect(page.get_by_role("dialog")).to_contain_text("나래: 은행·보험, 기본 12직책 직접 지정")
    expect(page.get_by_role("dialog")).to_contain_text("새 상품·서비스: 원격 점검")
    expect(page.get_by_role("dialog")).to_contain_text("그만 팔기: 원격 점검")
    # The last act, which retired the offering, is taken back from there.
    last = page.locator("[data-key^=undo-ed_]").first
    key = last.get_attribute("data-key")
    last.press("Enter")
    expect(page.locator(f"[data-key='{key}']")).to_have_count(0)
    found.update(serious(page, "history"))
    page.keyboard.press("Escape")
    with open_workspace(own_server.workspace) as ws:
        assert [(each.ko, each.active) for each in ws.roles.offerings() if each.ko == "원격 점검"] == [
            ("원격 점검", True)
        ]
        account = ws.ledger.find(Account, "B")
        assert account is not None
        assert "general" in (account.pinned_lists or "")
    assert found == {}
