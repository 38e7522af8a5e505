"""A newcomer without a browser or a database server sees what was not tested; where they are required, that is a failure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
TESTS = """
from tests.needs import missing
def test_in_a_browser():
    missing("browser", "no Chromium at /nowhere (Debian: apt-get install chromium)")
def test_in_a_browser_too():
    missing("browser", "no Chromium at /nowhere (Debian: apt-get install chromium)")
def test_of_a_measure():
    pass
"""


def run(folder: Path, *arguments: str, required: str = "") -> str:
    (folder / "test_some.py").write_text(TESTS)
    plugins = "-p tests.left_out -p xdist -p no:cacheprovider".split()
    command = [sys.executable, "-m", "pytest", *plugins, "-c", os.devnull]
    # Most plugins that are installed take longer to load than these tests take.
    own = {"COVERAGE_KIT_REQUIRE": required, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment = {**os.environ, **own}
    done = subprocess.run(
        [*command, *arguments, str(folder)], cwd=folder, env=environment, capture_output=True, text=True
    )
    return done.stdout


@pytest.mark.parametrize("workers", ["0", "1"])
def test_what_is_missing_is_named_last_with_the_number_of_its_tests(tmp_path: Path, workers: str) -> None:
    last = run(tmp_path, "-n", workers).split("left out")[-1]
    assert re.search(r"2  no Chromium at /nowhere \(Debian: apt-get install chromium\)\n+.*1 passed, 2 skipped", last)


def test_tests_that_were_not_chosen_are_counted(tmp_path: Path) -> None:
    assert re.search(r"left out .*\n +2  not chosen for this run", run(tmp_path, "-k", "measure"))


def test_what_is_required_and_missing_fails(tmp_path: Path) -> None:
    output = run(tmp_path, required="postgresql,browser")
    assert "browser is required here: no Chromium at /nowhere" in output
    assert "2 failed, 1 passed" in output
