"""An edit that was shown as saved survives a power cut; three weaker settings of SQLite show that the test can fail."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from coverage_kit.store import open_store
from coverage_kit.store.entities import Account
from tests.depth import depth
from tests.faults.power import Call, build_recorder, copy_store, cut, record
from tests.needs import missing

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="power cuts are recorded with LD_PRELOAD of Linux")
N_EDITS = 40
#: A writer as the product starts one, but for the settings of SQLite where they are given.
WRITER = f"""
import os, sys
from coverage_kit.store import Change, open_store, sqlite
store, *pragmas = sys.argv[1:]
sqlite._PRAGMAS += tuple(pragmas)
ledger = open_store(f"sqlite:///{{store}}", clock=lambda: 1, actor="ann")
acknowledged = os.open(store + "-ack", os.O_WRONLY | os.O_CREAT, 0o600)
for n in range({N_EDITS}):
    ledger.save([Change("account", "a", {{"name": f"{{n}} " + "x" * 300}}), Change("account", f"b{{n}}", {{"name": "y" * 300}})])
    os.write(acknowledged, b".\\n")
os._exit(0)
"""
Replay = Callable[[str], Counter[str]]


@pytest.fixture(scope="module")
def recorder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        missing("compiler", "no C compiler to record system calls with (Debian: apt-get install gcc libc6-dev)")
    return build_recorder(compiler, tmp_path_factory.mktemp("recorder"))


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(f"sqlite:///{path}", clock=lambda: 1, actor="ann", create=True).close()
    return path


def recorded(recorder: Path, empty_store: Path, folder: Path, *pragmas: str) -> list[Call]:
    calls = record(recorder, WRITER, copy_store(empty_store, folder), *pragmas)
    assert sum(call.file == "a" and call.what == "w" for call in calls) == N_EDITS
    assert {call.what for call in calls if call.file == "d"} >= {"w"}
    return calls


def outcome(store: Path, n_acknowledged: int) -> str:
    """How a store came through a cut, as SQLite alone sees it."""
    try:
        with closing(sqlite3.connect(store)) as connection:
            whole = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
            found = [
                version for (version,) in connection.execute("SELECT version FROM account WHERE id = 'a' ORDER BY 1")
            ]
            others = connection.execute("SELECT count(*) FROM account WHERE id <> 'a'").fetchone()[0]
    except sqlite3.DatabaseError:
        return "unreadable"
    if not whole:
        return "damaged"
    if found != list(range(1, len(found) + 1)) or others != len(found):
        return "half an edit"
    return "kept" if len(found) >= n_acknowledged else "lost"


@pytest.mark.deep
def test_no_acknowledged_edit_is_lost_in_a_power_cut(recorder: Path, empty_store: Path, tmp_path: Path) -> None:
    calls = recorded(recorder, empty_store, tmp_path / "run")
    came_through: Counter[str] = Counter()
    for seed in range(depth(10, 60, 400)):
        folder = tmp_path / f"cut{seed}"
        folder.mkdir()
        n_acknowledged = cut(calls, empty_store, folder / "store.db", Random(seed))
        came_through[outcome(folder / "store.db", n_acknowledged)] += 1
        if seed % 10 == 0:
            with closing(open_store(f"sqlite:///{folder / 'store.db'}", clock=lambda: 1, actor="ann")) as ledger:
                assert len(ledger.history(Account, "a")) >= n_acknowledged
        shutil.rmtree(folder)
    assert came_through.keys() == {"kept"}, came_through


@pytest.mark.parametrize(
    "pragmas",
    [("journal_mode=WAL", "synchronous=NORMAL"), ("synchronous=OFF",), ("synchronous=NORMAL",)],
    ids=["wal-normal", "off", "truncate-normal"],
)
def test_weaker_settings_lose_edits(
    recorder: Path, empty_store: Path, tmp_path: Path, pragmas: tuple[str, ...]
) -> None:
    calls = recorded(recorder, empty_store, tmp_path / "run", *pragmas)
    for seed in range(400):
        folder = tmp_path / f"cut{seed}"
        folder.mkdir()
        n_acknowledged = cut(calls, empty_store, folder / "store.db", Random(seed))
        if outcome(folder / "store.db", n_acknowledged) != "kept":
            return
    pytest.fail("400 power cuts did no harm: the replay cannot show that an edit is lost")
