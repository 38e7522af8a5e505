"""Two records of one person, or two accounts that are one company."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option
from coverage_kit.i18n import N_

if TYPE_CHECKING:
    from coverage_kit.rules.merging import MergePlan
    from coverage_kit.workspace import Workspace

#: Pairs that are listed on a terminal.
_LISTED = 40
_KINDS = {"person": "person", "people": "person", "account": "account", "accounts": "account"}


@cli.command()
@workspace_option
@click.argument("kind", type=click.Choice([*_KINDS]))
@click.argument("keep")
@click.argument("gone")
@click.option("--account", "at", metavar="A", help="Where the people are, if they are given by name.")
@click.option(
    "--take", multiple=True, metavar="QUESTION", help="Answer a question with what GONE has; may be repeated."
)
@click.option("--keep-rest", is_flag=True, help="Answer all other questions with what KEEP has.")
@click.option("--dry-run", is_flag=True, help="Show what would change; write nothing.")
@edit_id_option
@json_option
def merge(
    ws: Workspace,
    kind: str,
    keep: str,
    gone: str,
    at: str | None,
    take: tuple[str, ...],
    keep_rest: bool,
    dry_run: bool,
    edit_id: str | None,
    as_json: bool,
) -> None:
    """Make one of two records of a person, or of two accounts that are one company. KEEP stays, GONE becomes part of it.

    \b
    Example:
      coverage-kit merge accounts A0001 A0002 --dry-run
    """
    what = _KINDS[kind]
    choices = dict.fromkeys(take, "take")
    plan = ws.merging.preview(what, keep, gone, at=at, choices=choices)
    if keep_rest and plan.open:
        choices |= {each.id: "keep" for each in plan.open}
        plan = ws.merging.preview(what, keep, gone, at=at, choices=choices)
    done = None
    if not dry_run:
        done = ws.merging.save(what, plan.keep, plan.gone, choices=choices, seen=plan.seen, edit_id=edit_id).edit_id
    if as_json:
        print_json({**_document(plan), "edit_id": done})
        return
    for line in _lines(ws, plan):
        click.echo(line)
    if done is not None:
        click.echo(words(ws)(N_("Merged. Take it back with: coverage-kit unmerge {edit}"), edit=done))


@cli.command()
@workspace_option
@click.argument("edit")
@edit_id_option
def unmerge(ws: Workspace, edit: str, edit_id: str | None) -> None:
    """Take a merge back, while nothing that it moved was changed.

    \b
    Example:
      coverage-kit unmerge ed_abcdefghijklm
    """
    ws.merging.undo(edit, as_id=edit_id)
    click.echo(words(ws)(N_("Taken back; both are there again.")))


@cli.command()
@workspace_option
@click.option("--accounts", is_flag=True, help="Accounts that may be one company, instead of people.")
@click.option("--account", metavar="A", help="Only those of one account, by key or name.")
@click.option("--not-same", nargs=2, metavar="ID ID", help="Remember that two are not the same.")
@edit_id_option
@json_option
def duplicates(
    ws: Workspace,
    accounts: bool,
    account: str | None,
    not_same: tuple[str, str] | None,
    edit_id: str | None,
    as_json: bool,
) -> None:
    """Show people who may be one person, with the reasons. Nothing is merged.

    \b
    Example:
      coverage-kit duplicates --accounts
    """
    from coverage_kit.rules.same.reasons import REASON_LABELS

    kind = "account" if accounts else "person"
    if not_same:
        ws.merging.not_same(kind, *not_same, edit_id=edit_id)
    found = ws.merging.candidates(kind, account=account)
    if as_json:
        print_json([{"kind": kind, "one": one.one, "other": one.other, "reasons": [*one.reasons]} for one in found])
        return
    t = words(ws)
    names = ws.merging.names(kind, [key for one in found[:_LISTED] for key in (one.one, one.other)])
    for each in found[:_LISTED]:
        why = ", ".join(t(REASON_LABELS[reason]) for reason in each.reasons)
        click.echo(f"{names[each.one]} ({each.one}) = {names[each.other]} ({each.other})? {why}")
    if len(found) > _LISTED:
        click.echo(t(N_("  and {n} more; --json lists them all"), n=t.number(len(found) - _LISTED)))
    if not found:
        click.echo(t(N_("No two records look like one.")))


def _document(plan: MergePlan) -> dict[str, object]:
    return {
        "kind": plan.kind,
        "keep": {"id": plan.keep, "name": plan.keep_name},
        "gone": {"id": plan.gone, "name": plan.gone_name},
        "jobs": [{"old": job.old, "new": job.new, "joined": job.is_joined} for job in plan.jobs],
        "moved": plan.moved,
        "differences": [{"field": name, "keep": ours, "gone": theirs} for name, ours, theirs in plan.differences],
        "questions": [
            {"id": one.id, "keep": one.keep, "take": one.take, "chosen": one.chosen or None} for one in plan.questions
        ],
    }


def _lines(ws: Workspace, plan: MergePlan) -> list[str]:
    t = words(ws)
    lines = [
        t(N_("{gone} ({gone_id}) becomes part of {keep} ({keep_id})."),
          gone=plan.gone_name, gone_id=plan.gone, keep=plan.keep_name, keep_id=plan.keep),
    ]  # fmt: skip
    from coverage_kit.rules.merging import MOVED_LABELS

    joined = sum(job.is_joined for job in plan.jobs)
    moved = [t(N_("jobs: {n}, of which {joined} are there twice"), n=len(plan.jobs), joined=joined)]
    moved += [t(MOVED_LABELS[name], n=n) for name, n in plan.moved.items()]
    lines.append("  " + " · ".join(moved))
    lines += [
        t(N_("  {field}: {keep} stays; {gone} is kept in the history"), field=name, keep=ours, gone=theirs)
        for name, ours, theirs in plan.differences
    ]
    lines += [
        t(N_("  asked: {question}: keep {keep}, or take {gone} (--take {question})?"),
          question=one.id, keep=one.keep, gone=one.take)
        for one in plan.open
    ]  # fmt: skip
    return lines
