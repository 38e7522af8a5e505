"""Write a store again without the instants of a clock that ran ahead. The old store stays as it is.

An edit cannot be dated before the one before it, so one edit by a wrong clock moves every later one. Here all edits are
written in the same order into an empty store. Those dated up to now keep their instant. The others get the instant at which
they were made, where the clock was right by then, and otherwise the latest that fits between their neighbours.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select

from coverage_kit.domain.quarter import MUST_WIN_PLACES, Quarter
from coverage_kit.domain.week import Week, local_day
from coverage_kit.errors import BadInput, StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.anchor import refuse_damage
from coverage_kit.store.chain import check_edits, rows_hash
from coverage_kit.store.chain_format import edit_hash
from coverage_kit.store.changes import RowDict
from coverage_kit.store.copying import by_instant, copy_facts, facts_of, note_instant, take_instant
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import reading, store_errors, writing
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.reading import last_at
from coverage_kit.store.schema import open_store
from coverage_kit.store.tables import conflict_draft, edit, source_row
from coverage_kit.store.writing import insert_rows

#: The first record of the new chain: it names what it was rebuilt from, by its hash.
ORIGIN = "ed_rebuilt_"
#: Columns that hold a time by the calendar, beside those of days.
_TIMES = ("week", "quarter", "planned_for")
_TIME = re.compile(r"[0-9]{4}-(W[0-9]{2}|Q[1-4]|[0-9]{2}-[0-9]{2}(T[0-9:]+)?)")


@dataclass(frozen=True)
class Rebuilt:
    """What a rebuild did.

    Attributes
    ----------
    edits, moved, days : int
        Edits in all; those with another instant; dates in them that counted from the wrong day and were moved with it.
    origin : str
        sha256 of the old SQLite file; of PostgreSQL, the hash of its last edit.
    """

    edits: int
    moved: int
    days: int
    origin: str


def rebuild_store(ledger: Ledger, url: str, *, zone: ZoneInfo) -> Rebuilt:
    """Write a store again into an empty one.

    Parameters
    ----------
    ledger : Ledger
        The old store; nobody may write to it during the rebuild.
    url : str
        A SQLite file that is not there yet, or an empty PostgreSQL database.
    zone : ZoneInfo
        By which days begin.

    Raises
    ------
    BadInput
        No edit is ahead of the clock.
    StoreError
        The old store is damaged or changed during the rebuild, or the new one cannot be written.
    """
    now = ledger.clock()
    refuse_damage(ledger, check_edits(ledger))
    origin = _origin(ledger)
    with ledger.one_state(), reading(ledger.engine) as old:
        if last_at(old) <= now:
            raise BadInput(
                "rebuild.clock", N_("No edit is ahead of this computer's clock; there is nothing to rebuild.")
            )
        instants = _right_instants(old, now)
        # With a given clock, so that the instants of the old store can be written.
        target = open_store(url, clock=lambda: now, actor=ledger.actor, create=True)
        with closing(target), store_errors(target.name), writing(target.engine) as new:
            done = _Copy(old, new, instants, zone, now).write(origin, ledger)
    if origin != _origin(ledger):
        raise StoreError(
            "rebuild.changed",
            N_("Somebody wrote to the store {name} during the rebuild. Close all other programs, then try again."),
            name=ledger.name,
        )
    return done


class _Copy:
    """One rebuild: the old and the new connection, and the instants that change."""

    def __init__(self, old: Connection, new: Connection, instants: Mapping[int, int], zone: ZoneInfo, now: int) -> None:
        self._old = old
        self._new = new
        self._instants = instants
        self._zone = zone
        self._now = now
        #: By entity and id, the days of the last version of things in edits that move: as they were, and as they are now.
        self._days: dict[tuple[str, str], tuple[RowDict, RowDict]] = {}
        #: By entity and id, the id of things whose id names a quarter or week that was wrong.
        self._ids: dict[tuple[str, str], str] = {}
        #: By entity, those right ids.
        self._taken: defaultdict[str, set[str]] = defaultdict(set)
        self._n_days = 0
        self._head = ""

    def write(self, origin: str, ledger: Ledger) -> Rebuilt:
        """Write the facts, all edits and the other tables."""
        logins = {row.edit_id: row.login for row in self._old.execute(select(edit))}
        n_edits = 0
        for at, rows in by_instant(self._old, ENTITIES):
            if not n_edits:
                self._record(self._instant(at - 1), f"{ORIGIN}{origin}", ledger.actor, ledger.login, {})
            self._edit(at, rows, logins)
            n_edits += 1
        self._tables()
        copy_facts(facts_of(self._old), self._new, last_at=max(last_at(self._new), self._now))
        return Rebuilt(n_edits, len(self._instants), self._n_days, origin)

    def _edit(self, at: int, found: list[tuple[str, RowDict]], logins: Mapping[str, str]) -> None:
        instant = self._instant(at)
        hashes = {}
        for name, own in groupby(found, key=lambda each: each[0]):
            one = ENTITIES[name]
            rows = sorted((self._corrected(one, row, at, instant) for _, row in own), key=lambda row: row["id"])
            columns = tuple(rows[0])
            insert_rows(self._new, one.table, columns, [tuple(row.values()) for row in rows])
            hashes[name] = rows_hash(one, rows)
        first = found[0][1]
        self._record(instant, first["edit_id"], first["actor"], logins.get(first["edit_id"], ""), hashes)

    def _corrected(self, one: Entity, row: RowDict, at: int, instant: int) -> RowDict:
        """A row at its right instant; days that counted from the wrong day count from the right one."""
        if at == instant:
            return row
        wrong, right = local_day(at, self._zone), local_day(instant, self._zone)
        before, after = self._days.get((one.name, row["id"]), ({}, {}))
        days = {name: row[name] for name, kind in one.kinds.items() if kind == "day"}
        days |= {name: row[name] for name in _TIMES if name in one.fields}
        if one.name == "event":
            days["body"] = row["body"]
        moved = {}
        for name, value in days.items():
            # What an earlier version said was carried along, and was corrected there if it had to be.
            is_same = name in before and before[name] == value
            change = _moved_inside if name == "body" else _moved
            moved[name] = after[name] if is_same else change(value, wrong, right)
            self._n_days += not is_same and moved[name] != value
        self._days[one.name, row["id"]] = days, moved
        corrected = {**row, "at": instant, "made_at": min(row["made_at"], instant), **moved}
        return {**corrected, **self._renamed(one, corrected, wrong, right)}

    def _renamed(self, one: Entity, row: RowDict, wrong: date, right: date) -> RowDict:
        """The id and version of a row whose id names a quarter or week that was wrong.

        What is there under the right id already goes on with the row; a must-win account takes a free place.
        """
        old = one.name, row["id"]
        if old not in self._ids:
            parts = [_moved(part, wrong, right) if _is_span(part) else part for part in row["id"].split(":")]
            wanted = ":".join(map(str, parts))
            if wanted == row["id"] and wanted not in self._taken[one.name]:
                return {}
            self._ids[old] = self._free_place(one, wanted, row) if one.name == "must_win" else wanted
            self._taken[one.name].add(self._ids[old])
        key = self._ids[old]
        versions = select(func.max(one.table.c.version)).where(one.table.c.id == key)
        return {"id": key, "version": (self._new.execute(versions).scalar() or 0) + 1}

    def _free_place(self, one: Entity, wanted: str, row: RowDict) -> str:
        stem = wanted.rpartition(":")[0]
        column = one.table.c
        for key in (wanted, *(f"{stem}:{place}" for place in range(1, MUST_WIN_PLACES + 1))):
            newest = select(one.table).where(column.id == key).order_by(column.version.desc()).limit(1)
            found = self._new.execute(newest).first()
            is_free = found is None or found.is_void or found.account_id == row["account_id"]
            if is_free and key not in self._taken[one.name]:
                return key
        return wanted

    def _instant(self, at: int) -> int:
        """The right instant of an edit; a new store that gives instants itself takes it first."""
        instant = self._instants.get(at, at)
        take_instant(self._new, instant)
        return instant

    def _record(self, at: int, edit_id: str, actor: str, login: str, hashes: dict[str, str]) -> None:
        digest = edit_hash(self._head, edit_id, at, actor, login, hashes)
        record = {"at": at, "edit_id": edit_id, "actor": actor, "login": login, "hash": digest, "before": self._head}
        self._new.execute(insert(edit), record)
        self._head = digest
        note_instant(self._new, at)

    def _tables(self) -> None:
        """The tables that are not history."""
        for table, column in ((conflict_draft, "at"), (source_row, "missing_since")):
            rows = [dict(row) for row in self._old.execute(select(table)).mappings()]
            for row in rows:
                row[column] = row[column] and min(self._instants.get(row[column], row[column]), self._now)
            if rows:
                self._new.execute(insert(table), rows)


def _right_instants(connection: Connection, now: int) -> dict[int, int]:
    """The right instant of each edit that is dated after now."""
    late: dict[int, int] = {}
    last = 0
    for one in ENTITIES.values():
        column = one.table.c
        found = select(column.at, column.made_at).where(column.at > now).distinct()
        late |= {row.at: row.made_at for row in connection.execute(found)}
        last = max(last, connection.execute(select(func.max(column.at)).where(column.at <= now)).scalar() or 0)
    wanted, limit = [], now
    for at, made in sorted(late.items(), reverse=True):
        # A moment that has not come yet was read from a wrong clock.
        limit = made if made <= now else limit - 1
        wanted.append((at, limit))
    instants = {}
    for at, instant in reversed(wanted):
        instants[at] = last = max(last + 1, instant)
    return instants


def _moved(value: str | None, wrong: date, right: date) -> str | None:
    """A day, week, quarter or local time counted from the wrong day, counted from the right one; an earlier one stays."""
    if not value:
        return value
    if "W" in value:
        return str(Week.of(right)) if value == str(Week.of(wrong)) else value
    if "Q" in value:
        quarter, first = Quarter.parse(value), Quarter.of(wrong)
        ahead = 4 * (quarter.year - first.year) + quarter.number - first.number
        return str(Quarter.of(right) + ahead) if ahead >= 0 else value
    day = date.fromisoformat(value[:10])
    return (right + (day - wrong)).isoformat() + value[10:] if day >= wrong else value


def _moved_inside(text: str | None, wrong: date, right: date) -> str | None:
    """The JSON of an event with its days, weeks and quarters moved."""
    body = json.loads(text or "{}")
    moved = {
        name: _moved(value, wrong, right) if isinstance(value, str) and _TIME.fullmatch(value) else value
        for name, value in body.items()
    }
    return text if moved == body else json.dumps(moved, ensure_ascii=False)


def _is_span(part: str) -> bool:
    """A part of an id that is a week or a quarter."""
    return _TIME.fullmatch(part) is not None and part[5] in "WQ"


def _origin(ledger: Ledger) -> str:
    """The hash that names the state of a store."""
    with store_errors(ledger.name):
        return dialect_of(ledger.engine).fingerprint(ledger.engine)
