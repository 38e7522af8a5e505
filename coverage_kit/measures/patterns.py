"""Patterns worth a quiet question to the rep; for the coach alone, never a verdict.

Source: the method, section 5 (docs/reference/method.md).
"""

from __future__ import annotations

import pandas as pd

from coverage_kit.domain.vocabulary import FAVORABLE, VerifiedHow
from coverage_kit.i18n import N_
from coverage_kit.measures.history import History
from coverage_kit.measures.schema import PATTERNS

#: What to ask for each pattern.
QUESTIONS = {
    "many_at_once": N_(
        "{n} checks were written within a minute, without a call, a meeting or a source. How did that go?"
    ),
    "all_favorable": N_("All {n} people whose disposition is written are favorable. Who would be the first to object?"),
    "one_name": N_("{holder} stands in more than three roles at {n} accounts. Who else is there?"),
}
_AT_ONCE = 12
_ASSESSED = 10
_ROLES, _ACCOUNTS = 3, 3
_MINUTE_MS = 60_000
_BACKED = [VerifiedHow.CALL.value, VerifiedHow.MEETING.value, VerifiedHow.REPLY.value, VerifiedHow.PUBLIC_SOURCE.value]


def patterns(history: History, start_at: int, end_at: int, rep: str) -> pd.DataFrame:
    """What would a coach quietly ask this rep about?

    Parameters
    ----------
    history : History
    start_at, end_at : int
        Between which instants it was checked who is there (UTC milliseconds); the rest is looked at as of the end.
    rep : str
        Id of the rep.

    Returns
    -------
    DataFrame
        One row a pattern (keys of ``QUESTIONS``): ``pattern n holder``. Several slots checked in one act, as in one
        call, count as one.
    """
    slots = history.slots(end_at, rep)
    own = slots.loc[slots["counted"]]
    found = [
        _many_at_once(history, start_at, end_at, set(own["account"])),
        _all_favorable(own),
        *_one_name(own),
    ]
    rows = [row for row in found if row is not None]
    return PATTERNS.conform(pd.DataFrame(rows, columns=PATTERNS.names))


def _many_at_once(history: History, start_at: int, end_at: int, accounts: set[str]) -> tuple[object, ...] | None:
    log = history.frames["slot"]
    before = log.groupby("id")["verified_on"].shift()
    checked = log["verified_on"].notna() & (log["verified_on"] != before)
    acts = log.loc[
        checked
        & ~log["edit_id"].isin(history.merge_edits)
        & log["at"].gt(start_at)
        & log["at"].le(end_at)
        & log["account_id"].isin(accounts)
        & ~log["verified_how"].isin(_BACKED)
    ].drop_duplicates("edit_id")
    if acts.empty:
        return None
    at = acts["at"].sort_values().to_numpy()
    most = int((at.searchsorted(at + _MINUTE_MS, side="right") - range(len(at))).max())
    return ("many_at_once", most, None) if most >= _AT_ONCE else None


def _all_favorable(own: pd.DataFrame) -> tuple[object, ...] | None:
    assessed = own.loc[own["assessed"]].drop_duplicates("person")
    alike = len(assessed) >= _ASSESSED and assessed["disposition"].isin(FAVORABLE).all()
    return ("all_favorable", len(assessed), None) if alike else None


def _one_name(own: pd.DataFrame) -> list[tuple[object, ...]]:
    """Two or three roles are normal in small firms; the same name in more of them, at several accounts, is not."""
    held = own.loc[own["named"] & own["holder"].notna()].astype({"account": object})
    roles = held.groupby(["holder", "account"]).size()
    many = roles.loc[roles > _ROLES].groupby("holder").size()
    return [("one_name", int(n), holder) for holder, n in many.loc[many >= _ACCOUNTS].items()]
