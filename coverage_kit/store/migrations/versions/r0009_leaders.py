"""What leaders decide: the agreement on coaching, must-win accounts, and replies that came by mail or phone."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import create_entity, guard_inserts

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ENTITIES = {
    "agreement": (("manager_id", "quarter", "terms", "signed"), ()),
    "must_win": (("account_id", "quarter", "manager_id"), ("account_id",)),
    "answer_in": (("commitment_id", "answer", "by_id", "written_by", "how"), ("commitment_id",)),
}


def upgrade() -> None:
    """Add the three entities."""
    for name, (columns, index) in _ENTITIES.items():
        create_entity(name, {column: sa.Text() for column in columns}, index=index)
        guard_inserts(name)
