"""Mail the reports: each rep gets their page, each manager the team's, each page once.

The manifest notes for each person and report which page was mailed. Only what is not noted is mailed, so a run that was
interrupted, or refused by the server, continues with the same command.
"""

from __future__ import annotations

import hashlib
import os
import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.text import MIMEText
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from coverage_kit.assets.private import make_folder
from coverage_kit.config import CONFIG_NAME, MailSettings
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, Texts
from coverage_kit.reporting.batch.files import file_hash, write_whole
from coverage_kit.reporting.batch.manifest import Mailed, Manifest
from coverage_kit.reporting.batch.model import Failure
from coverage_kit.reporting.pages.section import render
from coverage_kit.store.entities import Staff

PASSWORD = "COVERAGE_KIT_SMTP_PASSWORD"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TRIES, _PAUSE_S, _TIMEOUT_S = 3, 1.0, 30
#: Lines of the attachments' headers stay as they are: refolding would drop the plain one of the two file names.
_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")


@dataclass(frozen=True)
class Letter:
    """One mail to make.

    Attributes
    ----------
    to, name, login : str
        Id, name and login of one of our people.
    report : str
        Which report of the manifest.
    file : str
        Name of its ``.eml`` file, without suffix; no two letters of a week share one.
    """

    to: str
    name: str
    login: str
    report: str
    file: str


class NoServer(Exception):
    """The server is out of reach or refuses the login: no letter can be sent."""


class NotSendable(Exception):
    """One letter cannot be sent; the text says why and what to do."""


#: Hands over one message.
Deliver = Callable[[Letter, EmailMessage], None]


@dataclass
class MailResult:
    """Recipients of a mail (or of a file of it), and those whose mail failed."""

    mailed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def letters(staff: Iterable[Staff], reports: Mapping[str, str], team: str | None) -> list[Letter]:
    """Who gets which report: reps their own, managers the team's.

    Parameters
    ----------
    staff : iterable of Staff
    reports : mapping
        Rep to the name of their report, in this run.
    team : str or None
        Name of the roll-up, if it is part of this run.
    """
    people = {each.id: each for each in staff if not each.ended_on}
    own = [_letter(people[rep], reports[rep], reports[rep]) for rep in sorted(reports.keys() & people.keys())]
    if team is None:
        return own
    managers = sorted((each for each in people.values() if each.function == "manager"), key=lambda each: each.id)
    names = file_names(each.id for each in managers)
    # A plus sign is in no report's name.
    return own + [_letter(each, team, f"{names[each.id]}+{team}") for each in managers]


def _letter(to: Staff, report: str, file: str) -> Letter:
    return Letter(to.id, to.name or to.id, to.login or "", report, file)


def mail_reports(
    wanted: list[Letter], manifest: Manifest, settings: MailSettings, week: Week, t: Texts, *, with_pdf: bool = False
) -> MailResult:
    """Send each letter that was not sent yet; without a server write it as a file.

    Parameters
    ----------
    wanted : list of Letter
    manifest : Manifest
        Saved after each letter.
    settings : MailSettings
    week : Week
    t : Texts
    with_pdf : bool
        Attach the PDF too.

    Raises
    ------
    BadInput
        The settings cannot be used.
    """
    sender = _sender(settings)
    result = MailResult()
    todo = [one for one in wanted if one.report in manifest.reports and _note(one, manifest) not in manifest.mailed]
    ways = _sent(settings) if settings.host else _written(manifest.folder / "mail")
    with ways as deliver:
        for number, letter in enumerate(todo):
            try:
                to = _named(letter.name, _address(letter, settings, t))
                message = _message(letter, manifest, sender, to, week, t)
                _attach(message, letter, manifest, week, t, with_pdf=with_pdf)
                deliver(letter, message)
            except NoServer as exc:
                why = t(N_("mail: {why}"), why=exc)
                result.failed += [{"rep": one.to, "reason": why} for one in todo[number:]]
                break
            except (NotSendable, smtplib.SMTPException, OSError, ValueError) as exc:
                result.failed.append({"rep": letter.to, "reason": t(N_("mail: {why}"), why=_why(exc))})
                continue
            manifest.mailed = [one for one in manifest.mailed if (one.to, one.report) != (letter.to, letter.report)]
            manifest.mailed.append(_note(letter, manifest))
            manifest.save()
            result.mailed.append(letter.to)
    return result


def _sender(settings: MailSettings) -> Address:
    """The sender, from ``name <address>`` or an address alone; any name, also one with a comma or a dot."""
    if settings.host and settings.security == "none" and settings.host not in _LOOPBACK:
        raise BadInput(
            "mail.open",
            N_(
                "Reports hold people's names, so mail without encryption goes to this machine only. Set mail: security in the config."
            ),
        )
    given = re.fullmatch(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*", settings.sender)
    name, address = (given["name"].strip('"'), given["address"]) if given else ("", settings.sender.strip())
    try:
        made = _named(name, address)
    except (ValueError, IndexError, MessageError):
        made = Address()
    if not _is_address(made.addr_spec):
        raise BadInput(
            "mail.sender",
            N_("The config names no usable sender of mails; write mail: sender: Coach <coach@example.com>"),
        )
    return made


def _address(letter: Letter, settings: MailSettings, t: Texts) -> str:
    """Where a letter goes: the address in the config, else the login or id at the config's domain."""
    given = settings.addresses.get(letter.to)
    login = letter.login or letter.to
    address = given or (login if "@" in login else f"{login}@{settings.domain}")
    if _is_address(address):
        return address
    example = f'addresses: {{"{letter.to}": "name@{settings.domain or "example.com"}"}}'
    message = (
        N_("the address of {name} is not a mail address; correct it in {file}, under mail: {example}")
        if given
        else N_("no address known for {name}; give one in {file}, under mail: {example}")
    )
    raise NotSendable(t(message, name=letter.name, file=CONFIG_NAME, example=example))


def _is_address(text: str) -> bool:
    """Whether any mail server takes it: ASCII, one ``@``, no blank, nothing that needs quoting."""
    return (
        re.fullmatch(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9.-]+", text, re.ASCII) is not None
    )


def _named(name: str, address: str) -> Address:
    """An address with its display name, shortened where the header would not say the same once folded.

    When Python folds a long name it drops the quotes, and a comma in the name would start another recipient.
    """
    name = _printable(name)
    for length in (len(name), 60, 40, 20, 10):
        made = Address(name[:length].strip(), addr_spec=address)
        header = EmailMessage(policy=_POLICY)
        header["From"] = made
        read = message_from_bytes(header.as_bytes(), policy=_POLICY)["From"].addresses
        if [(one.display_name, one.addr_spec) for one in read] == [(made.display_name, address)]:
            return made
    return Address(addr_spec=address)


def _message(letter: Letter, manifest: Manifest, sender: Address, to: Address, week: Week, t: Texts) -> EmailMessage:
    facts = manifest.reports[letter.report].facts
    known = t.rate(facts.get("known", 0), facts.get("required", 0))
    net = f"{facts.get('known', 0) - facts.get('known_before', 0):+,}".replace("-", "−")
    period, title = t.week(week.year, week.number, week.monday), t(N_("Weekly report"))
    greeting = t(N_("{name},"), name=_printable(letter.name))
    sentence = t(N_("{net} positions since last week. The whole report is attached; open it in a browser."), net=net)
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = f"{title} · {period}"
    message["From"] = sender
    message["To"] = to
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = _message_id(_note(letter, manifest), week)
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
    return message


def _message_id(note: Mailed, week: Week) -> str:
    """The same page to the same person always has the same id: a server that gets it twice can drop one."""
    parts = "\0".join((note.to, note.report, note.page))
    return f"<{week}.{hashlib.sha256(parts.encode()).hexdigest()[:24]}@coverage-kit>"


def _attach(message: EmailMessage, letter: Letter, manifest: Manifest, week: Week, t: Texts, *, with_pdf: bool) -> None:
    entry = manifest.reports[letter.report]
    name = entry.identity.name
    page = MIMEText((manifest.folder / f"{name}.html").read_text(encoding="utf-8"), "html", "utf-8")
    files: list[tuple[str, MIMEText | MIMEApplication]] = [(f"{name}.html", page)]
    if with_pdf:
        pdf = manifest.folder / f"{name}.pdf"
        if file_hash(pdf) != entry.files.get(pdf.name, "none"):
            raise NotSendable(t(N_("its PDF could not be printed; the same command prints and mails it")))
        files.append((pdf.name, MIMEApplication(pdf.read_bytes(), "pdf")))
    message.make_mixed()
    for file, part in files:
        part["Content-Disposition"] = _disposition(f"{week}-{file}", f"{week}-report{Path(file).suffix}")
        # A part of the older kind keeps its headers as they are given.
        message.attach(part)  # type: ignore[arg-type]


def _disposition(name: str, plain: str) -> str:
    """An attachment's name; one in other than ASCII letters in two forms, since some mail programs know only one."""
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\";\n filename*=UTF-8''{quote(name, safe='')}"


@contextmanager
def _written(folder: Path) -> Iterator[Deliver]:
    make_folder(folder)

    def write(letter: Letter, message: EmailMessage) -> None:
        write_whole(folder / f"{letter.file}.eml", message.as_bytes().decode("ascii"))

    yield write


@contextmanager
def _sent(settings: MailSettings) -> Iterator[Deliver]:
    """Send over one connection; reconnect if the server closed it, and retry what it defers."""
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
    # By default smtplib asks the name service for our name, which may take long.
    host, port, own = settings.host, settings.port, socket.gethostname()
    server: smtplib.SMTP | None = None
    try:
        context = ssl.create_default_context(cafile=settings.ca_file or None)
        if settings.security == "tls":
            server = smtplib.SMTP_SSL(host, port, own, timeout=_TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(host, port, own, timeout=_TIMEOUT_S)
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
        # Some servers hang up instead of responding.
        raise NoServer("the server refused the login") from exc


def _is_passing(exc: Exception) -> bool:
    """Whether the server may accept it a moment later."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return all(400 <= code < 500 for code, _ in exc.recipients.values())
    if isinstance(exc, smtplib.SMTPResponseException):
        return 400 <= exc.smtp_code < 500
    return not isinstance(exc, smtplib.SMTPNotSupportedError)


def _note(letter: Letter, manifest: Manifest) -> Mailed:
    entry = manifest.reports[letter.report]
    page = f"{entry.identity.name}.html"
    return Mailed(letter.to, letter.report, entry.files.get(page) or file_hash(manifest.folder / page))


def _printable(name: str) -> str:
    """A name without characters that a header cannot hold."""
    return "".join(c if c.isprintable() else " " for c in name).strip()


def _why(exc: Exception) -> str:
    """Why a mail was not sent, in one line, without the server's name and anybody's address."""
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return f"the server refused the address ({next(iter(exc.recipients.values()))[0]})"
    if isinstance(exc, smtplib.SMTPResponseException):
        return f"the server responded {exc.smtp_code}"
    if isinstance(exc, OSError):
        return exc.strerror or type(exc).__name__
    if isinstance(exc, NotSendable):
        return str(exc)
    return str(exc).splitlines()[0][:100] if str(exc) else type(exc).__name__
