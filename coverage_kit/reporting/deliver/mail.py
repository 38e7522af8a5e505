"""Reports sent, not fetched: each rep gets their page, each manager the team's, each page once.

A page that was mailed to somebody is noted in the manifest; only what is not noted is mailed, so a run that was
interrupted, or refused by the server, goes on with the same command.
"""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from coverage_kit.config import MailSettings
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, Texts
from coverage_kit.reporting.batch.manifest import Manifest, file_hash
from coverage_kit.reporting.batch.worker import write_whole
from coverage_kit.reporting.pages.section import render
from coverage_kit.reporting.pages.words import week_in_words

PASSWORD = "COVERAGE_KIT_SMTP_PASSWORD"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TRIES, _PAUSE_S, _TIMEOUT_S = 3, 1.0, 30


@dataclass(frozen=True)
class Letter:
    """One mail to make: to whom, which report of the manifest."""

    to: str
    name: str
    report: str


class NoServer(Exception):
    """The server cannot be reached, or does not let us in: no letter can be sent."""


@dataclass
class MailResult:
    """Who got a mail (or a file of it), and who could not be sent one."""

    mailed: list[str] = field(default_factory=list)
    failed: list[dict[str, str]] = field(default_factory=list)


def letters(staff: Iterable[dict[str, Any]], reports: Mapping[str, str], team: str | None) -> list[Letter]:
    """Who gets which report: reps their own, managers the team's, and nobody anybody else's.

    Parameters
    ----------
    staff : iterable of dict
        Rows of our people.
    reports : mapping
        Rep to the key of their report, of this run.
    team : str or None
        Key of the roll-up, where it is part of this run.
    """
    people = {row["id"]: row for row in staff if not row["ended_on"]}
    own = [Letter(rep, people[rep]["name"] or rep, reports[rep]) for rep in sorted(reports.keys() & people.keys())]
    if team is None:
        return own
    managers = sorted((row for row in people.values() if row["function"] == "manager"), key=lambda row: row["id"])
    return own + [Letter(row["id"], row["name"] or row["id"], team) for row in managers]


def mail_reports(
    wanted: list[Letter], manifest: Manifest, settings: MailSettings, logins: dict[str, str], week: Week, t: Texts
) -> MailResult:
    """Send each letter that was not sent yet, or write it as a file where no server is named.

    Parameters
    ----------
    wanted : list of Letter
    manifest : Manifest
        Saved after each letter.
    settings : MailSettings
    logins : dict
        Login of each of our people, an address itself or what stands before ``@domain``.
    week : Week
    t : Texts

    Raises
    ------
    BadInput
        The settings cannot be used.
    """
    _check(settings)
    result = MailResult()
    todo = [letter for letter in wanted if letter.report in manifest.reports and not _is_mailed(letter, manifest)]
    files = file_names([letter.to for letter in wanted])
    ways = _sent(settings) if settings.host else _written(manifest.folder / "mail", files)
    with ways as deliver:
        for number, letter in enumerate(todo):
            try:
                deliver(letter, _message(letter, manifest, settings, _address(letter, settings, logins), week, t))
            except NoServer as exc:
                why = t(N_("mail: {why}"), why=exc)
                result.failed += [{"rep": one.to, "reason": why} for one in todo[number:]]
                break
            except (smtplib.SMTPException, OSError, ValueError) as exc:
                result.failed.append({"rep": letter.to, "reason": t(N_("mail: {why}"), why=_why(exc))})
                continue
            manifest.mailed[letter.to] = {"report": letter.report, "page": _page_hash(letter, manifest)}
            manifest.save()
            result.mailed.append(letter.to)
    return result


def _check(settings: MailSettings) -> None:
    if not parseaddr(settings.sender)[1]:
        raise BadInput("mail.sender", N_("The config names no sender of mails; write mail: sender: coach@example.com"))
    if settings.host and settings.security == "none" and settings.host not in _LOOPBACK:
        raise BadInput(
            "mail.open",
            N_(
                "Reports hold people's names: they are sent unencrypted to this machine only. Mend mail: security in the config."
            ),
        )


def _address(letter: Letter, settings: MailSettings, logins: dict[str, str]) -> str:
    login = logins.get(letter.to) or letter.to
    address = settings.addresses.get(letter.to) or (login if "@" in login else f"{login}@{settings.domain}")
    if address.endswith("@"):
        raise ValueError("no address known; name it in the config, mail: addresses")
    return address


def _message(
    letter: Letter, manifest: Manifest, settings: MailSettings, address: str, week: Week, t: Texts
) -> EmailMessage:
    entry = manifest.reports[letter.report]
    facts, page = entry["facts"], f"{entry['identity']['name']}.html"
    known = t.rate(facts.get("known", 0), facts.get("required", 0))
    net = f"{facts.get('known', 0) - facts.get('known_before', 0):+,}".replace("-", "−")
    period, title = week_in_words(week, t), t(N_("Weekly report"))
    greeting = t(N_("{name},"), name=_plain(letter.name))
    sentence = t(N_("{net} positions since last week. The whole report is attached; open it in a browser."), net=net)
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Subject"] = f"{title} · {period}"
    message["From"] = settings.sender
    message["To"] = str(Address(_plain(letter.name), addr_spec=address))
    message["Date"] = format_datetime(datetime.now(UTC))
    # The same page to the same person has the same id: a server that gets it twice can tell.
    message["Message-ID"] = f"<{week}.{_page_hash(letter, manifest)[:24]}@coverage-kit>"
    label = t(N_("Known"))
    message.set_content(f"{greeting}\n\n{title} · {period}\n{label} {known}. {sentence}\n")
    shown = {
        "title": title,
        "period": period,
        "greeting": greeting,
        "label": label,
        "known": known,
        "sentence": sentence,
    }
    message.add_alternative(render("mail.html.j2", t, **shown), subtype="html")
    attached = (manifest.folder / page).read_text(encoding="utf-8")
    message.add_attachment(attached, subtype="html", filename=f"{week}-{page}")
    return message


@contextmanager
def _written(folder: Path, files: dict[str, str]) -> Iterator[Any]:
    folder.mkdir(exist_ok=True, mode=0o700)

    def write(letter: Letter, message: EmailMessage) -> None:
        write_whole(folder / f"{files[letter.to]}.eml", message.as_bytes().decode("ascii"))

    yield write


@contextmanager
def _sent(settings: MailSettings) -> Iterator[Any]:
    """Send over one connection, opened anew where the server has closed it; what it puts off is tried again."""
    server: list[smtplib.SMTP] = []

    def send(_: Letter, message: EmailMessage) -> None:
        for tried in range(1, _TRIES + 1):
            try:
                if not server:
                    server.append(_connect(settings))
                server[0].send_message(message)
                return
            except (smtplib.SMTPException, OSError) as exc:
                while server:
                    server.pop().close()
                if tried == _TRIES or not _is_passing(exc):
                    raise
                time.sleep(_PAUSE_S * tried)

    try:
        yield send
    finally:
        for one in server:
            one.close()


def _connect(settings: MailSettings) -> smtplib.SMTP:
    # By default smtplib asks the name service who we are, and may wait long for that.
    where: dict[str, Any] = {
        "host": settings.host,
        "port": settings.port,
        "timeout": _TIMEOUT_S,
        "local_hostname": socket.gethostname(),
    }
    server: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
        server = smtplib.SMTP_SSL(**where, context=context) if settings.security == "tls" else smtplib.SMTP(**where)
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.username:
            _log_in(server, settings.username)
    except (smtplib.SMTPException, OSError) as exc:
        if server is not None:
            server.close()
        raise NoServer(_why(exc)) from exc
    return server


def _log_in(server: smtplib.SMTP, username: str) -> None:
    try:
        server.login(username, os.environ.get(PASSWORD, ""))
    except smtplib.SMTPException as exc:
        # Some servers hang up instead of answering.
        raise NoServer("the server refused the login") from exc


def _is_passing(exc: Exception) -> bool:
    """Whether the server may take it a moment later."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in exc.recipients.values())
    if isinstance(exc, smtplib.SMTPResponseException):
        return 400 <= exc.smtp_code < 500
    return not isinstance(exc, smtplib.SMTPNotSupportedError)


def _is_mailed(letter: Letter, manifest: Manifest) -> bool:
    noted = manifest.mailed.get(letter.to, {})
    return bool(noted) and noted == {"report": letter.report, "page": _page_hash(letter, manifest)}


def _page_hash(letter: Letter, manifest: Manifest) -> str:
    entry = manifest.reports[letter.report]
    page = f"{entry['identity']['name']}.html"
    return str(entry["files"].get(page) or file_hash(manifest.folder / page))


def _plain(name: str) -> str:
    """A name as a header may hold it."""
    return "".join(c if c.isprintable() else " " for c in name).strip()


def _why(exc: Exception) -> str:
    """Why a mail was not sent, in one line, without the server's name and without anybody's address."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return f"the server refused the address ({next(iter(exc.recipients.values()))[0]})"
    if isinstance(exc, smtplib.SMTPResponseException):
        return f"the server answered {exc.smtp_code}"
    if isinstance(exc, OSError):
        return exc.strerror or type(exc).__name__
    return str(exc).splitlines()[0][:100] if str(exc) else type(exc).__name__
