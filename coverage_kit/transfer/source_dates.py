"""When a source last updated an account's contacts, and last added one: read from the rows of an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pydantic_core import from_json

from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.cells import day_of
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Employment, SourceDates, Value

#: Their columns, and ours of the entity.
_COLUMNS = {"modified_on": "updated_on", "created_on": "added_on"}
_Dates = dict[str, str]


def source_date_changes(ledger: Ledger, plan: ImportPlan, changes: Sequence[Change]) -> list[Change]:
    """The rows that keep a source's own dates about the contacts of each account.

    Parameters
    ----------
    ledger : Ledger
    plan : ImportPlan
        Of contacts; rows that say what the last export said have the same dates and are left out.
    changes : sequence of Change
        What the import writes: the accounts of new contacts.
    """
    found = _dates_of_contacts(plan.kept) if plan.kind == "contacts" else {}
    if not found:
        return []
    new = {
        one.id: str(one.fields["account_id"])
        for one in changes
        if one.entity == "employment" and "account_id" in one.fields
    }
    others = sorted(found.keys() - new.keys())
    known = dict(ledger.columns(Employment, ("id", "account_id"), id=others)) if others else {}
    latest: dict[str, _Dates] = defaultdict(dict)
    for employment, own in found.items():
        account = new.get(employment) or known.get(employment)
        if account is not None:
            _keep_later(latest[account], own)
    source = plan.table.origin
    ids = {f"{account}:{source}": account for account in latest}
    present = {row.id: row for row in ledger.as_of(SourceDates, id=sorted(ids))}
    rows = []
    for row_id, account in ids.items():
        before = present.get(row_id)
        if before is not None:
            _keep_later(latest[account], {"updated_on": before.updated_on or "", "added_on": before.added_on or ""})
        fields: dict[str, Value] = {"account_id": account, "source": source, **latest[account]}
        rows.append(Change("source_dates", row_id, fields, base=before.version if before else 0))
    return rows


def _dates_of_contacts(kept: Iterable[tuple[str, str, bytes]]) -> dict[str, _Dates]:
    """The dates that the rows of a file name, by employment."""
    found: dict[str, _Dates] = {}
    for _, employment, row in kept:
        # Most files have no such column, and their rows are not worth reading again.
        if b"modified_on" in row or b"created_on" in row:
            own = _dates(from_json(row))
            if own:
                found[employment] = own
    return found


def _dates(cells: Mapping[str, str]) -> _Dates:
    days = {ours: day_of(cells.get(theirs) or "") for theirs, ours in _COLUMNS.items()}
    return {ours: day for ours, day in days.items() if day}


def _keep_later(into: _Dates, days: Mapping[str, str]) -> None:
    for name, day in days.items():
        if day and day > into.get(name, ""):
            into[name] = day
