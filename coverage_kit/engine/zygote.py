"""The handle on a zygote, and on one fork of it, held by the process that runs papermill."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

SUPPORTED = sys.platform == "linux"
#: Libraries that start threads of their own when they are loaded; a process with threads must not fork.
_SINGLE_THREADED = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

#: The zygote loads with our search path, and leaves its forks the one of a new interpreter.
_START = """\
import importlib, json, sys
options = json.loads(sys.argv[1])
options["fresh"] = [entry for entry in sys.path if entry]
sys.path[:] = options["path"]
importlib.import_module(options["main"]).main(options)
"""


class ZygoteError(RuntimeError):
    """The zygote could not get ready, or is gone."""


class ForkDied(RuntimeError):
    """The forked process ended before it had answered; ``code`` is None where the zygote died with it."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Fork:
    """One forked process: what it is told, what it answers, and its end.

    Parameters
    ----------
    channel : Connection
        Requests out, messages in.
    status : Connection
        Delivers the wait status when the process has ended. Closing it makes the zygote kill the process.
    pid : int
        Also the process group.
    """

    def __init__(self, channel: Connection, status: Connection, pid: int) -> None:
        self.channel = channel
        self.status = status
        self.pid = pid

    def send(self, **request: Any) -> None:
        """Send a request; a process that has died is noticed by ``receive``."""
        with contextlib.suppress(OSError):
            self.channel.send_bytes(json.dumps(request).encode())

    def receive(self, deadline: float | None, max_bytes: int | None = None) -> bytes | None:
        """The next message; None once the deadline (monotonic seconds) has passed.

        Raises
        ------
        ForkDied
            The process has ended.
        OSError
            The message is longer than allowed.
        """
        left = None if deadline is None else max(deadline - time.monotonic(), 0)
        ready = wait([self.channel, self.status], left)
        if self.channel in ready:
            with contextlib.suppress(EOFError, ConnectionResetError):
                return self.channel.recv_bytes(max_bytes)
            ready = wait([self.status], 5)
        if self.status in ready:
            raise ForkDied(self._exit_code())
        if self.channel in ready or left is None:
            raise ForkDied(None)
        return None

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def close(self, grace: float = 0.0) -> None:
        """End the process and all that it started; with a grace, let it end by itself first."""
        ended = False
        if grace:
            self.send(op="shutdown")
            ended = bool(wait([self.status], grace))
        self.channel.close()
        if not ended:
            # Normally the zygote does this as soon as the status pipe closes; here in case it is gone itself.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self.status.close()

    def _exit_code(self) -> int | None:
        raw = os.read(self.status.fileno(), 32)
        return os.waitstatus_to_exitcode(int(raw)) if raw else None


class Zygote:
    """A warm process that forks itself on request; safe to use from several threads.

    Parameters
    ----------
    preload : sequence of str
        Modules to import (``package.module``) and functions to call after import (``package.module:function``).
        They must leave no thread, connection or event loop behind.
    """

    _shared: Zygote | None = None
    _lock = threading.Lock()

    def __init__(self, preload: Sequence[str] = ()) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {"control": theirs.fileno(), "parent": os.getpid(), "preload": list(preload)}
        options |= {"main": f"{__package__}.mother", "path": sys.path}
        self.key = self._key(preload)
        self.process: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(options)],
            env={**os.environ, **dict.fromkeys(_SINGLE_THREADED, "1")},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self.control = ours
        self.owner = os.getpid()
        atexit.register(self.close)

    @classmethod
    def shared(cls, preload: Sequence[str] = ()) -> Zygote:
        """The zygote of this process, started on first use, and anew where it died or something else is to be loaded."""
        with cls._lock:
            present = cls._shared
            if present is not None and present.usable and present.key == cls._key(preload):
                return present
            if present is not None and present.owner == os.getpid():
                present.close()
            cls._shared = cls(preload)
            return cls._shared

    @classmethod
    def adopt(cls, control: socket.socket, preload: Sequence[str]) -> Zygote:
        """Use the zygote of the process that started this one, as this process's own.

        Parameters
        ----------
        control : socket
            Its control socket, as that process gave it.
        preload : sequence of str
            What it was told to load.
        """
        adopted = cls.__new__(cls)
        adopted.control, adopted.process = control, None
        adopted.key, adopted.owner = cls._key(preload), os.getpid()
        cls._shared = adopted
        return adopted

    @classmethod
    def fork_shared(cls, preload: Sequence[str], environment: Mapping[str, str], **options: Any) -> Fork:
        """A fork of this process's zygote; once more of a new one where the zygote had been killed meanwhile."""
        zygote = cls.shared(preload)
        try:
            return zygote.fork(environment, **options)
        except ZygoteError:
            if zygote.usable:
                raise
            return cls.shared(preload).fork(environment, **options)

    @property
    def usable(self) -> bool:
        """Whether it runs and is this process's to use."""
        return self.owner == os.getpid() and not self._has_ended()

    def fork(self, environment: Mapping[str, str], *, start_timeout: float = 60, memory: int | None = None) -> Fork:
        """A fresh process in the working directory of now.

        Parameters
        ----------
        environment : mapping
            All of its environment variables.
        start_timeout : float
            Seconds; the first fork waits until the zygote is warm.
        memory : int, optional
            Bytes of address space it may take.

        Raises
        ------
        ZygoteError
            The zygote could not load what it should, is gone, or did not answer in time.
        """
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        status = Connection(read, writable=False)
        channel = Connection(ours.detach())
        try:
            socket.send_fds(self.control, [b"fork"], [theirs.fileno(), write])
        except OSError as exc:
            raise ZygoteError(self._end()) from exc
        finally:
            theirs.close()
            os.close(write)
        made = Fork(channel, status, self._first_word(status, start_timeout))
        made.send(op="init", cwd=str(Path.cwd()), environment=dict(environment), memory=memory)
        return made

    def close(self) -> None:
        """End the zygote and whatever it forked."""
        atexit.unregister(self.close)
        if self.owner != os.getpid():
            return
        self.control.close()
        if self.process is None:
            return
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _has_ended(self) -> bool:
        if self.process is not None:
            return self.process.poll() is not None
        # Of a zygote that another process started only the line to it tells.
        return self.control.fileno() < 0 or bool(select.select([self.control], [], [], 0)[0])

    def _end(self) -> str:
        """How it ended, in a line."""
        return f"the zygote ended (exit code {self.process.wait(5)})" if self.process else "the zygote ended"

    def _first_word(self, status: Connection, timeout: float) -> int:
        """The new process's id, or why there is none."""
        deadline, line = time.monotonic() + timeout, b""
        while not line.endswith(b"\n"):
            if not status.poll(max(deadline - time.monotonic(), 0)):
                raise ZygoteError(f"the zygote did not answer in {timeout:g} seconds")
            got = os.read(status.fileno(), 1)
            if not got:
                raise ZygoteError(self._end())
            line += got
        word = line.decode().strip()
        if not word.isdigit():
            raise ZygoteError(word)
        return int(word)

    @staticmethod
    def _key(preload: Sequence[str]) -> tuple[object, ...]:
        # What a new interpreter would have made of these is settled when the zygote starts.
        return tuple(preload), sys.executable, tuple(sys.path), *(os.environ.get(n) for n in ("PYTHONPATH", "TZ"))
