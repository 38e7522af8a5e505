"""Single pages made by papermill, apart from the weekly run: the agreement of a team, a manager's deal review."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from coverage_kit.assets.paths import folder as resource
from coverage_kit.assets.private import require_writable, write_file
from coverage_kit.domain.identifiers import file_names
from coverage_kit.domain.quarter import Quarter
from coverage_kit.errors import BadInput, ReportError
from coverage_kit.i18n import N_, texts
from coverage_kit.reporting.batch.jobs import run_context
from coverage_kit.reporting.batch.model import ReportJob
from coverage_kit.reporting.batch.pool import run_pool
from coverage_kit.reporting.batch.run import locked
from coverage_kit.reporting.deliver.pdf import find_chromium, print_pages
from coverage_kit.rules.lookup import get_staff
from coverage_kit.workspace import Workspace

AGREEMENT, DEAL_REVIEW = "agreement", "deal_review"


def make_page(ws: Workspace, template: str, name: str, title: str, parameters: Mapping[str, str], folder: Path) -> Path:
    """Run one notebook of ``templates/reports`` and keep its page.

    Parameters
    ----------
    ws : Workspace
    template : str
        Name of the notebook.
    name : str
        Name of the page's files, without suffix.
    title : str
    parameters : mapping
        What papermill injects.
    folder : Path
        Where the page is kept; it is made.

    Returns
    -------
    Path
        The page, whole; the notebook lies beside it.

    Raises
    ------
    ReportError
        The page could not be made; an earlier one of the same name stays.
    """
    body = (resource("templates") / "reports" / f"{template}.ipynb").read_bytes()
    context = replace(run_context(ws, folder), bodies=((template, body),))
    job = ReportJob(name, title, template, tuple({**parameters, "lang": ws.lang}.items()))
    with locked(folder), closing(run_pool([job], context, 1)) as outcomes:
        outcome = next(outcomes)
    if outcome.reason:
        raise ReportError(
            "page.failed", N_("The page “{title}” could not be made: {reason}"), title=title, reason=outcome.reason
        )
    return folder / f"{name}.html"


def agreement_page(ws: Workspace, manager: str, quarter: str | None = None) -> Path:
    """The page of a team's agreement, for signing and for the wall; of the present quarter by default."""
    return _of_quarter(ws, AGREEMENT, N_("Agreement on coaching"), "agreements", manager, quarter)


def deal_review_page(ws: Workspace, manager: str, quarter: str | None = None) -> Path:
    """The page of a manager's must-win accounts for the deal review.

    Raises
    ------
    BadInput
        The manager has chosen none.
    """
    if not ws.coaching.must_win.of(manager, quarter):
        raise BadInput("must_win.empty", N_("No must-win account is chosen yet; choose up to five on my page."))
    return _of_quarter(ws, DEAL_REVIEW, N_("Deal review"), "reviews", manager, quarter)


def print_to(page: Path, target: Path) -> None:
    """Copy a page to a file, as HTML or, by its ending, as PDF.

    Raises
    ------
    BadInput
        The ending is neither, no Chromium is here, or the file cannot be written.
    ReportError
        It could not be printed.
    """
    require_page_file(target)
    made = page
    if target.suffix.lower() == ".pdf":
        _, problem = next(iter(print_pages([page], 1)))
        if problem:
            raise ReportError("page.print", N_("The page could not be printed: {reason}"), reason=problem)
        made = page.with_suffix(".pdf")
    if made.absolute() != target.absolute():
        with _target_errors(target):
            write_file(target, made.read_bytes())


def require_page_file(target: Path) -> None:
    """Refuse a file to which no page can be printed, before the page is made.

    Raises
    ------
    BadInput
        The ending is neither .html nor .pdf, no Chromium is here, or the file cannot be written.
    """
    if target.suffix.lower() not in (".html", ".pdf"):
        raise BadInput("page.kind", N_("{name} is neither .html nor .pdf."), name=target.name)
    if target.suffix.lower() == ".pdf":
        find_chromium()
    with _target_errors(target):
        require_writable(target)


@contextmanager
def _target_errors(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        raise BadInput(
            "page.folder", N_("{name} cannot be written ({reason})."), name=target.name, reason=exc.strerror or ""
        ) from exc


def _of_quarter(ws: Workspace, template: str, title: str, folder: str, manager: str, quarter: str | None) -> Path:
    who = get_staff(ws.ledger, manager)
    wanted = str(Quarter.parse(quarter) if quarter else Quarter.of(ws.today()))
    name = f"{wanted}-{file_names([who.id])[who.id]}"
    parameters = {"manager": who.id, "quarter": wanted}
    shown = f"{texts(ws.lang)(title)}: {who.name or who.id}"
    return make_page(ws, template, name, shown, parameters, ws.path / "reports" / folder)
