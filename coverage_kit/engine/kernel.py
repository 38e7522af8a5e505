"""The forked process: an ipykernel whose messages go over a socket pair, and the cells it serves.

The shell, display hook, traceback format and comms are ipykernel's own; only the transport is replaced. The kernel is
made in the fork server, before the fork, and serves exactly one notebook.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import io
import json
import logging
import os
import random
import resource
import select
import signal
import sys
import threading
import time
import types
import uuid
from base64 import b64encode
from multiprocessing.connection import Connection
from typing import Any, cast

# Imported here, before any fork, so that no fork has to import it on its first cell.
import tornado.platform.asyncio  # noqa: F401
from ipykernel.ipkernel import IPythonKernel
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config

_INLINE = "module://matplotlib_inline.backend_inline"
_FLUSH_SECONDS, _FLUSH_CHARACTERS, _PIPE_READS, _PIECE = 0.1, 65_536, 16, 1_000_000


class PipeSession(Session):
    """A session whose messages go to a connection instead of a ZeroMQ socket."""

    channel: Connection | None = None
    owner = 0
    sending = threading.RLock()

    def send(
        self,
        stream: Any,
        msg_or_type: Any,
        content: Any = None,
        parent: Any = None,
        ident: Any = None,
        buffers: Any = None,
        track: bool = False,
        header: Any = None,
        metadata: Any = None,
    ) -> Any:
        """Send one message; the arguments are those of jupyter_client's ``Session.send``."""
        whole = isinstance(msg_or_type, dict)
        message = msg_or_type if whole else self.msg(msg_or_type, content, parent, header, metadata)
        buffers = buffers or message.get("buffers")
        if buffers:
            message = {**message, "buffers": [b64encode(buffer).decode() for buffer in buffers]}
        # A process forked by a cell has the same channel; two writers would mix their messages.
        if self.channel is not None and self.owner == os.getpid():
            with self.sending:
                self.channel.send_bytes(self.pack(message))
        return message


class PipeStream(io.TextIOBase):
    """``sys.stdout`` and ``sys.stderr``: sends a few lines at a time, with whatever is written to the descriptor.

    Parameters
    ----------
    name : str
        ``stdout`` or ``stderr``.
    fd : int
        1 or 2; output of C code and of programs that a cell starts belongs to the stream too.
    kernel : IPythonKernel
    """

    encoding = "UTF-8"

    def __init__(self, name: str, fd: int, kernel: Any) -> None:
        self.name = name
        self.fd = fd
        self.kernel = kernel
        self.below, write = os.pipe()
        os.set_blocking(self.below, False)
        os.dup2(write, fd)
        os.close(write)
        self.waiting: list[str] = []
        self.size = 0
        self.since = 0.0
        self.lock = threading.RLock()

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """The descriptor that programs started by a cell write to."""
        return self.fd

    def write(self, text: str) -> int:
        """Collect text; send it when there is enough of it or it has waited long enough."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if self.kernel.session.owner != os.getpid():
            # A process forked by a cell: its parent reads the descriptor.
            os.write(self.fd, text.encode(errors="replace"))
            return len(text)
        with self.lock:
            if not self.waiting:
                self.since = time.monotonic()
            self.waiting.append(text)
            self.size += len(text)
            if self.size > _FLUSH_CHARACTERS or time.monotonic() - self.since > _FLUSH_SECONDS:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send the collected text."""
        if self.kernel.session.owner != os.getpid():
            return
        with self.lock:
            text, self.waiting, self.size = "".join(self.waiting) + self._written_below(), [], 0
        # In pieces, so that a limit on the output takes effect before a flood was received whole.
        for start in range(0, len(text), _PIECE):
            content = {"name": self.name, "text": text[start : start + _PIECE]}
            self.kernel.session.send(None, "stream", content, self.kernel.get_parent())

    def _written_below(self) -> str:
        chunks: list[bytes] = []
        with contextlib.suppress(BlockingIOError):
            while len(chunks) < _PIPE_READS and (chunk := os.read(self.below, _FLUSH_CHARACTERS)):
                chunks.append(chunk)
        return b"".join(chunks).decode("utf-8", "replace")


class ForkKernel:
    """An IPython kernel that is made before the fork and serves one notebook after it."""

    def __init__(self) -> None:
        # Nobody debugs here, and loading the debugger takes longer than a whole notebook.
        sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
        # Must be set before the inline backend is loaded, which looks for a running shell.
        os.environ.setdefault("MPLBACKEND", _INLINE)
        log = logging.getLogger("warmfork")
        log.addHandler(logging.NullHandler())
        log.propagate = False
        config = Config()
        # As in kernels of nbclient; a history file would also start a thread.
        config.HistoryManager.hist_file = ":memory:"
        made = IPythonKernel.instance(session=PipeSession(key=b"unused"), config=config, user_ns={}, log=log)
        # Partly untyped, and declared as optional throughout.
        self.kernel = cast(Any, made)
        if sys.modules.get("debugpy") is None:
            sys.modules.pop("debugpy", None)
        self.kernel.shell_channel_thread = types.SimpleNamespace(parent_thread=threading.main_thread())
        # `%matplotlib inline` needs no event loop of a window system.
        self.kernel.shell.enable_gui = lambda gui=None: None

    def serve(self, channel: Connection) -> None:
        """Run the requests that arrive; never returns."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        session = self.kernel.session
        session.channel, session.owner, session.session = channel, os.getpid(), uuid.uuid4().hex
        sys.stdout, sys.stderr = PipeStream("stdout", 1, self.kernel), PipeStream("stderr", 2, self.kernel)
        threading.Thread(target=_watch, args=(sys.stdout, sys.stderr), daemon=True).start()
        reseed()
        with contextlib.suppress(EOFError, ConnectionResetError, BrokenPipeError):
            asyncio.run(self._serve(channel))
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
        os._exit(0)

    async def _serve(self, channel: Connection) -> None:
        loop = asyncio.get_running_loop()
        self.kernel.io_loop = IOLoop.current()
        arrived = asyncio.Event()
        loop.add_reader(channel.fileno(), arrived.set)
        while True:
            await arrived.wait()
            request = json.loads(channel.recv_bytes())
            if not channel.poll():
                arrived.clear()
            match request["op"]:
                case "init":
                    self._init(request)
                case "execute":
                    # Otherwise the reader would spin while a cell awaits.
                    loop.remove_reader(channel.fileno())
                    await self._execute(request)
                    loop.add_reader(channel.fileno(), arrived.set)
                    if self.kernel.shell.exit_now:
                        return
                case "comm":
                    getattr(self.kernel.comm_manager, request["message"]["msg_type"])(None, None, request["message"])
                case "shutdown":
                    return

    def _init(self, request: dict[str, Any]) -> None:
        """Take over the engine's environment and working directory, as a new interpreter would."""
        os.environ.clear()
        os.environ.update(request["environment"])
        os.environ.setdefault("MPLBACKEND", _INLINE)
        self.kernel.shell.init_environment()
        time.tzset()
        os.chdir(request["cwd"])
        # The working directory goes where IPython puts it, before the installed packages.
        packages = (n for n, entry in enumerate(sys.path) if entry.endswith(("site-packages", "dist-packages")))
        sys.path.insert(next(packages, len(sys.path)), "")
        sys.argv[:] = ["ipykernel_launcher"]
        if request["memory"]:
            resource.setrlimit(resource.RLIMIT_AS, (request["memory"], request["memory"]))
        self._send("kernel_info_reply", {"language_info": self.kernel.language_info}, {})

    async def _execute(self, request: dict[str, Any]) -> None:
        kernel, parent = self.kernel, request["message"]
        kernel.set_parent(b"", parent)
        self._send("status", {"execution_state": "busy"}, parent)
        self._send("execute_input", {"code": request["code"], "execution_count": kernel.execution_count}, parent)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            reply = await kernel.do_execute(request["code"], False, request["store_history"], {}, False)
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stdout.flush()
        sys.stderr.flush()
        self._send("execute_reply", reply, parent)
        self._send("status", {"execution_state": "idle"}, parent)

    def _send(self, kind: str, content: dict[str, Any], parent: dict[str, Any]) -> None:
        self.kernel.session.send(None, kind, content, parent)


def _watch(*streams: PipeStream) -> None:
    """Read what programs write to the descriptors while a cell runs; a full pipe would block them."""
    poll = select.poll()
    for stream in streams:
        poll.register(stream.below, select.POLLIN)
    while True:
        readable = {fd for fd, _ in poll.poll()}
        for stream in streams:
            if stream.below in readable:
                stream.flush()


def reseed() -> None:
    """Give the fork its own random numbers; NumPy does not reseed itself after a fork."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()
