"""The engine gives the notebook that plain papermill gives, and whatever a notebook does stays in its own process."""

from __future__ import annotations

import copy
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import papermill
import psutil
import pytest
from nbclient.exceptions import CellTimeoutError
from papermill.engines import papermill_engines

from coverage_kit.engine import ForkServer, ForkServerError, KernelDied, OutputTooLarge, WarmForkEngine

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forking needs Linux")]
PRELOAD = ("pandas", "matplotlib.figure")
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture(autouse=True)
def _registered() -> None:
    papermill_engines.register("warmfork", WarmForkEngine)


@pytest.fixture(scope="module", autouse=True)
def _end_fork_server() -> Iterator[None]:
    yield
    ForkServer.shared(PRELOAD).close()


def notebook(*sources: str, tags: dict[int, list[str]] | None = None) -> nbformat.NotebookNode:
    new = nbformat.v4
    cells = [
        new.new_code_cell(s, id=f"c{n}", metadata={"tags": (tags or {}).get(n, [])}) for n, s in enumerate(sources)
    ]
    return new.new_notebook(cells=cells, metadata=KERNEL)


def run(nb: Any, out: Path | None = None, engine: str | None = "warmfork", **options: Any) -> nbformat.NotebookNode:
    if engine:
        options = {"preload": PRELOAD, **options}
    return papermill.execute_notebook(
        nb, out and str(out), engine_name=engine, progress_bar=False, kernel_name="python3", **options
    )


def run_plain(nb: Any, out: Path | None = None) -> nbformat.NotebookNode:
    """The same by papermill alone, which on a busy machine may wait for its kernel for ever; then once more."""
    try:
        return run(copy.deepcopy(nb), out, None, execution_timeout=60)
    except CellTimeoutError:
        return run(nb, out, None)


def shown(nb: nbformat.NotebookNode) -> list[tuple[str, Any, str]]:
    """All that a reader sees of a notebook; stream chunks joined, process ids and addresses made equal."""
    found = []
    for cell in nb.cells:
        outputs: list[dict[str, Any]] = []
        for output in copy.deepcopy(cell.get("outputs", [])):
            if output.output_type == "stream" and outputs and outputs[-1].get("name") == output.name:
                outputs[-1]["text"] += output.text
            else:
                outputs.append(dict(output))
        text = re.sub(r"ipykernel_\d+", "ipykernel_PID", repr(outputs))
        text = re.sub(r"0x[0-9a-f]{6,}|\b[0-9a-f]{32}\b", "ID", text)
        found.append((cell.source, cell.get("execution_count"), text))
    return found


def text_of(nb: nbformat.NotebookNode, cell: int = -1) -> str:
    return "".join(o.get("text", "") for o in nb.cells[cell].outputs)


EVERYTHING = (
    "import sys, os\nprint('out'); print('err', file=sys.stderr)",
    "1 + 1",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 1]);",
    "%matplotlib inline\nplt.figure(figsize=(2, 2)); plt.plot([3, 1]); plt.show()",
    "!echo from a program",
    "from IPython.display import HTML, display\nhandle = display(HTML('<b>x</b>'), display_id=True)",
    "handle.update(HTML('<i>y</i>'))",
    "import ipywidgets\nslider = ipywidgets.IntSlider(3); slider",
    "out = ipywidgets.Output()\nwith out:\n    print('inside')\nout",
    "import asyncio\nawait asyncio.sleep(0.01)\nprint('awaited')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "sys.path, os.environ['MPLBACKEND'], os.getcwd(), __name__",
    "from IPython.display import clear_output\nprint('gone'); clear_output(); print('kept')",
    "1 / 0",
    "'after an expected error'",
    "def f():\n    raise KeyError('no')\nf()",
    "'never reached'",
)


def test_the_notebook_is_the_one_plain_papermill_gives(tmp_path: Path) -> None:
    made = {}
    for engine, way in ((None, run_plain), ("warmfork", run)):
        out = tmp_path / f"{engine}.ipynb"
        nb = notebook(*EVERYTHING, tags={13: ["raises-exception"]})
        with pytest.raises(papermill.PapermillExecutionError, match="KeyError"):
            way(nb, out)
        made[engine] = nbformat.read(out, 4)
    plain, ours = made[None], made["warmfork"]
    assert shown(ours) == shown(plain)
    assert ours.metadata.language_info == plain.metadata.language_info
    assert ours.metadata.keys() == plain.metadata.keys()
    assert [c.metadata.papermill.status for c in ours.cells if "papermill" in c.metadata] == [
        c.metadata.papermill.status for c in plain.cells if "papermill" in c.metadata
    ]

    def widgets(nb: nbformat.NotebookNode) -> list[tuple[str, str]]:
        (kept,) = nb.metadata.widgets.values()
        return sorted(
            (s.model_name, re.sub(r"[0-9a-f]{32}", "ID", repr(sorted(s.state.items())))) for s in kept.state.values()
        )

    assert widgets(ours) == widgets(plain)


def test_sys_exit_0_ends_a_notebook_as_under_plain_papermill() -> None:
    sources = ("print('a')", "import sys\nsys.exit(0)", "print('never')")
    assert shown(run(notebook(*sources))) == shown(run_plain(notebook(*sources)))


PROBES = {
    "variable": ("left = 1", "'left' in globals()"),
    "module": ("import json; json.patched = 1", "hasattr(__import__('json'), 'patched')"),
    "patched function": ("import os; os.sep = '!'", "__import__('os').sep != '/'"),
    "environment": ("import os; os.environ['LEFT'] = '1'", "'LEFT' in __import__('os').environ"),
    "working directory": ("import os; os.chdir('/')", "__import__('os').getcwd() == '/'"),
    "rcParams": (
        "import matplotlib as mpl; mpl.rcParams['font.size'] = 77",
        "__import__('matplotlib').rcParams['font.size'] == 77",
    ),
    "backend": (
        "import matplotlib; matplotlib.use('agg')",
        "__import__('matplotlib').get_backend().lower() == 'agg'",
    ),
    "pandas option": (
        "import pandas as pd; pd.set_option('display.max_rows', 7)",
        "__import__('pandas').get_option('display.max_rows') == 7",
    ),
    "warnings": (
        "import warnings; warnings.simplefilter('error')",
        "__import__('warnings').filters[0][0] == 'error'",
    ),
    "builtin": ("import builtins; builtins.left = 1", "hasattr(__import__('builtins'), 'left')"),
    "history": ("'remember me'", "any('remember me' in cell for cell in In[:-1])"),
    "search path": ("import sys; sys.path.append('/left')", "'/left' in __import__('sys').path"),
    "locale": ("import decimal; decimal.getcontext().prec = 3", "__import__('decimal').getcontext().prec == 3"),
    "thread": ("import threading; threading.Thread(target=__import__('time').sleep, args=(60,), daemon=True).start()", "any(t.name.startswith('Thread-2') for t in __import__('threading').enumerate())"),
    "umask": ("import os; os.umask(0o777)", "__import__('os').umask(0o022) == 0o777"),
}  # fmt: skip


def test_nothing_of_one_notebook_is_found_in_the_next() -> None:
    server = ForkServer.shared(PRELOAD)
    same = run(notebook(*(put for put, _ in PROBES.values()), *(f"print({seen})" for _, seen in PROBES.values())))
    positive = [text_of(same, n) for n in range(len(PROBES), 2 * len(PROBES))]
    # Each probe finds what it looks for where it may be found.
    assert dict(zip(PROBES, positive, strict=True)) == dict.fromkeys(PROBES, "True\n")
    after = run(notebook(*(f"print({seen})" for _, seen in PROBES.values())))
    assert dict(zip(PROBES, [text_of(after, n) for n in range(len(PROBES))], strict=True)) == dict.fromkeys(
        PROBES, "False\n"
    )
    assert ForkServer.shared(PRELOAD) is server


def test_random_numbers_of_two_notebooks_differ() -> None:
    source = "import random, uuid, numpy as np\nprint(random.random(), np.random.random(), uuid.uuid4())"
    assert text_of(run(notebook(source))) != text_of(run(notebook(source)))


DEATHS = {
    "os._exit": ("import os\nos._exit(3)", KernelDied, "exit code 3"),
    "exit 0": ("import os\nos._exit(0)", KernelDied, "exit code 0"),
    "segfault": ("import ctypes\nctypes.string_at(0)", KernelDied, "SIGSEGV"),
    "killed": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", KernelDied, "SIGKILL"),
    "fork server killed": (
        "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(30)",
        ForkServerError,
        "killed",
    ),
    "endless": ("print('begun')\nwhile True: pass", CellTimeoutError, "timed out"),
    "deaf": (
        "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except BaseException:\n        pass",
        CellTimeoutError,
        "timed out",
    ),
    "one flood": ("print('x' * 200_000_000)", OutputTooLarge, "larger"),
    "flood of lines": ("while True: print('x' * 1000)", OutputTooLarge, "larger"),
    "flood from below": ("import os\nwhile True: os.write(1, b'x' * 10_000)", OutputTooLarge, "larger"),
    "memory": ("x = bytearray(10 ** 12)", papermill.PapermillExecutionError, "MemoryError"),
}


@pytest.mark.parametrize("death", DEATHS)
def test_a_notebook_that_dies_is_distinguished_from_one_that_works_and_the_next_one_runs(
    death: str, tmp_path: Path
) -> None:
    source, error, words = DEATHS[death]
    out = tmp_path / "out.ipynb"
    with pytest.raises(error, match=words):
        run(
            notebook("print('before')", source, "print('after')"),
            out,
            execution_timeout=2,
            save_failed=True,
            max_output_bytes=5_000_000,
            max_memory_bytes=16 << 30,
        )
    partial = nbformat.read(out, 4)
    printed = [text_of(partial, n) for n, cell in enumerate(partial.cells) if cell.cell_type == "code"]
    assert printed[0] == "before\n"
    assert printed[2] == ""
    if death == "endless":
        assert printed[1] == "begun\n"
        assert partial.cells[1].outputs[-1].ename == "KeyboardInterrupt"
    assert text_of(run(notebook("print('whole')"))) == "whole\n"


def alive(marker: str) -> list[int]:
    return [p.pid for p in psutil.process_iter(["cmdline"]) if marker in (p.info["cmdline"] or [])]


def gone(marker: str, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while alive(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not alive(marker)


def test_programs_that_a_cell_started_end_with_it() -> None:
    # Its own, so that what another run left behind is not taken for it.
    marker = f"86123.{os.getpid()}"
    source = (
        f"import subprocess\nfor own in (False, True): subprocess.Popen(['sleep', '{marker}'], start_new_session=own)"
    )
    run(notebook(source))
    assert gone(marker)
    with pytest.raises(KernelDied):
        run(notebook(source, "import os\nos._exit(1)"))
    assert gone(marker)


def test_temporary_files_are_cleared_when_a_notebook_ends(tmp_path: Path) -> None:
    source = f"import tempfile\nkept = tempfile.TemporaryDirectory(dir={str(tmp_path)!r})"
    run(notebook(source))
    assert list(tmp_path.iterdir()) == []


DRIVER = """
import os, sys, papermill, nbformat
from coverage_kit.engine import WarmForkEngine
from papermill.engines import papermill_engines
papermill_engines.register("warmfork", WarmForkEngine)
sys.path.insert(0, sys.argv[1])
from test_engine import notebook
papermill.execute_notebook(notebook("import subprocess, time\\nprint('on', flush=True)\\nsubprocess.run(['sleep', '" + os.environ["MARKER"] + "'])"), None, engine_name="warmfork", progress_bar=False)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_when_the_driver_ends_nothing_is_left(sign: signal.Signals) -> None:
    # Its own, so that what another run left behind is not taken for it.
    marker = f"86124.{os.getpid()}{sign:02d}"
    command = [sys.executable, "-c", DRIVER, str(Path(__file__).parent)]
    driver = subprocess.Popen(command, stderr=subprocess.DEVNULL, env={**os.environ, "MARKER": marker})
    deadline = time.monotonic() + 60
    while not alive(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(driver.pid).children(recursive=True)
    assert len(family) >= 3
    os.kill(driver.pid, sign)
    driver.wait(30)
    _, left = psutil.wait_procs(family, timeout=15)
    assert left == []


def test_processes_and_threads_that_a_cell_starts_print_into_the_notebook() -> None:
    source = (
        "import multiprocessing, threading\n"
        "one = multiprocessing.get_context('fork').Process(target=print, args=('process',)); one.start(); one.join()\n"
        "two = threading.Thread(target=print, args=('thread',)); two.start(); two.join()"
    )
    assert set(text_of(run(notebook(source))).split()) == {"process", "thread"}


def test_what_is_written_below_python_lands_in_the_notebook() -> None:
    nb = run(notebook("import os\nos.system('echo below >&2')\nos.write(1, b'raw\\n')\nprint('above')"))
    assert sorted(text_of(nb).split()) == ["above", "below", "raw"]


def test_what_cannot_be_preloaded_is_named() -> None:
    with pytest.raises(ForkServerError, match="no_such_module"):
        run(notebook("1"), preload=("no_such_module",))
    with pytest.raises(ForkServerError, match="started a thread"):
        run(notebook("1"), preload=("leaves_a_thread:start",))


def test_an_unknown_option_or_another_kernel_is_left_to_plain_papermill(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(ForkServer, "fork_shared", lambda *a, **k: asked.append("fork"))
    source = notebook("import os\nprint(os.environ.get('JPY_PARENT_PID') is not None)")
    assert text_of(run(source, coalesce_streams=True)) == "True\n"
    assert text_of(run(source, plain=True)) == "True\n"
    assert asked == []


def test_a_separate_kernel_does_not_speak_over_an_open_line(capfd: pytest.CaptureFixture[str]) -> None:
    run(notebook("1"), plain=True)
    assert "without encryption" not in capfd.readouterr().err


def test_many_forks_leave_no_descriptor_and_no_process() -> None:
    run(notebook("1"))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        run(notebook("1"))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
    server = psutil.Process(ForkServer.shared(PRELOAD).process.pid)
    assert server.children() == []
    assert server.num_threads() == 1


def test_several_threads_may_ask_one_fork_server() -> None:
    server, errors = ForkServer.shared(PRELOAD), []

    def ask() -> None:
        try:
            fork = server.fork(os.environ)
            assert fork.receive(time.monotonic() + 20)
            fork.close()
        except BaseException as exc:
            errors.append(exc)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []


def test_papermills_command_finds_the_engine(tmp_path: Path) -> None:
    nbformat.write(notebook("print('by command')"), tmp_path / "in.ipynb")
    command = [sys.executable, "-m", "papermill", "--engine", "warmfork", "--no-progress-bar", "in.ipynb", "out.ipynb"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert text_of(nbformat.read(tmp_path / "out.ipynb", 4)) == "by command\n"
    assert "WARNING" not in ran.stderr
