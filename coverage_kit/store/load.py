"""The histories as frames, for the measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Row, or_, select, union

from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.tables import ENTITIES, Entity

_HEAD = ("id", "version", "at", "actor", "edit_id", "is_void")
_NUMBERS = {
    **dict.fromkeys(("version", "at", "is_void"), "int64"),
    **dict.fromkeys(("value", "focus", "can_meet", "can_deliver"), "float64"),
    **dict.fromkeys(("expected_rung", "share", "n", "agreed", "closed"), "float64"),
}
_WHOLE = ("staff", "template")
#: Personal columns that no measure looks at stay in the store.
_LEFT_OUT = {"note": {"body"}, "person": {"need", "email"}, "account": {"facts"}, "commitment": {"why_then"}}


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
    """
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return {one.name: _read(connection, one, until, rep) for one in ENTITIES.values()}


def load_versions(ledger: Ledger, entity: str, *, until: int) -> pd.DataFrame:
    """Every version of one entity up to an instant, as ``load_history`` gives it."""
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return _read(connection, ENTITIES[entity], until, None)


def _read(connection: Connection, one: Entity, until: int, rep: str | None) -> pd.DataFrame:
    columns = [c for c in (*_HEAD, *one.fields) if c not in _LEFT_OUT.get(one.name, ())]
    table = one.table
    statement = select(*(table.c[c] for c in columns)).where(table.c.at <= until)
    if rep is not None and one.name not in _WHOLE:
        statement = statement.where(_belongs(one, rep, until))
    return _frame(columns, connection.execute(statement.order_by(table.c.id, table.c.version)).all())


def _belongs(one: Entity, rep: str, until: int) -> ColumnElement[bool]:
    account, commitment = ENTITIES["account"].table, ENTITIES["commitment"].table
    # What somebody owes at a colleague's account is told with its names, and whether its seat moved.
    owned: CompoundSelect[tuple[str]] = union(
        select(account.c.id).where(account.c.owner_id == rep, account.c.at <= until),
        select(commitment.c.account_id).where(commitment.c.owner_id == rep, commitment.c.at <= until),
    )
    if one.name == "account":
        return one.table.c.id.in_(owned)
    if one.name == "person":
        employment = ENTITIES["employment"].table
        return one.table.c.id.in_(select(employment.c.person_id).where(employment.c.account_id.in_(owned)))
    if one.name == "event":
        # An import touches many accounts and names none; which edits were imports decides what counts as effort.
        return or_(one.table.c.kind == "imported", one.table.c.account_id.in_(owned))
    if one.name in ("session", "claim"):
        return one.table.c.rep_id == rep
    if one.name == "commitment":
        return or_(one.table.c.account_id.in_(owned), one.table.c.rep_id == rep, one.table.c.owner_id == rep)
    return one.table.c.account_id.in_(owned)


def _frame(columns: list[str], rows: Sequence[Row[Any]]) -> pd.DataFrame:
    # Column by column with the kind known beforehand: letting pandas find it out takes seven times as long.
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    kinds = [_NUMBERS.get(column, "object") for column in columns]
    return pd.DataFrame(
        {c: pd.Index(np.array(v, kind), dtype=kind) for c, v, kind in zip(columns, values, kinds, strict=True)}
    )
