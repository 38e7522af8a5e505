"""The languages of screens and reports, and how each writes a day and a week. The words are in the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple


class Language(NamedTuple):
    """How a language writes dates.

    Attributes
    ----------
    day : callable
        A day of the year.
    week : callable
        A week by the ISO year, its number and its Monday.
    """

    day: Callable[[date], str]
    week: Callable[[int, int, date], str]


def _korean_week(year: int, number: int, monday: date) -> str:
    sunday = monday + timedelta(days=6)
    last = f"{sunday.day}" if monday.month == sunday.month else f"{sunday.month}.{sunday.day}"
    return f"{year}년 {number}주차 ({monday.month}.{monday.day}~{last})"


def _english_week(year: int, number: int, monday: date) -> str:
    sunday = monday + timedelta(days=6)
    first = f"{monday.day}" if monday.month == sunday.month else f"{monday.day} {monday:%b}"
    return f"Week {number}, {year} ({first}–{sunday.day} {sunday:%b})"


#: By code, the first one first on screens. A text that a language lacks is shown in English.
LANGUAGES = {
    "ko": Language(lambda day: f"{day.month}월 {day.day}일", _korean_week),
    "en": Language(lambda day: f"{day.day} {day:%b}", _english_week),
}
