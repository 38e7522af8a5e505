"""A workspace made by version 0.1.0 opens, migrates, and gives the same numbers for ever (see ``make_v0_1_0.py``)."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from coverage_kit import open_workspace
from coverage_kit.config import CONFIG_NAME
from coverage_kit.measures import movement
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import check_edits, load_source_rows
from coverage_kit.store.checkup import changed_guards, missing_guards
from coverage_kit.store.entities import Account, Pursuit
from tests.commands import run
from tests.upgrade.make_v0_1_0 import REP, page_text

HERE = Path(__file__).parent / "v0_1_0"
STATUS = json.loads((HERE / "status.json").read_text(encoding="utf-8"))
SCOPE = ("accounts", "required", "named", "known", "represented", "assessed", "favorable", "vacant", "not_applicable", "persons")  # fmt: skip
#: Version 0.1.0 showed a required-role list by its key.
LIST_TITLES = {"general": "기본 12직책"}
#: A heading that was reworded since: as 0.1.0 wrote it, and as it reads today.
REWORDED = {
    "# 사이에 끼어든 일": "# 지키지 못한 이유",
    "# 지난주의 약속": "# 지난주 실행 약속",
    "# 팀장·임원만 열 수 있는 문": "# 팀장님이 나서야 풀리는 곳",
    "# 확인할 고객사": "# 담당을 정할 고객사",
}
#: A section whose rows say more by now: what they said in 0.1.0 stands first in each.
LONGER = "# 답을 기다리는 고객의 소리"
NUMBER = re.compile(r"\d[\d.,]*\d|\d")


def restore_postgresql(url: str) -> str:
    """Load the dump into a fresh database beside the given one, and return its address."""
    server = make_url(url)
    plain = server.set(drivername="postgresql")
    with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS v0_1_0 WITH (FORCE)")
        connection.execute("CREATE DATABASE v0_1_0")
    script = gzip.decompress((HERE / "postgresql.sql.gz").read_bytes()).decode()
    statements = "\n".join(line for line in script.splitlines() if not line.startswith("\\"))
    target = plain.set(database="v0_1_0").render_as_string(hide_password=False)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(statements.encode())
    return server.set(database="v0_1_0").render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A fresh copy of the old workspace, once on each database."""
    home = tmp_path / "workspace"
    with zipfile.ZipFile(HERE / "workspace.zip") as archive:
        archive.extractall(home)
    if request.param == "postgresql":
        url = restore_postgresql(request.getfixturevalue("postgresql_url"))
        config = home / CONFIG_NAME
        config.write_text(config.read_text().replace('store: "store.db"', f'store: "{url}"'))
        (home / "store.db").unlink()
    return home


def numbers(status: dict) -> dict:
    """The counts of 0.1.0 in a status; later versions may add others."""
    scopes = {"team": status["team"], "unowned": status["unowned"], **{each["rep"]: each for each in status["reps"]}}
    counts = {who: {name: scope[name] for name in SCOPE} for who, scope in scopes.items()}
    return {"as_of": status["as_of"], "week": status["week"], **counts}


def sections(text: str) -> dict[str, list[str]]:
    """By heading, the numbers under it, in their order."""
    found: dict[str, list[str]] = {}
    own = found.setdefault("", [])
    for line in text.splitlines():
        if line.startswith("# "):
            own = found.setdefault(line, [])
        own += NUMBER.findall(LIST_TITLES.get(line, line))
    return found


def rows(text: str, heading: str) -> dict[str, list[str]]:
    """By kind, the numbers of a section's row."""
    found: dict[str, list[str]] = {}
    row: list[str] = []
    for line in text.partition(heading)[2].partition("\n# ")[0].splitlines():
        if NUMBER.fullmatch(line):
            row.append(line)
        else:
            row = found.setdefault(line, [])
    return {kind: numbers for kind, numbers in found.items() if numbers}


def test_every_week_gives_the_numbers_of_0_1_0(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        for week, expected in STATUS.items():
            found = ws.status(as_of=None if week == "now" else week)
            # "now" is the last edit, whose millisecond differs between the two databases.
            ignored = {"as_of": None} if week == "now" else {}
            assert {**numbers(found), **ignored} == {**numbers(expected), **ignored}, week


def test_what_was_imported_undone_and_lost_in_a_conflict_is_still_there(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        slots = ws.slots(rep=REP)
        people = {name for account in slots["account"].unique() for name in ws.people(account)["name"]}
        assert "Kept Person" in people
        assert "Void Person" not in people
        (slot,) = {key for key in (f"{a}:{r}" for a, r in zip(slots["account"], slots["role"], strict=True)) if ws.ledger.losing("slot", key)}  # fmt: skip
        assert ws.ledger.losing("slot", slot)[0].changes[0].fields == {"disposition": "negative"}
        assert len(load_source_rows(ws.ledger, "spreadsheet/6b78f690", "contacts").rows) == 6


def test_an_old_store_takes_new_edits_and_keeps_the_old_numbers(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        before = ws.status(as_of="2026-W47")
        slots = ws.slots(rep=REP)
        account, role = slots.loc[slots["holder"].isna(), ["account", "role"]].iloc[0]
        edit = ws.edit_slot(account, role, holder="New Person")
        assert ws.status()["team"]["named"] == STATUS["now"]["team"]["named"] + 1
        ws.undo(edit.edit_id)
        assert numbers(ws.status())["team"] == numbers(STATUS["now"])["team"]
        assert ws.status(as_of="2026-W47") == before


def test_an_old_store_gets_the_guards_of_a_new_one(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        assert (missing_guards(ws.ledger), changed_guards(ws.ledger)) == ([], [])


def test_offerings_that_people_wrote_become_a_list_by_an_edit_of_the_chain(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        assert check_edits(ws.ledger) == []
        written = {key for (key,) in ws.ledger.columns(Pursuit, ("offering",))}
        assert len(written) > 1
        assert {each.key for each in ws.roles.offerings()} == written
        assert all(each.active and each.ko == each.en == each.key for each in ws.roles.offerings())


def test_the_first_apply_moves_no_number(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        lists = {account.id: account.template_ids for account in ws.ledger.as_of(Account)}
        before, slots = ws.status(), ws.slots()
        ws.roles.apply(ws.roles.in_force(), why="as before")
        after = ws.status()
        assert {**numbers(after), "as_of": None} == {**numbers(before), "as_of": None}
        assert movement(ws.history(), ws.instant(before["as_of"]), ws.now()).empty
        assert set(ws.slots().index) == set(slots.index)
        assert {each.id: json.dumps(role_lists(ws.ledger).keys_of(each)) for each in ws.ledger.as_of(Account)} == lists
        for week, expected in STATUS.items():
            if week != "now":
                assert numbers(ws.status(as_of=week)) == numbers(expected), week


@pytest.mark.slow
@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
def test_the_pages_of_an_old_week_show_the_numbers_of_0_1_0(old_workspace: Path, tmp_path: Path) -> None:
    run("-w", old_workspace, "report", "--week", "2026-W47", "--out", tmp_path / "out")
    for name in (REP, "team"):
        page = page_text(tmp_path / "out" / "2026-W47" / f"{name}.html")
        old = (HERE / f"{name}.txt").read_text(encoding="utf-8")
        found, expected = sections(page), sections(old)
        if expected.pop(LONGER, None):
            now = rows(page, LONGER)
            assert {kind: counts[:3] for kind, counts in now.items()} == rows(old, LONGER)
        assert {head: found.get(REWORDED.get(head, head)) for head in expected} == expected


@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["coach_session", "first_look", "import_accounts", "rep_workbook"])
def test_the_copies_of_notebooks_in_an_old_workspace_still_run(old_workspace: Path, name: str) -> None:
    notebook = json.loads((old_workspace / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    code = "\n".join(cells)
    done = subprocess.run([sys.executable, "-c", code], cwd=old_workspace, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("old_workspace", ["sqlite"], indirect=True)
def test_rows_read_by_name_are_dicts_as_before_with_a_warning(old_workspace: Path) -> None:
    with open_workspace(old_workspace, actor="ann") as ws:
        with pytest.warns(DeprecationWarning, match=r"entities import Account"):
            rows = ws.ledger.as_of("account")
        assert [row["name"] for row in rows] == [row.name for row in ws.ledger.as_of(Account)] != []
