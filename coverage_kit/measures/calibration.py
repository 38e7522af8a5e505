"""Claim and coverage side by side, with no verdict.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit.measures.history import History
from coverage_kit.measures.log import Log, pick
from coverage_kit.measures.schema import CALIBRATION


def calibration(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """How far apart are what was claimed and what was known at that moment?

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    rep : str, optional

    Returns
    -------
    DataFrame
        One row a claim, oldest first (``schema.CALIBRATION``): ``account`` is None where the whole territory was
        meant; ``claimed`` and ``difference`` are shares (claim − coverage, −1 to 1), ``known`` and ``required`` slots
        at the instant of the claim.
    """
    claims = history.as_of("claim", at)
    claims = claims if rep is None else claims.loc[claims["rep_id"] == rep]
    records = []
    accounts = history.log("account")
    for row in claims.sort_values(["at", "id"]).to_dict("records"):
        then = history.snapshot(row["at"])
        code = None if row["account_id"] is None else accounts.code_of(row["account_id"])
        counts = then.counts(history.rep_code(row["rep_id"]), code)
        required, known = counts["required"], counts["known"]
        claimed = row["share"] if pd.isna(row["n"]) else row["n"] / required if required else None
        records.append(
            {
                "claim": row["id"],
                "rep": row["rep_id"],
                "account": row["account_id"],
                "account_name": None if code is None else _name(accounts, code, row["at"]),
                "at": row["at"],
                "claimed": claimed,
                "known": known,
                "required": required,
                "difference": claimed - known / required if required and claimed is not None else None,
            }
        )
    return CALIBRATION.conform(pd.DataFrame(records, columns=CALIBRATION.names))


def _name(accounts: Log, code: int, at: int) -> str | None:
    """Name of an account at an instant."""
    name: str | None = pick(accounts.texts("name"), accounts.lookup(at)[[code]])[0]
    return name


def spread(table: pd.DataFrame) -> tuple[int, float, float, float] | None:
    """How far do the reps of a team lie from what they claim: how many, the least, the median, the greatest difference?

    Parameters
    ----------
    table : DataFrame
        What ``calibration`` gave for the team; each rep's last claim on the whole territory counts.

    Returns
    -------
    tuple or None
        None below two reps, so that nobody is pointed at.
    """
    last = table.loc[table["account"].isna() & table["difference"].notna()].groupby("rep")["difference"].last()
    if len(last) < 2:
        return None
    return len(last), float(last.min()), float(last.median()), float(last.max())
