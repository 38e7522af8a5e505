"""The last export of each program, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from coverage_kit.store import Change, Ledger, load_source_rows, source_row_writer
from coverage_kit.store.entities import Account
from coverage_kit.store.tables import source_row


def keep(ledger: Ledger, edit_id: str, rows, **more) -> None:
    event = Change("event", f"ev_{edit_id}", {"kind": "imported", "body": "{}"}, base=0)
    writer = source_row_writer("crm", "contacts", rows, edit_id=edit_id, at=7, **more)
    ledger.save([event], edit_id=edit_id, also_write=writer)


def test_a_row_is_written_over_and_one_that_is_gone_is_marked(ledger: Ledger) -> None:
    keep(ledger, "one", [("1", "em_a", b"A"), ("2", "em_b", b"B")])
    keep(ledger, "two", [("1", "em_a", b"A2")], missing=["2"])
    found = load_source_rows(ledger, "crm", "contacts")
    assert found.entities == {"1": "em_a", "2": "em_b"}
    assert found.rows == {"1": b"A2", "2": b"B"}
    assert found.missing == {"2"}
    keep(ledger, "three", [], returned=["2"])
    assert load_source_rows(ledger, "crm", "contacts").missing == frozenset()
    assert load_source_rows(ledger, "other", "contacts").rows == {}


@pytest.mark.slow
def test_what_an_import_said_is_forgotten_when_it_is_taken_back_and_known_again_when_that_is(ledger: Ledger) -> None:
    keep(ledger, "one", [("1", "em_a", b"A"), ("2", "em_b", b"B")])
    keep(ledger, "two", [("1", "em_a", b"A2")])
    undone = ledger.undo("two")
    assert load_source_rows(ledger, "crm", "contacts").rows == {"2": b"B"}
    ledger.undo(undone.edit_id)
    assert load_source_rows(ledger, "crm", "contacts").rows == {"1": b"A2", "2": b"B"}


def test_an_edit_that_fails_keeps_nothing_beside_it(ledger: Ledger) -> None:
    def fail(done: int, total: int) -> None:
        raise KeyboardInterrupt

    writer = source_row_writer("crm", "contacts", [("1", "em_a", b"A")], edit_id="e", at=1)
    with pytest.raises(KeyboardInterrupt):
        ledger.save([Change("account", "A", {"name": "Alpha"})], edit_id="e", also_write=writer, progress=fail)
    with ledger.engine.connect() as connection:
        assert connection.execute(select(source_row)).all() == []
    assert ledger.as_of(Account) == []


@pytest.mark.slow
def test_very_many_new_things_are_written_and_those_there_already_clash(ledger: Ledger) -> None:
    many = [Change("account", f"A{i}", {"name": f"N{i}", **({"focus": True} if i % 2 else {})}, base=0) for i in range(6_000)]  # fmt: skip
    edit = ledger.save(many)
    assert sum(map(len, edit.versions.values())) == 6_000
    rows = ledger.columns(Account, ("name", "focus"), id=["A1", "A2"])
    assert rows == [("N1", 1), ("N2", None)]
    assert ledger.save(many).unchanged
