"""Power cuts: record what a writer does to a SQLite file, then make the files that a cut at any moment could leave.

Only what was synced is sure to be there after a cut. Each later write is kept, dropped or torn, whatever happened to the others.
"""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SHIM = Path(__file__).with_name("record_writes.c")
SECTOR = 512
_HEAD = struct.Struct("=ccqq")
_SUFFIX = {"d": "", "j": "-journal", "w": "-wal"}


@dataclass(frozen=True, slots=True)
class Call:
    """One system call on a file: ``w`` write, ``t`` truncate, ``s`` sync, ``c`` create, ``u`` unlink."""

    what: str
    file: str
    offset: int = 0
    data: bytes = b""


@dataclass(slots=True)
class _File:
    """A file on a disk that may lose what was not synced: its bytes, and whether its folder names it."""

    bytes: bytes
    named: bool
    unsynced: list[Call] = field(default_factory=list)
    unsynced_names: list[bool] = field(default_factory=list)

    def take(self, call: Call) -> None:
        match call.what:
            case "s":
                self.bytes, self.unsynced = _applied(self.bytes, self.unsynced), []
            case "c":
                self.bytes, self.unsynced = b"", []
                self.unsynced_names.append(True)
            case "u":
                self.unsynced_names.append(False)
            case _:
                self.unsynced.append(call)

    def folder_synced(self) -> None:
        self.named, self.unsynced_names = [self.named, *self.unsynced_names][-1], []

    def after_a_cut(self, chance: Random) -> bytes | None:
        if not chance.choice([self.named, *self.unsynced_names]):
            return None
        return _applied(self.bytes, [part for call in self.unsynced for part in _left_of(call, chance)])


def build_recorder(compiler: str, folder: Path) -> Path:
    """Compile the library that records."""
    made = folder / "record_writes.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(SHIM), "-ldl"], check=True)
    return made


def record(recorder: Path, program: str, store: Path, *arguments: str) -> list[Call]:
    """Run a Python program on a store, and return its calls in order; lines in ``STORE-ack`` are acknowledgements."""
    log = store.with_name("record")
    environment = {**os.environ, "LD_PRELOAD": str(recorder), "RECORD_FILE": str(store), "RECORD_LOG": str(log)}
    subprocess.run([sys.executable, "-c", program, str(store), *arguments], check=True, env=environment)
    return list(_calls(log.read_bytes()))


def cut(calls: list[Call], before: Path, after: Path, chance: Random) -> int:
    """Replay the calls on a copy of a store up to a random one, and cut the power there.

    Parameters
    ----------
    calls : list of Call
    before : Path
        The store as it was before the first call.
    after : Path
        Where to write the store as it is after the cut.
    chance : Random

    Returns
    -------
    int
        Number of edits that were acknowledged before the cut.
    """
    files = {kind: _found(before.with_name(before.name + suffix)) for kind, suffix in _SUFFIX.items()}
    acknowledged = 0
    for call in calls[: chance.randrange(1, len(calls) + 1)]:
        if call.file == "a":
            acknowledged += call.data.count(b"\n")
        elif call.file == "/":
            for each in files.values():
                each.folder_synced()
        else:
            files[call.file].take(call)
    for kind, suffix in _SUFFIX.items():
        left = files[kind].after_a_cut(chance)
        if left is not None:
            after.with_name(after.name + suffix).write_bytes(left)
    return acknowledged


def copy_store(store: Path, folder: Path) -> Path:
    """Copy a store that nobody has open, with its journal."""
    folder.mkdir(parents=True)
    for suffix in _SUFFIX.values():
        path = store.with_name(store.name + suffix)
        if path.exists():
            shutil.copy(path, folder)
    return folder / store.name


def _found(path: Path) -> _File:
    return _File(path.read_bytes(), named=True) if path.exists() else _File(b"", named=False)


def _applied(content: bytes, calls: list[Call]) -> bytes:
    made = bytearray(content)
    for call in calls:
        end = call.offset + len(call.data)
        if len(made) < end:
            made.extend(bytes(end - len(made)))
        if call.what == "t":
            del made[call.offset :]
        else:
            made[call.offset : end] = call.data
    return bytes(made)


def _left_of(call: Call, chance: Random) -> list[Call]:
    """What a cut leaves of a call: all, nothing, or some sectors of a write."""
    fate = chance.choice(["kept", "dropped", "torn"] if call.what == "w" else ["kept", "dropped"])
    if fate == "torn":
        starts = range(0, len(call.data), SECTOR)
        parts = (Call("w", call.file, call.offset + at, call.data[at : at + SECTOR]) for at in starts)
        return [part for part in parts if chance.random() < 0.5]
    return [call] if fate == "kept" else []


def _calls(log: bytes) -> Iterator[Call]:
    at = 0
    while at < len(log):
        what, file, offset, length = _HEAD.unpack_from(log, at)
        at += _HEAD.size
        data = log[at : at + length] if what == b"w" else b""
        at += len(data)
        yield Call(what.decode(), file.decode(), offset, data)
