"""Accounts from imported files that nobody owns yet; they count once a rep has them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from coverage_kit.store.entities import Employment, Staff
from coverage_kit.workbook.model.responses import UnassignedResponse

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: The most accounts that are listed; once these are assigned, the next ones follow.
_LISTED = 2000


def unassigned(ws: Workspace) -> UnassignedResponse:
    """The accounts that nobody owns yet, most contacts first, and the reps."""
    rows = ws.unconfirmed()
    jobs = ws.ledger.columns(Employment, ("account_id",), account_id=[row.id for row in rows])
    people = Counter(account for (account,) in jobs)
    rows.sort(key=lambda row: (-people[row.id], row.name))
    names = dict(ws.ledger.columns(Staff, ("id", "name")))
    return {
        "kind": "unassigned",
        "accounts": [
            {"id": row.id, "name": row.name, "industry": row.industry or "", "people": people[row.id]}
            for row in rows[:_LISTED]
        ],
        "reps": [{"id": rep, "name": names.get(rep) or rep} for rep in ws.reps()],
    }
