"""The parts of an edit, and the ids of new things."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store.entity import Value

#: Each of the 256 bytes to one of the 32 letters of an id, each letter as often as another.
_LETTERS = b"abcdefghijklmnopqrstuvwxyz234567" * 8

#: A row by column, while it is being written; readers get the frozen classes in ``entities``.
RowDict = dict[str, Any]
#: Rows by column: the values of each, in the order of the rows.
Columns = dict[str, Sequence[Value]]
#: The things to read: a value, or several.
Keys = str | Collection[str]
#: Writes what belongs to an edit and is not history, in the edit's transaction.
AlsoWrite = Callable[[Connection], None]
#: Is called with the number of rows written, and of how many.
Progress = Callable[[int, int], None]


def new_id(prefix: str) -> str:
    """A new id: prefix and 13 random characters, so that things made in two files never clash."""
    return f"{prefix}_{secrets.token_bytes(13).translate(_LETTERS).decode()}"


def new_ids(prefix: str, n: int = 1_000) -> Iterator[str]:
    """An endless supply of new ids, for an edit that creates very many.

    They are drawn ``n`` at a time and sorted, so that what is near in a file is near in the store's indexes.
    """
    while True:
        letters = secrets.token_bytes(13 * n).translate(_LETTERS).decode()
        yield from sorted([f"{prefix}_{letters[i : i + 13]}" for i in range(0, 13 * n, 13)])


class Change(NamedTuple):
    """What one edit sets on one thing.

    ``fields`` names only what is being set. ``base`` is the version the user saw: 0 where the thing must not exist (never
    created, or taken back), None to write on top of whatever is there.
    """

    entity: str
    id: str
    fields: Mapping[str, Value]
    base: int | None = None


@dataclass(frozen=True)
class Edit:
    """One saved act: its instant (UTC milliseconds) and, by entity and id, the version of each thing after it."""

    edit_id: str
    at: int
    versions: dict[str, dict[str, int]] = field(default_factory=dict)
    unchanged: bool = False


class Losing(NamedTuple):
    """An edit that was not written because somebody else had changed the same field.

    ``changes`` starts with the change that clashed; what that names (a note, a new person) follows.
    """

    id: str
    at: int
    actor: str
    changes: list[Change]


class Clash(Exception):
    """A change of a field that somebody else has changed; it ends the transaction.

    ``fields`` is ``{field: (before, mine, theirs)}``.
    """

    def __init__(self, change: Change, fields: dict[str, tuple[Value, Value, Value]]) -> None:
        self.change = change
        self.fields = fields


def merge_changes(changes: Iterable[Change]) -> dict[str, dict[str, Change]]:
    """By entity and id, one change a thing: an edit that touches a thing twice writes one row.

    Raises
    ------
    BadInput
        The version that the user saw is no number.
    """
    merged: dict[str, dict[str, Change]] = {}
    for change in changes:
        if change.base is not None and not isinstance(change.base, int):
            raise BadInput(
                "edit.base",
                N_("The version seen (base) is a whole number or left out; got {value}."),
                value=repr(change.base)[:40],
            )
        own = merged.setdefault(change.entity, {})
        before = own.setdefault(change.id, change)
        if before is not change:
            own[change.id] = before._replace(fields={**before.fields, **change.fields})
    return merged
