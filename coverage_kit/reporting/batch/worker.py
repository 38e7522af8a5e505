"""One report: run its notebook by papermill, check it, make the page, and put the files in place, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, cast

from coverage_kit.assets.private import make_folder
from coverage_kit.errors import ReportError
from coverage_kit.i18n import N_
from coverage_kit.reporting.batch.files import write_whole
from coverage_kit.reporting.batch.model import Draft, Outcome, ReportJob, RunContext

if TYPE_CHECKING:
    from nbformat import NotebookNode

END_TAG, END_LINE = "end-marker", "coverage-kit: end of report"
_MAX_BYTES = 20_000_000
#: Errors of a cell whose cause is the store's server, not the report.
_UNREACHABLE = ("StoreError", "OperationalError")


def make_report(job: ReportJob, context: RunContext, scratch: str | None = None) -> Draft:
    """Make one report; a failure is a result, not an exception, and harms no other.

    Parameters
    ----------
    job : ReportJob
    context : RunContext
    scratch : str, optional
        Folder for its files while it is made; the system's temporary folder by default.
    """
    os.environ["COVERAGE_KIT_WORKSPACE"] = context.workspace
    os.umask(0o077)
    partial = ""
    try:
        with tempfile.TemporaryDirectory(prefix=".making-", dir=scratch, ignore_cleanup_errors=True) as home:
            written = Path(home) / "report.ipynb"
            try:
                nb = _run(job, context, written)
                texts = ((".ipynb", written.read_text(encoding="utf-8")), (".html", _page(nb, job, context)))
                for _, text in texts:
                    _check_text(text, context.forbidden)
                return Draft(job.name, texts, _facts(nb))
            except Exception:
                partial = _partial(written, context)
                raise
    except Exception as exc:
        return Draft(job.name, reason=_reason(exc, context.forbidden), partial=partial, lost=_is_lost(exc))


def put_report(draft: Draft, job: ReportJob, folder: Path) -> Outcome:
    """Put a report's files in place, each whole; a failed report leaves nothing that looks finished."""
    try:
        if draft.reason:
            _keep_failed(folder, job, draft.partial)
            return Outcome(job.name, reason=draft.reason, lost=draft.lost)
        hashes = tuple(
            (f"{job.name}{ending}", write_whole(folder / f"{job.name}{ending}", text)) for ending, text in draft.texts
        )
        (folder / "failed" / f"{job.name}.ipynb").unlink(missing_ok=True)
        return Outcome(job.name, hashes, draft.facts)
    except OSError as exc:
        for ending in (".ipynb", ".html"):
            (folder / f"{job.name}{ending}").unlink(missing_ok=True)
        return Outcome(job.name, reason=_reason(exc))


def _run(job: ReportJob, context: RunContext, written: Path) -> NotebookNode:
    import papermill
    from papermill.engines import papermill_engines

    from coverage_kit.engine import NAME, WarmForkEngine

    papermill_engines.register(NAME, WarmForkEngine)
    # Papermill reads a file once; a notebook in memory it writes, reads back, and copies into its metadata.
    template = written.with_name("template.ipynb")
    template.write_bytes(dict(context.bodies)[job.template])
    with contextlib.chdir(written.parent):  # keeps folder names out of the notebook
        nb = papermill.execute_notebook(
            template.name,
            written.name,
            parameters=dict(job.parameters),
            engine_name=NAME,
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=context.timeout_s,
            start_timeout=120,
            log_output=False,
            preload=context.preload,
            plain=context.plain,
            save_failed=True,
            max_output_bytes=2 * _MAX_BYTES,
            max_memory_bytes=context.memory_mb << 20,
        )
    ended = [
        "".join(output.get("text", ""))
        for cell in nb.cells
        if END_TAG in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ())
    ]
    if not any(END_LINE in text for text in ended):
        raise ReportError("report.unfinished", N_("the notebook did not reach its end marker"))
    return cast("NotebookNode", nb)


def _page(nb: NotebookNode, job: ReportJob, context: RunContext) -> str:
    from coverage_kit.reporting.pages.page import page_from_notebook

    return page_from_notebook(nb, lang=context.lang, title=job.title)


def _check_text(text: str, forbidden: tuple[str, ...]) -> None:
    if len(text) > _MAX_BYTES:
        raise ReportError("report.too_big", N_("its output is larger than 20 MB"))
    if any(word in text for word in forbidden):
        raise ReportError("report.leak", N_("its output holds a secret or a path of this machine"))


def _facts(nb: NotebookNode) -> tuple[tuple[str, int], ...]:
    """The numbers that the report prints about itself, for the week's index."""
    texts = [
        "".join(o.get("text", "")) for c in nb.cells for o in c.get("outputs", ()) if o.get("output_type") == "stream"
    ]
    return tuple((key, int(value)) for text in texts for key, value in re.findall(r"^(\w+) (-?\d+)$", text, re.M))


def _partial(written: Path, context: RunContext) -> str:
    """The notebook up to the failure, for finding the cause."""
    with contextlib.suppress(OSError, ValueError):
        if written.stat().st_size < _MAX_BYTES:
            # Tracebacks name folders of this machine.
            return _masked(written.read_text(encoding="utf-8"), context.forbidden)
    return ""


def _keep_failed(folder: Path, job: ReportJob, partial: str) -> None:
    """Remove the report's files; keep the notebook with its traceback in ``failed``, where nobody takes it for a report."""
    for ending in (".ipynb", ".html"):
        (folder / f"{job.name}{ending}").unlink(missing_ok=True)
    if partial:
        write_whole(make_folder(folder / "failed") / f"{job.name}.ipynb", partial)


def _is_lost(exc: Exception) -> bool:
    """Whether the cause was outside the report."""
    from coverage_kit.engine import ForkServerError, KernelDied

    killed = isinstance(exc, KernelDied) and exc.code == -9
    return killed or isinstance(exc, ForkServerError) or getattr(exc, "ename", None) in _UNREACHABLE


def _reason(exc: Exception, forbidden: tuple[str, ...] = ()) -> str:
    """Why a report failed, in one line without paths and secrets."""
    from coverage_kit.engine import ForkServerError

    ename, evalue = getattr(exc, "ename", None), getattr(exc, "evalue", None)
    text = (
        f"{ename}: {evalue}"
        if ename
        else (str(exc) if isinstance(exc, ReportError) else f"{type(exc).__name__}: {exc}")
    )
    line = next((part.strip() for part in _masked(text, forbidden).splitlines() if part.strip()), type(exc).__name__)
    if isinstance(exc, ForkServerError):
        line = f"{line[:120]}; report: engine: plain in the config works without the fork server"
    return re.sub(r"(?:[A-Za-z]:)?[\\/][^\s'\"]+", "…", line)[:200] or traceback.format_exception_only(exc)[-1][:200]


def _masked(text: str, forbidden: tuple[str, ...]) -> str:
    for word in sorted(forbidden, key=len, reverse=True):
        text = text.replace(word, "…")
    return text
