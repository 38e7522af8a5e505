"""What the tests of the exchange share: a workspace and a way to write small files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coverage_kit import init_workspace
from coverage_kit.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", lang="en", actor="ann") as made:
        yield made


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small file: ``write("a,b\\n1,2\\n", "name.csv")``."""

    def _write(data: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return _write
