"""Commitments, how they ended, and why not: counted from the log, so that making one again resets no count.

Source: the method, section 4, and the data model, section 7 (docs/reference/method.md, docs/architecture.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit.domain.coaching import Answer, NotKeptReason, Outcome
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.measures.history import History, computed_once
from coverage_kit.measures.schema import BY_FUNCTION, STATES

_RENAMED = {"id": "commitment", "chain_id": "chain", "account_id": "account", "employment_id": "employment"}
_RENAMED |= {"owner_id": "owner", "rep_id": "rep", "not_kept_reason": "reason", "session_id": "session"}


def commitment_states(versions: pd.DataFrame, at: int, day: pd.Timestamp) -> pd.DataFrame:
    """Which commitments were made by an instant, and what is the state of each?

    Parameters
    ----------
    versions : DataFrame
        Every version of every commitment (``store.load_versions``).
    at : int
        UTC milliseconds; later rows are left out.
    day : Timestamp
        The local day of the instant.

    Returns
    -------
    DataFrame
        One row a commitment (``schema.STATES``), by due day and id. ``state`` is open, overdue, kept, not_kept or
        withdrawn; ``asked_at`` is when it came to its present owner; ``carried`` is how often its chain was moved
        later or not kept, and never falls.
    """
    log = versions.loc[versions["at"] <= at]
    last = log.drop_duplicates("id", keep="last")
    made = log.groupby("id", sort=False)["at"].first()
    came = log.loc[log["owner_id"] != log.groupby("id", sort=False)["owner_id"].shift()]
    came_at = came.groupby("id", sort=False)["at"].last()
    settled = log.loc[log["outcome"].notna()].groupby("id", sort=False)["at"].last()
    table = last.loc[last["is_void"] == 0].rename(columns=_RENAMED)
    ends = table["outcome"].notna()
    late = (day - pd.to_datetime(table["due_on"])).dt.days.where(~ends)
    state = table["outcome"].where(ends, late.gt(0).map({True: "overdue", False: "open"}))
    table = table.assign(
        created_at=table["commitment"].map(made),
        asked_at=table["commitment"].map(came_at),
        settled_at=table["commitment"].map(settled).where(ends),
        state=state,
        days_late=late,
        carried=table["chain"].map(carried(log)).fillna(0).astype(int),
    )
    return STATES.conform(table).sort_values(["due_on", "commitment"]).reset_index(drop=True)


def carried(log: pd.DataFrame) -> pd.Series[int]:
    """How often was each chain of commitments carried over?

    Rows that move the due day later, or end not kept. The date with which an owner first accepts what others asked of
    them is no delay.

    Returns
    -------
    Series
        Chain to the number of times, for the rows given.
    """
    before = log.groupby("id", sort=False)[["due_on", "outcome", "answer"]].shift()
    newly_accepted = log["answer"].eq(Answer.ACCEPTED.value) & before["answer"].ne(Answer.ACCEPTED.value)
    later = before["due_on"].notna() & (log["due_on"].fillna("") > before["due_on"].fillna("")) & ~newly_accepted
    failed = log["outcome"].eq(Outcome.NOT_KEPT.value) & before["outcome"].ne(Outcome.NOT_KEPT.value)
    return (later.astype(int) + failed.astype(int)).groupby(log["chain_id"]).sum()


def with_movement(table: pd.DataFrame, slots: pd.DataFrame) -> pd.DataFrame:
    """AlsoWrite each commitment the rung its slot is on, and whether it got where it was meant to.

    Returns
    -------
    DataFrame
        The table with ``account_name rung moved``; ``moved`` is None where no rung was expected or the slot is not
        counted.
    """
    named = slots.loc[slots["account"].isin(table["account"].unique())].astype({"account": object, "role": object})
    names = named.drop_duplicates("account").set_index("account")["account_name"]
    rungs = named.loc[named["counted"], ["account", "role", "rung"]]
    joined = table.merge(rungs, on=["account", "role"], how="left", validate="m:1")
    known = joined["rung"].notna() & joined["expected_rung"].notna()
    moved = (joined["rung"] >= joined["expected_rung"]).astype(object).where(known, None)
    return joined.assign(account_name=joined["account"].map(names), moved=moved)


def of_week(table: pd.DataFrame, start_at: int, end_at: int, sunday: str) -> pd.DataFrame:
    """What fell due by a week's end and was open when it began, or was settled in it?

    Parameters
    ----------
    table : DataFrame
        What ``commitment_states`` gave for the week's end.
    start_at, end_at : int
        The instants at which the week before and this week end (UTC milliseconds).
    sunday : str
        The week's last day.
    """
    settled = table["settled_at"].gt(start_at) & table["settled_at"].le(end_at)
    due = table["settled_at"].isna() & (table["due_on"] <= sunday)
    return table.loc[settled | due].reset_index(drop=True)


def reasons(table: pd.DataFrame, start_at: int, end_at: int) -> pd.Series[int]:
    """What kept commitments from being kept between two instants?

    Returns
    -------
    Series
        One number for each of the five reasons, most first and then in the vocabulary's order.
    """
    inside = table["settled_at"].gt(start_at) & table["settled_at"].le(end_at)
    counts = table.loc[inside & table["outcome"].eq(Outcome.NOT_KEPT.value), "reason"].value_counts()
    full = counts.reindex([reason.value for reason in NotKeptReason], fill_value=0).astype(int)
    return full.sort_values(ascending=False, kind="stable")


def by_function(table: pd.DataFrame, staff: pd.DataFrame) -> pd.DataFrame:
    """Who carries the work: how many commitments does each of our functions own?

    Parameters
    ----------
    table : DataFrame
        What ``commitment_states`` gave.
    staff : DataFrame
        ``id function`` of our people.

    Returns
    -------
    DataFrame
        One row a function that owns any: ``function n open overdue kept not_kept share`` (share of all, 0–1).
    """
    function = table["owner"].map(staff.set_index("id")["function"])
    marks = {name: table["state"].eq(name).astype(int) for name in ("open", "overdue", "kept", "not_kept")}
    counts = pd.DataFrame({"function": function, "n": 1, **marks}, index=table.index).groupby("function").sum()
    order = [word.value for word in StaffFunction if word.value in counts.index]
    counts = counts.loc[order].rename_axis("function").reset_index()
    return BY_FUNCTION.conform(counts.assign(share=counts["n"] / max(int(counts["n"].sum()), 1)))


def move_outcomes(table: pd.DataFrame) -> pd.DataFrame:
    """Which moves of the playbooks work?

    Parameters
    ----------
    table : DataFrame
        What ``with_movement`` gave, of any period.

    Returns
    -------
    DataFrame
        One row a move that was planned and settled: ``playbook tried kept moved``, in alphabetical order.
    """
    done = table.loc[table["playbook"].notna() & table["outcome"].isin([Outcome.KEPT.value, Outcome.NOT_KEPT.value])]
    kept = done["outcome"].eq(Outcome.KEPT.value)
    marks = pd.DataFrame(
        {
            "playbook": done["playbook"],
            "tried": 1,
            "kept": kept.astype(int),
            "moved": (kept & done["moved"].eq(True)).astype(int),
        }
    )
    return marks.groupby("playbook").sum().reset_index()


def doors(table: pd.DataFrame, slots: pd.DataFrame, *, limit: int = 3, executives_first: bool = False) -> pd.DataFrame:
    """Which doors can only somebody above open?

    Slots of executives on the focus lists who are known and whom nobody can meet, and slots there whose last settled
    commitment was not kept for want of help inside; where somebody other than a rep has an open commitment on the slot
    already, it is left out.

    Parameters
    ----------
    table : DataFrame
        What ``commitment_states`` gave, with ``function`` of the owner.
    slots : DataFrame
        Required slots (``History.slots``).
    limit : int
    executives_first : bool
        Positions of executives come before all others.

    Returns
    -------
    DataFrame
        ``account account_name role carried asked``: where help was asked for first, then what was carried most often,
        then by value.
    """
    place = ["account", "role"]
    done = table.loc[table["settled_at"].notna()].sort_values(["settled_at", "commitment"])
    last = done.drop_duplicates(place, keep="last")
    asked = last.loc[last["reason"] == NotKeptReason.NEED_HELP.value, place].assign(asked=True)
    # A position that was checked and is vacant is known as well, but there is nobody to meet.
    closed = (slots["level"] == "executive") & slots["employment"].notna() & slots["known"] & ~slots["represented"]
    # Where help was asked for the whole account is taken: a few rows are joined, and not those of a team.
    near = slots["counted"] & slots["focus"] & (closed | slots["account"].isin(asked["account"]))
    joined = slots.loc[near].assign(closed=closed[near]).astype({"account": object, "role": object})
    there = table.loc[table["account"].isin(joined["account"])]
    often = there.groupby(place)["carried"].max().rename("carried").reset_index()
    above = there["state"].isin(["open", "overdue"]) & there["function"].ne(StaffFunction.REP.value)
    taken = there.loc[above, place].drop_duplicates().assign(taken=True)
    for marks in (asked, often, taken):
        joined = joined.merge(marks, on=place, how="left", validate="1:1")
    wanted = joined.loc[(joined["closed"] | joined["asked"].eq(True)) & ~joined["taken"].eq(True)]
    ranked = wanted.assign(
        carried=wanted["carried"].fillna(0).astype(int),
        asked=wanted["asked"].eq(True),
        later=(wanted["level"] != "executive") & executives_first,
    ).sort_values(
        ["later", "asked", "carried", "value", "account", "role_order"],
        ascending=[True, False, False, False, True, True],
    )
    return ranked[["account", "account_name", "role", "carried", "asked"]].head(limit).reset_index(drop=True)


@computed_once
def commitments(history: History, at: int) -> pd.DataFrame:
    """All commitments of a history as of an instant, with the movement of their slots.

    Returns
    -------
    DataFrame
        What ``with_movement`` gives, ``rep`` being who owns the account then, and ``function`` that of the owner.
    """
    table = commitment_states(history.frames["commitment"], at, history.day(at))
    staff = history.as_of("staff", at).set_index("id")["function"]
    accounts = history.as_of("account", at).set_index("id")
    rep = table["account"].map(accounts["owner_id"]).where(table["account"].notna(), table["rep"])
    table = table.assign(rep=rep.astype(object), function=table["owner"].map(staff).astype(object))
    # Also where nothing is required any more, as at an account that was closed.
    return with_movement(table, history.slots_of(at, table["account"].dropna().unique())).assign(
        account_name=lambda f: f["account"].map(accounts["name"]).astype(object)
    )
