"""From changes to rows: what an edit writes on top of what is there, and how it gets into the database fast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from sqlalchemy import Connection, Dialect, Table, and_, insert, select

from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store.changes import Change, Clash, Columns, RowDict
from coverage_kit.store.entities import Entity
from coverage_kit.store.entity import Value
from coverage_kit.store.reading import read_present

_BATCH = 5_000
#: Events of which each time is a version of one thing; taking back an earlier time leaves later ones as they are.
_REPEATED = frozenset({EventKind.LISTS_APPLIED.value})


def new_rows(
    connection: Connection, one: Entity, changes: dict[str, Change], versions: dict[str, int]
) -> Iterator[Columns]:
    """The rows that changes write, as columns: batches of rows that set the same ones.

    They come in the order of the key, so that a database fills its pages one after the other. ``versions`` receives, by
    id, the version each thing has afterwards.
    """
    present, converted = read_present(connection, one, list(changes)), one.converted
    names: tuple[str, ...] = ()
    rows: list[tuple[Value, ...]] = []
    for key in sorted(changes):
        change, before = changes[key], present.get(key)
        fields = change.fields
        if change.base:
            check_seen(change.base, before["version"] if before else 0)
        if not converted.isdisjoint(fields):
            fields = _stored(one, fields)
        if before is None:
            versions[key] = 1
            own, row = (*fields, "id", "version"), (*fields.values(), key, 1)
        elif after := _next_row(connection, one, change, dict(fields), before):
            versions[key] = after["version"]
            own, row = tuple(after), tuple(after.values())
        else:
            versions[key] = before["version"]
            continue
        if own != names or len(rows) == _BATCH:
            if rows:
                yield dict(zip(names, zip(*rows, strict=True), strict=True))
            names, rows = own, []
        rows.append(row)
    if rows:
        yield dict(zip(names, zip(*rows, strict=True), strict=True))


def check_seen(seen: int | None, newest: int) -> None:
    """Refuse a version that nobody can have seen: it would pass every later check of what changed in between.

    Raises
    ------
    BadInput
        The version seen is newer than the newest one.
    """
    if seen is not None and seen > newest:
        raise BadInput(
            "edit.base_ahead",
            N_(
                "You name version {seen} as seen, but the newest one is {newest}. Nothing was written. Look at it again."
            ),
            seen=seen,
            newest=newest,
        )


def _stored(one: Entity, fields: Mapping[str, Value]) -> Mapping[str, Value]:
    """The values of fields as the store holds them: flags as whole numbers, fractions as floats."""
    stored = dict(fields)
    for flag in one.flags & stored.keys():
        stored[flag] = None if stored[flag] is None else int(stored[flag] or 0)
    for number in one.numbers & stored.keys():
        stored[number] = None if stored[number] is None else float(stored[number] or 0)
    return stored


def _next_row(connection: Connection, one: Entity, change: Change, mine: RowDict, present: RowDict) -> RowDict | None:
    """The row that a change of a thing writes; None where it changes nothing."""
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
        if (
            one.name == "event"
            and row["kind"] in _REPEATED
            and _has_later(connection, table, row["id"], row["version"])
        ):
            continue
        old = was.get(row["id"])
        fields: RowDict = {key: old[key] for key in one.fields if old[key] != row[key]} if old else {}
        # Always set: a thing that was taken back since must not come back empty.
        fields["is_void"] = old["is_void"] if old else 1
        yield Change(one.name, row["id"], fields, base=row["version"])


def _has_later(connection: Connection, table: Table, key: str, version: int) -> bool:
    later = select(table.c.id).where(table.c.id == key, table.c.version > version).limit(1)
    return connection.execute(later).first() is not None


def insert_rows(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: Sequence[tuple[Value, ...]]
) -> None:
    """Insert rows of these columns."""
    insert_columns(connection, table, dict(zip(columns, zip(*rows, strict=True), strict=True)))


def insert_columns(connection: Connection, table: Table, columns: Columns) -> None:
    """Insert rows that are given as columns; the values go to the driver as they are."""
    statement, names = _insert_statement(table, connection.dialect, tuple(columns))
    rows = list(zip(*(columns[name] for name in names), strict=True))
    if statement is None:
        connection.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
    else:
        connection.exec_driver_sql(statement, rows)


@lru_cache(maxsize=64)
def _insert_statement(table: Table, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    """The statement of a driver that takes values by place, None for another; and the columns in its order."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    places = compiled.positiontup
    return (None, columns) if places is None else (str(compiled), tuple(places))
