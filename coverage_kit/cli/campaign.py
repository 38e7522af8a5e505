"""Consent to messages, and the list of people who may be written to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.domain.consent import SCOPE_LABELS, SENDING_RULES, Scope
from coverage_kit.i18n import N_

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: People that are listed on a terminal.
_LISTED = 40
_scope_option = click.option(
    "--scope", type=click.Choice([each.value for each in Scope]), default="email", help="The kind of message."
)


@cli.group()
def campaign() -> None:
    """Write to verified people who consented, where nobody can visit.

    \b
    Example:
      coverage-kit campaign list --off-focus
    """


@campaign.command(name="list")
@workspace_option
@click.option("--account", "accounts", metavar="A", multiple=True, help="Only this account; may be repeated.")
@click.option("--role", "roles", metavar="R", multiple=True, help="Only this required role; may be repeated.")
@click.option("--off-focus", is_flag=True, help="Only accounts on no focus list: those that nobody can visit.")
@_scope_option
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the list (.csv or .xlsx).")
@click.option("--ask", type=click.Path(dir_okay=False, path_type=Path), help="Write who lacks consent, and how to ask.")
@json_option
def list_campaign(
    ws: Workspace,
    accounts: tuple[str, ...],
    roles: tuple[str, ...],
    off_focus: bool,
    scope: str,
    out: Path | None,
    ask: Path | None,
    as_json: bool,
) -> None:
    """Show who may be written to, who lacks consent, and the rules for sending. Nobody without consent is in the file.

    \b
    Example:
      coverage-kit campaign list --off-focus --out list.csv
    """
    from coverage_kit.exchange import write_table
    from coverage_kit.transfer.campaign_files import ask_table, campaign_document, campaign_line, campaign_table

    found = ws.coaching.campaigns.find(accounts=accounts or None, roles=roles or None, scope=scope, off_focus=off_focus)
    t = words(ws)
    if out is not None:
        write_table(out, *campaign_table(found, t))
    if ask is not None:
        write_table(ask, *ask_table(found, t))
    if as_json:
        print_json(campaign_document(found))
        return
    click.echo(campaign_line(found, t))
    for one in found.ready[:_LISTED]:
        click.echo(f"  {' · '.join(part for part in (one.account_name, one.name, one.title, one.address) if part)}")
    for rule in SENDING_RULES:
        click.echo(f"- {t(rule)}")


@campaign.command()
@workspace_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@edit_id_option
@json_option
def results(ws: Workspace, file: Path, edit_id: str | None, as_json: bool) -> None:
    """Read replies, bounces and opt-outs back from FILE (columns email, result, date).

    Who replied or bounced comes into the next five people to ask after; nobody is confirmed by it.

    \b
    Example:
      coverage-kit campaign results mailing.csv
    """
    from coverage_kit.transfer.campaign_files import results_line

    found = ws.coaching.campaigns.read_results(file, edit_id=edit_id)
    if as_json:
        print_json(
            {
                "replied": found.replied,
                "bounced": found.bounced,
                "opted_out": found.opted_out,
                "known_already": found.known_already,
                "unknown": found.unknown,
                "unread": found.unread,
            }
        )
        return
    click.echo(results_line(found, words(ws)))


@campaign.command()
@workspace_option
@click.argument("person")
@click.option("--account", metavar="A", required=True, help="Where the person is, by key or name.")
@_scope_option
@click.option("--source", metavar="TEXT", help="Where the consent was given.")
@click.option("--on", metavar="DAY", help="The day; today by default.")
@click.option("--until", metavar="DAY", help="The last day on which it holds.")
@click.option("--withdrawn", is_flag=True, help="The person took it back.")
@click.option("--reminded", is_flag=True, help="The person was reminded of it.")
@click.option("--opted-out", is_flag=True, help="The person wants no messages at all.")
@click.option("--lift", is_flag=True, help="With --opted-out: the person asked for messages again.")
@edit_id_option
def consent(
    ws: Workspace,
    person: str,
    account: str,
    scope: str,
    source: str | None,
    on: str | None,
    until: str | None,
    withdrawn: bool,
    reminded: bool,
    opted_out: bool,
    lift: bool,
    edit_id: str | None,
) -> None:
    """Record the consent of PERSON to messages, that they took it back, or that they opted out of everything.

    \b
    Example:
      coverage-kit campaign consent "Jane Doe" --account A0001 --source "form at the fair"
    """
    acts = ws.coaching.campaigns
    if opted_out:
        edit = acts.opt_out(person, account, on=on, is_lifted=lift, edit_id=edit_id)
    elif withdrawn:
        edit = acts.withdraw(person, account, scope, on=on, edit_id=edit_id)
    elif reminded:
        edit = acts.remind(person, account, scope, on=on, edit_id=edit_id)
    else:
        edit = acts.consent(person, account, scope, source or "", on=on, until=until, edit_id=edit_id)
    t = words(ws)
    label = t(SCOPE_LABELS[Scope(scope)])
    click.echo(t(N_("Saved ({scope}): {edit}"), scope=label, edit=edit.edit_id))
