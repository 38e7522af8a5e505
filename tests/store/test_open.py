"""A store that is not as it should be is named, and nothing is written over."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, text

from coverage_kit.errors import StoreError
from coverage_kit.store import Change, Ledger, open_store, sqlite
from coverage_kit.store.entities import Account
from coverage_kit.store.tables import metadata


def opened(path: Path, *, create: bool = False) -> Ledger:
    return open_store(f"sqlite:///{path}", clock=lambda: 1, actor="ann", create=create)


def empty(path: Path) -> None:
    path.touch()


def garbage(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 500)


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE songs (title TEXT)")
    connection.close()


def newer(path: Path) -> None:
    ledger = opened(path, create=True)
    with ledger.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    ledger.close()


@pytest.mark.parametrize("spoil", [empty, garbage, foreign, newer])
def test_a_file_that_is_not_a_store_of_ours_is_refused_and_left_as_it_was(tmp_path: Path, spoil) -> None:
    path = tmp_path / "store.db"
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"store\.db") as caught:
        opened(path)
    assert caught.value.exit_code == 3
    assert path.read_bytes() == before


def test_a_missing_file_or_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="missing"):
        opened(tmp_path / "store.db")
    with pytest.raises(StoreError, match="folder"):
        opened(tmp_path / "nowhere" / "store.db")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("url", ["postgresql+psycopg://ann:s3cret@127.0.0.1:1/x", "postgresql+psycopg://ann:s3cret@x@127.0.0.1:1/x", "postgresql+psycopg://ann:s3cret@:99999999/x", "mysql://ann:s3cret@127.0.0.1/x"])  # fmt: skip
def test_an_address_that_leads_nowhere_is_said_without_its_password(url: str) -> None:
    with pytest.raises(StoreError) as refused:
        open_store(url, clock=lambda: 1, actor="ann")
    assert "s3cret" not in str(refused.value)


def test_a_wrong_password_is_not_repeated(postgresql_url: str) -> None:
    wrong = postgresql_url.replace("owner:", "owner:se%40cret").replace("se%40cret", "se%40cret", 1)
    with pytest.raises(StoreError) as caught:
        open_store(wrong, clock=lambda: 1, actor="ann", create=True)
    assert "cret" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_files_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        opened(tmp_path / "store.db", create=True).close()
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.slow
def test_the_migrated_schema_is_the_declared_one(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    assert differences == []


PRESSED = {
    "full": "PRAGMA max_page_count = 1",
    "cannot be written": "PRAGMA query_only = ON",
}


@pytest.mark.parametrize("message", PRESSED)
def test_a_full_disk_or_a_read_only_file_is_said_and_nothing_is_written(sqlite_ledger: Ledger, message: str) -> None:
    sqlite_ledger.save([Change("account", "A", {"name": "Alpha"})])
    sqlite_ledger.engine.dispose()
    event.listen(sqlite_ledger.engine, "connect", lambda connection, _: connection.execute(PRESSED[message]))
    with pytest.raises(StoreError, match=message):
        sqlite_ledger.save([Change("account", f"B{n}", {"name": "x" * 1000}) for n in range(200)])
    assert [row.name for row in sqlite_ledger.as_of(Account)] == ["Alpha"]


def test_a_store_that_another_program_holds_is_said_to_be_locked(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    sqlite_ledger.engine.dispose()
    # Before the product's own settings, the first of which waits for the lock.
    impatient = "PRAGMA busy_timeout = 50"
    event.listen(sqlite_ledger.engine, "connect", lambda connection, _: connection.execute(impatient), insert=True)
    holder = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="another program"):
        sqlite_ledger.save([Change("account", "A", {"name": "Alpha"})])
    holder.execute("ROLLBACK")
    holder.close()
    assert sqlite_ledger.save([Change("account", "A", {"name": "Alpha"})]).versions == {"account": {"A": 1}}


def test_everybody_who_waits_to_write_pauses_equally_short(
    sqlite_ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 40:
            holder.execute("ROLLBACK")

    monkeypatch.setattr(sqlite, "time", SimpleNamespace(sleep=pause, monotonic=lambda: 0))
    sqlite_ledger.save([Change("account", "A", {"name": "Alpha"})])
    holder.close()
    assert len(pauses) == 40
    assert max(pauses) <= 0.005
    with sqlite_ledger.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 10_000, "a commit waits for readers"


def test_an_edit_that_waited_ten_seconds_is_refused(
    sqlite_ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    seconds = iter(range(100))
    still = SimpleNamespace(sleep=lambda _: None, monotonic=lambda: next(seconds))
    monkeypatch.setattr(sqlite, "time", still)
    with pytest.raises(StoreError, match="another program"):
        sqlite_ledger.save([Change("account", "A", {"name": "Alpha"})])
    holder.close()
    assert next(seconds) == 12


@pytest.mark.slow
def test_a_store_in_a_synchronised_folder_or_on_a_network_disk_is_refused_before_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "OneDrive - Example"
    folder.mkdir()
    with pytest.raises(StoreError, match=r"store\.db.*cloud"):
        opened(folder / "store.db", create=True)
    away = tmp_path / "away" / "deep"
    away.mkdir(parents=True)
    disks = [
        SimpleNamespace(mountpoint="/", fstype="ext4"),
        SimpleNamespace(mountpoint=str(tmp_path / "away"), fstype="nfs4"),
    ]
    monkeypatch.setattr("psutil.disk_partitions", lambda all: disks)
    with pytest.raises(StoreError, match=r"store\.db.*network"):
        opened(away / "store.db", create=True)
    assert list(folder.iterdir()) == list(away.iterdir()) == []
    opened(tmp_path / "store.db", create=True).close()


@pytest.mark.parametrize("url", ["mysql+pymysql://ann:secret@host/db", "oracle://ann:secret@host/db"])
def test_a_database_we_do_not_know_is_refused_by_name(url: str) -> None:
    with pytest.raises(StoreError, match=url.partition("+")[0].partition(":")[0]) as caught:
        open_store(url, clock=lambda: 1, actor="ann", create=True)
    assert (caught.value.code, "secret" in str(caught.value)) == ("store.dialect", False)
