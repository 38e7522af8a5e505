"""Lists that people keep by hand: titles and notes in a name, repeated cells, footers, owners who have left, near keys."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from exchange_helpers import codes

from coverage_kit.exchange.plan.cells import find_phone, restore_zero
from coverage_kit.exchange.plan.person_names import is_nobody, is_several, read_person
from coverage_kit.exchange.plan.rows import RowReader
from coverage_kit.store import Change
from coverage_kit.store.entities import Account, Employment, Person, Staff
from coverage_kit.transfer.memos import contact_memos
from coverage_kit.workspace import Workspace


def file(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"name": "김철수 부장"}, ("김철수", "부장", "")),
        ({"name": "김철수 부장님", "title": "구매팀장"}, ("김철수", "구매팀장", "")),
        ({"name": "홍길동(퇴사)"}, ("홍길동", "", "퇴사")),
        ({"name": "홍길동 부장 (퇴사)"}, ("홍길동", "부장", "퇴사")),
        ({"name": "Ann Lee (retired)", "status": "Inactive"}, ("Ann Lee", "", "Inactive")),
        ({"name": "박과장"}, ("박과장", "", "")),
        ({"name": "남궁 민"}, ("남궁 민", "", "")),
        ({"name": "O'Neil"}, ("O'Neil", "", "")),
    ],
)
def test_a_title_and_a_note_are_taken_out_of_a_name(cells: dict[str, str], expected: tuple[str, str, str]) -> None:
    assert read_person(cells) == expected


@pytest.mark.parametrize(
    "name", ["공석", "(공석)", "퇴사", "담당자", "담당자 없음", "TRUE", "2026-01-01", "20261128", "Vacant"]
)
def test_a_cell_that_says_nobody_is_no_person(ws: Workspace, tmp_path: Path, name: str) -> None:
    assert is_nobody(name)
    plan = ws.import_file("contacts", file(tmp_path, f"회사,이름,직책\n가나,{name},부장\n가나,김철수,과장\n"))
    assert codes(plan) == [(2, "contact.nobody")]
    assert [one.name for one in ws.ledger.as_of(Person)] == ["김철수"]


@pytest.mark.parametrize("name", ["김철수, 박영희", "김철수(구매), 박영희(기술)", "김철수 외 2명", "김철수/박영희/이영호", "Ann Lee; Bo Kim"])  # fmt: skip
def test_a_cell_with_several_people_is_none_of_them(name: str) -> None:
    assert is_several(name)


@pytest.mark.parametrize("name", ["Example, Ann", "김철수", "김철수(구매)", "김 철수", "Anderson & Sons"])
def test_a_cell_with_one_name_is_one_person(name: str) -> None:
    assert not is_several(name)


def test_a_person_kept_with_a_title_in_the_name_is_the_same_person(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", file(tmp_path, "회사,이름\n가나,김철수\n", "first.csv"))
    [person] = ws.ledger.as_of(Person)
    older = {"name": "김철수 부장", "name_key": "김철수부장"}
    ws.ledger.save([Change("person", person.id, older, base=person.version)])
    plan = ws.import_file("contacts", file(tmp_path, "회사,이름,직책\n가나,김철수 부장,\n", "second.csv"))
    assert plan.counts["added"] == 0
    assert len(ws.ledger.as_of(Person)) == 1


def test_who_has_left_by_the_file_is_taken_with_a_notice(ws: Workspace, tmp_path: Path) -> None:
    text = "회사,이름,직책,재직여부\n가나,김철수,부장,N\n가나,박영희,과장,Y\n가나,최수진(퇴사),대리,\n"
    assert codes(ws.import_file("contacts", file(tmp_path, text))) == [(2, "contact.inactive"), (4, "contact.inactive")]


def test_a_known_person_whom_the_file_says_is_not_there_is_evidence(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", file(tmp_path, "회사,이름,직책,재직여부\n가나,김철수,부장,Y\n"))
    [job] = ws.ledger.as_of(Employment)
    ws.edit_slot(job.account_id, "cfo", holder="김철수")
    plan = ws.import_file("contacts", file(tmp_path, "회사,이름,직책,재직여부\n가나,김철수,부장,N\n", "newer.csv"))
    assert [one.kind for one in plan.evidence] == ["inactive"]


def test_a_sign_that_repeats_the_cell_above_is_read_as_that_cell(ws: Workspace, tmp_path: Path) -> None:
    text = "회사,부서,이름\n가나전자,구매팀,김철수\n〃,〃,박영희\n상동,기술팀,최수진\n"
    plan = ws.import_file("contacts", file(tmp_path, text))
    assert [one.name for one in ws.ledger.as_of(Account)] == ["가나전자"]
    assert sorted(str(one.department) for one in ws.ledger.as_of(Employment)) == ["구매팀", "구매팀", "기술팀"]
    assert {code for _, code in codes(plan)} == {"row.ditto"}
    assert ws.import_file("contacts", file(tmp_path, text)).changes == []


@pytest.mark.parametrize(
    "row", ["평균,150", "Count,2", "(단위: 백만원),", "- 이하 여백 -,", "<끝>,", "끝.,", "-----,", "작성자: 홍길동,", "2026년 11월 28일 출력,"]
)  # fmt: skip
def test_a_footer_is_no_account(ws: Workspace, tmp_path: Path, row: str) -> None:
    plan = ws.import_file("accounts", file(tmp_path, f"거래처명,매출\n가나전자,100\n{row}\n"))
    assert [one.row for one in plan.left_out] == [3]
    assert [one.name for one in ws.ledger.as_of(Account)] == ["가나전자"]


@pytest.mark.parametrize(
    "name", ["끝없는세상", "평균율음악", "Count Basie Inc.", "합계건설", "Total Energies", "계룡건설"]
)
def test_a_company_that_is_called_like_a_footer_is_an_account(ws: Workspace, tmp_path: Path, name: str) -> None:
    plan = ws.import_file("accounts", file(tmp_path, f"거래처명,매출\n{name},100\n"))
    assert not plan.left_out


@pytest.mark.parametrize("owner", ["공석", "퇴사", "(퇴사)", "담당자없음", "미 정", "x", "No owner"])
def test_an_owner_who_is_nobody_is_no_colleague(ws: Workspace, tmp_path: Path, owner: str) -> None:
    plan = ws.import_file("accounts", file(tmp_path, f"거래처명,담당 영업\n가나전자,{owner}\n"))
    assert (ws.ledger.as_of(Staff), plan.problems) == ([], [])


@pytest.mark.parametrize(("owner", "code"), [("김영업(퇴사)", "owner.left"), ("김영업, 박영업", "owner.two_people"), ("김영업/박영업", "owner.two_people")])  # fmt: skip
def test_an_owner_who_left_or_is_several_is_named(ws: Workspace, tmp_path: Path, owner: str, code: str) -> None:
    plan = ws.import_file("accounts", file(tmp_path, f'거래처명,담당 영업\n가나전자,"{owner}"\n'))
    assert codes(plan) == [(2, code)]
    assert ws.ledger.as_of(Staff) == []


def test_two_new_keys_that_are_nearly_the_same_are_named(ws: Workspace, tmp_path: Path) -> None:
    plan = ws.import_file("accounts", file(tmp_path, "거래처코드,거래처명\n0012,가나전자\n12,나라기계\n13,다라\n"))
    assert codes(plan) == [(3, "account.key_near_row")]
    assert plan.counts["added"] == 3


@pytest.mark.parametrize(
    "header",
    ["*회사,*이름,직책(선택)", '"회사\n(고객사)","이름\n(성명)",직책', "회사 [필수],이름(필수),직책 (optional)"],
)
def test_a_header_with_a_note_is_read(ws: Workspace, tmp_path: Path, header: str) -> None:
    ws.import_file("contacts", file(tmp_path, f"{header}\n가나전자,김철수,부장\n"))
    assert [one.title for one in ws.ledger.as_of(Employment)] == ["부장"]


def test_a_header_with_a_unit_is_not_taken_for_the_plain_one(ws: Workspace, tmp_path: Path) -> None:
    plan = ws.import_file("accounts", file(tmp_path, "거래처명,매출(백만원)\n가나전자,100\n"))
    assert plan.unread == ["매출(백만원)"]


@pytest.mark.parametrize(
    ("cell", "phone"),
    [
        ("010.1234.5678 / 02-111-2222", "010.1234.5678"),
        ("010-1234-5678/02-111-2222", "010-1234-5678"),
        ("02/123-4567", "02/123-4567"),
        ("02-123-4567 (내선 12)", "02-123-4567 (내선 12)"),
        ("02)123-4567~8", "02)123-4567~8"),
    ],
)
def test_the_first_of_two_numbers_with_a_slash_is_taken(cell: str, phone: str) -> None:
    assert find_phone(cell) == phone


def test_an_apostrophe_that_marks_text_is_no_part_of_a_cell(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", file(tmp_path, "회사,이름,휴대폰\n가나,'김철수,'010-1234-5678\n가나,'t Hooft,\n"))
    assert {(one.name, one.phone) for one in ws.ledger.as_of(Person)} == {
        ("김철수", "010-1234-5678"),
        ("'t Hooft", None),
    }


def test_the_fast_path_of_a_row_reads_what_the_slow_one_reads(ws: Workspace, tmp_path: Path, monkeypatch) -> None:
    text = "회사,이름,직책,메모\n가나,김철수,부장,x\n가나, 박영희,과장,\n나라,최수진,-,y \n,,,\n합계,,2,\n다라,A &amp; B,CFO,z\n다라,Ann|Lee,,\n"
    path = file(tmp_path, text)
    fast = ws.import_file("contacts", path, dry_run=True)
    monkeypatch.setattr(RowReader, "_is_tidy", lambda *_: False)
    slow = ws.import_file("contacts", path, dry_run=True)
    assert [row for _, _, row in fast.kept] == [row for _, _, row in slow.kept]
    assert (fast.left_out, fast.unread, fast.problems) == (slow.left_out, slow.unread, slow.problems)


def test_contacts_nobody_checked_whom_the_file_marks_as_gone_are_counted_and_shown_as_a_hint(
    ws: Workspace, tmp_path: Path
) -> None:
    """김철수 holds no position, so he is no evidence about one; but he does not stay there without a word either."""
    before = "회사,이름,직책,재직여부\n가나,김철수,부장,Y\n가나,박영희,과장,Y\n가나,최수진,대리,N\n"
    assert ws.import_file("contacts", file(tmp_path, before)).counts["marked_gone"] == 1
    newer = file(tmp_path, before.replace("부장,Y", "부장,N"), "newer.csv")
    plan = ws.import_file("contacts", newer)
    assert (plan.counts["marked_gone"], plan.evidence) == (2, [])
    names = {one.id: one.name for one in ws.ledger.as_of(Person)}
    people = {one.id: names[one.person_id] for one in ws.ledger.as_of(Employment)}
    hints = {people[employment]: memo.kind.value for employment, memo in contact_memos(ws.ledger, ws.today()).items()}
    assert hints == {"김철수": "left", "최수진": "left"}
    assert all(one.end_kind is None and one.verified_on is None for one in ws.ledger.as_of(Employment))
    # The same file again counts the same people, though its rows are unchanged.
    assert ws.import_file("contacts", newer).counts["marked_gone"] == 2


def test_a_new_memo_in_a_row_that_is_otherwise_unchanged_is_a_hint(ws: Workspace, tmp_path: Path) -> None:
    before = "회사,이름,직책,메모\n가나,김철수,부장,\n가나,박영희,과장,\n"
    ws.import_file("contacts", file(tmp_path, before))
    assert contact_memos(ws.ledger, ws.today()) == {}
    plan = ws.import_file("contacts", file(tmp_path, before.replace("부장,", "부장,퇴사함"), "newer.csv"))
    assert plan.changes == []
    assert [memo.kind.value for memo in contact_memos(ws.ledger, ws.today()).values()] == ["left"]


def test_a_contact_that_was_checked_or_has_left_here_is_not_counted_as_marked(ws: Workspace, tmp_path: Path) -> None:
    text = "회사,이름,직책,재직여부\n가나,김철수,부장,Y\n가나,박영희,과장,Y\n가나,최수진,대리,Y\n"
    ws.import_file("contacts", file(tmp_path, text))
    [account] = ws.ledger.as_of(Account)
    ws.end_employment("김철수", account.id, kind="left")
    ws.edit_slot(account.id, "cfo", holder="박영희")
    plan = ws.import_file("contacts", file(tmp_path, text.replace("Y", "N"), "newer.csv"))
    assert plan.counts["marked_gone"] == 1
    assert [one.person for one in plan.evidence] == ["박영희"]


def test_a_korean_outlook_file_gives_whole_names_and_addresses(ws: Workspace, tmp_path: Path) -> None:
    text = '"호칭","이름","중간 이름","성","회사","부서","직함","전자 메일 주소","근무처 전화"\n"","철수","","김","가나전자","영업부","부장","k@a.example","02-123-4567"\n'
    plan = ws.import_file("contacts", file(tmp_path, text))
    [person] = ws.ledger.as_of(Person)
    assert (person.name, person.email, person.phone) == ("김철수", "k@a.example", "02-123-4567")
    assert plan.unread == []


def test_a_japanese_outlook_file_gives_whole_names_and_addresses(ws: Workspace, tmp_path: Path) -> None:
    text = "姓,名,会社名,部署,役職,電子メール アドレス,携帯電話\n山田,太郎,ガナ株式会社,営業部,部長,y@a.example,090-1234-5678\n"
    ws.import_file("contacts", file(tmp_path, text))
    [person], [job] = ws.ledger.as_of(Person), ws.ledger.as_of(Employment)
    assert (person.name, person.email, person.phone) == ("山田 太郎", "y@a.example", "090-1234-5678")
    assert (job.title, job.department) == ("部長", "営業部")


def test_a_column_of_sexes_is_no_family_name(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", file(tmp_path, "회사,성,이름\n가나,남,김철수\n가나,여,박영희\n"))
    assert {one.name for one in ws.ledger.as_of(Person)} == {"김철수", "박영희"}


@pytest.mark.parametrize(
    ("cell", "is_korean", "phone"),
    [
        ("1012345678", True, "010-1234-5678"),
        ("1012345678", False, "010-1234-5678"),
        ("212345678", True, "02-1234-5678"),
        ("312345678", True, "031-234-5678"),
        ("3123456789", True, "031-2345-6789"),
        ("7012345678", True, "070-1234-5678"),
        ("3123456789", False, "3123456789"),
        ("612345678", False, "612345678"),
        ("15881234", True, "15881234"),
        ("21234567", True, "21234567"),
        ("2125551234", True, "2125551234"),
        ("821012345678", True, "821012345678"),
        ("01012345678", True, "01012345678"),
    ],
)
def test_a_korean_number_gets_back_the_zero_that_it_lost_in_a_number_cell(
    cell: str, is_korean: bool, phone: str
) -> None:
    assert restore_zero(cell, is_korean=is_korean) == phone


def test_a_number_without_its_zero_is_written_whole_and_the_same_file_again_changes_nothing(
    ws: Workspace, tmp_path: Path
) -> None:
    rows = "가나,김철수,1012345678,\n가나,박솔비,212345678.0,\nAcme,Ann Lee,612345678,\n가나,최하늘,1022345678,\n가나,최하늘,1022345678,a@x.example\n"
    path = file(tmp_path, f"회사,이름,전화,이메일\n{rows}")
    plan = ws.import_file("contacts", path)
    assert codes(plan) == []
    phones = {one.name: one.phone for one in ws.ledger.as_of(Person)}
    assert phones == {
        "김철수": "010-1234-5678", "박솔비": "02-1234-5678", "Ann Lee": "612345678", "최하늘": "010-2234-5678",
    }  # fmt: skip
    again = ws.import_file("contacts", path)
    assert (codes(again), again.counts["unchanged"], again.differences) == ([], 5, [])
    # An e-mail that is new leaves the number as it is, and the whole number is the same one.
    newer = file(tmp_path, f"회사,이름,전화,이메일\n{rows}".replace("1012345678,", "1012345678,k@x.example"))
    changed = ws.import_file("contacts", newer)
    assert (codes(changed), [one.field for one in changed.differences]) == ([], ["email"])
    workbook = tmp_path / "numbers.xlsx"
    write_numbers(workbook)
    ws.import_file("contacts", workbook)
    assert {one.name: one.phone for one in ws.ledger.as_of(Person)}["정다온"] == "031-234-5678"


def write_numbers(path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["회사", "이름", "전화"])
        sheet.write_row(1, 0, ["가나", "정다온", 312345678.0])


def test_a_last_contact_of_long_ago_is_a_hint_and_a_memo_is_a_stronger_one(ws: Workspace, tmp_path: Path) -> None:
    text = "회사,이름,직책,최근접촉일,메모\n가나,김철수,부장,2019-03-02,\n가나,박영희,과장,2019-03-02,퇴사함\n가나,최수진,대리,,\n"
    plan = ws.import_file("contacts", file(tmp_path, text))
    assert plan.counts["marked_gone"] == 1
    names = {one.id: one.name for one in ws.ledger.as_of(Person)}
    people = {one.id: names[one.person_id] for one in ws.ledger.as_of(Employment)}
    hints = {people[job]: (memo.kind.value, memo.text) for job, memo in contact_memos(ws.ledger, ws.today()).items()}
    assert hints == {"김철수": ("quiet", "2019-03-02"), "박영희": ("left", "퇴사함")}
