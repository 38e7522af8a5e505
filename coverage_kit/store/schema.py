"""Opening a store: is it ours, does this version know its schema; and creating the schema of a new one."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, insert, inspect, text

from coverage_kit.domain.clock import Clock, system_clock
from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.copies import copy_before_upgrade
from coverage_kit.store.dialects import dialect_of, open_engine, store_name
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import metadata
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.tables import meta

_MIGRATIONS = Path(__file__).parent / "migrations"


def revisions() -> tuple[str, ...]:
    """The revisions this version can open, the newest last: one a file, named by its first characters (``r0001_``)."""
    return tuple(sorted(path.name[1:5] for path in (_MIGRATIONS / "versions").glob("r[0-9]*_*.py")))


def open_store(url: str, *, clock: Clock, actor: str, create: bool = False, copies: Path | None = None) -> Ledger:
    """Open the store at a URL, and bring its schema up to date.

    Parameters
    ----------
    url : str
        ``sqlite:////path/to/store.db`` or ``postgresql+psycopg://…``.
    clock : callable
        Gives the present instant in UTC milliseconds.
    actor : str
        Who is working.
    create : bool
        Create the schema where there is none.
    copies : Path, optional
        Folder for the copy that is kept before an older store is migrated. SQLite: the store's folder by default.

    Raises
    ------
    StoreError
        Missing, not ours, damaged, or written by a newer version; nothing is overwritten.
    """
    engine = open_engine(url, create=create)
    name = store_name(url)
    try:
        kept = _bring_up_to_date(engine, name, copies, create=create, given_clock=clock is not system_clock)
    except BaseException:
        engine.dispose()
        raise
    ledger = Ledger(engine, clock=clock, actor=actor, name=name, login=getpass.getuser())
    ledger.kept_before_upgrade = kept
    return ledger


def _bring_up_to_date(
    engine: Engine, name: str, copies: Path | None, *, create: bool, given_clock: bool
) -> Path | None:
    """Migrate the store if it is older; returns the copy that was kept of it."""
    kept = None
    with store_errors(name):
        revision = _revision(engine, name)
        if revision is None and not create:
            raise StoreError("store.foreign", N_("{name} is not a store of this program; check the config."), name=name)
        if revision is not None and revision not in revisions():
            raise StoreError(
                "store.newer",
                N_("The store {name} was written by a newer version of this program; update it first."),
                name=name,
            )
        if revision != revisions()[-1]:
            target = dialect_of(engine).upgrade_copy(engine.url, copies, revisions()[-1])
            if revision is not None and target is not None:
                kept = copy_before_upgrade(engine, name, target, revision=revision)
            with _rights_to_make_tables(name, engine.url.username or ""):
                upgrade(engine, given_clock=given_clock)
    return kept


@contextmanager
def _rights_to_make_tables(name: str, login: str) -> Iterator[None]:
    """Say which right a login of a database server lacks for a new store or an upgrade."""
    try:
        with store_errors(name):
            yield
    except StoreError as exc:
        if exc.code != "store.read_only" or not login:
            raise
        raise StoreError(
            "store.no_tables",
            N_(
                "The login {login} may not make or change tables in the database, so nothing was changed. Name the login that owns the tables, or let the owner of a new database run: ALTER DATABASE … OWNER TO {login}"
            ),
            login=login,
        ) from exc


def open_memory_store(*, clock: Clock, actor: str) -> Ledger:
    """A private store in memory; ``close`` ends it."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(meta), [{"key": "last_at", "value": "0"}, {"key": "given_clock", "value": "1"}])
    return Ledger(engine, clock=clock, actor=actor, name="memory")


def upgrade(engine: Engine, *, given_clock: bool = False) -> None:
    """Bring the schema to the newest revision.

    Parameters
    ----------
    engine : Engine
    given_clock : bool
        The store is for a sample, a test or a simulation: its clock is not that of the computer. Cannot be changed later.
    """
    with engine.connect() as connection:
        dialect_of(engine).begin_migration(connection)
        migrate(connection, given_clock=given_clock)
        dialect_of(engine).end_migration(connection)
        connection.commit()


def migrate(connection: Connection, *, given_clock: bool = False) -> None:
    """Run the migrations that a store lacks, in the transaction of the caller."""
    # Importing Alembic takes a quarter of a second, and is needed only for an upgrade.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes.update(connection=connection, given_clock=given_clock)
    command.upgrade(config, "head")


def clear_store(ledger: Ledger) -> None:
    """Empty a store, as if it were new: for a sample, whose clock starts in the past.

    The caller makes sure that it holds nothing a person entered.
    """
    drop_store(ledger)
    with store_errors(ledger.name):
        upgrade(ledger.engine, given_clock=True)


def drop_store(ledger: Ledger) -> None:
    """Take away all our tables; the caller makes sure that they hold nothing a person entered."""
    with store_errors(ledger.name):
        metadata.drop_all(ledger.engine)
        with ledger.engine.connect() as connection:
            connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
            dialect_of(connection).drop_functions(connection)
            connection.commit()


def _revision(engine: Engine, name: str) -> str | None:
    tables = set(inspect(engine).get_table_names())
    if not tables >= {"alembic_version", "meta", "account"}:
        if tables and not dialect_of(engine).holds_others:
            raise StoreError("store.foreign", N_("{name} is not a store of this program; check the config."), name=name)
        return None
    with reading(engine) as connection:
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision is None:
        raise StoreError(
            "store.corrupt", N_("The store {name} is damaged or not a database; restore it from a backup."), name=name
        )
    return str(revision)
