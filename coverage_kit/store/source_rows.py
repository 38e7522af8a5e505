"""The last export of each program, row by row, so that an import can tell its changes from edits made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection, delete, select, update

from coverage_kit.domain.vocabulary import EventKind
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import ENTITIES, Event
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.tables import source_row
from coverage_kit.store.writing import insert_rows

_CHUNK = 900
#: In place of an entity's id: the row waits for a decision, and only its digest is kept.
UNDECIDED = ""
T = TypeVar("T")


@dataclass(frozen=True)
class SourceRows:
    """The last export of a program.

    Attributes
    ----------
    entities : dict
        Id in the export to the entity's id.
    rows : dict
        Id in the export to the row as it was saved, in UTF-8, which takes half the memory; without rows that were erased or whose import was undone.
    missing : frozenset of str
        Ids that an earlier export had and the last one lacks.
    undecided : frozenset of str
        Digests of rows that wait for a decision.
    """

    entities: dict[str, str]
    rows: dict[str, bytes]
    missing: frozenset[str]
    undecided: frozenset[str]


def load_source_rows(ledger: Ledger, source: str, kind: str) -> SourceRows:
    """Read the last export of a program.

    Parameters
    ----------
    ledger : Ledger
    source : str
        The program.
    kind : str
        ``accounts`` or ``contacts``.
    """
    table, event = source_row, ENTITIES["event"].table
    columns = (table.c.ext_id, table.c.entity_id, table.c.row, table.c.edit_id, table.c.missing_since)
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        imports = connection.execute(
            select(event.c.id, event.c.edit_id).where(event.c.kind == EventKind.IMPORTED.value, event.c.version == 1)
        ).all()
    standing = {row.id for row in ledger.as_of(Event, id=[event_id for event_id, _ in imports])}
    undone = {edit_id for event_id, edit_id in imports if event_id not in standing}
    entities: dict[str, str] = {}
    rows: dict[str, bytes] = {}
    missing, undecided = set(), set()
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        for ext_id, entity_id, row, edit_id, since in connection.execute(
            select(*columns).where(table.c.source == source, table.c.kind == kind)
        ):
            if entity_id == UNDECIDED:
                undecided.add(ext_id)
                continue
            entities[ext_id] = entity_id
            if row is not None and edit_id not in undone:
                rows[ext_id] = row.encode()
            if since is not None:
                missing.add(ext_id)
    return SourceRows(entities, rows, frozenset(missing), frozenset(undecided))


def source_row_writer(
    source: str,
    kind: str,
    rows: Sequence[tuple[str, str, bytes]],
    *,
    edit_id: str,
    undecided: Iterable[str] = (),
    returned: Iterable[str] = (),
    missing: Iterable[str] = (),
    at: int,
) -> Callable[[Connection], None]:
    """A function that saves an export in the transaction of the edit that imports it.

    Parameters
    ----------
    source, kind : str
    rows : sequence
        ``(id in the export, entity's id, the row)`` of rows that are new or different.
    edit_id : str
        The import.
    undecided : iterable of str
        Digests of all rows of the export that wait for a decision.
    returned, missing : iterable of str
        Ids that are in the export again, and ids that are no longer in it.
    at : int
        When they went missing (UTC milliseconds).
    """
    table = source_row
    own = (table.c.source == source, table.c.kind == kind)
    columns = ("source", "kind", "ext_id", "entity_id", "row", "edit_id")

    def write(connection: Connection) -> None:
        there = set(connection.execute(select(table.c.ext_id).where(*own)).scalars())
        for old in _parts(ext_id for ext_id, _, _ in rows if ext_id in there):
            connection.execute(delete(table).where(*own, table.c.ext_id.in_(old)))
        for new in _parts(sorted(rows)):
            decoded = [(source, kind, ext_id, entity_id, row.decode(), edit_id) for ext_id, entity_id, row in new]
            insert_rows(connection, table, columns, decoded)
        connection.execute(delete(table).where(*own, table.c.entity_id == UNDECIDED))
        waiting = [(source, kind, digest, UNDECIDED, None, edit_id) for digest in dict.fromkeys(undecided)]
        if waiting:
            insert_rows(connection, table, columns, waiting)
        for ids, since in ((returned, None), (missing, at)):
            # One that is missing already stays so since the same instant.
            as_before = table.c.missing_since.is_(None) if since else table.c.missing_since.is_not(None)
            for part in _parts(ids):
                statement = update(table).where(*own, as_before, table.c.ext_id.in_(part))
                connection.execute(statement.values(missing_since=since))

    return write


@dataclass(frozen=True, slots=True)
class KeptRow:
    """One row of the last export of a program.

    Attributes
    ----------
    entity_id : str
    row : str or None
        As it was kept; None where it was erased.
    at : int
        When it was imported (UTC milliseconds).
    missing_since : int or None
    has_titles : bool
        Whether any row of this export has a title.
    source, ext_id : str
        The program, and what its export calls the row.
    """

    entity_id: str
    row: str | None
    at: int
    missing_since: int | None
    has_titles: bool
    source: str
    ext_id: str


def load_kept_rows(ledger: Ledger, kind: str) -> list[KeptRow]:
    """Which rows do the last exports of all programs have? Those of imports that were taken back are left out.

    Parameters
    ----------
    ledger : Ledger
    kind : str
        ``accounts`` or ``contacts``.
    """
    table = source_row
    done = {row.edit_id: row.at for row in ledger.as_of(Event) if row.kind == EventKind.IMPORTED}
    columns = (table.c.source, table.c.entity_id, table.c.row, table.c.edit_id, table.c.missing_since, table.c.ext_id)
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        found = connection.execute(select(*columns).where(table.c.kind == kind)).all()
    titled = {source for source, _, row, *_ in found if row is not None and '"title":' in row}
    return [
        KeptRow(entity_id, row, done[edit_id], since, source in titled, source, ext_id)
        for source, entity_id, row, edit_id, since, ext_id in found
        if edit_id in done and entity_id != UNDECIDED
    ]


def _parts(things: Iterable[T]) -> Iterator[list[T]]:
    waiting = iter(things)
    while part := list(islice(waiting, _CHUNK)):
        yield part
