"""nbclient's client with a forked process in the place of a kernel manager and its sockets.

nbclient and papermill still decide how a message becomes an output, which errors stop a notebook, and what is recorded
for each cell. Only the transport of messages and the start and end of the process are replaced.
"""

from __future__ import annotations

import logging
import os
import signal
import time
import types
from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from jupyter_client.jsonutil import extract_dates
from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbclient.util import run_sync
from papermill.clientwrap import PapermillNotebookClient

from .handle import Fork, ForkDied, ForkServer, ForkServerError

_INTERRUPT_GRACE, _EXIT_GRACE = 2.0, 5.0
log = logging.getLogger("warmfork")


class OutputTooLarge(RuntimeError):
    """A notebook produced more output than allowed."""


class KernelDied(DeadKernelError):
    """The process that ran the cells ended; ``code`` is its exit code, negative for a signal."""

    def __init__(self, code: int) -> None:
        how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        super().__init__(f"Kernel died ({how})")
        self.code = code


class ForkClient(PapermillNotebookClient):  # type: ignore[misc]
    """Runs the cells of one notebook in one forked process.

    Parameters
    ----------
    nb_man : papermill.engines.NotebookExecutionManager
    preload : sequence of str
        What the fork server loads.
    max_output_bytes : int, optional
        The notebook ends when its messages exceed this.
    max_memory_bytes : int, optional
        Address space of the process.
    **options
        Those of papermill's client.
    """

    def __init__(
        self,
        nb_man: Any,
        *,
        preload: Sequence[str] = (),
        max_output_bytes: int | None = None,
        max_memory_bytes: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(nb_man, **options)
        self.preload = preload
        self.output_left = max_output_bytes
        self.max_memory_bytes = max_memory_bytes
        self.session = Session(key=b"unused")
        # Messages of output widgets; a kernel reads them when its cell has ended, so they are sent before the next one.
        self.comms: list[dict[str, Any]] = []
        self.fork: Fork | None = None

    def execute(self, **_: Any) -> Any:
        """Run all cells; returns the notebook."""
        self.reset_execution_trackers()
        self.fork = ForkServer.fork_shared(
            self.preload, os.environ, start_timeout=self.startup_timeout, memory=self.max_memory_bytes
        )
        grace = 0.0
        try:
            info = self._receive(time.monotonic() + self.startup_timeout)
            if info is None:
                raise RuntimeError(f"Kernel didn't respond in {self.startup_timeout} seconds")
            channel = types.SimpleNamespace(send=self.comms.append)
            self.kc: Any = types.SimpleNamespace(session=self.session, shell_channel=channel)
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = info["content"]["language_info"]
            self.set_widgets_metadata()
            grace = _EXIT_GRACE
        finally:
            self.fork.close(grace)
            self.kc = None
        return self.nb

    def execute_cell(
        self, cell: Any, cell_index: int, execution_count: int | None = None, store_history: bool = True
    ) -> Any:
        """Run one cell; the arguments, the result and the errors are nbclient's."""
        if cell.cell_type != "code" or not cell.source.strip():
            return cell
        if self.skip_cells_with_tag in cell.metadata.get("tags", []):
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        cell.outputs = []
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        reply = self._run(cell, cell_index, store_history)
        if execution_count:
            cell["execution_count"] = execution_count
        run_sync(self._check_raise_for_error)(cell, cell_index, reply)
        self.nb["cells"][cell_index] = cell
        return cell

    def _run(self, cell: Any, cell_index: int, store_history: bool) -> dict[str, Any] | None:
        """Send a cell and process its messages until it is idle again; returns the reply."""
        assert self.fork is not None
        for comm in self.comms:
            self.fork.send(op="comm", message=_plain(comm))
        self.comms.clear()
        request = self.session.msg("execute_request", {"code": cell.source})
        self.fork.send(op="execute", code=cell.source, store_history=store_history, message=_plain(request))
        timeout = self._get_timeout(cell)
        deadline = None if timeout is None else time.monotonic() + timeout
        reply: dict[str, Any] | None = None
        interrupted = False
        while True:
            message = self._receive(deadline)
            if message is None and interrupted:
                break
            if message is None:
                # Ctrl-C first, so that the notebook shows where the cell was stuck.
                self.fork.interrupt()
                interrupted, deadline = True, time.monotonic() + _INTERRUPT_GRACE
            elif message["parent_header"].get("msg_id") != request["header"]["msg_id"]:
                continue
            elif message["msg_type"] == "execute_reply":
                reply = message
                if self.record_timing:
                    cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(message)
            else:
                try:
                    self.process_message(message, cell, cell_index)
                except CellExecutionComplete:
                    break
        if interrupted and not self.interrupt_on_timeout:
            raise CellTimeoutError.error_from_timeout_and_cell("Cell execution timed out", timeout, cell)
        return reply

    def _receive(self, deadline: float | None) -> dict[str, Any] | None:
        assert self.fork is not None
        try:
            raw = self.fork.receive(deadline, self.output_left)
        except ForkDied as exc:
            if exc.code is None:
                raise ForkServerError("the fork server and its forks were killed") from None
            raise KernelDied(exc.code) from None
        except OSError as exc:
            raise OutputTooLarge("the notebook's output is larger than allowed") from exc
        if raw is None:
            return None
        if self.output_left is not None:
            self.output_left = max(self.output_left - len(raw), 1)
        message: dict[str, Any] = self.session.unpack(raw)
        message["header"] = extract_dates(message["header"])
        if message.get("buffers"):
            message["buffers"] = [b64decode(buffer) for buffer in message["buffers"]]
        return message


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    """A message reduced to what JSON can hold."""
    header = {**message["header"], "date": message["header"]["date"].isoformat()}
    kept = {key: message[key] for key in ("msg_type", "content", "metadata")}
    return {**kept, "header": header, "parent_header": {}, "buffers": []}
