"""The agenda of a session: a ranked, explained list that fits the minutes there are.

Source: the method, sections 4 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable
from typing import Literal, TypedDict, cast

import numpy as np
import pandas as pd

from coverage_kit.config import AgendaWeights
from coverage_kit.i18n import N_, N_n, Plural
from coverage_kit.measures.candidates import DAY_MS, FIRST, NEEDS, rank_slots
from coverage_kit.measures.log import Array
from coverage_kit.measures.schema import AGENDA, ROTATION

#: What to say for each reason.
REASONS: dict[str, str | Plural] = {
    "successor": N_("{holder} has left. Who holds this position now?"),
    "identify": N_("No name yet. Who holds this position?"),
    "never": N_("The name is written, but nobody has checked: is {holder} still there?"),
    "due_soon": N_n(
        "Last confirmed {days} day ago. Is {holder} still there?",
        "Last confirmed {days} days ago. Is {holder} still there?",
        by="days",
    ),
    "stale": N_n(
        "Confirmed too long ago ({days} day). Is {holder} still there?",
        "Confirmed too long ago ({days} days). Is {holder} still there?",
        by="days",
    ),
    "open_path": N_("{holder} is known. Which of us can meet them and deliver value?"),
    "assess": N_("We meet {holder}. How do they feel about us, and why?"),
    "persuade": N_("{holder} is not favorable yet. What value would change that, and who brings it?"),
    "commitment": N_("{what}: due on {due}. Done?"),
    "overdue": N_n(
        "{what}: was due on {due}, {days} day ago. Done?",
        "{what}: was due on {due}, {days} days ago. Done?",
        by="days",
    ),
    "voice": N_n(
        "What {holder} said has waited {days} day for an answer.",
        "What {holder} said has waited {days} days for an answer.",
        by="days",
    ),
    "walk": N_n(
        "Not gone through for {days} day. Is everyone still there?",
        "Not gone through for {days} days. Is everyone still there?",
        by="days",
    ),
    "never_walked": N_("Never gone through so far. Who is still there?"),
}
#: How long an entry takes, in minutes; each further slot of the same call adds one.
MINUTES = {
    "successor": 8, "identify": 8, "never": 6, "due_soon": 6, "stale": 6, "open_path": 8, "assess": 6, "persuade": 10,
    "commitment": 1, "overdue": 1, "voice": 3, "walk": 3, "never_walked": 3,
}  # fmt: skip
_DUE_SOON = NEEDS.index("due_soon")
_OF_NEED = np.array([MINUTES.get(need, 0) for need in NEEDS])
_ASKS = [NEEDS.index(need) for need in ("successor", "identify")]
_CALLS = [NEEDS.index(need) for need in ("successor", "identify", "never", "due_soon", "stale")]
_PER_CALL = 4
_PER_ACCOUNT = 2


class SlotItem(TypedDict):
    """One slot of an entry."""

    role: str
    reason: str
    days: float | None
    holder: str | None
    title: str | None
    phone: str | None


class AgendaItem(TypedDict):
    """One entry of the agenda: a row of the frame. A missing text is None or NaN."""

    account: str
    account_name: str
    focus: bool
    must_win: bool
    role: str | None
    roles: list[str]
    reason: str
    minutes: int
    days: float | None
    due: str | None
    holder: str | None
    title: str | None
    phone: str | None
    slots: list[SlotItem]
    commitment: str | None
    kind: str | None
    note: str | None
    score: float


def agenda(
    slots: pd.DataFrame,
    day: pd.Timestamp,
    at: int,
    *,
    minutes: int = 60,
    weights: AgendaWeights | None = None,
    rotation_weeks: int = 8,
    commitments: pd.DataFrame | None = None,
    voices: pd.DataFrame | None = None,
    walked: pd.Series[int] | None = None,
    must_win: Collection[str] = (),
) -> pd.DataFrame:
    """What should a session be spent on, and why?

    Parameters
    ----------
    slots : DataFrame
        Required slots of one rep (``History.slots``).
    day : Timestamp
        The local day of the instant.
    at : int
        The instant, UTC milliseconds.
    minutes : int
        How long there is; the entries never take longer.
    weights : AgendaWeights, optional
    rotation_weeks : int
        Within so many weekly agendas every focus account comes up.
    commitments : DataFrame, optional
        Open ones: ``commitment kind account account_name role due_on own``; a slot somebody works on waits for that. The
        rep's own come up when they are due, also at other reps' accounts.
    voices : DataFrame, optional
        Unanswered ones (``measures.voices``): ``note account person holder days``.
    walked : Series, optional
        Account to the instant it was last gone through.
    must_win : collection of str
        Accounts whose gaps and voices come before all others.

    Returns
    -------
    DataFrame
        One row an entry (``schema.AGENDA``): commitments that are due, then the weightiest gaps and voices, then the
        focus accounts whose turn it is. ``roles`` are the slots one call covers, ``slots`` the details of each
        (``SlotItem``).
    """
    weights = weights or AgendaWeights()
    one = slots[["account", "account_name", "focus"]].drop_duplicates("account")
    names = one.set_index(one["account"].astype(object))
    due = _due(commitments, names, slots, day, minutes // 5)
    ranked = rank_slots(slots, day, at, weights, commitments, must_win)
    focus = names.loc[names["focus"]].index
    quota = _rotation_quota(len(focus), rotation_weeks, minutes)
    left = minutes - sum(item["minutes"] for item in due)
    waiting = _voice_items(voices, names, slots, weights, must_win)
    chosen = _fill(ranked, waiting, left - quota * MINUTES["walk"])
    seen = {item["account"] for item in chosen}
    left -= sum(item["minutes"] for item in chosen)
    turns = _turns(names, [a for a in focus if a not in seen], walked, at)[: max(left // MINUTES["walk"], 0)]
    items = pd.DataFrame([*due, *chosen, *turns[:quota]], columns=AGENDA.names, dtype=object)
    return AGENDA.conform(items.assign(must_win=items["account"].isin(names.index.intersection(list(must_win)))))


def rotation(slots: pd.DataFrame, walked: pd.Series[int], at: int) -> pd.DataFrame:
    """When was each focus account last gone through?

    Returns
    -------
    DataFrame
        ``account account_name days`` (NaN: never), the next one first.
    """
    names = slots.loc[slots["focus"]].drop_duplicates("account")
    last = walked.reindex(names["account"].astype(object)).to_numpy(float)
    table = pd.DataFrame(
        {
            "account": names["account"].astype(object).to_numpy(),
            "account_name": names["account_name"].to_numpy(),
            "days": np.floor((at - last) / DAY_MS),
            "_at": last,
        }
    )
    ordered = table.sort_values(["_at", "account"], na_position="first", ignore_index=True)
    return ROTATION.conform(ordered)


def _rotation_quota(n_focus: int, weeks: int, minutes: int) -> int:
    """How many accounts an agenda goes through in turn; never more than half of its time."""
    return min(-(-n_focus // weeks), max(minutes // 2, 0) // MINUTES["walk"])


def _item(names: pd.DataFrame, account: str, reason: str) -> AgendaItem:
    """An entry of an account with nothing but its reason."""
    return {
        "account": account,
        "account_name": names["account_name"].get(account, ""),
        "focus": bool(names["focus"].get(account, False)),
        "must_win": False,
        "role": None,
        "roles": [],
        "reason": reason,
        "minutes": MINUTES[reason],
        "days": None,
        "due": None,
        "holder": None,
        "title": None,
        "phone": None,
        "slots": [],
        "commitment": None,
        "kind": None,
        "note": None,
        "score": 0.0,
    }


def _due(
    commitments: pd.DataFrame | None, names: pd.DataFrame, slots: pd.DataFrame, day: pd.Timestamp, limit: int
) -> list[AgendaItem]:
    """The rep's own commitments that fall due within a week, one minute each."""
    if commitments is None or commitments.empty:
        return []
    late = (day - pd.to_datetime(commitments["due_on"])).dt.days
    own = commitments.assign(_late=late).loc[(late >= -7) & commitments["own"]]
    due = own.sort_values(["due_on", "commitment"]).head(limit)
    columns = ("account", "account_name", "role", "due_on", "commitment", "kind", "_late")
    found: list[AgendaItem] = []
    for account, name, role, due_on, key, kind, days in zip(*(due[name].tolist() for name in columns), strict=True):
        item = _item(names, _given(account) or "", "overdue" if days > 0 else "commitment")
        item |= {"account_name": name if _given(account) else "", "days": max(int(days), 0), "due": due_on}
        item |= {"role": _given(role), "roles": [role] if _given(role) else [], "commitment": key, "kind": kind}
        found.append(item)
    return _with_holders(found, [item["role"] for item in found], slots, "role")


def _voice_items(
    voices: pd.DataFrame | None,
    names: pd.DataFrame,
    slots: pd.DataFrame,
    weights: AgendaWeights,
    must_win: Collection[str],
) -> list[AgendaItem]:
    """The voices that wait at the rep's accounts, the weightiest first."""
    if voices is None or voices.empty:
        return []
    own = voices.loc[voices["account"].isin(names.index)]
    columns = ("account", "holder", "note", "days")
    found: list[AgendaItem] = []
    for account, holder, note, days in zip(*(own[name].tolist() for name in columns), strict=True):
        item = _item(names, account, "voice")
        weight = weights.voice * (0.5 + min(days / 30, 1) / 2) * (weights.focus if item["focus"] else 1.0)
        weight += FIRST if account in must_win else 0
        item |= {"days": int(days), "holder": holder, "note": note, "score": round(weight, 9)}
        found.append(item)
    held = _with_holders(found, [_given(person) for person in own["person"].tolist()], slots, "person")
    return sorted(held, key=lambda item: (-item["score"], item["account"], item["note"] or ""))


def _with_holders(
    items: list[AgendaItem], keys: list[str | None], slots: pd.DataFrame, by: Literal["role", "person"]
) -> list[AgendaItem]:
    """Entries with the person to call, found by the slot's role or by the person."""
    wanted = {(item["account"], key) for item, key in zip(items, keys, strict=True) if key is not None}
    if not wanted:
        return items
    rows = slots.loc[slots["account"].isin({account for account, _ in wanted}) & ~slots["gone"]]
    columns = (rows[name].tolist() for name in ("account", by, "holder", "title", "phone"))
    known = {(account, key): facts for account, key, *facts in zip(*columns, strict=True) if (account, key) in wanted}
    for item, key in zip(items, keys, strict=True):
        holder, title, phone = known.get((item["account"], key), (None, None, None))
        item |= {"holder": _given(item["holder"]) or holder, "title": title, "phone": phone}
    return items


def _given(value: object) -> str | None:
    """A text of a frame; None if it is missing."""
    return value if isinstance(value, str) and value else None


def _fill(ranked: pd.DataFrame, voices: list[AgendaItem], minutes: int) -> list[AgendaItem]:
    """The weightiest entries that fit; a few an account, so that the session is not about one account.

    Checks that run out soon come first and take a third of the time at most, so that the session is not all upkeep.
    """
    account = ranked["account"].cat
    by_account = np.argsort(account.codes.to_numpy(), kind="stable")
    starts = np.searchsorted(account.codes.to_numpy()[by_account], np.arange(len(account.categories) + 1))
    score, need = ranked["score"].to_numpy(), ranked["reason"].cat.codes.to_numpy().astype(np.int64)
    each = _OF_NEED[need]
    together = _together(ranked, need)
    used, per_account = np.zeros(len(ranked), bool), np.zeros(len(account.categories), int)
    chosen: list[AgendaItem] = []
    waiting, lapsing = list(voices), minutes // 3
    for i, code in enumerate(account.codes):
        while waiting and waiting[0]["score"] > score[i]:
            minutes = _take(chosen, waiting.pop(0), minutes)
        if minutes < min(MINUTES["never"], MINUTES["assess"]):
            break
        lapses = need[i] == _DUE_SOON
        if used[i] or per_account[code] >= _PER_ACCOUNT or (lapses and each[i] > lapsing):
            continue
        own = by_account[starts[code] : starts[code + 1]]
        group = [row for row in own if not used[row] and together(row) == together(i)][:_PER_CALL]
        takes = int(each[group].max()) + len(group) - 1
        if takes > (min(minutes, lapsing) if lapses else minutes):
            continue
        lapsing -= takes if lapses else 0
        used[group] = True
        per_account[code] += 1
        minutes = _take(chosen, _grouped(ranked.iloc[group], takes), minutes)
    for entry in waiting:
        minutes = _take(chosen, entry, minutes)
    return chosen


def _together(ranked: pd.DataFrame, need: Array[np.int64]) -> Callable[[int], Hashable]:
    """A key of a slot's row, the same for rows that can be worked on together.

    One call checks and asks for several slots, and one conversation covers a person's slots. The name of an executive is
    never asked for in passing; each is looked for separately.
    """
    level, person = ranked["level"].to_numpy(object), ranked["person"].to_numpy(object)
    role = ranked["role"].cat.codes.to_numpy()

    def key(row: int) -> Hashable:
        if need[row] in _ASKS and level[row] == "executive":
            return int(role[row])
        if need[row] in _CALLS:
            return "call"
        return int(need[row]), person[row] if isinstance(person[row], str) else ""

    return key


def _take(chosen: list[AgendaItem], item: AgendaItem, minutes: int) -> int:
    if item["minutes"] > minutes:
        return minutes
    chosen.append(item)
    return minutes - item["minutes"]


def _grouped(rows: pd.DataFrame, minutes: int) -> AgendaItem:
    """One entry for the slots that one call covers."""
    slots = cast(list[SlotItem], rows[list(SlotItem.__annotations__)].astype(object).to_dict("records"))
    first, top = slots[0], rows.iloc[0]
    return {
        "account": top["account"],
        "account_name": top["account_name"],
        "focus": bool(top["focus"]),
        "must_win": False,
        "role": first["role"],
        "roles": [slot["role"] for slot in slots],
        "reason": first["reason"],
        "minutes": minutes,
        "days": first["days"],
        "due": None,
        "holder": first["holder"],
        "title": first["title"],
        "phone": first["phone"],
        "slots": slots,
        "commitment": None,
        "kind": None,
        "note": None,
        "score": top["score"],
    }


def _turns(names: pd.DataFrame, accounts: list[str], walked: pd.Series[int] | None, at: int) -> list[AgendaItem]:
    """Accounts to go through in turn: first those never gone through, then the longest ago."""
    last: dict[str, int] = {} if walked is None else dict(zip(walked.index, walked.tolist(), strict=True))
    found: list[AgendaItem] = []
    for account in sorted(accounts, key=lambda account: (last.get(account, -1), account)):
        item = _item(names, account, "walk" if account in last else "never_walked")
        if account in last:
            item["days"] = (at - last[account]) // DAY_MS
        found.append(item)
    return found
