"""A personal link writes to the work of its person: every act of every page of one colleague's work, with another's ids."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from coverage_kit.domain.identifiers import name_key
from coverage_kit.store import Change
from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.audit_page import AuditBook
from coverage_kit.workbook.model.contacts import ContactsBook
from coverage_kit.workbook.model.my_page import MyBook
from coverage_kit.workspace import Workspace

from .test_links import link
from .test_retries import VALUES, models, names, rows

PAGES: dict[str, tuple[Callable[[Workspace], Any], Any]] = {
    "rep": (lambda ws: RepBook(ws, "bob"), ask.RepRequest),
    "contacts": (ContactsBook, ask.ContactsRequest),
    "audit": (AuditBook, ask.AuditRequest),
    "mine": (lambda ws: MyBook(ws, "bob"), ask.MyRequest),
}
THERE = {"account": "C", "person": "pe_3"}
CO = {"commitment": "co_of_bob", "version": 1}
#: The acts of these pages but the edits, by kind, about an account or a commitment of bob's.
ACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "match_contact": ("contacts", {**THERE, "role": "cio", "version": 0}),
    "mark_contacts": ("contacts", {"account": "C", "contacts": [{"person": "pe_3", "version": 1}], "state": "left"}),
    "consent": ("audit", {**THERE, "scope": "email", "source": "form at the fair"}),
    "withdraw": ("audit", {**THERE, "scope": "text"}),
    "remind": ("audit", {**THERE, "scope": "text"}),
    "opt_out": ("audit", THERE),
    "lift_opt_out": ("audit", {"account": "C", "person": "pe_4"}),
    "accept": ("mine", CO),
    "hand_on": ("mine", {**CO, "to": "lee"}),
    "decline": ("mine", {**CO, "reason": "not now"}),
    "settle": ("mine", {**CO, "outcome": "kept"}),
    "move": ("mine", {**CO, "due_on": "2026-12-11"}),
    "take": ("mine", {"account": "C", "role": "cfo"}),
}
#: They take no account of somebody else: the author must lead the account's rep, or made what is undone; or the file says.
OTHERWISE = {"undo", "edit", "decide", "star", "propose", "sign", "cancel_coaching", "draw_sample", "mail_results"}  # fmt: skip
#: An act names one of these by its id; the account of the message may be ann's own.
OF_BOB: dict[str, dict[str, Any]] = {
    "settled": {"commitment": "co_of_bob"},
    "voice_closed": {"voice": "no_of_bob"},
    "voice_reopened": {"voice": "no_closed"},
    "value_received": {"given": "va_of_bob"},
}


@pytest.fixture
def ws(ws: Workspace) -> Workspace:
    """What bob has at his account: two contacts, one in a position, a voice, something given, a commitment, a consent."""
    ws.ledger.actor = "bob"
    changes = []
    for n, name in ((3, "남하나"), (4, "남두리")):
        changes.append(
            Change("person", f"pe_{n}", {"name": name, "name_key": name_key(name), "email": f"p{n}@daon.kr"})
        )
        changes.append(Change("employment", f"em_{n}", {"person_id": f"pe_{n}", "account_id": "C", "title": "부장"}))
    ws.ledger.save(changes)
    ws.edit_slot("C", "ceo", holder="pe_3")
    work = ws.coaching
    work.campaigns.consent("pe_3", "C", "text", "contract")
    work.campaigns.opt_out("pe_4", "C")
    ids = {
        "no_of_bob": work.voices.add("pe_3", "C", "need", "납기"),
        "no_closed": work.voices.add("pe_3", "C", "complaint", "답이 늦다"),
        "va_of_bob": work.value.give("pe_3", "C", "insight", "재고가 모자라는 곳", need="납기"),
        "co_of_bob": work.commitments.add(work.commitments.draft_from_gap("C", "cfo")),
    }
    FOUND.update({name: one if isinstance(one, str) else one.id for name, one in ids.items()})
    work.voices.close(FOUND["no_closed"], "끝", answered=True)
    return ws


#: The real ids of what the tables above name.
FOUND: dict[str, str] = {}


def real(body: Any) -> Any:
    """A message with the ids that the store gave."""
    if isinstance(body, dict):
        return {key: real(value) for key, value in body.items()}
    return FOUND.get(body, body) if isinstance(body, str) else body


def send(ws: Workspace, page: str, who: str, body: dict[str, Any]) -> dict[str, Any]:
    return dict(PAGES[page][0](ws).handle({"edit_id": "ed_forged", **real(body), "link": link(ws, who)}))


def edit_of(field: str, account: str) -> dict[str, Any]:
    value = VALUES[field]
    if isinstance(value, dict):
        others = {"pe_1": "pe_3", "pe_2": "pe_4"}
        value = {key: others.get(each, each) if isinstance(each, str) else each for key, each in value.items()}
        value |= OF_BOB.get(field, {})
    return {"kind": "edit", "account": account, "role": "ceo", "field": field, "value": value}


def test_every_act_of_these_pages_is_tried_below() -> None:
    acts = {model for _, union in PAGES.values() for model in models(union) if issubclass(model, ask.ActRequest)}
    kinds = {get_args(model.model_fields["kind"].annotation)[0] for model in acts}
    assert kinds == ACTS.keys() | OTHERWISE
    assert {name for model in acts if "field" in model.model_fields for name in names(model)} == VALUES.keys()


@pytest.mark.parametrize("page", ["rep", "mine"])
@pytest.mark.parametrize("field", VALUES)
def test_an_edit_of_somebody_elses_account_is_refused(ws: Workspace, field: str, page: str) -> None:
    before = rows(ws)
    answer = send(ws, page, "ann", edit_of(field, "C"))
    assert (answer["kind"], answer["code"], rows(ws)) == ("refused", "account.not_yours", before), answer
    if field in OF_BOB:
        answer = send(ws, page, "ann", edit_of(field, "A"))
        assert (answer["kind"], answer["code"], rows(ws)) == ("refused", "account.not_yours", before), answer


@pytest.mark.parametrize("kind", ACTS)
def test_an_act_on_what_is_somebody_elses_is_refused_and_its_owner_may(ws: Workspace, kind: str) -> None:
    page, body = ACTS[kind]
    before = rows(ws)
    answer = send(ws, page, "ann", {"kind": kind, **body})
    assert (answer["kind"], answer["code"].partition(".")[2], rows(ws)) == ("refused", "not_yours", before), answer
    answer = send(ws, page, "bob", {"kind": kind, **body, "edit_id": "ed_own"})
    assert answer["kind"] in ("saved", "mine"), answer
    written = rows(ws)
    assert written != before
    again = send(ws, page, "bob", {"kind": kind, **body, "edit_id": "ed_own"})
    assert (again["kind"], rows(ws)) == (answer["kind"], written)


def test_a_rep_writes_to_an_account_that_was_handed_over_and_where_the_rep_represents_us(ws: Workspace) -> None:
    assert send(ws, "rep", "ann", edit_of("grounds", "C"))["code"] == "account.not_yours"
    ws.edit_slot("C", "cfo", representative="ann")
    assert send(ws, "rep", "ann", edit_of("grounds", "C"))["kind"] == "saved"
    ws.ledger.save([Change("account", "A", {"owner_id": "bob"})])
    late = {
        "kind": "edit",
        "account": "A",
        "role": "ceo",
        "field": "grounds",
        "value": "들은 대로",
        "edit_id": "ed_late",
    }
    assert send(ws, "rep", "ann", late)["kind"] == "saved"


@pytest.mark.parametrize("who", ["sue", "lee"])
def test_support_and_coaches_help_at_every_account_by_their_link(ws: Workspace, who: str) -> None:
    assert send(ws, "rep", who, edit_of("grounds", "C"))["kind"] == "saved"
    assert send(ws, "audit", who, {"kind": "opt_out", **THERE, "edit_id": "ed_out"})["kind"] == "saved"


@pytest.mark.parametrize("kind", ACTS)
def test_an_edit_id_that_another_act_used_writes_nothing(ws: Workspace, kind: str) -> None:
    page, body = ACTS[kind]
    ws.ledger.actor = "bob"
    ws.edit_slot("C", "cso", grounds="들은 대로", edit_id="ed_used")
    before = rows(ws)
    answer = send(ws, page, "bob", {"kind": kind, **body, "edit_id": "ed_used"})
    assert answer["kind"] in ("saved", "mine", "refused"), answer
    assert rows(ws) == before
