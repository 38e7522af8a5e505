"""The agreement on coaching: show it, set its terms, agree to them, and say that coaching was cancelled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.domain.coaching import TERM_RANGES
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_Command = TypeVar("_Command", bound=Callable[..., Any])
_manager_option = click.option("--manager", required=True, help="Whose team.")
_quarter_option = click.option("--quarter", metavar="Q", help="Like 2026-Q4; the present one by default.")
_seen_option = click.option(
    "--seen", "base", type=click.IntRange(0), metavar="N", help="The version that you saw (show --json)."
)


def _number_option(name: str, what: str) -> Callable[[_Command], _Command]:
    least, most = TERM_RANGES[name]
    return click.option(f"--{name.replace('_', '-')}", type=int, help=f"{what}, {least} to {most}.")


@cli.group()
def agreement() -> None:
    """The agreement on coaching of executive, manager and coach: show, set, agree, cancel.

    \b
    Example:
      coverage-kit agreement show
    """


@agreement.command()
@workspace_option
@click.option("--manager", help="Only of this team.")
@_quarter_option
@click.option(
    "--print", "target", type=click.Path(path_type=Path), metavar="FILE", help="Also write the page: .html or .pdf."
)
@json_option
def show(ws: Workspace, manager: str | None, quarter: str | None, target: Path | None, as_json: bool) -> None:
    """Show what is agreed, who has agreed, and how it was kept so far.

    \b
    Example:
      coverage-kit agreement show --manager manager.han --print agreement.pdf
    """
    from coverage_kit.reporting.single import agreement_page, print_to, require_page_file

    if target:
        require_page_file(target)
    book = ws.coaching.agreement
    teams = [manager] if manager else book.teams_of()
    if target and len(teams) != 1:
        raise click.UsageError("--print takes one team: name it with --manager")
    if as_json:
        print_json([_as_json(ws, who, quarter) for who in teams])
    else:
        t = words(ws)
        for who in teams:
            click.echo("\n".join(_lines(ws, t, who, quarter)))
        if not teams:
            click.echo(t(N_("No manager has reps yet. Next: import your people with their managers.")))
    if target:
        print_to(agreement_page(ws, teams[0], quarter), target)


@agreement.command(name="set")
@workspace_option
@_manager_option
@_quarter_option
@_number_option("minutes", "Coaching a week")
@_number_option("focus_size", "Accounts on each focus list")
@_number_option("answer_days", "Days to answer a request")
@click.option("--gives-way", help="What gives way when the month's target presses, in one line.")
@_seen_option
@edit_id_option
def set_(ws: Workspace, manager: str, quarter: str | None, base: int | None, edit_id: str | None, **given: Any) -> None:
    """Write terms in your own name, as the team's manager, the executive above or the coach; that agrees to them.

    \b
    Example:
      coverage-kit agreement set --manager manager.han --answer-days 5 --gives-way "The Friday list"
    """
    book = ws.coaching.agreement
    changed = {name: value for name, value in given.items() if value is not None}
    book.propose(
        manager, replace(book.offered(manager, quarter), **changed), quarter=quarter, base=base, edit_id=edit_id
    )
    click.echo("\n".join(_lines(ws, words(ws), manager, quarter)))


@agreement.command()
@workspace_option
@_manager_option
@_quarter_option
@_seen_option
@edit_id_option
def sign(ws: Workspace, manager: str, quarter: str | None, base: int | None, edit_id: str | None) -> None:
    """Agree to the terms as they are.

    \b
    Example:
      coverage-kit agreement sign --manager manager.han
    """
    ws.coaching.agreement.sign(manager, quarter=quarter, base=base, edit_id=edit_id)
    click.echo("\n".join(_lines(ws, words(ws), manager, quarter)))


@agreement.command()
@workspace_option
@_manager_option
@click.argument(
    "reason", type=click.Choice(["pushed_aside", "dont_know_how", "not_there", "need_help", "priority_changed"])
)
@click.option("--week", metavar="W", help="Like 2026-W47; the present one by default.")
@edit_id_option
def cancel(ws: Workspace, manager: str, reason: str, week: str | None, edit_id: str | None) -> None:
    """Record that a team's coaching was cancelled in a week, and why.

    \b
    Example:
      coverage-kit agreement cancel pushed_aside --manager manager.han
    """
    ws.coaching.agreement.cancel(manager, reason, week=week, edit_id=edit_id)
    click.echo("\n".join(_lines(ws, words(ws), manager, None)))


def _lines(ws: Workspace, t: Texts, manager: str, quarter: str | None) -> list[str]:
    from coverage_kit.domain.coaching import REASON_LABELS
    from coverage_kit.domain.vocabulary import FUNCTION_LABELS
    from coverage_kit.rules.lookup import get_staff

    signed, kept = ws.coaching.agreement.of(manager, quarter), ws.coaching.agreement.kept(manager, quarter)
    names = [get_staff(ws.ledger, who).name or who for who in (signed.manager, *signed.signed)]
    lines = [f"{names[0]} · {signed.quarter}"]
    if signed.terms is None:
        lines.append(t(N_("Nothing is agreed yet. Next: coverage-kit agreement set --manager {id}"), id=signed.manager))
    else:
        terms = signed.terms
        lines.append(
            t(
                N_(
                    "{minutes} minutes a week · focus lists of {focus} · {days} days to answer · gives way: {gives_way}"
                ),
                minutes=terms.minutes,
                focus=terms.focus_size,
                days=terms.answer_days,
                gives_way=terms.gives_way or "–",
            )
        )
        lines.append(t(N_("agreed: {names}"), names=names[1:]))
        if signed.missing:
            lines.append(
                t(N_("still to agree: {functions}"), functions=[t(FUNCTION_LABELS[f]) for f in signed.missing])
            )
    held = t(N_n("held {held} of {n} week", "held {held} of {n} weeks"), held=kept.held, n=kept.weeks)
    why = [f"{t(REASON_LABELS[reason])} {n}" for reason, n in kept.cancelled.items()]
    return [*lines, held + (f" · {t(N_('cancelled: {why}'), why=why)}" if why else "")]


def _as_json(ws: Workspace, manager: str, quarter: str | None) -> dict[str, object]:
    signed, kept = ws.coaching.agreement.of(manager, quarter), ws.coaching.agreement.kept(manager, quarter)
    return {
        **asdict(signed),
        "stands": signed.stands,
        "held": kept.held,
        "weeks": kept.weeks,
        "cancelled": {reason.value: n for reason, n in kept.cancelled.items()},
    }
