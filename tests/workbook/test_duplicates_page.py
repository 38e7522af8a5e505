"""The page of duplicates: what it shows, what one press writes, and what it hands over for the CRM."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import Workspace, init_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import Account, Person
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from tests.conftest import HandClock

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
CONTACTS = (
    "Contact ID,Full Name,Account ID,Account Name,Email,Phone,Title\n"
    "C1,Kim Minsu,A,Hanbit,ms@hanbit.kr,02-1234567,CEO\n"
    "C2,김민수,B,Hanbit Co,ms@hanbit.kr,,대표이사\n"
    "C3,Ann Other,B,Hanbit Co,ann@hanbit.kr,,CFO\n"
)


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    own = {"status": "active", "template_ids": '["general"]', "owner_id": "kim"}
    with init_workspace(tmp_path / "ws", actor="kim", clock=HandClock(NOON), lang="en") as made:
        made.ledger.save(
            [
                Change("staff", "kim", {"name": "Kim", "login": "kim", "function": "rep"}),
                Change("account", "A", {"name": "Hanbit", "name_key": "hanbit", **own}),
                Change("account", "B", {"name": "Hanbit Co", "name_key": "hanbitco", **own}),
            ]
        )
        file = tmp_path / "contacts.csv"
        file.write_text(CONTACTS, "utf-8-sig")
        made.import_file("contacts", file)
        yield made


def ask(book: DuplicatesBook, kind: str, **body: object) -> Any:
    return book.handle({"kind": kind, "seq": 1, **body})


def test_a_pair_is_looked_at_merged_and_taken_back(ws: Workspace) -> None:
    book = DuplicatesBook(ws)
    shown = ask(book, "hello")
    (pair,) = shown["people"]
    assert pair["reasons"] == ["email", "account", "sound"]
    assert (shown["n_people"], shown["n_accounts"], book.facts()) == (1, 1, {"people": 1, "accounts": 1})
    two = {"what": "person", "keep": pair["one"], "gone": pair["other"]}
    preview = ask(book, "preview_merge", **two)
    assert {each["field"] for each in preview["differences"]} == {"name"}
    saved = ask(book, "merge", **two, choices={}, versions=preview["versions"], edit_id="ed_merge")
    assert (saved["kind"], saved["state"]["people"]) == ("saved", [])
    assert ws.ledger.find(Person, pair["other"]).merged_into == pair["one"]
    (done,) = saved["state"]["merges"]
    undone = ask(book, "undo", undoes=done["edit_id"], edit_id="ed_back")
    assert (undone["state"]["merges"], undone["state"]["n_people"]) == ([], 1)


def test_a_question_is_answered_before_the_merge_and_a_change_in_between_is_refused(ws: Workspace) -> None:
    ws.edit_slot("A", "cfo", holder="Kim Minsu")
    ws.edit_slot("B", "cfo", holder="Ann Other")
    book = DuplicatesBook(ws)
    two = {"what": "account", "keep": "A", "gone": "B"}
    preview = ask(book, "preview_merge", **two)
    (question,) = preview["questions"]
    assert (question["id"], question["chosen"]) == ("role:cfo", "")
    assert question["about"]["ko"] != "cfo"
    assert ask(book, "merge", **two, versions=preview["versions"], edit_id="ed_a")["code"] == "merge.open"
    chosen = {"role:cfo": "take"}
    ws.ledger.save([Change("account", "B", {"region": "Seoul"})])
    refused = ask(book, "merge", **two, choices=chosen, versions=preview["versions"], edit_id="ed_b")
    assert refused["code"] == "merge.changed"
    again = ask(book, "preview_merge", **two, choices=chosen)
    assert ask(book, "merge", **two, choices=chosen, versions=again["versions"], edit_id="ed_c")["kind"] == "saved"
    assert ws.ledger.find(Account, "B").merged_into == "A"


def test_a_pair_kept_apart_does_not_come_back(ws: Workspace) -> None:
    book = DuplicatesBook(ws)
    (pair,) = ask(book, "hello")["people"]
    body = {"what": "person", "one": pair["one"], "other": pair["other"]}
    assert ask(book, "keep_apart", **body, edit_id="ed_apart")["state"]["people"] == []
    assert ask(DuplicatesBook(ws), "hello")["people"] == []


def test_corrections_are_handed_over_once_they_were_noted(ws: Workspace) -> None:
    book = DuplicatesBook(ws)
    (source,) = ask(book, "hello")["sources"]
    assert ask(book, "corrections", source=source)["files"] == []
    ws.edit_person("Ann Other", "B", title="Finance Director")
    got = ask(book, "corrections", source=source)
    assert (got["records"], got["by_hand"]) == (1, 0)
    assert got["files"][0]["text"] == "\ufeffContact ID,Title\r\nC3,Finance Director\r\n"
    assert "Ann Other" in got["files"][1]["text"]
    assert ask(book, "corrections", source=source)["files"], "nothing was noted yet"
    noted = ask(book, "note_sent", source=source, until=got["until"], edit_id="ed_sent")
    assert noted["kind"] == "saved"
    assert ask(book, "corrections", source=source)["files"] == []


def test_a_search_finds_pairs_by_name_title_and_account_and_holds_after_an_act(ws: Workspace) -> None:
    book = DuplicatesBook(ws)

    def found(text: str) -> tuple[int, int]:
        shown = ask(book, "pairs", text=text)
        assert (len(shown["people"]), len(shown["accounts"])) == (shown["found_people"], shown["found_accounts"])
        assert (shown["text"], shown["n_people"], shown["n_accounts"]) == (text.strip(), 1, 1)
        return shown["found_people"], shown["found_accounts"]

    assert found("") == found(" HANBIT ") == (1, 1)
    assert found("대표이사") == found("minsu") == (1, 0)
    assert found("Ann") == (0, 0)
    (pair,) = ask(book, "pairs", text="minsu")["people"]
    saved = ask(book, "keep_apart", what="person", one=pair["one"], other=pair["other"], edit_id="ed_a")
    assert (saved["state"]["text"], saved["state"]["people"], saved["state"]["found_accounts"]) == ("minsu", [], 0)


def test_the_page_begins_with_the_pairs_at_one_account(ws: Workspace) -> None:
    ws.ledger.save([Change("account", "C", {"name": "Saesol", "name_key": "saesol", "status": "active"})])
    assert ask(DuplicatesBook(ws, "A"), "hello")["found_people"] == 1
    other = ask(DuplicatesBook(ws, "Saesol"), "hello")
    assert (other["text"], other["found_people"], other["found_accounts"], other["n_people"]) == ("Saesol", 0, 0, 1)
