"""Paths to the customers of the made-up team: set for most lists, followed, and left by one must-win account."""

from __future__ import annotations

from datetime import datetime, time

from coverage_kit.domain.coaching import Route, Stage
from coverage_kit.domain.routes import Step, write_steps
from coverage_kit.domain.week import Week
from coverage_kit.rules.routes import path_key
from coverage_kit.sample.leaders import COACH
from coverage_kit.sample.names import OFFERINGS
from coverage_kit.sample.team import Team
from coverage_kit.store import Change

_REMOTE, _DATA = (key for key, *_ in OFFERINGS)
#: The steps for each list and offering; the list for logistics has none yet.
_PATHS = {
    ("manufacturing_equipment", _REMOTE): (
        Step("maintenance_manager", Route.PHONE, Stage.ATTENTION),
        Step("plant_head", Route.IN_PERSON, Stage.INTEREST),
        Step("ceo", Route.REFERRAL, Stage.DESIRE),
    ),
    ("pharma", _REMOTE): (
        Step("quality_manager", Route.IN_PERSON, Stage.ATTENTION),
        Step("plant_head", Route.IN_PERSON, Stage.INTEREST),
    ),
    ("general", _DATA): (
        Step("it_manager", Route.PHONE, Stage.ATTENTION),
        Step("cio", Route.IN_PERSON, Stage.INTEREST),
    ),
    ("bank_insurance", _DATA): (Step("it_planning_manager", Route.EVENT, Stage.ATTENTION),),
}
#: How the must-win account is reached instead: by its own first step.
_OWN_ROUTE = Route.REFERRAL


def set_paths(team: Team, week: Week) -> None:
    """The coach sets the paths before the first hour."""
    changes = [
        Change(
            "path",
            path_key(role_list, offering),
            {"role_list": role_list, "offering": offering, "steps": write_steps(steps)},
            base=0,
        )
        for (role_list, offering), steps in _PATHS.items()
        if role_list in team.templates
    ]
    _save(team, week, "set", changes)


def leave_path(team: Team, week: Week, must_win: list[str]) -> None:
    """The first must-win account with a path gets steps of its own."""
    for account in (a for key in must_win for a in team.accounts if a.id == key):
        for offering in account.offerings:
            steps = _PATHS.get((account.role_list, offering))
            if steps is not None:
                own = (steps[0]._replace(route=_OWN_ROUTE), *steps[1:])
                fields = {"account_id": account.id, "offering": offering, "steps": write_steps(own)}
                change = Change("planned_route", path_key(account.id, offering), fields, base=0)
                _save(team, week, "leave", [change])
                return


def _save(team: Team, week: Week, act: str, changes: list[Change]) -> None:
    moment = datetime.combine(week.monday, time(7, 50), team.zone)
    team.clock.at = round(moment.timestamp() * 1000)
    team.ledger.actor = COACH
    team.ledger.save(changes, edit_id=f"ed_path{act}{str(week).lower().replace('-', '')}")
