"""The database refuses instants that are no instants, and on PostgreSQL a last instant ahead of the server's clock."""

from coverage_kit.store.migrations.history import guard_instants, guard_last_instant

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_HISTORIES = (
    "account agreement answer_in claim commitment consent edit employment event must_win not_same note offering path person "
    "planned_contact planned_route prepared pursuit refused_title session slot source_dates staff template tie value_given"
).split()


def upgrade() -> None:
    """Add the checks."""
    guard_last_instant()
    for name in _HISTORIES:
        guard_instants(name)
