"""What all commands share: the group, the workspace they work on, JSON output."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import Any

import click

from coverage_kit import __version__

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


def workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--workspace DIR`` on a command; the command receives the opened workspace."""

    @click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; the current folder by default.")
    @functools.wraps(command)
    def wrapped(*, folder: str | None, **options: Any) -> Any:
        from coverage_kit.opening import open_workspace

        with open_workspace(folder or click.get_current_context().obj) as ws:
            return command(ws, **options)

    return wrapped


def print_json(document: object) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; or set COVERAGE_KIT_WORKSPACE.")
@click.version_option(__version__, prog_name="coverage-kit")
@click.pass_context
def cli(context: click.Context, folder: str | None) -> None:
    """Know the people who must be known in every account.

    \b
    Example:
      coverage-kit init my-team --lang ko
    """
    context.obj = folder
