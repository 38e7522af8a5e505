"""What coaching went through: which accounts were walked, which reps were coached, where all are blind, what would go dark.

Source: the method, sections 4 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import EventKind, Rung, StaffFunction
from coverage_kit.measures.coverage import blind_roles, open_slots
from coverage_kit.measures.history import History
from coverage_kit.measures.schema import GOING_DARK


def walked(history: History, at: int) -> pd.Series[int]:
    """When was each account last gone through in a session? Account to UTC milliseconds."""
    events = history.as_of("event", at)
    inside = events.loc[events["kind"] == EventKind.WALKED.value]
    return inside.groupby("account_id")["at"].max()


def coached(history: History, start_at: int, end_at: int) -> pd.DataFrame:
    """Which reps were coached between two instants, and which not? In alphabetical order.

    Returns
    -------
    DataFrame
        One row a rep who is with us: ``rep coached agreed``.
    """
    staff = history.as_of("staff", end_at)
    day = history.day(end_at).date().isoformat()
    here = staff["ended_on"].isna() | (staff["ended_on"].fillna("") > day)
    reps = sorted(staff.loc[here & (staff["function"] == StaffFunction.REP.value), "id"])
    log = history.frames["session"]
    there = log["id"].isin(history.as_of("session", end_at)["id"])
    held = log.loc[(log["at"] > start_at) & (log["at"] <= end_at) & there]
    agreed = held.loc[held["agreed"] == 1, "rep_id"]
    return pd.DataFrame(
        {"rep": reps, "coached": pd.Series(reps).isin(held["rep_id"]), "agreed": pd.Series(reps).isin(agreed)}
    ).astype({"rep": object, "coached": bool, "agreed": bool})


def shared_blind_role(slots: pd.DataFrame) -> str | None:
    """Which one required role are the most territories blind in?

    A role in which somebody found theirs comes first, since the others learn from how. Of these the one with the smallest
    share known; where equal, the one required most often, then the first in alphabetical order.
    """
    table = blind_roles(slots)
    table = table.loc[table["required"] > table["known"]]
    if table.empty:
        return None
    share = table["known"] / table["required"]
    ranked = table.assign(nobody=table["known"] == 0, share=share, role=table["role"].astype(object))
    order = ranked.sort_values(["nobody", "share", "required", "role"], ascending=[True, True, False, True])
    return str(order["role"].iloc[0])


def found_in_role(slots: pd.DataFrame, role: str) -> pd.DataFrame:
    """Who found theirs in a role, and how? In alphabetical order of reps, no ranking.

    Returns
    -------
    DataFrame
        One row a slot that is known: ``rep account account_name verified_on verified_how``.
    """
    own = slots.loc[slots["counted"] & (slots["role"] == role) & (slots["rung"] >= Rung.KNOWN)]
    columns = ["rep", "account", "account_name", "verified_on", "verified_how"]
    return own[columns].astype({"account": object}).sort_values(["rep", "account"]).reset_index(drop=True)


def dark_without_person(slots: pd.DataFrame, person: str) -> pd.DataFrame:
    """If this person goes, which slots go dark?

    Returns
    -------
    DataFrame
        ``account account_name rep role rung after``: every slot they hold, with the rung it would be on.
    """
    return _falling(slots.loc[slots["counted"] & (slots["person"] == person) & ~slots["gone"]], 0)


def dark_without_colleague(slots: pd.DataFrame, staff: str, accounts: Iterable[str] | None = None) -> pd.DataFrame:
    """If this one of ours goes, or hands these accounts over, which slots go dark?

    Returns
    -------
    DataFrame
        ``account account_name rep role rung after``: slots only this colleague can meet; they fall back to what is
        checked.
    """
    own = slots.loc[slots["counted"] & (slots["representative"] == staff) & (slots["rung"] >= Rung.REPRESENTED)]
    if accounts is not None:
        own = own.loc[own["account"].isin(list(accounts))]
    return _falling(own, Rung.KNOWN)


def _falling(slots: pd.DataFrame, after: int) -> pd.DataFrame:
    table = slots.assign(after=int(after))[GOING_DARK.names].astype({"account": object, "role": object})
    return table.sort_values(["account", "role"]).reset_index(drop=True)


def focus_proposal(slots: pd.DataFrame, size: int) -> pd.DataFrame:
    """Which accounts should be on the focus list?

    Parameters
    ----------
    slots : DataFrame
        Required slots of one rep.
    size : int
        How many accounts can be kept known.

    Returns
    -------
    DataFrame
        Every account, those proposed first: ``account account_name value required known open on_list proposed``.
        What is on the list stays in front of equals; then by value times the slots still open, value and key.
    """
    table = open_slots(slots).rename(columns={"focus": "on_list"})
    worth = table["value"].fillna(0) * (1 + table["open"])
    ranked = table.assign(_worth=worth).sort_values(
        ["_worth", "on_list", "value", "account"], ascending=[False, False, False, True]
    )
    return ranked.assign(proposed=np.arange(len(ranked)) < size).drop(columns="_worth").reset_index(drop=True)
