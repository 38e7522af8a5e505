"""Files as people have them: nothing in them is silently wrong."""

from __future__ import annotations

import unicodedata

import pytest
from exchange_helpers import codes
from hypothesis import given
from hypothesis import strategies as st

from coverage_kit.exchange.plan.account_keys import AccountKeys
from coverage_kit.exchange.plan.cells import find_email, find_phone, phone_digits
from coverage_kit.exchange.plan.left_out import RowFilter
from coverage_kit.exchange.plan.person_names import is_several, read_person
from coverage_kit.store.entities import Account, Employment, Person
from coverage_kit.workspace import Workspace

NAMES = ["김철수", "박솔비", "남궁민", "전지현"]
TITLES = ["대리", "과장", "대표이사", "부장님", "팀장"]


@given(st.sampled_from(NAMES), st.sampled_from(TITLES), st.sampled_from(["{n}({t})", "{n} ({t})", "{n}[{t}]", "{n}/{t}", "{n}, {t}", "{n} {t}", "{n}（{t}）", "{n}(구매팀 {t})"]))  # fmt: skip
def test_a_title_beside_a_name_is_a_title(name: str, title: str, form: str) -> None:
    found = read_person({"name": form.format(n=name, t=title)})
    assert found.name == name
    assert found.title.removeprefix("구매팀 ").removesuffix("님") == title.removesuffix("님")
    assert read_person({"name": form.format(n=name, t=title), "title": "이사"}).title == "이사"


@pytest.mark.parametrize(
    ("text", "name", "title"), [("대표이사 김철수", "김철수", "대표이사"), ("팀장 남궁민", "남궁민", "팀장")]
)
def test_so_is_one_before_a_whole_name(text: str, name: str, title: str) -> None:
    assert read_person({"name": text})[:2] == (name, title)


@pytest.mark.parametrize("name", ["전무송", "김철수(품질)", "김철수(영업)", "김부장", "김수석", "이사 김", "Ann (CFO) Lee", "김철수(대리점)", "원장 수"])  # fmt: skip
def test_a_name_without_a_title_beside_it_stays(name: str) -> None:
    assert read_person({"name": name}).name == name


@pytest.mark.parametrize("name", ["김철수/박영희", "김철수, 이대리", "김철수·박솔비"])
def test_two_people_in_a_cell_are_still_two(name: str) -> None:
    assert is_several(read_person({"name": name}).name)


@pytest.mark.parametrize(
    ("cell", "email"),
    [
        ("a@x.example b@x.example", "a@x.example"), ("a@x.example/b@x.example", "a@x.example"), ("a@x.example; b@x.example", "a@x.example"),
        ("ａｎｎ＠ａｃｍｅ．ｅｘａｍｐｌｅ", "ann@acme.example"), ("박 <c@x.example>, d@x.example", "c@x.example"),
        ("ann @x.example", None), ("ann at x.example", None), ("a@x.example (old) b@", None), ("a/b@x.example c", None),
    ],
)  # fmt: skip
def test_the_first_of_several_addresses_is_read_and_no_broken_one(cell: str, email: str | None) -> None:
    assert find_email(cell) == email


@given(st.from_regex(r"0[0-9]{1,2}-[0-9]{3,4}-[0-9]{4}", fullmatch=True), st.sampled_from([" ext. 12", "(내선 56)", " (교환 7)", "x34", " extension 5", " Durchwahl 12"]))  # fmt: skip
def test_an_extension_stays_and_is_no_part_of_the_number(phone: str, extension: str) -> None:
    assert find_phone(phone + extension) == phone + extension
    assert phone_digits(phone + extension) == phone_digits(phone)


@given(st.from_regex(r"0[0-9]{1,2}-[0-9]{3,4}-[0-9]{4}", fullmatch=True))
def test_a_number_of_full_width_is_the_number(phone: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in phone)
    assert find_phone(wide) == phone


@pytest.mark.parametrize("label", ["서울 소계", "영업1팀 합계", "소계: 서울", "소계 부산", "Seoul Subtotal", "Subtotal: Seoul", "東京 小計", "2026년 누계"])  # fmt: skip
def test_a_total_of_a_part_is_left_out_and_a_company_of_such_a_name_is_not(label: str) -> None:
    rows = RowFilter(["name", "region", "value"], [0, 1, 2])
    assert rows.why([label, "", "300"]) == "total"
    assert not rows.is_ordinary([label, "", "300"])
    assert rows.why([label, "Seoul", "300"]) == ""


@pytest.mark.parametrize("name", ["합계산업", "Total Energies", "소계전자", "Seoul Total", "한국 합계기술"])
def test_a_company_with_a_number_stays(name: str) -> None:
    rows = RowFilter(["name", "region", "value"], [0, 1, 2])
    assert rows.why([name, "", "300"]) == ""


HEAD = "회사,이름,직책\n가나상사,박솔비,부장\n"


@pytest.mark.parametrize("header", ["거래처명,지역,담당", "No,거래처명,지역", "이름,회사,직책", "업체명,담당자,연락처"])
def test_a_table_below_another_one_is_not_read_as_people(ws: Workspace, write, header: str) -> None:
    text = f"{HEAD}\n거래처 목록,,\n{header}\n다라산업,서울,김영업\n마바전자,부산,김영업\n"
    plan = ws.import_file("contacts", write(text))
    assert [one.name for one in ws.ledger.as_of(Person)] == ["박솔비"]
    assert [code for row, code in codes(plan) if row > 5] == ["row.other_table", "row.other_table"]


def test_a_header_of_a_joined_file_with_one_more_column_is_left_out_and_its_rows_are_read(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write(f"{HEAD}회사,이름,직책,비고\n다라산업,최하늘,과장,x\n"))
    assert sorted(one.name for one in ws.ledger.as_of(Person)) in (["박솔비", "최하늘"], ["박솔비"])
    assert [one.why for one in plan.left_out] == ["header"]


def test_a_person_who_is_called_like_a_column_is_no_header(ws: Workspace, write) -> None:
    ws.import_file("contacts", write("회사,이름,직책\n업종,박솔비,부장\n지역,최하늘,팀장\n회사,정다온,과장\n"))
    assert len(ws.ledger.as_of(Person)) == 3


def test_a_key_with_zeros_behind_a_point_is_near_the_plain_one(ws: Workspace, write) -> None:
    keys = AccountKeys(["123"])
    assert (keys.near("123.0"), keys.near("00123"), keys.near("123.5")) == ("123", "123", None)
    ws.import_file("accounts", write("거래처코드,거래처명\n123,가나상사\n", "a.csv"))
    plan = ws.import_file("accounts", write("거래처코드,거래처명\n123.0,가나상사\n", "b.csv"))
    assert codes(plan) == [(2, "account.key_near")]
    assert len(ws.ledger.as_of(Account)) == 1


def test_a_yes_or_no_about_still_being_there_is_read(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("회사,이름,재직\n가나상사,박솔비,O\n가나상사,최하늘,X\n"))
    assert codes(plan) == [(3, "contact.inactive")]


def test_names_in_parts_of_letters_are_the_same_names(ws: Workspace, write) -> None:
    text = unicodedata.normalize("NFD", "회사,이름,직책\n가나상사,박솔비,부장\n") + "가나상사,박솔비,부장\n"
    ws.import_file("contacts", write(text, unicodedata.normalize("NFD", "담당자.csv")))
    assert [(one.title) for one in ws.ledger.as_of(Employment)] == ["부장"]
