"""The two servers as users start them, a team in a workspace, and the system's Chromium."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from coverage_kit.domain.identifiers import name_key
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change
from coverage_kit.workspace import init_workspace

from .servers import START_MS, WAIT_MS, font_config, start, stop

BLANK = [f"빈고객{n:02d}" for n in range(1, 17)]
expect.set_options(timeout=WAIT_MS)


class Server:
    """A running server: its process, and the address of a notebook for each rep."""

    def __init__(self, process: subprocess.Popen[bytes], address: str, token: str) -> None:
        self.process = process
        self.address = address
        self.token = token

    def page(self, rep: str) -> str:
        return f"{self.address}/voila/render/rep_workbook.ipynb?rep={rep}&token={self.token}"

    def kernel(self, page: Page) -> psutil.Process:
        """The kernel behind one page; those kept ready for others stay alive."""
        key = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
        children = psutil.Process(self.process.pid).children(recursive=True)
        return next(child for child in children if key in " ".join(child.cmdline()))


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser") / "team"
    with init_workspace(path, lang="ko", actor="jihye.kim") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=24, n_weeks=4)
        # An account of its own for each test that writes, so that none sees another's edits.
        blank = {"owner_id": "jihye.kim", "status": "active", "template_ids": '["general"]', "value": 1.0}
        changes = []
        for key in BLANK:
            changes.append(Change("account", key, {"name": key, "name_key": name_key(key), **blank}, base=0))
            changes.append(Change("person", f"pe_{key}", {"name": "오 연락", "name_key": "오연락"}, base=0))
            changes.append(Change("employment", f"em_{key}", {"person_id": f"pe_{key}", "account_id": key}, base=0))
        ws.ledger.save(changes)
    return path


@pytest.fixture(scope="session")
def browser(
    playwright: Playwright, chromium: Path, browser_flags: list[str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    fonts = font_config(tmp_path_factory.mktemp("fonts"))
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    opened = playwright.chromium.launch(executable_path=str(chromium), args=browser_flags, env=environment)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def voila(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("voila")
    process, port = start(workspace, ["app"], folder)
    told = (folder / "log").read_text()
    token = re.search(r"token=([\w-]+)", told)
    assert token, told
    yield Server(process, f"http://127.0.0.1:{port}", token[1])
    stop(process)


@pytest.fixture(scope="session")
def lab(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("lab")
    (folder / "jupyter_lab_config.json").write_text(json.dumps({"LabApp": {"expose_app_in_browser": True}}))
    token = secrets.token_urlsafe(12)
    dirs = {f"JUPYTERLAB_{name}_DIR": str(folder / name) for name in ("SETTINGS", "WORKSPACES")}
    process, port = start(workspace, ["lab"], folder, JUPYTER_TOKEN=token, **dirs)
    yield Server(process, f"http://127.0.0.1:{port}", token)
    stop(process)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Pages that fail the test on a script error or an address outside."""
    contexts, problems = [], []

    def make(width: int = 1440, height: int = 900, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR", **more)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: problems.append(request.url) if outside(request.url) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


def outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


@pytest.fixture
def workbook(voila: Server, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open the rep's workbook in Voilà, with the hints put away."""

    def show(rep: str = "jihye.kim", hints: bool = False, **more: object) -> Page:
        page = new_page(**more)
        if not hints:
            page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
        page.goto(voila.page(rep), timeout=START_MS)
        ready(page)
        return page

    return show


def ready(page: Page) -> None:
    page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)


def open_in_lab(page: Page, lab: Server, notebook: str) -> None:
    """Open a notebook in JupyterLab and run its cells."""
    page.goto(f"{lab.address}/lab/tree/{notebook}?reset&token={lab.token}", timeout=START_MS)
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.connectionStatus === 'connected'",
        timeout=START_MS,
    )
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")


def open_account(page: Page, name: str) -> None:
    """Choose an account by its name in the navigator."""
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    expect(page.locator(".pane").get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.locator(".pane")).to_have_attribute("data-state", "ready")


def saved(page: Page) -> None:
    expect(page.locator(".coverage-kit")).to_have_attribute("data-saved", "saved")


def serious(page: Page, where: str) -> dict[str, str]:
    """What axe finds of weight on our own root: rule and place."""
    results = Axe().run(page, context=".coverage-kit", options={"resultTypes": ["violations"]})
    return {
        f"{where}: {violation['id']}": violation["nodes"][0]["html"][:160]
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
    }


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
