"""Kernels that we start speak over socket files of their user, so many may start at once."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from coverage_kit.engine import sockets
from coverage_kit.engine.sockets import NotebookKernel
from coverage_kit.sample import fill_workspace
from coverage_kit.workspace import init_workspace
from tests.browser.places import Lab, Voila
from tests.browser.servers import START_MS
from tests.needs import Prepare

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps to TCP")
N_AT_ONCE = 12
ALL_FIVE = {"-1", "-2", "-3", "-4", "-5"}


def socket_files(kernel: psutil.Process) -> set[str]:
    """The numbers of a kernel's sockets in our folder; one that speaks over TCP has none."""
    return {each.laddr[-2:] for each in kernel.net_connections("unix") if "coverage-kit-kernels-" in each.laddr}


@pytest.mark.slow
def test_many_kernels_start_at_once_and_each_replies() -> None:
    async def reply(number: int) -> str:
        manager = NotebookKernel()
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=120)
            printed: list[str] = []
            await client.execute_interactive(
                f"print({number})", timeout=120, output_hook=lambda message: printed.append(message["content"]["text"])
                if message["msg_type"] == "stream" else None,
            )  # fmt: skip
            assert socket_files(psutil.Process(manager.provisioner.pid)) == ALL_FIVE
            return "".join(printed).strip()
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(reply(number) for number in range(N_AT_ONCE)))

    # In a thread of its own: the browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        replies = pool.submit(lambda: asyncio.run(all_at_once())).result()
    assert replies == [str(number) for number in range(N_AT_ONCE)]


def test_only_its_user_may_enter_the_folder_of_the_sockets() -> None:
    folder = Path(NotebookKernel().ip).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert NotebookKernel().ip != NotebookKernel().ip


def test_a_long_or_missing_folder_is_left_for_a_short_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert sockets._short_folder() == "/tmp"
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/")
    monkeypatch.setattr(os, "access", lambda *_: True)
    assert sockets._short_folder() == "/"


def test_the_user_may_still_choose_tcp() -> None:
    manager = NotebookKernel(transport="tcp")
    assert (manager.ip, manager.transport_encryption) == ("127.0.0.1", "auto")


def _team(path: Path) -> None:
    with init_workspace(path, lang="ko", actor="jihye.kim") as ws:
        fill_workspace(ws, n_reps=1, n_accounts=3, n_weeks=1)


def _first_kernel(server: psutil.Process) -> psutil.Process:
    """The server's first kernel, when all its five sockets are there."""
    deadline = time.monotonic() + START_MS / 1000
    while time.monotonic() < deadline:
        # On Linux a page's kernel is the child of the process it is forked from.
        for child in server.children(recursive=True):
            if socket_files(child) == ALL_FIVE:
                return child
        time.sleep(0.1)
    raise TimeoutError("no kernel within the time")


@pytest.mark.slow
@pytest.mark.parametrize("server", [Voila, Lab])
def test_a_server_starts_its_kernels_on_socket_files(
    server: type[Lab | Voila], prepared: Prepare, tmp_path: Path
) -> None:
    home = shutil.copytree(prepared("one rep", _team), tmp_path / "team")
    place = Lab.start(home, tmp_path) if server is Lab else Voila.start(home, tmp_path, pages_ready=True)
    try:
        if isinstance(place, Lab):
            # Voilà keeps kernels ready without being asked.
            place._ask("POST", "api/kernels")
        _first_kernel(psutil.Process(place.process.pid))
    finally:
        place.close()
