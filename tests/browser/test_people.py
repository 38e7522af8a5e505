"""People in a real browser: who stands how to whom, another role with its day, a try that reached nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.entities import Account, Employment, Event, Person
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account, saved, serious
from .places import Place
from .test_rep import row, slot, write_name

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def ties_of(workspace: Path, account: str) -> list[tuple[str, str, str]]:
    with open_workspace(workspace) as ws:
        jobs = {each.id: each.person_id for each in ws.ledger.as_of(Employment, account_id=account)}
        people = {each.id: each.name for each in ws.ledger.as_of(Person)}
        found = ws.coaching.ties.find(account)
        return sorted((people[jobs[tie.source]], tie.kind.value, people[jobs[tie.target]]) for tie in found)


def test_ties_are_drawn_and_written_on_a_card_by_keys_alone(workbook: Open, workspace: Path) -> None:
    name = BLANK[12]
    page = workbook()
    open_account(page, name)
    for role, who in (("ceo", "위 나래"), ("cfo", "한 재무"), ("cio", "한 정보")):
        write_name(page, role, who)
    page.get_by_role("tab", name="관계 그림").click()
    expect(page.get_by_text("아직 적힌 것이 없습니다")).to_be_visible()
    page.get_by_role("button", name="한 재무 님 카드").press("Enter")
    dialog = page.get_by_role("dialog")
    whom = dialog.get_by_label("어느 분께")
    expect(dialog.get_by_role("button", name="관계 저장")).to_be_disabled()
    whom.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator(".tie-list")).to_have_text(re.compile("한 재무 님이 위 나래 님께 보고"))
    dialog.get_by_label("어떤 관계").select_option("at_odds")
    whom.select_option(label="한 정보")
    dialog.get_by_role("button", name="관계 저장").click()
    expect(dialog.locator(".tie-list li")).to_have_count(2)
    page.keyboard.press("Escape")
    saved(page)
    expect(page.locator(".ties g")).to_have_count(2)
    expect(page.locator(".ties .tie.reports_to")).to_have_attribute("d", re.compile(r"^M[\d.]+"))
    expect(page.locator(".tie-words li")).to_have_count(2)
    assert serious(page, "picture") == {}
    # The one above cannot report to the one below; what was chosen stays.
    page.get_by_role("button", name="위 나래 님 카드").click()
    dialog.get_by_label("어느 분께").select_option(label="한 재무")
    dialog.get_by_role("button", name="관계 저장").click()
    expect(dialog.get_by_role("alert")).to_contain_text("한 바퀴")
    page.keyboard.press("Escape")
    # Taken out and back.
    page.get_by_role("button", name=re.compile("^지우기: .*이견")).click()
    expect(page.locator(".ties g")).to_have_count(1)
    assert ties_of(workspace, name) == [("한 재무", "reports_to", "위 나래")]
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator(".ties g")).to_have_count(2)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".tie-words")).to_contain_text("한 재무 reports to 위 나래")


@only_voila
def test_two_who_name_another_superior_see_three_names_and_the_card_keeps_who_wrote_what(
    workbook: Open, workspace: Path
) -> None:
    name = BLANK[11]
    with open_workspace(workspace, actor="minsu.lee") as ws:
        for role, who in (
            ("cfo", "재무 한 분"),
            ("cio", "정보 한 분"),
            ("it_staff", "인사 한 분"),
            ("it_manager", "법무 한 분"),
        ):
            ws.edit_slot(name, role, holder=who)
        ws.coaching.ties.add("재무 한 분", "reports_to", "정보 한 분", name)
    page = workbook()
    open_account(page, name)
    page.get_by_role("tab", name="관계 그림").click()
    page.get_by_role("button", name="재무 한 분 님 카드").click()
    card = page.get_by_role("dialog").filter(has=page.locator(".person-ties"))
    expect(card.locator(".tie-list li")).to_have_count(1)
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.coaching.ties.add("재무 한 분", "reports_to", "인사 한 분", name)
    card.get_by_label("어느 분께").select_option(label="법무 한 분")
    card.get_by_role("button", name="관계 저장").click()
    asked = page.get_by_role("dialog").filter(has=page.locator(".three"))
    expect(asked.locator("tbody th")).to_have_text("보고 대상")
    expect(asked.locator("tbody td")).to_have_text(["정보 한 분", "법무 한 분", "인사 한 분"])
    assert serious(page, "three names") == {}
    asked.get_by_role("button", name="내 것으로 저장").click()
    expect(card.get_by_label("어느 분께")).to_be_focused()
    expect(card.get_by_label("어느 분께")).to_have_value("")
    expect(card.locator(".tie-list")).to_have_text(re.compile("재무 한 분 님이 법무 한 분 님께 보고"))
    card.locator(".tie-trail summary").click()
    expect(card.locator(".tie-trail .trail > li")).to_have_count(3)
    expect(card.locator(".tie-trail .trail > li").first).to_contain_text("김지혜")
    card.get_by_role("button", name=re.compile("^지우기")).click()
    expect(card.locator(".tie-trail summary")).to_contain_text("4건")
    expect(card.locator(".tie-trail .trail > li").first).to_contain_text("지움")
    assert serious(page, "card") == {}
    assert ties_of(workspace, name) == []


@only_voila
def test_two_who_mend_one_card_see_three_values(workbook: Open, workspace: Path) -> None:
    name = BLANK[11]
    person = f"pe_{name}"
    page = workbook()
    open_account(page, name)
    page.get_by_role("tab", name="연락처").click()
    page.get_by_role("button", name="오 연락", exact=True).click()
    card = page.get_by_role("dialog").filter(has=page.get_by_label("전화"))
    card.get_by_label("전화").fill("02-222")
    card.get_by_label("직함").fill("팀장")
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.edit_person(person, name, phone="02-111", email="o@example.kr")
    card.get_by_role("button", name="저장", exact=True).click()
    asked = page.get_by_role("dialog").filter(has=page.locator(".three"))
    expect(asked.locator("tbody th")).to_have_text("전화")
    expect(asked.locator("tbody td")).to_have_text(["–", "02-222", "02-111"])
    assert serious(page, "details") == {}
    asked.get_by_role("button", name="내 것으로 저장").click()
    saved(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    with open_workspace(workspace) as ws:
        (row,) = ws.ledger.as_of(Person, id=person)
        (job,) = ws.ledger.as_of(Employment, person_id=person)
    assert (row.phone, row.email, job.title) == ("02-222", "o@example.kr", "팀장")
    page.get_by_role("button", name="오 연락", exact=True).click()
    expect(card.get_by_label("전화")).to_have_value("02-222")
    expect(card.locator(".unsaved")).to_have_count(0)


@only_voila
def test_a_past_week_shows_the_ties_of_then_to_read_only(workbook: Open, workspace: Path) -> None:
    with open_workspace(workspace) as ws:
        at = ws.instant("2026-W46")
        own = {row.id: row.name for row in ws.ledger.as_of(Account) if row.owner_id == "jihye.kim"}
        account, n_then = max(((key, len(ws.coaching.ties.find(key, at))) for key in own), key=lambda each: each[1])
    assert n_then
    page = workbook()
    open_account(page, own[account])
    page.get_by_role("tab", name="관계 그림").click()
    expect(page.get_by_role("button", name=re.compile("^지우기")).first).to_be_visible()
    page.locator("[data-key=as-of]").select_option("2026-W46")
    expect(page.locator(".pane")).to_have_attribute("data-week", "2026-W46")
    expect(page.locator(".pane .past")).to_contain_text("2026년 46주차 (11.9~11.15) 끝의 모습입니다.")
    expect(page.locator(".ties g")).to_have_count(n_then)
    expect(page.get_by_role("button", name=re.compile("^지우기"))).to_have_count(0)
    page.locator("[data-key=as-of]").select_option("2026-W45")
    expect(page.locator(".pane")).to_have_attribute("data-week", "2026-W45")
    expect(page.locator(".ties g")).to_have_count(0)


@only_voila
def test_another_role_has_its_day(workbook: Open, workspace: Path) -> None:
    name = BLANK[13]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "전 도연")
    row(page, "ceo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name=re.compile("퇴사")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="역할 변경").check()
    day = dialog.get_by_role("textbox", name="새 직책을 맡은 날")
    today = day.input_value()
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", today)
    day.fill("2030-01-01")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog.get_by_role("alert")).to_contain_text(today)
    day.fill("2026-11-03")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog).to_have_count(0)
    expect(row(page, "ceo").locator(".rung")).to_have_text("아직 모름")
    row(page, "ceo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 자리의 이력").click()
    expect(dialog).to_contain_text("전 도연 님: 역할 변경 (2026-11-03부터)")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="되돌리기").click()
    expect(row(page, "ceo").locator(".rung")).to_have_text("이름 파악")
    assert slot(workspace, name, "ceo")["holder"] == "전 도연"


def test_what_was_typed_on_a_card_is_offered_again_after_a_reload(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[14]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "연 필요")
    row(page, "ceo").get_by_role("button", name="연 필요 님 카드").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("이분께 필요한 것").fill("회수 기간 계산")
    place.reload(page)
    page.get_by_role("button", name="보기", exact=True).click()
    expect(dialog.get_by_label("이분께 필요한 것")).to_have_value("회수 기간 계산")
    dialog.get_by_role("button", name="버리기").click()
    row(page, "ceo").get_by_role("button", name="연 필요 님 카드").click()
    expect(dialog.get_by_label("이분께 필요한 것")).to_have_value("")


@only_voila
def test_why_a_position_does_not_exist_is_offered_again_after_a_reload(
    coachs_workbook: Callable[[], Page], place: Place
) -> None:
    name = BLANK[15]
    page = coachs_workbook()
    open_account(page, name)
    dialog = page.get_by_role("dialog")

    def ask() -> None:
        row(page, "cfo").get_by_role("button", name=re.compile("더 보기")).click()
        page.get_by_role("menuitem", name="이 고객사에 없는 직책…").click()

    ask()
    dialog.get_by_label("까닭", exact=True).fill("본사가 맡음")
    place.reload(page)
    page.get_by_role("button", name="보기", exact=True).click()
    expect(dialog.get_by_label("까닭", exact=True)).to_have_value("본사가 맡음")
    # What is refused is still offered.
    day = dialog.get_by_role("textbox", name="다시 볼 날")
    day.fill("2026-99-99")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    # The message is beside the day, and goes when the day is typed again.
    day.fill("2026-11-02")
    expect(day).not_to_have_attribute("aria-invalid", "true")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog.locator(".field:has([aria-invalid=true]) + .refused")).to_contain_text("2026-11-02")
    expect(day).to_be_focused()
    assert serious(page, "a day that has come") == {}
    place.reload(page)
    page.get_by_role("button", name="보기", exact=True).click()
    expect(dialog.get_by_label("까닭", exact=True)).to_have_value("본사가 맡음")
    dialog.get_by_role("button", name="취소").click()
    ask()
    expect(dialog.get_by_label("까닭", exact=True)).to_have_value("")


@only_voila
def test_a_try_is_said_on_the_card_and_can_be_taken_back(workbook: Open, workspace: Path, place: Place) -> None:
    page = workbook()
    page.get_by_role("tab", name="다음 다섯 분").click()
    page.locator(".cards[data-ready]").wait_for()
    first = page.locator(".card").first.get_attribute("data-person")
    page.locator(f"[data-person={first}]").get_by_role("button", name="확인 못 함").click()
    saved(page)
    expect(page.locator(f"[data-person={first}]")).to_have_count(0)
    with open_workspace(workspace) as ws:
        [tried] = [each for each in ws.ledger.as_of(Event) if each.kind == "tried" and each.actor == "jihye.kim"][-1:]
        assert tried.account_id
    place.reload(page)
    page.get_by_role("tab", name="다음 다섯 분").click()
    expect(page.locator(f"[data-person={first}]")).to_have_count(0)
    page.locator(".card").first.get_by_role("button", name="확인 못 함").click()
    saved(page)
    page.get_by_role("button", name="되돌리기").click()
    expect(page.get_by_text("되돌렸습니다")).to_be_visible()


@only_voila
def test_a_line_beside_a_promise_survives_a_reload_and_shows_where_it_is_shown_later(
    place: Place, new_page: Callable[..., Page], workbook: Open, workspace: Path
) -> None:
    with open_workspace(workspace, actor="coach.lee") as ws:
        book = ws.coaching.commitments
        made = book.add(book.draft_from_gap(BLANK[9], "cfo"), confirmed=True)
    page = new_page()
    place.open(page, "coach_session")
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    root = page.locator(".coverage-kit")
    expect(root).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    if root.get_attribute("data-step") == "claims":
        page.get_by_label("김지혜 님의 체감, 퍼센트").fill("40")
        page.get_by_label("김지혜 님의 체감, 퍼센트").press("Enter")
        page.locator("[data-key=step-on]").click()
    expect(root).to_have_attribute("data-step", "promises")
    promise = page.locator(f"[data-commitment={made.id}]")
    promise.press("2")  # one key is enough; the line is optional
    expect(promise).to_have_attribute("data-open", "false")
    expect(promise).to_contain_text("이월 (1회째)")  # as the weekly page counts it
    line = promise.get_by_role("textbox", name=re.compile("^어떻게 되었는지"))
    line.press_sequentially("분기 마감")
    expect(promise).to_have_attribute("data-open", "false")
    place.reload(page)
    left = page.locator("ul.left li").filter(has_text="김지혜").filter(has_not_text="박민수")
    left.get_by_role("button", name="이어서 하기").first.click()
    expect(line).to_have_value("분기 마감")
    assert serious(page, "a line beside a promise") == {}
    line.press("Enter")
    expect(line).not_to_have_class(re.compile("unsaved"))
    expect(page.locator(".kept-acts")).to_have_count(0)
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    expect(line).to_have_count(0)
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    expect(line).to_have_value("분기 마감")
    with open_workspace(workspace) as ws:
        [session] = [each for each in ws.coaching.sessions.open() if each.reps == ["jihye.kim"]]
        ws.coaching.sessions.resume(session.id).close()
        book = ws.coaching.commitments
        assert book.get(made.id).outcome_note == "분기 마감"
        book.add(book.draft_from_gap(BLANK[9], "cfo"), confirmed=True)
    page = workbook()
    page.get_by_role("tab", name="약속").click()
    expect(page.locator(".commitment-note").filter(has_text="지난번: 분기 마감")).to_be_visible()
