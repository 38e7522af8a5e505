"""The entities: the frozen class of a row is the declaration from which its table is made.

Each entity is one append-only table; a row is a whole after-image. What the store needs to know of an entity (its column
kinds, which columns hold personal data, what a rep's report reads of it) stands here and nowhere else.

Source: the data model, sections 1 and 2 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint
from sqlalchemy.types import TypeEngine

metadata = MetaData()

#: Kinds of columns beside plain text: a day is ``YYYY-MM-DD``, a flag 0 or 1.
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
        1 for a thing whose making was taken back.
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
class Entity:
    """What the store knows of one kind of thing.

    Attributes
    ----------
    name : str
        The table's name.
    row : type
        The class of its rows.
    fields : tuple of str
        Its own columns.
    private : frozenset of str
        Those that hold personal data; an erasure sets them to NULL.
    naming : tuple of str
        Those that hold another thing's id.
    unread : frozenset of str
        Those that no measure looks at; ``load_history`` leaves them in the store.
    """

    name: str
    table: Table
    row: type[Row]
    fields: tuple[str, ...]
    kinds: dict[str, str]
    private: frozenset[str]
    naming: tuple[str, ...]
    unread: frozenset[str]

    @property
    def flags(self) -> frozenset[str]:
        """Columns that hold 0 or 1."""
        return frozenset(name for name, kind in self.kinds.items() if kind == "flag")


ENTITIES: dict[str, Entity] = {}
_BY_ROW: dict[type[Row], Entity] = {}
RowT = TypeVar("RowT", bound=Row)


def entity_of(row: type[Row]) -> Entity:
    """The entity whose rows are of this class."""
    return _BY_ROW[row]


def entity(
    *, private: str = "", index: str = "", naming: str = "", unread: str = ""
) -> Callable[[type[RowT]], type[RowT]]:
    """Declare an entity by the class of its rows; the table has the class's name in small letters.

    Parameters
    ----------
    private, index, naming, unread : str
        Columns, parted by blanks: with personal data; searched by; holding another thing's id; read by no measure.
    """

    def declare(row: type[RowT]) -> type[RowT]:
        name = row.__name__.lower()
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
            Column("is_void", Integer, nullable=False),
            UniqueConstraint("edit_id", "id", name=f"uq_{name}_edit"),
            *(Index(f"ix_{name}_{column}", column) for column in index.split()),
        )
        lists = {"private": frozenset(private.split()), "unread": frozenset(unread.split())}
        made = Entity(name, table, row, own, kinds, naming=tuple(naming.split()), **lists)
        ENTITIES[name] = _BY_ROW[row] = made
        return row

    return declare


def _kind(hint: object) -> str:
    return str(get_args(hint)[1]) if get_origin(hint) is Annotated else "text"


@entity(index="owner_id", naming="owner_id", unread="facts")
@dataclass(frozen=True, slots=True)
class Account(Row):
    """A customer company: company-level facts only."""

    name: str
    name_key: str
    industry: str | None
    segment: str | None
    region: str | None
    value: Number
    owner_id: str | None
    template_ids: str | None
    status: str
    focus: Flag
    facts: str | None


@entity(private="name", naming="manager_id")
@dataclass(frozen=True, slots=True)
class Staff(Row):
    """One of our own people."""

    name: str | None
    login: str | None
    function: str
    manager_id: str | None
    ended_on: Day


@entity(private="name name_key email phone need", unread="need email name_key opted_out_on erased_on")
@dataclass(frozen=True, slots=True)
class Person(Row):
    """An individual at a customer."""

    name: str | None
    name_key: str | None
    email: str | None
    phone: str | None
    need: str | None
    opted_out_on: Day
    erased_on: Day


@entity(
    private="title department",
    index="person_id account_id",
    naming="person_id account_id moved_to verified_by",
    unread="started_on moved_to verified_by verified_how",
)
@dataclass(frozen=True, slots=True)
class Employment(Row):
    """A person at an account, and how it ended."""

    person_id: str
    account_id: str
    title: str | None
    department: str | None
    started_on: Day
    ended_on: Day
    end_kind: str | None
    moved_to: str | None
    verified_on: Day
    verified_by: str | None
    verified_how: str | None


@entity()
@dataclass(frozen=True, slots=True)
class Template(Row):
    """A role list; the version in force is the row's."""

    body: str
    source_hash: str


@entity(
    index="account_id",
    naming="account_id employment_id verified_by representative_id agreed_by",
    unread="verified_by grounds_note reason_note agreed_by",
)
@dataclass(frozen=True, slots=True)
class Slot(Row):
    """One account x one required role, once anything was written of it."""

    account_id: str
    role: str
    status: str
    employment_id: str | None
    verified_on: Day
    verified_by: str | None
    verified_how: str | None
    representative_id: str | None
    can_meet: Flag
    can_deliver: Flag
    disposition: str | None
    grounds_note: str | None
    reason_note: str | None
    agreed_by: str | None
    review_on: Day


@entity(private="body", index="account_id", naming="account_id person_id owner_id", unread="body")
@dataclass(frozen=True, slots=True)
class Note(Row):
    """Free text, apart from what it belongs to, so that it can be erased; a voice is a note."""

    account_id: str | None
    person_id: str | None
    kind: str
    body: str | None
    owner_id: str | None
    answered_on: Day


@entity(index="account_id", naming="account_id")
@dataclass(frozen=True, slots=True)
class Event(Row):
    """Something that happened once; its body is JSON without personal data."""

    kind: str
    account_id: str | None
    body: str | None


@entity(
    private="why_then",
    index="account_id chain_id owner_id",
    naming="account_id employment_id owner_id rep_id",
    unread="why_then action_note value_note outcome_note",
)
@dataclass(frozen=True, slots=True)
class Commitment(Row):
    """A dated piece of work with one owner."""

    chain_id: str
    account_id: str | None
    role: str | None
    employment_id: str | None
    kind: str
    owner_id: str
    rep_id: str | None
    due_on: GivenDay
    action_note: str | None
    value_note: str | None
    why_then: str | None
    route: str | None
    playbook: str | None
    expected_rung: Count
    answer: str | None
    outcome: str | None
    not_kept_reason: str | None
    outcome_note: str | None
    done_on: Day
    session_id: str | None
    scope: str | None


@entity(index="rep_id", naming="rep_id coach_id")
@dataclass(frozen=True, slots=True)
class Session(Row):
    """A coaching hour of one rep; the reps of a group share ``group_id``."""

    kind: str
    group_id: str | None
    rep_id: str
    coach_id: str | None
    week: str
    step: str
    body: str
    agreed: Flag
    closed: Flag


@entity(index="rep_id", naming="rep_id account_id")
@dataclass(frozen=True, slots=True)
class Claim(Row):
    """A rep's own answer to "how many do you know?", before seeing."""

    session_id: str
    rep_id: str
    account_id: str | None
    share: Number
    n: Count


@entity(index="account_id", naming="account_id from_employment to_employment")
@dataclass(frozen=True, slots=True)
class Tie(Row):
    """Who reports to, influences or is at odds with whom at an account."""

    account_id: str
    from_employment: str
    to_employment: str
    kind: str


@entity(index="account_id", naming="employment_id person_id account_id")
@dataclass(frozen=True, slots=True)
class Pursuit(Row):
    """How far a person is with an offering."""

    employment_id: str
    person_id: str | None
    account_id: str
    offering: str
    stage: str | None
    route: str | None
