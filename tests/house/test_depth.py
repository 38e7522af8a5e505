"""A deep run tries every test that can try harder, and no other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests import depth as module
from tests.depth import depth

TESTS = Path(__file__).parents[1]


def decorators(function: ast.FunctionDef) -> set[str]:
    return {ast.unparse(each).partition("(")[0] for each in function.decorator_list}


def tries_harder(function: ast.FunctionDef, names: set[str]) -> bool:
    """Whether a test, or a constant it uses, says how hard to try in a deep run."""
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    calls = [node for node in ast.walk(function) if isinstance(node, ast.Call) and ast.unparse(node.func) == "depth"]
    return bool(used & names) or any(ast.unparse(call.args[1]) != ast.unparse(call.args[2]) for call in calls)


@pytest.mark.parametrize(
    "path", sorted({*TESTS.rglob("test_*.py")} - {Path(__file__)}), ids=lambda path: str(path.relative_to(TESTS))
)
def test_a_test_that_tries_harder_in_a_deep_run_is_marked_so(path: Path) -> None:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    constants = {
        ast.unparse(node.targets[0])
        for node in body
        if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("depth(")
    }
    tests = [node for node in body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    harder = {test.name for test in tests if tries_harder(test, constants)}
    marked = {test.name for test in tests if decorators(test) & {"pytest.mark.deep", "given"}}
    assert harder - marked == set()


def test_each_depth_has_its_own_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for name in ("quick", "default", "deep"):
        monkeypatch.setattr(module, "DEPTH", name)
        found[name] = depth(1, 2, 3)
    assert found == {"quick": 1, "default": 2, "deep": 3}
