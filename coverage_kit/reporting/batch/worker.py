"""One report: its notebook run by papermill, checked, made into a page, and put in place whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coverage_kit.errors import ReportError
from coverage_kit.i18n import N_

END_TAG, END_LINE = "end-marker", "coverage-kit: end of report"
#: What a worker's zygote loads before its first report.
PRELOAD = ("coverage_kit.reporting.batch.warm:warm_up",)
_MAX_BYTES = 20_000_000
#: Errors of a cell that say something about the store's server, not about the report.
_UNREACHABLE = ("StoreError", "OperationalError")


@dataclass(frozen=True)
class ReportJob:
    """One report to make: under which title and file name, from which template, with which parameters.

    No two jobs of a batch have one name, whatever reps are called; so a report is known by it everywhere.
    ``inputs`` is a fingerprint of all that it is made of beside its template; empty where nobody knows.
    """

    name: str
    title: str
    template: str
    parameters: tuple[tuple[str, str], ...]
    inputs: str = ""

    @property
    def rep(self) -> str:
        """Whose report it is, in messages; ``team`` for the roll-up."""
        return dict(self.parameters).get("rep", "team")


@dataclass(frozen=True)
class Surroundings:
    """What all jobs of a batch share."""

    folder: str
    bodies: tuple[tuple[str, bytes], ...]
    lang: str
    workspace: str
    forbidden: tuple[str, ...]
    timeout_s: int
    memory_mb: int = 4096
    plain: bool = False
    preload: tuple[str, ...] = PRELOAD


@dataclass(frozen=True)
class Draft:
    """A report as it was made, nowhere written yet: the texts of its files, or why it failed in one line.

    ``lost`` says that something around the report failed (its process was killed, the store was out of reach), so that
    the same job may succeed when it is tried again.
    """

    key: str
    texts: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    partial: str = ""
    lost: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of one job: hashes of the files put in place, or why it failed in one line."""

    key: str
    hashes: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    lost: bool = False


def make_report(job: ReportJob, around: Surroundings, aside: str | None = None) -> Draft:
    """Make one report; a failure is a result, not an exception, and harms no other.

    Parameters
    ----------
    job : ReportJob
    around : Surroundings
    aside : str, optional
        Where its files lie while it is made; the system's folder for such by default.

    Returns
    -------
    Draft
    """
    os.environ["COVERAGE_KIT_WORKSPACE"] = around.workspace
    os.umask(0o077)
    partial = ""
    try:
        with tempfile.TemporaryDirectory(prefix=".making-", dir=aside, ignore_cleanup_errors=True) as home:
            written = Path(home) / "report.ipynb"
            try:
                nb = _run(job, around, written)
                texts = ((".ipynb", written.read_text(encoding="utf-8")), (".html", _page(nb, job, around)))
                for _, text in texts:
                    _check_text(text, around.forbidden)
                return Draft(job.name, texts, _facts(nb))
            except Exception:
                partial = _partial(written, around)
                raise
    except Exception as exc:
        return Draft(job.name, reason=_reason(exc), partial=partial, lost=_is_lost(exc))


def put_report(draft: Draft, job: ReportJob, folder: Path) -> Outcome:
    """Put a report's files in place, each whole; of a failed one leave nothing that looks finished.

    Parameters
    ----------
    draft : Draft
    job : ReportJob
    folder : Path

    Returns
    -------
    Outcome
    """
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


def write_whole(path: Path, text: str) -> str:
    """Write a file so that a reader sees the old one or the whole new one, readable by its owner alone; its hash."""
    body = text.encode()
    handle, part = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(part).replace(path)
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise
    return hashlib.sha256(body).hexdigest()


def _run(job: ReportJob, around: Surroundings, written: Path) -> Any:
    import papermill
    from papermill.engines import papermill_engines

    from coverage_kit.engine import NAME, WarmForkEngine

    papermill_engines.register(NAME, WarmForkEngine)
    # Of a file papermill reads the text once; a notebook in memory it writes, reads, and copies into its own notes.
    template = written.with_name("template.ipynb")
    template.write_bytes(dict(around.bodies)[job.template])
    with contextlib.chdir(written.parent):  # so that the notebook names no folder of this machine
        nb = papermill.execute_notebook(
            template.name,
            written.name,
            parameters=dict(job.parameters),
            engine_name=NAME,
            kernel_name="python3",
            progress_bar=False,
            execution_timeout=around.timeout_s,
            start_timeout=120,
            log_output=False,
            preload=around.preload,
            plain=around.plain,
            save_failed=True,
            max_output_bytes=2 * _MAX_BYTES,
            max_memory_bytes=around.memory_mb << 20,
        )
    ended = [
        "".join(output.get("text", ""))
        for cell in nb.cells
        if END_TAG in cell.metadata.get("tags", ())
        for output in cell.get("outputs", ())
    ]
    if not any(END_LINE in text for text in ended):
        raise ReportError("report.unfinished", N_("the notebook did not reach its end marker"))
    return nb


def _page(nb: Any, job: ReportJob, around: Surroundings) -> str:
    from coverage_kit.reporting.pages.page import page_from_notebook

    return page_from_notebook(nb, lang=around.lang, title=job.title)


def _check_text(text: str, forbidden: tuple[str, ...]) -> None:
    if len(text) > _MAX_BYTES:
        raise ReportError("report.too_big", N_("its output is larger than 20 MB"))
    if any(word in text for word in forbidden):
        raise ReportError("report.leak", N_("its output holds a secret or a path of this machine"))


def _facts(nb: Any) -> tuple[tuple[str, int], ...]:
    """The numbers that the report prints about itself, for the week's index."""
    texts = [
        "".join(o.get("text", "")) for c in nb.cells for o in c.get("outputs", ()) if o.get("output_type") == "stream"
    ]
    return tuple((key, int(value)) for text in texts for key, value in re.findall(r"^(\w+) (-?\d+)$", text, re.M))


def _partial(written: Path, around: Surroundings) -> str:
    """The notebook as far as it came, for whoever looks for the cause."""
    with contextlib.suppress(OSError, ValueError):
        if written.stat().st_size < _MAX_BYTES:
            text = written.read_text(encoding="utf-8")
            # A traceback may well name folders of this machine.
            for word in sorted(around.forbidden, key=len, reverse=True):
                text = text.replace(word, "…")
            return text
    return ""


def _keep_failed(folder: Path, job: ReportJob, partial: str) -> None:
    """Leave no page that looks finished; keep the notebook with its traceback where it does not look like a report."""
    for ending in (".ipynb", ".html"):
        (folder / f"{job.name}{ending}").unlink(missing_ok=True)
    if partial:
        failed = folder / "failed"
        failed.mkdir(exist_ok=True, mode=0o700)
        write_whole(failed / f"{job.name}.ipynb", partial)


def _is_lost(exc: Exception) -> bool:
    """Whether something around the report failed, and not the report."""
    from coverage_kit.engine import KernelDied, ZygoteError

    killed = isinstance(exc, KernelDied) and exc.code == -9
    return killed or isinstance(exc, ZygoteError) or getattr(exc, "ename", None) in _UNREACHABLE


def _reason(exc: Exception) -> str:
    """Why a report failed, in one line without paths."""
    from coverage_kit.engine import ZygoteError

    ename, evalue = getattr(exc, "ename", None), getattr(exc, "evalue", None)
    text = (
        f"{ename}: {evalue}"
        if ename
        else (str(exc) if isinstance(exc, ReportError) else f"{type(exc).__name__}: {exc}")
    )
    line = next((part.strip() for part in text.splitlines() if part.strip()), type(exc).__name__)
    if isinstance(exc, ZygoteError):
        line = f"{line[:120]}; with report: engine: plain in the config there is no zygote"
    return re.sub(r"(?:[A-Za-z]:)?[\\/][^\s'\"]+", "…", line)[:200] or traceback.format_exception_only(exc)[-1][:200]
