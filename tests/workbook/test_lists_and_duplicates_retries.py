"""The acts of the pages of role lists and of duplicates: sent twice they are written once, and a used edit id writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import Workspace, init_workspace
from coverage_kit.workbook.model import requests as ask_for
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from coverage_kit.workbook.model.role_lists import RoleListBook
from tests.conftest import HandClock

from .test_retries import contents, models, names, rows

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
ACCOUNTS = (
    "key,name,industry,segment,region,value,owner\nA,Alpha,제조,대기업,서울,,ann\nB,Alpha Co,Banking,,부산,,ann\n"
)
CONTACTS = (
    "Contact ID,Full Name,Account ID,Account Name,Email,Title\n"
    "C1,Kim Minsu,A,Alpha,ms@alpha.example,CEO\n"
    "C2,김민수,B,Alpha Co,ms@alpha.example,대표이사\n"
)
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    """Two accounts that may be one, a person at each who may be one, and an offering with a path."""
    with init_workspace(tmp_path / "ws", actor="lee", clock=HandClock(NOON), lang="en") as made:
        for kind, text in (("accounts", ACCOUNTS), ("contacts", CONTACTS)):
            file = tmp_path / f"{kind}.csv"
            file.write_text(text, "utf-8-sig")
            made.import_file(kind, file)
        made.roles.add_offering("ERP", ko="전사 자원 관리", en="Resource planning")
        yield made


def sender(book: RoleListBook | DuplicatesBook) -> Send:
    def send(kind: str, **body: Any) -> dict[str, Any]:
        return dict(book.handle({"kind": kind, "seq": 1, **body}))

    return send


def shorter(send: Send) -> dict[str, Any]:
    one = next(each for each in send("hello")["lists"] if each["key"] == "general")
    return {"lists": [{**one, "roles": one["roles"][:3]}], "why": "few are enough", "unused": True}


def two(send: Send) -> dict[str, Any]:
    pair = send("hello")["people"][0]
    chosen = {"what": "person", "keep": pair["one"], "gone": pair["other"]}
    return {**chosen, "versions": send("preview_merge", **chosen)["versions"]}


def apart(send: Send) -> dict[str, Any]:
    pair = send("hello")["people"][0]
    return {"what": "person", "one": pair["one"], "other": pair["other"]}


def done(send: Send) -> dict[str, Any]:
    """Something that the page wrote, to be taken back."""
    if send("hello")["kind"] == "role_lists":
        send("add_offering", ko="점검", en="Check-up", edit_id="ed_first")
    else:
        send("keep_apart", **apart(send), edit_id="ed_first")
    return {"undoes": "ed_first"}


#: Of each page, its acts and what they say.
LISTS: dict[str, Callable[[Send], dict[str, Any]]] = {
    "apply": shorter,
    "pin": lambda _: {"account": "A", "lists": ["general"], "why": "the head office decides", "version": 1},
    "add_offering": lambda _: {"ko": "설비 진단", "en": "Plant check"},
    "rename_offering": lambda _: {"key": "ERP", "ko": "자원", "en": "Resources", "version": 1},
    "retire_offering": lambda _: {"key": "ERP", "active": False, "version": 1},
    "set_path": lambda _: {
        "role_list": "general", "offering": "ERP", "version": 0,
        "steps": [{"role": "cfo", "route": "phone", "stage": "attention"}],
    },
    "undo": done,
}  # fmt: skip
PAIRS: dict[str, Callable[[Send], dict[str, Any]]] = {
    "merge": two,
    "keep_apart": apart,
    "note_sent": lambda send: {"source": send("hello")["sources"][0], "until": NOON},
    "undo": done,
}
Book = type[RoleListBook] | type[DuplicatesBook]
ACTS: dict[Book, dict[str, Callable[[Send], dict[str, Any]]]] = {RoleListBook: LISTS, DuplicatesBook: PAIRS}
BOTH = [pytest.param(page, act, id=f"{page.__name__}-{act}") for page, acts in ACTS.items() for act in acts]


def test_every_act_of_both_pages_is_tried_below() -> None:
    assert {name for model in models(ask_for.ListsAct) for name in names(model)} == LISTS.keys()
    assert {name for model in models(ask_for.DuplicatesAct) for name in names(model)} == PAIRS.keys()


@pytest.mark.parametrize(("page", "act"), BOTH)
def test_an_act_sent_twice_is_written_once(ws: Workspace, page: Book, act: str) -> None:
    send = sender(page(ws))
    body, before = ACTS[page][act](send), rows(ws)
    first = send(act, **body, edit_id="ed_again")
    written = contents(ws)
    assert (first["kind"], first["edit_id"]) == ("saved", "ed_again"), first
    assert rows(ws) != before
    second = send(act, **body, edit_id="ed_again")
    assert (second["kind"], second["edit_id"]) == ("saved", "ed_again"), second
    assert contents(ws) == written


@pytest.mark.parametrize(("page", "act"), BOTH)
def test_an_edit_id_that_another_act_used_writes_nothing(ws: Workspace, page: Book, act: str) -> None:
    send = sender(page(ws))
    body = ACTS[page][act](send)
    ws.edit_slot("A", "ceo", grounds="들은 대로", edit_id="ed_used")
    before = contents(ws)
    second = send(act, **body, edit_id="ed_used")
    assert contents(ws) == before
    assert second["kind"] in ("saved", "refused", "conflict"), second
