"""Titles and the required roles they may mean."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.cli.standard import roles
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.role_lists.titles import TitleRoles, TitleState, why

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: What a title without a role says about its person.
_NO_ROLE = {
    TitleState.PRESENT: N_("no similar role"),
    TitleState.ACTING: N_("no similar role"),
    TitleState.FORMER: N_("was in this position, and is no longer"),
    TitleState.FUTURE: N_("is to take this position, and has not yet"),
    TitleState.GATEKEEPER: N_("a secretary or assistant, who opens the door to somebody"),
}


@cli.command(name="suggest-role")
@workspace_option
@click.argument("titles", nargs=-1, required=True, metavar="TITLE...")
@click.option("--list", "role_list", metavar="L", help="Only the roles of this role list, by its key.")
@json_option
def suggest_role(ws: Workspace, titles: tuple[str, ...], role_list: str | None, as_json: bool) -> None:
    """Suggest which required role a title may mean; nothing is written. "-" reads titles from standard input.

    \b
    Example:
      coverage-kit suggest-role "구매팀장" "VP of Procurement"
    """
    asked = [*titles] if titles != ("-",) else [line.strip() for line in sys.stdin if line.strip()]
    found = ws.suggest_roles(asked, role_list=role_list)
    t = words(ws)
    if as_json:
        print_json([_title_row(t, one) for one in found])
        return
    for one in found:
        roles = [f"{each.role} {each.confidence:.2f} ({why(t, each)})" for each in one.suggestions]
        click.echo(f"{one.title}: {', '.join(roles) or t(_NO_ROLE[one.state])}")


def _title_row(t: Texts, one: TitleRoles) -> dict[str, object]:
    rows = [{"role": each.role, "confidence": each.confidence, "why": why(t, each)} for each in one.suggestions]
    return {"title": one.title, "state": one.state.value, "suggestions": rows}


@roles.command(name="titles")
@workspace_option
@json_option
def learned_titles(ws: Workspace, as_json: bool) -> None:
    """List the titles of people who hold a required role here: suggest-role uses them like the roles' own names.

    \b
    Example:
      coverage-kit roles titles
    """
    t, learned = words(ws), ws.roles.learned_titles()
    if as_json:
        print_json([asdict(one) for one in learned])
        return
    for one in learned:
        people = t(N_n("{n} person", "{n} people"), n=one.n)
        taken_out = t(N_("taken out")) if one.is_refused else ""
        click.echo(f"{one.role}: {one.title} ({', '.join(filter(None, (people, taken_out)))})")
    if not learned:
        click.echo(t(N_("No title was learned yet: nobody with a title holds a required role.")))


@roles.command(name="refuse-title")
@workspace_option
@click.argument("role")
@click.argument("title")
@edit_id_option
def refuse_title(ws: Workspace, role: str, title: str, edit_id: str | None) -> None:
    """Take a learned title out, so that it suggests the role no more.

    \b
    Example:
      coverage-kit roles refuse-title purchasing_manager "영업기획 담당"
    """
    ws.roles.refuse_title(role, title, edit_id=edit_id)
    click.echo(words(ws)(N_("“{title}” suggests {role} no more."), title=title, role=role))


@roles.command(name="allow-title")
@workspace_option
@click.argument("role")
@click.argument("title")
@edit_id_option
def allow_title(ws: Workspace, role: str, title: str, edit_id: str | None) -> None:
    """Let a title that was taken out suggest the role again.

    \b
    Example:
      coverage-kit roles allow-title purchasing_manager "영업기획 담당"
    """
    ws.roles.allow_title(role, title, edit_id=edit_id)
    click.echo(words(ws)(N_("“{title}” suggests {role} again."), title=title, role=role))
