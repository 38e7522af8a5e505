"""Commands in the tests' own process: loading the program takes longer than most of them.

The same ``main`` runs, with the environment and the folder that a process of its own would have. What is about the
process itself (its exit, signals, a terminal, what it loads) is tested with real ones, first of all in
``workspace/test_command_line.py``.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

from coverage_kit.cli import main


def call(
    *arguments: object, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command as ``python -m coverage_kit`` does.

    Parameters
    ----------
    *arguments : object
    env : dict of str to str, optional
        The whole environment; by default that of the tests.
    cwd : Path, optional
        By default the present folder.
    """
    words = [str(each) for each in arguments]
    out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        patch.object(sys, "argv", ["coverage-kit", *words]),
        patch.dict(os.environ, os.environ if env is None else env, clear=True),
        chdir(cwd or Path.cwd()),
        redirect_stdout(out),
        redirect_stderr(errors),
    ):
        try:
            main()
            code: object = 0
        except SystemExit as exc:
            code = exc.code
            # As Python itself does: a text is printed, and ends the program with 1.
            if isinstance(code, str):
                print(code, file=errors)
    status = code if isinstance(code, int) else int(code is not None)
    return subprocess.CompletedProcess(words, status, *map(_written, (out, errors)))


def run(*arguments: object, code: int = 0, env: dict[str, str] | None = None) -> str:
    """What a command prints that ends with this code: its output, or its errors where that is not 0."""
    ran = call(*arguments, env=env)
    assert ran.returncode == code, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stdout if code == 0 else ran.stderr


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
