"""Look after a workspace: backup, restore, doctor, upgrade."""

from __future__ import annotations

import os
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import Bar, cli, json_option, print_json, words, workspace_option
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

PASSPHRASE = "COVERAGE_KIT_BACKUP_PASSPHRASE"
passphrase_option = click.option(
    "--encrypted", is_flag=True, help=f"With a passphrase: asked for, or taken from {PASSPHRASE}."
)


@cli.command()
@workspace_option
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), metavar="N", help="FILE is a folder: keep the newest N backups in it.")
@passphrase_option
@json_option
def backup(ws: Workspace, target: Path, keep: int | None, encrypted: bool, as_json: bool) -> None:
    """Back the workspace up into one file, while people work; the file is read back before it counts.

    \b
    Example:
      coverage-kit backup /media/usb/team.zip
    """
    from coverage_kit.operations.backup import make_backup

    made = make_backup(ws, target, passphrase=_passphrase(confirm=True) if encrypted else "", keep=keep or 0)
    if as_json:
        print_json({"file": str(made.path), "made_at": made.made_at, "rows": made.store.rows})
        return
    t = words(ws)
    n = sum(made.store.rows.values())
    click.echo(t(N_("Backup made and checked: {path} ({n} rows)."), path=made.path, n=f"{n:,}"))
    click.echo(t(N_("To use it: coverage-kit restore {path} NEW_FOLDER"), path=made.path))


@cli.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--store", default="", metavar="URL", help="An empty PostgreSQL database, for a backup of PostgreSQL.")
@passphrase_option
@json_option
def restore(source: Path, folder: Path, store: str, encrypted: bool, as_json: bool) -> None:
    """Make a workspace from a backup, in a new folder.

    \b
    Example:
      coverage-kit restore team.zip my-team-again
    """
    from coverage_kit.opening import open_workspace
    from coverage_kit.operations.backup import restore_backup

    made = restore_backup(source, folder, passphrase=_passphrase() if encrypted else "", store=store)
    if as_json:
        print_json({"workspace": str(folder), "made_at": made.made_at, "rows": made.store.rows})
        return
    with open_workspace(folder) as ws:
        t = words(ws)
    click.echo(t(N_("Workspace restored: {path}, as of {moment}."), path=folder, moment=made.made_at))
    click.echo(t(N_("Next: coverage-kit --workspace {path} doctor"), path=folder))


@cli.command()
@workspace_option
@click.option(
    "--rebuild",
    "new_folder",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="After a clock ran ahead: write the workspace again into a new folder, with the right instants.",
)
@click.option("--store", default="", metavar="URL", help="With --rebuild: an empty PostgreSQL database.")
@json_option
def doctor(ws: Workspace, new_folder: Path | None, store: str, as_json: bool) -> None:
    """Check the workspace; for each finding, what it means and the command that mends it.

    \b
    Example:
      coverage-kit doctor
    """
    from coverage_kit.operations.doctor import examine

    if new_folder is not None:
        _rebuild(ws, new_folder, store, as_json)
        return
    if store:
        raise BadInput("doctor.store", N_("--store belongs to --rebuild; leave it out, or name a new folder too."))
    findings = examine(ws)
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            mark = "✗" if not finding.ok else "!" if finding.do else "✓"
            click.echo(f"{mark} {finding.what}")
            if finding.do:
                click.echo(f"    → {finding.do}")
    if not all(finding.ok for finding in findings):
        sys.exit(1)


@cli.command()
@workspace_option
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@json_option
def upgrade(ws: Workspace, dry_run: bool, as_json: bool) -> None:
    """Bring notebooks and templates of an older workspace up to this version; a backup is made first.

    \b
    Example:
      coverage-kit upgrade --dry-run
    """
    from coverage_kit.operations.upgrade import upgrade_workspace

    done = upgrade_workspace(ws, dry_run=dry_run)
    if as_json:
        print_json(asdict(done))
        return
    t = words(ws)
    if done.backup:
        click.echo(t(N_("Backup made first: {path}"), path=ws.path / "backups" / done.backup))
    for names, message in (
        (done.added, N_("New: {names}")),
        (done.replaced, N_("Replaced (you had not changed them): {names}")),
        (done.kept, N_("Kept, since you changed them; compare with the new ones: {names}")),
    ):
        if names:
            click.echo(t(message, names=names))
    if not done.is_needed:
        click.echo(t(N_("The workspace fits this version.")))
    elif dry_run:
        click.echo(t(N_("Nothing was changed. To do it: coverage-kit upgrade")))


@cli.command()
@workspace_option
@click.option(
    "--to", "store", required=True, metavar="URL", help="An empty PostgreSQL database, or a name for a new SQLite file."
)
@json_option
def move(ws: Workspace, store: str, as_json: bool) -> None:
    """Move the workspace to another database with its whole history, and use that one from now on.

    Every row is compared. Nobody can write while it runs, and afterwards nothing is written into the old database.

    \b
    Example:
      coverage-kit move --to postgresql+psycopg://USER@HOST/DATABASE
      coverage-kit move --to team.db
    """
    from coverage_kit.operations.move import move_workspace

    t = words(ws)
    with Bar(t) as bar:
        done = move_workspace(ws, store, progress=partial(bar, N_("Moving")))
    if as_json:
        print_json(asdict(done))
        return
    rows = f"{sum(done.rows.values()):,}"
    click.echo(t(N_("Moved and compared: {edits} edits, {rows} rows."), edits=f"{done.edits:,}", rows=rows))
    click.echo(t(N_("Next: start coverage-kit app again; pages that are open still look at the old database.")))


def _rebuild(ws: Workspace, folder: Path, store: str, as_json: bool) -> None:
    from coverage_kit.operations.rebuild import rebuild_workspace

    done = rebuild_workspace(ws, folder, store=store)
    if as_json:
        print_json({"workspace": str(folder), **asdict(done)})
        return
    t = words(ws)
    rebuilt = N_(
        "Workspace rebuilt: {path}, {edits} edits, {moved} of them with another instant, {days} days in them set right."
    )
    click.echo(t(rebuilt, path=folder, edits=f"{done.edits:,}", moved=f"{done.moved:,}", days=f"{done.days:,}"))
    click.echo(t(N_("From now on work only in the new one. The old one was not changed: {path}"), path=ws.path))
    click.echo(t(N_("Next: coverage-kit --workspace {path} doctor"), path=folder))


def _passphrase(*, confirm: bool = False) -> str:
    given = os.environ.get(PASSPHRASE, "")
    return given or str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm))
