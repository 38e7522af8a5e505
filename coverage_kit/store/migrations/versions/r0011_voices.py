"""What was done about a voice, and the value that people received from us."""

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.migrations.history import create_entity, freeze_history, guard_inserts

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_VALUE = (
    *("account_id", "employment_id", "person_id", "kind", "voice_id", "need", "what", "given_on", "given_by"),
    *("received", "received_on", "salt", "digest"),
)


def _kind(column: str) -> sa.types.TypeEngine[str]:
    return sa.String(10) if column.endswith("_on") else sa.Text()


def upgrade() -> None:
    """Add the columns of a voice, and the entity."""
    for column in ("done_note", "done_by", "done_on"):
        op.add_column("note", sa.Column(column, _kind(column)))
    freeze_history("note", private=["body", "done_note", "salt"])
    create_entity(
        "value_given",
        {column: _kind(column) for column in _VALUE},
        private=["need", "what", "received", "salt"],
        index=["account_id", "person_id"],
    )
    guard_inserts("value_given")
