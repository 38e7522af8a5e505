"""The last and the next contact with a person, as their card shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.workbook.model.responses import RhythmView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def rhythm_view(ws: Workspace, person: str, account: str) -> RhythmView | None:
    """The last and the next contact with a person who is at the account."""
    people = ws.coaching.people
    one = next((each for each in people.rhythm(account) if each.person == person), None)
    if one is None:
        return None
    ahead = one.planned is not None and one.planned >= ws.today()
    return {
        "last": one.last.isoformat() if one.last else None,
        "next": one.next.isoformat() if one.next else None,
        "planned": one.planned.isoformat() if one.planned and ahead else None,
        "version": one.version,
        "file": {"name": "contacts.ics", "text": people.calendar(account)} if ahead else None,
    }
