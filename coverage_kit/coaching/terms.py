"""The terms of coaching that hold for a colleague: those agreed for their team this quarter.

Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.reporting_line import everybody_above
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.store.entities import Agreement, Staff

SIGNING = (StaffFunction.EXECUTIVE, StaffFunction.MANAGER, StaffFunction.COACH)


@dataclass(frozen=True)
class Terms:
    """What is agreed; the defaults hold without an agreement.

    Attributes
    ----------
    minutes : int
        Coaching a week: how long an agenda is.
    focus_size : int
        Accounts on each rep's focus list: how many are proposed.
    answer_days : int
        Days within which a request is answered; then it climbs.
    gives_way : str
        In one line: what gives way when the month's target presses.
    """

    minutes: int = 60
    focus_size: int = 40
    answer_days: int = 7
    gives_way: str = ""


class TermsInForce:
    """Which terms hold for whom in a quarter.

    Parameters
    ----------
    staff : mapping
        Our people by id.
    agreements : iterable of Agreement
    quarter : Quarter
    """

    def __init__(self, staff: Mapping[str, Staff], agreements: Iterable[Agreement], quarter: Quarter) -> None:
        self._managers = {key: row.manager_id for key, row in staff.items()}
        self._agreed = {
            row.manager_id: Terms(**json.loads(row.terms))
            for row in agreements
            if row.quarter == str(quarter) and not missing_signatures(row.manager_id, json.loads(row.signed), staff)
        }

    def agreed(self, colleague: str | None) -> Terms | None:
        """The terms of the nearest team that a colleague leads or works in; None without an agreement that stands."""
        line = [colleague, *everybody_above(colleague, self._managers)] if colleague else []
        return next((self._agreed[who] for who in line if who in self._agreed), None)


def may_sign(author: Staff, manager: str, staff: Mapping[str, Staff]) -> bool:
    """Whether a colleague is one of those who make the agreement for a manager's team."""
    return any(author.id in people for people in _signers(manager, staff).values())


def missing_signatures(manager: str, signed: Iterable[str], staff: Mapping[str, Staff]) -> tuple[StaffFunction, ...]:
    """The functions of which nobody has signed for a manager's team.

    The executive is one above the manager, or any where none is above; where we have none, or one leads the team
    personally, nobody else has to sign.
    """
    given = set(signed)
    people = _signers(manager, staff)
    return tuple(each for each in SIGNING if each in people and not people[each] & given)


def _signers(manager: str, staff: Mapping[str, Staff]) -> dict[StaffFunction, set[str]]:
    executives = {key for key, row in staff.items() if row.function == StaffFunction.EXECUTIVE} - {manager}
    above = executives & set(everybody_above(manager, {key: row.manager_id for key, row in staff.items()}))
    leads_personally = manager in staff and staff[manager].function == StaffFunction.EXECUTIVE
    signers = {} if leads_personally or not executives else {StaffFunction.EXECUTIVE: above or executives}
    coaches = {key for key, row in staff.items() if row.function == StaffFunction.COACH}
    return {**signers, StaffFunction.MANAGER: {manager}, StaffFunction.COACH: coaches}
