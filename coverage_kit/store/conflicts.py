"""Conflict drafts: an edit that met somebody else's change is kept before its author is asked."""

from __future__ import annotations

import json

from sqlalchemy import Connection, func, insert, select

from coverage_kit.store.changes import Change, Clash, Losing, new_id
from coverage_kit.store.tables import conflict_draft


def save_draft(
    connection: Connection, clash: Clash, by_entity: dict[str, dict[str, Change]], *, actor: str, earliest: int
) -> str:
    """Keep the change that clashed, with everything it names, and return the draft's id.

    Parameters
    ----------
    connection : Connection
    clash : Clash
    by_entity : dict
        All changes of the edit, by entity and id.
    actor : str
    earliest : int
        The draft's instant is this or later (UTC milliseconds).
    """
    change = clash.change
    kept = [[each.entity, each.id, dict(each.fields)] for each in _with_named(change, by_entity)]
    # Two drafts of one instant keep their order too.
    newest = connection.execute(select(func.max(conflict_draft.c.at))).scalar() or 0
    draft = {
        "id": new_id("cd"),
        "at": max(earliest, newest + 1),
        "actor": actor,
        "entity": change.entity,
        "entity_id": change.id,
        "base": change.base,
        "payload": json.dumps(kept, ensure_ascii=False),
    }
    connection.execute(insert(conflict_draft), draft)
    return str(draft["id"])


def load_drafts(connection: Connection, entity: str, key: str) -> list[Losing]:
    """The conflict drafts of one thing, oldest first; without those that were erased."""
    table = conflict_draft
    own = select(table).where(table.c.entity == entity, table.c.entity_id == key, table.c.payload.is_not(None))
    rows = connection.execute(own.order_by(table.c.at, table.c.id)).all()
    return [Losing(row.id, row.at, row.actor, [Change(*each) for each in json.loads(row.payload)]) for row in rows]


def _with_named(change: Change, by_entity: dict[str, dict[str, Change]]) -> list[Change]:
    """A change, and those of the same edit that it names by id: the text of a note, the name of a new person."""
    found = {change.id: change}
    todo = [change]
    while todo:
        for value in todo.pop().fields.values():
            for own in by_entity.values():
                if isinstance(value, str) and value in own and value not in found:
                    found[value] = own[value]
                    todo.append(own[value])
    return list(found.values())
