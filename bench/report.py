"""Where the time of one weekly report goes: kernel start, imports, queries and measures, charts and parts, HTML.

Run: python bench/report.py WORKSPACE
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import papermill

from coverage_kit.assets.paths import folder
from coverage_kit.reporting.pages.page import page_from_notebook

RUNS = 5


def run(template: Path, out: Path) -> tuple[float, nbformat.NotebookNode]:
    start = time.perf_counter()
    nb = papermill.execute_notebook(str(template), str(out), progress_bar=False, log_output=False)
    return time.perf_counter() - start, nb


if __name__ == "__main__":
    os.environ["COVERAGE_KIT_WORKSPACE"] = str(Path(sys.argv[1]).absolute())
    rows: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as home:
        out = Path(home) / "out.ipynb"
        empty = Path(home) / "empty.ipynb"
        cell = nbformat.v4.new_code_cell("import coverage_kit.reporting.pages.weekly", id="a")
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), empty)
        for _ in range(RUNS):
            whole, base = run(empty, out)
            imports = base.cells[0].metadata.papermill["duration"]
            rows.setdefault("kernel start and end", []).append(whole - imports)
            rows.setdefault("imports", []).append(imports)
            _, nb = run(folder("templates") / "reports" / "rep_weekly.ipynb", out)
            spent = {
                c.source.splitlines()[0]: c.metadata.papermill["duration"] for c in nb.cells if c.cell_type == "code"
            }
            first = next(v for k, v in spent.items() if k.startswith("from coverage_kit"))
            rows.setdefault("queries and header", []).append(max(first - imports, 0))
            rows.setdefault("measures, charts, parts", []).append(
                sum(v for k, v in spent.items() if k.startswith("report."))
            )
            start = time.perf_counter()
            page_from_notebook(nb, lang="ko", title="x")
            rows.setdefault("HTML page", []).append(time.perf_counter() - start)
    total = sum(statistics.median(times) for times in rows.values())
    for name, times in rows.items():
        median = statistics.median(times)
        print(f"{name:<26} {1000 * median:7.0f} ms  {100 * median / total:3.0f} %")
    print(f"{'sum of medians':<26} {1000 * total:7.0f} ms")
