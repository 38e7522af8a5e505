"""A command that a message names can be typed as it stands, from the folder where its reader is."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

import coverage_kit
from coverage_kit import init_workspace
from coverage_kit.cli import cli
from coverage_kit.errors import CoverageKitError
from coverage_kit.i18n import LANGUAGES, texts
from coverage_kit.i18n.commands import named_commands, on_page_of
from coverage_kit.workbook.model.start import StartBook
from coverage_kit.workbook.widget.start_view import StartView

PACKAGE = Path(coverage_kit.__file__).parent
CATALOGUE = PACKAGE / "i18n/locale/coverage_kit.pot"
#: These make a workspace, so they work on none.
MAKES_ONE = {"init", "restore"}


def messages_with_commands() -> list[str]:
    with CATALOGUE.open("rb") as file:
        texts_of_all = [text for each in read_po(file) for text in ([each.id] if isinstance(each.id, str) else each.id)]
    return [text for text in texts_of_all if named_commands(text)]


def test_the_catalogue_has_messages_with_commands() -> None:
    assert len(messages_with_commands()) > 25


@pytest.mark.parametrize("message", messages_with_commands(), ids=lambda text: re.sub(r"\W+", "-", text)[:50])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_of_a_message_can_be_typed_from_another_folder(lang: str, message: str) -> None:
    home = Path("/srv/my {team}")
    values = {name: f"my {name}" for name in re.findall(r"\{(\w+)\}", message)}
    shown = texts(lang).at(home)(message, **values)
    commands = named_commands(shown)
    assert len(commands) == len(named_commands(message))
    for command, plain in zip(commands, named_commands(texts(lang)._catalogue.gettext(message)), strict=True):
        assert not re.search(r"[A-Za-z0-9_}'][가-힣]", command), f"a particle hangs on: {command}"
        typed = shlex.split(re.sub(r"[가-힣].*", "", command))
        context = click.Context(cli)
        _, found, _ = cli.resolve_command(context, cli.make_parser(context).parse_args(typed[1:])[1])
        assert found is not None, command
        names_one = "--workspace" in typed
        assert names_one is (found.name not in MAKES_ONE), command
        if names_one:
            folder = typed[typed.index("--workspace") + 1]
            assert folder in {str(home), values.get("path")}
        for name in re.findall(r"\{(\w+)\}", plain):
            assert values[name] in typed, f"{name} is not one word of: {command}"


def test_the_commands_of_the_program_speak_for_a_terminal() -> None:
    for path in (PACKAGE / "cli").glob("*.py"):
        if path.name != "base.py":
            assert "texts(ws.lang)" not in path.read_text(encoding="utf-8"), f"{path.name}: use words(ws)"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "coverage_kit", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_an_error_and_a_next_step_name_the_workspace_and_in_its_own_folder_they_do_not(tmp_path: Path) -> None:
    home = tmp_path / "my team"
    init_workspace(home, actor="ann").close()
    named = f"coverage-kit --workspace '{home}' sample-contacts"
    refused = run(tmp_path, "-w", "my team", "sample-contacts", "--result", "--json")
    assert named in json.loads(refused.stdout)["error"]["message"]
    assert named in run(tmp_path, "-w", "my team", "sample-contacts", "--result").stderr
    assert ": coverage-kit sample-contacts" in run(home, "sample-contacts", "--result").stderr
    assert f"coverage-kit --workspace '{home}' import" in run(tmp_path, "-w", "my team", "status").stdout
    assert ": coverage-kit import accounts FILE.csv" in run(home, "status").stdout


@pytest.mark.parametrize("message", messages_with_commands(), ids=lambda text: re.sub(r"\W+", "-", text)[:50])
def test_every_command_on_a_page_names_the_workspace_wherever_the_page_is_made(message: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    values = {name: f"my {name}" for name in re.findall(r"\{(\w+)\}", message)}
    for lang in LANGUAGES:
        with on_page_of(tmp_path):
            in_text = CoverageKitError("code", message, **values).text(lang)
        for command in named_commands(in_text):
            makes_one = command.split()[1] in MAKES_ONE
            assert ("--workspace" in command) is not makes_one, command
        assert f"--workspace {tmp_path}" not in CoverageKitError("code", message, **values).text(lang)


def test_the_words_and_refusals_of_a_page_name_the_workspace(tmp_path: Path) -> None:
    home = tmp_path / "my team"
    with init_workspace(home, actor="ann") as ws:
        view = StartView(StartBook(ws), lang="en")
        named = f"coverage-kit --workspace '{home}' "
        told = [
            one for word in view.words["en"].values() for one in (word.values() if isinstance(word, dict) else [word])
        ]
        commands = [command for text in told for command in named_commands(text)]
        assert len(commands) > 2
        assert [command for command in commands if not command.startswith(named)] == []
        with sqlite3.connect(home / "store.db") as connection:
            connection.execute("DROP TRIGGER template_no_update")
            connection.execute("UPDATE template SET body = '{'")
        connection.close()
        refused = StartBook(ws).handle({"kind": "hello"})
        assert f"{named}doctor" in refused["text"]["ko"]
