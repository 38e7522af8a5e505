"""Corrections for the CRM: its record ids, its columns, only what differs; loaded there, its next export gives no difference."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import BadInput, Workspace, init_workspace
from coverage_kit.cli import cli
from coverage_kit.store import Change
from coverage_kit.store.entities import Event, Person
from tests.conftest import HandClock

pytestmark = pytest.mark.slow

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
DAY = 86_400_000

#: Of each layout: header, and how it writes (id, first, last, account key, account, title, e-mail, phone).
LAYOUTS = {
    "salesforce": (
        ["Contact ID", "First Name", "Last Name", "Account ID", "Account Name", "Title", "Email", "Phone"],
        lambda r: [r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]],
    ),
    "hubspot": (
        ["Record ID", "First Name", "Last Name", "Contact owner", "Email", "Phone Number", "Job Title",
         "Primary Associated Company ID", "Associated Company"],
        lambda r: [r[0], r[1], r[2], "", r[6], r[7], r[5], r[3], r[4]],
    ),
    "dynamics365": (
        ["(Do Not Modify) Contact", "(Do Not Modify) Row Checksum", "First Name", "Last Name", "Company Name", "Job Title",
         "Email", "Mobile Phone", "Status"],
        lambda r: [r[0], "x", r[1], r[2], r[4], r[5], r[6], r[7], "Active"],
    ),
    "zoho": (
        ["Record Id", "Contact Owner", "Account Name", "Account Name.id", "Full Name", "Title", "Email", "Mobile"],
        lambda r: [r[0], "", r[4], r[3], f"{r[1]} {r[2]}", r[5], r[6], r[7]],
    ),
    "pipedrive": (
        ["Person - ID", "Person - Name", "Person - Organization", "Organization - ID", "Person - Job title", "Person - Email",
         "Person - Phone"],
        lambda r: [r[0], f"{r[1]} {r[2]}", r[4], r[3], r[5], r[6], r[7]],
    ),
    "spreadsheet": (
        ["고객번호", "이름", "고객사 코드", "고객사명", "직함", "이메일", "전화", "상태"],
        lambda r: [r[0], f"{r[1]} {r[2]}", r[3], r[4], r[5], r[6], r[7], ""],
    ),
}  # fmt: skip
PEOPLE = [
    ["0031", "Ann", "Example", "A", "Hanbit", "Buyer", "ann@hanbit.kr", "02-555-0001"],
    ["0032", "Bob", "Sample", "A", "Hanbit", "CFO", "bob@hanbit.kr", "02-555-0002"],
    ["0033", "Cho", "Test", "B", "Daon", "CIO", "cho@daon.kr", "02-555-0003"],
    ["0034", "Dan", "Still", "B", "Daon", "CEO", "dan@daon.kr", "02-555-0004"],
]


class Crm:
    """A CRM that exports its contacts and loads corrections: cells that are filled replace its own."""

    def __init__(self, layout: str) -> None:
        self.header, write = LAYOUTS[layout]
        self.rows = [write(person) for person in PEOPLE]

    def export(self, path: Path) -> Path:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([self.header, *self.rows])
        return path

    def load(self, path: Path, encoding: str = "utf-8-sig") -> int:
        header, *rows = read(path, encoding)
        for key, *cells in rows:
            own = next(row for row in self.rows if row[self.header.index(header[0])] == key)
            for column, cell in zip(header[1:], cells, strict=True):
                if cell:
                    own[self.header.index(column)] = cell.removeprefix("'")
        return len(rows)


def read(path: Path, encoding: str = "utf-8-sig") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def ws(tmp_path: Path, clock: HandClock) -> Iterator[Workspace]:
    own = {"status": "active", "template_ids": '["general"]', "owner_id": "kim"}
    with init_workspace(tmp_path / "ws", actor="kim", clock=clock, lang="en") as made:
        made.ledger.save(
            [
                Change("staff", "kim", {"name": "Kim", "login": "kim", "function": "rep"}),
                Change("account", "A", {"name": "Hanbit", "name_key": "hanbit", **own}),
                Change("account", "B", {"name": "Daon", "name_key": "daon", **own}),
            ]
        )
        yield made


def correct(ws: Workspace) -> None:
    """One new title and phone, one who moved with a new title, one who left."""
    ws.edit_person("Ann Example", "A", title="Purchasing Manager", phone="02-555-9001")
    ws.end_employment("Bob Sample", "A", kind="moved", moved_to="B")
    ws.edit_person("Bob Sample", "B", title="Treasurer")
    ws.end_employment("Cho Test", "B", kind="left", ended_on="2026-11-01")


@pytest.mark.parametrize("layout", [*LAYOUTS])
def test_after_the_crm_loaded_the_file_its_next_export_gives_no_difference(
    ws: Workspace, tmp_path: Path, layout: str, clock: HandClock
) -> None:
    crm = Crm(layout)
    ws.import_file("contacts", crm.export(tmp_path / "one.csv"))
    assert ws.corrections().corrections == []
    clock.at += DAY
    correct(ws)
    found = ws.export_corrections(tmp_path / "fix.csv", layout=layout)
    header = read(tmp_path / "fix.csv")[0]
    assert set(header) <= set(crm.header)
    assert {each.field for each in found.corrections} == {"title", "phone", "account", "status"}
    has_status = bool({"Status", "상태"} & set(crm.header))
    assert [each.name for each in found.by_hand] == ([] if has_status else ["Cho Test"])
    assert crm.load(tmp_path / "fix.csv") == (3 if has_status else 2)
    clock.at += DAY
    plan = ws.import_file("contacts", crm.export(tmp_path / "two.csv"))
    assert (plan.differences, plan.counts["added"], plan.counts["changed"], plan.counts["rejected"]) == ([], 0, 0, 0)
    assert plan.evidence == []
    assert ws.corrections(layout=layout).corrections == []


def test_a_file_holds_only_what_changed_and_the_next_one_only_what_is_new(
    ws: Workspace, tmp_path: Path, clock: HandClock
) -> None:
    ws.import_file("contacts", Crm("salesforce").export(tmp_path / "one.csv"))
    clock.at += DAY
    ws.edit_person("Ann Example", "A", title="Purchasing Manager")
    ws.export_corrections(tmp_path / "fix.csv")
    assert read(tmp_path / "fix.csv") == [["Contact ID", "Title"], ["0031", "Purchasing Manager"]]
    assert read(tmp_path / "fix-summary.csv")[1] == [
        "0031", "Ann Example", "Hanbit", "title", "Buyer", "Purchasing Manager", "2026-11-26", "yes",
    ]  # fmt: skip
    assert ws.export_corrections(tmp_path / "none.csv").corrections == []
    assert not (tmp_path / "none.csv").exists()
    clock.at += DAY
    ws.edit_person("Ann Example", "A", email="ann.e@hanbit.kr")
    ws.export_corrections(tmp_path / "next.csv")
    assert read(tmp_path / "next.csv") == [["Contact ID", "Email"], ["0031", "ann.e@hanbit.kr"]]
    again = ws.export_corrections(tmp_path / "all.csv", since="2026-11-26")
    assert again.rows == [["0031", "ann.e@hanbit.kr", "Purchasing Manager"]]
    assert ws.corrections(since="2026-11-28").corrections == []


def test_no_cell_of_the_file_runs_and_old_programs_can_read_it(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", Crm("spreadsheet").export(tmp_path / "one.csv"))
    ws.edit_person("Ann Example", "A", title="=HYPERLINK(1)", department="구매팀")
    ws.export_corrections(tmp_path / "fix.csv", encoding="cp949")
    assert read(tmp_path / "fix.csv", "cp949")[1][1] == "'=HYPERLINK(1)"
    assert any("구매팀" in cell for row in read(tmp_path / "fix-summary.csv", "cp949") for cell in row)


def test_a_duplicate_merged_here_is_named_in_the_summary_once(ws: Workspace, tmp_path: Path, clock: HandClock) -> None:
    crm = Crm("salesforce")
    crm.rows.append(["0035", "Annie", "Example", "A", "Hanbit", "Buyer", "", "02-555-0001"])
    ws.import_file("contacts", crm.export(tmp_path / "one.csv"))
    clock.at += DAY
    ws.merging.save("person", "Ann Example", "Annie Example", at="A")
    (found,) = ws.export_corrections(tmp_path / "fix.csv").corrections
    assert (found.record, found.field, found.now, found.cells) == ("0035", "duplicate", "0031", {})
    clock.at += DAY
    assert ws.corrections().corrections == []


def test_several_programs_are_asked_about_and_an_unknown_one_is_named(ws: Workspace, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Import the CRM's export first"):
        ws.corrections()
    for layout in ("salesforce", "hubspot"):
        crm = Crm(layout)
        crm.rows[0] = [cell.replace("02-555-0001", f"02-555-{len(layout)}") for cell in crm.rows[0]]
        ws.import_file("contacts", crm.export(tmp_path / f"{layout}.csv"))
    with pytest.raises(BadInput, match="--layout"):
        ws.corrections()
    assert ws.corrections(layout="hubspot").source == "hubspot"


def test_exported_people_carry_the_ids_of_the_crm(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", Crm("salesforce").export(tmp_path / "one.csv"))
    ws.export_file("people", tmp_path / "people.csv")
    header, *rows = read(tmp_path / "people.csv")
    ids = {row[header.index("name")]: row[header.index("crm_record")] for row in rows}
    assert ids["Ann Example"] == "0031"
    assert ws.import_file("contacts", tmp_path / "people.csv").counts["added"] == 0


def test_the_command_writes_both_files_and_says_what_is_to_be_done_by_hand(ws: Workspace, tmp_path: Path) -> None:
    ws.import_file("contacts", Crm("salesforce").export(tmp_path / "one.csv"))
    correct(ws)
    words = ["-w", str(ws.path), "export", "corrections", str(tmp_path / "fix.xlsx"), "--layout", "salesforce"]
    done = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "2 records for salesforce; 1 changes" in done.output
    assert (tmp_path / "fix-summary.xlsx").exists()
    events = [event.body for event in ws.ledger.as_of(Event) if event.kind == "exported"]
    assert not any(person.name in (body or "") for person in ws.ledger.as_of(Person) for body in events)
