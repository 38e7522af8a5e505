"""How a request went: asked, accepted, handed on, climbed, declined; read from the versions of a commitment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Answer
from coverage_kit.store import entities


class StepKind(StrEnum):
    """What happened to a request."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    HANDED_ON = "handed_on"
    CLIMBED = "climbed"
    DECLINED = "declined"


@dataclass(frozen=True)
class RequestStep:
    """One thing that happened to a request.

    Attributes
    ----------
    kind : StepKind
    on : date
    owner : str
        Id of the colleague it is with from then on.
    before : str or None
        Id of the colleague it was with before, where it changed hands.
    """

    kind: StepKind
    on: date
    owner: str
    before: str | None = None


def request_steps(context: CoachingContext, commitments: Iterable[str]) -> dict[str, list[RequestStep]]:
    """The steps of these commitments (ids), oldest first; what was undone is left out."""
    keys = list(commitments)
    rows = context.ledger.histories(entities.Commitment, id=keys) if keys else []
    return {key: _steps(context, list(versions)) for key, versions in groupby(rows, key=lambda row: row.id)}


def _steps(context: CoachingContext, versions: Sequence[entities.Commitment]) -> list[RequestStep]:
    found: dict[str, RequestStep] = {}
    before: entities.Commitment | None = None
    for row in versions:
        if row.undoes:
            found.pop(row.undoes, None)
        elif step := _step(context, before, row):
            found[row.edit_id] = step
        before = row
    return list(found.values())


def _step(context: CoachingContext, before: entities.Commitment | None, row: entities.Commitment) -> RequestStep | None:
    day = context.day(row.at)
    if before is None:
        # What somebody took on unasked was accepted from the start.
        kind = StepKind.ACCEPTED if row.answer == Answer.ACCEPTED else StepKind.ASKED
        return RequestStep(kind, day, row.owner_id)
    if row.owner_id != before.owner_id:
        kind = StepKind.CLIMBED if row.due_on > before.due_on else StepKind.HANDED_ON
        return RequestStep(kind, day, row.owner_id, before.owner_id)
    if row.answer != before.answer and row.answer is not None:
        kind = StepKind.ACCEPTED if row.answer == Answer.ACCEPTED else StepKind.DECLINED
        return RequestStep(kind, day, row.owner_id)
    return None
