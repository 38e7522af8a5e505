"""The coach writes down an answer by phone, drops in replies, and finds the minutes after closing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coverage_kit.coaching import HowAnswered
from coverage_kit.config import CONFIG_NAME, MailSettings, read_config, write_config
from coverage_kit.domain.item_codes import item_code
from coverage_kit.i18n import texts
from coverage_kit.links import keep_server, sign
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.deliver.items import items_by_owner
from coverage_kit.reporting.deliver.mail import ITEMS, letter, mail_reports, weekly
from coverage_kit.sample import fill_workspace
from coverage_kit.store.entities import Staff
from coverage_kit.workspace import init_workspace, open_workspace
from tests.replies.reply_mails import reply, save, tapped

from .conftest import serious
from .places import Voila, ready
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MANAGER, EXECUTIVE, COACH = "manager.han", "exec.yoon", "coach.lee"


@dataclass
class Team:
    """The made-up team behind the coach's page, and replies to what it mailed, as files."""

    served: Voila
    ids: dict[str, str]
    replies: list[Path]

    def open(self, page: Page) -> Page:
        signature = sign(keep_server(self.served.workspace).secret, COACH)
        page.goto(f"{self.served.url('coach_session', person=COACH)}#signature={signature}", timeout=START_MS)
        ready(page)
        expect(page.locator(".asked-section")).to_be_visible()
        return page


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    folder = tmp_path_factory.mktemp("answers")
    path = folder / "team"
    with init_workspace(path, lang="ko", actor="coach.lee") as ws:
        fill_workspace(ws, n_accounts=24, n_weeks=4)
        mail = MailSettings(sender="coach@example.com", domain="example.com")
        write_config(path / CONFIG_NAME, read_config(path / CONFIG_NAME).model_copy(update={"mail": mail}))
    with open_workspace(path, actor="coach.lee") as ws:
        work, rep = ws.coaching.commitments, ws.reps()[0]
        ids = {}
        for name, owner in (("phone", EXECUTIVE), ("accept", MANAGER), ("decline", MANAGER), ("unclear", MANAGER)):
            draft = work.draft_help(rep, owner, action=f"함께 인사드리기 {name}", scope=f"test:{name}")
            ids[name] = work.add(draft, confirmed=True).id
        t, items = texts("ko"), items_by_owner(ws, map(work.get, ids.values()))
        manager = next(row for row in ws.ledger.as_of(Staff) if row.id == MANAGER)
        own = letter(manager, ITEMS, MANAGER, items[MANAGER])
        mail_reports([own], Manifest(folder), ws.config.mail, weekly(ws.last_week(), t), t)
    mailed = folder / "mail" / f"{MANAGER}.eml"
    replies = [
        save(tapped(mailed, "맡겠습니다", item=0), folder / "one.eml"),
        save(tapped(mailed, "어렵습니다", "이번 분기에는 출장이 많습니다", item=1), folder / "two.eml"),
        save(reply(f"{MANAGER}@example.com", "Re: 안녕하세요", "확인했습니다"), folder / "three.eml"),
    ]
    served = Voila.start(path, folder)
    yield Team(served, ids, replies)
    served.close()


def line(page: Page, team: Team, name: str) -> Locator:
    return page.locator(f".asked [data-commitment={team.ids[name]}]")


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_an_answer_by_phone_is_written_by_keyboard_and_taken_back(team: Team, new_page: Callable[..., Page]) -> None:
    page = team.open(new_page())
    one = line(page, team, "phone")
    expect(one).to_contain_text("답 기다리는 중")
    one.get_by_role("button", name="전화로 답을 들음").press("Enter")
    expect(page.locator("[data-key=answer-word]")).to_be_focused()
    assert serious(page, "form") == {}
    page.locator("[data-key=answer-value]").fill("2027-01-15")
    # What is typed outlives a reload.
    page.reload(timeout=START_MS)
    ready(page)
    expect(page.locator("[data-key=answer-value]")).to_have_value("2027-01-15")
    page.locator("[data-key=answer-value]").press("Enter")
    expect(page.locator(".toasts")).to_contain_text("윤미경님: 맡겠습니다")
    expect(one).not_to_contain_text("답 기다리는 중")
    expect(one).to_contain_text("2027년 1월 15일")
    with open_workspace(team.served.workspace) as ws:
        (written,) = ws.coaching.answers.of(team.ids["phone"])
        assert (written.by, written.how) == (EXECUTIVE, HowAnswered.PHONE)
    page.locator(".toasts").get_by_role("button", name="되돌리기").click()
    expect(one).to_contain_text("답 기다리는 중")
    # Another answer asks for another thing.
    one.get_by_role("button", name="전화로 답을 들음").click()
    page.locator("[data-key=answer-word]").select_option("hand_on")
    expect(page.locator("[data-key=answer-save]")).to_be_disabled()
    page.locator("[data-key=answer-value]").select_option(MANAGER)
    page.locator("[data-key=answer-save]").click()
    expect(one).to_contain_text("한동석")


def test_replies_that_are_dropped_in_are_written_or_asked_about(team: Team, new_page: Callable[..., Page]) -> None:
    page = team.open(new_page(390, 844))
    assert fits(page)
    page.locator("[data-key=replies]").set_input_files(team.replies)
    found = page.locator(".replies li")
    expect(found).to_have_count(3)
    assert [each.get_attribute("data-state") for each in found.all()] == ["written", "written", "refused"]
    expect(found.nth(2)).to_contain_text("전화로 답을 들음")
    expect(line(page, team, "accept")).not_to_contain_text("답 기다리는 중")
    expect(line(page, team, "decline")).to_have_count(0)
    assert fits(page)
    assert serious(page, "replies") == {}
    # The same files again write nothing.
    page.locator("[data-key=replies]").set_input_files(team.replies[:2])
    expect(page.locator(".replies li[data-state=known]")).to_have_count(2)
    # In the other language the same is said.
    page.get_by_role("button", name="English").click()
    expect(page.locator(".replies li").first).to_contain_text("Known already")


def test_a_written_reply_is_taken_back_from_its_line(team: Team, new_page: Callable[..., Page], tmp_path: Path) -> None:
    page = team.open(new_page(1024, 768, color_scheme="dark"))
    with open_workspace(team.served.workspace) as ws:
        one = ws.coaching.commitments.get(team.ids["unclear"])
    code = item_code(one.id, one.version)
    own = save(reply(f"{MANAGER}@example.com", f"맡겠습니다 [{code}]", "맡겠습니다. 2027-01-20"), tmp_path / "late.eml")
    page.locator("[data-key=replies]").set_input_files([own])
    expect(page.locator(".replies li[data-state=written]")).to_have_count(1)
    expect(line(page, team, "unclear")).not_to_contain_text("답 기다리는 중")
    assert serious(page, "dark") == {}
    page.locator(".replies").get_by_role("button", name="되돌리기").click()
    expect(line(page, team, "unclear")).to_contain_text("답 기다리는 중")


def test_closing_a_session_makes_its_minutes_and_mails_them_on_request(
    team: Team, new_page: Callable[..., Page]
) -> None:
    page = team.open(new_page())
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="시작하기").click()
    app = page.locator(".coverage-kit")
    expect(app).to_have_attribute("data-step", re.compile("^(claims|promises)$"))
    if app.get_attribute("data-step") == "claims":
        page.locator(".claims .claim input").fill("40")
        page.locator(".claims .claim input").press("Enter")
        expect(page.locator(".calibration")).to_be_visible()
    for step in ("promises", "accounts", "commitments", "read_back"):
        if app.get_attribute("data-step") != step:
            page.locator("[data-key=step-on]").click()
            expect(app).to_have_attribute("data-step", step)
    page.locator("[data-key=end]").click()
    expect(app).to_have_attribute("data-step", "closed")
    expect(page.locator(".minutes")).to_contain_text(re.compile(r"reports/minutes/2026-W\d\d/.+\.html"), timeout=90_000)
    page.locator("[data-key=minutes-mail]").click()
    expect(page.locator(".minutes")).to_contain_text("메일을 보낸 분", timeout=90_000)
    assert serious(page, "minutes") == {}
