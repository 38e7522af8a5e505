"""Whatever is wrong with a workspace's folder, every command ends with one clear line and an exit code."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from coverage_kit import cli as command_line
from coverage_kit import init_workspace


def a_file(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.unlink(missing_ok=True)
    path.write_text("a file", encoding="utf-8")


def a_folder(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.mkdir()
    (path / "inside").touch()


def nonsense(path: Path) -> None:
    path.write_bytes(b"\xff\xfe\x00nonsense")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def half(path: Path) -> None:
    body = path.read_bytes()
    path.write_bytes(body[: len(body) // 2])


def gone(path: Path) -> None:
    path.unlink()


def a_loop(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.name)


ODD: list[tuple[str, Callable[[Path], None]]] = [
    ("notebooks", a_file),
    ("templates", a_file),
    ("backups", a_file),
    ("reports", a_file),
    ("links.json", a_folder),
    ("links.json", nonsense),
    ("links.json", a_loop),
    ("store.db", a_folder),
    ("store.db", nonsense),
    ("store.db", empty),
    ("store.db", half),
    ("store.db", gone),
    ("store.db", a_loop),
    ("coverage-kit.yml", a_folder),
    ("coverage-kit.yml", nonsense),
    ("coverage-kit.yml", empty),
    ("coverage-kit.yml", gone),
    ("templates/roles/general.yml", a_folder),
    ("templates/roles/general.yml", nonsense),
    ("templates/roles/general.yml", half),
    ("notebooks/rep_workbook.ipynb", a_folder),
]
COMMANDS = [
    ["status"],
    ["doctor"],
    ["upgrade"],
    ["backup", "{home}/backup.zip"],
    ["roles", "check"],
    ["roles", "apply", "--dry-run"],
    ["app", "--links"],
    ["export", "accounts", "{home}/accounts.csv"],
    ["report", "--out", "{home}/reports"],
    ["import", "staff", "{home}/no_such_file.csv"],
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("odd") / "ws"
    init_workspace(home, lang="ko").close()
    return home


@pytest.mark.parametrize(("name", "spoil"), ODD, ids=[f"{name} {spoil.__name__}" for name, spoil in ODD])
def test_a_command_says_what_is_wrong_and_never_shows_its_code(
    sound: Path,
    name: str,
    spoil: Callable[[Path], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for words in COMMANDS:
        home = tmp_path / words[0] / "ws"
        shutil.copytree(sound, home)
        spoil(home / name)
        asked = [each.format(home=home) for each in words]
        monkeypatch.setattr(sys, "argv", ["coverage-kit", "-w", str(home), *asked])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        out, err = capsys.readouterr()
        assert ended.value.code in (0, 1, 2, 3), (words, err)
        assert "Traceback" not in err, (words, err)
        if ended.value.code and words[0] != "doctor":
            assert err.strip(), (words, out)
        shutil.rmtree(tmp_path / words[0])


def run(*words: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "coverage_kit", *words], capture_output=True, check=False, **options)


@pytest.mark.slow
def test_letters_that_the_terminal_cannot_show_are_written_as_their_codes(sound: Path) -> None:
    for encoding in ("utf-8", "ascii", "cp949"):
        asked = [os.fsdecode(b"caf\xe9 \xff"), "구매팀장 😀"]
        done = run("-w", str(sound), "suggest-role", *asked, env={**os.environ, "PYTHONIOENCODING": encoding})
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.slow
def test_a_reader_that_stops_early_is_told_nothing(sound: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "coverage_kit", "-w", str(sound), "roles", "list"]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert (done.returncode in (0, 1), done.stderr) == (True, b"")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_said_in_one_line(sound: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "coverage_kit", "-w", str(sound), "roles", "list"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert stat.S_IMODE(sound.stat().st_mode) == 0o700
