"""How a territory develops over the weeks: trend, pace, what a list costs to keep, and where work has stopped.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage_kit.domain.coaching import Outcome
from coverage_kit.domain.vocabulary import EventKind, Rung
from coverage_kit.domain.week import Week
from coverage_kit.measures.history import History
from coverage_kit.measures.movement import earned
from coverage_kit.measures.schema import TREND
from coverage_kit.measures.snapshot import OUTSIDE

_WEEK_MS = 7 * 24 * 3600 * 1000


@dataclass(frozen=True)
class Pace:
    """What recent weeks add up to: the median weekly gain, and where it leads.

    ``gain`` is in slots a week, None before two weeks are known; ``projected`` is in slots, kept between 0 and
    ``required``.
    """

    gain: float | None
    weeks: int
    projected: int | None
    required: int


def began(history: History, rep: str | None = None) -> int | None:
    """When was the first account of the team, or of those a rep ever owned, written down? None where there is none."""
    log = history.frames["account"]
    own = log if rep is None else log.loc[log["id"].isin(log.loc[log["owner_id"] == rep, "id"])]
    return int(own["at"].min()) if len(own) else None


def trend(history: History, instants: Sequence[tuple[Week, int]], rep: str | None = None) -> pd.DataFrame:
    """How has coverage developed, week by week?

    Parameters
    ----------
    history : History
    instants : sequence of (Week, int)
        The weeks, oldest first, with the instant each is looked at (UTC milliseconds).
    rep : str, optional
        Each week over the accounts this rep owned at its end.

    Returns
    -------
    DataFrame
        One row a week: ``week at required named known represented assessed favorable`` (slots) and ``gain``, the
        net move on *known* without what came from the standard or the territory (NaN for the first week).
    """
    records, before = [], None
    owner = None if rep is None else history.rep_code(rep)
    for week, at in instants:
        gain = np.nan if before is None else float(earned(history, before, at, Rung.KNOWN, rep=rep))
        records.append({"week": str(week), "at": at, **history.snapshot(at).counts(owner), "gain": gain})
        before = at
    return TREND.conform(pd.DataFrame(records, columns=TREND.names))


def pace(weeks: pd.DataFrame, *, span: int = 8) -> Pace:
    """At this pace, how many slots will be known in as many weeks again?

    Parameters
    ----------
    weeks : DataFrame
        What ``trend`` gave.
    span : int
        How many weeks back, and ahead.
    """
    required = int(weeks["required"].iloc[-1]) if len(weeks) else 0
    gains = weeks["gain"].dropna().tail(span)
    if len(gains) < 2:
        return Pace(None, len(gains), None, required)
    gain = float(gains.median())
    projected = min(max(round(int(weeks["known"].iloc[-1]) + gain * span), 0), required)
    return Pace(gain, len(gains), projected, required)


def capacity(n_slots: int, window_days: float) -> int:
    """How many verifications a week does it take just to keep these slots known?

    Parameters
    ----------
    n_slots : int
    window_days : float
        The freshness window.

    Returns
    -------
    int
        Verifications a week: 800 accounts × 12 roles at 180 days need 373, 40 accounts 19.
    """
    return round(n_slots * 7 / window_days) if window_days else 0


def verifications(history: History, start_at: int, end_at: int, rep: str | None = None) -> int:
    """How many slots were verified between two instants?"""
    slots = history.frames["slot"]
    written = slots.loc[(slots["at"] > start_at) & (slots["at"] <= end_at)]
    before = slots.groupby("id")["verified_on"].shift()
    changed = written["verified_on"].notna() & (written["verified_on"] != before.loc[written.index])
    changed &= ~written["edit_id"].isin(history.merge_edits)
    done = written.loc[changed]
    if rep is not None:
        accounts = history.as_of("account", end_at)
        done = done.loc[done["account_id"].isin(accounts.loc[accounts["owner_id"] == rep, "id"])]
    return int(done["id"].nunique())


def efforts(history: History, at: int, *, since: int = -1) -> pd.DataFrame:
    """What did people do about accounts until an instant, and after another one?

    An effort is anything written about an account by a person: a slot, an employment, a tie, a note, a try to check
    somebody, a commitment kept; what an import or a merge wrote is none.

    Returns
    -------
    DataFrame
        ``account_id at edit_id``, one row for each thing written.
    """
    events, commitments = history.frames["event"], history.frames["commitment"]
    no_effort = [EventKind.IMPORTED.value, EventKind.MERGED.value]
    unworked = set(events.loc[events["kind"].isin(no_effort), "edit_id"])
    worked = [history.frames[name] for name in ("slot", "employment", "untouched", "note", "tie")]
    worked.append(history.as_of("event", at).loc[lambda f: f["kind"] == EventKind.TRIED.value])
    worked.append(commitments.loc[commitments["account_id"].notna() & (commitments["outcome"] == Outcome.KEPT.value)])
    within = [frame.loc[frame["at"].between(since + 1, at), ["account_id", "at", "edit_id"]] for frame in worked]
    written = pd.concat(within, ignore_index=True)
    return written.loc[~written["edit_id"].isin(unworked)]


def stall(history: History, at: int, *, weeks: int = 3) -> pd.DataFrame:
    """Where do gaps remain with nobody trying?

    Nobody is trying where there is no effort (``efforts``); net gain is none, since honest cleaning would spoil it.

    Returns
    -------
    DataFrame
        One row an owner with open slots: ``rep open idle_weeks stalled``; ``idle_weeks`` is NaN where there never
        was an effort.
    """
    effort = efforts(history, at).groupby("account_id")["at"].max()
    now = history.snapshot(at)
    rung = now.rung.reshape(len(now.account), now.n_roles)
    own = np.flatnonzero((now.owner >= 0) & (rung > OUTSIDE).any(axis=1))
    slots = pd.DataFrame(
        {
            "rep": history.reps[now.owner[own]],
            "open": ((rung[own] > OUTSIDE) & (rung[own] < Rung.KNOWN)).sum(axis=1),
            "last": effort.reindex(history.log("account").ids[own]).to_numpy(float),
        }
    )
    table = slots.groupby("rep").agg(open=("open", "sum"), last=("last", "max")).reset_index()
    idle = np.floor((at - table["last"].astype(float)) / _WEEK_MS)
    table = table.assign(idle_weeks=idle, stalled=(table["open"] > 0) & ~(idle < weeks))
    return table.loc[table["open"] > 0, ["rep", "open", "idle_weeks", "stalled"]].reset_index(drop=True)
