"""Our own programs start without a grammar that takes seconds to build, and notebooks are still checked."""

from __future__ import annotations

import subprocess
import sys

import pytest

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


@pytest.mark.slow
@pytest.mark.parametrize("program", ["coverage_kit.workbook.server", "coverage_kit.workbook.lab"])
def test_a_server_starts_without_the_grammar(program: str) -> None:
    command = [sys.executable, "-X", "importtime", "-m", program, "--version"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    assert "nbformat" in loaded
    assert "rfc3987_syntax.syntax_helpers" not in loaded


@pytest.mark.slow
def test_a_damaged_notebook_is_refused_without_it_too() -> None:
    done = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "refused"
