from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.event import listen, remove
from sqlalchemy.exc import OperationalError

from coverage_kit.errors import NotFound
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import Person
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.page import read_page, read_pages
from coverage_kit.workspace import Workspace, init_workspace, open_workspace

from .conftest import DAY, Clock, slot

Send = Callable[..., dict[str, Any]]
SCOPE = ("accounts", "required", "named", "known", "represented", "assessed", "favorable")


def test_the_lines_count_what_the_measures_count(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "s") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=24, n_weeks=6)
        for rep in ws.reps():
            book = RepBook(ws, rep)
            status = ws.status(rep=rep)["reps"][0]
            assert {key: book.facts()[key] for key in SCOPE} == {key: status[key] for key in SCOPE}
            slots = ws.slots(rep=rep)
            for line in book.territory.lines.values():
                own = slots.loc[slots["account"] == line["id"]].sort_values("role_order")
                marks = [
                    str(rung) if counted else "x" for rung, counted in zip(own["rung"], own["counted"], strict=True)
                ]
                assert line["rungs"] == "".join(marks)


def test_a_rep_sees_their_own_accounts_only(book: RepBook) -> None:
    hello = book.handle({"kind": "hello", "seq": 7})
    assert hello["seq"] == 7
    assert [line["name"] for line in hello["lines"]] == ["가온물산", "Beta Steel"]
    assert hello["summary"]["all"]["required"] == 24
    assert hello["summary"]["focus"]["required"] == 12
    assert hello["today"] == "2026-11-25"


def test_every_week_that_ended_since_the_first_edit_can_be_looked_at(book: RepBook, clock: Clock) -> None:
    assert book.handle({"kind": "hello"})["weeks"] == [], "written this week"
    clock.at += 150 * 7 * DAY
    weeks = book.handle({"kind": "hello"})["weeks"]
    assert len(weeks) == 150
    assert (weeks[-1]["week"], weeks[-1]["from"], weeks[-1]["to"]) == ("2026-W48", "2026-11-23", "2026-11-29")
    assert book.handle({"kind": "open", "account": "A", "week": "2026-W48"})["page"]["account"]["id"] == "A"


def test_the_account_the_list_begins_with_comes_along(book: RepBook, edit: Send) -> None:
    first = book.handle({"kind": "hello"})["first"]
    assert first["page"]["account"]["id"] == "A"  # as many open slots as B, and greater value
    again = book.handle({"kind": "open", "account": "A", "known": first["known"]})
    assert again["same"]
    edit("holder", "pe_1")
    edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call"})
    assert book.handle({"kind": "hello"})["first"]["page"]["account"]["id"] == "B"


def test_accounts_are_read_again_only_once_something_was_written(book: RepBook, ws: Workspace, clock: Clock) -> None:
    before = book.territory
    book.handle({"kind": "hello"})
    assert book.territory is before
    with open_workspace(ws.path, actor="bob", clock=clock) as other:
        other.edit_slot("B", "ceo", holder="최 새사람")
    lines = book.handle({"kind": "hello"})["lines"]
    assert [line["rungs"][0] for line in lines] == ["0", "1"]
    before = book.territory
    clock.at += DAY  # what ran out with the day
    book.handle({"kind": "hello"})
    assert book.territory is not before


def test_an_account_that_is_as_it_was_is_not_sent_again(book: RepBook, ws: Workspace, clock: Clock) -> None:
    ahead = book.handle({"kind": "ahead", "accounts": ["A", "B"]})
    again = book.handle({"kind": "open", "account": "A", "known": ahead["known"]})
    assert (again["same"], "page" in again) == (True, False)
    with open_workspace(ws.path, actor="bob", clock=clock) as other:  # anybody's edit, of any account
        other.edit_slot("B", "ceo", holder="최 새사람")
    changed = book.handle({"kind": "open", "account": "A", "known": ahead["known"]})
    assert "same" not in changed
    assert changed["page"] == ahead["pages"][0]
    assert book.handle({"kind": "open", "account": "B"})["page"]["slots"][0]["holder"]["name"] == "최 새사람"


def test_what_is_read_ahead_is_what_opening_shows(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "s") as ws:
        fill_workspace(ws, n_reps=1, n_accounts=24, n_weeks=6)
        book = RepBook(ws, ws.reps()[0])
        accounts = list(book.territory.lines)[::-1]
        ws.edit_slot(
            accounts[0], "ceo", holder="문 장단", disposition="neutral", grounds="아직 이야기를 나눈 적이 없다"
        )
        ahead = book.handle({"kind": "ahead", "accounts": accounts})["pages"]
        assert [page["account"]["id"] for page in ahead] == accounts
        assert any(page["ties"] for page in ahead)
        assert any(slot["grounds"] for slot in ahead[0]["slots"])
        assert ahead == [book.handle({"kind": "open", "account": key})["page"] for key in accounts]
        then = ws.last_week().monday.isoformat()
        at = ws.instant(then)
        assert read_pages(ws, accounts, at=at) == {key: read_page(ws, key, at=at) for key in accounts}


def test_accounts_read_ahead_take_as_many_questions_as_one(book: RepBook, ws: Workspace) -> None:
    def questions(accounts: list[str]) -> int:
        asked: list[str] = []
        note = lambda *event: asked.append(event[2])  # noqa: E731
        listen(ws.ledger.engine, "before_cursor_execute", note)
        try:
            book.handle({"kind": "ahead", "accounts": accounts})
        finally:
            remove(ws.ledger.engine, "before_cursor_execute", note)
        return sum(statement.startswith("SELECT") for statement in asked)

    book.handle({"kind": "ahead", "accounts": ["A"]})
    assert questions(["A"]) == questions(["A", "B", "C"]) > 5


def test_an_account_that_is_gone_is_left_out_of_what_is_read_ahead(book: RepBook) -> None:
    answer = book.handle({"kind": "ahead", "accounts": ["gone", "B"]})
    assert [page["account"]["id"] for page in answer["pages"]] == ["B"]


def test_who_has_no_accounts_yet_sees_an_empty_workbook(ws: Workspace) -> None:
    hello = RepBook(ws, "sue").handle({"kind": "hello"})
    assert (hello["lines"], hello["summary"]["all"]["required"]) == ([], 0)
    assert RepBook(ws, "sue").handle({"kind": "cards"})["cards"] == []


def test_a_page_kept_ready_becomes_whose_link_is_opened(ws: Workspace) -> None:
    ready = RepBook(ws, "ann", follows_link=True)
    assert ready.handle({"kind": "hello", "rep": "bob"})["rep"]["id"] == "bob"
    assert [line["id"] for line in ready.handle({"kind": "hello", "rep": None})["lines"]] == ["C"]
    named = RepBook(ws, "ann")
    assert named.handle({"kind": "hello", "rep": "bob"})["rep"]["id"] == "ann"


def test_after_a_page_is_shown_an_edit_tells_only_what_changed(edit: Send, book: RepBook) -> None:
    book.handle({"kind": "open", "account": "A"})
    saved = edit("holder", "pe_1")
    assert [each["role"] for each in saved["page"]["slots"]] == ["ceo"]
    assert saved["page"]["partly"] is True
    book.handle({"kind": "ahead", "accounts": ["B"]})
    assert [each["role"] for each in edit("holder", "pe_2", "cfo")["page"]["slots"]] == ["cfo"]
    book.handle({"kind": "open", "account": "B"})
    assert len(edit("holder", None, "cfo")["page"]["slots"]) == 12


def test_nobody_of_ours_is_called_so(ws: Workspace) -> None:
    with pytest.raises(NotFound):
        RepBook(ws, "nobody")


def test_a_slot_climbs_the_ladder_field_by_field(edit: Send, book: RepBook) -> None:
    rungs = [
        slot(edit("holder", "pe_1"))["rung"],
        slot(edit("verified", {"person": "pe_1", "on": "2026-11-25", "how": "call"}))["rung"],
        slot(edit("representative", "sue"))["rung"],
        slot(edit("can_meet", True))["rung"],
        slot(edit("can_deliver", True))["rung"],
        slot(edit("disposition", "neutral"))["rung"],
        slot(edit("disposition", "favorable"))["rung"],
        slot(edit("disposition", None))["rung"],
    ]
    assert rungs == [1, 2, 2, 2, 3, 4, 5, 3]
    assert book.territory.lines["A"]["rungs"].startswith("3")
    assert book.territory.summary()["focus"]["represented"] == 1


def test_the_rep_puts_an_account_on_the_focus_list_and_takes_it_off(edit: Send, book: RepBook, ws: Workspace) -> None:
    before = book.handle({"kind": "hello"})["summary"]["focus"]["accounts"]
    put = edit("focus", True, role="", account="B", edit_id="ed_focus")
    assert (put["kind"], put["page"]["account"]["focus"], put["line"]["focus"]) == ("saved", 1, True)
    assert put["summary"]["focus"]["accounts"] == before + 1
    assert edit("focus", True, role="", account="B", edit_id="ed_focus")["edit_id"] == "ed_focus"
    assert [(change.actor, change.added) for change in ws.coaching.focus.changes("ann")] == [("ann", ("B",))]
    taken = edit("focus", False, role="", account="A")
    assert taken["line"]["focus"] is False
    back = book.handle({"kind": "undo", "account": "A", "undoes": taken["edit_id"]})
    assert back["line"]["focus"] is True
    assert [change.dropped for change in ws.coaching.focus.changes("ann")] == [()]
    ws.ledger.actor = "bob"
    refused = edit("focus", False, role="", account="B")
    assert (refused["kind"], refused["code"]) == ("refused", "focus.who")


def test_a_new_name_becomes_a_contact_and_can_be_undone(edit: Send, book: RepBook) -> None:
    saved = edit("holder", "박새롬", edit_id="ed_1")
    assert saved["kind"] == "saved"
    assert saved["edit_id"] == "ed_1"
    assert "박새롬" in [person["name"] for person in saved["page"]["people"]]
    undone = book.handle({"kind": "undo", "account": "A", "undoes": "ed_1"})
    assert slot(undone)["holder"] is None
    assert "박새롬" not in [person["name"] for person in undone["page"]["people"]]
    again = book.handle({"kind": "undo", "account": "A", "undoes": undone["edit_id"]})
    assert slot(again)["holder"]["name"] == "박새롬"


def test_the_same_edit_sent_twice_is_written_once(edit: Send, ws: Workspace) -> None:
    first = edit("holder", "박새롬", edit_id="ed_1", base=0)
    second = edit("holder", "박새롬", edit_id="ed_1", base=0)
    assert first["kind"] == second["kind"] == "saved"
    assert slot(second)["version"] == 1
    assert sum(row.name == "박새롬" for row in ws.ledger.as_of(Person)) == 1


def test_one_check_covers_all_slots_of_a_person_but_those_left_out(edit: Send) -> None:
    for role in ("ceo", "cfo", "cio"):
        edit("holder", "pe_1", role)
    answer = edit("verified", {"person": "pe_1", "on": "2026-11-24", "how": "meeting", "roles": ["ceo", "cfo"]})
    assert [slot(answer, role)["verified_on"] for role in ("ceo", "cfo", "cio")] == ["2026-11-24", "2026-11-24", None]
    assert slot(answer)["verified_by"] == "ann"


@pytest.mark.parametrize("kind", ["left", "retired", "moved"])
def test_a_departure_darkens_every_slot_of_the_person_at_once(edit: Send, kind: str) -> None:
    for role in ("ceo", "cfo"):
        edit("holder", "pe_1", role)
    answer = edit(
        "ended", {"person": "pe_1", "kind": kind, "on": "2026-11-03", "moved_to": "B" if kind == "moved" else ""}
    )
    assert [slot(answer, role)["rung"] for role in ("ceo", "cfo")] == [0, 0]
    assert slot(answer)["holder"]["end_kind"] == kind
    assert answer["line"]["rungs"].startswith("00")


def test_who_moves_to_an_account_of_ours_is_a_contact_there(edit: Send, book: RepBook) -> None:
    edit("ended", {"person": "pe_1", "kind": "moved", "on": "", "moved_to": "Beta Steel"})
    people = book.handle({"kind": "open", "account": "B"})["page"]["people"]
    assert [person["name"] for person in people] == ["홍길동"]


def test_another_role_keeps_the_person_and_opens_the_slots(edit: Send) -> None:
    edit("holder", "pe_1")
    answer = edit("ended", {"person": "pe_1", "kind": "role_changed", "title": "고문"})
    assert slot(answer)["holder"] is None
    person = next(each for each in answer["page"]["people"] if each["person"] == "pe_1")
    assert (person["title"], person["verified_on"], person["end_kind"]) == ("고문", None, None)


def test_another_role_has_its_day_which_is_never_ahead_nor_before_the_start(
    edit: Send, book: RepBook, ws: Workspace
) -> None:
    ws.ledger.save([Change("employment", "em_1", {"started_on": "2020-03-02"})])
    edit("holder", "pe_1")
    changed = {"person": "pe_1", "kind": "role_changed", "title": "고문"}
    assert edit("ended", {**changed, "on": "2026-11-26"})["code"] == "field.ahead"
    assert edit("ended", {**changed, "on": "2020-03-01"})["code"] == "employment.before_start"
    assert edit("ended", {"person": "pe_1", "kind": "left", "on": "2020-03-01"})["code"] == "employment.before_start"
    assert edit("ended", {**changed, "on": "3월"})["code"] == "field.day"
    for _ in range(2):  # the answer got lost
        assert slot(edit("ended", {**changed, "on": "2026-11-03"}, edit_id="ed_r"))["holder"] is None
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert (card["employments"][0]["title"], card["employments"][0]["role_since"]) == ("고문", "2026-11-03")
    entries = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"]
    told = [(change["field"], change["before"], change.get("on")) for e in entries for change in e["changes"]]
    assert told == [
        ("holder", "홍길동", None),
        ("role_changed", "홍길동", "2026-11-03"),
        ("holder", None, None),
    ]
    undone = book.handle({"kind": "undo", "account": "A", "undoes": "ed_r"})
    assert slot(undone)["holder"]["title"] == "부장"
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert card["employments"][0]["role_since"] is None


def test_a_try_that_reached_nobody_is_told_in_the_history_of_the_slot(edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1")
    edit("tried", {"person": "pe_1"}, "")
    first = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"][0]
    assert (first["actor"], first["changes"]) == (
        "앤",
        [{"field": "tried", "before": "홍길동", "after": None, "on": None}],
    )
    assert edit("tried", {"person": "pe_9"}, "")["code"] == "person.unknown"


def test_vacant_not_applicable_and_back(edit: Send, ws: Workspace) -> None:
    ws.ledger.actor = "lee"
    assert slot(edit("vacant", {"on": "2026-11-25", "how": "call"}))["rung"] == 2
    refused = edit("not_applicable", {"reason": "", "agreed_by": "lee", "review_on": ""}, "cfo")
    assert (refused["kind"], refused["code"]) == ("refused", "slot.not_applicable")
    for day in ("2026-11-24", "2026-11-25"):  # over already: the slot would count at once, and nobody would know why
        past = edit("not_applicable", {"reason": "본사 겸임", "agreed_by": "lee", "review_on": day}, "cfo")
        assert (past["kind"], past["code"]) == ("refused", "slot.review_past")
        assert day in past["text"]["ko"]
        assert "2026-11-25" in past["text"]["en"]
    agreed = edit("not_applicable", {"reason": "본사 겸임", "agreed_by": "lee", "review_on": "2027-01-01"}, "cfo")
    assert slot(agreed, "cfo")["rung"] is None
    assert agreed["line"]["rungs"].startswith("2x")
    assert slot(edit("open", None, "cfo"), "cfo")["rung"] == 0


def test_details_of_a_person_are_mended(edit: Send, book: RepBook) -> None:
    edit("detail", {"person": "pe_1", "need": "납기", "title": "상무", "name": "홍 길동"}, "")
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert (card["name"], card["need"], card["employments"][0]["title"]) == ("홍 길동", "납기", "상무")
    assert edit("detail", {"person": "pe_1", "name": " "}, "")["kind"] == "refused"
    assert edit("detail", {"person": "pe_1", "erased_on": "2026-01-01"}, "")["code"] == "message.form"


def test_what_was_just_heard_is_a_voice_with_an_owner(edit: Send, book: RepBook, ws: Workspace) -> None:
    saved = edit("voice", {"person": "pe_1", "kind": "complaint", "text": "답이 늦다"}, "", edit_id="ed_v")
    assert (
        edit("voice", {"person": "pe_1", "kind": "complaint", "text": "답이 늦다"}, "", edit_id="ed_v")["kind"]
        == "saved"
    )
    assert [(v.body, v.owner, v.kind) for v in ws.coaching.voices.find(rep="ann")] == [
        ("답이 늦다", "ann", "complaint")
    ]
    said = book.handle({"kind": "said", "account": "A", "person": "pe_1"})["voices"]
    assert [(voice["kind"], voice["body"]) for voice in said] == [("complaint", "답이 늦다")]
    book.handle({"kind": "undo", "account": "A", "undoes": saved["edit_id"]})
    assert ws.coaching.voices.find(rep="ann") == []
    assert edit("voice", {"person": "pe_1", "kind": "gossip", "text": "x"}, "")["kind"] == "refused"


def test_ties_are_part_of_the_page_now_and_of_a_past_week(edit: Send, book: RepBook, clock: Clock) -> None:
    saved = edit("tie", {"person": "pe_1", "kind": "reports_to", "other": "pe_2"}, "", edit_id="ed_t")
    assert saved["page"]["ties"] == [
        {"id": "em_1:reports_to", "kind": "reports_to", "source": "em_1", "target": "em_2", "version": 1}
    ]
    refused = edit("tie", {"person": "pe_2", "kind": "reports_to", "other": "pe_1"}, "")
    assert (refused["kind"], refused["code"]) == ("refused", "tie.circle")
    clock.at += 7 * DAY
    assert edit("untie", {"tie": "em_1:reports_to"}, "")["page"]["ties"] == []
    then = book.handle({"kind": "open", "account": "A", "week": "2026-W48"})["page"]
    assert [tie["target"] for tie in then["ties"]] == ["em_2"]
    assert book.handle({"kind": "open", "account": "A"})["page"]["ties"] == []


def test_ties_of_who_has_left_are_not_shown_until_that_is_taken_back(edit: Send, book: RepBook) -> None:
    edit("tie", {"person": "pe_1", "kind": "at_odds", "other": "pe_2"}, "")
    assert edit("ended", {"person": "pe_2", "kind": "left", "on": ""}, "", edit_id="ed_l")["page"]["ties"] == []
    back = book.handle({"kind": "undo", "account": "A", "undoes": "ed_l"})
    assert [tie["kind"] for tie in back["page"]["ties"]] == ["at_odds"]


def test_an_open_promise_is_settled_by_the_rep(edit: Send, book: RepBook, ws: Workspace) -> None:
    made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
    (promise,) = book.handle({"kind": "commitments"})["commitments"]
    assert promise["id"] == made.id
    assert promise["sentence"]["ko"] != promise["sentence"]["en"]
    refused = edit("settled", {"commitment": made.id, "outcome": "not_kept"}, "")
    assert refused["code"] == "commitment.reason"
    saved = edit("settled", {"commitment": made.id, "outcome": "kept"}, "", account="")
    assert saved["kind"] == "saved"
    assert book.handle({"kind": "commitments"})["commitments"] == []


def test_how_far_a_person_is_with_an_offering(edit: Send, book: RepBook) -> None:
    edit("stage", {"person": "pe_1", "offering": "설비 진단", "stage": "interest"}, "")
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert card["stages"] == [{"offering": "설비 진단", "stage": "interest", "version": 1}]
    edit("stage", {"person": "pe_1", "offering": "설비 진단", "stage": None}, "")
    assert book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]["stages"] == []


def test_what_cannot_be_is_refused_in_both_languages(edit: Send) -> None:
    edit("holder", "pe_1")
    answer = edit("verified", {"person": "pe_1", "on": "2026-12-01", "how": "call"})
    assert (answer["kind"], answer["code"]) == ("refused", "slot.verified_ahead")
    assert answer["text"]["en"].startswith("2026-12-01 is after today")
    assert "오늘" in answer["text"]["ko"]
    assert edit("colour", "red")["code"] == "act.field"
    assert edit("holder", "pe_1", "no_such_role")["code"] == "role.unknown"
    assert edit("holder", "x", account="nowhere")["code"] == "account.unknown"


def test_two_people_at_one_slot_other_field_merges_same_field_asks(ws: Workspace, edit: Send) -> None:
    edit("holder", "pe_1")
    seen = slot(edit("disposition", "neutral"))["version"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.edit_slot("A", "ceo", disposition="negative", representative="bob")
    assert edit("can_meet", True, base=seen)["kind"] == "saved"
    answer = edit("disposition", "favorable", base=seen)
    assert answer["kind"] == "conflict"
    assert answer["by"] == "bob", "who changed that field, not who came last"
    assert answer["fields"] == [
        {"field": "disposition", "before": "neutral", "mine": "favorable", "theirs": "negative"}
    ]
    assert edit("disposition", "favorable", base=answer["version"])["kind"] == "saved"


def test_a_conflict_over_grounds_shows_the_words_not_ids(ws: Workspace, edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1")
    seen = slot(edit("grounds", "처음"))["version"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.edit_slot("A", "ceo", grounds="그쪽 글")
    answer = edit("grounds", "내 글", base=seen)
    assert answer["fields"] == [{"field": "grounds", "before": "처음", "mine": "내 글", "theirs": "그쪽 글"}]
    assert answer["by"] == "bob"
    entries = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"]
    [lost] = [entry["changes"] for entry in entries if entry["lost"]]
    assert lost == [{"field": "grounds", "before": None, "after": "내 글"}], (
        "of whom is not said where nobody else came"
    )


def test_what_met_another_change_stands_in_the_slots_history_with_its_words(
    ws: Workspace, edit: Send, book: RepBook, clock: Clock
) -> None:
    seen = slot(edit("holder", "pe_1"))["version"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.edit_slot("A", "ceo", holder="그쪽 사람", grounds="그쪽 글")
    names = edit("holder", "내 사람", base=seen)["fields"]
    assert names == [{"field": "holder", "before": "홍길동", "mine": "내 사람", "theirs": "그쪽 사람"}]
    clock.at += 1000
    assert edit("grounds", "내 글", base=seen)["kind"] == "conflict"
    entries = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"]
    about = {"field": "holder", "before": None, "after": "홍길동"}  # of whom it was said
    assert [(e["actor"], e["changes"]) for e in entries if e["lost"]] == [
        ("앤", [about, {"field": "grounds", "before": None, "after": "내 글"}]),
        ("앤", [{"field": "holder", "before": None, "after": "내 사람"}]),
    ]
    assert book.handle({"kind": "open", "account": "A"})["page"]["people"] != []
    assert all(each["name"] != "내 사람" for each in ws.people("A").to_dict("records"))


def test_two_who_mend_one_person_other_detail_merges_same_detail_asks(ws: Workspace, edit: Send, book: RepBook) -> None:
    seen = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]["seen"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.edit_person("pe_1", "A", phone="02-1", name="홍 길동", title="상무")
    assert edit("detail", {"person": "pe_1", "seen": seen, "email": "a@b.kr"}, "")["kind"] == "saved"
    answer = edit("detail", {"person": "pe_1", "seen": seen, "phone": "02-2", "name": "홍길순"}, "")
    assert (answer["kind"], answer["by"], answer["entity"], answer["version"]) == ("conflict", "bob", "person", 3)
    assert answer["fields"] == [
        {"field": "name", "before": "홍길동", "mine": "홍길순", "theirs": "홍 길동"},
        {"field": "phone", "before": "02-000-0001", "mine": "02-2", "theirs": "02-1"},
    ]
    title = edit("detail", {"person": "pe_1", "seen": seen, "title": "이사"}, "")
    assert (title["kind"], title["entity"]) == ("conflict", "employment")
    mine = {"person": "pe_1", "seen": seen | {"person": answer["version"]}, "phone": "02-2"}
    assert edit("detail", mine, "")["kind"] == "saved"
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert (card["phone"], card["name"], card["email"]) == ("02-2", "홍 길동", "a@b.kr")


def test_another_superior_at_once_shows_three_names_and_the_card_tells_who_wrote_what(
    ws: Workspace, edit: Send, book: RepBook
) -> None:
    for role, name in (("cfo", "최 둘째"), ("cio", "정 셋째")):
        edit("holder", name, role)
    seen = edit("tie", {"person": "pe_1", "kind": "reports_to", "other": "김하나"}, "", base=0)
    assert [tie["version"] for tie in seen["page"]["ties"]] == [1]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.coaching.ties.add("홍길동", "reports_to", "최 둘째", "A", base=1)
    answer = edit("tie", {"person": "pe_1", "kind": "reports_to", "other": "정 셋째"}, "", base=1)
    assert (answer["kind"], answer["by"], answer["version"]) == ("conflict", "bob", 2)
    assert answer["fields"] == [{"field": "superior", "before": "김하나", "mine": "정 셋째", "theirs": "최 둘째"}]
    assert [tie["version"] for tie in answer["page"]["ties"]] == [2], "the screen shows theirs meanwhile"
    mine = edit("tie", {"person": "pe_1", "kind": "reports_to", "other": "정 셋째"}, "", base=2)
    book.handle({"kind": "undo", "account": "A", "undoes": mine["edit_id"]})
    edit("untie", {"tie": "em_1:reports_to"}, "", base=4)
    card = book.handle({"kind": "person", "account": "A", "person": "pe_1"})["card"]
    assert [(e["actor"], e["b"], e["undone"], e["taken_out"]) for e in card["tie_history"]] == [
        ("앤", "최 둘째", False, True),
        ("앤", "최 둘째", True, False),
        ("앤", "정 셋째", False, False),
        ("밥", "최 둘째", False, False),
        ("앤", "김하나", False, False),
    ]
    assert {(e["tie"], e["a"], e["at"]) for e in card["tie_history"]} == {("reports_to", "홍길동", "2026-11-25 12:00")}
    other_card = book.handle({"kind": "person", "account": "A", "person": "pe_2"})["card"]
    assert [e["b"] for e in other_card["tie_history"]] == ["김하나"], "they were once in it"


def test_a_store_out_of_reach_is_told_and_the_edit_can_be_sent_again(
    book: RepBook, edit: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = book.ws.ledger
    engine = ledger.engine

    class Locked:
        dialect = engine.dialect

        def connect(self) -> None:
            raise OperationalError("BEGIN IMMEDIATE", {}, Exception("database is locked"))

    monkeypatch.setattr(ledger, "engine", Locked())
    answer = edit("holder", "pe_1", edit_id="ed_9")
    assert (answer["kind"], answer["code"]) == ("unavailable", "store.locked")
    monkeypatch.setattr(ledger, "engine", engine)
    assert edit("holder", "pe_1", edit_id="ed_9")["kind"] == "saved"


def test_a_past_week_shows_what_was_then(edit: Send, book: RepBook, clock: Clock) -> None:
    edit("holder", "pe_1")
    clock.at += 10 * DAY
    edit("holder", "pe_2")
    then = book.handle({"kind": "open", "account": "A", "week": "2026-W48"})
    assert slot(then)["holder"]["name"] == "홍길동"
    assert slot(book.handle({"kind": "open", "account": "A"}))["holder"]["name"] == "김하나"
    before = book.handle({"kind": "open", "account": "A", "week": "2026-W40"})
    assert (before["kind"], before["code"]) == ("refused", "account.unknown_then")


def test_the_trail_of_a_slot_says_who_what_and_when(edit: Send, book: RepBook) -> None:
    edit("holder", "pe_1", edit_id="ed_1")
    edit("representative", "sue")
    edit("ended", {"person": "pe_1", "kind": "left", "on": "2026-11-20"})
    entries = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"]
    told = [
        (entry["actor"], change["field"], change["before"], change["after"])
        for entry in entries
        for change in entry["changes"]
    ]
    assert told == [
        ("앤", "ended", "홍길동", "left"),
        ("앤", "representative", None, "수"),
        ("앤", "holder", None, "홍길동"),
    ]
    assert entries[0]["at"] == "2026-11-25 12:00"


def test_the_trail_of_an_undone_new_name_still_says_the_name(edit: Send, book: RepBook) -> None:
    edit("holder", "박새롬", edit_id="ed_1")
    book.handle({"kind": "undo", "account": "A", "undoes": "ed_1"})
    entries = book.handle({"kind": "history", "account": "A", "role": "ceo"})["entries"]
    assert [(e["undone"], e["changes"][0]["before"], e["changes"][0]["after"]) for e in entries] == [
        (True, "박새롬", None),
        (False, None, "박새롬"),
    ]


def test_people_are_found_by_name_also_those_just_written(edit: Send, book: RepBook) -> None:
    assert book.handle({"kind": "find", "text": "하나"})["accounts"] == ["A"]
    assert book.handle({"kind": "find", "text": "  "})["accounts"] == []
    edit("holder", "Zoë Brandt", account="B")
    assert book.handle({"kind": "find", "text": "zoë b"})["accounts"] == ["B"]


def test_an_edit_costs_the_same_bytes_with_one_account_or_many(edit: Send, ws: Workspace, book: RepBook) -> None:
    def size(answer: dict[str, Any]) -> int:
        return len(json.dumps(answer, ensure_ascii=False))

    def begin() -> int:
        lines = book.handle({"kind": "hello"})["lines"]
        book.handle({"kind": "open", "account": "A"})
        return len(lines)

    assert begin() == 2
    one = size(edit("holder", "pe_1"))
    rows = [
        ("account", f"X{i}", {"name": f"X{i}", "owner_id": "ann", "status": "active", "template_ids": '["general"]'})
        for i in range(300)
    ]
    ws.ledger.save([Change(*row) for row in rows])
    assert begin() == 302
    many = size(edit("holder", "pe_2"))
    assert abs(many - one) < 40


def test_an_unknown_message_is_refused(book: RepBook) -> None:
    assert book.handle({"kind": "dance", "seq": 3}) | {"text": None} == {
        "kind": "refused",
        "code": "message.kind",
        "text": None,
        "seq": 3,
    }


def test_a_promise_or_a_stage_sent_again_is_not_written_over_what_came_after_it(ws: Workspace, book: RepBook) -> None:
    book.handle({"kind": "edit", "account": "A", "role": "ceo", "field": "holder", "value": "pe_1"})
    made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"), confirmed=True)
    settled = {"kind": "edit", "edit_id": "ed_settledsettled", "account": "A", "field": "settled"}
    settled |= {"value": {"commitment": made.id, "outcome": "kept"}}
    stage = {"kind": "edit", "edit_id": "ed_stagestagestag", "account": "A", "field": "stage"}
    stage |= {"value": {"person": "pe_1", "offering": "강판", "stage": "interest"}}
    assert [book.handle(each)["kind"] for each in (settled, stage)] == ["saved", "saved"]
    with open_workspace(ws.path, actor="bob", clock=ws.ledger.clock) as other:
        other.coaching.commitments.settle(made.id, "not_kept", reason="need_help")
        other.coaching.people.set_stage("pe_1", "A", "강판", "action")
    assert [book.handle(each)["kind"] for each in (settled, stage)] == ["saved", "saved"]
    (promise,) = ws.coaching.commitments.find(rep="ann", state=None)
    assert promise.state == "not_kept"
    assert [each.stage.value for each in ws.coaching.people.pursuits("A")] == ["action"]


def test_an_edit_at_another_reps_account_does_not_join_the_list(book: RepBook, edit: Send) -> None:
    before = book.handle({"kind": "hello"})["summary"]
    message = {"kind": "edit", "account": "C", "role": "ceo", "field": "holder", "value": "남 사람"}
    answer = book.handle(message)
    assert (answer["kind"], answer["line"]) == ("saved", None)
    assert answer["summary"]["all"]["accounts"] == before["all"]["accounts"]
    assert "C" not in book.territory.lines
