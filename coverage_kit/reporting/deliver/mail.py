"""Mail reports, and what people owe or were asked: one mail for each person and report, each once.

The manifest notes for each person and report which page was mailed. Only what is not noted is mailed, so a run that was
interrupted, or refused by the server, continues with the same command.
"""

from __future__ import annotations

import hashlib
import smtplib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.text import MIMEText
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import quote

from coverage_kit.config import MailSettings
from coverage_kit.domain.coaching import DECISIONS_TITLE
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.reporting.batch.files import file_hash
from coverage_kit.reporting.batch.manifest import Mailed, Manifest
from coverage_kit.reporting.batch.model import Failure
from coverage_kit.reporting.deliver.addresses import POLICY, NotSendable, address_of, printable, sender_of
from coverage_kit.reporting.deliver.decisions import MailDecision
from coverage_kit.reporting.deliver.items import MailItem
from coverage_kit.reporting.deliver.post import NoServer, hand_over, why_not
from coverage_kit.reporting.pages.section import render
from coverage_kit.store.entities import Staff

#: Begins the name that stands for the report in a mail of items alone; a plus sign is in no report's name.
ITEMS = "+items"


@dataclass(frozen=True)
class Letter:
    """One mail to make.

    Attributes
    ----------
    who : Staff
        One of our people.
    report : str
        Which report of the manifest; begins with ``ITEMS`` for a mail without one.
    file : str
        Name of its ``.eml`` file, without suffix; no two letters of a mailing share one.
    items : tuple of MailItem
        What this person owes or was asked.
    decided : tuple of MailDecision
        What leaders decided about this person's work; only with a report.
    """

    who: Staff
    report: str
    file: str
    items: tuple[MailItem, ...] = ()
    decided: tuple[MailDecision, ...] = ()

    @property
    def to(self) -> str:
        """The id of the one it is for."""
        return self.who.id

    @property
    def has_report(self) -> bool:
        """Whether a report is attached."""
        return not self.report.startswith(ITEMS)


@dataclass(frozen=True)
class Mailing:
    """What all letters of one run are about.

    Attributes
    ----------
    key : str
        Begins the names of attachments and the ids of messages.
    title, period : str
        The subject of a mail with a report.
    sentence : str
        What is attached, where a report has no figures of its own.
    """

    key: str
    title: str
    period: str
    sentence: str = ""


@dataclass
class MailResult:
    """Recipients of a mail (or of a file of it), and those whose mail failed."""

    mailed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def weekly(week: Week, t: Texts) -> Mailing:
    """The mails of a week's reports."""
    return Mailing(str(week), t(N_("Weekly report")), t.week(week.year, week.number, week.monday))


def letters(
    staff: Iterable[Staff],
    reports: Mapping[str, str],
    team: str | None,
    items: Mapping[str, tuple[MailItem, ...]] | None = None,
    decided: Mapping[str, tuple[MailDecision, ...]] | None = None,
) -> list[Letter]:
    """Who gets which report: reps their own, managers the team's; and every owner what is theirs, in the first of their mails.

    A rep's own report comes with what leaders decided about the rep's work.

    Parameters
    ----------
    staff : iterable of Staff
    reports : mapping
        Rep to the name of their report, in this run.
    team : str or None
        Name of the roll-up, if it is part of this run; only then owners without a report get a mail of their own.
    items : mapping, optional
        From ``items_by_owner``.
    decided : mapping, optional
        From ``decisions_by_rep``.
    """
    people = {each.id: each for each in staff if not each.ended_on}
    wanted = [letter(people[rep], reports[rep], reports[rep]) for rep in sorted(reports.keys() & people.keys())]
    items, decided = items or {}, decided or {}
    wanted = [replace(each, decided=decided.get(each.to, ())) for each in wanted]
    names = file_names(people)
    if team is not None:
        managers = sorted(key for key, each in people.items() if each.function == "manager")
        wanted += [letter(people[key], team, f"{names[key]}+{team}") for key in managers]
        owners = sorted(items.keys() & people.keys() - {each.to for each in wanted})
        wanted += [letter(people[key], ITEMS, f"{names[key]}{ITEMS}") for key in owners]
    first = {each.to: each for each in reversed(wanted)}
    return [replace(each, items=items.get(each.to, ())) if each is first[each.to] else each for each in wanted]


def letter(to: Staff, report: str, file: str, items: tuple[MailItem, ...] = ()) -> Letter:
    """A letter to one of our people."""
    return Letter(to, report, file, items)


def mail_reports(
    wanted: list[Letter],
    manifest: Manifest,
    settings: MailSettings,
    mailing: Mailing,
    t: Texts,
    *,
    with_pdf: bool = False,
) -> MailResult:
    """Send each letter that was not sent yet; without a server write it as a file.

    Parameters
    ----------
    wanted : list of Letter
    manifest : Manifest
        Each letter is noted in it as it leaves.
    settings : MailSettings
    mailing : Mailing
    t : Texts
    with_pdf : bool
        Attach the PDF too.

    Raises
    ------
    BadInput
        The settings cannot be used.
    """
    sender = sender_of(settings)
    result = MailResult()
    todo = [
        one
        for one in wanted
        if (not one.has_report or one.report in manifest.reports) and not manifest.is_mailed(_note(one, manifest))
    ]
    with hand_over(settings, manifest.folder / "mail") as deliver, manifest.saved_at_the_end():
        for number, one in enumerate(todo):
            try:
                to = address_of(one.who, settings, t)
                message = _message(one, manifest, mailing, t, settings.link)
                message["From"], message["To"] = sender, to
                # A reply in one's own words goes to the coach too, as those of the prepared answers do.
                coaches = {each.reply_to for each in one.items} - {"", sender.addr_spec}
                if len(coaches) == 1:
                    message["Reply-To"] = coaches.pop()
                if one.has_report:
                    _attach(message, one, manifest, mailing, t, with_pdf=with_pdf)
                deliver(one.file, message)
            except NoServer as exc:
                why = t(N_("mail: {why}"), why=exc)
                result.failed += [{"rep": each.to, "reason": why} for each in todo[number:]]
                break
            except (NotSendable, smtplib.SMTPException, OSError, ValueError) as exc:
                result.failed.append({"rep": one.to, "reason": t(N_("mail: {why}"), why=why_not(exc))})
                continue
            manifest.note_mailed(_note(one, manifest))
            result.mailed.append(one.to)
    return result


def _message(one: Letter, manifest: Manifest, mailing: Mailing, t: Texts, link: str) -> EmailMessage:
    """The text of a letter, plain and as HTML; its addresses are missing yet."""
    asked = _heading(one.items, t)
    title, figures = (asked, {"label": "", "known": "", "sentence": ""})
    if one.has_report:
        title, figures = mailing.title, _figures(manifest.reports[one.report].facts, mailing, t)
    message = EmailMessage(policy=POLICY)
    message["Subject"] = f"{title} · {mailing.period}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = _message_id(_note(one, manifest), mailing)
    shown = {
        "title": title,
        "period": mailing.period,
        "greeting": t(N_("{name},"), name=printable(one.who.name or one.to)),
        "asked": asked if one.has_report else "",
        "items": one.items,
        "decided_title": t(DECISIONS_TITLE),
        "decided": one.decided,
        "link": link,
        **figures,
    }
    message.set_content(render("mail.txt.j2", t, **shown))
    message.add_alternative(render("mail.html.j2", t, **shown), subtype="html")
    return message


def _heading(items: tuple[MailItem, ...], t: Texts) -> str:
    """How many things were asked of somebody, or are theirs; empty if there is nothing."""
    if not items:
        return ""
    if all(each.is_asked for each in items):
        return t(N_n("{n} request for you", "{n} requests for you"), n=len(items))
    return t(N_n("{n} item is yours", "{n} items are yours"), n=len(items))


def _figures(facts: Mapping[str, int], mailing: Mailing, t: Texts) -> dict[str, str]:
    """What a mail says about the report that is attached."""
    if mailing.sentence:
        return {"label": "", "known": "", "sentence": mailing.sentence}
    net = f"{facts.get('known', 0) - facts.get('known_before', 0):+,}".replace("-", "−")
    return {
        "label": t(N_("Known")),
        "known": t.rate(facts.get("known", 0), facts.get("required", 0)),
        "sentence": t(
            N_("{net} positions since last week. The whole report is attached; open it in a browser."), net=net
        ),
    }


def _message_id(note: Mailed, mailing: Mailing) -> str:
    """The same page to the same person always has the same id: a server that gets it twice can drop one."""
    parts = "\0".join((note.to, note.report, note.page))
    return f"<{mailing.key}.{hashlib.sha256(parts.encode()).hexdigest()[:24]}@coverage-kit>"


def _attach(
    message: EmailMessage, one: Letter, manifest: Manifest, mailing: Mailing, t: Texts, *, with_pdf: bool
) -> None:
    entry = manifest.reports[one.report]
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
        part["Content-Disposition"] = _disposition(f"{mailing.key}-{file}", f"{mailing.key}-report{Path(file).suffix}")
        # A part of the older kind keeps its headers as they are given.
        message.attach(part)  # type: ignore[arg-type]


def _disposition(name: str, plain: str) -> str:
    """An attachment's name; one in other than ASCII letters in two forms, since some mail programs know only one."""
    if name.isascii():
        return f'attachment; filename="{name}"'
    return f"attachment; filename=\"{plain}\";\n filename*=UTF-8''{quote(name, safe='')}"


def _note(one: Letter, manifest: Manifest) -> Mailed:
    if not one.has_report:
        return Mailed(one.to, one.report, "")
    entry = manifest.reports[one.report]
    page = f"{entry.identity.name}.html"
    return Mailed(one.to, one.report, entry.files.get(page) or file_hash(manifest.folder / page))
