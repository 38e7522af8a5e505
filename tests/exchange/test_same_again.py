"""The same file again changes nothing, whatever stands in it and whatever was done in between."""

from __future__ import annotations

import csv
from itertools import permutations
from pathlib import Path

import pytest
from exchange_helpers import codes, counts

from coverage_kit.exchange.plan.namesakes import Reach, match_namesakes
from coverage_kit.exchange.read.delimited import read_records
from coverage_kit.store.entities import Account, Person, Staff
from coverage_kit.workspace import Workspace


def file(tmp_path: Path, text: str, name: str = "file.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_that_contradict_each_other_are_named_and_do_not_flip_flop(ws: Workspace, tmp_path: Path) -> None:
    path = file(tmp_path, "account,name,title,email\nA,Ann,CFO,a@x.com\nA,Ann,CTO,a@x.com\nA,Ann,,a@x.com\n")
    plan = ws.import_file("contacts", path)
    assert counts(plan, "added", "unchanged", "rejected") == [1, 1, 1]
    assert codes(plan) == [(3, "contact.contradicts")]
    at = ws.ledger.last_at()
    for _ in range(2):
        plan = ws.import_file("contacts", path)
        assert counts(plan, "added", "changed", "unchanged", "rejected") == [0, 0, 2, 1]
    assert ws.ledger.last_at() == at
    assert ws.people("A")["title"].tolist() == ["CFO"]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "text"), [("accounts", "key,name\nA1,Alpha\n"), ("accounts", "name\nAlpha\n"), ("contacts", "account,name\nAlpha,Ann\n"), ("staff", "key,name\nkim,Kim\n")])  # fmt: skip
def test_what_was_taken_back_can_be_imported_again(ws: Workspace, tmp_path: Path, kind: str, text: str) -> None:
    path = file(tmp_path, text)
    ws.import_file(kind, path)
    entity = {"accounts": Account, "contacts": Person, "staff": Staff}[kind]
    first = ws.ledger.as_of(entity)
    ws.undo(first[0].edit_id)
    assert ws.ledger.as_of(entity) == []
    assert ws.import_file(kind, path).counts["added"] == 1
    assert [row.name for row in ws.ledger.as_of(entity)] == [row.name for row in first]
    assert ws.import_file(kind, path).changes == []


def test_an_unclosed_quote_costs_its_own_row_and_no_other(ws: Workspace, tmp_path: Path) -> None:
    text = 'account,name,title\nA,"Ann,CFO\nA,Bob,CTO\nA,"Cy",CIO\nA,Di,"say ""hi"""\n'
    plan = ws.import_file("contacts", file(tmp_path, text))
    assert counts(plan, "rows", "added", "rejected") == [4, 3, 1]
    assert codes(plan) == [(2, "row.quote")]
    assert ws.people("A")["name"].tolist() == ["Bob", "Cy", "Di"]
    assert 'A,"Ann,CFO"' in Path(plan.counts["rejects_file"]).read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("text", "broken", "numbers"),
    [
        ('a,b,c\n1,"x,2\n2,y,z\n3,q,w\n', {2}, [1, 2, 3, 4]),
        ('a,b,c\n1,"x,2\n2,"y",z\n', {2}, [1, 2, 3]),
        ('a,b,c\n1,"x,2\n2,y,"\n3,q,w\n', set(), [1, 2, 3]),
        ('a,b\n"x"y,1\n2,3\n', {2}, [1, 2, 3]),
        ('a,b,c\n1,"x\ny",2\n\n3,4,5\n', set(), [1, 2, 4]),
    ],
)
def test_records_whose_quotes_cannot_be_right(text: str, broken: set[int], numbers: list[int]) -> None:
    records = read_records(text)
    assert set(records.broken) == broken
    assert [number for number, _ in records.rows] == numbers


def test_a_name_that_swallowed_a_row_is_not_taken_and_a_memo_with_rows_in_it_is(ws: Workspace, tmp_path: Path) -> None:
    swallowed = 'account,name,title\nA,"Ann,CFO\nA,Bob,CTO\nA,Cy",CIO\n'
    assert codes(ws.import_file("contacts", file(tmp_path, swallowed))) == [(2, "row.quote")]
    memo = 'account,name,memo\nA,Ann,"see\none,two,three\nfour"\n'
    plan = ws.import_file("contacts", file(tmp_path, memo))
    assert codes(plan) == [(2, "row.quote_suspect")]
    assert counts(plan, "added", "rejected") == [1, 0]


def test_two_people_of_one_name_are_told_apart_by_evidence_only(ws: Workspace, tmp_path: Path) -> None:
    text = "account,name,email,phone\nA,Ann,,\nA,Ann,a@x.com,\nA,Ann,b@x.com,010-1\nA,Ann,,0101\n"
    path = file(tmp_path, text)
    for added in (2, 0):
        plan = ws.import_file("contacts", path)
        assert codes(plan) == [(2, "contact.several")]
        assert counts(plan, "added", "unchanged", "rejected") == [added, 3 - added, 1]
    assert ws.people("A")["email"].tolist() in (["a@x.com", "b@x.com"], ["b@x.com", "a@x.com"])


NOBODY, A, B, P, Q = Reach(), Reach("a@x"), Reach("b@x"), Reach("", "1"), Reach("", "2")


@pytest.mark.parametrize(
    ("rows", "known", "expected"),
    [
        ([NOBODY], [], [0]),
        ([NOBODY, NOBODY], [], [0, 0]),
        ([NOBODY], [A], [0]),
        ([A], [NOBODY], [0]),
        ([A], [B], [1]),
        ([Q], [P], [0]),
        ([P, Q], [], [0, 1]),
        ([P, Q], [P], [0, 1]),
        ([A, B], [NOBODY], [1, 2]),
        ([NOBODY], [A, B], [None]),
        ([P], [A, B], [None]),
        ([Reach("b@x", "1")], [Reach("a@x", "1")], [0]),
        ([Reach("a@x", "1"), Reach("b@x", "1")], [], [0, 1]),
        ([P], [Reach("a@x", "1"), Reach("b@x", "2")], [0]),
    ],
)
def test_whom_a_row_means(rows: list[Reach], known: list[Reach], expected: list[int | None]) -> None:
    assert match_namesakes(rows, known) == expected


def test_whom_a_row_means_does_not_hang_on_the_order_and_is_the_same_again() -> None:
    rows = [A, B, Reach("a@x", "1"), P, NOBODY]
    groups = set()
    for order in permutations(rows):
        found = match_namesakes(order, [])
        groups.add(frozenset((row, which is None) for row, which in zip(order, found, strict=True)))
        known: dict[int, Reach] = {}
        for row, which in zip(order, found, strict=True):
            if which is not None:
                had = known.get(which, Reach())
                known[which] = Reach(had.email or row.email, had.phone or row.phone)
        again = match_namesakes(order, [known[i] for i in sorted(known)])
        assert again == found
    assert len(groups) == 1


def test_several_accounts_of_one_name_are_not_guessed(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("accounts", file(tmp_path, "key,name\nA1,Alpha\nA2,Alpha\n"))
    plan = ws.import_file("contacts", file(tmp_path, "account,name\nAlpha,Ann\nA2,Bob\n", "c.csv"))
    assert codes(plan) == [(2, "contact.account_several")]
    assert ws.people("A2")["name"].tolist() == ["Bob"]
    assert codes(ws.import_file("accounts", file(tmp_path, "name\nAlpha\n", "n.csv"))) == [(2, "account.several")]


@pytest.mark.parametrize("order", [("accounts", "contacts"), ("contacts", "accounts")])
@pytest.mark.parametrize("accounts", ["key,name\nA1,Alpha\n", "name\nALPHA\n"])
def test_neither_order_doubles_an_account(ws: Workspace, tmp_path: Path, order, accounts: str) -> None:
    files = {"accounts": file(tmp_path, accounts, "a.csv"), "contacts": file(tmp_path, "account,name\nAlpha,Ann\n", "c.csv")}  # fmt: skip
    for _ in range(2):
        for kind in order:
            ws.import_file(kind, files[kind])
    rows = ws.ledger.as_of(Account)
    assert [row.status for row in rows] == ["active"]
    assert ws.people(rows[0].id)["name"].tolist() == ["Ann"]


def test_a_rejects_file_runs_no_formula_keeps_its_columns_and_comes_in_mended(ws: Workspace, tmp_path: Path) -> None:
    text = "=evil(),account,name,title\n1,A\n2,A,Bob,x,y\n'=3,A,,=1+1\n"
    plan = ws.import_file("contacts", file(tmp_path, text))
    rejects = Path(plan.counts["rejects_file"])
    written = rejects.read_text(encoding="utf-8-sig")
    assert written.splitlines()[0] == "problem,'=evil(),account,name,title"
    assert [row[1:] for row in list(csv.reader(written.splitlines()))[1:]] == [["1", "A"], ["2", "A", "Bob", "x", "y"], ["'=3", "A", "", "'=1+1"]]  # fmt: skip
    mended = written.replace("1,A\n", "1,A,Cy\n").replace(",x,y", ",x").replace("'=3,A,,", "'=3,A,Di,")
    plan = ws.import_file("contacts", file(tmp_path, mended, "mended.csv"))
    assert counts(plan, "added", "rejected") == [3, 0]
    assert sorted(ws.people("A")["title"].dropna()) == ["=1+1", "x"]
