"""The import page shows how a file was read and who looks different in it; one press records what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.workspace import init_workspace, open_workspace
from tests.workbook.test_import_evidence import ACCOUNTS, AFTER, BEFORE, KNOWN

from .conftest import serious
from .places import Voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILE = (
    AFTER.replace("Status\n", "Status,Mobil\n")
    .replace("Active\n", "Active,010-2000-1001\n")
    .replace("퇴사\n", "퇴사,\n")
    + "k9,A-77,Beta Steel,Fay,Clerk,fay@b.example,Active,\n합계,,,,,,,6\n"
)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Voila]:
    """A team that knows four people."""
    home = tmp_path / "team"
    with init_workspace(home, lang="en", actor="coach") as ws:
        for kind, text in (("accounts", ACCOUNTS), ("contacts", BEFORE)):
            (tmp_path / f"{kind}.csv").write_text(text, encoding="utf-8")
            ws.import_file(kind, tmp_path / f"{kind}.csv")
        for name, (account, role) in KNOWN.items():
            ws.edit_slot(account, role, holder=name, verified_on="2026-11-01", verified_how="call")
    served = Voila.start(home, tmp_path, actor="coach")
    yield served
    served.close()


def test_a_newer_file_shows_what_it_lacks_and_who_looks_different_and_one_press_records_it(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "after.csv").write_text(FILE, encoding="utf-8")
    page, found = new_page(1024, 768), {}
    own_server.open(page, "import_accounts")
    people = page.locator(".evidence-list li")
    expect(page.locator(".evidence")).to_have_count(0)
    page.locator("[data-key=file]").set_input_files(tmp_path / "after.csv")
    page.locator("[data-key=try]").click()
    # How the file was read.
    expect(page.locator(".reading")).to_contain_text(
        "1 column not read (with content): Mobil · 1 row left out: total 1"
    )
    page.get_by_text("Rows left out").click()
    expect(page.get_by_role("row", name="7 total")).to_contain_text("합계")
    page.get_by_text("Columns not read").click()
    expect(page.locator(".of-unread")).to_contain_text("010-2000-1001")
    found |= serious(page, "trial")
    page.get_by_role("button", name="Read as phone").press("Enter")
    expect(page.locator(".of-unread")).to_have_count(0)
    # What only a person can decide.
    page.get_by_role("button", name="Yes, the same accounts").press("Enter")
    expect(page.get_by_role("button", name="Decide again")).to_be_visible()
    expect(people).to_have_count(4)
    page.locator("[data-key=run]").press("Enter")
    expect(page.get_by_text("Imported.")).to_be_visible()
    # One press records one person; everything the file suggests goes into one edit, and one undo takes it back.
    expect(people).to_have_count(4)
    di = people.filter(has_text="Di")
    expect(di).to_contain_text("no longer in the newer file")
    di.get_by_role("button", name="Still here").press("Enter")
    expect(people).to_have_count(3)
    expect(page.locator("[data-key=evidence]")).to_be_focused()
    page.get_by_role("button", name="Record all as the file shows (3)").press("Enter")
    found |= serious(page, "record all")
    page.get_by_role("button", name="Record 3").click()
    expect(people).to_have_count(0)
    with open_workspace(own_server.workspace) as ws:
        assert ws.people("B1").set_index("name").loc["Bo", "end_kind"] == "moved"
        page.locator("[data-key=undo-record]").press("Enter")
        expect(people).to_have_count(3)
        assert ws.people("B1").set_index("name").loc["Bo", "end_kind"] is None
    # They are there without the file, also on a page that is opened later.
    page.locator("[data-key=other]").click()
    own_server.reload(page)
    page.get_by_text("3 of your known people look different in the last exports").press("Enter")
    expect(people.filter(has_text="Bo")).to_contain_text("Beta Steel (B1) → Alpha (A1) (COO)")
    found |= serious(page, "tomorrow")
    page.get_by_role("button", name="한국어").click()
    expect(people.filter(has_text="Bo").get_by_role("button", name="옮기심")).to_be_visible()
    assert found == {}
