"""Make the pictures of README and docs: start page, role lists, the rep's workbook, cards on a phone, the coach's session,
and a manager's own page.

Run: python tests/browser/screenshots.py [OUT] — docs/images by default; Chromium is looked for at /usr/bin/chromium.
Korean and English, from the sample team; states.py shows every state, light and dark and narrow.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from servers import CHROMIUM, FLAGS, ROOT, START_MS, WAIT_MS, font_config, start, stop

from coverage_kit import report
from coverage_kit.sample import fill_workspace
from coverage_kit.workspace import init_workspace

CONTACTS = {
    "ko": "회사,부서,이름,직책,휴대전화,이메일,메모\n"
    "솔빛캐피탈,재무팀,김가온,팀장,010-0000-1001,gaon@example.co.kr,\n"
    "하람투자,전산팀,이서윤,과장,010-0000-1002,seoyun@example.co.kr,\n"
    "늘봄소재,구매팀,박도현,부장,010-0000-1003,dohyun@,\n"
    "늘봄소재,구매팀,,사원,,,\n",
    "en": "Company,Department,Name,Title,Mobile,E-mail,Remarks\n"
    "Alder Software,Finance,Ann Marsh,Director,010-0000-1001,ann@example.com,\n"
    "Dunmore Medical,IT,Ben Holt,Manager,010-0000-1002,ben@example.com,\n"
    "Garrow Biologics,Purchasing,Cora Vance,Head,010-0000-1003,cora@,\n"
    "Garrow Biologics,Purchasing,,Clerk,,,\n",
}


def take(out: Path) -> list[Path]:
    """Every picture, written to a folder; returns their paths."""
    made: list[Path] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder)
        environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(font_config(home))}
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS, env=environment)
        for lang in ("ko", "en"):
            with served(home, lang, "jihye.kim") as (address, token):
                page = opened(browser, f"{address}/rep_workbook.ipynb?token={token}", 1440, 900)
                largest(page)
                made.append(save(page, out / f"rep-workbook-{lang}-1440-light.png", last=False))
                page.locator("[data-tab=picture]").click()
                page.locator(".ours-node").first.click()
                made.append(save(page, out / f"relationships-{lang}-1440.png"))
                page = opened(browser, f"{address}/rep_workbook.ipynb?token={token}", 390, 844)
                page.locator(".cards[data-ready]").wait_for()
                made.append(save(page, out / f"rep-cards-{lang}-390.png"))
            with served(home, lang, "coach.lee") as (address, token):
                made += begin(browser, f"{address}/start.ipynb?token={token}", lang, out)
                made += standard(browser, f"{address}/role_lists.ipynb?token={token}", lang, out)
                made += coach(browser, f"{address}/coach_session.ipynb?token={token}", lang, out)
                made += bring_in(browser, f"{address}/import_accounts.ipynb?token={token}", lang, out, home)
            with served(home, lang, "manager.han") as (address, token):
                made += mine(browser, f"{address}/my_page.ipynb?token={token}", lang, out)
            made.append(weekly(browser, lang, out, home))
        browser.close()
    return made


def begin(browser: Browser, url: str, lang: str, out: Path) -> Iterator[Path]:
    """The start page of a team that is under way."""
    page = opened(browser, url, 1440, 900)
    page.locator("[data-panel=links]").wait_for()
    yield save(page, out / f"start-{lang}-1440.png")


def mine(browser: Browser, url: str, lang: str, out: Path) -> Iterator[Path]:
    """The page of the team's manager on a phone, as far down as what was asked."""
    page = opened(browser, url, 390, 1500)
    page.locator("[data-part=must-win]").wait_for()
    yield save(page, out / f"my-page-{lang}-390.png")


def standard(browser: Browser, url: str, lang: str, out: Path) -> Iterator[Path]:
    """A role list with one more role, and what that would cost."""
    page = opened(browser, url, 1440, 900)
    page.locator("[data-key=list-manufacturing_equipment]").click()
    page.locator("[data-key=add-executive]").click()
    page.locator("[data-key=role-search]").fill("CSO")
    page.locator("[data-key=role-search]").press("Enter")
    page.locator("[data-key=role-cso]").wait_for()
    page.locator("[data-key=preview]").click()
    page.locator("[data-key=numbers]").wait_for()
    yield save(page, out / f"role-lists-{lang}-1440.png")


def coach(browser: Browser, url: str, lang: str, out: Path) -> Iterator[Path]:
    page = opened(browser, url, 1440, 900)
    page.locator(".whom input").first.check()
    page.locator("[data-key=begin]").click()
    page.locator(".session-step").wait_for()
    if page.locator(".session-step").get_attribute("data-step") == "claims":
        page.locator(".claim input").fill("62")
        page.locator(".claim input").press("Enter")
        page.locator(".calibration").wait_for()
        page.locator("[data-key=step-on]").click()
        page.locator(".coverage-kit[data-step=promises]").wait_for()
    page.locator("[data-key=step-on]").click()
    page.locator(".coverage-kit[data-step=accounts]").wait_for()
    page.locator(".session-side li button").first.click()
    claim, row = page.locator(".claim.big input"), page.locator(".session-account tr[data-role]").first
    claim.or_(row).first.wait_for()
    # An account that was claimed this quarter opens at once.
    if claim.count():
        claim.fill("9")
        claim.press("Enter")
    row.wait_for()
    yield save(page, out / f"coach-session-{lang}-1440.png")


def bring_in(browser: Browser, url: str, lang: str, out: Path, home: Path) -> Iterator[Path]:
    """The import page with a list of contacts: at its columns, and after the trial."""
    file = home / ("고객.csv" if lang == "ko" else "contacts.csv")
    file.write_text(CONTACTS[lang], encoding="cp949")
    page = opened(browser, url, 1440, 900)
    page.locator("input[type=file]").set_input_files(file)
    page.locator("table.columns").wait_for()
    yield save(page, out / f"import-columns-{lang}-1440.png", last=False)
    page.locator("[data-key=try]").click()
    page.locator(".outcome").wait_for()
    page.set_viewport_size({"width": 1024, "height": 768})
    yield save(page, out / f"import-trial-{lang}-1024.png")


def weekly(browser: Browser, lang: str, out: Path, home: Path) -> Path:
    """The first page of a rep's weekly report."""
    with init_workspace(home / f"{lang}-report", lang=lang) as ws:
        fill_workspace(ws)
        report(ws, week=str(ws.last_week()))
        made = ws.path / "reports" / str(ws.last_week()) / "jihye.kim.html"
    page = browser.new_page(viewport={"width": 1200, "height": 1180})
    page.goto(made.as_uri())
    return save(page, out / f"rep-weekly-{lang}.png")


@contextmanager
def served(home: Path, lang: str, actor: str) -> Iterator[tuple[str, str]]:
    """The sample team behind ``coverage-kit app``, as one of its people."""
    workspace = home / f"{lang}-{actor}"
    with init_workspace(workspace, lang=lang) as ws:
        fill_workspace(ws)
    folder = home / f"config-{lang}-{actor}"
    folder.mkdir()
    process, port = start(workspace, ["app"], folder, COVERAGE_KIT_ACTOR=actor)
    try:
        token = re.search(r"token=([\w-]+)", (folder / "log").read_text())
        assert token
        yield f"http://127.0.0.1:{port}/voila/render", token[1]
    finally:
        stop(process)
        shutil.rmtree(workspace)


def opened(browser: Browser, url: str, width: int, height: int) -> Page:
    context = browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
    page.goto(url, timeout=START_MS)
    page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)
    return page


def largest(page: Page) -> None:
    """The largest account, as its page shows it."""
    page.locator(".filters select").first.select_option("value")
    page.locator(".line").first.click()
    page.locator(".pane[data-state=ready]").wait_for()
    page.locator("tr[data-role] .rung").first.wait_for()


def save(page: Page, path: Path, *, last: bool = True) -> Path:
    """A picture of the page, which is closed after its last one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(path))
    if last:
        page.context.close()
    return path


if __name__ == "__main__":
    for path in take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images"):
        print(path)
