"""What the store promises of history holds for every entity, on both databases; a new one is tested without a word here."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from coverage_kit.store import Change, Ledger, check_edits
from coverage_kit.store.checkup import find_faults
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.entity import Value

pytestmark = pytest.mark.slow

SAMPLES: dict[str, Value] = {"day": "2026-11-16", "flag": 1, "count": 3, "number": 0.5}
#: Columns that hold JSON, by entity.
JSON = {
    "account": "template_ids facts offerings pinned_lists",
    "agreement": "terms signed",
    "event": "body",
    "offering": "name",
    "session": "body",
    "template": "body",
}


def sample(one: Entity, column: str) -> Value:
    if column == "moved_to":
        return None
    return "[]" if column in JSON.get(one.name, "").split() else SAMPLES.get(one.kinds[column], f"some {column}")


def row_of(one: Entity) -> Change:
    """A thing with a value in every column."""
    if one.name == "slot":
        fields = {column: sample(one, column) for column in one.fields}
        return Change("slot", "x_account:ceo", {**fields, "account_id": "x_account", "role": "ceo"})
    return Change(one.name, f"x_{one.name}", {column: sample(one, column) for column in one.fields})


def second(one: Entity) -> dict[str, Value]:
    """What the second version changes."""
    if one.name == "offering":
        return {"active": 0}
    plain = [name for name in one.fields if one.kinds[name] == "text" and sample(one, name) not in ("[]", None)]
    return {plain[-1]: "another"}


@pytest.fixture
def full(ledger: Ledger) -> Ledger:
    """A store with two versions of a thing of every entity."""
    for one in ENTITIES.values():
        ledger.save([row_of(one)], edit_id=f"ed_{one.name}")
    ledger.save([Change(one.name, row_of(one).id, second(one)) for one in ENTITIES.values()])
    return ledger


def insert_like(one: Entity, instead: dict[str, str], verb: str = "INSERT") -> str:
    """A statement that repeats the last version with other values in some columns."""
    names = [column.name for column in one.table.columns]
    values = ", ".join(instead.get(name, name) for name in names)
    return f"{verb} INTO {one.name} ({', '.join(names)}) SELECT {values} FROM {one.name} WHERE version = 2"


def attacks(one: Entity, *, sqlite: bool) -> dict[str, str]:
    """Statements of somebody who has the application's login."""
    name = one.name
    found = {
        "delete": f"DELETE FROM {name}",
        "truncate": f"TRUNCATE {name}",
        "back-dated": insert_like(one, {"id": "'new'", "version": "1", "edit_id": "'e'", "at": "1"}),
        "of the last instant": insert_like(one, {"id": "'new'", "version": "1", "edit_id": "'e'"}),
        "a version again": insert_like(one, {"edit_id": "'e'", "at": "at + 100000"}),
        "a version skipped": insert_like(one, {"version": "4", "edit_id": "'e'", "at": "at + 100000"}),
        **{
            f"update of {column.name}": f"UPDATE {name} SET {column.name} = {column.name} || '1'"
            if str(column.type) in ("TEXT", "VARCHAR(10)")
            else f"UPDATE {name} SET {column.name} = coalesce({column.name}, 0) + 7"
            for column in one.table.columns
            if column.name != "undoes"
        },
        **{
            f"blank of {column}": f"UPDATE {name} SET {column} = NULL"
            for column in one.fields
            if column not in one.private and sample(one, column) is not None
        },
    }
    if sqlite:
        del found["truncate"]
        found["replace"] = insert_like(one, {"actor": "'forged'"}, "INSERT OR REPLACE")
        found["replace by its edit"] = insert_like(
            one, {"version": "3", "at": "at + 100000", "actor": "'forged'"}, "INSERT OR REPLACE"
        )
        forged = {"version": "3", "edit_id": "'e'"}
        found["an instant in words"] = insert_like(one, {**forged, "at": "'late'"})
        found["a broken instant"] = insert_like(one, {**forged, "at": "at + 0.5"})
        found["an instant of no calendar"] = insert_like(one, {**forged, "at": "9000000000000000000"})
        found["a broken version"] = insert_like(one, {**forged, "version": "2.5", "at": "at + 100000"})
        own_place = insert_like(one, {**forged, "at": "at + 100000"})
        found["the place of none"] = own_place.replace("(id,", "(rowid, id,").replace("SELECT id,", "SELECT -1, id,")
        found["move"] = f"UPDATE OR REPLACE {name} SET rowid = rowid - 1 WHERE version = 2"
    return found


def is_refused(connection: Connection, statement: str) -> bool:
    """Whether the database refuses a statement; it is taken back in any case."""
    try:
        connection.exec_driver_sql("BEGIN") if connection.dialect.name == "sqlite" else None
        connection.execute(text(statement))
    except DBAPIError:
        return True
    finally:
        connection.exec_driver_sql("ROLLBACK") if connection.in_transaction() else None
        connection.rollback()
    return False


def test_nothing_of_any_history_can_be_changed_deleted_or_inserted_around(full: Ledger) -> None:
    with full.engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        tried = {(one.name, what): s for one in ENTITIES.values() for what, s in attacks(one, sqlite=sqlite).items()}
        assert len(tried) > 15 * len(ENTITIES)
        assert [what for what, statement in tried.items() if not is_refused(connection, statement)] == []
    assert check_edits(full) == []
    assert find_faults(full) == []


def without_triggers(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("SET session_replication_role = replica"))


def test_a_change_of_any_column_behind_the_triggers_is_found(full: Ledger) -> None:
    """The control of the test above too: without the triggers each of these changes is made."""
    with full.engine.connect() as connection:
        without_triggers(connection)
        connection.commit()
        for place in range(max(len(one.fields) for one in ENTITIES.values())):
            # One column of every entity at a time; the edits that differ are named.
            changed = [one for one in ENTITIES.values() if place < len(one.fields)]
            was = {one.name: value_of(connection, one, place) for one in changed}
            for one in changed:
                other = 8 if one.kinds[one.fields[place]] in ("flag", "count", "number") else "forged"
                set_value(connection, one, place, other)
            connection.commit()
            found = {damage.edit_id for damage in check_edits(full)}
            assert {one.name for one in changed} == {name for name in ENTITIES if f"ed_{name}" in found}
            for one in changed:
                set_value(connection, one, place, was[one.name])
            connection.commit()
    assert check_edits(full) == []


def value_of(connection: Connection, one: Entity, place: int) -> Value:
    found: Value = connection.execute(
        text(f"SELECT {one.fields[place]} FROM {one.name} WHERE version = 1")
    ).scalar_one()
    return found


def set_value(connection: Connection, one: Entity, place: int, value: Value) -> None:
    change = text(f"UPDATE {one.name} SET {one.fields[place]} = :value WHERE version = 1")
    assert connection.execute(change, {"value": value}).rowcount == 1


def test_personal_data_of_any_entity_can_be_erased_and_the_chain_closes(full: Ledger) -> None:
    with full.engine.connect() as connection:
        for one in ENTITIES.values():
            if one.private:
                blank = ", ".join(f"{column} = NULL" for column in sorted(one.private))
                connection.execute(text(f"UPDATE {one.name} SET {blank}"))
        connection.commit()
    assert check_edits(full) == []
    assert find_faults(full) == []


def test_the_doctor_finds_json_that_cannot_be_read(sqlite_ledger: Ledger) -> None:
    for name, columns in JSON.items():
        spoiled = dict(row_of(ENTITIES[name]).fields)
        sqlite_ledger.save([Change(name, f"y_{column}", {**spoiled, column: "{"}) for column in columns.split()])
    wanted = {f"{name}: {len(columns.split())} values are not readable" for name, columns in JSON.items()}
    assert set(find_faults(sqlite_ledger)) == wanted
