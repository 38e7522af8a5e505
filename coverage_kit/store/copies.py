"""Copies of a store: made while others write, read back, and put in place again.

SQLite is copied by its own online backup, PostgreSQL by ``pg_dump`` on one snapshot.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, func, inspect, make_url, select, text

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.dialects import open_engine
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import metadata
from coverage_kit.store.ledger import Ledger

_REVISION = "SELECT version_num FROM alembic_version"
_META = "SELECT key, value FROM meta"
#: Where Debian keeps the programs of each version of PostgreSQL.
_INSTALLED = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class StoreFacts:
    """What identifies the state of a store.

    Attributes
    ----------
    revision : str
        Of its schema.
    workspace_id : str
    last_at : int
        Instant of the last edit (UTC milliseconds).
    rows : dict
        Number of rows of each table.
    """

    revision: str
    workspace_id: str
    last_at: int
    rows: dict[str, int]


def store_facts(ledger: Ledger) -> StoreFacts:
    """The facts of an open store."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return _facts(connection)


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
        if engine.dialect.name == "sqlite":
            with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
                # In one step: in several, every edit by somebody else would start the copy again.
                connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
            return sqlite_facts(target)
        return _dump(engine, target)


def sqlite_facts(path: Path) -> StoreFacts:
    """The facts of a SQLite file, which is checked page by page and not changed.

    Raises
    ------
    StoreError
        Damaged, or not one of ours.
    """
    engine = create_engine(f"sqlite:///file:{path.absolute()}?mode=ro&immutable=1&uri=true", hide_parameters=True)
    try:
        with store_errors(path.name), engine.connect() as connection:
            problem = connection.execute(text("PRAGMA integrity_check(1)")).scalar()
            if problem != "ok" or "meta" not in inspect(connection).get_table_names():
                raise StoreError(
                    "store.corrupt",
                    N_("The store {name} is damaged or not a database; restore it from a backup."),
                    name=path.name,
                )
            return _facts(connection)
    finally:
        engine.dispose()


def restore_dump(dump: Path, url: str) -> None:
    """Put a dump of PostgreSQL into an empty database.

    Raises
    ------
    StoreError
        The database is not empty or out of reach.
    """
    require_empty(url)
    with _login(make_url(url)) as (arguments, environment):
        command = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", *arguments, str(dump)]
        _run("pg_restore", command, environment)


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


def _facts(connection: Connection) -> StoreFacts:
    own = set(inspect(connection).get_table_names())
    meta: dict[str, str] = {row.key: row.value for row in connection.execute(text(_META))}
    tables = [table for table in metadata.sorted_tables if table.name in own]
    return StoreFacts(
        revision=str(connection.execute(text(_REVISION)).scalar()),
        workspace_id=meta.get("workspace_id", ""),
        last_at=int(meta.get("last_at", 0)),
        rows={table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables},
    )


def _dump(engine: Engine, target: Path) -> StoreFacts:
    with reading(engine) as connection, _login(engine.url) as (arguments, environment):
        snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar())
        facts = _facts(connection)
        command = ["--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}", *arguments]
        _run("pg_dump", command, environment)
    if _dumped_rows(target) != facts.rows:
        raise StoreError("backup.differs", N_("The copy differs from the store; make the backup again."))
    return facts


def _dumped_rows(dump: Path) -> dict[str, int]:
    """Rows of each table in a dump, counted in what would be restored."""
    printed = _run("pg_restore", ["--data-only", "--file=-", str(dump)], dict(os.environ))
    rows: dict[str, int] = {}
    table = ""
    for line in printed.splitlines():
        if line.startswith("COPY "):
            table = line.split()[1].rpartition(".")[2].strip('"')
            rows[table] = 0
        elif line == "\\.":
            table = ""
        elif table:
            rows[table] += 1
    return {name: n for name, n in rows.items() if name in metadata.tables}


@contextmanager
def _login(url: URL) -> Iterator[tuple[list[str], dict[str, str]]]:
    """Arguments and environment for PostgreSQL's programs; the password stays out of the command line."""
    names = {"--host": url.host, "--port": url.port, "--username": url.username, "--dbname": url.database}
    arguments = [f"{name}={value}" for name, value in names.items() if value]
    yield [*arguments, "--no-password"], {**os.environ, **({"PGPASSWORD": str(url.password)} if url.password else {})}


def _run(program: str, arguments: list[str], environment: dict[str, str]) -> str:
    found = sorted(_INSTALLED.glob(f"*/bin/{program}"), key=lambda path: int(path.parts[-3]))
    path = shutil.which(program) or (str(found[-1]) if found else None)
    if path is None:
        raise StoreError(
            "backup.program",
            N_(
                "{program} is not installed, so nothing was changed. It belongs to PostgreSQL's client programs: install them (Debian, Ubuntu: apt install postgresql-client), then try again."
            ),
            program=program,
        )
    done = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StoreError(
            "backup.failed",
            N_("{program} failed; check that its version fits the server's and that the login may read everything."),
            program=program,
        )
    return done.stdout
