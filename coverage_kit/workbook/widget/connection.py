"""The server's side of a page's connection to its kernel."""

from __future__ import annotations

from typing import Any

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """Sends each small message at once.

    A kernel answers with several messages. By default the second waits until the browser has confirmed the first,
    which browsers put off by 40 ms: longer than everything else a switch of accounts takes.
    """

    def connect(self) -> Any:
        """Begin to pass messages on."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
