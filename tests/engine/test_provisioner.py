"""A kernel forked from a warm process is a kernel like any other, and shares nothing but the start with the next."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from coverage_kit.engine.provisioner import ForkedKernel, KernelServer
from coverage_kit.engine.sockets import SocketFiles

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forking needs Linux")]
SECONDS = 60


class Kernel(ForkedKernel, SocketFiles, AsyncKernelManager):
    preload = ("pandas",)


class Opened:
    """A kernel and its client."""

    def __init__(self, kind: type[Kernel] = Kernel, **options: Any) -> None:
        self.manager = kind(kernel_name="python3")
        run_sync(self.manager.start_kernel)(**options)
        self.client: Any = self.manager.client()
        self.client.start_channels()
        self.wait()

    def wait(self) -> None:
        run_sync(self.client.wait_for_ready)(timeout=SECONDS)

    def says(self, code: str) -> str:
        """What a cell prints."""
        printed: list[str] = []

        def keep(message: dict[str, Any]) -> None:
            printed.append(message["content"].get("text", ""))

        reply = run_sync(self.client.execute_interactive)(code, timeout=SECONDS, output_hook=keep)
        return "".join(printed) if reply["content"]["status"] == "ok" else reply["content"]["ename"]

    @property
    def process(self) -> psutil.Process:
        provisioner: Any = self.manager.provisioner
        return psutil.Process(provisioner.pid)

    def close(self) -> None:
        self.client.stop_channels()
        run_sync(self.manager.shutdown_kernel)()


@pytest.fixture(scope="module", autouse=True)
def _end_warm_process() -> Iterator[None]:
    yield
    KernelServer.shared(Kernel.preload).close()


@pytest.fixture
def opened() -> Iterator[Callable[..., Opened]]:
    made: list[Opened] = []

    def start(**options: Any) -> Opened:
        made.append(Opened(**options))
        return made[-1]

    yield start
    for each in made:
        each.close()


def warm_process() -> psutil.Process:
    server = KernelServer.shared(Kernel.preload)
    assert server.process is not None
    return psutil.Process(server.process.pid)


def test_a_kernel_is_forked_with_its_own_folder_environment_and_name(
    opened: Callable[..., Opened], tmp_path: Path
) -> None:
    kernel = opened(cwd=str(tmp_path), env={**os.environ, "OF_THIS_KERNEL": "yes"})
    assert kernel.process.parent() == warm_process()
    assert kernel.process.name() == Path(kernel.manager.connection_file).stem[:15]
    assert kernel.says("import sys; print('pandas' in sys.modules)") == "True\n"
    assert kernel.says("import os; print(os.getcwd(), os.environ['OF_THIS_KERNEL'])") == f"{tmp_path} yes\n"
    assert kernel.says("1 / 0") == "ZeroDivisionError"
    assert kernel.says("print('still here')") == "still here\n"


def test_nothing_of_one_kernel_is_found_in_the_next_and_random_numbers_differ(opened: Callable[..., Opened]) -> None:
    numbers = "import random, numpy; print(random.random(), numpy.random.random())"
    first, second = opened(), opened()
    first.says("import pandas, os; pandas.left_behind = mine = 1; os.environ['LEFT'] = '1'; os.chdir('/')")
    assert (
        second.says("import pandas, os; print(hasattr(pandas, 'left_behind'), 'LEFT' in os.environ)") == "False False\n"
    )
    assert second.says("mine") == "NameError"
    assert first.says(numbers) != second.says(numbers)


def test_a_cell_is_interrupted_and_the_kernel_goes_on(opened: Callable[..., Opened]) -> None:
    kernel = opened()
    # An error would make the kernel drop what is asked in the next moment.
    kernel.client.execute("import time\nprint('begun')\ntime.sleep(600)", stop_on_error=False)
    while run_sync(kernel.client.get_iopub_msg)(timeout=SECONDS)["msg_type"] != "stream":
        pass
    run_sync(kernel.manager.interrupt_kernel)()
    while (reply := run_sync(kernel.client.get_shell_msg)(timeout=SECONDS))["msg_type"] != "execute_reply":
        pass
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert kernel.says("print('on')") == "on\n"


@pytest.mark.parametrize("killed", ["the kernel", "the warm process"])
def test_a_killed_kernel_is_seen_and_starts_again(opened: Callable[..., Opened], killed: str) -> None:
    kernel = opened()
    process = kernel.process
    (process if killed == "the kernel" else warm_process()).send_signal(signal.SIGKILL)
    with suppress(psutil.NoSuchProcess):
        process.wait(SECONDS)
    assert not run_sync(kernel.manager.is_alive)()
    run_sync(kernel.manager.restart_kernel)()
    kernel.wait()
    assert kernel.says("print('again')") == "again\n"
    assert kernel.process.parent() == warm_process()


def test_a_closed_kernel_leaves_no_process_and_no_descriptor() -> None:
    Opened().close()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(3):
        Opened().close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    assert warm_process().children() == []
    assert warm_process().num_threads() == 1


def test_where_the_warm_process_fails_a_kernel_starts_as_usual(caplog: pytest.LogCaptureFixture) -> None:
    class Threaded(Kernel):
        preload = ("leaves_a_thread:start",)

    kernel = Opened(Threaded)
    try:
        assert kernel.says("print('here')") == "here\n"
        assert kernel.process.parent() == psutil.Process()
        assert "started a thread" in caplog.text
    finally:
        kernel.close()


def test_kernels_end_with_the_program_that_started_them() -> None:
    code = (
        "from tests.engine.test_provisioner import Opened, warm_process\n"
        "import os, signal\n"
        "kernel = Opened()\n"
        "print(kernel.process.pid, warm_process().pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert ran.returncode == -signal.SIGKILL, ran.stderr
    left = [psutil.Process(int(pid)) for pid in ran.stdout.split() if psutil.pid_exists(int(pid))]
    _, alive = psutil.wait_procs(left, timeout=SECONDS)
    assert alive == []
