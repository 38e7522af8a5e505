"""All accounts, as the page shows them for assigning."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coverage_kit.domain.vocabulary import AccountStatus, staff_function
from coverage_kit.rules.assignments import unassigned_accounts
from coverage_kit.store.entities import Account, Employment, Staff
from coverage_kit.workbook.model.responses import AssignableAccount, Colleague

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def assignable_accounts(ws: Workspace) -> list[AssignableAccount]:
    """Every account that is not closed; the largest first, then those with most contacts."""
    jobs = ws.ledger.columns(Employment, ("account_id", "end_kind"))
    people = Counter(account for account, end_kind in jobs if end_kind is None)
    rows = [each for each in ws.ledger.as_of(Account) if each.status != AccountStatus.CLOSED]
    free = {each.id for each in unassigned_accounts(ws.ledger, ws.today(), rows)}
    rows.sort(key=lambda each: (-(each.value or 0), -people[each.id], each.name))
    return [
        {
            "id": each.id,
            "version": each.version,
            "name": each.name,
            "industry": each.industry or "",
            "segment": each.segment or "",
            "region": each.region or "",
            "value": each.value,
            "people": people[each.id],
            "owner": each.owner_id or "",
            "is_free": each.id in free,
        }
        for each in rows
    ]


def colleagues(ws: Workspace) -> list[Colleague]:
    """All of our people, by name."""
    today = ws.today().isoformat()
    staff = sorted(ws.ledger.as_of(Staff), key=lambda each: (each.name or each.id, each.id))
    return [colleague_view(each, today) for each in staff]


def colleague_view(row: Staff, today: str) -> Colleague:
    """One of our people; ``gone`` if they have left."""
    gone = bool(row.ended_on and row.ended_on <= today)
    return {"id": row.id, "name": row.name or row.id, "function": staff_function(row.function), "gone": gone}
