"""The truth about the contact database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, json_option, print_json, words, workspace_option
from coverage_kit.i18n import N_, N_n

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: Accounts that are listed on a terminal.
_LISTED = 20


@cli.command()
@workspace_option
@click.option("--rep", help="Only the accounts of one rep.")
@click.option("--account", metavar="A", help="Only one account, by key or name.")
@click.option("--as-of", metavar="T", help="A day, a time or a week; now by default.")
@json_option
def audit(ws: Workspace, rep: str | None, account: str | None, as_of: str | None, as_json: bool) -> None:
    """Show how many contacts somebody confirmed, how many are gone, and how many nobody ever checked.

    \b
    Example:
      coverage-kit audit
    """
    from coverage_kit.overview import WAITING, audit_line

    found = ws.audit(rep=rep, account=account, as_of=as_of)
    if as_json:
        print_json(found)
        return
    t = words(ws)
    if found["waiting"]:
        click.echo(t(WAITING, n=t.number(found["waiting"])))
        click.echo(t(N_("Next: coverage-kit assign … --rep …")))
    if not found["accounts"]:
        if not found["waiting"]:
            click.echo(t(N_("No contacts yet. Next: coverage-kit import contacts FILE.csv")))
        return
    if account is None:
        click.echo(f"{found['rep'] or t(N_('Team'))}: {audit_line(t, found['team'])}")
    for row in found["accounts"][:_LISTED]:
        click.echo(f"  {row['name']}: {audit_line(t, row)}")
    left = len(found["accounts"]) - _LISTED
    if left > 0:
        click.echo(
            t(
                N_n("  and {n} more account; --json lists them all", "  and {n} more accounts; --json lists them all"),
                n=t.number(left),
            )
        )
