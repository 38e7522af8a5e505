"""The server's side of a page's connection to its kernel, and of the kernel itself."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from jupyter_server.services.kernels.kernelmanager import ServerKernelManager

from coverage_kit.engine.provisioner import ForkedKernel
from coverage_kit.engine.sockets import SocketFiles


class LabKernel(SocketFiles, ServerKernelManager):
    """The kernel of a notebook in JupyterLab. It starts from the beginning, so that it runs the code as it is now."""


class PageKernel(ForkedKernel, SocketFiles, ServerKernelManager):
    """The kernel of a page without code, forked from a process that has loaded all screens."""

    preload = ("coverage_kit.workbook.widget.warm:warm_up",)


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each small message at once.

    A kernel answers with several messages. By default the second waits until the browser has confirmed the first,
    which browsers put off by 40 ms: longer than everything else a switch of accounts takes.
    """

    def connect(self) -> Any:
        """Begin to pass messages on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
