"""What writes a store again into an empty one: its rows by instant, in the order in which they were saved, and its facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from heapq import merge
from itertools import groupby

from sqlalchemy import Connection, insert, select

from coverage_kit.store.changes import RowDict
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.entities import metadata
from coverage_kit.store.tables import meta

#: Facts that each store has of its own.
_OWN_FACTS = ("last_at", "last_tx")


def by_instant(connection: Connection, tables: Iterable[str]) -> Iterator[tuple[int, list[tuple[str, RowDict]]]]:
    """The rows of these tables at each instant, in the order of the tables."""

    def rows(name: str) -> Iterator[tuple[str, RowDict]]:
        table = metadata.tables[name]
        statement = select(table).order_by(table.c.at).execution_options(yield_per=2_000)
        for row in connection.execute(statement).mappings():
            yield name, dict(row)

    for at, found in groupby(merge(*map(rows, tables), key=_instant), key=_instant):
        yield at, list(found)


def _instant(found: tuple[str, RowDict]) -> int:
    return int(found[1]["at"])


def take_instant(connection: Connection, at: int) -> None:
    """Begin an edit at an instant; a store that gives instants itself notes it first, any other once the edit is written."""
    if dialect_of(connection).gives_instants:
        dialect_of(connection).next_instant(connection, at)


def note_instant(connection: Connection, at: int) -> None:
    """End the edit that ``take_instant`` began."""
    if not dialect_of(connection).gives_instants:
        connection.execute(meta.update().where(meta.c.key == "last_at").values(value=str(at)))


def copy_facts(old: Mapping[str, str], new: Connection, *, last_at: int) -> None:
    """The facts about a store. The application can never change them, so nobody may use the new store yet.

    Parameters
    ----------
    old : mapping
        The facts of the old store.
    new : Connection
    last_at : int
        No later edit lands before this instant (UTC milliseconds).
    """
    known = set(new.execute(select(meta.c.key)).scalars())
    # First, while the new store still has a clock of its own: the old one's may have run ahead.
    new.execute(meta.update().where(meta.c.key == "last_at").values(value=str(last_at)))
    facts = {"given_clock": "0"} | {key: value for key, value in old.items() if key not in _OWN_FACTS}
    with dialect_of(new).unlocked_facts(new):
        for key, value in facts.items():
            if key in known:
                new.execute(meta.update().where(meta.c.key == key).values(value=value))
            else:
                new.execute(insert(meta), {"key": key, "value": value})


def facts_of(connection: Connection) -> dict[str, str]:
    """The facts about a store, by name."""
    return {row.key: row.value for row in connection.execute(select(meta))}
