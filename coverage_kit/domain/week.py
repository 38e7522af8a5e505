"""ISO weeks as the unit of reporting."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_FORM = re.compile(r"([0-9]{4})-W([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


def local_day(at: int, zone: ZoneInfo) -> date:
    """The calendar day of an instant (UTC milliseconds) in the workspace's time zone."""
    return datetime.fromtimestamp(at / 1000, zone).date()


def local_minute(at: int, zone: ZoneInfo) -> str:
    """Day and time of an instant (UTC milliseconds) in the workspace's time zone, ``YYYY-MM-DD HH:MM``."""
    return datetime.fromtimestamp(at / 1000, zone).strftime("%Y-%m-%d %H:%M")


def start_of_day(day: date, zone: ZoneInfo) -> int:
    """The first instant of a day in the workspace's time zone, in UTC milliseconds."""
    return round(datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC).timestamp() * 1000)


def working_day(day: date) -> date:
    """The day itself, or the Friday before where it falls on a weekend."""
    return day - timedelta(days=max(day.weekday() - 4, 0))


@dataclass(frozen=True, order=True)
class Week:
    """One ISO week, written ``2026-W47``; it ends on Sunday at 24:00 in the workspace's time zone."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Week:
        """The week written as ``2026-W47``.

        Raises
        ------
        BadInput
            Not of that form, a year outside 2000–2999, or a week that its year does not have.
        """
        match = _FORM.fullmatch(text.strip())
        if not match:
            raise BadInput("week.format", N_("'{text}' is not a week; write it like 2026-W47."), text=text[:40])
        year, number = int(match[1]), int(match[2])
        if not _FIRST_YEAR <= year <= _LAST_YEAR:
            raise BadInput("week.year", N_("{text} is out of range; years 2000 to 2999 can be used."), text=text)
        try:
            date.fromisocalendar(year, number, 1)
        except ValueError as exc:
            last = date(year, 12, 28).isocalendar().week
            raise BadInput(
                "week.number",
                N_("{year} has no week {number}; its last is W{last}."),
                year=year,
                number=number,
                last=last,
            ) from exc
        return cls(year, number)

    @classmethod
    def of(cls, day: date) -> Week:
        """The week a day falls in."""
        iso = day.isocalendar()
        return cls(iso.year, iso.week)

    @classmethod
    def containing(cls, at: int, zone: ZoneInfo) -> Week:
        """The week an instant (UTC milliseconds) falls in, in the given zone."""
        return cls.of(local_day(at, zone))

    @classmethod
    def last_ended(cls, at: int, zone: ZoneInfo) -> Week:
        """The last week whose final millisecond is not after the instant."""
        week = cls.containing(at, zone)
        return week if week.as_of(zone) <= at else week - 1

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def as_of(self, zone: ZoneInfo) -> int:
        """The last millisecond of the week (UTC milliseconds)."""
        return start_of_day(self.monday + timedelta(days=7), zone) - 1

    def __add__(self, weeks: int) -> Week:
        return Week.of(self.monday + timedelta(weeks=weeks))

    def __sub__(self, weeks: int) -> Week:
        return self + -weeks

    def __str__(self) -> str:
        return f"{self.year}-W{self.number:02d}"
