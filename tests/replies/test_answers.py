"""What colleagues answered by mail is written down as theirs, once; nothing is written that is not clear."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit.cli import cli
from coverage_kit.coaching import HowAnswered
from coverage_kit.domain.coaching import Answer, Outcome, OwnerAnswer
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.reporting.deliver.replies import RepliesResult, ReplyState, read_answers, reply_files
from coverage_kit.store import Change
from coverage_kit.store.entities import AnswerIn, Commitment
from tests.coaching.conftest import TeamDay
from tests.coaching.test_leaders import writing_as
from tests.replies.asking import ask, mail_items
from tests.replies.reply_mails import forwarded, reply, save, tapped


@pytest.fixture
def mailed(team: TeamDay, tmp_path: Path) -> Path:
    """A request to the executive, and the mail about it."""
    ask(team, "chief")
    mail_items(team, tmp_path)
    return tmp_path / "mail" / "chief+items.eml"


def item(team: TeamDay) -> Commitment:
    (row,) = team.ws.ledger.as_of(Commitment)
    return row


def code_of(mailed: Path) -> str:
    return str(tapped(mailed, "Accept")["Subject"]).split("[")[1].rstrip("]")


def read_in(team: TeamDay, *messages, folder: Path) -> RepliesResult:
    files = [save(message, folder / f"{n}.eml") for n, message in enumerate(messages)]
    return read_answers(team.ws, files)


def refused(result: RepliesResult, *, n: int = 1) -> str:
    assert [each.state for each in result.replies] == [ReplyState.REFUSED] * n
    refusal = result.replies[0].refusal
    assert refusal is not None
    return refusal.code


# What is written ------------------------------------------------------------------------------------------------------


def test_a_tap_on_accept_is_written_as_the_owners_answer_in_the_coachs_hand(team: TeamDay, mailed: Path, tmp_path: Path) -> None:  # fmt: skip
    result = read_in(team, tapped(mailed, "Accept", "2026-12-04"), folder=tmp_path)
    assert [each.state for each in result.replies] == [ReplyState.WRITTEN]
    row = item(team)
    assert (row.answer, row.due_on, row.owner_id, row.actor) == (Answer.ACCEPTED, "2026-12-04", "chief", "lee")
    (written,) = team.ws.coaching.answers.of(row.id)
    assert (written.answer, written.by, written.written_by, written.how) == (OwnerAnswer.ACCEPT, "chief", "lee", HowAnswered.MAIL)  # fmt: skip
    assert written.edit == row.edit_id


def test_an_untouched_accept_takes_the_day_that_the_mail_proposed(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    due_on = item(team).due_on
    read_in(team, tapped(mailed, "Accept"), folder=tmp_path)
    assert (item(team).answer, item(team).due_on) == (Answer.ACCEPTED, due_on)


def test_hand_on_goes_to_the_colleague_who_is_named(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    result = read_in(team, tapped(mailed, "Hand on", "Boss, please"), folder=tmp_path)
    assert (result.replies[0].state, result.replies[0].to) == (ReplyState.WRITTEN, "boss")
    assert (item(team).owner_id, item(team).answer) == ("boss", None)
    assert team.ws.coaching.answers.of(item(team).id)[0].by == "chief"


def test_a_decline_keeps_its_reason(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    read_in(team, tapped(mailed, "Not possible", "The account is being sold"), folder=tmp_path)
    (one,) = team.ws.coaching.commitments.find(state=None)
    assert (one.answer, one.outcome, one.outcome_note) == (Answer.DECLINED, Outcome.WITHDRAWN, "The account is being sold")  # fmt: skip


def test_accepted_work_is_called_done_by_the_next_mail(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    read_in(team, tapped(mailed, "Accept"), folder=tmp_path)
    mail_items(team, tmp_path / "next")
    read_in(team, tapped(tmp_path / "next/mail/chief+items.eml", "It is done"), folder=tmp_path / "two")
    assert item(team).outcome == Outcome.KEPT
    assert [each.answer for each in team.ws.coaching.answers.of(item(team).id)] == [OwnerAnswer.ACCEPT, OwnerAnswer.DONE]  # fmt: skip


def test_korean_answers_are_read_back(korean: TeamDay, tmp_path: Path) -> None:
    for n, role in enumerate(("cfo", "ceo", "cio")):
        ask(korean, "chief", role=role, due_on=korean.day + timedelta(days=n + 1))
    mail_items(korean, tmp_path)
    mail = tmp_path / "mail" / "chief+items.eml"
    result = read_in(
        korean,
        tapped(mail, "맡겠습니다", "12월 11일", item=0),
        tapped(mail, "다른 분께", "Boss 팀장님", item=1),
        tapped(mail, "어렵습니다", "다음 달에 조직 개편이 있습니다", item=2),
        folder=tmp_path,
    )
    assert [each.state for each in result.replies] == [ReplyState.WRITTEN] * 3, result
    rows = {row.role: row for row in korean.ws.ledger.as_of(Commitment)}
    assert (rows["cfo"].answer, rows["cfo"].due_on) == ("accepted", "2026-12-11")
    assert rows["ceo"].owner_id == "boss"
    assert rows["cio"].outcome == "withdrawn"
    assert "맡겠습니다" in result.replies[0].text("ko")


def test_a_plain_reply_with_the_quoted_mail_is_enough_where_it_names_one_item(team: TeamDay, mailed: Path, tmp_path: Path) -> None:  # fmt: skip
    quoted = "\n".join(f"> {line}" for line in ["1. task", code_of(mailed)])
    text = f"I'll take it, by 4 December.\n\nOn Mon, 23 Nov 2026 at 09:10, Coaching <coaching@example.com> wrote:\n{quoted}"
    assert read_in(team, reply("chief@example.com", "Re: 1 item is yours", text), folder=tmp_path).of(
        ReplyState.WRITTEN
    )
    assert item(team).due_on == "2026-12-04"


@pytest.mark.parametrize("by", ["lee@example.com", "coaching@example.com"])
def test_a_reply_that_the_coach_forwards_counts(team: TeamDay, mailed: Path, tmp_path: Path, by: str) -> None:
    result = read_in(team, forwarded(tapped(mailed, "Accept"), by), folder=tmp_path)
    assert result.of(ReplyState.WRITTEN)
    assert team.ws.coaching.answers.of(item(team).id)[0].by == "chief"


def test_an_answer_can_be_taken_back(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    result = read_in(team, tapped(mailed, "Hand on", "Boss"), folder=tmp_path)
    team.ws.undo(result.replies[0].edit_id)
    assert (item(team).owner_id, item(team).answer) == ("chief", None)
    assert team.ws.ledger.as_of(AnswerIn) == []


# Once -----------------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_writes_nothing_new(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    message = tapped(mailed, "Accept")
    read_in(team, message, folder=tmp_path)
    before = item(team).version
    again = read_in(team, message, message, folder=tmp_path / "again")
    assert [each.state for each in again.replies] == [ReplyState.KNOWN] * 2
    # Forwarded it is another file with the same reply inside; copied by a mail program it may have no id at all.
    assert read_in(team, forwarded(message, "lee@example.com"), folder=tmp_path).of(ReplyState.KNOWN)
    del message["Message-ID"]
    assert read_in(team, message, folder=tmp_path).of(ReplyState.KNOWN)
    assert (item(team).version, len(team.ws.ledger.as_of(AnswerIn))) == (before, 1)


def test_two_equal_answers_are_one_and_two_different_ones_none(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    accept, decline = tapped(mailed, "Accept"), tapped(mailed, "Not possible", "No time")
    result = read_in(team, accept, decline, folder=tmp_path)
    assert refused(result, n=2) == "reply.twice"
    assert "0.eml, 1.eml" in result.replies[0].text("en")
    assert item(team).version == 1
    same = reply("chief@example.com", f"Accept [{code_of(mailed)}]", f"Accept, {item(team).due_on}")
    assert [each.state for each in read_in(team, accept, same, folder=tmp_path).replies] == [ReplyState.WRITTEN, ReplyState.KNOWN]  # fmt: skip


def test_another_answer_to_the_same_mail_later_is_asked(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    read_in(team, tapped(mailed, "Accept"), folder=tmp_path)
    decline = tapped(mailed, "Not possible", "No time")
    assert refused(read_in(team, decline, folder=tmp_path / "b")) == "commitment.changed"
    later = tapped(mailed, "Accept", "2026-12-18")
    assert refused(read_in(team, later, folder=tmp_path / "c")) == "answer.again"
    assert item(team).answer == Answer.ACCEPTED


def test_a_note_of_the_coach_in_between_is_no_obstacle(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    team.ws.coaching.commitments.note(item(team).id, "Ask about the new plant")
    assert read_in(team, tapped(mailed, "Accept"), folder=tmp_path).of(ReplyState.WRITTEN)


def test_an_answer_without_a_day_means_the_day_that_was_mailed(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    plain = reply("chief@example.com", f"Accept [{code_of(mailed)}]", "Accept")
    team.ws.coaching.commitments.carry(item(team).id, team.day + timedelta(days=30))
    assert refused(read_in(team, plain, folder=tmp_path)) == "commitment.changed"
    assert item(team).answer is None


# What is refused ------------------------------------------------------------------------------------------------------


def test_what_is_not_clear_is_refused_with_what_to_do_and_nothing_is_written(team: TeamDay, mailed: Path, tmp_path: Path) -> None:  # fmt: skip
    code = code_of(mailed)
    team.ws.ledger.save([Change("staff", "gone", {"name": "Gone Away", "function": "manager", "ended_on": "2026-01-01"})])  # fmt: skip
    cases = {
        "reply.no_code": reply("chief@example.com", "Re: hello", "Accept"),
        "reply.unknown": reply("chief@example.com", "Accept [CK-0000-0000-1]", "Accept"),
        "reply.sender": reply("boss@example.com", f"Accept [{code}]", "Accept"),
        "reply.codes": reply("chief@example.com", f"Accept [{code}]", "Accept CK-0000-0000-1"),
        "reply.answer": reply("chief@example.com", f"Re: [{code}]", "Thanks!"),
        "reply.days": reply("chief@example.com", f"Accept [{code}]", "12/4 or 12/11"),
        "commitment.due": reply("chief@example.com", f"Accept [{code}]", "by 20 November"),
        "reply.to": reply("chief@example.com", f"Hand on [{code}]", "To whom: Boss or Lee"),
        "reply.gone": reply("chief@example.com", f"Hand on [{code}]", "To whom: Gone Away"),
        "commitment.decline": reply("chief@example.com", f"Not possible [{code}]", "Not possible."),
    }
    for error, message in cases.items():
        result = read_in(team, message, folder=tmp_path / error)
        assert refused(result) == error
        assert result.replies[0].text("en").endswith((".", "?"))
    assert refused(read_in(team, reply("chief@example.com", f"Accept [{code}]", "Sorry, I can't"), folder=tmp_path)) == "reply.answer"  # fmt: skip
    # Nobody but the coach may forward a reply in somebody's name.
    for by in ("boss@example.com", "stranger@example.net"):
        assert refused(read_in(team, forwarded(tapped(mailed, "Accept"), by), folder=tmp_path)) in ("reply.sender", "reply.no_code")  # fmt: skip
    assert (item(team).version, team.ws.ledger.as_of(AnswerIn)) == (1, [])


def test_an_overdue_request_is_not_accepted_without_a_day(team: TeamDay, tmp_path: Path) -> None:
    ask(team, "chief", due_on=team.day)
    team.later(23)
    mail_items(team, tmp_path)
    mail = tmp_path / "mail" / "chief+items.eml"
    assert refused(read_in(team, reply("chief@example.com", f"Accept [{code_of(mail)}]", "Accept"), folder=tmp_path)) == "answer.day"  # fmt: skip
    assert read_in(team, tapped(mail, "Accept"), folder=tmp_path / "b").of(ReplyState.WRITTEN)
    assert date.fromisoformat(item(team).due_on) > team.day


def test_a_rep_writes_down_nobodys_answer(team: TeamDay, mailed: Path, tmp_path: Path) -> None:
    with writing_as(team, "kim"):
        assert refused(read_in(team, tapped(mailed, "Accept"), folder=tmp_path)) == "answer.author"
        with pytest.raises(BadInput, match="coach"):
            team.ws.coaching.answers.record(item(team).id, "accept")


# By phone -------------------------------------------------------------------------------------------------------------


def test_an_answer_by_phone_is_written_once_and_says_how_it_came(team: TeamDay) -> None:
    one = ask(team, "boss")
    record = team.ws.coaching.answers.record
    edit = record(one.id, "accept", due_on=date(2026, 12, 4), base=one.version, edit_id="ed_phone")
    assert record(one.id, "accept", due_on=date(2026, 12, 4), base=one.version, edit_id="ed_phone").versions == edit.versions  # fmt: skip
    (written,) = team.ws.coaching.answers.of(one.id)
    assert (written.by, written.written_by, written.how) == ("boss", "lee", HowAnswered.PHONE)
    with pytest.raises(BadInput, match="has accepted this already"):
        record(one.id, "accept")
    with pytest.raises(BadInput, match="hand_on"):
        record(one.id, "maybe")


def test_an_answer_by_phone_to_what_somebody_changed_since_is_a_conflict(team: TeamDay) -> None:
    one = ask(team, "boss")
    team.ws.coaching.commitments.hand_on(one.id, "chief")
    with pytest.raises(Conflict):
        team.ws.coaching.answers.record(one.id, "hand_on", to="lee", base=one.version)


@pytest.mark.parametrize(("answer", "given", "error"), [("hand_on", {}, "answer.to"), ("hand_on", {"to": "Boss"}, "answer.self"), ("decline", {"reason": " "}, "commitment.decline"), ("accept", {"due_on": date(2026, 11, 1)}, "commitment.due")])  # fmt: skip
def test_an_answer_that_lacks_what_it_needs_is_refused(team: TeamDay, answer: str, given: dict, error: str) -> None:
    one = ask(team, "boss")
    with pytest.raises(BadInput) as refusal:
        team.ws.coaching.answers.record(one.id, answer, **given)
    assert refusal.value.code == error


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_reads_files_and_folders_and_ends_with_1_if_one_is_refused(team: TeamDay, mailed: Path, tmp_path: Path) -> None:  # fmt: skip
    code = code_of(mailed)
    save(tapped(mailed, "Accept"), tmp_path / "in" / "deep" / "a.EML")
    save(reply("chief@example.com", f"Re: {code}", "Hm"), tmp_path / "in" / "b.eml")
    (tmp_path / "in" / "notes.txt").write_text("nothing")
    team.ws.close()
    run = CliRunner().invoke(cli, ["-w", str(team.ws.path), "answers", str(tmp_path / "in"), "--json"])
    printed = json.loads(run.stdout)
    assert (run.exit_code, printed["written"], printed["known"], printed["refused"]) == (1, 1, 0, 1)
    assert {each["file"]: each["state"] for each in printed["replies"]} == {"a.EML": "written", "b.eml": "refused"}
    again = CliRunner().invoke(cli, ["-w", str(team.ws.path), "answers", str(tmp_path / "in" / "deep" / "a.EML")])
    assert (again.exit_code, again.stdout.strip()[:27]) == (0, "a.EML: Written down already")


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = save(reply("a@b.c", "x", "y"), tmp_path / "a.eml")
    assert reply_files([file, tmp_path, file]) == [file]
