"""Giving the accounts that files brought in to reps; until then they are in no count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: So many accounts are listed at the most; when these are given, the next ones follow.
_LISTED = 2000


def unassigned(ws: Workspace) -> dict[str, Any]:
    """Whom could which accounts be given to?

    Returns
    -------
    dict
        ``accounts``: those nobody looks after (``id name industry people``, the number of contacts), most contacts first;
        ``reps``: ``id`` and ``name`` of each.
    """
    rows = ws.unconfirmed()
    jobs = ws.ledger.as_of("employment", fields=("account_id",), account_id=[row["id"] for row in rows]) if rows else []
    people = Counter(job["account_id"] for job in jobs)
    rows.sort(key=lambda row: (-people[row["id"]], row["name"]))
    names = {row["id"]: row["name"] for row in ws.ledger.as_of("staff")}
    return {
        "accounts": [
            {"id": row["id"], "name": row["name"], "industry": row["industry"] or "", "people": people[row["id"]]}
            for row in rows[:_LISTED]
        ],
        "reps": [{"id": rep, "name": names.get(rep) or rep} for rep in ws.reps()],
    }
