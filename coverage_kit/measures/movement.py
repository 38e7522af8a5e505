"""What moved between two instants, and why; it closes to the last slot.

Two snapshots are compared, events are never read.  Source: the data model, section 6 (docs/architecture.md).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import Cause, SlotStatus
from coverage_kit.measures.history import CONDITIONS, History

#: The rung of a slot that is not in the count.
OUTSIDE = -1
MOVES = ["account", "role", "rep", "cause", "from_rung", "to_rung"]
_GAINS = (Cause.IDENTIFIED, Cause.VERIFIED, Cause.PATH_OPENED, Cause.ASSESSED, Cause.PERSUADED)


def movement(history: History, start_at: int, end_at: int, *, rep: str | None = None) -> pd.DataFrame:
    """Which slots moved up or down between two instants, and for what cause?

    Parameters
    ----------
    history : History
    start_at, end_at : int
        UTC milliseconds.
    rep : str, optional
        Only what enters, leaves or moves in the accounts of this rep.

    Returns
    -------
    DataFrame
        One row a move: ``account role rep cause from_rung to_rung``; −1 is outside the count. A slot whose account
        changed hands leaves the old rep and enters the new one with its opening rung, and the week's work is the
        new rep's.
    """
    start, end = history.slots(start_at), history.slots(end_at)
    index = start.index.union(end.index)
    before, after = start.reindex(index), end.reindex(index)
    s, e = _rungs(before), _rungs(after)
    cause = _causes(history, before, after, s, e, end_at)
    rep_s, rep_e = (frame["rep"].to_numpy(object) for frame in (before, after))
    inside = (s > OUTSIDE) & (e > OUTSIDE)
    handed = inside & (pd.Series(rep_s).fillna("").to_numpy() != pd.Series(rep_e).fillna("").to_numpy())
    outside = np.full(len(index), OUTSIDE)
    account = np.where(pd.isna(after["account"]), before["account"].astype(object), after["account"].astype(object))
    role = np.where(pd.isna(after["role"]), before["role"].astype(object), after["role"].astype(object))
    changed = Cause.ACCOUNT_CHANGED.value
    parts = [
        _moves(account, role, rep_s, changed, s, outside, handed),
        _moves(account, role, rep_e, changed, outside, s, handed),
        _moves(account, role, np.where(e > OUTSIDE, rep_e, rep_s), cause, s, e, s != e),
    ]
    moves = pd.concat(parts, ignore_index=True)
    return moves if rep is None else moves.loc[moves["rep"] == rep].reset_index(drop=True)


def waterfall(moves: pd.DataFrame, rung: int = 2) -> pd.DataFrame:
    """What made the number of slots on a rung or above rise and fall?

    Parameters
    ----------
    moves : DataFrame
        What ``movement`` gave.
    rung : int
        1 named … 5 favorable; 0 for the number of required slots.

    Returns
    -------
    DataFrame
        One row a cause that occurs, in the vocabulary's order: ``cause gained lost net`` (slots). The total at the
        start plus the sum of ``net`` is the total at the end.
    """
    step = (moves["to_rung"] >= rung).astype(int) - (moves["from_rung"] >= rung).astype(int)
    table = (
        pd.DataFrame({"cause": moves["cause"], "gained": step.clip(lower=0), "lost": -step.clip(upper=0), "net": step})
        .groupby("cause")
        .sum()
        .reindex([cause.value for cause in Cause], fill_value=0)
    )
    return table.loc[(table["gained"] > 0) | (table["lost"] > 0)].rename_axis("cause").reset_index()


def cleaned(history: History, start_at: int, end_at: int) -> pd.DataFrame:
    """How many departures were found and recorded between two instants?

    Returns
    -------
    DataFrame
        One row an employment whose end was recorded: ``account rep employment end_kind``.
    """
    ended = [history.as_of("employment", at)[["id", "account_id", "end_kind"]] for at in (start_at, end_at)]
    known_before = set(ended[0].loc[ended[0]["end_kind"].notna(), "id"])
    new = ended[1].loc[ended[1]["end_kind"].notna() & ~ended[1]["id"].isin(known_before)]
    owner = history.as_of("account", end_at).set_index("id")["owner_id"]
    return pd.DataFrame(
        {
            "account": new["account_id"],
            "rep": new["account_id"].map(owner).astype(object),
            "employment": new["id"],
            "end_kind": new["end_kind"],
        }
    ).reset_index(drop=True)


def _rungs(frame: pd.DataFrame) -> np.ndarray:
    counted = frame["counted"].eq(True).to_numpy(bool)
    return np.where(counted, frame["rung"].fillna(OUTSIDE).to_numpy(np.int64), OUTSIDE)


def _causes(
    history: History, before: pd.DataFrame, after: pd.DataFrame, s: np.ndarray, e: np.ndarray, end_at: int
) -> np.ndarray:
    required = [frame["account"].notna().to_numpy() for frame in (before, after)]
    active = history.as_of("account", end_at).query("status == 'active'")["id"]
    account = before["account"].astype(object).where(required[0], after["account"].astype(object))
    was_active = account.isin(set(before["account"].dropna()))
    still_active = account.isin(set(active)) & was_active
    in_or_out = np.where(
        required[0] & required[1],
        Cause.NOT_APPLICABLE.value,
        np.where(still_active, Cause.TEMPLATE_CHANGED.value, Cause.ACCOUNT_CHANGED.value),
    )
    flags = [[frame[name].eq(True).to_numpy(bool) for name in CONDITIONS] for frame in (before, after)]
    gain = np.full(len(s), Cause.CORRECTED.value, object)
    for condition, cause in enumerate(_GAINS):
        gain[flags[1][condition] & ~flags[0][condition]] = cause.value
    loss = _losses(history, before, after, e, end_at)
    return np.where((s == OUTSIDE) | (e == OUTSIDE), in_or_out, np.where(e > s, gain, loss))


def _losses(history: History, before: pd.DataFrame, after: pd.DataFrame, e: np.ndarray, end_at: int) -> np.ndarray:
    over, void = history.gone(end_at)
    code = history.employment_codes(before["employment"])
    held = before["employment"].notna().to_numpy() & (before["status"] == SlotStatus.OPEN.value).to_numpy()
    left = held & np.append(over, False)[code]
    taken_back = held & np.append(void, False)[code]
    replaced = (before["employment"].fillna("") != after["employment"].fillna("")).to_numpy() | (
        before["status"] != after["status"]
    ).to_numpy()
    redated = (before["verified_on"] != after["verified_on"]).to_numpy() & ~(
        before["verified_on"].isna() & after["verified_on"].isna()
    ).to_numpy()
    narrowed = (before["freshness_days"] != after["freshness_days"]).to_numpy()
    on_known = (e == 1) | ((e == 0) & (after["status"] == SlotStatus.VACANT.value).to_numpy())
    choices = [
        (taken_back, Cause.CORRECTED),
        (left, Cause.DEPARTED),
        (replaced, Cause.REPLACED),
        (on_known & redated, Cause.CORRECTED),
        (on_known & narrowed, Cause.TEMPLATE_CHANGED),
        (on_known, Cause.LAPSED),
        (e == 2, Cause.REPRESENTATIVE_LOST),
        (e >= 3, Cause.DISPOSITION_FELL),
    ]
    return np.select(
        [mask for mask, _ in choices], [cause.value for _, cause in choices], default=Cause.CORRECTED.value
    )


def _moves(
    account: np.ndarray,
    role: np.ndarray,
    rep: np.ndarray,
    cause: np.ndarray | str,
    start: np.ndarray,
    end: np.ndarray,
    mask: np.ndarray,
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "account": account[mask],
            "role": role[mask],
            "rep": rep[mask],
            "cause": cause if isinstance(cause, str) else cause[mask],
            "from_rung": start[mask],
            "to_rung": end[mask],
        }
    )
    return frame.astype(
        {"account": object, "role": object, "rep": object, "cause": object, "from_rung": int, "to_rung": int}
    )
