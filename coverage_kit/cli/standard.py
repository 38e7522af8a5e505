"""Who must be known, and who looks after which account."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.domain.week import local_minute
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.role_lists.model import CONDITION_LABELS, Words, in_language

if TYPE_CHECKING:
    from coverage_kit.measures.list_preview import ListPreview
    from coverage_kit.role_lists.changes import PastAct
    from coverage_kit.rules.role_lists import Applied
    from coverage_kit.workspace import Workspace


@cli.command()
@workspace_option
@click.argument("accounts", nargs=-1, required=True, metavar="ACCOUNT...")
@click.option("--rep", required=True, help="Who looks after them from now on; a new rep is made.")
@click.option("--focus/--no-focus", default=None, help="Put them on the rep's focus list, or take them off.")
@edit_id_option
def assign(ws: Workspace, accounts: tuple[str, ...], rep: str, focus: bool | None, edit_id: str | None) -> None:
    """Give accounts to a rep; confirms accounts that an import found. "-" reads them from standard input, one a line.

    \b
    Example:
      coverage-kit assign AAPL MSFT --rep jihye.kim
    """
    names = [*accounts] if accounts != ("-",) else [line.strip() for line in sys.stdin if line.strip()]
    ws.assign(names, rep, focus=focus, edit_id=edit_id)
    click.echo(
        words(ws)(N_n("Assigned to {rep}: {n} account.", "Assigned to {rep}: {n} accounts."), rep=rep, n=len(names))
    )


@cli.group()
def roles() -> None:
    """Role lists: who must be known, the organisation's standard.

    \b
    Example:
      coverage-kit roles list
    """


@roles.command(name="list")
@workspace_option
def roles_list(ws: Workspace) -> None:
    """Show the role lists in force, and whom each applies to.

    \b
    Example:
      coverage-kit roles list
    """
    from coverage_kit.store.entities import Template

    t = words(ws)
    versions = dict(ws.ledger.columns(Template, ("id", "version")))
    for each in ws.roles.in_force():
        title = each.title.text(ws.lang)
        window = t(N_n("{n} day", "{n} days"), n=each.freshness_days)
        click.echo(f"{each.key}  v{versions[each.key]}  {title}  ({window})")
        asked = [f"{t(CONDITION_LABELS[name])} = {', '.join(values)}" for name, values in each.applies_to if values]
        if each.default:
            asked.append(t(N_("all other accounts")))
        click.echo("  " + t(N_("Applies to: {conditions}"), conditions="; ".join(asked) or "–"))
        for role in each.roles:
            click.echo(f"  {role.key:<22} {role.title.text(ws.lang)}")


@roles.command(name="check")
@workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def roles_check(ws: Workspace, files: tuple[Path, ...]) -> None:
    """Check role lists without applying them; the workspace's own by default.

    \b
    Example:
      coverage-kit roles check templates/roles/general.yml
    """
    lists = ws.roles.read(files)
    click.echo(words(ws)(N_("Valid: {names}."), names=[each.key for each in lists]))


@roles.command(name="export")
@workspace_option
@click.argument("out", type=click.Path(path_type=Path), default="role-lists", metavar="[FOLDER]")
@json_option
def roles_export(ws: Workspace, out: Path, as_json: bool) -> None:
    """Write the role lists in force as YAML files, to edit and apply again.

    \b
    Example:
      coverage-kit roles export role-lists
    """
    paths = ws.roles.export(out)
    if as_json:
        print_json({"files": [str(path) for path in paths]})
    else:
        click.echo(words(ws)(N_("Written: {names}."), names=[str(path) for path in paths]))


@roles.command(name="apply")
@workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--why", default="", help="The reason, in one line; it stays in the history.")
@click.option("--unused", is_flag=True, help="Apply lists that apply to no account, too.")
@edit_id_option
@json_option
def roles_apply(
    ws: Workspace,
    files: tuple[Path, ...],
    dry_run: bool,
    why: str,
    unused: bool,
    edit_id: str | None,
    as_json: bool,
) -> None:
    """Make role lists the standard from now on; history keeps what was in force before.

    \b
    Example:
      coverage-kit roles apply templates/roles/general.yml --dry-run
    """
    from coverage_kit.store.entities import Template

    lists, t = ws.roles.read(files), words(ws)
    seen = {each.key: 0 for each in lists} | dict(ws.ledger.columns(Template, ("id", "version")))
    applied, preview = ws.roles.preview(lists)
    if not dry_run:
        # The lists of the workspace's folder stand ready for accounts that come later.
        ws.roles.apply(lists, why=why, unused=unused or not files, seen=seen, edit_id=edit_id)
    if as_json:
        print_json(_numbers(applied, preview))
        return
    for line in _lines(t, applied, preview):
        click.echo(line)
    names = list(applied.changed)
    if dry_run:
        click.echo(t(N_("Nothing was written.")))
    else:
        click.echo(t(N_("In force from now on: {names}."), names=names) if names else t(N_("Nothing has changed.")))


@roles.command(name="remove")
@workspace_option
@click.argument("keys", nargs=-1, required=True, metavar="LIST...")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--why", default="", help="The reason, in one line; it stays in the history.")
@edit_id_option
@json_option
def roles_remove(
    ws: Workspace, keys: tuple[str, ...], dry_run: bool, why: str, edit_id: str | None, as_json: bool
) -> None:
    """Take role lists out of force; their accounts fall under the lists that their conditions find.

    History keeps them, and what was recorded for their positions counts again if a list names them again.

    \b
    Example:
      coverage-kit roles remove small_business --dry-run
    """
    from coverage_kit.store.entities import Template

    t = words(ws)
    if edit_id is not None and ws.ledger.has_edit(edit_id):
        # Sent again because its response got lost.
        print_json({"removed": []}) if as_json else click.echo(t(N_("Nothing has changed.")))
        return
    removed = list(dict.fromkeys(keys))
    versions = dict(ws.ledger.columns(Template, ("id", "version")))
    applied, preview = ws.roles.preview([], removed=removed)
    if not dry_run:
        ws.roles.remove(removed, why, seen=versions, edit_id=edit_id)
    if as_json:
        print_json({**_numbers(applied, preview), "removed": removed})
        return
    for line in _lines(t, applied, preview):
        click.echo(line)
    if dry_run:
        click.echo(t(N_("Nothing was written.")))
        return
    click.echo(t(N_("No longer in force: {names}."), names=removed))
    if applied.changed:
        # The list that takes the place of a removed default.
        click.echo(t(N_("In force from now on: {names}."), names=list(applied.changed)))


@roles.command(name="history")
@workspace_option
@json_option
def roles_history(ws: Workspace, as_json: bool) -> None:
    """Show what was changed in role lists, pins and offerings, the last act first, with the id that undo takes.

    \b
    Example:
      coverage-kit roles history
    """
    t, acts = words(ws), ws.roles.history()
    if as_json:
        print_json([asdict(each) for each in acts])
        return
    for each in acts:
        click.echo(f"{local_minute(each.at, ws.zone)}  {each.edit_id}  {each.actor}  {each.why}".rstrip())
        for line in _changed(t, each, ws.lang):
            click.echo(f"  {line}")
    if not acts:
        click.echo(t(N_("Nothing was changed yet.")))


@roles.command(name="undo")
@workspace_option
@click.argument("edit")
@edit_id_option
def roles_undo(ws: Workspace, edit: str, edit_id: str | None) -> None:
    """Take back one act of the history, as far as nothing of it was changed since.

    \b
    Example:
      coverage-kit roles undo ed_7h2k4m6n8p2qs
    """
    ws.roles.undo(edit, edit_id=edit_id)
    click.echo(words(ws)(N_("Undone.")))


def _changed(t: Texts, act: PastAct, lang: str) -> Iterator[str]:
    from coverage_kit.role_lists.changes import (
        LIST_ACT_LABELS,
        LIST_PART_LABELS,
        OFFERING_ACT_LABELS,
        PINNED,
        ROLES_ADDED,
        ROLES_REMOVED,
        UNPINNED,
    )

    def named(titles: Iterable[Words]) -> list[str]:
        return [in_language(title, lang) for title in titles]

    for change in act.changes:
        said = [t(LIST_ACT_LABELS[change.act])]
        said += [t(LIST_PART_LABELS[part]) for part in change.parts]
        said += [t(ROLES_ADDED, roles=named(change.roles_added))] if change.roles_added else []
        said += [t(ROLES_REMOVED, roles=named(change.roles_removed))] if change.roles_removed else []
        yield f"{in_language(change.title, lang)}: {', '.join(said)}"
    for pin in act.pins:
        yield t(PINNED if pin.lists else UNPINNED, account=pin.name, lists=list(pin.lists))
    for offering in act.offerings:
        yield t(OFFERING_ACT_LABELS[offering.act], title=in_language(offering.names, lang))


def _numbers(applied: Applied, preview: ListPreview) -> dict[str, object]:
    return {
        "accounts": len(preview.accounts),
        "required_before": preview.before.required,
        "required_after": preview.after.required,
        "known_before": preview.before.known,
        "known_after": preview.after.known,
        "checks_a_week": preview.after.checks_a_week,
        "checks_a_week_before": preview.before.checks_a_week,
        "focus_checks_a_week": preview.after.focus_checks_a_week,
        "changed": list(applied.changed),
        "unused": list(applied.unused),
        "leaving": [{"account": account, "role": role} for account, role in preview.leaving],
        "crowded": [{"account": account, "roles": n} for account, n in preview.crowded],
    }


def _lines(t: Texts, applied: Applied, preview: ListPreview) -> Iterator[str]:
    before, after = preview.before, preview.after
    yield t(N_n("{n} account is concerned.", "{n} accounts are concerned."), n=len(preview.accounts))
    yield t(N_("Required positions: {before} → {after}"), before=before.required, after=after.required)
    yield t(N_("Known positions: {before} → {after}"), before=before.known, after=after.known)
    yield t(
        N_("Checks a week to keep them known: {n}, of these on focus lists: {focus}"),
        n=after.checks_a_week,
        focus=after.focus_checks_a_week,
    )
    if preview.leaving:
        shown = [f"{account} {role}" for account, role in preview.leaving[:12]]
        yield t(N_("Known positions that leave the count ({n}): {names}"), n=len(preview.leaving), names=shown)
    if preview.crowded:
        from coverage_kit.measures.list_preview import LESS_ROLES

        shown = [f"{account} ({n})" for account, n in preview.crowded[:12]]
        yield t(N_("More than 14 roles, which nobody keeps up with: {names}"), names=shown)
        yield t(LESS_ROLES)
    if applied.unused:
        yield t(N_("Lists that apply to no account: {names}"), names=list(applied.unused))
