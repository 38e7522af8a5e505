"""The jobs of a weekly run, their templates, and what they share."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from coverage_kit.assets.paths import folder as resource
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week, local_day
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.batch.model import ReportJob, RunContext
from coverage_kit.reporting.deliver.post import PASSWORD
from coverage_kit.rules.lookup import get_staff
from coverage_kit.store import load_fingerprints
from coverage_kit.store.entities import Staff
from coverage_kit.workspace import Workspace

REP, TEAM = "rep_weekly", "team_weekly"


def week_and_instant(ws: Workspace, week: str | Week | None) -> tuple[Week, int]:
    """The week to report, and its instant: its end, or now where it is not over yet.

    Raises
    ------
    BadInput
        No such week, or it has not begun.
    """
    chosen = _default_week(ws) if week is None else Week.parse(str(week))
    now = ws.now()
    if chosen.as_of(ws.zone) - 7 * 86_400_000 >= now:
        raise BadInput(
            "report.ahead",
            N_("{week} has not begun yet; the last week that has ended is {last}."),
            week=chosen,
            last=ws.last_week(),
        )
    return chosen, min(chosen.as_of(ws.zone), now)


def run_context(ws: Workspace, folder: Path, templates: Sequence[str] = (REP, TEAM)) -> RunContext:
    """The context that all reports of a run share."""
    return RunContext(
        folder=str(folder.absolute()),
        bodies=tuple((name, _template(ws, name)) for name in templates),
        lang=ws.lang,
        workspace=str(ws.path.absolute()),
        forbidden=_forbidden(ws),
        timeout_s=ws.config.report.timeout_seconds,
        memory_mb=ws.config.report.memory_mb,
        plain=ws.config.report.engine == "plain",
    )


def list_jobs(ws: Workspace, week: Week, at: int, reps: Sequence[str] = ()) -> list[ReportJob]:
    """The reports of a week: the team's and every rep's, or those of some reps.

    Raises
    ------
    BadInput
        No such rep, or there is none yet.
    """
    everyone = ws.reps(at)
    wanted = sorted({get_staff(ws.ledger, rep).id for rep in reps}) or everyone
    if not wanted and ws.reps():
        raise BadInput("report.before_all", N_("No account had a rep in {week}; choose a later week."), week=week)
    if not wanted:
        raise BadInput(
            "report.no_reps",
            N_(
                "No rep here yet. Assign accounts first: on the start page, or with coverage-kit assign ACCOUNT --rep REP"
            ),
        )
    t = texts(ws.lang)
    staff = {row.id: row.name or row.id for row in ws.ledger.as_of(Staff, at)}
    names = file_names([*everyone, *wanted])
    unfinished = {} if at == week.as_of(ws.zone) else {"as_of": datetime.fromtimestamp(at / 1000, UTC).isoformat()}
    common = {"week": str(week), "lang": ws.lang, **unfinished}
    inputs, team_inputs = load_fingerprints(ws.ledger, until=at)
    # The page also depends on the day (age of verifications) and on whether the week is over.
    moment = f"{local_day(at, ws.zone)} {'so far' if unfinished else 'whole'}"
    jobs = (
        []
        if reps
        else [
            ReportJob(
                "team", t(N_("The team: weekly progress")), TEAM, tuple(common.items()), f"{moment} {team_inputs}"
            )
        ]
    )
    return jobs + [
        ReportJob(
            names[rep],
            staff.get(rep, rep),
            REP,
            tuple({"rep": rep, **common}.items()),
            f"{moment} {inputs.get(rep, team_inputs)}",
        )
        for rep in wanted
    ]


def _template(ws: Workspace, name: str) -> bytes:
    """A report template: the package's own, or one of the workspace's that its config names with its hash."""
    for own in ws.config.templates:
        path = ws.path / own.path
        if path.stem != name:
            continue
        body = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(body).hexdigest() != own.sha256:
            raise BadInput(
                "report.template",
                N_(
                    "The template {path} is missing, or its hash is not the one in the config; check it, and fix the config."
                ),
                path=own.path,
            )
        return body
    return (resource("templates") / "reports" / f"{name}.ipynb").read_bytes()


def _forbidden(ws: Workspace) -> tuple[str, ...]:
    """Texts that may not appear in a report: this machine's folders, the passwords of the store and the mail server."""
    store = make_url(ws.config.store).password if "://" in ws.config.store else None
    passwords = {str(store or ""), os.environ.get(PASSWORD, "")} - {""}
    return tuple({str(ws.path.absolute()), str(Path.home()) + "/", *passwords})


def _default_week(ws: Workspace) -> Week:
    """The last week that has ended; the running one if nobody had an account before it began."""
    last = ws.last_week()
    return last if ws.reps(last.as_of(ws.zone)) else Week.containing(ws.now(), ws.zone)
