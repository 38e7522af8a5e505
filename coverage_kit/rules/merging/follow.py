"""Where merged people, accounts and jobs went: an id of the old one leads to the one that was kept."""

from __future__ import annotations

from collections.abc import Mapping

from coverage_kit.domain.vocabulary import MERGED
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Employment, Person


def kept_id(ledger: Ledger, row: type[Person] | type[Account], key: str) -> str:
    """The id under which a person or an account goes on: its own, unless it was merged."""
    found = ledger.find(row, key)
    while found is not None and found.merged_into:
        key = found.merged_into
        found = ledger.find(row, key)
    return key


def merged_ids(ledger: Ledger, row: type[Person] | type[Account]) -> dict[str, str]:
    """All people, or accounts, that were merged: by id, where they went in the end."""
    into = {
        each.id: each.merged_into
        for each in ledger.as_of(row, id=ledger.ever_filled(row, "merged_into"))
        if each.merged_into
    }
    return {key: _end(into, key) for key in into}


def follow_jobs(ledger: Ledger) -> dict[str, str]:
    """The jobs that a merge ended: by id, the job of the same person at the same account now."""
    ended = _merged_jobs(ledger)
    if not ended:
        return {}
    people, accounts = merged_ids(ledger, Person), merged_ids(ledger, Account)
    where = {
        job.id: (people.get(job.person_id, job.person_id), accounts.get(job.account_id, job.account_id))
        for job in ended
    }
    now: dict[tuple[str, str], Employment] = {}
    for job in ledger.as_of(Employment, person_id=sorted({person for person, _ in where.values()})):
        other = now.get((job.person_id, job.account_id))
        if other is None or (other.end_kind is not None and job.end_kind is None):
            now[job.person_id, job.account_id] = job
    continued = {job.continues: job.id for job in now.values() if job.continues}
    return {
        key: continued.get(key) or now[place].id for key, place in where.items() if key in continued or place in now
    }


def _merged_jobs(ledger: Ledger) -> list[Employment]:
    last = {row.id: row for row in ledger.histories(Employment, id=ledger.ever_filled(Employment, "end_kind", MERGED))}
    return [row for row in last.values() if row.is_void and row.end_kind == MERGED]


def _end(into: Mapping[str, str], key: str) -> str:
    while key in into:
        key = into[key]
    return key
