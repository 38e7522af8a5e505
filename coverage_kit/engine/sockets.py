"""Kernels that speak over socket files of their user instead of TCP ports."""

from __future__ import annotations

import atexit
import os
import secrets
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

from jupyter_client.manager import AsyncKernelManager, KernelManager
from traitlets import default

#: Windows has no such sockets in ZeroMQ; its kernels keep to TCP, encrypted.
SUPPORTED = sys.platform != "win32"
#: The system's limit of a socket's path is 104 bytes on macOS and 108 on Linux, the end mark included.
_LONGEST = 103
_NAME = "coverage-kit-kernels-12345678/12345678-5"


class SocketFiles(KernelManager):
    """Starts a kernel whose sockets are files in a folder that only its user may enter.

    Nobody else on the machine can connect. No port is chosen either: Jupyter picks free ports before the kernel binds
    them, so another program can take one in between, and the kernel then never answers.
    """

    @default("transport")
    def _transport(self) -> str:
        return "ipc" if SUPPORTED else "tcp"

    @default("transport_encryption")
    def _encryption(self) -> str:
        return "disabled" if self.transport == "ipc" else "auto"

    def _ip_default(self) -> str:
        """The start of the sockets' path; the manager adds a number for each of the five."""
        if self.transport == "ipc":
            return str(Path(_folder(), secrets.token_hex(4)))
        return str(super()._ip_default())


class NotebookKernel(SocketFiles, AsyncKernelManager):
    """The kernel of one notebook, run by nbclient."""


@cache
def _folder() -> str:
    """The folder of this process's sockets, removed when it ends."""
    folder = tempfile.mkdtemp(prefix="coverage-kit-kernels-", dir=_short_folder())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _short_folder() -> str:
    """Where a socket's path stays within the system's limit."""
    for folder in filter(None, (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir())):
        if len(os.fsencode(Path(folder, _NAME))) <= _LONGEST and os.access(folder, os.W_OK | os.X_OK):
            return folder
    return "/tmp"
