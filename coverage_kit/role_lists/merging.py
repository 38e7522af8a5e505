"""The required roles of an account: the union of its role lists in force."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from coverage_kit.role_lists.model import RoleBody, RoleListBody


@dataclass(frozen=True, slots=True)
class RequiredRole:
    """One required role of an account.

    Attributes
    ----------
    key : str
        Key of the role.
    role_list : str
        Key of the first of the account's lists that names it.
    freshness_days : int
        For how many days a check of the holder counts: the strictest window of the lists that name the role.
    body : RoleBody
        Titles, level, function and value, as that first list words them.
    """

    key: str
    role_list: str
    freshness_days: int
    body: RoleBody


class RoleLists:
    """The role lists in force at an instant.

    Parameters
    ----------
    lists : iterable of (str, str)
        Key and stored body (JSON) of each list.
    """

    def __init__(self, lists: Iterable[tuple[str, str]]) -> None:
        self.bodies: dict[str, RoleListBody] = {key: json.loads(body) for key, body in lists}
        self._required: dict[str, tuple[RequiredRole, ...]] = {}

    def required(self, template_ids: str | None) -> tuple[RequiredRole, ...]:
        """The required roles of an account, each once, in the lists' order.

        Parameters
        ----------
        template_ids : str or None
            The account's own lists, as its row keeps them (JSON list of keys); one that is not in force adds nothing.
        """
        own = template_ids or "[]"
        if own not in self._required:
            keys: list[str] = json.loads(own)
            self._required[own] = merge_lists((key, self.bodies[key]) for key in keys if key in self.bodies)
        return self._required[own]

    def roles(self) -> dict[str, RoleBody]:
        """Every required role by key, as the first list that names it words it."""
        found: dict[str, RoleBody] = {}
        for body in self.bodies.values():
            for role in body["roles"]:
                found.setdefault(role["key"], role)
        return found

    def claiming(self, industry: str, default: str) -> list[str]:
        """Keys of the lists under which a new account of an industry falls: those that claim it, else the default."""
        wanted = industry.casefold()
        claimed = [
            key
            for key, body in self.bodies.items()
            if wanted and wanted in {each.casefold() for each in body["applies_to"]["industries"]}
        ]
        return claimed or [default]


def merge_lists(lists: Iterable[tuple[str, RoleListBody]]) -> tuple[RequiredRole, ...]:
    """The union of role lists: each role once, as its first list words it, with the strictest window.

    Parameters
    ----------
    lists : iterable of (str, RoleListBody)
        Key and body of each list, in the account's order.
    """
    merged: dict[str, RequiredRole] = {}
    for key, body in lists:
        for role in body["roles"]:
            first = merged.get(role["key"])
            days = body["freshness_days"] if first is None else min(first.freshness_days, body["freshness_days"])
            named_by, wording = (key, role) if first is None else (first.role_list, first.body)
            merged[role["key"]] = RequiredRole(role["key"], named_by, days, wording)
    return tuple(merged.values())
