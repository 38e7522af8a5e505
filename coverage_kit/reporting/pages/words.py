"""The name of a week in a report."""

from __future__ import annotations

from coverage_kit.domain.week import Week
from coverage_kit.i18n import Texts


def week_in_words(week: Week, t: Texts) -> str:
    """``2026년 47주차 (11.16~22)`` or ``Week 47, 2026 (16–22 Nov)``."""
    a, b = week.monday, week.sunday
    if t.lang == "ko":
        last = f"{b.day}" if a.month == b.month else f"{b.month}.{b.day}"
        return f"{week.year}년 {week.number}주차 ({a.month}.{a.day}~{last})"
    first = f"{a.day}" if a.month == b.month else f"{a.day} {a:%b}"
    return f"Week {week.number}, {week.year} ({first}–{b.day} {b:%b})"
