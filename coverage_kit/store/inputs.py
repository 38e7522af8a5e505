"""Fingerprints of what a report reads, so that one whose rows are the same is not made again.

History only grows, so the rows of an instant are told by how many there are and when the last was written. Only an
erasure changes a row that is there: it blanks private columns, and those are counted too.
"""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, Select, Subquery, func, select, true, union

from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.entities import ENTITIES, Entity
from coverage_kit.store.ledger import Ledger

#: Entities whose reach names the things themselves, not their accounts.
_BY_ID = ("account", "person", "session", "claim", "commitment")


def load_fingerprints(ledger: Ledger, *, until: int) -> tuple[dict[str, str], str]:
    """What are the reports of an instant made of?

    Parameters
    ----------
    ledger : Ledger
    until : int
        Instant in UTC milliseconds.

    Returns
    -------
    tuple of dict and str
        A fingerprint for each owner of accounts there ever was, and one for the whole team. Equal ones mean equal rows.
    """
    parts: dict[str, list[Any]] = {}
    shared: list[Any] = []
    everything: list[Any] = []
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        for one in ENTITIES.values():
            everything.append(_whole(connection, one, until))
            reach = _reach(one, until)
            if reach is None:
                shared.append(everything[-1])
                continue
            for owner, *numbers in connection.execute(_by_owner(one, reach, until)):
                parts.setdefault(owner, []).append((one.name, *numbers))
    return {owner: _hash([*shared, *part]) for owner, part in parts.items()}, _hash(everything)


def load_owners(ledger: Ledger, *, at: int | None = None) -> set[str]:
    """Who owns an account at an instant, however many accounts there are?

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


def _whole(connection: Connection, one: Entity, until: int) -> tuple[Any, ...]:
    statement = select(*_numbers(one)).select_from(one.table).where(one.table.c.at <= until)
    return (one.name, *connection.execute(statement).one())


def _owned(until: int) -> Subquery:
    """Pairs of a rep and the accounts they have to do with: owned once, or something was promised there."""
    account, commitment = ENTITIES["account"].table.c, ENTITIES["commitment"].table.c
    return union(
        select(account.owner_id, account.id.label("key")).where(account.owner_id.is_not(None), account.at <= until),
        select(commitment.owner_id, commitment.account_id).where(
            commitment.account_id.is_not(None), commitment.at <= until
        ),
    ).subquery()


def _reach(one: Entity, until: int) -> Subquery | None:
    """Pairs of an owner and the key by which rows of this entity are theirs; None for what belongs to everybody."""
    owned = _owned(until)
    if one.name == "person":
        employment = ENTITIES["employment"].table
        pairs = select(owned.c.owner_id, employment.c.person_id.label("key"))
        return pairs.join(owned, employment.c.account_id == owned.c.key).distinct().subquery()
    if one.name in ("session", "claim"):
        return select(one.table.c.rep_id.label("owner_id"), one.table.c.id.label("key")).distinct().subquery()
    if one.name == "commitment":
        # Of an account of theirs, asked for them, or theirs to do.
        row = one.table.c
        of_account = select(owned.c.owner_id, row.id.label("key")).join(owned, row.account_id == owned.c.key)
        for_rep = select(row.rep_id, row.id).where(row.rep_id.is_not(None))
        return union(of_account, for_rep, select(row.owner_id, row.id)).subquery()
    return owned if one.name == "account" or "account_id" in one.fields else None


def _by_owner(one: Entity, reach: Subquery, until: int) -> Select[Any]:
    table = one.table
    key = table.c.id if one.name in _BY_ID else table.c.account_id
    return (
        select(reach.c.owner_id, *_numbers(one))
        .select_from(table)
        .join(reach, key == reach.c.key)
        .where(table.c.at <= until)
        .group_by(reach.c.owner_id)
    )


def _hash(parts: list[Any]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
