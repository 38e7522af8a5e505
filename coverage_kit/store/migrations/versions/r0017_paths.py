"""Paths to customers: one for each base list and offering, and where a must-win account departs from it."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import create_entity, guard_inserts

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ENTITIES = {
    "path": (("role_list", "offering", "steps"), ()),
    "planned_route": (("account_id", "offering", "steps"), ("account_id",)),
}


def upgrade() -> None:
    """Add the two entities."""
    for name, (columns, index) in _ENTITIES.items():
        create_entity(name, {column: sa.Text() for column in columns}, index=index)
        guard_inserts(name)
