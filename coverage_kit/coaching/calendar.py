"""A calendar entry for an hour that a leader protects."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from coverage_kit.domain.week import working_day

#: When the hour begins, until the calendar moves it.
_BEGINS = time(10)


def protected_hour(uid: str, summary: str, description: str, *, today: date, zone: ZoneInfo, made_at: int) -> str:
    """An entry of one hour on the next working day, as the text of an ``.ics`` file.

    Parameters
    ----------
    uid : str
        Names the entry: the same one again replaces it in the calendar.
    summary, description : str
    today : date
    zone : ZoneInfo
    made_at : int
        When it was decided (UTC milliseconds).
    """
    day = today + timedelta(days=1)
    if working_day(day) != day:
        day += timedelta(days=7 - day.weekday())
    entry = Event()
    entry.add("uid", f"{uid}@coverage-kit")
    entry.add("dtstamp", datetime.fromtimestamp(made_at / 1000, UTC))
    # In UTC, so that the file needs no definition of the zone.
    entry.add("dtstart", datetime.combine(day, _BEGINS, zone).astimezone(UTC))
    entry.add("duration", timedelta(hours=1))
    entry.add("summary", summary)
    entry.add("description", description)
    calendar = Calendar()
    calendar.add("prodid", "-//coverage-kit//KO")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return str(calendar.to_ical(), "utf-8")
