"""A backup is usable: made while people write, whole, private, and refused where it is not."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, tzinfo
from pathlib import Path

import psycopg
import pytest

from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.assets.private import write_file
from coverage_kit.operations import backup
from coverage_kit.operations.backup import make_backup, read_backup, restore_backup
from coverage_kit.store import Change, check_edits, store_facts
from coverage_kit.store.entities import Account, Note
from coverage_kit.workspace import Workspace

WRITER = """
import sys
from coverage_kit import open_workspace
from coverage_kit.store import Change, new_id
ws = open_workspace(sys.argv[1], actor="writer")
while True:
    key = new_id("no")
    ws.ledger.save([Change("note", key, {"kind": "need", "body": key}, base=0)])
    print(key, flush=True)
"""


@pytest.fixture
def ws(tmp_path: Path) -> Workspace:
    made = init_workspace(tmp_path / "team", actor="ann")
    made.ledger.save([Change("account", "A1", {"name": "Alpha", "name_key": "alpha", "status": "active"}, base=0)])
    yield made
    made.close()


def test_a_restored_workspace_has_the_same_rows_settings_and_notebooks(ws: Workspace, tmp_path: Path) -> None:
    (ws.path / "notebooks" / "own.ipynb").write_text("{}")
    made = make_backup(ws, tmp_path / "team.zip")
    restore_backup(made.path, tmp_path / "again")
    with open_workspace(tmp_path / "again") as again:
        assert store_facts(again.ledger) == store_facts(ws.ledger)
        assert again.config == ws.config
        assert again.ledger.as_of(Account) == ws.ledger.as_of(Account)
    assert (tmp_path / "again/notebooks/own.ipynb").read_text() == "{}"


def check_backup_under_load(ws: Workspace, folder: Path, store: str = "") -> None:
    """Two writers acknowledge edits before the backup starts and go on; all of these are in what it restores."""
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(ws.path)], stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    try:
        first = [[writer.stdout.readline().strip() for _ in range(5)] for writer in writers]
        acknowledged = {key for keys in first for key in keys}
        made = make_backup(ws, folder / "team.zip")
        assert all(writer.poll() is None for writer in writers)
    finally:
        for writer in writers:
            writer.terminate()
            writer.communicate()
    restore_backup(made.path, folder / "again", store=store)
    with open_workspace(folder / "again") as again:
        assert len(acknowledged) == 10
        assert acknowledged <= {row.id for row in again.ledger.as_of(Note)}
        assert check_edits(again.ledger) == []


@pytest.mark.slow
def test_everything_acknowledged_before_the_start_is_inside_while_others_write(ws: Workspace, tmp_path: Path) -> None:
    check_backup_under_load(ws, tmp_path)


@pytest.mark.slow
def test_everything_acknowledged_before_the_start_is_inside_on_postgresql_too(
    tmp_path: Path, postgresql_url: str, copy_of_empty_postgresql: Callable[[], AbstractContextManager[str]]
) -> None:
    empty = f"{postgresql_url.rpartition('/')[0]}/under_load"
    with psycopg.connect(postgresql_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE DATABASE under_load")
    with copy_of_empty_postgresql() as url, init_workspace(tmp_path / "team", store=url, actor="ann") as ws:
        check_backup_under_load(ws, tmp_path, empty)


#: A backup that stops where the file is finished and has no name yet.
STOPPED = """
import sys, time
from pathlib import Path
from coverage_kit import open_workspace
from coverage_kit.operations import backup
def stop(*about):
    print("here", flush=True)
    time.sleep(60)
backup._sync = stop
with open_workspace(sys.argv[1]) as ws:
    backup.make_backup(ws, Path(sys.argv[2]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_backup_that_is_ended_leaves_no_half_file_and_stops_no_later_one(
    ws: Workspace, tmp_path: Path, how: signal.Signals
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    command = [sys.executable, "-c", STOPPED, str(ws.path), str(folder / "team.zip")]
    ended = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert ended.stdout.readline() == "here\n"
    ended.send_signal(how)
    ended.communicate()
    left = list(folder.iterdir())
    assert len(left) == (how is signal.SIGKILL)
    assert [each.stat().st_mode & 0o077 for each in left] == [0] * len(left)
    for each in left:
        os.utime(each, (time.time() - 2 * 86_400,) * 2)
    made = make_backup(ws, folder / "team.zip")
    assert read_backup(made.path).store == store_facts(ws.ledger)
    assert [each.name for each in folder.iterdir()] == ["team.zip"]


def full(*about: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_full_disk_is_that_of_the_backup_or_of_the_new_folder_and_no_damage(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_backup(ws, tmp_path / "team.zip").path
    stick, new = tmp_path / "stick", tmp_path / "disk" / "again"
    stick.mkdir()

    def no_room(*about: object) -> None:
        raise StoreError("store.full", "The disk of the store {name} is full.", name="store.db")

    monkeypatch.setattr(backup, "copy_store", no_room)
    with pytest.raises(BadInput, match=r"stick cannot be written \(No space left"):
        make_backup(ws, stick / "team.zip")
    monkeypatch.setattr(backup.shutil, "copyfileobj", full)
    with pytest.raises(BadInput, match=r"disk cannot be written \(No space left"):
        restore_backup(path, new)
    with pytest.raises(BadInput, match=r"cannot be written \(No space left"):
        read_backup(path)
    assert [*stick.iterdir(), *new.parent.iterdir()] == []


def test_a_backup_is_put_in_place_on_a_disk_without_links(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*about: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(backup.os, "link", refuse)
    made = make_backup(ws, tmp_path / "team.zip")
    assert read_backup(made.path).store == store_facts(ws.ledger)
    with pytest.raises(BadInput, match="exists already"):
        backup._put(tmp_path / "team.zip", tmp_path / "team.zip", numbered=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_a_backup_is_private_whatever_the_umask(ws: Workspace, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = make_backup(ws, tmp_path / "team.zip")
        restore_backup(made.path, tmp_path / "again")
    finally:
        os.umask(before)
    assert made.path.stat().st_mode & 0o777 == 0o600
    restored = [tmp_path / "again", *(tmp_path / "again").rglob("*")]
    assert [path for path in restored if path.stat().st_mode & 0o077] == []


@pytest.mark.slow
def test_an_encrypted_backup_needs_its_passphrase(ws: Workspace, tmp_path: Path) -> None:
    made = make_backup(ws, tmp_path / "team.zip", passphrase="열쇠 말")
    assert b"Alpha" not in made.path.read_bytes()
    assert not zipfile.is_zipfile(made.path)
    for wrong, code in (("", "backup.passphrase"), ("other", "backup.passphrase_wrong")):
        with pytest.raises(BadInput) as caught:
            restore_backup(made.path, tmp_path / "again", passphrase=wrong)
        assert caught.value.code == code
    assert not (tmp_path / "again").exists()
    restore_backup(made.path, tmp_path / "again", passphrase="열쇠 말")
    assert (tmp_path / "again/store.db").is_file()


@pytest.mark.parametrize("spot", [0.02, 0.3, 0.6, 0.97])
def test_a_damaged_backup_is_refused_and_nothing_is_left(ws: Workspace, tmp_path: Path, spot: float) -> None:
    path = make_backup(ws, tmp_path / "team.zip").path
    body = bytearray(path.read_bytes())
    at = int(len(body) * spot)
    body[at : at + 64] = bytes(64)
    path.write_bytes(body)
    with pytest.raises(BadInput, match="damaged"):
        restore_backup(path, tmp_path / "again")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["team", "team.zip"]


def test_a_cut_off_backup_is_refused(ws: Workspace, tmp_path: Path) -> None:
    path = make_backup(ws, tmp_path / "team.zip").path
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadInput, match="damaged"):
        read_backup(path)


def _changed(path: Path, **about: object) -> None:
    """Write another ``backup.json`` into a backup."""
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    files["backup.json"] = json.dumps({**json.loads(files["backup.json"]), **about}).encode()
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in files.items():
            packed.writestr(name, body)


def test_a_backup_of_a_newer_version_is_refused(ws: Workspace, tmp_path: Path) -> None:
    made = make_backup(ws, tmp_path / "team.zip")
    _changed(made.path, store={**made.store.__dict__, "revision": "9999"})
    with pytest.raises(StoreError) as caught:
        restore_backup(made.path, tmp_path / "again")
    assert caught.value.code == "store.newer"


def test_a_backup_that_lost_rows_is_refused(ws: Workspace, tmp_path: Path) -> None:
    made = make_backup(ws, tmp_path / "team.zip")
    rows = {**made.store.rows, "account": made.store.rows["account"] + 1}
    _changed(made.path, store={**made.store.__dict__, "rows": rows})
    with pytest.raises(BadInput, match="damaged"):
        restore_backup(made.path, tmp_path / "again")


def test_a_backup_in_which_a_file_was_replaced_is_refused(ws: Workspace, tmp_path: Path) -> None:
    (ws.path / "notebooks" / "own.ipynb").write_text("{}")
    path = make_backup(ws, tmp_path / "team.zip").path
    with zipfile.ZipFile(path) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w") as packed:
        for name, body in {**files, "notebooks/own.ipynb": b"{ }"}.items():
            packed.writestr(name, body)
    with pytest.raises(BadInput, match="damaged"):
        read_backup(path)


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "notebooks/../../outside.txt", "c:outside.txt"])
def test_a_backup_writes_nothing_outside_its_folder(ws: Workspace, tmp_path: Path, name: str) -> None:
    made = make_backup(ws, tmp_path / "team.zip")
    with zipfile.ZipFile(made.path, "a") as packed:
        packed.writestr(name, "x")
    _changed(made.path, files={**made.files, name: "0"})
    with pytest.raises(BadInput, match="damaged"):
        restore_backup(made.path, tmp_path / "again")
    assert not list(tmp_path.parent.rglob("outside.txt"))


def test_nothing_is_written_over(ws: Workspace, tmp_path: Path) -> None:
    path = make_backup(ws, tmp_path / "team.zip").path
    with pytest.raises(BadInput, match="exists already"):
        make_backup(ws, path)
    with pytest.raises(BadInput, match="not an empty folder"):
        restore_backup(path, ws.path)


def test_a_backup_on_another_disk_counts_where_the_workspaces_disk_is_full(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "write_file", full)
    made = make_backup(ws, tmp_path / "team.zip")
    assert read_backup(made.path).store == store_facts(ws.ledger)


def test_a_file_that_cannot_be_written_leaves_no_part(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    (tmp_path / "a.json" / "inside").touch()
    with pytest.raises(OSError, match=r"directory"):
        write_file(tmp_path / "a.json", "x")
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


class _Noon(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime(2026, 11, 28, 12, tzinfo=tz)


def test_backups_of_one_second_all_stay_and_the_oldest_goes_first(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "datetime", _Noon)
    folder = tmp_path / "backups"
    folder.mkdir()
    made = [make_backup(ws, folder).path.name for _ in range(3)]
    assert made == [f"coverage-kit-2026-11-28T120000{n}.zip" for n in ("", "_2", "_3")]
    assert all(read_backup(folder / name).store == store_facts(ws.ledger) for name in made)
    make_backup(ws, folder, keep=2)
    assert sorted(path.name for path in folder.iterdir()) == [f"coverage-kit-2026-11-28T120000_{n}.zip" for n in (3, 4)]


def test_two_backups_of_one_name_at_the_same_moment_never_replace_each_other(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "team.zip"
    write = backup._write_zip

    def write_while_somebody_else_finishes(*about: object) -> None:
        write(*about)  # type: ignore[arg-type]
        target.write_text("theirs")

    monkeypatch.setattr(backup, "_write_zip", write_while_somebody_else_finishes)
    with pytest.raises(BadInput, match="exists already"):
        make_backup(ws, target)
    assert target.read_text() == "theirs"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody can write")
def test_a_folder_that_cannot_be_written_is_named(ws: Workspace, tmp_path: Path) -> None:
    made = make_backup(ws, tmp_path / "team.zip")
    with pytest.raises(BadInput, match="proc cannot be written"):
        make_backup(ws, Path("/proc/team.zip"))
    with pytest.raises(BadInput, match="proc cannot be written"):
        restore_backup(made.path, Path("/proc/again"))


def test_a_folder_keeps_the_newest_backups_and_nothing_else_is_removed(ws: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    for day in ("2026-11-01", "2026-11-08", "2026-11-15"):
        (folder / f"coverage-kit-{day}T060000.zip").write_bytes(b"")
    (folder / "notes.txt").write_text("mine")
    made = make_backup(ws, folder, keep=2)
    assert sorted(path.name for path in folder.iterdir()) == [
        "coverage-kit-2026-11-15T060000.zip",
        made.path.name,
        "notes.txt",
    ]


@pytest.mark.postgresql
def test_postgresql_is_backed_up_and_restored_into_an_empty_database(tmp_path: Path, postgresql_url: str) -> None:
    from sqlalchemy import create_engine, text

    from coverage_kit.store import clear_store

    other = f"restored_{time.monotonic_ns()}"
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {other}"))
    engine.dispose()
    with init_workspace(tmp_path / "team", store=postgresql_url, actor="ann") as ws:
        clear_store(ws.ledger)
        fields = {"name": "두 줄\n이름 \\. ", "name_key": "x", "status": "active"}
        ws.ledger.save([Change("account", "A1", fields, base=0)])
        made = make_backup(ws, tmp_path / "team.zip")
        with pytest.raises(StoreError) as caught:
            restore_backup(made.path, tmp_path / "again", store=postgresql_url)
        assert caught.value.code == "restore.not_empty"
        with pytest.raises(BadInput, match="--store"):
            restore_backup(made.path, tmp_path / "again")
        url = postgresql_url.rpartition("/")[0] + f"/{other}"
        restore_backup(made.path, tmp_path / "again", store=url)
        with open_workspace(tmp_path / "again") as again:
            assert store_facts(again.ledger) == store_facts(ws.ledger)
            assert again.ledger.as_of(Account) == ws.ledger.as_of(Account)
