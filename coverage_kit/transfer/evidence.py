"""Known people who look different in the kept rows of the last exports: found at any time, recorded with one edit."""

from __future__ import annotations

import json
from datetime import date

from pydantic_core import from_json

from coverage_kit.domain.vocabulary import EndKind, EventKind
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.evidence import Evidence, EvidenceKind, KnownPeople
from coverage_kit.exchange.plan.import_plan import Progress
from coverage_kit.exchange.plan.present import Present
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, Ledger, load_kept_rows
from coverage_kit.store.entities import Employment, Event, Person
from coverage_kit.store.source_rows import KeptRow
from coverage_kit.transfer.garbage import paused_gc
from coverage_kit.transfer.present import load_present

_STEP = 5_000


def find_evidence(ledger: Ledger, progress: Progress | None = None) -> list[Evidence]:
    """Who of the people we know looks different in the last exports?

    A record or a check that is later than the export closes its evidence; once it is undone, the evidence is back.

    Parameters
    ----------
    ledger : Ledger
    progress : callable, optional

    Returns
    -------
    list of Evidence
        ``row`` is 0: the file is not here any more.
    """
    with paused_gc():
        known, different = _different_rows(ledger, progress or (lambda *_: None))
    found: dict[str, tuple[int, Evidence]] = {}
    for kept, cells, account in different:
        if kept.missing_since is not None:
            one = known.gone(kept.entity_id)
        else:
            one = known.compare(0, kept.entity_id, cells, account, has_titles=kept.has_titles)
        seen_at = kept.missing_since or kept.at
        # Of two programs that export the same person, the later one counts.
        if one is not None and seen_at >= found.get(kept.entity_id, (0, one))[0]:
            found[kept.entity_id] = seen_at, one
    last = last_recorded(ledger, list(found))
    return [one for employment, (seen_at, one) in found.items() if seen_at >= last.get(employment, 0)]


#: A kept row, its cells and the account that it names, if it is another one.
_Different = tuple[KeptRow, dict[str, str], str | None]


def _different_rows(ledger: Ledger, progress: Progress) -> tuple[KnownPeople, list[_Different]]:
    """The kept rows that may be evidence, and the people they are compared with."""
    present = load_present(ledger)
    kept_rows = load_kept_rows(ledger, "contacts")
    look = _Look(present, known := KnownPeople(present))
    different: list[_Different] = []
    for n, kept in enumerate(kept_rows):
        if n and n % _STEP == 0:
            progress("comparing", n, len(kept_rows))
        seen = look.at(kept)
        if seen is not None:
            different.append((kept, *seen))
    people = sorted({look.person_of(kept.entity_id) for kept, _, _ in different})
    known.add_names(ledger.columns(Person, ("id", "name"), id=people) if people else ())
    return known, different


class _Look:
    """Looks at kept rows: most agree with the store and are dropped before anything is compared."""

    def __init__(self, present: Present, known: KnownPeople) -> None:
        self._jobs = {job: (person, account) for job, person, account, _, _ in present.jobs}
        self._known = known
        self._names = {row["id"]: row["name"] for row in present["account"]}
        self._accounts = ContactAccounts.for_peeking(present)

    def person_of(self, employment: str) -> str:
        """The person of an employment."""
        return self._jobs[employment][0]

    def at(self, kept: KeptRow) -> tuple[dict[str, str], str | None] | None:
        """The cells of a row and the account it names; None where it cannot be evidence."""
        job = self._jobs.get(kept.entity_id)
        if job is None or kept.row is None:
            return None
        is_known = kept.entity_id in self._known
        if kept.missing_since is not None:
            return ({}, None) if is_known else None
        cells = from_json(kept.row)
        key, name, own = cells.get("account_key", ""), cells.get("account", ""), job[1]
        # Written as here, it is the same account, whatever other accounts are called.
        is_here = key == own or (not key and name == self._names.get(own))
        account = own if is_here else self._accounts.peek(key, name)
        has_moved = account is not None and account != own
        return (cells, account) if is_known or has_moved else None


def evidence_of(
    ledger: Ledger, plan: ImportPlan, *, planned_at: int, is_done: bool, progress: Progress | None = None
) -> list[Evidence]:
    """What a file shows of the people we know, without what was recorded since, or checked after the same row came before.

    Parameters
    ----------
    ledger : Ledger
    plan : ImportPlan
    planned_at : int
        The instant of the last edit that the plan saw.
    is_done : bool
        Whether the plan was carried out; then the store has its rows.
    progress : callable, optional
    """
    still_open = {one.employment for one in find_evidence(ledger, progress)}
    shown = {one.employment: one for one in plan.evidence}
    if is_done:
        return [one for employment, one in shown.items() if employment in still_open]
    was_missing = {kept.entity_id for kept in load_kept_rows(ledger, "contacts") if kept.missing_since is not None}
    fresh = {employment for _, employment, _ in plan.kept}
    fresh |= {key for key, one in shown.items() if one.kind is EvidenceKind.GONE and key not in was_missing}
    last = last_recorded(ledger, [employment for employment in shown if employment in fresh])
    return [
        one
        for employment, one in shown.items()
        if employment in still_open or (employment in fresh and last.get(employment, 0) <= planned_at)
    ]


def last_recorded(ledger: Ledger, employments: list[str]) -> dict[str, int]:
    """When was each employment last edited, checked or reviewed (UTC milliseconds)? What was undone does not count.

    Parameters
    ----------
    ledger : Ledger
    employments : list of str
        Ids.
    """
    last: dict[str, int] = {}
    undone: set[str] = set()
    for row in reversed(ledger.histories(Employment, id=employments) if employments else []):
        if row.edit_id in undone:
            continue
        if row.undoes:
            undone.add(row.undoes)
        else:
            last.setdefault(row.id, row.at)
    for event in ledger.as_of(Event) if employments else []:
        if event.kind == EventKind.REVIEWED:
            employment = json.loads(event.body or "{}").get("employment", "")
            last[employment] = max(event.at, last.get(employment, 0))
    return last


def move_changes(ledger: Ledger, plan: ImportPlan, today: date) -> list[Change]:
    """The changes that record every move of a plan: the old job ends, one opens at the new account."""
    changes: list[Change] = []
    for one in plan.evidence:
        job = ledger.find(Employment, one.employment) if one.kind is EvidenceKind.MOVED and one.moved_to else None
        if job is not None:
            changes += moved_changes(ledger, job, one, today)
    return changes


def moved_changes(ledger: Ledger, job: Employment, one: Evidence, today: date) -> list[Change]:
    """The changes that record one move, with the title that the file gives the new job."""
    account = get_account(ledger, job.account_id)
    moved = departure_changes(
        ledger, job.person_id, account, kind=EndKind.MOVED.value, today=today, moved_to=one.moved_to
    )
    return [_with_title(change, one) for change in moved]


def _with_title(change: Change, one: Evidence) -> Change:
    """The new job with the title that the file gives it."""
    if change.entity != "employment" or change.id == one.employment or not one.title:
        return change
    return Change(change.entity, change.id, {**change.fields, "title": one.title}, base=0)
