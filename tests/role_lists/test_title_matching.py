"""Titles find their roles, measured on titles labelled by hand and on what every title has in common."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_kit.exchange import read_role_lists
from coverage_kit.measures.interval import wilson
from coverage_kit.role_lists.titles import Grounds, TitleMatcher, TitleState
from tests.role_lists.labelled import Labelled, read_all, read_labelled, score

LISTS = {one.key: one.model_dump() for one in read_role_lists(Path(__file__).parents[2] / "templates" / "roles")}
MATCHERS = {key: TitleMatcher([body]) for key, body in LISTS.items()}
ALL = TitleMatcher(LISTS.values())
POSITIVE = [one for one in read_all() if one.role]


def first(title: str, role_list: str = "general") -> str | None:
    found = MATCHERS[role_list].suggest(title).suggestions
    return found[0].role if found else None


#: A sure title: it means its role whatever is written around it. The few that are missed as they stand are not.
SURE = [
    one
    for one in POSITIVE
    if MATCHERS[one.role_list].suggest(one.title).state is TitleState.PRESENT
    and "현" not in one.title
    and first(one.title, one.role_list) == one.role
]


def test_the_set_is_large_and_half_korean() -> None:
    negative = [one for one in read_all() if not one.role]
    for half in (POSITIVE, negative):
        assert len(half) >= 300
        korean = sum(any("가" <= letter <= "힣" for letter in one.title) for one in half)
        assert 0.35 < korean / len(half) < 0.65
    assert len({(one.role_list, one.title) for one in read_all()}) == len(read_all())


@pytest.mark.parametrize("is_test", [False, True], ids=["tuning half", "test half"])
def test_suggestions_are_right_and_nearly_complete(is_test: bool) -> None:
    found = score(read_labelled(is_test=is_test), MATCHERS)
    assert found.precision >= 0.97, found
    assert found.recall >= 0.90, found
    assert found.false_positives / found.n_negative <= 0.02, found
    assert wilson(found.false_positives, found.n_negative).high <= 0.04, found


@pytest.mark.parametrize(
    "title",
    ["전 {}", "前 {}", "(전) {}", "전) {}", "{} (전)", "{}(前)", "Former {}", "Ex-{}", "{} (former)", "{} - retired",
     "{} 퇴직", "{}(퇴사)", "전임 {}", "{} 내정자", "Incoming {}", "[전] {}"],
)  # fmt: skip
def test_a_state_word_takes_the_position_away_from_any_title(title: str) -> None:
    for one in SURE:
        read = MATCHERS[one.role_list].suggest(title.format(one.title))
        assert read.suggestions == (), (title.format(one.title), read)


@pytest.mark.parametrize(
    "title", ["{} 비서", "{} 수행비서", "Assistant to the {}", "Secretary to {}", "Executive Assistant, {}"]
)
def test_an_assistant_is_a_gatekeeper_and_not_the_boss(title: str) -> None:
    for one in SURE:
        read = MATCHERS[one.role_list].suggest(title.format(one.title))
        assert (read.state, read.suggestions) == (TitleState.GATEKEEPER, ())


@given(st.sampled_from(SURE), st.data())
def test_spelling_does_not_change_what_a_title_means(one: Labelled, data: st.DataObject) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in one.title)
    spelled = data.draw(
        st.sampled_from(
            [
                one.title.upper(),
                one.title.lower(),
                wide,
                f"  {one.title}\t",
                f"「{one.title}」",
                one.title.replace(" ", "  "),
            ]
        )
    )
    assert first(spelled, one.role_list) == one.role


@given(st.sampled_from(SURE), st.sampled_from(SURE))
def test_two_titles_in_one_mean_both_roles(one: Labelled, other: Labelled) -> None:
    if one.role_list != other.role_list or any(c in one.title + other.title for c in ",-(/&"):
        return
    roles = {each.role for each in MATCHERS[one.role_list].suggest(f"{one.title} / {other.title}").suggestions}
    assert {one.role, other.role} <= roles


@given(st.text(max_size=60))
def test_any_text_has_an_answer_and_a_confidence(text: str) -> None:
    read = ALL.suggest(text)
    assert read.title == text
    assert all(0 < one.confidence <= 1 and one.name for one in read.suggestions)
    assert len({one.role for one in read.suggestions}) == len(read.suggestions) <= 3


@pytest.mark.parametrize(
    ("title", "general", "public_sector", "hospital"),
    [("구매과장", "purchasing_staff", None, "purchasing_manager"), ("회계과장", None, "contract_manager", None)],
)
def test_a_section_head_heads_in_an_office_and_works_in_a_company(
    title: str, general: str | None, public_sector: str | None, hospital: str | None
) -> None:
    assert (first(title), first(title, "public_sector"), first(title, "hospital")) == (general, public_sector, hospital)


@pytest.mark.parametrize(
    ("title", "roles"),
    [
        ("CEO & Founder", ["ceo"]), ("이사/공장장", ["plant_head"]), ("CFO 겸 CIO", ["cfo", "cio"]),
        ("총무·구매팀장", ["purchasing_manager", "general_affairs_manager"]), ("VP Finance & IT", ["cfo", "cio"]),
        ("구매본부 구매1팀 팀장", ["purchasing_manager"]), ("현 대표이사, 前 상무", ["ceo"]), ("CEO, former CFO", ["ceo"]),
    ],
)  # fmt: skip
def test_several_titles_in_one_are_read_one_by_one(title: str, roles: list[str]) -> None:
    assert {*roles} == {one.role for one in ALL.suggest(title).suggestions}


def test_the_longest_name_wins() -> None:
    assert [one.role for one in ALL.suggest("대표이사 회장").suggestions] == ["chairman"]
    for title in ("Vice President", "부회장", "Product Owner", "부사장"):
        assert ALL.suggest(title).suggestions == ()


def test_an_acting_head_is_suggested_with_less_confidence() -> None:
    [acting], [sure] = (ALL.suggest(title).suggestions for title in ("구매팀장 직무대행", "구매팀장"))
    assert (acting.role, acting.confidence < sure.confidence) == ("purchasing_manager", True)


def test_a_typing_error_is_forgiven_and_said() -> None:
    for title in ("Purchsing Manager", "구메팀장"):
        [found] = MATCHERS["general"].suggest(title).suggestions
        assert (found.role, found.grounds) == ("purchasing_manager", Grounds.SPELLING)
