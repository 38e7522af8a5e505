"""The databases this program knows, one entry each. Another one is one more entry, its triggers, and a run of the tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.sqlite import begin_sqlite_read, begin_sqlite_write, open_sqlite

#: Any number, the same in every process: one writer at a time holds this advisory lock.
_WRITE_LOCK = 7_232_006_001


class _Open(Protocol):
    def __call__(self, url: URL, *, create: bool) -> Engine: ...


@dataclass(frozen=True)
class Dialect:
    """How one database is opened and locked.

    Attributes
    ----------
    open : callable
        Makes an engine from a URL; ``create`` allows a new database file.
    begin_write, begin_read : callable
        Begin a transaction: with the store's write lock; or seeing one state of the store.
    label : callable
        What the store is called in messages: never a login or a password.
    """

    open: _Open
    begin_write: Callable[[Connection], object]
    begin_read: Callable[[Connection], object]
    label: Callable[[URL], str]


def _open_postgresql(url: URL, *, create: bool) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _begin_postgresql_write(connection: Connection) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})


def _begin_postgresql_read(connection: Connection) -> None:
    connection.execution_options(isolation_level="REPEATABLE READ")


DIALECTS = {
    "sqlite": Dialect(open_sqlite, begin_sqlite_write, begin_sqlite_read, lambda url: Path(url.database or "").name),
    "postgresql": Dialect(_open_postgresql, _begin_postgresql_write, _begin_postgresql_read, lambda url: "PostgreSQL"),
}


def dialect_of(name: str) -> Dialect:
    """The entry of a database by SQLAlchemy's name for it.

    Raises
    ------
    StoreError
        A database that this program does not know.
    """
    if name not in DIALECTS:
        raise StoreError(
            "store.dialect",
            N_(
                "A store can be a SQLite file or a PostgreSQL database, not {name}; fix the store's address in the config."
            ),
            name=name,
        )
    return DIALECTS[name]


def open_engine(url: str, *, create: bool) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database.

    Parameters
    ----------
    url : str
        ``sqlite:////path/to/store.db`` or ``postgresql+psycopg://…``.
    create : bool
        Create a SQLite file that is missing, readable by its owner only.

    Raises
    ------
    StoreError
        Not a URL, another kind of database, no such file or folder.
    """
    try:
        parsed = make_url(url)
        return dialect_of(parsed.get_backend_name()).open(parsed, create=create)
    except (SQLAlchemyError, ImportError) as exc:
        raise StoreError(
            "store.url",
            N_("The store's address in the config cannot be used; check its form and that its driver is installed."),
        ) from exc


def store_name(url: str) -> str:
    """What to call the store in a message: the file's name, or the database's without login."""
    parsed = make_url(url)
    return dialect_of(parsed.get_backend_name()).label(parsed)
