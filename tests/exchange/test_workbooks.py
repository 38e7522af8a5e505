"""Workbooks: what people have comes in, and what would fill the memory is refused before it is read."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from coverage_kit import BadInput
from coverage_kit.exchange.plan.cells import without_unseen
from coverage_kit.exchange.plan.import_plan import ImportPlan, Unclear
from coverage_kit.exchange.plan.imports import read_import
from coverage_kit.exchange.plan.rows import RowReader
from coverage_kit.exchange.read import limited
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.store.entities import Person
from coverage_kit.workspace import Workspace

_BOMB = 300 << 20
ROWS = [["회사", "이름", "휴대폰", "코드"], ["한빛", "김가온", "010-1111-2222", "0123"], ["새벽", "이하늘", "", "1E5"]]


def xlsx(path: Path, sheets: dict[str, list[list[object]]], **options: object) -> Path:
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        sheet.write_datetime(number, column, value, book.add_format({"num_format": "yyyy-mm-dd"}))
                    else:
                        sheet.write(number, column, value)
    return path


def repacked(path: Path, part: str, change) -> Path:
    """The same workbook with one of its parts changed."""
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    path.write_bytes(data.getvalue())
    return path


def cells(path: Path, **options: str) -> list[list[str]]:
    return [row for _, row in read_rows(path, **options).rows]


def test_a_sheet_is_read_as_text_and_codes_stay_as_they_are(tmp_path: Path) -> None:
    assert cells(xlsx(tmp_path / "a.xlsx", {"연락처": ROWS})) == ROWS


@pytest.mark.slow
def test_numbers_and_days_read_as_people_type_them(tmp_path: Path) -> None:
    values = [[12.0, 1.5, True, date(2026, 3, 1), datetime(2026, 3, 1, 9, 30)]]
    for options in ({}, {"date_1904": True}):
        assert cells(xlsx(tmp_path / "a.xlsx", {"s": values}, **options)) == [["12", "1.5", "TRUE", "2026-03-01", "2026-03-01 09:30:00"]]  # fmt: skip


def test_a_formula_gives_what_it_showed_and_a_merged_cell_stands_in_each_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["회사", "이름"])
        sheet.merge_range("A2:A4", "한빛")
        sheet.write_formula("B2", '="김"&"가온"', None, "김가온")
        sheet.write("B3", "이하늘")
        sheet.write("B5", "박솔")
    assert cells(path) == [["회사", "이름"], ["한빛", "김가온"], ["한빛", "이하늘"], ["한빛", ""], ["", "박솔"]]


@pytest.mark.slow
def test_of_several_sheets_one_is_named_and_empty_ones_do_not_count(tmp_path: Path) -> None:
    one = xlsx(tmp_path / "a.xlsx", {"빈": [], "연락처": ROWS})
    assert cells(one) == ROWS
    two = xlsx(tmp_path / "b.xlsx", {"2025": ROWS[:2], "2026": ROWS})
    with pytest.raises(BadInput, match=r"2025, 2026.*--sheet"):
        cells(two)
    assert cells(two, sheet="2025") == ROWS[:2]
    with pytest.raises(BadInput, match="several sheets"):
        cells(two, sheet="2027")


@pytest.mark.slow
def test_the_row_numbers_are_those_the_spreadsheet_shows(ws: Workspace, tmp_path: Path) -> None:
    rows = [["고객 명단"], [], ["회사", "이름"], ["한빛", "김가온"], [], ["새벽", ""]]
    plan = ws.import_file("contacts", xlsx(tmp_path / "a.xlsx", {"s": rows}))
    assert [(p.row, p.code) for p in plan.problems] == [(6, "contact.name")]


def test_an_old_workbook_is_read_as_well(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    for name, rows in {"연락처": ROWS, "빈": []}.items():
        sheet = book.add_sheet(name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    path = tmp_path / "a.xls"
    book.save(str(path))
    assert cells(path) == ROWS


def test_a_page_called_xls_is_read_in_the_encoding_it_names(tmp_path: Path) -> None:
    page = """<html><meta http-equiv="Content-Type" content="text/html; charset=EUC-KR"><body>
    <table><tr><td>메뉴</td></tr></table>
    <table border=1><tr><th>회사명</th><th>종목코드</th><th>지역</th></tr>
    <tr><td rowspan="2">한빛&amp;새벽</td><td style="mso-number-format:'@'">005930</td><td>서울</td></tr>
    <tr><td>000660</td><td><b>이천</b>시</td></tr></table></body></html>"""
    path = tmp_path / "상장법인목록.xls"
    path.write_bytes(page.encode("cp949"))
    assert cells(path) == [
        ["회사명", "종목코드", "지역"],
        ["한빛&새벽", "005930", "서울"],
        ["한빛&새벽", "000660", "이천시"],
    ]


def damage_truncate(path: Path) -> Path:
    xlsx(path, {"s": ROWS})
    path.write_bytes(path.read_bytes()[:-300])
    return path


def damage_no_workbook(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("hello.txt", "x")
    return path


def bomb_zip(path: Path) -> Path:
    xlsx(path, {"s": ROWS})
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/worksheets/more.xml", "w") as part:
        for _ in range(_BOMB >> 20):
            part.write(b" " * (1 << 20))
    return path


def bomb_lying_size(path: Path) -> Path:
    """A part that says it is small; believed, it would unpack to far more."""
    data = bytearray(bomb_zip(path).read_bytes())
    size = _BOMB.to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    return path


def bomb_entities(path: Path) -> Path:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return repacked(xlsx(path, {"s": ROWS}), "xl/workbook.xml", lambda old: head + old.split(b"?>", 1)[1])


def bomb_stray_cell(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ROWS[0])
        sheet.write(1_048_575, 16_383, "x")
    return path


def bomb_stray_cell_turned_around(path: Path) -> Path:
    """The same, its attributes in another order and with a prefix."""
    bomb_stray_cell(path)
    return repacked(path, "xl/worksheets/sheet1.xml", lambda old: old.replace(b'<c r="XFD1048576" t="s">', b"<c t='s' r = 'XFD1048576'>"))  # fmt: skip


def bomb_old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write(0, 0, "x")
    sheet.write(65_535, 255, "x")
    book.save(str(path))
    return path


def protected(path: Path) -> Path:
    """A workbook of two rows, encrypted with a password as Excel does it."""
    return Path(shutil.copyfile(Path(__file__).with_name("protected.xlsx"), path))


def damage_ole(path: Path) -> Path:
    """Begins like an old or a protected workbook, and has nothing else in it."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2_000)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "code"),
    [
        (damage_truncate, "import.workbook"),
        (damage_no_workbook, "import.workbook"),
        (damage_ole, "import.workbook"),
        (protected, "import.password"),
        (bomb_zip, "import.workbook_size"),
        (bomb_lying_size, "import.workbook"),
        (bomb_entities, "import.workbook_entities"),
        (bomb_stray_cell, "import.workbook_size"),
        (bomb_stray_cell_turned_around, "import.workbook_size"),
        (bomb_old_workbook, "import.workbook_size"),
    ],
)
def test_a_hostile_workbook_is_refused_with_little_memory(tmp_path: Path, make, code: str) -> None:
    path = make(tmp_path / "hostile.bin")
    program = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from coverage_kit import BadInput\n"
        "from coverage_kit.exchange.read.table_files import read_rows\n"
        "try:\n    read_rows(Path(sys.argv[1]))\n    code = None\n"
        "except BadInput as exc:\n    code = exc.code\n"
        "most = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(json.dumps([code, int(most.split()[1]) / 1024]))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    found, most = json.loads(done.stdout)
    assert found == code
    assert most < 512


GREEDY = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("child", sys.argv[1])
child = importlib.util.module_from_spec(spec)
spec.loader.exec_module(child)
child._print_workbook = lambda path, sheet: bytearray(700 << 20)
if sys.argv[2] == "without":
    child._limit = lambda: None
child.main("excel", "", "")
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
@pytest.mark.parametrize(("limit", "ended"), [("with", "MemoryError"), ("without", "")])
def test_a_reader_that_wants_more_memory_than_its_limit_is_ended(limit: str, ended: str) -> None:
    command = [sys.executable, "-c", GREEDY, str(Path(limited.__file__).with_name("child.py")), limit]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr.strip().rpartition("\n")[2] == ended


UNSEEN = ["\u200b", "\u200e", "\u200f", "\u2060", "\ufeff"]
LOOKS_BLANK = [" ", "\u00a0", "\u2009", "\u202f", "\u3000"]


@pytest.mark.slow
def test_what_nobody_sees_in_a_cell_is_read_alike_from_every_kind_of_file(tmp_path: Path) -> None:
    rows = [["company", "name"]]
    rows += [[f"Acme{sign}", f"{sign}Ann{blank}Exam{sign}ple{sign}"] for sign in ("", *UNSEEN) for blank in LOOKS_BLANK]
    text, page = tmp_path / "a.csv", tmp_path / "b.xls"
    text.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
    cells = "".join(f"<tr><td>{company}</td><td>{name}</td></tr>" for company, name in rows)
    page.write_text(f"<meta charset=utf-8><table>{cells}</table>", "utf-8")
    for path in (text, page, xlsx(tmp_path / "c.xlsx", {"a": rows})):
        plan = ImportPlan("contacts", read_import("contacts", path), "en", Unclear.ASK, {}, {})
        read = [row.cells for row in RowReader(plan).read(lambda *_: None)]
        assert read == [{"account": "Acme", "name": "Ann Example"}] * (len(rows) - 1), path.suffix


def test_a_joiner_stays_where_a_script_needs_it() -> None:
    assert without_unseen("\u200cعلی\u200cرضا\u200d") == "علی\u200cرضا"


@pytest.mark.slow
def test_a_row_that_was_shifted_before_it_became_a_workbook_is_a_problem(ws: Workspace, tmp_path: Path) -> None:
    head = ["Company", "Name", "Job Title", "Email", "Phone"]
    shifted = ["Ann Example;Acme", "CFO", "ann@acme.example", "010-1234-5678", ""]
    sound = [
        ["123-45-67890", "Bo Sample", "CEO", "bo@beta.example", ""],
        ["Beta", "Cy Test", "CFO", "", ""],
        ["Beta", "Di Test", "CTO", "unclear", "010-1234-5678"],
    ]
    plan = ws.import_file("contacts", xlsx(tmp_path / "a.xlsx", {"a": [head, shifted, *sound]}))
    assert [(one.row, one.code) for one in plan.problems] == [(2, "row.too_short"), (5, "contact.email")]
    assert sorted(row.name for row in ws.ledger.as_of(Person)) == ["Bo Sample", "Cy Test", "Di Test"]
