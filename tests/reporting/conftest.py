"""The made-up team and its reports, made once for all tests of reports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands import run
from tests.needs import Prepare


def build_team(ws: Path) -> None:
    run("init", ws, "--lang", "ko")
    run("-w", ws, "sample")
    run("-w", ws, "report")


@pytest.fixture(scope="session")
def team(prepared: Prepare, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Korean workspace with the small sample and its reports."""
    return shutil.copytree(prepared("team", build_team), tmp_path_factory.mktemp("team") / "ws")
