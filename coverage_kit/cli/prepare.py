"""The page on which a coach prepares an hour, and when the hour is. The private note stays on the coach's screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.assets.private import write_file
from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.coaching import Preparation
    from coverage_kit.workspace import Workspace


@cli.group()
def prepare() -> None:
    """Prepare a coaching hour: what changed, what was agreed, what to ask, and when it is.

    \b
    Example:
      coverage-kit prepare show jihye.kim
    """


@prepare.command()
@workspace_option
@click.argument("rep")
@click.option(
    "--ics", type=click.Path(path_type=Path), metavar="FILE", help="Also write the planned hour as a calendar file."
)
@json_option
def show(ws: Workspace, rep: str, ics: Path | None, as_json: bool) -> None:
    """Show what a coach looks at before the hour with a rep.

    \b
    Example:
      coverage-kit prepare show jihye.kim --ics hour.ics
    """
    ready = ws.coaching.preparation.of(rep)
    if ics:
        write_file(ics, ws.coaching.preparation.calendar(rep))
    if as_json:
        print_json(_as_json(ready))
    else:
        click.echo("\n".join(_lines(words(ws), ready)))


@prepare.command()
@workspace_option
@click.argument("rep")
@click.argument("begins", metavar="WHEN")
@click.option("--seen", "base", type=click.IntRange(0), metavar="N", help="The version that you saw (show --json).")
@edit_id_option
def plan(ws: Workspace, rep: str, begins: str, base: int | None, edit_id: str | None) -> None:
    """Plan the next hour with a rep, in local time.

    \b
    Example:
      coverage-kit prepare plan jihye.kim 2026-11-24T10:00
    """
    ws.coaching.preparation.plan(rep, begins, base=base, edit_id=edit_id)
    click.echo(_planned(words(ws), ws.coaching.preparation.of(rep)))


def _planned(t: Texts, ready: Preparation) -> str:
    when = ready.hour.planned_for
    if when is None:
        return t(N_("No hour is planned yet. Next: coverage-kit prepare plan {rep} WHEN"), rep=ready.rep)
    return t(N_("Next hour: {day}, {time}"), day=t.day(when.date()), time=when.strftime("%H:%M"))


def _lines(t: Texts, ready: Preparation) -> list[str]:
    from coverage_kit.domain.vocabulary import CAUSE_LABELS

    changes = [f"{t(CAUSE_LABELS[cause])} {n}" for cause, n in ready.changes.items()]
    since = t(N_("Since the last session ({day})"), day=t.day(ready.since)) if ready.since else t(N_("No session yet"))
    lines = [_planned(t, ready), f"{since}: {', '.join(changes) or '–'}"]
    lines += [f"  {each.sentence}" for each in ready.agreed]
    total = sum(each.minutes for each in ready.agenda)
    lines.append(t(N_n("Agenda: {n} minute", "Agenda: {n} minutes"), n=total))
    for each in ready.agenda:
        place = " · ".join(name for name in (each.account_name, each.role_title) if name)
        lines.append(f"  {each.minutes:>3} {place}: {each.why}" if place else f"  {each.minutes:>3} {each.why}")
    lines += [f"{each.question} ({each.account_name})" for each in ready.checks]
    return lines


def _as_json(ready: Preparation) -> dict[str, object]:
    """The page without the private note and the quiet questions: a terminal's output is soon passed on."""
    planned = ready.hour.planned_for
    return {
        "rep": ready.rep,
        "since": ready.since.isoformat() if ready.since else None,
        "changes": {cause.value: n for cause, n in ready.changes.items()},
        "cleaned": ready.cleaned,
        "agreed": [{"id": each.id, "sentence": each.sentence, "state": each.state} for each in ready.agreed],
        "agenda": [entry.as_json() for entry in ready.agenda],
        "minutes": ready.minutes,
        "checks": [
            {
                "person": each.person,
                "account": each.account,
                "question": each.question,
                "on": each.verified_on.isoformat(),
            }
            for each in ready.checks
        ],
        "planned_for": planned.isoformat(timespec="minutes") if planned else None,
        "version": ready.hour.version,
    }
