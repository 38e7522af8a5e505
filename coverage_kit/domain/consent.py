"""Consent to messages: their scope, and when a person must be reminded of it.

The rules of law that a campaign list names (Korea's Network Act, article 50) are to be checked by counsel.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from coverage_kit.i18n import N_

#: A person is reminded of a consent every two years.
REMINDER_YEARS = 2


class Scope(StrEnum):
    """The kind of message that a person consented to."""

    EMAIL = "email"
    TEXT = "text"
    PHONE = "phone"


SCOPE_LABELS = {Scope.EMAIL: N_("e-mail"), Scope.TEXT: N_("text message"), Scope.PHONE: N_("phone")}
#: Rules for sending a campaign; no legal advice.
SENDING_RULES = (
    N_("Begin the subject with the mark (광고), and say who sends it and how to opt out for free."),
    N_("Send nothing from 21:00 to 08:00 without a separate consent to it."),
    N_("Remind people of their consent every two years."),
    N_(
        "Customers of the last six months may hear of the same kind of goods without a consent; this list leaves them out."
    ),
    N_("To be checked by counsel before the first message."),
)


def reminder_due_on(given_on: str, reminded_on: str | None) -> str:
    """The day by which a person must be reminded of a consent: two years after it, or after the last reminder."""
    last = date.fromisoformat(max(given_on, reminded_on or ""))
    try:
        return last.replace(year=last.year + REMINDER_YEARS).isoformat()
    except ValueError:
        # 29 February has no such day two years later.
        return last.replace(year=last.year + REMINDER_YEARS, day=28).isoformat()
