"""The import page: what a file leaves out, what a person must decide, and the known people who look different in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import init_workspace
from coverage_kit.store.entities import Person
from coverage_kit.transfer.evidence import find_evidence
from coverage_kit.workbook.model.importing import ImportBook
from coverage_kit.workspace import Workspace
from tests.workbook.test_import_page import send

ACCOUNTS = "Account ID,Account Name\nA1,Alpha\nB1,Beta Steel\n"
BEFORE = """Contact ID,Account ID,Account Name,Full Name,Title,E-mail,Status
k1,B1,Beta Steel,Bo,CFO,bo@beta.example,Active
k2,A1,Alpha,Ann,CEO,ann@a.example,Active
k3,A1,Alpha,Cy,Head of IT,cy@a.example,Active
k4,A1,Alpha,Di,Buyer,di@a.example,Active
k5,A1,Alpha,Ed,Clerk,ed@a.example,Active
"""
#: Bo moved, Ann has another title, Cy is inactive, Di is gone.
AFTER = (
    BEFORE.replace("k1,B1,Beta Steel,Bo,CFO,bo@beta.example", "k1,A1,Alpha,Bo,COO,bo@a.example")
    .replace("Ann,CEO", "Ann,Chair")
    .replace("cy@a.example,Active", "cy@a.example,퇴사")
    .replace("k4,A1,Alpha,Di,Buyer,di@a.example,Active\n", "")
)
KNOWN = {"Bo": ("B1", "cfo"), "Ann": ("A1", "ceo"), "Cy": ("A1", "cio"), "Di": ("A1", "finance_manager")}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", lang="en", actor="coach") as made:
        for kind, text in (("accounts", ACCOUNTS), ("contacts", BEFORE)):
            path = tmp_path / f"{kind}.csv"
            path.write_text(text, encoding="utf-8")
            made.import_file(kind, path)
        for name, (account, role) in KNOWN.items():
            made.edit_slot(account, role, holder=name, verified_on="2026-11-01", verified_how="call")
        yield made


@pytest.fixture
def book(ws: Workspace) -> ImportBook:
    return ImportBook(ws)


def evidence(book: ImportBook) -> dict[str, dict[str, Any]]:
    return {line["person"]: line for line in book.handle({"kind": "evidence"})["lines"]}


def record(book: ImportBook, *pairs: tuple[str, str], **more: Any) -> dict[str, Any]:
    lines = evidence(book)
    people = [
        {"employment": lines[name]["employment"], "version": lines[name]["version"], "truth": truth}
        for name, truth in pairs
    ]
    return book.handle({"kind": "record", "people": people, "how": "call", **more})


def tried(book: ImportBook, text: str = AFTER) -> dict[str, Any]:
    send(book, "after.csv", text.encode())
    return book.handle({"kind": "try_out"})


def people_of(ws: Workspace, account: str) -> dict[str, tuple[Any, Any]]:
    rows = ws.people(account)[["name", "title", "end_kind"]].to_numpy().tolist()
    return {name: (title, ended) for name, title, ended in rows}


# Who looks different ----------------------------------------------------------------------------------------------


def test_a_trial_says_who_looks_different_with_the_positions_it_touches(book: ImportBook) -> None:
    tried(book)
    said = book.handle({"kind": "evidence", "seq": 3})
    assert (said["of_file"], said["n"], said["seq"]) == (True, 4, 3)
    lines = evidence(book)
    assert {name: (line["kind"], line["was"], line["now"]) for name, line in lines.items()} == {
        "Bo": ("moved", "Beta Steel (B1)", "Alpha (A1)"),
        "Ann": ("title", "CEO", "Chair"),
        "Cy": ("inactive", "", "퇴사"),
        "Di": ("gone", "", ""),
    }
    assert {name: [role["key"] for role in line["roles"]] for name, line in lines.items()} == {
        name: [role] for name, (_, role) in KNOWN.items()
    }
    assert {name: line["suggested"] for name, line in lines.items()} == {
        "Bo": "moved", "Ann": "title", "Cy": "left", "Di": "",
    }  # fmt: skip
    assert [line["truths"][0] for line in lines.values() if line["suggested"]] == ["title", "left", "moved"]


def test_the_list_is_there_tomorrow_without_the_file(ws: Workspace, book: ImportBook) -> None:
    tried(book)
    book.handle({"kind": "run"})
    later = ImportBook(ws)
    said = later.handle({"kind": "evidence"})
    assert (said["of_file"], sorted(evidence(later))) == (False, sorted(KNOWN))


@pytest.mark.parametrize("is_done", [False, True])
@pytest.mark.parametrize(
    ("name", "truth", "account", "title", "end_kind"),
    [
        ("Bo", "moved", "B1", "CFO", "moved"),
        ("Ann", "title", "A1", "Chair", None),
        ("Ann", "role", "A1", "Chair", None),
        ("Cy", "left", "A1", "Head of IT", "left"),
        ("Di", "retired", "A1", "Buyer", "retired"),
    ],
)
def test_one_press_records_what_is_true_and_closes_the_line_until_it_is_undone(
    ws: Workspace,
    book: ImportBook,
    name: str,
    truth: str,
    account: str,
    title: str,
    end_kind: str | None,
    is_done: bool,
) -> None:
    tried(book)
    if is_done:
        book.handle({"kind": "run"})
    said = record(book, (name, truth))
    assert (said["recorded"]["n"], name in evidence(book), len(said["lines"])) == (1, False, 3)
    assert people_of(ws, account)[name] == (title, end_kind)
    undone = book.handle({"kind": "undo_record", "undoes": said["recorded"]["edit_id"]})
    assert (undone["recorded"], undone["n"]) == (None, 4)
    if not is_done:
        book.handle({"kind": "run"})
    assert sorted(evidence(ImportBook(ws))) == sorted(KNOWN)


def test_a_move_opens_the_job_at_the_new_account_with_the_title_of_the_file(ws: Workspace, book: ImportBook) -> None:
    tried(book)
    record(book, ("Bo", "moved"))
    assert people_of(ws, "A1")["Bo"] == ("COO", None)
    assert book.handle({"kind": "run"})["plan"]["counts"]["added"] == 0


def test_somebody_who_is_still_here_is_checked_even_twice_on_one_day(ws: Workspace, book: ImportBook) -> None:
    today = ws.today().isoformat()
    ws.coaching.people.confirm("Ann", "A1", how="call")
    tried(book)
    book.handle({"kind": "run"})
    assert "Ann" in evidence(book)
    assert "Ann" not in {line["person"] for line in record(book, ("Ann", "still"))["lines"]}
    slots = ws.slots()
    assert slots.loc[slots["holder"] == "Ann", "verified_on"].astype(str).tolist() == [today]


def test_all_are_recorded_in_one_edit_and_undone_by_one(ws: Workspace, book: ImportBook) -> None:
    tried(book)
    book.handle({"kind": "run"})
    before = ws.ledger.last_at()
    said = record(book, ("Bo", "moved"), ("Ann", "title"), ("Cy", "left"), edit_id="ed_all")
    assert ([line["person"] for line in said["lines"]], said["recorded"]) == (["Di"], {"edit_id": "ed_all", "n": 3})
    again = record(book, edit_id="ed_all")
    assert again["recorded"] == said["recorded"], "the same act again writes nothing"
    book.handle({"kind": "undo_record", "undoes": "ed_all"})
    assert sorted(evidence(book)) == sorted(KNOWN)
    assert people_of(ws, "B1")["Bo"] == ("CFO", None)
    assert ws.ledger.last_at() > before


def test_a_line_that_somebody_else_recorded_meanwhile_is_refused_by_name(ws: Workspace, book: ImportBook) -> None:
    tried(book)
    seen = evidence(book)["Cy"]
    ws.edit_person("Cy", "A1", department="Systems")
    people = [{"employment": seen["employment"], "version": seen["version"], "truth": "left"}]
    refused = book.handle({"kind": "record", "people": people, "how": "call"})
    assert refused["kind"] == "refused"
    assert people_of(ws, "A1")["Cy"] == ("Head of IT", None)


def test_a_check_closes_evidence_and_the_same_file_again_does_not_open_it(ws: Workspace, book: ImportBook) -> None:
    tried(book)
    book.handle({"kind": "run"})
    for name in ("Di", "Cy"):
        record(book, (name, "still"))
    again = ImportBook(ws)
    tried(again)
    assert sorted(evidence(again)) == ["Ann", "Bo"]
    again.handle({"kind": "run"})
    assert sorted(evidence(again)) == ["Ann", "Bo"]
    assert sorted(one.person for one in find_evidence(ws.ledger)) == ["Ann", "Bo"]


def test_a_move_to_an_account_that_is_not_here_yet_waits_for_the_import(book: ImportBook) -> None:
    tried(book, BEFORE.replace("k1,B1,Beta Steel,Bo,CFO", "k1,C9,Gamma Ltd,Bo,CFO"))
    assert "moved" not in evidence(book)["Bo"]["truths"]
    book.handle({"kind": "run"})
    assert evidence(book)["Bo"]["truths"][0] == "moved"


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "record", "people": [{"employment": "em_x", "version": 1, "truth": "left"}], "how": "call"},
        {"kind": "record", "people": 7, "how": "call"},
        {"kind": "undo_record", "undoes": "ed_x"},
        {"kind": "undo_record", "undoes": "\ud800"},
    ],
)
def test_an_odd_request_about_evidence_is_refused_in_both_languages(
    ws: Workspace, book: ImportBook, message: dict[str, Any]
) -> None:
    before = ws.ledger.last_at()
    said = book.handle({"seq": 1, **message})
    assert (said["kind"], set(said["text"]), ws.ledger.last_at()) == ("refused", {"ko", "en"}, before)


# How the file was read --------------------------------------------------------------------------------------------


def test_a_trial_names_the_rows_left_out_and_the_columns_not_read(book: ImportBook) -> None:
    text = "고객 명단,,,\nAccount Name,Full Name,Rufnummer,Memo\nAlpha,Eve,02-555-0101,likes tea\n합계,,,1\n출력일: 2026-11-20,,,\n"
    plan = tried(book, text)["plan"]
    assert [(one["row"], one["why"]) for one in plan["left_out"]] == [(1, "preamble"), (4, "total"), (5, "footer")]
    assert (plan["n_left_out"], plan["left_out_by"]) == (3, {"preamble": 1, "total": 1, "footer": 1})
    assert plan["unread"] == ["Rufnummer", "Memo"]


def test_a_column_not_read_comes_with_samples_and_is_read_with_one_press(book: ImportBook) -> None:
    text = "Account Name,Full Name,Rufnummer\n" + "Alpha,Eve,\nAlpha,Fay,\nAlpha,Gil,\nAlpha,Hal,02-555-0101\n"
    said = tried(book, text)
    columns = {column["theirs"]: column for column in said["preview"]["columns"]}
    assert columns["Rufnummer"]["samples"] == ["02-555-0101"], "cells that hold something, wherever they are"
    again = book.handle({"kind": "try_out", "columns": {"Rufnummer": "phone"}})
    assert (again["plan"]["unread"], again["done"]) == ([], False)
    book.handle({"kind": "run"})
    assert book.ws.people("A1").set_index("name").loc["Hal", "phone"] == "02-555-0101"


# What only a person can decide --------------------------------------------------------------------------------------

UNCLEAR = "Account ID,Account Name,Full Name\nA-77,Beta Steel,Eve\n"


def test_a_key_that_does_not_fit_its_name_is_asked_and_decided_on_the_page(book: ImportBook) -> None:
    said = tried(book, UNCLEAR)
    assert (said["plan"]["n_unclear"], said["plan"]["unclear"], said["plan"]["counts"]["rejected"]) == (1, "ask", 1)
    [problem] = said["plan"]["problems"]
    assert "--unclear" not in problem["text"]["en"] + problem["text"]["ko"]
    same = book.handle({"kind": "try_out", "unclear": "same"})["plan"]
    assert (same["n_unclear"], same["unclear"], same["counts"]["accounts_added"]) == (0, "same", 0)
    new = book.handle({"kind": "try_out", "unclear": "new"})["plan"]
    assert new["counts"]["accounts_added"] == 1
    asked = book.handle({"kind": "try_out", "unclear": "ask"})["plan"]
    assert asked["n_unclear"] == 1
    book.handle({"kind": "try_out", "unclear": "same"})
    book.handle({"kind": "run"})
    assert "Eve" in people_of(book.ws, "B1")


def test_an_owner_whom_several_colleagues_could_be_is_asked_and_chosen_on_the_page(
    ws: Workspace, book: ImportBook, tmp_path: Path
) -> None:
    staff = tmp_path / "staff.csv"
    staff.write_text("key,name,function\nkim.1,김지혜,rep\nkim.2,김지혜,rep\n", encoding="utf-8")
    ws.import_file("staff", staff)
    book.handle({"kind": "set", "kind_of_file": "accounts"})
    [question] = tried(book, "Account ID,Account Name,Owner\nD1,Delta,김지혜\n")["plan"]["owners"]
    assert (question["name"], question["n"], question["chosen"]) == ("김지혜", 1, "")
    assert [each["id"] for each in question["colleagues"]] == ["kim.1", "kim.2"]
    decided = book.handle({"kind": "try_out", "owners": {"김지혜": "kim.2"}})["plan"]
    assert (decided["owners"][0]["chosen"], decided["n_problems"]) == ("kim.2", 0)
    book.handle({"kind": "run"})
    assert ws.slots(rep="kim.2")["account"].unique().tolist() == ["D1"]


# The clock ----------------------------------------------------------------------------------------------------------


def test_a_file_is_imported_after_the_date_was_confirmed(tmp_path: Path) -> None:
    day = 86_400_000
    with init_workspace(tmp_path / "late", lang="en", actor="coach") as ws:
        send(book := ImportBook(ws), "a.csv", ACCOUNTS.encode())
        book.handle({"kind": "set", "kind_of_file": "accounts"})
        book.handle({"kind": "run"})
        clock = ws.ledger.clock
        ws.ledger.clock = lambda: clock() + 400 * day
        send(book, "b.csv", BEFORE.encode())
        book.handle({"kind": "set", "kind_of_file": "contacts"})
        asked = book.handle({"kind": "run", "seq": 5})
        assert (asked["kind"], asked["code"], asked["seq"]) == ("unavailable", "store.clock", 5)
        assert "--confirm-clock" not in asked["text"]["en"]
        assert ws.ledger.as_of(Person) == []
        assert book.handle({"kind": "run", "clock": "confirmed"})["done"]
        assert not ws.ledger.clock_confirmed, "it holds for this act, and not for a later jump"


def test_a_long_comparison_with_the_last_files_shows_how_far_it_is(
    book: ImportBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coverage_kit.transfer.evidence._STEP", 2)
    shown: list[Any] = []
    book.push = shown.append
    book.handle({"kind": "evidence"})
    assert [(one["step"], one["done"], one["total"]) for one in shown] == [("comparing", 2, 5), ("comparing", 4, 5)]


def test_a_memo_suggests_nothing_to_record_and_is_never_taken_for_a_title(ws: Workspace, book: ImportBook) -> None:
    noted = AFTER.replace("cy@a.example,퇴사", "cy@a.example,부서이동")
    tried(book, noted)
    book.handle({"kind": "run"})
    line = evidence(book)["Cy"]
    assert (line["kind"], line["now"], line["suggested"]) == ("noted", "부서이동", "")
    assert line["truths"] == ["role", "still", "left", "retired"]
    record(book, ("Cy", "role"))
    assert people_of(ws, "A1")["Cy"] == (None, None)
    assert "Cy" not in evidence(book)
