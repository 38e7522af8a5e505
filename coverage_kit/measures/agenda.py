"""What an hour is best spent on: a ranked, explained list that fits the minutes there are.

A slot weighs its account's value × what closing it is worth × how likely it closes × how long it has waited; the weights
fall along the ladder, so that closing a slot never raises it.  Source: the method, sections 4 and 6 (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
import pandas as pd

from coverage_kit.config import AgendaWeights
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.i18n import N_, N_n, Plural
from coverage_kit.measures.contacts import FRESHNESS, freshness_codes

#: What to say for each reason.
REASONS: dict[str, str | Plural] = {
    "successor": N_("{holder} has left. Who sits there now?"),
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
    "open_path": N_("{holder} is known. Who of us can meet them and deliver value?"),
    "assess": N_("We meet {holder}. How do they stand towards us, and on what grounds?"),
    "persuade": N_("{holder} is not favorable yet. What value would change that, and who brings it?"),
    "commitment": N_("{what}: promised for {due}. Done?"),
    "overdue": N_n(
        "{what}: promised for {due}, {days} day past. Done?",
        "{what}: promised for {due}, {days} days past. Done?",
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
#: What is decided about a slot in the hour, in minutes; each further slot of the same call adds one.
MINUTES = {
    "successor": 8, "identify": 8, "never": 6, "due_soon": 6, "stale": 6, "open_path": 8, "assess": 6, "persuade": 10,
    "commitment": 1, "overdue": 1, "voice": 3, "walk": 3, "never_walked": 3,
}  # fmt: skip
AGENDA = ["account", "account_name", "focus", "role", "roles", "reason", "minutes", "days", "due", "holder", "title"]
AGENDA += ["phone", "slots", "commitment", "kind", "note", "score"]
_FACTS = ["account", "account_name", "focus", "role", "role_order", "level", "holder", "title", "phone", "person"]
_WEIGHED = ["value", "last_edit_at", "freshness_days", "verified_on", "status", "employment", "gone"]
_WEIGHED += ["known", "represented", "assessed", "favorable"]
_SLOT = ("role", "reason", "days", "holder", "title", "phone")
_SHOWN = ["account", "account_name", "focus", "score", *_SLOT]
#: What a slot can lack next; slots are handled by the place of their need in this list, as texts would take long.
_NEEDS = ["", "successor", "identify", "never", "due_soon", "stale", "open_path", "assess", "persuade"]
_DUE_SOON = _NEEDS.index("due_soon")
_OF_NEED = np.array([MINUTES.get(need, 0) for need in _NEEDS])
_ASKS = [_NEEDS.index(need) for need in ("successor", "identify")]
_CALLS = [_NEEDS.index(need) for need in ("successor", "identify", "never", "due_soon", "stale")]
_PER_CALL = 4
_PER_ACCOUNT = 2
_WINDOW_DAYS = 180
_DAY_MS = 86_400_000


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
        ``account role`` of slots that somebody has promised to work on: they wait for that.

    Returns
    -------
    DataFrame
        ``account account_name focus role role_order level reason days holder title phone person score``, the weightiest first;
        equal weights go by account and role, so equal input gives equal order.
    """
    ranked = _rank(slots, day, at, weights, busy)
    return ranked.astype(dict.fromkeys(("account", "role", "reason"), object)).reset_index(drop=True)


def _rank(
    slots: pd.DataFrame, day: pd.Timestamp, at: int, weights: AgendaWeights, busy: pd.DataFrame | None
) -> pd.DataFrame:
    """What ``candidates`` gives, with accounts, roles and reasons as categories."""
    own = slots.loc[_workable(slots, busy), [*_FACTS, *_WEIGHED]]
    need, days = _needs(own, day)
    last_edit = own["last_edit_at"].to_numpy()
    waited = np.where(last_edit > 0, (at - last_edit) / _DAY_MS, _WINDOW_DAYS)
    age = np.where(np.isin(need, (_DUE_SOON, _NEEDS.index("stale"))), days, waited)
    weight = weights.model_dump()
    score = (
        np.array([weight.get(each, 0.0) for each in _NEEDS])[need]
        * _value_factor(own)
        * (0.5 + np.clip(age / _WINDOW_DAYS, 0, 1) / 2)
        * np.where(own["focus"].to_numpy(bool), weights.focus, 1.0)
    ).round(9)
    rows = np.flatnonzero(need)
    by_account, by_role = (_alphabetical(own[name])[rows] for name in ("account", "role"))
    rows = rows[np.lexsort((by_role, own["role_order"].to_numpy()[rows], by_account, -score[rows]))]
    reason = pd.Categorical.from_codes(need[rows], pd.Index(_NEEDS))
    ranked = own[_FACTS].iloc[rows].assign(reason=reason, days=days[rows], score=score[rows])
    return ranked.astype(dict.fromkeys(("account", "role"), "category"))


def _workable(slots: pd.DataFrame, busy: pd.DataFrame | None) -> np.ndarray:
    """Slots that count and that nobody has promised to work on.

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


def _needs(own: pd.DataFrame, day: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """What each slot lacks next, as a place in ``_NEEDS``; and the age of its verification in days."""
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
    need = np.select(list(choices.values()), [_NEEDS.index(name) for name in choices], 0)
    return need, (day - own["verified_on"]).dt.days.to_numpy(float)


def _alphabetical(column: pd.Series) -> np.ndarray:
    """For each value its place in the alphabet; each distinct value is looked at once."""
    values = pd.Categorical(column)
    names = values.categories.astype(object)
    return np.asarray(pd.Index(np.sort(names)).get_indexer(names)[values.codes])


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
    walked: pd.Series | None = None,
) -> pd.DataFrame:
    """What is this hour spent on, and why?

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
        Open ones: ``commitment kind account account_name role due_on own``; a slot somebody works on waits for that, and
        those that are the rep's own come up when they are due, at whose accounts ever.
    voices : DataFrame, optional
        Unanswered ones (``measures.voices``): ``note account person holder days``.
    walked : Series, optional
        Account to the instant it was last gone through.

    Returns
    -------
    DataFrame
        One row an entry (columns ``AGENDA``): promises that are due, then the weightiest gaps and voices, then the
        focus accounts whose turn it is. ``roles`` are the slots one call covers, ``slots`` tells of each.
    """
    weights = weights or AgendaWeights()
    one = slots[["account", "account_name", "focus"]].drop_duplicates("account")
    names = one.set_index(one["account"].astype(object))
    due = _with_holders(_due(commitments, names, day, minutes // 5), slots, "role")
    ranked = _rank(slots, day, at, weights, commitments)
    focus = names.loc[names["focus"]].index
    quota = _rotation_quota(len(focus), rotation_weeks, minutes)
    left = minutes - sum(e["minutes"] for e in due)
    heard = _with_holders(_voice_entries(voices, names, weights), slots, "person")
    entries = _fill(ranked, heard, left - quota * MINUTES["walk"])
    seen = {entry["account"] for entry in entries}
    left -= sum(entry["minutes"] for entry in entries)
    turns = _turns(names, [a for a in focus if a not in seen], walked, at)[: max(left // MINUTES["walk"], 0)]
    return pd.DataFrame([*due, *entries, *turns[:quota]], columns=AGENDA).astype({"minutes": int})


def rotation(slots: pd.DataFrame, walked: pd.Series, at: int) -> pd.DataFrame:
    """When was each focus account last gone through?

    Returns
    -------
    DataFrame
        ``account account_name days`` (NaN: never), whose turn is next first.
    """
    names = slots.loc[slots["focus"]].drop_duplicates("account")
    last = walked.reindex(names["account"].astype(object)).to_numpy(float)
    table = pd.DataFrame(
        {
            "account": names["account"].astype(object).to_numpy(),
            "account_name": names["account_name"].to_numpy(),
            "days": np.floor((at - last) / _DAY_MS),
            "_at": last,
        }
    )
    return table.sort_values(["_at", "account"], na_position="first").drop(columns="_at").reset_index(drop=True)


def _value_factor(own: pd.DataFrame) -> np.ndarray:
    """0.5 for the account of least value in the territory to 1.5 for the greatest; unknown is in the middle."""
    accounts = pd.Categorical(own["account"])
    first = np.full(len(accounts.categories), -1)
    first[accounts.codes[::-1]] = np.arange(len(own))[::-1]
    value = pd.Series(np.append(own["value"].to_numpy(float), np.nan)[first])
    factor = 0.5 + value.rank(pct=True).fillna(0.5).to_numpy()
    return np.asarray(factor[accounts.codes])


def _rotation_quota(n_focus: int, weeks: int, minutes: int) -> int:
    """How many accounts an agenda goes through in turn; never more than half of its time."""
    return min(-(-n_focus // weeks), max(minutes // 2, 0) // MINUTES["walk"])


def _blank(names: pd.DataFrame, account: str, reason: str, **more: Any) -> dict[str, Any]:
    return {
        **dict.fromkeys(AGENDA),
        "account": account,
        "account_name": names["account_name"].get(account),
        "focus": bool(names["focus"].get(account, False)),
        "reason": reason,
        "minutes": MINUTES[reason],
        "roles": [],
        "slots": [],
        "score": 0.0,
        **more,
    }


def _due(
    commitments: pd.DataFrame | None, names: pd.DataFrame, day: pd.Timestamp, minutes: int
) -> list[dict[str, Any]]:
    if commitments is None or commitments.empty:
        return []
    late = (day - pd.to_datetime(commitments["due_on"])).dt.days
    rows = (
        commitments.assign(_late=late)
        .loc[(late >= -7) & commitments["own"]]
        .sort_values(["due_on", "commitment"])
        .head(minutes)
    )
    return [
        _blank(
            names,
            row["account"] or "",
            "overdue" if row["_late"] > 0 else "commitment",
            account_name=row["account_name"] if row["account"] else "",
            role=row["role"],
            roles=[row["role"]] if row["role"] else [],
            days=max(int(row["_late"]), 0),
            due=row["due_on"],
            commitment=row["commitment"],
            kind=row["kind"],
        )
        for row in rows.to_dict("records")
    ]


def _with_holders(entries: list[dict[str, Any]], slots: pd.DataFrame, by: str) -> list[dict[str, Any]]:
    """Entries with who is to be called, found by the slot or by the person."""
    wanted = {(entry["account"], entry[by]) for entry in entries if entry[by] is not None}
    if not wanted:
        return entries
    rows = slots.loc[slots["account"].isin({account for account, _ in wanted}) & ~slots["gone"]]
    facts = rows[["account", by, "holder", "title", "phone"]].astype(object).to_dict("records")
    known = {(fact["account"], fact[by]): fact for fact in facts if (fact["account"], fact[by]) in wanted}
    blank = {"holder": None, "title": None, "phone": None}
    for entry in entries:
        fact = known.get((entry["account"], entry[by]), blank)
        entry.update({name: entry.get(name) or fact[name] for name in blank})
    return entries


def _voice_entries(voices: pd.DataFrame | None, names: pd.DataFrame, weights: AgendaWeights) -> list[dict[str, Any]]:
    if voices is None or voices.empty:
        return []
    entries = [
        _blank(
            names,
            row["account"],
            "voice",
            days=int(row["days"]),
            holder=row["holder"],
            person=row["person"],
            note=row["note"],
            score=weights.voice * (0.5 + min(row["days"] / 30, 1) / 2),
        )
        for row in voices.loc[voices["account"].isin(names.index)].to_dict("records")
    ]
    for entry in entries:
        entry["score"] = round(entry["score"] * (weights.focus if entry["focus"] else 1.0), 9)
    return sorted(entries, key=lambda entry: (-entry["score"], entry["account"], entry["note"]))


def _fill(ranked: pd.DataFrame, voices: list[dict[str, Any]], minutes: int) -> list[dict[str, Any]]:
    """The weightiest entries that fit; a few an account, so that the hour is not one account.

    What lapses soon comes first and takes a third of the time at most, so that the hour is not all upkeep.
    """
    account = ranked["account"].cat
    by_account = np.argsort(account.codes.to_numpy(), kind="stable")
    starts = np.searchsorted(account.codes.to_numpy()[by_account], np.arange(len(account.categories) + 1))
    score, need = ranked["score"].to_numpy(), ranked["reason"].cat.codes.to_numpy()
    each = _OF_NEED[need]
    together = _together(ranked, need)
    used, per_account = np.zeros(len(ranked), bool), np.zeros(len(account.categories), int)
    chosen: list[dict[str, Any]] = []
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


def _together(ranked: pd.DataFrame, need: np.ndarray) -> Callable[[int], Hashable]:
    """Of a slot's row what else can be done in one go: one call checks and asks for several slots, one talk covers a person's.

    An executive's name is not asked for in passing; each is looked for apart.
    """
    level, person = ranked["level"].to_numpy(object), ranked["person"].to_numpy(object)
    role = ranked["role"].cat.codes.to_numpy()

    def told(row: int) -> Hashable:
        if need[row] in _ASKS and level[row] == "executive":
            return int(role[row])
        if need[row] in _CALLS:
            return "call"
        return int(need[row]), person[row] if isinstance(person[row], str) else ""

    return told


def _take(chosen: list[dict[str, Any]], entry: dict[str, Any], minutes: int) -> int:
    if entry["minutes"] > minutes:
        return minutes
    chosen.append(entry)
    return minutes - int(entry["minutes"])


def _grouped(rows: pd.DataFrame, minutes: int) -> dict[str, Any]:
    """One entry for the slots that one call covers."""
    told: list[dict[Any, Any]] = rows[_SHOWN].astype(object).to_dict("records")
    first = told[0]
    slots = [{name: slot[name] for name in _SLOT} for slot in told]
    return {
        **dict.fromkeys(AGENDA),
        **first,
        "focus": bool(first["focus"]),
        "roles": [slot["role"] for slot in slots],
        "slots": slots,
        "minutes": minutes,
    }


def _turns(names: pd.DataFrame, accounts: list[str], walked: pd.Series | None, at: int) -> list[dict[str, Any]]:
    last = {} if walked is None else walked.to_dict()
    ordered = sorted(accounts, key=lambda account: (last.get(account, -1), account))
    return [
        _blank(names, account, "walk", days=int((at - last[account]) // _DAY_MS))
        if account in last
        else _blank(names, account, "never_walked")
        for account in ordered
    ]
