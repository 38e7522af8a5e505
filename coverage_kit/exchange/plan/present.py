"""What is in the store now, in the form in which the plan of an import looks at it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

#: The columns of each entity that a plan looks at.
FIELDS: dict[str, tuple[str, ...]] = {
    "account": (
        "id", "version", "name", "name_key", "industry", "segment", "region", "value", "owner_id", "status", "offerings",
    ),
    "person": ("id", "version", "name", "name_key", "email", "phone"),
    "employment": ("id", "version", "at", "person_id", "account_id", "title", "department", "end_kind", "verified_on"),
    "template": ("id", "body"),
    "offering": ("id", "name"),
    "staff": ("id", "version", "name", "login", "function", "manager_id", "email"),
    "slot": ("id", "version", "role", "employment_id"),
}  # fmt: skip
_JOB = ("id", "person_id", "account_id", "end_kind", "verified_on")
#: From here on reading all rows is quicker than reading those of a list of ids.
_MANY = 5_000
Job = tuple[str, str, str, str | None, str | None]


class Read(Protocol):
    """How rows are read."""

    def __call__(
        self, entity: str, fields: tuple[str, ...], ids: Collection[str] | None = None
    ) -> list[tuple[Any, ...]]:
        """The present rows of an entity as tuples of some columns; only those with these ids, if any are given."""


@dataclass(frozen=True)
class Merged:
    """What became part of another one here, by id: people, accounts, and jobs."""

    people: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, str] = field(default_factory=dict)
    jobs: Mapping[str, str] = field(default_factory=dict)


class Present(Mapping[str, list[dict[str, Any]]]):
    """The present rows by entity. Each entity is read when it is first asked for: an unchanged file needs few of them.

    Parameters
    ----------
    read : Read
    merged : Merged, optional
    """

    def __init__(self, read: Read, merged: Merged | None = None) -> None:
        self._read = read
        self.merged = merged or Merged()
        self._rows: dict[str, list[dict[str, Any]]] = {}

    def __getitem__(self, entity: str) -> list[dict[str, Any]]:
        if entity not in self._rows:
            self._rows[entity] = self._named(entity, self._read(entity, FIELDS[entity]))
        return self._rows[entity]

    def __iter__(self) -> Iterator[str]:
        return iter(FIELDS)

    def __len__(self) -> int:
        return len(FIELDS)

    def some(self, entity: str, ids: Collection[str]) -> list[dict[str, Any]]:
        """The rows with these ids."""
        if entity in self._rows or len(ids) > _MANY:
            return [row for row in self[entity] if row["id"] in ids]
        return self._named(entity, self._read(entity, FIELDS[entity], ids)) if ids else []

    @cached_property
    def jobs(self) -> list[Job]:
        """All employments as ``id person_id account_id end_kind verified_on``: there may be very many."""
        return self._read("employment", _JOB)

    @cached_property
    def jobs_of_people(self) -> frozenset[str]:
        """The employments whose person was not taken back."""
        people = {person for (person,) in self._read("person", ("id",))}
        return frozenset(job[0] for job in self.jobs if job[1] in people)

    @staticmethod
    def _named(entity: str, rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
        return [dict(zip(FIELDS[entity], values, strict=True)) for values in rows]
