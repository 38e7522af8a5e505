"""The people behind the slots: how fresh what we know of them is, who holds several roles, who has left.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage_kit.domain.ladder import DUE_DAYS
from coverage_kit.domain.vocabulary import AccountStatus, SlotStatus
from coverage_kit.measures.history import History
from coverage_kit.measures.log import Array
from coverage_kit.measures.schema import CONTACTS
from coverage_kit.role_lists.slot_state import Freshness

#: The states of slots that count.
FRESHNESS: tuple[str, ...] = tuple(each.value for each in Freshness if each is not Freshness.OUT)
_DATED = ["freshness_days", "verified_on", "status", "employment", "gone", "known"]


def freshness(slots: pd.DataFrame, day: pd.Timestamp) -> pd.Series[int]:
    """How old are our verifications?

    Parameters
    ----------
    slots : DataFrame
        Required slots (``History.slots``).
    day : Timestamp
        The local day of the instant.

    Returns
    -------
    Series
        Slots that count, by state: ``fresh``, ``due_soon`` (runs out within 30 days), ``stale``, ``never`` verified,
        ``vacant``, ``unknown`` (nobody is written, or the holder has left). They add up to the required slots.
    """
    counts = np.bincount(freshness_codes(slots.loc[slots["counted"], _DATED], day), minlength=len(FRESHNESS))
    return pd.Series(counts, index=list(FRESHNESS)).astype(int)


def freshness_codes(slots: pd.DataFrame, day: pd.Timestamp) -> Array[np.int64]:
    """The state of each slot, as ``freshness`` counts them: its place in ``FRESHNESS``."""
    left = slots["freshness_days"] - (day - slots["verified_on"]).dt.days
    choices = {
        Freshness.VACANT: slots["status"] == SlotStatus.VACANT.value,
        Freshness.UNKNOWN: slots["employment"].isna() | slots["gone"],
        Freshness.NEVER: slots["verified_on"].isna(),
        Freshness.STALE: ~slots["known"],
        Freshness.DUE_SOON: left <= DUE_DAYS,
    }
    return np.select(
        list(choices.values()), [FRESHNESS.index(state) for state in choices], FRESHNESS.index(Freshness.FRESH)
    )


def several_roles(slots: pd.DataFrame) -> pd.DataFrame:
    """Who holds several required roles at one account?

    Returns
    -------
    DataFrame
        One row a person and account: ``person holder title account account_name roles n``; most roles first.
    """
    held = slots.loc[slots["counted"] & slots["named"] & slots["person"].notna()]
    several = held.loc[held.duplicated(["person", "account"], keep=False)]
    table = (
        several.astype({"role": object, "account": object})
        .groupby(["person", "account"])
        .agg(
            holder=("holder", "first"),
            title=("title", "first"),
            account_name=("account_name", "first"),
            roles=("role", list),
            n=("role", "size"),
        )
        .reset_index()
    )
    return table.sort_values(["n", "account", "person"], ascending=[False, True, True]).reset_index(drop=True)


def contacts(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """What is in the contact database of each account, and how much of it is of use?

    Returns
    -------
    DataFrame
        One row an active account with contacts: ``account account_name rep contacts left retired moved
        never_verified unidentified`` (people; *unidentified* are present and tied to no required role).
    """
    accounts = history.as_of("account", at).set_index("id")
    accounts = accounts.loc[accounts["status"] == AccountStatus.ACTIVE.value]
    if rep is not None:
        accounts = accounts.loc[accounts["owner_id"] == rep]
    people = history.as_of("employment", at)
    holders = history.snapshot(at).holder
    holding = history.log("employment").ids[np.unique(holders[holders >= 0])]
    present = people["end_kind"].isna()
    touched = pd.DataFrame(
        {
            "account": people["account_id"],
            "contacts": 1,
            **{kind: (people["end_kind"] == kind).astype(int) for kind in ("left", "retired", "moved")},
            "never_verified": (present & people["verified_on"].isna()).astype(int),
            "unidentified": (present & ~people["id"].isin(holding)).astype(int),
        }
    )
    others = history.frames["untouched"].loc[lambda f: f["at"] <= at]
    untouched = pd.DataFrame(
        {"account": others["account_id"], **dict.fromkeys(("contacts", "never_verified", "unidentified"), others["n"])}
    )
    marks = pd.concat([touched, untouched], ignore_index=True)
    marks = marks.loc[marks["account"].isin(accounts.index)].fillna(0).astype(dict.fromkeys(touched.columns[1:], int))
    table = marks.groupby("account").sum().reset_index()
    named = table.assign(
        account_name=table["account"].map(accounts["name"]), rep=table["account"].map(accounts["owner_id"])
    )
    return CONTACTS.conform(named)
