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
    next_instant : callable
        The instant of a new edit, after the last one; takes the client's clock in UTC milliseconds.
    gives_instants : bool
        The database itself says what time it is and notes the instant; a client cannot choose one.
    label : callable
        What the store is called in messages: never a login or a password.
    """

    open: _Open
    begin_write: Callable[[Connection], object]
    begin_read: Callable[[Connection], object]
    next_instant: Callable[[Connection, int], int]
    gives_instants: bool
    label: Callable[[URL], str]


def _open_postgresql(url: URL, *, create: bool) -> Engine:
    return create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _begin_postgresql_write(connection: Connection) -> None:
    # A row lock: only who may change the row can take it, unlike an advisory lock.
    connection.execute(text("SELECT value FROM meta WHERE key = 'last_at' FOR UPDATE"))


def _next_postgresql_instant(connection: Connection, clock: int) -> int:
    return int(connection.execute(text("SELECT next_instant(:clock)"), {"clock": clock}).scalar_one())


def _begin_postgresql_read(connection: Connection) -> None:
    connection.execution_options(isolation_level="REPEATABLE READ")


DIALECTS = {
    "sqlite": Dialect(
        open=open_sqlite,
        begin_write=begin_sqlite_write,
        begin_read=begin_sqlite_read,
        next_instant=lambda connection, clock: clock,
        gives_instants=False,
        label=lambda url: Path(url.database or "").name,
    ),
    "postgresql": Dialect(
        open=_open_postgresql,
        begin_write=_begin_postgresql_write,
        begin_read=_begin_postgresql_read,
        next_instant=_next_postgresql_instant,
        gives_instants=True,
        label=lambda url: "PostgreSQL",
    ),
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
