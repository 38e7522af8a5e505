"""The message to a user whose change of a commitment conflicts with somebody else's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import N_
from coverage_kit.store import Ledger
from coverage_kit.store.entities import ENTITIES, Row, Staff


def commitment_conflict(ledger: Ledger, conflict: Conflict) -> BadInput:
    """The error for an act that met somebody else's: it names the colleague who was first."""
    fields = conflict.values["fields"]
    rows = ledger.history(ENTITIES[str(conflict.values["entity"])].row, str(conflict.values["id"]))
    login = who_changed(rows, fields if isinstance(fields, dict) else ())
    colleague = ledger.find(Staff, login)
    name = (colleague.name if colleague else None) or login
    if conflict.values["entity"] == "commitment":
        text = N_("{by} changed this commitment after you opened it. Review it, then decide.")
        return BadInput("commitment.changed", text, by=name)
    return BadInput("session.changed", N_("{by} changed this after you opened it. Review it, then decide."), by=name)


def who_changed(rows: Sequence[Row], fields: Collection[str]) -> str:
    """Who last changed one of these fields, of a thing whose versions are given, oldest first."""
    for before, after in reversed(list(pairwise(rows))):
        if any(getattr(before, column) != getattr(after, column) for column in fields):
            return after.actor
    return rows[-1].actor
