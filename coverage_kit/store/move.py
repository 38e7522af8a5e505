"""Write a whole store again into another database, with every instant, author and hash as they are."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection, func, insert, select

from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.anchor import refuse_damage
from coverage_kit.store.chain import check_edits
from coverage_kit.store.changes import RowDict
from coverage_kit.store.copying import by_instant, copy_facts, facts_of, note_instant, take_instant
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import store_errors, writing
from coverage_kit.store.entities import ENTITIES, metadata
from coverage_kit.store.facts import read_facts
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.schema import drop_store, open_store
from coverage_kit.store.tables import conflict_draft, edit, source_row
from coverage_kit.store.writing import insert_rows

#: Called with edits written and edits in all.
Progress = Callable[[int, int], None]
_HISTORY = (*ENTITIES, edit.name)
_PART = 2_000


@dataclass(frozen=True)
class Moved:
    """What a move did.

    Attributes
    ----------
    edits : int
    rows : dict
        Rows of each table, counted in the new store.
    """

    edits: int
    rows: dict[str, int]


def move_store(ledger: Ledger, url: str, *, use: Callable[[], None], progress: Progress = lambda *_: None) -> Moved:
    """Copy a store into an empty one, compare both row by row, and close the old one for writing.

    Nobody can write while it runs, and nothing can be written into the old store afterwards.

    Parameters
    ----------
    ledger : Ledger
        The old store.
    url : str
        A SQLite file that is not there yet, or an empty PostgreSQL database.
    use : callable
        Makes everybody use the new store; called once it is complete and the old one is closed.
    progress : callable

    Raises
    ------
    StoreError
        The old store is damaged, or the new one cannot be written or differs; then it is emptied, and the old one stays.
    """
    with store_errors(ledger.name), writing(ledger.engine) as old:
        refuse_damage(ledger, check_edits(ledger))
        # With a given clock, so that the instants of the old store can be written.
        target = open_store(url, clock=lambda: 0, actor=ledger.actor, create=True)
        with closing(target), store_errors(target.name):
            try:
                with writing(target.engine) as new:
                    done = _write(old, new, progress)
            except BaseException:
                drop_store(target)
                raise
        dialect_of(old).close_for_writing(old)
        use()
    return done


def _write(old: Connection, new: Connection, progress: Progress) -> Moved:
    total = old.execute(select(func.count()).select_from(edit)).scalar_one()
    n_edits = 0
    for at, found in by_instant(old, _HISTORY):
        take_instant(new, at)
        for name, own in groupby(found, key=itemgetter(0)):
            _insert(new, name, [row for _, row in own])
            n_edits += name == edit.name
        note_instant(new, at)
        progress(n_edits, total)
    for table in (conflict_draft, source_row):
        for part in old.execute(select(table).execution_options(yield_per=_PART)).mappings().partitions():
            new.execute(insert(table), [dict(row) for row in part])
    copy_facts(facts_of(old), new, last_at=int(facts_of(old)["last_at"]))
    _compare(old, new)
    return Moved(total, read_facts(new).rows)


def _insert(new: Connection, name: str, rows: list[RowDict]) -> None:
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        insert_rows(new, metadata.tables[name], tuple(part[0]), [tuple(row.values()) for row in part])


def _compare(old: Connection, new: Connection) -> None:
    """Every row of every table: equal rows give equal numbers as of any week."""
    was, now = facts_of(old), facts_of(new)
    same = all(was[key] == now[key] for key in was if key != "last_tx")
    if not same or any(
        _sum(old, name) != _sum(new, name) for name in (*_HISTORY, conflict_draft.name, source_row.name)
    ):
        raise StoreError(
            "move.differs", N_("The new store differs from the old one, so nothing was moved. Report this fault.")
        )


def _sum(connection: Connection, name: str) -> tuple[int, int]:
    """The number of rows of a table and the sum of their hashes, in whatever order the database gives them."""
    n = total = 0
    for row in connection.execute(select(metadata.tables[name]).execution_options(yield_per=_PART)):
        n += 1
        total += int.from_bytes(hashlib.sha256(repr(tuple(row)).encode()).digest())
    return n, total
