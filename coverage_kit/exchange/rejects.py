"""The rows that an import did not take whole, as a file to mend and bring in again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coverage_kit.exchange.outputs import write_table
from coverage_kit.exchange.plan.headers import TableFile
from coverage_kit.exchange.problems import PROBLEM, Effect, Problem


def write_rejects(path: Path, table: TableFile, problems: Iterable[Problem]) -> None:
    """Write the rows not taken whole in the file's own columns, with the reason, to be mended and imported again."""
    reasons: dict[int, list[str]] = {}
    for problem in problems:
        if problem.effect is not Effect.NOTICE:
            reasons.setdefault(problem.row, []).append(f"{problem.column}: {problem.message}")
    again = int(table.is_rejects)
    rows = (["; ".join(reasons[row]), *cells[again:]] for row, cells in table.rows if row in reasons)
    write_table(path, [PROBLEM, *table.header[again:]], rows)
