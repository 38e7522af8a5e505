from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from coverage_kit import BadInput, Week
from coverage_kit.domain.instants import read_instant
from coverage_kit.domain.week import start_of_day

SEOUL = ZoneInfo("Asia/Seoul")
NOON = start_of_day(date(2026, 11, 25), SEOUL) + 12 * 3_600_000


@pytest.mark.parametrize("text", ["2026-W47", " 2026-w47 ", "2026-11-22", Week(2026, 47), date(2026, 11, 22)])
def test_a_week_or_a_day_that_has_ended_means_its_last_millisecond(text: object) -> None:
    assert read_instant(text, SEOUL, NOON) == start_of_day(date(2026, 11, 23), SEOUL) - 1


@pytest.mark.parametrize("text", ["2026-W48", "2026-11-25"])
def test_a_week_or_a_day_that_has_not_ended_means_now(text: str) -> None:
    assert read_instant(text, SEOUL, NOON) == NOON


@pytest.mark.parametrize("text", ["9999-12-31", "2026-11-26", "2026-W49", "2026-11-25T12:01", Week(2026, 49)])
def test_an_instant_in_the_future_is_refused(text: object) -> None:
    with pytest.raises(BadInput) as refused:
        read_instant(text, SEOUL, NOON)
    assert refused.value.code == "instant.ahead"
    assert "2026-11-25" in str(refused.value)


@pytest.mark.parametrize("text", ["２０２６-W47", "2026-W٤٧", "next week", "", "2026-13-01", "10000-01-01", "2026-W54"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_instant(text, SEOUL, NOON)


def test_a_day_ends_at_midnight_also_where_the_clocks_go_back_at_midnight() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    now = start_of_day(date(2026, 11, 25), cairo)
    assert read_instant("2026-10-29", cairo, now) == start_of_day(date(2026, 10, 30), cairo) - 1
    assert start_of_day(date(2026, 10, 30), cairo) - start_of_day(date(2026, 10, 29), cairo) == 25 * 3_600_000
