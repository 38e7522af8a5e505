"""Fingerprints of what a report reads, so that a report whose rows did not change is not made again.

History only grows, so the number of rows and the instant of the last one identify the rows of an instant. Only an
erasure changes an existing row: it blanks private columns, so their values are counted too.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, func, select, true, union

from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.ledger import Ledger


def load_fingerprints(ledger: Ledger, *, until: int) -> tuple[dict[str, str], str]:
    """Which rows does each report of an instant read, as a fingerprint?

    Parameters
    ----------
    ledger : Ledger
    until : int
        Instant in UTC milliseconds.

    Returns
    -------
    tuple of dict and str
        A fingerprint for each past or present owner of accounts, and one for the whole team. Equal ones mean equal rows.
    """
    parts: dict[str, list[Any]] = {}
    shared: list[Any] = []
    everything: list[Any] = []
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        for one in (each for each in ENTITIES.values() if each.in_histories):
            everything.append(_numbers_of(connection, one, until))
            if one.reach is None:
                shared.append(everything[-1])
                continue
            if one.reach.shared is not None:
                column, values = one.reach.shared
                shared.append(_numbers_of(connection, one, until, one.table.c[column].in_(values)))
            for owner, *numbers in connection.execute(_by_owner(one, until)):
                parts.setdefault(owner, []).append((one.name, *numbers))
    return {owner: _hash([*shared, *part]) for owner, part in parts.items()}, _hash(everything)


def load_owners(ledger: Ledger, *, at: int | None = None) -> set[str]:
    """Who owns an account at an instant? Fast, whatever the number of accounts.

    Parameters
    ----------
    ledger : Ledger
    at : int, optional
        UTC milliseconds; now by default.
    """
    account = ENTITIES["account"].table
    until = account.c.at <= at if at is not None else true()
    newest = (
        select(account.c.id, func.max(account.c.version).label("version"))
        .where(until)
        .group_by(account.c.id)
        .subquery()
    )
    owners = (
        select(account.c.owner_id)
        .join(newest, (account.c.id == newest.c.id) & (account.c.version == newest.c.version))
        .where(account.c.is_void == 0, account.c.owner_id.is_not(None))
        .distinct()
    )
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        return set(connection.execute(owners).scalars())


def _numbers(one: Entity) -> list[Any]:
    table = one.table
    return [func.count(), func.max(table.c.at), *(func.count(table.c[column]) for column in sorted(one.private))]


def _numbers_of(connection: Connection, one: Entity, until: int, *wanted: ColumnElement[bool]) -> tuple[Any, ...]:
    statement = select(*_numbers(one)).select_from(one.table).where(one.table.c.at <= until, *wanted)
    return (one.name, *connection.execute(statement).one())


def _owned(until: int) -> Subquery:
    """Pairs of a rep and an account: one they ever owned, or one where they owe work."""
    account, commitment = ENTITIES["account"].table.c, ENTITIES["commitment"].table.c
    return union(
        select(account.owner_id, account.id.label("key")).where(account.owner_id.is_not(None), account.at <= until),
        select(commitment.owner_id, commitment.account_id).where(
            commitment.account_id.is_not(None), commitment.at <= until
        ),
    ).subquery()


def _by_owner(one: Entity, until: int) -> Select[Any]:
    """The numbers of the rows that belong to each rep's report."""
    key, pairs = _reach(one, until)
    return (
        select(pairs.c.owner_id, *_numbers(one))
        .select_from(one.table)
        .join(pairs, key == pairs.c.key)
        .where(one.table.c.at <= until)
        .group_by(pairs.c.owner_id)
    )


def _reach(one: Entity, until: int) -> tuple[ColumnElement[Any], Subquery]:
    """The column by which rows belong to reps, and pairs of a rep and a value of it."""
    reach, row, owned = one.reach, one.table.c, _owned(until)
    assert reach is not None
    if reach.account and not reach.reps:
        return row[reach.account], owned
    if reach.person:
        employment = ENTITIES["employment"].table
        pairs = select(owned.c.owner_id, employment.c.person_id.label("key"))
        return row[reach.person], pairs.join(owned, employment.c.account_id == owned.c.key).distinct().subquery()
    found = [select(row[rep].label("owner_id"), row.id.label("key")).where(row[rep].is_not(None)) for rep in reach.reps]
    if reach.account:
        found.append(select(owned.c.owner_id, row.id.label("key")).join(owned, row[reach.account] == owned.c.key))
    return row.id, union(*found).subquery()


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
