"""From changes to rows: what an edit writes on top of what is there, and how it gets into the database fast."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby, islice
from operator import itemgetter

from sqlalchemy import Connection, Dialect, Table, and_, insert, select

from coverage_kit.store.changes import Change, Clash, RowDict
from coverage_kit.store.entities import Entity
from coverage_kit.store.entity import Value
from coverage_kit.store.reading import read_present

_BATCH = 5_000


def new_rows(
    connection: Connection, one: Entity, changes: dict[str, Change], versions: dict[str, int]
) -> Iterator[RowDict]:
    """The rows that changes write, in the order of the key, so that a database fills its pages one after the other.

    ``versions`` receives, by id, the version each thing has afterwards.
    """
    present = read_present(connection, one, list(changes))
    for key in sorted(changes):
        row = _next_row(connection, one, changes[key], present.get(key))
        versions[key] = row["version"] if row else present[key]["version"]
        if row:
            yield row


def _next_row(connection: Connection, one: Entity, change: Change, present: RowDict | None) -> RowDict | None:
    """The row that a change writes; None where it changes nothing."""
    mine = dict(change.fields)
    for flag in one.flags & mine.keys():
        mine[flag] = None if mine[flag] is None else int(mine[flag] or 0)
    for number in one.numbers & mine.keys():
        mine[number] = None if mine[number] is None else float(mine[number] or 0)
    if present is None:
        return {**mine, "id": change.id, "version": 1}
    # A thing that was taken back does not exist: creating it again clashes with nobody.
    is_free = present["is_void"] and change.base == 0
    if change.base is not None and change.base < present["version"] and not is_free:
        base = _version(connection, one, change.id, change.base) or {}
        clashing = {
            key: (base.get(key), value, present[key])
            for key, value in mine.items()
            if present[key] != base.get(key) and present[key] != value
        }
        if clashing:
            raise Clash(change, clashing)
    # Creating a thing again starts empty; only undo brings the old values back.
    starts_empty = present["is_void"] and "is_void" not in mine
    after = {**{key: None if starts_empty else present[key] for key in one.fields}, "is_void": 0, **mine}
    if all(present[key] == value for key, value in after.items()):
        return None
    return {**after, "id": change.id, "version": present["version"] + 1}


def _version(connection: Connection, one: Entity, key: str, version: int) -> RowDict | None:
    table = one.table
    found = connection.execute(select(table).where(table.c.id == key, table.c.version == version)).mappings().first()
    return dict(found) if found else None


def reversed_changes(connection: Connection, one: Entity, edit_id: str) -> Iterator[Change]:
    """The changes that take the rows of an edit back."""
    table, before = one.table, one.table.alias("before")
    rows = connection.execute(select(table).where(table.c.edit_id == edit_id)).mappings().all()
    earlier = and_(before.c.id == table.c.id, before.c.version == table.c.version - 1)
    found = connection.execute(select(before).join(table, earlier).where(table.c.edit_id == edit_id))
    was = {row["id"]: row for row in found.mappings()}
    for row in rows:
        old = was.get(row["id"])
        fields: RowDict = {key: old[key] for key in one.fields if old[key] != row[key]} if old else {}
        # Always set: a thing that was taken back since must not come back empty.
        fields["is_void"] = old["is_void"] if old else 1
        yield Change(one.name, row["id"], fields, base=row["version"])


def in_batches(rows: Iterable[RowDict]) -> Iterator[tuple[tuple[str, ...], list[tuple[Value, ...]]]]:
    """Batches of rows that set the same columns: the columns, and the values of each row."""
    for columns, alike in groupby(rows, key=tuple):
        while part := [tuple(row.values()) for row in islice(alike, _BATCH)]:
            yield columns, part


def insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]]
) -> None:
    """Insert rows of these columns; the values go to the driver as they are."""
    statement, order = _insert_statement(table, connection.dialect, columns)
    if order is None:
        connection.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
    else:
        connection.exec_driver_sql(statement, list(map(itemgetter(*order), rows)))


@lru_cache(maxsize=64)
def _insert_statement(table: Table, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[int, ...] | None]:
    """The statement, and the column of each of its places; None where the driver knows them by name."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    places = compiled.positiontup
    return str(compiled), None if places is None else tuple(map(columns.index, places))
