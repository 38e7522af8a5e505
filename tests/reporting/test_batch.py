"""The batch: each report whole or absent, one bad one harms no other, and a run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from filelock import FileLock

from coverage_kit.errors import BadInput
from coverage_kit.reporting.batch import run_batch
from coverage_kit.reporting.execute import ReportJob, Surroundings

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
IDENTITY = {"week": "2026-W47", "as_of": "x"}


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


def around(folder: Path, **bodies: bytes) -> Surroundings:
    folder.mkdir(exist_ok=True)
    return Surroundings(str(folder), tuple(bodies.items()), "en", str(folder), ("s3cret-canary",), 6)


def job(key: str, body: str = "good") -> ReportJob:
    return ReportJob(key, key, key, body, (("rep", key),))


def test_whatever_one_report_does_the_others_are_whole_and_the_next_run_makes_only_it(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    bodies = {f"bad{n}": template(source) for n, source in enumerate(BAD.values())}
    bodies |= {"good": template(GOOD), "endless": template(GOOD, end=False)}
    jobs = [job("ann"), *(job(f"rep{n}", f"bad{n}") for n in range(len(BAD))), job("open", "endless"), job("zoe")]
    result, _ = run_batch(jobs, around(folder, **bodies), identity=IDENTITY)
    assert [Path(path).stem for path in result.made] == ["ann", "zoe"]
    assert [failure["rep"] for failure in result.failed] == sorted([*(f"rep{n}" for n in range(len(BAD))), "open"])
    assert all(failure["reason"] and "\n" not in failure["reason"] for failure in result.failed)
    assert {path.name for path in folder.glob("[!.]*.html")} == {"ann.html", "zoe.html"}
    assert (folder / "failed" / "rep0.ipynb").is_file()
    assert list(folder.glob(".making-*")) == []
    mended = around(folder, **dict.fromkeys(bodies, template(GOOD)) | {"good": bodies["good"]})
    again, manifest = run_batch(jobs[:2] + jobs[-1:], mended, identity=IDENTITY)
    assert [Path(path).stem for path in again.made] == ["rep0"]
    assert [Path(path).stem for path in again.skipped] == ["ann", "zoe"]
    for entry in manifest.values():
        for name, digest in entry["files"].items():
            assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_what_was_tampered_with_or_is_of_another_instant_is_made_again(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD))
    run_batch([job("ann")], own, identity=IDENTITY)
    page = tmp_path / "w" / "ann.html"
    assert page.stat().st_mode & 0o777 == 0o600
    page.write_text("half")
    assert run_batch([job("ann")], own, identity=IDENTITY)[0].made == [str(page)]
    assert run_batch([job("ann")], own, identity=IDENTITY | {"as_of": "y"})[0].made == [str(page)]


def test_two_batches_never_write_into_one_folder(tmp_path: Path) -> None:
    own = around(tmp_path / "w", good=template(GOOD))
    with FileLock(tmp_path / "w" / ".lock"), pytest.raises(BadInput, match="Another batch"):
        run_batch([job("ann")], own, identity=IDENTITY)


DRIVER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_batch import GOOD, IDENTITY, around, job, template
from coverage_kit.reporting.batch import run_batch
if __name__ == "__main__":
    slow = template("import time\\ntime.sleep(1)\\n" + GOOD)
    run_batch([job(f"r{n}") for n in range(6)], around(Path(sys.argv[1]), good=slow), identity=IDENTITY)
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_a_driver_that_is_ended_leaves_whole_files_and_no_process(tmp_path: Path, sign: signal.Signals) -> None:
    folder, program = tmp_path / "w", tmp_path / "driver.py"
    program.write_text(DRIVER)
    driver = subprocess.Popen([sys.executable, str(program), str(folder), str(Path(__file__).parent)], stderr=subprocess.DEVNULL)  # fmt: skip
    deadline = time.monotonic() + 60
    while not (folder / "manifest.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    family = psutil.Process(driver.pid).children(recursive=True)
    assert family
    os.kill(driver.pid, sign)
    driver.wait(30)
    _, alive = psutil.wait_procs(family, timeout=15)
    assert alive == []
    manifest = json.loads((folder / "manifest.json").read_text())["reports"]
    assert 0 < len(manifest) < 6
    for path in folder.glob("*.html"):
        assert path.read_text().rstrip().endswith("</html>")
    slow = template("import time\ntime.sleep(1)\n" + GOOD)
    result, _ = run_batch([job(f"r{n}") for n in range(6)], around(folder, good=slow), identity=IDENTITY)
    assert len(result.made) + len(result.skipped) == 6
    assert len(result.skipped) >= len(manifest)
