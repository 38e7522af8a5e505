"""Hand over mails: to a mail server over one encrypted connection, or as files."""

from __future__ import annotations

import os
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email.message import EmailMessage
from pathlib import Path

from coverage_kit.assets.private import make_folder
from coverage_kit.config import MailSettings
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.files import write_whole
from coverage_kit.reporting.deliver.addresses import NotSendable

PASSWORD = "COVERAGE_KIT_SMTP_PASSWORD"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TRIES, _PAUSE_S, _TIMEOUT_S = 3, 1.0, 30

#: Hands over one message; the text names its file, without suffix, where there is no server.
Deliver = Callable[[str, EmailMessage], None]


class NoServer(Exception):
    """The server is out of reach or refuses the login: no letter can be sent."""


def hand_over(settings: MailSettings, folder: Path) -> AbstractContextManager[Deliver]:
    """Send by the server of the settings; without one write ``.eml`` files into a folder.

    Raises
    ------
    BadInput
        The settings would send names in the clear.
    """
    if settings.host and settings.security == "none" and settings.host not in _LOOPBACK:
        raise BadInput(
            "mail.open",
            N_(
                "Reports hold people's names, so mail without encryption goes to this machine only. Set mail: security in the config."
            ),
        )
    return _sent(settings) if settings.host else _written(folder)


@contextmanager
def _written(folder: Path) -> Iterator[Deliver]:
    make_folder(folder)

    def write(file: str, message: EmailMessage) -> None:
        write_whole(folder / f"{file}.eml", message.as_bytes().decode("ascii"))

    yield write


@contextmanager
def _sent(settings: MailSettings) -> Iterator[Deliver]:
    """Send over one connection; reconnect if the server closed it, and retry what it defers."""
    server: list[smtplib.SMTP] = []

    def send(_: str, message: EmailMessage) -> None:
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
        raise NoServer(why_not(exc)) from exc
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


def why_not(exc: Exception) -> str:
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
