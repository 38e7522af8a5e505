"""Inserts are checked by the database, and every edit has a record with a hash over it and the edit before."""

import hashlib
import secrets

import sqlalchemy as sa
from alembic import context, op

from coverage_kit.store.chain_format import edit_hash, private_digests, row_lines
from coverage_kit.store.migrations.history import freeze_history, guard_edits, guard_inserts, guard_meta

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_PRIVATE = {
    "staff": ["name"],
    "person": ["email", "name", "name_key", "need", "phone"],
    "employment": ["department", "title"],
    "note": ["body"],
    "commitment": ["why_then"],
}
_ENTITIES = "account staff person employment template slot note event commitment session claim pursuit tie".split()


def upgrade() -> None:
    """Add salts and digests, the records of edits and the checks, and start the chain with a hash over all that is there."""
    given = "1" if context.config.attributes.get("given_clock") else "0"
    meta = sa.table("meta", sa.column("key", sa.Text), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": "given_clock", "value": given}, {"key": "last_tx", "value": ""}])
    op.create_table(
        "edit",
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("edit_id", sa.Text, nullable=False, unique=True),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("login", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
    )
    _begin_chain()
    freeze_history("edit")
    guard_meta()
    guard_edits()
    for name in _ENTITIES:
        freeze_history(name, private=[*_PRIVATE[name], "salt"] if name in _PRIVATE else [])
        guard_inserts(name)


def _begin_chain() -> None:
    connection = op.get_bind()
    hashes, last = {}, 0
    for name in _ENTITIES:
        if name in _PRIVATE:
            _salt(name, _PRIVATE[name])
        rows = [row._asdict() for row in connection.execute(sa.text(f"SELECT * FROM {name}"))]
        if rows:
            names = sorted(rows[0].keys() - {"salt", *_PRIVATE.get(name, ())})
            # The order of ids is that of their characters, whatever the database's collation.
            in_order = sorted(rows, key=lambda row: (row["at"], row["id"]))
            lines = row_lines(names, [tuple(row[key] for key in names) for row in in_order])
            hashes[name] = hashlib.sha256(lines).hexdigest()
            last = max(last, *(row["at"] for row in rows))
    if hashes:
        record = {"at": last, "edit_id": "ed_older", "actor": "", "login": "", "before": ""}
        record["hash"] = edit_hash("", "ed_older", last, "", "", hashes)
        columns = ", ".join(record)
        connection.execute(sa.text(f"INSERT INTO edit ({columns}) VALUES (:{', :'.join(record)})"), record)


def _salt(name: str, private: list[str]) -> None:
    """Give each row with personal data a salt and a digest."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        op.execute(f"DROP TRIGGER {name}_no_update")
    else:
        op.execute(f"DROP TRIGGER {name}_no_update ON {name}")
    for column in ("salt", "digest"):
        op.add_column(name, sa.Column(column, sa.Text))
    rows = connection.execute(sa.text(f"SELECT id, version, {', '.join(private)} FROM {name}")).all()
    salts = [secrets.token_hex(8) for _ in rows]
    salted = [
        {"i": row.id, "v": row.version, "s": salt, "d": digest}
        for row, salt, digest in zip(
            rows, salts, private_digests(private, [row[2:] for row in rows], salts), strict=True
        )
        if digest is not None
    ]
    if salted:
        connection.execute(sa.text(f"UPDATE {name} SET salt = :s, digest = :d WHERE id = :i AND version = :v"), salted)
