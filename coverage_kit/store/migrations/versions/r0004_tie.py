"""Who reports to, influences or is at odds with whom at an account."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import create_entity

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMNS = ("account_id", "from_employment", "to_employment", "kind")


def upgrade() -> None:
    """Make the entity."""
    create_entity("tie", {name: sa.Text() for name in _COLUMNS}, index=["account_id"])
