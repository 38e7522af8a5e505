"""Whatever bytes come in: either rows or one of our own errors, and the same file again changes nothing."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coverage_kit import BadInput, init_workspace
from coverage_kit.exchange.outputs import as_typed, harmless
from coverage_kit.exchange.plan.imports import read_import
from coverage_kit.exchange.read.delimited import read_records
from coverage_kit.exchange.read.encodings import decode
from coverage_kit.exchange.read.table_files import read_rows
from tests.depth import depth

# Nothing is shrunk: what is found is kept as a file, and a person makes it small.
PHASES = (Phase.explicit, Phase.generate)
BUDGET = settings(max_examples=depth(15, 50, 150), phases=PHASES)
KEPT = Path(__file__).parent / "found"

cell = st.text(st.sampled_from("aA가각,;\t\"'=+-@ 0\n\r\x00é㈜\u200b"), max_size=6)
table = st.lists(st.lists(cell, min_size=1, max_size=4), min_size=1, max_size=6)
files = st.one_of(
    st.binary(max_size=60),
    table.map(lambda rows: "\n".join(",".join(row) for row in rows).encode()),
    st.tuples(table, st.sampled_from(["cp949", "utf-16", "utf-8-sig"])).map(
        lambda pair: ("회사,이름,이메일\n" + "\n".join(",".join(row) for row in pair[0])).encode(pair[1], "replace")
    ),
    st.sampled_from([b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"<table><tr><td>", b"<html>"]).flatmap(
        lambda head: st.binary(max_size=40).map(lambda tail: head + tail)
    ),
)


def check_reading(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(data)
        try:
            table = read_import("contacts", path)
        except BadInput:
            return
        numbers = [number for number, _ in table.rows]
        assert numbers == sorted(set(numbers))


def check_importing(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, init_workspace(Path(folder) / "ws", actor="a") as ws:
        path = Path(folder) / "f.csv"
        path.write_bytes(data)
        first = ws.import_file("contacts", path)
        at = ws.ledger.last_at()
        again = ws.import_file("contacts", path)
        assert again.changes == []
        assert again.counts["rejected"] == first.counts["rejected"]
        assert ws.ledger.last_at() == at
        assert first.counts["rows"] == sum(first.counts[n] for n in ("added", "changed", "unchanged", "rejected"))


@BUDGET
@given(files)
def test_any_bytes_give_rows_or_our_own_error(data: bytes) -> None:
    if not data.startswith(b"\xd0\xcf"):  # a process of its own for each would take the whole budget
        check_reading(data)


@BUDGET
@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1, max_size=8))
def test_no_line_of_a_text_is_lost(rows: list[list[str]]) -> None:
    text = "\n".join(",".join(row) for row in rows)
    records = read_records(text, ",")
    kept = "".join(cell for _, cells in records.rows for cell in cells)
    for sign in "가각é":
        assert kept.count(sign) == text.count(sign)


header = ["회사", "이름", "직책", "memo"]


@BUDGET
@given(
    st.lists(
        st.lists(st.text(st.sampled_from("aA가,;\t|\"'= \n0é㈜"), max_size=8), min_size=4, max_size=4),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_any_valid_csv_gives_exactly_its_rows(rows: list[list[str]], sign: str, quoting: Any, end: str, encoding: str) -> None:  # fmt: skip
    text = io.StringIO(newline="")
    # Before Python 3.13 the writer leaves a line feed unquoted where lines end with \r, and then the text is other rows.
    writer = csv.writer(text, delimiter=sign, quoting=csv.QUOTE_ALL if end == "\r" else quoting, lineterminator=end)
    writer.writerows([header, *rows])
    strict = [*csv.reader(io.StringIO(text.getvalue(), newline=""), delimiter=sign, strict=True)]
    assert strict == [header, *rows]
    filled = [cells for cells in strict if any(cell.strip() for cell in cells)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(text.getvalue().encode(encoding))
        found = read_rows(path)
    assert [cells for _, cells in found.rows] == [[*map(as_typed, cells)] for cells in filled]
    assert found.broken == frozenset()


@BUDGET
@given(st.text(max_size=12))
def test_a_cell_made_harmless_is_typed_the_same(text: str) -> None:
    assert as_typed(harmless(text)) == text


@BUDGET
@given(st.text(st.sampled_from("가나다라한빛전자김이박 ,\n()㈜"), min_size=8, max_size=60))
def test_korean_survives_every_encoding_people_save_in(text: str) -> None:
    if sum("가" <= sign <= "힣" for sign in text) >= 4:
        for encoding in ("utf-8", "cp949", "utf-16"):
            assert decode(text.encode(encoding), "f").text == text


contact = st.tuples(
    st.sampled_from(["한빛", "(주)한빛", "Hanbit", "A", ""]),
    st.sampled_from(["Ann", "ann", "김가온", ""]),
    st.sampled_from(["", "a@x.com", "b@x.com", "no"]),
    st.sampled_from(["", "010-1234", "010-9999"]),
    st.sampled_from(["", "CFO", "COO"]),
)


@pytest.mark.slow
@settings(max_examples=depth(4, 10, 25), phases=PHASES)
@given(st.lists(contact, max_size=9))
def test_whatever_stands_in_a_file_it_changes_nothing_the_second_time(rows: list[tuple[str, ...]]) -> None:
    check_importing(("account,name,email,phone,title\n" + "".join(",".join(row) + "\n" for row in rows)).encode())


@pytest.mark.slow
@pytest.mark.parametrize("path", sorted(KEPT.glob("*")), ids=lambda path: path.name)
def test_what_the_fuzzing_found_stays_mended(path: Path) -> None:
    check_reading(path.read_bytes())
    check_importing(path.read_bytes())


@pytest.mark.slow
def test_a_question_that_nobody_answered_is_asked_again(tmp_path: Path) -> None:
    rows = [
        "한빛,ann,b@x.com,010-9999,CFO", "A,Ann,a@x.com,010-9999,COO", "한빛,김가온,b@x.com,,", "Hanbit,Ann,a@x.com,,COO",
        "A,,b@x.com,010-9999,CFO", ",김가온,,,", "(주)한빛,Ann,no,010-1234,", "A,Ann,,,COO", "A,ann,,010-9999,CFO",
    ]  # fmt: skip
    path = tmp_path / "f.csv"
    path.write_text("account,name,email,phone,title\n" + "\n".join(rows) + "\n", encoding="utf-8")
    with init_workspace(tmp_path / "ws", actor="a") as ws:
        first, again = ws.import_file("contacts", path), ws.import_file("contacts", path)
        assert [one.row for one in first.asked] == [8]
        # Row 10 contradicted another one, which is no longer beside it: it is asked about too.
        assert ([one.row for one in again.asked], again.changes) == ([8, 10], [])
        assert first.counts["rejected"] == again.counts["rejected"]
        answered = ws.import_file("contacts", path, who={8: "new"})
        assert answered.counts["rejected"] == first.counts["rejected"] - 1
        later = ws.import_file("contacts", path)
        assert ([one.row for one in later.asked], later.changes) == ([10], [])


@pytest.mark.slow
def test_a_question_is_looked_at_again_once_another_row_of_that_name_is_different(tmp_path: Path) -> None:
    head, path = "account,name,email,phone,title\n", tmp_path / "f.csv"
    rows = ["한빛,Ann,a@x.com,010-1234,CFO", "한빛,Ann,b@x.com,010-9999,COO", "한빛,Ann,,,"]
    with init_workspace(tmp_path / "ws", actor="a") as ws:
        for expected in ([4], [4]):
            path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
            assert [one.row for one in ws.import_file("contacts", path).asked] == expected
        path.write_text(
            head + "한빛,Ann,a@x.com,010-1234,CFO\n한빛,Ann,,,\n한빛,Ann,b@x.com,010-9999,CEO\n", encoding="utf-8"
        )
        assert [one.row for one in ws.import_file("contacts", path).asked] == [3]
