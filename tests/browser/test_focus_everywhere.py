"""After every response to every dialog the focus is at a control that shows, never on the page itself."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.entities import Note
from coverage_kit.workspace import init_workspace, open_workspace
from tests.needs import Prepare

from .conftest import BLANK, build_team, only_voila, open_account, saved
from .places import Voila
from .servers import prepare_no_pages, start
from .test_coach import open_unclaimed_account, step_on
from .test_rep import row, write_name

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]

#: The clock of kernels, and of the process they are forked from, fifty days ahead of the server that started them.
FIFTY_DAYS_LATER = """
import sys, time
if any("ipykernel" in part or "whole_kernel" in part for part in sys.orig_argv):
    real = time.time_ns
    time.time_ns = lambda: real() + 50 * 86_400 * 10**9
"""
FOCUS = """() => {
    const at = document.activeElement;
    if (!at?.closest(".coverage-kit") || at.matches(".coverage-kit") || !at.checkVisibility()) return null;
    return at.disabled ? null : at.dataset.key ?? at.tagName.toLowerCase();
}"""


def focused(page: Page, after: str) -> str:
    """The control that has the focus once the screen is at rest."""
    page.wait_for_function("() => !document.querySelector('.coverage-kit[data-saved=pending]')")
    return focused_while_held(page, after)


def focused_while_held(page: Page, after: str) -> str:
    """The same where an edit is held back."""
    page.wait_for_timeout(200)
    key = page.evaluate(FOCUS)
    assert key is not None, (
        f"{after}: the focus is on {page.evaluate('document.activeElement.outerHTML.slice(0, 200)')}"
    )
    return str(key)


def closed(page: Page) -> None:
    expect(page.locator(".coverage-kit dialog")).to_have_count(0)


@only_voila
def test_undo_keeps_the_focus(workbook: Open) -> None:
    page = workbook()
    open_account(page, BLANK[14])
    write_name(page, "ceo", "한 분")
    saved(page)
    write_name(page, "cfo", "또 한 분")
    saved(page)
    page.locator("[data-key=undo]").press("Enter")
    assert focused(page, "undone once") == "undo"
    page.locator("[data-key=undo]").press("Enter")
    expect(page.locator("[data-key=undo]")).to_be_disabled()
    focused(page, "undone all")


@only_voila
def test_a_refused_dialog_keeps_the_focus(workbook: Open) -> None:
    page = workbook()
    open_account(page, BLANK[13])
    row(page, "cfo").locator(".more").press("Enter")
    page.get_by_role("menuitem", name="없는 직책").press("Enter")
    page.get_by_role("dialog").locator("button.primary").press("Enter")
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    focused(page, "refused")
    page.keyboard.press("Escape")
    closed(page)
    focused(page, "escaped")


@only_voila
def test_the_dialogs_of_a_session_give_the_focus_back(session: Open) -> None:
    page = session()
    page.get_by_role("checkbox", name="김지혜").check()
    page.locator("[data-key=begin]").press("Enter")
    page.locator(".session-step").wait_for()
    focused(page, "begun")
    if page.locator(".session-step").get_attribute("data-step") == "claims":
        page.locator(".claim input").fill("50")
        page.locator(".claim input").press("Enter")
        page.locator(".calibration").wait_for()
        focused(page, "claimed")
        page.locator("[data-key=step-on]").press("Enter")
        page.locator(".coverage-kit[data-step=promises]").wait_for()
    page.locator("[data-key=step-on]").press("Enter")
    page.locator(".coverage-kit[data-step=accounts]").wait_for()
    focused(page, "the next step")
    open_unclaimed_account(page)
    page.locator(".claim.big input").fill("5")
    page.locator(".claim.big input").press("Enter")
    more = page.locator("tr[data-role] .more").first
    more.wait_for()
    focused(page, "an account claimed")
    page.locator("[data-key=picture]").press("Enter")
    page.keyboard.press("Escape")
    closed(page)
    assert focused(page, "the picture") == "picture"
    key = more.get_attribute("data-key")
    for answer in ("Escape", ".link", ".primary"):
        more.press("Enter")
        page.get_by_role("menuitem").first.press("Enter")
        page.locator("dialog[data-ready]").wait_for()
        if answer == "Escape":
            page.keyboard.press(answer)
        else:
            page.locator(f"dialog .actions {answer}").press("Enter")
        closed(page)
        assert focused(page, f"a commitment, {answer}") == key
    expect(page.locator("[data-key=undo]")).to_be_enabled()
    page.locator("[data-key=undo]").press("Enter")
    focused(page, "a commitment undone")


@pytest.fixture
def imports(tmp_path: Path) -> Iterator[Voila]:
    """A workspace into which two lists were imported, with accounts that nobody owns."""
    with init_workspace(tmp_path / "team", lang="ko", actor="coach") as ws:
        for name, rows in (("first", "한빛,김가온\n새벽,이새봄\n"), ("second", "누리,박누리\n")):
            file = tmp_path / f"{name}.csv"
            file.write_text(f"회사,이름\n{rows}", encoding="utf-8")
            ws.import_file("contacts", file)
    served = Voila.start(tmp_path / "team", tmp_path, actor="coach")
    yield served
    served.close()


def test_the_dialogs_of_the_import_page_give_the_focus_back(imports: Voila, new_page: Open) -> None:
    page = new_page(1024, 768)
    imports.open(page, "import_accounts")
    back, window = page.locator("[data-key^=back-]").first, page.get_by_role("dialog")
    for answer in ("Escape", "취소"):
        back.press("Enter")
        window.wait_for()
        if answer == "Escape":
            page.keyboard.press(answer)
        else:
            window.get_by_role("button", name=answer).press("Enter")
        closed(page)
        assert focused(page, f"taking back, {answer}").startswith("back")
    back.press("Enter")
    window.locator("[data-key=back-now]").press("Enter")
    closed(page)
    expect(page.get_by_text("되돌렸습니다.")).to_be_visible()
    focused(page, "an import undone")


@pytest.fixture
def late(tmp_path: Path) -> Iterator[Voila]:
    """A workspace whose pages believe that the last edit was fifty days ago."""
    accounts, shift = tmp_path / "accounts.csv", tmp_path / "shift"
    accounts.write_text("고객사 코드,고객사,담당\nA1,한빛,ann\n", encoding="utf-8")
    with init_workspace(tmp_path / "team", lang="ko", actor="ann") as ws:
        ws.import_file("accounts", accounts)
    shift.mkdir()
    (shift / "sitecustomize.py").write_text(FIFTY_DAYS_LATER)
    prepare_no_pages(tmp_path)
    process, port = start(tmp_path / "team", ["app"], tmp_path, COVERAGE_KIT_ACTOR="ann", PYTHONPATH=str(shift))
    token = re.search(r"token=([\w-]+)", (tmp_path / "log").read_text())
    assert token
    served = Voila(process, f"http://127.0.0.1:{port}", token[1], tmp_path / "team")
    yield served
    served.close()


def test_the_question_about_the_clock_gives_the_focus_back(late: Voila, new_page: Open) -> None:
    page = new_page()
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    late.open(page, "rep_workbook")
    open_account(page, "한빛")
    field = row(page, "ceo").get_by_role("combobox").first
    field.fill("김가온")
    field.press("Enter")
    question = page.get_by_role("dialog")
    expect(question).to_be_visible()
    question.locator("[data-key=clock-wrong]").press("Enter")
    closed(page)
    expect(page.locator(".banner")).to_be_visible()
    expect(field).to_be_focused()
    for answer in ("Escape", "right"):
        page.locator(".banner button").first.press("Enter")
        expect(question).to_be_visible()
        if answer == "Escape":
            page.keyboard.press(answer)
        else:
            question.locator("[data-key=clock-right]").press("Enter")
        closed(page)
        page.wait_for_timeout(300)
        focused_while_held(page, answer)
    saved(page)
    focused(page, "the clock is right")


@pytest.fixture
def fresh(prepared: Prepare, tmp_path: Path) -> Iterator[Voila]:
    """The team before any claim, in a workspace of its own."""
    served = Voila.start(shutil.copytree(prepared("screens", build_team), tmp_path / "team"), tmp_path)
    yield served
    served.close()


def test_a_field_that_is_drawn_again_keeps_the_focus_and_a_syllable_that_is_being_composed(
    fresh: Voila, new_page: Open
) -> None:
    page = new_page()
    fresh.open(page, "coach_session")
    page.get_by_role("radio", name=re.compile("여럿이")).check()
    for name in ("김지혜", "박민수"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="시작하기").click()
    first, second = (page.get_by_label(f"{name} 님의 체감, 퍼센트") for name in ("김지혜", "박민수"))
    first.fill("20")
    with fresh.unanswered(page):
        first.press("Enter")
        second.press("4")
    expect(first).to_have_count(0)
    page.keyboard.type("5")
    page.keyboard.press("Enter")
    expect(page.locator(".calibration").last).to_contain_text("45")
    step_on(page, "round")
    done, stuck = (page.get_by_label(f"김지혜: {what}", exact=True) for what in ("한 일", "막힌 일"))
    with fresh.unanswered(page):
        done.fill("두 분을")
        done.press("Enter")
        stuck.focus()
        keys = page.context.new_cdp_session(page)
        keys.send("Input.imeSetComposition", {"text": "마", "selectionStart": 1, "selectionEnd": 1})
    with open_workspace(fresh.workspace) as ws:
        while "두 분을" not in {note.body for note in ws.ledger.as_of(Note)}:
            page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    keys.send("Input.imeSetComposition", {"text": "막", "selectionStart": 1, "selectionEnd": 1})
    keys.send("Input.insertText", {"text": "막"})
    expect(page.get_by_role("button", name=re.compile("버리기: 김지혜: 막힌 일"))).to_be_visible()
    expect(stuck).to_have_value("막")
    expect(stuck).to_be_focused()
