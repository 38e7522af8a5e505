"""A reader of a week's folder sees whole, valid files only, however often the batch is killed; no log tells a secret."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import nbformat
import pytest

from coverage_kit import open_workspace
from coverage_kit.assets.paths import folder as resource
from coverage_kit.config import CONFIG_NAME
from coverage_kit.reporting.deliver.post import PASSWORD
from coverage_kit.store.entities import Account, Employment, Person
from tests.depth import depth
from tests.reporting.conftest import team  # noqa: F401  (a fixture)
from tests.reporting.test_week import use_template

#: Writes large reports one after another, in the batch's own way; ``torn`` writes in place, as a careless program would.
DRIVER = """
import sys, time
from pathlib import Path
from coverage_kit.reporting.batch import manifest, worker
from coverage_kit.reporting.batch.manifest import RunHead
from coverage_kit.reporting.batch.model import Draft, ReportJob, RunContext
from coverage_kit.reporting.batch.run import locked, run_batch

folder, torn = Path(sys.argv[1]), sys.argv[2:] == ["torn"]

def write_in_place(path, text):
    with path.open("w") as file:
        file.write(text[: len(text) // 2])
        file.flush()
        time.sleep(0.2)
        file.write(text[len(text) // 2 :])
    return ""

if torn:
    manifest.write_whole = worker.write_whole = write_in_place

def runner(jobs, context):
    for job in jobs:
        page = f"<html>{job.name}{'x' * 3_000_000}</html>"
        notebook = '{"cells": [], "metadata": {"x": "' + "y" * 3_000_000 + '"}, "nbformat": 4, "nbformat_minor": 5}'
        yield worker.put_report(Draft(job.name, ((".ipynb", notebook), (".html", page))), job, folder)
        time.sleep(0.02)

jobs = [ReportJob(f"r{n:02}", "title", "t", (("rep", f"r{n}"),)) for n in range(12)]
context = RunContext(str(folder), (("t", b""),), "en", str(folder), (), 60)
with locked(folder):
    run_batch(jobs, context, head=RunHead("2026-W47", "x", "en", "1"), runner=runner)
"""


class Reader:
    """Reads every visible file again and again, as a sync program or a colleague would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.broken: set[str] = set()
        self.n_read = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self.look()

    def _run(self) -> None:
        while not self._stop.wait(0.01):
            self.look()

    def look(self) -> None:
        for path in self.folder.glob("[!.]*"):
            self.n_read += 1
            if not is_whole(path):
                self.broken.add(path.name)


def is_whole(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return text.startswith("<html>") and text.endswith("</html>")
    try:
        document = json.loads(text)
    except ValueError:
        return False
    if path.suffix == ".ipynb":
        nbformat.validate(nbformat.from_dict(document))
    return True


def run_and_kill(folder: Path, seconds: float | None, *mode: str) -> None:
    driver = subprocess.Popen([sys.executable, "-c", DRIVER, str(folder), *mode])
    if seconds is not None:
        until_begun(folder)
        time.sleep(seconds)
        driver.send_signal(signal.SIGKILL)
    assert driver.wait(120) in (0, -signal.SIGKILL)


def until_begun(folder: Path) -> None:
    """Wait for the driver's first file of this run: the lock's time of change, or anything in the making."""
    deadline = time.monotonic() + 60
    before = {path: path.stat().st_mtime_ns for path in folder.glob("r*")}
    while time.monotonic() < deadline:
        now = {path: path.stat().st_mtime_ns for path in folder.glob("r*")}
        if now != before or len(now) == 24:
            return
        time.sleep(0.005)


@pytest.mark.deep
def test_a_reader_sees_only_whole_files_while_drivers_are_killed(tmp_path: Path) -> None:
    chance = Random(7)
    with Reader(tmp_path) as reader:
        for _ in range(depth(2, 4, 40)):
            run_and_kill(tmp_path, chance.random() * 0.25)
        run_and_kill(tmp_path, None)
    assert reader.broken == set()
    assert reader.n_read > 24
    reports = json.loads((tmp_path / "manifest.json").read_text())["reports"]
    assert sorted(reports) == [f"r{n:02}" for n in range(12)]
    for entry in reports.values():
        for name, digest in entry["files"].items():
            assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == digest
    assert [path.name for path in tmp_path.glob(".*") if path.name != ".lock"] == []


def test_the_same_reader_finds_files_that_are_written_in_place(tmp_path: Path) -> None:
    """The control."""
    with Reader(tmp_path) as reader:
        run_and_kill(tmp_path, 0.1, "torn")
    assert reader.broken


@pytest.fixture
def own(team: Path, tmp_path: Path) -> Path:  # noqa: F811
    return Path(shutil.copytree(team, tmp_path / "ws", ignore=shutil.ignore_patterns("reports")))


#: What may not appear anywhere: the folder's path, the password of the mail server.
SMTP_SECRET = "s3cret-of-the-mail-server"


def report(ws: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coverage_kit", "-w", str(ws), "report", "--week", "2026-W47", *options]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, PASSWORD: SMTP_SECRET})


def names_by_rep(ws: Path) -> dict[str, set[str]]:
    """Names of customers' people by the rep whose accounts they work at; names that several have are left out."""
    with open_workspace(ws) as opened:
        owner = {row.id: row.owner_id for row in opened.ledger.as_of(Account)}
        name = {row.id: row.name for row in opened.ledger.as_of(Person)}
        jobs = [(owner.get(row.account_id), name[row.person_id]) for row in opened.ledger.as_of(Employment)]
    by_rep: dict[str, set[str]] = {}
    for rep, person in jobs:
        if rep and person:
            by_rep.setdefault(rep, set()).add(person)
    return {rep: own - set().union(*(people for other, people in by_rep.items() if other != rep)) for rep, own in by_rep.items()}  # fmt: skip


@pytest.mark.slow
def test_no_report_and_no_log_names_another_reps_people(own: Path) -> None:
    config = own / CONFIG_NAME
    config.write_text(re.sub(r"^mail: .*$", 'mail: {"sender": "coach@example.com", "domain": "example.com"}', config.read_text(), flags=re.M))  # fmt: skip
    people = names_by_rep(own)
    made = report(own, "--mail", "--json")
    folder = Path(json.loads(made.stdout)["manifest"]).parent
    assert len(json.loads(made.stdout)["made"]) == 4
    for rep, names in people.items():
        assert len(names) > 20
        others = [path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(f"{rep}.")]
        for path in others:
            text = path.read_text(encoding="utf-8", errors="replace")
            assert [name for name in names if name in text] == [], (rep, path.name)
        # The control: the rep's own page names some of them.
        page = (folder / f"{rep}.html").read_text(encoding="utf-8")
        assert [name for name in names if name in page]
        assert [name for name in names if name in made.stdout + made.stderr] == []


@pytest.mark.slow
@pytest.mark.parametrize("end", ["", "\n1 / 0", "\nraise ValueError(os.environ)", "\nos._exit(3)"])
def test_a_template_that_prints_its_environment_is_refused_and_no_file_or_log_holds_it(own: Path, end: str) -> None:
    text = (resource("templates") / "reports" / "rep_weekly.ipynb").read_text(encoding="utf-8")
    notebook = nbformat.reads(text, 4)
    notebook.cells[
        -2
    ].source = f"import os, sys\nprint(dict(os.environ))\nprint(dict(os.environ), file=sys.stderr){end}"
    use_template(own, nbformat.writes(notebook))
    ran = report(own, "--rep", "jihye.kim", "--json")
    assert ran.returncode == 1
    (failure,) = json.loads(ran.stdout)["failed"]
    assert failure["rep"] == "jihye.kim"
    written = [path.read_text(encoding="utf-8", errors="replace") for path in (own / "reports").rglob("*") if path.is_file()]  # fmt: skip
    assert written
    for text in (*written, json.dumps(json.loads(ran.stdout)["failed"]), ran.stderr):
        assert SMTP_SECRET not in text
