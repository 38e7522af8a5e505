"""Quarters of the calendar year: must-win accounts and the agreement on coaching hold for one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

#: Accounts that one manager may choose in a quarter; each has a place of its own, so that two presses never make six.
MUST_WIN_PLACES = 5
_FORM = re.compile(r"([0-9]{4})-Q([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year, written ``2026-Q4``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """The quarter written as ``2026-Q4``.

        Raises
        ------
        BadInput
        """
        match = _FORM.fullmatch(text.strip())
        if not match or not 2000 <= int(match[1]) <= 2999:
            raise BadInput("quarter.format", N_("'{text}' is not a quarter; write it like 2026-Q4."), text=text[:40])
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter a day falls in."""
        return cls(day.year, (day.month + 2) // 3)

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return (self + 1).first_day - timedelta(days=1)

    def weeks(self) -> list[Week]:
        """The weeks that begin in it, in order: each week belongs to one quarter."""
        first = self.first_day + timedelta(days=-self.first_day.weekday() % 7)
        n = (self.last_day - first).days // 7 + 1
        return [Week.of(first) + i for i in range(n)]

    def __add__(self, quarters: int) -> Quarter:
        months = 4 * self.year + self.number - 1 + quarters
        return Quarter(months // 4, months % 4 + 1)

    def __sub__(self, quarters: int) -> Quarter:
        return self + -quarters

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"
