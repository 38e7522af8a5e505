"""Transactions on a store, and the database's errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from coverage_kit.errors import BadInput, StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.entity import Value

#: The read or the transaction that is under way: reads inside it share its connection and its state of the store.
_read: ContextVar[Connection | None] = ContextVar("_read", default=None)
#: What was read in the one state of the store that is under way.
_kept: ContextVar[dict[object, list[tuple[Value, ...]]] | None] = ContextVar("_kept", default=None)


def remembered() -> dict[object, list[tuple[Value, ...]]] | None:
    """What was read inside ``remembering`` so far; None outside of it."""
    return _kept.get()


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what is read inside; one of these inside another one is the same."""
    token = _kept.set({}) if _kept.get() is None else None
    try:
        yield
    finally:
        if token:
            _kept.reset(token)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that holds the store's write lock from its first statement; a read inside it sees its state."""
    with engine.connect() as connection:
        dialect_of(engine).begin_write(connection)
        with _shared(connection):
            yield connection
        connection.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A short read that sees one state of the store; a read inside another sees the same state."""
    outer = _read.get()
    if outer is not None and outer.engine is engine:
        yield outer
        return
    with engine.connect() as connection:
        dialect_of(engine).begin_read(connection)
        with _shared(connection):
            yield connection


@contextmanager
def _shared(connection: Connection) -> Iterator[None]:
    token = _read.set(connection)
    try:
        yield
    finally:
        _read.reset(token)


@contextmanager
def store_errors(name: str) -> Iterator[None]:
    """Turn a database's errors into ours: what happened to which store, and what to do; never SQL or a password."""
    try:
        yield
    except DBAPIError as exc:
        raise _translate(_problem(exc.orig), name) from exc
    except sqlite3.Error as exc:
        raise _translate(str(exc).lower(), name) from exc
    except UnicodeDecodeError as exc:
        raise _translate("corrupt", name) from exc
    except UnicodeEncodeError as exc:
        # A key or text from outside with half a character, such as bytes of a command line that are no UTF-8.
        raise BadInput(
            "text.unreadable",
            N_("'{text}' holds a character that no store can keep; type it again."),
            text=str(exc.object)[:40],
        ) from exc


def _problem(error: BaseException | None) -> str:
    """What a database says, with the code of PostgreSQL and where it arose: a server may speak another language."""
    code, where = getattr(error, "sqlstate", None), getattr(getattr(error, "diag", None), "source_function", None)
    return f"{error} sqlstate:{code} in:{where}".lower()


@contextmanager
def damage_errors(name: str) -> Iterator[None]:
    """Values that cannot be what was written (text where a number was) mean a damaged store.

    Only around the store's own work: in a caller's code such an error would be a fault of the program.
    """
    try:
        yield
    except (TypeError, ValueError, OverflowError) as exc:
        raise _translate("corrupt", name) from exc


_SITUATIONS = (
    (
        ("has moved", "edit_moved", "refuse_moved"),
        "store.moved",
        N_(
            "This workspace has moved to another database, and nothing was written into the old one ({name}). Close this page and open your link again."
        ),
    ),
    (
        ("row-level security", "in:execwithcheckoptions"),
        "store.not_yours",
        N_(
            "Nothing was written: this is not yours to change in {name}. Ask the person who looks after the account, or the administrator."
        ),
    ),
    (
        ("ahead of the clock",),
        "store.clock_apart",
        N_(
            "This computer's clock is more than a minute ahead of the database server's; set the clock, then try again."
        ),
    ),
    (
        ("locked", "busy", "lock timeout", "idle-in-transaction", "sqlstate:55p03", "sqlstate:25p03"),
        "store.locked",
        N_("The store {name} is being written by another program; wait a moment and try again."),
    ),
    (
        ("disk is full", "disk full", "no space", "sqlstate:53100"),
        "store.full",
        N_("The disk of the store {name} is full; nothing was written. Make room and try again."),
    ),
    (
        ("sqlstate:42501",),
        "store.read_only",
        N_(
            "Your login may not do this in the store {name}, so nothing was written. Ask the administrator of the database for the right, or name another login in the config."
        ),
    ),
    (
        ("sqlstate:25006",),
        "store.read_only",
        N_(
            "The store {name} takes no changes: its server is a standby or set to read only. Name the address of the main server in the config."
        ),
    ),
    (
        ("readonly", "read-only", "permission denied"),
        "store.read_only",
        N_("The store {name} cannot be written; check the file's permissions."),
    ),
    (
        ("not a database", "malformed", "corrupt", "could not decode"),
        "store.corrupt",
        N_("The store {name} is damaged or not a database; restore it from a backup."),
    ),
    (
        ("append-only",),
        "store.append_only",
        N_("The store {name} keeps its history; nothing in it can be changed or deleted."),
    ),
)


def _translate(problem: str, name: str) -> StoreError:
    for words, code, message in _SITUATIONS:
        if any(word in problem for word in words):
            return StoreError(code, message, name=name)
    return StoreError(
        "store.unreachable",
        N_("The store {name} cannot be used; check the address, login and server in the config."),
        name=name,
    )
