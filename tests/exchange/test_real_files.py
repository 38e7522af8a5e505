"""Real files, as programs export them; they lie beside the checkout and are not committed."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from exchange_helpers import codes, counts

from coverage_kit import init_workspace
from coverage_kit.exchange.plan.headers import find_table
from coverage_kit.exchange.plan.layouts import find_layout
from coverage_kit.exchange.read.delimited import read_records
from coverage_kit.exchange.read.encodings import decode
from coverage_kit.exchange.read.table_files import read_rows
from coverage_kit.store.entities import Account, Employment, Person
from coverage_kit.workspace import Workspace

pytestmark = pytest.mark.shared_data


def plain_rows(path: Path, key: str) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row[key]: row for row in csv.DictReader(file)}


@pytest.mark.slow
def test_the_second_list_shows_exactly_what_truly_changed(ws: Workspace, shared_data: Path) -> None:
    june, august = sorted((shared_data / "accounts").glob("sp500*.csv"))
    ws.import_file("accounts", june)
    before, after = plain_rows(june, "Symbol"), plain_rows(august, "Symbol")
    ours = {"name": "Security", "industry": "GICS Sector", "segment": "GICS Sub-Industry", "region": "Headquarters Location"}  # fmt: skip
    expected = {
        (key, field, before[key][theirs], after[key][theirs])
        for key in before.keys() & after.keys()
        for field, theirs in ours.items()
        if before[key][theirs] != after[key][theirs]
    }
    dry = ws.import_file("accounts", august, dry_run=True)
    plan = ws.import_file("accounts", august)
    for each in (dry, plan):
        keys = {row["Security"]: key for key, row in after.items()}
        assert {(keys[d.what], d.field, d.before, d.after) for d in each.differences} == expected
        assert each.counts["added"] == len(after.keys() - before.keys())
        assert {one["id"] for one in each.missing} == before.keys() - after.keys()
    again = ws.import_file("accounts", august)
    assert counts(again, "added", "changed", "unchanged") == [0, 0, len(after)]
    assert len(ws.ledger.as_of(Account)) == len(before.keys() | after.keys())


@pytest.mark.slow
def test_salesforce_accounts_are_western_which_shows_late(ws: Workspace, shared_data: Path) -> None:
    path = shared_data / "crm/salesforce_dataloader_accountData.csv"
    plan = ws.import_file("accounts", path)
    assert (plan.counts["encoding"], plan.counts["encoding_is_guess"], plan.counts["layout"]) == ("cp1252", True, "salesforce")  # fmt: skip
    # Five names are question marks alone: their letters were lost before the export.
    assert counts(plan, "rows", "added", "rejected") == [423, 418, 5]
    rejected = {problem.value.strip("?") for problem in plan.problems if problem.code == "account.lost_letters"}
    assert rejected == {""}
    assert sum("Crédito" in row.decode() for _, _, row in plan.kept) == 1
    assert ws.import_file("accounts", path).changes == []


def test_salesforce_contacts_keep_people_whose_title_or_address_cannot_be_used(ws: Workspace, shared_data: Path) -> None:  # fmt: skip
    path = shared_data / "crm/salesforce_dev_edition_contacts.csv"
    plan = ws.import_file("contacts", path)
    assert counts(plan, "rows", "added", "rejected", "accounts_added") == [20, 20, 0, 12]
    assert [code for code in codes(plan) if code[1] == "contact.email"] == [(11, "contact.email"), (12, "contact.email")]  # fmt: skip
    assert sum(row.title is None for row in ws.ledger.as_of(Employment)) == 2
    assert ws.import_file("contacts", path).counts["unchanged"] == 20


@pytest.mark.slow
def test_the_same_people_come_from_all_four_files(shared_data: Path, tmp_path: Path) -> None:
    found = []
    for path in sorted((shared_data / "crm").glob("korean_synthetic_contacts*")):
        with init_workspace(tmp_path / path.name, lang="ko", actor="ann") as ws:
            assert ws.import_file("contacts", path).counts["added"] == 200
            people = {row.id: row for row in ws.ledger.as_of(Person)}
            found.append(
                sorted(
                    (people[job.person_id].name, people[job.person_id].email, job.title)
                    for job in ws.ledger.as_of(Employment)
                )
            )
    assert len(found) == 4
    assert found.count(found[0]) == 4


@pytest.mark.slow
def test_one_file_after_another_of_the_same_people_changes_nothing(ws: Workspace, shared_data: Path) -> None:
    first, *others = sorted((shared_data / "crm").glob("korean_synthetic_contacts*"))
    ws.import_file("contacts", first)
    for path in others:
        assert counts(ws.import_file("contacts", path), "added", "changed", "unchanged") == [0, 0, 200]


@pytest.mark.slow
def test_northwind_is_accounts_and_contacts_and_neither_is_doubled(ws: Workspace, shared_data: Path) -> None:
    customers = shared_data / "crm/northwind_customers_contacttitle.csv"
    ws.import_file("contacts", customers)
    ws.import_file("accounts", customers)
    assert len(ws.ledger.as_of(Account)) == 91
    plan = ws.import_file("contacts", shared_data / "crm/northwind_suppliers_contacttitle.csv")
    assert counts(plan, "added", "accounts_added", "missing") == [29, 29, 0]


@pytest.mark.parametrize(
    ("file", "kind", "layout"),
    [
        ("dart_executive_status_api.csv", "contacts", "dart"),
        ("dynamics365_Account.csv", "accounts", "dynamics365"),
        ("dynamics365_Contact.csv", "contacts", "dynamics365"),
        ("hubspot_contacts.csv", "contacts", "hubspot"),
        ("krx_kind_listed_companies_korean.csv", "accounts", "krx"),
        ("remember_app_korea_contacts.csv", "contacts", "remember"),
        ("salesforce_report_Contact.csv", "contacts", "salesforce"),
        ("salesforce_weekly_export_Contact.csv", "contacts", "salesforce"),
        ("atomic_crm_contacts.csv", "contacts", "atomic-crm"),
    ],
)
def test_a_layout_is_known_by_its_header(shared_data: Path, file: str, kind: str, layout: str) -> None:
    table = find_table(read_rows(shared_data / "layouts" / file), kind, file, {}, {})
    assert table.layout.key == layout
    assert find_layout(table.header, kind).kinds == (kind,)


def test_every_csv_of_the_spectrum_reads_as_its_json_says(shared_data: Path) -> None:
    folder = shared_data / "hostile/csv-spectrum"
    files = sorted((folder / "csvs").glob("*.csv"))
    assert len(files) == 12
    for path in files:
        (_, header), *rows = read_records(decode(path.read_bytes(), path.name).text).rows
        found = [dict(zip(header, cells, strict=True)) for _, cells in rows]
        expected = json.loads((folder / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        if path.stem == "location_coordinates":
            # The JSON of this one is of another row: an object, not a list, with another number and two columns less.
            assert found[0]["Location Coordinates"] == expected["Location Coordinates"]
        else:
            assert found == expected
