"""What all tests share: both databases, the real browser, and what to do where one is missing."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from coverage_kit.store import Ledger, clear_store, open_store

REQUIRED = set(filter(None, os.environ.get("COVERAGE_KIT_REQUIRE", "").split(",")))
CHROMIUM = Path("/usr/bin/chromium")

# A shell that starts the tests in the background has them, and whatever they start, ignore Ctrl-C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class HandClock:
    """A clock that tests set by hand; UTC milliseconds."""

    def __init__(self, at: int = 1_000_000) -> None:
        self.at = at

    def __call__(self) -> int:
        return self.at


def missing(what: str, reason: str) -> None:
    """Skip where something is not installed; fail where it must be."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)


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
    if not CHROMIUM.exists():
        missing("browser", "no Chromium at /usr/bin/chromium")
    return CHROMIUM


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """One for all tests: a process can hold no second one beside it."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    quiet = "--no-first-run --disable-background-networking --disable-component-update --disable-sync"
    return f"--headless --no-sandbox --disable-gpu --disable-quic {quiet}".split()


@pytest.fixture(scope="session")
def plain_browser(playwright: Playwright, chromium: Path, browser_flags: list[str]) -> Iterator[Browser]:
    """The system's Chromium with nothing but the system's fonts."""
    made = playwright.chromium.launch(executable_path=str(chromium), args=browser_flags)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A private PostgreSQL of its own, on loopback, ended with the tests."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        missing("postgresql", "PostgreSQL's programs are not installed")
    home = Path(tempfile.mkdtemp(prefix="coverage-kit-pg-"))
    home.chmod(0o711)
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    data, password = home / "data", secrets.token_urlsafe(12)
    (home / "pw").write_text(password)
    data.mkdir(mode=0o700)
    if as_postgres:
        shutil.chown(data, "postgres", "postgres")
        shutil.chown(home / "pw", "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run(
            [*as_postgres, *command], check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    binaries = programs[-1].parent
    initdb = [
        "-U",
        "owner",
        f"--pwfile={home / 'pw'}",
        "-A",
        "scram-sha-256",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    run(str(binaries / "initdb"), "-D", str(data), *initdb)
    options = f"-p {port} -h 127.0.0.1 -k {data} -c fsync=off"
    run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
    try:
        yield f"postgresql+psycopg://owner:{password}@127.0.0.1:{port}/postgres"
    finally:
        run(str(binaries / "pg_ctl"), "-D", str(data), "-w", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def sqlite_ledger(tmp_path: Path, clock: HandClock) -> Iterator[Ledger]:
    made = open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=clock, actor="ann", create=True)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[Ledger]:
    """An empty ledger, once on each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'store.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
    made = open_store(url, clock=clock, actor="ann", create=True)
    if request.param == "postgresql":
        clear_store(made)
    yield made
    made.close()
