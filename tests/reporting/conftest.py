"""The made-up team and its reports, made once for all tests of reports; and the command line as people type it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: object, code: int = 0) -> str:
    ran = subprocess.run([sys.executable, "-m", "coverage_kit", *map(str, arguments)], capture_output=True, text=True)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stdout if code == 0 else ran.stderr


@pytest.fixture(scope="session")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Korean workspace with the small sample and its reports."""
    ws = tmp_path_factory.mktemp("team") / "ws"
    run("init", ws, "--lang", "ko")
    run("-w", ws, "sample")
    run("-w", ws, "report")
    return ws
