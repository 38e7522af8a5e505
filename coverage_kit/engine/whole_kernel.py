"""In the fork server and its forks: a whole ipykernel, with the sockets that a Jupyter server connects to."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import json
import os
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from .kernel import reseed

_SET_NAME = 15
#: What a kernel loads while it starts.
_LOADED = ("ipykernel.kernelapp", "ipykernel.zmqshell", "IPython.core.completer", "tornado.platform.asyncio")


class WholeKernel:
    """Starts in its fork as ``python -m ipykernel_launcher`` would, with everything loaded.

    The application, its threads, its sockets and its history are made after the fork.
    """

    def __init__(self) -> None:
        # A page without code has no debugger, and loading one takes a second.
        sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
        for name in _LOADED:
            importlib.import_module(name)
        if sys.modules.get("debugpy") is None:
            sys.modules.pop("debugpy", None)
        self.threshold = gc.get_threshold()

    def serve(self, channel: Connection) -> None:
        """Run until the server shuts the kernel down; never returns."""
        request = json.loads(channel.recv_bytes())
        channel.close()
        # The fork server collects garbage less often; a page may stay open for a day.
        gc.set_threshold(*self.threshold)
        os.environ.clear()
        os.environ.update(request["environment"])
        time.tzset()
        os.chdir(request["cwd"])
        sys.argv[:] = ["ipykernel_launcher", *request["arguments"]]
        _show_name(request["arguments"])
        reseed()
        code = _run()
        with contextlib.suppress(BaseException):
            atexit._run_exitfuncs()
        with contextlib.suppress(BaseException):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _run() -> int:
    """Run the application; returns its exit code."""
    from ipykernel.kernelapp import IPKernelApp

    try:
        # The fork server ends its forks; 1 stands for a parent that needs no watching.
        IPKernelApp.launch_instance(parent_handle=1)
    except SystemExit as exc:
        return exc.code if isinstance(exc.code, int) else int(exc.code is not None)
    return 0


def _show_name(arguments: list[str]) -> None:
    """Name the process after its kernel, as lists of processes show it: forks share the command line."""
    connection_file = next((each for each in arguments if each.endswith(".json")), "")
    ctypes.CDLL(None).prctl(_SET_NAME, Path(connection_file).stem[:15].encode(), 0, 0, 0)
