"""Rows that no weekly number needs stay in the store: histories and the inputs of reports do without them."""

from __future__ import annotations

from pathlib import Path

import pytest

from coverage_kit import init_workspace
from coverage_kit.store import Change, load_history
from coverage_kit.store.entities import SourceDates
from coverage_kit.store.inputs import load_fingerprints

pytestmark = pytest.mark.slow


def test_the_dates_of_a_source_are_kept_and_change_no_history_and_no_report(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="lee") as ws:
        ws.ledger.save([Change("account", "A", {"name": "A", "name_key": "a", "status": "active", "focus": 0}, base=0)])
        before = load_fingerprints(ws.ledger, until=ws.now() + 10_000)
        row = {"account_id": "A", "source": "crm", "updated_on": "2024-03-01", "added_on": None}
        ws.ledger.save([Change("source_dates", "A:crm", row, base=0)])
        assert [each.updated_on for each in ws.ledger.as_of(SourceDates, account_id="A")] == ["2024-03-01"]
        assert not {"source_dates", "refused_title"} & load_history(ws.ledger, until=ws.now() + 10_000).keys()
        assert load_fingerprints(ws.ledger, until=ws.now() + 10_000) == before
