"""Paths and rhythm on the pages: what the role lists page sets, and what an account shows of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.role_lists import RoleListBook
from coverage_kit.workspace import Workspace

Send = Callable[..., dict[str, Any]]
STEPS = [
    {"role": "cfo", "route": "phone", "stage": "attention"},
    {"role": "ceo", "route": "referral", "stage": "interest"},
]


@pytest.fixture
def lists(ws: Workspace) -> Send:
    """Send one message of the role lists page; ERP is sold at A and B."""
    ws.roles.add_offering("ERP", ko="전사 자원 관리", en="Resource planning")
    ws.roles.set_offerings(["A", "B"], ["ERP"])
    book = RoleListBook(ws)

    def send(kind: str, **body: Any) -> dict[str, Any]:
        return dict(book.handle({"kind": kind, "seq": 1, **body}))

    return send


def set_path(lists: Send, steps: list[dict[str, str]] = STEPS, version: int = 0, **more: Any) -> dict[str, Any]:
    return lists("set_path", role_list="general", offering="ERP", steps=steps, version=version, **more)


def paths(book: RepBook, account: str = "A") -> dict[str, Any]:
    return dict(book.handle({"kind": "paths", "account": account}))


def test_a_path_is_set_changed_and_taken_back_on_the_role_lists_page(lists: Send) -> None:
    assert lists("hello")["paths"] == []
    saved = set_path(lists)
    assert saved["lists"]["paths"] == [
        {"role_list": "general", "offering": "ERP", "steps": STEPS, "version": 1, "n": 2}
    ]
    assert set_path(lists, STEPS[:1], version=1)["lists"]["paths"][0]["steps"] == STEPS[:1]
    assert set_path(lists, version=1)["kind"] != "saved", "somebody else was first"
    gone = set_path(lists, [], version=2)
    assert gone["lists"]["paths"] == []
    lists("undo", undoes=gone["edit_id"])
    assert lists("hello")["paths"][0]["steps"] == STEPS[:1]


def test_the_same_path_twice_is_one(lists: Send) -> None:
    for _ in range(2):
        assert set_path(lists, edit_id="ed_path")["lists"]["paths"][0]["version"] == 1


def test_a_role_that_the_list_does_not_require_is_refused_in_both_languages(lists: Send) -> None:
    refused = set_path(lists, [{**STEPS[0], "role": "janitor"}])
    assert "janitor" in refused["text"]["ko"]
    assert "not required here" in refused["text"]["en"]


def test_an_account_shows_its_path_and_which_steps_are_taken(lists: Send, book: RepBook, edit: Send) -> None:
    set_path(lists)
    edit("holder", "pe_1", "cfo")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call", "roles": ["cfo"]}, "")
    shown = paths(book)
    assert (shown["may_depart"], paths(book, "C")["paths"]) == (False, [])
    [path] = shown["paths"]
    assert path["title"] == {"ko": "전사 자원 관리", "en": "Resource planning"}
    assert [(step["role"], step["reached"], step["taken"]) for step in path["steps"]] == [
        ("cfo", "attention", True),
        ("ceo", None, False),
    ]


def test_a_page_learns_whether_to_ask_for_paths_at_all(lists: Send, book: RepBook) -> None:
    assert book.handle({"kind": "hello"})["has_paths"] is False
    set_path(lists)
    assert book.handle({"kind": "hello"})["has_paths"] is True


def test_a_must_win_account_gets_steps_of_its_own_and_follows_its_list_again(
    lists: Send, ws: Workspace, book: RepBook, edit: Send
) -> None:
    set_path(lists)
    own = {"offering": "ERP", "steps": [{"role": "ceo", "route": "event", "stage": "attention"}]}
    assert "승부처가 아니" in edit("own_route", own, "")["text"]["ko"]
    ws.ledger.save(
        [
            Change("staff", "boss", {"name": "최보스", "login": "boss", "function": "manager"}),
            Change("staff", "ann", {"manager_id": "boss"}),
        ]
    )
    ws.ledger.actor = "boss"
    ws.coaching.must_win.star("A")
    ws.ledger.actor = "ann"
    assert paths(book)["may_depart"] is True
    assert edit("own_route", own, "", base=0)["kind"] == "saved"
    [path] = paths(book)["paths"]
    assert (path["own"], path["version"], len(path["steps"])) == (True, 1, 1)
    refused = edit("own_route", {**own, "steps": STEPS}, "", base=0)
    assert (refused["code"], "앤" in refused["text"]["ko"]) == ("session.changed", True)
    edit("own_route", {"offering": "ERP", "steps": []}, "", base=1)
    assert paths(book)["paths"][0]["own"] is False


def test_the_list_of_contacts_shows_the_last_and_the_next_contact(book: RepBook, edit: Send) -> None:
    def rhythm() -> dict[str, Any]:
        return dict(book.handle({"kind": "rhythm", "account": "A"}))

    assert rhythm()["people"] == {key: {"last": None, "next": None} for key in ("pe_1", "pe_2")}
    assert rhythm()["file"] is None
    edit("voice", {"person": "pe_1", "kind": "need", "text": "A quote"}, "")
    edit("next_contact", {"person": "pe_2", "on": "2026-12-04"}, "", base=0)
    shown = rhythm()
    assert shown["people"]["pe_1"] == {"last": "2026-11-25", "next": None}
    assert shown["people"]["pe_2"] == {"last": None, "next": "2026-12-04"}
    assert "DTSTART;VALUE=DATE:20261204" in shown["file"]["text"]
