"""Consent of people to messages."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import ColumnType, create_entity, guard_inserts

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DAY = sa.String(10)
_COLUMNS: dict[str, ColumnType] = {
    **dict.fromkeys(("person_id", "scope", "source"), sa.Text()),
    **dict.fromkeys(("given_on", "until", "withdrawn_on", "reminded_on"), _DAY),
    **dict.fromkeys(("salt", "digest"), sa.Text()),
}


def upgrade() -> None:
    """Add the entity."""
    create_entity("consent", _COLUMNS, private=("source", "salt"), index=("person_id",))
    guard_inserts("consent")
