"""The data of a batch: jobs, their common context, their outcomes, and the result."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TypedDict

#: Loaded once by the fork server, before the first report.
PRELOAD = ("coverage_kit.reporting.batch.warm:warm_up",)


@dataclass(frozen=True)
class ReportJob:
    """One report to make.

    Attributes
    ----------
    name : str
        Its file name without suffix. No two jobs of a batch share one, so it identifies the report everywhere.
    title : str
        The title of the page.
    template : str
        Which of the run's templates.
    parameters : tuple of (str, str)
        What papermill injects.
    inputs : str
        Fingerprint of everything it is made of, apart from its template; empty where it is not known.
    whose : str
        Id of its rep, where no parameter names it.
    """

    name: str
    title: str
    template: str
    parameters: tuple[tuple[str, str], ...]
    inputs: str = ""
    whose: str = ""

    @property
    def rep(self) -> str:
        """Whose report it is, in messages; ``team`` for the roll-up."""
        return self.whose or dict(self.parameters).get("rep", "team")


@dataclass(frozen=True)
class RunContext:
    """What all jobs of a run share.

    Attributes
    ----------
    folder : str
        Where the reports go.
    bodies : tuple of (str, bytes)
        Template name and its notebook.
    lang, workspace : str
        Language of the pages; path of the workspace.
    forbidden : tuple of str
        Texts that may not appear in a report: passwords, folders of this machine.
    timeout_s, memory_mb : int
        Limits of a report.
    plain : bool
        Start a kernel for each report, as plain papermill does.
    preload : tuple of str
        What the fork server loads.
    """

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
    """A report that was made and is not written yet: the texts of its files, or why it failed in one line.

    ``lost`` means that the cause was outside the report (its process was killed, the store was out of reach), so a
    second try may succeed.
    """

    key: str
    texts: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    partial: str = ""
    lost: bool = False


@dataclass(frozen=True)
class Outcome:
    """How one job ended: hashes of the files in place, or why it failed in one line."""

    key: str
    hashes: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, int], ...] = ()
    reason: str = ""
    lost: bool = False


#: Makes jobs somewhere and yields their outcomes as they arrive.
Runner = Callable[[Sequence[ReportJob], RunContext], Generator[Outcome]]


class Failure(TypedDict):
    """A report, page or mail that could not be made, and why."""

    rep: str
    reason: str


@dataclass
class BatchResult:
    """Pages that a batch made, kept from an earlier run, or failed to make."""

    week: str = ""
    as_of: str = ""
    made: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    manifest: str = ""
    index: str = ""
    pdf: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """The document that ``report --json`` prints."""
        return {name: value for name, value in asdict(self).items() if name != "index"}
