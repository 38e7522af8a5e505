"""Who must be known, and who looks after which account."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, workspace_option
from coverage_kit.i18n import N_, N_n, texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


@cli.command()
@workspace_option
@click.argument("accounts", nargs=-1, required=True, metavar="ACCOUNT...")
@click.option("--rep", required=True, help="Who looks after them from now on; a new rep is made.")
@click.option("--focus/--no-focus", default=None, help="Put them on the rep's focus list, or take them off.")
def assign(ws: Workspace, accounts: tuple[str, ...], rep: str, focus: bool | None) -> None:
    """Give accounts to a rep; confirms accounts that an import found. "-" reads them from standard input, one a line.

    \b
    Example:
      coverage-kit assign AAPL MSFT --rep jihye.kim
    """
    names = [*accounts] if accounts != ("-",) else [line.strip() for line in sys.stdin if line.strip()]
    ws.assign(names, rep, focus=focus)
    click.echo(
        texts(ws.lang)(
            N_n("Assigned to {rep}: {n} account.", "Assigned to {rep}: {n} accounts."), rep=rep, n=len(names)
        )
    )


@cli.group()
def roles() -> None:
    """Role templates: who must be known, the organisation's standard.

    \b
    Example:
      coverage-kit roles list
    """


@roles.command(name="list")
@workspace_option
def roles_list(ws: Workspace) -> None:
    """Show the role templates in force.

    \b
    Example:
      coverage-kit roles list
    """
    from coverage_kit.store.entities import Template

    for row in ws.ledger.as_of(Template):
        body = json.loads(row.body)
        click.echo(f"{row.id}  v{row.version}  {body['title'][ws.lang]}  ({body['freshness_days']} d)")
        for role in body["roles"]:
            click.echo(f"  {role['key']:<22} {role['title'][ws.lang]}")


@roles.command(name="check")
@workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def roles_check(ws: Workspace, files: tuple[Path, ...]) -> None:
    """Check role templates without entering them; the workspace's own by default.

    \b
    Example:
      coverage-kit roles check templates/roles/general.yml
    """
    templates = ws.read_roles(files)
    click.echo(texts(ws.lang)(N_("Valid: {names}."), names=[t.key for t in templates]))


@roles.command(name="apply")
@workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def roles_apply(ws: Workspace, files: tuple[Path, ...]) -> None:
    """Make role templates the standard in force from now on; history keeps what was in force before.

    \b
    Example:
      coverage-kit roles apply
    """
    changed = ws.apply_roles(ws.read_roles(files))
    t = texts(ws.lang)
    click.echo(t(N_("In force from now on: {names}."), names=changed) if changed else t(N_("Nothing has changed.")))
