"""Calendar entries: an hour that a leader protects, the next coaching hour, planned contacts with people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from email.headerregistry import Address
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from coverage_kit.domain.week import working_day

#: When the hour begins, until the calendar moves it.
_BEGINS = time(10)


def protected_hour(
    uid: str, summary: str, description: str, *, by: Address | None = None, today: date, zone: ZoneInfo, made_at: int
) -> str:
    """An entry of one hour on the next working day, as the text of an ``.ics`` file.

    Parameters
    ----------
    uid : str
        Names the entry: the same one again replaces it in the calendar.
    summary, description : str
    by : Address, optional
        In whose name it stands, where the mail address is known.
    today : date
    zone : ZoneInfo
    made_at : int
        When it was decided (UTC milliseconds).
    """
    day = today + timedelta(days=1)
    if working_day(day) != day:
        day += timedelta(days=7 - day.weekday())
    begins = datetime.combine(day, _BEGINS, zone)
    entry = _entry(uid, summary, description, begins, timedelta(hours=1), made_at)
    if by is not None:
        organizer = vCalAddress(f"mailto:{by.addr_spec}")
        organizer.params["CN"] = by.display_name
        entry.add("organizer", organizer)
    # A calendar takes an entry with an organizer that was published, and asks nobody for a reply.
    return _calendar([entry], method="PUBLISH")


def planned_hour(uid: str, summary: str, begins: datetime, minutes: int, *, made_at: int) -> str:
    """An entry at a time that is planned, as the text of an ``.ics`` file; ``begins`` knows its zone."""
    return _calendar([_entry(uid, summary, "", begins, timedelta(minutes=minutes), made_at)])


def planned_days(entries: Iterable[tuple[str, str, date]], *, made_at: int) -> str:
    """Entries of a whole day each (uid, summary, day), as the text of an ``.ics`` file."""
    return _calendar([_entry(uid, summary, "", day, timedelta(days=1), made_at) for uid, summary, day in entries])


def _entry(uid: str, summary: str, description: str, begins: datetime | date, lasts: timedelta, made_at: int) -> Event:
    entry = Event()
    entry.add("uid", f"{uid}@coverage-kit")
    entry.add("dtstamp", datetime.fromtimestamp(made_at / 1000, UTC))
    # In UTC, so that the file needs no definition of the zone.
    entry.add("dtstart", begins.astimezone(UTC) if isinstance(begins, datetime) else begins)
    entry.add("duration", lasts)
    entry.add("summary", summary)
    if description:
        entry.add("description", description)
    return entry


def _calendar(entries: list[Event], *, method: str = "") -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//coverage-kit//KO")
    calendar.add("version", "2.0")
    if method:
        calendar.add("method", method)
    for entry in entries:
        calendar.add_component(entry)
    return str(calendar.to_ical(), "utf-8")
