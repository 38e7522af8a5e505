"""How things stand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, json_option, print_json, words, workspace_option
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, Texts

if TYPE_CHECKING:
    from coverage_kit.overview import Scope, Status
    from coverage_kit.workspace import Workspace


@cli.command()
@workspace_option
@click.option("--rep", help="One rep only.")
@click.option("--as-of", metavar="T", help="A day or a time; now by default.")
@click.option("--week", metavar="W", help="The end of a week, like 2026-W47.")
@json_option
def status(ws: Workspace, rep: str | None, as_of: str | None, week: str | None, as_json: bool) -> None:
    """Show how many of the required slots are known.

    \b
    Example:
      coverage-kit status --week 2026-W47
    """
    if as_of and week:
        raise BadInput("status.both", N_("Give --as-of or --week, not both."))
    result = ws.status(rep=rep, as_of=week or as_of)
    if as_json:
        print_json(result)
    else:
        moment = datetime.fromisoformat(result["as_of"]).astimezone(ws.zone)
        _print_status(words(ws), result, f"{moment:%Y-%m-%d %H:%M}")


def _print_status(t: Texts, result: Status, moment: str) -> None:
    click.echo(t(N_("{week}, as of {as_of}"), week=result["week"], as_of=moment))
    rows: list[tuple[str, Scope]] = [*((scope["rep"], scope) for scope in result["reps"])]
    rows += [(t(N_("(no owner)")), result["unowned"]), (t(N_("Team")), result["team"])]
    for name, scope in rows:
        line = t(
            N_("{accounts} accounts · known {known} · named {named} · people {persons}"),
            accounts=t.number(scope["accounts"]),
            known=t.rate(scope["known"], scope["required"]),
            named=t.rate(scope["named"], scope["required"]),
            persons=t.number(scope["persons"]),
        )
        click.echo(f"  {name:<16} {line}")
    if not result["team"]["required"]:
        click.echo(t(N_("No required slots yet. Next: coverage-kit import accounts FILE.csv")))
