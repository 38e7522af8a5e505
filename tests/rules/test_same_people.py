"""Candidates for one person: labelled pairs, half of them Korean; the half that is tested tuned nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from coverage_kit.rules.same import AccountRecord, Job, PersonRecord, Reason, find_same_accounts, find_same_people
from coverage_kit.rules.same.names import compare_names, name_forms

HERE = Path(__file__).parent / "same"


def labelled(half: str) -> list[tuple[bool, str, PersonRecord, PersonRecord]]:
    with (HERE / f"{half}.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(row["same"] == "1", row["why"], record(row, ""), record(row, "2")) for row in rows]


def record(row: dict[str, str], which: str) -> PersonRecord:
    said = {name: row[name + which] or None for name in ("email", "phone", "title", "department")}
    account = row["account" + which]
    job = Job(account, account, said["title"], said["department"])
    return PersonRecord(f"pe_{which or 1}", row["name" + which], said["email"], said["phone"], (job,))


def judged(half: str) -> tuple[float, float, list[str]]:
    """Precision and recall of a half, and what is wrong in it."""
    right = found = wanted = 0
    wrong = []
    for is_same, why, one, other in labelled(half):
        is_found = bool(find_same_people([one, other]))
        right += is_same and is_found
        found += is_found
        wanted += is_same
        if is_same != is_found:
            wrong.append(f"{'missed' if is_same else 'wrong'}: {one.name} = {other.name} ({why})")
    return right / found, right / wanted, wrong


@pytest.mark.parametrize("half", ["tuning", "test"])
def test_candidates_are_right_in_99_of_100_and_find_four_of_five(half: str) -> None:
    precision, recall, wrong = judged(half)
    assert precision >= 0.99, wrong
    assert recall >= 0.8, wrong


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("김민수", "Kim Min-soo", Reason.SOUND),
        ("이현우", "Hyunwoo Lee", Reason.SOUND),
        ("정다은", "CHUNG, Da Eun", Reason.SOUND),
        ("남궁민수", "Minsu Namgoong", Reason.SOUND),
        ("김민수", "김민호", None),
        ("김민수", "Lee Min-soo", None),
        ("John Smith", "SMITH, John", Reason.NAME),
        ("J. Smith", "John Smith", Reason.NEAR_NAME),
        ("J. Smith", "J. Miller", None),
    ],
)
def test_names_are_compared_in_both_scripts(one: str, other: str, alike: Reason | None) -> None:
    assert compare_names(name_forms(one), name_forms(other)) == alike
    assert compare_names(name_forms(other), name_forms(one)) == alike


def account(key: str, name: str, *domains: str, region: str | None = None, people: str = "") -> AccountRecord:
    return AccountRecord(key, name, None, region, frozenset(domains), frozenset(people.split()))


def test_accounts_need_more_than_a_name() -> None:
    alone = [account("A", "(주)한빛전자"), account("B", "한빛전자")]
    assert find_same_accounts(alone) == []
    by_domain = [account("A", "(주)한빛전자", "hanbit.kr"), account("B", "Hanbitjeonja", "hanbit.kr")]
    (found,) = find_same_accounts(by_domain)
    assert found.reasons == (Reason.DOMAIN, Reason.SOUND)
    by_place = [account("A", "Hanbit Inc", region="서울"), account("B", "HANBIT", region="서울")]
    assert [each.reasons for each in find_same_accounts(by_place)] == [(Reason.PLACE, Reason.NAME)]
    assert find_same_accounts(by_place, frozenset({("A", "B")})) == []
    others = [account("A", "Hanbit Steel", "hanbit.kr"), account("B", "Daon Bank", "hanbit.kr")]
    assert find_same_accounts(others) == []


def test_a_person_who_moved_is_found_where_they_went() -> None:
    gone = PersonRecord("p1", "김민수", None, None, (Job("A", "A", "과장", None, None, "2026-03-01", "moved", "B"),))
    new = PersonRecord("p2", "Kim Minsu", None, None, (Job("B", "B", "부장", None, "2026-03-05"),))
    before = PersonRecord("p2", "Kim Minsu", None, None, (Job("B", "B", "부장", None, "2020-03-05"),))
    assert [each.reasons for each in find_same_people([gone, new])] == [(Reason.MOVED, Reason.SOUND)]
    assert find_same_people([gone, before]) == []
    assert find_same_people([gone, new], frozenset({("p1", "p2")})) == []
