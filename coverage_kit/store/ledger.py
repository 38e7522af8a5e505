"""The ledger: every entity an append-only history, every edit one transaction; it knows nothing of sales.

Source: the data model, section 1 (docs/architecture.md).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, and_, exists, func, insert, select, update

from coverage_kit.domain.clock import Clock
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import N_
from coverage_kit.store.engines import reading, store_errors, writing
from coverage_kit.store.tables import ENTITIES, Entity, conflict_draft, meta

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_CHUNK = 500

Row = dict[str, Any]


def new_id(prefix: str) -> str:
    """A fresh id, so that two files can meet without a clash: prefix and 13 random characters."""
    return f"{prefix}_{''.join(secrets.choice(_ALPHABET) for _ in range(13))}"


@dataclass(frozen=True)
class Change:
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
    """One act that was saved: its instant (UTC milliseconds) and the version each thing has by it."""

    edit_id: str
    at: int
    versions: dict[tuple[str, str], int] = field(default_factory=dict)
    unchanged: bool = False


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

    def now(self) -> int:
        """The present instant; never before the last edit, even when the clock was set back."""
        return max(self.clock(), self.last_at())

    def reserve(self, at: int) -> None:
        """See to it that no later edit lands at or before an instant, so that what is reported of it stays true."""
        with store_errors(self.name), writing(self.engine) as connection:
            _set_last_at(connection, max(at, _last_at(connection)))

    # Writing -------------------------------------------------------------------------------------------------------

    def save(self, changes: Iterable[Change], *, edit_id: str | None = None, made_at: int | None = None) -> Edit:
        """Write one edit: all of its changes in one transaction, or none.

        Parameters
        ----------
        changes : iterable of Change
        edit_id : str, optional
            The same one again returns the edit that was written, and writes nothing.
        made_at : int, optional
            When the user made it, where that differs from when it is recorded.

        Raises
        ------
        Conflict
            A field was changed by somebody else since ``base``; what was typed is kept in ``conflict_draft``.
        StoreError
        """
        return self._write(_merged(changes), edit_id or new_id("ed"), made_at, None)

    def undo(self, edit_id: str) -> Edit:
        """Take one edit back by a new edit; that can be undone in its turn.

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
                rows = connection.execute(select(one.table).where(one.table.c.edit_id == edit_id)).mappings().all()
                changes += [_reverse(connection, one, dict(row)) for row in rows]
        if not changes:
            raise BadInput("edit.unknown", N_("There is no edit {edit_id} to take back."), edit_id=edit_id)
        return self._write(changes, new_id("ed"), None, edit_id)

    def _write(self, changes: list[Change], edit_id: str, made_at: int | None, undoes: str | None) -> Edit:
        by_entity: dict[str, list[Change]] = {}
        for change in changes:
            by_entity.setdefault(change.entity, []).append(change)
        with store_errors(self.name), writing(self.engine) as connection:
            done = _find_edit(connection, edit_id, by_entity)
            if done is not None:
                return done
            at = max(self.clock(), _last_at(connection) + 1)
            stamp = {"at": at, "made_at": made_at or at, "actor": self.actor, "edit_id": edit_id, "undoes": undoes}
            versions: dict[tuple[str, str], int] = {}
            rows: dict[str, list[Row]] = {}
            clash: tuple[Change, dict[str, tuple[Any, Any, Any]]] | None = None
            for name, own in by_entity.items():
                present = _present(connection, ENTITIES[name], [change.id for change in own])
                for change in own:
                    row, clashing = _next_row(connection, ENTITIES[name], change, present.get(change.id))
                    if clashing:
                        clash = (change, clashing)
                        break
                    versions[name, change.id] = row["version"] if row else present[change.id]["version"]
                    if row:
                        rows.setdefault(name, []).append(row | stamp)
            if clash is None:
                for name, new in rows.items():
                    connection.execute(insert(ENTITIES[name].table), new)
                if rows:
                    _set_last_at(connection, at)
                return Edit(edit_id, at, versions, unchanged=not rows)
        raise self._conflict(*clash)

    def _conflict(self, change: Change, fields: dict[str, tuple[Any, Any, Any]]) -> Conflict:
        """Keep what was typed before anybody is asked, then say what clashes."""
        draft = {
            "id": new_id("cd"),
            "at": self.now(),
            "actor": self.actor,
            "entity": change.entity,
            "entity_id": change.id,
            "base": change.base,
            "payload": json.dumps(dict(change.fields), ensure_ascii=False),
        }
        with store_errors(self.name), writing(self.engine) as connection:
            connection.execute(insert(conflict_draft), draft)
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

    def as_of(self, entity: str, at: int | None = None, **where: Any) -> list[Row]:
        """What was true, as recorded, at an instant: the last version of each thing, without what was taken back.

        Parameters
        ----------
        entity : str
        at : int, optional
            UTC milliseconds; everything recorded by default.
        **where
            Columns that never change (``id``, ``account_id``, ``person_id``): a value or a list of values.
        """
        table = ENTITIES[entity].table
        later = table.alias("later")
        newer = and_(later.c.id == table.c.id, later.c.version > table.c.version)
        statement = select(table).where(table.c.is_void == 0)
        if at is not None:
            newer = and_(newer, later.c.at <= at)
            statement = statement.where(table.c.at <= at)
        statement = statement.where(~exists().where(newer)).order_by(table.c.id)
        with store_errors(self.name), reading(self.engine) as connection:
            rows: list[Row] = []
            for part in _parts(where):
                narrowed = statement.where(*(table.c[key].in_(values) for key, values in part.items()))
                rows += map(dict, connection.execute(narrowed).mappings())
            return rows

    def history(self, entity: str, key: str) -> list[Row]:
        """Every version of one thing, oldest first."""
        table = ENTITIES[entity].table
        with store_errors(self.name), reading(self.engine) as connection:
            found = connection.execute(select(table).where(table.c.id == key).order_by(table.c.version))
            return [dict(row) for row in found.mappings()]


def _merged(changes: Iterable[Change]) -> list[Change]:
    """One change a thing: an edit that touches a thing twice writes one row."""
    merged: dict[tuple[str, str], Change] = {}
    for change in changes:
        before = merged.get((change.entity, change.id))
        fields = {**(before.fields if before else {}), **change.fields}
        base = before.base if before else change.base
        merged[change.entity, change.id] = Change(change.entity, change.id, fields, base)
    return list(merged.values())


def _next_row(
    connection: Connection, one: Entity, change: Change, present: Row | None
) -> tuple[Row | None, dict[str, tuple[Any, Any, Any]]]:
    """The row a change writes (None where it changes nothing), and the fields in which it clashes."""
    mine = {key: int(value) if isinstance(value, bool) else value for key, value in change.fields.items()}
    if present is None:
        blank = dict.fromkeys(one.fields)
        return {**blank, "is_void": 0, **mine, "id": change.id, "version": 1}, {}
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
            return None, clashing
    # What was taken back does not shine through when the same id is written anew; only undo brings it back.
    anew = present["is_void"] and "is_void" not in mine
    after = {**{key: None if anew else present[key] for key in one.fields}, "is_void": 0, **mine}
    if all(present[key] == value for key, value in after.items()):
        return None, {}
    return {**after, "id": change.id, "version": present["version"] + 1}, {}


def _reverse(connection: Connection, one: Entity, row: Row) -> Change:
    """The change that takes one row of an edit back."""
    before = _version(connection, one, row["id"], row["version"] - 1)
    if before is None:
        return Change(one.name, row["id"], {"is_void": 1}, base=row["version"])
    fields = {key: before[key] for key in (*one.fields, "is_void") if before[key] != row[key]}
    return Change(one.name, row["id"], fields, base=row["version"])


def _version(connection: Connection, one: Entity, key: str, version: int) -> Row | None:
    table = one.table
    found = connection.execute(select(table).where(table.c.id == key, table.c.version == version)).mappings().first()
    return dict(found) if found else None


def _present(connection: Connection, one: Entity, keys: list[str]) -> dict[str, Row]:
    """The last version of each of these things, also of those taken back."""
    table = one.table
    later = table.alias("later")
    newest = select(func.max(later.c.version)).where(later.c.id == table.c.id).scalar_subquery()
    present: dict[str, Row] = {}
    for part in _parts({"id": keys}):
        found = connection.execute(select(table).where(table.c.id.in_(part["id"]), table.c.version == newest))
        present.update((row["id"], dict(row)) for row in found.mappings())
    return present


def _find_edit(connection: Connection, edit_id: str, names: Iterable[str]) -> Edit | None:
    found = {
        (name, row.id): (row.version, row.at)
        for name in names
        for row in connection.execute(
            select(*(ENTITIES[name].table.c[column] for column in ("id", "version", "at"))).where(
                ENTITIES[name].table.c.edit_id == edit_id
            )
        )
    }
    if not found:
        return None
    at = next(iter(found.values()))[1]
    return Edit(edit_id, at, {key: version for key, (version, _) in found.items()})


def _last_at(connection: Connection) -> int:
    value = connection.execute(select(meta.c.value).where(meta.c.key == "last_at")).scalar()
    return int(value) if value else 0


def _set_last_at(connection: Connection, at: int) -> None:
    connection.execute(update(meta).where(meta.c.key == "last_at").values(value=str(at)))


def _parts(where: Mapping[str, Any]) -> Iterable[dict[str, list[Any]]]:
    """The conditions in portions that a database takes; only one of them may be a long list."""
    lists = {key: list(value) if isinstance(value, list | tuple | set) else [value] for key, value in where.items()}
    longest = max(lists, key=lambda key: len(lists[key]), default=None)
    if longest is None:
        return [{}]
    values = list(dict.fromkeys(lists[longest]))
    return [{**lists, longest: values[i : i + _CHUNK]} for i in range(0, len(values), _CHUNK)]
