"""Facts that identify the state of a store: read from the store, and again from a copy of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, text

from coverage_kit.store.entities import metadata
from coverage_kit.store.tables import meta


@dataclass(frozen=True)
class StoreFacts:
    """Facts that identify the state of a store.

    Attributes
    ----------
    revision : str
        Of its schema.
    workspace_id : str
    last_at : int
        Instant of the last edit (UTC milliseconds).
    rows : dict
        Number of rows of each table.
    """

    revision: str
    workspace_id: str
    last_at: int
    rows: dict[str, int]


def read_facts(connection: Connection) -> StoreFacts:
    """The facts of the store, within the state that the connection sees."""
    own = set(inspect(connection).get_table_names())
    known: dict[str, str] = {row.key: row.value for row in connection.execute(select(meta))}
    tables = [table for table in metadata.sorted_tables if table.name in own]
    return StoreFacts(
        revision=str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar()),
        workspace_id=known.get("workspace_id", ""),
        last_at=int(known.get("last_at", 0)),
        rows={table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables},
    )
