"""Weeks and identifiers as people write them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_kit.domain.identifiers import clean_key, clean_text, file_names, name_key
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput

HOSTILE = ["ann", "ANN", "../../x", "/etc/passwd", "CON", "..", "x" * 300, "가" * 200, "a:b", "-rf", "\u202eabc", "REP 1", "rep 1", "%2e%2e%2f", "team", "index"]  # fmt: skip


@pytest.mark.parametrize("text", ["next week", "2026-47", "2026-W47x", "", "9999-W01", "2025-W53", "2026-W00"])
def test_what_is_no_week_is_refused_with_a_word_on_how_to_write_one(text: str) -> None:
    with pytest.raises(BadInput):
        Week.parse(text)


def test_a_week_ends_on_sunday_at_midnight_in_the_workspaces_zone(zone) -> None:
    week = Week.parse("2026-W47")
    assert week.as_of(zone) == 1795359599999  # 2026-11-22T23:59:59.999+09:00
    assert Week.last_ended(week.as_of(zone), zone) == week
    assert Week.last_ended(week.as_of(zone) - 1, zone) == week - 1
    assert Week.parse("2026-W53") + 1 == Week(2027, 1)


def test_hostile_keys_become_distinct_harmless_file_names() -> None:
    names = file_names(HOSTILE)
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE)
    assert not {"con", "team", "index"} & {name.casefold() for name in names.values()}


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80), max_size=12))
def test_file_names_are_safe_whatever_the_keys(keys: list[str]) -> None:
    names = file_names(keys)
    assert len({name.casefold() for name in names.values()}) == len(set(keys))
    for name in names.values():
        assert len(name.encode()) <= 200
        assert name[0] not in ".-"
        assert not set(name) & set('/\\:*?"<>|\0')


def test_a_key_that_looks_like_a_hashed_name_and_reserved_names_with_endings_stay_apart() -> None:
    hashed = file_names(["REP 1"])["REP 1"]
    names = file_names(["REP 1", hashed, "con.txt", "COM\u00b9", "team.x"])
    assert len({name.casefold() for name in names.values()}) == 5
    assert names["con.txt"] != "con.txt"
    assert names["COM\u00b9"] != "COM\u00b9"
    assert file_names(["kim.young"]) == {"kim.young": "kim.young"}


def test_names_of_signs_alone_are_different_names() -> None:
    assert name_key("???") != name_key("!!!") != ""
    assert name_key("(주) 한빛") == name_key("주 한빛")


def test_text_is_kept_composed_and_what_cannot_be_stored_is_named() -> None:
    assert clean_text(unicodedata.normalize("NFD", " 홍길동 "), "name") == "홍길동"
    for bad in ("a\0b", "a\x1bb", "\ud800"):
        with pytest.raises(BadInput, match="U\\+"):
            clean_text(bad, "name")
    with pytest.raises(BadInput, match="empty"):
        clean_key("  ", "rep")
