"""Errors of commands: one line in the workspace's language, or one JSON document."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from coverage_kit import init_workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def korean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("errors") / "ws"
    init_workspace(home, lang="ko").close()
    return home


def run(*words: str | Path, lang: str = "en_US.UTF-8") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coverage_kit", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, env={"LANG": lang, "PYTHONIOENCODING": "utf-8"})


def test_an_error_speaks_the_workspaces_language_whatever_the_terminals(korean: Path) -> None:
    failed = run("-w", korean, "status", "--rep", "nobody", lang="en_US.UTF-8")
    assert (failed.returncode, failed.stdout) == (2, "")
    assert "직원이" in failed.stderr or "없습니다" in failed.stderr


def test_a_config_that_cannot_be_used_is_named_in_its_own_language(korean: Path, tmp_path: Path) -> None:
    broken = shutil.copytree(korean, tmp_path / "ws")
    config = broken / "coverage-kit.yml"
    config.write_text(config.read_text(encoding="utf-8").replace("timezone:", "time_zone:"), encoding="utf-8")
    failed = run("status", "-w", broken)
    assert failed.returncode == 2
    assert any("가" <= sign <= "힣" for sign in failed.stderr)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status", "--rep", "nobody"], "staff.unknown"),
        (["status", "--as-of", "9999-12-31"], "instant.ahead"),
        (["status", "--no-such-option"], "usage"),
        (["agenda", "--rep", "nobody"], "staff.unknown"),
        (["report", "--week", "next week"], "week.format"),
        (["import", "staff", "missing.csv"], "file.missing"),
    ],
    ids=" ".join,
)
def test_with_json_an_error_is_one_json_document(korean: Path, words: list[str], code: str) -> None:
    failed = run("-w", korean, *words, "--json")
    assert failed.returncode == 2
    error = json.loads(failed.stdout)["error"]
    assert error["message"]
    assert error["code"] == code


def test_a_changed_report_template_that_is_not_used_is_named_with_what_to_write(korean: Path, tmp_path: Path) -> None:
    home = shutil.copytree(korean, tmp_path / "ws")
    template = home / "templates/reports/rep_weekly.ipynb"
    template.write_text(template.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (tmp_path / "accounts.csv").write_text("name,owner\nHanbit,kim\n", encoding="utf-8")
    assert run("-w", home, "import", "accounts", tmp_path / "accounts.csv").returncode == 0
    said = run("-w", home, "report", "--dry-run")
    assert said.returncode == 0, said.stderr
    assert "templates/reports/rep_weekly.ipynb" in said.stderr
    line = said.stderr[said.stderr.index('{path: "') :].strip()
    config = home / "coverage-kit.yml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("templates: []", f"templates: [{line}]"), encoding="utf-8"
    )
    assert run("-w", home, "report", "--dry-run").stderr == ""
