"""Paths to customers as pages show them, and the edits that set them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from coverage_kit.coaching.commitments.conflicts import commitment_conflict
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.routes import Step
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.errors import Conflict
from coverage_kit.role_lists.applying import read_keys
from coverage_kit.rules.lookup import get_account, role_lists
from coverage_kit.store import Edit
from coverage_kit.store.entities import Account, MustWin, Offering
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.responses import Bilingual, PathsResponse, PathStepView, SetPathView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def save_path(ws: Workspace, act: ask.SetPath, edit_id: str) -> Edit:
    """Set the path of a list for an offering; no steps take it back.

    Raises
    ------
    BadInput, NotFound, Conflict
    """
    routes, steps = ws.coaching.routes, [step.parts() for step in act.steps]
    if not steps:
        return routes.remove(act.role_list, act.offering, base=act.version, edit_id=edit_id)
    return routes.set(act.role_list, act.offering, steps, base=act.version, edit_id=edit_id)


def save_route(ws: Workspace, edit: ask.SetRoute) -> Edit:
    """Give an account steps of its own for an offering; no steps let it follow its list again.

    Raises
    ------
    BadInput
        Somebody else was first; the message names them. Or the rules refuse it.
    """
    routes, own = ws.coaching.routes, edit.value
    try:
        if not own.steps:
            return routes.follow(edit.account, own.offering, base=edit.base, edit_id=edit.edit_id)
        steps = [step.parts() for step in own.steps]
        return routes.depart(edit.account, own.offering, steps, base=edit.base, edit_id=edit.edit_id)
    except Conflict as exc:
        raise commitment_conflict(ws.ledger, exc) from exc


def paths_view(ws: Workspace, account: str) -> PathsResponse:
    """The paths of an account, with the steps that are taken."""
    home = get_account(ws.ledger, account).id
    quarter = str(Quarter.of(ws.today()))
    names = {row.id: json.loads(row.name) for row in ws.ledger.as_of(Offering)}
    return {
        "kind": "paths",
        "account": home,
        "may_depart": any(row.quarter == quarter for row in ws.ledger.as_of(MustWin, account_id=home)),
        "paths": [
            {
                "offering": path.offering,
                "title": _title(names, path.offering),
                "own": path.is_own,
                "version": path.version,
                "steps": [
                    {
                        "role": step.role,
                        "route": step.route.value,
                        "stage": step.stage.value,
                        "reached": step.reached.value if step.reached else None,
                        "taken": step.taken,
                        "other_route": step.other_route,
                    }
                    for step in path.steps
                ],
                "idle_weeks": path.idle_weeks,
                "still": path.stands_still,
            }
            for path in ws.coaching.routes.of(home)
        ],
    }


def set_paths(ws: Workspace, accounts: Iterable[Account]) -> list[SetPathView]:
    """The path of each base list and offering, and how many of the active accounts follow it."""
    found = ws.coaching.routes.paths()
    lists, keys = role_lists(ws.ledger), {(each.role_list, each.offering) for each in found}
    followers: Counter[tuple[str, str]] = Counter()
    for row in accounts if found else ():
        if row.status == AccountStatus.ACTIVE:
            own = lists.keys_of(row)
            first = ((next((key for key in own if (key, sold) in keys), ""), sold) for sold in read_keys(row.offerings))
            followers.update(first)
    return [
        {
            "role_list": each.role_list,
            "offering": each.offering,
            "steps": _steps(each.steps),
            "version": each.version,
            "n": followers[each.role_list, each.offering],
        }
        for each in found
    ]


def _steps(steps: Sequence[Step]) -> list[PathStepView]:
    return [{"role": step.role, "route": step.route.value, "stage": step.stage.value} for step in steps]


def _title(names: dict[str, dict[str, str]], offering: str) -> Bilingual:
    own = names.get(offering, {})
    return {"ko": own.get("ko", offering), "en": own.get("en", offering)}
