"""Headers of programs without a layout of their own: what is proposed fits, or nothing is proposed; a number is no company."""

from __future__ import annotations

import pytest

from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.imports import read_import
from coverage_kit.store.entities import Account
from coverage_kit.workspace import Workspace

SAP = {
    "en": "Customer,Name 1,Name 2,City",
    "de": "Debitor,Name 1,Name 2,Ort",
    "ko": "고객,이름 1,이름 2,도시",
}


@pytest.mark.parametrize("header", SAP.values(), ids=SAP.keys())
def test_a_list_of_sap_has_the_number_as_key_and_the_first_line_as_name(ws: Workspace, write, header: str) -> None:
    plan = ws.import_file("accounts", write(f"{header}\n100001,Hanbit Electronics,Suwon Plant,Seoul\n"))
    assert [(one.id, one.name) for one in ws.ledger.as_of(Account)] == [("100001", "Hanbit Electronics")]
    assert header.split(",")[2] in plan.unread


#: Of each program: header, a row, and the columns that may be proposed.
PROPOSED = {
    "sap": ("Kunde,Name 1,Name 2,Telefon", "100001,Hanbit Electronics,Suwon Plant,02-555-1234", {}),
    "sap company": ("Kunde,Name 1,Name 2,Telefon", "100001,Hanbit GmbH,Werk Nord,02-555-1234", {"Name 1": "account"}),
    "oracle": ("Person Name,Job Title,Primary Account,Email,Registry ID", "Ann Example,CFO,Hanbit Inc,a@b.example,2001", {"Primary Account": "account", "Person Name": "name"}),
    "oracle parties": ("Party Name,Party Number,Contact Name,Email Address", "Hanbit Inc,1001,Ann Example,a@b.example", {"Party Name": "account"}),
    "netsuite": ("Internal ID,Contact,Customer,Title,Email", "21,Ann Example,Hanbit Inc,CFO,a@b.example", {"Customer": "account", "Contact": "name"}),
    "monday": ("Name,Accounts,Title,Type,Priority,Phone", "Ann Example,Hanbit Inc,CFO,Customer,High,12125550100", {"Accounts": "account"}),
    "freshsales": ("Id,First name,Last name,Emails,Work,Mobile,Sales accounts", "1,Ann,Example,a@b.example,,+16465550100,Hanbit Inc", {"Sales accounts": "account"}),
    "codes": ("Nr,Datum,Betrag,Kst", "1,2026-01-01,12,A3", {}),
}  # fmt: skip


@pytest.mark.parametrize(("header", "row", "proposed"), PROPOSED.values(), ids=PROPOSED.keys())
def test_what_is_proposed_for_a_program_fits_or_is_nothing(
    ws: Workspace, write, header: str, row: str, proposed: dict[str, str]
) -> None:
    with pytest.raises(BadInput) as caught:
        ws.import_file("contacts", write(f"{header}\n{row}\n"))
    said = str(caught.value.values.get("proposal", ""))
    assert {f'--map "{theirs}={ours}"' for theirs, ours in proposed.items()} == {f"--map{one}".strip() for one in said.split("--map") if one}  # fmt: skip


@pytest.mark.parametrize("header", ["Customer,Name", "거래처,거래처명", "거래처,상호", "고객사,회사명"])
def test_a_column_of_companies_that_holds_numbers_is_their_key(ws: Workspace, write, header: str) -> None:
    ws.import_file("accounts", write(f"{header},City\n100001,한빛,Seoul\n100002,다온,Busan\n"))
    assert {(one.id, one.name) for one in ws.ledger.as_of(Account)} == {("100001", "한빛"), ("100002", "다온")}


def test_numbers_alone_are_no_companies(ws: Workspace, write) -> None:
    with pytest.raises(BadInput, match="no column for name"):
        ws.import_file("accounts", write("Customer,City\n100001,Seoul\n"))


@pytest.mark.parametrize("name", ["3M", "1004", "365mc", "11번가", "Studio 54000"])
def test_a_company_with_digits_in_its_name_stays_one(write, name: str) -> None:
    assert read_import("accounts", write(f"거래처,지역\n{name},서울\n")).columns["name"] == [0]


def test_a_column_that_somebody_named_stays_what_they_said(ws: Workspace, write) -> None:
    ws.import_file("accounts", write("Customer,City\n100001,Seoul\n"), mapping={"Customer": "name"})
    assert [one.name for one in ws.ledger.as_of(Account)] == ["100001"]
