"""PostgreSQL: it dates edits itself, and its own programs copy a store and put it back."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, select, text
from sqlalchemy.exc import DBAPIError

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.entities import ENTITIES, metadata
from coverage_kit.store.facts import StoreFacts, read_facts
from coverage_kit.store.row_security import OWN_TABLES, guard_tables, is_secured, secure, sees_all
from coverage_kit.store.tables import edit

#: Where Debian keeps the programs of each version of PostgreSQL.
_INSTALLED = Path("/usr/lib/postgresql")
#: The functions that our migrations make.
_FUNCTIONS = (
    "SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE n.nspname = current_schema() AND p.proname ~ '^(refuse_|check_|ck_|next_instant$|lock_store$|reserve_instant$)'"
)
_FIRING = (
    "SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE n.nspname = current_schema() AND t.tgenabled IN ('O', 'A')"
    " AND left(t.tgname, length(c.relname) + 4) = c.relname || '_no_'"
)
#: The schema of an empty store that is made to compare with; it never outlives its transaction.
_BESIDE = "coverage_kit_beside"
#: What a store that has moved has besides.
_MOVED = frozenset({"edit.edit_moved", "refuse_moved()"})
_OURS = "n.nspname = current_schema() AND c.relname = ANY(:tables)"
#: What guards a store: name and definition. Only a trigger that fires before (2) or instead (64) can change what is written;
#: those that follow the staff and the owners of accounts (``_sight``) decide who sees what.
_GUARDS = (
    "SELECT c.relname || '.' || t.tgname, replace(pg_get_triggerdef(t.oid, true),"
    " quote_literal(quote_ident(current_schema()) || ', pg_temp'), 'here') || ' ' || replace(t.tgenabled::text, 'A', 'O')"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
    f" WHERE {_OURS} AND NOT t.tgisinternal AND (t.tgtype::int & 66 <> 0 OR t.tgname ~ '_sight$')",
    "SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', concat_ws(' ', pg_get_function_result(p.oid),"
    " l.lanname, p.prosecdef, p.provolatile,"
    " replace(array_to_string(p.proconfig, ','), quote_ident(current_schema()), 'here'), p.prosrc)"
    " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang"
    " WHERE n.nspname = current_schema()"
    " AND p.proname ~ '^(refuse_|check_|ck_|next_instant$|lock_store$|reserve_instant$)'",
    f"SELECT c.relname || '.' || r.rulename, r.ev_type::text FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class"
    f" JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}",
    "SELECT tablename || '.' || policyname, concat_ws(' ', permissive, roles::text, cmd, qual, with_check) FROM pg_policies"
    " WHERE schemaname = current_schema() AND tablename = ANY(:tables)",
    "SELECT c.relname, concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity)"
    f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}",
)
_OFF = (
    "SELECT DISTINCT 'session_replication_role' FROM pg_db_role_setting, unnest(setconfig) AS one"
    " WHERE setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))"
    " AND one ~* '^session_replication_role=(?!origin$|local$)'"
    " UNION SELECT 'session_replication_role' WHERE current_setting('session_replication_role') = 'replica'"
)
#: Seconds that a writer waits for another one, and may do nothing while others wait.
_PATIENCE = {"lock_timeout": 30, "idle_in_transaction_session_timeout": 600}
#: Rows are then checked without a change of the path for each; see ``migrations.history.check_rows_fast``.
_OWN_PATH = "SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true)"
#: Whether the login has a right, and what would give it.
_RIGHTS = (
    "SELECT 'write', bool_and(has_table_privilege(c.oid, 'INSERT') AND has_function_privilege('lock_store()', 'EXECUTE'))"
    " AND current_setting('transaction_read_only') = 'off', ''"
    f" FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}"
    " UNION ALL SELECT 'tables', has_schema_privilege(current_schema(), 'CREATE'),"
    " format('GRANT CREATE ON SCHEMA %I TO %I', current_schema(), current_user)"
    " UNION ALL SELECT 'compare', has_database_privilege(current_database(), 'CREATE'),"
    " format('GRANT CREATE ON DATABASE %I TO %I', current_database(), current_user)"
)
_LONG = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND now() - xact_start > make_interval(secs => :seconds)"
)


class Postgresql:
    """PostgreSQL as a store; see ``dialects.Dialect``."""

    gives_instants = True
    holds_others = True
    copy_name = "store.pgdump"

    def open(self, url: URL, *, create: bool) -> Engine:
        """An engine that never shows values in its errors."""
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)

    def label(self, url: URL) -> str:
        """The program's name: an address may hold a login."""
        return "PostgreSQL"

    def check_place(self, url: URL) -> None:
        """A server looks after its own disk."""

    def begin_write(self, connection: Connection) -> None:
        """Lock a row by a function: unlike an advisory lock, nobody can take it who may not write here.

        A program that holds it and does nothing (a computer gone to sleep) loses it; others wait for a while only.
        """
        for name, seconds in _PATIENCE.items():
            connection.execute(text(f"SET LOCAL {name} = '{seconds}s'"))
        connection.execute(text(_OWN_PATH))
        connection.execute(text("SELECT lock_store()"))

    def begin_read(self, connection: Connection) -> None:
        """Read one state."""
        connection.execution_options(isolation_level="REPEATABLE READ")

    def begin_migration(self, connection: Connection) -> None:
        """The first statement begins the transaction."""

    def end_migration(self, connection: Connection) -> None:
        """Extend row security to new tables, where the store has it."""
        if is_secured(connection):
            secure(connection)

    def next_instant(self, connection: Connection, clock: int) -> int:
        """The server's instant."""
        return int(connection.execute(text("SELECT next_instant(:clock)"), {"clock": clock}).scalar_one())

    def reserve(self, connection: Connection, at: int) -> None:
        """The server refuses an instant far ahead of its own clock."""
        connection.execute(text("SELECT reserve_instant(:at)"), {"at": at})

    def copy(self, engine: Engine, target: Path) -> StoreFacts:
        """Dump one snapshot, and count what would be restored."""
        with engine.connect() as connection, _login(engine.url) as (arguments, environment):
            self.begin_read(connection)
            if is_secured(connection) and not sees_all(connection):
                raise StoreError(
                    "backup.part",
                    N_(
                        "Your login sees a part of the store, so a backup would hold only that part. Ask the administrator to make it."
                    ),
                )
            snapshot = str(connection.execute(text("SELECT pg_export_snapshot()")).scalar())
            facts = read_facts(connection)
            command = [
                "--format=custom",
                "--no-owner",
                "--enable-row-security",
                f"--snapshot={snapshot}",
                f"--file={target}",
                *arguments,
            ]
            _run("pg_dump", command, environment)
        if _dumped_rows(target) != facts.rows:
            raise StoreError("backup.differs", N_("The copy differs from the store; make the backup again."))
        return facts

    def upgrade_copy(self, url: URL, folder: Path | None, revision: str) -> Path | None:
        """A dump in the folder that was named."""
        return folder and folder / f"store-before-{revision}.pgdump"

    def fingerprint(self, engine: Engine) -> str:
        """The hash of the last edit."""
        with engine.connect() as connection:
            return str(connection.execute(select(edit.c.hash).order_by(edit.c.at.desc()).limit(1)).scalar())

    def damaged_page(self, connection: Connection) -> str:
        """The server checks its own pages."""
        return ""

    def guards_of(self, histories: Iterable[str]) -> set[str]:
        """A history refuses deletes, updates and odd rows; the facts refuse deletes, updates and odd values."""
        own = {
            f"{name}_{kind}"
            for name in histories
            for kind in ("no_delete", "no_update", "no_truncate", "no_forgery", "no_forgery_here")
        }
        return own | {"meta_no_delete", "meta_no_update", "meta_no_truncate", "meta_no_odd"}

    def present_guards(self, connection: Connection) -> set[str]:
        """Triggers of this schema that fire and still stand on their own table."""
        return set(connection.execute(text(_FIRING)).scalars())

    def guard_texts(self, connection: Connection) -> dict[str, str]:
        """Definitions as the server writes them, and whether each table is a plain one under row security."""
        found: dict[str, str] = {}
        for statement in _GUARDS:
            rows = connection.execute(text(statement), {"tables": [*metadata.tables, *OWN_TABLES]})
            found |= {name: definition for name, definition in rows if name not in _MOVED}
        return found

    def make_beside(self, engine: Engine, migrate: Callable[[Connection], None]) -> dict[str, str]:
        """In a schema of its own, in a transaction that is rolled back: the server writes definitions in its version's way."""
        with engine.connect() as connection:
            secured = is_secured(connection)
            connection.rollback()
            try:
                connection.execute(text(f"CREATE SCHEMA {_BESIDE}"))
            except DBAPIError:
                # A login that may not, or a server that takes no changes.
                return {}
            connection.execute(text(f"SET LOCAL search_path = {_BESIDE}"))
            migrate(connection)
            if secured:
                guard_tables(connection, _BESIDE)
            made = self.guard_texts(connection)
            connection.rollback()
            return made

    def lacking_rights(self, connection: Connection) -> dict[str, str]:
        """By the grants of the server."""
        rows = connection.execute(text(_RIGHTS), {"tables": [edit.name, *ENTITIES]})
        return {name: grant for name, has, grant in rows if not has}

    def guards_off(self, connection: Connection) -> list[str]:
        """In every other role than ``origin`` the triggers of history do not fire."""
        return list(connection.execute(text(_OFF)).scalars())

    def long_transactions(self, connection: Connection, seconds: int) -> int:
        """Transactions of anybody on this database."""
        return int(connection.execute(text(_LONG), {"seconds": seconds}).scalar_one())

    @contextmanager
    def unlocked_facts(self, connection: Connection) -> Iterator[None]:
        """Switch the trigger off as the owner of the table."""
        connection.execute(text("ALTER TABLE meta DISABLE TRIGGER meta_no_update"))
        yield
        connection.execute(text("ALTER TABLE meta ENABLE TRIGGER meta_no_update"))

    def close_for_writing(self, connection: Connection) -> None:
        """Every edit writes a record of its own, so a trigger there refuses all."""
        connection.execute(
            text(
                "CREATE FUNCTION refuse_moved() RETURNS trigger LANGUAGE plpgsql AS"
                " $$ BEGIN RAISE EXCEPTION 'the store has moved'; END $$"
            )
        )
        connection.execute(
            text("CREATE TRIGGER edit_moved BEFORE INSERT ON edit FOR EACH ROW EXECUTE FUNCTION refuse_moved()")
        )

    def drop_functions(self, connection: Connection) -> None:
        """Tables take their triggers with them, but not the functions of these."""
        for table in OWN_TABLES:
            connection.execute(text(f"DROP TABLE IF EXISTS {table}"))
        for name in connection.execute(text(_FUNCTIONS)).scalars().all():
            connection.execute(text(f"DROP FUNCTION {name}"))


def restore(dump: Path, url: URL) -> None:
    """Put a dump into an empty database, whole or not at all."""
    with _login(url) as (arguments, environment):
        command = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", *arguments, str(dump)]
        _run("pg_restore", command, environment)


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
