"""A computer whose date is far beyond the last edit: every page asks before it saves, and what was typed stays."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.config import CONFIG_NAME, read_config, write_config
from coverage_kit.store.entities import Event, Person, Session
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import open_account, saved, serious
from .places import Voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def late_server(tmp_path: Path) -> Iterator[Voila]:
    """A workspace whose last edit is 400 days before the clock's date."""
    home = tmp_path / "team"
    (tmp_path / "accounts.csv").write_text("고객사 코드,고객사명\nA1,한빛\n", encoding="utf-8")
    with init_workspace(home, lang="ko", actor="jihye.kim") as ws:
        ws.import_file("accounts", tmp_path / "accounts.csv")
        ws.assign(["A1"], "jihye.kim", focus=True)
    config = read_config(home / CONFIG_NAME)
    ahead = datetime.now(UTC) + timedelta(days=400)
    write_config(home / CONFIG_NAME, config.model_copy(update={"clock": ahead}))
    served = Voila.start(home, tmp_path, actor="jihye.kim")
    yield served
    served.close()


def test_every_page_asks_about_the_date_before_it_saves_and_keeps_what_was_typed(
    late_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    assert "COVERAGE_KIT_CONFIRM_CLOCK" not in os.environ
    found: dict[str, str] = {}

    def asked(page: Page) -> None:
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("이 컴퓨터의 날짜가 맞습니까?")
        expect(dialog).to_contain_text("아직 아무것도 저장하지 않았습니다")
        found.update(serious(page, "clock"))

    def refuse(page: Page) -> None:
        asked(page)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)

    with open_workspace(late_server.workspace) as ws:
        last = ws.ledger.last_at()
        # The import page: nothing of the file is saved.
        imports = new_page(1024, 768)
        late_server.open(imports, "import_accounts")
        (tmp_path / "고객.csv").write_text("회사,이름\n한빛,김가온\n", encoding="utf-8")
        imports.locator("[data-key=kind-contacts]").check()
        imports.locator("[data-key=file]").set_input_files(tmp_path / "고객.csv")
        imports.locator("[data-key=try]").click()
        imports.locator("[data-key=run]").click()
        refuse(imports)
        expect(imports.locator(".toast.problem")).to_contain_text("마지막 기록은")
        expect(imports.locator("[data-key=run]")).to_be_focused()
        assert (ws.ledger.as_of(Person), ws.ledger.last_at()) == ([], last)
        # The coach's screen: no session begins.
        coach = new_page()
        late_server.open(coach, "coach_session")
        coach.locator(".whom input").first.check()
        coach.locator("[data-key=begin]").click()
        refuse(coach)
        assert (ws.ledger.as_of(Session), ws.ledger.last_at()) == ([], last)
        # The workbook: the name stays typed, and is saved once somebody says that the date is right.
        rep = new_page()
        rep.add_init_script("localStorage.setItem('coverage-kit:hints', '3')")
        late_server.open(rep, "rep_workbook")
        open_account(rep, "한빛")
        name = rep.locator("tr[data-role=ceo] input").first
        name.fill("이새봄")
        name.press("Enter")
        refuse(rep)
        expect(name).to_have_value("이새봄")
        expect(rep.locator(".banner")).to_contain_text("마지막 기록은")
        assert ws.ledger.last_at() == last
        rep.get_by_role("button", name="다시 보내기").click()
        asked(rep)
        rep.get_by_role("button", name="예, 날짜가 맞습니다").click()
        saved(rep)
        expect(rep.locator(".banner")).to_be_hidden()
        assert [row.name for row in ws.ledger.as_of(Person)] == ["이새봄"]
        # From here on the last edit is of that date, and no page asks again.
        imports.locator("[data-key=run]").click()
        expect(imports.get_by_text("가져왔습니다.")).to_be_visible()
        assert len([row for row in ws.ledger.as_of(Event) if row.kind == "imported"]) == 2
    assert found == {}
