"""Offerings, and what of an account decides which role lists apply to it. Offerings named so far become a list."""

import getpass
import hashlib
import json

import sqlalchemy as sa
from alembic import op

from coverage_kit.store.chain_format import edit_hash, row_lines
from coverage_kit.store.migrations.history import create_entity, freeze_history, guard_inserts

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_EDIT = "ed_offerings"


def upgrade() -> None:
    """Add the columns and the entity, and enter the offerings that people wrote for the stages of a sale."""
    for column in ("team", "offerings", "pinned_lists", "pinned_why"):
        op.add_column("account", sa.Column(column, sa.Text))
    freeze_history("account")
    create_entity("offering", {"name": sa.Text(), "active": sa.Integer()})
    guard_inserts("offering")
    named = _named_offerings()
    if named:
        _enter(named)


def _named_offerings() -> list[str]:
    """The texts as they were written, each once: a text and its other spelling in capitals are one offering."""
    rows = op.get_bind().execute(sa.text("SELECT offering FROM pursuit ORDER BY at, id, version")).scalars()
    first: dict[str, str] = {}
    for text in rows:
        first.setdefault(text.casefold(), text)
    return sorted(first.values())


def _enter(named: list[str]) -> None:
    """Write the offerings as one edit; each has its text as key, so what names it stays as it was written."""
    connection = op.get_bind()
    at = _next_instant(connection)
    login, actor = getpass.getuser(), "migration"
    head = {"version": 1, "at": at, "made_at": at, "actor": actor, "edit_id": _EDIT, "is_void": 0, "active": 1}
    rows = [{**head, "id": text, "name": json.dumps({"ko": text, "en": text}, ensure_ascii=False)} for text in named]
    names = sorted(rows[0])
    lines = row_lines(names, [tuple(row[name] for name in names) for row in rows])
    hashes = {"offering": hashlib.sha256(lines).hexdigest()}
    for row in rows:
        _insert("offering", row)
    before = connection.execute(sa.text("SELECT hash FROM edit ORDER BY at DESC LIMIT 1")).scalar() or ""
    record = {"at": at, "edit_id": _EDIT, "actor": actor, "login": login, "before": before}
    _insert("edit", {**record, "hash": edit_hash(before, _EDIT, at, actor, login, hashes)})
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("UPDATE meta SET value = :at WHERE key = 'last_at'"), {"at": str(at)})


def _next_instant(connection: sa.Connection) -> int:
    """The instant after everything recorded: no clock is asked that may run ahead. PostgreSQL gives its own."""
    at = int(connection.execute(sa.text("SELECT value FROM meta WHERE key = 'last_at'")).scalar() or 0) + 1
    if connection.dialect.name == "sqlite":
        return at
    return int(connection.execute(sa.text("SELECT next_instant(:at)"), {"at": at}).scalar() or at)


def _insert(table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    op.get_bind().execute(sa.text(f"INSERT INTO {table} ({names}) VALUES (:{', :'.join(row)})"), row)
