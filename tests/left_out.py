"""Say at the end of a run which tests were left out, why, and what makes them run."""

from __future__ import annotations

from collections import Counter

import pytest


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say last which tests were left out, why, and what makes them run."""
    left_out: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        left_out[report.longrepr[2].removeprefix("Skipped: ")] += 1
    deselected = len(terminalreporter.stats.get("deselected", []))
    if deselected:
        left_out["not chosen for this run; `make test deep` runs everything"] = deselected
    if left_out:
        terminalreporter.section("left out")
        for reason, n in left_out.most_common():
            terminalreporter.line(f"{n:>5}  {reason}")
