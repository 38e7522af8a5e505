"""Whatever a message holds: an answer in both languages, no exception, and nothing written of what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage_kit.store import Change
from coverage_kit.store.entities import Person
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.coach import CoachBook
from coverage_kit.workbook.model.duplicates import DuplicatesBook
from coverage_kit.workspace import Workspace, open_workspace
from tests.depth import depth

from .conftest import Clock
from .test_coach import act, begin
from .test_retries import VALUES

Send = Callable[..., dict[str, Any]]
EDITS = [
    {"kind": "edit", "account": "A", "role": "ceo", "field": field, "value": value, "base": 1, "edit_id": "ed_1"}
    for field, value in VALUES.items()
]
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "hello", "rep": "ann"},
    {"kind": "open", "account": "A", "week": "2026-W47", "known": ""},
    {"kind": "ahead", "accounts": ["A", "B"]},
    {"kind": "undo", "account": "A", "undoes": "ed_1", "edit_id": "ed_2"},
    {"kind": "find", "text": "홍"},
    {"kind": "history", "account": "A", "role": "ceo"},
    {"kind": "person", "account": "A", "person": "pe_1"},
    {"kind": "cards"},
    {"kind": "commitments"},
]
PERSON = {"account": "A", "person": "pe_1"}
SLOT = {"account": "A", "role": "cfo"}
ACTS: list[dict[str, Any]] = [
    {"act": "next", "step": "claims"},
    {"act": "back", "step": ""},
    {"act": "claim", "value": 50, "account": "A"},
    {"act": "settle", "commitment": "co_1", "outcome": "kept", "reason": "", "note": ""},
    {"act": "note", "commitment": "co_1", "note": "글"},
    {"act": "round", "done": "한 일", "stuck": "막힌 일"},
    {"act": "mark", "person": "pe_1", "state": "left"},
    {"act": "check", **PERSON, "state": "still", "how": "call", "on": "2026-11-03", "title": "", "moved_to": "B"},
    {"act": "agree"},
    {
        "act": "commit",
        **SLOT,
        "owner": "sue",
        "due_on": "2026-12-04",
        "route": "phone",
        "action": "",
        "edit_id": "ed_3",
    },
]
COACHING: list[dict[str, Any]] = [
    *({"kind": "act", "rep": "ann", **each} for each in ACTS),
    {"kind": "start", "reps": ["ann"], "session_kind": "first"},
    {"kind": "resume", "session": "se_1"},
    {"kind": "account", "account": "A", "rep": "ann"},
    {"kind": "draft", **SLOT, "rep": "ann", "owner": "sue", "due_on": "2026-12-04", "route": None, "action": None},
    {"kind": "desk"},
]
#: Ids of another account, days and weeks that are none or far away, markup, characters and numbers nobody can store.
ODD = st.one_of(
    st.sampled_from([None, "", " ", "x", 0, -1, 1.5, True, [], {}, ["A"], [None], [["A"]], {"person": ["pe_1"]}]),
    st.sampled_from(["가" * 3000, "<script>alert(1)</script>", "pe_3", "em_3", "B", "nobody", "ed_"]),
    st.sampled_from(["2026-W99", "2020-W01", "0001-01-01", "9999-12-31", "2026-02-30"]),
    st.sampled_from(["\x00", "\x1b[1m", "\ud800", ["\ud800"], {"\ud800": 1}]),
    st.sampled_from([10**400, -(2**70), float("nan"), float("inf")]),
)


@st.composite
def odd(draw: st.DrawFn, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """A message of the screen in which one or two things are odd, or missing."""
    message = {"seq": 1, **draw(st.sampled_from(messages))}
    for _ in range(draw(st.integers(1, 2))):
        inner = isinstance(message.get("value"), dict) and message["value"] and draw(st.booleans())
        spoilt: dict[str, Any] = dict(message["value"]) if inner else message
        key = draw(st.sampled_from(sorted(spoilt)))
        spoilt[key] = draw(ODD)
        if draw(st.integers(0, 9)) == 0:
            del spoilt[key]
        if inner:
            message["value"] = spoilt
    return message


def check(book: RepBook | CoachBook | AuditBook | DuplicatesBook, message: dict[str, Any]) -> dict[str, Any]:
    """Send a message, and look at the form of the answer and at what was written."""
    ledger = book.ws.ledger
    before = ledger.last_at()
    answer = book.handle(message)
    json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()
    assert isinstance(answer["kind"], str)
    if answer["kind"] in ("refused", "unavailable"):
        assert answer["kind"] == "refused", "it would be sent again for ever"
        assert (ledger.last_at(), set(answer["text"])) == (before, {"ko", "en"})
        assert all(answer["text"].values())
    return answer


@pytest.fixture(scope="module")
def place(team: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One store for all examples, with somebody at the second account."""
    path = tmp_path_factory.mktemp("odd") / "ws"
    shutil.copytree(team, path)
    with open_workspace(path, actor="ann", clock=Clock()) as ws:
        ws.ledger.save([Change("person", "pe_3", {"name": "남의 사람", "name_key": "남의사람"})])
        ws.ledger.save([Change("employment", "em_3", {"person_id": "pe_3", "account_id": "B"})])
        yield ws


SHORT = settings(max_examples=depth(8, 30, 80), database=None)


@SHORT
@given(message=odd(EDITS + QUESTIONS))
def test_the_reps_workbook_answers_whatever_it_is_sent(place: Workspace, message: dict[str, Any]) -> None:
    place.ledger.actor = "ann"
    book = RepBook(place, "ann", follows_link=True)
    check(book, message)
    assert book.handle({"kind": "hello", "rep": "ann"})["kind"] == "hello", "and can still be opened"


@SHORT
@given(message=odd(COACHING + EDITS))
def test_the_coachs_screen_answers_whatever_it_is_sent(place: Workspace, message: dict[str, Any]) -> None:
    place.ledger.actor = "lee"
    coach = CoachBook(place)
    begin(coach, "ann", kind="first")
    check(coach, message)
    assert coach.handle({"kind": "start", "reps": ["ann"], "session_kind": "first"})["kind"] == "session"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("holder", 7),
        ("can_meet", "yes"),
        ("disposition", 0),
        ("disposition", []),
        ("grounds", ["글"]),
        ("verified", {}),
        ("verified", {"person": "pe_1", "how": "call", "roles": 0}),
        ("verified", {"person": "pe_1", "how": "call", "on": "0206-11-22"}),
        ("ended", {"person": "pe_1", "kind": "left", "on": 20261103}),
        ("ended", {"person": "pe_1", "kind": "moved", "moved_to": 7}),
        ("ended", {"person": "pe_1", "kind": "left", "on": "9999-12-31"}),
        ("focus", None),
        ("detail", {"person": "pe_1", "name": 7}),
        ("detail", {"person": "pe_1", "need": "납기", "seen": {"person": "1"}}),
        ("detail", {"person": "pe_3", "need": "납기"}),
        ("untie", {"tie": "em_3:influences:em_4"}),
    ],
)
def test_a_value_of_another_kind_or_account_is_refused(ws: Workspace, edit: Send, field: str, value: Any) -> None:
    people = [("pe_3", "em_3", "셋"), ("pe_4", "em_4", "넷")]
    ws.ledger.save(Change("person", person, {"name": name, "name_key": name}) for person, _, name in people)
    ws.ledger.save(Change("employment", job, {"person_id": who, "account_id": "B"}) for who, job, _ in people)
    ws.coaching.ties.add("pe_3", "influences", "pe_4", "B")
    edit("holder", "pe_1")
    before = ws.ledger.last_at()
    answer = edit(field, value)
    assert (answer["kind"], ws.ledger.last_at()) == ("refused", before), answer


@pytest.mark.parametrize("more", [{"base": "2"}, {"edit_id": "x"}, {"account": "nowhere"}, {"role": ["ceo"]}])
def test_an_edit_that_does_not_say_on_what_it_was_made_is_refused(
    ws: Workspace, edit: Send, more: dict[str, Any]
) -> None:
    made = ws.coaching.commitments.add(ws.coaching.commitments.draft_from_gap("A", "ceo"))
    before = ws.ledger.last_at()
    for field, value in (("grounds", "글"), ("settled", {"commitment": made.id, "outcome": "kept"})):
        assert edit(field, value, **more)["kind"] == "refused"
    assert ws.ledger.last_at() == before


def test_an_undo_at_an_account_that_is_not_there_takes_nothing_back(edit: Send, book: RepBook) -> None:
    edit("grounds", "글", edit_id="ed_g")
    assert book.handle({"kind": "undo", "account": "nowhere", "undoes": "ed_g"})["kind"] == "refused"
    slots = book.handle({"kind": "open", "account": "A"})["page"]["slots"]
    assert [each["grounds"] for each in slots if each["role"] == "ceo"] == ["글"]


def test_an_account_called_by_its_name_is_edited_and_shown(edit: Send) -> None:
    assert edit("grounds", "글", account="Beta Steel")["page"]["account"]["id"] == "B"


def test_a_day_nobody_can_count_from_is_no_due_day(ws: Workspace) -> None:
    ws.ledger.save([Change("staff", "sue", {"manager_id": "lee"})])
    coach = CoachBook(ws)
    begin(coach, "ann")
    refused = act(coach, "commit", account="A", role="ceo", owner="sue", due_on="9999-12-31")
    assert (refused["kind"], refused["code"]) == ("refused", "field.year")
    assert ws.coaching.commitments.find() == []


def test_somebody_who_is_not_on_the_contact_list_is_not_marked(ws: Workspace) -> None:
    coach = CoachBook(ws)
    begin(coach, "ann", kind="first")
    act(coach, "claim", value=20)
    assert act(coach, "mark", person="pe_9", state="still")["code"] == "person.unknown"


WHO = {"person": "pe_1", "account": "A"}
AUDIT: list[dict[str, Any]] = [
    {"kind": "hello"},
    {"kind": "campaign", "scope": "email", "role": "ceo", "off_focus": True, "text": "홍"},
    {"kind": "campaign_files", "scope": "text", "role": "", "off_focus": False},
    {"kind": "draw_sample", "edit_id": "ed_1"},
    {"kind": "consent", **WHO, "scope": "email", "source": "form", "on": "2026-11-24", "edit_id": "ed_2"},
    {"kind": "withdraw", **WHO, "scope": "email", "edit_id": "ed_3"},
    {"kind": "remind", **WHO, "scope": "email", "edit_id": "ed_4"},
    {"kind": "opt_out", **WHO, "edit_id": "ed_5"},
    {"kind": "lift_opt_out", **WHO, "edit_id": "ed_6"},
    {"kind": "mail_results", "file": {"name": "a.csv", "content": "YQ=="}, "edit_id": "ed_7"},
    {"kind": "undo", "undoes": "ed_5", "edit_id": "ed_8"},
]
DUPLICATES: list[dict[str, Any]] = [
    {"kind": "hello"},
    {"kind": "pairs", "text": "홍"},
    {"kind": "corrections", "source": "crm"},
    {"kind": "note_sent", "source": "crm", "until": 1, "edit_id": "ed_11"},
    {"kind": "merge", "what": "person", "keep": "pe_1", "gone": "pe_2", "versions": {"pe_1": 1}, "edit_id": "ed_12"},
    {"kind": "preview_merge", "what": "person", "keep": "pe_1", "gone": "pe_2"},
    {"kind": "keep_apart", "what": "person", "one": "pe_1", "other": "pe_2", "edit_id": "ed_9"},
    {"kind": "undo", "undoes": "ed_9", "edit_id": "ed_10"},
]


@SHORT
@given(message=odd(AUDIT))
def test_the_audit_page_answers_whatever_it_is_sent(place: Workspace, message: dict[str, Any]) -> None:
    book = AuditBook(place)
    check(book, message)
    assert book.handle({"kind": "hello"})["kind"] == "audit"


@SHORT
@given(message=odd(DUPLICATES))
def test_the_page_of_duplicates_answers_whatever_it_is_sent(place: Workspace, message: dict[str, Any]) -> None:
    book = DuplicatesBook(place)
    check(book, message)
    assert book.handle({"kind": "hello"})["kind"] == "duplicates"


def test_a_field_that_a_request_does_not_have_changes_nothing(ws: Workspace) -> None:
    ws.ledger.actor = "lee"
    forged = {"actor": "bob", "login": "bob", "at": 1, "on": "2020-01-01", "is_void": 1}
    for book, message in (
        (DuplicatesBook(ws), {"kind": "keep_apart", "what": "person", "one": "pe_1", "other": "pe_2"}),
        (AuditBook(ws), {"kind": "opt_out", **WHO}),
    ):
        edit_id = f"ed_{message['kind']}"
        assert check(book, {**message, **forged, "edit_id": edit_id})["kind"] == "saved"
        assert ws.ledger.author_of(edit_id) == "lee"
    (person,) = ws.ledger.as_of(Person, id=["pe_1"])
    assert person.opted_out_on == ws.today().isoformat()


@pytest.mark.parametrize("kind", ["consent", "withdraw", "remind", "opt_out", "lift_opt_out"])
def test_an_act_names_a_person_of_that_account(place: Workspace, kind: str) -> None:
    more = {"source": "form", "on": ""} if kind == "consent" else {}
    scope = {} if "opt" in kind else {"scope": "email"}
    forged = {"kind": kind, "person": "pe_3", "account": "A", "edit_id": f"ed_of_{kind}", **scope, **more}
    assert check(AuditBook(place), forged)["kind"] == "refused"
