"""People in a real browser: who stands how to whom, another role with its day, a try that reached nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import BLANK, only_voila, open_account, saved, serious
from .places import Place
from .test_rep import row, seat, write_name

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def ties_of(workspace: Path, account: str) -> list[tuple[str, str, str]]:
    with open_workspace(workspace) as ws:
        jobs = {each["id"]: each["person_id"] for each in ws.ledger.as_of("employment", account_id=account)}
        people = {each["id"]: each["name"] for each in ws.ledger.as_of("person")}
        found = ws.coaching.ties.find(account)
        return sorted((people[jobs[tie.source]], tie.kind.value, people[jobs[tie.target]]) for tie in found)


def test_ties_are_drawn_and_written_on_a_card_by_keys_alone(workbook: Open, workspace: Path) -> None:
    name = BLANK[12]
    page = workbook()
    open_account(page, name)
    for role, who in (("ceo", "위 사장"), ("cfo", "재무 이사"), ("cio", "정보 이사")):
        write_name(page, role, who)
    page.get_by_role("tab", name="관계 그림").click()
    expect(page.get_by_text("아직 적힌 것이 없습니다")).to_be_visible()
    page.get_by_role("button", name="재무 이사 님 카드").press("Enter")
    dialog = page.get_by_role("dialog")
    whom = dialog.get_by_label("어느 분께")
    expect(dialog.get_by_role("button", name="관계 저장")).to_be_disabled()
    whom.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator(".tie-list")).to_have_text(re.compile("재무 이사 님이 위 사장 님께 보고"))
    dialog.get_by_label("어떤 관계").select_option("at_odds")
    whom.select_option(label="정보 이사")
    dialog.get_by_role("button", name="관계 저장").click()
    expect(dialog.locator(".tie-list li")).to_have_count(2)
    page.keyboard.press("Escape")
    saved(page)
    expect(page.locator(".ties g")).to_have_count(2)
    expect(page.locator(".ties .tie.reports_to")).to_have_attribute("d", re.compile(r"^M[\d.]+"))
    expect(page.locator(".tie-words li")).to_have_count(2)
    assert serious(page, "picture") == {}
    # The one above cannot report to the one below; what was chosen stays.
    page.get_by_role("button", name="위 사장 님 카드").click()
    dialog.get_by_label("어느 분께").select_option(label="재무 이사")
    dialog.get_by_role("button", name="관계 저장").click()
    expect(dialog.get_by_role("alert")).to_contain_text("한 바퀴")
    page.keyboard.press("Escape")
    # Taken out and back.
    page.get_by_role("button", name=re.compile("^지우기: .*이견")).click()
    expect(page.locator(".ties g")).to_have_count(1)
    assert ties_of(workspace, name) == [("재무 이사", "reports_to", "위 사장")]
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator(".ties g")).to_have_count(2)
    page.get_by_role("button", name="English").click()
    expect(page.locator(".tie-words")).to_contain_text("재무 이사 reports to 위 사장")


@only_voila
def test_a_past_week_shows_the_ties_of_then_to_read_only(workbook: Open, workspace: Path) -> None:
    with open_workspace(workspace) as ws:
        at = ws.instant("2026-W46")
        own = {row["id"]: row["name"] for row in ws.ledger.as_of("account") if row["owner_id"] == "jihye.kim"}
        account, n_then = max(((key, len(ws.coaching.ties.find(key, at))) for key in own), key=lambda each: each[1])
    assert n_then
    page = workbook()
    open_account(page, own[account])
    page.get_by_role("tab", name="관계 그림").click()
    expect(page.get_by_role("button", name=re.compile("^지우기")).first).to_be_visible()
    page.locator("[data-key=as-of]").select_option("2026-W46")
    expect(page.locator(".pane")).to_have_attribute("data-week", "2026-W46")
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
    write_name(page, "ceo", "전 대표")
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
    expect(dialog).to_contain_text("전 대표 님: 역할 변경 (2026-11-03부터)")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="되돌리기").click()
    expect(row(page, "ceo").locator(".rung")).to_have_text("이름 파악")
    assert seat(workspace, name, "ceo")["holder"] == "전 대표"


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
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[15]
    page = workbook()
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
    dialog.get_by_label("다시 볼 날", exact=True).fill("2026-99-99")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
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
        [tried] = [
            each for each in ws.ledger.as_of("event") if each["kind"] == "tried" and each["actor"] == "jihye.kim"
        ][-1:]
        assert tried["account_id"]
    place.reload(page)
    page.get_by_role("tab", name="다음 다섯 분").click()
    expect(page.locator(f"[data-person={first}]")).to_have_count(0)
    page.locator(".card").first.get_by_role("button", name="확인 못 함").click()
    saved(page)
    page.get_by_role("button", name="되돌리기").click()
    expect(page.get_by_text("되돌렸습니다")).to_be_visible()
