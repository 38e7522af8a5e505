"""The contact audit and the page of duplicates: a coach walks both."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store import Change
from coverage_kit.store.entities import Consent, NotSame, Person
from coverage_kit.workspace import init_workspace, open_workspace

from .conftest import serious_in_dark_too
from .places import Voila, ready
from .servers import START_MS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTACTS = (
    "Contact ID,Full Name,Account Name,Email,Phone,Title,Memo\n"
    "C1,김민수,솔빛산업,ms@solbit.example,010-2345-6781,대표이사,\n"
    "C2,Kim Minsu,솔빛산업,ms@solbit.example,,CEO,\n"
    "C3,이하늘,솔빛산업,sky@solbit.example,010-2345-6783,재무이사,\n"
    "C4,Lee Haneul,솔빛산업,sky@solbit.example,,CFO,퇴사\n"
    "C5,박새봄,하람전자,spring@haram.example,010-2345-6785,구매팀장,반송됨\n"
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    """Two accounts, five contacts of a file, two pairs of which may be one; one person is verified."""
    folder = tmp_path_factory.mktemp("audit")
    with init_workspace(folder / "team", lang="ko", actor="coach.lee") as ws:
        own = {"status": "active", "template_ids": '["general"]', "owner_id": "jihye.kim", "focus": 0}
        ws.ledger.save(
            [
                Change("staff", "jihye.kim", {"name": "김지혜", "function": "rep"}, base=0),
                Change("staff", "coach.lee", {"name": "이코치", "function": "coach"}, base=0),
                Change("account", "A1", {"name": "솔빛산업", "name_key": "솔빛산업", **own}, base=0),
                Change("account", "A2", {"name": "하람전자", "name_key": "하람전자", **own}, base=0),
            ]
        )
        file = folder / "contacts.csv"
        file.write_text(CONTACTS, encoding="utf-8")
        ws.import_file("contacts", file)
        ws.edit_slot("A2", "purchasing_manager", holder="박새봄", verified_on=ws.today(), verified_how="call")
    place = Voila.start(folder / "team", folder)
    yield place
    place.close()


def test_a_coach_audits_draws_a_sample_and_records_a_consent(served: Voila, new_page: Callable[..., Page]) -> None:
    page = new_page(390, 844)
    page.goto(served.url("contact_audit", lang="en"), timeout=START_MS)
    ready(page)
    expect(page.locator("[data-key=counts]")).to_have_text(
        "5 contacts · confirmed 1 · to check again 0 · never checked 4 · gone 0"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("[data-account=A1] [role=img]")).to_have_attribute(
        "aria-label", "4 contacts · confirmed 0 · to check again 0 · never checked 4 · gone 0"
    )
    expect(page.locator("[data-key=hints]")).to_contain_text("1 a memo says that the person left")
    page.locator("[data-key=table]").click()
    expect(page.locator(".audit-table tbody tr")).to_have_count(2)
    found = serious_in_dark_too(page, "audit")
    page.locator("[data-key=draw]").click()
    expect(page.locator(".audit-sample li")).to_have_count(4)
    expect(page.locator("[data-key=ready]")).to_have_text("0 people may be written to")
    page.get_by_role("button", name="박새봄: consent given").click()
    page.locator("[data-key=source]").fill("박람회 신청서")
    found |= serious_in_dark_too(page, "consent")
    page.keyboard.press("Enter")
    expect(page.locator("[data-key=ready]")).to_have_text("1 person may be written to")
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "saved")
    with open_workspace(served.workspace) as ws:
        assert [row.source for row in ws.ledger.as_of(Consent)] == ["박람회 신청서"]
    page.locator("[data-key=camp-find]").fill("nobody")
    expect(page.locator("[data-key=listed] li")).to_have_count(0)
    page.locator("[data-key=camp-find]").fill("새봄")
    page.get_by_role("button", name="박새봄: took the consent back").click()
    expect(page.locator("[data-key=ready]")).to_have_text("0 people may be written to")
    page.locator(".toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("[data-key=ready]")).to_have_text("1 person may be written to")
    expect(page.locator("[data-key=camp-find]")).to_have_value("새봄")
    found |= serious_in_dark_too(page, "list")
    page.locator("[data-key=camp-find]").fill("하늘")
    expect(page.locator("[data-key=others] li")).to_have_count(1)
    page.get_by_role("button", name="이하늘: wants no messages").click()
    expect(page.get_by_role("button", name="이하늘: asks for messages again")).to_be_visible()
    with open_workspace(served.workspace) as ws:
        assert [row.name for row in ws.ledger.as_of(Person) if row.opted_out_on] == ["이하늘"]
    found |= serious_in_dark_too(page, "others")
    page.locator("[data-key=results]").set_input_files(
        {"name": "mail.csv", "mimeType": "text/csv", "buffer": b"email,result\nspring@haram.example,bounced\n"}
    )
    expect(page.locator("[data-key=read]")).to_contain_text("bounced 1")
    assert not found


def test_pairs_are_merged_taken_back_and_kept_apart_by_keyboard(served: Voila, new_page: Callable[..., Page]) -> None:
    page = new_page()
    page.goto(served.url("duplicates"), timeout=START_MS)
    ready(page)
    pairs = page.locator(".dup-pair")
    expect(pairs).to_have_count(2)
    page.locator("[data-key=dup-find]").fill("nobody")
    expect(pairs).to_have_count(0)
    page.locator("[data-key=dup-find]").fill("")
    expect(pairs).to_have_count(2)
    pairs.first.locator("[data-key=look]").focus()
    page.keyboard.press("Enter")
    merge = page.locator("[data-key=merge]")
    expect(merge).to_be_enabled()
    found = serious_in_dark_too(page, "preview")
    merge.focus()
    page.keyboard.press("Enter")
    expect(pairs).to_have_count(1)
    expect(page.locator(".dup-merges li")).to_have_count(1)
    page.locator(".dup-merges button").focus()
    page.keyboard.press("Enter")
    expect(pairs).to_have_count(2)
    expect(page.locator(".dup-merges")).to_have_count(0)
    pairs.first.locator("[data-key=apart]").focus()
    page.keyboard.press("Enter")
    expect(pairs).to_have_count(1)
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "saved")
    with open_workspace(served.workspace) as ws:
        assert len(ws.ledger.as_of(NotSame)) == 1
        assert [row for row in ws.ledger.as_of(Person) if row.merged_into] == []
    page.goto(served.url("duplicates", lang="en"), timeout=START_MS)
    ready(page)
    expect(pairs).to_have_count(1)
    found |= serious_in_dark_too(page, "english")
    assert not found
