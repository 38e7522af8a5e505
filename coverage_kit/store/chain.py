"""The chain of edits: each edit's hash covers its rows and the hash before it, so that damage and forgery show."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, select

from coverage_kit.store.chain_format import edit_hash, private_digests, row_lines
from coverage_kit.store.changes import Columns, RowDict
from coverage_kit.store.engines import damage_errors, reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity, Value
from coverage_kit.store.tables import edit

if TYPE_CHECKING:
    from coverage_kit.store.ledger import Ledger

_LAST_HASH = select(edit.c.hash).order_by(edit.c.at.desc()).limit(1)
#: How many rows are hashed together.
_PART = 5_000
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
        self._shared = {"is_void": 0, **{name: value for name, value in stamp.items() if value is not None}}
        self._hashes: dict[str, hashlib._Hash] = {}

    def seal(self, one: Entity, columns: Columns) -> Columns:
        """Whole rows, with salt and digest of their personal data and what all rows share; the edit's hash covers them."""
        lines = self._hashes.setdefault(one.name, hashlib.sha256())
        n = len(columns["id"])
        whole = {**{name: [value] * n for name, value in self._shared.items()}, **columns}
        if one.private:
            salts = _salts(n)
            digests = private_digests(*_picked(whole, _private(one.name)), salts)
            whole["salt"] = (
                salts if None not in digests else [digest and salt for digest, salt in zip(digests, salts, strict=True)]
            )
            whole["digest"] = digests
        lines.update(row_lines(*_picked(whole, _hashed(one.name))))
        return whole

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
                same = sorted(rows, key=lambda row: (row["at"], row["id"]))
                hashes.setdefault(at, {})[one.name] = rows_hash(one, same)
                found |= {(row["at"], row["edit_id"], "private") for row in _wrong_private(one, same)}
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
    for row in connection.execute(statement.execution_options(yield_per=5_000)).mappings():
        yield dict(row)


@cache
def _hashed(one_name: str) -> list[str]:
    """The columns of an entity that the chain hashes, in the order of their names."""
    return sorted(set(ENTITIES[one_name].table.columns.keys()) - ENTITIES[one_name].private)


@cache
def _private(one_name: str) -> list[str]:
    """The columns of an entity that its digest covers, in the order of their names."""
    return sorted(ENTITIES[one_name].private - {"salt"})


def rows_hash(one: Entity, rows: Sequence[RowDict]) -> str:
    """The hash of stored rows of one edit, which are in the order of ``at``, then ``id``."""
    lines, names = hashlib.sha256(), _hashed(one.name)
    for start in range(0, len(rows), _PART):
        lines.update(row_lines(names, [itemgetter(*names)(row) for row in rows[start : start + _PART]]))
    return lines.hexdigest()


def _wrong_private(one: Entity, rows: Sequence[RowDict]) -> Iterator[RowDict]:
    """Rows whose personal data is neither as it was written nor erased together with its salt."""
    names = _private(one.name)
    if names:
        values = [tuple(row[name] for name in names) for row in rows]
        digests = private_digests(names, values, [row["salt"] for row in rows])
        for row, digest in zip(rows, digests, strict=True):
            if digest is not None and (row["salt"] is None or row["digest"] != digest):
                yield row


def _picked(columns: Columns, wanted: Sequence[str]) -> tuple[list[str], list[tuple[Value, ...]]]:
    """Those of the wanted columns that there are, and the rows of them."""
    names = [name for name in wanted if name in columns]
    if not names:
        return [], [()] * len(columns["id"])
    return names, list(zip(*(columns[name] for name in names), strict=True))


def _salts(n: int) -> list[str]:
    digits = secrets.token_hex(8 * n)
    return [digits[start : start + 16] for start in range(0, len(digits), 16)]
