"""Answers that come late: text typed while they are on their way is neither lost, nor sent elsewhere, nor over another value."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.entities import Account, Employment
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account, saved
from .places import Place
from .test_coach import answer_claims, at_step, open_claimed_account, resumed, step_on
from .test_rep import grounds_written, row, slot, write_name
from .test_switch import line, turned_away

pytestmark = [pytest.mark.browser, pytest.mark.slow, only_voila]
Open = Callable[..., Page]


def name_field(page: Page, role: str) -> Any:
    return row(page, role).get_by_role("combobox").first


def with_grounds(page: Page, role: str, name: str, text: str = "") -> Any:
    """A slot somebody holds, whose grounds can be written; the field."""
    write_name(page, role, name)
    row(page, role).get_by_role("button", name="중립").click()
    saved(page)
    grounds = row(page, role).locator(".grounds")
    if text:
        grounds.fill(text)
        grounds.press("Enter")
        saved(page)
    return grounds


def test_what_is_queued_behind_an_edit_that_meets_another_is_asked_and_not_written_over_it(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[16]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "한 사람")
    with place.unanswered(page):
        row(page, "ceo").get_by_role("button", name="우호").click()
        row(page, "ceo").get_by_role("button", name="중립").click()
        with open_workspace(workspace, actor="minsu.lee") as ws:
            ws.edit_slot(name, "ceo", disposition="negative")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td")).to_have_text(["–", "중립", "부정"])
    expect(dialog).to_have_count(1)
    expect(page.locator(".coverage-kit")).not_to_have_attribute("data-saved", "pending")
    assert slot(workspace, name, "ceo")["disposition"] == "negative"
    dialog.get_by_role("button", name="바뀐 대로 두기").click()
    expect(dialog).to_have_count(0)
    assert slot(workspace, name, "ceo")["disposition"] == "negative"


def test_a_choice_made_before_another_was_written_is_asked_also_behind_an_edit_that_merged(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[16]
    page = workbook()
    open_account(page, name)
    write_name(page, "cfo", "두 사람")
    with place.unanswered(page):
        row(page, "cfo").locator("select").select_option(index=1)
        row(page, "cfo").get_by_role("button", name="우호").click()
        with open_workspace(workspace, actor="minsu.lee") as ws:
            ws.edit_slot(name, "cfo", disposition="negative")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td")).to_have_text(["–", "우호", "부정"])
    assert slot(workspace, name, "cfo")["disposition"] == "negative"


def test_what_is_typed_on_stays_when_the_text_before_it_met_another(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[16]
    page = workbook()
    open_account(page, name)
    grounds = with_grounds(page, "cio", "세 사람")
    with place.unanswered(page):
        grounds.press_sequentially("하나")
        grounds.press("Enter")
        grounds.press_sequentially(" 둘")
        with open_workspace(workspace, actor="minsu.lee") as ws:
            ws.edit_slot(name, "cio", grounds="그사이 적힌 말")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td")).to_have_text(["–", "하나", "그사이 적힌 말"])
    expect(grounds).to_have_value("하나 둘")
    dialog.get_by_role("button", name="바뀐 대로 두기").click()
    expect(grounds).to_have_value("하나 둘")
    page.reload()
    page.locator(".coverage-kit[data-ready=true]").wait_for()
    open_account(page, name)
    expect(grounds).to_have_value("하나 둘")


def test_a_text_set_back_before_the_answer_came_is_the_one_that_stands(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[16]
    page = workbook()
    open_account(page, name)
    grounds = with_grounds(page, "rnd_head", "네 사람", "처음 적은 말")
    with place.unanswered(page):
        for text in ("다른 말", "처음 적은 말"):
            grounds.fill(text)
            grounds.press("Enter")
    saved(page)
    expect(grounds).to_have_value("처음 적은 말")
    assert grounds_written(workspace, name, "rnd_head") == ["처음 적은 말", "다른 말", "처음 적은 말"]


def test_an_account_on_its_way_gets_nothing_that_was_meant_for_the_one_on_the_screen(
    new_page: Open, workspace: Path, place: Place
) -> None:
    page, _ = turned_away(new_page, place)
    shown, next_one = BLANK[17], BLANK[18]
    open_account(page, shown)
    page.get_by_role("searchbox").fill("빈고객")
    with place.unanswered(page):
        line(page, next_one)
        page.evaluate(
            """() => {
              const field = document.querySelector('tr[data-role=ceo] .name-input');
              field.focus();
              field.value = '엉뚱한 이름';
              field.dispatchEvent(new Event('input'));
              field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
            }"""
        )
        page.get_by_role("button", name="English").click()
        page.evaluate(
            """() => {
              const field = document.querySelector('tr[data-role=cfo] .name-input');
              field.focus();
              field.value = '또 엉뚱한 이름';
              field.dispatchEvent(new Event('input'));
              field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
            }"""
        )
    saved(page)
    assert [slot(workspace, next_one, role)["rung"] for role in ("ceo", "cfo")] == [0, 0]
    assert [slot(workspace, shown, role)["holder"] for role in ("ceo", "cfo")] == ["엉뚱한 이름", "또 엉뚱한 이름"]
    expect(page.locator(".pane")).to_have_attribute("data-account", next_one)
    expect(page.locator(".pane")).to_have_attribute("data-state", "ready")


def test_the_star_pressed_twice_before_an_answer_is_as_it_was(workbook: Open, workspace: Path, place: Place) -> None:
    name = BLANK[17]
    page = workbook()
    open_account(page, name)
    star = page.locator("[data-key=focus]")
    with place.unanswered(page):
        star.click()
        expect(star).to_have_attribute("aria-pressed", "true")
        star.click()
        expect(star).to_have_attribute("aria-pressed", "false")
    saved(page)
    expect(star).to_have_attribute("aria-pressed", "false")
    with open_workspace(workspace) as ws:
        (account,) = ws.ledger.as_of(Account, id=name)
    assert not account.focus


def test_a_window_that_opens_by_itself_sends_nothing_half_typed(workbook: Open, workspace: Path, place: Place) -> None:
    name = BLANK[17]
    page = workbook()
    open_account(page, name)
    write_name(page, "cio", "한 사람")
    with place.unanswered(page):
        row(page, "cio").get_by_role("button", name="우호").click()
        with open_workspace(workspace, actor="minsu.lee") as ws:
            ws.edit_slot(name, "cio", disposition="negative")
        name_field(page, "rnd_head").press_sequentially("남궁")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td")).to_have_text(["–", "우호", "부정"])
    page.keyboard.press("Escape")
    expect(name_field(page, "rnd_head")).to_be_focused()
    page.keyboard.type(" 유진")
    page.keyboard.press("Enter")
    saved(page)
    with open_workspace(workspace) as ws:
        names = {each["name"] for each in ws.people(name).to_dict("records")}
    assert "남궁 유진" in names
    assert "남궁" not in names


def test_what_was_begun_is_shown_on_a_phone_too(workbook: Open, place: Place) -> None:
    name = BLANK[18]
    page = workbook(width=390, height=844)
    page.get_by_role("tab", name="고객사").click()
    open_account(page, name)
    row(page, "cfo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 고객사에 없는 직책…").click()
    page.get_by_role("dialog").get_by_label("까닭").fill("본사가 맡는다")
    place.reload(page)
    page.get_by_role("button", name="보기", exact=True).click()
    expect(page.get_by_role("dialog").get_by_label("까닭")).to_have_value("본사가 맡는다")
    expect(page.locator(".pane")).to_have_attribute("data-account", name)


def test_text_for_an_account_that_was_handed_over_is_shown_to_be_copied_or_discarded(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[19]
    page = workbook()
    open_account(page, name)
    name_field(page, "cfo").press_sequentially("남궁 유진")
    with open_workspace(workspace, actor="manager.han") as ws:
        ws.assign([name], "minsu.park")
    try:
        place.reload(page)
        notice = page.locator(".handed-over")
        expect(notice.get_by_role("textbox")).to_have_value("남궁 유진")
        expect(notice).to_contain_text("CFO")
        notice.get_by_role("button", name=re.compile("복사")).click()
        place.reload(page)
        page.locator(".handed-over").get_by_role("button", name=re.compile("버리기")).click()
        expect(page.locator(".handed-over")).to_have_count(0)
        place.reload(page)
        expect(page.locator(".handed-over")).to_have_count(0)
    finally:
        with open_workspace(workspace, actor="manager.han") as ws:
            ws.assign([name], "jihye.kim")


def test_typing_on_one_card_goes_on_when_the_answer_about_another_comes(workbook: Open, place: Place) -> None:
    page = workbook(width=390, height=844)
    page.locator(".cards[data-ready]").wait_for()
    first, second = (page.locator(".card").nth(n).get_attribute("data-person") for n in (0, 1))
    heard = page.locator(f".card[data-person={second}]").get_by_role("textbox")
    advice = page.locator(f".card[data-person={second}]").get_by_role("button", name="충고")
    with place.unanswered(page):
        page.locator(f".card[data-person={first}]").get_by_role("button", name="확인 못 함").click()
        heard.press_sequentially("납기를 ")
    # The person who was not reached stands behind the others, or gives way to them.
    expect(page.locator(".card").first).not_to_have_attribute("data-person", first or "")
    expect(heard).to_be_focused()
    page.keyboard.type("먼저")
    expect(heard).to_have_value("납기를 먼저")
    expect(advice).to_be_visible()
    # By keys alone one goes on with the next card.
    page.locator(f".card[data-person={second}]").get_by_role("button", name="확인 못 함").press("Enter")
    expect(page.locator(f".card[data-person={second}]")).to_have_count(0)
    expect(page.locator(".card").first.get_by_role("button", name="그대로 계심")).to_be_focused()


def test_choices_of_a_workbook_reach_the_store_from_the_coach_s_page_too(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[18]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "한 사람")
    place.kill_kernel(page)
    row(page, "ceo").get_by_role("button", name="우호").click()
    place.open(page, "coach_session")
    saved(page)
    assert slot(workspace, name, "ceo")["disposition"] == "favorable"


def test_a_reason_refused_after_a_reload_is_kept(coachs_workbook: Callable[[], Page], place: Place) -> None:
    name = BLANK[19]
    page = coachs_workbook()
    open_account(page, name)
    place.kill_kernel(page)
    row(page, "cfo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 고객사에 없는 직책…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("까닭").fill("본사가 맡는다")
    dialog.get_by_label("다시 볼 날", exact=True).fill("2020-01-01")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "pending")
    place.reload(page)
    expect(page.locator(".toast.problem")).to_be_visible()
    open_account(page, name)
    row(page, "cfo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 고객사에 없는 직책…").click()
    expect(dialog.get_by_label("까닭")).to_have_value("본사가 맡는다")


def group_at_round(page: Page) -> None:
    page.get_by_role("radio", name=re.compile("여럿이")).check()
    for name in ("김지혜", "박민수"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="시작하기").click()
    answer_claims(page, 20, "김지혜", "박민수")
    step_on(page, "round")


def test_a_group_answered_late(session: Open, workspace: Path, place: Place) -> None:
    page = session()
    group_at_round(page)
    done = page.get_by_label("김지혜: 한 일", exact=True)
    with place.unanswered(page):
        done.press_sequentially("두 분을")
        done.press("Enter")
        done.press_sequentially(" 만났다")
    expect(
        page.get_by_role("button", name="버리기: 김지혜: 한 일")
    ).to_be_visible()  # the answer to the first text has come
    expect(done).to_have_value("두 분을 만났다")
    done.press("Enter")
    expect(page.get_by_role("button", name="버리기: 김지혜: 한 일")).to_have_count(0)
    resumed(page, place)
    expect(done).to_have_value("두 분을 만났다")
    # Two lines, one after the other: both are sent.
    stuck, other = page.get_by_label("김지혜: 막힌 일"), page.get_by_label("박민수: 한 일", exact=True)
    with place.unanswered(page):
        stuck.press_sequentially("하나")
        stuck.press("Tab")
        other.press_sequentially("둘")
    expect(stuck).not_to_have_class(re.compile("unsaved"))
    expect(page.locator(".session-step")).to_be_visible()
    expect(other).to_be_focused()
    page.keyboard.press("Tab")
    expect(other).not_to_have_class(re.compile("unsaved"))
    # The next step twice: one step.
    with place.unanswered(page):
        for _ in range(2):
            page.locator("[data-key=step-on]").click()
    at_step(page, "blind_role")
    page.locator("[data-key=undo]").click()
    at_step(page, "round")
    step_on(page, "blind_role")
    step_on(page, "sweep")
    lines = page.locator(".sweep[data-rep='jihye.kim'] li")
    who = [lines.nth(n).get_attribute("data-person") for n in range(2)]
    # A key pressed twice is one check; a window that was opened before the response stays.
    with place.unanswered(page):
        lines.first.press("3")
        lines.first.press("3")
        lines.nth(1).press("2")
        dialog = page.get_by_role("dialog")
        dialog.get_by_role("radio", name="은퇴").check()
        dialog.get_by_role("textbox", name="언제부터").fill("2026-11-02")
    expect(page.locator(f".sweep [data-person={who[0]}]")).to_have_attribute("data-open", "false")
    expect(dialog.get_by_role("textbox", name="언제부터")).to_have_value("2026-11-02")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(page.locator(f".sweep [data-person={who[1]}]")).to_contain_text("은퇴")
    page.locator(f".sweep [data-person={who[0]}]").get_by_role("button", name=re.compile("^되돌리기")).click()
    expect(page.locator(f".sweep [data-person={who[0]}]")).to_have_attribute("data-open", "true")
    # Left, and something pressed before that was answered.
    with place.unanswered(page):
        page.locator("[data-key=leave]").click()
        page.locator("[data-key=undo]").click(force=True)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", "start")
    with open_workspace(workspace, actor="jihye.kim") as ws:
        [session_left] = [each for each in ws.coaching.sessions.open() if len(each.reps) == 2]
        ws.coaching.sessions.resume(session_left.id).close()


def test_what_is_typed_on_a_card_while_it_is_saved_is_not_lost(workbook: Open, workspace: Path, place: Place) -> None:
    name = BLANK[19]
    page = workbook()
    open_account(page, name)
    page.get_by_role("tab", name="연락처").click()
    page.get_by_role("button", name="오 연락", exact=True).click()
    card = page.get_by_role("dialog").filter(has=page.get_by_label("전화"))
    card.get_by_label("전화").fill("02-222")
    with place.unanswered(page):
        card.get_by_role("button", name="저장", exact=True).last.click()
        card.get_by_label("직함").press_sequentially("팀장")
    saved(page)
    expect(card.get_by_label("전화")).not_to_have_class("unsaved")
    expect(card.get_by_label("직함")).to_have_value("팀장")
    card.get_by_role("button", name="저장", exact=True).last.click()
    expect(card).to_have_count(0)
    saved(page)
    with open_workspace(workspace) as ws:
        (job,) = ws.ledger.as_of(Employment, person_id=f"pe_{name}")
    assert job.title == "팀장"


def test_a_card_saved_after_a_reload_is_not_offered_again(workbook: Open, place: Place) -> None:
    name = BLANK[18]
    page = workbook()
    open_account(page, name)
    page.get_by_role("tab", name="연락처").click()
    page.get_by_role("button", name="오 연락", exact=True).click()
    card = page.get_by_role("dialog").filter(has=page.get_by_label("전화"))
    card.get_by_label("전화").fill("02-333")
    place.kill_kernel(page)
    card.get_by_role("button", name="저장", exact=True).last.click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "pending")
    place.reload(page)
    saved(page)
    place.reload(page)
    expect(page.locator(".toast.kept")).to_have_count(0)


def test_a_week_that_cannot_be_shown_leaves_what_is_on_the_screen(workbook: Open) -> None:
    page = workbook()
    open_account(page, BLANK[18])
    page.evaluate("() => document.querySelector('[data-key=as-of]').append(new Option('2026-W99', '2026-W99'))")
    page.get_by_label("시점").select_option("2026-W99")
    expect(page.locator(".toast.problem")).to_be_visible()
    expect(page.locator(".pane")).to_have_attribute("data-state", "ready")
    expect(page.get_by_label("시점")).to_have_value("")
    expect(name_field(page, "ceo")).to_be_enabled()


def test_the_next_promise_has_the_focus_once_one_is_settled(workbook: Open, workspace: Path) -> None:
    with open_workspace(workspace) as ws:
        book = ws.coaching.commitments
        for role in ("cfo", "cio"):
            book.add(book.draft_from_gap(BLANK[19], role), confirmed=True)
    page = workbook()
    page.get_by_role("tab", name="약속").click()
    promises = page.locator(".commitment")
    first, second = (promises.nth(n).get_attribute("data-commitment") for n in (0, 1))
    page.locator(f"[data-commitment={first}]").press("1")
    expect(page.locator(f"[data-commitment={first}]")).to_have_count(0)
    expect(page.locator(f"[data-commitment={second}]")).to_be_focused()


def test_a_promise_that_another_has_settled_is_asked(workbook: Open, workspace: Path) -> None:
    with open_workspace(workspace) as ws:
        book = ws.coaching.commitments
        made = book.add(book.draft_from_gap(BLANK[18], "cfo"), confirmed=True)
    page = workbook()
    page.get_by_role("tab", name="약속").click()
    promise = page.locator(f"[data-commitment={made.id}]")
    promise.wait_for()
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.coaching.commitments.settle(made.id, "not_kept", reason="need_help")
    promise.press("1")
    asked = page.get_by_role("dialog")
    expect(asked.locator("tbody th")).to_have_text(["어떻게 되었나요?", "까닭"])
    expect(asked.locator("tbody tr").first.locator("td")).to_have_text(["–", "지킴", "다음으로 미룸"])
    asked.get_by_role("button", name="바뀐 대로 두기").click()
    expect(promise).to_have_count(0)
    with open_workspace(workspace) as ws:
        (now,) = [each for each in ws.coaching.commitments.find(rep="jihye.kim", state=None) if each.id == made.id]
    assert now.state == "not_kept"


def test_a_second_key_at_a_promise_before_the_answer_counts_for_nothing(
    session: Open, workspace: Path, place: Place
) -> None:
    with open_workspace(workspace, actor="jihye.kim") as ws:
        book = ws.coaching.commitments
        made = book.add(book.draft_from_gap(BLANK[18], "cio"), confirmed=True)
        one = ws.coaching.sessions.start(["jihye.kim"])
        if one.step == "claims":
            one.claim(share=0.4)
            one.next()
    page = session()
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    at_step(page, "promises")
    promise = page.locator(f"[data-commitment={made.id}]")
    with place.unanswered(page):
        promise.press("2")
        promise.press("1")
    expect(promise).to_have_attribute("data-open", "false")
    step_on(page, "accounts")
    expect(page.locator(".toast")).to_have_count(0)
    with open_workspace(workspace, actor="jihye.kim") as ws:
        now = ws.coaching.commitments.get(made.id)
        ws.coaching.sessions.resume(one.id).close()
    assert (now.state, now.reason) == ("not_kept", "pushed_aside")


def test_what_was_said_of_one_person_is_not_put_down_for_the_next(workbook: Open, workspace: Path) -> None:
    name = BLANK[19]
    page = workbook()
    open_account(page, name)
    write_name(page, "cfo", "먼저 분")
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.edit_slot(name, "cfo", holder="다음 분")
    row(page, "cfo").get_by_role("button", name="부정").click()
    asked = page.get_by_role("dialog")
    expect(asked).to_contain_text("먼저 분 님에 관한 것")
    expect(asked.get_by_role("button")).to_have_text(["바뀐 대로 두기"])
    asked.get_by_role("button").click()
    expect(name_field(page, "cfo")).to_have_value("다음 분")
    expect(page.locator(".toast button")).to_have_count(1)  # to close it, and nothing else
    assert slot(workspace, name, "cfo")["disposition"] is None


def test_an_open_menu_stays_while_the_screen_is_drawn_again_and_closes_where_its_row_is_gone(
    session: Open, place: Place
) -> None:
    """Taking an act back asks for the session again; a menu that was opened by then stays."""
    page = session()
    open_claimed_account(page)
    more, first = page.locator("tr[data-role] .more").first, page.get_by_role("menuitem").first
    more.click()
    first.click()
    page.locator("dialog[data-ready]").wait_for()
    page.locator("dialog .primary").click()
    undo = page.locator("[data-key=undo]")
    expect(undo).to_contain_text("실행 약속")
    page.evaluate("document.querySelector('.session-step').id = 'before'")
    with place.unanswered(page):
        undo.click()
        more.click()
        expect(first).to_be_focused()
    expect(page.locator("#before")).to_have_count(0)
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(more).to_be_focused()
    with place.unanswered(page):
        page.locator("[data-key=step-on]").click()
        more.click()
        expect(first).to_be_visible()
    at_step(page, "commitments")
    expect(page.get_by_role("menu")).to_have_count(0)
