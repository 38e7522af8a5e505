"""The next things to do in a territory, each with its reason.

A plain, deterministic list: what would fall first, what closing one seat is worth, focus accounts before others.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage_kit.i18n import N_
from coverage_kit.measures.contacts import freshness_state

#: What to say for each reason, most urgent first.
REASONS = {
    "successor": N_("{holder} has left. Who sits there now?"),
    "lapsing": N_("Last confirmed {days} days ago. Is {holder} still there?"),
    "stale": N_("Confirmed too long ago ({days} days). Is {holder} still there?"),
    "never": N_("The name is written, but nobody has checked: is {holder} still there?"),
    "path": N_("{holder} is known. Who of us can meet them and deliver value?"),
    "assess": N_("We meet {holder}. How do they stand towards us, and on what grounds?"),
    "identify": N_("No name yet. Who holds this position?"),
}
_PER_ACCOUNT = 2


def next_things(slots: pd.DataFrame, day: pd.Timestamp, *, limit: int = 8) -> pd.DataFrame:
    """What should be done next, and why?

    Parameters
    ----------
    slots : DataFrame
        Required slots of one rep (``History.slots``).
    day : Timestamp
        The local day of the instant.
    limit : int
        At most so many; at most two an account, so that the list is not one account.

    Returns
    -------
    DataFrame
        ``account account_name role holder title phone reason days focus``; ``reason`` is a key of ``REASONS`` and
        ``days`` the age of the last verification.
    """
    counted = slots.loc[slots["counted"] & (slots["status"] == "open")].copy()
    state = freshness_state(counted, day)
    choices = [
        counted["gone"],
        state == "due_soon",
        state == "stale",
        state == "never",
        (state == "fresh") & ~counted["represented"],
        (state == "fresh") & ~counted["assessed"],
        state == "unknown",
    ]
    counted["reason"] = np.select(choices, list(REASONS), "")
    counted["days"] = (day - counted["verified_on"]).dt.days
    counted["_urgency"] = counted["reason"].map({reason: i for i, reason in enumerate(REASONS)})
    ranked = counted.loc[counted["reason"] != ""].sort_values(
        ["focus", "_urgency", "value", "account", "role_order"], ascending=[False, True, False, True, True]
    )
    few = ranked.loc[ranked.groupby("account", observed=True).cumcount() < _PER_ACCOUNT].head(limit)
    columns = ["account", "account_name", "role", "holder", "title", "phone", "reason", "days", "focus"]
    return few[columns].astype({"account": object, "role": object}).reset_index(drop=True)
