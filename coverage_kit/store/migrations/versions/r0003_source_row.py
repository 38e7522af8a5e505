"""The last export of each program, row by row."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. It is overwritten by each import, so no trigger guards it."""
    op.create_table(
        "source_row",
        sa.Column("source", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("ext_id", sa.Text, primary_key=True),
        sa.Column("entity_id", sa.Text, nullable=False),
        sa.Column("row", sa.Text),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("missing_since", sa.BigInteger),
    )
