"""Store again what the checked cells of the notebooks print on the English sample: look at the change before committing.

Run: make notebooks
"""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
CHECKED = "nbval-check-output"


def refresh(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    metadata = deepcopy(nb.metadata)
    NotebookClient(nb, kernel_name="python3", timeout=120).execute()
    for cell in nb.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type != "code":
            continue
        if CHECKED in cell.metadata.get("tags", []):
            cell.execution_count = 1
            for output in cell.outputs:
                output.pop("execution_count", None) if output.output_type == "stream" else output.update(
                    execution_count=1
                )
        else:
            cell.execution_count, cell.outputs = None, []
    nb.metadata = metadata
    nbformat.write(nb, path)


if __name__ == "__main__":
    for path in sorted([*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("templates/reports/*.ipynb")]):
        refresh(path)
