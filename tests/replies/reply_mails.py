"""Replies as mail programs write them, made from the mails that went out."""

from __future__ import annotations

from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from bs4 import BeautifulSoup

from tests.replies.asking import read_mail, text_of


def tapped(mail: Path, label: str, filled: str = "", item: int = 0) -> EmailMessage:
    """The reply that a tap on an answer opens, sent as it is, or with one line filled in."""
    sent = read_mail(mail)
    page = BeautifulSoup(text_of(sent, "html"), "html.parser")
    anchor = [each for each in page.find_all("a") if each.get_text() == label][item]
    parts = urlsplit(str(anchor["href"]))
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    lines = asked["body"].split("\r\n")
    if filled:
        lines[1] = f"{lines[1].split(':')[0]}: {filled}"
    return reply(sent["To"].addresses[0].addr_spec, asked["subject"], "\n".join(lines), to=parts.path)


def reply(sender: str, subject: str, text: str, *, to: str = "lee@example.com", key: str = "", html: str = "", charset: str = "utf-8", cte: str | None = None) -> EmailMessage:  # fmt: skip
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = "Mon, 23 Nov 2026 11:00:00 +0900"
    message["Message-ID"] = f"<{key or abs(hash((sender, subject, text, html)))}@mail.example.com>"
    if text:
        message.set_content(text, charset=charset, cte=cte)
        if html:
            message.add_alternative(html, subtype="html")
    else:
        message.set_content(html, subtype="html", charset=charset, cte=cte)
    return message


def forwarded(inner: EmailMessage, by: str) -> EmailMessage:
    """A mail with the reply attached whole."""
    outer = reply(by, f"FW: {inner['Subject']}", "아래 메일 전달드립니다.")
    outer.make_mixed()
    outer.attach(MIMEMessage(inner))  # type: ignore[arg-type]
    return outer


def save(message: EmailMessage, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())
    return path
