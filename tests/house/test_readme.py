"""What the README tells people to type works as it stands there, in both languages."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import call

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FILES = {
    "staff.csv": "key,name,function\njihye.kim,김지혜,rep\nlee,이정훈,coach\n",
    "accounts.csv": "key,name,industry\nA100,Alpha,manufacturing\nA200,Beta,logistics\n",
    "contacts.csv": "account,name,title,phone\nAlpha,Ann Example,CEO,010-0000-0001\n",
}


def in_a_shell(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coverage_kit", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True)


#: Each line starts the program for one language; for the other, whose lines are the same, it runs in this process.
RUN = {"README.md": in_a_shell, "README.ko.md": lambda arguments, folder: call(*arguments, cwd=folder)}


def blocks(readme: str) -> list[tuple[str, str]]:
    """The fenced blocks of a README: language and text."""
    return re.findall(r"^```(\w*)\n(.*?)^```", (ROOT / readme).read_text(encoding="utf-8"), re.M | re.S)


def commands(readme: str) -> list[list[str]]:
    """Its lines that call our program, without comments."""
    lines = [line for _, text in blocks(readme) for line in text.splitlines()]
    return [shlex.split(line, comments=True)[1:] for line in lines if line.startswith("coverage-kit ")]


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_own_team_part_works_from_the_first_line_to_the_last(readme: str, tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    typed = commands(readme)
    assert len(typed) >= 5
    for arguments in typed:
        ran = RUN[readme](arguments, tmp_path)
        assert ran.returncode == 0, (arguments, ran.stderr)
    assert list((tmp_path / "my-team" / "reports").rglob("jihye.kim.html"))
    for language, source in blocks(readme):
        if language == "python":
            subprocess.run([sys.executable, "-c", source], cwd=tmp_path, check=True)
    ran = RUN[readme](["-w", "my-team", "status"], tmp_path)
    assert ran.returncode == 0
    assert "(1/24)" in ran.stdout


def test_both_readmes_type_the_same() -> None:
    assert commands("README.md") == [
        [word.replace("ko", "en") if word == "ko" else word for word in typed] for typed in commands("README.ko.md")
    ]


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_commands_without_make_are_those_of_make(readme: str) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    plain = [
        line.partition("#")[0].strip().removeprefix(".venv/bin/")
        for _, text in blocks(readme)
        for line in text.splitlines()
        if line.startswith(".venv/bin/")
    ]
    assert any(line.startswith("python -m pytest") for line in plain)
    for line in plain:
        if line.startswith("coverage-kit"):
            assert f"$(BIN)/{line}" in makefile, line
    for target in re.findall(r"^make (\w+)", "\n".join(text for _, text in blocks(readme)), re.M):
        assert re.search(rf"^{target}\b.*:", makefile, re.M), target


@pytest.mark.parametrize("readme", ["README.md", "README.ko.md"])
def test_the_pictures_and_pages_it_points_to_are_there(readme: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", (ROOT / readme).read_text(encoding="utf-8")):
        assert (ROOT / target).exists(), target
