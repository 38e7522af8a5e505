"""SQLite: where its file may be, and the settings that make an acknowledged edit survive a power cut."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path
from typing import Protocol

import psutil
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_

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


class _DriverConnection(Protocol):
    isolation_level: str | None

    def execute(self, statement: str, /) -> object: ...


def open_sqlite(url: URL, *, create: bool) -> Engine:
    """An engine for a SQLite file.

    Parameters
    ----------
    url : URL
    create : bool
        Create the file if it is missing, readable by its owner only.

    Raises
    ------
    StoreError
        The file or its folder is missing, empty, or in a place where SQLite is not safe.
    """
    _check_file(Path(url.database or ""), create=create)
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY_MS / 1000})
    event.listen(engine, "connect", _on_connect)
    return engine


def begin_sqlite_write(connection: Connection) -> None:
    """Take the write lock now: a plain BEGIN takes it at the first write, and then fails instead of waiting.

    SQLite's own waiting pauses longer the longer it waits, so under many writers the last to come is served first and
    one waits for seconds. Here all pause equally short, at random.
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


def begin_sqlite_read(connection: Connection) -> None:
    """Begin a transaction, so that all reads in it see one state."""
    connection.exec_driver_sql("BEGIN")


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
    check_place(path)
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


def check_place(path: Path) -> None:
    """SQLite's locks and its durability work only on a disk of this machine."""
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
