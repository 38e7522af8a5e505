"""Rows as dicts, for rooms that are not converted to ``rules.lookup`` yet; goes with the last of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from coverage_kit.domain import ladder
from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.rules import departures, lookup
from coverage_kit.rules.inputs import past_day
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Employment


def find_row(ledger: Ledger, entity: str, key: str) -> dict[str, Any] | None:
    """Use ``ledger.find(Entity, key)``."""
    rows = ledger.as_of(entity, id=key)
    return rows[0] if rows else None


def get_account(ledger: Ledger, text: str) -> dict[str, Any]:
    """Use ``lookup.get_account``."""
    return asdict(lookup.get_account(ledger, text))


def get_staff(ledger: Ledger, text: str) -> dict[str, Any]:
    """Use ``lookup.get_staff``."""
    return asdict(lookup.get_staff(ledger, text))


def one_employment(ledger: Ledger, account_id: str, person: str) -> dict[str, Any] | None:
    """Use ``lookup.find_employment``."""
    job = lookup.find_employment(ledger, account_id, person)
    return None if job is None else asdict(job)


def is_gone(employment: Mapping[str, Any], day: date) -> bool:
    """Use ``role_lists.slot_state.is_gone``."""
    kind, ended_on = employment["end_kind"], employment["ended_on"]
    return ladder.gone(
        ladder.Employment(EndKind(kind) if kind else None, date.fromisoformat(ended_on) if ended_on else None), day
    )


def day_there(employment: Mapping[str, Any], value: str | date | None, field: str) -> str | None:
    """Use ``departures.day_there``."""
    return departures.day_there(Employment(**dict(employment)), value, field)


day_past = past_day
