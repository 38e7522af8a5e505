"""Before an older store is migrated, a verified copy of it is kept; and the next step is named once."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from coverage_kit import StoreError, open_workspace
from coverage_kit.config import CONFIG_NAME
from coverage_kit.store import postgresql, revisions, schema
from tests.upgrade.test_v0_1_0 import old_workspace

__all__ = ["old_workspace"]

NEWEST = revisions()[-1]


def rows(path: Path) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    found = [row for table in ("alembic_version", "meta", "account", "slot", "person") for row in connection.execute(f"SELECT * FROM {table}")]  # fmt: skip
    connection.close()
    return found


def copies(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if "-before-" in path.name)


def test_the_old_store_is_kept_whole_and_private(old_workspace: Path) -> None:
    store = old_workspace / "store.db"
    before = rows(store) if store.exists() else []
    with open_workspace(old_workspace, actor="ann") as ws:
        kept = ws.ledger.kept_before_upgrade
    assert kept is not None
    assert copies(old_workspace) == [kept.name] == [f"store-before-{NEWEST}{'.db' if before else '.pgdump'}"]
    if sys.platform != "win32":
        assert kept.stat().st_mode & 0o777 == 0o600
    if before:
        assert rows(kept) == before != rows(store)
    else:
        assert kept.read_bytes().startswith(b"PGDMP")
    with open_workspace(old_workspace, actor="ann") as ws:
        assert ws.ledger.kept_before_upgrade is None


@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
def test_where_no_copy_can_be_made_nothing_is_migrated(old_workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = old_workspace / "store.db"
    before = store.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("coverage_kit.store.copies.tempfile.TemporaryDirectory", full)
    with pytest.raises(StoreError, match="No space left") as caught:
        open_workspace(old_workspace, actor="ann")
    assert (caught.value.code, store.read_bytes(), copies(old_workspace)) == ("store.copy", before, [])


@pytest.mark.parametrize("old_workspace", ["postgresql"], indirect=True)
def test_without_pg_dump_postgresql_is_not_migrated_and_the_next_step_is_named(
    old_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as without:
        without.setattr(postgresql.shutil, "which", lambda _: None)
        without.setattr(postgresql, "_INSTALLED", tmp_path)
        with pytest.raises(StoreError, match="apt install postgresql-client") as caught:
            open_workspace(old_workspace, actor="ann")
    assert (caught.value.code, copies(old_workspace)) == ("backup.program", [])
    with open_workspace(old_workspace, actor="ann") as ws:
        assert ws.ledger.kept_before_upgrade is not None, "the store was still the old one"


@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
def test_a_migration_that_fails_leaves_the_store_and_the_next_one_works(
    old_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows(old_workspace / "store.db")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(schema, "upgrade", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        open_workspace(old_workspace, actor="ann")
    assert rows(old_workspace / "store.db") == before == rows(old_workspace / f"store-before-{NEWEST}.db")
    monkeypatch.undo()
    open_workspace(old_workspace, actor="ann").close()
    assert rows(old_workspace / f"store-before-{NEWEST}.db") == before


@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
def test_the_command_names_the_next_step_once_and_in_the_workspaces_language(old_workspace: Path) -> None:
    assert 'lang: "ko"' in (old_workspace / CONFIG_NAME).read_text()
    command = [sys.executable, "-m", "coverage_kit", "-w", str(old_workspace), "status", "--json"]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2))
    assert f"coverage-kit --workspace {old_workspace} upgrade" in first.stderr
    assert "다음 단계" in first.stderr
    assert second.stderr == ""
    assert first.stdout.startswith("{")
