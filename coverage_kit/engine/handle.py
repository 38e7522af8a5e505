"""In the process that runs papermill: the handle on the fork server, and on one fork of it."""

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
#: Libraries that start threads when they are loaded; a process with threads must not fork.
_SINGLE_THREADED = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")

#: The fork server loads with our search path; its forks get the search path of a new interpreter.
_START = """\
import importlib, json, sys
options = json.loads(sys.argv[1])
options["fresh"] = [entry for entry in sys.path if entry]
sys.path[:] = options["path"]
importlib.import_module(options["main"]).main(options)
"""


def starts_this_python(command: Sequence[str]) -> bool:
    """Whether a kernelspec's command starts an ipykernel of the interpreter that runs us."""
    generic = {"python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
    program = command[0] if command else ""
    own = program in generic or (
        Path(program).is_absolute() and Path(program).absolute() == Path(sys.executable).absolute()
    )
    return own and "ipykernel_launcher" in command


class ForkServerError(RuntimeError):
    """The fork server could not get ready, or is gone."""


class ForkDied(RuntimeError):
    """The forked process ended before it responded; ``code`` is None if the fork server died with it."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Fork:
    """One forked process: its requests, its messages, and its end.

    Parameters
    ----------
    channel : Connection
        Requests out, messages in.
    status : Connection
        Delivers the wait status when the process has ended. Closing it makes the fork server kill the process.
    pid : int
        Also the process group.
    """

    def __init__(self, channel: Connection, status: Connection, pid: int) -> None:
        self.channel = channel
        self.status = status
        self.pid = pid

    def send(self, **request: Any) -> None:
        """Send a request; if the process has died, ``receive`` notices."""
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
            raise ForkDied(self.exit_code())
        if self.channel in ready or left is None:
            raise ForkDied(None)
        return None

    def interrupt(self) -> None:
        """Do what Ctrl-C does."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGINT)

    def close(self, grace: float = 0.0) -> None:
        """End the process and all that it started; with a grace, first ask it to end."""
        ended = False
        if grace:
            self.send(op="shutdown")
            ended = bool(wait([self.status], grace))
        self.channel.close()
        if not ended:
            # Normally the fork server does this as soon as the status pipe closes; here in case it is gone.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
        self.status.close()

    def exit_code(self) -> int | None:
        """How the process ended, waiting until it has; None if the fork server died with it."""
        raw = os.read(self.status.fileno(), 32)
        return os.waitstatus_to_exitcode(int(raw)) if raw else None


class ForkServer:
    """A warm process that forks itself on request; safe to use from several threads.

    Parameters
    ----------
    preload : sequence of str
        Modules to import (``package.module``) and functions to call after import (``package.module:function``).
        They must leave no thread, connection or event loop behind.
    """

    #: What serves in a fork; made once, before any fork.
    kernel = f"{__package__}.kernel:ForkKernel"
    _shared: ForkServer | None = None
    _lock = threading.Lock()

    def __init__(self, preload: Sequence[str] = ()) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        options = {"control": theirs.fileno(), "parent": os.getpid(), "preload": list(preload)}
        options |= {"main": f"{__package__}.server", "path": sys.path, "kernel": self.kernel}
        self.key = self._key(preload)
        self.process: subprocess.Popen[bytes] | None = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, json.dumps(options)],
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
    def shared(cls, preload: Sequence[str] = ()) -> ForkServer:
        """The fork server of this process; started on first use, and again if it died or must load something else."""
        with cls._lock:
            present = cls._shared
            if present is not None and present.usable and present.key == cls._key(preload):
                return present
            if present is not None and present.owner == os.getpid():
                present.close()
            cls._shared = cls(preload)
            return cls._shared

    @classmethod
    def adopt(cls, control: socket.socket, preload: Sequence[str]) -> ForkServer:
        """Use the fork server of the process that started this one.

        Parameters
        ----------
        control : socket
            Its control socket, inherited from that process.
        preload : sequence of str
            What it loads.
        """
        adopted = cls.__new__(cls)
        adopted.control, adopted.process = control, None
        adopted.key, adopted.owner = cls._key(preload), os.getpid()
        cls._shared = adopted
        return adopted

    @classmethod
    def fork_shared(cls, preload: Sequence[str], environment: Mapping[str, str], **options: Any) -> Fork:
        """A fork of this process's fork server; if that was killed, of a new one."""
        server = cls.shared(preload)
        try:
            return server.fork(environment, **options)
        except ForkServerError:
            if server.usable:
                raise
            return cls.shared(preload).fork(environment, **options)

    @property
    def usable(self) -> bool:
        """Whether it runs and belongs to this process."""
        return self.owner == os.getpid() and not self._has_ended()

    def fork(
        self,
        environment: Mapping[str, str],
        *,
        start_timeout: float = 60,
        memory: int | None = None,
        folder: str | None = None,
        arguments: Sequence[str] = (),
    ) -> Fork:
        """A fresh process.

        Parameters
        ----------
        environment : mapping
            Its whole environment.
        start_timeout : float
            Seconds; the first fork waits until the fork server is warm.
        memory : int, optional
            Bytes of address space it may take.
        folder : str, optional
            Its working directory; the current one by default.
        arguments : sequence of str
            Those of the program, for a kernel that takes any.

        Raises
        ------
        ForkServerError
            The fork server could not load a module, is gone, or did not respond in time.
        """
        ours, theirs = socket.socketpair()
        read, write = os.pipe()
        status = Connection(read, writable=False)
        channel = Connection(ours.detach())
        try:
            socket.send_fds(self.control, [b"fork"], [theirs.fileno(), write])
        except OSError as exc:
            raise ForkServerError(self._end()) from exc
        finally:
            theirs.close()
            os.close(write)
        made = Fork(channel, status, self._first_word(status, start_timeout))
        made.send(
            op="init",
            cwd=folder or str(Path.cwd()),
            environment=dict(environment),
            memory=memory,
            arguments=list(arguments),
        )
        return made

    def close(self) -> None:
        """End the fork server and all its forks."""
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
        # If another process started it, only the control socket shows whether it lives.
        return self.control.fileno() < 0 or bool(select.select([self.control], [], [], 0)[0])

    def _end(self) -> str:
        """How it ended, in a line."""
        return f"the fork server ended (exit code {self.process.wait(5)})" if self.process else "the fork server ended"

    def _first_word(self, status: Connection, timeout: float) -> int:
        """The process id of the new fork."""
        deadline, line = time.monotonic() + timeout, b""
        while not line.endswith(b"\n"):
            if not status.poll(max(deadline - time.monotonic(), 0)):
                raise ForkServerError(f"the fork server did not respond in {timeout:g} seconds")
            got = os.read(status.fileno(), 1)
            if not got:
                raise ForkServerError(self._end())
            line += got
        word = line.decode().strip()
        if not word.isdigit():
            raise ForkServerError(word)
        return int(word)

    @staticmethod
    def _key(preload: Sequence[str]) -> tuple[object, ...]:
        # A fork server is bound to the values of these at its start.
        return tuple(preload), sys.executable, tuple(sys.path), *(os.environ.get(n) for n in ("PYTHONPATH", "TZ"))
