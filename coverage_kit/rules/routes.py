"""What may be written of paths: at most three steps over roles that the list requires; departures for must-win accounts.

Source: the method, sections 1 and 3 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from coverage_kit.domain.coaching import Route, Stage
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.routes import MOST_STEPS, Step, write_steps
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.applying import condition_key, read_keys
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import ListKind, RoleListBody
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.offerings import get_offering
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Account, MustWin, Path, PlannedRoute, Value


def path_key(role_list: str, offering: str) -> str:
    """The id of the path of a base list and an offering."""
    return f"{role_list}:{offering}"


def set_path(
    ledger: Ledger, role_list: str, offering: str, steps: Sequence[Sequence[str]], *, base: int | None = None
) -> Change:
    """The path of a base list for an offering.

    Parameters
    ----------
    ledger : Ledger
    role_list : str
        Key of a base list in force.
    offering : str
        Key or name.
    steps : sequence of (str, str, str)
        Role, route and stage of each.
    base : int, optional
        The version that the user saw.

    Raises
    ------
    BadInput, NotFound
        No step or more than three, a step twice, a role that neither the list nor one of the offering requires.
    """
    lists, sold = role_lists(ledger), get_offering(ledger, offering)
    if role_list not in lists.bodies or lists.bodies[role_list].get("kind") == ListKind.OFFERING:
        raise NotFound(
            "route.list",
            N_("'{name}' is not a base list in force; known are: {known}."),
            name=role_list,
            known=[key for key, body in lists.bodies.items() if body.get("kind") != ListKind.OFFERING] or "–",
        )
    row = ledger.find(Path, path_key(role_list, sold.id))
    checked = _checked(steps, roles_for(lists.bodies, role_list, sold.id))
    fields: dict[str, Value] = {"role_list": role_list, "offering": sold.id, "steps": write_steps(checked)}
    return Change("path", path_key(role_list, sold.id), fields, _seen(row, base))


def removed_path(ledger: Ledger, role_list: str, offering: str, *, base: int | None = None) -> Change:
    """A path that is taken back.

    Raises
    ------
    NotFound
        There is none.
    """
    row = ledger.find(Path, path_key(role_list, get_offering(ledger, offering).id))
    if row is None:
        raise NotFound("route.none", N_("No path is set for {list} and {offering}."), list=role_list, offering=offering)
    return Change("path", row.id, {"is_void": 1}, _seen(row, base))


def own_route(
    ledger: Ledger,
    account: Account,
    offering: str,
    steps: Sequence[Sequence[str]],
    *,
    today: date,
    base: int | None = None,
) -> Change:
    """How a must-win account departs from the path that it inherits.

    Raises
    ------
    BadInput
        No must-win account of this quarter, or no path to depart from; or a step as in ``set_path``.
    """
    sold = get_offering(ledger, offering).id
    quarter = str(Quarter.of(today))
    if not any(row.quarter == quarter for row in ledger.as_of(MustWin, account_id=account.id)):
        raise BadInput(
            "route.must_win",
            N_("{account} is no must-win account of this quarter, so it follows the path of its list."),
            account=account.name,
        )
    lists = role_lists(ledger)
    if sold not in inherited_paths(ledger, lists, account):
        raise BadInput(
            "route.nothing",
            N_("{account} has no path for {offering} yet; set one on the role lists page first."),
            account=account.name,
            offering=offering,
        )
    row = ledger.find(PlannedRoute, path_key(account.id, sold))
    checked = _checked(steps, {role.key for role in lists.required(account)})
    fields: dict[str, Value] = {"account_id": account.id, "offering": sold, "steps": write_steps(checked)}
    return Change("planned_route", path_key(account.id, sold), fields, _seen(row, base))


def dropped_route(ledger: Ledger, account: Account, offering: str, *, base: int | None = None) -> Change:
    """An account follows the path of its list again.

    Raises
    ------
    NotFound
        It follows that path already.
    """
    row = ledger.find(PlannedRoute, path_key(account.id, get_offering(ledger, offering).id))
    if row is None:
        raise NotFound("route.own", N_("{account} follows the path of its list already."), account=account.name)
    return Change("planned_route", row.id, {"is_void": 1}, _seen(row, base))


def inherited_paths(ledger: Ledger, lists: RoleLists, account: Account) -> dict[str, Path]:
    """The paths that an account inherits, by offering: of what we sell there, from the first of its lists that has one."""
    rows = {(row.role_list, row.offering): row for row in ledger.as_of(Path)}
    own = lists.keys_of(account)
    found = {}
    for offering in read_keys(account.offerings):
        row = next((rows[key, offering] for key in own if (key, offering) in rows), None)
        if row is not None:
            found[offering] = row
    return found


def roles_for(bodies: Mapping[str, RoleListBody], role_list: str, offering: str) -> set[str]:
    """Keys of the roles that a path may name: those of the base list, and of the lists of the offering."""
    wanted = condition_key("offerings", offering)
    named = {role_list} | {
        key
        for key, body in bodies.items()
        if body.get("kind") == ListKind.OFFERING
        and wanted in {condition_key("offerings", each) for each in body["applies_to"].get("offerings", [])}
    }
    return {role["key"] for key in named for role in bodies[key]["roles"]}


def _checked(steps: Sequence[Sequence[str]], roles: set[str]) -> list[Step]:
    if not 1 <= len(steps) <= MOST_STEPS:
        raise BadInput("route.steps", N_("A path has one to {most} steps."), most=MOST_STEPS)
    checked = [
        Step(role, as_word(Route, route, "route"), as_word(Stage, stage, "stage")) for role, route, stage in steps
    ]
    for step in checked:
        if step.role not in roles:
            raise BadInput(
                "route.role",
                N_("'{role}' is not required here; use one of: {roles}."),
                role=step.role[:40],
                roles=sorted(roles),
            )
    if len({(step.role, step.stage) for step in checked}) < len(checked):
        raise BadInput("route.twice", N_("Two steps are the same: one role comes to one stage once."))
    return checked


def _seen(row: Path | PlannedRoute | None, base: int | None) -> int:
    return base if base is not None else row.version if row is not None else 0
