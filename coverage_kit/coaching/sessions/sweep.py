"""The quiet sweep: a quarter of an hour in which each rep checks who of the people whose check is due is still there.

The people are chosen when the step begins. What was found out is read from the ledger, so that it is the same whether
the coach or the rep recorded it.  Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import person_events
from coverage_kit.coaching.sessions.body import SweepLine
from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.measures.contacts import FRESHNESS, freshness_codes
from coverage_kit.role_lists.slot_state import DUE
from coverage_kit.rules.findings import ROLE_CHANGED, STILL, TRIED
from coverage_kit.store.entities import Account, Employment, Person, Value

_MINUTES, _MINUTES_EACH = 15, 2


@dataclass(frozen=True)
class Due:
    """A person whose check was due when the sweep began; ``version`` is the version of the employment.

    ``state`` is what was found out since: None, ``still``, ``left``, ``retired``, ``moved``, ``role_changed`` or ``tried``;
    ``edit`` is the edit that recorded it.
    """

    account: str
    account_name: str
    person: str
    version: int
    holder: str | None
    title: str | None
    phone: str | None
    roles: tuple[str, ...]
    verified_on: date | None
    state: str | None
    edit: str | None


@dataclass(frozen=True)
class _Finding:
    """A state of a person, and when and by which edit it was recorded."""

    at: int
    state: str
    edit: str


def due_lines(context: CoachingContext, rep: str) -> tuple[SweepLine, ...]:
    """The people of a rep's sweep: focus accounts first, then the checks that run out first, as many as fit."""
    now = context.now()
    history = context.load(rep=rep, until=now)
    slots = history.slots(now, rep).loc[lambda frame: frame["counted"]]
    urgency = np.array([DUE.index(state) if state in DUE else np.nan for state in FRESHNESS])
    own = slots.assign(urgency=urgency[freshness_codes(slots, history.day(now))])
    due = own.dropna(subset=["urgency"]).sort_values(
        ["focus", "urgency", "value", "account", "role_order"], ascending=[False, True, False, True, True]
    )
    accounts: dict[str, str] = {}
    roles: dict[str, list[str]] = {}
    for account, job, role in zip(due["account"], due["employment"], due["role"], strict=True):
        accounts.setdefault(job, account)
        roles.setdefault(job, []).append(role)
    lines = [SweepLine(account, job, tuple(roles[job])) for job, account in accounts.items()]
    return tuple(lines[: _MINUTES // _MINUTES_EACH])


def findings(context: CoachingContext, lines: Iterable[SweepLine], since: int) -> list[Due]:
    """Each line of a sweep, and what was found out about it since an instant."""
    lines = list(lines)
    jobs = context.rows(Employment, (line.employment for line in lines))
    people = context.rows(Person, (job.person_id for job in jobs.values()))
    accounts = context.rows(Account, (line.account for line in lines))
    return [
        _due(context, line, jobs[line.employment], people, accounts, since) for line in lines if line.employment in jobs
    ]


def _due(
    context: CoachingContext,
    line: SweepLine,
    job: Employment,
    people: Mapping[str, Person],
    accounts: Mapping[str, Account],
    since: int,
) -> Due:
    person, account = people.get(job.person_id), accounts.get(line.account)
    found = [*_written(context, job.id, since), *_events(context, line, since)]
    last = max(found, key=lambda each: each.at, default=None)
    return Due(
        account=line.account,
        account_name=account.name if account else line.account,
        person=job.person_id,
        version=job.version,
        holder=person.name if person else None,
        title=job.title,
        phone=person.phone if person else None,
        roles=line.roles,
        verified_on=date.fromisoformat(job.verified_on) if job.verified_on else None,
        state=last.state if last else None,
        edit=last.edit if last else None,
    )


def _written(context: CoachingContext, employment: str, since: int) -> list[_Finding]:
    """The present check or departure of an employment, if it was recorded since; one that was undone does not count."""
    rows = context.ledger.history(Employment, employment)
    now, is_departure = rows[-1], rows[-1].end_kind is not None
    before = next((row for row in reversed(rows) if row.at <= since), None)
    wanted = _facts(now, is_departure)
    if wanted[0] is None or (before is not None and _facts(before, is_departure) == wanted):
        return []
    first = next(row for row in rows if row.at > since and _facts(row, is_departure) == wanted)
    return [_Finding(first.at, now.end_kind or STILL, first.edit_id)]


def _facts(row: Employment, is_departure: bool) -> tuple[Value, ...]:
    return (row.end_kind,) if is_departure else (row.verified_on, row.verified_by, row.verified_how)


def _events(context: CoachingContext, line: SweepLine, since: int) -> list[_Finding]:
    states = {EventKind.ROLE_CHANGED: ROLE_CHANGED, EventKind.TRIED: TRIED}
    return [
        _Finding(each.at, states[each.kind], each.edit)
        for each in person_events(context.ledger, line.account)
        if each.employment == line.employment and each.at > since
    ]
