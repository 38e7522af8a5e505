"""The agenda of the hour, and commitments."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, seen_option, words, workspace_option
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.coaching import Commitment
    from coverage_kit.errors import BadInput, Conflict
    from coverage_kit.workspace import Workspace


def _act_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--seen`` and ``--edit-id`` on a command that changes a commitment, which is then shown."""

    @seen_option
    @edit_id_option
    @functools.wraps(command)
    def wrapped(ws: Workspace, commitment: str, **options: Any) -> None:
        from coverage_kit.errors import Conflict

        try:
            command(ws, commitment, **options)
        except Conflict as exc:
            raise _was_first(ws, exc) from exc
        one = ws.coaching.commitments.get(commitment)
        click.echo(f"{one.id}  {one.sentence}{_state(words(ws), one)}")

    return wrapped


def _was_first(ws: Workspace, conflict: Conflict) -> BadInput:
    """The error for a commitment that somebody else changed first: it names who did."""
    from coverage_kit.coaching.commitments.conflicts import commitment_conflict

    return commitment_conflict(ws.ledger, conflict)


_by = click.option("--by", "due_on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Until when.")


@cli.command()
@workspace_option
@click.option("--rep", required=True, help="Whose hour it is.")
@click.option("--minutes", type=click.IntRange(1, 480), help="How long there is; as agreed for the team, else 60.")
@json_option
def agenda(ws: Workspace, rep: str, minutes: int | None, as_json: bool) -> None:
    """Show what an hour with a rep is best spent on, and why.

    \b
    Example:
      coverage-kit agenda --rep jihye.kim --minutes 60
    """
    entries = ws.coaching.agenda(rep, minutes)
    if as_json:
        print_json([entry.as_json() for entry in entries])
        return
    t = words(ws)
    for entry in entries:
        mark = "●" if entry.focus else " "
        place = " · ".join(name for name in (entry.account_name, entry.role_title) if name)
        said = f"{place}: {entry.why}" if place else entry.why
        click.echo(f"{t(N_('{n} min'), n=entry.minutes):>7} {mark} {said}")
    if not entries:
        click.echo(t(N_("Nothing is open. Next: put accounts on the focus list, or import accounts.")))


@cli.group()
def commitments() -> None:
    """Commitments: list, settle, and reply to what others asked of you.

    \b
    Example:
      coverage-kit commitments list --owner manager.han
    """


@commitments.command(name="list")
@workspace_option
@click.option("--owner", help="Whose; yours by default, where your login is one of the staff's.")
@click.option("--rep", help="In the territory of this rep instead.")
@click.option("--all", "everything", is_flag=True, help="Settled ones too.")
@json_option
def list_(ws: Workspace, owner: str | None, rep: str | None, everything: bool, as_json: bool) -> None:
    """Show commitments by due day: your own, somebody's, or those of a territory.

    \b
    Example:
      coverage-kit commitments list --owner manager.han
    """
    book = ws.coaching.commitments
    found = book.find(
        owner=owner or (None if rep else book.current_staff_id()), rep=rep, state=None if everything else "open"
    )
    if as_json:
        print_json([_as_json(one) for one in found])
        return
    t = words(ws)
    for one in found:
        click.echo(f"{one.id}  {one.sentence}{_state(t, one)}")
    if not found:
        click.echo(t(N_("No commitment is open.")))


@commitments.command()
@workspace_option
@click.argument("commitment")
@_by
@_act_options
def accept(ws: Workspace, commitment: str, due_on: Any, **act: Any) -> None:
    """Accept a request, with a day of your own.

    \b
    Example:
      coverage-kit commitments accept co_abcdefghijklm --by 2026-12-04
    """
    ws.coaching.commitments.accept(commitment, due_on.date() if due_on else None, **act)


@commitments.command(name="hand-on")
@workspace_option
@click.argument("commitment")
@click.option("--to", required=True, help="Who can do more about it.")
@_act_options
def hand_on(ws: Workspace, commitment: str, to: str, **act: Any) -> None:
    """Hand a request on to a colleague who can do more about it.

    \b
    Example:
      coverage-kit commitments hand-on co_abcdefghijklm --to exec.yoon
    """
    ws.coaching.commitments.hand_on(commitment, to, **act)


@commitments.command()
@workspace_option
@click.argument("commitment")
@click.option("--reason", required=True, help="Why not, in one line.")
@_act_options
def decline(ws: Workspace, commitment: str, reason: str, **act: Any) -> None:
    """Decline a request, with a reason.

    \b
    Example:
      coverage-kit commitments decline co_abcdefghijklm --reason "The account is being sold"
    """
    ws.coaching.commitments.decline(commitment, reason, **act)


@commitments.command()
@workspace_option
@click.argument("commitment")
@click.argument("outcome", type=click.Choice(["kept", "not_kept", "withdrawn"]))
@click.option(
    "--reason", type=click.Choice(["pushed_aside", "dont_know_how", "not_there", "need_help", "priority_changed"])
)
@click.option("--note", help="One line on how it went.")
@_act_options
def settle(ws: Workspace, commitment: str, outcome: str, reason: str | None, note: str | None, **act: Any) -> None:
    """Record how a commitment ended; not kept needs a reason.

    \b
    Example:
      coverage-kit commitments settle co_abcdefghijklm not_kept --reason pushed_aside
    """
    ws.coaching.commitments.settle(commitment, outcome, reason=reason, note=note, **act)


@commitments.command()
@workspace_option
def climb(ws: Workspace) -> None:
    """Pass requests that had no reply in time to the owner's manager; made for a nightly run.

    \b
    Example:
      coverage-kit commitments climb
    """
    t = words(ws)
    climbed = ws.coaching.commitments.climb()
    for one in climbed:
        click.echo(f"{one.id}  {one.sentence}{_state(t, one)}")
    if not climbed:
        click.echo(t(N_("No request is passed on today.")))


def _state(t: Texts, one: Commitment) -> str:
    """How it ended, whether it is late or carried over, and until when it waits for a reply."""
    from coverage_kit.domain.coaching import OUTCOME_LABELS, REASON_LABELS

    said = []
    if one.outcome:
        said.append(t(OUTCOME_LABELS[one.outcome]) + (f": {t(REASON_LABELS[one.reason])}" if one.reason else ""))
    if one.state == "overdue":
        said.append(t(N_n("{n} day past", "{n} days past"), n=one.days_late))
    if one.carried:
        said.append(t(N_("carried over {n}×"), n=one.carried))
    if one.needs_answer and one.climbs_on:
        said.append(
            t(N_("waits for a reply; goes to {name} on {day}"), name=one.climbs_to_name, day=t.day(one.climbs_on))
        )
    elif one.needs_answer:
        said.append(t(N_("waits for a reply")))
    note = one.outcome_note if one.outcome else one.value
    return (f"  [{'; '.join(said)}]" if said else "") + (f"  “{note}”" if note else "")


def _as_json(one: Commitment) -> dict[str, Any]:
    names = (
        "id version kind owner rep account role due_on state carried days_late moved outcome reason answer needs_answer"
    )
    shown = {name: getattr(one, name) for name in (*names.split(), "climbs_on", "climbs_to", "sentence")}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in shown.items()}


@cli.group()
def proposals() -> None:
    """Positions proposed as not applicable: propose, list, agree, decline.

    \b
    Example:
      coverage-kit proposals list
    """


@proposals.command(name="list")
@workspace_option
@click.option("--rep", help="Only in the territory of this rep.")
@json_option
def list_proposals(ws: Workspace, rep: str | None, as_json: bool) -> None:
    """Show what waits for a coach's or manager's yes, oldest first.

    \b
    Example:
      coverage-kit proposals list --rep jihye.kim
    """
    found = ws.coaching.proposals(rep)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.account}  {one.role}  {one.account_name} · {one.role_title}: {one.why} ({one.by})")
    if not found:
        click.echo(words(ws)(N_("No proposal is open.")))


@proposals.command()
@workspace_option
@click.argument("account")
@click.argument("role")
@click.option("--why", required=True, help="Why the position does not exist there, in one line.")
@seen_option
@edit_id_option
def propose(ws: Workspace, account: str, role: str, why: str, base: int | None, edit_id: str | None) -> None:
    """Propose that a position does not exist at an account; the count does not change.

    \b
    Example:
      coverage-kit proposals propose A0001 rnd_head --why "No laboratory of their own"
    """
    ws.edit_slot(account, role, proposed="not_applicable", proposed_why=why, base=base, edit_id=edit_id)


@proposals.command()
@workspace_option
@click.argument("account")
@click.argument("role")
@click.option("--review-on", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="When to look again.")
@seen_option
@edit_id_option
def agree(ws: Workspace, account: str, role: str, review_on: Any, base: int | None, edit_id: str | None) -> None:
    """Agree to a proposal in your own name, as a coach or manager: the position leaves the count.

    \b
    Example:
      coverage-kit proposals agree A0001 rnd_head --review-on 2027-05-31
    """
    until = review_on.date() if review_on else None
    ws.edit_slot(account, role, status="not_applicable", review_on=until, base=base, edit_id=edit_id)


@proposals.command(name="decline")
@workspace_option
@click.argument("account")
@click.argument("role")
@seen_option
@edit_id_option
def decline_proposal(ws: Workspace, account: str, role: str, base: int | None, edit_id: str | None) -> None:
    """Decline a proposal, or withdraw your own.

    \b
    Example:
      coverage-kit proposals decline A0001 rnd_head
    """
    ws.edit_slot(account, role, proposed=None, base=base, edit_id=edit_id)
