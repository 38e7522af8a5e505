"""The pages' server answers this machine's own pages only, and its pages load and send nothing elsewhere."""

from __future__ import annotations

import asyncio
import http.client
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from coverage_kit import init_workspace
from coverage_kit.sample import fill_workspace
from tests.browser.places import Voila
from tests.conftest import Prepare

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => window.violations.push(e.violatedDirective + " " + e.blockedURI));
"""
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}

pytestmark = pytest.mark.slow


def build(path: Path) -> None:
    with init_workspace(path, lang="en", actor="jihye.kim") as ws:
        fill_workspace(ws, n_reps=1, n_accounts=3, n_weeks=2)


@pytest.fixture(scope="module")
def app(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    folder = tmp_path_factory.mktemp("app")
    served = Voila.start(shutil.copytree(prepared("pages", build), folder / "team"), folder)
    yield served
    served.close()


def ask(app: Voila, path: str, headers: dict[str, str]) -> int:
    """The status that one request gets, with any header."""
    with closing(http.client.HTTPConnection(app.address.removeprefix("http://"), timeout=60)) as connection:
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        with connection.getresponse() as response:
            return response.status


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8888", "127.0.0.1.evil.example", "10.0.0.1", "[::2]"])
@pytest.mark.parametrize(
    "path", ["/voila/render/first_look.ipynb", "/voila/static/voila.js", "/api/kernels/x/channels"]
)
def test_a_request_under_a_foreign_name_is_refused_even_with_the_token(app: Voila, host: str, path: str) -> None:
    assert ask(app, f"{path}?token={app.token}", {"Host": host}) == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "localhost:9000", "LOCALHOST"])
def test_the_names_of_this_machine_are_served(app: Voila, host: str) -> None:
    assert ask(app, f"/voila/static/voila.js?token={app.token}", {"Host": host}) == 200


def test_nobody_gets_the_query_of_a_page(app: Voila) -> None:
    """A page's query holds the token; Voilà gives it to anybody who knows the id of the page's kernel."""
    path = f"/voila/query/{'0' * 8}-{'0' * 4}-{'0' * 4}-{'0' * 4}-{'0' * 12}"
    assert ask(app, path, UPGRADE) == 403
    assert ask(app, f"{path}?token={app.token}", UPGRADE) == 403


def test_voila_itself_would_give_it(app: Voila, monkeypatch: pytest.MonkeyPatch) -> None:
    from tornado.web import Application
    from voila.app import Voila as Plain

    from coverage_kit.workbook.server import PageServer

    def query(server: Plain) -> str:
        no_kernels = ["--preheat_kernel=True", "--pool_size=0", "--no-browser"]
        server.initialize([str(app.workspace / "notebooks"), *no_kernels])
        server.app = Application(**server.init_settings())
        return next(each[1].__name__ for each in server.init_handlers() if "/voila/query/" in str(each[0]))

    monkeypatch.setattr(sys, "argv", ["voila"])
    # The server takes the loop of the thread, which from Python 3.12 on must be there.
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        assert (query(Plain()), query(PageServer())) == ("RequestInfoSocketHandler", "ErrorHandler")
    finally:
        asyncio.set_event_loop(None)
        loop.close()


@pytest.fixture
def page(plain_browser: Browser) -> Iterator[Page]:
    context = plain_browser.new_context()
    context.add_init_script(WATCH)
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("notebook", ["start", "rep_workbook", "coach_session", "import_accounts", "first_look"])
def test_a_page_works_under_its_policy_and_reaches_no_other_address(app: Voila, page: Page, notebook: str) -> None:
    answered = page.goto(app.url(notebook, rep="jihye.kim"))
    assert answered is not None
    assert "default-src 'none'" in answered.headers["content-security-policy"]
    page.locator("#rendered_cells .jp-Cell :is(.coverage-kit, table, pre)").first.wait_for(timeout=120_000)
    assert page.evaluate("window.violations") == []
    # The same page, asked to send something away: the policy stops it.
    for act in (
        "fetch('http://203.0.113.1/x').catch(() => 0)",
        "new Image().src = 'http://203.0.113.1/x'",
        "{ const s = document.createElement('script'); s.src = 'http://203.0.113.1/x'; document.head.append(s) }",
    ):
        page.evaluate(f"() => {{ {act} }}")
    page.wait_for_function("window.violations.length >= 3")
    stopped = {each.partition(" ")[0] for each in page.evaluate("window.violations")}
    assert stopped == {"connect-src", "img-src", "script-src-elem"}
