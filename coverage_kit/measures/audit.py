"""The truth about a contact database: who was confirmed, who is gone, and who was never checked.

Source: the method, sections 1, 4 (ghost rate) and 5 (docs/reference/method.md).
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.vocabulary import AccountStatus, EndKind, EventKind
from coverage_kit.measures.ends import current_jobs, recorded_at
from coverage_kit.measures.history import History
from coverage_kit.measures.schema import AUDIT

#: Every contact is in one of these.
STATES = ("confirmed", "stale", "never_checked", "role_changed", *(kind.value for kind in EndKind))
_COUNTS = ["contacts", *STATES, "no_role"]


def audit(history: History, at: int, source_dates: pd.DataFrame, *, rep: str | None = None) -> pd.DataFrame:
    """What is true of the contacts of each account?

    Parameters
    ----------
    history : History
    at : int
        Instant in UTC milliseconds.
    source_dates : DataFrame
        When sources last updated an account's contacts and last added one: ``account_id updated_on added_on`` (days as
        text or None), as of the instant.
    rep : str, optional
        Only accounts that this rep owns at the instant.

    Returns
    -------
    DataFrame
        One row an active account with contacts, those with most contacts that nobody confirmed first: ``account
        account_name rep``; ``contacts`` (people), each in one of ``confirmed`` (checked within 180 days), ``stale``,
        ``never_checked``, ``role_changed`` (found in another role, and not checked since), ``left``, ``retired``,
        ``moved``; ``no_role`` (people still there, in no required role); ``days_since_update`` and
        ``days_since_added`` by the sources' own dates, missing where no source has any; ``ghost_days``, from leaving
        to our recording it, summed over those whose last day is known.
    """
    accounts = history.as_of("account", at).set_index("id")
    accounts = accounts.loc[accounts["status"] == AccountStatus.ACTIVE.value]
    if rep is not None:
        accounts = accounts.loc[accounts["owner_id"] == rep]
    marks = pd.concat([_touched(history, at), _untouched(history, at)], ignore_index=True)
    marks = marks.loc[marks["account"].isin(accounts.index)]
    counts = marks.groupby("account")[[*_COUNTS, "ghost_days"]].sum().astype(int)
    ages = _ages(source_dates, history.day(at)).reindex(counts.index)
    table = counts.join(ages).reset_index()
    table = table.assign(
        account_name=table["account"].map(accounts["name"]),
        rep=table["account"].map(accounts["owner_id"]),
        open=table["contacts"] - table["confirmed"],
    )
    return AUDIT.conform(table.sort_values(["open", "account"], ascending=[False, True]).reset_index(drop=True))


def count_waiting(history: History, at: int, *, account: str | None = None) -> int:
    """How many contacts are at accounts that an import found and nobody has confirmed? The audit counts none of them.

    Parameters
    ----------
    history : History
    at : int
        Instant in UTC milliseconds.
    account : str, optional
        Only this account (id).
    """
    found = history.as_of("account", at)
    waiting = found.loc[found["status"] == AccountStatus.UNCONFIRMED.value, "id"]
    if account is not None:
        waiting = waiting.loc[waiting == account]
    others = history.frames["untouched"].loc[lambda f: f["at"] <= at]
    n_others = others.loc[others["account_id"].isin(waiting), "n"].sum()
    return int(history.as_of("employment", at)["account_id"].isin(waiting).sum() + n_others)


def _touched(history: History, at: int) -> pd.DataFrame:
    """One row a contact that somebody has checked, ended or named: its state as 0 or 1 for each of ``STATES``."""
    people, day = history.as_of("employment", at), history.day(at)
    ended_on = pd.to_datetime(people["ended_on"])
    is_gone = people["end_kind"].notna() & ~(ended_on > day)
    checked_on = _checked_on(history, at, people)
    changed_on = _by_id(_role_changes(history, at), people)
    age = (day - checked_on).dt.days
    states = {
        **{kind.value: is_gone & (people["end_kind"] == kind.value) for kind in EndKind},
        "role_changed": changed_on.notna() & ~(checked_on > changed_on),
        "confirmed": age.between(0, FRESHNESS_DAYS),
        "stale": checked_on.notna(),
    }
    state = np.select([found.to_numpy(bool) for found in states.values()], list(states), "never_checked")
    recorded_on = _by_id(_local_days(recorded_at(history, at), history), people)
    ghost = (recorded_on - ended_on).dt.days.clip(lower=0).where(is_gone).fillna(0)
    holders = history.snapshot(at).holder
    holding = history.log("employment").ids[np.unique(holders[holders >= 0])]
    return pd.DataFrame(
        {
            "account": people["account_id"],
            "contacts": 1,
            **{name: (state == name).astype(int) for name in STATES},
            "no_role": (~is_gone & ~people["id"].isin(holding)).astype(int),
            "ghost_days": ghost.astype(int),
        }
    )


def _untouched(history: History, at: int) -> pd.DataFrame:
    """Contacts that nobody has touched since they were written, counted by account."""
    others = history.frames["untouched"].loc[lambda f: f["at"] <= at]
    zeros = dict.fromkeys((*STATES, "ghost_days"), 0)
    counts = dict.fromkeys(("contacts", "never_checked", "no_role"), others["n"])
    return pd.DataFrame({"account": others["account_id"], **zeros, **counts})


def _checked_on(history: History, at: int, people: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    """The day of the last check of each person: that they are there, or that they hold a role there."""
    slots = history.as_of("slot", at)
    of_jobs = pd.to_datetime(people.set_index("id")["verified_on"])
    of_slots = pd.to_datetime(slots.set_index("employment_id")["verified_on"])
    last = pd.concat([of_jobs, of_slots]).groupby(level=0).max()
    return _by_id(last, people)


def _by_id(days: pd.Series[pd.Timestamp], people: pd.DataFrame) -> pd.Series[pd.Timestamp]:
    return pd.to_datetime(days).reindex(people["id"]).set_axis(people.index)


def _role_changes(history: History, at: int) -> pd.Series[pd.Timestamp]:
    """The local day on which another role of a person was last recorded, by employment."""
    events = history.as_of("event", at).loc[lambda f: f["kind"] == EventKind.ROLE_CHANGED.value]
    employment = events["body"].map(lambda body: json.loads(body)["employment"])
    moved = current_jobs(history, at)
    employment = employment.map(lambda job: moved.get(job, job))
    return _local_days(events["at"], history).groupby(employment).max()


def _local_days(at: pd.Series[int], history: History) -> pd.Series[pd.Timestamp]:
    return (
        pd.to_datetime(at.astype("int64"), unit="ms", utc=True)
        .dt.tz_convert(history.zone)
        .dt.tz_localize(None)
        .dt.normalize()
    )


def _ages(source_dates: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Days since the last update and the last addition, by account; the later day where several sources have one."""
    ages = {}
    for name, column in (("days_since_update", "updated_on"), ("days_since_added", "added_on")):
        latest = pd.to_datetime(source_dates[column]).groupby(source_dates["account_id"]).max()
        ages[name] = (day - latest).dt.days.clip(lower=0).astype(float)
    return pd.DataFrame(ages)
