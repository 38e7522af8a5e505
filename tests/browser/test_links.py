"""Personal links, as colleagues open them: each writes in their own name, and a link that is not right says so."""

from __future__ import annotations

import getpass
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import text

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.store.entities import Slot
from coverage_kit.workspace import init_workspace, open_workspace

from .places import ready
from .servers import START_MS, start_again, stop

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Team:
    """A workspace of two reps, and its server, which is started as users start it."""

    def __init__(self, path: Path, folder: Path) -> None:
        self.path = path
        self.folder = folder
        self.process = start_again(path, folder, self.port())

    def links(self) -> dict[str, str]:
        """Everybody's link, as the administrator hands them out."""
        command = [sys.executable, "-m", "coverage_kit", "-w", str(self.path), "app", "--links", "--json"]
        found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return {each["person"]: each["url"] for each in found}

    def port(self) -> int:
        return int(self.links()["ann"].split("/")[2].split(":")[1])

    def authors(self) -> list[tuple[str, str]]:
        """Who wrote, beside the login, since the team was made."""
        with open_workspace(self.path) as ws, ws.ledger.engine.connect() as connection:
            rows = connection.execute(text("SELECT actor, login FROM edit ORDER BY at")).all()
            return [tuple(row) for row in rows][2:]


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with init_workspace(tmp_path / "team", lang="ko") as ws:
        staff = [("ann", "앤", "rep"), ("bob", "밥", "rep"), ("lee", "이코치", "coach")]
        changes = [Change("staff", key, {"name": name, "function": what}) for key, name, what in staff]
        for key, name, owner in (("A", "가온물산", "ann"), ("B", "나래상사", "bob")):
            fields = {"name": name, "name_key": name_key(name), "owner_id": owner, "status": "active", "focus": 0}
            changes.append(Change("account", key, {**fields, "template_ids": '["general"]'}))
        ws.ledger.save(changes)
    made = Team(tmp_path / "team", tmp_path)
    yield made
    if psutil.pid_exists(made.process.pid):
        stop(made.process)


def open_link(page: Page, url: str) -> None:
    page.goto(url, timeout=START_MS)
    ready(page)


def star(page: Page) -> None:
    button = page.locator("[data-key=focus]")
    pressed = button.get_attribute("aria-pressed")
    button.click()
    expect(button).not_to_have_attribute("aria-pressed", str(pressed))
    page.locator(".coverage-kit[data-saved=saved]").wait_for()


def test_two_links_write_two_authors_and_stay_valid_over_a_restart(team: Team, new_page: Callable[..., Page]) -> None:
    given = team.links()
    for person in ("ann", "bob"):
        page = new_page()
        open_link(page, given[person])
        star(page)
        page.close()
    assert [actor for actor, _ in team.authors()] == ["ann", "bob"]
    assert {login for _, login in team.authors()} == {getpass.getuser()}
    stop(team.process)
    team.process = start_again(team.path, team.folder, team.port())
    assert team.links() == given
    page = new_page()
    open_link(page, given["ann"])
    star(page)
    assert [actor for actor, _ in team.authors()] == ["ann", "bob", "ann"]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_forged_link_shows_the_next_step_and_writes_nothing(
    team: Team, new_page: Callable[..., Page], lang: str
) -> None:
    url = team.links()["ann"]
    letter = "0" if url[-1] != "0" else "1"
    said = {"ko": "이 링크는 쓸 수 없습니다", "en": "This link is not valid"}[lang]
    for forged in (url[:-1] + letter, url.replace("person=ann", "person=bob"), url.split("#")[0]):
        page = new_page()
        page.goto(forged.replace("?", f"?lang={lang}&"), timeout=START_MS)
        alert = page.locator(".coverage-kit[data-state=error]").get_by_role("alert")
        expect(alert).to_contain_text(said, timeout=START_MS)
        expect(alert).to_contain_text({"ko": "코치에게", "en": "Ask your coach"}[lang])
        expect(alert).not_to_contain_text("coverage-kit")
        page.close()
    assert team.authors() == []


def test_a_rep_proposes_and_the_coach_agrees_each_through_their_own_link(
    team: Team, new_page: Callable[..., Page]
) -> None:
    given = team.links()
    page = new_page()
    open_link(page, given["ann"])
    row = page.locator("tr[data-role=cfo]")
    row.locator(".more").click()
    page.get_by_role("menuitem", name="이 고객사에 없는 직책").click()
    page.get_by_role("dialog").get_by_role("textbox", name="까닭").fill("본사에서 겸임")
    page.get_by_role("dialog").get_by_role("button", name="제안", exact=True).click()
    expect(row).to_contain_text("해당 직책 없음 제안 · 앤: 본사에서 겸임")
    expect(row.get_by_role("button", name="동의")).to_have_count(0)
    show(page, "proposal-rep")
    page.close()
    page = new_page()
    open_link(page, given["lee"])
    page.get_by_role("link", name="시작하기").click()
    waiting = page.get_by_role("listitem").filter(has_text="본사에서 겸임")
    expect(waiting).to_contain_text("가온물산")
    show(page, "proposal-coach")
    waiting.get_by_role("button", name="동의").click()
    expect(waiting).to_have_count(0)
    with open_workspace(team.path) as ws:
        slot = ws.ledger.find(Slot, "A:cfo")
        assert slot is not None
        assert (slot.status, slot.agreed_by, slot.actor) == ("not_applicable", "lee", "lee")


def show(page: Page, name: str) -> None:
    """Keep pictures of a screen in three widths, for people to look at, where a folder is named."""
    folder = os.environ.get("COVERAGE_KIT_PICTURES")
    for width in (1440, 1024, 390) if folder else ():
        page.set_viewport_size({"width": width, "height": 844})
        page.screenshot(path=Path(folder or "", f"{name}-{width}.png"))
    page.set_viewport_size({"width": 1440, "height": 900})
