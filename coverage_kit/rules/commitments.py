"""Effects of departures and new owners on commitments: find a successor; open work goes with its account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from coverage_kit.domain.coaching import CommitmentKind
from coverage_kit.domain.vocabulary import Rung
from coverage_kit.domain.week import working_day
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.verification import held_roles
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Account, Commitment, Employment, Value

#: How the scope of a commitment to find a successor begins, and how many days it gets.
SUCCESSOR = "successor:"
SUCCESSOR_DAYS = 14


def successor_changes(ledger: Ledger, account: Account, job: Employment, today: date) -> list[Change]:
    """The one commitment that a departure raises: find the successor. None if the person held no required role.

    Parameters
    ----------
    ledger : Ledger
    account : Account
    job : Employment
        The employment that ends.
    today : date
    """
    held = held_roles(ledger, job)
    scope = f"{SUCCESSOR}{job.id}"
    asked = any(each.scope == scope for each in ledger.as_of(Commitment, account_id=account.id))
    required = [each.key for each in role_lists(ledger).required(account) if each.key in held]
    if not required or asked or not account.owner_id:
        return []
    key = new_id("co")
    fields: dict[str, Value] = {
        "chain_id": key,
        "account_id": account.id,
        "role": required[0],
        "employment_id": job.id,
        "kind": CommitmentKind.IDENTIFY.value,
        "owner_id": account.owner_id,
        "rep_id": account.owner_id,
        "due_on": working_day(today + timedelta(days=SUCCESSOR_DAYS)).isoformat(),
        "expected_rung": int(Rung.NAMED),
        "scope": scope,
    }
    return [Change("commitment", key, fields, base=0)]


def handover_changes(ledger: Ledger, accounts: Iterable[Account], rep: str) -> list[Change]:
    """Open commitments go over to the new rep with their accounts; their chains and counts stay.

    Parameters
    ----------
    ledger : Ledger
    accounts : iterable of Account
        The accounts as they are before they change hands.
    rep : str
        Id of the new rep.
    """
    owners = {each.id: each.owner_id for each in accounts if each.owner_id and each.owner_id != rep}
    if not owners:
        return []
    changes = []
    for work in ledger.as_of(Commitment, account_id=list(owners)):
        is_own = work.owner_id == owners[str(work.account_id)]
        if work.outcome or not (is_own or work.rep_id != rep):
            continue
        fields: dict[str, Value] = {"rep_id": rep, "owner_id": rep} if is_own else {"rep_id": rep}
        changes.append(Change("commitment", work.id, fields, base=work.version))
    return changes


def imported_handovers(ledger: Ledger, changes: Sequence[Change]) -> list[Change]:
    """The same for accounts to which an imported file gives another owner.

    Parameters
    ----------
    ledger : Ledger
    changes : sequence of Change
        What the import is about to write.
    """
    given = {c.id: str(c.fields["owner_id"]) for c in changes if c.entity == "account" and c.fields.get("owner_id")}
    before = ledger.as_of(Account, id=list(given)) if given else []
    by_rep = {rep: [each for each in before if given[each.id] == rep] for rep in sorted(set(given.values()))}
    return [change for rep, accounts in by_rep.items() for change in handover_changes(ledger, accounts, rep)]
