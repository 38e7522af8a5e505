"""Rows that could be several people of one name are a question; columns of people in a list of accounts are named."""

from __future__ import annotations

from pathlib import Path

import pytest
from exchange_helpers import codes, counts

from coverage_kit.store.entities import Employment, Person
from coverage_kit.workspace import Workspace

_NAMESAKES = "회사,이름,직책,이메일\n가나,김철수,부장,a@x.com\n가나,김철수,과장,b@x.com\n"
_OPEN = "회사,이름,직책,부서\n가나,김철수,,구매팀\n"


def file(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def jobs(ws: Workspace, tmp_path: Path) -> dict[str, Employment]:
    """Two people of one name at one account, by title."""
    ws.import_file("contacts", file(tmp_path, _NAMESAKES))
    return {str(job.title): job for job in ws.ledger.as_of(Employment)}


def test_a_row_that_could_be_two_people_is_asked_with_both(
    ws: Workspace, tmp_path: Path, jobs: dict[str, Employment]
) -> None:
    plan = ws.import_file("contacts", file(tmp_path, _OPEN, "open.csv"))
    assert codes(plan) == [(2, "contact.several")]
    [asked] = plan.asked
    assert asked.people == {jobs["부장"].id: "부장, a@x.com", jobs["과장"].id: "과장, b@x.com"}
    assert asked.chosen == ""
    assert jobs["부장"].id in plan.problems[0].message
    assert "가나,김철수,,구매팀" in Path(plan.counts["rejects_file"]).read_text(encoding="utf-8-sig")


def test_the_person_who_is_chosen_gets_the_row_and_is_not_asked_again(
    ws: Workspace, tmp_path: Path, jobs: dict[str, Employment]
) -> None:
    path = file(tmp_path, _OPEN, "open.csv")
    plan = ws.import_file("contacts", path, who={2: jobs["과장"].id})
    assert (codes(plan), plan.asked[0].chosen) == ([], jobs["과장"].id)
    assert {str(job.title): job.department for job in ws.ledger.as_of(Employment)} == {"부장": None, "과장": "구매팀"}
    assert counts(ws.import_file("contacts", path), "unchanged", "rejected") == [1, 0]


def test_another_person_of_the_name_can_be_added(ws: Workspace, tmp_path: Path, jobs: dict[str, Employment]) -> None:
    path = file(tmp_path, _OPEN, "open.csv")
    assert counts(ws.import_file("contacts", path, who={2: "new"}), "added", "rejected") == [1, 0]
    assert len(ws.ledger.as_of(Person)) == 3
    assert ws.import_file("contacts", path).changes == []


def test_a_row_can_be_the_person_of_another_row_of_the_file(ws: Workspace, tmp_path: Path) -> None:
    text = "회사,이름,이메일,부서\n가나,김철수,,구매팀\n가나,김철수,a@x.com,\n가나,김철수,b@x.com,\n"
    path = file(tmp_path, text)
    assert [*ws.import_file("contacts", path, dry_run=True).asked[0].people] == ["3", "4"]
    ws.import_file("contacts", path, who={2: "4"})
    emails = {person.id: person.email for person in ws.ledger.as_of(Person)}
    assert {emails[job.person_id]: job.department for job in ws.ledger.as_of(Employment)} == {"a@x.com": None, "b@x.com": "구매팀"}  # fmt: skip


@pytest.mark.parametrize("who", [{2: "em_nobody"}, {2: "99"}, {5: "new"}, {2: ""}])
def test_an_answer_that_fits_nobody_leaves_the_question_open(
    ws: Workspace, tmp_path: Path, jobs: dict[str, Employment], who: dict[int, str]
) -> None:
    plan = ws.import_file("contacts", file(tmp_path, _OPEN, "open.csv"), who=who)
    assert codes(plan) == [(2, "contact.several")]


def test_two_equal_rows_that_are_two_people_stay_two_people(
    ws: Workspace, tmp_path: Path, jobs: dict[str, Employment]
) -> None:
    path = file(tmp_path, _OPEN + "가나,김철수,,구매팀\n", "open.csv")
    ws.import_file("contacts", path, who={2: jobs["부장"].id, 3: jobs["과장"].id})
    plan = ws.import_file("contacts", path)
    assert counts(plan, "unchanged", "rejected", "missing") == [2, 0, 0]
    assert {job.department for job in ws.ledger.as_of(Employment)} == {"구매팀"}


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("업체명,업종,담당자,비고\n가나전자,전자,김철수,x\n나라기계,기계,박영희 부장,\n", ["담당자"]),
        ("업체명,담당자,연락처,이메일\n가나전자,김철수,010-1234-5678,a@x.com\n", ["담당자", "이메일", "연락처"]),
        ("업체명,구매담당자\n가나전자,김철수\n", ["구매담당자"]),
        ("거래처명,담당 영업\n가나전자,김철수\n", []),
        ("업체명,담당자\n가나전자,영업1팀\n", []),
        ("key,Company,Contact Name\nA1,Acme,Ann Lee\n", ["Contact Name"]),
    ],
)
def test_columns_of_people_in_a_list_of_accounts_are_named(
    ws: Workspace, tmp_path: Path, text: str, columns: list[str]
) -> None:
    path = file(tmp_path, text)
    plan = ws.import_file("accounts", path)
    assert plan.counts["people_columns"] == columns
    if columns:
        assert ws.import_file("contacts", path).counts["added"] > 0
