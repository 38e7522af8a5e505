"""A made-up team in an empty workspace, written as a user would, from a fixed seed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from coverage_kit.assets.paths import folder
from coverage_kit.config import CONFIG_NAME, write_config
from coverage_kit.errors import BadInput
from coverage_kit.exchange import read_playbooks, read_role_lists
from coverage_kit.i18n import N_
from coverage_kit.sample.story import end_of_story, start_clock, tell
from coverage_kit.sample.team import Team
from coverage_kit.store import clear_store
from coverage_kit.store.entities import Account, Person, Staff

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_SIZES = {"small": (3, 60, 8), "case": (12, 7000, 26)}


def fill_workspace(
    ws: Workspace,
    *,
    size: str = "small",
    n_reps: int | None = None,
    n_accounts: int | None = None,
    n_weeks: int | None = None,
    seed: int = 20261122,
    progress: bool = False,
) -> dict[str, int]:
    """Fill a workspace in which nothing was entered yet with a made-up team, and pin its clock to the story's end.

    Parameters
    ----------
    ws : Workspace
    size : str
        ``small`` (3 reps, 60 accounts, 8 weeks) or ``case`` (12 reps, 7,000 accounts, 26 weeks).
    n_reps, n_accounts, n_weeks : int, optional
        Instead of the size's own.
    seed : int
        The same seed gives the same team.
    progress : bool
        Show a progress bar on stderr.

    Returns
    -------
    dict
        What was made: ``reps accounts weeks``.

    Raises
    ------
    BadInput
        Something was entered in this workspace already.
    """
    if any(ws.ledger.columns(entity, ("id",)) for entity in (Account, Staff, Person)):
        raise BadInput(
            "sample.not_empty", N_("Something was entered in this workspace already; make a new one for the sample.")
        )
    reps, accounts, weeks = _SIZES[size]
    reps, accounts, weeks = n_reps or reps, n_accounts or accounts, n_weeks or weeks
    if accounts < reps:
        raise BadInput(
            "sample.too_few", N_("{accounts} accounts are too few for {reps} reps."), accounts=accounts, reps=reps
        )
    templates = read_role_lists(ws.path / "templates" / "roles")
    clear_store(ws.ledger)
    clock = start_clock(ws.zone, weeks)
    ws.ledger.clock = clock
    actor = ws.ledger.actor
    team = Team(ws.ledger, clock, ws.zone, templates, seed, ws.lang)
    made = tell(
        team,
        size=size,
        n_reps=reps,
        n_accounts=accounts,
        n_weeks=weeks,
        playbooks=read_playbooks(folder("templates") / "playbooks.yml"),
        progress=_bar if progress else iter,
    )
    at = end_of_story(team)
    ws.ledger.actor = actor
    moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(ws.zone)
    ws.config = ws.config.model_copy(update={"clock": moment})
    write_config(ws.path / CONFIG_NAME, ws.config)
    return made


def _bar(weeks: list[Any]) -> Any:
    from tqdm import tqdm

    return tqdm(weeks, unit="week", leave=False)
