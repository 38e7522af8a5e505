"""Nothing that a day of work writes can be reached by others on the machine, whatever the umask."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import coverage_kit
from coverage_kit import init_workspace, open_workspace
from coverage_kit.config import CONFIG_NAME, MailSettings, write_config
from coverage_kit.operations.backup import make_backup, restore_backup
from coverage_kit.operations.upgrade import upgrade_workspace

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")]

ACCOUNTS = "key,name,owner_id\nA1,Alpha,ann\nA2,,ann\n"
STAFF = "login,name,function,email\nann,Ann,rep,ann@example.com\n"


@pytest.fixture
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def reachable(home: Path) -> list[str]:
    """What others can read, change or enter."""
    found = [home, *home.rglob("*")]
    return sorted(str(each.relative_to(home)) for each in found if each.stat().st_mode & 0o077)


def work_a_day(home: Path) -> None:
    """Everything that writes a file: set-up, import, export, reports, mail, failed reports, backup, upgrade, restore."""
    files = home / "files"
    files.mkdir(mode=0o700)
    for name, body in (("accounts.csv", ACCOUNTS), ("staff.csv", STAFF)):
        (files / name).write_text(body)
        (files / name).chmod(0o600)
    with init_workspace(home / "teams" / "ws", actor="ann") as ws:
        ws.import_file("staff", files / "staff.csv")
        ws.import_file("accounts", files / "accounts.csv")
        ws.export_file("accounts", home / "out" / "deep" / "accounts.xlsx")
        mail = MailSettings(sender="kit@example.com", domain="example.com")
        write_config(ws.path / CONFIG_NAME, ws.config.model_copy(update={"mail": mail}))
    with open_workspace(home / "teams" / "ws", actor="ann") as ws:
        assert coverage_kit.report(ws, out=home / "pages" / "weekly", mail=True).made
        (ws.path / "notebooks/first_look.ipynb").unlink()
        assert upgrade_workspace(ws).backup
        made = make_backup(ws, home / "out")
        restore_backup(made.path, home / "again" / "ws")


@pytest.mark.usefixtures("open_to_all")
def test_everything_of_a_workday_is_its_owners_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    work_a_day(home)
    kinds = {each.suffix for each in home.rglob("*") if each.is_file()}
    assert {".db", ".yml", ".ipynb", ".csv", ".xlsx", ".html", ".json", ".zip"} <= kinds
    assert [each.name for each in home.rglob("rejects/*")] != []
    assert reachable(home) == []


@pytest.mark.usefixtures("open_to_all")
def test_the_walk_sees_a_folder_made_without_care(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "deep" / "er").mkdir(parents=True, mode=0o700)
    assert reachable(home) == ["deep"]
