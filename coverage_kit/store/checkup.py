"""Whether the histories of a store hold together; for the doctor, and for a backup that was read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields

from sqlalchemy import func, inspect, select

from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity, metadata
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.schema import migrate
from coverage_kit.store.tables import edit

_JSON = {
    "template": ("body",),
    "event": ("body",),
    "session": ("body",),
    "account": ("template_ids", "facts", "offerings", "pinned_lists"),
    "agreement": ("terms", "signed"),
    "offering": ("name",),
}
_LONG_S = 300


def find_faults(ledger: Ledger) -> list[str]:
    """Sentences that say what is wrong with the histories; empty where all is well.

    Every version of every thing is read: the pages of a SQLite file, versions without a gap, instants that rise, JSON that
    parses, slots whose account is there, and the present state by two ways (by SQL and by replay).
    """
    if missing := missing_parts(ledger):
        return [f"{name} is missing" for name in missing]
    with store_errors(ledger.name):
        return [
            *_pages(ledger),
            *(fault for one in ENTITIES.values() for fault in _history(ledger, one)),
            *_slots(ledger),
        ]


def missing_parts(ledger: Ledger) -> list[str]:
    """The tables and columns of this version that the store lacks."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        inspector = inspect(connection)
        there = set(inspector.get_table_names())
        return [name for name in sorted(metadata.tables) if name not in there] + [
            f"{name}.{column.name}"
            for name, table in sorted(metadata.tables.items())
            if name in there
            for column in table.columns
            if column.name not in {each["name"] for each in inspector.get_columns(name)}
        ]


def missing_guards(ledger: Ledger) -> list[str]:
    """The triggers that keep history as it was written and that the store lacks, or has switched off."""
    histories = (*ENTITIES, edit.name)
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return sorted(dialect_of(connection).guards_of(histories) - dialect_of(connection).present_guards(connection))


def changed_guards(ledger: Ledger) -> list[str]:
    """What guards a store and is not as our migrations make it, or was added and stands in its way.

    A trigger may keep its name and lose its body. All are compared with those of an empty store that is made for it in the
    same database; where the login may make none (PostgreSQL: a schema), nothing is compared.
    """
    with store_errors(ledger.name):
        made = dialect_of(ledger.engine).make_beside(ledger.engine, migrate)
        with reading(ledger.engine) as connection:
            found = dialect_of(connection).guard_texts(connection) if made else {}
    return sorted(name for name in made.keys() | found.keys() if made.get(name) != found.get(name))


def guards_off(ledger: Ledger) -> list[str]:
    """Settings of a database or a login that switch triggers off."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return dialect_of(connection).guards_off(connection)


def lacking_rights(ledger: Ledger) -> dict[str, str]:
    """What the login of a database server may not do here; see ``Dialect.lacking_rights``."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return dialect_of(connection).lacking_rights(connection)


def long_transactions(ledger: Ledger) -> int:
    """How many transactions of PostgreSQL have been open for more than five minutes; 0 for SQLite."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return dialect_of(connection).long_transactions(connection, _LONG_S)


def _pages(ledger: Ledger) -> Iterator[str]:
    with reading(ledger.engine) as connection:
        if found := dialect_of(connection).damaged_page(connection):
            yield f"integrity_check: {found}"


def _history(ledger: Ledger, one: Entity) -> Iterator[str]:
    table = one.table
    with reading(ledger.engine) as connection:
        gaps = select(func.count()).select_from(
            select(table.c.id).group_by(table.c.id).having(func.max(table.c.version) != func.count()).subquery()
        )
        if n := connection.execute(gaps).scalar_one():
            yield f"{one.name}: {n} histories have a gap in their versions"
        later = table.alias("later")
        falling = (
            select(func.count())
            .select_from(table.join(later, (table.c.id == later.c.id) & (later.c.version == table.c.version + 1)))
            .where(later.c.at <= table.c.at)
        )
        if n := connection.execute(falling).scalar_one():
            yield f"{one.name}: {n} versions are not later than the one before"
    yield from _replay(ledger, one)


def _replay(ledger: Ledger, one: Entity) -> Iterator[str]:
    """The present by SQL against the last version of each history; and whether JSON columns parse."""
    names = [each.name for each in fields(one.row)]
    last: dict[str, tuple[object, ...]] = {}
    unreadable = 0
    table = one.table
    with reading(ledger.engine) as connection:
        rows = connection.execute(select(*(table.c[name] for name in names)).order_by(table.c.id, table.c.version))
        for row in rows:
            last[row.id] = tuple(row)
            unreadable += sum(not _is_json(getattr(row, name)) for name in _JSON.get(one.name, ()))
    if unreadable:
        yield f"{one.name}: {unreadable} values are not readable"
    void = names.index("is_void")
    replayed = {key: row for key, row in last.items() if not row[void]}
    asked = {row[0]: row for row in ledger.columns(one.row, names)}
    if asked != replayed:
        yield f"{one.name}: the present differs from the replayed history"


def _slots(ledger: Ledger) -> Iterator[str]:
    slot, account = ENTITIES["slot"], ENTITIES["account"]
    accounts = {row[0] for row in ledger.columns(account.row, ("id",))}
    rows = ledger.columns(slot.row, ("id", "account_id", "role"))
    lost = sum(account_id not in accounts for _, account_id, _ in rows)
    if lost:
        yield f"slot: {lost} name an account that is not there"
    if n := sum(key != f"{account_id}:{role}" for key, account_id, role in rows):
        yield f"slot: {n} ids differ from their account and role"


def _is_json(value: str | None) -> bool:
    if value is None:
        return True
    try:
        json.loads(value)
    except ValueError:
        return False
    return True
