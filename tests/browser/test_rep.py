"""A rep at work in a real browser: the ten most usual acts, both languages, keys alone, trouble and recovery."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.entities import Note, Slot
from coverage_kit.workspace import open_workspace

from .conftest import BLANK, get, only_voila, open_account, saved, serious
from .places import Place, Voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Page]


#: What has the focus, if it is ours, and whether one can see that.
FOCUS = """() => {
  const node = document.activeElement;
  if (!node.closest('.coverage-kit')) return [null, null, true];
  const { outlineStyle, outlineWidth } = getComputedStyle(node);
  return [node.tagName, node.outerHTML.slice(0, 120), outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2];
}"""


#: Whether a tick that was set is ever seen without it again.
WATCH_TICK = """() => {
  window.turnedBack = false;
  const box = document.querySelector('[data-key$=ceo-can_deliver]');
  let was = box.checked;
  const look = () => { if (was && !box.checked) window.turnedBack = true; was = box.checked; requestAnimationFrame(look); };
  look();
}"""


def slot(workspace: Path, account: str, role: str) -> dict[str, Any]:
    with open_workspace(workspace) as ws:
        slots = ws.slots(rep="jihye.kim")
        found = slots.loc[(slots["account_name"] == account) & (slots["role"] == role)].to_dict("records")
        return dict(found[0])


def grounds_written(workspace: Path, account: str, role: str = "ceo") -> list[str]:
    """Every text that ever stood as grounds of a slot, in order."""
    with open_workspace(workspace) as ws:
        notes = {note.id: note.body for note in ws.ledger.as_of(Note, account_id=account)}
        ids = dict.fromkeys(version.grounds_note for version in ws.ledger.history(Slot, f"{account}:{role}"))
        return [notes[key] for key in ids if key]


def row(page: Page, role: str) -> Any:
    return page.locator(f"tr[data-role={role}]")


def write_name(page: Page, role: str, name: str) -> None:
    field = row(page, role).get_by_role("combobox").first
    field.fill(name)
    field.press("Enter")
    saved(page)


def test_the_usual_acts_of_a_rep(workbook: Open, workspace: Path) -> None:
    name = BLANK[0]
    page = workbook()
    open_account(page, name)
    ceo = row(page, "ceo")
    # 1 a name is typed, 2 a contact is picked, 3 the same person in another role
    write_name(page, "ceo", "남궁 유진")
    expect(ceo.locator(".rung")).to_have_text("이름 파악")
    other = row(page, "cfo").get_by_role("combobox").first
    other.click()
    other.press("ArrowDown")
    other.press("Enter")
    saved(page)
    third = row(page, "cio").get_by_role("combobox").first
    third.fill("남궁")
    row(page, "cio").get_by_role("option", name=re.compile("남궁 유진")).click()
    saved(page)
    # 4 still there, in both slots at once
    ceo.get_by_role("button", name=re.compile("재직 확인")).click()
    page.get_by_role("dialog").get_by_role("radio", name="만남").check()
    page.get_by_role("dialog").get_by_role("button", name="예, 확인했습니다").click()
    expect(ceo.locator(".rung")).to_have_text("재직 확인")
    expect(row(page, "cio").locator(".rung")).to_have_text("재직 확인")
    # 5 our representative who can meet and deliver, 6 disposition with grounds
    ceo.get_by_label("대표이사의 우리 담당").select_option(label="김지혜")
    ceo.get_by_label(re.compile("만날 수 있음")).check()
    ceo.get_by_label(re.compile("가치 전달")).check()
    expect(ceo.locator(".rung")).to_have_text("우리 담당 지정")
    ceo.get_by_role("button", name="우호").click()
    expect(ceo.locator(".rung")).to_have_text("우호")
    ceo.get_by_label("대표이사 성향의 근거").fill("먼저 전화를 주셨다")
    ceo.get_by_label("대표이사 성향의 근거").press("Enter")
    saved(page)
    # 7 vacant
    row(page, "cto" if row(page, "cto").count() else "rnd_head").get_by_role(
        "button", name=re.compile("더 보기")
    ).click()
    page.get_by_role("menuitem", name=re.compile("공석")).click()
    page.get_by_role("dialog").get_by_role("button", name="적어 두기").click()
    expect(page.locator(".tag", has_text="공석")).to_be_visible()
    # 8 undo
    page.get_by_role("button", name="되돌리기").click()
    expect(page.locator(".tag", has_text="공석")).to_have_count(0)
    # 9 what happened to a slot
    ceo.get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 자리의 이력").click()
    expect(page.get_by_role("dialog")).to_contain_text("먼저 전화를 주셨다")
    page.keyboard.press("Escape")
    # 10 the person has left: both slots go dark at once
    ceo.get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name=re.compile("퇴사")).click()
    page.get_by_role("dialog").get_by_role("textbox", name="언제부터").fill("2026-11-03")
    page.get_by_role("dialog").get_by_role("button", name="적어 두기").click()
    expect(ceo.locator(".tag")).to_have_text("남궁 유진 님: 퇴사 (2026-11-03)")
    expect(row(page, "cio").locator(".rung")).to_have_text("아직 모름")
    assert slot(workspace, name, "ceo")["rung"] == 0


@only_voila
def test_a_choice_on_its_way_is_not_turned_back(workbook: Open, workspace: Path, place: Place) -> None:
    name = BLANK[10]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "두 가지")
    row(page, "ceo").get_by_label("대표이사의 우리 담당").select_option(label="김지혜")
    saved(page)
    meet, deliver = (row(page, "ceo").get_by_label(re.compile(each)) for each in ("만날 수 있음", "가치 전달"))
    page.evaluate(WATCH_TICK)
    kernel = place.kernel(page)
    kernel.suspend()
    meet.check()
    deliver.check()
    kernel.resume()
    saved(page)
    assert page.evaluate("window.turnedBack") is False
    found = slot(workspace, name, "ceo")
    assert found["can_meet"]
    assert found["can_deliver"]


@only_voila
def test_search_sort_filter_and_past_weeks(workbook: Open) -> None:
    page = workbook()
    listed = page.get_by_role("listbox", name="고객사").get_by_role("option")
    everything = page.locator(".count").inner_text()
    page.get_by_role("checkbox", name="집중 고객사").check()
    expect(page.locator(".count")).not_to_have_text(everything)
    expect(listed.first).to_have_attribute("aria-label", re.compile("집중 고객사"))
    page.get_by_role("checkbox", name="집중 고객사").uncheck()
    page.get_by_label("정렬").select_option(label="이름순")
    page.get_by_label("단계", exact=True).select_option(label="우호")
    page.get_by_label("단계", exact=True).select_option(label="모든 단계")
    page.get_by_role("searchbox").fill("이런 이름은 없다")
    expect(page.get_by_text("찾는 고객사가 없습니다")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".count")).to_have_text(everything)
    # Not the first of the list: other tests add accounts this week.
    listed.filter(has_text="나래시스템즈").click()
    page.locator("[data-key=as-of]").select_option("2026-W45")
    expect(page.get_by_text("2026년 45주차 (11.2~11.8) 끝의 모습입니다")).to_be_visible()
    expect(page.locator("tr[data-role] input").first).to_be_disabled()
    page.get_by_role("button", name="지금으로").click()
    expect(page.locator("tr[data-role] input").first).to_be_enabled()


def test_an_account_goes_on_the_focus_list_by_a_click_or_a_key(workbook: Open, workspace: Path) -> None:
    page = workbook()
    open_account(page, BLANK[3])
    star = page.locator("[data-key=focus]")
    line = page.locator(".line[aria-selected=true]")
    expect(star).to_have_text("☆ 집중 고객사에 넣기")
    before = page.locator(".headline").inner_text()
    star.click()
    saved(page)
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    expect(line.locator(".star")).to_be_visible()
    expect(page.locator(".headline")).not_to_have_text(before)
    assert serious(page, "on the list") == {}
    page.locator(".pane").focus()
    page.keyboard.press("f")
    expect(star).to_have_attribute("aria-pressed", "false")
    saved(page)
    page.locator("[data-key=undo]").click()
    expect(star).to_have_text("★ 집중 고객사")
    with open_workspace(workspace) as ws:
        changes = ws.coaching.focus.changes("jihye.kim")
    assert [change.actor for change in changes if BLANK[3] in change.added + change.dropped] == ["jihye.kim"]
    page.get_by_label("정렬").select_option("value")
    page.get_by_role("searchbox").fill("")
    # The list is drawn again: until then its first line is the account that is open already, and that one has no past.
    largest = page.locator(".line").first
    expect(largest).not_to_contain_text(BLANK[3])
    expect(largest).not_to_contain_text(BLANK[0])
    largest.click()
    expect(page.locator(".pane").get_by_role("heading", name=BLANK[3], exact=True)).to_have_count(0)
    expect(page.locator(".pane[data-state=ready]")).to_be_visible()
    page.locator("[data-key=as-of]").select_option(index=1)
    expect(page.locator(".pane[data-week]:not([data-week=''])")).to_be_visible()
    expect(star).to_be_disabled()


def test_languages_switch_at_once_and_keep_what_is_typed(workbook: Open, workspace: Path) -> None:
    page = workbook()
    open_account(page, BLANK[1])
    field = row(page, "ceo").get_by_role("combobox").first
    field.press_sequentially("반쯤 적은")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("columnheader", name="Required role")).to_be_visible()
    expect(row(page, "ceo").get_by_role("combobox").first).to_have_value("반쯤 적은")
    page.get_by_role("button", name="한국어").click()
    expect(page.get_by_role("columnheader", name="필수 직책")).to_be_visible()


def test_keys_alone_are_enough(workbook: Open, workspace: Path) -> None:
    name = BLANK[2]
    page = workbook()
    page.locator("[data-key=accounts]").focus()
    page.keyboard.press("/")
    page.keyboard.type(name)
    page.keyboard.press("Enter")
    expect(page.locator(".pane").get_by_role("heading", name=name, exact=True)).to_be_visible()
    page.keyboard.press("Tab")
    for _ in range(20):
        if page.evaluate("document.activeElement.getAttribute('data-key')?.endsWith('ceo-name')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.type("키보드")
    page.keyboard.press("Enter")
    saved(page)
    expect(row(page, "ceo").locator(".rung")).to_have_text("이름 파악")
    for _ in range(6):
        if page.evaluate("document.activeElement.getAttribute('data-key')?.endsWith('ceo-check')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate("document.activeElement.getAttribute('data-key')?.endsWith('ceo-check')")
    page.keyboard.press("u")
    expect(row(page, "ceo").locator(".rung")).to_have_text("아직 모름")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("단축키")
    keys = ["/", "J", "K", "F", "1–6", "U", "L", "Enter", "↑ ↓", "Esc", "?"]
    expect(page.get_by_role("dialog").locator("kbd")).to_have_text(keys)


def test_wherever_the_keys_lead_the_focus_shows(workbook: Open) -> None:
    page = workbook()
    page.get_by_label("정렬").select_option("value")
    page.get_by_role("listbox", name="고객사").get_by_role("option").first.click()
    expect(page.locator(".pane")).to_have_attribute("data-state", "ready")
    page.locator("[data-key=view-accounts]").focus()
    met, without = set(), []
    for _ in range(60):
        page.keyboard.press("Tab")
        kind, key, shows = page.evaluate(FOCUS)
        if kind is None:
            break
        met.add(kind)
        if not shows:
            without.append(key)
    assert without == []
    assert {"BUTTON", "INPUT", "SELECT", "DIV"} <= met


def test_korean_is_composed_whole(workbook: Open, workspace: Path) -> None:
    name = BLANK[3]
    page = workbook()
    open_account(page, name)
    row(page, "ceo").get_by_role("combobox").first.focus()
    input_ = page.context.new_cdp_session(page)
    for part in ("ㅎ", "호", "홍"):
        input_.send("Input.imeSetComposition", {"text": part, "selectionStart": len(part), "selectionEnd": len(part)})
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', keyCode: 229, isComposing: true, bubbles: true}))"
    )
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "")
    input_.send("Input.insertText", {"text": "홍"})
    input_.send("Input.insertText", {"text": "길동"})
    page.keyboard.press("Enter")
    saved(page)
    assert slot(workspace, name, "ceo")["holder"] == "홍길동"


def test_names_that_are_markup_are_text(workbook: Open, workspace: Path) -> None:
    name = BLANK[4]
    page = workbook()
    open_account(page, name)
    payload = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
    write_name(page, "ceo", payload)
    page.get_by_role("tab", name="관계 그림").click()
    expect(page.locator(".node", has_text="<img")).to_be_visible()
    page.get_by_role("tab", name="연락처").click()
    page.get_by_role("button", name=payload, exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_have_text(payload)
    assert page.evaluate("window.pwned") is None


def test_two_people_at_one_slot_see_three_values(workbook: Open, workspace: Path) -> None:
    name = BLANK[5]
    mine, theirs = workbook(), workbook()
    open_account(mine, name)
    write_name(mine, "ceo", "한 사람")
    open_account(theirs, name)
    mine.locator("tr[data-role=ceo]").get_by_role("button", name="부정").click()
    saved(mine)
    theirs.locator("tr[data-role=ceo]").get_by_role("button", name="우호").click()
    dialog = theirs.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.locator("tbody td")).to_have_text(["–", "우호", "부정"])
    # Keys alone: what stands is safe to leave, one step on is one's own.
    expect(dialog.get_by_role("button", name="바뀐 대로 두기")).to_be_focused()
    theirs.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name="내 것으로 저장")).to_be_focused()
    assert serious(theirs, "conflict") == {}
    theirs.keyboard.press("Enter")
    saved(theirs)
    expect(theirs.locator("tr[data-role=ceo]").get_by_role("button", name="우호")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert slot(workspace, name, "ceo")["disposition"] == "favorable"
    # Of a text both can be kept, in one line that stands ready.
    for page, text in ((mine, "내가 들은 말"), (theirs, "함께 들은 말")):
        grounds = row(page, "ceo").get_by_label("대표이사 성향의 근거")
        grounds.fill(text)
        grounds.press("Enter")
        if page is mine:
            saved(mine)
    expect(dialog.get_by_label("함께 적기")).to_be_focused()
    theirs.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    saved(theirs)
    expect(grounds).to_have_value("내가 들은 말 / 함께 들은 말")
    # The window took the focus from the field: nothing was sent by that.
    assert grounds_written(workspace, name) == ["내가 들은 말", "내가 들은 말 / 함께 들은 말"]


@only_voila
def test_a_text_that_met_another_change_waits_for_a_decision(workbook: Open, workspace: Path) -> None:
    name = BLANK[5]
    page = workbook()
    open_account(page, name)
    write_name(page, "cfo", "두 사람")
    row(page, "cfo").get_by_role("button", name="중립").click()
    saved(page)
    grounds = row(page, "cfo").locator(".grounds")
    grounds.press_sequentially("먼저 쓰기 시작")
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.edit_slot(name, "cfo", grounds="그사이 적힌 말")
    grounds.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td")).to_have_text(["–", "먼저 쓰기 시작", "그사이 적힌 말"])
    # Not decided yet: the text stays, leaving the field sends nothing, Enter asks again.
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(grounds).to_be_focused()
    expect(grounds).to_have_value("먼저 쓰기 시작")
    page.keyboard.press("Tab")
    expect(row(page, "cfo")).to_have_attribute("data-state", "unsaved")
    expect(dialog).to_have_count(0)
    grounds.press("Enter")
    dialog.get_by_role("button", name="바뀐 대로 두기").click()
    expect(grounds).to_have_value("그사이 적힌 말")
    expect(row(page, "cfo")).to_have_attribute("data-state", "saved")
    assert grounds_written(workspace, name, "cfo") == ["그사이 적힌 말"]
    # What was not taken is in the slot's history, and can be had after all.
    row(page, "cfo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name="이 자리의 이력").click()
    expect(dialog.locator(".lost").first).to_contain_text("먼저 쓰기 시작")
    assert serious(page, "history") == {}
    page.keyboard.press("Escape")
    page.get_by_role("button", name="그래도 내 것으로").click()
    saved(page)
    expect(grounds).to_have_value("먼저 쓰기 시작")
    assert grounds_written(workspace, name, "cfo") == ["그사이 적힌 말", "먼저 쓰기 시작"]
    # Taking back what somebody has changed since takes nothing of theirs away.
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.edit_slot(name, "cfo", grounds="나중에 적힌 말")
    page.get_by_role("button", name="되돌리기").click()
    expect(page.get_by_role("status").filter(has_text="되돌리지 않았습니다")).to_be_visible()
    expect(dialog).to_have_count(0)
    expect(grounds).to_have_value("나중에 적힌 말")


@only_voila
def test_a_text_begun_before_another_wrote_is_asked_also_after_a_reload(
    workbook: Open, workspace: Path, place: Place
) -> None:
    name = BLANK[5]
    page = workbook()
    open_account(page, name)
    write_name(page, "cio", "한 사람")
    field = row(page, "cio").get_by_role("combobox").first
    field.press_sequentially(" 고쳐 씀")
    with open_workspace(workspace, actor="minsu.lee") as ws:
        ws.edit_slot(name, "cio", holder="다른 사람")
    place.reload(page)
    open_account(page, name)
    expect(field).to_have_value("한 사람 고쳐 씀")
    field.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tbody td").nth(1)).to_have_text("한 사람 고쳐 씀")
    expect(dialog.locator("tbody td").nth(2)).to_have_text("다른 사람")
    assert slot(workspace, name, "cio")["holder"] == "다른 사람"
    dialog.get_by_role("button", name="내 것으로 저장").click()
    saved(page)
    assert slot(workspace, name, "cio")["holder"] == "한 사람 고쳐 씀"


@only_voila
def test_one_after_the_other_a_text_clashes_with_nobody(workbook: Open, workspace: Path) -> None:
    name = BLANK[5]
    page = workbook()
    open_account(page, name)
    write_name(page, "rnd_head", "네 사람")
    row(page, "rnd_head").get_by_role("button", name="중립").click()
    saved(page)
    grounds = row(page, "rnd_head").locator(".grounds")
    texts = ["하나", "하나둘", "하나둘셋", "하나둘셋넷"]
    for text in texts:
        grounds.fill(text)
        grounds.press("Enter")
    saved(page)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert grounds_written(workspace, name, "rnd_head") == texts


def test_a_killed_kernel_loses_nothing_typed(workbook: Open, workspace: Path, place: Place) -> None:
    name = BLANK[6]
    page = workbook()
    open_account(page, name)
    place.kill_kernel(page)
    field = row(page, "ceo").get_by_role("combobox").first
    field.fill("사라지지 않는 이름")
    field.press("Enter")
    row(page, "cfo").get_by_role("combobox").first.press_sequentially("적다 만")
    expect(page.get_by_role("alert")).to_contain_text("보관돼 있고")
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "pending")
    place.reload(page)
    saved(page)
    open_account(page, name)
    expect(row(page, "ceo").get_by_role("combobox").first).to_have_value("사라지지 않는 이름")
    expect(row(page, "cfo").get_by_role("combobox").first).to_have_value("적다 만")
    assert slot(workspace, name, "ceo")["holder"] == "사라지지 않는 이름"
    assert slot(workspace, name, "cfo")["rung"] == 0


def test_what_is_refused_is_said_beside_what_was_typed(workbook: Open, workspace: Path) -> None:
    name = BLANK[7]
    page = workbook()
    open_account(page, name)
    write_name(page, "ceo", "곽 이동")
    row(page, "ceo").get_by_role("button", name=re.compile("더 보기")).click()
    page.get_by_role("menuitem", name=re.compile("퇴사")).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("radio", name="이동").check()
    dialog.get_by_role("textbox", name="옮긴 고객사").fill("없는 회사")
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog.get_by_role("alert")).to_contain_text("그런 고객사가 없습니다")
    expect(dialog.get_by_role("textbox", name="옮긴 고객사")).to_have_value("없는 회사")
    dialog.get_by_role("textbox", name="옮긴 고객사").fill(BLANK[8])
    dialog.get_by_role("button", name="적어 두기").click()
    expect(dialog).to_have_count(0)
    expect(row(page, "ceo").locator(".tag")).to_contain_text("이동")
    # A day that has not come is refused, and the check stays as it was.
    write_name(page, "cfo", "남 내일")
    row(page, "cfo").get_by_role("button", name=re.compile("재직 확인")).click()
    page.get_by_role("dialog").get_by_role("textbox", name="날짜").fill("2030-01-01")
    page.get_by_role("dialog").get_by_role("button", name="예, 확인했습니다").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("2030-01-01")
    page.keyboard.press("Escape")
    expect(row(page, "cfo").locator(".rung")).to_have_text("이름 파악")


@only_voila
def test_cards_on_a_phone(workbook: Open) -> None:
    page = workbook(width=390, height=844)
    card = page.locator(".card").filter(has=page.get_by_role("link")).first
    expect(card.get_by_role("link", name=re.compile("께 전화"))).to_have_attribute("href", re.compile(r"^tel:[\d+]+$"))
    who = card.get_attribute("data-person")
    card.get_by_role("textbox").fill("납기를 먼저 물으셨다")
    card.get_by_role("button", name="그대로 계심").click()
    expect(page.locator(f"[data-person={who}]")).to_have_count(0)
    second = page.locator(".card").first.get_attribute("data-person")
    page.locator(".card").first.get_by_role("button", name="확인 못 함").click()
    # The person who was not reached stands behind the others, or gives way to them.
    expect(page.locator(".card").first).not_to_have_attribute("data-person", second or "")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(workbook: Open, theme: str) -> None:
    page = workbook(color_scheme=theme)
    page.evaluate("theme => { document.body.dataset.jpThemeLight = String(theme === 'light'); }", theme)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-theme", theme)
    page.get_by_label("정렬").select_option("value")
    page.get_by_role("listbox", name="고객사").get_by_role("option").first.click()
    expect(page.locator(".pane")).to_have_attribute("data-state", "ready")
    found: dict[str, str] = {}
    found |= serious(page, "slots")
    for tab in ("관계 그림", "연락처"):
        page.get_by_role("tab", name=tab).click()
        found |= serious(page, tab)
    page.locator("[data-key=help]").click()
    found |= serious(page, "help")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="다음 다섯 분").click()
    page.locator(".cards[data-ready]").wait_for()
    found |= serious(page, "cards")
    assert found == {}


def test_a_link_without_the_token_shows_nothing(voila: Voila) -> None:
    page = voila.url("rep_workbook", rep="jihye.kim").partition("&token")[0]
    with_token = get(voila.url("nothing"))
    assert with_token == 404
    assert get(page) in (401, 403) or "token" in page_text(page)


def page_text(url: str) -> str:
    import urllib.request

    with urllib.request.urlopen(url, timeout=10) as answer:
        text = answer.read().decode(errors="replace")
    assert "jupyter-config-data" not in text, "a kernel was started without the token"
    return str(text)


@only_voila
def test_two_pages_of_one_rep_keep_what_each_has_begun(workbook: Open, place: Place) -> None:
    first = workbook()
    second = first.context.new_page()
    place.open(second, "rep_workbook")
    for page, text in ((first, "먼저 쓰던 이름"), (second, "나중에 쓰던 이름")):
        open_account(page, BLANK[14 if page is first else 15])
        row(page, "cfo").get_by_role("combobox").first.press_sequentially(text)
    place.reload(first)
    for name, text in ((BLANK[14], "먼저 쓰던 이름"), (BLANK[15], "나중에 쓰던 이름")):
        open_account(first, name)
        expect(row(first, "cfo").get_by_role("combobox").first).to_have_value(text)
