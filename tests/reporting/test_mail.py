"""Reports are sent to those they are for, once, over an encrypted line, and what could not be sent is sent later."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from coverage_kit.config import MailSettings
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import texts
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.batch.worker import write_whole
from coverage_kit.reporting.deliver import mail
from coverage_kit.reporting.deliver.mail import PASSWORD, letters, mail_reports
from tests.certificates import write_certificates

STAFF: list[dict[str, Any]] = [
    {"id": "ann", "name": "김안나", "login": "ann@example.com", "function": "rep", "ended_on": None},
    {"id": "ben", "name": "Ben\r\nBcc: x@y.z", "login": "ben", "function": "rep", "ended_on": None},
    {"id": "gone", "name": "Gone", "login": "gone", "function": "rep", "ended_on": "2026-01-01"},
    {"id": "mia", "name": "Mia", "login": "mia", "function": "manager", "ended_on": None},
    {"id": "cora", "name": "Cora", "login": "cora", "function": "coach", "ended_on": None},
]
LOGINS = {row["id"]: row["login"] for row in STAFF}
OWN = MailSettings(sender="Coach <coach@example.com>", domain="example.org")
WEEK = Week(2026, 47)


@dataclass
class Inbox:
    """What the server took; it refuses what it is told to."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.encrypted.append(session.ssl is not None)
        answers = self.refuse.get(address)
        if answers:
            return answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.rcpt_tos, message))
        return "250 OK"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    return write_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def server(inbox: Inbox, certificates: tuple[Path, Path, Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSettings]:  # fmt: skip
    ca, own, key = certificates
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own, key)

    def log_in(_: Any, __: Any, ___: Any, ____: Any, given: Any) -> AuthResult:
        return AuthResult(success=given.password == b"right" and given.login == b"coach")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, "127.0.0.1", port, tls_context=context, require_starttls=True, authenticator=log_in, auth_required=True, server_hostname="localhost")  # fmt: skip
    controller.start()
    monkeypatch.setenv(PASSWORD, "right")
    monkeypatch.setattr(mail, "_PAUSE_S", 0.0)
    monkeypatch.setattr(mail, "_TIMEOUT_S", 3)
    yield OWN.model_copy(update={"host": "localhost", "port": port, "username": "coach", "ca_file": str(ca)})
    controller.stop()


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    made = Manifest(tmp_path)
    for key in ("ann", "ben", "team"):
        digest = write_whole(tmp_path / f"{key}.html", f"<p>page of {key} 한글</p>")
        facts = {"known": 70, "required": 240, "known_before": 64}
        made.reports[key] = {"title": key, "facts": facts, "files": {f"{key}.html": digest}, "identity": {"name": key}}
    return made


def send(manifest: Manifest, settings: MailSettings, lang: str = "ko") -> mail.MailResult:
    return mail_reports(
        letters(STAFF, {key: key for key in manifest.reports if key != "team"}, "team"),
        manifest,
        settings,
        LOGINS,
        WEEK,
        texts(lang),
    )


def test_reps_get_their_own_page_managers_the_teams_and_nobody_elses() -> None:
    assert [(one.to, one.report) for one in letters(STAFF, {"ann": "ann", "ben": "ben", "gone": "gone"}, "team")] == [("ann", "ann"), ("ben", "ben"), ("mia", "team")]  # fmt: skip
    assert [one.to for one in letters(STAFF, {"ben": "ben"}, None)] == ["ben"]


def test_a_mail_is_sent_encrypted_with_its_page_attached(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    result = send(manifest, server)
    assert (result.mailed, result.failed) == (["ann", "ben", "mia"], [])
    assert set(inbox.encrypted) == {True}
    to, first = inbox.taken[0]
    assert to == ["ann@example.com"]
    assert "47주차" in first["Subject"]
    assert first["From"] == "Coach <coach@example.com>"
    body = first.get_body(("html",))
    assert body is not None
    assert "29% (70/240)" in body.get_content()
    (page,) = first.iter_attachments()
    assert page.get_content().strip() == "<p>page of ann 한글</p>"
    assert page.get_filename() == "2026-W47-ann.html"
    assert [to for to, _ in inbox.taken] == [["ann@example.com"], ["ben@example.org"], ["mia@example.org"]]
    assert inbox.taken[1][1]["Bcc"] is None
    assert "ann" not in inbox.taken[1][1].as_string()


def test_each_page_is_sent_once_and_a_new_one_again(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:
    send(manifest, server)
    assert send(manifest, server).mailed == []
    # Another process that reads the manifest knows too.
    assert send(Manifest.read(manifest.folder), server).mailed == []
    manifest.reports["ben"]["files"]["ben.html"] = write_whole(manifest.folder / "ben.html", "new")
    assert send(manifest, server).mailed == ["ben"]
    ids = [message["Message-ID"] for _, message in inbox.taken]
    assert len(ids) == len(set(ids)) == 4


def test_what_the_server_puts_off_is_tried_again_and_what_it_refuses_is_listed(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    inbox.refuse = {"ann@example.com": ["451 later"], "ben@example.org": ["550 unknown"]}
    result = send(manifest, server, "en")
    assert result.mailed == ["ann", "mia"]
    assert result.failed == [{"rep": "ben", "reason": "mail: the server refused the address (550)"}]
    assert send(manifest, server).mailed == ["ben"]


def test_a_wrong_password_certificate_or_server_is_told_and_nothing_is_noted(manifest: Manifest, server: MailSettings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def reasons(settings: MailSettings) -> set[str]:
        return {failure["reason"] for failure in send(manifest, settings, "en").failed}

    monkeypatch.setenv(PASSWORD, "s3cret-wrong")
    assert reasons(server) == {"mail: the server refused the login"}
    monkeypatch.setenv(PASSWORD, "right")
    (reason,) = reasons(server.model_copy(update={"ca_file": ""}))
    assert "certificate verify failed" in reason or "SSLCertVerificationError" in reason
    assert reasons(server.model_copy(update={"port": 1})) == {"mail: Connection refused"}
    assert (manifest.mailed, inbox.taken) == ({}, [])


def test_reports_are_never_sent_in_the_clear_to_another_machine(manifest: Manifest) -> None:
    with pytest.raises(BadInput, match="unencrypted"):
        send(manifest, OWN.model_copy(update={"host": "mail.example.com", "security": "none"}))
    with pytest.raises(BadInput, match="sender"):
        send(manifest, MailSettings())


def test_without_a_server_each_mail_is_a_file(manifest: Manifest) -> None:
    assert send(manifest, OWN).mailed == ["ann", "ben", "mia"]
    files = sorted((manifest.folder / "mail").iterdir())
    assert [file.name for file in files] == ["ann.eml", "ben.eml", "mia.eml"]
    assert files[0].stat().st_mode & 0o777 == 0o600
    message = email.message_from_bytes(files[2].read_bytes(), policy=default)
    assert message["To"] == "Mia <mia@example.org>"
    assert send(manifest, OWN).mailed == []


def test_somebody_without_an_address_is_listed_and_the_others_get_theirs(manifest: Manifest) -> None:
    own = OWN.model_copy(update={"domain": "", "addresses": {"mia": "mia@example.net"}})
    result = send(manifest, own, "en")
    assert result.mailed == ["ann", "mia"]
    assert [failure["rep"] for failure in result.failed] == ["ben"]
    assert "no address" in result.failed[0]["reason"]
