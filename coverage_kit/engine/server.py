"""The fork server: a process without threads that has loaded everything and forks a copy of itself on request.

A request is one datagram on the control socket with two descriptors: the channel over which the copy will talk, and the
status pipe, which gets the copy's process id at once and its wait status at its end. When a status pipe has no reader
left (the engine gave up, or died) the copy and its process group are killed; when the control socket closes, all copies
are.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import sys
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Protocol

_PDEATHSIG, _CHILD_SUBREAPER = 1, 36
_CHECK_PARENT_MS = 1000


class Kernel(Protocol):
    """What a fork runs; made before the fork."""

    def serve(self, channel: Connection) -> None:
        """Serve the requests that arrive; never returns."""


class Server:
    """Forks on request, reaps processes that ended, and kills those that nobody waits for."""

    def __init__(self, control: socket.socket, parent: int, kernel: Kernel, problem: str) -> None:
        self.control = control
        self.parent = parent
        self.kernel = kernel
        self.problem = problem
        self.forks: dict[int, int] = {}  # process id → status pipe
        self.woken, wake = os.pipe()
        os.set_blocking(wake, False)
        signal.set_wakeup_fd(wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.poll.register(self.woken, select.POLLIN)

    def run(self) -> None:
        """Serve until the control socket closes or the parent is gone."""
        while os.getppid() == self.parent:
            for fd, _ in self.poll.poll(_CHECK_PARENT_MS):
                if fd == self.woken:
                    os.read(fd, 4096)
                elif fd != self.control.fileno():
                    self._give_up(fd)
                elif not self._fork():
                    return self._end()
            self._reap()
        return self._end()

    def _fork(self) -> bool:
        """Serve one request; False if the control socket has closed."""
        try:
            request, received, *_ = socket.recv_fds(self.control, 64, 2)
        except ConnectionResetError:
            return False
        if not request:
            return False
        channel, status = received
        if self.problem:
            _write(status, f"{self.problem}\n")
            os.close(channel)
            os.close(status)
            return True
        parent, pid = os.getpid(), os.fork()
        if pid == 0:
            self._become_fork(parent, channel, status)
        os.close(channel)
        self.forks[pid] = status
        self.poll.register(status, select.POLLERR)
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        _write(status, f"{pid}\n")
        return True

    def _become_fork(self, parent: int, channel: int, status: int) -> None:
        """In the new process: drop everything of the fork server and serve cells; never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            with contextlib.suppress(OSError):
                os.setpgid(0, 0)
            _prctl(_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != parent:
                os._exit(1)
            for fd in (self.control.fileno(), self.woken, status, *self.forks.values()):
                os.close(fd)
            self.control.detach()
            os.set_inheritable(channel, False)
            self.kernel.serve(Connection(channel))
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(70)

    def _give_up(self, status: int) -> None:
        """Kill a fork that nobody waits for any more."""
        self.poll.unregister(status)
        for pid, pipe in self.forks.items():
            if pipe == status:
                _kill_group(pid)

    def _reap(self) -> None:
        while self.forks:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            pid = ended.si_pid
            # While it is a zombie its id cannot be reused: now kill the rest of its group.
            if pid in self.forks:
                _kill_group(pid)
            _, status = os.waitpid(pid, 0)
            pipe = self.forks.pop(pid, None)
            if pipe is not None:
                with contextlib.suppress(KeyError):
                    self.poll.unregister(pipe)
                _write(pipe, str(status))
                os.close(pipe)
            if not self.forks:
                _kill_orphans()

    def _end(self) -> None:
        for pid in self.forks:
            _kill_group(pid)
        _kill_orphans()
        os._exit(0)


def _kill_orphans() -> None:
    """Kill processes that a fork started in another group and left behind; we are their subreaper."""
    with contextlib.suppress(OSError):
        for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)
                os.waitpid(int(pid), 0)


def _kill_group(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _write(pipe: int, text: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(pipe, text.encode())


def _prctl(option: int, value: int) -> None:
    ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def load(names: Sequence[str]) -> str:
    """Import modules and call functions; returns why that failed in one line, or an empty text."""
    for name in names:
        module, _, function = name.partition(":")
        try:
            loaded = importlib.import_module(module)
            if function:
                getattr(loaded, function)()
        except Exception as exc:
            return " ".join(f"preloading {name} failed: {type(exc).__name__}: {exc}".split())
        # The system's list, since Python does not know the threads that libraries start.
        if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
            return f"preloading {name} started a thread; a process with threads cannot be forked safely"
    return ""


def main(options: dict[str, Any]) -> None:
    """Warm up, then serve.

    Parameters
    ----------
    options : dict
        ``control`` the control socket's descriptor, ``parent`` the engine's process, ``kernel`` the class that serves
        in a fork, ``preload`` what to load, ``fresh`` the search path of a new interpreter.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _prctl(_CHILD_SUBREAPER, 1)
    control = socket.socket(fileno=options["control"])
    control.set_inheritable(False)
    module, _, name = options["kernel"].partition(":")
    kernel: Kernel = getattr(importlib.import_module(module), name)()
    problem = load(options["preload"])
    sys.path[:] = options["fresh"]
    # Everything loaded so far stays: exempt it from collection, so that its memory pages stay shared.
    gc.collect()
    gc.freeze()
    # A fork lives for one notebook: collect garbage less often.
    gc.set_threshold(20_000, 20, 100)
    Server(control, options["parent"], kernel, problem).run()
