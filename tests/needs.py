"""Words that tests share: what to do where a program is missing, and how a folder is made once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

#: ``prepared("name", build)``: a folder that is built once in a run; see ``prepared`` in conftest.py.
Prepare = Callable[[str, Callable[[Path], None]], Path]
REQUIRED = set(filter(None, os.environ.get("COVERAGE_KIT_REQUIRE", "").split(",")))


def missing(what: str, reason: str) -> NoReturn:
    """Skip where something is not installed; fail where ``COVERAGE_KIT_REQUIRE`` names it."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)
