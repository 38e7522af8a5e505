"""The parts that all commands share: the group, the workspace they work on, JSON output."""

from __future__ import annotations

import functools
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit import __version__
from coverage_kit.i18n import LANGUAGES, N_, Texts, texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_EDIT_ID = re.compile(r"ed_[A-Za-z0-9_]{1,40}")


def _edit_id(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _EDIT_ID.fullmatch(value):
        raise click.BadParameter("an id is ed_ and up to 40 letters and digits")
    return value


edit_id_option = click.option(
    "--edit-id", metavar="ID", callback=_edit_id, help="Written once, however often a script sends it: ed_…"
)
seen_option = click.option(
    "--seen", "base", type=click.IntRange(0), metavar="N", help="The version that you saw (list --json)."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@dataclass
class Invocation:
    """One run of the command line: the workspace's folder as given, and once they are known its place and language."""

    folder: str | None = None
    lang: str | None = None
    home: Path | None = None


def words(ws: Workspace) -> Texts:
    """The workspace's language for a terminal: a command that a message names also names the workspace."""
    return texts(ws.lang).at(ws.path)


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--workspace DIR`` on a command; the command receives the opened workspace."""

    @click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; the current folder by default.")
    @functools.wraps(command)
    def wrapped(*, folder: str | None, **options: Any) -> Any:
        from coverage_kit.opening import open_workspace

        invocation = click.get_current_context().find_object(Invocation) or Invocation()
        folder = folder or invocation.folder
        # Before the workspace is opened, since an error on the way speaks its language too.
        invocation.home = Path(folder or os.environ.get("COVERAGE_KIT_WORKSPACE") or ".")
        invocation.lang = _language(invocation.home)
        with open_workspace(folder) as ws:
            _say_upgraded(ws)
            return command(ws, **options)

    return wrapped


def _say_upgraded(ws: Workspace) -> None:
    """Name the next step after an older store was brought up to this version; later runs say nothing."""
    kept = ws.ledger.kept_before_upgrade
    if kept is not None:
        notice = N_(
            "The store {name} was brought up to this version; as it was before, it is kept as {copy}. Next: coverage-kit upgrade brings its notebooks and templates up to this version too."
        )
        click.echo(words(ws)(notice, name=ws.ledger.name, copy=kept.name), err=True)


def _language(home: Path) -> str | None:
    """The language that a workspace's config names, also if the rest of it cannot be used."""
    from coverage_kit.config import CONFIG_NAME

    try:
        found = re.search(r'(?m)^lang:\s*"?(\w+)', (home / CONFIG_NAME).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return None
    return found[1] if found and found[1] in LANGUAGES else None


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; or set COVERAGE_KIT_WORKSPACE.")
@click.option(
    "--confirm-clock", is_flag=True, help="This computer's clock is right, although the last edit is long ago."
)
@click.version_option(__version__, prog_name="coverage-kit")
@click.pass_context
def cli(context: click.Context, folder: str | None, confirm_clock: bool) -> None:
    """Know the people who must be known in every account.

    \b
    Example:
      coverage-kit init my-team --lang ko
    """
    context.ensure_object(Invocation).folder = folder
    if confirm_clock:
        os.environ["COVERAGE_KIT_CONFIRM_CLOCK"] = "1"


class Bar:
    """A bar on a terminal with rate and time left; nothing where stderr is a file."""

    def __init__(self, t: Texts) -> None:
        self._t = t
        self._bar: Any = None
        self._step = ""

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show how much of a step is done; a new step gets a bar of its own."""
        from tqdm import tqdm

        if step != self._step:
            self.__exit__()
            self._step = step
            self._bar = tqdm(total=total, desc=self._t(step), unit="", disable=None, leave=False)
        self._bar.update(done - self._bar.n)
