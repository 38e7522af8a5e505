"""A batch on a cluster of processes with certificates: the same manifest, and a lost worker loses nothing."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from coverage_kit.config import SchedulerSettings
from coverage_kit.errors import BadInput, ReportError
from coverage_kit.reporting.batch import dask as distributed
from coverage_kit.reporting.batch.dask import check_address, make_remote, run_distributed
from coverage_kit.reporting.batch.run import locked, run_batch
from tests.certificates import write_certificates
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


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    ca, own, key = write_certificates(tmp_path / "tls")
    made = Cluster(tmp_path, SchedulerSettings(ca_file=str(ca), cert_file=str(own), key_file=str(key)))
    made.start("scheduler", "--host", "127.0.0.1", "--port", "0")
    yield made
    made.end()


SLOW = "import time\ntime.sleep(0.5)\n" + GOOD


def test_a_lost_worker_loses_nothing_and_the_manifest_is_the_same(cluster: Cluster, tmp_path: Path) -> None:
    lost = cluster.worker()
    cluster.worker()
    jobs = [job(f"r{n}", "slow" if n < 8 else "bad") for n in range(9)]
    bodies = {"slow": template(SLOW), "bad": template("raise ValueError('no')")}
    own = around(tmp_path / "w", **bodies)
    address = cluster.address()
    assert address.startswith("tls://")
    seen: list[str] = []

    def runner(todo: object, own: object) -> object:
        for outcome in run_distributed(todo, own, address=address, settings=cluster.settings):  # type: ignore[arg-type]
            seen.append(outcome.key)
            if len(seen) == 2:
                lost.kill()
            yield outcome

    with locked(tmp_path / "w"):
        result, manifest = run_batch(jobs, own, head=HEAD, runner=runner)  # type: ignore[arg-type]
    assert stems(result.made) == [f"r{n}" for n in range(8)]
    assert result.failed == [{"rep": "r8", "reason": "ValueError: no"}]
    assert sorted(seen) == [f"r{n}" for n in range(9)]
    assert (tmp_path / "w" / "failed" / "r8.ipynb").is_file()
    _, local = batch(jobs[:2], around(tmp_path / "l", **bodies))
    for key, entry in manifest.reports.items():
        for name, digest in entry.files.items():
            assert hashlib.sha256((tmp_path / "w" / name).read_bytes()).hexdigest() == digest
        if key in local:
            page = f"{key}.html"
            assert entry.files[page] == local[key].files[page]
            assert entry.identity == local[key].identity
    again, _ = batch(jobs[:8], own)
    assert stems(again.skipped) == [f"r{n}" for n in range(8)]


def test_a_lost_scheduler_ends_the_batch_and_the_next_run_goes_on(cluster: Cluster, tmp_path: Path) -> None:
    cluster.worker()
    jobs = [job(f"r{n}", "slow") for n in range(6)]
    own = around(tmp_path / "w", slow=template(SLOW))
    seen: list[str] = []

    def runner(todo: object, own: object) -> object:
        for outcome in run_distributed(todo, own, address=cluster.address(), settings=cluster.settings):  # type: ignore[arg-type]
            seen.append(outcome.key)
            if len(seen) == 2:
                cluster.processes[0].kill()
            yield outcome

    with locked(tmp_path / "w"):
        result, _ = run_batch(jobs, own, head=HEAD, runner=runner)  # type: ignore[arg-type]
    assert 2 <= len(result.made) < 6
    assert len(result.made) + len(result.failed) == 6
    assert {failure["reason"] for failure in result.failed} == {"the scheduler was lost"}
    again, _ = batch(jobs, own)
    assert (len(again.skipped), again.failed) == (len(result.made), [])


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
