"""What coaching remembers: commitments, sessions, claims, pursuits."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.tables import append_only_triggers

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "due_on": sa.String(10),
    "done_on": sa.String(10),
    "expected_rung": sa.Integer(),
    "agreed": sa.Integer(),
    "closed": sa.Integer(),
    "n": sa.Integer(),
    "share": sa.Float(),
}

_ENTITIES = {
    "commitment": "chain_id account_id role employment_id kind owner_id rep_id due_on action_note value_note why_then"
    " route playbook expected_rung answer outcome not_kept_reason outcome_note done_on session_id scope",
    "session": "kind group_id rep_id coach_id week step body agreed closed",
    "claim": "session_id rep_id account_id share n",
    "pursuit": "employment_id person_id account_id offering stage route",
}
_INDEXED = {
    "commitment": "account_id chain_id owner_id",
    "session": "rep_id",
    "claim": "rep_id",
    "pursuit": "account_id",
}


def upgrade() -> None:
    """Make the tables, their indexes, and the triggers that keep history as it was written."""
    for name, columns in _ENTITIES.items():
        op.create_table(
            name,
            sa.Column("id", sa.Text, primary_key=True),
            sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("at", sa.BigInteger, nullable=False),
            sa.Column("made_at", sa.BigInteger, nullable=False),
            sa.Column("actor", sa.Text, nullable=False),
            sa.Column("edit_id", sa.Text, nullable=False),
            sa.Column("undoes", sa.Text),
            *(sa.Column(column, _TYPES.get(column, sa.Text())) for column in columns.split()),
            sa.Column("is_void", sa.Integer, nullable=False),
            sa.UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
        )
        for column in _INDEXED[name].split():
            op.create_index(f"ix_{name}_{column}", name, [column])
        for statement in append_only_triggers(op.get_bind().dialect.name, name):
            op.execute(sa.text(statement.replace(":", r"\:")))
