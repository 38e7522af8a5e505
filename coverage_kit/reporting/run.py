"""The weekly run: which reports there are, from which templates, and the page that leads to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from coverage_kit import __version__
from coverage_kit.domain.week import Week
from coverage_kit.i18n import texts
from coverage_kit.reporting.batch.batch import BatchResult, Runner, locked, run_batch
from coverage_kit.reporting.batch.cluster import check_address, run_distributed
from coverage_kit.reporting.batch.jobs import TEAM, list_jobs, surroundings, week_and_instant
from coverage_kit.reporting.batch.manifest import Manifest, file_hash
from coverage_kit.reporting.batch.pool import count_workers, run_pool
from coverage_kit.reporting.batch.worker import ReportJob, Surroundings, write_whole
from coverage_kit.reporting.deliver.mail import letters, mail_reports
from coverage_kit.reporting.deliver.pdf import find_chromium, print_pages
from coverage_kit.workspace import Workspace


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
    formats: Sequence[str] = ("html",),
    mail: bool = False,
    scheduler: str | None = None,
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
        Reports made at the same time; as many as this machine feeds by default.
    force, dry_run, progress : bool
    formats : sequence of str
        ``pdf`` beside ``html``, which is always made.
    mail : bool
        Send each rep their page and each manager the team's.
    scheduler : str, optional
        Address of a dask scheduler that makes the reports on other machines.

    Returns
    -------
    BatchResult

    Raises
    ------
    BadInput
        No such week or rep, the week lies ahead, or there is no rep yet.
    """
    chosen, at = week_and_instant(ws, week)
    if "pdf" in formats:
        find_chromium()
    if scheduler:
        check_address(scheduler)
    # From here on nothing lands at or before the instant that is reported.
    if not dry_run:
        ws.ledger.reserve(at)
    jobs = list_jobs(ws, chosen, at, reps)
    folder = Path(out or ws.path / "reports") / str(chosen)
    around = surroundings(ws, folder)
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = {"week": str(chosen), "as_of": moment, "lang": ws.lang, "version": __version__}
    if dry_run:
        return _plan(jobs, around, Manifest.read(folder, head), force)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    n_workers = n_workers or count_workers(len(jobs))
    runner: Runner = partial(run_pool, n_workers=n_workers)
    if scheduler:
        runner = partial(run_distributed, address=scheduler, settings=ws.config.scheduler)
    with locked(folder):
        result, manifest = run_batch(jobs, around, head=head, runner=runner, force=force, progress=progress)
        result.week, result.as_of = str(chosen), moment
        if "pdf" in formats:
            _print_pdf(jobs, manifest, result, n_workers)
        result.index = str(_write_index(folder, chosen, jobs, manifest.reports, result, ws.lang))
        if mail:
            _mail(ws, chosen, jobs, manifest, result)
    return result


def _print_pdf(jobs: list[ReportJob], manifest: Manifest, result: BatchResult, n_workers: int) -> None:
    """Print the pages that have no PDF of them yet."""
    missing = {}
    for job in jobs:
        files = manifest.reports.get(job.name, {}).get("files", {})
        pdf = manifest.folder / f"{job.name}.pdf"
        if files and file_hash(pdf) != files.get(pdf.name, "none"):
            missing[manifest.folder / f"{job.name}.html"] = job
    for page, problem in print_pages(list(missing), n_workers):
        job, pdf = missing[page], page.with_suffix(".pdf")
        if problem:
            pdf.unlink(missing_ok=True)
            result.failed.append({"rep": job.rep, "reason": f"pdf: {problem}"})
        else:
            manifest.reports[job.name]["files"][pdf.name] = file_hash(pdf)
            result.pdf.append(str(pdf))
    manifest.save()


def _mail(ws: Workspace, week: Week, jobs: list[ReportJob], manifest: Manifest, result: BatchResult) -> None:
    staff = ws.ledger.as_of("staff")
    logins = {row["id"]: row["login"] or "" for row in staff}
    own = {job.rep: job.name for job in jobs if job.template != TEAM}
    team = next((job.name for job in jobs if job.template == TEAM), None)
    wanted = letters(staff, own, team)
    sent = mail_reports(wanted, manifest, ws.config.mail, logins, week, texts(ws.lang))
    result.mailed = sent.mailed
    result.failed += sent.failed


def _plan(jobs: list[ReportJob], around: Surroundings, manifest: Manifest, force: bool) -> BatchResult:
    """What would be made and what kept, without making anything."""
    kept = {job.name for job in jobs if not force and manifest.is_finished(job, around)}
    pages = {job.name: str(manifest.folder / f"{job.name}.html") for job in jobs}
    made = [page for key, page in pages.items() if key not in kept]
    return BatchResult(
        manifest.head["week"], manifest.head["as_of"], made, [page for key, page in pages.items() if key in kept]
    )


def _write_index(
    folder: Path, week: Week, jobs: list[ReportJob], manifest: dict[str, Any], result: BatchResult, lang: str
) -> Path:
    from coverage_kit.reporting.pages.page import index_page

    t = texts(lang)
    reasons = {failure["rep"]: failure["reason"] for failure in result.failed}
    known = {job.name: job for job in jobs}
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
                "reason": reasons.get(known[key].rep, "") if key in known else "",
            }
        )
    path = folder / "index.html"
    write_whole(path, index_page(week, entries, lang=lang))
    return path
