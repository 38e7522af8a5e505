"""What is in the repository: nothing of one machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked(*options: str) -> list[str]:
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a checkout")
    found = subprocess.run(["git", "ls-files", *options], cwd=ROOT, capture_output=True, text=True, check=True)
    return found.stdout.splitlines()


def test_no_link_is_in_the_repository() -> None:
    # Taking in a link named .venv replaces the environment of each checkout.
    assert [line for line in tracked("--stage") if line.startswith("120000")] == []


def test_nothing_that_is_ignored_is_in_the_repository() -> None:
    assert tracked("--cached", "--ignored", "--exclude-standard") == []
