"""Making and opening a workspace: whole or absent, private, and an error that says what to do."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import BadInput, init_workspace, open_workspace, opening
from coverage_kit.cli import cli


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_every_folder_and_file_of_a_new_workspace_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "teams" / "ws"
    init_workspace(home).close()
    modes = {each: each.stat().st_mode & 0o777 for each in [home.parent, home, *home.rglob("*")]}
    assert {mode for each, mode in modes.items() if each.is_dir()} == {0o700}
    assert {mode for each, mode in modes.items() if each.is_file()} == {0o600}


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "no folder"])
def test_a_failing_init_leaves_nothing_so_that_the_next_one_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    home = tmp_path / "ws"
    if there:
        home.mkdir()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(opening, "write_config", full)
    with pytest.raises(BadInput, match="No space left on device"):
        init_workspace(home)
    assert [*tmp_path.rglob("*")] == ([home] if there else [])
    monkeypatch.undo()
    with init_workspace(home) as ws:
        assert ws.reps() == []


def test_a_workspace_can_be_made_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    init_workspace(".").close()
    with open_workspace() as ws:
        assert ws.path == Path()
    assert (tmp_path / "templates/roles/general.yml").is_file()
    assert [each.name for each in tmp_path.parent.iterdir() if each.name.startswith(f".{tmp_path.name}")] == []


def test_a_folder_with_files_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BadInput) as refused:
        init_workspace(tmp_path)
    assert refused.value.code == "workspace.not_empty"
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("folder", [".", "my team", "full", "not/there/yet"])
def test_a_missing_workspace_names_a_command_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    monkeypatch.chdir(tmp_path if folder != "." else tmp_path / "full")
    with pytest.raises(BadInput) as refused:
        open_workspace(folder)
    command = str(refused.value).partition("with: ")[2]
    made = CliRunner().invoke(cli, shlex.split(command)[1:])
    assert made.exit_code == 0, made.output


@pytest.mark.parametrize("actor", ["a\ud800", "a\x00", "a" * 100_000])
def test_an_author_that_no_store_can_keep_is_refused_before_anything_is_opened(tmp_path: Path, actor: str) -> None:
    with pytest.raises(BadInput, match="actor"):
        init_workspace(tmp_path / "new", actor=actor)
    assert list(tmp_path.iterdir()) == []
    init_workspace(tmp_path / "team").close()
    with pytest.raises(BadInput, match="actor"):
        open_workspace(tmp_path / "team", actor=actor)
