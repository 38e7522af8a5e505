"""Instants as people write them: a week, a day or a time, in the workspace's time zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from coverage_kit.domain.week import Week, start_of_day
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

#: What people write for an instant: a week, a day (its end), a time, or UTC milliseconds.
Instant = int | str | date | Week
#: Milliseconds beyond this are no instant of a calendar.
_GREATEST = 10**14


def read_instant(value: Instant, zone: ZoneInfo, now: int) -> int:
    """An instant in UTC milliseconds.

    Parameters
    ----------
    value : int, str, date or Week
        A week or a day means its end, or now while it has not ended; a time means itself.
    zone : ZoneInfo
    now : int
        UTC milliseconds.

    Raises
    ------
    BadInput
        Not readable as one of these, or in the future.
    """
    start, end = _span(value, zone)
    if start > now:
        raise BadInput(
            "instant.ahead",
            N_("{text} is in the future; nothing is known of it yet. Choose {today} or an earlier day."),
            text=str(value)[:40],
            today=datetime.fromtimestamp(now / 1000, zone).date().isoformat(),
        )
    return min(end, now)


def _span(value: Instant, zone: ZoneInfo) -> tuple[int, int]:
    """First and last instant of what was written."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _GREATEST:
        return value, value
    if isinstance(value, Week):
        return start_of_day(value.monday, zone), value.as_of(zone)
    text = str(value).strip()
    if "W" in text.upper():
        return _span(Week.parse(text.upper()), zone)
    try:
        if len(text) <= 10:
            day = date.fromisoformat(text)
            # The last day of the calendar has no next one; it is far ahead anyway.
            following = min(day, date.max - timedelta(days=1)) + timedelta(days=1)
            return start_of_day(day, zone), start_of_day(following, zone) - 1
        moment = datetime.fromisoformat(text)
        at = round((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)
    except (ValueError, OverflowError) as exc:
        raise BadInput(
            "instant.format",
            N_("'{text}' is not a time; write a day (2026-11-22), a time (2026-11-22T18:00) or a week (2026-W47)."),
            text=text[:40],
        ) from exc
    return at, at
