"""Must-win accounts: whom we do not know where it matters most, and how much work goes elsewhere.

Source: the method, sections 1 and 3 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import partial

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import AccountStatus, Level
from coverage_kit.measures.coverage import coverage
from coverage_kit.measures.history import History
from coverage_kit.measures.pace import efforts
from coverage_kit.measures.schema import DEPTH, MUST_WIN, PILLARS, UNKNOWN_POSITIONS


def must_win(history: History, at: int, quarter: str, managers: Collection[str] | None = None) -> pd.DataFrame:
    """How well do we know the must-win accounts of a quarter?

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    quarter : str
        Such as ``2026-Q4``.
    managers : collection of str, optional
        Only the accounts that these managers chose.

    Returns
    -------
    DataFrame
        One row an account (``schema.MUST_WIN``), the largest first: ``required known``, ``executives`` known,
        ``people`` who hold the known positions, and ``one_person``, the positions that the person holding most of
        them holds, where that is more than one or all that is known. ``manager`` chose it.
    """
    chosen = history.as_of("must_win", at)
    chosen = chosen.loc[chosen["quarter"] == quarter]
    if managers is not None:
        chosen = chosen.loc[chosen["manager_id"].isin(list(managers))]
    manager = chosen.drop_duplicates("account_id").set_index("account_id")["manager_id"]
    table = depth(history, at, manager.index)
    return MUST_WIN.conform(table.assign(manager=table["account"].map(manager)))


def depth(history: History, at: int, accounts: Iterable[str]) -> pd.DataFrame:
    """How well do we know these accounts, and what hangs on one person there?

    Returns
    -------
    DataFrame
        One row an account that is there (``schema.DEPTH``), the largest first; see ``must_win``.
    """
    wanted = tuple(sorted(accounts))
    return history.of_slots(at, ("depth", *wanted), partial(_depth, history, at, wanted))


def _depth(history: History, at: int, accounts: tuple[str, ...]) -> pd.DataFrame:
    rows = history.as_of("account", at).set_index("id")
    rows = rows.loc[rows.index.isin(accounts)]
    slots = history.slots_of(at, rows.index.to_numpy()).astype({"account": object})
    counts = coverage(slots, by=["account"]).set_index("account").reindex(rows.index)
    known = slots.loc[slots["counted"] & slots["known"] & ~slots["gone"]]
    held = known.loc[known["person"].notna()].groupby(["account", "person"], observed=True).size()
    met = known.loc[known["person"].notna() & known["level"].eq(Level.EXECUTIVE.value)]
    executives = met.groupby("account", observed=True).size()
    table = pd.DataFrame(
        {
            "account": rows.index,
            "account_name": rows["name"],
            "rep": rows["owner_id"],
            "value": rows["value"],
            "required": counts["required"],
            "known": counts["known"],
            "executives": executives.reindex(rows.index),
            "people": held.groupby("account").size().reindex(rows.index),
            "one_person": held.groupby("account").max().reindex(rows.index),
        }
    )
    numbers = ["required", "known", "executives", "people", "one_person"]
    table[numbers] = table[numbers].fillna(0).astype(int)
    table["one_person"] = table["one_person"].where((table["one_person"] > 1) | (table["people"] == 1), 0)
    ranked = table.sort_values(["value", "account"], ascending=[False, True], na_position="last")
    return DEPTH.conform(ranked.reset_index(drop=True))


def unknown_positions(history: History, at: int, accounts: Iterable[str]) -> pd.DataFrame:
    """Which positions of these accounts do we not know, and what does each lack?

    Returns
    -------
    DataFrame
        ``account role lacks``, by account and the order of its lists; ``lacks`` is ``nobody`` (no name), ``gone`` (the
        last one left) or ``check`` (not confirmed in time).
    """
    slots = history.slots_of(at, accounts).astype({"account": object, "role": object})
    rows = slots.loc[slots["counted"] & ~slots["known"]].sort_values(["account", "role_order", "role"])
    lacks = np.select([rows["gone"], rows["holder"].isna() & rows["employment"].isna()], ["gone", "nobody"], "check")
    return UNKNOWN_POSITIONS.conform(rows[["account", "role"]].assign(lacks=lacks).reset_index(drop=True))


def pillars(history: History, at: int, accounts: Iterable[str]) -> pd.DataFrame:
    """On whom does an account hang: who holds several of the known positions, or is the only one we know?

    Returns
    -------
    DataFrame
        One row a person: ``account person holder title roles`` (keys with commas), by account, most positions first.
    """
    slots = history.slots_of(at, accounts).astype({"account": object, "role": object})
    known = slots.loc[slots["counted"] & slots["known"] & ~slots["gone"] & slots["person"].notna()]
    held = known.sort_values("role_order").groupby(["account", "person"], as_index=False, sort=False)
    people = held.agg(
        holder=("holder", "first"), title=("title", "first"), roles=("role", ", ".join), n=("role", "size")
    )
    alone = people.groupby("account")["person"].transform("size").eq(1)
    hanging = people.loc[(people["n"] > 1) | alone]
    ranked = hanging.sort_values(["account", "n", "person"], ascending=[True, False, True])
    return PILLARS.conform(ranked.reset_index(drop=True))


def thin_accounts(history: History, at: int, reps: Collection[str], *, limit: int = 5) -> pd.DataFrame:
    """Which of the largest accounts of these reps have no executive whom we know, or one person only?

    Returns
    -------
    DataFrame
        As ``depth`` gives it; accounts without a value come last.
    """
    rows = history.as_of("account", at)
    own = rows.loc[rows["owner_id"].isin(list(reps)) & rows["status"].eq(AccountStatus.ACTIVE.value)]
    table = depth(history, at, own["id"])
    thin = table["required"].gt(0) & (table["executives"].eq(0) | table["people"].le(1))
    return table.loc[thin].head(limit).reset_index(drop=True)


def effort_elsewhere(
    history: History, start_at: int, end_at: int, accounts: Collection[str], reps: Collection[str]
) -> tuple[int, int]:
    """Of the work these reps' accounts had between two instants, how much went to other accounts than these?

    Parameters
    ----------
    history : History
    start_at, end_at : int
        UTC milliseconds; work at the start itself is not counted.
    accounts : collection of str
        The must-win accounts.
    reps : collection of str
        Ids; an account is theirs if they look after it at the end.

    Returns
    -------
    (int, int)
        Edits that touched another account, and all; an edit counts once for each account it touches.
    """
    rows = history.as_of("account", end_at)
    own = rows.loc[rows["owner_id"].isin(list(reps)), "id"]
    work = efforts(history, end_at, since=start_at)
    work = work.loc[work["account_id"].isin(own)].drop_duplicates(["account_id", "edit_id"])
    return int((~work["account_id"].isin(list(accounts))).sum()), len(work)
