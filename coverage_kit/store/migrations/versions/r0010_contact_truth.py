"""The dates of a source about an account's contacts, and titles that are not to suggest a role."""

import sqlalchemy as sa

from coverage_kit.store.migrations.history import ColumnType, create_entity, guard_inserts

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_DAY = sa.String(10)
_ENTITIES: dict[str, tuple[dict[str, ColumnType], tuple[str, ...]]] = {
    "source_dates": (
        {"account_id": sa.Text(), "source": sa.Text(), "updated_on": _DAY, "added_on": _DAY},
        ("account_id",),
    ),
    "refused_title": ({"role": sa.Text(), "title": sa.Text(), "n": sa.Integer()}, ("role",)),
}


def upgrade() -> None:
    """Add the two entities."""
    for name, (columns, index) in _ENTITIES.items():
        create_entity(name, columns, index=index)
        guard_inserts(name)
