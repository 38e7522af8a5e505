"""SQLite: where its file may be, and the settings that make an acknowledged edit survive a power cut."""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

import psutil
from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, text, update
from sqlalchemy.exc import OperationalError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.facts import StoreFacts, read_facts
from coverage_kit.store.reading import last_at
from coverage_kit.store.tables import meta

_BUSY_MS = 10_000
#: Between two tries to take the write lock.
_PAUSE_S = (0.001, 0.005)
_SYNCED = ("onedrive", "dropbox", "icloud", "google drive", "googledrive", "mybox", "마이박스")
_NETWORK = frozenset("nfs nfs4 cifs smb smbfs smb2 smb3 afpfs webdav davfs sshfs glusterfs ceph".split())
_PRAGMAS = (
    "journal_mode=TRUNCATE",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_MS}",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    # KiB: the pages that a large import writes stay in memory until its commit.
    "cache_size=-16384",
)

#: The trigger of a store that has moved.
_MOVED = "edit_moved"
_STANDING = (
    "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    " AND substr(name, 1, length(tbl_name) + 4) = tbl_name || '_no_'"
)


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, statement: str, /) -> object: ...


class Sqlite:
    """A SQLite file as a store; see ``dialects.Dialect``."""

    gives_instants = False
    holds_others = False
    copy_name = "store.db"

    def open(self, url: URL, *, create: bool) -> Engine:
        """An engine for a SQLite file.

        Raises
        ------
        StoreError
            The file or its folder is missing, empty, or in a place where SQLite is not safe.
        """
        _check_file(_file(url), create=create)
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000})
        event.listen(engine, "connect", _on_connect)
        return engine

    def label(self, url: URL) -> str:
        """The file's name."""
        return _file(url).name

    def check_place(self, url: URL) -> None:
        """SQLite's locks and its durability work only on a disk of this machine."""
        _check_place(_file(url))

    def begin_write(self, connection: Connection) -> None:
        """Take the write lock now: a plain BEGIN takes it at the first write, and then fails instead of waiting.

        SQLite's own waiting pauses longer the longer it waits, so under many writers the last to come is served first
        and one waits for seconds. Here all pause equally short, at random.
        """
        until = time.monotonic() + _BUSY_MS / 1000
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        try:
            while True:
                try:
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                    return
                except OperationalError as exc:
                    if "locked" not in str(exc.orig) or time.monotonic() > until:
                        raise
                time.sleep(random.uniform(*_PAUSE_S))
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_MS}")

    def begin_read(self, connection: Connection) -> None:
        """Begin a transaction, so that all reads in it see one state."""
        connection.exec_driver_sql("BEGIN")

    def begin_migration(self, connection: Connection) -> None:
        """Take the write lock before the first change."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def end_migration(self, connection: Connection) -> None:
        """Nothing more."""

    def next_instant(self, connection: Connection, clock: int) -> int:
        """The client's instant."""
        return clock

    def reserve(self, connection: Connection, at: int) -> None:
        """Any instant."""
        statement = update(meta).where(meta.c.key == "last_at")
        connection.execute(statement, {"value": str(max(at, last_at(connection)))})

    def copy(self, engine: Engine, target: Path) -> StoreFacts:
        """Copy in one step: in several, every edit by somebody else would start the copy again."""
        with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
            connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
        return file_facts(target)

    def upgrade_copy(self, url: URL, folder: Path | None, revision: str) -> Path | None:
        """A file in the store's folder, or in the folder that was named."""
        store = _file(url)
        return (folder or store.parent) / f"{store.stem}-before-{revision}{store.suffix}"

    def fingerprint(self, engine: Engine) -> str:
        """The sha256 of the file."""
        with _file(engine.url).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def damaged_page(self, connection: Connection) -> str:
        """The first fault that SQLite's own check finds."""
        found = str(connection.execute(text("PRAGMA integrity_check(1)")).scalar())
        return "" if found == "ok" else found

    def guards_of(self, histories: Iterable[str]) -> set[str]:
        """A history refuses deletes, updates, odd rows and moved ones; the facts refuse deletes, updates and odd values."""
        kinds = ("no_delete", "no_update", "no_forgery", "no_move", "no_odd")
        own = {f"{name}_{kind}" for name in histories for kind in kinds}
        return own | {"meta_no_delete", "meta_no_replace", "meta_no_update", "meta_no_odd"}

    def present_guards(self, connection: Connection) -> set[str]:
        """Those that still stand on their own table: a renamed table takes its triggers with it."""
        return set(connection.execute(text(_STANDING)).scalars())

    def guard_texts(self, connection: Connection) -> dict[str, str]:
        """The statements that made the triggers, and views: one could stand in for a table."""
        made = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
        return {name: sql for name, sql in made if name != _MOVED}

    def make_beside(self, engine: Engine, migrate: Callable[[Connection], None]) -> dict[str, str]:
        """In memory, once in a process."""
        return _guards_in_memory(migrate)

    def lacking_rights(self, connection: Connection) -> dict[str, str]:
        """A file has modes, and an error names them."""
        return {}

    def guards_off(self, connection: Connection) -> list[str]:
        """A file has no such settings."""
        return []

    def long_transactions(self, connection: Connection, seconds: int) -> int:
        """SQLite keeps no list of them."""
        return 0

    @contextmanager
    def unlocked_facts(self, connection: Connection) -> Iterator[None]:
        """Take the trigger away, and put it back as it was."""
        trigger = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'meta_no_update'")).scalar_one()
        connection.execute(text("DROP TRIGGER meta_no_update"))
        yield
        connection.exec_driver_sql(trigger)

    def close_for_writing(self, connection: Connection) -> None:
        """Every edit writes a record of its own, so a trigger there refuses all."""
        refuse = "BEGIN SELECT RAISE(ABORT, 'the store has moved'); END"
        connection.execute(text(f"CREATE TRIGGER {_MOVED} BEFORE INSERT ON edit {refuse}"))

    def drop_functions(self, connection: Connection) -> None:
        """Its triggers need none, and go with their tables."""


@cache
def _guards_in_memory(migrate: Callable[[Connection], None]) -> dict[str, str]:
    with create_engine("sqlite://").connect() as connection:
        migrate(connection)
        return Sqlite().guard_texts(connection)


def file_facts(path: Path) -> StoreFacts:
    """The facts of a SQLite file, which is checked page by page and not changed.

    Raises
    ------
    StoreError
        Damaged, or not one of ours.
    """
    engine = create_engine(f"sqlite:///file:{path.absolute()}?mode=ro&immutable=1&uri=true", hide_parameters=True)
    try:
        with engine.connect() as connection:
            if Sqlite().damaged_page(connection) or "meta" not in inspect(connection).get_table_names():
                raise StoreError(
                    "store.corrupt",
                    N_("The store {name} is damaged or not a database; restore it from a backup."),
                    name=path.name,
                )
            return read_facts(connection)
    finally:
        engine.dispose()


def _file(url: URL) -> Path:
    return Path(url.database or "")


def _on_connect(connection: _DriverConnection, _record: object) -> None:
    # The driver must not begin transactions; we do (BEGIN IMMEDIATE).
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _check_file(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise StoreError(
            "store.folder",
            N_("The folder of the store {name} is missing. Create it, or fix the config."),
            name=path.name,
        )
    _check_place(path)
    if create and not path.exists():
        # Created before SQLite opens it, so that no other user of the machine can ever read it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    if not path.is_file():
        raise StoreError(
            "store.missing",
            N_("The store {name} is missing. Restore it from a backup, or fix the config."),
            name=path.name,
        )
    if path.stat().st_size == 0:
        raise StoreError(
            "store.empty", N_("The store {name} is an empty file; restore it from a backup."), name=path.name
        )


def _check_place(path: Path) -> None:
    folder = path.parent.absolute()
    names = [part.casefold() for part in folder.parts]
    if any(word in name for word in _SYNCED for name in names):
        raise StoreError(
            "store.synced",
            N_(
                "The store {name} is in a folder that a cloud program synchronises, which damages databases; move the workspace to a plain local folder."
            ),
            name=path.name,
        )
    mounts = {Path(mount.mountpoint): mount.fstype for mount in psutil.disk_partitions(all=True)}
    kind = next((mounts[place] for place in (folder, *folder.parents) if place in mounts), "")
    if kind.removeprefix("fuse.") in _NETWORK or str(folder).startswith("\\\\"):
        raise StoreError(
            "store.network",
            N_(
                "The store {name} is on a network disk, where a database file loses edits; move the workspace to this machine's own disk, or use PostgreSQL."
            ),
            name=path.name,
        )
