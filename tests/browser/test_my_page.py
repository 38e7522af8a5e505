"""A colleague's own page: a manager on a phone, an executive's minute, a colleague of support, all through their links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.links import personal_links, read_server
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import Account
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import serious
from .places import Lab, Place, Voila, ready
from .servers import START_MS, start, stop

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MANAGER, EXECUTIVE, SUPPORT = "manager.han", "exec.yoon", "support.jang"


@dataclass
class Team:
    """The made-up team behind ``coverage-kit app``, and everybody's link."""

    path: Path
    links: dict[str, str]

    def open(self, page: Page, who: str, lang: str = "ko") -> Page:
        page.goto(self.links[who].replace("?", f"?lang={lang}&"), timeout=START_MS)
        ready(page)
        return page


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("mine")
    with init_workspace(folder / "team", lang="ko", actor="coach.lee") as ws:
        fill_workspace(ws, n_accounts=45)
        work = ws.coaching.commitments
        rep = ws.coaching.leaders.reps_of(MANAGER)[0]
        for n, account in enumerate(dict.fromkeys(ws.slots(rep=rep)["account"].astype(object))):
            if n == 3:
                break
            draft = work.draft_help(rep, MANAGER, action=f"함께 인사드리기 {n}", scope=f"test:{n}", account=account)
            work.add(draft, confirmed=True)
        slots = ws.slots()
        held = slots.loc[slots["employment"].notna() & ~slots["gone"] & slots["counted"]].drop_duplicates("person")
        pairs = zip(held["account"].astype(object), held["role"].astype(object), strict=True)
        for account, role in list(pairs)[:3]:
            ws.edit_slot(account, role, representative=SUPPORT, can_meet=True, can_deliver=True, verified_on=None)
    process, _ = start(folder / "team", ["app"], folder, COVERAGE_KIT_ACTOR="coach.lee")
    with open_workspace(folder / "team") as ws:
        server = read_server(ws.path)
        assert server
        links = {each.person: each.url for each in personal_links(ws, server)}
    yield Team(folder / "team", links)
    stop(process)


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]")


def card(page: Page, text: str) -> Locator:
    return page.locator(".my-card", has_text=text)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_a_manager_answers_protects_an_hour_and_stars_an_account_on_a_phone(
    team: Team, new_page: Callable[..., Page]
) -> None:
    page = team.open(new_page(390, 844), MANAGER)
    assert fits(page)
    found = serious(page, "first")
    # Accept, with the day that is offered.
    one = card(page, "함께 인사드리기 0")
    one.get_by_role("button", name="맡겠습니다").click()
    expect(one.locator("[data-key=form]")).to_be_focused()
    one.get_by_role("button", name="맡기", exact=True).click()
    expect(page.get_by_text("맡았습니다: 함께 인사드리기 0")).to_be_visible()
    expect(part(page, "open").get_by_text("함께 인사드리기 0")).to_be_visible()
    # Take it back.
    page.locator(".toasts").get_by_role("button", name="되돌리기").click()
    expect(part(page, "asked").get_by_text("함께 인사드리기 0")).to_be_visible()
    # Decline, in one line.
    two = card(page, "함께 인사드리기 1")
    two.get_by_role("button", name="어렵습니다").click()
    expect(two.get_by_role("button", name="보내기")).to_be_disabled()
    two.get_by_label("어려운 이유 한 줄").fill("이번 달은 출장입니다")
    found |= serious(page, "declining")
    two.get_by_role("button", name="보내기").click()
    expect(two).to_have_count(0)
    # Protect an hour.
    waiting = part(page, "pushed").locator("[data-waiting]")
    decided = waiting.first.get_attribute("data-waiting")
    with page.expect_download() as saved:
        waiting.first.get_by_role("button", name="한 시간 지키기").click()
    assert "BEGIN:VEVENT" in Path(saved.value.path()).read_text(encoding="utf-8")
    expect(page.locator(f"[data-waiting='{decided}']")).to_have_count(0)
    # Star an account.
    stars = part(page, "must-win")
    stars.get_by_label("고객사 고르기").fill("솔빛")
    choice = stars.get_by_role("button", name="☆ 솔빛").first
    name = choice.inner_text().removeprefix("☆ ")
    choice.click()
    expect(stars.locator(".my-card", has_text=name)).to_be_visible()
    expect(stars.locator("h3")).to_contain_text("5/5곳")
    found |= serious(page, "starred")
    assert found == {}
    assert fits(page)
    with open_workspace(team.path) as ws:
        assert len(ws.coaching.must_win.of(MANAGER)) == 5


@pytest.mark.parametrize(
    ("lang", "theme", "width"), [("ko", "light", 1440), ("en", "dark", 390), ("en", "light", 1024)]
)
def test_an_executive_reads_one_minute_of_teams_and_no_rep(
    team: Team, new_page: Callable[..., Page], lang: str, theme: str, width: int
) -> None:
    page = team.open(new_page(width, 900), EXECUTIVE, lang)
    page.evaluate("theme => { document.body.dataset.jpThemeLight = String(theme === 'light'); }", theme)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-theme", theme)
    title = {"ko": "팀별 집중 고객사", "en": "Focus lists of the teams"}[lang]
    expect(part(page, "focus").get_by_role("heading")).to_contain_text(title)
    expect(part(page, "focus").locator("li")).to_have_count(1)
    expect(part(page, "doors").locator(".my-card")).to_have_count(1)
    expect(part(page, "must-win")).to_have_count(0)
    for name in ("김지혜", "박민수", "Sarah Lee"):
        expect(page.locator("main").get_by_text(name)).to_have_count(0)
    assert serious(page, lang) == {}
    assert fits(page)


#: Every element by its place in the document: where it stands on screen, in which column, and whether Tab must reach it.
ELEMENTS = """() => [...document.querySelectorAll(".coverage-kit *")].map((each, n) => {
  each.dataset.place = n;
  const box = each.getBoundingClientRect(), column = each.closest(".my-columns > *");
  const takes = each.matches("button, a[href], input, select, textarea, summary") && each.tabIndex >= 0;
  return {
    said: each.dataset.key || each.outerHTML.slice(0, 90),
    takes: takes && !each.disabled && each.checkVisibility(),
    column: column ? [...column.parentNode.children].indexOf(column) : -1,
    top: box.top, bottom: box.bottom, left: box.left,
  };
})"""
#: The place of what has the focus; -1 for what came later, like the list below a search field.
FOCUSED = "() => Number(document.activeElement.dataset.place ?? -1)"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("who", [MANAGER, EXECUTIVE])
def test_tab_goes_through_a_leaders_page_in_the_order_on_screen(
    team: Team, new_page: Callable[..., Page], who: str, width: int
) -> None:
    page = team.open(new_page(width, 900), who)
    # All places are read before the focus scrolls the page.
    elements = page.evaluate(ELEMENTS)
    controls = {n for n, each in enumerate(elements) if each["takes"]}
    assert len(controls) > 5
    stops: list[int] = []
    page.locator("body").press("Tab")
    while page.evaluate(FOCUSED) not in stops[:1] and len(stops) < len(elements):
        stops.append(page.evaluate(FOCUSED))
        page.keyboard.press("Tab")
    stops = [number for number in stops if number >= 0]
    assert controls <= set(stops), [elements[n] for n in controls - set(stops)]
    for one, after in pairwise(elements[number] for number in stops):
        is_beside = after["top"] < one["bottom"] and one["top"] < after["bottom"] and after["left"] > one["left"]
        is_below = after["top"] >= one["bottom"] - 1
        is_next_column = width > 1000 and after["column"] > one["column"]
        assert is_beside or is_below or is_next_column, (one, after)


def test_a_support_colleague_confirms_a_person_and_keeps_a_line_by_keyboard_alone(
    team: Team, new_page: Callable[..., Page]
) -> None:
    page = team.open(new_page(), SUPPORT)
    people = part(page, "people").locator("[data-person]")
    expect(people.first).to_be_visible()
    who = people.first.get_attribute("data-person")
    page.locator("body").press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.dataset.key") == f"there-{who}":
            break
        page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-person={who}]")).to_have_count(0)
    said = page.locator("[data-key^=said-]").first
    said.focus()
    page.keyboard.type("도면을 미리 받고 싶다")
    page.keyboard.press("Enter")
    expect(said).to_have_value("")
    # Somebody left, and the successor is known.
    gone = part(page, "people").locator("[data-person]").last.get_attribute("data-person")
    page.locator(f"[data-key=left-{gone}]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-key=form]")).to_be_focused()
    assert serious(page, "people") == {}
    page.keyboard.type("문가람")
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-person={gone}]")).to_have_count(0)
    with open_workspace(team.path) as ws:
        assert "문가람" in set(ws.slots()["holder"].dropna())
        heard = [each for each in ws.coaching.voices.find() if each.body == "도면을 미리 받고 싶다"]
        assert len(heard) == 1


def test_what_is_typed_stays_where_somebody_else_was_faster(team: Team, new_page: Callable[..., Page]) -> None:
    page = team.open(new_page(), MANAGER)
    one = card(page, "함께 인사드리기 2")
    one.get_by_role("button", name="어렵습니다").click()
    one.get_by_label("어려운 이유 한 줄").fill("사정이 있습니다")
    # Another act leaves it alone.
    part(page, "doors").get_by_role("button", name="제가 합니다").first.click()
    expect(page.get_by_text("내 실행 약속이 되었습니다")).to_be_visible()
    expect(one.get_by_label("어려운 이유 한 줄")).to_have_value("사정이 있습니다")
    with open_workspace(team.path, actor="coach.lee") as ws:
        asked = next(each for each in ws.coaching.commitments.find(owner=MANAGER) if each.action == "함께 인사드리기 2")
        ws.coaching.commitments.accept(asked.id)
    one.get_by_role("button", name="보내기").click()
    # Somebody accepted it for the manager: it is among the open ones now, and the line is still there.
    moved = part(page, "open").locator(".my-card", has_text="함께 인사드리기 2")
    expect(moved.get_by_label("어려운 이유 한 줄")).to_have_value("사정이 있습니다")
    page.reload(timeout=START_MS)
    ready(page)
    expect(moved.get_by_label("어려운 이유 한 줄")).to_have_value("사정이 있습니다")
    moved.get_by_role("button", name="보내기").click()
    expect(moved).to_have_count(0)


def serve_for_manager(start_place: Callable[..., Place], folder: Path, store: str = "store.db") -> Iterator[Place]:
    """The made-up team, with the manager at the keyboard."""
    with init_workspace(folder / "team", lang="ko", actor="coach.lee", store=store) as ws:
        fill_workspace(ws, n_accounts=45)
    served = start_place(folder / "team", folder, actor=MANAGER)
    yield served
    served.close()


@pytest.fixture
def managers_lab(tmp_path: Path) -> Iterator[Place]:
    yield from serve_for_manager(Lab.start, tmp_path)


@pytest.fixture
def managers_postgresql(tmp_path: Path, postgresql_url: str) -> Iterator[Place]:
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE my_page")
    yield from serve_for_manager(Voila.start, tmp_path, f"{postgresql_url.rpartition('/')[0]}/my_page")


@pytest.fixture(params=["managers_lab", pytest.param("managers_postgresql", marks=pytest.mark.postgresql)])
def managers_place(request: pytest.FixtureRequest) -> Place:
    """My page in JupyterLab, and on PostgreSQL."""
    served: Place = request.getfixturevalue(request.param)
    return served


def press(control: Locator) -> None:
    """By keyboard alone: the control has the focus, and takes Enter."""
    control.focus()
    expect(control).to_be_focused()
    control.press("Enter")


def test_a_manager_does_the_usual_acts_by_keyboard_in_jupyterlab_and_on_postgresql(
    managers_place: Place, new_page: Callable[..., Page]
) -> None:
    page = new_page(1440, 900)
    managers_place.open(page, "my_page")
    # A request is taken on.
    asked = part(page, "asked").locator(".my-card")
    n = asked.count()
    press(asked.first.get_by_role("button", name="맡겠습니다"))
    press(asked.first.get_by_role("button", name="맡기", exact=True))
    expect(asked).to_have_count(n - 1)
    # An hour is protected.
    with page.expect_download() as saved:
        press(part(page, "pushed").get_by_role("button", name="한 시간 지키기").first)
    assert "BEGIN:VEVENT" in Path(saved.value.path()).read_text(encoding="utf-8")
    # An account is starred, and the page for the deal review is made.
    stars = part(page, "must-win")
    stars.get_by_label("고객사 고르기").press_sequentially("솔빛")
    press(stars.get_by_role("button", name="☆ 솔빛").first)
    expect(stars.locator("h3")).to_contain_text("5/5곳")
    with page.expect_popup() as review:
        press(stars.get_by_role("button", name="딜 리뷰용 한 장"))
    expect(review.value.locator("h1")).to_be_visible()
    # The agreement is changed.
    agreement = page.locator(f"[data-agreement='{MANAGER}:2026-Q4']")
    press(agreement.get_by_role("button", name="내용 고치기"))
    agreement.get_by_label("부탁에 답하는 기한").fill("5")
    press(agreement.get_by_role("button", name="이대로 합의"))
    expect(agreement.get_by_text("남은 합의: 임원, 코치")).to_be_visible()
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(page.locator(".coverage-kit")).to_have_attribute("data-theme", "dark")
    assert serious(page, "dark") == {}
    with open_workspace(managers_place.workspace) as ws:
        assert len(ws.coaching.must_win.of(MANAGER)) == 5
        assert ws.coaching.agreement.of(MANAGER).terms.answer_days == 5
        told = [each for rep in ws.reps() for each in ws.coaching.leaders.decided(rep, since=ws.today())]
        assert [(each.decision, each.by) for each in told] == [("hour", MANAGER)]


def test_a_rep_reads_what_leaders_decided_and_saves_the_hour(team: Team, new_page: Callable[..., Page]) -> None:
    with open_workspace(team.path) as ws:
        since = ws.today() - timedelta(weeks=4)
        told = {rep: ws.coaching.leaders.decided(rep, since=since) for rep in ws.reps()}
    rep, hours = next((rep, [d for d in all_of if d.decision == "hour"]) for rep, all_of in told.items() if all_of)
    page = new_page(390, 844)
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    team.open(page, rep)
    page.locator("[data-key=view-commitments]").click()
    one = page.locator(f"[data-decided='{hours[0].commitment}']")
    expect(one).to_contain_text("한동석 님이 이 일을 위한 한 시간을 지켜 주셨습니다")
    assert fits(page)
    with page.expect_download() as saved:
        one.get_by_role("button", name="이 시간을 내 일정에 저장").click()
    assert "한동석" in Path(saved.value.path()).read_text(encoding="utf-8")
    assert serious(page, "decided") == {}


@pytest.mark.parametrize("who", [MANAGER, EXECUTIVE])
def test_a_leader_of_people_without_focus_lists_reads_that_nothing_is_listed_yet(
    team: Team, new_page: Callable[..., Page], who: str
) -> None:
    with open_workspace(team.path) as ws:
        listed = [row.id for row in ws.ledger.as_of(Account) if row.focus]
        ws.ledger.save([Change("account", key, {"focus": 0}) for key in listed])
    try:
        doors = team.open(new_page(390, 844), who).locator("[data-part=doors]")
        expect(doors).to_contain_text("집중 고객사가 아직 없습니다")
        expect(doors).not_to_contain_text("만날 수 있는 우리 담당이 있습니다")
    finally:
        with open_workspace(team.path) as ws:
            ws.ledger.save([Change("account", key, {"focus": 1}) for key in listed])
