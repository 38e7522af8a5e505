"""The start page: from a team's own files to the first session without a command, in both languages; by keyboard."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.links import keep_server, personal_links, sign
from coverage_kit.sample import fill_workspace
from coverage_kit.store.entities import Account
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import serious
from .places import Voila, ready
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILES = {
    "accounts": "고객사,업종,지역,매출\n"
    + "".join(f"고객{n:03d},{'은행' if n % 3 else '화학'},서울,{n}\n" for n in range(1, 121)),
    "contacts": "회사,이름,직책\n고객120,김가온,부장\n고객120,이나래,과장\n고객001,박다온,팀장\n",
    "staff": "사번,이름,역할\njihye.kim,김지혜,rep\nminsu.park,박민수,rep\n",
}
TEXTS = {
    "ko": {
        "import": "파일 가져오기", "try": "미리 해 보기", "run": "가져오기", "other": "다른 파일", "back": "시작 페이지",
        "assign": "배정하기", "owners": "담당 정하기", "industry": "업종", "bank": "은행", "all": "찾은 80곳 모두 선택",
        "give": "80곳 맡기기", "given": "김지혜 님이 고객사 80곳을 맡습니다.", "rest": "찾은 40곳 모두 선택",
        "give_rest": "40곳 맡기기", "whom": "맡을 동료", "home": "시작 페이지로", "session": "시작하기", "undo": "되돌리기",
        "kinds": ("고객사", "연락처", "우리 쪽"), "not_assigned": "120곳 남음",
    },
    "en": {
        "import": "Import a file", "try": "Try it out", "run": "Import", "other": "Another file", "back": "Start page",
        "assign": "Assign accounts", "owners": "Who looks after what", "industry": "Industry", "bank": "은행",
        "all": "Choose all 80 accounts found", "give": "Assign 80 accounts",
        "given": "80 accounts are now looked after by 김지혜.", "rest": "Choose all 40 accounts found",
        "give_rest": "Assign 40 accounts", "whom": "Colleague", "home": "Back to the start page",
        "session": "Start the first session", "undo": "Undo", "kinds": ("Accounts", "Contacts", "Our people"),
        "not_assigned": "120 not assigned",
    },
}  # fmt: skip


@pytest.fixture
def sample_server(tmp_path: Path) -> Iterator[Voila]:
    """The made-up team, with all four steps behind it."""
    with init_workspace(tmp_path / "team", lang="ko", actor="coach.lee") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=24, n_weeks=4)
        folder = ws.path / "reports" / "2026-W47"
        folder.mkdir(parents=True)
        identity = dict.fromkeys(("week", "lang", "version", "template", "inputs", "name", "title"), "")
        entry = {"title": "팀 주간 보고", "as_of": "", "files": {}, "facts": {}, "identity": identity}
        (folder / "manifest.json").write_text(json.dumps({"reports": {"team": entry}}), encoding="utf-8")
        (folder / "team.html").write_text("<h1>47주차 보고</h1>", encoding="utf-8")
    served = Voila.start(tmp_path / "team", tmp_path, actor="coach.lee", pages_ready=True)
    yield served
    served.close()


def tile(page: Page, step: str) -> Locator:
    return page.locator(f"[data-step={step}]")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_own_files_lead_to_the_first_session_without_a_command(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path, lang: str
) -> None:
    say, page, found = TEXTS[lang], new_page(), {}

    def name(key: str) -> str:
        text = say[key]
        assert isinstance(text, str)
        return text

    page.goto(own_server.url("start", lang=lang), timeout=START_MS)
    ready(page)
    expect(tile(page, "lists")).to_have_attribute("data-state", "next")
    found |= serious(page, "empty")
    # Step 2: the team's own files.
    page.get_by_role("link", name=name("import")).first.click()
    ready(page)
    for (kind, text), label in zip(FILES.items(), say["kinds"], strict=True):
        (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
        page.get_by_role("radio", name=re.compile(f"^{label}")).check()
        page.locator("[data-key=file]").set_input_files(tmp_path / f"{kind}.csv")
        page.get_by_role("button", name=name("try")).click()
        page.get_by_role("button", name=name("run"), exact=True).click()
        page.get_by_role("button", name=name("other")).click()
    # Step 3: owners, for an accounts file without them.
    page.get_by_role("link", name=name("back"), exact=True).click()
    ready(page)
    expect(tile(page, "accounts")).to_have_attribute("data-state", "done")
    expect(tile(page, "owners")).to_have_attribute("data-state", "next")
    expect(tile(page, "owners").locator(".figure")).to_have_text(re.compile(name("not_assigned").replace(" ", r"\s*")))
    found |= serious(page, "half done")
    page.get_by_role("button", name=name("assign")).click()
    expect(page.get_by_role("heading", name=name("owners"))).to_be_focused()
    page.get_by_label(name("industry")).select_option("은행")
    page.get_by_label(name("all")).check()
    page.get_by_role("combobox", name=name("whom"), exact=True).select_option("jihye.kim")
    found |= serious(page, "assigning")
    page.get_by_role("button", name=name("give")).click()
    expect(page.locator(".recorded")).to_contain_text(name("given"))
    page.get_by_label(name("industry")).select_option("")
    page.get_by_label(name("rest")).check()
    page.get_by_role("combobox", name=name("whom"), exact=True).select_option("minsu.park")
    page.get_by_role("button", name=name("give_rest")).click()
    expect(page.locator(".recorded")).to_contain_text("박민수")
    with open_workspace(own_server.workspace) as ws:
        assert {each.owner_id for each in ws.ledger.as_of(Account)} == {"jihye.kim", "minsu.park"}
    # Step 4: the first session.
    page.get_by_role("button", name=name("home")).click()
    expect(tile(page, "owners")).to_have_attribute("data-state", "done")
    expect(tile(page, "sessions")).to_have_attribute("data-state", "next")
    page.get_by_role("link", name=name("session")).click()
    ready(page)
    expect(page.locator(".kind input").nth(2)).to_be_checked()
    page.locator(".whom input").first.check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    with open_workspace(own_server.workspace) as ws:
        assert [each.reps for each in ws.coaching.sessions.open()] == [["jihye.kim"]]
    assert found == {}


def test_accounts_are_assigned_to_a_new_colleague_and_undone_by_keyboard_alone(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "accounts.csv").write_text("고객사\n한빛\n새벽\n나루\n", encoding="utf-8")
    page, found = new_page(1024, 768), {}

    def to(key: str) -> None:
        """Tab to a control."""
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.dataset.key") == key:
                return
        raise AssertionError(f"Tab does not reach {key}")

    with open_workspace(own_server.workspace) as ws:
        ws.import_file("accounts", tmp_path / "accounts.csv")
        own_server.open(page, "start")
        to("owners")
        page.keyboard.press("Enter")
        to("assign-search")
        page.keyboard.type("한빛")
        expect(page.locator(".assign-table tbody tr")).to_have_count(1)
        to("assign-all")
        page.keyboard.press("Space")
        to("assign-new")
        page.keyboard.type("김지혜")
        to("assign")
        page.keyboard.press("Enter")
        expect(page.locator(".recorded")).to_contain_text("김지혜 님이 고객사 1곳을 맡습니다.")
        expect(page.locator("[data-key=assign-search]")).to_be_focused()
        found |= serious(page, "assigned")
        assert ws.slots(rep="김지혜")["account_name"].unique().tolist() == ["한빛"]
        page.keyboard.press("Shift+Tab")
        expect(page.locator("[data-key=assign-undo]")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator(".recorded")).to_contain_text("되돌렸습니다")
        assert ws.reps() == []
    assert found == {}


def test_an_account_that_somebody_else_assigns_meanwhile_is_not_taken(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "accounts.csv").write_text("고객사\n한빛\n새벽\n", encoding="utf-8")
    page = new_page()
    with open_workspace(own_server.workspace) as ws:
        ws.import_file("accounts", tmp_path / "accounts.csv")
        page.goto(own_server.url("start", view="assign"), timeout=START_MS)
        ready(page)
        page.get_by_label("찾은 2곳 모두 선택").check()
        page.get_by_label("새 담당 영업 이름").fill("김지혜")
        ws.assign(["한빛"], "박민수")
        page.get_by_role("button", name="2곳 맡기기").click()
        expect(page.locator(".toast.problem")).to_contain_text("한빛")
        expect(page.get_by_role("row").filter(has_text="새벽").get_by_role("checkbox")).to_be_checked()
        expect(page.get_by_role("row").filter(has_text="한빛")).to_have_count(0)
        assert ws.reps() == ["박민수"]


def test_the_steps_fold_and_the_page_becomes_this_week(sample_server: Voila, new_page: Callable[..., Page]) -> None:
    page, found = new_page(1440, 900, permissions=["clipboard-read", "clipboard-write"]), {}
    own = sample_server
    with open_workspace(own.workspace) as ws:
        links = {each.person: each.url for each in personal_links(ws, keep_server(ws.path))}
    own.open(page, "start")
    expect(page.locator(".steps-folded > li[data-state=done]")).to_have_count(4)
    expect(page.get_by_role("heading", name="이번 주")).to_be_visible()
    for width in (1440, 1024, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found |= serious(page, f"{width} px")
        assert fits(page), width
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="김지혜 님 링크 복사").press("Enter")
    expect(page.get_by_text("김지혜 님의 링크를 복사했습니다.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == links["jihye.kim"]
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="팀 주간 보고, 2026년 47주차 (11.16~11.22)").click()
    expect(opened.value.get_by_role("heading", name="47주차 보고")).to_be_visible()
    assert opened.value.evaluate("window.opener") is None
    opened.value.close()
    page.get_by_role("button", name="보고서 다시 만들기").press("Enter")
    # On a busy machine this takes longer than any response, and the message goes away after a while.
    expect(page.get_by_text("보고서를 만들었습니다.")).to_be_visible(timeout=START_MS)
    expect(page.locator("[data-panel=reports] .report-pages").first.get_by_role("button")).to_have_count(3)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    found |= serious(page, "English")
    assert found == {}


def test_a_reps_own_link_shows_no_link_of_others(sample_server: Voila, new_page: Callable[..., Page]) -> None:
    page = new_page()
    signature = sign(keep_server(sample_server.workspace).secret, "jihye.kim")
    page.goto(f"{sample_server.url('start', person='jihye.kim')}#signature={signature}", timeout=START_MS)
    ready(page)
    expect(page.get_by_text("다른 분들의 링크는 코치가 나누어 줍니다.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("링크 복사"))).to_have_count(0)
