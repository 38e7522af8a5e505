"""The mail addresses of our own people, as a staff file names them."""

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.migrations.history import freeze_history, read_own_tables

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; like the name it may be blanked, and nothing else."""
    op.add_column("staff", sa.Column("email", sa.Text()))
    freeze_history("staff", private=["name", "email", "salt"])
    read_own_tables()
