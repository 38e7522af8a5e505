"""What guards a store is compared with what the migrations make: a name alone guards nothing; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text

from coverage_kit.store import Ledger
from coverage_kit.store.checkup import changed_guards, guards_off, missing_guards

_EMPTY = "CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT 1; END"
SQLITE = {
    "an empty body": [
        "DROP TRIGGER slot_no_delete",
        _EMPTY.format(name="slot_no_delete", event="DELETE", table="slot"),
    ],
    "a weaker condition": [
        "DROP TRIGGER slot_no_update",
        "CREATE TRIGGER slot_no_update BEFORE UPDATE ON slot WHEN NEW.id IS NOT OLD.id"
        " BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    ],
    "on another event": [
        "DROP TRIGGER edit_no_delete",
        _EMPTY.format(name="edit_no_delete", event="UPDATE", table="edit"),
    ],
    "a trigger of somebody": [_EMPTY.format(name="extra", event="INSERT", table="account")],
}
_NOTHING = "CREATE OR REPLACE FUNCTION {name} RETURNS {returns} LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
POSTGRESQL = {
    "an empty function": [_NOTHING.format(name="refuse_slot()", returns="trigger", body="RETURN NEW;")],
    "a check that checks nothing": [_NOTHING.format(name="check_edit()", returns="trigger", body="RETURN NEW;")],
    "an instant of one's own": [
        "CREATE OR REPLACE FUNCTION next_instant(given bigint) RETURNS bigint LANGUAGE sql AS 'SELECT given'"
    ],
    "a function that switches triggers off": ["ALTER FUNCTION lock_store() SET session_replication_role = replica"],
    "a weaker condition": [
        "CREATE OR REPLACE TRIGGER slot_no_update BEFORE UPDATE ON slot FOR EACH ROW"
        " WHEN (NEW.id <> OLD.id) EXECUTE FUNCTION refuse_slot()"
    ],
    "a trigger that is off": ["ALTER TABLE slot DISABLE TRIGGER slot_no_update"],
    "a trigger that never fires for an edit": ["ALTER TABLE slot ENABLE REPLICA TRIGGER slot_no_delete"],
    "a rule": ["CREATE RULE lose AS ON INSERT TO slot DO INSTEAD NOTHING"],
    "a trigger of somebody": [
        _NOTHING.format(name="lose()", returns="trigger", body="RETURN NULL;"),
        "CREATE TRIGGER lose BEFORE INSERT ON slot FOR EACH ROW EXECUTE FUNCTION lose()",
    ],
    "a table that a crash empties": ["ALTER TABLE slot SET UNLOGGED"],
}


def run(connection: Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))
    connection.commit()


def check(ledger: Ledger, statements: list[str]) -> None:
    with ledger.engine.connect() as connection:
        run(connection, statements)
    assert [*missing_guards(ledger), *changed_guards(ledger)]


@pytest.mark.parametrize("what", SQLITE)
def test_a_guard_of_sqlite_that_guards_no_longer_is_found(sqlite_ledger: Ledger, what: str) -> None:
    check(sqlite_ledger, SQLITE[what])


@pytest.mark.parametrize("what", POSTGRESQL)
def test_a_guard_of_postgresql_that_guards_no_longer_is_found(postgresql_ledger: Ledger, what: str) -> None:
    check(postgresql_ledger, POSTGRESQL[what])


@pytest.mark.parametrize("whose", ["DATABASE {database}", "ROLE owner", "ROLE owner IN DATABASE {database}"])
def test_a_setting_that_switches_the_triggers_off_is_found(postgresql_ledger: Ledger, whose: str) -> None:
    assert guards_off(postgresql_ledger) == []
    of = whose.format(database=postgresql_ledger.engine.url.database)
    with postgresql_ledger.engine.connect() as connection:
        run(connection, [f"ALTER {of} SET session_replication_role = replica"])
    try:
        assert guards_off(postgresql_ledger) == ["session_replication_role"]
    finally:
        with postgresql_ledger.engine.connect() as connection:
            run(connection, [f"ALTER {of} RESET session_replication_role"])


def test_a_store_as_it_was_made_has_no_finding(sqlite_ledger: Ledger) -> None:
    assert (missing_guards(sqlite_ledger), changed_guards(sqlite_ledger), guards_off(sqlite_ledger)) == ([], [], [])


def test_nothing_of_the_comparison_stays(postgresql_ledger: Ledger) -> None:
    def schemas() -> list[str]:
        with postgresql_ledger.engine.connect() as connection:
            return list(connection.execute(text("SELECT nspname FROM pg_namespace ORDER BY 1")).scalars())

    before = schemas()
    assert (changed_guards(postgresql_ledger), schemas()) == ([], before)


def test_a_login_that_may_not_make_a_schema_compares_nothing(postgresql_ledger: Ledger) -> None:
    with postgresql_ledger.engine.connect() as connection:
        run(connection, POSTGRESQL["an empty function"])
        connection.execute(text("SET default_transaction_read_only = on"))
        connection.commit()
    assert changed_guards(postgresql_ledger) == []
