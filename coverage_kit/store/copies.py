"""Copies of a store: made while others write, read back, and put in place again.

SQLite is copied by its own online backup, PostgreSQL by ``pg_dump`` on one snapshot.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sqlalchemy import Engine, inspect, make_url

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store import postgresql
from coverage_kit.store.dialects import dialect_of, open_engine
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.facts import StoreFacts, read_facts
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.sqlite import file_facts


def store_facts(ledger: Ledger) -> StoreFacts:
    """The facts of an open store."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return read_facts(connection)


def copy_store(ledger: Ledger, target: Path) -> StoreFacts:
    """Copy a store into a file while others write.

    Everything that was saved before the call is in the copy. Writers wait while a SQLite store is copied.

    Parameters
    ----------
    ledger : Ledger
    target : Path
        A file that is not there yet; it is made readable by its owner alone.

    Returns
    -------
    StoreFacts
        Of the copy, read back from it.

    Raises
    ------
    StoreError
        The copy cannot be made, or differs from the store.
    """
    return _copy(ledger.engine, ledger.name, target)


def copy_before_upgrade(engine: Engine, name: str, target: Path, *, revision: str) -> Path | None:
    """Keep a verified copy of a store that is about to be migrated, whole or not at all.

    Parameters
    ----------
    engine : Engine
    name : str
        What the store is called in messages.
    target : Path
        A copy that an earlier, failed attempt left there is replaced.
    revision : str
        Of the schema before the migration.

    Returns
    -------
    Path or None
        None where another process has migrated the store by now.

    Raises
    ------
    StoreError
        The copy cannot be made; then nothing may be migrated.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".copy-", dir=target.parent) as temporary:
            part = Path(temporary) / target.name
            facts = _copy(engine, name, part)
            if facts.revision != revision:
                return None
            part.replace(target)
    except OSError as exc:
        raise StoreError(
            "store.copy",
            N_(
                "The store {name} must be brought up to this version, but no copy of it can be made first ({reason}), so nothing was changed. Make room or check the folder's permissions, then try again."
            ),
            name=name,
            reason=exc.strerror or type(exc).__name__,
        ) from exc
    return target


def _copy(engine: Engine, name: str, target: Path) -> StoreFacts:
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with store_errors(name):
        return dialect_of(engine).copy(engine, target)


def sqlite_facts(path: Path) -> StoreFacts:
    """The facts of a SQLite file, which is checked page by page and not changed.

    Raises
    ------
    StoreError
        Damaged, or not one of ours.
    """
    with store_errors(path.name):
        return file_facts(path)


def restore_dump(dump: Path, url: str) -> None:
    """Put a dump of PostgreSQL into an empty database.

    Raises
    ------
    StoreError
        The database is not empty or out of reach.
    """
    require_empty(url)
    postgresql.restore(dump, make_url(url))


def require_empty(url: str) -> None:
    """Refuse a database that has tables.

    Raises
    ------
    StoreError
        It is not empty, out of reach, or not PostgreSQL.
    """
    engine = open_engine(url, create=False)
    try:
        with store_errors("PostgreSQL"), engine.connect() as connection:
            if inspect(connection).get_table_names():
                raise StoreError(
                    "restore.not_empty", N_("The database has tables already; create an empty one and name it.")
                )
    finally:
        engine.dispose()
