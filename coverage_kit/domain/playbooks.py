"""Playbooks: for each gap and level of a role, moves that a rep can make today."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator

from coverage_kit.domain.bilingual import Bilingual
from coverage_kit.domain.coaching import CommitmentKind, Route
from coverage_kit.domain.refusals import broken
from coverage_kit.domain.vocabulary import Disposition, Level


def playbook_of(kind: CommitmentKind, disposition: Disposition | None = None) -> str:
    """The key of the playbook for a gap: persuading has one for each disposition that is not favorable."""
    return f"{kind}_{disposition}" if kind is CommitmentKind.PERSUADE and disposition else kind.value


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Move(_Closed):
    """One thing to do, in one sentence; ``key`` is what commitments remember it by."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")
    route: Route
    ko: str = Field(min_length=1, max_length=300)
    en: str = Field(min_length=1, max_length=300)

    def text(self, lang: str) -> str:
        """The sentence in a language; in English where the playbook has none in it."""
        return str(getattr(self, lang, None) or self.en)


class Playbook(_Closed):
    """The moves for one kind of gap, by the level of the role."""

    title: Bilingual
    levels: dict[Level, list[Move]]


class Playbooks(_Closed):
    """All playbooks of a team, by gap (``playbook_of``)."""

    playbooks: dict[str, Playbook]

    @model_validator(mode="after")
    def _is_unique(self) -> Playbooks:
        keys = [move.key for move in self.moves()]
        twice = sorted({key for key in keys if keys.count(key) > 1})
        if twice:
            raise broken("move_twice", move=twice[0])
        return self

    def moves(self) -> list[Move]:
        """Every move of every playbook."""
        return [move for book in self.playbooks.values() for level in book.levels.values() for move in level]
