"""What people said and were given, in a real browser: from position, contact, card, session and a colleague's own page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.workspace import open_workspace

from .conftest import BLANK, open_account, saved, serious, serious_in_dark_too
from .places import Place
from .test_coach import answer_claims, at_step, say, step_on

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


@pytest.fixture(params=["voila"])
def place(request: pytest.FixtureRequest) -> Place:
    served: Place = request.getfixturevalue(request.param)
    return served


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def hold(workspace: Path, account: str) -> None:
    """Somebody whom one of ours can meet."""
    with open_workspace(workspace, actor="jihye.kim") as ws:
        can = {"representative": "jihye.kim", "can_meet": True, "can_deliver": True}
        ws.edit_slot(account, "ceo", holder=f"pe_{account}", verified_on=ws.today(), verified_how="call", **can)


def open_said(page: Page) -> Locator:
    page.locator("tr[data-role=ceo]").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="들은 말…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".said-part")).to_have_attribute("data-ready", "1")
    return dialog


def test_a_voice_from_a_position_is_closed_told_and_opened_again_by_keys(workbook: Open, workspace: Path) -> None:
    name = BLANK[21]
    hold(workspace, name)
    page = workbook()
    open_account(page, name)
    dialog = open_said(page)
    heard = dialog.get_by_role("textbox").first
    heard.focus()
    page.keyboard.type("부품 납기가 늦다")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="니즈")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    voice = dialog.locator(".voice.open")
    expect(voice).to_contain_text("부품 납기가 늦다")
    expect(voice).to_contain_text("불평/불만")
    assert serious_in_dark_too(page, "said") == {}
    expect(heard).to_be_focused()
    done = voice.get_by_role("textbox")
    done.fill("재고를 따로 두었다")
    done.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.locator(".voice.done")).to_contain_text("아직 알려드리지 않음")
    # The focus goes on to the next act on this voice, so that Enter alone is enough.
    expect(dialog.get_by_role("button", name="알려드렸습니다")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator(".voice.answered")).to_contain_text("재고를 따로 두었다")
    expect(dialog.get_by_role("button", name="다시 열기")).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.locator(".voice.open")).to_contain_text("부품 납기가 늦다")
    expect(dialog.locator(".voice.open").get_by_role("textbox")).to_be_focused()
    assert fits(page)
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("tr[data-role=ceo]").get_by_role("button", name=re.compile("더 보기"))).to_be_focused()
    with open_workspace(workspace) as ws:
        [one] = ws.coaching.voices.find(account=name)
        assert (one.kind.value, one.state) == ("complaint", "open")


def test_value_is_given_against_a_need_and_received_in_their_words_on_the_contact(
    workbook: Open, workspace: Path
) -> None:
    name = BLANK[22]
    hold(workspace, name)
    page = workbook(width=1024, height=768)
    open_account(page, name)
    page.locator("tr[data-role=ceo]").get_by_role("button", name=re.compile("카드")).click()
    dialog = page.get_by_role("dialog").first
    part = dialog.locator(".said-part")
    expect(part).to_have_attribute("data-ready", "1")
    expect(part.locator(".balance")).to_have_text("최근 90일: 부탁 1 · 전한 가치 0")
    part.get_by_role("button", name="전한 가치 적기…").click()
    form = page.get_by_role("dialog").last
    form.get_by_label("무엇을 전했는지 한 줄").fill("골프 라운딩")
    form.get_by_label("필요한 것을 직접 적기").fill("정지 시간 줄이기")
    assert serious_in_dark_too(page, "value") == {}
    form.get_by_role("button", name="전한 가치 저장").click()
    expect(form.get_by_role("alert")).to_contain_text("전한 가치로 적을 수 없습니다")
    form.get_by_label("무엇을 전했는지 한 줄").fill("정지 원인 세 가지를 정리해 드렸다")
    form.get_by_role("button", name="전한 가치 저장").click()
    expect(part.locator(".balance")).to_have_text("최근 90일: 부탁 1 · 전한 가치 1")
    words = part.locator("[data-value]").get_by_role("textbox")
    words.fill("다음 달 계획에 넣었습니다")
    words.press("Enter")
    expect(part.locator("[data-value] q")).to_have_text("다음 달 계획에 넣었습니다")
    expect(part.locator(".balance")).to_contain_text("고객 말씀으로 확인 1")
    expect(part.locator("[data-key=give]")).to_be_focused()
    assert serious_in_dark_too(page, "received") == {}


def test_a_card_takes_a_line_with_one_press(workbook: Open, workspace: Path) -> None:
    page = workbook(width=390, height=844)
    page.locator(".cards[data-ready]").wait_for()
    card = page.locator(".card").first
    person = card.get_attribute("data-person")
    expect(card.locator(".balance")).to_contain_text("최근 90일")
    card.get_by_role("textbox").fill("점검 결과를 나눠 보내 주면 좋겠다")
    card.get_by_role("button", name="제언").click()
    saved(page)
    assert serious(page, "cards") == {}
    assert fits(page)
    with open_workspace(workspace) as ws:
        said = [
            (v.person, v.kind.value) for v in ws.coaching.voices.find() if v.body.startswith("점검 결과를 나눠 보내")
        ]
        assert (person, "suggestion") in said


def test_a_session_shows_what_was_said_and_a_shared_screen_does_not(
    session: Open, workspace: Path, place: Place
) -> None:
    page = session()
    page.get_by_role("checkbox", name="김지혜").check()
    page.get_by_role("button", name="시작하기").click()
    expect(page.locator(".coverage-kit")).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    if page.locator(".coverage-kit").get_attribute("data-step") == "claims":
        answer_claims(page, 50, "김지혜")
        step_on(page, "promises")
    step_on(page, "accounts")
    page.locator(".session-side li button").first.click()
    expect(page.locator(".session-account, .claim input").first).to_be_visible()
    if page.locator(".claim input").count():
        say(page, re.compile("자리 중 몇 분을"), 9)
    part = page.locator(".said-part")
    expect(part.get_by_role("heading", name="이 고객사에서 들은 말")).to_be_visible()
    who = part.get_by_label("어느 분 말씀인가요?")
    who.select_option(index=1)
    part.get_by_role("textbox").first.fill("CANARY 견적이 필요하다")
    part.get_by_role("button", name="니즈", exact=True).click()
    expect(part.locator(".voice.open", has_text="CANARY")).to_have_count(1)
    assert serious(page, "session") == {}
    share = page.get_by_role("button", name="화면 공유용으로 가리기")
    share.click()
    expect(share).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".said-part")).to_have_count(0)
    assert "CANARY" not in page.content()
    share.click()
    expect(page.locator(".voice.open", has_text="CANARY")).to_have_count(1)
    at_step(page, "accounts")
