"""The two places people open a notebook at, Voilà and JupyterLab; a test says what is done, not where."""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
from playwright.sync_api import Page

from .servers import START_MS, WAIT_MS, start, stop

#: What no test looks at in JupyterLab, and what makes its page slow to open.
_LEFT_OUT = ("completer", "debugger", "extensionmanager", "hub", "lsp", "pluginmanager", "toc", "vega5")


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
        return next(child for child in children if key in " ".join(child.cmdline()))

    def forget(self) -> None:
        """End what outlives the pages of a test."""

    def close(self) -> None:
        """End the server and its kernels."""
        stop(self.process)

    _kernel_id = ""


class Voila(Place):
    """A page without code; each has a kernel of its own, and a new one when it is loaded again."""

    _kernel_id = "JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"

    @classmethod
    def start(cls, workspace: Path, folder: Path, actor: str = "jihye.kim") -> Voila:
        """Start ``coverage-kit app``."""
        process, port = start(workspace, ["app"], folder, COVERAGE_KIT_ACTOR=actor)
        told = (folder / "log").read_text()
        token = re.search(r"token=([\w-]+)", told)
        assert token, told
        return cls(process, f"http://127.0.0.1:{port}", token[1], workspace)

    def url(self, notebook: str, **query: str) -> str:
        """The link of a notebook."""
        return f"{self.address}/voila/render/{notebook}.ipynb?{urlencode({**query, 'token': self.token})}"

    def open(self, page: Page, notebook: str) -> None:
        page.goto(self.url(notebook), timeout=START_MS)
        ready(page)

    def reload(self, page: Page) -> None:
        page.reload(timeout=START_MS)
        ready(page)


class Lab(Place):
    """Notebooks with their code; people run the cells, and run them again after a reload. A kernel outlives its page."""

    _kernel_id = "jupyterapp.shell.currentWidget.sessionContext.session.kernel.id"
    _n_copies = 0

    @classmethod
    def start(cls, workspace: Path, folder: Path, actor: str = "jihye.kim") -> Lab:
        """Start ``coverage-kit lab``, with its state in a folder that goes away, and tests let in."""
        (folder / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
        (folder / "labconfig").mkdir()
        left_out = {f"@jupyterlab/{name}-extension": True for name in _LEFT_OUT}
        (folder / "labconfig/page_config.json").write_text(json.dumps({"disabledExtensions": left_out}))
        dirs = {f"JUPYTERLAB_{name}_DIR": str(folder / name) for name in ("SETTINGS", "WORKSPACES")}
        token = secrets.token_urlsafe(12)
        process, port = start(workspace, ["lab"], folder, COVERAGE_KIT_ACTOR=actor, JUPYTER_TOKEN=token, **dirs)
        return cls(process, f"http://127.0.0.1:{port}", token, workspace)

    def open(self, page: Page, notebook: str) -> None:
        self.run(page, notebook)
        ready(page)

    def run(self, page: Page, notebook: str) -> None:
        """Open a copy of a notebook, for pages on one notebook share a kernel, and run its cells."""
        self._n_copies += 1
        folder = self.workspace / "notebooks"
        copy = folder / f"{notebook}-{self._n_copies}.ipynb"
        copy.write_bytes((folder / f"{notebook}.ipynb").read_bytes())
        page.goto(f"{self.address}/lab/tree/{copy.name}?reset&token={self.token}", timeout=START_MS)
        self._run_all(page)

    def reload(self, page: Page) -> None:
        page.reload(timeout=START_MS)
        self._run_all(page)
        ready(page)

    @staticmethod
    def _run_all(page: Page) -> None:
        page.wait_for_function(
            "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'",
            timeout=START_MS,
        )
        page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def forget(self) -> None:
        for session in self._ask("GET", "sessions"):
            self._ask("DELETE", f"sessions/{session['id']}")

    def _ask(self, method: str, what: str) -> Any:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.address}/api/{what}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=WAIT_MS / 1000) as answer:
            return json.loads(answer.read() or "null")


def ready(page: Page) -> None:
    page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)
