"""What page and kernel may say to each other: one schema, from which the page's types are made."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from coverage_kit.workbook import RepBook
from coverage_kit.workbook.model import responses
from coverage_kit.workbook.model.coach import CoachBook

from .message_types import SCHEMA, TYPES, build_schema, schema_text

RESPONSES: TypeAdapter[Any] = TypeAdapter(responses.Response)


def test_the_stored_schema_is_the_one_of_the_models() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "run `make messages`"


def test_the_pages_types_name_every_message_of_the_schema() -> None:
    exported = set(re.findall(r"^export (?:interface|type) (\w+)", TYPES.read_text(encoding="utf-8"), re.MULTILINE))
    assert set(build_schema()["$defs"]) <= exported, "run `make messages`"


@pytest.mark.parametrize(
    "message",
    [
        {"kind": "hello"},
        {"kind": "open", "account": "A"},
        {"kind": "open", "account": "A", "week": "2026-W47"},
        {"kind": "ahead", "accounts": ["A", "B"]},
        {"kind": "find", "text": "홍"},
        {"kind": "cards"},
        {"kind": "person", "account": "A", "person": "pe_1"},
        {"kind": "edit", "account": "A", "role": "ceo", "field": "holder", "value": "pe_1"},
        {"kind": "edit", "account": "A", "role": "ceo", "field": "colour", "value": "red"},
    ],
    ids=lambda message: message.get("field", message["kind"]),
)
def test_responses_of_the_reps_workbook_have_the_form_that_the_schema_says(
    book: RepBook, message: dict[str, Any]
) -> None:
    RESPONSES.validate_python(json.loads(json.dumps(book.handle({**message, "seq": 1}))))


def test_responses_of_each_step_of_a_session_have_the_form_that_the_schema_says(book: RepBook) -> None:
    coach = CoachBook(book.ws)
    for kind in ("one", "group", "first"):
        sent = coach.handle(
            {"kind": "start", "reps": ["ann", "bob"] if kind == "group" else ["ann"], "session_kind": kind}
        )
        steps = sent["session"]["steps"]  # type: ignore[typeddict-item]
        for rep in sent["session"]["reps"]:  # type: ignore[typeddict-item]
            coach.handle({"kind": "act", "act": "claim", "rep": rep, "value": 50})
        for step in steps:
            sent = coach.handle({"kind": "act", "act": "next", "step": step})
            RESPONSES.validate_python(json.loads(json.dumps(sent)))


def test_a_response_of_another_form_is_noticed() -> None:
    with pytest.raises(ValidationError):
        RESPONSES.validate_python({"kind": "find", "text": "홍", "accounts": [1]})


def test_a_fault_of_the_program_is_a_response_too_and_in_the_log(
    book: RepBook, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("nobody thought of this")

    monkeypatch.setattr(book, "_hello", fail)
    response = book.handle({"kind": "hello", "seq": 7})
    assert (response["kind"], response["code"], response["seq"]) == ("unavailable", "message.fault", 7)  # type: ignore[typeddict-item]
    assert "nobody thought of this" in caplog.text
    assert "nobody thought of this" not in json.dumps(response)
    caplog.clear()
