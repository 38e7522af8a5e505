"""The mail alone is enough: on a machine that cannot reach the first one it is answered, and the replies are read back in."""

from __future__ import annotations

import json
import shutil
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote

import pytest
from aiosmtpd.controller import Controller

from coverage_kit.reporting.deliver.replies import ReplyState, read_answers, reply_files
from coverage_kit.store.entities import Commitment
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items, read_mail
from tests.replies.reply_mails import reply, save
from tests.reporting.test_mail import Inbox

MACHINE = Path(__file__).with_name("answering_machine.py")
#: A network of its own, without any other computer in it.
ALONE = ["unshare", "--map-root-user", "--net"]
WORDS = {
    "team": [("Accept", "2026-12-11"), ("Hand on", "Boss"), ("Not possible", "The plant is being moved")],
    "korean": [("맡겠습니다", "12월 11일"), ("다른 분께", "Boss 팀장"), ("어렵습니다", "공장을 옮기는 중입니다")],
}


def can_be_alone() -> bool:
    return shutil.which("unshare") is not None and subprocess.run([*ALONE, "true"], capture_output=True).returncode == 0


@pytest.mark.skipif(not can_be_alone(), reason="this system gives no network namespaces (unshare --net)")
@pytest.mark.parametrize("lang", WORDS)
def test_a_mail_is_answered_where_the_first_machine_cannot_be_reached(lang: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:  # fmt: skip
    team: TeamDay = request.getfixturevalue(lang)
    for n, role in enumerate(("cfo", "ceo", "cio")):
        ask(team, "chief", role=role, due_on=team.day + timedelta(days=n + 1))
    mail_items(team, tmp_path)
    # All that reaches the second machine: one program, and one mail.
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(MACHINE, second)
    shutil.copy(tmp_path / "mail" / "chief+items.eml", second / "mail.eml")
    with socket.create_server(("127.0.0.1", 0)) as first:
        port = str(first.getsockname()[1])
        command = [sys.executable, "-I", "answering_machine.py", "mail.eml", ".", json.dumps(WORDS[lang]), port]
        near = subprocess.run(command, cwd=second, capture_output=True, text=True, check=True)
        far = subprocess.run([*ALONE, *command], cwd=second, capture_output=True, text=True, check=True)
    # Without the namespace the first machine is in reach: the control.
    assert json.loads(near.stdout)["reached"]
    assert json.loads(far.stdout) == {"loads": [], "others": [], "reached": False}
    (second / "mail.eml").unlink()
    result = read_answers(team.ws, reply_files([second]))
    assert [each.state for each in result.replies] == [ReplyState.WRITTEN] * 3, result
    rows = {row.role: row for row in team.ws.ledger.as_of(Commitment)}
    assert (rows["cfo"].answer, rows["cfo"].due_on) == ("accepted", "2026-12-11")
    assert rows["ceo"].owner_id == "boss"
    assert (rows["cio"].answer, rows["cio"].outcome) == ("declined", "withdrawn")
    assert [len(team.ws.coaching.answers.of(row.id)) for row in rows.values()] == [1, 1, 1]


@pytest.fixture
def post_office() -> Iterator[tuple[Inbox, int]]:
    """A mail server, which is all that the two machines share."""
    inbox = Inbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(inbox, "127.0.0.1", port)
    controller.start()
    yield inbox, port
    controller.stop()


def received(inbox: Inbox, address: str) -> list[EmailMessage]:
    return [message for to, message in inbox.taken if to == [address]]


@pytest.mark.skipif(not can_be_alone(), reason="this system gives no network namespaces (unshare --net)")
def test_a_mail_goes_out_and_its_answers_come_back_over_a_mail_server(
    team: TeamDay, tmp_path: Path, post_office: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, port = post_office
    ours = team.ws.config.mail.model_copy(update={"host": "localhost", "port": port, "security": "none"})
    monkeypatch.setattr(team.ws, "config", team.ws.config.model_copy(update={"mail": ours}))
    session = team.ws.coaching.sessions.start("kim", coach="lee")
    for n, role in enumerate(("cfo", "ceo")):
        draft = session.draft("A", role)
        session.add(replace(draft, owner="chief", due_on=team.day + timedelta(days=n + 1)))
    session.agree()
    session.close(minutes=False)
    assert mail_items(team, tmp_path).mailed == ["chief"]
    [mail] = received(inbox, "chief@example.com")
    # An answer in one's own words goes where the prepared ones go: to the coach of the hour.
    assert (mail["From"].addresses[0].addr_spec, mail["Reply-To"]) == ("coaching@example.com", "lee@example.com")
    second = tmp_path / "second"
    second.mkdir()
    shutil.copy(MACHINE, second)
    save(mail, second / "mail.eml")
    taps = json.dumps([("Accept", "2026-12-11")])
    command = [*ALONE, sys.executable, "-I", "answering_machine.py", "mail.eml", ".", taps, str(port)]
    far = subprocess.run(command, cwd=second, capture_output=True, text=True, check=True)
    assert json.loads(far.stdout)["reached"] is False
    tap = read_mail(second / "0.eml")
    codes = [row.split("[")[1].split("]")[0] for row in _subjects(mail)]
    assert codes[0] in tap["Subject"]
    text = f"I cannot: the plant is being moved.\n\n{codes[-1]}"
    own = reply("chief@example.com", f"Re: {mail['Subject']}", text, to=mail["Reply-To"])
    own["In-Reply-To"] = own["References"] = mail["Message-ID"]
    with smtplib.SMTP("localhost", port) as way_back:
        for each in (tap, own):
            way_back.send_message(each)
    # The coach saves what came in, and drops it in.
    came = received(inbox, "lee@example.com")
    assert [each["In-Reply-To"] for each in came] == [None, mail["Message-ID"]]
    folder = tmp_path / "saved"
    folder.mkdir()
    for n, each in enumerate(came):
        (folder / f"{n}.eml").write_bytes(each.as_bytes(policy=SMTP))
    result = read_answers(team.ws, reply_files([folder]))
    assert [each.state for each in result.replies] == [ReplyState.WRITTEN] * 2, result
    rows = {row.role: row for row in team.ws.ledger.as_of(Commitment)}
    assert (rows["cfo"].answer, rows["cfo"].due_on) == ("accepted", "2026-12-11")
    assert (rows["ceo"].answer, rows["ceo"].outcome) == ("declined", "withdrawn")
    # The next week's mail begins a thread of its own.
    team.later(7)
    (tmp_path / "next").mkdir()
    assert mail_items(team, tmp_path / "next").mailed == ["chief"]
    ids = {each["Message-ID"] for each in received(inbox, "chief@example.com")}
    assert len(ids) == 2


def _subjects(mail: EmailMessage) -> list[str]:
    """The subjects of the prepared answers, in the order of the items."""
    body = mail.get_body(("plain",))
    assert body is not None
    words = unquote(str(body.get_content())).split()
    return [each for each in words if "[CK-" in each]
