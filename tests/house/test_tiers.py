"""Of each kind one test runs every time; the others wait for a deep run."""

from __future__ import annotations

import ast
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.tiers import IN_LAB, ROOT, USUAL, waiting

BROWSER = ROOT / "tests/browser"


def case(file: str, test: str, *marks: str, place: str = "", uses: tuple[str, ...] = ()) -> Any:
    """A collected test, as far as the rule looks at it."""
    return SimpleNamespace(
        path=ROOT / file,
        name=test,
        originalname=test,
        fixturenames=uses,
        callspec=SimpleNamespace(params={"place": place}),
        get_closest_marker=lambda name: name if name in marks else None,
    )


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("file", sorted(USUAL))
def test_the_usual_acts_exist(file: str) -> None:
    assert USUAL[file] <= names_in(BROWSER / file)


def test_an_act_in_jupyterlab_is_a_usual_one() -> None:
    assert set.union(*USUAL.values()) >= IN_LAB


def test_every_file_of_acts_has_a_usual_one_or_waits_whole() -> None:
    wait = {"test_clock.py", "test_first_group.py", "test_focus_everywhere.py", "test_import_evidence.py"}
    wait |= {"test_lab.py", "test_name_picker.py"}
    assert {path.name for path in BROWSER.glob("test_*.py")} - set(USUAL) <= wait


def test_the_second_database_waits_but_for_the_stores_own_tests() -> None:
    both = [case("tests/rules/test_a.py", "test_x"), case("tests/rules/test_a.py", "test_x", "postgresql")]
    store = [case("tests/store/test_a.py", "test_x"), case("tests/store/test_a.py", "test_x", "postgresql")]
    alone = [case("tests/security/test_a.py", "test_x", "postgresql")]
    assert waiting([*both, *store, *alone], whole=True) == [both[1]]


def test_of_many_cases_that_cost_something_the_first_stay() -> None:
    slow = [case("tests/engine/test_a.py", "test_x", "slow") for _ in range(3)]
    free = [case("tests/domain/test_a.py", "test_x") for _ in range(9)]
    assert waiting([*slow, *free], whole=True) == slow[1:]
    files = [case("tests/rules/test_a.py", "test_x", uses=("tmp_path",)) for _ in range(9)]
    left = waiting(files, whole=True)
    assert left
    assert left == files[9 - len(left) :]


def test_what_is_named_runs_whole_but_in_jupyterlab() -> None:
    cases = [case("tests/browser/test_rep.py", "test_x", "browser", place=place) for place in ("voila", "lab")]
    assert waiting(cases, whole=True) == cases
    assert waiting(cases, whole=False) == cases[1:]
