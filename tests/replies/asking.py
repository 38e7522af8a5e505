"""What the tests of mails and replies ask of colleagues, mail, and read back."""

from __future__ import annotations

import email
import shutil
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from coverage_kit.coaching import Commitment
from coverage_kit.config import CONFIG_NAME, MailSettings, read_config, write_config
from coverage_kit.domain.week import Week
from coverage_kit.i18n import texts
from coverage_kit.reporting.batch.manifest import Manifest
from coverage_kit.reporting.deliver.items import items_by_owner
from coverage_kit.reporting.deliver.mail import MailResult, letters, mail_reports, weekly
from coverage_kit.store.entities import Staff
from tests.coaching.conftest import TeamDay
from tests.conftest import HandClock

MAIL = MailSettings(sender="Coaching <coaching@example.com>", domain="example.com")


def team_that_mails(small_team: Path, path: Path, clock: HandClock, lang: str = "en") -> TeamDay:
    shutil.copytree(small_team, path)
    config = read_config(path / CONFIG_NAME)
    write_config(path / CONFIG_NAME, config.model_copy(update={"mail": MAIL, "lang": lang}))
    return TeamDay(path, clock)


def ask(team: TeamDay, owner: str, account: str = "A", role: str = "cfo", due_on: date | None = None) -> Commitment:
    """A request to a colleague."""
    work = team.ws.coaching.commitments
    draft = replace(work.draft_from_gap(account, role), owner=owner)
    return work.add(draft if due_on is None else replace(draft, due_on=due_on), confirmed=True)


def mail_items(team: TeamDay, folder: Path, staff: list[Staff] | None = None) -> MailResult:
    """Mail what everybody owes, as files, without any report."""
    t = texts(team.ws.lang)
    items = items_by_owner(team.ws, team.ws.coaching.commitments.find())
    wanted = letters(staff or team.ws.ledger.as_of(Staff), {}, "team", items)
    manifest = Manifest.read(folder)
    return mail_reports(wanted, manifest, team.ws.config.mail, weekly(Week.of(team.day), t), t)


def read_mail(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())
