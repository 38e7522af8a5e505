"""Known people who look different in the kept rows of the last exports: found at any time, recorded with one edit."""

from __future__ import annotations

import json
from datetime import date

from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.evidence import Evidence, EvidenceKind, KnownPeople
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, Ledger, load_kept_rows
from coverage_kit.store.entities import Employment
from coverage_kit.transfer.present import load_present


def find_evidence(ledger: Ledger) -> list[Evidence]:
    """Who of the people we know looks different in the last exports?

    A record or a check that is later than the export closes its evidence.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    list of Evidence
        ``row`` is 0: the file is not here any more.
    """
    present = load_present(ledger)
    jobs = {job["id"]: job for job in present["employment"]}
    known = KnownPeople(present)
    accounts = ContactAccounts.for_peeking(present)
    found: list[Evidence] = []
    for kept in load_kept_rows(ledger, "contacts"):
        job = jobs.get(kept.entity_id)
        if job is None or kept.row is None:
            continue
        if kept.missing_since is not None:
            one = known.gone(kept.entity_id) if kept.missing_since >= job["at"] else None
        elif kept.at < job["at"]:
            continue
        else:
            cells = json.loads(kept.row)
            account = accounts.peek(cells.get("account_key", ""), cells.get("account", ""))
            is_known = kept.entity_id in known or (account is not None and account != job["account_id"])
            one = known.compare(0, kept.entity_id, cells, account, has_titles=kept.has_titles) if is_known else None
        if one is not None:
            found.append(one)
    return found


def move_changes(ledger: Ledger, plan: ImportPlan, today: date) -> list[Change]:
    """The changes that record every move of a plan: the old job ends, one opens at the new account.

    Parameters
    ----------
    ledger : Ledger
    plan : ImportPlan
    today : date
    """
    changes: list[Change] = []
    for one in plan.evidence:
        job = ledger.find(Employment, one.employment) if one.kind is EvidenceKind.MOVED and one.moved_to else None
        if job is not None:
            account = get_account(ledger, job.account_id)
            moved = departure_changes(
                ledger, job.person_id, account, kind=EndKind.MOVED.value, today=today, moved_to=one.moved_to
            )
            changes += [_with_title(change, one) for change in moved]
    return changes


def _with_title(change: Change, one: Evidence) -> Change:
    """The new job with the title that the file gives it."""
    if change.entity != "employment" or change.id == one.employment or not one.title:
        return change
    return Change(change.entity, change.id, {**change.fields, "title": one.title}, base=0)
