"""Tables that are no history: kept conflict drafts, the last export of each program, facts of the store; and the triggers."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from coverage_kit.store.entities import ENTITIES, metadata

#: A losing edit, kept before anybody is asked; ``payload`` is JSON and holds personal data.
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

#: The last export of each program, row by row; ``row`` is JSON and holds personal data. Not history: it is written over.
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

#: Facts of the store itself: workspace id, the last ``at``.
meta = Table("meta", metadata, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))


def append_only_triggers(dialect: str, name: str) -> list[str]:
    """The statements that make the database itself refuse to change history.

    DELETE (and TRUNCATE) is refused, and UPDATE of anything but private columns to NULL.
    """
    one = ENTITIES[name]
    frozen = [column.name for column in one.table.columns if column.name not in one.private]
    kept = [f"NEW.{column} IS NOT NULL" for column in sorted(one.private)]
    if dialect == "sqlite":
        changed = " OR ".join([f"NEW.{column} IS NOT OLD.{column}" for column in frozen] + kept)
        return [
            f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name}"
            f" BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
            f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} WHEN {changed}"
            f" BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        ]
    changed = " OR ".join([f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in frozen] + kept)
    refuse = f"EXECUTE FUNCTION refuse_{name}()"
    return [
        f"CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {refuse}",
    ]
