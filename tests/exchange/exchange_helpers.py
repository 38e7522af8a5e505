"""What a test looks at of a plan."""

from __future__ import annotations

from typing import Any


def counts(plan: Any, *names: str) -> list[int]:
    return [plan.counts[name] for name in names]


def codes(plan: Any) -> list[tuple[int, str]]:
    return [(problem.row, problem.code) for problem in plan.problems]
