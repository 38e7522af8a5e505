"""An acknowledged edit is kept, through kills, crowds and restarts; the controls show that each test can fail."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Literal

import pytest

from coverage_kit.errors import CoverageKitError
from coverage_kit.store import Change, Ledger, clear_store, new_id, open_store
from coverage_kit.store.entities import Account
from tests.depth import depth
from tests.faults.writers import acknowledged, start_reader, start_writer, wait_until
from tests.postgresql import Cluster

pytestmark = pytest.mark.slow

N_WRITERS, N_READERS, N_CLIENTS = 8, 3, 12
SECONDS = depth(2, 3, 8)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, once on each database."""
    is_sqlite = request.param == "sqlite"
    address: str = f"sqlite:///{tmp_path / 'store.db'}" if is_sqlite else request.getfixturevalue("postgresql_url")
    with closing(open_store(address, clock=lambda: 1, actor="ann", create=True)) as ledger:
        if not is_sqlite:
            clear_store(ledger)
    return address


def killed(url: str, log: Path, chance: Random, control: Literal["", "early"] = "") -> list[Account]:
    """What a store holds after its writer was killed at a random moment of its work."""
    before = len(acknowledged(log))
    writer = start_writer(url, "w", log, seconds=300, control=control)
    wait_until(lambda: len(acknowledged(log)) >= before + 5 or writer.poll() is not None)
    time.sleep(chance.random() * 0.05)
    writer.kill()
    assert writer.communicate()[1] == b""
    with closing(open_store(url, clock=lambda: 1, actor="ann")) as ledger:
        return ledger.history(Account, "w")


@pytest.mark.deep
def test_no_acknowledged_edit_is_lost_when_its_writer_is_killed(url: str, tmp_path: Path) -> None:
    log, chance = tmp_path / "log", Random(7)
    for _ in range(depth(1, 3, 30)):
        rows = killed(url, log, chance)
        assert set(acknowledged(log)) <= {row.name for row in rows}
        assert [row.version for row in rows] == list(range(1, len(rows) + 1))


def test_a_writer_that_acknowledges_before_the_commit_loses_an_edit(url: str, tmp_path: Path) -> None:
    log, chance = tmp_path / "log", Random(7)
    for _ in range(60):
        rows = killed(url, log, chance, control="early")
        if not set(acknowledged(log)) <= {row.name for row in rows}:
            return
    pytest.fail("60 kills did no harm: the test cannot show that an edit is lost")


@pytest.mark.deep
def test_eight_writers_and_three_readers_never_meet_a_lock(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    logs = [tmp_path / f"log{n}" for n in range(N_WRITERS)]
    with closing(open_store(url, clock=lambda: 1, actor="ann", create=True)) as ledger:
        crowd = [start_writer(url, log.name, log, seconds=SECONDS) for log in logs]
        crowd += [start_reader(url, seconds=SECONDS) for _ in range(N_READERS)]
        assert [one.communicate()[1].decode() for one in crowd] == [""] * len(crowd)
        for log in logs:
            assert [row.name for row in ledger.history(Account, log.name)] == acknowledged(log) != []


def test_writers_that_take_the_lock_late_meet_one(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    open_store(url, clock=lambda: 1, actor="ann", create=True).close()
    logs = [tmp_path / f"log{n}" for n in range(N_WRITERS)]
    crowd = [start_writer(url, log.name, log, seconds=60, control="deferred") for log in logs]
    # One that meets a lock ends with the error; the others go on until then.
    wait_until(lambda: any(one.poll() is not None for one in crowd))
    for one in crowd:
        one.kill()
    assert "is being written by another program" in "".join(one.communicate()[1].decode() for one in crowd)


@pytest.fixture
def durable(postgresql_programs: Path) -> Iterator[Callable[..., Cluster]]:
    """Start servers that keep what they acknowledge, or are set not to."""
    started: list[Cluster] = []

    def start(**settings: str) -> Cluster:
        started.append(Cluster(postgresql_programs, fsync=True, **settings).__enter__())
        return started[-1]

    yield start
    for cluster in started:
        cluster.__exit__(None, None, None)


class Client:
    """A rep's program: one edit after the other, each sent again until it is acknowledged."""

    def __init__(self, ledger: Ledger, account: str) -> None:
        self.ledger, self.account = ledger, account
        self.accepted: list[str] = []

    def work(self, is_over: threading.Event) -> None:
        while not is_over.is_set():
            edit_id = new_id("ed")
            while not self._is_saved(edit_id):
                time.sleep(0.02)
            self.accepted.append(edit_id)

    def _is_saved(self, edit_id: str) -> bool:
        try:
            self.ledger.save([Change("account", self.account, {"name": edit_id})], edit_id=edit_id)
        except CoverageKitError:
            return False
        return True


def n_accepted(clients: list[Client]) -> int:
    return sum(len(client.accepted) for client in clients)


def through_restarts(cluster: Cluster, modes: list[Literal["fast", "immediate"]]) -> tuple[list[str], list[str]]:
    """Edits acknowledged to twelve clients, and edits in the store, after restarts during their work."""
    is_over = threading.Event()
    first = open_store(cluster.url, clock=lambda: 1, actor="ann", create=True)
    clients = [Client(open_store(cluster.url, clock=lambda: 1, actor=f"c{n}"), f"c{n}") for n in range(N_CLIENTS)]
    with closing(first), ThreadPoolExecutor(N_CLIENTS) as threads:
        work = [threads.submit(client.work, is_over) for client in clients]
        try:
            for mode in modes:
                enough = n_accepted(clients) + 5 * N_CLIENTS
                wait_until(lambda enough=enough: n_accepted(clients) >= enough)
                cluster.restart(mode)
        finally:
            is_over.set()
        for one in work:
            one.result()
        rows = [row.edit_id for client in clients for row in first.history(Account, client.account)]
    for client in clients:
        client.ledger.close()
    return [edit_id for client in clients for edit_id in client.accepted], rows


@pytest.mark.deep
@pytest.mark.postgresql
def test_a_restarted_server_has_each_accepted_edit_once(durable: Callable[..., Cluster]) -> None:
    modes: list[Literal["fast", "immediate"]] = ["fast", "immediate"]
    accepted, rows = through_restarts(durable(), modes * depth(1, 1, 3))
    assert sorted(rows) == sorted(accepted)


@pytest.mark.postgresql
def test_a_server_that_acknowledges_before_it_writes_loses_edits(durable: Callable[..., Cluster]) -> None:
    accepted, rows = through_restarts(durable(synchronous_commit="off", wal_writer_delay="10s"), ["immediate"])
    assert set(accepted) - set(rows)
