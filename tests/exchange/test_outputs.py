"""Tables out: no formula runs, nothing is lost on the way back, and nobody's opinion leaves the workspace."""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from exchange_helpers import counts

from coverage_kit import BadInput, report
from coverage_kit.cli import cli
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.week import Week, local_day
from coverage_kit.exchange import outputs
from coverage_kit.exchange.outputs import write_table
from coverage_kit.exchange.plan.cells import decode_entities, is_placeholder, without_unseen
from coverage_kit.exchange.plan.person_names import is_nobody
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.store.entities import Event, Person
from coverage_kit.workspace import Workspace
from tests.security.payloads import FORMULAS as LIVE

PLAIN = ["0123", "1E5", "a,b", 'say "hi"', "two\nlines", "﻿x", "김가온", "", "TRUE", "1/2"]


def cells_of(path: Path) -> list[list[str]]:
    return [row for _, row in read_rows(path).rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_what_is_written_is_what_is_read_again(tmp_path: Path, ending: str) -> None:
    rows = [[value, "x"] for value in [*LIVE, *PLAIN]]
    path = tmp_path / f"t.{ending}"
    write_table(path, ["=head", "b"], rows)
    assert cells_of(path) == [["=head", "b"], *rows]
    assert path.stat().st_mode & 0o777 == 0o600


def unmarked(folder: Path, values: list[str]) -> list[str]:
    """Which of these values stand in an exported .csv without the apostrophe that makes them text?"""
    write_table(folder / "t.csv", ["head"], [[value] for value in values])
    with (folder / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for (cell,) in csv.reader(file)][1:]
    return [value for value, cell in zip(values, cells, strict=True) if cell != f"'{value}"]


def test_no_cell_is_a_formula_for_a_spreadsheet(tmp_path: Path) -> None:
    assert unmarked(tmp_path, LIVE) == ["'", "''", "'a"], "an apostrophe alone starts no formula"
    assert unmarked(tmp_path, PLAIN) == PLAIN
    write_table(tmp_path / "t.xlsx", ["=head"], [[value] for value in LIVE])
    with zipfile.ZipFile(tmp_path / "t.xlsx") as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert sheet.count('t="s"') == len(LIVE) + 1


def test_without_the_mark_each_of_them_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outputs, "harmless", lambda cell: cell)
    assert unmarked(tmp_path, LIVE) == LIVE


def test_a_letter_that_cp949_lacks_is_named_and_an_ending_is_asked_for(tmp_path: Path) -> None:
    write_table(tmp_path / "k.csv", ["이름"], [["김펲시"]], encoding="cp949")
    assert (tmp_path / "k.csv").read_bytes() == "이름\r\n김펲시\r\n".encode("cp949")
    for name, encoding, message in [("e.csv", "cp949", r"line 2: '😀'"), ("t.txt", "cp949", r"\.csv or \.xlsx"), ("t.csv", "nope", "not an encoding")]:  # fmt: skip
        with pytest.raises(BadInput, match=message):
            write_table(tmp_path / name, ["이름"], [["😀"]], encoding=encoding)
        assert not (tmp_path / name).exists()


@pytest.fixture
def team(ws: Workspace, write) -> Workspace:
    ws.import_file("staff", write("key,name\nkim,김영희\n", "s.csv"))
    ws.import_file("accounts", write('key,name,industry,region,value,owner\n0123,"Alpha, Inc.",IT,Seoul,"1,234.5",kim\nB,=Beta,,,,\n', "a.csv"))  # fmt: skip
    ws.import_file("contacts", write("account,name,title,email,phone\n0123,Ann,CFO,a@x.com,010-1\n0123,Ann,,b@x.com,\nB,김가온,+팀장,,\n", "c.csv"))  # fmt: skip
    ws.edit_slot("0123", "cfo", holder="Zoe", verified_on=local_day(ws.now(), ws.zone), verified_how="call", representative="kim", can_meet=True, can_deliver=True, disposition="favorable", grounds="canary-grounds")  # fmt: skip
    return ws


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_people_and_accounts_go_out_and_come_back_unchanged(team: Workspace, tmp_path: Path, ending: str) -> None:
    team.coaching.ties.add("Zoe", "reports_to", team.people("0123").query("name == 'Ann'")["person"].iloc[0], "0123")
    for kind, back, n in (("people", "contacts", 4), ("accounts", "accounts", 2)):
        path = tmp_path / f"{kind}.{ending}"
        assert team.export_file(kind, path) == n
        plan = team.import_file(back, path)
        assert counts(plan, "rows", "added", "changed", "unchanged", "rejected") == [n, 0, 0, n, 0]
        assert plan.changes == []


@pytest.mark.slow
def test_an_export_tells_no_disposition_and_no_note(team: Workspace, tmp_path: Path) -> None:
    ann, other = team.people("0123").query("name == 'Ann'")["person"]
    team.coaching.ties.add("Zoe", "reports_to", ann, "0123")
    team.coaching.ties.add("Zoe", "at_odds", other, "0123")
    for kind in ("people", "slots", "accounts"):
        path = tmp_path / f"{kind}.csv"
        team.export_file(kind, path)
        text = path.read_text(encoding="utf-8-sig")
        assert "favorable" not in text
        assert "canary" not in text
        assert "disposition" not in text
        assert "odds" not in text
    with (tmp_path / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        above = sorted((row["name"], row["reports_to"]) for row in csv.DictReader(file) if row["account"] == "0123")
    assert above == [("Ann", ""), ("Ann", ""), ("Zoe", "Ann")]
    with (tmp_path / "slots.csv").open(encoding="utf-8-sig", newline="") as file:
        slot = next(row for row in csv.DictReader(file) if (row["account"], row["role"]) == ("0123", "cfo"))
    assert (slot["holder"], slot["rung"], slot["representative"]) == ("Zoe", "3", "kim")
    assert sum(row.kind == "exported" for row in team.ledger.as_of(Event)) == 3


@pytest.mark.slow
def test_an_export_of_one_rep_has_only_that_rep_s_accounts(team: Workspace, tmp_path: Path) -> None:
    assert [team.export_file(kind, tmp_path / "x.csv", rep="kim") for kind in ("people", "slots", "accounts")] == [3, 12, 1]  # fmt: skip


@pytest.mark.slow
def test_naughty_names_go_in_through_the_store_and_back_out(ws: Workspace, shared_data: Path, tmp_path: Path) -> None:
    strings = json.loads((shared_data / "hostile/blns.json").read_text(encoding="utf-8"))
    usable = {}
    for text in strings:
        try:
            cleaned = clean_text(without_unseen(text), "name")
        except BadInput:
            continue
        is_name = not is_placeholder(cleaned, "name") and not is_nobody(cleaned) and not cleaned.startswith("'")
        if cleaned and is_name and decode_entities(cleaned) == cleaned:
            usable.setdefault(cleaned, f"n{len(usable)}@x.com")
    path = tmp_path / "naughty.csv"
    write_table(path, ["account", "name", "email"], [["Naughty", name, email] for name, email in usable.items()])
    plan = ws.import_file("contacts", path)
    assert counts(plan, "rows", "added", "rejected") == [len(usable), len(usable), 0]
    assert len(usable) > 350
    assert {row.email: row.name for row in ws.ledger.as_of(Person)} == {e: n for n, e in usable.items()}
    for ending in ("csv", "xlsx"):
        out = tmp_path / f"out.{ending}"
        ws.export_file("people", out)
        header, *rows = cells_of(out)
        found = {row[header.index("email")]: row[header.index("name")] for row in rows}
        assert found == {email: name for name, email in usable.items()}
        assert ws.import_file("contacts", out).counts["unchanged"] == len(usable)


@pytest.mark.slow
def test_naughty_names_are_text_in_a_report(ws: Workspace, shared_data: Path) -> None:
    strings = json.loads((shared_data / "hostile/blns.json").read_text(encoding="utf-8"))
    live = [text for text in strings if "<script" in text.lower() and text.isprintable()][:12]
    ws.import_file("accounts", _accounts(ws, live[0]))
    roles = list(dict.fromkeys(ws.slots()["role"]))
    for role, name in zip(roles, live, strict=True):
        ws.edit_slot("A1", role, holder=name, verified_on=None)
    result = report(ws, week=Week.containing(ws.now(), ws.zone), reps=["rep"])
    page = next(path for path in result.made if Path(path).suffix == ".html")
    text = Path(page).read_text(encoding="utf-8")
    assert "&lt;script" in text.lower()
    assert "<script" not in text.lower()


def _accounts(ws: Workspace, name: str) -> Path:
    path = ws.path / "naughty.csv"
    write_table(path, ["key", "name", "owner"], [["A1", name, "rep"]])
    return path


def run(ws: Workspace, *arguments: str, code: int = 0, **options: str) -> str:
    done = CliRunner().invoke(cli, ["-w", str(ws.path), *arguments], **options)
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.slow
def test_the_command_line_shows_what_would_change_and_what_a_guess_reads_like(ws: Workspace, write) -> None:
    one = write("회사,이름,직책\n한빛,김가온,과장\n".encode("cp949"))
    assert "cp949" in run(ws, "import", "contacts", str(one))
    two = write("회사,이름,직책\n한빛,김가온,부장\n".encode("cp949"), "b.csv")
    told = run(ws, "import", "contacts", str(two), "--dry-run")
    assert "과장 → 부장" in told
    assert "한빛 | 김가온 | 부장" in told
    assert ws.people("한빛")["title"].tolist() == ["과장"]
    document = json.loads(run(ws, "import", "contacts", str(two), "--json", "--encoding", "cp949"))
    assert (document["changed"], document["encoding"], document["layout"]) == (1, "cp949", "spreadsheet")
    assert document["differences"][0]["after"] == "부장"


@pytest.mark.slow
def test_titles_are_suggested_roles_and_nothing_is_written(ws: Workspace, tmp_path: Path) -> None:
    at = ws.ledger.last_at()
    titles = ["구매팀장", "SVP, Procurement", "상무", "구매팀장", "대표이사 비서"]
    document = json.loads(run(ws, "suggest-role", *titles, "--json"))
    assert [row["title"] for row in document] == titles
    roles = [[one["role"] for one in row["suggestions"]] for row in document]
    assert roles == [["purchasing_manager"], ["purchasing_head"], [], ["purchasing_manager"], []]
    assert document[0]["suggestions"][0].keys() == {"role", "confidence", "why"}
    assert document[4]["state"] == "gatekeeper"
    assert "cfo 1.00" in run(ws, "suggest-role", "-", input="CFO\n\n")
    general = ("suggest-role", "SVP, Procurement", "CFO", "--list", "general", "--json")
    assert [len(row["suggestions"]) for row in json.loads(run(ws, *general))] == [0, 1]
    assert "people.csv" in run(ws, "export", "people", str(tmp_path / "people.csv"))
    assert [event.kind for event in ws.ledger.as_of(Event) if event.at > at] == ["exported"]
