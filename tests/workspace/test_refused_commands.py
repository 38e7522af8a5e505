"""A command that is refused has written nothing, and its message can be read."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from coverage_kit import BadInput, init_workspace, open_workspace
from coverage_kit.assets.private import write_file
from coverage_kit.store import store_facts
from coverage_kit.store.entities import Account, Slot
from tests.commands import call, run
from tests.needs import Prepare


def build(path: Path) -> None:
    with init_workspace(path, lang="en", actor="ann") as ws:
        for account in ("Alpha", "Beta"):
            file = path / f"{account}.csv"
            file.write_text(f"account,name,title\n{account},Jane Doe {account},CEO\n", encoding="utf-8")
            ws.import_file("contacts", file)
        ws.assign(["Alpha"], "ann")


@pytest.fixture
def team(prepared: Prepare, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared("refused", build), tmp_path / "team"))


def rows(home: Path) -> dict[str, int]:
    with open_workspace(home) as ws:
        return store_facts(ws.ledger).rows


def the_import(home: Path) -> str:
    """The edit that brought in Beta."""
    with open_workspace(home) as ws:
        return next(row.edit_id for row in ws.ledger.as_of(Account) if row.name == "Beta")


def test_unmerge_takes_back_merges_only(team: Path) -> None:
    """By the id of an import it once took back all accounts, and left positions without one."""
    before = rows(team)
    said = run("-w", team, "unmerge", the_import(team), code=2)
    assert "is no merge that stands" in said
    assert rows(team) == before


def test_an_import_is_not_taken_back_by_any_way_once_somebody_worked_with_it(team: Path) -> None:
    edit = the_import(team)
    with open_workspace(team, actor="ann") as ws:
        ws.edit_slot("Beta", "ceo", holder="Jane Doe Beta")
        with pytest.raises(BadInput, match="Nothing was taken back"):
            ws.undo(edit)
        assert ws.ledger.as_of(Account)
        assert ws.ledger.as_of(Slot)


@pytest.mark.parametrize("sheet", ["no/such/folder/sheet.html", ".", ""])
def test_a_sheet_that_cannot_be_written_draws_no_sample(team: Path, sheet: str) -> None:
    before = rows(team)
    run("-w", team, "sample-contacts", "1", "--sheet", sheet, code=3 if "/" in sheet or not sheet else 2)
    assert rows(team) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_a_device_or_pipe_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/null"), tmp_path):
        with pytest.raises(OSError, match=r"Invalid argument|directory"):
            write_file(path, "x")
    assert (tmp_path / "pipe").is_fifo()
    assert [each.name for each in tmp_path.iterdir()] == ["pipe"]


@pytest.mark.parametrize(
    "words",
    [
        ("agenda", "--rep", "ann", "--minutes", "x" * 100_000),
        ("commitments", "settle", "co_1", "y" * 100_000),
        ("roles", "remove", "z" * 100_000),
    ],
)
def test_a_message_is_short_however_long_the_word_was(team: Path, words: tuple[str, ...]) -> None:
    assert len(run("-w", team, *words, code=2)) < 1_500


@pytest.mark.parametrize("option", [("--layout", "salesforce"), ("--since", "2026-11-16")])
def test_options_of_corrections_are_refused_for_other_exports(
    team: Path, tmp_path: Path, option: tuple[str, str]
) -> None:
    before = rows(team)
    assert "corrections" in run("-w", team, "export", "people", tmp_path / "people.csv", *option, code=2)
    assert rows(team) == before
    assert not (tmp_path / "people.csv").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_calendar_files_are_their_owners_alone(team: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        run("-w", team, "prepare", "plan", "ann", "2030-01-07T10:00")
        run("-w", team, "prepare", "show", "ann", "--ics", tmp_path / "hour.ics")
    finally:
        os.umask(before)
    assert (tmp_path / "hour.ics").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device on this system")
@pytest.mark.parametrize(
    "words", [("answers",), ("import", "contacts"), ("import", "accounts"), ("import", "staff"), ("roles", "check")]
)
def test_a_file_that_never_ends_is_refused_and_not_read(team: Path, words: tuple[str, ...]) -> None:
    """One of these once took all memory of the machine."""
    before = rows(team)
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, limits[1]))
    try:
        ran = call("-w", team, *words, "/dev/zero")
    finally:
        resource.setrlimit(resource.RLIMIT_AS, limits)
    assert "zero is no plain file" in ran.stdout + ran.stderr
    assert rows(team) == before
