"""Programs that write to and read from one store at the same time, each in a process that a test may kill."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

#: Gives an account new names until its time is over, and logs each name that was acknowledged, or about to be in the control.
_WRITER = """
import os, sys, time
from coverage_kit.store import Change, open_store
url, account, log, seconds, control = sys.argv[1:]
if control == "deferred":
    from sqlalchemy import Connection
    execute = Connection.exec_driver_sql
    Connection.exec_driver_sql = lambda self, sql, *more: execute(self, sql.replace("BEGIN IMMEDIATE", "BEGIN"), *more)
ledger = open_store(url, clock=lambda: time.time_ns() // 1_000_000, actor=account)
until, n = time.monotonic() + float(seconds), 0
with open(log, "a", buffering=1) as acknowledged:
    while time.monotonic() < until:
        n += 1
        name = f"{os.getpid()}-{n}"
        if control == "early":
            acknowledged.write(f"{name}\\n")
        ledger.save([Change("account", account, {"name": name})])
        if control != "early":
            acknowledged.write(f"{name}\\n")
ledger.close()
"""
_READER = """
import sys, time
from coverage_kit.store import open_store
from coverage_kit.store.entities import Account
ledger = open_store(sys.argv[1], clock=lambda: 1, actor="reader")
until = time.monotonic() + float(sys.argv[2])
while time.monotonic() < until:
    ledger.as_of(Account)
ledger.close()
"""


def start_writer(
    url: str, account: str, log: Path, *, seconds: float, control: Literal["", "early", "deferred"] = ""
) -> subprocess.Popen[bytes]:
    """Start a writer.

    ``early`` acknowledges before the commit; ``deferred`` takes the write lock only at its first write.
    """
    return _start(_WRITER, url, account, log, seconds, control)


def start_reader(url: str, *, seconds: float) -> subprocess.Popen[bytes]:
    """Start a reader of all accounts."""
    return _start(_READER, url, seconds)


def acknowledged(log: Path) -> list[str]:
    """The names in a writer's log that it wrote to the end."""
    return log.read_text().split("\n")[:-1] if log.exists() else []


def wait_until(condition: Callable[[], bool], *, seconds: float = 120) -> None:
    """Wait for a condition; the limit is for a program that hangs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def _start(program: str, *arguments: object) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", program, *map(str, arguments)], stderr=subprocess.PIPE)
