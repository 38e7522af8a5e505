"""The two servers as users start them, a team in a workspace, and the system's Chromium."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect

from coverage_kit.domain.identifiers import name_key
from coverage_kit.links import keep_server, sign
from coverage_kit.sample import fill_workspace
from coverage_kit.store import Change, entities
from coverage_kit.workspace import init_workspace, open_workspace
from tests.depth import DEPTH
from tests.needs import Prepare

from .places import Lab, Place, Voila
from .servers import FLAGS, START_MS, WAIT_MS, font_config

BLANK = [f"빈고객{n:02d}" for n in range(1, 24)]
expect.set_options(timeout=WAIT_MS)


#: What Jupyter's own code throws in a page whose kernel a test has killed.
KERNEL_GONE = "Kernel connection disconnected"
#: For what is about pages without code alone, and for what differs nowhere and is shown once.
only_voila = pytest.mark.parametrize("place", ["voila"], indirect=True)
#: For what is about JupyterLab alone.
only_lab = pytest.mark.parametrize("place", ["lab"], indirect=True)
#: Acts shown in JupyterLab in every run; the other acts of both places are done there in a deep run.
IN_LAB = {
    "test_the_usual_acts_of_a_rep",
    "test_an_hour_with_one_rep_from_claim_to_closed",
    "test_a_killed_kernel_loses_nothing_typed",
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Do every act in Voilà, and in JupyterLab, which shows the same screen, a chosen tenth of them."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))
    left_out = [item for item in items if _is_for_a_deep_run(item)]
    if DEPTH == "deep":
        for item in left_out:
            item.add_marker("deep")
        return
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


def _is_for_a_deep_run(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function) or not hasattr(item, "callspec"):
        return False
    in_lab = not {"lab", "lab_server"}.isdisjoint(str(each) for each in item.callspec.params.values())
    is_about_lab = item.path.name == "test_lab.py"
    return in_lab and not is_about_lab and item.originalname not in IN_LAB


def build_team(path: Path) -> None:
    """A small team, with an account for each test that writes, so that none sees another's edits."""
    with init_workspace(path, lang="ko", actor="jihye.kim") as ws:
        fill_workspace(ws, n_reps=2, n_accounts=24, n_weeks=4)
        blank = {"owner_id": "jihye.kim", "status": "active", "template_ids": '["general"]', "value": 1.0}
        changes = []
        for key in BLANK:
            changes.append(Change("account", key, {"name": key, "name_key": name_key(key), **blank}, base=0))
            changes.append(Change("person", f"pe_{key}", {"name": "오 연락", "name_key": "오연락"}, base=0))
            changes.append(Change("employment", f"em_{key}", {"person_id": f"pe_{key}", "account_id": key}, base=0))
        ws.ledger.save(changes)


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    fonts = font_config(tmp_path_factory.mktemp("fonts"))
    environment: dict[str, str | float | bool] = {**os.environ, "FONTCONFIG_FILE": str(fonts)}
    opened = playwright.chromium.launch(executable_path=str(chromium), args=FLAGS, env=environment)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def voila(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    folder = tmp_path_factory.mktemp("voila")
    served = Voila.start(shutil.copytree(prepared("screens", build_team), folder / "team"), folder, pages_ready=True)
    yield served
    served.close()


@pytest.fixture(scope="session")
def lab(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    served = Lab.start(shutil.copytree(prepared("screens", build_team), folder / "team"), folder)
    yield served
    served.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Voila]:
    """A new workspace behind ``coverage-kit app``."""
    with init_workspace(tmp_path / "team", lang="ko", actor="coach"):
        pass
    served = Voila.start(tmp_path / "team", tmp_path, actor="coach")
    yield served
    served.close()


@pytest.fixture(params=["voila", "lab"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    """Where the test's pages are opened: in Voilà, and once more in JupyterLab."""
    served: Place = request.getfixturevalue(request.param)
    yield served
    served.forget()
    end_sessions(served.workspace)


def end_sessions(home: Path) -> None:
    """End the sessions that a test left open: the next one would be led on into them."""
    with open_workspace(home, actor="coach.lee") as ws:
        left = [row.id for row in ws.ledger.as_of(entities.Session) if not row.closed]
        if left:
            ws.ledger.save([Change("session", key, {"closed": 1}) for key in left])


@pytest.fixture
def workspace(place: Place) -> Path:
    """The workspace behind the pages of the test."""
    return place.workspace


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Pages that fail the test on a script error or an address outside."""
    contexts, problems = [], []

    def make(width: int = 1440, height: int = 900, **more: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, locale="ko-KR", **more)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)) if str(error) != KERNEL_GONE else None)
        page.on("request", lambda request: problems.append(request.url) if outside(request.url) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


def outside(url: str) -> bool:
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


@pytest.fixture
def workbook(place: Place, new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Open the rep's workbook, with the hints put away."""

    def show(hints: bool = False, **more: object) -> Page:
        page = new_page(**more)
        if not hints:
            page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
        place.open(page, "rep_workbook")
        return page

    return show


@pytest.fixture
def coachs_workbook(place: Voila, new_page: Callable[..., Page]) -> Callable[[], Page]:
    """Open the rep's workbook through the coach's link, who may say that a position does not apply."""

    def show() -> Page:
        page = new_page()
        page.add_init_script("try { localStorage.setItem('coverage-kit:hints', '3') } catch {}")
        signature = sign(keep_server(place.workspace).secret, "coach.lee")
        url = place.url("rep_workbook", rep="jihye.kim", person="coach.lee")
        page.goto(f"{url}#signature={signature}", timeout=START_MS)
        page.locator(".coverage-kit[data-ready=true]").wait_for(timeout=START_MS)
        return page

    return show


@pytest.fixture
def session(place: Place, new_page: Callable[..., Page]) -> Callable[[], Page]:
    """Open the coach's screen."""

    def show() -> Page:
        page = new_page()
        place.open(page, "coach_session")
        return page

    return show


def open_account(page: Page, name: str) -> None:
    """Choose an account by its name in the navigator, and wait until it shows as it is now, not as it was kept."""
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


def serious_in_dark_too(page: Page, where: str) -> dict[str, str]:
    """The same in the light and in the dark look; the page is light again afterwards."""
    found, root = serious(page, where), page.locator(".coverage-kit")
    root.evaluate("node => { node.dataset.theme = 'dark' }")
    found |= serious(page, f"{where}, dark")
    root.evaluate("node => { node.dataset.theme = 'light' }")
    return found


def get(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
