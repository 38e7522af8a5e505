"""What a departure or a change of owner does to commitments: a successor to be found, open work that goes along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import chain
from typing import Any

from coverage_kit.coaching.commitments.gaps import roles_of
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import CommitmentKind
from coverage_kit.domain.vocabulary import Rung
from coverage_kit.domain.week import working_day
from coverage_kit.store import Change, new_id

#: How the scope of a commitment to find a successor begins, and what it gets, in days.
SUCCESSOR = "successor:"
SUCCESSOR_DAYS = 14


def successor_changes(context: CoachingContext, account: Mapping[str, Any], employment: str) -> list[Change]:
    """The one commitment that a departure raises: find out who follows; none where the person held no slot.

    Parameters
    ----------
    context : CoachingContext
    account : mapping
        The account's row.
    employment : str
        The employment that ends.
    """
    held = [
        s["role"] for s in context.ledger.as_of("slot", account_id=account["id"]) if s["employment_id"] == employment
    ]
    scope = f"{SUCCESSOR}{employment}"
    asked = any(row["scope"] == scope for row in context.ledger.as_of("commitment", account_id=account["id"]))
    ordered = [role for role in roles_of(context, dict(account)) if role in held]
    if not ordered or asked or not account["owner_id"]:
        return []
    key = new_id("co")
    fields = {
        "chain_id": key,
        "account_id": account["id"],
        "role": ordered[0],
        "employment_id": employment,
        "kind": CommitmentKind.IDENTIFY.value,
        "owner_id": account["owner_id"],
        "rep_id": account["owner_id"],
        "due_on": working_day(context.today() + timedelta(days=SUCCESSOR_DAYS)).isoformat(),
        "expected_rung": int(Rung.NAMED),
        "scope": scope,
    }
    return [Change("commitment", key, fields, base=0)]


def handover_changes(context: CoachingContext, accounts: Iterable[Mapping[str, Any]], rep: str) -> list[Change]:
    """Open commitments go over to the new rep with their accounts; their chains and counts stay.

    Parameters
    ----------
    context : CoachingContext
    accounts : iterable of mapping
        The accounts' rows before they change hands.
    rep : str
        Id of the new rep.
    """
    owners = {row["id"]: row["owner_id"] for row in accounts if row["owner_id"] and row["owner_id"] != rep}
    if not owners:
        return []
    rows = context.ledger.as_of("commitment", account_id=list(owners))
    return [
        Change("commitment", row["id"], {"rep_id": rep} | ({"owner_id": rep} if own else {}))
        for row in rows
        if not row["outcome"] and ((own := row["owner_id"] == owners[row["account_id"]]) or row["rep_id"] != rep)
    ]


def imported_handovers(context: CoachingContext, changes: Iterable[Change]) -> list[Change]:
    """The same for accounts to which a file gives another owner.

    Parameters
    ----------
    context : CoachingContext
    changes : iterable of Change
        What the import is about to write.
    """
    given = {c.id: str(c.fields["owner_id"]) for c in changes if c.entity == "account" and c.fields.get("owner_id")}
    before = context.ledger.as_of("account", id=list(given)) if given else []
    by_rep = {rep: [row for row in before if given[row["id"]] == rep] for rep in sorted(set(given.values()))}
    return list(chain.from_iterable(handover_changes(context, rows, rep) for rep, rows in by_rep.items()))
