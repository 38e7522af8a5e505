"""What people said and wait to be answered; how far each person is with each offering.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage_kit.domain.coaching import VOICES, Stage
from coverage_kit.measures.history import History, computed_once
from coverage_kit.measures.schema import ANSWERED, BY_AGE
from coverage_kit.measures.schema import VOICES as VOICES_FRAME

AGES = ((7, "week"), (30, "month"), (None, "older"))


@computed_once
def voices(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """Which voices wait for an answer, and how long?

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    rep : str, optional
        Only those in the accounts of this rep.

    Returns
    -------
    DataFrame
        One row an unanswered voice (``schema.VOICES``), the oldest first; its words stay in the store.
    """
    notes = history.as_of("note", at)
    day = history.day(at).date().isoformat()
    asked = notes.loc[
        notes["kind"].isin([kind.value for kind in VOICES])
        & ~(notes["answered_on"].notna() & (notes["answered_on"].fillna("") <= day))
    ]
    first = heard_at(history)
    accounts = history.as_of("account", at).set_index("id")
    people = history.as_of("person", at).set_index("id")
    table = pd.DataFrame(
        {
            "note": asked["id"],
            "account": asked["account_id"],
            "account_name": asked["account_id"].map(accounts["name"]),
            "rep": asked["account_id"].map(accounts["owner_id"]),
            "person": asked["person_id"],
            "holder": asked["person_id"].map(people["name"]),
            "kind": asked["kind"],
            "owner": asked["owner_id"],
            "days": ((at - asked["id"].map(first)) // 86_400_000).astype("int64"),
        },
    )
    table = VOICES_FRAME.conform(table)
    own = table if rep is None else table.loc[table["rep"] == rep]
    return own.sort_values(["days", "note"], ascending=[False, True]).reset_index(drop=True)


def heard_at(history: History) -> pd.Series[int]:
    """When each note was written, by id; of one that a merge moved, the day on which it was heard (UTC milliseconds)."""
    notes = history.frames["note"]
    first = notes.groupby("id")["at"].first()
    moved = notes.loc[notes["heard_on"].notna()].groupby("id")["heard_on"].first()
    midnights = pd.to_datetime(moved).dt.tz_localize(history.zone).dt.tz_convert("UTC").dt.tz_localize(None)
    heard = midnights.astype("datetime64[ms]").astype("int64")
    return heard.reindex(first.index).fillna(first).astype("int64")


def by_age(waiting: pd.DataFrame) -> pd.DataFrame:
    """How many voices of each kind wait a week, a month, or longer, and how many days the oldest?

    Returns
    -------
    DataFrame
        One row a kind that occurs: ``kind week month older n oldest``.
    """
    age = waiting["days"].map(lambda days: next(name for most, name in AGES if most is None or days <= most))
    marks = {name: age.eq(name).astype(int) for _, name in AGES}
    frame = pd.DataFrame({"kind": waiting["kind"], **marks, "n": 1}, index=waiting.index)
    table = frame.groupby("kind").sum().assign(oldest=waiting.groupby("kind")["days"].max())
    return BY_AGE.conform(_in_order(table))


@computed_once
def answered(history: History, at: int, start: int, *, rep: str | None = None) -> pd.DataFrame:
    """Of voices that were answered in a span, how many days lay between hearing it and telling the person what was done?

    Parameters
    ----------
    history : History
    at, start : int
        The end of the span and the instant before it, in UTC milliseconds.
    rep : str, optional
        Only those in the accounts of this rep.

    Returns
    -------
    DataFrame
        One row a kind that occurs: ``kind answered days``; days are the median.
    """
    notes = history.as_of("note", at)
    after, until = (history.day(instant).date().isoformat() for instant in (start, at))
    when = notes["answered_on"].fillna("")
    known = notes.loc[notes["kind"].isin([kind.value for kind in VOICES]) & (when > after) & (when <= until)]
    if rep is not None:
        owners = history.as_of("account", at).set_index("id")["owner_id"]
        known = known.loc[known["account_id"].map(owners) == rep]
    first = heard_at(history)
    heard = [history.day(instant) for instant in known["id"].map(first)]
    days = (pd.to_datetime(known["answered_on"]).to_numpy("datetime64[D]") - np.array(heard, "datetime64[D]")).astype(
        float
    )
    frame = pd.DataFrame({"kind": known["kind"].to_numpy(), "days": days})
    return ANSWERED.conform(_in_order(frame.groupby("kind").agg(answered=("days", "size"), days=("days", "median"))))


def _in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by kind, in the order of the method."""
    order = [kind.value for kind in VOICES if kind.value in table.index]
    return table.loc[order].rename_axis("kind").reset_index()


def reach(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """How far are the people in the required roles with each offering?

    Returns
    -------
    DataFrame
        One row an offering and role: ``offering role level attention interest desire action`` (people on exactly that
        stage), in alphabetical order of offerings and the template's of roles; who left is not counted.
    """
    slots = history.slots(at, rep)
    held = slots.loc[slots["employment"].notna() & ~slots["gone"]]
    people = history.as_of("pursuit", at)[["employment_id", "offering", "stage"]]
    joined = held.astype({"role": object}).merge(
        people, left_on="employment", right_on="employment_id", how="inner", validate="m:m"
    )
    stages = {stage.value: joined["stage"].eq(stage.value).astype(int) for stage in Stage}
    frame = joined[["offering", "role", "level", "role_order"]].assign(**stages)
    sums = {stage.value: (stage.value, "sum") for stage in Stage}
    table = frame.groupby(["offering", "role"]).agg(
        level=("level", "first"),
        order=("role_order", "min"),
        **sums,
    )
    return table.reset_index().sort_values(["offering", "order", "role"]).drop(columns="order").reset_index(drop=True)
