"""Words and days as people write them: checked, and in the form that the ledger keeps."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TypeVar

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

#: Accepted range of years; weeks counted ahead or back from any of them stay within the calendar.
_FIRST_YEAR, _LAST_YEAR = 1900, 2999

WordT = TypeVar("WordT", bound=StrEnum)


def as_word(kind: type[WordT], value: str, field: str) -> WordT:
    """A word of the vocabulary.

    Raises
    ------
    BadInput
        Not one of its words; the message names them.
    """
    try:
        return kind(value)
    except ValueError as exc:
        raise BadInput(
            "field.word",
            N_("'{value}' is not a {field}; use one of: {words}."),
            value=str(value)[:40],
            field=field,
            words=[word.value for word in kind],
        ) from exc


def as_day(value: str | date | None, field: str) -> str | None:
    """A day as the ledger keeps it, ``YYYY-MM-DD``; None if none is given.

    Raises
    ------
    BadInput
        Not a day, or outside the accepted years: a slip (0206-11-22), or a stand-in for "never" (9999-12-31).
    """
    if value is None:
        return None
    if isinstance(value, date):
        value = value.isoformat()[:10]
    try:
        if len(value) != 10:
            raise ValueError(value)
        day = date.fromisoformat(value)
    except (TypeError, ValueError) as exc:
        raise BadInput(
            "field.day",
            N_("{field} '{value}' is not a day; write it like 2026-11-22."),
            field=field,
            value=str(value)[:40],
        ) from exc
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadInput(
            "field.year",
            N_("{field} {day} is out of range; years 1900 to 2999 can be used."),
            field=field,
            day=value,
        )
    return day.isoformat()


def as_flag(value: bool | int | None, field: str) -> int | None:
    """Yes or no as the ledger keeps it, 1 or 0; None if nothing is given.

    Raises
    ------
    BadInput
        Neither yes nor no.
    """
    if value is None or value in (True, False):
        return None if value is None else int(value)
    raise BadInput("field.flag", N_("{field} is True or False; got {value}."), field=field, value=repr(value)[:40])


def past_day(value: str | date | None, field: str, today: date, *, code: str = "field.ahead") -> str | None:
    """A day on which something has happened: today or earlier; None if none is given.

    Parameters
    ----------
    value : str, date or None
    field : str
        The name of the field, for the message.
    today : date
    code : str
        The error's code, for fields that a page finds by it.

    Raises
    ------
    BadInput
        Not a day, or after today.
    """
    day = as_day(value, field)
    if day is not None and day > today.isoformat():
        raise BadInput(
            code,
            N_("{day} is after today ({today}); write a day on which it has happened."),
            day=day,
            today=today.isoformat(),
        )
    return day


def coming_day(value: str | date | None, field: str, today: date) -> str | None:
    """A day to look at something again: after today; None if none is given.

    Raises
    ------
    BadInput
        Not a day, or one that has come already.
    """
    day = as_day(value, field)
    if day is not None and day <= today.isoformat():
        raise BadInput(
            "slot.review_past",
            N_(
                "The day to look again, {day}, has come already (today is {today}); choose a later one, or leave it empty."
            ),
            day=day,
            today=today.isoformat(),
        )
    return day
