"""What people said and were given, on the pages: written, closed, opened again, taken back; and where it never shows."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workspace import Workspace

Send = Callable[..., dict[str, Any]]


def said(book: RepBook, person: str | None = "pe_1") -> dict[str, Any]:
    return dict(book.handle({"kind": "said", "account": "A", "person": person}))


@pytest.fixture
def voice(edit: Send, book: RepBook) -> dict[str, Any]:
    edit("voice", {"person": "pe_1", "kind": "complaint", "text": "CANARY late parts"}, "")
    return dict(said(book)["voices"][0])


def test_a_voice_is_closed_told_and_opened_again(edit: Send, book: RepBook, voice: dict[str, Any]) -> None:
    assert (voice["state"], voice["body"], voice["days"]) == ("open", "CANARY late parts", 0)
    close = {"voice": voice["id"], "done": "Stock is kept", "answered": False}
    assert edit("voice_closed", close, "", base=voice["version"])["kind"] == "saved"
    [now] = said(book)["voices"]
    assert (now["state"], now["done"], now["done_by"], now["answered_on"]) == ("done", "Stock is kept", "앤", None)
    edit("voice_closed", {"voice": voice["id"], "answered": True}, "", base=now["version"])
    [now] = said(book)["voices"]
    assert (now["state"], now["done"], now["answered_on"]) == ("answered", "Stock is kept", "2026-11-25")
    reopened = edit("voice_reopened", {"voice": voice["id"]}, "", base=now["version"])
    assert said(book)["voices"][0]["state"] == "open"
    book.handle({"kind": "undo", "account": "A", "undoes": reopened["edit_id"]})
    assert said(book)["voices"][0]["state"] == "answered"


def test_who_was_first_is_named_and_nothing_is_overwritten(edit: Send, book: RepBook, voice: dict[str, Any]) -> None:
    edit("voice_closed", {"voice": voice["id"], "done": "Stock is kept"}, "", base=1)
    refused = edit("voice_closed", {"voice": voice["id"], "done": "Called the depot"}, "", base=1)
    assert (refused["kind"], refused["code"]) == ("refused", "session.changed")
    assert "앤" in refused["text"]["en"]
    assert said(book)["voices"][0]["done"] == "Stock is kept"


def test_the_same_closing_twice_is_one(edit: Send, book: RepBook, voice: dict[str, Any]) -> None:
    close = {"voice": voice["id"], "done": "Stock is kept"}
    for _ in range(2):
        assert edit("voice_closed", close, "", base=1, edit_id="ed_once")["kind"] == "saved"
    assert said(book)["voices"][0]["version"] == 2


def test_value_is_given_against_what_was_said_and_received_in_their_words(
    edit: Send, book: RepBook, voice: dict[str, Any]
) -> None:
    new = {"person": "pe_1", "kind": "insight", "what": "Where stock runs out", "need": voice["id"]}
    edit("value_given", new, "")
    shown = said(book)
    [value] = shown["values"]
    assert (value["need"], value["received"], shown["people"][0]["given"]) == ("CANARY late parts", None, 1)
    edit("value_received", {"given": value["id"], "words": "That helped"}, "", base=value["version"])
    shown = said(book)
    assert (shown["values"][0]["received"], shown["people"][0]["received"]) == ("That helped", 1)
    refused = edit("value_given", {**new, "what": "골프 라운딩"}, "")
    assert (refused["kind"], refused["code"]) == ("refused", "value.favour")
    assert "골프" in refused["text"]["ko"]


def test_the_list_of_values_is_in_both_languages(book: RepBook) -> None:
    kinds = {each["key"]: each["title"] for each in said(book)["kinds"]}
    assert kinds["training"] == {"ko": "교육", "en": "a training"}


def test_the_voices_of_others_are_on_the_page_of_the_account_and_not_of_the_person(
    edit: Send, book: RepBook, voice: dict[str, Any]
) -> None:
    edit("voice", {"person": "pe_2", "kind": "advice", "text": "Come with the plant manager"}, "")
    assert [each["body"] for each in said(book)["voices"]] == ["CANARY late parts"]
    assert {each["person"] for each in said(book, None)["voices"]} == {"pe_1", "pe_2"}


def test_voices_wait_on_the_page_of_their_owner_and_on_no_executives(
    ws: Workspace, book: RepBook, voice: dict[str, Any]
) -> None:
    ws.ledger.save(
        [
            Change("staff", "chief", {"name": "Chief", "function": "executive"}),
            Change("staff", "help", {"name": "Help", "function": "service"}),
        ]
    )
    for owner, expected in (("help", True), ("chief", False)):
        ws.ledger.save([Change("note", voice["id"], {"owner_id": owner})])
        shown = json.dumps(MyBook(ws, owner).handle({"kind": "hello", "seq": 1}), ensure_ascii=False)
        assert ("CANARY" in shown) is expected, owner
    assert "CANARY" not in json.dumps(MyBook(ws, "help").handle({"kind": "hello", "seq": 1}), ensure_ascii=False)


def test_a_page_of_an_account_holds_no_words_of_its_people(book: RepBook, voice: dict[str, Any]) -> None:
    """What a shared screen shows comes from these; words come on request alone."""
    for request in ({"kind": "hello"}, {"kind": "open", "account": "A"}, {"kind": "ahead", "accounts": ["A"]}):
        assert "CANARY" not in json.dumps(book.handle(request), ensure_ascii=False)
    assert "CANARY" in json.dumps(said(book), ensure_ascii=False)  # the canary is there
