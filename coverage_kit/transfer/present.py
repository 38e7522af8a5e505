"""What is in the ledger now, for the plan of an import."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from coverage_kit.exchange.plan.present import Merged, Present
from coverage_kit.rules.merging import follow_jobs, merged_ids
from coverage_kit.store import Ledger
from coverage_kit.store.entities import ENTITIES, Account, Person


def load_present(ledger: Ledger) -> Present:
    """The present rows that a plan compares a file with; each entity is read when it is needed."""

    def read(entity: str, fields: tuple[str, ...], ids: Collection[str] | None = None) -> list[tuple[Any, ...]]:
        row = ENTITIES[entity].row
        return ledger.columns(row, fields) if ids is None else ledger.columns(row, fields, id=sorted(ids))

    return Present(read, Merged(merged_ids(ledger, Person), merged_ids(ledger, Account), follow_jobs(ledger)))
