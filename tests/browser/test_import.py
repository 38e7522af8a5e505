"""A coach brings in a file, from the empty page to the rows that were not taken, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from coverage_kit.store.engines import writing
from coverage_kit.store.entities import Account, Employment, Person
from coverage_kit.workspace import open_workspace

from .conftest import serious
from .places import Voila

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROWS = [
    "회사,이름,직책,전화",
    "한빛,김가온,과장,010-1000-2000",
    "새벽,,부장,",
    "한빛,<img src=x onerror=alert(1)>,팀장,",
]


def test_a_file_goes_in_step_by_step(own_server: Voila, new_page: Callable[..., Page], tmp_path: Path) -> None:
    workspace = own_server.workspace
    (tmp_path / "고객.csv").write_bytes("\n".join(ROWS).encode("cp949"))
    page = new_page(1024, 768)
    own_server.open(page, "import_accounts")
    root, found = page.locator(".coverage-kit"), {}

    def looks_right(where: str) -> None:
        found.update(serious(page, where))
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where
        assert root.evaluate("(root) => root.scrollWidth <= root.clientWidth"), where

    def step(name: str) -> None:
        expect(page.get_by_role("heading", level=2)).to_have_text(name)
        expect(root.locator(".steps [aria-current=step]")).to_contain_text(name)

    step("파일 고르기")
    looks_right("empty")
    (tmp_path / "empty.csv").write_bytes(b"")
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "empty.csv")
    expect(page.get_by_role("alert").filter(has_text="empty.csv")).to_be_visible()
    with page.expect_download() as blank:
        page.get_by_role("button", name="빈 파일 받기").click()
    assert blank.value.suggested_filename == "contacts.csv"
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "고객.csv")
    # The columns: a guess is said, the cells show, and a column can be read as another, by keyboard alone.
    step("열 살펴보기")
    expect(page.get_by_text("인코딩은 추정입니다")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^이름"))).to_contain_text("김가온")
    looks_right("columns")
    page.get_by_label("전화 열을 읽는 방법").press("Home")
    expect(page.locator("tr.unread")).to_have_count(1)
    expect(page.get_by_label("전화 열을 읽는 방법")).to_be_focused()
    page.get_by_label("전화 열을 읽는 방법").select_option("phone")
    expect(page.locator("tr.unread")).to_have_count(0)
    page.get_by_role("button", name="미리 해 보기").press("Enter")
    step("미리 해 보기")
    expect(page.get_by_text("아직 아무것도 저장하지 않았습니다")).to_be_visible()
    looks_right("trial")
    with open_workspace(workspace) as ws:
        assert ws.ledger.as_of(Person) == []
    page.get_by_role("button", name="English").click()
    step("Try it out")
    expect(page.get_by_role("row", name="3 row not taken")).to_contain_text("이름")
    page.get_by_role("button", name="Import", exact=True).press("Enter")
    step("Done")
    expect(page.get_by_text("Imported.")).to_be_visible()
    looks_right("done")
    with page.expect_download() as kept:
        page.get_by_role("button", name="Keep the rows not taken").click()
    assert "새벽" in kept.value.path().read_text(encoding="utf-8-sig")
    with open_workspace(workspace) as ws:
        assert sorted(row.name for row in ws.ledger.as_of(Person)) == ["<img src=x onerror=alert(1)>", "김가온"]
    page.get_by_role("button", name="Another file").click()
    step("Choose a file")
    assert found == {}


def test_an_import_is_stopped_while_it_runs_and_taken_back_afterwards(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    workspace = own_server.workspace
    (tmp_path / "고객.csv").write_text("\n".join(ROWS), encoding="utf-8")
    page = new_page(1024, 768)
    own_server.open(page, "import_accounts")
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "고객.csv")
    page.get_by_role("button", name="미리 해 보기").click()
    bring_in = page.get_by_role("button", name="가져오기", exact=True)
    with open_workspace(workspace) as ws:
        with writing(ws.ledger.engine):  # another program writes just now: the import waits
            bring_in.click()
            stop_it = page.get_by_role("button", name="멈추기")
            expect(bring_in).to_be_disabled()
            found = serious(page, "at work")
            stop_it.press("Enter")
            expect(page.get_by_text("멈추는 중")).to_be_visible()
        expect(page.get_by_text("파일의 내용은 하나도 저장되지 않았습니다")).to_be_visible()
        assert ws.ledger.as_of(Person) == []
        bring_in.click()
        expect(page.get_by_text("가져왔습니다.")).to_be_visible()
        assert len(ws.ledger.as_of(Person)) == 2
        page.get_by_role("button", name="이 가져오기 되돌리기").press("Enter")
        expect(page.get_by_text("되돌렸습니다.")).to_be_visible()
        expect(page.get_by_role("heading", level=2)).to_have_text("열 살펴보기")
        assert ws.ledger.as_of(Person) == []
        page.get_by_role("button", name="English").click()
        expect(page.get_by_text("Taken back.")).to_be_visible()
        found |= serious(page, "undone")
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Import", exact=True).click()
        expect(page.get_by_text("Imported.")).to_be_visible()
        ws.edit_person("김가온", "한빛", phone="010-9999-0000")
        page.get_by_role("button", name="Take this import back").click()
        expect(page.get_by_role("alert").filter(has_text="Somebody has worked with")).to_be_visible()
        assert len(ws.ledger.as_of(Person)) == 2
    assert found == {}


def test_what_was_brought_in_is_taken_back_also_after_the_page_was_loaded_again(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "고객.csv").write_text("\n".join(ROWS), encoding="utf-8")
    page = new_page(1024, 768)
    with open_workspace(own_server.workspace) as ws:
        ws.import_file("contacts", tmp_path / "고객.csv")
        own_server.open(page, "import_accounts")
        row = page.get_by_role("row").filter(has_text="3행: 새로 2, 바뀜 0")
        found = serious(page, "brought in last")
        row.get_by_role("button").press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("다시 가져오면 다시 들어옵니다")
        page.get_by_role("button", name="취소").click()
        assert len(ws.ledger.as_of(Person)) == 2
        row.get_by_role("button").click()
        found |= serious(page, "asked once more")
        page.get_by_role("dialog").get_by_role("button", name="되돌리기", exact=True).click()
        expect(page.get_by_text("되돌렸습니다.")).to_be_visible()
        expect(row).to_have_count(0)
        assert ws.ledger.as_of(Person) == []
    assert found == {}


def test_who_is_meant_is_chosen_and_the_people_of_a_list_of_accounts_follow(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    workspace = own_server.workspace
    with open_workspace(workspace, actor="coach") as ws:
        (tmp_path / "first.csv").write_text("회사,이름,직책\n한빛,김가온,부장\n한빛,박둘,과장\n", encoding="utf-8")
        (tmp_path / "mails.csv").write_text(
            "회사,이름,이메일\n한빛,김가온,a@x.com\n한빛,김가온,b@x.com\n", encoding="utf-8"
        )
        for name in ("mails.csv", "first.csv"):
            ws.import_file("contacts", tmp_path / name)
    (tmp_path / "고객.csv").write_text("회사,이름,부서\n한빛,김가온,구매팀\n", encoding="utf-8")
    (tmp_path / "업체.csv").write_text("업체명,업종,담당자\n새벽,기계,이하늘\n", encoding="utf-8")
    page = new_page(1024, 768)
    own_server.open(page, "import_accounts")
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "고객.csv")
    page.get_by_role("button", name="미리 해 보기").click()
    who = page.get_by_label("2행의 김가온 님은 누구인가요?")
    expect(who).to_have_value("")
    found = serious(page, "who")
    who.focus()
    who.select_option(index=2)
    expect(page.get_by_text("2행, 한빛 김가온 님은 정해졌습니다")).to_be_visible()
    expect(who).to_be_focused()
    page.get_by_role("button", name="가져오기", exact=True).click()
    expect(page.get_by_text("가져왔습니다.")).to_be_visible()
    with open_workspace(workspace) as ws:
        assert [job.department for job in ws.ledger.as_of(Employment) if job.department] == ["구매팀"]
    page.get_by_role("button", name="다른 파일").click()
    page.get_by_role("radio", name="고객사").check()
    expect(page.get_by_role("radio", name="고객사")).to_be_checked()
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "업체.csv")
    page.get_by_role("button", name="미리 해 보기").click()
    expect(page.get_by_text("이 파일에는 사람도 적혀 있습니다")).to_be_visible()
    expect(page.get_by_role("button", name="담당자 열은 우리 쪽 담당입니다")).to_be_visible()
    found |= serious(page, "people")
    page.get_by_role("button", name="가져오기", exact=True).click()
    page.get_by_role("button", name="이 파일의 사람도 연락처로 가져오기").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("열 살펴보기")
    page.get_by_role("button", name="미리 해 보기").click()
    page.get_by_role("button", name="가져오기", exact=True).click()
    expect(page.get_by_text("가져왔습니다.")).to_be_visible()
    with open_workspace(workspace) as ws:
        assert "이하늘" in [person.name for person in ws.ledger.as_of(Person)]
    assert found == {}


def test_a_list_of_accounts_chosen_as_our_people_is_read_as_accounts_by_one_press(
    own_server: Voila, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "고객사.csv").write_text("key,name,industry\nA1,한빛,금속\n", encoding="utf-8")
    page = new_page(390, 844)
    own_server.open(page, "import_accounts")
    page.get_by_role("radio", name="우리 쪽").check()
    page.get_by_label("파일을 여기에 놓거나").set_input_files(tmp_path / "고객사.csv")
    expect(page.get_by_text("위에서 고른 것과 다른 목록으로 보입니다")).to_be_visible()
    expect(page.get_by_role("button", name="미리 해 보기")).to_be_disabled()
    assert serious(page, "another list") == {}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="고객사 목록으로 읽기").press("Enter")
    expect(page.locator("tr.unread")).to_have_count(0)
    page.get_by_role("button", name="미리 해 보기").click()
    page.get_by_role("button", name="가져오기", exact=True).click()
    expect(page.get_by_text("가져왔습니다.")).to_be_visible()
    with open_workspace(own_server.workspace) as ws:
        assert [row.name for row in ws.ledger.as_of(Account)] == ["한빛"]
