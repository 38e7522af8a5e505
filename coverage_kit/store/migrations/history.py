"""What migrations share: making the table of an entity, and the triggers that keep history as it was written.

Released migrations call these functions, so a store must come out of them as it did on the day of the release. They read
nothing from today's declarations. Where a newer form is needed, add a function; do not change these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

ColumnType = sa.types.TypeEngine[Any]


def create_entity(
    name: str, columns: Mapping[str, ColumnType], *, private: Sequence[str] = (), index: Sequence[str] = ()
) -> None:
    """Make the table of an entity, its indexes and its triggers.

    Parameters
    ----------
    name : str
        The table.
    columns : mapping
        The entity's own columns and their types, in their order.
    private : sequence of str
        Columns with personal data: the only ones that may be changed, to NULL.
    index : sequence of str
        Columns that are searched by.
    """
    op.create_table(
        name,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("undoes", sa.Text),
        *(sa.Column(column, kind) for column, kind in columns.items()),
        sa.Column("is_void", sa.Integer, nullable=False),
        sa.UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
    )
    for column in index:
        op.create_index(f"ix_{name}_{column}", name, [column])
    freeze_history(name, private=private)


def freeze_history(name: str, *, private: Sequence[str] = ()) -> None:
    """Make the database refuse DELETE, TRUNCATE, and any UPDATE but blanking private columns.

    The columns are those the table has now: a migration that adds one calls this again, and it is frozen too.
    """
    bind = op.get_bind()
    columns = [column["name"] for column in sa.inspect(bind).get_columns(name)]
    is_sqlite = bind.dialect.name == "sqlite"
    differs = "IS NOT" if is_sqlite else "IS DISTINCT FROM"
    conditions = [f"NEW.{column} {differs} OLD.{column}" for column in columns if column not in private]
    conditions += [f"NEW.{column} IS NOT NULL" for column in sorted(private)]
    changed = " OR ".join(conditions)
    for statement in (_sqlite if is_sqlite else _postgresql)(name, changed):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _sqlite(name: str, changed: str) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    return [
        f"DROP TRIGGER IF EXISTS {name}_no_delete",
        f"DROP TRIGGER IF EXISTS {name}_no_update",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}",
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} WHEN {changed} {refuse}",
    ]


def _postgresql(name: str, changed: str) -> list[str]:
    refuse = f"EXECUTE FUNCTION refuse_{name}()"
    return [
        f"DROP TRIGGER IF EXISTS {name}_no_delete ON {name}",
        f"DROP TRIGGER IF EXISTS {name}_no_update ON {name}",
        f"DROP TRIGGER IF EXISTS {name}_no_truncate ON {name}",
        f"CREATE OR REPLACE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {refuse}",
    ]
