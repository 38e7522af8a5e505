from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coverage_kit.workbook import RepBook

from .conftest import DAY, Clock

Send = Callable[..., dict[str, Any]]


def cards(book: RepBook, **more: Any) -> list[tuple[str, str]]:
    told = book.handle({"kind": "cards", **more})["cards"]
    return [(card["name"], card["state"]) for card in told]


def test_only_people_whose_check_is_due_are_asked_after(edit: Send, book: RepBook) -> None:
    assert cards(book) == []
    edit("holder", "pe_1")
    edit("holder", "pe_2", "cfo")
    edit("verified", {"person": "pe_2", "on": "2026-11-25", "how": "call"}, "cfo")
    assert cards(book) == [("홍길동", "never")]


def test_one_card_a_person_however_many_seats(edit: Send, book: RepBook) -> None:
    for role in ("ceo", "cfo", "cio"):
        edit("holder", "pe_1", role)
    told = book.handle({"kind": "cards"})["cards"]
    assert [(card["name"], card["roles"]) for card in told] == [("홍길동", ["ceo", "cfo", "cio"])]


def test_what_runs_out_first_comes_first_and_focus_before_all(edit: Send, book: RepBook, clock: Clock) -> None:
    edit("holder", "pe_1")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call"})
    edit("holder", "비 사장", account="B")
    clock.at += 160 * DAY
    book.handle({"kind": "hello"})
    book.handle({"kind": "hello"})
    assert cards(book) == [("홍길동", "due_soon"), ("비 사장", "never")]
    clock.at += 30 * DAY
    book.handle({"kind": "hello"})
    assert cards(book)[0] == ("홍길동", "stale")


def test_who_could_not_be_reached_steps_back_for_this_sitting(edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1")
    edit("holder", "pe_2", "cfo")
    assert cards(book, skip="pe_1") == [("김하나", "never")]
    assert cards(book) == [("김하나", "never")]


def test_an_answered_card_is_gone(edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call", "roles": ["ceo"]}, "")
    assert cards(book) == []
