"""The coach's hour in a real browser: one rep from claim to closed, a group, the first session."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import BLANK, saved, serious_in_dark_too
from .places import Place

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


def at_step(page: Page, step: str) -> None:
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", step)


def step_on(page: Page, to: str) -> None:
    page.locator("[data-key=step-on]").click()
    at_step(page, to)


def say(page: Page, label: str | re.Pattern[str], number: int) -> None:
    field = page.get_by_label(label)
    field.fill(str(number))
    field.press("Enter")


def answer_claims(page: Page, share: int, *names: str) -> None:
    """Say each claim that is still asked, one after the other; one said earlier in the quarter is not asked again."""
    at_step(page, "claims")
    for name in names:
        claim = page.locator(".claims .claim").filter(has_text=name)
        expect(claim).to_have_count(1)
        field = claim.locator("input")
        if field.count():
            field.fill(str(share))
            field.press("Enter")
            expect(field).to_have_count(0)


def open_unclaimed_account(page: Page) -> None:
    """Open an account whose claim this quarter did not have yet: of the agenda, or another where tests before took all."""
    agenda = page.locator(".session-side ul:not(.found) button")
    expect(agenda.first).to_be_visible()
    for n in range(agenda.count()):
        if _asks_for_a_claim(page, agenda.nth(n)):
            return
    for name in reversed(BLANK):
        page.locator("[data-key=another-account]").fill(name)
        if _asks_for_a_claim(page, page.locator(".session-side .found button")):
            return
    raise AssertionError("each account was claimed this quarter")


def open_claimed_account(page: Page) -> None:
    """Begin an hour with one rep, open an account, and say its claim: its rows are there."""
    page.get_by_role("checkbox", name="박민수").check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    if page.locator(".coverage-kit").get_attribute("data-step") == "claims":
        say(page, "박민수 님의 체감, 퍼센트", 40)
        step_on(page, "promises")
    step_on(page, "accounts")
    open_unclaimed_account(page)
    say(page, re.compile("자리 중 몇 분을"), 4)


def _asks_for_a_claim(page: Page, account: Locator) -> bool:
    account.click()
    expect(account).to_have_attribute("aria-current", "true")
    expect(page.locator(".session-account, .claim input").first).to_be_visible()
    return page.locator(".claim input").count() > 0


def test_an_hour_with_one_rep_from_claim_to_closed(session: Open, workspace: Path, place: Place) -> None:
    page = session()
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    expect(page.locator(".headline")).to_have_text(re.compile(r"^\d{4}년 \d+주차 \(\d+\.\d+~\d+\.\d+\)$"))
    # The claim of the whole is asked once a quarter; the sample's team may have answered it already.
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    if page.locator(".coverage-kit").get_attribute("data-step") == "claims":
        expect(page.locator("[data-key=step-on]")).to_be_disabled()
        say(page, "김지혜 님의 체감, 퍼센트", 62)
        expect(page.locator(".calibration")).to_have_text(re.compile(r"^체감 62 · 확인 \d+ \(\d+/\d+\)$"))
        step_on(page, "promises")
    if page.locator(".commitment[data-open=true]").count():
        promise = page.locator(".commitment[data-open=true]").first.get_attribute("data-commitment")
        page.locator(f"[data-commitment={promise}]").press("2")  # one key: pushed aside by the immediate target
        expect(page.locator(f"[data-commitment={promise}]")).to_have_attribute("data-open", "false")
    step_on(page, "accounts")
    found = serious_in_dark_too(page, "accounts")
    open_unclaimed_account(page)
    say(page, re.compile("자리 중 몇 분을"), 9)
    expect(page.locator(".calibration")).to_have_text(re.compile(r"^체감 9 · 확인 \d+ \(1\d자리 중\)$"))
    found |= serious_in_dark_too(page, "account")
    # A name is written in a slot that is open, as in the rep's workbook.
    unknown = page.locator("tr[data-role]").filter(has_text="아직 모름").first
    role = unknown.get_attribute("data-role")
    unknown.get_by_role("combobox").first.fill("권 새벽")
    unknown.get_by_role("combobox").first.press("Enter")
    saved(page)
    row = page.locator(f"tr[data-role={role}]")
    expect(row.locator(".rung")).to_have_text("이름 파악")
    # Sharing the screen hides how people stand, and other accounts.
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    expect(page.get_by_role("button", name="부정")).to_have_count(0)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    # A commitment from the slot, in one sentence.
    row.get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="실행 약속으로…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".sentence")).to_contain_text("권 새벽")
    dialog.get_by_label("맡은 사람").select_option(label="한동석 (팀장)")
    expect(dialog.locator(".sentence")).to_contain_text("한동석")
    found |= serious_in_dark_too(page, "draft")
    dialog.get_by_role("button", name="맡기").click()
    step_on(page, "commitments")
    expect(page.locator(".sentences li")).to_have_count(1)
    # Left half-way and taken up again, in a new kernel.
    place.reload(page)
    page.get_by_role("button", name="이어서 하기").first.click()
    at_step(page, "commitments")
    page.get_by_role("button", name="English").click()
    expect(page.locator(".sentences li")).to_contain_text("check that")
    page.get_by_role("button", name="한국어").click()
    step_on(page, "read_back")
    expect(page.get_by_role("button", name="코칭 마치기")).to_be_disabled()
    page.get_by_role("button", name="김지혜 님 동의").click()
    found |= serious_in_dark_too(page, "read back")
    page.get_by_role("button", name="코칭 마치기").click()
    at_step(page, "closed")
    assert found == {}
    with open_workspace(workspace) as ws:
        made = max(ws.coaching.commitments.find(rep="jihye.kim"), key=lambda c: c.created_at)
        assert (made.owner, made.visible) == ("manager.han", True)
        assert [s.id for s in ws.coaching.sessions.open() if s.reps == ["jihye.kim"]] == []


def resumed(page: Page, place: Place) -> None:
    place.reload(page)
    page.get_by_role("button", name="이어서 하기").first.click()
    page.locator(".session-step").wait_for()


def test_what_was_typed_in_a_session_survives_a_reload_until_sent_or_thrown_away(session: Open, place: Place) -> None:
    page = session()
    page.get_by_role("checkbox", name="박민수").check()
    page.get_by_role("button", name="시작하기").click()
    page.locator(".session-step").wait_for()
    if page.locator(".coverage-kit").get_attribute("data-step") == "claims":
        say(page, "박민수 님의 체감, 퍼센트", 40)
        step_on(page, "promises")
    step_on(page, "accounts")
    # A claim half typed.
    page.locator(".session-side li button").first.click()
    page.locator(".claim.big input").press_sequentially("7")
    resumed(page, place)
    page.locator(".session-side li button").first.click()
    expect(page.locator(".claim.big input")).to_have_value("7")
    page.locator(".claim.big input").press("Enter")
    role = page.locator("tr[data-role]").filter(has_text="아직 모름").first.get_attribute("data-role")
    held = page.locator(f"tr[data-role={role}]")
    held.get_by_role("combobox").first.fill("문 새벽")
    held.get_by_role("combobox").first.press("Enter")
    saved(page)
    # What a person needs, typed on the card and not saved.
    held.get_by_role("button", name=re.compile("카드$")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("이분께 필요한 것").fill("점검 주기를 반으로")
    resumed(page, place)
    kept = page.get_by_role("complementary", name="쓰다 만 것")
    expect(kept).to_contain_text("쓰다 만 카드")
    assert serious_in_dark_too(page, "kept") == {}
    kept.get_by_role("button", name=re.compile("^이어서 쓰기")).click()
    expect(dialog.get_by_label("이분께 필요한 것")).to_have_value("점검 주기를 반으로")
    dialog.get_by_role("button", name="저장", exact=True).last.click()
    expect(dialog).to_have_count(0)
    expect(kept).to_have_count(0)
    # A commitment, changed and not taken on.
    page.locator("tr[data-role] .more").first.click()
    page.get_by_role("menuitem", name="실행 약속으로…").click()
    page.locator("dialog[data-ready]").wait_for()
    dialog.get_by_label("무엇을").fill("본사 방문 일정을 잡는다")
    resumed(page, place)
    kept.get_by_role("button", name=re.compile("^이어서 쓰기")).click()
    expect(dialog.get_by_label("무엇을")).to_have_value("본사 방문 일정을 잡는다")
    page.keyboard.press("Escape")
    expect(kept).to_contain_text("쓰다 만 실행 약속")
    kept.get_by_role("button", name=re.compile("^이어서 쓰기")).click()
    page.locator("dialog[data-ready]").wait_for()
    dialog.get_by_role("button", name="맡기").click()
    expect(kept).to_have_count(0)
    step_on(page, "commitments")
    expect(page.locator(".sentences")).to_contain_text("본사 방문 일정을 잡는다")
    # Another one is thrown away, and stays so.
    page.get_by_role("button", name=re.compile("^실행 약속으로:")).first.click()
    page.locator("dialog[data-ready]").wait_for()
    dialog.get_by_label("무엇을").fill("다른 일")
    page.keyboard.press("Escape")
    kept.get_by_role("button", name=re.compile("^버리기")).click()
    expect(kept).to_have_count(0)
    resumed(page, place)
    expect(page.locator(".sentences li")).to_have_count(1)
    expect(kept).to_have_count(0)


def test_a_group_of_two(session: Open, place: Place) -> None:
    page = session()
    page.get_by_role("radio", name=re.compile("여럿이")).check()
    for name in ("김지혜", "박민수"):
        page.get_by_role("checkbox", name=name).check()
    page.get_by_role("button", name="시작하기").click()
    at_step(page, "claims")
    say(page, "김지혜 님의 체감, 퍼센트", 20)
    expect(page.get_by_text("답하셨습니다 (봉인)")).to_be_visible()
    expect(page.locator(".calibration")).to_have_count(0)
    say(page, "박민수 님의 체감, 퍼센트", 70)
    expect(page.locator(".calibration")).to_have_count(2)
    step_on(page, "round")
    field = page.get_by_label("박민수: 막힌 일")
    field.fill("공장장을 만날 길이 없다")
    field.press("Tab")
    expect(page.get_by_label("박민수: 막힌 일")).to_have_value("공장장을 만날 길이 없다")
    expect(page.get_by_label("박민수: 막힌 일")).not_to_have_class(re.compile("unsaved"))  # its answer has come
    page.get_by_label("김지혜: 한 일").press_sequentially("두 분을")
    resumed(page, place)
    expect(page.get_by_label("김지혜: 한 일", exact=True)).to_have_value("두 분을")
    page.get_by_role("button", name="저장: 김지혜: 한 일").click()
    expect(page.get_by_role("button", name="버리기: 김지혜: 한 일")).to_have_count(0)
    resumed(page, place)
    expect(page.get_by_label("김지혜: 한 일", exact=True)).to_have_value("두 분을")
    step_on(page, "blind_role")
    step_on(page, "sweep")
    lines = page.locator(".sweep[data-rep='jihye.kim'] li")
    assert lines.count() >= 3
    assert serious_in_dark_too(page, "sweep") == {}
    who = [lines.nth(n).get_attribute("data-person") for n in range(3)]
    lines.first.press("1")
    expect(page.locator(f".sweep [data-person={who[0]}]")).to_contain_text("그대로 계심 (확인)")
    expect(page.locator(f".sweep [data-person={who[1]}]")).to_be_focused()
    page.keyboard.press("3")
    expect(page.locator(f".sweep [data-person={who[1]}]")).to_contain_text("시도했으나 확인 못 함")
    page.keyboard.press("2")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="은퇴").check()
    dialog.get_by_role("textbox", name="언제부터").fill("2026-11-02")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(page.locator(f".sweep [data-person={who[2]}]")).to_contain_text("은퇴")
    # Each line is taken back by itself, whatever came after it.
    page.locator(f".sweep [data-person={who[0]}]").get_by_role("button", name=re.compile("^되돌리기")).click()
    expect(page.locator(f".sweep [data-person={who[0]}]")).to_have_attribute("data-open", "true")
    expect(page.locator(f".sweep [data-person={who[2]}]")).to_have_attribute("data-open", "false")
    # On a shared screen one rep's list is open at a time.
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    page.locator("[data-key='sweep-minsoo.park']").click()
    expect(page.locator(".sweep[open]")).to_have_count(1)
    page.get_by_role("button", name="화면 공유용으로 가리기").click()
    step_on(page, "commitments")
    page.get_by_role("button", name=re.compile("^실행 약속으로:")).first.click()
    page.get_by_role("dialog").get_by_role("button", name="맡기").click()
    expect(page.locator(".sentences li")).to_have_count(1)
    step_on(page, "read_back")
    page.get_by_role("button", name=re.compile("님 동의$")).first.click()
    page.get_by_role("button", name="코칭 마치기").click()
    at_step(page, "closed")


def test_the_first_session_counts_down(session: Open) -> None:
    page = session()
    page.get_by_role("radio", name=re.compile("첫 코칭")).check()
    page.get_by_role("checkbox", name="박민수").check()
    page.get_by_role("button", name="시작하기").click()
    say(page, "박민수 님의 체감, 퍼센트", 70)
    step_on(page, "contacts")
    before = int(page.locator(".counter").get_attribute("data-left") or "")
    open_ = page.locator("tr[data-person]:not(.gone)").first
    open_.get_by_role("button", name="퇴사").click()
    expect(page.locator(".counter")).to_have_attribute("data-left", str(before - 1))
    page.get_by_role("button", name=re.compile("^되돌리기: ")).click()
    expect(page.locator(".counter")).to_have_attribute("data-left", str(before))
