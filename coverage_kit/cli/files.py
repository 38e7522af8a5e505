"""Files in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import cli, json_option, print_json, workspace_option
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, Texts, texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


_LISTED = 10


@cli.command(name="import")
@workspace_option
@click.argument("kind", type=click.Choice(["accounts", "contacts", "staff"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Take nothing if one row has a problem.")
@click.option("--map", "mapping", multiple=True, metavar="THEIRS=OURS", help="Which of their columns is which of ours.")
@json_option
def import_(
    ws: Workspace, kind: str, file: Path, dry_run: bool, strict: bool, mapping: tuple[str, ...], as_json: bool
) -> None:
    """Bring in accounts, contacts or staff from a CSV file.

    \b
    Example:
      coverage-kit import accounts accounts.csv --map "거래처명=name"
    """
    result = ws.import_file(kind, file, dry_run=dry_run, strict=strict, mapping=_mapping(mapping))
    if as_json:
        print_json(result.counts)
    else:
        _print_import(texts(ws.lang), result, dry_run)


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        theirs, sign, ours = pair.rpartition("=")
        if not sign or not theirs.strip() or not ours.strip():
            raise BadInput("import.map", N_('--map "{pair}" is not of the form "theirs=ours".'), pair=pair[:60])
        mapping[theirs.strip()] = ours.strip()
    return mapping


def _print_import(t: Texts, result: Any, dry_run: bool) -> None:
    counts = result.counts
    if dry_run:
        click.echo(t(N_("Nothing is written yet; this is what would happen.")))
    click.echo(
        t(
            N_("{rows} rows: {added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected."),
            **{key: f"{counts[key]:,}" for key in ("rows", "added", "changed", "unchanged", "rejected")},
        )
    )
    for problem in sorted(result.problems, key=lambda problem: problem.row)[:_LISTED]:
        click.echo(
            t(N_("  row {row}, {column}: {message}"), row=problem.row, column=problem.column, message=problem.message)
        )
    if len(result.problems) > _LISTED:
        click.echo(t(N_("  … and {n} more."), n=len(result.problems) - _LISTED))
    if counts["rejects_file"]:
        click.echo(t(N_("Rejected rows, to mend and import again: {path}"), path=counts["rejects_file"]))
    if counts["accounts_added"]:
        click.echo(
            t(
                N_(
                    "Accounts found only here, which count once they are assigned: {n}. Next: coverage-kit assign … --rep …"
                ),
                n=f"{counts['accounts_added']:,}",
            )
        )
