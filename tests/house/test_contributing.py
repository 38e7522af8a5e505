"""The table "where to change what" stays true, and the house stays easy to find one's way in."""

from __future__ import annotations

import ast
import re
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "coverage_kit"
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
TABLE = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| ")][1:]
#: About 400; a file past it has a second reason to change, or a sentence that says why not.
MAX_LINES = 420


@pytest.mark.parametrize(("change", "files", "rule"), TABLE, ids=[row[0] for row in TABLE])
def test_where_to_change_what_is_true(change: str, files: str, rule: str) -> None:
    paths = [ROOT / name for name in re.findall(r"`([^`]+)`", files)]
    assert paths
    assert all(path.is_file() for path in paths), change
    wanted = rule.strip().strip("`")
    sources = [*PACKAGE.rglob("*.py"), *(PACKAGE / "workbook" / "static").rglob("*.js")]
    starts = rf"(?m)^ *{re.escape(wanted)}" + (r"(?!\w)" if wanted[-1].isalnum() else "")
    found = [path for path in sources for _ in re.findall(starts, path.read_text(encoding="utf-8"))]
    assert found == [paths[0]], f"{wanted} is defined in {found}"


def test_all_ten_changes_are_there() -> None:
    assert len(TABLE) == 10


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:coverage_kit|tests|docs|notebooks)/[^`]*)`", TEXT))))
def test_every_place_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def loaded_with(path: Path, known: set[str]) -> set[str]:
    """The modules of ours that are loaded when this one is: imports at its top, not those inside functions."""
    names: set[str] = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (inside & known) or {node.module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return names & known


@pytest.mark.slow
def test_no_module_imports_itself_round_a_circle() -> None:
    paths = {module_name(path): path for path in PACKAGE.rglob("*.py")}
    known = set(paths)
    # A package's __init__ collects its modules for others; a module may import a name of the package that holds it.
    graph = {name: loaded_with(path, known) - {name, "coverage_kit"} for name, path in paths.items()}
    TopologicalSorter(graph).prepare()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_long_file_says_why_it_is_long(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if len(text.splitlines()) > MAX_LINES:
        assert "Long because" in (ast.get_docstring(ast.parse(text)) or ""), f"say why in its docstring: {path.name}"
