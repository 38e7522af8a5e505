"""Moves to offer for a gap, and which of them work.

Source: the method, section 2, step 3 (docs/reference/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from coverage_kit.coaching.commitments.gaps import Gap
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Route
from coverage_kit.measures import commitments, move_outcomes


@dataclass(frozen=True)
class OfferedMove:
    """One move of a playbook in the workspace's language, with what became of it so far."""

    key: str
    route: Route
    text: str
    tried: int = 0
    kept: int = 0
    moved: int = 0


class PlaybookShelf:
    """The team's playbooks (``templates/playbooks.yml`` of the workspace)."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def moves(self, gap: Gap, *, route: str | None = None, counted: bool = False) -> list[OfferedMove]:
        """What can be done about this gap?

        Parameters
        ----------
        gap : Gap
        route : str, optional
            Only moves over this route.
        counted : bool
            Put first what moved slots most often so far; costs a look at the whole history.
        """
        book = self._context.playbooks().playbooks.get(gap.playbook)
        own = book.levels.get(gap.level, []) if book else []
        outcomes = self.outcomes() if counted else {}
        lang = self._context.lang
        offered = [
            OfferedMove(move.key, move.route, move.text(lang), *outcomes.get(move.key, (0, 0, 0)))
            for move in own
            if route is None or move.route == route
        ]
        return sorted(offered, key=lambda move: -move.moved)

    def outcomes(self) -> dict[str, tuple[int, int, int]]:
        """How often was each move tried, kept, and followed by a slot that moved?"""
        now = self._context.now()
        table = move_outcomes(commitments(self._context.load(until=now), now))
        columns = (table[name].tolist() for name in ("playbook", "tried", "kept", "moved"))
        return {key: (tried, kept, moved) for key, tried, kept, moved in zip(*columns, strict=True)}

    def text(self, key: str | None) -> str:
        """The sentence of a move; empty where the team has taken it out of its playbooks."""
        move = next((move for move in self._context.playbooks().moves() if move.key == key), None)
        return move.text(self._context.lang) if move else ""
