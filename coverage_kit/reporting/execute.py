"""One report: its notebook run by papermill, checked, made into a page, and put in place whole or not at all."""

from __future__ import annotations

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
_MAX_BYTES = 20_000_000


@dataclass(frozen=True)
class ReportJob:
    """One report to make: whose, from which template, with which parameters, under which file name."""

    key: str
    title: str
    name: str
    template: str
    parameters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """What became of one job: hashes of the files made, or why it failed in one line."""

    key: str
    hashes: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Surroundings:
    """What all jobs of a batch share."""

    folder: str
    bodies: tuple[tuple[str, bytes], ...]
    lang: str
    workspace: str
    forbidden: tuple[str, ...]
    timeout_s: int


def make_report(job: ReportJob, around: Surroundings) -> Outcome:
    """Make one report; a failure is an outcome, not an exception, and harms no other.

    Parameters
    ----------
    job : ReportJob
    around : Surroundings

    Returns
    -------
    Outcome
    """
    folder = Path(around.folder)
    os.environ["COVERAGE_KIT_WORKSPACE"] = around.workspace
    os.umask(0o077)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as aside:
        draft = Path(aside) / f"{job.name}.ipynb"
        try:
            nb = _run(job, around, Path(aside), draft)
            page = _page(nb, job, around)
            nb_text = _scrubbed(nb)
            for text in (nb_text, page):
                _check_text(text, around.forbidden)
            return Outcome(job.key, _put(folder, job.name, nb_text, page), _facts(nb))
        except Exception as exc:
            _keep_failed(folder, job, draft)
            return Outcome(job.key, reason=_reason(exc))


def _run(job: ReportJob, around: Surroundings, aside: Path, draft: Path) -> Any:
    import papermill

    template = aside / "template.ipynb"
    template.write_bytes(dict(around.bodies)[job.template])
    nb = papermill.execute_notebook(
        str(template),
        str(draft),
        parameters=dict(job.parameters),
        kernel_name="python3",
        cwd=str(aside),
        progress_bar=False,
        execution_timeout=around.timeout_s,
        start_timeout=60,
        log_output=False,
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
    from coverage_kit.reporting.page import page_from_notebook

    return page_from_notebook(nb, lang=around.lang, title=job.title)


def _scrubbed(nb: Any) -> str:
    """The notebook as text, without what papermill notes of this machine's folders."""
    import nbformat

    for key in ("input_path", "output_path", "environment_variables"):
        nb.metadata.get("papermill", {}).pop(key, None)
    return str(nbformat.writes(nb))  # type: ignore[no-untyped-call]


def _check_text(text: str, forbidden: tuple[str, ...]) -> None:
    if len(text) > _MAX_BYTES:
        raise ReportError("report.too_big", N_("its output is larger than 20 MB"))
    if any(word in text for word in forbidden):
        raise ReportError("report.leak", N_("its output holds a secret or a path of this machine"))


def _put(folder: Path, name: str, nb_text: str, page: str) -> tuple[tuple[str, str], ...]:
    hashes = []
    for ending, text in ((".ipynb", nb_text), (".html", page)):
        write_whole(folder / f"{name}{ending}", text)
        hashes.append((f"{name}{ending}", hashlib.sha256(text.encode()).hexdigest()))
    return tuple(hashes)


def write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the whole new one; readable by its owner alone."""
    handle, part = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(part).replace(path)


def _facts(nb: Any) -> tuple[tuple[str, int], ...]:
    """The numbers that the report prints about itself, for the week's index."""
    texts = [
        "".join(o.get("text", "")) for c in nb.cells for o in c.get("outputs", ()) if o.get("output_type") == "stream"
    ]
    return tuple((key, int(value)) for text in texts for key, value in re.findall(r"^(\w+) (\d+)$", text, re.M))


def _keep_failed(folder: Path, job: ReportJob, draft: Path) -> None:
    """Leave no page that looks finished; keep the notebook with its traceback where it does not look like a report."""
    for ending in (".ipynb", ".html"):
        (folder / f"{job.name}{ending}").unlink(missing_ok=True)
    if draft.is_file() and draft.stat().st_size < _MAX_BYTES:
        failed = folder / "failed"
        failed.mkdir(exist_ok=True, mode=0o700)
        draft.replace(failed / f"{job.name}.ipynb")


def _reason(exc: Exception) -> str:
    """Why a report failed, in one line without paths."""
    ename, evalue = getattr(exc, "ename", None), getattr(exc, "evalue", None)
    text = (
        f"{ename}: {evalue}"
        if ename
        else (str(exc) if isinstance(exc, ReportError) else f"{type(exc).__name__}: {exc}")
    )
    line = next((part.strip() for part in text.splitlines() if part.strip()), type(exc).__name__)
    return re.sub(r"(?:[A-Za-z]:)?[\\/][^\s'\"]+", "…", line)[:200] or traceback.format_exception_only(exc)[-1][:200]
