"""A program that makes reports runs its own lines once, whatever the number of workers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coverage_kit import open_workspace
from coverage_kit.store.entities import Note

pytestmark = pytest.mark.slow

#: No ``if __name__ == "__main__"``: people write scripts and cells like this.
LINES = """\
import pathlib
with open({mark!r}, "a") as file:
    file.write("ran")
import coverage_kit
from coverage_kit.reporting.run import report_week
ws = coverage_kit.open_workspace({ws!r})
slot = ws.slots().iloc[0]
ws.edit_slot(slot["account"], slot["role"], grounds="written once")
made = report_week(ws, n_workers=3, force=True)
pathlib.Path({out!r}).write_text(repr([len(made.made), made.failed]))
ws.close()
"""


def as_script(lines: str, home: Path) -> None:
    script = home / "weekly.py"
    script.write_text(lines)
    subprocess.run([sys.executable, str(script)], check=True, cwd=home)


def as_command(lines: str, home: Path) -> None:
    subprocess.run([sys.executable, "-c", lines], check=True, cwd=home)


def as_session(lines: str, home: Path) -> None:
    typed = lines.replace('    file.write("ran")\n', '    file.write("ran")\n\n')
    subprocess.run([sys.executable, "-i"], input=typed, text=True, check=True, cwd=home, capture_output=True)


def as_notebook(lines: str, home: Path) -> None:
    new = nbformat.v4
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new.new_notebook(cells=[new.new_code_cell(lines)], metadata=kernel), home / "weekly.ipynb")
    command = [sys.executable, "-m", "papermill", "weekly.ipynb", "out.ipynb", "--no-progress-bar"]
    subprocess.run(command, check=True, cwd=home, capture_output=True, env=os.environ | {"PYTHONWARNINGS": "ignore"})


@pytest.mark.parametrize("way", [as_script, as_command, as_session, as_notebook])
def test_its_lines_run_once_and_all_reports_are_made(way: object, team: Path, tmp_path: Path) -> None:
    ws, mark, out = tmp_path / "ws", tmp_path / "mark", tmp_path / "out"
    shutil.copytree(team, ws)
    way(LINES.format(mark=str(mark), ws=str(ws), out=str(out)), tmp_path)  # type: ignore[operator]
    assert mark.read_text() == "ran"
    assert out.read_text() == repr([4, []])
    with open_workspace(ws) as opened:
        bodies = [note.body for note in opened.ledger.as_of(Note)]
    assert bodies.count("written once") == 1


def test_workers_do_not_search_the_current_folder_for_modules(team: Path, tmp_path: Path) -> None:  # fmt: skip
    ws, home = tmp_path / "ws", tmp_path / "home"
    shutil.copytree(team, ws)
    home.mkdir()
    # In the current folder lies a file with the name of a module that every worker imports.
    (home / "pickle.py").write_text("raise SystemExit('the wrong pickle')")
    command = [sys.executable, "-P", "-m", "coverage_kit", "-w", str(ws), "report", "--force", "--json"]
    made = subprocess.run(command, cwd=home, capture_output=True, text=True)
    assert json.loads(made.stdout)["failed"] == [], made.stderr
    assert len(json.loads(made.stdout)["made"]) == 4
