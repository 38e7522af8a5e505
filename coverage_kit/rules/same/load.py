"""The records that are compared, as the ledger has them now."""

from __future__ import annotations

from collections import defaultdict

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.plan.company_names import company_core
from coverage_kit.rules.same.accounts import AccountRecord
from coverage_kit.rules.same.people import Job, PersonRecord
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Employment, NotSame, Person

_JOB = (
    "person_id", "account_id", "title", "department", "started_on", "ended_on", "end_kind", "moved_to",
)  # fmt: skip


def load_people(ledger: Ledger) -> list[PersonRecord]:
    """Everybody who was not merged; accounts whose names have one core are one company."""
    companies = {key: company_core(name)[0] or key for key, name in ledger.columns(Account, ("id", "name"))}
    jobs: dict[str, list[Job]] = defaultdict(list)
    for person, account, *fields in ledger.columns(Employment, _JOB):
        jobs[person].append(Job(account, companies.get(account, account), *fields))
    rows = ledger.columns(Person, ("id", "name", "email", "phone", "merged_into", "erased_on"))
    return [
        PersonRecord(key, name, email, phone, tuple(jobs.get(key, ())))
        for key, name, email, phone, merged_into, erased_on in rows
        if name and not merged_into and not erased_on
    ]


def load_accounts(ledger: Ledger) -> list[AccountRecord]:
    """All accounts that were not merged or closed, with the e-mail domains and the keys of their people."""
    people = {
        key: (own or "", (email or "").rpartition("@")[2].casefold(), name_key(email or "") if email else "")
        for key, own, email in ledger.columns(Person, ("id", "name_key", "email"))
    }
    domains: dict[str, set[str]] = defaultdict(set)
    names: dict[str, set[str]] = defaultdict(set)
    for person, account in ledger.columns(Employment, ("person_id", "account_id")):
        own, domain, email = people.get(person, ("", "", ""))
        if domain:
            domains[account].add(domain)
        if email or own:
            names[account].add(email or own)
    rows = ledger.columns(Account, ("id", "name", "industry", "region", "status", "merged_into"))
    return [
        AccountRecord(key, name, industry, region, frozenset(domains[key]), frozenset(names[key]))
        for key, name, industry, region, status, merged_into in rows
        if not merged_into and status != AccountStatus.CLOSED
    ]


def load_not_same(ledger: Ledger, kind: str) -> frozenset[tuple[str, str]]:
    """The pairs of which somebody said that they are not the same."""
    rows = ledger.columns(NotSame, ("kind", "one_id", "other_id"))
    return frozenset((one, other) for own, one, other in rows if own == kind)
