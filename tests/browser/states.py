"""Look at every state of the screens: the coach's hour step by step, the small windows, what is said in trouble.

Run: python -m tests.browser.states OUT [voila|lab] [ko|en] [WALK] — each state at 1440 and 1024 px, light and dark, from the sample
team. They are for looking at, not for the docs (those are made by screenshots.py).
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from coverage_kit.sample import fill_workspace
from coverage_kit.workspace import init_workspace, open_workspace
from tests.browser.places import Lab, Place, Voila
from tests.browser.servers import CHROMIUM, FLAGS, WAIT_MS, font_config

SIZES = ((1440, 900), (1024, 768))
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
REP, COACH = "jihye.kim", "coach.lee"
MENU = ".coverage-kit .menu [role=menuitem]"
Step = Iterator[str]


def the_hour(page: Page, _: Place) -> Step:
    """One rep, from whom to coach to closed."""
    yield "start"
    page.locator(".whom input").first.check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    yield from _claims(page)
    yield "promises"
    page.locator(".commitment").first.press("2")
    page.locator(".commitment .field input").first.wait_for()
    yield "promise-line"
    _on(page, "accounts")
    yield "accounts"
    page.locator(".session-side li button").first.click()
    yield "account-claim"
    page.locator(".claim.big input").fill("9")
    page.locator(".claim.big input").press("Enter")
    page.locator(".session-account tr[data-role]").first.wait_for()
    yield "account"
    page.locator("[data-key=share]").click()
    yield "account-shared"
    page.locator("[data-key=share]").click()
    page.locator("tr[data-role] .more").first.click()
    yield "account-menu"
    _choose(page, page.locator("tr[data-role] .more").first, 0)
    page.locator("dialog[data-ready]").wait_for()
    yield "draft"
    page.locator("dialog .primary").click()
    _on(page, "commitments")
    page.locator(".sentences li").first.wait_for()
    yield "commitments"
    _on(page, "read_back")
    yield "read-back"
    page.locator("[data-key^=agree]").click()
    page.locator(".read-aloud .tag").wait_for()
    yield "agreed"
    page.locator("[data-key=end]").click()
    page.locator(".coverage-kit[data-step=closed]").wait_for()
    yield "closed"


def a_group(page: Page, _: Place) -> Step:
    """Two reps, up to the sweep; then it is left half-way."""
    page.locator(".kind input").nth(1).check()
    for n in (0, 1):
        page.locator(".whom input").nth(n).check()
    page.locator("[data-key=begin]").click()
    page.locator(".coverage-kit[data-step=claims]").wait_for()
    yield "claims"
    for claim in (20, 70):
        page.locator(".claim input").first.fill(str(claim))
        page.locator(".claim input").first.press("Enter")
        page.locator(".claim .tag, .claim .calibration").first.wait_for()
        yield f"claimed-{claim}"
    for step in ("round", "blind_role", "sweep"):
        _on(page, step)
        yield step
    page.locator("[data-key=leave]").click()
    page.locator(".left li").first.wait_for()
    yield "left"


def the_first_time(page: Page, _: Place) -> Step:
    """The biggest account's contacts, counted down."""
    page.locator(".kind input").nth(2).check()
    page.locator(".whom input").nth(1).check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    yield from _claims(page)
    page.locator("tr[data-person]:not(.gone) button").nth(1).click()
    page.locator("tr[data-person].gone").first.wait_for()
    yield "contacts"


def windows(page: Page, _: Place) -> Step:
    """The rep's small windows, one after the other."""
    page.locator(".filters select").first.select_option("value")
    page.locator(".line").first.click()
    page.locator(".pane[data-state=ready]").wait_for()
    yield "slots"
    held = page.locator("tr[data-role]").filter(has=page.locator(".card-link, .under button")).first
    held.locator(".more").click()
    yield "menu"
    for n in range(page.locator(MENU).count()):
        _choose(page, held.locator(".more"), n)
        if page.locator("dialog[open]").count():
            yield f"menu-{n}"
            page.keyboard.press("Escape")
    held.locator(".check").click()
    yield "check"
    page.keyboard.press("Escape")
    page.locator("[data-key=help]").click()
    yield "help"
    page.keyboard.press("Escape")
    for view in ("cards", "commitments"):
        page.locator(f"[data-view={view}]").first.click()
        page.locator(".cards-view [data-ready]").wait_for()
        yield view
    page.locator("[data-view=accounts]").first.click()
    page.get_by_role("searchbox").fill("zzzz")
    yield "nothing-found"


def trouble(page: Page, place: Place) -> Step:
    """Two at one slot, no answer, and a program that was restarted."""
    page.locator(".filters select").first.select_option("value")
    page.locator(".line").first.click()
    page.locator(".pane[data-state=ready]").wait_for()
    row = page.locator("tr[data-role]").filter(has=page.locator(".mood")).first
    role = row.get_attribute("data-role")
    with open_workspace(place.workspace, actor="minsoo.park") as ws:
        account = page.locator(".line[aria-selected=true]").get_attribute("data-account")
        ws.edit_slot(account, role, disposition="negative", grounds="회의에서 말을 아끼셨다")
    row.locator(".grounds").fill("먼저 전화를 주셨고, 다음 분기에 다시 보자고 하셨다")
    row.locator(".grounds").press("Enter")
    page.locator("dialog[open]").wait_for()
    yield "conflict"
    page.locator("dialog .actions button").first.click()
    page.locator(".toast").wait_for()
    yield "theirs-stands"
    row.locator(".more").click()
    page.locator(MENU).last.click()
    page.locator("dialog .lost").wait_for()
    yield "not-taken"
    page.keyboard.press("Escape")
    if isinstance(place, Lab):
        place.restart(page)
    else:
        place.kernel(page).suspend()
    row.locator(".grounds").fill("아직 저장되지 않은 말")
    row.locator(".grounds").press("Enter")
    page.locator(".banner:not([hidden])").wait_for()
    yield "no-answer"
    if not isinstance(place, Lab):
        place.kernel(page).resume()


def a_file(page: Page, place: Place) -> Step:
    """A file on its way in, and taken back later."""
    rows = ["회사,이름,직책,전화", "한빛,김가온,과장,010-1000-2000", "새벽,,부장,", "한빛,이새봄,팀장,"]
    path = place.workspace / "contacts.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    yield "empty"
    page.locator("[data-key=file]").set_input_files(path)
    page.locator("[data-key=try]").wait_for()
    yield "columns"
    page.locator("[data-key=try]").click()
    page.locator("[data-key=run]").wait_for()
    yield "trial"
    page.locator("[data-key=run]").click()
    page.locator("[data-done=true]").wait_for()
    yield "done"
    page.locator("[data-key=other]").click()
    page.locator("[data-key^=back-]").wait_for()
    yield "again"
    page.locator("[data-key^=back-]").click()
    yield "take-back"


def the_start(page: Page, _: Place) -> Step:
    """The start page, and assigning accounts."""
    yield "home"
    page.locator("[data-key=owners]").click()
    page.locator("[data-key=filter-owner]").select_option("")
    page.locator(".assign-table").wait_for()
    yield "assign"


def the_lists(page: Page, _: Place) -> Step:
    """Role lists: a list, its dialogs, a preview."""
    yield "lists"
    page.locator("[data-key=list-manufacturing_equipment]").click()
    page.locator("[data-key=role-plant_head]").click()
    page.locator("dialog[open]").wait_for()
    yield "role"
    page.keyboard.press("Escape")
    for dialog in ("new-list", "files", "offerings", "pins", "history", "add-manager"):
        page.locator(f"[data-key={dialog}]").click()
        page.locator("dialog[open]").wait_for()
        yield dialog
        page.keyboard.press("Escape")
        page.locator("dialog[open]").wait_for(state="detached")
    page.locator("[data-key=add-executive]").click()
    page.locator("[data-key=role-search]").fill("CSO")
    page.locator("[data-key=role-search]").press("Enter")
    page.locator("[data-key=role-cso]").wait_for()
    page.locator("[data-key=preview]").click()
    page.locator("[data-key=numbers]").wait_for()
    yield "preview"
    page.locator("[data-key=discard]").first.click()


WALKS: tuple[tuple[str, str, Callable[[Page, Place], Step]], ...] = (
    ("coach_session", COACH, the_hour),
    ("coach_session", COACH, a_group),
    ("coach_session", COACH, the_first_time),
    ("rep_workbook", REP, windows),
    ("rep_workbook", REP, trouble),
    ("import_accounts", COACH, a_file),
    ("start", COACH, the_start),
    ("role_lists", COACH, the_lists),
)


def _claims(page: Page) -> Step:
    if page.locator(".session-step").get_attribute("data-step") != "claims":
        return
    yield "claims"
    page.locator(".claim input").fill("62")
    page.locator(".claim input").press("Enter")
    page.locator(".calibration").wait_for()
    yield "claimed"
    page.locator("[data-key=step-on]").click()
    page.locator(".coverage-kit:not([data-step=claims])").wait_for()


def _choose(page: Page, more: Locator, n: int) -> None:
    """Choose from the menu of a slot; it may have closed while it was looked at."""
    if not page.locator(MENU).count():
        more.click()
    page.locator(MENU).nth(n).click()


def _on(page: Page, step: str) -> None:
    page.locator("[data-key=step-on]").click()
    page.locator(f".coverage-kit[data-step={step}]").wait_for()


def look(page: Page, place: Place, out: Path) -> None:
    """One state at each size and in each theme."""
    out.parent.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme, name in THEMES.items():
            if isinstance(place, Lab):
                page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", name)
                page.locator("#jupyterlab-splash").wait_for(state="detached")
            else:
                page.evaluate("on => { document.body.dataset.jpThemeLight = on; }", str(theme == "light").lower())
            page.locator(f".coverage-kit[data-theme={theme}]").wait_for()
            page.screenshot(path=str(out.with_name(f"{out.name}-{width}-{theme}.png")))


def walk(browser: Browser, place: Place, notebook: str, steps: Callable[[Page, Place], Step], out: Path) -> None:
    """Every state of one walk."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ko-KR")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    place.open(page, notebook)
    if isinstance(place, Lab):
        page.locator(".coverage-kit").scroll_into_view_if_needed()
    for n, state in enumerate(steps(page, place)):
        look(page, place, out / f"{steps.__name__}-{n:02d}-{state}")
        page.set_viewport_size({"width": 1440, "height": 900})
    context.close()
    place.forget()


def main(out: Path, where: str = "voila", lang: str = "ko", only: str = "") -> None:
    """Every walk, or one, in one place and one language."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(font_config(home))}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=environment)
        with init_workspace(home / "team", lang=lang) as ws:
            fill_workspace(ws)
        for actor in (COACH, REP):
            own = home / actor
            own.mkdir()
            place = {"voila": Voila, "lab": Lab}[where].start(home / "team", own, actor)
            try:
                for notebook, whose, steps in WALKS:
                    if whose == actor and only in ("", steps.__name__):
                        walk(browser, place, notebook, steps, out / f"{where}-{lang}")
            finally:
                place.close()
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
