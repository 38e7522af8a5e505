"""A proposal that a position is not applicable, kept beside an unchanged status."""

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.migrations.history import freeze_history

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    for column in ("proposed", "proposed_by", "proposed_why"):
        op.add_column("slot", sa.Column(column, sa.Text))
    freeze_history("slot")
