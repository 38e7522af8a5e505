"""Tables that are not history: conflict drafts, the last export of each program, facts about the store."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from coverage_kit.store.entities import metadata

#: An edit that met a conflict, kept for its author; ``payload`` is JSON and holds personal data.
conflict_draft = Table(
    "conflict_draft",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("base", Integer),
    Column("payload", Text),
)

#: The last export of each program, row by row; ``row`` is JSON and holds personal data. Each import overwrites it.
source_row = Table(
    "source_row",
    metadata,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("ext_id", Text, primary_key=True),
    Column("entity_id", Text, nullable=False),
    Column("row", Text),
    Column("edit_id", Text, nullable=False),
    Column("missing_since", BigInteger),
)

#: One row an edit: who wrote it when, from which login, and a hash over its rows and the edit before (see ``chain``).
edit = Table(
    "edit",
    metadata,
    Column("at", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("edit_id", Text, nullable=False, unique=True),
    Column("actor", Text, nullable=False),
    Column("login", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("before", Text, nullable=False),
)

#: Facts about the store itself: workspace id, the last ``at``, whether the clock was given when it was made.
meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))
