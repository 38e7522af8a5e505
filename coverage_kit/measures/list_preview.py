"""Effects of role lists before anything is written: the same measures on a history in which the lists are in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from coverage_kit.domain.vocabulary import Rung
from coverage_kit.domain.week import local_day
from coverage_kit.i18n import N_
from coverage_kit.measures.history import History
from coverage_kit.measures.log import Array
from coverage_kit.measures.pace import capacity
from coverage_kit.measures.snapshot import OUTSIDE, Snapshot

#: An account with more required roles is more than people keep up with.
MANY_ROLES = 14
#: What to do about it.
LESS_ROLES = N_(
    "One base list should say who an account is: narrow the conditions of one list, or choose the account's lists by hand."
)

#: By entity and id, the fields that would be written.
Written = Mapping[str, Mapping[str, Mapping[str, object]]]


@dataclass(frozen=True)
class Requirement:
    """What a set of accounts requires.

    Attributes
    ----------
    required, known : int
        Slots.
    checks_a_week, focus_checks_a_week : int
        Verifications a week just to keep all these slots known, and those of the focus lists.
    """

    required: int
    known: int
    checks_a_week: int
    focus_checks_a_week: int


@dataclass(frozen=True)
class ListPreview:
    """What role lists would change at the accounts that they concern.

    Attributes
    ----------
    accounts : tuple of str
        Ids of the accounts that the lists apply to, before or after, or whose required roles change.
    before, after : Requirement
    leaving : tuple of (str, str)
        Account and role of the known slots that would leave the count.
    crowded : tuple of (str, int)
        Account and number of roles, where there would be more than ``MANY_ROLES``.
    """

    accounts: tuple[str, ...]
    before: Requirement
    after: Requirement
    leaving: tuple[tuple[str, str], ...]
    crowded: tuple[tuple[str, int], ...]


def preview_lists(
    frames: dict[str, pd.DataFrame], zone: ZoneInfo, written: Written, lists: Iterable[str], *, at: int
) -> ListPreview:
    """What would change if these rows were written now?

    Parameters
    ----------
    frames : dict of DataFrame
        The history until ``at`` (``store.load_history``).
    zone : ZoneInfo
    written : mapping
        What would be written.
    lists : iterable of str
        Keys of the role lists that are looked at.
    at : int
        When it would be written (UTC milliseconds), after everything in the history.
    """
    # Before and after are counted on one day: at midnight a check that lapses would look like a loss.
    if local_day(at - 1, zone) != local_day(at, zone):
        at += 1
    history = History({**frames, **{name: _with(frames[name], own, at) for name, own in written.items()}}, zone)
    start, end = history.snapshot(at - 1), history.snapshot(at)
    concerned = _under(history, start, at - 1, lists) | _under(history, end, at, lists)
    windows = [each.window.reshape(len(each.account), each.n_roles) for each in (start, end)]
    concerned |= (windows[0] != windows[1]).any(axis=1)
    focus = (history.log("account").frame["focus"] == 1).to_numpy()
    ids, roles = history.log("account").ids.to_numpy(object), history.required_roles.roles.to_numpy(object)
    n_roles = (windows[1] > 0).sum(axis=1)
    left = (start.rung >= Rung.KNOWN) & (end.rung == OUTSIDE)
    keys = np.flatnonzero(left & np.repeat(concerned, end.n_roles))
    return ListPreview(
        accounts=tuple(ids[concerned]),
        before=_requirement(start, concerned, focus),
        after=_requirement(end, concerned, focus),
        leaving=tuple((str(ids[key // end.n_roles]), str(roles[key % end.n_roles])) for key in keys),
        crowded=tuple(
            (str(ids[code]), int(n_roles[code])) for code in np.flatnonzero(concerned & (n_roles > MANY_ROLES))
        ),
    )


def _under(history: History, now: Snapshot, at: int, lists: Iterable[str]) -> Array[np.bool]:
    """Whether one of these lists applies to each account."""
    under = np.zeros(len(now.account), bool)
    there = np.flatnonzero(now.account >= 0)
    under[there] = history.required_roles.requirements(at).names(set(lists))[now.account[there]]
    return under


def _requirement(now: Snapshot, concerned: Array[np.bool], focus: Array[np.bool]) -> Requirement:
    counted = (now.rung > OUTSIDE) & np.repeat(concerned, now.n_roles)
    on_focus = np.repeat((now.account >= 0) & focus[now.account], now.n_roles)
    return Requirement(
        required=int(counted.sum()),
        known=int((counted & (now.rung >= Rung.KNOWN)).sum()),
        checks_a_week=_checks(now.window[counted]),
        focus_checks_a_week=_checks(now.window[counted & on_focus]),
    )


def _checks(windows: Array[np.int32]) -> int:
    return capacity(len(windows), float(windows.mean())) if len(windows) else 0


def _with(frame: pd.DataFrame, written: Mapping[str, Mapping[str, object]], at: int) -> pd.DataFrame:
    """A log with one more version of some things."""
    last = frame.drop_duplicates("id", keep="last").set_index("id")
    blank = dict.fromkeys(frame.columns)
    rows = [
        {
            **(last.loc[key].to_dict() if key in last.index else blank),
            **{name: value for name, value in fields.items() if name in frame.columns},
            "id": key,
            "version": int(last["version"].get(key, 0)) + 1,
            "at": at,
            "is_void": int(bool(fields.get("is_void"))),
        }
        for key, fields in written.items()
    ]
    added = pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes)
    parts = [each for each in (frame, added) if len(each)]
    return pd.concat(parts).sort_values(["id", "version"], kind="stable", ignore_index=True) if parts else frame
