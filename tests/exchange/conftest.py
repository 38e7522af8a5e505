"""What the tests of the exchange share: a workspace and a way to write small files."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coverage_kit import init_workspace, open_workspace
from coverage_kit.workspace import Workspace


@pytest.fixture(scope="session")
def new_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as ``init`` makes it, to be copied."""
    path = tmp_path_factory.mktemp("new") / "ws"
    init_workspace(path, lang="en", actor="ann").close()
    return path


@pytest.fixture
def ws(new_workspace: Path, tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(shutil.copytree(new_workspace, tmp_path / "ws"), actor="ann") as opened:
        yield opened


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small file: ``write("a,b\\n1,2\\n", "name.csv")``."""

    def _write(data: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return _write
