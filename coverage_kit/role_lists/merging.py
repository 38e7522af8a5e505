"""The required roles of an account: the union of its role lists in force."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from typing import NamedTuple

from coverage_kit.role_lists.applying import DECIDING, Applying, Facts, facts_of, read_keys
from coverage_kit.role_lists.model import ListKind, RoleBody, RoleListBody, read_body
from coverage_kit.role_lists.titles import LearnedCounts, TitleMatcher
from coverage_kit.store.entities import Account


class RequiredRole(NamedTuple):
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
    is_applied : bool
        Lists were applied in this workspace by then. Before that, an account is under the lists that its row keeps.
    """

    def __init__(self, lists: Iterable[tuple[str, str]], *, is_applied: bool = False) -> None:
        self.bodies: dict[str, RoleListBody] = {key: read_body(body) for key, body in lists}
        self._keys_in_force = frozenset(self.bodies)
        self.is_applied = is_applied
        self.applying = Applying(self.bodies)
        self._lists = {key: required_by(key, body) for key, body in self.bodies.items()}
        self._merged: dict[tuple[str, ...], dict[str, RequiredRole]] = {(): {}}
        self._keys: dict[tuple[str | None, ...], tuple[str, ...]] = {}
        self._roles: dict[str, RoleBody] | None = None
        self._words: dict[tuple[str, ...], dict[str, RoleBody]] = {}
        self._learned: LearnedCounts = {}
        self._matchers: dict[tuple[str, ...], TitleMatcher] = {}

    def keys_of(self, account: Account) -> tuple[str, ...]:
        """Keys of the lists of an account, in the order in which their roles are shown."""
        own = tuple(getattr(account, name) for name in DECIDING)
        if own not in self._keys:
            pinned, stored = read_keys(account.pinned_lists), read_keys(account.template_ids)
            self._keys[own] = self.choose(pinned, stored, facts_of(account))
        return self._keys[own]

    def choose(self, pinned: tuple[str, ...], stored: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
        """Keys of the lists of an account: those pinned by hand, else those whose conditions hold.

        Parameters
        ----------
        pinned, stored : tuple of str
            The lists pinned by hand, and those that the account got before lists were applied. One that is not in force
            counts as none.
        facts : Facts
        """
        own = self._in_force(pinned)
        if own:
            return own
        return self.applying.find(facts) if self.is_applied else self._in_force(stored)

    def _in_force(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        return keys if self._keys_in_force.issuperset(keys) else tuple(key for key in keys if key in self.bodies)

    def required(self, account: Account) -> tuple[RequiredRole, ...]:
        """The required roles of an account, each once, in the lists' order."""
        return self.union(self.keys_of(account))

    def union(self, keys: tuple[str, ...]) -> tuple[RequiredRole, ...]:
        """The required roles of some lists in force, in the lists' order.

        Each role stands once, as its first list words it, with the strictest window.
        """
        return tuple(self._merge(keys).values())

    def _merge(self, keys: tuple[str, ...]) -> dict[str, RequiredRole]:
        """The same by key. Sets of lists that begin alike share the work."""
        if keys not in self._merged:
            merged = dict(self._merge(keys[:-1]))
            for key, role in self._lists[keys[-1]].items():
                first = merged.setdefault(key, role)
                if role.freshness_days < first.freshness_days:
                    merged[key] = first._replace(freshness_days=role.freshness_days)
            self._merged[keys] = merged
        return self._merged[keys]

    def titles(self, keys: tuple[str, ...]) -> TitleMatcher:
        """Finds the roles of some lists in force that titles may mean."""
        if keys not in self._matchers:
            self._matchers[keys] = TitleMatcher((self.bodies[key] for key in keys), self._learned)
        return self._matchers[keys]

    def with_learned(self, learned: LearnedCounts) -> RoleLists:
        """The same lists, whose ``titles`` also suggest what holders' titles teach here."""
        taught = copy(self)
        taught._learned, taught._matchers = learned, {}
        return taught

    def roles(self) -> dict[str, RoleBody]:
        """Every required role by key, in the words for no account in particular.

        Several lists may word a role. The default list decides, then the other base lists, then the offering lists; of
        lists of the same kind the wording that most of them use, so that one industry's word does not stand for all.
        """
        if self._roles is None:
            worded: dict[str, list[tuple[tuple[bool, bool], RoleBody]]] = {}
            for body in sorted(self.bodies.values(), key=_rank):
                for role in body["roles"]:
                    worded.setdefault(role["key"], []).append((_rank(body), role))
            self._roles = {key: _usual(found) for key, found in worded.items()}
        return self._roles

    def role_of(self, account: Account | None, role: str) -> RoleBody | None:
        """A role in the words of the account's own list; if it does not require the role, in those of ``roles``."""
        keys = self.keys_of(account) if account else ()
        if keys not in self._words:
            self._words[keys] = self.roles() | {key: each.body for key, each in self._merge(keys).items()}
        return self._words[keys].get(role)


def _usual(worded: Sequence[tuple[tuple[bool, bool], RoleBody]]) -> RoleBody:
    """Of the lists that come first, the first role with the title that most of them use."""
    first = [role for rank, role in worded if rank == worded[0][0]]
    titles = Counter(json.dumps(role["title"], sort_keys=True) for role in first)
    return max(first, key=lambda role: titles[json.dumps(role["title"], sort_keys=True)])


def _rank(body: RoleListBody) -> tuple[bool, bool]:
    return body.get("kind") == ListKind.OFFERING, not body.get("default")


def required_by(key: str, body: RoleListBody) -> dict[str, RequiredRole]:
    """The roles of one list by key."""
    return {role["key"]: RequiredRole(role["key"], key, body["freshness_days"], role) for role in body["roles"]}
