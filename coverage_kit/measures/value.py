"""What we asked of a person and what we gave them: value given, received in their own words, and nothing given for long.

It moves no rung. Source: the method, section 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from coverage_kit.domain.coaching import CommitmentKind, Outcome
from coverage_kit.domain.value import WINDOW_DAYS
from coverage_kit.domain.vocabulary import Rung, VerifiedHow
from coverage_kit.measures.history import History, computed_once
from coverage_kit.measures.schema import VALUE_BALANCE, VALUE_BY_KIND

#: A check by one of these asked something of the person; a public source or a third party did not.
_SPOKEN = frozenset({VerifiedHow.CALL.value, VerifiedHow.MEETING.value, VerifiedHow.REPLY.value})
#: A commitment of these kinds brings something to the person; all others ask something of them.
_BRINGS = frozenset({CommitmentKind.PERSUADE.value, CommitmentKind.KEEP.value})


class Check(NamedTuple):
    """One version of a slot: the employment of its holder, and the last check."""

    slot: str
    employment: str | None
    on: str | None
    how: str | None


class Work(NamedTuple):
    """A commitment about a person, as it is now."""

    employment: str | None
    kind: str
    outcome: str | None
    done_on: str | None
    route: str | None = None


class Given(NamedTuple):
    """A value given, as it is now."""

    employment: str
    given_on: str
    received_on: str | None


class Balance(NamedTuple):
    """Of one person in the last 90 days: days on which we asked something, values given, and those received."""

    asked: int
    given: int
    received: int


def balances(checks: Iterable[Check], work: Iterable[Work], given: Iterable[Given], day: date) -> Mapping[str, Balance]:
    """How often did we ask something of each person in the last 90 days, and what did we give?

    Parameters
    ----------
    checks : iterable of Check
        Every version of the slots, slot by slot, oldest first.
    work : iterable of Work
    given : iterable of Given
    day : date
        The last of the 90 days.

    Returns
    -------
    mapping
        By employment, those with anything in these days; a day on which we asked twice counts once. A value is received
        once the customer's own words stand there.
    """
    first, last = (day - timedelta(WINDOW_DAYS)).isoformat(), day.isoformat()
    asked: defaultdict[str, set[str]] = defaultdict(set)
    for job, on, _ in spoken(checks, first, last):
        asked[job].add(on)
    for each in work:
        brings = each.kind in _BRINGS or each.outcome != Outcome.KEPT
        if each.employment and not brings and each.done_on and first <= each.done_on <= last:
            asked[each.employment].add(each.done_on)
    inside = [each for each in given if first <= each.given_on <= last]
    n_given = Counter(each.employment for each in inside)
    received = Counter(each.employment for each in inside if each.received_on and each.received_on <= last)
    return {job: Balance(len(asked.get(job, ())), n_given[job], received[job]) for job in asked.keys() | n_given.keys()}


def spoken(checks: Iterable[Check], first: str, last: str) -> Iterator[tuple[str, str, str]]:
    """When people were checked by talking to them: employment, day, how. A check that was taken back later is left out."""
    later: dict[tuple[str, str], str] = {}
    for slot, job, on, how in reversed(list(checks)):
        if not job:
            continue
        until = later.get((slot, job), last)
        if on and first <= on <= until and how in _SPOKEN:
            yield job, on, how
        later[slot, job] = min(until, on or "")


@computed_once
def value_balance(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """What was given in 90 days to the people whom one of ours can meet and bring value?

    Parameters
    ----------
    history : History
    at : int
        UTC milliseconds.
    rep : str, optional
        Only in the accounts of this rep.

    Returns
    -------
    DataFrame
        One row a person at an account, on *represented* or above (``schema.VALUE_BALANCE``); those with nothing given first.
    """
    slots = history.slots(at, rep)
    held = slots.loc[slots["counted"] & (slots["rung"] >= Rung.REPRESENTED) & slots["employment"].notna()]
    people = held.astype({"account": object}).drop_duplicates("employment")
    table = people[["account", "account_name", "rep", "employment", "person", "holder", "title"]].reset_index(drop=True)
    found = balances(*recorded(history, at, set(table["employment"])), history.day(at).date())
    nothing = Balance(0, 0, 0)
    own = [found.get(job, nothing) for job in table["employment"]]
    numbers = pd.DataFrame(own, columns=list(Balance._fields), index=table.index)
    joined = VALUE_BALANCE.conform(pd.concat([table, numbers], axis=1))
    return joined.sort_values(
        ["given", "asked", "account", "employment"], ascending=[True, False, True, True]
    ).reset_index(drop=True)


@computed_once
def value_by_kind(history: History, at: int, *, rep: str | None = None) -> pd.DataFrame:
    """What was given in 90 days, by kind, and how much of it stands in the customer's own words?

    Returns
    -------
    DataFrame
        One row a kind that occurs: ``kind given received``, the most given first.
    """
    rows = history.as_of("value_given", at)
    day = history.day(at).date()
    first, last = (day - timedelta(WINDOW_DAYS)).isoformat(), day.isoformat()
    own = rows.loc[rows["given_on"].between(first, last)]
    if rep is not None:
        owners = history.as_of("account", at).set_index("id")["owner_id"]
        own = own.loc[own["account_id"].map(owners) == rep]
    marks = own.assign(has_words=(own["received_on"].fillna("9") <= last).astype(int))
    table = marks.groupby("kind").agg(given=("id", "size"), received=("has_words", "sum")).reset_index()
    return VALUE_BY_KIND.conform(table.sort_values(["given", "kind"], ascending=[False, True]).reset_index(drop=True))


def recorded(history: History, at: int, jobs: set[str]) -> tuple[list[Check], list[Work], list[Given]]:
    """What was recorded about these employments."""
    slot = history.frames["slot"]
    rows = slot.loc[(slot["at"] <= at) & slot["employment_id"].isin(jobs)]
    work = history.as_of("commitment", at)
    work = work.loc[work["employment_id"].isin(jobs)]
    given = history.as_of("value_given", at)
    given = given.loc[given["employment_id"].isin(jobs)]
    return (
        [Check(*row) for row in _tuples(rows, "id", "employment_id", "verified_on", "verified_how")],
        [Work(*row) for row in _tuples(work, "employment_id", "kind", "outcome", "done_on", "route")],
        [Given(*row) for row in _tuples(given, "employment_id", "given_on", "received_on")],
    )


def _tuples(frame: pd.DataFrame, *columns: str) -> Iterable[tuple[str, ...]]:
    return frame[list(columns)].itertuples(index=False, name=None)
