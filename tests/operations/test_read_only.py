"""Somebody who may only read the store makes reports too, into a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import event

import coverage_kit
from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.store import Change

ACCOUNT = {"name": "Alpha", "name_key": "alpha", "status": "active", "template_ids": '["general"]', "owner_id": "ann"}


def test_reports_are_made_of_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
    store = tmp_path / "ws" / "store.db"
    before = store.read_bytes()
    with open_workspace(tmp_path / "ws", actor="bob") as ws:
        # File modes do not stop root; SQLite itself does.
        event.listen(ws.ledger.engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON"))
        ws.ledger.close()
        with pytest.raises(StoreError) as caught:
            ws.ledger.save([Change("account", "A1", {"industry": "steel"})])
        assert caught.value.code == "store.read_only"
        done = coverage_kit.report(ws, out=tmp_path / "own")
    assert (sorted(Path(page).name for page in done.made), done.failed) == (["ann.html", "team.html"], [])
    assert all(Path(page).is_relative_to(tmp_path / "own") for page in done.made)
    assert store.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with init_workspace(tmp_path / "ws", actor="ann") as ws:
        ws.ledger.save([Change("account", "A1", ACCOUNT), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
        with pytest.raises(BadInput, match="file cannot be written"):
            coverage_kit.report(ws, out=tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
