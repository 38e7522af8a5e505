"""What is in the ledger now, in the form in which the plan of an import looks at it."""

from __future__ import annotations

from coverage_kit.exchange.plan.import_plan import Present
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Employment, Offering, Person, Row, Slot, Staff, Template, entity_of

_FIELDS: dict[type[Row], tuple[str, ...]] = {
    Account: (
        "id",
        "version",
        "name",
        "name_key",
        "industry",
        "segment",
        "region",
        "value",
        "owner_id",
        "status",
        "offerings",
    ),
    Person: ("id", "version", "name", "name_key", "email", "phone"),
    Employment: ("id", "version", "at", "person_id", "account_id", "title", "department", "end_kind", "verified_on"),
    Template: ("id", "body"),
    Offering: ("id", "name"),
    Staff: ("id", "version", "name", "login", "function", "manager_id"),
    Slot: ("id", "version", "role", "employment_id"),
}


def load_present(ledger: Ledger, *, without: type[Row] | None = None) -> Present:
    """The present rows that a plan compares a file with, by entity.

    Parameters
    ----------
    ledger : Ledger
    without : type of row, optional
        Left empty.
    """
    return {
        entity_of(row).name: []
        if row is without
        else [dict(zip(names, values, strict=True)) for values in ledger.columns(row, names)]
        for row, names in _FIELDS.items()
    }
