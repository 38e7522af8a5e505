"""The coach's page: answers by phone, replies that are dropped in, and the minutes of a closed session."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from coverage_kit.store.entities import Commitment
from coverage_kit.workbook.model.coach import CoachBook
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items
from tests.replies.reply_mails import reply, tapped


@pytest.fixture
def coach(team: TeamDay) -> CoachBook:
    return CoachBook(team.ws)


def sent(*messages) -> list[dict[str, str]]:
    return [
        {"name": f"{n}.eml", "content": base64.b64encode(each.as_bytes()).decode()} for n, each in enumerate(messages)
    ]


def test_the_desk_lists_what_colleagues_were_asked_the_unanswered_first(team: TeamDay, coach: CoachBook) -> None:
    accepted, asked, rep = ask(team, "boss"), ask(team, "chief", role="ceo"), ask(team, "kim", role="cio")
    team.ws.coaching.commitments.accept(accepted.id)
    shown = coach.handle({"kind": "desk"})["asked"]
    assert [(each["commitment"], each["owner"], each["is_asked"]) for each in shown] == [
        (asked.id, "Chief", True),
        (accepted.id, "Boss", False),
    ]
    assert rep.id not in str(shown)
    assert set(shown[0]["task"]) == {"ko", "en"}


def test_an_answer_by_phone_is_written_once_and_taken_back(team: TeamDay, coach: CoachBook) -> None:
    one = ask(team, "chief")
    message = {"kind": "record_answer", "commitment": one.id, "version": one.version, "answer": "hand_on", "to": "boss", "edit_id": "ed_phone"}  # fmt: skip
    first, again = coach.handle(message), coach.handle(message)
    assert (first["kind"], first["edit_id"], again["edit_id"]) == ("desk", "ed_phone", "ed_phone")
    assert [each["owner_id"] for each in first["asked"]] == ["boss"]
    undone = coach.handle({"kind": "undo", "undoes": "ed_phone", "edit_id": "ed_back", "rep": "kim"})
    assert undone["kind"] == "saved"
    assert [each["owner_id"] for each in coach.handle({"kind": "desk"})["asked"]] == ["chief"]


@pytest.mark.parametrize(("answer", "code"), [({"answer": "accept", "due_on": "2026-11-31"}, "field.day"), ({"answer": "accept", "due_on": "2026-11-01"}, "commitment.due"), ({"answer": "perhaps"}, "field.word"), ({"answer": "decline"}, "commitment.decline"), ({"answer": "hand_on"}, "answer.to")])  # fmt: skip
def test_an_answer_that_cannot_be_written_is_refused(team: TeamDay, coach: CoachBook, answer: dict[str, str], code: str) -> None:  # fmt: skip
    one = ask(team, "chief")
    response = coach.handle({"kind": "record_answer", "commitment": one.id, "version": 1, "edit_id": "ed_x", **answer})
    assert (response["kind"], response["code"]) == ("refused", code)


def test_somebody_who_was_first_is_named(team: TeamDay, coach: CoachBook) -> None:
    one = ask(team, "chief")
    team.ws.coaching.commitments.hand_on(one.id, "boss")
    response = coach.handle({"kind": "record_answer", "commitment": one.id, "version": 1, "answer": "hand_on", "to": "lee", "edit_id": "ed_x"})  # fmt: skip
    assert response["code"] == "commitment.changed"


def test_replies_are_read_and_each_file_says_what_became_of_it(team: TeamDay, coach: CoachBook, tmp_path: Path) -> None:
    ask(team, "chief")
    mail_items(team, tmp_path)
    good = tapped(tmp_path / "mail" / "chief+items.eml", "Accept")
    files = sent(good, reply("chief@example.com", "Re: hello", "Hm"))
    files[1]["name"] = "../../outside.eml"
    response = coach.handle({"kind": "read_replies", "files": files})
    assert [(each["file"], each["state"]) for each in response["replies"]] == [("0.eml", "written"), ("outside.eml", "refused")]  # fmt: skip
    assert set(response["replies"][1]["text"]) == {"ko", "en"}
    assert [each["is_asked"] for each in response["asked"]] == [False]
    assert [each["state"] for each in coach.handle({"kind": "read_replies", "files": files})["replies"]] == ["known", "refused"]  # fmt: skip
    coach.handle({"kind": "undo", "undoes": response["replies"][0]["edit_id"], "edit_id": "ed_back", "rep": "kim"})
    assert team.ws.ledger.as_of(Commitment)[0].answer is None


@pytest.mark.parametrize("content", ["%%%", "YWJj", ""])
def test_what_is_no_mail_harms_nothing(team: TeamDay, coach: CoachBook, content: str) -> None:
    response = coach.handle({"kind": "read_replies", "files": [{"name": "x.eml", "content": content}]})
    assert response.get("code") == "reply.upload" or response["replies"][0]["state"] == "refused"


def test_a_closed_session_gets_its_minutes_and_keeps_closed_when_they_fail(team: TeamDay, coach: CoachBook, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    session = team.ws.coaching.sessions.start("kim", coach="lee")
    session.claim(share=0.5)
    session.add(replace(session.draft("A", "cfo"), owner="boss"))
    session.agree()
    session.close(minutes=False)
    shown = coach.handle({"kind": "resume", "session": session.id})["session"]
    assert (shown["step"], shown["minutes"]) == ("closed", [])
    with monkeypatch.context() as broken:
        broken.setattr("coverage_kit.reporting.minutes.run_pool", None)
        assert coach.handle({"kind": "make_minutes", "session": session.id})["code"] == "message.fault"
    assert team.ws.coaching.sessions.resume(session.id).closed
    made = coach.handle({"kind": "make_minutes", "session": session.id, "mail": True})
    assert (made["failed"], made["mailed"]) == ([], ["Kim", "Boss"])
    (file,) = made["files"]
    assert file.startswith("reports/minutes/2026-W48/kim-")
    assert coach.handle({"kind": "resume", "session": session.id})["session"]["minutes"] == [file]
