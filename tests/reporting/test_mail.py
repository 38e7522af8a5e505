"""Reports are sent to those they are for, once, over an encrypted line, and what could not be sent is sent later."""

from __future__ import annotations

import email
import json
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
from coverage_kit.reporting.batch import manifest as batch_manifest
from coverage_kit.reporting.batch.files import file_hash, write_whole
from coverage_kit.reporting.batch.manifest import SENT, Identity, Mailed, Manifest, ReportEntry
from coverage_kit.reporting.deliver import mail, post
from coverage_kit.reporting.deliver.mail import letters, mail_reports, weekly
from coverage_kit.reporting.deliver.post import PASSWORD
from coverage_kit.store.entities import Staff
from tests.certificates import write_certificates


def colleague(
    key: str, name: str, login: str | None, function: str, ended_on: str | None = None, email: str | None = None
) -> Staff:
    return Staff(key, 1, 0, 0, "x", "e", None, 0, name=name, login=login, function=function, manager_id=None, ended_on=ended_on, email=email)  # fmt: skip


STAFF = [
    colleague("ann", "김안나", "ann@example.com", "rep"),
    colleague("ben", "Ben\r\nBcc: x@y.z", "ben", "rep"),
    colleague("gone", "Gone", "gone", "rep", "2026-01-01"),
    colleague("mia", "Mia", "mia", "manager"),
    colleague("cora", "Cora", "cora", "coach"),
]
OWN = MailSettings(sender="Coach <coach@example.com>", domain="example.org")
WEEK = Week(2026, 47)


@dataclass
class Inbox:
    """What the server took; it refuses some on request."""

    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refuse: dict[str, list[str]] = field(default_factory=dict)
    encrypted: list[bool] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)

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
        self.senders.append(envelope.mail_from)
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
    monkeypatch.setattr(post, "_PAUSE_S", 0.0)
    monkeypatch.setattr(post, "_TIMEOUT_S", 3)
    yield OWN.model_copy(update={"host": "localhost", "port": port, "username": "coach", "ca_file": str(ca)})
    controller.stop()


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    made = Manifest(tmp_path)
    for key in ("ann", "ben", "team"):
        add_report(made, key)
    return made


def add_report(manifest: Manifest, key: str) -> None:
    digest = write_whole(manifest.folder / f"{key}.html", f"<p>page of {key} 한글</p>")
    facts = {"known": 70, "required": 240, "known_before": 64}
    identity = Identity(str(WEEK), "ko", "1", "t", "i", key, key)
    manifest.reports[key] = ReportEntry(key, "", {f"{key}.html": digest}, facts, identity)


def send(
    manifest: Manifest, settings: MailSettings, lang: str = "ko", *, staff: list[Staff] = STAFF, with_pdf: bool = False
) -> mail.MailResult:
    wanted = letters(staff, {key: key for key in manifest.reports if key != "team"}, "team")
    return mail_reports(wanted, manifest, settings, weekly(WEEK, texts(lang)), texts(lang), with_pdf=with_pdf)


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
    manifest.reports["ben"].files["ben.html"] = write_whole(manifest.folder / "ben.html", "new")
    assert send(manifest, server).mailed == ["ben"]
    ids = [message["Message-ID"] for _, message in inbox.taken]
    assert len(ids) == len(set(ids)) == 4


def test_a_mail_that_left_is_known_after_a_kill_and_a_note_cut_off_harms_no_other(manifest: Manifest) -> None:
    manifest.save()
    for to in ("ann", "ben"):
        manifest.note_mailed(Mailed(to, to, "page"))
        # As a crash in the middle of the next note leaves it.
        with (manifest.folder / SENT).open("ab") as file:
            file.write(b'\n{"to": "mi')
    after = Manifest.read(manifest.folder)
    assert after.mailed == [Mailed("ann", "ann", "page"), Mailed("ben", "ben", "page")]
    after.save()
    assert not (manifest.folder / SENT).exists()
    assert Manifest.read(manifest.folder).mailed == after.mailed


def test_the_manifest_is_written_once_for_any_number_of_mails(
    manifest: Manifest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written after each mail, ten thousand mails would write it ten thousand times, and it grows with each report."""
    written = []
    monkeypatch.setattr(batch_manifest, "write_whole", lambda path, text: written.append(path.name))
    assert len(send(manifest, OWN).mailed) == 3
    assert written == ["manifest.json"]


def test_what_the_server_puts_off_is_tried_again_and_what_it_refuses_is_listed(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    inbox.refuse = {"ann@example.com": ["451 later"], "ben@example.org": ["550 unknown"]}
    result = send(manifest, server, "en")
    assert result.mailed == ["ann", "mia"]
    assert result.failed == [{"rep": "ben", "reason": "mail: the server refused the address (550)"}]
    assert send(manifest, server).mailed == ["ben"]


def test_a_wrong_password_certificate_or_server_is_named_and_nothing_is_noted(manifest: Manifest, server: MailSettings, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    def reasons(settings: MailSettings) -> set[str]:
        return {failure["reason"] for failure in send(manifest, settings, "en").failed}

    monkeypatch.setenv(PASSWORD, "s3cret-wrong")
    assert reasons(server) == {"mail: the server refused the login"}
    monkeypatch.setenv(PASSWORD, "right")
    (reason,) = reasons(server.model_copy(update={"ca_file": ""}))
    assert "certificate verify failed" in reason or "SSLCertVerificationError" in reason
    assert reasons(server.model_copy(update={"port": 1})) == {"mail: Connection refused"}
    assert (manifest.mailed, inbox.taken) == ([], [])


def test_reports_are_never_sent_in_the_clear_to_another_machine(manifest: Manifest) -> None:
    with pytest.raises(BadInput, match="without encryption"):
        send(manifest, OWN.model_copy(update={"host": "mail.example.com", "security": "none"}))
    with pytest.raises(BadInput, match="sender"):
        send(manifest, MailSettings())


def test_without_a_server_each_mail_is_a_file(manifest: Manifest) -> None:
    assert send(manifest, OWN).mailed == ["ann", "ben", "mia"]
    files = sorted((manifest.folder / "mail").iterdir())
    assert [file.name for file in files] == ["ann.eml", "ben.eml", "mia+team.eml"]
    assert files[0].stat().st_mode & 0o777 == 0o600
    message = email.message_from_bytes(files[2].read_bytes(), policy=default)
    assert message["To"] == "Mia <mia@example.org>"
    assert send(manifest, OWN).mailed == []


def test_somebody_without_an_address_is_listed_and_the_others_get_theirs(manifest: Manifest) -> None:
    own = OWN.model_copy(update={"domain": "", "addresses": {"mia": "mia@example.net"}})
    result = send(manifest, own, "en")
    assert result.mailed == ["ann", "mia"]
    assert [failure["rep"] for failure in result.failed] == ["ben"]
    assert result.failed[0]["reason"] == (
        "mail: no address known for Ben\r\nBcc: x@y.z; give one in coverage-kit.yml,"
        ' under mail: addresses: {"ben": "name@example.com"}'
    )


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "no address known for 김지혜"), ("ko", "김지혜 님의 메일 주소를 모릅니다")]
)
def test_a_korean_id_is_no_address_and_the_config_gives_one(manifest: Manifest, lang: str, words: str) -> None:
    staff = [colleague("김지혜", "김지혜", None, "rep"), STAFF[0]]
    add_report(manifest, "김지혜")
    result = send(manifest, OWN, lang, staff=staff)
    assert result.mailed == ["ann"]
    (failure,) = result.failed
    assert failure["rep"] == "김지혜"
    assert words in failure["reason"]
    assert '"김지혜": "name@example.org"' in failure["reason"]
    mended = OWN.model_copy(update={"addresses": {"김지혜": "jihye@example.org"}})
    assert send(manifest, mended, staff=staff).mailed == ["김지혜"]


@pytest.mark.parametrize("wrong", ["jihye", "지혜@example.org", "a b@example.org", "<x@y.z>", "x@y.z, a@b.c", "x@y.z\r\nBcc: a@b.c"])  # fmt: skip
def test_an_address_in_the_config_that_is_none_is_named(manifest: Manifest, wrong: str) -> None:
    result = send(manifest, OWN.model_copy(update={"addresses": {"ann": wrong}}), "en", staff=STAFF[:1])
    assert result.mailed == []
    assert "the address of 김안나 is not a mail address" in result.failed[0]["reason"]


MANAGER_WITH_ACCOUNTS = [colleague("mia", "Mia", "mia", "manager"), colleague("noa", "Noa", "noa", "manager")]


def test_a_manager_who_owns_accounts_gets_two_mails_once_over_any_number_of_runs(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    add_report(manifest, "mia")
    runs = [send(Manifest.read(manifest.folder) if n else manifest, server, staff=MANAGER_WITH_ACCOUNTS) for n in range(4)]  # fmt: skip
    assert [run.mailed for run in runs] == [["mia", "mia", "noa"], [], [], []]
    ids = [message["Message-ID"] for _, message in inbox.taken]
    assert len(ids) == len(set(ids)) == 3
    attached = [[part.get_filename() for part in message.iter_attachments()] for _, message in inbox.taken]
    assert attached == [["2026-W47-mia.html"], ["2026-W47-team.html"], ["2026-W47-team.html"]]


def test_a_refused_mail_of_two_is_sent_later_and_the_other_not_again(manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    add_report(manifest, "mia")
    inbox.refuse = {"mia@example.org": ["550 no"]}
    assert send(manifest, server, staff=MANAGER_WITH_ACCOUNTS[:1]).mailed == ["mia"]
    assert send(Manifest.read(manifest.folder), server, staff=MANAGER_WITH_ACCOUNTS[:1]).mailed == ["mia"]
    assert send(Manifest.read(manifest.folder), server, staff=MANAGER_WITH_ACCOUNTS[:1]).mailed == []
    assert len(inbox.taken) == 2


def test_two_mails_to_one_person_are_two_files(manifest: Manifest) -> None:
    add_report(manifest, "mia")
    add_report(manifest, "mia-team")
    staff = [*MANAGER_WITH_ACCOUNTS, colleague("mia-team", "T", "t", "rep")]
    assert send(manifest, OWN, staff=staff).mailed == ["mia", "mia-team", "mia", "noa"]
    files = sorted((manifest.folder / "mail").iterdir())
    attached = {file.name: next(email.message_from_bytes(file.read_bytes(), policy=default).iter_attachments()).get_filename() for file in files}  # fmt: skip
    assert attached == {
        "mia.eml": "2026-W47-mia.html",
        "mia-team.eml": "2026-W47-mia-team.html",
        "mia+team.eml": "2026-W47-team.html",
        "noa+team.eml": "2026-W47-team.html",
    }


def test_mails_noted_by_version_0_1_0_are_not_sent_again(manifest: Manifest) -> None:
    page = manifest.reports["ann"].files["ann.html"]
    manifest.save()
    file = manifest.folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"mailed": {"ann": {"report": "ann", "page": page}}}))
    old = Manifest.read(manifest.folder)
    assert old.mailed == [Mailed("ann", "ann", page)]
    assert send(old, OWN).mailed == ["ben", "mia"]


@pytest.mark.parametrize(("sender", "shown"), [("Kim, Coach <coach@example.com>", '"Kim, Coach" <coach@example.com>'), ('"Kim, Coach" <coach@example.com>', '"Kim, Coach" <coach@example.com>'), ("김 코치 <coach@example.com>", "김 코치 <coach@example.com>"), ("J. Coach: Seoul <coach@example.com>", '"J. Coach: Seoul" <coach@example.com>'), ("coach@example.com", "coach@example.com")])  # fmt: skip
def test_names_with_any_sign_are_quoted_and_the_envelope_holds_the_address(sender: str, shown: str, manifest: Manifest, server: MailSettings, inbox: Inbox) -> None:  # fmt: skip
    staff = [colleague("ann", "Kim, Ann (Sales) <x@y.z>", "ann", "rep")]
    assert send(manifest, server.model_copy(update={"sender": sender}), staff=staff).failed == []
    (recipients, message), (origin,) = inbox.taken[0], inbox.senders
    assert (recipients, origin) == (["ann@example.org"], "coach@example.com")
    assert str(message["From"]) == shown
    assert [address.addr_spec for address in message["To"].addresses] == ["ann@example.org"]
    assert message["To"].addresses[0].display_name == "Kim, Ann (Sales) <x@y.z>"


@pytest.mark.parametrize("sender", ["", "Coach", "Kim, Coach", "코치@example.com", "Coach <>", "a@b, c@d", "x <a@b.c\r\nBcc: d@e.f>"])  # fmt: skip
def test_a_sender_without_one_address_is_refused(sender: str, manifest: Manifest) -> None:
    with pytest.raises(BadInput, match="no usable sender"):
        send(manifest, OWN.model_copy(update={"sender": sender}))


def test_an_attachment_has_a_plain_name_beside_its_korean_one_and_the_pdf_goes_along(manifest: Manifest) -> None:
    add_report(manifest, "김지혜")
    pdf = manifest.folder / "김지혜.pdf"
    pdf.write_bytes(b"%PDF-1.7 %%EOF")
    manifest.reports["김지혜"].files[pdf.name] = file_hash(pdf)
    staff = [colleague("김지혜", "김지혜", "jihye", "rep")]
    assert send(manifest, OWN, staff=staff, with_pdf=True).mailed == ["김지혜"]
    raw = (manifest.folder / "mail" / "김지혜.eml").read_bytes()
    assert max(map(len, raw.split(b"\r\n"))) < 998
    message = email.message_from_bytes(raw, policy=default)
    page, printed = message.iter_attachments()
    assert page.get_content().strip() == "<p>page of 김지혜 한글</p>"
    assert printed.get_content() == b"%PDF-1.7 %%EOF"
    for suffix in ("html", "pdf"):
        assert f'filename="2026-W47-report.{suffix}"'.encode() in raw
        assert f"filename*=UTF-8''2026-W47-%EA%B9%80%EC%A7%80%ED%98%9C.{suffix}".encode() in raw


def test_a_mail_waits_for_its_pdf(manifest: Manifest) -> None:
    result = send(manifest, OWN, "en", staff=STAFF[:1], with_pdf=True)
    assert result.mailed == []
    assert "PDF could not be printed" in result.failed[0]["reason"]
    assert send(manifest, OWN, staff=STAFF[:1]).mailed == ["ann"]
