from __future__ import annotations

from collections.abc import Callable
from typing import Any

from coverage_kit.workbook import RepBook

from .conftest import DAY, Clock

Send = Callable[..., dict[str, Any]]


def cards(book: RepBook, **more: Any) -> list[tuple[str, str]]:
    shown = book.handle({"kind": "cards", **more})["cards"]
    return [(card["name"], card["state"]) for card in shown]


def test_only_people_whose_check_is_due_are_asked_after(edit: Send, book: RepBook) -> None:
    assert cards(book) == []
    edit("holder", "pe_1")
    edit("holder", "pe_2", "cfo")
    edit("verified", {"person": "pe_2", "on": "2026-11-25", "how": "call"}, "cfo")
    assert cards(book) == [("홍길동", "never")]


def test_one_card_a_person_however_many_slots(edit: Send, book: RepBook) -> None:
    for role in ("ceo", "cfo", "cio"):
        edit("holder", "pe_1", role)
    shown = book.handle({"kind": "cards"})["cards"]
    assert [(card["name"], card["roles"]) for card in shown] == [("홍길동", ["ceo", "cfo", "cio"])]


def test_what_runs_out_first_comes_first_and_focus_before_all(edit: Send, book: RepBook, clock: Clock) -> None:
    edit("holder", "pe_1")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call"})
    edit("holder", "비 나래", account="B")
    clock.at += 160 * DAY
    book.handle({"kind": "hello"})
    book.handle({"kind": "hello"})
    assert cards(book) == [("홍길동", "due_soon"), ("비 나래", "never")]
    clock.at += 30 * DAY
    book.handle({"kind": "hello"})
    assert cards(book)[0] == ("홍길동", "stale")


def test_who_was_tried_today_stands_behind_the_others_until_tomorrow(edit: Send, book: RepBook, clock: Clock) -> None:
    for role, name in (("ceo", "pe_1"), ("cfo", "pe_2")):
        edit("holder", name, role)
    edit("holder", "비 나래", account="B")
    tried = edit("tried", {"person": "pe_1"}, "", edit_id="ed_t")
    assert edit("tried", {"person": "pe_1"}, "", edit_id="ed_t")["kind"] == tried["kind"] == "saved"
    shown = book.handle({"kind": "cards"})["cards"]
    assert [card["name"] for card in shown] == ["김하나", "비 나래", "홍길동"]
    assert (shown[2]["tries"], shown[2]["tried_on"], shown[0]["tries"]) == (1, "2026-11-25", 0)
    clock.at += DAY
    edit("tried", {"person": "pe_1"}, "")
    clock.at += DAY
    card = book.handle({"kind": "cards"})["cards"][0]
    assert (card["name"], card["tries"], card["tried_on"]) == ("홍길동", 2, "2026-11-26")


def test_a_try_is_taken_back_and_a_check_ends_the_counting(edit: Send, book: RepBook, clock: Clock) -> None:
    edit("holder", "pe_1")
    edit("tried", {"person": "pe_1"}, "", edit_id="ed_t")
    book.handle({"kind": "undo", "account": "A", "undoes": "ed_t"})
    assert book.handle({"kind": "cards"})["cards"][0]["tries"] == 0
    edit("tried", {"person": "pe_1"}, "")
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert card["tries"] == ["2026-11-25"]
    clock.at += 2 * DAY
    edit("verified", {"person": "pe_1", "on": "2026-11-27", "how": "call"}, "")
    assert book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]["tries"] == []


def test_an_answered_card_is_gone(edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call", "roles": ["ceo"]}, "")
    assert cards(book) == []
