"""Our own programs start without a grammar that takes seconds to build, and notebooks are still checked."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAMS = {
    "app": "import coverage_kit.workbook.server",
    "lab": "from coverage_kit.engine.quick_start import skip_iri_grammar; skip_iri_grammar(); import jupyterlab.labapp",
}
LOOK = "; import sys; print(sys.modules.get('rfc3987_syntax'))"
CHECK = """
from coverage_kit.engine.quick_start import skip_iri_grammar
skip_iri_grammar()
import nbformat
new = nbformat.v4
nbformat.validate(new.new_notebook(cells=[new.new_code_cell("1")]))
try:
    nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]})
except nbformat.ValidationError:
    print("refused")
"""


def output_of(lines: str) -> str:
    return subprocess.run([sys.executable, "-c", lines], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_server_starts_without_the_grammar(program: str) -> None:
    assert output_of(PROGRAMS[program] + LOOK) == "None"


@pytest.mark.slow
def test_a_damaged_notebook_is_refused_without_it_too() -> None:
    assert output_of(CHECK) == "refused"
