"""More spellings of the kinds of faults that real files have: none is silently wrong."""

from __future__ import annotations

import pytest
from exchange_helpers import codes

from coverage_kit import BadInput
from coverage_kit.exchange.plan.cells import find_phone, is_nothing
from coverage_kit.exchange.plan.gone_notes import status_with_day
from coverage_kit.exchange.plan.person_names import is_nobody
from coverage_kit.store.entities import Account, Person
from coverage_kit.workspace import Workspace

CARDS = """BEGIN:VCARD
VERSION:4.0
{kind}FN:Beta AG
ORG:Beta AG
END:VCARD
BEGIN:VCARD
VERSION:4.0
KIND:individual
FN:Bo Sample
ORG:Beta AG
TITLE:Head of \\n Purchasing
END:VCARD
"""


@pytest.mark.parametrize("kind", ["KIND:org\n", "KIND:group\n", "X-ABShowAs:COMPANY\n", ""])
def test_the_card_of_a_company_is_no_person(ws: Workspace, write, kind: str) -> None:
    plan = ws.import_file("contacts", write(CARDS.format(kind=kind), "a.vcf"))
    assert [row.name for row in ws.ledger.as_of(Person)] == ["Bo Sample"]
    assert [(one.row, one.why) for one in plan.left_out] == [(2, "kind")]
    assert ws.people("Beta AG")["title"].tolist() == ["Head of Purchasing"]


def test_a_card_of_somebody_whose_company_has_their_name_is_a_person(ws: Workspace, write) -> None:
    card = "BEGIN:VCARD\nVERSION:3.0\nN:Example;Ann;;;\nFN:Ann Example\nORG:Ann Example\nEND:VCARD\n"
    assert ws.import_file("contacts", write(card, "a.vcf")).counts["added"] == 1


@pytest.mark.parametrize(
    "name",
    [
        "신규담당자",
        "담당자님",
        "추후 통보",
        "ohne",
        "N/A (vacant)",
        "공석(채용중)",
        "미정 (추후)",
        "=A1&B1",
        "=VLOOKUP(A2,B:C,2,0)",
        "=Sheet1!A1",
    ],
)
def test_more_names_of_nobody_are_nobody(name: str) -> None:
    assert is_nobody(name)


@pytest.mark.parametrize("name", ["김철수(품질)", "최대", "=Equals Ltd", "Ann (Annie) Example", "A1 Partners"])
def test_a_name_beside_brackets_or_with_a_sign_is_one(name: str) -> None:
    assert not is_nobody(name)
    assert not is_nothing(name)


@pytest.mark.parametrize(
    "label", ["최대값", "최솟값", "비율(%)", "구성비", "표준편차", "총원: 2명", "총인원", "Maximum"]
)
def test_more_totals_are_left_out(ws: Workspace, write, label: str) -> None:
    plan = ws.import_file("accounts", write(f"거래처명,업종,매출\n한빛,금속,100\n{label},,100\n"))
    assert ([row.name for row in ws.ledger.as_of(Account)], [one.row for one in plan.left_out]) == (["한빛"], [3])


@pytest.mark.parametrize(
    ("cell", "phone"), [("100%", ""), ("€5", ""), ("₩1,000,000", ""), ("010-1000-2000", "010-1000-2000")]
)
def test_a_percentage_or_an_amount_is_no_phone(cell: str, phone: str) -> None:
    assert find_phone(cell) == phone


@pytest.mark.parametrize(
    ("cell", "status"),
    [("46000", "퇴사 2025-12-09"), ("46000.5", "퇴사 2025-12-09"), ("60000", ""), ("12345", ""), ("460000", "")],
)
def test_a_leaving_date_in_a_number_cell_is_read(cell: str, status: str) -> None:
    assert status_with_day("", cell, "2026-11-30", is_korean=True) == status


def test_a_formula_in_place_of_its_value_names_nobody(ws: Workspace, write) -> None:
    plan = ws.import_file("contacts", write("company,name\nAcme,=A1&B1\n=A2,Ann Example\nBeta,Bo Sample\n"))
    assert ([row for row, _ in codes(plan)], [row.name for row in ws.ledger.as_of(Person)]) == ([2, 3], ["Bo Sample"])


def test_a_pdf_is_named(ws: Workspace, write) -> None:
    with pytest.raises(BadInput, match="PDF"):
        ws.import_file("contacts", write(b"%PDF-1.4\n1 0 obj\n", "list.pdf"))
