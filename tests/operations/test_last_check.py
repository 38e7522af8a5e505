"""A batch makes nothing of a damaged store, and checks only the edits since the last full check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import coverage_kit
from coverage_kit import StoreError, init_workspace
from coverage_kit.operations.backup import make_backup
from coverage_kit.operations.doctor import examine
from coverage_kit.reporting import run
from coverage_kit.store import Change, Ledger, anchor
from coverage_kit.store.anchor import LAST_CHECK
from coverage_kit.store.entities import Account
from coverage_kit.workspace import Workspace

ACCOUNT = {"name": "Alpha", "name_key": "alpha", "status": "active", "template_ids": '["general"]', "owner_id": "ann"}


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", actor="ann") as made:
        made.ledger.save([Change("account", "A1", {**ACCOUNT, "industry": "steel-early"}), Change("staff", "ann", {"name": "Ann", "function": "rep"})])  # fmt: skip
        yield made


def add_later(ws: Workspace) -> None:
    ws.ledger.save([Change("account", "A2", {**ACCOUNT, "name": "Beta", "industry": "steel-later"})])


def flip(ws: Workspace, word: bytes) -> None:
    """Flip one bit of a stored word on the disk."""
    ws.ledger.close()
    path = ws.path / "store.db"
    body = bytearray(path.read_bytes())
    assert body.count(word) == 1
    body[body.index(word)] ^= 1
    path.write_bytes(body)


def pages(ws: Workspace) -> list[str]:
    return [path.name for path in (ws.path / "reports").rglob("*.html")]


@pytest.mark.parametrize("word", [b"steel-early", b"steel-later"])
def test_a_flipped_bit_ends_the_batch_before_any_page(ws: Workspace, word: bytes) -> None:
    add_later(ws)
    flip(ws, word)
    with pytest.raises(StoreError, match="coverage-kit doctor") as caught:
        coverage_kit.report(ws)
    assert (caught.value.code, pages(ws)) == ("store.damaged", [])


def test_without_the_check_the_same_bit_gives_pages(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    add_later(ws)
    flip(ws, b"steel-later")
    monkeypatch.setattr(run, "check_recent", lambda *_: [])
    coverage_kit.report(ws)
    assert pages(ws) != []


@pytest.mark.parametrize("full", [examine, lambda ws: make_backup(ws, ws.path.parent / "ws.zip")], ids=["doctor", "backup"])  # fmt: skip
def test_after_a_full_check_only_later_edits_are_checked(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch, full: Callable[[Workspace], object]
) -> None:
    full(ws)
    add_later(ws)
    checked = []

    def spy(ledger: Ledger, *, since: int = 0) -> list[object]:
        checked.append(since)
        return []

    kept = json.loads((ws.path / LAST_CHECK).read_text())["at"]
    assert kept == ws.ledger.find(Account, "A1").at
    monkeypatch.setattr(anchor, "check_edits", spy)
    assert anchor.check_recent(ws.ledger, ws.path / LAST_CHECK) == []
    assert checked == [kept]


def test_a_bit_that_was_flipped_in_later_edits_is_found_after_a_full_check(ws: Workspace) -> None:
    examine(ws)
    add_later(ws)
    flip(ws, b"steel-later")
    with pytest.raises(StoreError) as caught:
        coverage_kit.report(ws)
    assert caught.value.code == "store.damaged"


@pytest.mark.parametrize("note", ["", "[]", '{"at": "x", "hash": 1}', '{"at": 5, "hash": "of another store"}'])
def test_a_note_that_does_not_fit_means_a_full_check(ws: Workspace, note: str) -> None:
    (ws.path / LAST_CHECK).write_text(note)
    flip(ws, b"steel-early")
    with pytest.raises(StoreError) as caught:
        coverage_kit.report(ws)
    assert caught.value.code == "store.damaged"


def test_a_backup_of_a_damaged_store_is_refused_and_older_ones_stay(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    good = make_backup(ws, folder, keep=1).path.rename(folder / "coverage-kit-2026-11-01T060000.zip")
    flip(ws, b"steel-early")
    with pytest.raises(StoreError) as caught:
        make_backup(ws, folder, keep=1)
    assert caught.value.code == "store.damaged"
    assert [path.name for path in folder.iterdir()] == [good.name]
