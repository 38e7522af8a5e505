"""Known people who look different in the kept rows of the last exports: found at any time, recorded with one edit."""

from __future__ import annotations

import json

from coverage_kit.coaching import Desk, successor_changes
from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.evidence import Evidence, EvidenceKind, KnownPeople
from coverage_kit.exchange.plan.import_plan import Present
from coverage_kit.rules.people import departure_changes
from coverage_kit.rules.slots import get_account
from coverage_kit.store import Change, Ledger, load_kept_rows


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
    present: Present = {
        "account": ledger.as_of("account"),
        "person": ledger.as_of("person", fields=("id", "name")),
        "employment": ledger.as_of("employment"),
        "slot": ledger.as_of("slot", fields=("id", "role", "employment_id")),
        "template": [],
    }
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


def move_changes(desk: Desk, plan: ImportPlan) -> list[Change]:
    """The changes that record every move of a plan: the old job ends, one opens at the new account.

    Parameters
    ----------
    desk : Desk
    plan : ImportPlan
    """
    ledger = desk.ledger
    changes: list[Change] = []
    for one in plan.evidence:
        if one.kind is EvidenceKind.MOVED and one.moved_to:
            job = ledger.as_of("employment", id=[one.employment])[0]
            moved = departure_changes(
                ledger, job["person_id"], one.account, kind=EndKind.MOVED.value, moved_to=one.moved_to
            )
            if one.title and len(moved) > 1:
                moved[1] = Change(moved[1].entity, moved[1].id, {**moved[1].fields, "title": one.title}, base=0)
            changes += [*moved, *successor_changes(desk, get_account(ledger, one.account), one.employment)]
    return changes
