"""The histories as frames, for the measures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, func, or_, select, union

from coverage_kit.store.engines import damage_errors, reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity, Value
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.tables import edit

_HEAD = ("id", "version", "at", "actor", "edit_id", "is_void")
#: Whole numbers that may be missing become floats in numpy.
_NUMPY = dict.fromkeys(("version", "at", "is_void"), "int64") | {
    column: "float64"
    for one in ENTITIES.values()
    for column, kind in one.kinds.items()
    if kind in ("flag", "count", "number")
}
#: Columns of what ``load_history`` adds: the number of contacts that nobody touched since they were written.
_UNTOUCHED = ["account_id", "at", "edit_id", "n"]


def load_history(ledger: Ledger, *, until: int, rep: str | None = None) -> dict[str, pd.DataFrame]:
    """Everything recorded up to an instant, for the team or for one rep.

    Parameters
    ----------
    ledger : Ledger
    until : int
        Instant in UTC milliseconds.
    rep : str, optional
        Id of a rep: only accounts that the rep ever owned and those where the rep owes work, so that the cost does not
        grow with the team.

    Returns
    -------
    dict of DataFrame
        One frame an entity, every version as a row (``id version at actor edit_id is_void`` and the entity's fields),
        sorted by id and version; an entity with no rows keeps its columns.

        Most contacts in a database were written once and never touched again. Such an employment (never ended, checked, or
        named in a slot or commitment) has no row here: ``untouched`` counts them (``account_id at edit_id n``; an
        employment never changes its account).
    """
    with store_errors(ledger.name), damage_errors(ledger.name), reading(ledger.engine) as connection:
        frames = {one.name: _read(connection, one, until, rep) for one in ENTITIES.values() if one.in_histories}
        return {**frames, "untouched": _untouched(connection, until, rep, frames["employment"])}


def load_versions(ledger: Ledger, entity: str, *, until: int) -> pd.DataFrame:
    """Every version of one entity up to an instant, as ``load_history`` gives it."""
    with store_errors(ledger.name), damage_errors(ledger.name), reading(ledger.engine) as connection:
        return _frame(*_select(connection, ENTITIES[entity], [ENTITIES[entity].table.c.at <= until]))


def load_since(ledger: Ledger, frames: dict[str, pd.DataFrame], since: int, until: int) -> dict[str, pd.DataFrame]:
    """The entities of a team's history that have later rows, whole: what was loaded until ``since``, with what came since.

    Parameters
    ----------
    ledger : Ledger
    frames : dict of DataFrame
        From ``load_history``, until ``since``.
    since, until : int
        UTC milliseconds.

    Returns
    -------
    dict of DataFrame
        An employment has its later rows only: what was counted as untouched before is not here.
    """
    grown: dict[str, pd.DataFrame] = {}
    with store_errors(ledger.name), damage_errors(ledger.name), reading(ledger.engine) as connection:
        edits = connection.scalars(select(edit.c.edit_id).where(edit.c.at > since, edit.c.at <= until)).all()
        for one in ENTITIES.values() if edits else ():
            if not one.in_histories:
                continue
            row = one.table.c
            columns, later = _select(connection, one, [row.edit_id.in_(edits), row.at > since, row.at <= until])
            if later:
                both = pd.concat([frames[one.name], _frame(columns, later)], ignore_index=True)
                grown[one.name] = both.sort_values(["id", "version"], ignore_index=True)
    return grown


def _read(connection: Connection, one: Entity, until: int, rep: str | None) -> pd.DataFrame:
    wanted = [one.table.c.at <= until, *_belongs(one, rep, until)]
    if one.only_touched:
        wanted.append(_touched(wanted, until, rep))
    return _frame(*_select(connection, one, wanted))


def _select(
    connection: Connection, one: Entity, wanted: Sequence[ColumnElement[bool]]
) -> tuple[list[str], Sequence[Sequence[Value]]]:
    columns = [c for c in (*_HEAD, *one.fields) if c not in one.unread]
    table = one.table
    statement = select(*(table.c[c] for c in columns)).where(*wanted).order_by(table.c.id, table.c.version)
    return columns, connection.execute(statement).all()


def _touched(wanted: Sequence[ColumnElement[bool]], until: int, rep: str | None) -> ColumnElement[bool]:
    """Employments that were changed, or named by a slot or a commitment, since they were written."""
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
    """The accounts that a rep ever owned, and those where the rep owes work: a report shows their names and slots."""
    account, commitment = ENTITIES["account"].table, ENTITIES["commitment"].table
    return union(
        select(account.c.id).where(account.c.owner_id == rep, account.c.at <= until),
        select(commitment.c.account_id).where(commitment.c.owner_id == rep, commitment.c.at <= until),
    )


def _belongs(one: Entity, rep: str | None, until: int) -> list[ColumnElement[bool]]:
    """The condition that rows belong to a rep's report; none for the team, and for what belongs to every report."""
    reach, row = one.reach, one.table.c
    if rep is None or reach is None:
        return []
    any_of: list[ColumnElement[bool]] = [row[column] == rep for column in reach.reps]
    if reach.account:
        any_of.append(row[reach.account].in_(_owned(rep, until)))
    if reach.person:
        any_of.append(row[reach.person].in_(_met(until, rep)))
    if reach.shared is not None:
        column, values = reach.shared
        any_of.append(row[column].in_(values))
    return [or_(*any_of)]


def _named(until: int, rep: str | None) -> tuple[Select[tuple[str]], Select[tuple[str]]]:
    """Employments that were ever in a slot, and those that a commitment is about."""
    slot, commitment = ENTITIES["slot"], ENTITIES["commitment"]
    return (
        select(slot.table.c.employment_id).where(*_belongs(slot, rep, until)),
        select(commitment.table.c.employment_id).where(*_belongs(commitment, rep, until)),
    )


def _met(until: int, rep: str) -> CompoundSelect[tuple[str]]:
    """People ever in a slot, in a commitment, or in a note; the measures only count the other contacts."""
    employment, note = ENTITIES["employment"].table.c, ENTITIES["note"].table.c
    return union(
        select(employment.person_id).where(employment.id.in_(union(*_named(until, rep)))),
        select(note.person_id).where(note.account_id.in_(_owned(rep, until))),
    )


def _frame(columns: list[str], rows: Sequence[Sequence[Value]]) -> pd.DataFrame:
    # Column by column with known dtypes: letting pandas infer them takes seven times as long.
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = [_NUMPY.get(column, "object") for column in columns]
    return pd.DataFrame(
        {c: pd.Index(np.array(v, kind), dtype=kind) for c, v, kind in zip(columns, values, kinds, strict=True)}
    )
