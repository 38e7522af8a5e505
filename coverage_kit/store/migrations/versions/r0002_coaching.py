"""What coaching remembers: commitments, sessions, claims, pursuits."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import ColumnType, create_entity

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TYPES: dict[str, ColumnType] = {
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
_PRIVATE = {"commitment": "why_then"}
_INDEXED = {
    "commitment": "account_id chain_id owner_id",
    "session": "rep_id",
    "claim": "rep_id",
    "pursuit": "account_id",
}


def upgrade() -> None:
    """Make the entities."""
    for name, columns in _ENTITIES.items():
        types = {column: _TYPES.get(column, sa.Text()) for column in columns.split()}
        create_entity(name, types, private=_PRIVATE.get(name, "").split(), index=_INDEXED[name].split())
