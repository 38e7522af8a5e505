"""The table of promises names tests that exist, and says so where there is none yet."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/promises.md"
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def promises() -> list[tuple[str, str, str]]:
    """Each row of the tables: promise, test, negative control."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]
    return [(a, b, c) for a, b, c in cells if a != "promise" and set(a) != {"-"}]


def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("promise", "test", "control"), promises(), ids=lambda text: text[:40])
def test_every_promise_names_its_tests(promise: str, test: str, control: str) -> None:
    assert TEST.search(test) or test == "not yet", promise
    assert TEST.search(control) or control == "–", promise
    for file, name in TEST.findall(test + control):
        assert (ROOT / file).is_file(), file
        assert name in functions_in(ROOT / file), f"{file} has no {name}; name the test that proves: {promise}"


def test_every_test_of_a_fault_stands_for_a_promise() -> None:
    named = {f"{file}::{name}" for _, test, control in promises() for file, name in TEST.findall(test + control)}
    for path in (ROOT / "tests/faults").glob("test_*.py"):
        for name in functions_in(path):
            if name.startswith("test_"):
                assert f"tests/faults/{path.name}::{name}" in named
