"""When the ends of jobs were recorded; a merge moves jobs, and neither ends nor revives one.

Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit.measures.history import History


def recorded_at(history: History, at: int) -> pd.Series[int]:
    """When was the present end of each job first recorded?

    Parameters
    ----------
    history : History
    at : int
        Instant in UTC milliseconds.

    Returns
    -------
    Series
        Job to the instant. A job that goes on after a merge has the instant of the job it continues. Jobs without an
        end are not in it, nor those whose end only a merge wrote.
    """
    log = history.log("employment").frame.loc[lambda f: f["at"] <= at]
    rows = log.loc[~log["edit_id"].isin(history.merge_edits)]
    is_ended = rows["end_kind"].notna() & (rows["is_void"] == 0)
    went_on = is_ended & is_ended.groupby(rows["id"]).shift(fill_value=False)
    found = rows["at"].where(is_ended & ~went_on).groupby(rows["id"]).last()
    own = found.where(is_ended.groupby(rows["id"]).last()).dropna()
    made = log.loc[log["continues"].notna() & (log["version"] == 1)].sort_values("at")
    if made.empty:
        return own.astype("int64")
    instants = own.to_dict()
    for job, before in zip(made["id"], made["continues"], strict=True):
        if before in instants:
            instants.setdefault(job, instants[before])
    return pd.Series(instants, dtype="int64")


def current_jobs(history: History, at: int) -> dict[str, str]:
    """The jobs that a merge moved: by id, the job that continues each one at an instant."""
    jobs = history.as_of("employment", at)
    by_before = dict(jobs.loc[jobs["continues"].notna(), ["continues", "id"]].itertuples(index=False, name=None))
    if not by_before:
        return {}
    before = dict(
        history.log("employment").frame.loc[lambda f: f["continues"].notna(), ["id", "continues"]]
        .itertuples(index=False, name=None)
    )  # fmt: skip
    found = {}
    for start, job in by_before.items():
        key: str | None = start
        while key is not None:
            found[key] = job
            key = before.get(key)
    return found
