"""Columns of one name, and headers of two rows: each value is read, or the file is refused and says why."""

from __future__ import annotations

import io
import string
from pathlib import Path

import pytest
import xlsxwriter
from exchange_helpers import codes
from hypothesis import given
from hypothesis import strategies as st

from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.headers import find_table
from coverage_kit.exchange.plan.import_plan import ImportPlan
from coverage_kit.exchange.plan.repeated_headers import number_headers, plain_header, repeats
from coverage_kit.exchange.plan.rows import RowReader
from coverage_kit.exchange.read.table_files import Rows
from coverage_kit.store.entities import Account, Employment, Person
from coverage_kit.workspace import Workspace

NAMES = st.lists(st.sampled_from(["전화", "Phone", "전화 (2)", "", "이름", "비고", "Phone.1"]), max_size=8)


@given(NAMES)
def test_each_column_has_a_name_of_its_own(header: list[str]) -> None:
    numbered = number_headers(header)
    named = [name for name in numbered if name]
    assert len(set(named)) == len(named)
    assert number_headers(numbered) == numbered
    assert [bool(name) for name in numbered] == [bool(name) for name in header]
    for was, now in zip(header, numbered, strict=True):
        assert now == was or plain_header(now) == was
    if len(set(header)) == len(header):
        assert numbered == header


MOBILE, DESK = "010-1234-5678", "02-555-1234"
CELLS = st.sampled_from(["", MOBILE, DESK, "010-2345-6789", "-"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=5), st.integers(0, 2))
def test_of_several_columns_of_phones_each_row_gives_a_number_of_its_own(rows: list[tuple[str, ...]], at: int) -> None:
    header = ["전화", "전화", "전화"]
    header[at:at] = ["회사", "이름"]
    cells = []
    for i, row in enumerate(rows):
        one = list(row)
        one[at:at] = ["가나상사", f"사람{string.ascii_uppercase[i]}"]
        cells.append((i + 2, one))
    table = find_table(Rows([(1, header), *cells], "utf-8", is_text=True), "contacts", "x.csv", {}, {})
    read = {row.number: row.cells for row in RowReader(ImportPlan("contacts", table)).read(lambda *_: None)}
    for number, row in enumerate(rows, start=2):
        filled = [cell for cell in row if cell not in ("", "-")]
        assert (read[number].get("phone") in filled) if filled else ("phone" not in read[number])


TITLES = st.sampled_from(["", "부장", "과장"])


@given(st.lists(st.tuples(TITLES, TITLES), min_size=1, max_size=5))
def test_columns_of_one_name_that_differ_are_never_chosen_from_in_silence(rows: list[tuple[str, str]]) -> None:
    header = ["회사", "이름", "직책", "직책"]
    cells = [(i, ["가나상사", f"사람{i}", *row]) for i, row in enumerate(rows, start=2)]
    source = Rows([(1, header), *cells], "utf-8", is_text=True)
    if any(one and other and one != other for one, other in rows):
        with pytest.raises(BadInput, match="직책 \\(2\\)"):
            find_table(source, "contacts", "x.csv", {}, {})
        return
    table = find_table(source, "contacts", "x.csv", {}, {})
    read = [row.cells.get("title", "") for row in RowReader(ImportPlan("contacts", table)).read(lambda *_: None)]
    assert read == [one or other for one, other in rows]


def test_the_column_with_mobile_numbers_counts_first_and_the_import_says_so(ws: Workspace, write) -> None:
    text = "회사,이름,전화,전화\n가나상사,박솔비,02-555-1234,010-1234-5678\n가나상사,최하늘,02-555-1235,\n"
    plan = ws.import_file("contacts", write(text))
    assert {one.name: one.phone for one in ws.ledger.as_of(Person)} == {
        "박솔비": "010-1234-5678",
        "최하늘": "02-555-1235",
    }
    assert codes(plan) == [(1, "header.twice")]
    assert "전화 (2), 전화" in plan.problems[0].message
    # The same file again changes nothing.
    assert ws.import_file("contacts", write(text)).changes == []


@pytest.mark.parametrize("second", ["전화2", "전화 2", "전화_2", "전화.1", "전화 (2)", "전화-2"])
def test_a_number_behind_a_header_makes_it_another_column_of_the_same(ws: Workspace, write, second: str) -> None:
    ws.import_file("contacts", write(f"회사,이름,전화,{second}\n가나상사,박솔비,,010-1234-5678\n"))
    assert [one.phone for one in ws.ledger.as_of(Person)] == ["010-1234-5678"]


def test_two_names_are_told_apart_by_their_cells(ws: Workspace, write) -> None:
    text = "이름,이름,직책\n주식회사 가나상사,박솔비,부장\n(주)다라,최하늘,과장\n"
    with pytest.raises(BadInput, match='--map "이름=account" --map "이름 \\(2\\)=name"'):
        ws.import_file("contacts", write(text))
    ws.import_file("contacts", write(text), mapping={"이름": "account", "이름 (2)": "name"})
    assert {one.name for one in ws.ledger.as_of(Person)} == {"박솔비", "최하늘"}


@pytest.mark.parametrize(
    ("mapping", "title"), [({"직책 (2)": "title"}, "구매팀장"), ({"직책": ""}, "구매팀장"), ({"직책": "title"}, "부장"), ({"직책 (2)": ""}, "부장")]
)  # fmt: skip
def test_one_of_two_columns_is_chosen_by_its_name(ws: Workspace, write, mapping: dict[str, str], title: str) -> None:
    """An answer names the column; one that is not to be read leaves the other."""
    file = write("회사,이름,직책,직책\n가나상사,박솔비,부장,구매팀장\n")
    with pytest.raises(BadInput, match="differ"):
        ws.import_file("contacts", file)
    plan = ws.import_file("contacts", file, mapping=mapping)
    assert [one.title for one in ws.ledger.as_of(Employment)] == [title]
    assert len(plan.unread) == 1
    # The answer holds for the next file of this form, and a file with one such column is read as ever.
    changed = write("회사,이름,직책,직책\n다라산업,최하늘,차장,기술팀장\n마바전자,정다온,대리,\n", "next.csv")
    ws.import_file("contacts", changed)
    ws.import_file("contacts", write("회사,이름,직책\n사아물산,김가온,이사\n", "one.csv"))
    titles = {one.title for one in ws.ledger.as_of(Employment)}
    assert {"기술팀장" if title == "구매팀장" else "차장", "이사"} <= titles


def test_a_list_of_tax_invoices_names_both_companies_and_takes_neither(ws: Workspace, write) -> None:
    """Korea's tax service writes 상호 twice: the seller's and the buyer's."""
    text = "작성일자,공급자사업자등록번호,상호,대표자명,공급받는자사업자등록번호,상호,대표자명,합계금액\n20261101,1234567890,우리회사,김대표,2345678901,가나상사,이대표,1000\n"
    with pytest.raises(BadInput) as caught:
        ws.import_file("accounts", write(text))
    assert caught.value.code == "import.header_twice"
    assert all(name in str(caught.value) for name in ("우리회사", "가나상사", "상호 (2)=name"))
    ws.import_file("accounts", write(text), mapping={"상호 (2)": "name"})
    assert [one.name for one in ws.ledger.as_of(Account)] == ["가나상사"]


def test_rejected_rows_of_such_a_file_come_in_again(ws: Workspace, write) -> None:
    text = "회사,이름,전화,전화\n가나상사,,02-555-1234,010-1234-5678\n다라,최하늘,02-555-1235,\n"
    plan = ws.import_file("contacts", write(text))
    mended = Path(plan.counts["rejects_file"]).read_text("utf-8-sig").replace("가나상사,,", "가나상사,박솔비,")
    ws.import_file("contacts", write(mended, "mended.csv"))
    assert {one.name: one.phone for one in ws.ledger.as_of(Person)}["박솔비"] == "010-1234-5678"


GROUPED = [
    ["고객사", "", "담당자", "", "", "비고"],
    ["이름", "전화", "이름", "전화", "이메일", ""],
    ["가나상사", "02-555-1234", "박솔비", "010-1234-5678", "sol@gana.example", "x"],
    ["다라산업", "02-555-1235", "최하늘", "010-1234-5679", "", ""],
]


def _read(ws: Workspace) -> set[tuple[str | None, str | None]]:
    return {(one.name, one.phone) for one in ws.ledger.as_of(Person)}


PEOPLE = {("박솔비", "010-1234-5678"), ("최하늘", "010-1234-5679")}


def test_a_header_of_groups_and_columns_is_read_as_both(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("\n".join(",".join(row) for row in GROUPED) + "\n"))
    assert _read(ws) == PEOPLE
    assert {one.name for one in ws.ledger.as_of(Account)} == {"가나상사", "다라산업"}
    assert plan.unread == ["고객사 전화", "비고"]
    assert [one.why for one in plan.left_out] == ["preamble"]


def test_so_is_one_of_a_workbook_with_merged_cells(ws: Workspace, write) -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(GROUPED):
            sheet.write_row(number, 0, row)
        sheet.merge_range("A1:B1", "고객사")
        sheet.merge_range("C1:E1", "담당자")
        sheet.merge_range("F1:F2", "비고")
    ws.import_file("contacts", write(data.getvalue(), "grouped.xlsx"))
    assert _read(ws) == PEOPLE
    assert {one.name for one in ws.ledger.as_of(Account)} == {"가나상사", "다라산업"}


@pytest.mark.parametrize("above", ["고객 명단", "회사,이름,직책", "고객사,담당자,"])
def test_a_row_above_a_whole_header_changes_nothing(ws: Workspace, write, above: str) -> None:
    plan = ws.import_file("contacts", write(f"{above}\n회사,이름,직책\n가나상사,박솔비,부장\n"))
    assert [one.title for one in ws.ledger.as_of(Employment)] == ["부장"]
    assert [one.why for one in plan.left_out] == ["preamble"]


def test_the_others_of_a_repeated_header_are_found() -> None:
    assert repeats(number_headers(["a", "b", "a", "", "b", "a"])) == {0: [2, 5], 1: [4]}
