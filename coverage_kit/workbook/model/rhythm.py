"""The last and the next contact with people, as their card and the list of contacts show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.rules.lookup import get_account
from coverage_kit.workbook.model.responses import RhythmResponse, RhythmView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def rhythm_view(ws: Workspace, person: str, account: str) -> RhythmView | None:
    """The last and the next contact with a person who is at the account."""
    one = next((each for each in ws.coaching.rhythm.find(account=account) if each.person == person), None)
    if one is None:
        return None
    ahead = one.planned is not None and one.planned >= ws.today()
    return {
        "last": one.last.isoformat() if one.last else None,
        "next": one.next.isoformat() if one.next else None,
        "planned": one.planned.isoformat() if one.planned and ahead else None,
        "version": one.version,
        "file": {"name": "contacts.ics", "text": ws.coaching.rhythm.calendar(account=account)} if ahead else None,
    }


def contacts_rhythm(ws: Workspace, account: str) -> RhythmResponse:
    """The last and the next contact with everybody who is at the account, and a calendar of those that are planned."""
    home = get_account(ws.ledger, account).id
    found = ws.coaching.rhythm.find(account=home)
    is_planned = any(one.planned is not None and one.planned >= ws.today() for one in found)
    return {
        "kind": "rhythm",
        "account": home,
        "people": {
            one.person: {
                "last": one.last.isoformat() if one.last else None,
                "next": one.next.isoformat() if one.next else None,
            }
            for one in found
        },
        "file": {"name": "contacts.ics", "text": ws.coaching.rhythm.calendar(account=home)} if is_planned else None,
    }
