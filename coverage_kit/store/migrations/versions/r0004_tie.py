"""Who reports to, influences or is at odds with whom at an account."""

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.tables import append_only_triggers

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, its index, and the triggers that keep history as it was written."""
    op.create_table(
        "tie",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("undoes", sa.Text),
        *(sa.Column(name, sa.Text) for name in ("account_id", "from_employment", "to_employment", "kind")),
        sa.Column("is_void", sa.Integer, nullable=False),
        sa.UniqueConstraint("edit_id", "id", name="uq_tie_edit"),
    )
    op.create_index("ix_tie_account_id", "tie", ["account_id"])
    for statement in append_only_triggers(op.get_bind().dialect.name, "tie"):
        op.execute(sa.text(statement.replace(":", r"\:")))
