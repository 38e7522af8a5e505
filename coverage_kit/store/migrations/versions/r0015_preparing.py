"""The coach's next hour with a rep, and planned contacts with people."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import create_entity, guard_inserts

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ENTITIES = {
    "prepared": (("coach_id", "rep_id", "planned_for", "note", "salt", "digest"), ("note", "salt"), ("rep_id",)),
    "planned_contact": (("account_id", "employment_id", "person_id", "planned_on"), (), ("account_id",)),
}


def _kind(column: str) -> sa.types.TypeEngine[str]:
    return sa.String(10) if column.endswith("_on") else sa.Text()


def upgrade() -> None:
    """Add the two entities."""
    for name, (columns, private, index) in _ENTITIES.items():
        create_entity(name, {column: _kind(column) for column in columns}, private=private, index=index)
        guard_inserts(name)
