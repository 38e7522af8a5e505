"""Screens whose kernel is made up: what a page does with responses that a real kernel seldom gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workbook.model.import_words import IMPORT_WORDS
from coverage_kit.workbook.model.start_words import START_WORDS
from coverage_kit.workbook.model.vocabulary import vocabulary
from coverage_kit.workbook.model.words import WORDS, words
from coverage_kit.workbook.widget.bundle import joined_modules

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: A model as anywidget hands it over. It gives each kind of request its response, and keeps what was sent.
KERNEL = """async ({ code, given, responses }) => {
  const listeners = new Set();
  window.sent = [];
  window.push = (message) => listeners.forEach((listener) => listener(message));
  window.respond = (kind, response, which = -1) => {
    const { seq } = window.sent.filter((message) => message.kind === kind).at(which);
    window.push({ ...response, seq });
  };
  const model = {
    get: (name) => given[name],
    on: (_event, listener) => listeners.add(listener),
    off: (_event, listener) => listeners.delete(listener),
    send: (message) => {
      window.sent.push(message);
      const response = responses[message.kind];
      if (response) setTimeout(() => window.push({ ...response, seq: message.seq }));
    },
  };
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const screen = (await import(url)).default;
  screen.render({ model, el: document.body });
}"""
REFUSED = {"kind": "refused", "code": "file.odd", "text": {"ko": "읽을 수 없는 파일입니다.", "en": "Not readable."}}
WEEK = {"week": "2026-W48", "from": "2026-11-23", "to": "2026-11-29"}
NOTHING_YET = {
    "lists": {"lists": 0, "accounts": 0, "required": 0},
    "accounts": {"accounts": 0, "contacts": 0, "checked": 0, "days": 180},
    "owners": {"assigned": 0, "unassigned": 0, "unconfirmed": 0, "reps": 0, "moved": 0},
    "sessions": {"coached": 0, "reps": 0, "open": 0},
}
START = {
    "kind": "start",
    "tiles": {**NOTHING_YET, "done": [], "next": "lists"},
    "this_week": {
        "week": WEEK,
        "today": "2026-11-25",
        "coaching": [],
        "awaited": [],
        "open": 0,
        "overdue": 0,
        "left": [],
    },
    "proposals": [],
    "n_older_copies": 0,
    "may_share": True,
    "links": [],
    "reports": [],
    "due": None,
}
IMPORT = {
    "kind": "import",
    "kinds": ["accounts", "contacts"],
    "kind_of_file": "accounts",
    "choices": [],
    "file": "",
    "size": 0,
    "encoding": None,
    "sheet": None,
    "preview": None,
    "plan": None,
    "done": False,
    "can_undo": False,
    "recent": [],
    "ended": "",
    "problem": None,
    "facts": {"accounts": 0, "unassigned": 0},
}
PREVIEW = {"columns": [], "layout": "spreadsheet", "encoding": "utf-8", "is_guess": False, "n_rows": 1, "sheets": [], "lacking": None}  # fmt: skip
LONG_ROLES = [{"ko": title, "en": title} for title in ("Head of safety and environment", "IT manager (WMS)")]
NO_EVIDENCE = {"kind": "evidence", "of_file": False, "n": 0, "lines": [], "recorded": None}


@pytest.fixture
def screen(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open a screen on a made-up kernel; a kind of request without a response stays unanswered."""

    def show(entry: str, responses: dict[str, Any]) -> Page:
        page = new_page()
        page.route("http://127.0.0.1:1/**", lambda route: route.fulfill(body="", content_type="text/html"))
        page.goto("http://127.0.0.1:1/")
        given = {"words": words(WORDS | START_WORDS | IMPORT_WORDS), "vocabulary": vocabulary(), "lang": "ko"}
        page.evaluate(KERNEL, {"code": joined_modules(entry), "given": given, "responses": responses})
        return page

    return show


def test_progress_that_comes_before_the_first_response_does_not_break_the_start_page(
    screen: Callable[..., Page],
) -> None:
    page = screen("start/main", {})
    page.evaluate("push({ kind: 'progress', step: 'reports', done: 1, total: 3 })")
    page.evaluate("(start) => respond('hello', start)", START)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-ready", "true")
    expect(page.locator("[data-step=lists]")).to_have_attribute("data-state", "next")


def test_the_start_page_says_days_as_the_teams_calendar_does_and_its_head_is_flush(screen: Callable[..., Page]) -> None:
    week = {"week": "2019-W48", "from": "2019-11-25", "to": "2019-12-01"}
    awaited = {"id": "han", "name": "한동석", "n": 2, "due_on": "2019-11-27", "overdue": 0}
    done = {**NOTHING_YET, "done": ["lists", "accounts", "owners", "sessions"], "next": ""}
    this_week = {**START["this_week"], "week": week, "today": "2019-11-26", "awaited": [awaited]}
    page = screen("start/main", {"hello": {**START, "tiles": done, "this_week": this_week}})
    expect(page.locator(".headline")).to_have_text("2019년 48주차 (11.25~12.1)")
    line = page.locator("[data-panel=awaited] li")
    expect(line).to_contain_text("11월 27일")
    expect(line).not_to_contain_text("2019")
    page.set_viewport_size({"width": 390, "height": 844})
    left = "(part) => document.querySelector(part).getBoundingClientRect().x"
    assert page.evaluate(left, ".head h1") == page.evaluate(left, ".langs")


def test_people_who_left_are_named_with_their_titles(screen: Callable[..., Page]) -> None:
    left = [
        {"id": name, "name": name, "title": title, "account": "A", "account_name": "Alder", "end_kind": "left", "roles": LONG_ROLES}
        for name, title in (("Nora Finch", "Manager"), ("한가람", "부장"), ("윤새벽", ""), ("", "과장"))
    ]  # fmt: skip
    done = {**NOTHING_YET, "done": ["lists", "accounts", "owners", "sessions"], "next": ""}
    page = screen("start/main", {"hello": {**START, "tiles": done, "this_week": {**START["this_week"], "left": left}}})
    for lang in ("한국어", "English"):
        page.get_by_role("button", name=lang).click()
        names = page.locator("[data-panel=left] li b")
        line = "document.querySelector('[data-panel=left] li b').getClientRects().length"
        assert page.evaluate(line) == 1, "long positions leave a name no room"
        expect(names).to_have_text(["Nora Finch (Manager)", "한가람 부장", "윤새벽", "–"])


def test_accounts_under_a_former_team_are_moved_from_the_start_page(screen: Callable[..., Page]) -> None:
    tiles = {**START["tiles"], "owners": {**NOTHING_YET["owners"], "moved": 3}}
    listed = {"kind": "accounts", "accounts": [], "colleagues": [], "tiles": tiles, "edit_id": "", "n": 0}
    moved = {**listed, "tiles": START["tiles"], "edit_id": "ed_moved", "n": 3}
    page = screen(
        "start/main", {"hello": {**START, "tiles": tiles}, "accounts": listed, "move_teams": moved, "undo": listed}
    )
    page.locator("[data-key=moved-open]").click()
    page.locator("[data-key=move-teams]").click()
    expect(page.locator(".recorded")).to_contain_text("고객사 3곳을 담당의 지금 팀으로 옮겼습니다.")
    expect(page.locator("[data-key=moved]")).to_have_count(0)
    page.locator("[data-key=assign-undo]").click()
    expect(page.locator("[data-key=move-teams]")).to_be_visible()
    assert page.evaluate("sent.findLast(({ kind }) => kind === 'undo').undoes") == "ed_moved"


def test_a_refused_part_of_a_file_ends_the_upload(screen: Callable[..., Page]) -> None:
    page = screen("import/main", {"hello": IMPORT, "evidence": NO_EVIDENCE, "part": REFUSED})
    expect(page.locator(".coverage-kit")).to_have_attribute("data-ready", "true")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "고객사.csv", "mimeType": "text/csv", "buffer": b"x" * (3 << 20)}]
    )
    expect(page.locator(".toast.problem")).to_contain_text(REFUSED["text"]["ko"])
    assert page.evaluate("sent.filter((message) => message.kind === 'part').length") == 1


def test_a_coach_whose_accounts_are_refused_reads_why(screen: Callable[..., Page]) -> None:
    proposal = {
        "account": "A1",
        "account_name": "한빛",
        "role": "cfo",
        "role_title": {"ko": "재무 책임자", "en": "CFO"},
        "by": "김지혜",
        "why": "없는 자리입니다",
        "version": 1,
    }
    desk = {
        "kind": "desk",
        "reps": [{"id": "jihye.kim", "name": "김지혜"}],
        "sessions": [],
        "current": None,
        "proposals": [proposal],
    }
    page = screen("coach/main", {"desk": desk, "hello": REFUSED})
    expect(page.get_by_role("alert")).to_have_text(REFUSED["text"]["ko"])
    expect(page.locator(".coverage-kit")).to_have_attribute("data-state", "error")


def test_a_long_comparison_with_the_last_files_is_shown_until_its_response(screen: Callable[..., Page]) -> None:
    page = screen("import/main", {"hello": IMPORT})
    expect(page.locator(".coverage-kit")).to_have_attribute("data-ready", "true")
    # No response yet: it shows by itself, and how far it is once the kernel says so.
    bar = page.get_by_role("progressbar")
    expect(bar).not_to_have_attribute("value")
    page.evaluate("push({ kind: 'progress', step: 'comparing', done: 50, total: 200 })")
    expect(bar).to_have_attribute("value", "0.25")
    page.evaluate("(none) => respond('evidence', none)", NO_EVIDENCE)
    expect(bar).to_have_count(0)


def test_a_chosen_kind_of_file_stays_chosen_until_its_response(screen: Callable[..., Page]) -> None:
    page = screen("import/main", {"hello": IMPORT})
    expect(page.locator(".coverage-kit")).to_have_attribute("data-ready", "true")
    contacts = page.locator("[data-key=kind-contacts]")
    contacts.click()
    # Something else is drawn before the response: the choice is not taken back on the screen.
    page.evaluate("(none) => respond('evidence', none)", NO_EVIDENCE)
    expect(page.get_by_role("progressbar")).to_have_count(0)
    page.evaluate("push({ kind: 'progress', step: 'comparing', done: 1, total: 2 })")
    expect(page.get_by_role("progressbar")).to_have_count(1)
    expect(contacts).to_be_checked()
    page.evaluate("(refused) => respond('set', refused)", REFUSED)
    expect(page.locator("[data-key=kind-accounts]")).to_be_checked()


def test_chosen_columns_stay_chosen_until_their_responses(screen: Callable[..., Page]) -> None:
    def preview(*ours: str) -> dict[str, Any]:
        columns = [{"theirs": theirs, "ours": one, "samples": []} for theirs, one in zip("ab", ours, strict=True)]
        return {"file": "list.csv", "choices": ["name", "title"], "preview": PREVIEW | {"columns": columns}}

    page = screen("import/main", {"hello": IMPORT | preview("", "")})
    expect(page.locator(".coverage-kit")).to_have_attribute("data-ready", "true")
    first, second = (page.locator(f'[data-key="column-{theirs}"]') for theirs in "ab")
    first.select_option("name")
    second.select_option("title")
    # Something else is drawn before the responses.
    page.evaluate("push({ kind: 'progress', step: 'comparing', done: 1, total: 2 })")
    expect(first).to_have_value("name")
    expect(second).to_have_value("title")
    # The response to the first choice knows nothing of the second one yet.
    page.evaluate("(state) => respond('column', state, 0)", IMPORT | preview("name", ""))
    expect(first).to_have_value("name")
    expect(second).to_have_value("title")
    # A refused choice is taken back, and the other one stays.
    page.evaluate("(refused) => respond('column', refused)", REFUSED)
    expect(second).to_have_value("")
    expect(first).to_have_value("name")
