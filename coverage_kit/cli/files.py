"""Files in and out."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit.cli.base import Bar, cli, json_option, print_json, words, workspace_option
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_, N_n, Texts

if TYPE_CHECKING:
    from coverage_kit.exchange import ImportPlan
    from coverage_kit.exchange.plan.evidence import Evidence
    from coverage_kit.workspace import Workspace


_EVIDENCE = {
    "moved": N_("  {person}: {was} here, {now} in the file ({held})"),
    "title": N_("  {person} at {account}: {was} here, “{now}” in the file ({held})"),
    "inactive": N_("  {person} at {account}: marked “{now}” in the file ({held})"),
    "noted": N_("  {person} at {account}: the file says “{now}” ({held})"),
    "gone": N_("  {person} at {account}: not in the file any more ({held})"),
}
_LISTED = 10
_SHOWN = 60


@cli.command(name="import")
@workspace_option
@click.argument("kind", type=click.Choice(["accounts", "contacts", "staff"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, field by field, and change nothing.")
@click.option("--strict", is_flag=True, help="Take nothing if one row has a problem.")
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="THEIRS=OURS",
    help="Which of their columns is which of ours; kept in the workspace.",
)
@click.option("--encoding", metavar="E", help="Overrule the encoding that the file seems to have, like cp949.")
@click.option("--sheet", metavar="S", help="Which sheet of a workbook.")
@click.option(
    "--unclear",
    type=click.Choice(["ask", "same", "new"]),
    default="ask",
    help="Where an account's key and name disagree: name the row, take it as the same account, or as a new one.",
)
@click.option(
    "--who",
    multiple=True,
    metavar="ROW=PERSON",
    help="Which of several people of one name a row is: an id from the problem's list, another row's number, or new.",
)
@click.option("--record-moves", is_flag=True, help="Record the moves of people whom the file has at another account.")
@json_option
def import_(
    ws: Workspace,
    kind: str,
    file: Path,
    dry_run: bool,
    strict: bool,
    mapping: tuple[str, ...],
    encoding: str | None,
    sheet: str | None,
    unclear: str,
    who: tuple[str, ...],
    record_moves: bool,
    as_json: bool,
) -> None:
    """Bring in accounts, contacts or staff: CSV, Excel, or what a CRM exports. The same file again changes nothing.

    \b
    Example:
      coverage-kit import accounts accounts.csv --map "거래처명=name"
    """
    with Bar(words(ws)) as bar:
        result = ws.import_file(
            kind,
            file,
            dry_run=dry_run,
            strict=strict,
            mapping=_mapping(mapping),
            encoding=encoding,
            sheet=sheet,
            unclear=unclear,
            who=_who(who),
            record_moves=record_moves,
            progress=bar,
        )
    if as_json:
        print_json(_document(result))
    else:
        _print_import(words(ws), result, file, dry_run)


@cli.command(name="export")
@workspace_option
@click.argument("kind", type=click.Choice(["people", "slots", "accounts", "corrections"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--rep", help="Only the accounts of one rep.")
@click.option(
    "--encoding",
    default="utf-8-sig",
    metavar="E",
    help="Of a .csv: utf-8-sig (Excel opens it), or cp949 for old programs.",
)
@click.option("--layout", metavar="CRM", help="Of corrections: salesforce, hubspot, dynamics …, if there are several.")
@click.option("--since", metavar="DAY", help="Of corrections: all recorded from this day on, also those sent before.")
def export(
    ws: Workspace,
    kind: str,
    file: Path,
    rep: str | None,
    encoding: str,
    layout: str | None,
    since: str | None,
) -> None:
    """Write people, slots, accounts, or corrections for the CRM to a .csv or .xlsx file; opinions of people stay here.

    \b
    Example:
      coverage-kit export people people.xlsx
    """
    if kind == "corrections":
        _export_corrections(ws, file, layout=layout, since=since, encoding=encoding)
        return
    if layout is not None or since is not None:
        raise click.UsageError("--layout and --since are for corrections only")
    n = ws.export_file(kind, file, encoding=encoding, rep=rep)
    click.echo(words(ws)(N_n("Written: {path}, {n} row.", "Written: {path}, {n} rows."), path=file, n=f"{n:,}"))


def _export_corrections(ws: Workspace, file: Path, *, layout: str | None, since: str | None, encoding: str) -> None:
    found = ws.export_corrections(file, layout=layout, since=since, encoding=encoding)
    t = words(ws)
    if not found.corrections:
        click.echo(t(N_("Nothing is new for {source}; no file was written."), source=found.source))
        return
    click.echo(
        t(
            N_("Written: {path}, {n} records for {source}; {by_hand} changes to make there by hand are in the summary beside it."),
            path=file, n=f"{len(found.rows):,}", source=found.source, by_hand=f"{len(found.by_hand):,}",
        )
    )  # fmt: skip


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        theirs, sign, ours = pair.rpartition("=")
        if not sign or not theirs.strip():
            raise BadInput("import.map", N_('--map "{pair}" is not of the form "theirs=ours".'), pair=pair[:60])
        mapping[theirs.strip()] = ours.strip()
    return mapping


def _who(pairs: tuple[str, ...]) -> dict[int, str]:
    who = {}
    for pair in pairs:
        row, sign, person = (part.strip() for part in pair.partition("="))
        if not sign or not row.isdecimal() or not person:
            raise BadInput("import.who", N_('--who "{pair}" is not of the form "row=person".'), pair=pair[:60])
        who[int(row)] = person
    return who


def _document(result: ImportPlan) -> dict[str, Any]:
    from coverage_kit.transfer.imports import evidence_rows, left_out_rows, problem_rows

    return {
        **result.counts,
        "problems": problem_rows(result),
        "left_out": left_out_rows(result),
        "evidence": evidence_rows(result),
        "differences": [asdict(difference) for difference in result.differences],
        "missing_list": result.missing,
    }


def _print_import(t: Texts, result: ImportPlan, file: Path, dry_run: bool) -> None:
    counts = result.counts
    if dry_run:
        click.echo(t(N_("Nothing is written yet; this is what would happen.")))
    if counts["encoding_is_guess"]:
        _print_guess(t, result)
    click.echo(
        t(
            N_n(
                "{rows} row: {added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected.",
                "{rows} rows: {added} added, {changed} changed, {unchanged} unchanged, {rejected} rejected.",
                by="rows",
            ),
            **{key: f"{counts[key]:,}" for key in ("rows", "added", "changed", "unchanged", "rejected")},
        )
    )
    _print_reading(t, result, file)
    if dry_run:
        _print_some(t, [
            t(
                N_("  row {row}, {what}: {field} {before} → {after}"),
                row=one.row, what=one.what, field=one.field, before=one.before or "–", after=one.after,
            )
            for one in result.differences
        ], _SHOWN)  # fmt: skip
    _print_some(t, [
        t(N_("  row {row}, {column}: {message}"), row=one.row, column=one.column, message=one.message)
        for one in result.problems
    ], _LISTED)  # fmt: skip
    if counts["rejects_file"]:
        click.echo(t(N_("Rejected rows; correct them and import them again: {path}"), path=counts["rejects_file"]))
    if result.missing:
        click.echo(t(N_("In the last export and not in this one (nothing is deleted): {n}"), n=len(result.missing)))
        _print_some(t, [f"  {one['name']} ({one['account']})" for one in result.missing], _LISTED)
    if result.evidence:
        click.echo(t(N_("People we know who look different in this file: {n}"), n=len(result.evidence)))
        _print_some(t, [evidence_text(t, one) for one in result.evidence], _LISTED)
        if any(one.kind == "moved" for one in result.evidence):
            click.echo(
                t(N_("Next, to record the moves: coverage-kit import contacts {file} --record-moves"), file=file)
            )
    if counts["marked_gone"]:
        click.echo(
            t(
                N_n(
                    "{n} contact that nobody has checked is marked as gone in the file. The audit and the page for matching contacts show it as a hint.",
                    "{n} contacts that nobody has checked are marked as gone in the file. The audit and the page for matching contacts show it as a hint.",
                ),
                n=f"{counts['marked_gone']:,}",
            )
        )
    if counts["accounts_added"]:
        click.echo(
            t(
                N_(
                    "Accounts found only here, which count once they are assigned: {n}. Next: coverage-kit assign … --rep …"
                ),
                n=f"{counts['accounts_added']:,}",
            )
        )


def evidence_text(t: Texts, one: Evidence) -> str:
    """A line on one known person who looks different in a file."""
    held = t(N_n("{n} position", "{n} positions"), n=len(one.roles)) if one.roles else "–"
    return t(_EVIDENCE[one.kind], person=one.person, account=one.account, was=one.was, now=one.now, held=held)


def _print_reading(t: Texts, result: ImportPlan, file: Path) -> None:
    """Print the columns and rows that were not read, one line each."""
    if result.unread:
        click.echo(t(N_("Columns not read, though they hold something: {columns}"), columns=result.unread))
    if result.people_columns:
        _print_people(t, result, file)
    if result.left_out:
        click.echo(t(N_("Rows left out as total, footer, heading or blank: {n}"), n=len(result.left_out)))
        _print_some(t, [f"  {one.row}: {one.text}" for one in result.left_out if one.text], _LISTED)


def _print_people(t: Texts, result: ImportPlan, file: Path) -> None:
    """Which columns of a file of accounts name people, and how to bring them in."""
    from coverage_kit.exchange.plan.columns import is_usual

    columns, shown = result.people_columns, str(file)
    company = next(theirs for theirs, ours in result.counts["columns"].items() if ours == "name")
    if not is_usual(company, "contacts", "account"):
        shown += f' --map "{company}=account"'
    click.echo(t(N_("Columns that name people: {columns}. The customer's people come in with the same file: coverage-kit import contacts {file}"), columns=columns, file=shown))  # fmt: skip
    if len(columns) == 1 and "owner" not in result.counts["columns"].values():
        click.echo(t(N_('If {column} is our owner of the account: --map "{column}=owner"'), column=columns[0]))


def _print_guess(t: Texts, result: ImportPlan) -> None:
    click.echo(
        t(
            N_("The encoding is a guess: {encoding}. If these rows look wrong, give --encoding:"),
            encoding=result.counts["encoding"],
        )
    )
    for cells in result.samples:
        click.echo("  " + " | ".join(cell.strip() for cell in cells if cell.strip())[:160])


def _print_some(t: Texts, lines: list[str], n: int) -> None:
    for line in lines[:n]:
        click.echo(line)
    if len(lines) > n:
        click.echo(t(N_("  … and {n} more."), n=len(lines) - n))
