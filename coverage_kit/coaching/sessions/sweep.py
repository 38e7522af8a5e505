"""The quiet sweep: a quarter of an hour in which each rep finds out who of the people whose check is due is still there.

Whom it is about is fixed when the step begins; what came of each is read from the ledger, so that it shows the same
whether the coach or the rep wrote it.  Source: the method, section 6 (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import person_events
from coverage_kit.coaching.people import People
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.measures.contacts import FRESHNESS, freshness_codes
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change

#: What can be said of a person: still there, gone in one of three ways, in another role, or that nobody could be reached.
STILL, TRIED = "still", "tried"
_MINUTES, _MINUTES_EACH = 15, 2
_URGENCY = {"due_soon": 0, "stale": 1, "never": 2}
_CHECK = ("verified_on", "verified_by", "verified_how")


@dataclass(frozen=True)
class Due:
    """Somebody whose check was due when the sweep began.

    ``state`` is what was found out since: None, ``still``, ``left``, ``retired``, ``moved``, ``role_changed`` or ``tried``;
    ``edit`` is the edit that said so.
    """

    account: str
    account_name: str
    person: str
    holder: str | None
    title: str | None
    phone: str | None
    roles: tuple[str, ...]
    verified_on: date | None
    state: str | None
    edit: str | None


def learned_changes(
    context: CoachingContext,
    people: People,
    person: str,
    account: Mapping[str, Any],
    state: str,
    *,
    how: str | None = None,
    on: str | None = None,
    title: str | None = None,
    moved_to: str | None = None,
) -> list[Change]:
    """The rows that say what was learned of a person: still there, gone, in another role, or tried in vain.

    Parameters
    ----------
    context : CoachingContext
    people : People
    person : str
        Id or name.
    account : mapping
        The account's row.
    state : str
        ``still left retired moved role_changed tried``.
    how : str, optional
        How a ``still`` was checked.
    on : str, optional
        Since when the person is gone or in another role.
    title, moved_to : str, optional
        The new title; the account the person moved to.
    """
    key = account["id"]
    if state == STILL:
        return people.confirm_changes(person, key, how=str(how))
    if state == TRIED:
        return people.try_changes(person, key)
    if state == "role_changed":
        return people.role_changes(person, key, title=title, on=on)
    left, target = get_account(context.ledger, key), get_account(context.ledger, moved_to).id if moved_to else None
    today = context.today()
    return departure_changes(context.ledger, person, left, kind=state, today=today, ended_on=on, moved_to=target)


def due_lines(context: CoachingContext, rep: str) -> list[dict[str, Any]]:
    """Whom a sweep of this rep is about: focus accounts first, then what runs out first, as many as fit.

    Returns
    -------
    list of dict
        ``account employment roles``; ids and keys only, so that a session can keep them.
    """
    now = context.now()
    history = context.load(rep=rep, until=now)
    slots = history.slots(now, rep).loc[lambda frame: frame["counted"]]
    urgency = np.array([_URGENCY.get(state, np.nan) for state in FRESHNESS])
    own = slots.assign(urgency=urgency[freshness_codes(slots, history.day(now))])
    due = own.dropna(subset=["urgency"]).sort_values(
        ["focus", "urgency", "value", "account", "role_order"], ascending=[False, True, False, True, True]
    )
    lines: dict[str, dict[str, Any]] = {}
    for row in due[["account", "employment", "role"]].to_dict("records"):
        fresh = {"account": row["account"], "employment": row["employment"], "roles": []}
        lines.setdefault(row["employment"], fresh)["roles"].append(row["role"])
    return list(lines.values())[: _MINUTES // _MINUTES_EACH]


def found_out(context: CoachingContext, lines: Iterable[Mapping[str, Any]], since: int) -> list[Due]:
    """Each line of a sweep, and what was found out about it since an instant."""
    lines = list(lines)
    jobs = context.rows("employment", (line["employment"] for line in lines))
    people = context.rows("person", (job["person_id"] for job in jobs.values()))
    accounts = context.rows("account", (line["account"] for line in lines))
    return [
        _due(context, line, jobs[line["employment"]], people, accounts, since)
        for line in lines
        if line["employment"] in jobs
    ]


def _due(
    context: CoachingContext,
    line: Mapping[str, Any],
    job: Mapping[str, Any],
    people: Mapping[str, Mapping[str, Any]],
    accounts: Mapping[str, Mapping[str, Any]],
    since: int,
) -> Due:
    person = people.get(job["person_id"], {})
    said = [*_written(context, job["id"], since), *_events(context, line, since)]
    _, state, edit = max(said, default=(0, None, None))
    return Due(
        line["account"],
        (accounts.get(line["account"]) or {}).get("name") or line["account"],
        job["person_id"],
        person.get("name"),
        job["title"],
        person.get("phone"),
        tuple(line["roles"]),
        date.fromisoformat(job["verified_on"]) if job["verified_on"] else None,
        state,
        edit,
    )


def _written(context: CoachingContext, employment: str, since: int) -> list[tuple[int, str, str]]:
    """The check or departure that stands on an employment and was written since; one that was taken back is none."""
    rows = context.ledger.history("employment", employment)
    before: Mapping[str, Any] = next((row for row in reversed(rows) if row["at"] <= since), {})
    fields = ("end_kind",) if rows[-1]["end_kind"] else _CHECK
    wanted = [rows[-1][name] for name in fields]
    if wanted == [before.get(name) for name in fields] or wanted[0] is None:
        return []
    first = next(row for row in rows if row["at"] > since and [row[name] for name in fields] == wanted)
    return [(first["at"], rows[-1]["end_kind"] or STILL, first["edit_id"])]


def _events(context: CoachingContext, line: Mapping[str, Any], since: int) -> list[tuple[int, str, str]]:
    states = {EventKind.ROLE_CHANGED: "role_changed", EventKind.TRIED: TRIED}
    return [
        (each.at, states[each.kind], each.edit)
        for each in person_events(context.ledger, line["account"])
        if each.employment == line["employment"] and each.at > since
    ]
