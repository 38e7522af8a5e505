"""PostgreSQL: our functions read our tables only, never a temporary one of the same name or one on a login's search path."""

from coverage_kit.store.migrations.history import read_own_tables

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Fix where the functions look; SQLite's triggers see the tables of their own file only."""
    read_own_tables()
