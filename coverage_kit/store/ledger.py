"""The ledger: every entity an append-only history, every edit one transaction; it knows nothing about sales.

Long because writing, reading and watching the history share one state.
Source: the data model, section 1 (docs/architecture.md).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, overload

from sqlalchemy import Connection, Engine, bindparam, func, select
from typing_extensions import deprecated

from coverage_kit.domain.clock import Clock
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.errors import BadInput, ClockAhead, Conflict
from coverage_kit.i18n import N_
from coverage_kit.store.chain import EditSeal
from coverage_kit.store.changes import (
    AlsoWrite,
    Change,
    Clash,
    Edit,
    Keys,
    Losing,
    Progress,
    RowDict,
    merge_changes,
    new_id,
)
from coverage_kit.store.conflicts import load_drafts, save_draft
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import damage_errors, reading, remembered, remembering, store_errors, writing
from coverage_kit.store.entities import ENTITIES, Row, RowT, Value, entity_of
from coverage_kit.store.reading import (
    as_of_statement,
    changed_since,
    created_by,
    find_edit,
    in_portions,
    is_guarded,
    last_at,
    read_histories,
)
from coverage_kit.store.tables import edit
from coverage_kit.store.writing import insert_columns, new_rows, reversed_changes

_BY_NAME = "ledger.as_of takes the class of the rows: from coverage_kit.store.entities import {}"
_IS_WRITTEN = select(edit.c.at).where(edit.c.edit_id == bindparam("edit"))
#: A clock this far beyond the last edit must be confirmed: later edits can never be dated before it.
_FAR_AHEAD_MS = 45 * 24 * 3600 * 1000


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
    login : str
        The operating system's account.

    Attributes
    ----------
    clock_confirmed : bool
        Somebody said that the clock is right, although it is far beyond the last edit.
    kept_before_upgrade : Path or None
        The copy that was kept when the store was opened and brought up to this version.
    """

    def __init__(self, engine: Engine, *, clock: Clock, actor: str, name: str, login: str = "") -> None:
        self.login = login
        self.clock_confirmed = False
        self.kept_before_upgrade: Path | None = None
        self.engine = engine
        self.clock = clock
        self.actor = actor
        self.name = name

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()

    # Instants ------------------------------------------------------------------------------------------------------

    def last_at(self) -> int:
        """The instant of the last edit, or the last one reserved (UTC milliseconds)."""
        kept, key = remembered(), (self.engine, "last_at")
        if kept is not None and key in kept:
            return int(str(kept[key][0][0]))
        with store_errors(self.name), damage_errors(self.name), reading(self.engine) as connection:
            last = last_at(connection)
        if kept is not None:
            kept[key] = [(last,)]
        return last

    def first_at(self, entity: str) -> int | None:
        """The instant of the first edit of such things; None where there is none."""
        with store_errors(self.name), reading(self.engine) as connection:
            return connection.execute(select(func.min(ENTITIES[entity].table.c.at))).scalar()

    def now(self) -> int:
        """The present instant; never earlier than the last edit, even when the clock was set back."""
        return max(self.clock(), self.last_at())

    def reserve(self, at: int) -> None:
        """Make every later edit land after an instant, so that a report about it stays true."""
        with store_errors(self.name), writing(self.engine) as connection:
            dialect_of(self.engine).reserve(connection, at)

    # Writing -------------------------------------------------------------------------------------------------------

    def save(
        self,
        changes: Iterable[Change],
        *,
        edit_id: str | None = None,
        made_at: int | None = None,
        also_write: AlsoWrite | None = None,
        progress: Progress | None = None,
    ) -> Edit:
        """Write one edit: all of its changes in one transaction, or none.

        Parameters
        ----------
        changes : iterable of Change
        edit_id : str, optional
            Sending the same one again returns the edit that was written, and writes nothing.
        made_at : int, optional
            When the user made it (UTC milliseconds); by this computer's clock if not given.
        also_write : callable, optional
            Writes what belongs to the edit and is not history, in the same transaction.
        progress : callable, optional
            Is called with the number of rows written, and of how many.

        Raises
        ------
        Conflict
            Somebody else changed a field since ``base``; what was typed is kept in ``conflict_draft``.
        StoreError
        """
        stamp = {"edit_id": edit_id or new_id("ed"), "made_at": made_at, "undoes": None}
        return self._write(changes, stamp, also_write, progress)

    def undo(
        self,
        edit_id: str,
        *,
        as_id: str | None = None,
        progress: Progress | None = None,
        check: Callable[[], None] | None = None,
    ) -> Edit:
        """Take one edit back by a new edit, which can be undone in turn.

        Parameters
        ----------
        edit_id : str
        as_id : str, optional
            The id of the new edit; sending the same one again returns what was written, and writes nothing.
        progress : callable, optional
            Is called with the number of rows written, and of how many.
        check : callable, optional
            Is called under the write lock, before anything is written; raises to refuse.

        Raises
        ------
        BadInput
            No such edit.
        Conflict
            A field it set was changed since.
        """
        clean_key(edit_id, "edit_id")
        changes: list[Change] = []
        with store_errors(self.name), reading(self.engine) as connection:
            for one in ENTITIES.values():
                changes += reversed_changes(connection, one, edit_id)
        if not changes:
            raise BadInput("edit.unknown", N_("There is no edit {edit_id} to take back."), edit_id=edit_id)
        stamp = {"edit_id": as_id or new_id("ed"), "made_at": None, "undoes": edit_id}
        return self._write(changes, stamp, progress=progress, check=check)

    def _write(
        self,
        changes: Iterable[Change],
        stamp: RowDict,
        also_write: AlsoWrite | None = None,
        progress: Progress | None = None,
        check: Callable[[], None] | None = None,
    ) -> Edit:
        clean_key(stamp["edit_id"], "edit_id")
        by_entity = merge_changes(changes)
        n_changes = sum(map(len, by_entity.values()))
        try:
            with store_errors(self.name), writing(self.engine) as connection:
                done = find_edit(connection, stamp["edit_id"], by_entity)
                if done is not None:
                    return done
                if check is not None:
                    check()
                at: int | None = None
                versions: dict[str, dict[str, int]] = {}
                n_written = 0
                for name, own in by_entity.items():
                    versions[name] = {}
                    for columns in new_rows(connection, ENTITIES[name], own, versions[name]):
                        if at is None:
                            _refuse_used(connection, stamp["edit_id"])
                            at, clock = self._take_instant(connection)
                            stamp = {**stamp, "at": at, "made_at": stamp["made_at"] or clock, "actor": self.actor}
                            seal = EditSeal(stamp)
                        insert_columns(connection, ENTITIES[name].table, seal.seal(ENTITIES[name], columns))
                        n_written += len(columns["id"])
                        if progress is not None:
                            progress(n_written, n_changes)
                if also_write is not None:
                    also_write(connection)
                if at is None:
                    return Edit(stamp["edit_id"], max(self.clock(), last_at(connection) + 1), versions, unchanged=True)
                seal.write(connection, self.login)
                if not dialect_of(self.engine).gives_instants:
                    dialect_of(self.engine).reserve(connection, at)
                return Edit(stamp["edit_id"], at, versions)
        except Clash as clash:
            raise self._conflict(clash, by_entity) from None

    def _take_instant(self, connection: Connection) -> tuple[int, int]:
        """The instant of the edit that is being written, after all earlier ones, and what this computer's clock says."""
        before, clock = last_at(connection), self.clock()
        at = dialect_of(self.engine).next_instant(connection, max(clock, before + 1))
        self._check_instant(connection, before, at)
        return at, clock

    def _check_instant(self, connection: Connection, before: int, at: int) -> None:
        if at - before > _FAR_AHEAD_MS and not self.clock_confirmed and is_guarded(connection):
            raise ClockAhead(
                "store.clock",
                N_(
                    "This edit would be dated {now}, but the last one was {before}. If the computer's clock is right, confirm it (--confirm-clock); otherwise set the clock first."
                ),
                now=_day(at),
                before=_day(before),
            )

    def _conflict(self, clash: Clash, by_entity: dict[str, dict[str, Change]]) -> Conflict:
        """Keep what was typed, then say what clashes."""
        with store_errors(self.name), writing(self.engine) as connection:
            earliest = max(self.clock(), last_at(connection))
            draft_id = save_draft(connection, clash, by_entity, actor=self.actor, earliest=earliest)
        return Conflict(
            "edit.conflict",
            N_(
                "Somebody else changed {names} after you opened it. What you typed is kept as {draft_id}; review it, then save again."
            ),
            names=sorted(clash.fields),
            draft_id=draft_id,
            fields=clash.fields,
            entity=clash.change.entity,
            id=clash.change.id,
        )

    # Reading -------------------------------------------------------------------------------------------------------

    def losing(self, entity: str, key: str) -> list[Losing]:
        """The edits of one thing that were not written because of somebody else's change, oldest first."""
        with store_errors(self.name), damage_errors(self.name), reading(self.engine) as connection:
            return load_drafts(connection, entity, key)

    @contextmanager
    def one_state(self) -> Iterator[None]:
        """All reads inside see the same state of the store, and share one connection; nothing may be written inside.

        A part of a page asks again for what another part has read: the same read is made once.
        """
        with store_errors(self.name), reading(self.engine), remembering():
            yield

    @overload
    def as_of(self, entity: type[RowT], at: int | None = None, **where: Keys) -> list[RowT]: ...

    @overload
    @deprecated("give the class of the rows instead of a name")
    def as_of(self, entity: str, at: int | None = None, **where: Keys) -> list[dict[str, Value]]: ...

    def as_of(
        self, entity: type[RowT] | str, at: int | None = None, **where: Keys
    ) -> list[RowT] | list[dict[str, Value]]:
        """What was on record at an instant: the last version of each thing, without those taken back.

        Parameters
        ----------
        entity : type of row
            ``entities.Slot`` and the like. (Notebooks of version 0.1.0 give its name, and get dicts.)
        at : int, optional
            UTC milliseconds; everything recorded by default.
        **where
            Columns that never change (``id``, ``account_id``, ``person_id``): a value or a list of values.
        """
        if isinstance(entity, str):
            warnings.warn(_BY_NAME.format(entity.title()), DeprecationWarning, stacklevel=2)
            return [asdict(row) for row in self.as_of(ENTITIES[entity].row, at, **where)]
        return [entity(*row) for row in self.columns(entity, (), at, **where)]

    def columns(
        self, entity: type[Row], fields: Sequence[str], at: int | None = None, **where: Keys
    ) -> list[tuple[Any, ...]]:
        """The same as ``as_of``, as plain tuples of some columns: for reads so large that it matters.

        Parameters
        ----------
        entity : type of row
        fields : sequence of str
            Columns, in the order of the tuples; empty for all of them.
        at : int, optional
        **where
        """
        kept = remembered()
        if kept is None:
            return self._columns(entity, fields, at, where)
        asked = {key: value if isinstance(value, str) else tuple(value) for key, value in where.items()}
        key = (self.engine, entity, tuple(fields), at, *sorted(asked.items()))
        if key not in kept:
            kept[key] = self._columns(entity, fields, at, asked)
        return list(kept[key])

    def _columns(
        self, entity: type[Row], fields: Sequence[str], at: int | None, where: Mapping[str, Keys]
    ) -> list[tuple[Any, ...]]:
        statement = as_of_statement(entity_of(entity).name, tuple(fields), at is not None, frozenset(where))
        bound = {} if at is None else {"until": at}
        with store_errors(self.name), reading(self.engine) as connection:
            return [
                tuple(row) for part in in_portions(where) for row in connection.execute(statement, {**bound, **part})
            ]

    def find(self, entity: type[RowT], key: str | None, at: int | None = None) -> RowT | None:
        """One thing as of an instant; None where there is none, or no key."""
        return None if key is None else next(iter(self.as_of(entity, at, id=key)), None)

    def history(self, entity: type[RowT], key: str) -> list[RowT]:
        """Every version of one thing, oldest first."""
        return self.histories(entity, id=key)

    def find_edit(self, edit_id: str) -> Edit | None:
        """An edit by its id; None if nothing was written under it."""
        with store_errors(self.name), reading(self.engine) as connection:
            return find_edit(connection, edit_id, ENTITIES)

    def has_edit(self, edit_id: str) -> bool:
        """Whether an edit of this id was written."""
        return self.find_edit(edit_id) is not None

    def author_of(self, edit_id: str) -> str | None:
        """Who made an edit; None where it is unknown, or older than the record of edits."""
        with store_errors(self.name), reading(self.engine) as connection:
            return connection.execute(select(edit.c.actor).where(edit.c.edit_id == edit_id)).scalar()

    def used_since(self, edit_id: str) -> set[str]:
        """The ids of what an edit wrote that differ now, or that it created and something else names.

        Work that was undone does not count.
        """
        used: set[str] = set()
        created: set[str] = set()
        same: dict[str, set[str]] = {}
        with store_errors(self.name), reading(self.engine) as connection:
            for one in ENTITIES.values():
                changed = changed_since(connection, one, edit_id)
                used |= {key for key, differs in changed.items() if differs}
                same[one.name] = changed.keys() - used
                created.update(created_by(connection, one, edit_id))
            for one in ENTITIES.values():
                rows = self.columns(one.row, ("id", "edit_id", *one.naming)) if one.naming else []
                others = (keys for key, by, *keys in rows if by != edit_id and key not in same[one.name])
                used |= {key for keys in others for key in keys if key in created}
        return used

    def histories(self, entity: type[RowT], **where: Keys) -> list[RowT]:
        """Every version of several things, also of those taken back, thing by thing, oldest first.

        Parameters
        ----------
        entity : type of row
        **where
            Columns that never change, as in ``as_of``.
        """
        with store_errors(self.name), reading(self.engine) as connection:
            return [entity(*row) for row in read_histories(connection, entity_of(entity).name, where)]

    def ever_filled(self, entity: type[RowT], column: str, value: str | None = None) -> list[str]:
        """The ids of things of which some version holds a value, or this one, in a column."""
        table = entity_of(entity).table
        holds = table.c[column].is_not(None) if value is None else table.c[column] == value
        with store_errors(self.name), reading(self.engine) as connection:
            statement = select(table.c.id).where(holds).distinct()
            return list(connection.execute(statement).scalars())


def _refuse_used(connection: Connection, edit_id: str) -> None:
    if connection.execute(_IS_WRITTEN, {"edit": edit_id}).first() is not None:
        raise BadInput(
            "edit.used",
            N_("The edit id {edit_id} was used for another change. Send this change with a new id."),
            edit_id=edit_id,
        )


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()
