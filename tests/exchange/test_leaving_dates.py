"""A column of leaving dates: a past one marks the person as gone since that day, one ahead says nothing yet."""

from __future__ import annotations

from datetime import date

import pytest
from exchange_helpers import codes

from coverage_kit.exchange.plan.cells import day_of
from coverage_kit.exchange.plan.gone_notes import is_inactive, status_with_day
from coverage_kit.store.entities import Employment
from coverage_kit.transfer.evidence import find_evidence
from coverage_kit.transfer.records import Finding, Truth, record_findings, truths_of
from coverage_kit.workspace import Workspace


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-31", "2024-03-31"),
        ("2024.3.31", "2024-03-31"),
        ("2024/03/31 00:00", "2024-03-31"),
        ("2024년 3월 31일", "2024-03-31"),
        ("20240331", "2024-03-31"),
        ("퇴사 2024.3.31", "2024-03-31"),
        ("2024-02-30", ""),
        ("0000-00-00", ""),
        ("03/31/2024", ""),
        ("010-2024-0331", ""),
        ("", ""),
    ],
)
def test_a_day_is_read_with_the_year_first(text: str, day: str) -> None:
    assert day_of(text) == day


@pytest.mark.parametrize(
    ("status", "left_on", "expected"),
    [
        ("", "2024.3.31", "퇴사 2024-03-31"),
        ("재직", "2024-03-31", "퇴사 2024-03-31"),
        ("퇴직", "2024-03-31", "퇴직 2024-03-31"),
        ("inactive", "2024-03-31", "inactive 2024-03-31"),
        ("", "03/31/2024", "퇴사 2024"),
        ("", "2026-11-20", "퇴사 2026-11-20"),
        ("재직", "2026-11-21", "재직"),
        ("재직", "9999-12-31", "재직"),
        ("", "12/31/2026", ""),
        ("", "미정", ""),
        ("퇴사", "2027-01-01", "퇴사"),
    ],
)
def test_a_past_leaving_date_marks_a_person_as_gone(status: str, left_on: str, expected: str) -> None:
    found = status_with_day(status, left_on, "2026-11-20", is_korean=True)
    assert found == expected
    assert is_inactive(found) == ("20" in found or found == "퇴사")


@pytest.mark.parametrize(
    ("column", "word"), [("퇴사일", "퇴사"), ("퇴직일", "퇴사"), ("Leaving date", "left"), ("End Date", "left")]
)
def test_a_leaving_date_is_proposed_as_a_departure_on_that_day(ws: Workspace, write, column: str, word: str) -> None:
    head = f"회사,이름,직책,{column}\n"
    ws.import_file("contacts", write(f"{head}가나상사,박솔비,구매팀장,\n가나상사,최하늘,부장,\n", "before.csv"))
    account = ws.ledger.as_of(Employment)[0].account_id
    for role, name in {"ceo": "박솔비", "cfo": "최하늘"}.items():
        ws.edit_slot(account, role, holder=name, verified_on="2024-01-20", verified_how="call")
    rows = "가나상사,박솔비,구매팀장,2024-03-31\n가나상사,최하늘,부장,2999-12-31\n가나상사,정다온,과장,2024.3.1\n"
    newer = write(head + rows, "after.csv")
    plan = ws.import_file("contacts", newer)
    assert [(one.person, one.kind, one.now) for one in plan.evidence] == [("박솔비", "inactive", f"{word} 2024-03-31")]
    assert codes(plan) == [(4, "contact.inactive")]
    assert (plan.unread, plan.counts["marked_gone"]) == ([], 1)
    again = ws.import_file("contacts", newer)
    assert (again.counts["unchanged"], len(again.evidence)) == (3, 1)
    [found] = find_evidence(ws.ledger)
    assert truths_of(ws.ledger, found)[0] is Truth.LEFT
    # Nothing is written before a person says so.
    assert all(one.end_kind is None for one in ws.ledger.as_of(Employment))
    [job] = ws.ledger.as_of(Employment, id=[found.employment])
    record_findings(ws.ledger, [Finding(found, Truth.LEFT, job.version)], today=date(2026, 11, 20), how="call")
    [job] = ws.ledger.as_of(Employment, id=[found.employment])
    assert (job.end_kind, job.ended_on) == ("left", "2024-03-31")
