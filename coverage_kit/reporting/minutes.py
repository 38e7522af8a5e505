"""Minutes: when a coaching session is closed, one page for each of its reps is made by papermill, and mailed on request.

A rep gets all of their own minutes; a colleague who was asked gets their item alone.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from coverage_kit import __version__
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.reporting.batch.jobs import run_context
from coverage_kit.reporting.batch.manifest import Manifest, RunHead
from coverage_kit.reporting.batch.model import Failure, ReportJob
from coverage_kit.reporting.batch.pool import run_pool
from coverage_kit.reporting.batch.run import locked, run_batch
from coverage_kit.reporting.deliver.items import items_by_owner
from coverage_kit.reporting.deliver.mail import ITEMS, Mailing, letter, mail_reports
from coverage_kit.store.entities import Session, Staff
from coverage_kit.workspace import Workspace

MINUTES = "minutes"


@dataclass
class MinutesResult:
    """The pages of a session, those who got mail, and what could not be made or mailed."""

    session: str
    made: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)


def make_minutes(ws: Workspace, session: str = "", *, mail: bool = False) -> MinutesResult:
    """Make the minutes of a closed session; pages that are finished stay as they are.

    Parameters
    ----------
    ws : Workspace
    session : str
        Its id; the last one that was closed by default.
    mail : bool
        Mail each rep their page, and each colleague who was asked their item alone; each once.

    Raises
    ------
    NotFound
        No such session, or it is not closed.
    BadInput
        The folder is in use, or the settings of mails cannot be used.
    """
    rows, t = _rows(ws, session), texts(ws.lang)
    result = MinutesResult(rows[0].group_id or rows[0].id)
    folder = minutes_folder(ws, rows[0].week)
    jobs = _jobs(ws, rows, t)
    head = RunHead(rows[0].week, "", ws.lang, __version__)
    context = run_context(ws, folder, templates=(MINUTES,))
    with locked(folder):
        batch, manifest = run_batch(jobs, context, head=head, runner=partial(run_pool, n_workers=1))
        result.made = sorted([*batch.made, *batch.skipped])
        result.failed = batch.failed
        if mail:
            _mail(ws, rows, jobs, manifest, result, t)
    return result


def minutes_folder(ws: Workspace, week: str) -> Path:
    """Where the minutes of a week are."""
    return ws.path / "reports" / MINUTES / week


def made_minutes(ws: Workspace, session: str) -> list[Path]:
    """The pages of a session that are there."""
    rows = _rows(ws, session)
    return [
        path for name in _names(rows).values() if (path := minutes_folder(ws, rows[0].week) / f"{name}.html").is_file()
    ]


def _rows(ws: Workspace, session: str) -> list[Session]:
    """The rows of a closed session, one a rep, in a fixed order."""
    closed = [row for row in ws.ledger.as_of(Session) if row.closed]
    wanted = session or next((row.group_id for row in sorted(closed, key=lambda row: (-row.at, row.id))), "")
    rows = sorted((row for row in closed if wanted and wanted in (row.group_id, row.id)), key=lambda row: row.id)
    if not rows:
        raise NotFound(
            "minutes.session",
            N_("There is no closed session '{id}'; close it on the coach's page first."),
            id=session[:40],
        )
    return rows


def _names(rows: list[Session]) -> dict[str, str]:
    """File names by row: the rep, and what tells the sessions of a week apart."""
    names = file_names(row.rep_id for row in rows)
    return {row.id: f"{names[row.rep_id]}-{hashlib.sha256(row.id.encode()).hexdigest()[:6]}" for row in rows}


def _jobs(ws: Workspace, rows: list[Session], t: Texts) -> list[ReportJob]:
    staff = {each.id: each.name or each.id for each in ws.ledger.as_of(Staff)}
    names = _names(rows)
    return [
        ReportJob(
            names[row.id],
            t(N_("{name}: coaching minutes"), name=staff.get(row.rep_id, row.rep_id)),
            MINUTES,
            (("session", row.id), ("lang", ws.lang)),
            # What was agreed stays as it was, whatever becomes of it later.
            f"{row.id} {row.version}",
            whose=row.rep_id,
        )
        for row in rows
    ]


def _mail(
    ws: Workspace, rows: list[Session], jobs: list[ReportJob], manifest: Manifest, result: MinutesResult, t: Texts
) -> None:
    staff = {each.id: each for each in ws.ledger.as_of(Staff) if not each.ended_on}
    work = ws.coaching.commitments
    made = [each for row in rows for each in work.find(session=row.id)]
    items = items_by_owner(ws, made)
    reps = [row.rep_id for row in rows]
    asked = sorted(items.keys() & staff.keys() - set(reps))
    files = file_names([*reps, *asked])
    wanted = [
        letter(staff[row.rep_id], job.name, job.name, items.get(row.rep_id, ()))
        for row, job in zip(rows, jobs, strict=True)
        if row.rep_id in staff
    ]
    report = f"{ITEMS}:{result.session}"
    key = hashlib.sha256(result.session.encode()).hexdigest()[:6]
    wanted += [letter(staff[who], report, f"{files[who]}{ITEMS}-{key}", items[who]) for who in asked]
    week = Week.parse(rows[0].week)
    mailing = Mailing(
        f"{week}-{key}",
        t(N_("Coaching minutes")),
        t.week(week.year, week.number, week.monday),
        t(N_("What was agreed in this hour is attached; open it in a browser.")),
    )
    sent = mail_reports(wanted, manifest, ws.config.mail, mailing, t)
    result.mailed = sent.mailed
    result.failed += sent.failed
