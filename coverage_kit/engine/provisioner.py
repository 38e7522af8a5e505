"""Start the kernels of a Jupyter server by forking a warm process."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Sequence
from multiprocessing.connection import wait
from signal import SIGKILL, SIGTERM
from typing import Any
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from .handle import SUPPORTED, Fork, ForkServer, ForkServerError, starts_this_python

log = logging.getLogger("warmfork")


class KernelServer(ForkServer):
    """A warm process whose forks are whole kernels."""

    kernel = f"{__package__}.whole_kernel:WholeKernel"
    _shared = None
    _lock = threading.Lock()

    @staticmethod
    def _key(preload: Sequence[str]) -> tuple[object, ...]:
        # Another one would end the kernels of this one.
        return tuple(preload)


def prepare(preload: Sequence[str]) -> None:
    """Start the warm process, so that the first kernel need not wait for it."""
    if SUPPORTED:
        KernelServer.shared(preload)


class ForkedKernel(AsyncKernelManager):
    """Starts a kernel in a fork; where that cannot be done, as usual.

    It cannot on another system than Linux, for another interpreter or language, or when the warm process has failed.
    """

    #: What the warm process loads.
    preload: Sequence[str] = ()

    async def _async_pre_start_kernel(self, **options: Any) -> Any:
        self.kernel_id = self.kernel_id or options.pop("kernel_id", None) or str(uuid4())
        if self.provisioner is None:
            self.provisioner = ForkProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)
        return await super()._async_pre_start_kernel(**options)


class ForkProvisioner(LocalProvisioner):
    """Launches the process of a forked kernel."""

    parent: ForkedKernel

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        """Start a kernel; the arguments are those of jupyter_client."""
        if not SUPPORTED or not starts_this_python(cmd):
            return await super().launch_kernel(cmd, **options)
        try:
            # In a thread: the first fork waits until the process is warm.
            fork = await asyncio.to_thread(
                KernelServer.fork_shared,
                self.parent.preload,
                options.get("env") or os.environ,
                folder=options.get("cwd"),
                arguments=cmd[cmd.index("ipykernel_launcher") + 1 :],
            )
        except ForkServerError as exc:
            log.warning("a kernel is started without a fork: %s", exc)
            return await super().launch_kernel(cmd, **options)
        # jupyter_client declares these as None.
        own: Any = self
        own.process, own.pid, own.pgid, own.cwd = ForkedProcess(fork), fork.pid, fork.pid, options.get("cwd")
        return self.connection_info


class ForkedProcess:
    """A fork, with what jupyter_client asks of a ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, fork: Fork) -> None:
        self.fork = fork
        self.pid = fork.pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        if self.returncode is None and self.fork.status.poll(0):
            self._note_end()
        return self.returncode

    def wait(self) -> int | None:
        """Wait for its end; returns the exit code."""
        if self.returncode is None:
            wait([self.fork.status])
            self._note_end()
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(SIGKILL)

    def _note_end(self) -> None:
        code = self.fork.exit_code()
        # If the fork server was killed, it took its forks with it.
        self.returncode = -SIGKILL if code is None else code
        self.fork.channel.close()
        self.fork.status.close()
