"""The batch: each report whole or absent, one bad one harms no other, and a run goes on where it stopped."""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest

from coverage_kit.errors import BadInput, ReportError
from coverage_kit.reporting.batch import manifest as manifest_module
from coverage_kit.reporting.batch import worker
from coverage_kit.reporting.batch.manifest import Manifest, ReportEntry, RunHead
from coverage_kit.reporting.batch.model import BatchResult, Draft, Outcome, ReportJob, RunContext, Runner
from coverage_kit.reporting.batch.pool import count_workers, run_pool
from coverage_kit.reporting.batch.run import locked, run_batch

pytestmark = pytest.mark.slow

GOOD = "from IPython.display import HTML\nHTML(f'<section><h2>{rep}</h2></section>')"
BAD = {
    "a cell fails": "raise ValueError('no such thing')",
    "it exits": "import sys\nsys.exit(0)",
    "its process ends": "import os\nos._exit(3)",
    "its process is killed": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "it never ends": "while True: pass",
    "it floods": "print('x' * 21_000_000)",
    "it tells a secret": "print('s3cret-canary')",
}
POOL = partial(run_pool, n_workers=2)
HEAD = RunHead("2026-W47", "x", "en", "1")


def template(source: str, *, end: bool = True) -> bytes:
    new = nbformat.v4
    cells = [
        new.new_code_cell('rep = ""', id="a", metadata={"tags": ["parameters"]}),
        new.new_code_cell(source, id="b"),
    ]
    if end:
        cells.append(
            new.new_code_cell("print('coverage-kit: end of report')", id="c", metadata={"tags": ["end-marker"]})
        )
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.writes(new.new_notebook(cells=cells, metadata=kernel)).encode()


def around(folder: Path, **bodies: bytes) -> RunContext:
    folder.mkdir(exist_ok=True)
    return RunContext(str(folder), tuple(bodies.items()), "en", str(folder), ("s3cret-canary",), 6, preload=())


def job(key: str, body: str = "good", inputs: str = "") -> ReportJob:
    return ReportJob(key, key, body, (("rep", key),), inputs)


def batch(
    jobs: list[ReportJob], own: RunContext, *, head: RunHead = HEAD, runner: Runner = POOL, **options: Any
) -> tuple[BatchResult, dict[str, ReportEntry]]:
    """A batch as the weekly run makes it; the result and the manifest's reports."""
    with locked(Path(own.folder)):
        result, manifest = run_batch(jobs, own, head=head, runner=runner, **options)
    return result, manifest.reports


def pretend(jobs: Sequence[ReportJob], own: RunContext) -> Generator[Outcome]:
    """A runner that runs no notebook: what the batch keeps and skips does not depend on it."""
    for one in jobs:
        yield worker.put_report(Draft(one.name, ((".ipynb", "{}"), (".html", one.inputs))), one, Path(own.folder))


def stems(paths: list[str]) -> list[str]:
    return [Path(path).stem for path in paths]


def test_whatever_one_report_does_the_others_are_whole_and_the_next_run_makes_only_it(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    bodies = {f"bad{n}": template(source) for n, source in enumerate(BAD.values())}
    bodies |= {"good": template(GOOD), "endless": template(GOOD, end=False)}
    jobs = [job("ann"), *(job(f"rep{n}", f"bad{n}") for n in range(len(BAD))), job("open", "endless"), job("zoe")]
    result, _ = batch(jobs, around(folder, **bodies))
    assert stems(result.made) == ["ann", "zoe"]
    assert [failure["rep"] for failure in result.failed] == sorted([*(f"rep{n}" for n in range(len(BAD))), "open"])
    assert all(failure["reason"] and "\n" not in failure["reason"] for failure in result.failed)
    assert {path.name for path in folder.glob("[!.]*.html")} == {"ann.html", "zoe.html"}
    assert (folder / "failed" / "rep0.ipynb").is_file()
    assert "s3cret-canary" not in "".join(path.read_text() for path in folder.rglob("*.ipynb"))
    assert list(folder.glob(".making-*")) == []
    mended = around(folder, **dict.fromkeys(bodies, template(GOOD)) | {"good": bodies["good"]})
    again, manifest = batch(jobs[:2] + jobs[-1:], mended)
    assert stems(again.made) == ["rep0"]
    assert stems(again.skipped) == ["ann", "zoe"]
    assert not (folder / "failed" / "rep0.ipynb").exists()
    for entry in manifest.values():
        for name, digest in entry.files.items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_a_report_is_made_again_when_what_it_is_made_of_has_changed_and_only_then(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD))
    page = tmp_path / "w" / "ann.html"
    assert batch([job("ann", inputs="1")], own, runner=pretend)[0].made == [str(page)]
    assert page.stat().st_mode & 0o777 == 0o600
    # A later instant of an unfinished week in which nothing was written for this rep: the same page.
    assert batch([job("ann", inputs="1")], own, head=dataclasses.replace(HEAD, as_of="y"), runner=pretend)[
        0
    ].skipped == [str(page)]
    page.write_text("half")
    assert batch([job("ann", inputs="1")], own, runner=pretend)[0].made == [str(page)]
    changes = (("2", HEAD), ("1", dataclasses.replace(HEAD, version="2")), ("1", dataclasses.replace(HEAD, lang="ko")))
    for inputs, head in changes:
        assert batch([job("ann", inputs=inputs)], own, head=head, runner=pretend)[0].made == [str(page)], head
        assert batch([job("ann", inputs=inputs)], own, head=head, runner=pretend)[0].skipped == [str(page)], head
    batch([job("ann", inputs="1")], own, runner=pretend)
    other = around(tmp_path / "w", good=template(GOOD + "\n"))
    assert batch([job("ann", inputs="1")], other, runner=pretend)[0].made == [str(page)]
    assert batch([job("ann", inputs="1")], other, force=True, runner=pretend)[0].made == [str(page)]


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    pages = []
    for name in ("a", "b"):
        batch([job("ann")], around(tmp_path / name, good=template(GOOD)))
        pages.append((tmp_path / name / "ann.html").read_bytes())
    assert pages[0] == pages[1]


def test_two_batches_never_write_into_one_folder(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD))
    making = tmp_path / "w" / ".making-other"
    with locked(tmp_path / "w"):
        making.mkdir()
        with pytest.raises(BadInput, match="Another batch"):
            batch([job("ann")], own)
        assert making.is_dir()


ONCE = """
import os, pathlib, signal, time
mark = pathlib.Path({mark!r})
if not mark.exists():
    mark.touch()
    {deed}
"""
DEEDS = {
    "report": "os.kill(os.getpid(), signal.SIGKILL)",
    "fork server": "os.kill(os.getppid(), signal.SIGKILL); time.sleep(30)",
    # The worker made the socket pair over which the fork talks.
    "worker": (
        "import socket, struct; talks = socket.socket(fileno=os.dup(get_ipython().kernel.session.channel.fileno())); "
        "made = struct.unpack('3i', talks.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)); "
        "os.kill(made[0], signal.SIGKILL); time.sleep(30)"
    ),
}


@pytest.mark.parametrize("whose", DEEDS)
def test_what_is_killed_from_outside_is_made_by_another_try(tmp_path: Path, whose: str) -> None:
    source = ONCE.format(mark=str(tmp_path / "mark"), deed=DEEDS[whose]) + GOOD
    jobs = [job("ann"), job("bad", "once"), job("zoe")]
    result, _ = batch(jobs, around(tmp_path / "w", good=template(GOOD), once=template(source)))
    assert (tmp_path / "mark").exists()
    assert stems(result.made) == ["ann", "bad", "zoe"]
    assert result.failed == []


def test_what_kills_its_worker_every_time_fails_alone(tmp_path: Path) -> None:
    deed = "import os, pathlib, signal, time\n" + DEEDS["worker"]
    result, _ = batch([job("ann"), job("bad", "bad"), job("zoe")], around(tmp_path / "w", good=template(GOOD), bad=template(deed)))  # fmt: skip
    assert stems(result.made) == ["ann", "zoe"]
    assert result.failed == [{"rep": "bad", "reason": "the worker process was killed"}]


def test_what_cannot_be_loaded_ahead_is_named_with_the_way_around_it(tmp_path: Path) -> None:
    own = dataclasses.replace(around(tmp_path / "w", good=template(GOOD)), preload=("no_such_module",))
    result, _ = batch([job("ann")], own)
    assert "no_such_module" in result.failed[0]["reason"]
    assert "engine: plain" in result.failed[0]["reason"]
    assert stems(batch([job("ann")], dataclasses.replace(own, plain=True))[0].made) == ["ann"]


def test_an_error_of_the_report_itself_is_not_tried_again(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    source = f"open({str(tries)!r}, 'a').write('x')\nraise ValueError('no')"
    result, _ = batch([job("ann")], around(tmp_path / "w", good=template(source)))
    assert result.failed[0]["reason"] == "ValueError: no"
    assert tries.read_text() == "x"


def test_a_store_out_of_reach_is_tried_again(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    source = f"open({str(tries)!r}, 'a').write('x')\nclass StoreError(Exception): pass\nraise StoreError('busy')"
    batch([job("ann")], around(tmp_path / "w", good=template(source)))
    assert tries.read_text() == "xx"


def test_a_full_disk_is_named_and_leaves_nothing_that_looks_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own = around(tmp_path / "w", good=template(GOOD))
    batch([job("ann")], own)
    full = OSError(errno.ENOSPC, "No space left on device")

    def refuse(*_: object) -> None:
        raise full

    draft = worker.make_report(job("zoe"), own, own.folder)
    monkeypatch.setattr(os, "fsync", refuse)
    outcome = worker.put_report(draft, job("zoe"), tmp_path / "w")
    assert "No space left" in outcome.reason
    with pytest.raises(ReportError, match="No space left"), locked(tmp_path / "w"):
        run_batch([job("ann", inputs="new")], own, head=HEAD, runner=pretend)  # fmt: skip
    monkeypatch.undo()
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == [".lock", "manifest.json"]  # fmt: skip
    assert stems(batch([job("ann"), job("zoe")], own)[0].made) == ["ann", "zoe"]


def test_a_folder_that_cannot_be_written_fails_the_report_and_not_the_batch(tmp_path: Path) -> None:
    gone = around(tmp_path / "w", good=template(GOOD))
    outcomes = list(run_pool([job("ann")], dataclasses.replace(gone, folder=str(tmp_path / "none")), 1))
    assert "No such file" in outcomes[0].reason


def test_a_wrong_manifest_means_that_everything_is_made(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD))
    for text in ("", "{", "[]", '{"reports": 3}'):
        (tmp_path / "w" / "manifest.json").write_text(text)
        assert Manifest.read(tmp_path / "w").reports == {}
    assert stems(batch([job("ann")], own)[0].made) == ["ann"]


def test_the_manifest_is_written_as_often_as_it_pays_and_always_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own = around(tmp_path / "w", good=template(GOOD))
    writes = []
    monkeypatch.setattr(manifest_module, "write_whole", lambda path, text: writes.append(text))
    jobs = [job(f"r{n}") for n in range(500)]

    run_batch(jobs, own, head=HEAD, runner=pretend)
    assert 2 <= len(writes) < 20
    assert len(json.loads(writes[-1])["reports"]) == 500


def test_a_template_deleted_midway_and_a_clock_set_back_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    own_template = tmp_path / "own.ipynb"
    own_template.write_bytes(template(f"import pathlib\npathlib.Path({str(own_template)!r}).unlink(missing_ok=True)\n{GOOD}"))  # fmt: skip
    own = around(tmp_path / "w", own=own_template.read_bytes())
    backwards = iter(range(2_000_000_000, 0, -3600))
    monkeypatch.setattr(time, "time", lambda: float(next(backwards)))
    result, manifest = batch([job("ann", "own"), job("zoe", "own")], own, runner=partial(run_pool, n_workers=1))
    assert not own_template.exists()
    assert stems(result.made) == ["ann", "zoe"]
    assert sorted(manifest) == ["ann", "zoe"]


def test_every_file_of_a_batch_is_its_owners_alone(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD), bad=template("1 / 0"))
    before = os.umask(0)
    try:
        batch([job("ann"), job("bad", "bad")], own)
    finally:
        os.umask(before)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "w").rglob("*")}
    assert {name: mode for name, mode in modes.items() if mode & 0o077} == {}
    assert {"ann.html", "bad.ipynb", "manifest.json", ".lock"} <= modes.keys()


def test_on_a_terminal_the_rate_and_the_time_left_are_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    shown, own = Terminal(), around(tmp_path / "w", good=template(GOOD))

    def steady(jobs: Sequence[ReportJob], own: RunContext) -> Generator[Outcome]:
        for outcome in pretend(jobs, own):
            time.sleep(0.06)
            yield outcome

    monkeypatch.setattr(sys, "stderr", shown)
    batch([job(f"r{n}") for n in range(8)], own, runner=steady, progress=True)
    assert re.search(r"[1-7]/8 \[\d\d:\d\d<\d\d:\d\d, .*(report/s|s/report)\]", shown.getvalue()), shown.getvalue()
    shown.truncate(0)
    batch([job(f"r{n}") for n in range(8)], own, runner=steady, progress=True)
    assert "report/s" not in shown.getvalue()


def test_workers_are_as_many_as_the_machine_feeds() -> None:
    assert count_workers(1) == 1
    assert 1 <= count_workers(1000) <= len(os.sched_getaffinity(0))


def test_the_plain_engine_gives_the_same_page(tmp_path: Path) -> None:
    for name, plain in (("fork", False), ("plain", True)):
        own = around(tmp_path / name, good=template(GOOD))
        result, _ = batch([job("ann")], dataclasses.replace(own, plain=plain))
        assert stems(result.made) == ["ann"], result.failed
    assert (tmp_path / "fork/ann.html").read_bytes() == (tmp_path / "plain/ann.html").read_bytes()


#: After the first two, a report waits until the test lets it go on.
WAITING = """
import time
from pathlib import Path
while rep > "r1" and not Path({go!r}).exists():
    time.sleep(0.02)
"""
DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_batch import GOOD, WAITING, around, batch, job, template
if __name__ == "__main__":
    waiting = template(WAITING.format(go=sys.argv[3]) + GOOD)
    batch([job(f"r{n}") for n in range(6)], around(Path(sys.argv[1]), good=waiting))
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_driver_that_is_ended_leaves_whole_files_and_no_process(tmp_path: Path, sign: signal.Signals) -> None:
    folder, program, go = tmp_path / "w", tmp_path / "driver.py", tmp_path / "go"
    program.write_text(DRIVER)
    command = [sys.executable, str(program), str(folder), str(Path(__file__).parent), str(go)]
    driver = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while not (folder / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(driver.pid).children(recursive=True)
    assert family
    os.kill(driver.pid, sign)
    driver.wait(30)
    _, alive = psutil.wait_procs(family, timeout=15)
    assert alive == []
    noted = json.loads((folder / "manifest.json").read_text())["reports"]
    assert 0 < len(noted) <= 2
    for path in folder.glob("*.html"):
        assert path.read_text().rstrip().endswith("</html>")
    go.touch()
    waiting = template(WAITING.format(go=str(go)) + GOOD)
    result, manifest = batch([job(f"r{n}") for n in range(6)], around(folder, good=waiting))
    assert len(result.made) + len(result.skipped) == 6
    assert len(result.skipped) >= len(noted)
    assert sorted(manifest) == [f"r{n}" for n in range(6)]
    assert list(folder.glob(".making-*")) == []
