"""Shared by all tests: both databases, the real browser, and what to do where one is missing."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Playwright, sync_playwright

from coverage_kit.engine.quick_start import skip_iri_grammar
from coverage_kit.store import Ledger, open_store
from tests.browser.servers import CHROMIUM, FLAGS
from tests.depth import DEPTH, depth
from tests.left_out import pytest_terminal_summary
from tests.needs import Prepare, missing
from tests.postgresql import Cluster, programs
from tests.ram_disk import use_ram_disk

use_ram_disk()
skip_iri_grammar()

# A shell that starts the tests in the background has them, and whatever they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


# Today's examples are yesterday's, except in a deep run, which looks for new ones.
settings.register_profile(
    "coverage-kit",
    max_examples=depth(8, 30, 100),
    deadline=None,
    derandomize=DEPTH != "deep",
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
settings.load_profile("coverage-kit")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with what it needs, so that ``-m "not browser"`` leaves out what would start one.

    ``deep`` marks the tests that try harder in a deep run: these, and those that draw their examples.
    """
    for item in items:
        needs = set(getattr(item, "fixturenames", ()))
        if needs & {"chromium", "browser", "plain_browser"}:
            item.add_marker("browser")
        if "postgresql_url" in needs:
            item.add_marker("postgresql")
        if getattr(getattr(item, "obj", None), "is_hypothesis_test", False):
            item.add_marker("deep")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """Hand whole files to the workers, since a file's tests share what they prepare; browser tests one by one.

    The order is that of the folders: the browser's long tests first, so that no worker waits for the other at the end.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return nodeid if nodeid.startswith("tests/browser/") else nodeid.split("::")[0]

    config.option.loadscopereorder = False
    return Scheduling(config, log)


__all__ = ["pytest_terminal_summary"]


@pytest.fixture(autouse=True)
def no_workspace_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a report made in this process leaves behind names no workspace for the next test."""
    monkeypatch.delenv("COVERAGE_KIT_WORKSPACE", raising=False)


class HandClock:
    """A clock that tests set by hand; UTC milliseconds."""

    def __init__(self, at: int = 1_000_000) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepare:
    """Make a folder once in a run, whichever worker needs it first: ``prepared("name", build)``.

    The tests of all workers share it: read it, or copy it first.
    """
    home = tmp_path_factory.getbasetemp()
    shared = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home

    def make(name: str, build: Callable[[Path], None]) -> Path:
        folder, done = shared / f"prepared-{name}", shared / f"prepared-{name}.done"
        with FileLock(f"{folder}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                build(folder)
                done.touch()
        return folder

    return make


@pytest.fixture
def zone() -> ZoneInfo:
    return ZoneInfo("Asia/Seoul")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real files beside the checkout."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real files are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    found = Path(CHROMIUM)
    if not found.exists():
        missing("browser", f"no Chromium at {found} (Debian: apt-get install chromium)")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all tests: a process can hold no second one beside it."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def plain_browser(playwright: Playwright, chromium: Path) -> Iterator[Browser]:
    """The system's Chromium with nothing but the system's fonts."""
    made = playwright.chromium.launch(executable_path=str(chromium), args=FLAGS)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_programs() -> Path:
    """The folder of PostgreSQL's programs."""
    found = programs()
    if found is None:
        missing("postgresql", "PostgreSQL's programs are not installed (Debian: apt-get install postgresql)")
    return found


@pytest.fixture(scope="session")
def postgresql_url(postgresql_programs: Path) -> Iterator[str]:
    """A private PostgreSQL for this worker, on loopback, ended with the tests; it need not survive a power cut."""
    with Cluster(postgresql_programs, fsync=False) as cluster:
        yield cluster.url


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store without anything, to be copied: migrations take longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "store.db"
    open_store(f"sqlite:///{path}", clock=HandClock(), actor="ann", create=True).close()
    return path


@pytest.fixture(scope="session")
def copy_of_empty_postgresql(postgresql_url: str) -> Callable[[], AbstractContextManager[str]]:
    """Lend an empty store in a database of its own, copied from one that was migrated once."""
    connect = postgresql_url.replace("+psycopg", "")
    numbers = count()

    def run(statement: str) -> None:
        with psycopg.connect(connect, autocommit=True) as connection:
            connection.execute(statement)

    def address(name: str) -> str:
        return f"{postgresql_url.rpartition('/')[0]}/{name}"

    run("CREATE DATABASE empty")
    open_store(address("empty"), clock=HandClock(), actor="ann", create=True).close()

    @contextmanager
    def lend() -> Iterator[str]:
        name = f"copy{next(numbers)}"
        run(f"CREATE DATABASE {name} TEMPLATE empty")
        yield address(name)
        run(f"DROP DATABASE {name} WITH (FORCE)")

    return lend


@pytest.fixture
def sqlite_ledger(empty_sqlite: Path, tmp_path: Path, clock: HandClock) -> Iterator[Ledger]:
    made = open_store(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path)}", clock=clock, actor="ann")
    yield made
    made.close()


@pytest.fixture
def postgresql_ledger(
    copy_of_empty_postgresql: Callable[[], AbstractContextManager[str]], clock: HandClock
) -> Iterator[Ledger]:
    with copy_of_empty_postgresql() as url:
        made = open_store(url, clock=clock, actor="ann")
        yield made
        made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """An empty ledger, once on each database."""
    made: Ledger = request.getfixturevalue(f"{request.param}_ledger")
    return made
