"""The weekly run: which reports there are, from which templates, and the page that leads to them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from coverage_kit import __version__
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.week import Week, local_day
from coverage_kit.edits import get_staff
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.batch import BatchResult, locked, run_batch
from coverage_kit.reporting.execute import ReportJob, Surroundings, write_whole
from coverage_kit.reporting.manifest import Manifest
from coverage_kit.reporting.pool import count_workers, run_pool
from coverage_kit.resources import folder as resource
from coverage_kit.store import load_fingerprints
from coverage_kit.workspace import Workspace

_TEMPLATES = ("rep_weekly", "team_weekly")


def report_week(
    ws: Workspace,
    *,
    week: str | Week | None = None,
    reps: Sequence[str] = (),
    out: str | Path | None = None,
    n_workers: int | None = None,
    force: bool = False,
    dry_run: bool = False,
    progress: bool = False,
) -> BatchResult:
    """Make the weekly report of every rep, the team's roll-up, and the index of the week.

    Parameters
    ----------
    ws : Workspace
    week : str or Week, optional
        The last week that has ended by default; in a team's first week the running one, marked as not over yet.
    reps : sequence of str
        Only these reps, and no roll-up; all by default.
    out : str or Path, optional
        Where the week's folder is made.
    n_workers : int, optional
    force, dry_run, progress : bool

    Returns
    -------
    BatchResult

    Raises
    ------
    BadInput
        No such week or rep, the week lies ahead, or there is no rep yet.
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
    at = min(chosen.as_of(ws.zone), now)
    # From here on nothing lands at or before the instant that is reported.
    if not dry_run:
        ws.ledger.reserve(at)
    jobs = _jobs(ws, chosen, at, reps)
    folder = Path(out or ws.path / "reports") / str(chosen)
    around = Surroundings(
        folder=str(folder.absolute()),
        bodies=tuple((name, _template(ws, name)) for name in _TEMPLATES),
        lang=ws.lang,
        workspace=str(ws.path.absolute()),
        forbidden=_forbidden(ws),
        timeout_s=ws.config.report.timeout_seconds,
        memory_mb=ws.config.report.memory_mb,
        plain=ws.config.report.engine == "plain",
    )
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = {"week": str(chosen), "as_of": moment, "lang": ws.lang, "version": __version__}
    if dry_run:
        return _plan(jobs, around, Manifest.read(folder, head), force)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    runner = partial(run_pool, n_workers=n_workers or count_workers(len(jobs)))
    with locked(folder):
        result, manifest = run_batch(jobs, around, head=head, runner=runner, force=force, progress=progress)
        result.week, result.as_of = str(chosen), moment
        result.index = str(_write_index(folder, chosen, jobs, manifest.reports, result, ws.lang))
    return result


def _plan(jobs: list[ReportJob], around: Surroundings, manifest: Manifest, force: bool) -> BatchResult:
    """What would be made and what kept, without making anything."""
    kept = {job.key for job in jobs if not force and manifest.is_finished(job, around)}
    pages = {job.key: str(manifest.folder / f"{job.name}.html") for job in jobs}
    made = [page for key, page in pages.items() if key not in kept]
    return BatchResult(
        manifest.head["week"], manifest.head["as_of"], made, [page for key, page in pages.items() if key in kept]
    )


def _default_week(ws: Workspace) -> Week:
    """The last week that has ended; the running one where nobody had an account before it began."""
    last = ws.last_week()
    return last if ws.reps(last.as_of(ws.zone)) else Week.containing(ws.now(), ws.zone)


def _jobs(ws: Workspace, week: Week, at: int, reps: Sequence[str]) -> list[ReportJob]:
    everyone = ws.reps(at)
    wanted = sorted({get_staff(ws.ledger, rep)["id"] for rep in reps}) or everyone
    if not wanted and ws.reps():
        raise BadInput(
            "report.before_all", N_("In {week} nobody looked after an account yet; take a later week."), week=week
        )
    if not wanted:
        raise BadInput(
            "report.no_reps", N_("No rep here yet; assign accounts first: coverage-kit assign ACCOUNT --rep REP")
        )
    t = texts(ws.lang)
    staff = {row["id"]: row["name"] or row["id"] for row in ws.ledger.as_of("staff")}
    names = file_names([*everyone, *wanted])
    unfinished = {} if at == week.as_of(ws.zone) else {"as_of": datetime.fromtimestamp(at / 1000, UTC).isoformat()}
    common = {"week": str(week), "lang": ws.lang, **unfinished}
    inputs, team_inputs = load_fingerprints(ws.ledger, until=at)
    # How old a verification is depends on the day, whether a week is over changes the page.
    moment = f"{local_day(at, ws.zone)} {'so far' if unfinished else 'whole'}"
    jobs = (
        []
        if reps
        else [
            ReportJob(
                "team",
                t(N_("The team: weekly progress")),
                "team",
                "team_weekly",
                tuple(common.items()),
                f"{moment} {team_inputs}",
            )
        ]
    )
    return jobs + [
        ReportJob(
            rep,
            staff.get(rep, rep),
            names[rep],
            "rep_weekly",
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
                    "The template {path} is missing or not the one whose hash the config names; look at it and mend the config."
                ),
                path=own.path,
            )
        return body
    return (resource("templates") / "reports" / f"{name}.ipynb").read_bytes()


def _forbidden(ws: Workspace) -> tuple[str, ...]:
    """What may never stand in a report: this machine's folders, and a password of the store's address."""
    password = make_url(ws.config.store).password if "://" in ws.config.store else None
    return tuple({str(ws.path.absolute()), str(Path.home()) + "/", *([str(password)] if password else [])})


def _write_index(
    folder: Path, week: Week, jobs: list[ReportJob], manifest: dict[str, Any], result: BatchResult, lang: str
) -> Path:
    from coverage_kit.reporting.page import index_page

    t = texts(lang)
    reasons = {failure["rep"]: failure["reason"] for failure in result.failed}
    known = {job.key: job for job in jobs}
    keys = sorted({*known, *manifest}, key=lambda key: (key != "team", key))
    entries = []
    for key in keys:
        entry = manifest.get(key, {})
        facts = entry.get("facts", {})
        name = entry["identity"]["name"] if entry else known[key].name
        required = facts.get("required", 0)
        entries.append(
            {
                "name": entry.get("title") or known[key].title,
                "html": f"{name}.html" if entry else "",
                "ipynb": f"{name}.ipynb" if entry else "",
                "known": t.rate(facts.get("known", 0), required),
                "before": t.number(facts.get("known_before", 0)),
                "reason": reasons.get(key, ""),
            }
        )
    path = folder / "index.html"
    write_whole(path, index_page(week, entries, lang=lang))
    return path
