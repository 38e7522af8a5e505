"""The chain of edits: each edit's hash covers its rows and the hash before it, so that damage and forgery show."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from coverage_kit.store.chain_format import edit_hash, private_digest, row_lines
from coverage_kit.store.changes import RowDict
from coverage_kit.store.engines import damage_errors, reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity, Value
from coverage_kit.store.tables import edit

if TYPE_CHECKING:
    from coverage_kit.store.ledger import Ledger

_LAST_HASH = select(edit.c.hash).order_by(edit.c.at.desc()).limit(1)
_HEAD = ("id", "version", "at", "made_at", "actor", "edit_id", "undoes", "is_void", "digest")
#: The edit that stands for everything written before there was a chain.
OLDER = "ed_older"


@dataclass(frozen=True)
class Damage:
    """An edit that is not as it was written.

    Attributes
    ----------
    edit_id : str
    at : int
        UTC milliseconds.
    what : str
        ``changed`` (its rows, or its own record), ``private`` (personal data), ``unlisted`` (rows of no edit).
    """

    edit_id: str
    at: int
    what: str


class EditSeal:
    """Collects the rows of one edit while they are written, and then writes the edit's own record.

    Parameters
    ----------
    stamp : dict
        The columns that all rows of the edit share.
    """

    def __init__(self, stamp: RowDict) -> None:
        self._stamp = stamp
        self._hashes: dict[str, hashlib._Hash] = {}

    def seal(
        self, one: Entity, columns: tuple[str, ...], rows: list[tuple[Value, ...]]
    ) -> tuple[tuple[str, ...], list[tuple[Value, ...]]]:
        """The rows with salt and digest of their personal data, which are then part of the edit's hash."""
        lines = self._hashes.setdefault(one.name, hashlib.sha256())
        names = sorted(columns)
        private = [(name, columns.index(name)) for name in names if name in one.private]
        public = [(name, columns.index(name)) for name in names if name in one.public]
        key, version = columns.index("id"), columns.index("version")
        void = columns.index("is_void") if "is_void" in columns else None
        shared = [self._stamp[name] for name in ("at", "made_at", "actor", "edit_id", "undoes")]
        salts = secrets.token_hex(8 * len(rows))
        sealed, seen = [], []
        for n, row in enumerate(rows):
            digest = salt = None
            values = {name: row[i] for name, i in private if row[i] is not None}
            if values:
                salt = salts[16 * n : 16 * n + 16]
                digest = private_digest(salt, values)
            named = {name: row[i] for name, i in public if row[i] is not None}
            seen.append([row[key], row[version], *shared, 0 if void is None else row[void], digest, named])
            sealed.append((*row, salt, digest) if one.private else row)
        lines.update(row_lines(seen))
        return ((*columns, "salt", "digest") if one.private else columns), sealed

    def write(self, connection: Connection, login: str) -> None:
        """Write the record of the edit."""
        stamp = self._stamp
        before = connection.execute(_LAST_HASH).scalar() or ""
        hashes = {name: lines.hexdigest() for name, lines in self._hashes.items()}
        record = {
            "at": stamp["at"],
            "edit_id": stamp["edit_id"],
            "actor": stamp["actor"],
            "login": login,
            "before": before,
            "hash": edit_hash(before, stamp["edit_id"], stamp["at"], stamp["actor"], login, hashes),
        }
        connection.execute(insert(edit), record)


def check_edits(ledger: Ledger, *, since: int = 0) -> list[Damage]:
    """Is every edit as it was written?

    Parameters
    ----------
    ledger : Ledger
    since : int
        Check only edits after this instant (UTC milliseconds); all by default.

    Returns
    -------
    list of Damage
        Empty where all is well; oldest first.
    """
    found: set[tuple[int, str, str]] = set()
    with store_errors(ledger.name), damage_errors(ledger.name), reading(ledger.engine) as connection:
        records = connection.execute(select(edit).where(edit.c.at > since).order_by(edit.c.at)).all()
        older = next((record.at for record in records if record.edit_id == OLDER), 0)
        hashes: dict[int, dict[str, str]] = {}
        listed = {record.at: record.edit_id for record in records}
        for one in ENTITIES.values():
            for at, rows in groupby(_rows(connection, one, since), key=lambda row: max(row["at"], older)):
                lines, same = hashlib.sha256(), sorted(rows, key=lambda row: (row["at"], row["id"]))
                for row in same:
                    lines.update(row_lines([entity_line(one, row)]))
                    if not _private_is_right(one, row):
                        found.add((row["at"], row["edit_id"], "private"))
                hashes.setdefault(at, {})[one.name] = lines.hexdigest()
                found |= {
                    (row["at"], row["edit_id"], "unlisted")
                    for row in same
                    if at not in listed or (at > older and row["edit_id"] != listed[at])
                }
        before = connection.execute(
            select(edit.c.hash).where(edit.c.at <= since).order_by(edit.c.at.desc()).limit(1)
        ).scalar()
        for record in records:
            right = edit_hash(
                before or "", record.edit_id, record.at, record.actor, record.login, hashes.get(record.at, {})
            )
            if record.before != (before or "") or record.hash != right:
                found.add((record.at, record.edit_id, "changed"))
            before = record.hash
    return [Damage(edit_id, at, what) for at, edit_id, what in sorted(found)]


def _rows(connection: Connection, one: Entity, since: int) -> Iterator[RowDict]:
    statement = select(one.table).where(one.table.c.at > since).order_by(one.table.c.at)
    for row in connection.execution_options(yield_per=5_000).execute(statement).mappings():
        yield dict(row)


@cache
def _sorted_columns(one_name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    one = ENTITIES[one_name]
    return tuple(sorted(one.public)), tuple(sorted(one.private - {"salt"}))


def entity_line(one: Entity, row: RowDict) -> list[object]:
    """A stored row as ``row_lines`` takes it."""
    public, _ = _sorted_columns(one.name)
    return [*(row.get(name) for name in _HEAD), {name: row[name] for name in public if row[name] is not None}]


def _private_is_right(one: Entity, row: RowDict) -> bool:
    """Personal data is as it was written, or was erased together with its salt."""
    _, private = _sorted_columns(one.name)
    values = {name: row[name] for name in private if row[name] is not None}
    if not values:
        return True
    return row["salt"] is not None and row["digest"] == private_digest(row["salt"], values)
