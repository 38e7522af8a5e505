"""The histories as frames, for the measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Row, Select, func, or_, select, union

from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.ledger import Ledger

_HEAD = ("id", "version", "at", "actor", "edit_id", "is_void")
#: Of whole numbers that may be missing, too, numpy makes floats.
_NUMPY = dict.fromkeys(("version", "at", "is_void"), "int64") | {
    column: "float64"
    for one in ENTITIES.values()
    for column, kind in one.kinds.items()
    if kind in ("flag", "count", "number")
}
_WHOLE = ("staff", "template")
#: What ``load_history`` adds: how many contacts nobody has touched since they were written.
_UNTOUCHED = ["account_id", "at", "edit_id", "n"]


def load_history(ledger: Ledger, *, until: int, rep: str | None = None) -> dict[str, pd.DataFrame]:
    """Everything recorded up to an instant, for the team or for the accounts one rep has to do with.

    Parameters
    ----------
    ledger : Ledger
    until : int
        Instant in UTC milliseconds.
    rep : str, optional
        Id of a rep: only accounts whose history names that rep and those where the rep promised something, so that the
        cost does not grow with the team.

    Returns
    -------
    dict of DataFrame
        One frame an entity, every version as a row (``id version at actor edit_id is_void`` and the entity's fields),
        sorted by id and version; an entity with no rows keeps its columns.

        Most contacts of a database were written once and never looked at again. Such an employment, never ended, checked or
        named in a slot or commitment, is no row here: ``untouched`` counts them (``account_id at edit_id n``; an employment
        stays at one account for good).
    """
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        frames = {one.name: _read(connection, one, until, rep) for one in ENTITIES.values()}
        return {**frames, "untouched": _untouched(connection, until, rep, frames["employment"])}


def load_versions(ledger: Ledger, entity: str, *, until: int) -> pd.DataFrame:
    """Every version of one entity up to an instant, as ``load_history`` gives it."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return _frame(*_select(connection, ENTITIES[entity], [ENTITIES[entity].table.c.at <= until]))


def _read(connection: Connection, one: Entity, until: int, rep: str | None) -> pd.DataFrame:
    wanted = [one.table.c.at <= until]
    if rep is not None and one.name not in _WHOLE:
        wanted.append(_belongs(one, rep, until))
    if one.name == "employment":
        wanted.append(_touched(wanted, until, rep))
    return _frame(*_select(connection, one, wanted))


def _select(
    connection: Connection, one: Entity, wanted: Sequence[ColumnElement[bool]]
) -> tuple[list[str], Sequence[Row[Any]]]:
    columns = [c for c in (*_HEAD, *one.fields) if c not in one.unread]
    table = one.table
    statement = select(*(table.c[c] for c in columns)).where(*wanted).order_by(table.c.id, table.c.version)
    return columns, connection.execute(statement).all()


def _touched(wanted: Sequence[ColumnElement[bool]], until: int, rep: str | None) -> ColumnElement[bool]:
    """Employments about which more was written than that they are."""
    row = ENTITIES["employment"].table.c
    more = or_(row.version > 1, row.is_void == 1, row.end_kind.is_not(None), row.verified_on.is_not(None))
    return row.id.in_(union(select(row.id).where(*wanted, more), *_named(until, rep)))


def _untouched(connection: Connection, until: int, rep: str | None, touched: pd.DataFrame) -> pd.DataFrame:
    row, key = ENTITIES["employment"].table.c, _UNTOUCHED[:3]
    wanted = [row.version == 1, row.at <= until]
    if rep is not None:
        wanted.append(row.account_id.in_(_owned(rep, until)))
    written = select(row.account_id, row.at, row.edit_id, func.count()).where(*wanted)
    apart = Counter(touched.loc[touched["version"] == 1, key].itertuples(index=False, name=None))
    rows = connection.execute(written.group_by(row.account_id, row.at, row.edit_id)).all()
    left = [(*which, n - apart[tuple(which)]) for *which, n in rows]
    return _frame(_UNTOUCHED, [row for row in left if row[-1]])


def _owned(rep: str, until: int) -> CompoundSelect[tuple[str]]:
    """The accounts a rep has to do with."""
    account, commitment = ENTITIES["account"].table, ENTITIES["commitment"].table
    # What somebody owes at a colleague's account is told with its names, and whether its slot moved.
    return union(
        select(account.c.id).where(account.c.owner_id == rep, account.c.at <= until),
        select(commitment.c.account_id).where(commitment.c.owner_id == rep, commitment.c.at <= until),
    )


def _belongs(one: Entity, rep: str, until: int) -> ColumnElement[bool]:
    owned = _owned(rep, until)
    if one.name == "account":
        return one.table.c.id.in_(owned)
    if one.name == "person":
        return one.table.c.id.in_(_met(until, rep, owned))
    if one.name == "event":
        # An import touches many accounts and names none; which edits were imports decides what counts as effort.
        return or_(one.table.c.kind == "imported", one.table.c.account_id.in_(owned))
    if one.name in ("session", "claim"):
        return one.table.c.rep_id == rep
    if one.name == "commitment":
        return _promised(rep, owned)
    return one.table.c.account_id.in_(owned)


def _promised(rep: str, owned: CompoundSelect[tuple[str]]) -> ColumnElement[bool]:
    made = ENTITIES["commitment"].table.c
    return or_(made.account_id.in_(owned), made.rep_id == rep, made.owner_id == rep)


def _named(until: int, rep: str | None) -> tuple[Select[tuple[str]], Select[tuple[str]]]:
    """Employments that were ever in a slot, and those that were promised to be seen."""
    slot, commitment = ENTITIES["slot"].table.c, ENTITIES["commitment"].table.c
    holding, meant = select(slot.employment_id), select(commitment.employment_id)
    if rep is not None:
        owned = _owned(rep, until)
        holding, meant = holding.where(slot.account_id.in_(owned)), meant.where(_promised(rep, owned))
    return holding, meant


def _met(until: int, rep: str, owned: CompoundSelect[tuple[str]]) -> CompoundSelect[tuple[str]]:
    """Who was ever in a slot, promised to be seen, or heard; of the other contacts the measures only count how many."""
    employment, note = ENTITIES["employment"].table.c, ENTITIES["note"].table.c
    return union(
        select(employment.person_id).where(employment.id.in_(union(*_named(until, rep)))),
        select(note.person_id).where(note.account_id.in_(owned)),
    )


def _frame(columns: list[str], rows: Sequence[Sequence[Any]]) -> pd.DataFrame:
    # Column by column with the kind known beforehand: letting pandas find it out takes seven times as long.
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = [_NUMPY.get(column, "object") for column in columns]
    return pd.DataFrame(
        {c: pd.Index(np.array(v, kind), dtype=kind) for c, v, kind in zip(columns, values, kinds, strict=True)}
    )
