"""A random sample of the contacts that nobody has checked."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from coverage_kit.assets.private import require_writable, write_file
from coverage_kit.cli.base import cli, edit_id_option, json_option, print_json, words, workspace_option

if TYPE_CHECKING:
    from coverage_kit.coaching import ContactSample
    from coverage_kit.workspace import Workspace


@cli.command(name="sample-contacts")
@workspace_option
@click.argument("n", type=int, default=30)
@click.option("--rep", help="Only contacts of this rep's accounts.")
@click.option("--seed", type=int, help="The same seed draws the same contacts.")
@click.option("--result", is_flag=True, help="Draw nothing; show the last sample and what was found out.")
@click.option(
    "--sheet", type=click.Path(dir_okay=False, path_type=Path), help="Write a worksheet (HTML) for phone and paper."
)
@edit_id_option
@json_option
def sample_contacts(
    ws: Workspace,
    n: int,
    rep: str | None,
    seed: int | None,
    result: bool,
    sheet: Path | None,
    edit_id: str | None,
    as_json: bool,
) -> None:
    """Draw N contacts (30) that nobody has checked, to learn how many of all are gone.

    Check them on the page of contacts or by phone. --result shows the rate with its 95 % interval.

    \b
    Example:
      coverage-kit sample-contacts 30 --sheet contacts.html
    """
    from coverage_kit.reporting.pages.contact_sheet import contact_sheet, sample_line

    if sheet is not None:
        require_writable(sheet)
    samples, t = ws.coaching.contact_samples, words(ws)
    sample = samples.last() if result else samples.draw(n, rep=rep, seed=seed, edit_id=edit_id)
    if sheet is not None:
        write_file(sheet, contact_sheet(sample, t))
    if as_json:
        print_json(_as_json(sample))
        return
    for i, one in enumerate(sample.contacts, 1):
        parts = [one.account_name, one.name, one.title, one.phone]
        click.echo(f"{i:>3}. {' · '.join(part for part in parts if part)}")
    click.echo(sample_line(sample, t))


def _as_json(sample: ContactSample) -> dict[str, object]:
    rate = sample.rate
    return {
        "rep": sample.rep,
        "seed": sample.seed,
        "of": sample.of,
        "drawn_on": sample.drawn_on.isoformat(),
        "n": rate.n,
        "checked": rate.checked,
        "gone": rate.gone,
        "rate": rate.rate,
        "low": rate.interval.low,
        "high": rate.interval.high,
        "more": rate.more,
        "contacts": [
            {"account": one.account, "person": one.person, "title": one.title, "state": one.state}
            for one in sample.contacts
        ],
    }
