"""What moved between two instants, and why; it closes to the last slot.

Two snapshots are compared, events are never read.  Source: the data model, section 6 (docs/architecture.md).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import STRUCTURAL_CAUSES, Cause, SlotStatus
from coverage_kit.measures.ends import recorded_at
from coverage_kit.measures.history import History
from coverage_kit.measures.log import NEVER, Array, pick
from coverage_kit.measures.schema import MOVES
from coverage_kit.measures.snapshot import OUTSIDE, Snapshot

_CAUSES = np.array([cause.value for cause in Cause], object)
_ORDER = {cause: position for position, cause in enumerate(Cause)}
_OPEN, _VACANT = list(SlotStatus).index(SlotStatus.OPEN), list(SlotStatus).index(SlotStatus.VACANT)
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
    key, owner, cause, from_rung, to_rung = _changes(history, start_at, end_at)
    mine = slice(None) if rep is None else owner == history.rep_code(rep)
    n_roles = max(len(history.required_roles.roles), 1)
    return pd.DataFrame(
        {
            "account": history.log("account").ids.to_numpy(object)[key[mine] // n_roles],
            "role": history.required_roles.roles.to_numpy(object)[key[mine] % n_roles],
            "rep": pick(history.reps.to_numpy(object), owner[mine]),
            "cause": _CAUSES[cause[mine]],
            "from_rung": from_rung[mine].astype(int),
            "to_rung": to_rung[mine].astype(int),
        }
    ).astype(dict.fromkeys(MOVES.names[:4], object))


def earned(history: History, start_at: int, end_at: int, rung: int, *, rep: str | None = None) -> int:
    """How many slots were won on a rung or above, without what came from the standard or the territory?

    Parameters
    ----------
    history : History
    start_at, end_at : int
        UTC milliseconds.
    rung : int
    rep : str, optional

    Returns
    -------
    int
        The net of ``waterfall`` over all causes that are work, below 0 where more was lost than won.
    """
    _, owner, cause, from_rung, to_rung = _changes(history, start_at, end_at)
    counts = ~np.isin(cause, [_ORDER[structural] for structural in STRUCTURAL_CAUSES])
    if rep is not None:
        counts &= owner == history.rep_code(rep)
    return int((to_rung[counts] >= rung).sum()) - int((from_rung[counts] >= rung).sum())


class _Changes(NamedTuple):
    """Slots that moved or changed hands: key, rep's code, position of the cause, rung before and after."""

    key: Array[np.int64]
    owner: Array[np.int64]
    cause: Array[np.int64]
    from_rung: Array[np.int8]
    to_rung: Array[np.int8]


def _changes(history: History, start_at: int, end_at: int) -> _Changes:
    start, end = history.snapshot(start_at), history.snapshot(end_at)
    inside = (start.rung > OUTSIDE) & (end.rung > OUTSIDE)
    owned = start.owners(), end.owners()
    changed = np.flatnonzero((start.rung != end.rung) | (inside & (owned[0] != owned[1])))
    s, e = start.rung[changed], end.rung[changed]
    old, new = owned[0][changed], owned[1][changed]
    cause = _causes(history, start, end, changed, (start_at, end_at))
    handed = inside[changed] & (old != new)
    outside = np.full(len(changed), OUTSIDE, np.int8)
    handover = np.full(len(changed), _ORDER[Cause.ACCOUNT_CHANGED])
    worked = s != e
    parts = [
        (changed[handed], old[handed], handover[handed], s[handed], outside[handed]),
        (changed[handed], new[handed], handover[handed], outside[handed], s[handed]),
        (changed[worked], np.where(e > OUTSIDE, new, old)[worked], cause[worked], s[worked], e[worked]),
    ]
    return _Changes(*(np.concatenate(column) for column in zip(*parts, strict=True)))


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
    ended = history.as_of("employment", end_at).loc[lambda f: f["end_kind"].notna()]
    recorded = ended["id"].map(recorded_at(history, end_at))
    new = ended.loc[recorded > start_at]
    owner = history.as_of("account", end_at).set_index("id")["owner_id"]
    return pd.DataFrame(
        {
            "account": new["account_id"],
            "rep": new["account_id"].map(owner).astype(object),
            "employment": new["id"],
            "end_kind": new["end_kind"],
        }
    ).reset_index(drop=True)


def _causes(
    history: History, start: Snapshot, end: Snapshot, key: Array[np.int64], between: tuple[int, int]
) -> Array[np.int64]:
    """For each changed slot why it moved, as a position among the causes."""
    start_at, end_at = between
    s, e = start.rung[key], end.rung[key]
    required = start.window[key] > 0, end.window[key] > 0
    account = key // max(start.n_roles, 1)
    stayed = (start.account >= 0) & (end.account >= 0)
    by_lists = history.windows_by_lists(start, end, end_at)[key]
    in_or_out = np.where(
        required[0] & required[1],
        _ORDER[Cause.NOT_APPLICABLE],
        np.where(
            stayed[account] & ((by_lists > 0) == required[1]),
            _ORDER[Cause.TEMPLATE_CHANGED],
            _ORDER[Cause.ACCOUNT_CHANGED],
        ),
    )
    newly = end.met[key] & ~start.met[key]
    gain = np.full(len(key), _ORDER[Cause.CORRECTED])
    for bit, cause in enumerate(_GAINS):
        gain[newly >> bit & 1 == 1] = _ORDER[cause]
    loss = _losses(history, start, end, key, by_lists, end_at)
    moved = np.where(e > s, gain, loss)
    merged = np.isin(key, _merged(history, start_at, end_at)) & (moved != _ORDER[Cause.DEPARTED])
    moved = np.where(merged, _ORDER[Cause.ACCOUNT_CHANGED], moved)
    return np.where((s == OUTSIDE) | (e == OUTSIDE), in_or_out, moved)


def _merged(history: History, start_at: int, end_at: int) -> Array[np.int64]:
    """The keys of the slots that a merge wrote between two instants: what they gain came along, and nobody worked for it."""
    if not history.merge_edits:
        return np.zeros(0, np.int64)
    log = history.log("slot")
    by_merge = log.frame["edit_id"].isin(history.merge_edits).to_numpy()
    return history.slot_key[by_merge & (log.at > start_at) & (log.at <= end_at)]


def _losses(
    history: History,
    start: Snapshot,
    end: Snapshot,
    key: Array[np.int64],
    by_lists: Array[np.int32],
    end_at: int,
) -> Array[np.int64]:
    over, void = history.gone(end_at)
    holder, e = start.holder[key], end.rung[key]
    rows = start.row[key], end.row[key]
    status = [pick(history.status, row, _OPEN) for row in rows]
    verified = [pick(history.verified_on, row, NEVER) for row in rows]
    replaced = (holder != end.holder[key]) | (status[0] != status[1])
    on_known = (e == 1) | ((e == 0) & (status[1] == _VACANT))
    rewindowed = on_known & (start.window[key] != end.window[key])
    choices = [
        (pick(void, holder, False), Cause.CORRECTED),
        (pick(over, holder, False), Cause.DEPARTED),
        (replaced, Cause.REPLACED),
        (on_known & (verified[0] != verified[1]), Cause.CORRECTED),
        (rewindowed & (by_lists != end.window[key]), Cause.ACCOUNT_CHANGED),
        (rewindowed, Cause.TEMPLATE_CHANGED),
        (on_known, Cause.LAPSED),
        (e == 2, Cause.REPRESENTATIVE_LOST),
        (e >= 3, Cause.DISPOSITION_FELL),
    ]
    return np.select(
        [mask for mask, _ in choices], [_ORDER[cause] for _, cause in choices], default=_ORDER[Cause.CORRECTED]
    )
