"""The reasons for which two records may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coverage_kit.i18n import N_


class Reason(StrEnum):
    """One reason; a name is never enough."""

    EMAIL = "email"
    PHONE = "phone"
    NAME = "name"
    SOUND = "sound"
    NEAR_NAME = "near_name"
    ACCOUNT = "account"
    TITLE = "title"
    MOVED = "moved"
    DOMAIN = "domain"
    PLACE = "place"
    PEOPLE = "people"


REASON_LABELS: dict[Reason, str] = {
    Reason.EMAIL: N_("same e-mail"),
    Reason.PHONE: N_("same phone"),
    Reason.NAME: N_("same name"),
    Reason.SOUND: N_("same name in Korean and Latin letters"),
    Reason.NEAR_NAME: N_("nearly the same name"),
    Reason.ACCOUNT: N_("same account"),
    Reason.TITLE: N_("same title"),
    Reason.MOVED: N_("one left when the other began"),
    Reason.DOMAIN: N_("same e-mail domain"),
    Reason.PLACE: N_("same region and industry"),
    Reason.PEOPLE: N_("same people"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two records that may be the same.

    Attributes
    ----------
    kind : str
        ``person`` or ``account``.
    one, other : str
        Ids, in alphabetical order.
    reasons : tuple of Reason
    """

    kind: str
    one: str
    other: str
    reasons: tuple[Reason, ...]
