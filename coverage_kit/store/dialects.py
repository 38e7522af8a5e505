"""The databases this program knows, one entry each; all that differs between them stands in their classes.

Another one is one more entry, its triggers in ``migrations/history.py``, and a run of the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.facts import StoreFacts
from coverage_kit.store.postgresql import Postgresql
from coverage_kit.store.sqlite import Sqlite


class Dialect(Protocol):
    """The differences between databases: one class each."""

    @property
    def gives_instants(self) -> bool:
        """The database itself says what time it is and notes the instant; a client cannot choose one."""

    @property
    def holds_others(self) -> bool:
        """A new store may share a database with tables of other programs."""

    @property
    def copy_name(self) -> str:
        """File name of a copy in a backup."""

    def open(self, url: URL, *, create: bool) -> Engine:
        """An engine for a URL; ``create`` allows a new database file."""

    def label(self, url: URL) -> str:
        """Name of the store in messages: never a login or a password."""

    def check_place(self, url: URL) -> None:
        """Raise a StoreError where the store lies in a place that loses edits."""

    def begin_write(self, connection: Connection) -> None:
        """Begin a transaction with the store's write lock."""

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction that sees one state of the store."""

    def begin_migration(self, connection: Connection) -> None:
        """Begin a transaction that changes the schema."""

    def end_migration(self, connection: Connection) -> None:
        """Do what new tables need besides the migrations, in their transaction."""

    def next_instant(self, connection: Connection, clock: int) -> int:
        """The instant of a new edit, after the last one; takes the client's clock in UTC milliseconds."""

    def reserve(self, connection: Connection, at: int) -> None:
        """Make every later edit land after an instant (UTC milliseconds), under the store's write lock."""

    def copy(self, engine: Engine, target: Path) -> StoreFacts:
        """Copy the store into an empty file while others write; returns the facts of the copy."""

    def upgrade_copy(self, url: URL, folder: Path | None, revision: str) -> Path | None:
        """Where the copy from before an upgrade is kept; None where no folder was named and there is no usual place."""

    def fingerprint(self, engine: Engine) -> str:
        """A hash that names the present state of the store."""

    def damaged_page(self, connection: Connection) -> str:
        """The first fault that the database finds in its own file; empty if none."""

    def guards_of(self, histories: Iterable[str]) -> set[str]:
        """The triggers that guard the facts of a store and these tables."""

    def present_guards(self, connection: Connection) -> set[str]:
        """The triggers of a store that are switched on."""

    def guard_texts(self, connection: Connection) -> dict[str, str]:
        """Everything that guards a store, by its name, and how it is written: triggers, functions, rules of row security."""

    def make_beside(self, engine: Engine, migrate: Callable[[Connection], None]) -> dict[str, str]:
        """The guards of an empty store that is made in the same database and is gone afterwards; empty if not allowed."""

    def lacking_rights(self, connection: Connection) -> dict[str, str]:
        """What the login may not do, and the statement that would allow it.

        ``write`` into the store, make ``tables``, ``compare`` the store's guards with those of a new one.
        """

    def guards_off(self, connection: Connection) -> list[str]:
        """Settings of the database or of a login that switch triggers off."""

    def long_transactions(self, connection: Connection, seconds: int) -> int:
        """How many transactions have been open for longer than so many seconds."""

    def unlocked_facts(self, connection: Connection) -> AbstractContextManager[None]:
        """Lets the owner of a store that nobody uses yet change any fact in ``meta``."""

    def close_for_writing(self, connection: Connection) -> None:
        """Refuse every later edit in this store, because it has moved."""

    def drop_functions(self, connection: Connection) -> None:
        """Drop the functions that our migrations made."""


DIALECTS: dict[str, Dialect] = {"sqlite": Sqlite(), "postgresql": Postgresql()}


def dialect_of(store: Engine | Connection | URL) -> Dialect:
    """The entry of a database.

    Raises
    ------
    StoreError
        A database that this program does not know.
    """
    name = store.get_backend_name() if isinstance(store, URL) else store.dialect.name
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
        return dialect_of(parsed).open(parsed, create=create)
    except (SQLAlchemyError, ImportError) as exc:
        raise StoreError(
            "store.url",
            N_("The store's address in the config cannot be used; check its form and that its driver is installed."),
        ) from exc


def store_name(url: str) -> str:
    """Name of the store in a message: the file's, or the database's without login."""
    parsed = make_url(url)
    return dialect_of(parsed).label(parsed)
