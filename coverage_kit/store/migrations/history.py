"""What migrations share: making the table of an entity, and the triggers that keep history as it was written.

Released migrations call these functions, so a store must come out of them as it did on the day of the release. They read
nothing from today's declarations. Where a newer form is needed, add a function; do not change these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op

#: The last millisecond of the year 9999.
_LAST_MS = 253_402_300_799_999
_REFUSED = "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"

ColumnType = sa.types.TypeEngine[str] | sa.types.TypeEngine[int] | sa.types.TypeEngine[float]


def create_entity(
    name: str, columns: Mapping[str, ColumnType], *, private: Sequence[str] = (), index: Sequence[str] = ()
) -> None:
    """Make the table of an entity, its indexes and its triggers.

    Parameters
    ----------
    name : str
        The table.
    columns : mapping
        The entity's own columns and their types, in their order.
    private : sequence of str
        Columns with personal data: the only ones that may be changed, to NULL.
    index : sequence of str
        Columns that are searched by.
    """
    op.create_table(
        name,
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("edit_id", sa.Text, nullable=False),
        sa.Column("undoes", sa.Text),
        *(sa.Column(column, kind) for column, kind in columns.items()),
        sa.Column("is_void", sa.Integer, nullable=False),
        sa.UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
    )
    for column in index:
        op.create_index(f"ix_{name}_{column}", name, [column])
    freeze_history(name, private=private)


def is_sqlite() -> bool:
    """SQLite, rather than PostgreSQL.

    Raises
    ------
    NotImplementedError
        A third database, whose triggers are not written yet; those of PostgreSQL would not guard it.
    """
    name = op.get_bind().dialect.name
    if name not in ("sqlite", "postgresql"):
        raise NotImplementedError(f"There are no triggers for {name} yet; write them here.")
    return name == "sqlite"


def freeze_history(name: str, *, private: Sequence[str] = ()) -> None:
    """Make the database refuse DELETE, TRUNCATE, and any UPDATE but blanking private columns.

    The columns are those the table has now: a migration that adds one calls this again, and it is frozen too.
    """
    columns = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(name)]
    differs = "IS NOT" if is_sqlite() else "IS DISTINCT FROM"
    conditions = [f"NEW.{column} {differs} OLD.{column}" for column in columns if column not in private]
    conditions += [f"NEW.{column} IS NOT NULL" for column in sorted(private)]
    changed = " OR ".join(conditions)
    for statement in (_sqlite if is_sqlite() else _postgresql)(name, changed):
        op.execute(sa.text(statement.replace(":", r"\:")))


def _sqlite(name: str, changed: str) -> list[str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
    return [
        f"DROP TRIGGER IF EXISTS {name}_no_delete",
        f"DROP TRIGGER IF EXISTS {name}_no_update",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}",
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} WHEN {changed} {refuse}",
    ]


def _postgresql(name: str, changed: str) -> list[str]:
    refuse = f"EXECUTE FUNCTION refuse_{name}()"
    return [
        f"DROP TRIGGER IF EXISTS {name}_no_delete ON {name}",
        f"DROP TRIGGER IF EXISTS {name}_no_update ON {name}",
        f"DROP TRIGGER IF EXISTS {name}_no_truncate ON {name}",
        f"CREATE OR REPLACE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'history is append-only'; END $$",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} FOR EACH ROW {refuse}",
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} FOR EACH ROW WHEN ({changed}) {refuse}",
        f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {name} FOR EACH STATEMENT {refuse}",
    ]


def guard_inserts(name: str) -> None:
    """Make the database refuse rows that do not continue history; run ``guard_meta`` first.

    A row must be the next version of its thing, not yet in its edit, and later than everything recorded. In SQLite it may
    not take the place of another row (``REPLACE`` deletes without firing the delete trigger). In PostgreSQL its instant
    must be the one that ``next_instant`` gave to this transaction.
    """
    # A first version follows no other, so no edit can hold it already: an import's new rows skip the second look.
    forged = (
        f"NEW.version {{differs}} (SELECT coalesce(max(version), 0) + 1 FROM {name} WHERE id = NEW.id)"
        f" OR (NEW.version > 1 AND EXISTS (SELECT 1 FROM {name} WHERE edit_id = NEW.edit_id AND id = NEW.id))"
    )
    _guard(name, forged)


def guard_edits() -> None:
    """Make the database refuse a record of an edit that does not continue the chain."""
    forged = "NEW.before {differs} coalesce((SELECT hash FROM edit ORDER BY at DESC LIMIT 1), '')"
    _guard("edit", f"{forged} OR EXISTS (SELECT 1 FROM edit WHERE edit_id = NEW.edit_id)")


def _guard(name: str, forged: str) -> None:
    if is_sqlite():
        refuse = "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"
        late = "NEW.at <= (SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'last_at')"
        taken = f"EXISTS (SELECT 1 FROM {name} WHERE rowid = NEW.rowid)"
        statements = [
            f"CREATE TRIGGER {name}_no_forgery BEFORE INSERT ON {name}"
            f" WHEN {forged.format(differs='IS NOT')} OR {taken} OR {late} {refuse}",
            f"CREATE TRIGGER {name}_no_move BEFORE UPDATE ON {name} WHEN NEW.rowid IS NOT OLD.rowid {refuse}",
        ]
    else:
        given = (
            "NEW.at::text IS DISTINCT FROM (SELECT value FROM meta WHERE key = 'last_at')"
            " OR txid_current()::text IS DISTINCT FROM (SELECT value FROM meta WHERE key = 'last_tx')"
        )
        statements = [
            f"CREATE FUNCTION check_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF {forged.format(differs='IS DISTINCT FROM')} OR {given} THEN"
            f" RAISE EXCEPTION 'history is append-only'; END IF; RETURN NEW; END $$",
            f"CREATE TRIGGER {name}_no_forgery BEFORE INSERT ON {name} FOR EACH ROW EXECUTE FUNCTION check_{name}()",
        ]
    _run(statements)


def guard_meta() -> None:
    """Make the database refuse to delete or change facts about the store, and to set its last instant back.

    PostgreSQL also gets ``next_instant``, which dates an edit by the server's clock under a row lock, unless the store was
    made with a clock of its own.
    """
    if is_sqlite():
        refuse = "BEGIN SELECT RAISE(ABORT, 'the facts of the store are append-only'); END"
        back = "CAST(NEW.value AS INTEGER) < CAST(OLD.value AS INTEGER)"
        taken = "EXISTS (SELECT 1 FROM meta WHERE key = NEW.key OR rowid = NEW.rowid)"
        changed = f"NEW.key IS NOT OLD.key OR NEW.rowid IS NOT OLD.rowid OR OLD.key <> 'last_at' OR {back}"
        statements = [
            f"CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta {refuse}",
            f"CREATE TRIGGER meta_no_replace BEFORE INSERT ON meta WHEN {taken} {refuse}",
            f"CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta WHEN {changed} {refuse}",
        ]
    else:
        refuse = "EXECUTE FUNCTION refuse_meta()"
        fixed = "NEW.key <> OLD.key OR OLD.key NOT IN ('last_at', 'last_tx')"
        back = "(OLD.key = 'last_at' AND NEW.value::bigint < OLD.value::bigint)"
        statements = [
            "CREATE FUNCTION refuse_meta() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the facts of the store are append-only'; END $$",
            f"CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta FOR EACH ROW {refuse}",
            f"CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta FOR EACH ROW WHEN ({fixed} OR {back}) {refuse}",
            f"CREATE TRIGGER meta_no_truncate BEFORE TRUNCATE ON meta FOR EACH STATEMENT {refuse}",
            "CREATE FUNCTION next_instant(given bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER"
            " SET search_path FROM CURRENT AS $$ DECLARE earlier bigint; instant bigint; BEGIN"
            " SELECT value::bigint INTO earlier FROM meta WHERE key = 'last_at' FOR UPDATE;"
            " IF (SELECT value FROM meta WHERE key = 'given_clock') = '1' THEN instant := given;"
            " ELSE instant := floor(extract(epoch FROM clock_timestamp()) * 1000); END IF;"
            " instant := greatest(instant, earlier + 1);"
            " UPDATE meta SET value = instant::text WHERE key = 'last_at';"
            " UPDATE meta SET value = txid_current()::text WHERE key = 'last_tx';"
            " RETURN instant; END $$",
        ]
    _run(statements)


def give_functions() -> None:
    """Give PostgreSQL ``lock_store`` and ``reserve_instant``: what a writer needs of ``meta`` without a right to change it.

    An instant more than a minute after the server's clock is refused, unless the store was made with a clock of its own.
    """
    if is_sqlite():
        return
    head = "LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS"
    locked = "PERFORM value FROM meta WHERE key = 'last_at' FOR UPDATE;"
    _run(
        [
            f"CREATE FUNCTION lock_store() RETURNS void {head} $$ BEGIN {locked} END $$",
            f"CREATE FUNCTION reserve_instant(given bigint) RETURNS void {head} $$ BEGIN {locked}"
            " IF given > (extract(epoch FROM clock_timestamp()) + 60) * 1000"
            " AND (SELECT value FROM meta WHERE key = 'given_clock') <> '1' THEN"
            " RAISE EXCEPTION 'ahead of the clock of the server'; END IF;"
            " UPDATE meta SET value = greatest(value::bigint, given)::text WHERE key = 'last_at'; END $$",
        ]
    )


def read_own_tables() -> None:
    """Make the functions of PostgreSQL look for tables in the schema of the store, and nowhere before.

    Without it they look where the caller says, and in temporary tables first: one called ``meta`` could hold any instant. A
    migration that makes a function calls this again, then ``check_rows_fast``.
    """
    if is_sqlite():
        return
    _run(
        [
            "DO $$ DECLARE one regprocedure; BEGIN FOR one IN SELECT p.oid FROM pg_proc p JOIN pg_namespace n"
            " ON n.oid = p.pronamespace WHERE n.nspname = current_schema()"
            " AND p.proname ~ '^(refuse_|check_|next_instant$|lock_store$|reserve_instant$)' LOOP"
            " EXECUTE format('ALTER FUNCTION %s SET search_path = %I, pg_temp', one, current_schema());"
            " END LOOP; END $$"
        ]
    )


def check_rows_fast() -> None:
    """Spare PostgreSQL the change of the search path for each row, which makes a large import a fifth slower.

    A writer that has the store's own path already (ours sets it) is checked by a second function that keeps the path. The
    condition of a trigger is bound when it is made, so no path changes what it means. A migration that makes a trigger calls
    this after ``read_own_tables``; doing it again changes nothing.
    """
    if is_sqlite():
        return
    when = "BEFORE INSERT ON %2$I FOR EACH ROW WHEN (pg_catalog.current_setting(''search_path'')"
    _run(
        [
            "DO $$ DECLARE one record; own text := quote_ident(current_schema()) || ', pg_temp'; BEGIN"
            " FOR one IN SELECT p.proname AS function, p.prosrc AS body, c.relname AS place, t.tgname AS name FROM pg_trigger t"
            " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND t.tgname = c.relname || '_no_forgery' LOOP"
            " EXECUTE format('CREATE OR REPLACE FUNCTION %I() RETURNS trigger LANGUAGE plpgsql AS %L', one.function || '_here', one.body);"
            " EXECUTE format('DROP TRIGGER %I ON %I', one.name, one.place);"
            " EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', one.name || '_here', one.place);"
            f" EXECUTE format('CREATE TRIGGER %1$I {when} <> %3$L) EXECUTE FUNCTION %4$I()', one.name, one.place, own, one.function);"
            f" EXECUTE format('CREATE TRIGGER %1$I {when} = %3$L) EXECUTE FUNCTION %4$I()',"
            " one.name || '_here', one.place, own, one.function || '_here');"
            " END LOOP; END $$"
        ]
    )


def guard_instants(name: str) -> None:
    """Make SQLite refuse what a column takes of another type: an ``at`` or ``version`` that is no whole number.

    An ``at`` after the year 9999 is refused too, for no calendar knows it, and a row in a place that SQLite gives to none: it
    would stand in the way of every later row. PostgreSQL's columns have types, and its instants come from the server.
    """
    if is_sqlite():
        version = "" if name == "edit" else " OR typeof(NEW.version) IS NOT 'integer'"
        odd = f"typeof(NEW.at) IS NOT 'integer' OR NEW.at > {_LAST_MS} OR NEW.rowid < 1{version}"
        _run([f"CREATE TRIGGER {name}_no_odd AFTER INSERT ON {name} WHEN {odd} {_REFUSED}"])


def guard_last_instant() -> None:
    """Make the database refuse a last instant that is no number, or (PostgreSQL) more than a minute ahead of its clock.

    The next edit is dated after the last instant, so moving it ahead would date edits in the future. A store with a clock
    of its own may.
    """
    if is_sqlite():
        number = "CAST(NEW.value AS INTEGER)"
        odd = f"NEW.value IS NOT CAST({number} AS TEXT) OR {number} > {_LAST_MS}"
        statements = [
            f"CREATE TRIGGER meta_no_odd BEFORE UPDATE ON meta WHEN OLD.key = 'last_at' AND ({odd}) {_REFUSED}"
        ]
    else:
        latest = "greatest(OLD.value::bigint + 1, (extract(epoch FROM clock_timestamp()) + 60) * 1000)"
        statements = [
            "CREATE FUNCTION check_meta() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF NEW.value::bigint > {latest} AND (SELECT value FROM meta WHERE key = 'given_clock') <> '1' THEN"
            " RAISE EXCEPTION 'ahead of the clock of the server'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER meta_no_odd BEFORE UPDATE ON meta FOR EACH ROW WHEN (OLD.key = 'last_at')"
            " EXECUTE FUNCTION check_meta()",
        ]
    _run(statements)


def _run(statements: Sequence[str]) -> None:
    for statement in statements:
        op.execute(sa.text(statement.replace(":", r"\:")))
