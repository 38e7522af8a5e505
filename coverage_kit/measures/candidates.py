"""The slots with something to do, the weightiest first.

A slot weighs its account's value × the worth of closing it × how likely it closes × how long it has waited; the weights
fall along the ladder, so that closing a slot never raises it.  Source: the method, sections 4 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from coverage_kit.config import AgendaWeights
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.measures.contacts import FRESHNESS, freshness_codes
from coverage_kit.measures.log import Array
from coverage_kit.measures.schema import CANDIDATES

#: What a slot can lack next; a slot is handled by the place of its need in this list, since texts would take long.
NEEDS = ("", "successor", "identify", "never", "due_soon", "stale", "open_path", "assess", "persuade")
DAY_MS = 86_400_000
#: What puts a must-win account first: more than any weight adds up to.
FIRST = 1e6
_AGED = [NEEDS.index(need) for need in ("due_soon", "stale")]
_FACTS = [*CANDIDATES.names[:6], "holder", "title", "phone", "person"]
_WEIGHED = ["value", "last_edit_at", "freshness_days", "verified_on", "status", "employment", "gone"]
_WEIGHED += ["known", "represented", "assessed", "favorable"]


def candidates(
    slots: pd.DataFrame, day: pd.Timestamp, at: int, *, weights: AgendaWeights, busy: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Which slots have something to do, and how much does each weigh?

    Parameters
    ----------
    slots : DataFrame
        Required slots of one rep (``History.slots``).
    day : Timestamp
        The local day of the instant.
    at : int
        The instant, UTC milliseconds.
    weights : AgendaWeights
    busy : DataFrame, optional
        ``account role`` of slots that somebody has committed to work on: they wait for that.

    Returns
    -------
    DataFrame
        ``schema.CANDIDATES``, the weightiest first; equal weights go by account and role, so equal input gives equal
        order.
    """
    ranked = rank_slots(slots, day, at, weights, busy)
    return CANDIDATES.conform(ranked.astype(dict.fromkeys(("account", "role", "reason"), object))).reset_index(
        drop=True
    )


def rank_slots(
    slots: pd.DataFrame,
    day: pd.Timestamp,
    at: int,
    weights: AgendaWeights,
    busy: pd.DataFrame | None,
    first: Collection[str] = (),
) -> pd.DataFrame:
    """The frame of ``candidates``, with accounts, roles and reasons as categories; those of ``first`` accounts lead."""
    own = slots.loc[_workable(slots, busy), [*_FACTS, *_WEIGHED]]
    need, days = _needs(own, day)
    last_edit = own["last_edit_at"].to_numpy()
    waited = np.where(last_edit > 0, (at - last_edit) / DAY_MS, FRESHNESS_DAYS)
    age = np.where(np.isin(need, _AGED), days, waited)
    weight = weights.model_dump()
    score = (
        np.array([weight.get(each, 0.0) for each in NEEDS])[need]
        * _value_factor(own)
        * (0.5 + np.clip(age / FRESHNESS_DAYS, 0, 1) / 2)
        * np.where(own["focus"].to_numpy(bool), weights.focus, 1.0)
        + np.where(own["account"].isin(list(first)).to_numpy(bool), FIRST, 0.0)
    ).round(9)
    rows = np.flatnonzero(need)
    by_account, by_role = (_alphabetical(own[name])[rows] for name in ("account", "role"))
    rows = rows[np.lexsort((by_role, own["role_order"].to_numpy()[rows], by_account, -score[rows]))]
    reason = pd.Categorical.from_codes(need[rows], pd.Index(NEEDS))
    ranked = own[_FACTS].iloc[rows].assign(reason=reason, days=days[rows], score=score[rows])
    return ranked.astype(dict.fromkeys(("account", "role"), "category"))


def _workable(slots: pd.DataFrame, busy: pd.DataFrame | None) -> Array[np.bool]:
    """Slots that count and that nobody has committed to work on.

    A position that was checked and is vacant waits until that check has run out; then it is asked for again.
    """
    vacant = (slots["status"] == SlotStatus.VACANT.value).to_numpy(bool)
    mask = slots["counted"].to_numpy(bool) & ~(vacant & slots["known"].to_numpy(bool))
    if busy is not None and len(busy):
        taken = set(zip(busy["account"], busy["role"], strict=True))
        rows = np.flatnonzero(mask & slots["account"].isin(busy["account"]).to_numpy())
        few = slots[["account", "role"]].iloc[rows]
        mask[rows] = [slot not in taken for slot in zip(few["account"], few["role"], strict=True)]
    return np.asarray(mask)


def _needs(own: pd.DataFrame, day: pd.Timestamp) -> tuple[Array[np.int64], Array[np.float64]]:
    """The next need of each slot, as a position in ``NEEDS``; and the age of its verification in days."""
    state = freshness_codes(own, day)
    is_ = {name: state == code for code, name in enumerate(FRESHNESS)}
    choices = {
        "successor": own["gone"].to_numpy(bool),
        "identify": is_["unknown"] | is_["vacant"],
        **{name: is_[name] for name in ("never", "due_soon", "stale")},
        "open_path": is_["fresh"] & ~own["represented"].to_numpy(bool),
        "assess": is_["fresh"] & ~own["assessed"].to_numpy(bool),
        "persuade": is_["fresh"] & ~own["favorable"].to_numpy(bool),
    }
    need = np.select(list(choices.values()), [NEEDS.index(name) for name in choices], 0)
    return need, (day - own["verified_on"]).dt.days.to_numpy(float)


def _alphabetical(column: pd.Series[str]) -> Array[np.int64]:
    """For each value its place in the alphabet; each distinct value is looked at once."""
    values = pd.Categorical(column)
    names = values.categories.astype(object)
    return np.asarray(pd.Index(np.sort(names)).get_indexer(names)[values.codes])


def _value_factor(own: pd.DataFrame) -> Array[np.float64]:
    """0.5 for the account of least value in the territory to 1.5 for the greatest; unknown is in the middle."""
    accounts = pd.Categorical(own["account"])
    first = np.full(len(accounts.categories), -1)
    first[accounts.codes[::-1]] = np.arange(len(own))[::-1]
    value = pd.Series(np.append(own["value"].to_numpy(float), np.nan)[first])
    factor = 0.5 + value.rank(pct=True).fillna(0.5).to_numpy()
    return np.asarray(factor[accounts.codes])
