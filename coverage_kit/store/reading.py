"""The statements that read histories: the last versions as of an instant, and what one edit wrote."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields as dataclass_fields
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, and_, bindparam, exists, func, select

from coverage_kit.store.changes import Edit, Keys, RowDict
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.tables import meta

_PORTION = 500
#: With more keys than this, it is cheaper to read all ids first than to look each one up.
_MANY = 5_000
_LAST_AT = select(meta.c.value).where(meta.c.key == "last_at")


def last_at(connection: Connection) -> int:
    """The instant of the last edit, or the last one reserved (UTC milliseconds); 0 in an empty store."""
    return int(connection.execute(_LAST_AT).scalar() or 0)


def is_guarded(connection: Connection) -> bool:
    """Whether the clock must be right: there are accounts, and the store was not made with a clock of its own."""
    if connection.execute(select(meta.c.value).where(meta.c.key == "given_clock")).scalar() == "1":
        return False
    return connection.execute(select(ENTITIES["account"].table.c.id).limit(1)).scalar() is not None


@cache
def row_columns(entity: str) -> tuple[str, ...]:
    """All columns of an entity, in the order of its row's fields."""
    return tuple(each.name for each in dataclass_fields(ENTITIES[entity].row))


@cache
def as_of_statement(entity: str, fields: tuple[str, ...], is_bounded: bool, keys: frozenset[str]) -> Select[Any]:
    """The query for the last versions; cached, since building it takes longer than a small query itself."""
    table = ENTITIES[entity].table
    later = table.alias("later")
    newer = and_(later.c.id == table.c.id, later.c.version > table.c.version)
    columns = fields or row_columns(entity)
    statement = select(*(table.c[name] for name in columns)).where(table.c.is_void == 0)
    if is_bounded:
        until = bindparam("until", type_=table.c.at.type)
        newer = and_(newer, later.c.at <= until)
        statement = statement.where(table.c.at <= until)
    narrowed = (table.c[key].in_(bindparam(key, expanding=True)) for key in sorted(keys))
    return statement.where(~exists().where(newer), *narrowed).order_by(table.c.id)


def in_portions(where: Mapping[str, Keys]) -> Iterable[dict[str, list[Any]]]:
    """The conditions in portions that a database accepts; only one of them may be a long list."""
    lists = {key: list(value) if isinstance(value, list | tuple | set) else [value] for key, value in where.items()}
    longest = max(lists, key=lambda key: len(lists[key]), default=None)
    if longest is None:
        return [{}]
    values = list(dict.fromkeys(lists[longest]))
    return [{**lists, longest: values[i : i + _PORTION]} for i in range(0, len(values), _PORTION)]


def read_histories(connection: Connection, entity: str, where: Mapping[str, Keys]) -> list[tuple[Any, ...]]:
    """Every version of some things, each row in the order of ``row_columns``."""
    table = ENTITIES[entity].table
    columns = (table.c[name] for name in row_columns(entity))
    statement = select(*columns).order_by(table.c.id, table.c.version)
    rows: list[tuple[Any, ...]] = []
    for part in in_portions(where):
        narrowed = statement.where(*(table.c[key].in_(values) for key, values in part.items()))
        rows += [tuple(row) for row in connection.execute(narrowed)]
    return rows


def read_present(connection: Connection, one: Entity, keys: list[str]) -> dict[str, RowDict]:
    """The last version of each of these things, also of those that were taken back."""
    table = one.table
    if len(keys) > _MANY:
        there = set(connection.execute(select(table.c.id)).scalars())
        keys = [key for key in keys if key in there]
    present: dict[str, RowDict] = {}
    for part in in_portions({"id": keys}):
        present.update((row["id"], dict(row)) for row in connection.execute(_newest(table), part).mappings())
    return present


@cache
def _newest(table: Table) -> Select[Any]:
    later = table.alias("later")
    newest = select(func.max(later.c.version)).where(later.c.id == table.c.id).scalar_subquery()
    return select(table).where(table.c.id.in_(bindparam("id", expanding=True)), table.c.version == newest)


def find_edit(connection: Connection, edit_id: str, names: Iterable[str]) -> Edit | None:
    """What an edit wrote to these entities; None where it wrote nothing."""
    versions: dict[str, dict[str, int]] = {}
    at: int | None = None
    for name in names:
        found = connection.execute(_of_edit(ENTITIES[name].table), {"edit": edit_id}).all()
        if found:
            versions[name] = {row.id: row.version for row in found}
            at = found[0].at
    return None if at is None else Edit(edit_id, at, versions)


@cache
def _of_edit(table: Table) -> Select[Any]:
    return select(table.c.id, table.c.version, table.c.at).where(table.c.edit_id == bindparam("edit"))


def changed_since(connection: Connection, one: Entity, edit_id: str) -> dict[str, bool]:
    """Of what an edit wrote, the things with a later version: by id, whether they are different now."""
    table, last = one.table, one.table.alias("last")
    newest = select(func.max(last.c.version)).where(last.c.id == table.c.id).scalar_subquery()
    later = (
        connection.execute(select(table).where(table.c.edit_id == edit_id, newest > table.c.version)).mappings().all()
    )
    present = read_present(connection, one, [row["id"] for row in later])
    names = (*one.fields, "is_void")
    return {row["id"]: any(present[row["id"]][name] != row[name] for name in names) for row in later}


def created_by(connection: Connection, one: Entity, edit_id: str) -> list[str]:
    """The ids of what an edit created, or created again after it was taken back."""
    table, before = one.table, one.table.alias("before")
    earlier = and_(before.c.id == table.c.id, before.c.version == table.c.version - 1, before.c.is_void == 0)
    return list(
        connection.execute(select(table.c.id).where(table.c.edit_id == edit_id, ~exists().where(earlier))).scalars()
    )
