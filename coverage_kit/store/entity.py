"""How an entity is declared: the frozen class of its row, from which its table is made.

Each entity is one append-only table; a row is a whole after-image. The declarations themselves are in ``entities``.

Source: the data model, section 1 (docs/architecture.md).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

metadata = MetaData()

#: Kinds of columns other than plain text: a day is ``YYYY-MM-DD``, a flag 0 or 1.
Day = Annotated[str | None, "day"]
GivenDay = Annotated[str, "day"]
Flag = Annotated[int | None, "flag"]
Count = Annotated[int | None, "count"]
Number = Annotated[float | None, "number"]

#: What a column may hold.
Value = str | int | float | None

_TYPES: dict[str, Callable[[], TypeEngine[str] | TypeEngine[int] | TypeEngine[float]]] = {
    "text": Text,
    "day": lambda: String(10),
    "flag": Integer,
    "count": Integer,
    "number": Float,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One version of one thing.

    Attributes
    ----------
    id : str
        The same for every version; made by the client, or natural (a slot is ``account:role``).
    version : int
        1 for the first; every edit of the thing adds one.
    at, made_at : int
        When it was recorded, and when its author made it (UTC milliseconds).
    actor, edit_id : str
        Who, and the one act by which it was written.
    undoes : str or None
        The edit that this one takes back.
    is_void : int
        1 where the creation of the thing was taken back.
    """

    id: str
    version: int
    at: int
    made_at: int
    actor: str
    edit_id: str
    undoes: str | None
    is_void: int


@dataclass(frozen=True)
class Reach:
    """Which rows belong to a rep's report; a row that matches any of these does.

    Attributes
    ----------
    account : str
        Column with an account: accounts that the rep ever owned, or owes work at.
    reps : tuple of str
        Columns with the rep.
    person : str
        Column with a person: people in a slot, a commitment or a note of those accounts.
    shared : tuple of str
        Column and its values in rows that belong to every report.
    """

    account: str = ""
    reps: tuple[str, ...] = ()
    person: str = ""
    shared: tuple[str, tuple[str, ...]] | None = None


@dataclass(frozen=True)
class Entity:
    """What the store knows about one kind of thing.

    Attributes
    ----------
    name : str
        The table's name.
    row : type
        The class of its rows.
    fields : tuple of str
        Its own columns.
    private : frozenset of str
        Those that hold personal data, and the salt of its digest; an erasure sets them to NULL.
    naming : tuple of str
        Those that hold another thing's id; an import can be undone while nothing else names what it created.
    unread : frozenset of str
        Those that no measure looks at; ``load_history`` leaves them in the store.
    reach : Reach or None
        Which rows belong to a rep's report; None where all do.
    only_touched : bool
        ``load_history`` counts rows that nobody changed or named since they were written, and does not load them.
    in_histories : bool
        ``load_history`` reads it. One that no weekly number needs stays in the store.
    """

    name: str
    table: Table
    row: type[Row]
    fields: tuple[str, ...]
    kinds: dict[str, str]
    private: frozenset[str]
    naming: tuple[str, ...]
    unread: frozenset[str]
    reach: Reach | None
    only_touched: bool
    in_histories: bool

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Columns that hold fractions; a database gives them back as floats."""
        return frozenset(name for name, kind in self.kinds.items() if kind == "number")

    @cached_property
    def flags(self) -> frozenset[str]:
        """Columns that hold 0 or 1."""
        return frozenset(name for name, kind in self.kinds.items() if kind == "flag")

    @cached_property
    def converted(self) -> frozenset[str]:
        """Columns whose values are converted before they are stored."""
        return self.numbers | self.flags


ENTITIES: dict[str, Entity] = {}
_BY_ROW: dict[type[Row], Entity] = {}
RowT = TypeVar("RowT", bound=Row)


def entity_of(row: type[Row]) -> Entity:
    """The entity whose rows are of this class."""
    return _BY_ROW[row]


def entity(
    *,
    reach: Reach | None,
    private: str = "",
    index: str = "",
    naming: str = "",
    unread: str = "",
    only_touched: bool = False,
    in_histories: bool = True,
) -> Callable[[type[RowT]], type[RowT]]:
    """Declare an entity by the class of its rows; the table has the class's name in snake case.

    Parameters
    ----------
    reach, only_touched, in_histories
        See ``Entity``.
    private, index, naming, unread : str
        Columns, separated by blanks: with personal data; searched by; holding another thing's id; read by no measure.
    """

    def declare(row: type[RowT]) -> type[RowT]:
        name = re.sub(r"(?<=.)(?=[A-Z])", "_", row.__name__).lower()
        head = [each.name for each in fields(Row)]
        hints = get_type_hints(row, include_extras=True)
        own = tuple(each.name for each in fields(row) if each.name not in head)
        kinds = {column: _kind(hints[column]) for column in own}
        table = Table(
            name,
            metadata,
            Column("id", Text, primary_key=True),
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("at", BigInteger, nullable=False),
            Column("made_at", BigInteger, nullable=False),
            Column("actor", Text, nullable=False),
            Column("edit_id", Text, nullable=False),
            Column("undoes", Text),
            *(Column(column, _TYPES[kind]()) for column, kind in kinds.items()),
            *((Column("salt", Text), Column("digest", Text)) if private else ()),
            Column("is_void", Integer, nullable=False),
            UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
            *(Index(f"ix_{name}_{column}", column) for column in index.split()),
        )
        lists = {
            "private": frozenset([*private.split(), *(["salt"] if private else [])]),
            "unread": frozenset(unread.split()),
        }
        made = Entity(
            name,
            table,
            row,
            own,
            kinds,
            naming=tuple(naming.split()),
            reach=reach,
            only_touched=only_touched,
            in_histories=in_histories,
            **lists,
        )
        ENTITIES[name] = _BY_ROW[row] = made
        return row

    return declare


def _kind(hint: object) -> str:
    return str(get_args(hint)[1]) if get_origin(hint) is Annotated else "text"
