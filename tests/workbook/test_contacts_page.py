"""The page of contacts: what it offers, what one press writes, and what stays as it was."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coverage_kit import init_workspace, open_workspace
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.links import keep_server, sign
from coverage_kit.store import Change
from coverage_kit.store.entities import Commitment, Employment, Slot
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workspace import Workspace

CONTACTS = {
    "uwe": "구매팀장",
    "ann": "구매팀장",
    "cho": "대표이사",
    "sec": "대표이사 비서",
    "old": "전 대표이사",
    "odd": "사원",
}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two accounts of two reps with six contacts each, under the general role list."""
    path = tmp_path_factory.mktemp("contacts") / "team"
    with init_workspace(path, lang="ko", actor="ann.rep") as made:
        changes = [
            Change("staff", key, {"name": key, "function": StaffFunction.REP.value}, base=0)
            for key in ("ann.rep", "bob.rep")
        ]
        for account, owner, value in (("A1", "ann.rep", 1.0), ("B1", "bob.rep", 9.0)):
            fields = {"name": account, "name_key": name_key(account), "owner_id": owner, "status": "active"}
            changes.append(
                Change("account", account, {**fields, "template_ids": '["general"]', "value": value}, base=0)
            )
            changes += contacts(account, CONTACTS)
        made.ledger.save(changes)
    return path


@pytest.fixture
def ws(filled: Path, tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(shutil.copytree(filled, tmp_path / "ws"), actor="ann.rep") as opened:
        yield opened


def contacts(account: str, titles: dict[str, str]) -> Iterator[Change]:
    """People of an account, with their titles."""
    for key, title in titles.items():
        who = f"{account}_{key}"
        yield Change("person", f"pe_{who}", {"name": who, "name_key": name_key(who)}, base=0)
        job = {"person_id": f"pe_{who}", "account_id": account, "title": title}
        yield Change("employment", f"em_{who}", job, base=0)


def ask(book: ContactsBook, kind: str, **body: Any) -> dict[str, Any]:
    response: Any = book.handle({"kind": kind, "seq": 1, **body})
    return dict(response)


def line(response: dict[str, Any], key: str) -> dict[str, Any]:
    return next(dict(one) for one in response["lines"] if one["employment"] == f"em_{key}")


def version(response: dict[str, Any], account: str, role: str) -> int:
    own = next(one for one in response["accounts"] if one["id"] == account)
    return int(next(one["version"] for one in own["positions"] if one["role"] == role))


def purchasing(response: dict[str, Any]) -> str:
    """The role that 구매팀장 suggests first."""
    return str(line(response, "A1_uwe")["suits"][0])


def match(book: ContactsBook, who: str, role: str, **more: Any) -> dict[str, Any]:
    account = who.split("_")[0]
    return ask(book, "match_contact", account=account, person=f"pe_{who}", role=role, **more)


def mark(book: ContactsBook, keys: list[str], state: str, **more: Any) -> dict[str, Any]:
    shown = ask(book, "contacts", account="A1")
    marked = [{"person": f"pe_{key}", "version": line(shown, key)["version"]} for key in keys]
    return ask(book, "mark_contacts", account="A1", contacts=marked, state=state, **more)


def test_contacts_whose_title_suits_an_open_position_wait_the_larger_account_first(ws: Workspace) -> None:
    shown = ask(ContactsBook(ws), "hello")
    waiting = [one["employment"] for one in shown["lines"]]
    assert waiting[0].startswith("em_B1")
    assert {key.split("_")[2] for key in waiting} == {"uwe", "ann", "cho"}
    assert shown["n"] == len(waiting) == 6


def test_former_holders_and_secretaries_never_wait_but_are_found_by_name(ws: Workspace) -> None:
    book = ContactsBook(ws)
    found = ask(book, "contacts", text="A1_sec")
    assert [one["employment"] for one in found["lines"]] == ["em_A1_sec"]
    assert found["lines"][0]["title_state"] == "gatekeeper"
    assert line(ask(book, "contacts", text="a1_OLD"), "A1_old")["suits"] == []


def test_looking_at_contacts_counts_nothing_and_one_press_fills_one_position(ws: Workspace) -> None:
    book = ContactsBook(ws)
    shown = ask(book, "hello")
    role = purchasing(shown)
    assert (ws.status()["team"]["named"], ws.ledger.as_of(Slot)) == (0, [])
    saved = match(book, "A1_uwe", role, version=version(shown, "A1", role))
    assert saved["kind"] == "saved"
    assert (ws.status()["team"]["named"], ws.status()["team"]["known"]) == (1, 0)
    assert [one["employment"] for one in saved["lines"]] == ["em_A1_uwe"]
    assert line(saved, "A1_uwe")["roles"] == [role]


def test_a_position_that_was_filled_is_offered_to_nobody_else(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    match(book, "A1_uwe", role)
    again = [one["employment"] for one in ask(book, "contacts")["lines"]]
    assert "em_A1_uwe" not in again
    assert "em_B1_ann" in again


def test_the_second_key_says_how_it_was_checked_and_when(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    match(book, "A1_uwe", role, how="call", on=ws.today().isoformat())
    assert ws.status()["team"]["known"] == 1
    slot = ws.ledger.find(Slot, f"A1:{role}")
    assert slot is not None
    assert (slot.verified_how, slot.verified_by) == ("call", "ann.rep")


def test_a_match_is_written_once_and_can_be_undone(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    first = match(book, "A1_uwe", role, version=0, edit_id="ed_once")
    again = match(book, "A1_uwe", role, version=0, edit_id="ed_once")
    assert first["edit_id"] == again["edit_id"] == "ed_once"
    assert len(ws.ledger.history(Slot, f"A1:{role}")) == 1
    undone = ask(book, "undo", account="A1", undoes="ed_once")
    assert line(undone, "A1_uwe")["roles"] == []
    assert ws.status()["team"]["named"] == 0


def test_nobody_is_put_over_a_holder_whom_the_page_did_not_show(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    ws.edit_slot("A1", role, holder="pe_A1_ann")
    refused = match(book, "A1_uwe", role, version=0)
    assert refused["code"] == "edit.conflict"
    assert ws.ledger.find(Slot, f"A1:{role}").employment_id == "em_A1_ann"  # type: ignore[union-attr]


def test_somebody_who_left_is_matched_to_nothing(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    ws.end_employment("pe_A1_uwe", "A1", kind="left")
    assert match(book, "A1_uwe", role)["code"] == "person.gone_already"
    assert ws.ledger.as_of(Slot) == []


def test_a_title_that_holders_have_here_is_learned_and_suggests_the_position_elsewhere(ws: Workspace) -> None:
    ws.ledger.save([*contacts("A1", {"net": "망운용총괄"}), *contacts("B1", {"net": "망운용총괄"})])
    shown = ask(ContactsBook(ws), "contacts", account="B1")
    assert line(shown, "B1_net")["suits"] == []
    role = purchasing(ask(ContactsBook(ws), "hello"))
    ws.edit_slot("A1", role, holder="pe_A1_net")
    assert line(ask(ContactsBook(ws), "contacts", account="B1"), "B1_net")["suits"] == [role]


def test_a_rep_sees_their_own_accounts_a_coach_those_of_all(ws: Workspace) -> None:
    ws.ledger.save([Change("staff", "coach.lee", {"name": "Lee", "function": "coach"}, base=0)])
    secret = keep_server(ws.path).secret

    def seen(person: str) -> set[str]:
        link = {"person": person, "signature": sign(secret, person)}
        return {one["account"] for one in ask(ContactsBook(ws), "hello", link=link)["lines"]}

    assert seen("bob.rep") == {"B1"}
    assert seen("coach.lee") == {"A1", "B1"}


def test_two_hundred_marks_are_two_hundred_found(ws: Workspace) -> None:
    ws.ledger.save(contacts("A1", {f"n{n:03d}": "과장" for n in range(262)}))
    book = ContactsBook(ws)
    many = [f"A1_n{n:03d}" for n in range(200)]
    for state, start in (("left", 0), ("retired", 80), ("role_changed", 120), ("moved", 160)):
        assert mark(book, many[start : start + (80 if state == "left" else 40)], state)["kind"] == "saved"
    (row,) = ws.audit(account="A1")["accounts"]
    assert (row["contacts"], row["left"], row["retired"], row["moved"], row["role_changed"]) == (268, 80, 40, 40, 40)
    assert (row["never_checked"], row["confirmed"]) == (68, 0)


def test_several_marked_at_once_are_one_edit_and_one_undo(ws: Workspace) -> None:
    book = ContactsBook(ws)
    saved = mark(book, ["A1_uwe", "A1_ann", "A1_cho"], "still", how="call")
    assert saved["account"]["counts"]["confirmed"] == 3
    assert {one["employment"] for one in saved["lines"]} == {"em_A1_uwe", "em_A1_ann", "em_A1_cho"}
    undone = ask(book, "undo", account="A1", undoes=saved["edit_id"])
    assert undone["account"]["counts"] == {"contacts": 6, "confirmed": 0, "stale": 0, "never_checked": 6, "gone": 0}


def test_who_left_names_the_successor_in_the_same_stroke(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    match(book, "A1_uwe", role, how="call")
    saved = mark(book, ["A1_uwe"], "left", successor="한새로", on="2020-01-02")
    new = next(one for one in saved["lines"] if one["name"] == "한새로")
    assert (new["title"], new["roles"], new["check"]) == ("구매팀장", [role], "never_checked")
    assert line(saved, "A1_uwe")["check"] == "gone"
    assert (ws.status()["team"]["named"], ws.status()["team"]["known"]) == (1, 0)
    assert ws.ledger.as_of(Commitment) == []
    ask(book, "undo", account="A1", undoes=saved["edit_id"])
    assert ws.status()["team"]["known"] == 1


def test_a_successor_who_is_a_contact_already_is_not_made_twice(ws: Workspace) -> None:
    book = ContactsBook(ws)
    role = purchasing(ask(book, "hello"))
    match(book, "A1_uwe", role)
    mark(book, ["A1_uwe"], "role_changed", successor="A1_ann", title="고문")
    assert ws.ledger.find(Slot, f"A1:{role}").employment_id == "em_A1_ann"  # type: ignore[union-attr]
    assert len(ws.ledger.as_of(Employment, account_id="A1")) == 6


def test_without_a_successor_somebody_is_asked_to_find_one(ws: Workspace) -> None:
    book = ContactsBook(ws)
    match(book, "A1_uwe", purchasing(ask(book, "hello")))
    mark(book, ["A1_uwe"], "left")
    assert [one.owner_id for one in ws.ledger.as_of(Commitment)] == ["ann.rep"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"state": "vanished"}, "contact.state"),
        ({"state": "still", "successor": "한새로", "how": "call"}, "contact.successor"),
        ({"state": "left", "successor": "A1_uwe"}, "contact.same_successor"),
        ({"state": "still", "how": "dream"}, "field.word"),
        ({"state": "left", "on": "someday"}, "field.day"),
    ],
)
def test_a_mark_that_cannot_be_meant_is_refused_whole(ws: Workspace, body: dict[str, str], code: str) -> None:
    before = ws.ledger.last_at()
    assert mark(ContactsBook(ws), ["A1_uwe"], **body)["code"] == code
    assert ws.ledger.last_at() == before


def test_one_refused_mark_among_several_writes_none(ws: Workspace) -> None:
    book = ContactsBook(ws)
    ask(book, "contacts", account="A1")
    ws.end_employment("pe_A1_ann", "A1", kind="left")
    refused = mark(book, ["A1_uwe", "A1_ann"], "still", how="call")
    assert refused["code"] == "person.gone_already"
    assert ws.audit(account="A1")["accounts"][0]["confirmed"] == 0


def test_contacts_that_were_skipped_come_last(ws: Workspace) -> None:
    book = ContactsBook(ws)
    first = [one["employment"] for one in ask(book, "hello")["lines"]]
    again = [one["employment"] for one in ask(book, "contacts", skipped=first[:2])["lines"]]
    assert again == [*first[2:], *first[:2]]


def test_what_the_export_says_stands_beside_and_counts_nothing(ws: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "crm.csv"
    path.write_text("ID,이름,회사,직책,상태메모\n1,한가온,A1,구매팀장,퇴사\n2,두나래,A1,과장,\n", encoding="utf-8")
    ws.import_file("contacts", path)
    book = ContactsBook(ws)
    shown = {one["name"]: one for one in ask(book, "contacts", account="A1")["lines"]}
    assert (shown["한가온"]["memo"], shown["두나래"]["memo"]) == ({"kind": "left", "text": "퇴사"}, None)
    assert ws.audit(account="A1")["accounts"][0]["left"] == 0
    one = shown["한가온"]
    marked = [{"person": one["person"], "version": one["version"]}]
    saved = ask(book, "mark_contacts", account="A1", contacts=marked, state="still", how="call")
    assert next(each["memo"] for each in saved["lines"] if each["name"] == "한가온") is None
