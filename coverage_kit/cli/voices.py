"""What customers said, and the value they were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, seen_option, words, workspace_option
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.coaching import Voice
    from coverage_kit.workspace import Workspace

_STATES = {
    "open": N_("waits"),
    "done": N_("done; the person does not know yet"),
    "answered": N_("the person knows"),
    "noted": N_("noted"),
}


@cli.group()
def voices() -> None:
    """What customers said: list, close, open again.

    \b
    Example:
      coverage-kit voices list --owner jihye.kim
    """


@voices.command(name="list")
@workspace_option
@click.option("--owner", help="Waiting for this colleague.")
@click.option("--rep", help="In the territory of this rep.")
@click.option("--account", help="At this account.")
@click.option("--waiting", is_flag=True, help="Only those that wait.")
@json_option
def list_voices(
    ws: Workspace, owner: str | None, rep: str | None, account: str | None, waiting: bool, as_json: bool
) -> None:
    """Show what people said: those that wait first, the oldest before the others.

    \b
    Example:
      coverage-kit voices list --owner jihye.kim --waiting
    """
    found = ws.coaching.voices.find(owner=owner, rep=rep, account=account, everything=not waiting)
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    t = words(ws)
    for one in found:
        click.echo(f"{one.id}  {_line(t, one)}")
    if not found:
        click.echo(t(N_("No voice waits.")))


@voices.command()
@workspace_option
@click.argument("voice")
@click.option("--done", help="What was done about it, in one line; may be left out once it is written.")
@click.option("--told", "answered", is_flag=True, help="The person knows: the agenda stops asking.")
@seen_option
@edit_id_option
def close(ws: Workspace, voice: str, done: str | None, answered: bool, base: int | None, edit_id: str | None) -> None:
    """Say what was done about a voice, and whether the person knows.

    \b
    Example:
      coverage-kit voices close no_abcdefghijklm --done "Stock is kept for them" --told
    """
    ws.coaching.voices.close(voice, done, answered=answered, base=base, edit_id=edit_id)
    _echo(ws, voice)


@voices.command()
@workspace_option
@click.argument("voice")
@seen_option
@edit_id_option
def reopen(ws: Workspace, voice: str, base: int | None, edit_id: str | None) -> None:
    """Let a voice wait again, as if nothing had been done about it.

    \b
    Example:
      coverage-kit voices reopen no_abcdefghijklm
    """
    ws.coaching.voices.reopen(voice, base=base, edit_id=edit_id)
    _echo(ws, voice)


@cli.group()
def value() -> None:
    """Value given to people, against a need.

    \b
    Example:
      coverage-kit value list --rep jihye.kim
    """


@value.command(name="list")
@workspace_option
@click.option("--rep", help="In the territory of this rep.")
@click.option("--account", help="At this account.")
@json_option
def list_value(ws: Workspace, rep: str | None, account: str | None, as_json: bool) -> None:
    """Show what people were given, the latest first, and whether they said something about it.

    \b
    Example:
      coverage-kit value list --account A0001
    """
    book = ws.coaching.value
    found = book.find(rep=rep, account=account)
    if as_json:
        print_json(
            [
                {
                    "id": one.id,
                    "person": one.person,
                    "account": one.account,
                    "kind": one.kind,
                    "given_on": one.given_on.isoformat(),
                    "by": one.given_by,
                    "need": one.need,
                    "what": one.what,
                    "received": one.received,
                    "received_on": one.received_on.isoformat() if one.received_on else None,
                    "version": one.version,
                }
                for one in found
            ]
        )
        return
    t, kinds = words(ws), book.kinds()
    for one in found:
        name = kinds[one.kind][ws.lang] if one.kind in kinds else one.kind
        received = f"“{one.received}”" if one.received else t(N_("no word from them yet"))
        who = one.holder or t(N_("(erased)"))
        click.echo(f"{one.id}  {t.day(one.given_on)}  {who} · {one.account_name}: {name}, {one.what} ({received})")
    if not found:
        click.echo(t(N_("No value given is recorded.")))


def _as_json(one: Voice) -> dict[str, Any]:
    return {
        "id": one.id,
        "person": one.person,
        "account": one.account,
        "kind": one.kind.value,
        "age_days": one.days,
        "owner": one.owner,
        "state": one.state,
        "text": one.body,
        "done": one.done,
        "version": one.version,
    }


def _line(t: Texts, one: Voice) -> str:
    from coverage_kit.domain.coaching import VOICE_LABELS

    age = t(N_n("{n} day", "{n} days"), n=one.days)
    who = one.holder or t(N_("(erased)"))
    return f"{who} · {one.account_name}: “{one.body}” ({t(VOICE_LABELS[one.kind])}, {age}, {t(_STATES[one.state])})"


def _echo(ws: Workspace, voice: str) -> None:
    click.echo(f"{voice}  {_line(words(ws), ws.coaching.voices.get(voice))}")
