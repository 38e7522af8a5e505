"""What is acknowledged is kept, through kills and crowds; the controls show that the tests can fail."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from coverage_kit.store import open_store

WRITER = """
import sys, time
from coverage_kit.store import Change, open_store
url, name, log, seconds = sys.argv[1:]
ledger = open_store(url, clock=lambda: time.time_ns() // 1_000_000, actor=name)
until, n = time.time() + float(seconds), 0
with open(log, "a", buffering=1) as acknowledged:
    while time.time() < until:
        n += 1
        edit = ledger.save([Change("account", name, {"name": str(n)})])
        acknowledged.write(f"{edit.versions['account'][name]}\\n")
"""
READER = """
import sys, time
from coverage_kit.store import open_store
ledger = open_store(sys.argv[1], clock=lambda: 1, actor="reader")
until = time.time() + float(sys.argv[2])
while time.time() < until:
    ledger.as_of("account")
"""
DEFERRED = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], timeout=0.01, isolation_level=None)
until = time.time() + float(sys.argv[2])
while time.time() < until:
    connection.execute("BEGIN")
    n = connection.execute("SELECT n FROM t").fetchone()[0]
    connection.execute("UPDATE t SET n = ?", (n + 1,))
    connection.execute("COMMIT")
"""


def start(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stderr=subprocess.PIPE)


def n_lines(log: Path) -> int:
    return len(log.read_text().splitlines()) if log.exists() else 0


def test_no_acknowledged_edit_is_lost_when_its_writer_is_killed(tmp_path: Path) -> None:
    url, log = f"sqlite:///{tmp_path / 'store.db'}", tmp_path / "log"
    ledger = open_store(url, clock=lambda: 1, actor="ann", create=True)
    chance = random.Random(7)
    for _ in range(5):
        writer = start(WRITER, url, "w", log, 30)
        before = n_lines(log)
        deadline = time.monotonic() + 20
        while n_lines(log) < before + 5 and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(chance.random() * 0.2)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
    acknowledged = [int(line) for line in log.read_text().split("\n") if line]
    versions = [row["version"] for row in ledger.history("account", "w")]
    assert len(acknowledged) > 20
    assert set(acknowledged) <= set(versions)
    assert versions == list(range(1, len(versions) + 1))
    ledger.close()


def test_eight_writers_and_three_readers_never_meet_a_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    ledger = open_store(url, clock=lambda: 1, actor="ann", create=True)
    crowd = [start(WRITER, url, f"w{i}", tmp_path / f"log{i}", 5) for i in range(8)]
    crowd += [start(READER, url, 5) for _ in range(3)]
    errors = [one.communicate()[1].decode() for one in crowd]
    assert errors == [""] * 11
    written = sum(len(ledger.history("account", f"w{i}")) for i in range(8))
    acknowledged = sum(len((tmp_path / f"log{i}").read_text().split()) for i in range(8))
    assert written == acknowledged > 0
    ledger.close()


def test_a_plain_begin_would_meet_one(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (n INTEGER)")
        connection.execute("INSERT INTO t VALUES (0)")
    connection.close()
    crowd = [start(DEFERRED, path, 3) for _ in range(4)]
    errors = "".join(one.communicate()[1].decode() for one in crowd)
    assert "database is locked" in errors
