"""The ledger: every entity an append-only history, every edit one transaction; it knows nothing of sales.

Source: the data model, section 1 (docs/architecture.md).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from functools import cache, lru_cache
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, overload

from sqlalchemy import Connection, Dialect, Engine, Select, Table, and_, bindparam, exists, func, insert, select, update

from coverage_kit.domain.clock import Clock
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import N_
from coverage_kit.store.engines import reading, store_errors, writing
from coverage_kit.store.entities import ENTITIES, Entity, RowT, entity_of
from coverage_kit.store.entities import Row as StoredRow
from coverage_kit.store.tables import conflict_draft, meta

_CHUNK = 500
_BULK = 5_000
#: Each of the 256 bytes to one of the 32 letters of an id, each letter as often as another.
_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8

Row = dict[str, Any]
#: Which things are asked for: a value, or several.
Keys = str | Collection[str]
Beside = Callable[[Connection], None]
#: The instant of the last edit, or the last one reserved.
_LAST_AT = select(meta.c.value).where(meta.c.key == "last_at")
_SET_LAST_AT = update(meta).where(meta.c.key == "last_at")


def new_id(prefix: str) -> str:
    """A fresh id, so that two files can meet without a clash: prefix and 13 random characters."""
    return f"{prefix}_{secrets.token_bytes(13).translate(_LETTERS).decode()}"


def new_ids(prefix: str) -> Iterator[str]:
    """Fresh ids without end, for an edit that makes very many; they are drawn a thousand at a time."""
    while True:
        letters = secrets.token_bytes(13_000).translate(_LETTERS).decode()
        for i in range(0, 13_000, 13):
            yield f"{prefix}_{letters[i : i + 13]}"


class Change(NamedTuple):
    """What one edit sets on one thing.

    ``fields`` names only what is being set. ``base`` is the version the user saw: 0 where it must not be there (never
    made, or taken back), None to go on top of whatever is there.
    """

    entity: str
    id: str
    fields: Mapping[str, Any]
    base: int | None = None


@dataclass(frozen=True)
class Edit:
    """One act that was saved: its instant (UTC milliseconds) and, by entity and id, the version each thing has by it."""

    edit_id: str
    at: int
    versions: dict[str, dict[str, int]] = field(default_factory=dict)
    unchanged: bool = False


class Losing(NamedTuple):
    """An edit that was not written, since somebody else had changed the same: its clashing change first, then what that names."""

    id: str
    at: int
    actor: str
    changes: list[Change]


class Ledger:
    """The histories of one store.

    Parameters
    ----------
    engine : Engine
        An opened store whose schema is current.
    clock : callable
        Gives the present instant in UTC milliseconds.
    actor : str
        Who is working.
    name : str
        What the store is called in messages.
    """

    def __init__(self, engine: Engine, *, clock: Clock, actor: str, name: str) -> None:
        self.engine = engine
        self.clock = clock
        self.actor = actor
        self.name = name

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    # Instants ------------------------------------------------------------------------------------------------------

    def last_at(self) -> int:
        """The instant of the last edit, or the last one reserved (UTC milliseconds)."""
        with store_errors(self.name), reading(self.engine) as connection:
            return _last_at(connection)

    def first_at(self, entity: str) -> int | None:
        """The instant of the first edit of such things; None where there is none."""
        with store_errors(self.name), reading(self.engine) as connection:
            return connection.execute(select(func.min(ENTITIES[entity].table.c.at))).scalar()

    def now(self) -> int:
        """The present instant; never before the last edit, even when the clock was set back."""
        return max(self.clock(), self.last_at())

    def reserve(self, at: int) -> None:
        """See to it that no later edit lands at or before an instant, so that what is reported of it stays true."""
        with store_errors(self.name), writing(self.engine) as connection:
            _set_last_at(connection, max(at, _last_at(connection)))

    # Writing -------------------------------------------------------------------------------------------------------

    def save(
        self,
        changes: Iterable[Change],
        *,
        edit_id: str | None = None,
        made_at: int | None = None,
        beside: Beside | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Edit:
        """Write one edit: all of its changes in one transaction, or none.

        Parameters
        ----------
        changes : iterable of Change
        edit_id : str, optional
            The same one again returns the edit that was written, and writes nothing.
        made_at : int, optional
            When the user made it, where that differs from when it is recorded.
        beside : callable, optional
            Writes what belongs to the edit and is no history, in the same transaction.
        progress : callable, optional
            Told how many rows of how many are written.

        Raises
        ------
        Conflict
            A field was changed by somebody else since ``base``; what was typed is kept in ``conflict_draft``.
        StoreError
        """
        stamp = {"edit_id": edit_id or new_id("ed"), "made_at": made_at, "undoes": None}
        return self._write(changes, stamp, beside, progress)

    def undo(
        self, edit_id: str, *, as_id: str | None = None, progress: Callable[[int, int], None] | None = None
    ) -> Edit:
        """Take one edit back by a new edit; that can be undone in its turn.

        Parameters
        ----------
        edit_id : str
        as_id : str, optional
            The id of the new edit; the same one again returns what was written, and writes nothing.
        progress : callable, optional
            Told how many rows of how many are written.

        Raises
        ------
        BadInput
            No such edit.
        Conflict
            A field it set was changed since.
        """
        changes: list[Change] = []
        with store_errors(self.name), reading(self.engine) as connection:
            for one in ENTITIES.values():
                changes += _reversed(connection, one, edit_id)
        if not changes:
            raise BadInput("edit.unknown", N_("There is no edit {edit_id} to take back."), edit_id=edit_id)
        stamp = {"edit_id": as_id or new_id("ed"), "made_at": None, "undoes": edit_id}
        return self._write(changes, stamp, progress=progress)

    def _write(
        self,
        changes: Iterable[Change],
        stamp: Row,
        beside: Beside | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Edit:
        by_entity = _merged(changes)
        n_changes = sum(map(len, by_entity.values()))
        try:
            with store_errors(self.name), writing(self.engine) as connection:
                done = _find_edit(connection, stamp["edit_id"], by_entity)
                if done is not None:
                    return done
                at = max(self.clock(), _last_at(connection) + 1)
                stamp = {**stamp, "at": at, "made_at": stamp["made_at"] or at, "actor": self.actor}
                versions: dict[str, dict[str, int]] = {}
                n_written = 0
                for name, own in by_entity.items():
                    versions[name] = {}
                    for columns, part in _batches(_new_rows(connection, ENTITIES[name], own, versions[name])):
                        insert_rows(connection, ENTITIES[name].table, columns, part, {"is_void": 0, **stamp})
                        n_written += len(part)
                        if progress is not None:
                            progress(n_written, n_changes)
                if beside is not None:
                    beside(connection)
                if n_written:
                    _set_last_at(connection, at)
                return Edit(stamp["edit_id"], at, versions, unchanged=not n_written)
        except _Clash as clash:
            raise self._conflict(clash.change, clash.fields, by_entity) from None

    def _conflict(
        self, change: Change, fields: dict[str, tuple[Any, Any, Any]], by_entity: dict[str, dict[str, Change]]
    ) -> Conflict:
        """Keep what was typed before anybody is asked, then say what clashes."""
        kept = [[each.entity, each.id, dict(each.fields)] for each in _with_named(change, by_entity)]
        draft = {
            "id": new_id("cd"),
            "actor": self.actor,
            "entity": change.entity,
            "entity_id": change.id,
            "base": change.base,
            "payload": json.dumps(kept, ensure_ascii=False),
        }
        with store_errors(self.name), writing(self.engine) as connection:
            # Two of one instant keep their order too.
            newest = connection.execute(select(func.max(conflict_draft.c.at))).scalar() or 0
            at = max(self.clock(), _last_at(connection), newest + 1)
            connection.execute(insert(conflict_draft), {**draft, "at": at})
        return Conflict(
            "edit.conflict",
            N_(
                "Somebody changed {names} meanwhile. Nothing is lost: what you typed is kept as {draft_id}; look and save again."
            ),
            names=sorted(fields),
            draft_id=draft["id"],
            fields=fields,
            entity=change.entity,
            id=change.id,
        )

    # Reading -------------------------------------------------------------------------------------------------------

    def losing(self, entity: str, key: str) -> list[Losing]:
        """The edits of one thing that met another's change and were not written, oldest first."""
        table = conflict_draft
        own = select(table).where(table.c.entity == entity, table.c.entity_id == key, table.c.payload.is_not(None))
        with store_errors(self.name), reading(self.engine) as connection:
            rows = connection.execute(own.order_by(table.c.at, table.c.id)).all()
        return [Losing(row.id, row.at, row.actor, [Change(*each) for each in json.loads(row.payload)]) for row in rows]

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """Everything that is asked inside sees the same state of the store; nothing may be written inside.

        It also spares each question a connection and a transaction of its own.
        """
        with store_errors(self.name), reading(self.engine):
            yield

    @overload
    def as_of(
        self, entity: type[RowT], at: int | None = None, *, fields: tuple[()] = (), **where: Keys
    ) -> list[RowT]: ...

    @overload
    def as_of(self, entity: str, at: int | None = None, *, fields: Sequence[str] = (), **where: Keys) -> list[Row]: ...

    def as_of(
        self, entity: type[RowT] | str, at: int | None = None, *, fields: Sequence[str] = (), **where: Keys
    ) -> list[RowT] | list[Row]:
        """What was true, as recorded, at an instant: the last version of each thing, without what was taken back.

        Parameters
        ----------
        entity : type of row
            ``entities.Slot`` and the like. (A name gives rows as dicts: being replaced.)
        at : int, optional
            UTC milliseconds; everything recorded by default.
        fields : sequence of str
            Only these columns, where so many rows are asked for that it matters; all by default.
        **where
            Columns that never change (``id``, ``account_id``, ``person_id``): a value or a list of values.
        """
        if not isinstance(entity, str):
            return [entity(*row) for row in self.columns(entity, (), at, **where)]
        statement = _as_of_statement(entity, tuple(fields), at is not None, frozenset(where))
        bound = {} if at is None else {"until": at}
        with store_errors(self.name), reading(self.engine) as connection:
            rows: list[Row] = []
            for part in _parts(where):
                found = connection.execute(statement, {**bound, **part})
                names = list(found.keys())
                rows += [dict(zip(names, row, strict=True)) for row in found.all()]
            return rows

    def columns(
        self, entity: type[StoredRow], fields: Sequence[str], at: int | None = None, **where: Keys
    ) -> list[tuple[Any, ...]]:
        """What ``as_of`` gives, as plain tuples of some columns: for reads so large that it matters.

        Parameters
        ----------
        entity : type of row
        fields : sequence of str
            Columns, in the order of the tuples; empty for all of them.
        at : int, optional
        **where
        """
        statement = _as_of_statement(entity_of(entity).name, tuple(fields), at is not None, frozenset(where))
        bound = {} if at is None else {"until": at}
        with store_errors(self.name), reading(self.engine) as connection:
            return [tuple(row) for part in _parts(where) for row in connection.execute(statement, {**bound, **part})]

    def find(self, entity: type[RowT], key: str | None, at: int | None = None) -> RowT | None:
        """One thing as of an instant; None where there is none, or no key."""
        return None if key is None else next(iter(self.as_of(entity, at, id=key)), None)

    @overload
    def history(self, entity: type[RowT], key: str) -> list[RowT]: ...

    @overload
    def history(self, entity: str, key: str) -> list[Row]: ...

    def history(self, entity: type[RowT] | str, key: str) -> list[RowT] | list[Row]:
        """Every version of one thing, oldest first."""
        return self.histories(entity, id=key)

    def written(self, edit_id: str) -> dict[str, dict[str, tuple[int, int]]]:
        """What an edit wrote: by entity and id the version it made, and the last one there is."""
        versions: dict[str, dict[str, tuple[int, int]]] = {}
        with store_errors(self.name), reading(self.engine) as connection:
            for one in ENTITIES.values():
                table, every = one.table, one.table.alias("every")
                last = select(func.max(every.c.version)).where(every.c.id == table.c.id).scalar_subquery()
                found = connection.execute(select(table.c.id, table.c.version, last).where(table.c.edit_id == edit_id))
                versions[one.name] = {key: (version, latest) for key, version, latest in found}
        return versions

    def has_edit(self, edit_id: str) -> bool:
        """Whether an edit of this id was written."""
        with store_errors(self.name), reading(self.engine) as connection:
            return _find_edit(connection, edit_id, ENTITIES) is not None

    def named(self, ids: Collection[str], *, besides: str) -> set[str]:
        """Which of these things are named by any other, but for what the edit ``besides`` itself wrote."""
        found: set[str] = set()
        for one in ENTITIES.values():
            rows = self.as_of(one.name, fields=("edit_id", *one.naming)) if one.naming else []
            found |= {row[name] for row in rows if row["edit_id"] != besides for name in one.naming if row[name] in ids}
        return found

    @overload
    def histories(self, entity: type[RowT], **where: Keys) -> list[RowT]: ...

    @overload
    def histories(self, entity: str, **where: Keys) -> list[Row]: ...

    def histories(self, entity: type[RowT] | str, **where: Keys) -> list[RowT] | list[Row]:
        """Every version of several things, also of those taken back, one thing after the other, oldest first.

        Parameters
        ----------
        entity : str
        **where
            Columns that never change, as in ``as_of``.
        """
        if not isinstance(entity, str):
            return [entity(**row) for row in self.histories(entity_of(entity).name, **where)]
        table = ENTITIES[entity].table
        statement = select(table).order_by(table.c.id, table.c.version)
        rows: list[Row] = []
        with store_errors(self.name), reading(self.engine) as connection:
            for part in _parts(where):
                narrowed = statement.where(*(table.c[key].in_(values) for key, values in part.items()))
                rows += [dict(row) for row in connection.execute(narrowed).mappings()]
        return rows


@cache
def _in_order(entity: str) -> tuple[str, ...]:
    """All columns, in the order of the row's fields."""
    return tuple(each.name for each in dataclass_fields(ENTITIES[entity].row))


@cache
def _as_of_statement(entity: str, fields: tuple[str, ...], is_bounded: bool, keys: frozenset[str]) -> Select[Any]:
    """What asks for the last versions; made once, since that takes longer than a small question itself."""
    table = ENTITIES[entity].table
    later = table.alias("later")
    newer = and_(later.c.id == table.c.id, later.c.version > table.c.version)
    columns = fields or _in_order(entity)
    statement = select(*(table.c[name] for name in columns)).where(table.c.is_void == 0)
    if is_bounded:
        until = bindparam("until", type_=table.c.at.type)
        newer = and_(newer, later.c.at <= until)
        statement = statement.where(table.c.at <= until)
    narrowed = (table.c[key].in_(bindparam(key, expanding=True)) for key in sorted(keys))
    return statement.where(~exists().where(newer), *narrowed).order_by(table.c.id)


def _merged(changes: Iterable[Change]) -> dict[str, dict[str, Change]]:
    """By entity and id, one change a thing: an edit that touches a thing twice writes one row."""
    merged: dict[str, dict[str, Change]] = {}
    for change in changes:
        own = merged.setdefault(change.entity, {})
        before = own.get(change.id)
        own[change.id] = (
            change
            if before is None
            else Change(change.entity, change.id, {**before.fields, **change.fields}, before.base)
        )
    return merged


def _with_named(change: Change, by_entity: dict[str, dict[str, Change]]) -> list[Change]:
    """A change, and those of the same edit that it names by their ids: the text of a note, the name of a new person."""
    found = {change.id: change}
    todo = [change]
    while todo:
        for value in todo.pop().fields.values():
            for own in by_entity.values():
                if isinstance(value, str) and value in own and value not in found:
                    found[value] = own[value]
                    todo.append(own[value])
    return list(found.values())


class _Clash(Exception):
    """A change of a field that somebody else has changed; it ends the transaction."""

    def __init__(self, change: Change, fields: dict[str, tuple[Any, Any, Any]]) -> None:
        self.change = change
        self.fields = fields


def _new_rows(
    connection: Connection, one: Entity, changes: dict[str, Change], versions: dict[str, int]
) -> Iterator[Row]:
    """The rows that changes write, in the order of the key, so that a database fills its pages one after the other."""
    present = _present(connection, one, list(changes))
    for key in sorted(changes):
        row = _next_row(connection, one, changes[key], present.get(key))
        versions[key] = row["version"] if row else present[key]["version"]
        if row:
            yield row


def _next_row(connection: Connection, one: Entity, change: Change, present: Row | None) -> Row | None:
    """What a change writes on top of what is there; None where that is the same."""
    mine = dict(change.fields)
    for flag in one.flags & mine.keys():
        mine[flag] = None if mine[flag] is None else int(mine[flag])
    if present is None:
        return {**mine, "id": change.id, "version": 1}
    # What was taken back is not there: writing it as new clashes with nobody.
    is_free = present["is_void"] and change.base == 0
    if change.base is not None and change.base < present["version"] and not is_free:
        base = _version(connection, one, change.id, change.base) or {}
        clashing = {
            key: (base.get(key), value, present[key])
            for key, value in mine.items()
            if present[key] != base.get(key) and present[key] != value
        }
        if clashing:
            raise _Clash(change, clashing)
    # What was taken back does not shine through when the same id is written anew; only undo brings it back.
    anew = present["is_void"] and "is_void" not in mine
    after = {**{key: None if anew else present[key] for key in one.fields}, "is_void": 0, **mine}
    if all(present[key] == value for key, value in after.items()):
        return None
    return {**after, "id": change.id, "version": present["version"] + 1}


def _reversed(connection: Connection, one: Entity, edit_id: str) -> Iterator[Change]:
    """The changes that take the rows of an edit back."""
    table, before = one.table, one.table.alias("before")
    rows = connection.execute(select(table).where(table.c.edit_id == edit_id)).mappings().all()
    earlier = and_(before.c.id == table.c.id, before.c.version == table.c.version - 1)
    found = connection.execute(select(before).join(table, earlier).where(table.c.edit_id == edit_id))
    was = {row["id"]: row for row in found.mappings()}
    for row in rows:
        old = was.get(row["id"])
        fields: Row = {key: old[key] for key in one.fields if old[key] != row[key]} if old else {}
        # Also where that is the same, so that what was taken back since is not brought back empty.
        fields["is_void"] = old["is_void"] if old else 1
        yield Change(one.name, row["id"], fields, base=row["version"])


def _version(connection: Connection, one: Entity, key: str, version: int) -> Row | None:
    table = one.table
    found = connection.execute(select(table).where(table.c.id == key, table.c.version == version)).mappings().first()
    return dict(found) if found else None


def _batches(rows: Iterable[Row]) -> Iterator[tuple[tuple[str, ...], list[tuple[Any, ...]]]]:
    """The columns that rows set, and the values of those that set the same, so many at a time."""
    for columns, alike in groupby(rows, key=tuple):
        while part := [tuple(row.values()) for row in islice(alike, _BULK)]:
            yield columns, part


def insert_rows(
    connection: Connection,
    table: Table,
    columns: tuple[str, ...],
    rows: Sequence[tuple[Any, ...]],
    same: Mapping[str, Any],
) -> None:
    """Insert rows of these columns; the values go to the driver as they are.

    Parameters
    ----------
    connection : Connection
    table : Table
    columns : tuple of str
    rows : sequence of tuple
        The values of each in that order.
    same : mapping
        More columns, of which all have the same value; ``columns`` that are in both count.
    """
    same = {name: value for name, value in same.items() if name not in columns}
    names, values = (*columns, *same), tuple(same.values())
    statement, order = _insert_statement(table, connection.dialect, names)
    if order is None:
        connection.execute(insert(table), [dict(zip(names, row + values, strict=True)) for row in rows])
    else:
        in_order = itemgetter(*order)
        connection.exec_driver_sql(statement, [in_order(row + values) for row in rows])


@lru_cache(maxsize=64)
def _insert_statement(table: Table, dialect: Dialect, columns: tuple[str, ...]) -> tuple[str, tuple[int, ...] | None]:
    """The statement, and which column each of its places takes; None where the driver knows them by name."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(columns))
    places = compiled.positiontup
    return str(compiled), None if places is None else tuple(map(columns.index, places))


def _present(connection: Connection, one: Entity, keys: list[str]) -> dict[str, Row]:
    """The last version of each of these things, also of those taken back."""
    table = one.table
    if len(keys) > _BULK:
        # Of so many, most are new: one look at the ids there are is cheaper than looking each one up.
        there = set(connection.execute(select(table.c.id)).scalars())
        keys = [key for key in keys if key in there]
    present: dict[str, Row] = {}
    for part in _parts({"id": keys}):
        present.update((row["id"], dict(row)) for row in connection.execute(_newest(table), part).mappings())
    return present


@cache
def _newest(table: Table) -> Select[Any]:
    """What asks for the last version of some things."""
    later = table.alias("later")
    newest = select(func.max(later.c.version)).where(later.c.id == table.c.id).scalar_subquery()
    return select(table).where(table.c.id.in_(bindparam("id", expanding=True)), table.c.version == newest)


def _find_edit(connection: Connection, edit_id: str, names: Iterable[str]) -> Edit | None:
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
    """What asks for the versions that an edit made."""
    return select(table.c.id, table.c.version, table.c.at).where(table.c.edit_id == bindparam("edit"))


def _last_at(connection: Connection) -> int:
    value = connection.execute(_LAST_AT).scalar()
    return int(value) if value else 0


def _set_last_at(connection: Connection, at: int) -> None:
    connection.execute(_SET_LAST_AT, {"value": str(at)})


def _parts(where: Mapping[str, Any]) -> Iterable[dict[str, list[Any]]]:
    """The conditions in portions that a database takes; only one of them may be a long list."""
    lists = {key: list(value) if isinstance(value, list | tuple | set) else [value] for key, value in where.items()}
    longest = max(lists, key=lambda key: len(lists[key]), default=None)
    if longest is None:
        return [{}]
    values = list(dict.fromkeys(lists[longest]))
    return [{**lists, longest: values[i : i + _CHUNK]} for i in range(0, len(values), _CHUNK)]
