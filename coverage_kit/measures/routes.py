"""Paths to customers: the steps that were taken, and the places where paths stand still.

Planned is what a coach set for a base list and an offering, or what a must-win account has of its own. Actual is never
typed: it follows from what was recorded about the person who holds the position of a step now.

Source: the method, sections 1, 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple, TypedDict, cast

import numpy as np
import pandas as pd

from coverage_kit.domain.coaching import CommitmentKind, Outcome, Route, Stage
from coverage_kit.domain.routes import STAGES, read_steps
from coverage_kit.domain.vocabulary import VerifiedHow
from coverage_kit.measures.history import History, computed_once
from coverage_kit.measures.log import Array
from coverage_kit.measures.schema import PATH_STEPS, PATHS
from coverage_kit.measures.value import Check, Given, Work, recorded, spoken
from coverage_kit.role_lists.applying import read_keys

#: Weeks without anything kept on any step, from which on a path stands still.
STILL_WEEKS = 3
#: The route that a check by talking to the person took.
_ROUTE_OF_CHECK = {
    VerifiedHow.CALL.value: Route.PHONE.value,
    VerifiedHow.MEETING.value: Route.IN_PERSON.value,
    VerifiedHow.REPLY.value: Route.DIGITAL.value,
}
#: A kept commitment of these kinds found or checked a name; whether anybody spoke to the person, the check itself says.
NO_TALK = (CommitmentKind.IDENTIFY.value, CommitmentKind.VERIFY.value)
_RANK = {stage.value: rank for rank, stage in enumerate(STAGES, start=1)}
_OF_SLOT = ["account", "account_name", "rep", "value", "role", "employment", "gone"]
_PLAN = ["account", "offering", "role_list", "is_own", "planned_on", "step", "role", "route", "stage"]


class _Planned(TypedDict):
    """A row of a path or of a departure from one."""

    role_list: str
    account_id: str
    offering: str
    steps: str
    at: int


class Kept(NamedTuple):
    """Something kept with a person: the day, the route where it is known, and the rank of the stage it shows."""

    employment: str
    day: str
    route: str | None
    rank: int


class Reached(NamedTuple):
    """How far a person has come: the rank of the stage (0 before the first), and the routes that led there."""

    rank: int = 0
    routes: frozenset[str] = frozenset()

    @property
    def stage(self) -> Stage | None:
        """The stage; None before the first."""
        return STAGES[self.rank - 1] if self.rank else None

    def with_action(self, bought: bool) -> Reached:
        """The same with the last stage reached, if the person's buying stage says so."""
        return self._replace(rank=len(STAGES)) if bought else self

    def has_taken(self, stage: str) -> bool:
        """Whether a step to this stage is taken."""
        return self.rank >= _RANK[stage]

    def is_other_route(self, stage: str, route: str) -> bool:
        """Whether a step is taken, and by other routes than this one, as far as routes are known."""
        return self.has_taken(stage) and bool(self.routes) and route not in self.routes


def kept_with(checks: Iterable[Check], work: Iterable[Work], given: Iterable[Given], day: date) -> list[Kept]:
    """What was kept with people until a day, and the stage that each shows (``path_steps`` says which).

    Parameters
    ----------
    checks : iterable of Check
        Every version of the slots, slot by slot, oldest first.
    work : iterable of Work
    given : iterable of Given
    day : date
    """
    last = day.isoformat()
    attention, interest, desire = _RANK[Stage.ATTENTION], _RANK[Stage.INTEREST], _RANK[Stage.DESIRE]
    found = [Kept(job, on, _ROUTE_OF_CHECK[how], attention) for job, on, how in spoken(checks, "", last)]
    for each in work:
        is_kept = each.outcome == Outcome.KEPT and each.kind not in NO_TALK
        if is_kept and each.employment and each.done_on and each.done_on <= last:
            found.append(Kept(each.employment, each.done_on, each.route or None, attention))
    for one in given:
        if one.given_on <= last:
            found.append(Kept(one.employment, one.given_on, None, interest))
        if one.received_on and one.received_on <= last:
            found.append(Kept(one.employment, one.received_on, None, desire))
    return found


def reached_by(kept: Iterable[Kept]) -> dict[str, Reached]:
    """How far each person has come, by employment, from the things kept with them."""
    found: dict[str, Reached] = {}
    for each in kept:
        rank, routes = found.get(each.employment, Reached())
        found[each.employment] = Reached(max(rank, each.rank), routes | ({each.route} if each.route else frozenset()))
    return found


@computed_once
def path_steps(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """Which steps of its paths has each account taken?

    The stage that a person has *reached* follows from what was kept with them:

    - attention: a check by call, meeting or reply, or a kept commitment about them (but for finding or checking a name);
    - interest: we gave them value;
    - desire: they said in their own words what they received;
    - action: it stands as their buying stage for this offering, the one thing that no record of ours shows.

    Talks and value belong to the person, so they count for every offering. A step is *taken* once its stage, or a later
    one, is reached. A new holder of the position begins at nothing.

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    rep : str, optional
        Only in the accounts of this rep.

    Returns
    -------
    DataFrame
        One row a step (``schema.PATH_STEPS``), by account, offering and step: where an active account has the offering
        and a base list of it a path. Positions that the account does not require are left out. ``reached`` is the stage,
        None before the first; ``taken`` a flag; ``other_route`` whether it was taken by other routes than planned, as
        far as routes are known; ``last_on`` the last day on which something was kept on this step, with any holder.
    """
    slots = history.slots(at, rep)
    plan = _plan(history, at, rep)
    held = slots.loc[slots["counted"] & slots["account"].isin(plan["account"].unique()), _OF_SLOT]
    held = held.astype({"account": object, "role": object})
    table = plan.merge(held, on=["account", "role"], how="inner", validate="m:1")
    table["employment"] = table["employment"].where(~table["gone"].astype(bool), None)
    holders = _holders(history, at, table)
    kept = kept_with(*recorded(history, at, set(holders["employment"])), history.day(at).date())
    own, bought = reached_by(kept), _bought(history, at)
    far = [
        own.get(job, Reached()).with_action((job, offering) in bought)
        for job, offering in zip(table["employment"], table["offering"], strict=True)
    ]
    planned = list(zip(far, table["stage"], table["route"], strict=True))
    table = table.assign(
        reached=pd.Series([each.stage for each in far], index=table.index, dtype=object),
        taken=np.array([each.has_taken(stage) for each, stage, _ in planned], bool),
        other_route=np.array([each.is_other_route(stage, route) for each, stage, route in planned], bool),
        last_on=_last_days(table, holders, kept),
    )
    return PATH_STEPS.conform(table.sort_values(["account", "offering", "step"]).reset_index(drop=True))


@computed_once
def paths(history: History, at: int, *, rep: str | None = None, weeks: int = STILL_WEEKS) -> pd.DataFrame:
    """Where do paths stand, and which stand still?

    A path stands still when a step is left, and nothing was kept on any of its steps for ``weeks`` weeks: since the last
    day on which something was, or since the path was set if that is later.

    Returns
    -------
    DataFrame
        One row an account and offering (``schema.PATHS``), those that stand still first, then the larger accounts.
        ``steps taken by_other_route`` count steps; ``role route stage`` is the first step that is left, None where all
        are taken; ``idle_weeks`` whole weeks without anything kept.
    """
    steps = path_steps(history, at, rep=rep)
    own = steps.groupby(["account", "offering"], sort=False)
    table = own.agg(
        account_name=("account_name", "first"),
        rep=("rep", "first"),
        value=("value", "first"),
        role_list=("role_list", "first"),
        is_own=("is_own", "first"),
        steps=("step", "size"),
        taken=("taken", "sum"),
        by_other_route=("other_route", "sum"),
        planned_on=("planned_on", "first"),
        last_on=("last_on", "max"),
    ).reset_index()
    left = steps.loc[~steps["taken"]].drop_duplicates(["account", "offering"])
    ahead = left[["account", "offering", "role", "route", "stage"]]
    table = table.merge(ahead, on=["account", "offering"], how="left", validate="1:1")
    since = pd.to_datetime(table[["planned_on", "last_on"]].stack().groupby(level=0).max()).reindex(table.index)
    table["idle_weeks"] = ((history.day(at) - since).dt.days // 7).clip(lower=0)
    table["stands_still"] = table["role"].notna() & (table["idle_weeks"] >= weeks)
    ranked = table.sort_values(["stands_still", "value", "account", "offering"], ascending=[False, False, True, True])
    return PATHS.conform(ranked.reset_index(drop=True))


def _plan(history: History, at: int, rep: str | None) -> pd.DataFrame:
    """The steps planned for each account: inherited from the first of its lists that has a path, or its own."""
    required = history.required_roles.requirements(at)
    log = history.log("account")
    rows = log.rows(at)
    accounts = log.frame.iloc[rows]
    mine = accounts["status"].eq("active").to_numpy()
    if rep is not None:
        mine = mine & accounts["owner_id"].eq(rep).to_numpy()
    sold = [read_keys(own) for own in accounts["offerings"]]
    departures = {(row["account_id"], row["offering"]): row for row in _records(history, "planned_route", at)}
    found: list[tuple[object, ...]] = []
    free: dict[str, Array[np.bool]] = {}
    for row in sorted(_records(history, "path", at), key=lambda row: (row["offering"], row["role_list"])):
        offering, role_list = row["offering"], row["role_list"]
        if offering not in free:
            free[offering] = mine & np.array([offering in own for own in sold], bool)
        here = free[offering] & required.names({role_list})[rows]
        free[offering] = free[offering] & ~here
        for account in accounts["id"].to_numpy(object)[here]:
            own = departures.get((account, offering))
            day = history.day((own or row)["at"]).date().isoformat()
            head = (account, offering, role_list, own is not None, day)
            found += [(*head, n, *step) for n, step in enumerate(read_steps((own or row)["steps"]), start=1)]
    return pd.DataFrame(found, columns=_PLAN).astype({"step": int, "is_own": bool})


def _records(history: History, entity: str, at: int) -> list[_Planned]:
    return cast(list[_Planned], history.as_of(entity, at).to_dict("records"))


def _bought(history: History, at: int) -> set[tuple[str, str]]:
    """Employments whose buying stage for an offering is action."""
    rows = history.as_of("pursuit", at)
    done = rows.loc[rows["stage"] == Stage.ACTION.value]
    return set(zip(done["employment_id"], done["offering"], strict=True))


def _holders(history: History, at: int, steps: pd.DataFrame) -> pd.DataFrame:
    """Everybody who was ever written in a position of these steps: ``account role employment``."""
    slots = history.frames["slot"]
    places = steps[["account", "role"]].drop_duplicates()
    written = slots.loc[(slots["at"] <= at) & slots["employment_id"].notna(), ["account_id", "role", "employment_id"]]
    ever = written.drop_duplicates().set_axis(["account", "role", "employment"], axis=1)
    return ever.merge(places, on=["account", "role"], validate="m:1")


def _last_days(steps: pd.DataFrame, holders: pd.DataFrame, kept: list[Kept]) -> pd.Series[str]:
    """For each step the last day on which something was kept in its position, with any holder; None where nothing was."""
    days: dict[str, str] = {}
    for each in kept:
        days[each.employment] = max(days.get(each.employment, ""), each.day)
    dated = holders.assign(day=holders["employment"].map(days)).dropna(subset="day")
    last = dated.groupby(["account", "role"])["day"].max().to_dict()
    found = [last.get(place) for place in zip(steps["account"], steps["role"], strict=True)]
    return pd.Series(found, index=steps.index, dtype=object)
