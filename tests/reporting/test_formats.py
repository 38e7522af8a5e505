"""The command line of the batch: PDF, mail as files, what to type next."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from coverage_kit.assets.paths import folder as resource
from coverage_kit.config import CONFIG_NAME
from tests.commands import run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def week(team: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The week's reports once more, in a folder of their own."""
    out = tmp_path_factory.mktemp("out")
    config = team / CONFIG_NAME
    config.write_text(re.sub(r"^mail: .*$", 'mail: {"sender": "coach@example.com", "domain": "example.com"}', config.read_text(), flags=re.M))  # fmt: skip
    run("-w", team, "report", "--out", out)
    return out


@pytest.mark.browser
def test_pages_are_printed_once_with_korean_in_the_pdf(team: Path, week: Path, chromium: Path) -> None:
    result = json.loads(
        run("-w", team, "report", "--out", week, "--format", "html,pdf", "--rep", "jihye.kim", "--json")
    )
    assert result["made"] == []
    (pdf,) = (Path(path) for path in result["pdf"])
    assert pdf.name == "jihye.kim.pdf"
    assert pdf.stat().st_mode & 0o777 == 0o600
    assert "jihye.kim.pdf" in json.loads(Path(result["manifest"]).read_text())["reports"]["jihye.kim"]["files"]
    text = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, text=True, check=True).stdout
    assert "고객 파악률" in text
    again = json.loads(run("-w", team, "report", "--out", week, "--format", "pdf", "--rep", "jihye.kim", "--json"))
    assert again["pdf"] == []
    pdf.write_bytes(b"half")
    mended = json.loads(run("-w", team, "report", "--out", week, "--format", "pdf", "--rep", "jihye.kim", "--json"))
    assert mended["pdf"] == [str(pdf)]


def test_mail_without_a_server_is_a_file_for_each_rep(team: Path, week: Path) -> None:
    result = json.loads(run("-w", team, "report", "--out", week, "--mail", "--json"))
    assert {"jihye.kim", "minsoo.park", "sarah.lee"} <= set(result["mailed"])
    files = sorted((Path(result["manifest"]).parent / "mail").glob("*.eml"))
    assert len(files) == len(result["mailed"])
    assert json.loads(run("-w", team, "report", "--out", week, "--mail", "--json"))["mailed"] == []


def test_the_failed_are_named_with_the_command_that_makes_them(team: Path, week: Path) -> None:
    config, kept = team / CONFIG_NAME, (team / CONFIG_NAME).read_text()
    broken = team / "rep_weekly.ipynb"
    broken.write_text(
        (resource("templates") / "reports/rep_weekly.ipynb").read_text().replace("report.headline", "1 / 0")
    )
    digest = hashlib.sha256(broken.read_bytes()).hexdigest()
    config.write_text(re.sub(r"^templates: .*$", f'templates: [{{"path": "rep_weekly.ipynb", "sha256": "{digest}"}}]', kept, flags=re.M))  # fmt: skip
    try:
        command = ["-w", str(team), "report", "--out", str(week), "--rep", "jihye.kim"]
        result = run(*command, code=1)
    finally:
        config.write_text(kept)
        broken.unlink()
    assert "ZeroDivisionError" in result
    assert f"coverage-kit {' '.join(command)} --week 2026-W47" in result


@pytest.mark.parametrize("options", [["--jobs", "0"], ["--jobs", "many"], ["--format", "docx"], ["--scheduler", "tcp://10.0.0.1:1"]])  # fmt: skip
def test_wrong_options_are_refused_before_anything_starts(team: Path, options: list[str], tmp_path: Path) -> None:
    run("-w", team, "report", "--out", tmp_path, *options, code=2)
    assert list(tmp_path.iterdir()) == []


def test_a_batch_without_a_terminal_draws_no_progress_bar(team: Path, tmp_path: Path) -> None:
    result = subprocess.run([sys.executable, "-m", "coverage_kit", "-w", str(team), "report", "--out", str(tmp_path), "--rep", "jihye.kim", "--jobs", "1"], capture_output=True, text=True, check=True)  # fmt: skip
    assert result.stderr == ""
