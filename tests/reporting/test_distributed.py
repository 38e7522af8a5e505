"""A batch on a cluster of processes with certificates: the same manifest, and a lost worker loses nothing."""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from coverage_kit.config import SchedulerSettings
from coverage_kit.errors import BadInput, ReportError
from coverage_kit.reporting.batch import dask as distributed
from coverage_kit.reporting.batch.dask import check_address, make_remote, run_distributed
from coverage_kit.reporting.batch.manifest import Manifest, ReportEntry
from coverage_kit.reporting.batch.model import BatchResult, Outcome, ReportJob, RunContext
from coverage_kit.reporting.batch.run import locked, run_batch
from tests.certificates import write_certificates
from tests.depth import depth
from tests.reporting.test_batch import GOOD, HEAD, around, batch, job, stems, template

pytestmark = pytest.mark.slow


@dataclass
class Cluster:
    """A scheduler and its workers, each a process."""

    home: Path
    settings: SchedulerSettings
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, kind: str, *options: str) -> subprocess.Popen[bytes]:
        own = self.settings
        tls = ["--tls-ca-file", own.ca_file, "--tls-cert", own.cert_file, "--tls-key", own.key_file]
        shared = ["--scheduler-file", str(self.home / "scheduler.json"), "--protocol", "tls"]
        command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *shared, *tls, "--no-dashboard", *options]
        with (self.home / f"{kind}.log").open("ab") as log:
            made = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.home)
        self.processes.append(made)
        return made

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", "--nthreads", "1", "--no-nanny", "--death-timeout", "60")

    def address(self) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                return str(json.loads((self.home / "scheduler.json").read_text())["address"])
            time.sleep(0.1)
        raise AssertionError((self.home / "scheduler.log").read_text())

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()


@contextlib.contextmanager
def running(home: Path) -> Iterator[Cluster]:
    """A scheduler on this machine, with certificates of its own."""
    home.mkdir(exist_ok=True)
    ca, own, key = write_certificates(home / "tls")
    made = Cluster(home, SchedulerSettings(ca_file=str(ca), cert_file=str(own), key_file=str(key)))
    made.start("scheduler", "--host", "127.0.0.1", "--port", "0")
    try:
        yield made
    finally:
        made.end()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with running(tmp_path) as made:
        yield made


SLOW = "import time\ntime.sleep(0.5)\n" + GOOD
BODIES = {"slow": template(SLOW), "bad": template("raise ValueError('no')")}


def run_on(cluster: Cluster, jobs: list[ReportJob], own: RunContext, after: Callable[[int], object]) -> tuple[BatchResult, Manifest, list[str]]:  # fmt: skip
    """A batch on a cluster: its result, its manifest, and the outcomes in order; ``after`` is called with their number."""
    seen: list[str] = []

    def runner(todo: Sequence[ReportJob], own: RunContext) -> Iterator[Outcome]:
        for outcome in run_distributed(todo, own, address=cluster.address(), settings=cluster.settings):
            seen.append(outcome.key)
            after(len(seen))
            yield outcome

    with locked(Path(own.folder)):
        result, manifest = run_batch(jobs, own, head=HEAD, runner=runner)  # type: ignore[arg-type]
    return result, manifest, seen


def assert_same_pages(own: RunContext, reports: dict[str, ReportEntry], local: dict[str, ReportEntry]) -> None:
    """Every file is the one its manifest names, and every page is the one that this machine makes alone."""
    for key, entry in reports.items():
        for name, digest in entry.files.items():
            assert hashlib.sha256((Path(own.folder) / name).read_bytes()).hexdigest() == digest
        page = f"{key}.html"
        assert (entry.files[page], entry.identity) == (local[key].files[page], local[key].identity)


@pytest.mark.deep
def test_a_lost_worker_loses_nothing_and_the_manifest_is_the_same(cluster: Cluster, tmp_path: Path) -> None:
    workers = [cluster.worker(), cluster.worker()]
    n_jobs, n_lost = depth(8, 8, 40), depth(1, 1, 6)
    jobs = [job(f"r{n}", "slow") for n in range(n_jobs)] + [job("bad", "bad")]
    own = around(tmp_path / "w", **BODIES)
    assert cluster.address().startswith("tls://")
    lost = {2 + n * (n_jobs // n_lost) for n in range(n_lost)}

    def lose_a_worker(n: int) -> None:
        if n in lost:
            workers.pop(0).kill()
            if len(lost) > 1:
                workers.append(cluster.worker())

    result, manifest, seen = run_on(cluster, jobs, own, lose_a_worker)
    assert result.failed == [{"rep": "bad", "reason": "ValueError: no"}]
    assert sorted(stems(result.made)) == sorted(each.name for each in jobs[:-1])
    assert sorted(seen) == sorted(each.name for each in jobs), "each has one outcome, also one that ran twice"
    assert (tmp_path / "w" / "failed" / "bad.ipynb").is_file()
    _, local = batch(jobs[:-1], around(tmp_path / "l", **BODIES))
    assert manifest.reports.keys() == local.keys()
    assert_same_pages(own, manifest.reports, local)
    again, _ = batch(jobs[:-1], own)
    assert sorted(stems(again.skipped)) == sorted(stems(result.made))


# The library tries again while its client closes, and leaves a socket whose handshake met the lost scheduler to the collector.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
@pytest.mark.deep
@pytest.mark.parametrize("lost_after", (2, 1, 3, 4, 5)[: depth(1, 1, 5)])
def test_a_lost_scheduler_ends_the_batch_and_the_next_run_goes_on(lost_after: int, tmp_path: Path) -> None:
    jobs = [job(f"r{n}", "slow") for n in range(6)]
    _, local = batch(jobs, around(tmp_path / "l", **BODIES))
    own = around(tmp_path / "w", **BODIES)
    with running(tmp_path / "cluster") as cluster:
        cluster.worker()
        cluster.worker()
        scheduler = cluster.processes[0]
        result, manifest, _ = run_on(cluster, jobs, own, lambda n: scheduler.kill() if n == lost_after else None)
    # What was on its way when the scheduler was lost may still have arrived.
    assert lost_after <= len(result.made)
    assert len(result.made) + len(result.failed) == len(jobs)
    assert {failure["reason"] for failure in result.failed} <= {"the scheduler was lost"}
    assert result.failed or lost_after > 3, "the scheduler was lost in the middle"
    assert_same_pages(own, manifest.reports, local)
    with running(tmp_path / "next") as cluster:
        cluster.worker()
        again, manifest, seen = run_on(cluster, jobs, own, lambda n: None)
    assert (len(again.skipped), again.failed, len(seen)) == (len(result.made), [], len(result.failed))
    assert manifest.reports.keys() == local.keys()
    assert_same_pages(own, manifest.reports, local)
    gc.collect()


def test_other_certificates_and_wrong_addresses_are_refused(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(distributed, "_CONNECT_S", 5)
    own, jobs = around(tmp_path / "w", good=template(GOOD)), [job("ann")]
    ca, cert, key = write_certificates(tmp_path / "other", "other")
    strangers = SchedulerSettings(ca_file=str(ca), cert_file=str(cert), key_file=str(key))
    for settings, address in ((strangers, cluster.address()), (cluster.settings, "tls://127.0.0.1:1")):
        with pytest.raises(ReportError, match="cannot be reached"):
            list(run_distributed(jobs, own, address=address, settings=settings))
    missing = cluster.settings.model_copy(update={"ca_file": str(tmp_path / "none.pem")})
    with pytest.raises(BadInput, match="certificate file is missing"):
        list(run_distributed(jobs, own, address=cluster.address(), settings=missing))


@pytest.mark.parametrize("address", ["tcp://10.0.0.1:8786", "tcp://example.com:8786", "10.0.0.1:8786", "ws://localhost:1", "tls://", "", "tcp://localhost.evil.com:1"])  # fmt: skip
def test_an_open_scheduler_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="tls://"):
        check_address(address)
    with pytest.raises(BadInput):
        list(partial(run_distributed, address=address, settings=SchedulerSettings())([], around(tmp_path / "w")))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "tcp://localhost:1", "tcp://[::1]:1", "tls://10.0.0.1:8786"])
def test_an_encrypted_or_local_scheduler_is_taken(address: str) -> None:
    check_address(address)


def test_a_worker_of_another_version_makes_nothing(tmp_path: Path) -> None:
    draft = make_remote(job("ann"), around(tmp_path / "w"), "0.0.1")
    assert "0.0.1" in draft.reason
    assert draft.texts == ()
