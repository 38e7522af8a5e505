"""The two places people open a notebook at, Voilà and JupyterLab; a test says what is done, not where."""

from __future__ import annotations

import json
import secrets
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Page

from .servers import START_MS, TOKEN, prepare_no_pages, start, stop


class Place:
    """A server on a workspace of its own, as users start it.

    Parameters
    ----------
    process : subprocess.Popen
    address : str
        Where it listens, without a path.
    token : str
    workspace : Path
    """

    def __init__(self, process: subprocess.Popen[bytes], address: str, token: str, workspace: Path) -> None:
        self.process = process
        self.address = address
        self.token = token
        self.workspace = workspace
        self._kernels: set[str] = set()

    def open(self, page: Page, notebook: str) -> None:
        """Open a notebook with a kernel of its own, up to its screen."""
        raise NotImplementedError

    def reload(self, page: Page) -> None:
        """Load the page again, and do what people then do there to see its screen."""
        raise NotImplementedError

    def kernel(self, page: Page) -> psutil.Process:
        """The kernel behind one page; those of other pages stay alive."""
        key = page.evaluate(self._kernel_id)
        children = psutil.Process(self.process.pid).children(recursive=True)
        # A forked kernel has the first letters of its key as its name, another one the whole key in its command.
        name = f"kernel-{key}"[:15]
        return next(child for child in children if child.name() == name or key in " ".join(child.cmdline()))

    @contextmanager
    def unanswered(self, page: Page) -> Iterator[None]:
        """While this lasts, the page gets no answer: its kernel stands still, and others can write."""
        kernel = self.kernel(page)
        kernel.suspend()
        while not self._can_be_written():
            # It stopped while it read or wrote, and would hold its lock all the time.
            kernel.resume()
            time.sleep(0.05)
            kernel.suspend()
        try:
            yield
        finally:
            kernel.resume()

    def _can_be_written(self) -> bool:
        """Whether nobody holds a lock of the workspace's SQLite file right now."""
        with closing(sqlite3.connect(self.workspace / "store.db", timeout=0, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            connection.execute("ROLLBACK")
            return True

    def kill_kernel(self, page: Page) -> None:
        """Kill the kernel behind one page, and close what the place then shows above the page, as people do."""
        self.kernel(page).kill()

    def forget(self) -> None:
        """End what outlives the pages of a test."""

    def close(self) -> None:
        """End the server and its kernels."""
        stop(self.process)

    def _ask(self, method: str, path: str) -> Any:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.address}/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=START_MS / 1000) as response:
            return json.loads(response.read() or "null")

    _kernel_id = ""


class Voila(Place):
    """A page without code; each has a kernel of its own, and a new one when it is loaded again."""

    _kernel_id = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"

    @classmethod
    def start(cls, workspace: Path, folder: Path, actor: str = "jihye.kim", *, pages_ready: bool = False) -> Voila:
        """Start ``coverage-kit app``, with the pages of daily use kept ready in kernels that run before anybody comes.

        That is for the server that most tests share. One of a single test would start four kernels for nobody.
        """
        if not pages_ready:
            prepare_no_pages(folder)
        process, port = start(workspace, ["app"], folder, COVERAGE_KIT_ACTOR=actor)
        said = (folder / "log").read_text()
        token = TOKEN.search(said)
        assert token, said
        return cls(process, f"http://127.0.0.1:{port}", token[1], workspace)

    def url(self, notebook: str, **query: str) -> str:
        """The link of a notebook."""
        return f"{self.address}/voila/render/{notebook}.ipynb?{urlencode({**query, 'token': self.token})}"

    def open(self, page: Page, notebook: str) -> None:
        page.goto(self.url(notebook), timeout=START_MS)
        self._ready(page)
        box = page.locator(".coverage-kit").first.bounding_box()
        assert box is not None
        assert box["y"] == 0, "a cell of the notebook shows above the screen"
        cells = page.locator("#rendered_cells")
        assert cells.evaluate("(cells) => cells.scrollHeight === cells.clientHeight"), "a cell shows below the screen"

    def reload(self, page: Page) -> None:
        page.reload(timeout=START_MS)
        self._ready(page)

    def forget(self) -> None:
        while self._kernels:
            # One that a test killed, or whose page was closed as people close it, is gone already.
            with suppress(urllib.error.HTTPError):
                self._ask("POST", f"voila/api/shutdown/{self._kernels.pop()}")

    def _ready(self, page: Page) -> None:
        ready(page)
        self._kernels.add(page.evaluate(self._kernel_id))


class Lab(Place):
    """Notebooks with their code; people run the cells, and run them again after a reload. A kernel outlives its page."""

    _kernel_id = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
    _n_copies = 0

    @classmethod
    def start(cls, workspace: Path, folder: Path, actor: str = "jihye.kim") -> Lab:
        """Start ``coverage-kit lab``, with its state in a folder that goes away, and tests let in."""
        (folder / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
        dirs = {f"JUPYTERLAB_{name}_DIR": str(folder / name) for name in ("SETTINGS", "WORKSPACES")}
        token = secrets.token_urlsafe(12)
        process, port = start(workspace, ["lab"], folder, COVERAGE_KIT_ACTOR=actor, JUPYTER_TOKEN=token, **dirs)
        return cls(process, f"http://127.0.0.1:{port}", token, workspace)

    def open(self, page: Page, notebook: str) -> None:
        self._n_copies += 1
        folder = self.workspace / "notebooks"
        # Pages on one notebook share a kernel.
        copy = f"{notebook}-{self._n_copies}"
        (folder / f"{copy}.ipynb").write_bytes((folder / f"{notebook}.ipynb").read_bytes())
        self.show(page, copy)
        self._run_all(page)
        ready(page)

    def show(self, page: Page, notebook: str) -> None:
        """Open a notebook and run nothing."""
        page.goto(f"{self.address}/lab/tree/{notebook}.ipynb?reset&token={self.token}", timeout=START_MS)
        self._wait_for_kernel(page)

    def reload(self, page: Page) -> None:
        page.reload(timeout=START_MS)
        self._wait_for_kernel(page)
        self._run_all(page)
        ready(page)

    def kill_kernel(self, page: Page) -> None:
        super().kill_kernel(page)
        # JupyterLab says that it starts the kernel again. Its dialog takes the keys from the page.
        page.locator(".jp-Dialog .jp-mod-accept").click(timeout=START_MS)
        page.locator(".jp-Dialog").wait_for(state="detached")

    def run_again(self, page: Page) -> None:
        """Run all cells once more: a new screen stands where the old one was."""
        page.evaluate("() => { document.querySelector('.coverage-kit').id = 'earlier'; }")
        self._run_all(page)
        page.locator("#earlier").wait_for(state="detached")
        ready(page)

    @staticmethod
    def restart(page: Page) -> None:
        """Restart the kernel of a page, and run nothing."""
        page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")

    @staticmethod
    def _wait_for_kernel(page: Page) -> None:
        page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'",
            timeout=START_MS,
        )

    @staticmethod
    def _run_all(page: Page) -> None:
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def forget(self) -> None:
        for session in self._ask("GET", "api/sessions"):
            # A kernel that is being started again may be gone by then.
            with suppress(urllib.error.HTTPError):
                self._ask("DELETE", f"api/sessions/{session['id']}")


def ready(page: Page) -> None:
    page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)
