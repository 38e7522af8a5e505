"""Checks that an hour of coaching comes back to: two of last week's, drawn so that anybody draws the same again.

Source: the method, section 5 (docs/reference/method.md).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pandas as pd

from coverage_kit.measures.history import History
from coverage_kit.measures.schema import CHECKS_MADE

#: How many checks an hour draws.
DRAWN = 2


def checks_made(history: History, start_at: int, end_at: int, rep: str) -> pd.DataFrame:
    """Whom did a rep check between two instants?

    Parameters
    ----------
    history : History
    start_at, end_at : int
        UTC milliseconds; two snapshots are compared, so a check that was taken back is none.
    rep : str
        Id of the rep who owns the accounts at the end.

    Returns
    -------
    DataFrame
        One row a person at an account, in the order of their employments: ``employment account account_name person holder
        title verified_on verified_how``.
    """
    end = history.slots(end_at, rep)
    before = history.slots(start_at)["verified_on"].reindex(end.index)
    checked = end.loc[end["counted"] & end["employment"].notna() & ~end["gone"] & end["verified_on"].notna()]
    new = checked.loc[checked["verified_on"] != before.loc[checked.index]]
    once = new.sort_values(["employment", "verified_on"]).drop_duplicates("employment", keep="last")
    return CHECKS_MADE.conform(once[CHECKS_MADE.names].astype({"account": object}).reset_index(drop=True))


def draw(ids: Iterable[str], seed: str, n: int = DRAWN) -> list[str]:
    """A few of these, the same ones whenever they are drawn with the same seed."""
    return sorted(ids, key=lambda each: hashlib.sha256(f"{seed}:{each}".encode()).hexdigest())[:n]
