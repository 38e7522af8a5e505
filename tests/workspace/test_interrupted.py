"""Ctrl-C ends a command in one line with exit code 130, whatever it is doing."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

_PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
_MODULE, _, _FUNCTION = _PROJECT["project"]["scripts"]["coverage-kit"].partition(":")
#: Both ways to start a command.
STARTS = {
    "coverage-kit": f"from {_MODULE} import {_FUNCTION}\n{_FUNCTION}()",
    "python -m coverage_kit": "import runpy\nrunpy.run_module('coverage_kit', run_name='__main__', alter_sys=True)",
}
#: Interrupts its own process when a module is about to be loaded.
INTERRUPT = """
import os, signal, sys
class Finder:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv = ["coverage-kit", *{words!r}]
"""


def interrupted(start: str, module: str, *words: str, lang: str = "en", first: str = "") -> tuple[int, str, str]:
    program = first + INTERRUPT.format(module=module, words=list(words)) + STARTS[start]
    env = {"COVERAGE_KIT_LANG": lang, "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=env)
    return done.returncode, done.stdout, done.stderr.strip()


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("module", ["click", "pydantic", "coverage_kit.cli.voices"])
def test_ctrl_c_while_a_command_loads_ends_in_one_line(start: str, module: str) -> None:
    assert interrupted(start, module, "--help") == (130, "", "coverage-kit: Stopped.")


@pytest.mark.parametrize("start", STARTS)
def test_ctrl_c_while_a_command_runs_ends_in_the_same_line(start: str, tmp_path: Path) -> None:
    # The command itself loads what it needs, so this one is running.
    done = interrupted(start, "coverage_kit.opening", "-w", str(tmp_path), "status")
    assert done == (130, "", "coverage-kit: Stopped.")


def test_the_line_is_in_the_language_of_the_terminal() -> None:
    assert interrupted("coverage-kit", "click", lang="ko") == (130, "", "coverage-kit: 멈췄습니다.")


def test_a_command_that_was_started_to_ignore_ctrl_c_goes_on() -> None:
    code, out, errors = interrupted(
        "coverage-kit", "click", "--version", first="import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
    )
    assert (code, "0." in out, errors) == (0, True, "")
