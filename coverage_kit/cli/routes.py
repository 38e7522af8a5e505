"""Paths to customers, and the rhythm with people there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.domain.coaching import STAGE_LABELS, Stage
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.coaching import AccountPath, PathSet
    from coverage_kit.workspace import Workspace

_seen_option = click.option(
    "--seen", "base", type=click.IntRange(0), metavar="N", help="The version that you saw (list or show --json)."
)
_steps_argument = click.argument("steps", nargs=-1, required=True, metavar="ROLE:ROUTE:STAGE...")


@cli.group()
def routes() -> None:
    """Paths to customers: whom we reach, how, and how far.

    \b
    Example:
      coverage-kit routes list
    """


@routes.command(name="list")
@workspace_option
@json_option
def list_routes(ws: Workspace, as_json: bool) -> None:
    """Show the path of each base list and offering, and how many accounts stand still on it.

    \b
    Example:
      coverage-kit routes list
    """
    t, found = words(ws), ws.coaching.routes.paths()
    table = ws.coaching.routes.standing()
    by_path = table.groupby(["role_list", "offering"])["stands_still"].agg(["size", "sum"]).astype(int)
    counts = {place: (int(row["size"]), int(row["sum"])) for place, row in by_path.iterrows()}
    numbers = [counts.get((one.role_list, one.offering), (0, 0)) for one in found]
    if as_json:
        print_json([_path_json(one, *n) for one, n in zip(found, numbers, strict=True)])
        return
    for one, (n, still) in zip(found, numbers, strict=True):
        steps = " → ".join(":".join(step) for step in one.steps)
        standing = t(
            N_n("{n} account, {still} at a standstill", "{n} accounts, {still} at a standstill"), n=n, still=still
        )
        click.echo(f"{one.role_list} · {one.offering}: {steps} ({standing})")
    if not found:
        click.echo(t(N_("No path is set yet.")))


@routes.command(name="set")
@workspace_option
@click.argument("role_list", metavar="LIST")
@click.argument("offering")
@_steps_argument
@_seen_option
@edit_id_option
def set_route(
    ws: Workspace, role_list: str, offering: str, steps: tuple[str, ...], base: int | None, edit_id: str | None
) -> None:
    """Set the path of a base list for an offering: at most three steps. All its accounts follow it.

    \b
    Example:
      coverage-kit routes set general ERP cfo:in_person:attention ceo:referral:interest
    """
    ws.coaching.routes.set(role_list, offering, _steps(steps), base=base, edit_id=edit_id)
    click.echo(words(ws)(N_("Path set for {list} and {offering}."), list=role_list, offering=offering))


@routes.command(name="remove")
@workspace_option
@click.argument("role_list", metavar="LIST")
@click.argument("offering")
@_seen_option
@edit_id_option
def remove_route(ws: Workspace, role_list: str, offering: str, base: int | None, edit_id: str | None) -> None:
    """Take a path back; reports of past weeks keep it.

    \b
    Example:
      coverage-kit routes remove general ERP
    """
    ws.coaching.routes.remove(role_list, offering, base=base, edit_id=edit_id)
    click.echo(words(ws)(N_("Path removed for {list} and {offering}."), list=role_list, offering=offering))


@routes.command(name="show")
@workspace_option
@click.argument("account")
@json_option
def show_route(ws: Workspace, account: str, as_json: bool) -> None:
    """Show where an account stands on its paths; the steps taken follow from what was recorded.

    \b
    Example:
      coverage-kit routes show A0001
    """
    t, found = words(ws), ws.coaching.routes.of(account)
    if as_json:
        print_json([_account_json(one) for one in found])
        return
    for one in found:
        for line in _account_lines(t, one):
            click.echo(line)
    if not found:
        click.echo(t(N_("No path is set for this account.")))


@routes.command()
@workspace_option
@click.argument("account")
@click.argument("offering")
@_steps_argument
@_seen_option
@edit_id_option
def depart(
    ws: Workspace, account: str, offering: str, steps: tuple[str, ...], base: int | None, edit_id: str | None
) -> None:
    """Give a must-win account steps of its own.

    \b
    Example:
      coverage-kit routes depart A0001 ERP cfo:event:attention
    """
    ws.coaching.routes.depart(account, offering, _steps(steps), base=base, edit_id=edit_id)
    click.echo(words(ws)(N_("{account} has steps of its own for {offering}."), account=account, offering=offering))


@routes.command()
@workspace_option
@click.argument("account")
@click.argument("offering")
@_seen_option
@edit_id_option
def follow(ws: Workspace, account: str, offering: str, base: int | None, edit_id: str | None) -> None:
    """Let an account follow the path of its list again.

    \b
    Example:
      coverage-kit routes follow A0001 ERP
    """
    ws.coaching.routes.follow(account, offering, base=base, edit_id=edit_id)
    click.echo(
        words(ws)(N_("{account} follows the path of its list for {offering}."), account=account, offering=offering)
    )


@cli.group()
def rhythm() -> None:
    """The last contact with people, and the next planned one.

    \b
    Example:
      coverage-kit rhythm list --account A0001
    """


@rhythm.command(name="list")
@workspace_option
@click.option("--account", help="The people of this account.")
@click.option("--rep", help="In the territory of this rep.")
@click.option("--planned", is_flag=True, help="Only people with a contact ahead.")
@json_option
def list_rhythm(ws: Workspace, account: str | None, rep: str | None, planned: bool, as_json: bool) -> None:
    """Show the last real contact with each person and the next one; those not met for longest come first.

    \b
    Example:
      coverage-kit rhythm list --rep jihye.kim --planned
    """
    t = words(ws)
    found = [each for each in ws.coaching.rhythm.find(account=account, rep=rep) if each.next or not planned]
    if as_json:
        days = [{name: day and day.isoformat() for name, day in (("last", r.last), ("next", r.next))} for r in found]
        print_json(
            [
                {"person": r.person, "account": r.account, **own, "version": r.version}
                for r, own in zip(found, days, strict=True)
            ]
        )
        return
    for each in found:
        last = t(N_("last contact {day}"), day=t.day(each.last)) if each.last else t(N_("no contact recorded yet"))
        ahead = t(N_("next {day}"), day=t.day(each.next)) if each.next else ""
        who = each.holder or t(N_("(erased)"))
        click.echo(f"{each.person}  {who} · {each.account_name}: {', '.join(filter(None, (last, ahead)))}")
    if not found:
        click.echo(t(N_("Nobody to show.")))


@rhythm.command(name="plan")
@workspace_option
@click.argument("person")
@click.argument("account")
@click.argument("day", required=False, metavar="[DAY]")
@_seen_option
@edit_id_option
def plan_contact(
    ws: Workspace, person: str, account: str, day: str | None, base: int | None, edit_id: str | None
) -> None:
    """Plan the next contact with a person; without a day, take the plan back. Nobody is reminded.

    \b
    Example:
      coverage-kit rhythm plan pe_abcdefghijklm A0001 2026-12-01
    """
    t = words(ws)
    ws.coaching.rhythm.plan(person, account, day, base=base, edit_id=edit_id)
    click.echo(t(N_("Contact planned for {day}."), day=day) if day else t(N_("No contact is planned any more.")))


@rhythm.command(name="ics")
@workspace_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", help="The people of this account.")
@click.option("--rep", help="In the territory of this rep.")
def write_calendar(ws: Workspace, file: Path, account: str | None, rep: str | None) -> None:
    """Write the planned contacts from today on as a calendar file.

    \b
    Example:
      coverage-kit rhythm ics contacts.ics --rep jihye.kim
    """
    from coverage_kit.assets.private import write_file

    text = ws.coaching.rhythm.calendar(account=account, rep=rep)
    write_file(file, text)
    n = text.count("BEGIN:VEVENT")
    click.echo(words(ws)(N_n("{file}: {n} planned contact.", "{file}: {n} planned contacts."), file=file.name, n=n))


def _steps(texts_: tuple[str, ...]) -> list[list[str]]:
    steps = [text.split(":") for text in texts_]
    for text, parts in zip(texts_, steps, strict=True):
        if len(parts) != 3:
            raise BadInput(
                "route.form",
                N_("'{text}' is not a step; write ROLE:ROUTE:STAGE, like cfo:phone:interest."),
                text=text[:60],
            )
    return steps


def _path_json(one: PathSet, n: int, still: int) -> dict[str, Any]:
    steps = [step._asdict() for step in one.steps]
    names = {"list": one.role_list, "offering": one.offering}
    return {**names, "steps": steps, "accounts": n, "standing_still": still, "version": one.version}


def _account_json(one: AccountPath) -> dict[str, Any]:
    return {
        "offering": one.offering,
        "list": one.role_list,
        "own": one.is_own,
        "steps": [
            {
                "role": step.role,
                "route": step.route,
                "stage": step.stage,
                "reached": step.reached,
                "taken": step.taken,
                "other_route": step.other_route,
            }
            for step in one.steps
        ],
        "idle_weeks": one.idle_weeks,
        "stands_still": one.stands_still,
        "version": one.version,
    }


def _account_lines(t: Texts, one: AccountPath) -> list[str]:
    source = t(N_("its own")) if one.is_own else one.role_list
    lines = [f"{one.offering} ({source})"]
    for step in one.steps:
        reached = t(STAGE_LABELS[Stage(step.reached)]) if step.reached else "–"
        words = t(N_("by another route")) if step.other_route else reached
        mark = "x" if step.taken else " "
        lines.append(f"  [{mark}] {step.role}:{step.route}:{step.stage}  {words}")
    if one.stands_still:
        lines.append("  " + t(N_n("Nothing kept for {n} week.", "Nothing kept for {n} weeks."), n=one.idle_weeks))
    return lines
