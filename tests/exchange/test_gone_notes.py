"""Notes that somebody has left or works elsewhere, beside a name or in a memo: evidence and a notice, never a fact."""

from __future__ import annotations

import pytest
from exchange_helpers import codes
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from coverage_kit.exchange.plan.gone_notes import is_inactive, is_moved, split_note
from coverage_kit.exchange.plan.memos import cells_with_stems, find_memo, read_memo
from coverage_kit.exchange.plan.person_names import read_person
from coverage_kit.store.entities import Employment, Person
from coverage_kit.transfer.evidence import find_evidence
from coverage_kit.transfer.memos import contact_memos
from coverage_kit.transfer.records import Truth, truths_of
from coverage_kit.workspace import Workspace

KOREAN = ["최하늘", "김철수", "남궁민", "전지현", "구자철", "전 지현", "박 솔비"]
LATIN = ["Ann Example", "Bo O'Neil", "Mary-Ann Lee", "Exton Lee"]
LEFT_BEHIND = [
    "(퇴사)",
    " (퇴사 2024.3)",
    "[24년 3월말 퇴사]",
    "-퇴사",
    "_퇴사함",
    " 퇴사",
    " (전)",
    "(前)",
    "（퇴직）",
    " *퇴사*",
    "/퇴사",
]
LEFT_BEFORE = ["(전)", "(전) ", "[퇴사] ", "퇴사-", "전)", "前 ", "前", "（전）", "★퇴사★ ", "퇴사 "]
LATIN_BEHIND = [" (left)", " (left 2023)", " - left", ", retired", " (no longer at Acme)", " - no longer with company", " [FORMER]", " (deceased)"]  # fmt: skip
LATIN_BEFORE = ["Ex-", "ex ", "Former ", "(Former) ", "[LEFT] ", "DO NOT USE - ", "Formerly: ", "FORMER "]
MOVED = ["(부서이동)", " (구매팀으로 이동)", "(전출)", " (moved to Busan)", "(인사이동)", " [transferred]"]


@given(st.sampled_from(KOREAN), st.sampled_from(["", *LEFT_BEFORE]), st.sampled_from(LEFT_BEHIND))
def test_a_note_is_taken_out_of_a_korean_name_wherever_it_stands(name: str, before: str, behind: str) -> None:
    for text in (f"{before}{name}", f"{name}{behind}"):
        found, note = split_note(text)
        assert found == name
        assert is_inactive(note) == (text != name)


@given(st.sampled_from(LATIN), st.sampled_from(["", *LATIN_BEFORE]), st.sampled_from(LATIN_BEHIND))
def test_a_note_is_taken_out_of_a_latin_name_wherever_it_stands(name: str, before: str, behind: str) -> None:
    for text in (f"{before}{name}", f"{name}{behind}"):
        found, note = split_note(text)
        assert found == name
        assert is_inactive(note) == (text != name)


@given(st.sampled_from([*KOREAN, *LATIN]), st.sampled_from(MOVED))
def test_a_note_that_somebody_works_elsewhere_is_no_departure(name: str, note: str) -> None:
    found, said = split_note(name + note)
    assert (found, is_inactive(said), is_moved(said)) == (name, False, True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("전 최하늘", ("최하늘", "전")), ("전 남궁민", ("남궁민", "전")), ("전 김 부장", ("김 부장", "전")), ("전 구매팀장", ("구매팀장", "전")), ("전 최하늘 부장", ("최하늘 부장", "전"))],
)  # fmt: skip
def test_a_whole_name_after_the_word_for_former_is_somebody_who_left(name: str, expected: tuple[str, str]) -> None:
    assert split_note(name) == expected


NAMES = ["전지현", "전 지현", "전무송", "전현무", "전우치", "전 이사", "전 부장", "전 차장님", "전이사", "전퇴사", "구자철", "구 자철", "前田太郎", "前田 太郎", "이직한", "은퇴석", "Bob Left", "Tom Gone", "Exton Lee", "Ex Libris", "Alex Former", "Smith-Left", "Mary Left-Hand", "Moved Lee", "김철수(품질)", "김철수(이동통신)", "Ann (Annie) Lee", "Anna-Lena Ex", "O'Neil"]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_only_looks_like_a_note_stays_whole(name: str) -> None:
    assert split_note(name) == (name, "")
    assert read_person({"name": name}).name == name


HEAD = "회사,이름,직책,비고\n"
#: Of each memo: whether it marks somebody as gone, or only says something.
MEMOS = {"퇴사": "inactive", "퇴사함(3월)": "inactive", "No longer with the company": "inactive", "부서이동": "noted", "구매팀으로 부서 변경": "noted", "메일 반송": "noted", "3월에 퇴사하고 후임 채용중": "noted"}  # fmt: skip


@pytest.mark.parametrize(("memo", "kind"), MEMOS.items())
def test_a_memo_about_a_known_person_is_evidence_and_about_a_new_one_a_notice(
    ws: Workspace, write, memo: str, kind: str
) -> None:
    ws.import_file("contacts", write(f"{HEAD}가나상사,박솔비,구매팀장,\n", "before.csv"))
    [job] = ws.ledger.as_of(Employment)
    ws.edit_slot(job.account_id, "ceo", holder="박솔비", verified_on="2026-11-20", verified_how="call")
    newer = write(f"{HEAD}가나상사,박솔비,구매팀장,{memo}\n가나상사,최하늘,과장,{memo}\n", "after.csv")
    plan = ws.import_file("contacts", newer)
    assert [(one.person, one.kind, one.now) for one in plan.evidence] == [("박솔비", kind, memo)]
    assert codes(plan) == [(3, "contact.inactive" if kind == "inactive" else "contact.noted")]
    [found] = find_evidence(ws.ledger)
    assert (found.kind, found.now) == (kind, memo)
    # Only a word alone suggests a departure; a sentence is read by somebody.
    assert (truths_of(ws.ledger, found)[0] is Truth.LEFT) == (kind == "inactive")
    assert all(one.end_kind is None for one in ws.ledger.as_of(Employment))
    assert [(one.person, one.kind) for one in ws.import_file("contacts", newer).evidence] == [("박솔비", kind)]


@pytest.mark.parametrize("memo", ["우수 고객", "퇴사 아님", "전임자 퇴사로 부임", "replaced Ann, who has left"])
def test_another_memo_is_neither(ws: Workspace, write, memo: str) -> None:
    ws.import_file("contacts", write(f"{HEAD}가나상사,박솔비,구매팀장,\n", "before.csv"))
    [job] = ws.ledger.as_of(Employment)
    ws.edit_slot(job.account_id, "ceo", holder="박솔비")
    text = f'{HEAD}가나상사,박솔비,구매팀장,"{memo}"\n가나상사,최하늘,과장,"{memo}"\n'
    plan = ws.import_file("contacts", write(text, "after.csv"))
    assert (plan.evidence, codes(plan), plan.counts["marked_gone"]) == ([], [], 0)


def test_a_name_with_a_note_is_the_person_who_is_here(ws: Workspace, write) -> None:
    ws.import_file("contacts", write(f"{HEAD}가나상사,최하늘,구매팀장,\n가나상사,전 지현,부장,\n", "before.csv"))
    jobs = ws.ledger.as_of(Employment)
    ws.edit_slot(jobs[0].account_id, "ceo", holder="최하늘")
    plan = ws.import_file(
        "contacts", write(f"{HEAD}가나상사,(전)최하늘,구매팀장,\n가나상사,전 지현,부장,\n", "after.csv")
    )
    assert sorted(one.name for one in ws.ledger.as_of(Person)) == ["전 지현", "최하늘"]
    assert [(one.person, one.kind, one.now) for one in plan.evidence] == [("최하늘", "inactive", "전")]


def test_contacts_nobody_checked_are_counted_if_a_memo_says_that_they_left(ws: Workspace, write) -> None:
    text = (
        f"{HEAD}가나상사,박솔비,부장,퇴사\n가나상사,최하늘,과장,반송\n가나상사,전 정다온,차장,\n가나상사,김철수,차장,\n"
    )
    file = write(text)
    plan = ws.import_file("contacts", file)
    assert plan.counts["marked_gone"] == 2
    assert codes(plan) == [(2, "contact.inactive"), (3, "contact.noted"), (4, "contact.inactive")]
    # The same file again counts the same people, though its rows are unchanged.
    assert ws.import_file("contacts", file).counts["marked_gone"] == 2


@pytest.mark.parametrize(("memo", "code"), [("퇴사", "contact.inactive"), ("메일 반송", "contact.noted")])
def test_a_memo_about_many_new_people_is_one_line_with_their_number(ws: Workspace, write, memo: str, code: str) -> None:
    rows = "".join(f"가나상사,p{n} lee,부장,{memo}\n" for n in range(40))
    plan = ws.import_file("contacts", write(HEAD + rows))
    [told] = plan.problems
    assert (told.row, told.code, told.value) == (2, code, memo)
    assert "40" in told.message
    assert "2, 3, 4, 5, 6" in told.message
    assert plan.counts["added"] == 40
    # Each of them is shown where contacts are matched.
    assert len(contact_memos(ws.ledger, ws.today())) == 40


CELLS = st.sampled_from(["", "퇴사", "3월에 퇴사, 후임 채용중", "부서이동", "Retired in May", "우수 고객", "전 김철수", "퇴사 아님", "BOUNCED", "김철수(퇴사)", "left-handed", "휴면"])  # fmt: skip


@given(st.lists(CELLS, min_size=4, max_size=4))
def test_a_row_without_a_telling_cell_suggests_nothing(cells: list[str]) -> None:
    name, title, status, memo = cells
    own = {"name": name, "title": title, "status": status}
    row = {**own, "other": {"비고": memo}}
    found = read_memo(row)
    status = read_person(own).status
    quick = find_memo(to_json(row), status, may_suggest=bool(cells_with_stems({*cells})))
    assert quick == found
