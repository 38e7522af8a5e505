"""PostgreSQL: functions lock the store and reserve an instant, so that a login needs no right to change its facts."""

from coverage_kit.store.migrations.history import give_functions

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the functions; SQLite needs none."""
    give_functions()
