"""The doctor names what is wrong and the command that mends it; an upgrade keeps what somebody changed."""

from __future__ import annotations

import hashlib
import json
import shlex
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from click.testing import CliRunner

from coverage_kit import BadInput, CoverageKitError, init_workspace, open_workspace
from coverage_kit.assets import copies
from coverage_kit.assets.shipped import shipped_files
from coverage_kit.cli import cli
from coverage_kit.operations import doctor, upgrade
from coverage_kit.operations.backup import make_backup
from coverage_kit.operations.doctor import examine
from coverage_kit.operations.upgrade import plan_upgrade, upgrade_workspace
from coverage_kit.store import Change
from coverage_kit.store.entities import ENTITIES
from coverage_kit.workspace import Workspace


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "team", actor="ann") as made:
        fields = {"name": "Alpha", "name_key": "alpha", "status": "active", "template_ids": '["general"]'}
        made.ledger.save([Change("account", "A1", fields, base=0)])
        make_backup(made, tmp_path / "team.zip")
        yield made


def bad(ws: Workspace) -> dict[str, str]:
    """The checks that found something, with what to do."""
    return {finding.check: finding.do for finding in examine(ws) if not finding.ok}


def tampered(ws: Workspace, statement: str) -> Workspace:
    """The workspace after somebody changed its file behind the triggers."""
    ws.close()
    with sqlite3.connect(ws.path / "store.db") as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
    connection.close()
    return open_workspace(ws.path)


def test_a_healthy_workspace_has_no_finding_and_every_finding_says_what_to_do(ws: Workspace) -> None:
    assert bad(ws) == {}
    assert len({finding.check for finding in examine(ws)}) == len(examine(ws)) >= 12


@pytest.mark.parametrize(
    ("statement", "word"),
    [
        ("UPDATE account SET version = 3", "gap"),
        ("UPDATE account SET facts = '{'", "not readable"),
        ("UPDATE account SET industry = 'steel'", "1 edit differs from what was written"),
        ("INSERT INTO slot (id, version, at, made_at, actor, edit_id, account_id, role, status, is_void)"
         " VALUES ('A9:ceo', 1, 1, 1, 'x', 'ed_x', 'A9', 'ceo', 'open', 0)", "not there"),
        ("INSERT INTO account (id, version, at, made_at, actor, edit_id, name, name_key, status, is_void)"
         " SELECT id, 2, at, made_at, actor, 'ed_2', name, name_key, status, is_void FROM account", "not later"),
    ],
)  # fmt: skip
def test_damaged_history_is_found(ws: Workspace, statement: str, word: str) -> None:
    with tampered(ws, statement) as broken:
        found = {finding.check: finding.what for finding in examine(broken)}
        assert word in found["history"]
        assert "restore" in bad(broken)["history"]


def test_a_row_appended_in_anothers_name_is_found(ws: Workspace) -> None:
    """The triggers of SQLite are in place and let it through: it is the next row of its history."""
    ws.close()
    columns = [column.name for column in ENTITIES["account"].table.columns]
    instead = {"version": "2", "at": "at + 1000", "edit_id": "'ed_x'", "actor": "'bob'"}
    with sqlite3.connect(ws.path / "store.db") as connection:
        values = ", ".join(instead.get(name, name) for name in columns)
        connection.execute(f"INSERT INTO account ({', '.join(columns)}) SELECT {values} FROM account")
    connection.close()
    with open_workspace(ws.path) as forged:
        assert set(bad(forged)) == {"history"}
        assert "restore" in bad(forged)["history"]


def test_an_invalid_role_list_is_found(ws: Workspace) -> None:
    with tampered(ws, """UPDATE template SET body = '{"roles": []}' WHERE id = 'general'""") as broken:
        assert "roles apply" in bad(broken)["role_lists"]


@pytest.mark.parametrize("body", ["{", "[]", "5", '{"roles": 5}', '{"roles": [{}]}'])
def test_a_role_list_that_cannot_be_read_is_our_own_error(ws: Workspace, body: str) -> None:
    with tampered(ws, f"UPDATE template SET body = '{body}' WHERE id = 'general'") as broken:
        for act in (broken.status, lambda: broken.slots(), lambda: broken.coaching.agenda("ann")):
            with pytest.raises(CoverageKitError):
                act()
        assert "roles apply" in bad(broken)["role_lists"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_files_that_others_can_reach_are_found(ws: Workspace) -> None:
    (ws.path / "notebooks").chmod(0o777)
    found = bad(ws)
    assert list(found) == ["file_modes"]
    # The command that it names mends it from any folder, also from within the workspace.
    subprocess.run(found["file_modes"], shell=True, check=True, cwd=ws.path)
    assert bad(ws) == {}


@pytest.mark.parametrize(
    "statement", ["DROP TABLE consent", "DROP TABLE edit", "ALTER TABLE slot DROP COLUMN disposition"]
)
def test_a_part_of_the_store_that_is_gone_is_found(ws: Workspace, statement: str) -> None:
    with tampered(ws, statement) as broken:
        found = {finding.check: finding for finding in examine(broken) if not finding.ok}
        assert found["schema"].what.rstrip(".").rpartition(" ")[2] in ("consent", "edit", "slot.disposition")
        assert "restore" in found["schema"].do
        assert "is missing" in found["history"].what


def test_a_store_without_its_triggers_is_found_and_a_move_gives_them_back(ws: Workspace, tmp_path: Path) -> None:
    with tampered(ws, "SELECT 1") as open_to_all:
        assert set(bad(open_to_all)) == {"schema"}
        command = shlex.split(bad(open_to_all)["schema"].partition("coverage-kit ")[2].replace("NEW.db", "again.db"))
        ran = CliRunner().invoke(cli, command)
        assert ran.exit_code == 0
    with open_workspace(ws.path) as again:
        assert "schema" not in bad(again)


@pytest.mark.parametrize("value", ["{", "[]", "5"])
def test_values_that_cannot_be_read_are_a_finding_and_no_error(ws: Workspace, value: str) -> None:
    with tampered(ws, f"UPDATE account SET at = 'late', template_ids = '{value}'") as broken:
        assert "restore" in bad(broken)["history"]


def test_each_thing_around_the_store_is_a_finding_of_its_own(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen once each: what it says and does is read by a person; here only that it is there."""

    def found_with(name: str, value: object, where: object = doctor) -> list[str]:
        with monkeypatch.context() as patch:
            patch.setattr(where, name, value)
            return [f"{each.check}: {each.what} {each.do}" for each in examine(ws) if not each.ok]

    (disk,) = found_with("disk_usage", lambda _: SimpleNamespace(free=5_000_000), shutil)
    assert disk == "disk: 5 MB are free on the disk of the workspace. Make room on the disk."
    (fonts,) = found_with("FONTS", ws.path / "none")
    assert fonts.startswith("fonts: Fonts are missing: ")
    assert "pip install --force-reinstall" in fonts
    (versions,) = found_with("requires", lambda _: ["pandas <1", "not-here-at-all"])
    assert "pandas" in versions
    assert "not-here-at-all –" in versions
    assert "pip install --upgrade" in versions
    (transactions,) = found_with("long_transactions", lambda _: 2)
    assert transactions.startswith("transactions: 2 transactions")
    assert "Close the programs" in transactions
    mounts = [SimpleNamespace(mountpoint=str(ws.path.absolute()), fstype="nfs4")]
    (place,) = found_with("disk_partitions", lambda **_: mounts, psutil)
    assert place.startswith("place: ")
    assert "network disk" in place
    assert "local folder" in place
    (copies_,) = found_with("plan_upgrade", lambda _: upgrade.Upgrade(added=["x.ipynb"]))
    assert copies_ == f"upgrade: Files of an older version: x.ipynb. coverage-kit --workspace {ws.path} upgrade"


def no_browser(*_: object) -> str:
    raise BadInput("pdf.browser", "none")


def test_without_a_browser_a_note_says_that_no_pdf_is_made_and_after_pdfs_it_is_a_finding(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_chromium", no_browser)
    (note,) = (each for each in examine(ws) if each.check == "browser")
    assert (note.ok, "cannot be printed as PDF" in note.what, "apt install" in note.do) == (True, True, True)
    shown = CliRunner().invoke(cli, ["-w", str(ws.path), "doctor"])
    assert (f"! {note.what}\n    → {note.do}\n" in shown.output, shown.exit_code) == (True, 0)
    for week, ending in (("2026-W40", "pdf"), ("2026-W40", "html"), ("2026-W41", "html")):
        page = ws.path / "reports" / week / f"team.{ending}"
        page.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        page.touch(mode=0o600)
    assert bad(ws) == {}
    page.with_suffix(".pdf").touch(mode=0o600)
    assert bad(ws) == {"browser": note.do}


def test_the_commands_of_findings_work_from_any_folder(
    ws: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = ws.path.rename(tmp_path / "my team")
    with open_workspace(home) as moved:
        (home / "last-backup.json").unlink()
        monkeypatch.chdir(tmp_path)
        command = bad(moved)["backup"]
        assert shlex.split(command) == ["coverage-kit", "--workspace", str(home), "backup", "FILE"]
        assert CliRunner().invoke(cli, shlex.split(command)[1:]).exit_code == 0
        (home / "last-backup.json").unlink()
        monkeypatch.chdir(home)
        assert bad(moved) == {"backup": "coverage-kit backup FILE"}


def test_a_week_without_reports_is_found_once_there_were_accounts(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ws.ledger.save(
        [Change("account", "A1", {"owner_id": "ann"}), Change("staff", "ann", {"name": "Ann", "function": "rep"})]
    )
    later = round(time.time() * 1000) + 8 * 86_400_000
    monkeypatch.setattr(ws.ledger, "clock", lambda: later)
    assert bad(ws) == {"reports": f"coverage-kit --workspace {ws.path} report"}
    manifest = ws.path / "reports" / str(ws.last_week()) / "manifest.json"
    manifest.parent.mkdir(mode=0o700, parents=True)
    manifest.touch(mode=0o600)
    assert bad(ws) == {}


def test_a_clock_that_ran_ahead_is_found(ws: Workspace) -> None:
    ws.ledger.reserve(round(time.time() * 1000) + 400 * 86_400_000)
    assert "clock" in bad(ws)


def test_a_missing_and_an_old_backup_are_found(ws: Workspace) -> None:
    note = ws.path / "last-backup.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "made_at": "2026-01-01T00:00:00+00:00", "last_at": 0}))
    note.chmod(0o600)
    assert bad(ws) == {"backup": f"coverage-kit --workspace {ws.path} backup FILE"}
    note.unlink()
    assert bad(ws) == {"backup": f"coverage-kit --workspace {ws.path} backup FILE"}


@pytest.mark.slow
def test_the_command_says_it_in_json_and_by_its_exit_code(ws: Workspace) -> None:
    run = [sys.executable, "-m", "coverage_kit", "-w", str(ws.path), "doctor", "--json"]
    well = subprocess.run(run, capture_output=True, text=True, check=False)
    (ws.path / "last-backup.json").unlink()
    ill = subprocess.run(run, capture_output=True, text=True, check=False)
    assert (well.returncode, ill.returncode) == (0, 1)
    assert {tuple(each) for each in json.loads(ill.stdout)} == {("check", "ok", "what", "do")}


def test_a_new_workspace_needs_no_upgrade_and_holds_no_outputs(ws: Workspace) -> None:
    assert plan_upgrade(ws.path) == upgrade.Upgrade()
    for path in (ws.path / "notebooks").glob("*.ipynb"):
        assert all(cell.get("outputs", []) == [] for cell in json.loads(path.read_text())["cells"]), path.name


def test_an_upgrade_adds_new_files_replaces_unchanged_ones_and_keeps_the_others(
    ws: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {"notebooks/rep_workbook.ipynb": b"as shipped", "templates/playbooks.yml": b"as shipped"}
    hashes = {name: frozenset({hashlib.sha256(body).hexdigest()}) for name, body in old.items()}
    monkeypatch.setattr(copies, "earlier_hashes", lambda: hashes)
    (ws.path / "notebooks/rep_workbook.ipynb").write_bytes(b"as shipped")
    (ws.path / "templates/playbooks.yml").write_bytes(b"changed by us")
    (ws.path / "notebooks/first_look.ipynb").unlink()
    wanted = upgrade.Upgrade(
        added=["notebooks/first_look.ipynb"],
        replaced=["notebooks/rep_workbook.ipynb"],
        kept=["templates/playbooks.yml"],
    )
    assert upgrade_workspace(ws, dry_run=True) == wanted
    assert (ws.path / "notebooks/rep_workbook.ipynb").read_bytes() == b"as shipped"
    done = upgrade_workspace(ws)
    assert (ws.path / "backups" / done.backup).is_file()
    done.backup = ""
    assert done == wanted
    assert (ws.path / "notebooks/rep_workbook.ipynb").read_bytes() == shipped_files()["notebooks/rep_workbook.ipynb"]
    assert (ws.path / "templates/playbooks.yml").read_bytes() == b"changed by us"
    assert not upgrade_workspace(ws).is_needed


def test_where_the_backup_fails_nothing_is_upgraded(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(upgrade, "make_backup", full)
    (ws.path / "notebooks/first_look.ipynb").unlink()
    with pytest.raises(OSError, match="full"):
        upgrade_workspace(ws)
    assert not (ws.path / "notebooks/first_look.ipynb").exists()


def test_files_as_version_0_1_0_shipped_them_are_known(ws: Workspace) -> None:
    listed = copies.earlier_hashes()
    assert {"notebooks/first_look.ipynb", "templates/roles/general.yml"} <= listed.keys()
    shutil.rmtree(ws.path / "templates" / "import")
    assert [name for name in plan_upgrade(ws.path).added if name.startswith("templates/import/")]
