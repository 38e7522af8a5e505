"""Role lists come into force; history keeps the versions before."""

from __future__ import annotations

import json
from collections.abc import Iterable

from coverage_kit.role_lists.model import RoleList
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Template, Value


def role_list_changes(ledger: Ledger, lists: Iterable[RoleList]) -> list[Change]:
    """The rows that bring role lists into force; those that are in force as they are add nothing."""
    present = dict(ledger.columns(Template, ("id", "source_hash")))
    changes = []
    for each in lists:
        if present.get(each.key) != each.source_hash:
            body = json.dumps(each.body(), ensure_ascii=False)
            fields: dict[str, Value] = {"body": body, "source_hash": each.source_hash}
            changes.append(Change("template", each.key, fields))
    return changes
