"""One account whose contact list is as the source describes it: hundreds of names, nearly all gone, long untouched."""

from __future__ import annotations

import json
import random

from coverage_kit.sample.team import Account, Contact, Team
from coverage_kit.store import Change, source_row_writer
from coverage_kit.store.entities import Value

#: The program that the list comes from, its last dates, and shares of what its memos say.
_CRM = "salesforce"
_LAST_TOUCHED = {"updated_on": "2024-11-29", "added_on": "2024-10-18"}
_MEMOS = ((0.34, "퇴사"), (0.48, "부서이동"), (0.58, "반송됨"), (0.64, "No longer with the company"))
_GONE_SHARE = 0.96


def crowd(team: Team, account: Account, n_contacts: int) -> None:
    """Import an old export of a CRM, whose memos say of many contacts that they left.

    Nobody of the story looks at these contacts, so its other figures stay as they are.
    """
    own, team.random = team.random, random.Random(n_contacts)
    known, account.contacts = account.contacts, []
    changes = [c for _ in range(n_contacts - len(known)) for c in team._add_contact(account, _GONE_SHARE)]
    rows = [_exported(contact, n, team.random.random()) for n, contact in enumerate(account.contacts)]
    dates: dict[str, Value] = {"account_id": account.id, "source": _CRM, **_LAST_TOUCHED}
    changes.append(Change("source_dates", f"{account.id}:{_CRM}", dates, base=0))
    changes.append(Change("event", team._id("ev"), {"kind": "imported", "body": "{}"}, base=0))
    edit_id = team._id("ed")
    kept = source_row_writer(_CRM, "contacts", rows, edit_id=edit_id, at=team.clock.at)
    team._save("coach.lee", changes, edit_id=edit_id, also_write=kept)
    account.contacts, team.random = known, own


def _exported(contact: Contact, n: int, chance: float) -> tuple[str, str, bytes]:
    """A contact as the export has them: its id, ours, and the row."""
    memo = next((text for share, text in _MEMOS if chance < share), "") if contact.truly_gone else ""
    record = f"003{n:05d}"
    cells = {"record": record, "name": contact.name, "other": {"Description": memo}}
    return record, contact.employment, json.dumps(cells, ensure_ascii=False).encode()
