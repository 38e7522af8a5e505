"""The entities as tables: each one append-only, a row a whole after-image; no behaviour here.

Source: the data model, sections 1 and 2 (docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

metadata = MetaData()

_TYPES: dict[str, TypeEngine[Any]] = {
    "text": Text(),
    "day": String(10),
    "flag": Integer(),
    "count": Integer(),
    "number": Float(),
}


#: Columns by which one thing names another by its id.
_NAMING = frozenset(
    "account_id person_id employment_id from_employment to_employment moved_to"
    " owner_id rep_id coach_id manager_id representative_id agreed_by verified_by".split()
)


@dataclass(frozen=True)
class Entity:
    """One append-only table: its own columns, which of them hold personal data, which are yes or no, which name others."""

    name: str
    table: Table
    fields: tuple[str, ...]
    private: frozenset[str]
    flags: frozenset[str]
    naming: tuple[str, ...]


def entity(name: str, columns: str, *, private: str = "", index: str = "") -> Entity:
    """Declare an entity.

    Parameters
    ----------
    name : str
        The table's name.
    columns : str
        Its own columns as ``name`` or ``name:type``, parted by blanks; types are text, day, flag, count, number.
    private, index : str
        Which of them hold personal data, and which are searched by.
    """
    pairs = [column.partition(":") for column in columns.split()]
    own = [Column(column, _TYPES[kind or "text"]) for column, _, kind in pairs]
    table = Table(
        name,
        metadata,
        Column("id", Text, primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("at", BigInteger, nullable=False),
        Column("made_at", BigInteger, nullable=False),
        Column("actor", Text, nullable=False),
        Column("edit_id", Text, nullable=False),
        Column("undoes", Text),
        *own,
        Column("is_void", Integer, nullable=False),
        UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
        *(Index(f"ix_{name}_{column}", column) for column in index.split()),
    )
    return Entity(
        name,
        table,
        fields=tuple(column for column, _, _ in pairs),
        private=frozenset(private.split()),
        flags=frozenset(column for column, _, kind in pairs if kind == "flag"),
        naming=tuple(column for column, _, _ in pairs if column in _NAMING),
    )


ENTITIES = {
    each.name: each
    for each in (
        entity(
            "account",
            "name name_key industry segment region value:number owner_id template_ids status focus:flag facts",
            index="owner_id",
        ),
        entity("staff", "name login function manager_id ended_on:day", private="name"),
        entity(
            "person",
            "name name_key email phone need opted_out_on:day erased_on:day",
            private="name name_key email phone need",
        ),
        entity(
            "employment",
            "person_id account_id title department started_on:day ended_on:day end_kind moved_to"
            " verified_on:day verified_by verified_how",
            private="title department",
            index="person_id account_id",
        ),
        entity("template", "body source_hash"),
        entity(
            "slot",
            "account_id role status employment_id verified_on:day verified_by verified_how representative_id"
            " can_meet:flag can_deliver:flag disposition grounds_note reason_note agreed_by review_on:day",
            index="account_id",
        ),
        entity("note", "account_id person_id kind body owner_id answered_on:day", private="body", index="account_id"),
        entity("event", "kind account_id body", index="account_id"),
        entity(
            "commitment",
            "chain_id account_id role employment_id kind owner_id rep_id due_on:day action_note value_note why_then route"
            " playbook expected_rung:count answer outcome not_kept_reason outcome_note done_on:day session_id scope",
            private="why_then",
            index="account_id chain_id owner_id",
        ),
        entity("session", "kind group_id rep_id coach_id week step body agreed:flag closed:flag", index="rep_id"),
        entity("claim", "session_id rep_id account_id share:number n:count", index="rep_id"),
        entity("tie", "account_id from_employment to_employment kind", index="account_id"),
        entity("pursuit", "employment_id person_id account_id offering stage route", index="account_id"),
    )
}

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
