"""The command line: parse, one call into the library, print."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from coverage_kit import __version__
from coverage_kit.errors import BadInput, CoverageKitError
from coverage_kit.i18n import N_, Texts, texts

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_EXIT_INTERRUPTED = 130
_LISTED = 10


def _workspace_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--workspace DIR`` on a command; the command receives the opened workspace."""

    @click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; the current folder by default.")
    @functools.wraps(command)
    def wrapped(*, folder: str | None, **options: Any) -> Any:
        from coverage_kit.workspace import open_workspace

        with open_workspace(folder or click.get_current_context().obj) as ws:
            for notice in ws.ledger.notices:
                click.echo(texts(ws.lang)(notice), err=True)
            return command(ws, **options)

    return wrapped


_json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--workspace", "-w", "folder", metavar="DIR", help="The workspace; or set COVERAGE_KIT_WORKSPACE.")
@click.version_option(__version__, prog_name="coverage-kit")
@click.pass_context
def cli(context: click.Context, folder: str | None) -> None:
    """Know the people who must be known in every account.

    \b
    Example:
      coverage-kit init my-team --lang ko
    """
    context.obj = folder


@cli.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--lang", type=click.Choice(["ko", "en"]), help="Language of screens and reports; your system's by default."
)
@click.option(
    "--store", default="store.db", metavar="URL", show_default=True, help="A SQLite file name or database URL."
)
@click.option(
    "--timezone", default="Asia/Seoul", metavar="Z", show_default=True, help="Weeks end by it; fixed from here on."
)
def init(folder: Path, lang: str | None, store: str, timezone: str) -> None:
    """Make a workspace: config, store, role templates, notebooks.

    \b
    Example:
      coverage-kit init my-team --lang ko
    """
    from coverage_kit.workspace import init_workspace

    lang = lang or ("ko" if os.environ.get("LANG", "").startswith("ko") else "en")
    with init_workspace(folder, lang=lang, store=store, timezone=timezone) as ws:
        t = texts(ws.lang)
        click.echo(t(N_("Workspace made: {path}"), path=folder))
        click.echo(
            t(N_("Next: import your accounts: coverage-kit --workspace {path} import accounts FILE.csv"), path=folder)
        )


@cli.command()
@_workspace_option
@click.option("--size", type=click.Choice(["small", "case"]), default="small", show_default=True)
@click.option("--reps", "n_reps", type=click.IntRange(1), metavar="N", help="How many reps.")
@click.option("--accounts", "n_accounts", type=click.IntRange(1), metavar="N", help="How many accounts in all.")
@click.option("--weeks", "n_weeks", type=click.IntRange(1, 104), metavar="N", help="How many weeks of history.")
@click.option(
    "--seed", type=int, default=20261122, metavar="N", show_default=True, help="The same seed, the same team."
)
def sample(
    ws: Workspace, size: str, n_reps: int | None, n_accounts: int | None, n_weeks: int | None, seed: int
) -> None:
    """Fill a new workspace with a made-up team.

    \b
    Example:
      coverage-kit sample --size small
    """
    from coverage_kit.sample import fill_workspace

    story = fill_workspace(
        ws, size=size, n_reps=n_reps, n_accounts=n_accounts, n_weeks=n_weeks, seed=seed, progress=sys.stderr.isatty()
    )
    t = texts(ws.lang)
    click.echo(t(N_("A made-up team: {reps} reps, {accounts} accounts, {weeks} weeks."), **story))
    click.echo(t(N_("Next: make its weekly reports: coverage-kit --workspace {path} report"), path=ws.path))


@cli.command(name="import")
@_workspace_option
@click.argument("kind", type=click.Choice(["accounts", "contacts", "staff"]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--strict", is_flag=True, help="Take nothing if one row has a problem.")
@click.option("--map", "mapping", multiple=True, metavar="THEIRS=OURS", help="Which of their columns is which of ours.")
@_json_option
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
        _print_json(result.counts)
    else:
        _print_import(texts(ws.lang), result, dry_run)


@cli.command()
@_workspace_option
@click.argument("accounts", nargs=-1, required=True, metavar="ACCOUNT...")
@click.option("--rep", required=True, help="Who looks after them from now on; a new rep is made.")
@click.option("--focus/--no-focus", default=None, help="Put them on the rep's focus list, or take them off.")
def assign(ws: Workspace, accounts: tuple[str, ...], rep: str, focus: bool | None) -> None:
    """Give accounts to a rep; confirms accounts that an import found. "-" reads them from standard input, one a line.

    \b
    Example:
      coverage-kit assign AAPL MSFT --rep jihye.kim
    """
    names = [*accounts] if accounts != ("-",) else [line.strip() for line in sys.stdin if line.strip()]
    ws.assign(names, rep, focus=focus)
    click.echo(texts(ws.lang)(N_("Assigned to {rep}: {n} accounts."), rep=rep, n=len(names)))


@cli.group()
def roles() -> None:
    """Role templates: who must be known, the organisation's standard.

    \b
    Example:
      coverage-kit roles list
    """


@roles.command(name="list")
@_workspace_option
def roles_list(ws: Workspace) -> None:
    """Show the role templates in force.

    \b
    Example:
      coverage-kit roles list
    """
    for row in sorted(ws.ledger.as_of("template"), key=lambda row: row["id"]):
        body = json.loads(row["body"])
        click.echo(f"{row['id']}  v{row['version']}  {body['title'][ws.lang]}  ({body['freshness_days']} d)")
        for role in body["roles"]:
            click.echo(f"  {role['key']:<22} {role['title'][ws.lang]}")


@roles.command(name="check")
@_workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def roles_check(ws: Workspace, files: tuple[Path, ...]) -> None:
    """Check role templates without entering them; the workspace's own by default.

    \b
    Example:
      coverage-kit roles check templates/roles/general.yml
    """
    templates = ws.read_roles(files)
    click.echo(texts(ws.lang)(N_("Fine: {names}."), names=[t.key for t in templates]))


@roles.command(name="apply")
@_workspace_option
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
def roles_apply(ws: Workspace, files: tuple[Path, ...]) -> None:
    """Make role templates the standard in force from now on; history keeps what was in force before.

    \b
    Example:
      coverage-kit roles apply
    """
    changed = ws.apply_roles(ws.read_roles(files))
    t = texts(ws.lang)
    click.echo(t(N_("In force from now on: {names}."), names=changed) if changed else t(N_("Nothing has changed.")))


@cli.command()
@_workspace_option
@click.option("--rep", help="One rep only.")
@click.option("--as-of", metavar="T", help="A day or a time; now by default.")
@click.option("--week", metavar="W", help="The end of a week, like 2026-W47.")
@_json_option
def status(ws: Workspace, rep: str | None, as_of: str | None, week: str | None, as_json: bool) -> None:
    """Show how many of the required slots are known.

    \b
    Example:
      coverage-kit status --week 2026-W47
    """
    if as_of and week:
        raise BadInput("status.both", N_("Give --as-of or --week, not both."))
    result = ws.status(rep=rep, as_of=week or as_of)
    if as_json:
        _print_json(result)
    else:
        _print_status(texts(ws.lang), result)


@cli.command()
@_workspace_option
@click.option("--week", metavar="W", help="Like 2026-W47; the last week that has ended by default.")
@click.option("--rep", "reps", multiple=True, help="Only this rep; may be repeated.")
@click.option("--jobs", "n_workers", type=click.IntRange(1, 64), metavar="N", help="Reports made at the same time.")
@click.option("--force", is_flag=True, help="Make again what is finished.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write; the workspace's reports folder."
)
@_json_option
def report(
    ws: Workspace,
    week: str | None,
    reps: tuple[str, ...],
    n_workers: int | None,
    force: bool,
    dry_run: bool,
    out: Path | None,
    as_json: bool,
) -> None:
    """Make the weekly report of every rep, and the team's.

    \b
    Example:
      coverage-kit report --week 2026-W47
    """
    from coverage_kit.reporting.run import report_week

    result = report_week(
        ws, week=week, reps=reps, out=out, n_workers=n_workers, force=force, dry_run=dry_run, progress=not as_json
    )
    if as_json:
        _print_json(result.as_json())
    else:
        _print_report(texts(ws.lang), result, dry_run)
    if result.failed:
        click.get_current_context().exit(1)


@cli.command()
@_workspace_option
def lab(ws: Workspace) -> None:
    """Open the workspace's notebooks in JupyterLab, on this machine only.

    \b
    Example:
      coverage-kit lab
    """
    _serve(ws, "jupyterlab", [str(ws.path / "notebooks")])


@cli.command()
@_workspace_option
def app(ws: Workspace) -> None:
    """Open the workspace's notebooks as pages without code, on this machine only.

    \b
    Example:
      coverage-kit app
    """
    _serve(ws, "voila", [str(ws.path / "notebooks"), "--Voila.ip=127.0.0.1"])


def main() -> None:
    """Run the command line; our own errors become one line on stderr and an exit code."""
    try:
        code = cli.main(standalone_mode=False)
    except CoverageKitError as exc:
        click.echo(f"coverage-kit: {exc.text(_lang())}", err=True)
        code = exc.exit_code
    except click.exceptions.Abort:
        code = _EXIT_INTERRUPTED
    except KeyboardInterrupt:
        code = _EXIT_INTERRUPTED
    except click.ClickException as exc:
        exc.show()
        code = exc.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _lang() -> str:
    """The language for an error: the environment's, since the workspace may be what is wrong."""
    return "ko" if os.environ.get("COVERAGE_KIT_LANG", os.environ.get("LANG", "")).startswith("ko") else "en"


def _mapping(pairs: tuple[str, ...]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        theirs, sign, ours = pair.rpartition("=")
        if not sign or not theirs.strip() or not ours.strip():
            raise BadInput("import.map", N_('--map "{pair}" is not of the form "theirs=ours".'), pair=pair[:60])
        mapping[theirs.strip()] = ours.strip()
    return mapping


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


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
    for problem in result.problems[:_LISTED]:
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


def _print_status(t: Texts, result: dict[str, Any]) -> None:
    click.echo(t(N_("{week}, as of {as_of}"), week=result["week"], as_of=result["as_of"]))
    rows = [*((scope["rep"], scope) for scope in result["reps"])]
    rows += [(t(N_("(no owner)")), result["unowned"]), (t(N_("Team")), result["team"])]
    for name, scope in rows:
        line = t(
            N_("{accounts} accounts · known {known} · named {named} · people {persons}"),
            accounts=t.number(scope["accounts"]),
            known=t.rate(scope["known"], scope["required"]),
            named=t.rate(scope["named"], scope["required"]),
            persons=t.number(scope["persons"]),
        )
        click.echo(f"  {name:<16} {line}")
    if not result["team"]["required"]:
        click.echo(t(N_("No required slots yet. Next: coverage-kit import accounts FILE.csv")))


def _print_report(t: Texts, result: Any, dry_run: bool) -> None:
    made = N_("Would be made:") if dry_run else N_("Made:")
    for title, paths in ((made, result.made), (N_("Finished before, kept:"), result.skipped)):
        if paths:
            click.echo(t(title))
            for path in paths:
                click.echo(f"  {path}")
    for failure in result.failed:
        click.echo(t(N_("Failed: {rep}: {reason}"), **failure), err=True)
    if result.failed:
        click.echo(t(N_("The others are whole. Mend the cause and run the same command again.")), err=True)
    if result.index and not dry_run:
        click.echo(t(N_("Open first: {path}"), path=result.index))


def _serve(ws: Workspace, module: str, arguments: list[str]) -> None:
    """Replace this process by a server that listens on this machine only and asks for a token."""
    root = ["--allow-root"] if module == "jupyterlab" and hasattr(os, "geteuid") and os.geteuid() == 0 else []
    local = ["--ServerApp.ip=127.0.0.1"] if module == "jupyterlab" else []
    os.environ["COVERAGE_KIT_WORKSPACE"] = str(ws.path.absolute())
    ws.close()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments, *local, *root])
