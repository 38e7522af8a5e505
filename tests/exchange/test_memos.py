"""Free text of an export: what it suggests about a contact, and what it does not."""

from __future__ import annotations

import json
from datetime import date

import pytest
from pydantic_core import to_json

from coverage_kit.exchange.plan.memos import Memo, MemoKind, may_have_contact_day, may_have_memo, read_memo, read_quiet

SAID = {
    "퇴사": MemoKind.LEFT, "퇴사함(3월)": MemoKind.LEFT, "No longer with the company": MemoKind.LEFT, "Former CFO": MemoKind.LEFT,
    "부서이동": MemoKind.MOVED, "부서 변경됨": MemoKind.MOVED, "transferred to Busan": MemoKind.MOVED,
    "반송됨": MemoKind.BOUNCED, "mail bounced twice": MemoKind.BOUNCED,
}  # fmt: skip


@pytest.mark.parametrize(("text", "kind"), SAID.items())
def test_a_memo_suggests_what_it_says(text: str, kind: MemoKind) -> None:
    cells = {"name": "김가온", "other": {"상태메모": text}}
    assert may_have_memo(json.dumps(cells, ensure_ascii=False))
    memo = read_memo(cells)
    assert memo is not None
    assert (memo.kind, memo.text) == (kind, text)


@pytest.mark.parametrize(
    "text", ["퇴사 아님", "not retired", "우수 고객", "Formerly Acme account", "퇴" * 300 + "퇴사"]
)
def test_other_texts_suggest_nothing(text: str) -> None:
    assert read_memo({"other": {"memo": text}}) is None


def test_names_companies_and_addresses_are_no_memos() -> None:
    assert read_memo({"name": "퇴사", "account": "Bounced Ltd", "email": "retired@example.com", "other": {"mail": "bounced@example.com"}}) is None  # fmt: skip


def test_the_stronger_of_two_memos_counts() -> None:
    memo = read_memo({"status": "반송", "other": {"memo": "퇴사"}})
    assert memo is not None
    assert memo.kind is MemoKind.LEFT


@pytest.mark.parametrize(
    "status", ["inactive", "Deactivated", "휴면", "비활성", "이직", "terminated", "No longer there"]
)
def test_a_status_that_marks_a_person_as_gone_suggests_that_they_left(status: str) -> None:
    cells = {"name": "김가온", "account": "가나", "status": status}
    assert may_have_memo(json.dumps(cells, ensure_ascii=False))
    assert read_memo(cells) == Memo(MemoKind.LEFT, status)


@pytest.mark.parametrize(
    ("name", "said"),
    [("홍길동(퇴사)", "퇴사"), ("Ann Example (inactive)", "inactive"), ("Ann Example [ former ]", "former")],
)
def test_a_note_beside_the_name_suggests_that_they_left(name: str, said: str) -> None:
    cells = {"name": name, "account": "가나"}
    assert may_have_memo(json.dumps(cells, ensure_ascii=False))
    assert read_memo(cells) == Memo(MemoKind.LEFT, said)


@pytest.mark.parametrize("status", ["active", "재직", "Customer", "Lead", "left-handed"])
def test_another_status_suggests_nothing(status: str) -> None:
    assert read_memo({"name": "김가온", "status": status}) is None


@pytest.mark.parametrize(
    "column",
    ["최근접촉일", "최종 연락일자", "마지막 방문일", "Last Activity", "Last Activity Date", "last_contacted_at", "last_seen", "最終接触日", "Letzter Kontakt"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("day", "is_quiet"),
    [
        ("2024-11-01", True),
        ("2023.1.5", True),
        ("2025-11-30T09:00:00", False),
        ("2027-01-01", False),
        ("어제", False),
        ("", False),
    ],
)
def test_no_contact_for_a_year_is_the_weakest_hint(column: str, day: str, is_quiet: bool) -> None:
    cells = {"name": "한 사람", "other": {column: day, "메모": "통화 원함"}}
    found = read_quiet(cells, date(2026, 11, 30))
    assert (found is not None) is is_quiet
    assert may_have_contact_day(to_json(cells).decode())


@pytest.mark.parametrize(
    "column", ["최근 접촉자", "Last Name", "last_modified", "contact", "방문일", "Last Activity Type"]
)
def test_another_column_says_nothing_of_the_last_contact(column: str) -> None:
    assert read_quiet({"other": {column: "2020-01-01"}}, date(2026, 11, 30)) is None
