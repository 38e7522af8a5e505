"""What to do where a program that tests need is not installed."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

REQUIRED = set(filter(None, os.environ.get("COVERAGE_KIT_REQUIRE", "").split(",")))


def missing(what: str, reason: str) -> NoReturn:
    """Skip where something is not installed; fail where ``COVERAGE_KIT_REQUIRE`` names it."""
    if what in REQUIRED:
        pytest.fail(f"{what} is required here: {reason}")
    pytest.skip(reason)
