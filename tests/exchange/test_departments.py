"""An account whose name is that of another one and a department is named, and nothing is decided."""

from __future__ import annotations

import pytest
from exchange_helpers import codes, counts

from coverage_kit.exchange.plan.departments import split_department
from coverage_kit.store.entities import Account
from coverage_kit.workspace import Workspace

DEPARTMENTS = [
    ("가나상사", "가나상사 구매팀"),
    ("(주)가나상사", "가나상사구매팀"),
    ("가나상사", "주식회사 가나상사(구매팀)"),
    ("가나상사", "가나상사 - 구매"),
    ("가나상사", "가나상사 경영지원본부 구매팀"),
    ("가나상사", "가나상사 / 정보보안실"),
    ("Acme Corp.", "Acme Corp. - Purchasing Dept"),
    ("Acme", "ACME Inc., Department of Finance"),
    ("Acme", "Acme Purchasing Team"),
    ("Acme GmbH", "Acme GmbH, Abteilung Einkauf"),
    ("Acme GmbH", "Acme Einkaufsabteilung"),
    ("株式会社山田商事", "山田商事 購買部"),
    ("山田商事", "山田商事購買部"),
]


@pytest.mark.parametrize(("company", "department"), DEPARTMENTS)
@pytest.mark.parametrize("is_first", [False, True])
def test_an_account_that_may_be_a_department_of_another_row_is_named(
    ws: Workspace, write, company: str, department: str, is_first: bool
) -> None:
    rows = [department, company] if is_first else [company, department]
    text = "name,industry\n" + "".join(f'"{row}",Metal\n' for row in rows)
    plan = ws.import_file("accounts", write(text))
    assert (counts(plan, "added", "rejected"), codes(plan)) == ([2, 0], [(2 if is_first else 3, "account.department")])


@pytest.mark.parametrize(("company", "department"), DEPARTMENTS)
@pytest.mark.parametrize("is_here", [False, True])
def test_the_account_of_a_contact_that_may_be_a_department_is_named_once(
    ws: Workspace, write, company: str, department: str, is_here: bool
) -> None:
    if is_here:
        ws.import_file("accounts", write(f'key,name\nA1,"{company}"\n'))
    first = "" if is_here else f'"{company}",김가온\n'
    plan = ws.import_file("contacts", write(f'company,name\n{first}"{department}",이나래\n"{department}",박다솜\n'))
    found = [problem for problem in plan.problems if problem.code == "account.department"]
    assert [problem.row for problem in found] == [2 if is_here else 3]
    assert company in found[0].message
    assert sorted(row.name for row in ws.ledger.as_of(Account)) == sorted((company, department))


@pytest.mark.parametrize(
    "name",
    [
        "가나상사 부산공장",
        "가나 그룹",
        "한국은행 서울지점",
        "Acme Europe",
        "Acme Labs",
        "국세청",
        "구매팀",
        "IT",
        "대한교과",
        "Team",
    ],
)
def test_a_site_a_group_and_a_name_of_its_own_are_no_departments(name: str) -> None:
    assert [*split_department(name)] == []


def test_a_department_of_no_account_is_an_account_without_a_notice(ws: Workspace, write) -> None:
    plan = ws.import_file("accounts", write("name,industry\n가나상사 구매팀,Metal\n다라물산,Metal\n"))
    assert codes(plan) == []
