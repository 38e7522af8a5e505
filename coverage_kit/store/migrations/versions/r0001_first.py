"""The first schema: accounts, people, slots and what belongs to them."""

import secrets

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.migrations.history import ColumnType, create_entity

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_FLAGS = {"focus", "can_meet", "can_deliver"}
_DAYS = {"ended_on", "opted_out_on", "erased_on", "started_on", "verified_on", "review_on", "answered_on"}

# Written out, not read from today's declarations: a migration says what the schema was on its day.
_ENTITIES = {
    "account": "name name_key industry segment region value owner_id template_ids status focus facts",
    "staff": "name login function manager_id ended_on",
    "person": "name name_key email phone need opted_out_on erased_on",
    "employment": "person_id account_id title department started_on ended_on end_kind moved_to"
    " verified_on verified_by verified_how",
    "template": "body source_hash",
    "slot": "account_id role status employment_id verified_on verified_by verified_how representative_id"
    " can_meet can_deliver disposition grounds_note reason_note agreed_by review_on",
    "note": "account_id person_id kind body owner_id answered_on",
    "event": "kind account_id body",
}
_PRIVATE = {
    "staff": "name",
    "person": "name name_key email phone need",
    "employment": "title department",
    "note": "body",
}
_INDEXED = {
    "account": "owner_id",
    "employment": "person_id account_id",
    "slot": "account_id",
    "note": "account_id",
    "event": "account_id",
}


def upgrade() -> None:
    """Make the entities, and the tables beside them."""
    for name, columns in _ENTITIES.items():
        types = {column: _type(column) for column in columns.split()}
        create_entity(name, types, private=_PRIVATE.get(name, "").split(), index=_INDEXED.get(name, "").split())
    op.create_table(
        "conflict_draft",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("entity", sa.Text, nullable=False),
        sa.Column("entity_id", sa.Text, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("payload", sa.Text),
    )
    meta = op.create_table(
        "meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
    )
    op.bulk_insert(meta, [{"key": "workspace_id", "value": secrets.token_hex(8)}, {"key": "last_at", "value": "0"}])


def _type(column: str) -> ColumnType:
    if column in _FLAGS:
        return sa.Integer()
    if column in _DAYS:
        return sa.String(10)
    return sa.Float() if column == "value" else sa.Text()
