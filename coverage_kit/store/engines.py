"""How each database is opened: SQLite's settings for durability and locks, PostgreSQL's for one writer at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_

#: Any number, the same in every process: the advisory lock under which one writer at a time assigns ``at``.
_WRITE_LOCK = 7_232_006_001
_BUSY_MS = 10_000
_SYNCED = ("onedrive", "dropbox", "icloud", "google drive", "googledrive", "mybox", "마이박스")
_NETWORK = {
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smbfs",
    "smb2",
    "smb3",
    "afpfs",
    "webdav",
    "davfs",
    "sshfs",
    "glusterfs",
    "ceph",
}
_PRAGMAS = (
    "journal_mode=TRUNCATE",
    "synchronous=FULL",
    f"busy_timeout={_BUSY_MS}",
    "secure_delete=ON",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    # KiB: what a large import writes to stays in memory until its one commit.
    "cache_size=-16384",
)

#: The read that is under way, so that questions inside it share its connection and its state of the store.
_read: ContextVar[Connection | None] = ContextVar("_read", default=None)


def open_engine(url: str, *, create: bool) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database.

    Parameters
    ----------
    url : str
        ``sqlite:////path/to/store.db`` or ``postgresql+psycopg://…``.
    create : bool
        Make a SQLite file that is not there yet, readable by its owner alone.

    Raises
    ------
    StoreError
        No such file or folder, or not a URL.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as exc:
        raise StoreError(
            "store.url",
            N_("The store's address in the config cannot be used; check its form and that its driver is installed."),
        ) from exc
    path = Path(parsed.database or "")
    _check_file(path, create=create)
    engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _on_sqlite_connect)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the store's write lock from its first statement."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            # A plain BEGIN takes the lock only at the first write and then fails instead of waiting.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITE_LOCK})
        yield connection
        connection.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A short read that sees one state of the store; one inside another sees what that sees."""
    outer = _read.get()
    if outer is not None and outer.engine is engine:
        yield outer
        return
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        token = _read.set(connection)
        try:
            yield connection
        finally:
            _read.reset(token)


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turn a database's errors into ours: what happened to which store, and what to do; never SQL or a password."""
    try:
        yield
    except DBAPIError as exc:
        raise _translate(str(exc.orig).lower(), name) from exc
    except sqlite3.Error as exc:
        raise _translate(str(exc).lower(), name) from exc


def store_name(url: str) -> str:
    """What to call the store in a message: the file's name, or the database's without login."""
    parsed = make_url(url)
    return Path(parsed.database or "").name if parsed.get_backend_name() == "sqlite" else "PostgreSQL"


def check_place(path: Path) -> None:
    """SQLite's locks and its promise of durability hold on a disk of this machine only."""
    folder = path.parent.absolute()
    names = [part.casefold() for part in folder.parts]
    if any(word in name for word in _SYNCED for name in names):
        raise StoreError(
            "store.synced",
            N_(
                "The store {name} lies in a folder that a cloud program synchronises, which damages databases; move the workspace to a plain local folder."
            ),
            name=path.name,
        )
    mounts = {Path(mount.mountpoint): mount.fstype for mount in psutil.disk_partitions(all=True)}
    kind = next((mounts[place] for place in (folder, *folder.parents) if place in mounts), "")
    if kind.removeprefix("fuse.") in _NETWORK or str(folder).startswith("\\\\"):
        raise StoreError(
            "store.network",
            N_(
                "The store {name} lies on a network disk, where a database file loses edits; move the workspace to this machine's own disk, or use PostgreSQL."
            ),
            name=path.name,
        )


def _check_file(path: Path, *, create: bool) -> None:
    if not path.parent.is_dir():
        raise StoreError(
            "store.folder", N_("The folder of the store {name} is missing; make it or mend the config."), name=path.name
        )
    check_place(path)
    if create and not path.exists():
        # Before SQLite opens it, so that no other user of the machine ever sees a byte.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        return
    if not path.is_file():
        raise StoreError(
            "store.missing",
            N_("The store {name} is missing; restore it from a backup or mend the config."),
            name=path.name,
        )
    if path.stat().st_size == 0:
        raise StoreError(
            "store.empty", N_("The store {name} is an empty file; restore it from a backup."), name=path.name
        )


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    # Transactions are ours to begin (BEGIN IMMEDIATE), not the driver's.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


_SITUATIONS = (
    (
        ("locked", "busy"),
        "store.locked",
        N_("The store {name} is being written by another program; wait a moment and try again."),
    ),
    (
        ("disk is full", "disk full", "no space"),
        "store.full",
        N_("The disk of the store {name} is full; nothing was written. Make room and try again."),
    ),
    (
        ("readonly", "read-only", "permission denied"),
        "store.read_only",
        N_("The store {name} cannot be written; check the file's permissions."),
    ),
    (
        ("not a database", "malformed", "corrupt"),
        "store.corrupt",
        N_("The store {name} is damaged or not a database; restore it from a backup."),
    ),
    (
        ("append-only",),
        "store.append_only",
        N_("The store {name} keeps its history: what was written is never changed."),
    ),
)


def _translate(problem: str, name: str) -> StoreError:
    for words, code, message in _SITUATIONS:
        if any(word in problem for word in words):
            return StoreError(code, message, name=name)
    return StoreError(
        "store.unreachable",
        N_("The store {name} cannot be used; check the address, login and server in the config."),
        name=name,
    )
