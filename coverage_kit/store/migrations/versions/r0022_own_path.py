"""PostgreSQL: a writer with the store's own search path is checked without changing it for each row."""

from coverage_kit.store.migrations.history import check_rows_fast

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the second function and trigger of each table; SQLite has no search path."""
    check_rows_fast()
