"""What an hour is best spent on: a ranked, explained list that fits the minutes there are.

A seat weighs its account's value × what closing it is worth × how likely it closes × how long it has waited; the weights
fall along the ladder, so that closing a seat never raises it.  Source: the method, sections 4 and 6 (docs/method.md).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from coverage_kit.config import AgendaWeights
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.i18n import N_
from coverage_kit.measures.contacts import freshness_state

#: What to say for each reason.
REASONS = {
    "successor": N_("{holder} has left. Who sits there now?"),
    "identify": N_("No name yet. Who holds this position?"),
    "never": N_("The name is written, but nobody has checked: is {holder} still there?"),
    "due_soon": N_("Last confirmed {days} days ago. Is {holder} still there?"),
    "stale": N_("Confirmed too long ago ({days} days). Is {holder} still there?"),
    "open_path": N_("{holder} is known. Who of us can meet them and deliver value?"),
    "assess": N_("We meet {holder}. How do they stand towards us, and on what grounds?"),
    "persuade": N_("{holder} is not favorable yet. What value would change that, and who brings it?"),
    "commitment": N_("{what}: promised for {due}. Done?"),
    "overdue": N_("{what}: promised for {due}, {days} days past. Done?"),
    "voice": N_("What {holder} said has waited {days} days for an answer."),
    "walk": N_("Not gone through for {days} days. Is everyone still there?"),
    "never_walked": N_("Never gone through so far. Who is still there?"),
}
#: What is decided about a seat in the hour, in minutes; each further seat of the same call adds one.
MINUTES = {
    "successor": 8, "identify": 8, "never": 6, "due_soon": 6, "stale": 6, "open_path": 8, "assess": 6, "persuade": 10,
    "commitment": 1, "overdue": 1, "voice": 3, "walk": 3, "never_walked": 3,
}  # fmt: skip
AGENDA = ["account", "account_name", "focus", "role", "roles", "reason", "minutes", "days", "due", "holder", "title"]
AGENDA += ["phone", "seats", "commitment", "kind", "note", "score"]
_FACTS = ["account", "account_name", "focus", "role", "role_order", "level", "holder", "title", "phone", "person"]
_SEAT = ("role", "reason", "days", "holder", "title", "phone")
_SHOWN = ("account", "account_name", "focus", "score", *_SEAT)
_CALLS = ("successor", "identify", "never", "due_soon", "stale")
_PER_CALL = 4
_PER_ACCOUNT = 2
_WINDOW_DAYS = 180
_DAY_MS = 86_400_000


def candidates(
    slots: pd.DataFrame, day: pd.Timestamp, at: int, *, weights: AgendaWeights, busy: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Which seats have something to do, and how much does each weigh?

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
        ``account role`` of seats that somebody has promised to work on: they wait for that.

    Returns
    -------
    DataFrame
        ``account account_name focus role role_order level reason days holder title phone person score``, the weightiest first;
        equal weights go by account and role, so equal input gives equal order.
    """
    own = _workable(slots, busy)
    reason, days = _reasons(own, day)
    last_edit = own["last_edit_at"].to_numpy()
    waited = np.where(last_edit > 0, (at - last_edit) / _DAY_MS, _WINDOW_DAYS)
    age = np.where(np.isin(reason, ("due_soon", "stale")), days, waited)
    score = (
        pd.Series(reason).map(weights.model_dump()).fillna(0.0).to_numpy()
        * _value_factor(own)
        * (0.5 + np.clip(age / _WINDOW_DAYS, 0, 1) / 2)
        * np.where(own["focus"].to_numpy(bool), weights.focus, 1.0)
    ).round(9)
    rows = np.flatnonzero(reason != "")
    by_account, by_role = (_alphabetical(own[name])[rows] for name in ("account", "role"))
    rows = rows[np.lexsort((by_role, own["role_order"].to_numpy()[rows], by_account, -score[rows]))]
    ranked = own.iloc[rows][_FACTS].assign(reason=reason[rows], days=days[rows], score=score[rows])
    plain: pd.DataFrame = ranked.astype({"account": object, "role": object}).reset_index(drop=True)
    return plain


def _workable(slots: pd.DataFrame, busy: pd.DataFrame | None) -> pd.DataFrame:
    """Seats that count and that nobody has promised to work on.

    A position that was checked and is vacant waits until that check has run out; then it is asked for again.
    """
    vacant = (slots["status"] == SlotStatus.VACANT.value).to_numpy(bool)
    mask = slots["counted"].to_numpy(bool) & ~(vacant & slots["known"].to_numpy(bool))
    if busy is not None and len(busy):
        taken = set(zip(busy["account"], busy["role"], strict=True))
        rows = np.flatnonzero(mask & slots["account"].isin(busy["account"]).to_numpy())
        few = slots[["account", "role"]].iloc[rows]
        mask[rows] = [seat not in taken for seat in zip(few["account"], few["role"], strict=True)]
    free: pd.DataFrame = slots.loc[mask]
    return free


def _reasons(own: pd.DataFrame, day: pd.Timestamp) -> tuple[np.ndarray, np.ndarray]:
    """What each seat lacks next, empty where nothing; and the age of its verification in days."""
    state = freshness_state(own, day).to_numpy(object)
    fresh = state == "fresh"
    reason = np.select(
        [
            own["gone"].to_numpy(bool),
            (state == "unknown") | (state == "vacant"),
            *(state == name for name in ("never", "due_soon", "stale")),
            *(fresh & ~own[name].to_numpy(bool) for name in ("represented", "assessed", "favorable")),
        ],
        ["successor", "identify", "never", "due_soon", "stale", "open_path", "assess", "persuade"],
        "",
    )
    return reason, (day - own["verified_on"]).dt.days.to_numpy(float)


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
        Open ones: ``commitment kind account account_name role due_on own``; a seat somebody works on waits for that, and
        those that are the rep's own come up when they are due, at whose accounts ever.
    voices : DataFrame, optional
        Unanswered ones (``measures.voices``): ``note account person holder days``.
    walked : Series, optional
        Account to the instant it was last gone through.

    Returns
    -------
    DataFrame
        One row an entry (columns ``AGENDA``): promises that are due, then the weightiest gaps and voices, then the
        focus accounts whose turn it is. ``roles`` are the seats one call covers, ``seats`` tells of each.
    """
    weights = weights or AgendaWeights()
    one = slots.drop_duplicates("account")[["account", "account_name", "focus"]]
    names = one.set_index(one["account"].astype(object))
    due = _with_holders(_due(commitments, names, day, minutes // 5), slots, "role")
    ranked = candidates(slots, day, at, weights=weights, busy=commitments)
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
        "seats": [],
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
    """Entries with who is to be called, found by the seat or by the person."""
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
    accounts = pd.Categorical(ranked["account"])
    by_account = np.argsort(accounts.codes, kind="stable")
    starts = np.searchsorted(accounts.codes[by_account], np.arange(len(accounts.categories) + 1))
    group_of = _groups(ranked)
    columns = {name: ranked[name].to_numpy(object) for name in _SHOWN}
    score, each = ranked["score"].to_numpy(), ranked["reason"].map(MINUTES).to_numpy()
    used, per_account = np.zeros(len(ranked), bool), np.zeros(len(accounts.categories), int)
    chosen: list[dict[str, Any]] = []
    waiting, lapsing = list(voices), minutes // 3
    for i, code in enumerate(accounts.codes):
        while waiting and waiting[0]["score"] > score[i]:
            minutes = _take(chosen, waiting.pop(0), minutes)
        if minutes < min(MINUTES["never"], MINUTES["assess"]):
            break
        if used[i] or per_account[code] >= _PER_ACCOUNT:
            continue
        own = by_account[starts[code] : starts[code + 1]]
        group = own[(group_of[own] == group_of[i]) & ~used[own]][:_PER_CALL]
        takes = int(each[group].max()) + len(group) - 1
        lapses = columns["reason"][i] == "due_soon"
        if takes > (min(minutes, lapsing) if lapses else minutes):
            continue
        lapsing -= takes if lapses else 0
        used[group] = True
        per_account[code] += 1
        minutes = _take(chosen, _grouped(columns, group, takes), minutes)
    for entry in waiting:
        minutes = _take(chosen, entry, minutes)
    return chosen


def _groups(ranked: pd.DataFrame) -> np.ndarray:
    """What can be done in one go: one call checks and asks for several seats, one talk covers a person's seats.

    An executive's name is not asked for in passing; each is looked for apart.
    """
    reason, role = (ranked[name].to_numpy(object) for name in ("reason", "role"))
    in_passing = ~(np.isin(reason, ("successor", "identify")) & (ranked["level"] == "executive").to_numpy())
    alone = np.where(in_passing, reason + ":" + ranked["person"].fillna("").to_numpy(object), role)
    return np.where(np.isin(reason, _CALLS) & in_passing, "call", alone)


def _take(chosen: list[dict[str, Any]], entry: dict[str, Any], minutes: int) -> int:
    if entry["minutes"] > minutes:
        return minutes
    chosen.append(entry)
    return minutes - int(entry["minutes"])


def _grouped(columns: dict[str, np.ndarray], rows: np.ndarray, minutes: int) -> dict[str, Any]:
    """One entry for the seats that one call covers."""
    first = {name: column[rows[0]] for name, column in columns.items()}
    seats = [{name: columns[name][row] for name in _SEAT} for row in rows]
    return {
        **dict.fromkeys(AGENDA),
        **first,
        "focus": bool(first["focus"]),
        "roles": [seat["role"] for seat in seats],
        "seats": seats,
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
