"""The weekly run: the reports of all reps and the team, their index, PDF and mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from coverage_kit import __version__
from coverage_kit.domain.week import Week
from coverage_kit.errors import StoreError
from coverage_kit.i18n import texts
from coverage_kit.reporting.batch.dask import check_address, run_distributed
from coverage_kit.reporting.batch.files import file_hash, write_whole
from coverage_kit.reporting.batch.jobs import TEAM, list_jobs, run_context, week_and_instant
from coverage_kit.reporting.batch.manifest import Manifest, RunHead
from coverage_kit.reporting.batch.model import BatchResult, ReportJob, RunContext, Runner
from coverage_kit.reporting.batch.pool import count_workers, run_pool
from coverage_kit.reporting.batch.run import Progress, locked, run_batch
from coverage_kit.reporting.deliver.decisions import decisions_by_rep
from coverage_kit.reporting.deliver.items import items_by_owner
from coverage_kit.reporting.deliver.mail import letters, mail_reports, weekly
from coverage_kit.reporting.deliver.pdf import find_chromium, print_pages
from coverage_kit.store.anchor import LAST_CHECK, check_recent, refuse_damage
from coverage_kit.store.entities import Staff
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
    progress: bool | Progress = False,
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
        Where the week's folder is made; the workspace's ``reports`` by default.
    n_workers : int, optional
        Reports made at the same time; as many as this machine can feed by default.
    force : bool
        Make finished reports again.
    dry_run : bool
        Make nothing; say what would be made.
    progress : bool or callable
        Show a progress bar on a terminal; or call this with the number of reports done, and of how many.
    formats : sequence of str
        ``html`` is always made; with ``pdf`` each page is printed too, and mailed with it.
    mail : bool
        Mail each rep their page, each manager the team's, and every colleague what is theirs to do; each once.
    scheduler : str, optional
        Address of a dask scheduler that makes the reports on other machines.

    Raises
    ------
    BadInput
        No such week or rep, the week has not begun, there is no rep yet, or the folder cannot be written.
    StoreError
        The store cannot be read, or an edit is not as it was written; then no report is made.
    """
    chosen, at = week_and_instant(ws, week)
    if "pdf" in formats:
        find_chromium()
    if scheduler:
        check_address(scheduler)
    if not dry_run:
        refuse_damage(ws.ledger, check_recent(ws.ledger, ws.path / LAST_CHECK))
        # What climbs now belongs to this report, so its instant is taken afterwards.
        ws.coaching.commitments.climb_quietly()
        chosen, at = week_and_instant(ws, chosen)
        _reserve(ws, at)
    jobs = list_jobs(ws, chosen, at, reps)
    folder = Path(out or ws.path / "reports") / str(chosen)
    context = run_context(ws, folder)
    moment = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    head = RunHead(str(chosen), moment, ws.lang, __version__)
    if dry_run:
        return _plan(jobs, context, Manifest.read(folder, head), force)
    n_workers = n_workers or count_workers(len(jobs))
    runner: Runner = partial(run_pool, n_workers=n_workers)
    if scheduler:
        runner = partial(run_distributed, address=scheduler, settings=ws.config.scheduler)
    with locked(folder):
        result, manifest = run_batch(jobs, context, head=head, runner=runner, force=force, progress=progress)
        result.week, result.as_of = str(chosen), moment
        if "pdf" in formats:
            _print_pdf(jobs, manifest, result, n_workers)
        result.index = str(_write_index(chosen, jobs, manifest, result, ws.lang))
        if mail:
            _mail(ws, chosen, jobs, manifest, result, with_pdf="pdf" in formats)
    return result


def _reserve(ws: Workspace, at: int) -> None:
    """From here on no edit can get an instant at or before the reported one.

    Somebody who may only read the store reports too: then the clock alone keeps later edits behind this instant.
    """
    try:
        ws.ledger.reserve(at)
    except StoreError as exc:
        if exc.code != "store.read_only":
            raise


def _print_pdf(jobs: list[ReportJob], manifest: Manifest, result: BatchResult, n_workers: int) -> None:
    """Print the pages that have no up-to-date PDF."""
    missing = {}
    for job in jobs:
        entry, pdf = manifest.reports.get(job.name), manifest.folder / f"{job.name}.pdf"
        if entry is not None and file_hash(pdf) != entry.files.get(pdf.name, "none"):
            missing[manifest.folder / f"{job.name}.html"] = job
    for page, problem in print_pages(list(missing), n_workers):
        job, pdf = missing[page], page.with_suffix(".pdf")
        files = manifest.reports[job.name].files
        if problem:
            pdf.unlink(missing_ok=True)
            files.pop(pdf.name, None)
            result.failed.append({"rep": job.rep, "reason": f"pdf: {problem}"})
        else:
            files[pdf.name] = file_hash(pdf)
            result.pdf.append(str(pdf))
    manifest.save()


def _mail(
    ws: Workspace, week: Week, jobs: list[ReportJob], manifest: Manifest, result: BatchResult, *, with_pdf: bool
) -> None:
    t = texts(ws.lang)
    own = {job.rep: job.name for job in jobs if job.template != TEAM}
    team = next((job.name for job in jobs if job.template == TEAM), None)
    items = items_by_owner(ws, ws.coaching.commitments.find())
    wanted = letters(ws.ledger.as_of(Staff), own, team, items, decisions_by_rep(ws, own))
    sent = mail_reports(wanted, manifest, ws.config.mail, weekly(week, t), t, with_pdf=with_pdf)
    result.mailed = sent.mailed
    result.failed += sent.failed


def _plan(jobs: list[ReportJob], context: RunContext, manifest: Manifest, force: bool) -> BatchResult:
    """List the reports that would be made and those that would be kept; makes nothing."""
    plan = BatchResult(manifest.head.week, manifest.head.as_of)
    for job in jobs:
        kept = not force and manifest.is_finished(job, context)
        (plan.skipped if kept else plan.made).append(str(manifest.folder / f"{job.name}.html"))
    return plan


def _write_index(week: Week, jobs: list[ReportJob], manifest: Manifest, result: BatchResult, lang: str) -> Path:
    from coverage_kit.reporting.pages.page import IndexEntry, index_page

    t = texts(lang)
    reasons = {failure["rep"]: failure["reason"] for failure in result.failed}
    known = {job.name: job for job in jobs}
    entries = []
    for key in sorted({*known, *manifest.reports}, key=lambda key: (key != "team", key)):
        entry, job = manifest.reports.get(key), known.get(key)
        facts = entry.facts if entry else {}
        entries.append(
            IndexEntry(
                name=(entry.title if entry else "") or known[key].title,
                html=f"{entry.identity.name}.html" if entry else "",
                ipynb=f"{entry.identity.name}.ipynb" if entry else "",
                known=t.rate(facts.get("known", 0), facts.get("required", 0)),
                before=t.number(facts.get("known_before", 0)),
                reason=reasons.get(job.rep, "") if job else "",
            )
        )
    path = manifest.folder / "index.html"
    write_whole(path, index_page(week, entries, lang=lang))
    return path
