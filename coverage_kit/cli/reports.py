"""The weekly reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, json_option, print_json, workspace_option
from coverage_kit.i18n import N_, Texts, texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


@cli.command()
@workspace_option
@click.option(
    "--week",
    metavar="W",
    help="Like 2026-W47; by default the last week that has ended, or a new team's first week so far.",
)
@click.option("--rep", "reps", multiple=True, help="Only this rep; may be repeated.")
@click.option("--jobs", "n_workers", type=click.IntRange(1, 64), metavar="N", help="Reports made at the same time.")
@click.option("--force", is_flag=True, help="Make again what is finished.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write; the workspace's reports folder."
)
@json_option
def report(
    ws: Workspace,
    week: str | None,
    reps: tuple[str, ...],
    n_workers: int | None,
    force: bool,
    dry_run: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make the weekly report of every rep, and the team's.

    \b
    Example:
      coverage-kit report --week 2026-W47
    """
    from coverage_kit.reporting.run import report_week

    result = report_week(
        ws, week=week, reps=reps, out=out, n_workers=n_workers, force=force, dry_run=dry_run, progress=not as_json
    )
    if as_json:
        print_json(result.as_json())
    else:
        _print_report(texts(ws.lang), result, dry_run)
    if result.failed:
        click.get_current_context().exit(1)


def _print_report(t: Texts, result: Any, dry_run: bool) -> None:
    made = N_("Would be made:") if dry_run else N_("Made:")
    for title, paths in ((made, result.made), (N_("Finished before, kept:"), result.skipped)):
        if paths:
            click.echo(t(title))
            for path in paths:
                click.echo(f"  {path}")
    for failure in result.failed:
        click.echo(t(N_("Failed: {rep}: {reason}"), **failure), err=True)
    if result.failed:
        click.echo(t(N_("The others are whole. Mend the cause and run the same command again.")), err=True)
    if result.index and not dry_run:
        click.echo(t(N_("Open first: {path}"), path=result.index))
