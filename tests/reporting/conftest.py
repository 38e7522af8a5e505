"""The made-up team and its reports, made once for all tests of reports; and the command line as people type it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import Prepare


def run(*arguments: object, code: int = 0) -> str:
    ran = subprocess.run([sys.executable, "-m", "coverage_kit", *map(str, arguments)], capture_output=True, text=True)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stdout if code == 0 else ran.stderr


def build_team(ws: Path) -> None:
    run("init", ws, "--lang", "ko")
    run("-w", ws, "sample")
    run("-w", ws, "report")


@pytest.fixture(scope="session")
def team(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Korean workspace with the small sample and its reports."""
    return shutil.copytree(prepared("team", build_team), tmp_path_factory.mktemp("team") / "ws")
