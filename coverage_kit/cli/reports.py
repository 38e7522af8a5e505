"""The weekly reports."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, json_option, print_json, words, workspace_option
from coverage_kit.i18n import N_, Texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def _jobs(_: click.Context, __: click.Parameter, value: str) -> int | None:
    """A number, or as many as the machine feeds."""
    return None if value == "auto" else int(click.IntRange(1, 256)(value))


def _formats(_: click.Context, __: click.Parameter, value: str) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in value.split(","))
    if not set(wanted) <= {"html", "pdf"}:
        raise click.BadParameter("html, pdf, or html,pdf")
    return wanted


@cli.command()
@workspace_option
@click.option(
    "--week",
    metavar="W",
    help="Like 2026-W47; by default the last week that has ended, or a new team's first week so far.",
)
@click.option("--rep", "reps", multiple=True, help="Only this rep; may be repeated.")
@click.option(
    "--jobs", "n_workers", callback=_jobs, default="auto", metavar="N", help="Reports made at the same time; or auto."
)
@click.option("--force", is_flag=True, help="Make again what is finished.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write; the workspace's reports folder."
)
@click.option(
    "--format", "formats", callback=_formats, default="html", metavar="html,pdf", help="Also write PDF files."
)
@click.option("--mail", is_flag=True, help="Mail reports, and to everybody what is theirs to do; each once.")
@click.option("--scheduler", metavar="URL", help="A dask cluster that makes the reports: tls://host:8786.")
@json_option
def report(
    ws: Workspace,
    week: str | None,
    reps: tuple[str, ...],
    n_workers: int | None,
    force: bool,
    dry_run: bool,
    out: Path | None,
    formats: tuple[str, ...],
    mail: bool,
    scheduler: str | None,
    as_json: bool,
) -> None:
    """Make the weekly report of every rep, and the team's.

    \b
    Example:
      coverage-kit report --week 2026-W47
    """
    import coverage_kit

    result = coverage_kit.report(
        ws,
        week=week,
        reps=reps,
        out=out,
        n_workers=n_workers,
        force=force,
        dry_run=dry_run,
        progress=not as_json,
        formats=formats,
        mail=mail,
        scheduler=scheduler,
    )
    ignored = _ignored_templates(ws)
    if as_json:
        print_json({**result.as_json(), **({"notices": ignored} if ignored else {})})
    else:
        _print_report(words(ws), result, dry_run)
        for notice in ignored:
            click.echo(notice, err=True)
    if result.failed:
        click.get_current_context().exit(1)


@cli.command(name="deal-review")
@workspace_option
@click.option("--manager", help="Only of this manager; by default of each who has chosen must-win accounts.")
@click.option("--quarter", metavar="Q", help="Like 2026-Q4; the present one by default.")
@click.option(
    "--print", "target", type=click.Path(path_type=Path), metavar="FILE", help="Also write the page: .html or .pdf."
)
@json_option
def deal_review(ws: Workspace, manager: str | None, quarter: str | None, target: Path | None, as_json: bool) -> None:
    """Make the page of must-win accounts for the deal review: whom we do not know, and who hangs on one person.

    \b
    Example:
      coverage-kit deal-review --manager manager.han --print review.pdf
    """
    from coverage_kit.reporting.single import deal_review_page, print_to, require_page_file

    managers = [manager] if manager else ws.coaching.must_win.managers(quarter)
    if target and len(managers) != 1:
        raise click.UsageError("--print takes one manager: name one with --manager")
    if target:
        require_page_file(target)
    pages = [deal_review_page(ws, each, quarter) for each in managers]
    if target:
        print_to(pages[0], target)
    made = [str(page) for page in pages]
    if as_json:
        print_json({"made": made})
        return
    t = words(ws)
    click.echo(t(N_("Made:")) if made else t(N_("No must-win account is chosen yet; choose up to five on my page.")))
    for path in made:
        click.echo(f"  {path}")


def _ignored_templates(ws: Workspace) -> list[str]:
    """One line for each report template that was changed in the workspace and is not used, since the config does not name it."""
    from coverage_kit.assets.copies import changed_files

    named = {template.path for template in ws.config.templates}
    notice = N_(
        "Your {path} differs from the template in use. To use it, look at it and add this to templates in {config}:"
        ' {{path: "{path}", sha256: "{sha256}"}}'
    )
    return [
        words(ws)(notice, path=path, config="coverage-kit.yml", sha256=sha256)
        for path, sha256 in changed_files(ws.path, "templates/reports/").items()
        if path not in named
    ]


def _print_report(t: Texts, result: Any, dry_run: bool) -> None:
    made = N_("Would be made:") if dry_run else N_("Made:")
    groups = (
        (made, result.made),
        (N_("Unchanged, kept:"), result.skipped),
        (N_("Printed:"), result.pdf),
        (N_("Mailed:"), result.mailed),
    )
    _print_groups(t, groups)
    for failure in result.failed:
        click.echo(t(N_("Failed: {rep}: {reason}"), **failure), err=True)
    if result.failed:
        summary = t(
            N_("{n} failed; the other reports are complete. Fix the cause and run the same command again: {command}"),
            n=len(result.failed),
            command=_command(result),
        )
        click.echo(summary, err=True)
    if result.index and not dry_run:
        click.echo(t(N_("Open first: {path}"), path=result.index))


def _print_groups(t: Texts, groups: Iterable[tuple[str, list[str]]]) -> None:
    """Print lists under their headings; empty ones are left out."""
    for title, lines in groups:
        if lines:
            click.echo(t(title))
            for line in lines:
                click.echo(f"  {line}")


def _command(result: Any) -> str:
    """The command that makes the missing reports: the same command with its week."""
    given = [argument for argument in sys.argv[1:] if argument != "--force"]
    week = [] if any(argument.startswith("--week") for argument in given) else ["--week", result.week]
    return shlex.join(["coverage-kit", *given, *week])


@cli.command()
@workspace_option
@click.argument("session", default="")
@click.option("--mail", is_flag=True, help="Mail each rep their page, and each colleague who was asked their item.")
@json_option
def minutes(ws: Workspace, session: str, mail: bool, as_json: bool) -> None:
    """Make the minutes of a closed session: of the last one, unless it is named.

    \b
    Example:
      coverage-kit minutes --mail
    """
    from dataclasses import asdict

    from coverage_kit.reporting.minutes import make_minutes

    result = make_minutes(ws, session, mail=mail)
    if as_json:
        print_json(asdict(result))
    else:
        t = words(ws)
        _print_groups(t, ((N_("Made:"), result.made), (N_("Mailed:"), result.mailed)))
        for failure in result.failed:
            click.echo(t(N_("Failed: {rep}: {reason}"), **failure), err=True)
    if result.failed:
        click.get_current_context().exit(1)


@cli.command()
@workspace_option
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@json_option
def answers(ws: Workspace, files: tuple[Path, ...], as_json: bool) -> None:
    """Write down what colleagues answered by mail: saved replies (.eml), or folders of them.

    \b
    Example:
      coverage-kit answers replies/
    """
    from coverage_kit.reporting.deliver.replies import ReplyState, read_answers, reply_files

    result = read_answers(ws, reply_files(files))
    refused = result.of(ReplyState.REFUSED)
    if as_json:
        print_json(result.as_json(ws.lang))
    else:
        for each in result.replies:
            click.echo(f"{each.file}: {each.text(ws.lang)}", err=each.state is ReplyState.REFUSED)
        if not result.replies:
            click.echo(words(ws)(N_("No saved reply (.eml) here.")))
    if refused:
        click.get_current_context().exit(1)
