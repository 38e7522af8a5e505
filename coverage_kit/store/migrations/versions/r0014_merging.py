"""Duplicates become one: where a person or an account went, which job goes on, and who are not the same."""

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.migrations.history import create_entity, freeze_history, guard_inserts

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns of a merge, and the entity."""
    for table in ("account", "person"):
        op.add_column(table, sa.Column("merged_into", sa.Text()))
    op.add_column("employment", sa.Column("continues", sa.Text()))
    op.add_column("note", sa.Column("heard_on", sa.String(10)))
    freeze_history("account")
    freeze_history("person", private=["name", "name_key", "email", "phone", "need", "salt"])
    freeze_history("employment", private=["title", "department", "salt"])
    freeze_history("note", private=["body", "done_note", "salt"])
    create_entity("not_same", dict.fromkeys(("kind", "one_id", "other_id"), sa.Text()), index=["one_id"])
    guard_inserts("not_same")
