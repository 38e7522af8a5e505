"""What is required: the roles of the role lists in force at an instant, for each set of lists an account is under.

Accounts are coded to sets of lists once for all instants with the same lists in force.

Source: the data model, section 3 (docs/architecture.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property
from itertools import chain
from typing import TypeAlias

import numpy as np
import pandas as pd

from coverage_kit.i18n import LANGUAGES
from coverage_kit.measures.log import Array, Log, S
from coverage_kit.measures.schema import ROLES
from coverage_kit.role_lists.applying import COLUMNS, DECIDING, LISTS_APPLIED, Facts, keys_in
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleListBody, Words, in_language, read_body

#: For each row the window of every role, in days.
Windows: TypeAlias = np.ndarray[tuple[int, int], np.dtype[np.int32]]


class Requirements:
    """What the role lists in force at an instant require of every version of every account.

    Attributes
    ----------
    facts : ndarray of int
        For each row of the accounts' log a code of what the conditions of these lists ask about.
    set_of : ndarray of int
        For each row its set of lists.
    length, first : ndarray of int
        For each set its number of roles, and where they begin in the arrays below.
    role, window : ndarray
        The roles of all sets, one set after the other: the role's code, and its window in days (the strictest where
        several lists share it).
    """

    def __init__(self, lists: RoleLists, accounts: AccountColumns, roles: pd.Index[str]) -> None:
        #: The role lists in force.
        self.lists = lists
        self._accounts, self._roles = accounts, roles
        self.facts, self._kinds = accounts.facts(lists)
        every = np.arange(len(self.facts))
        self.set_of, self._sets = self._choose(every, every)
        union = _Union(lists, self._sets, roles)
        self.length = np.bincount(union.of_set, minlength=len(self._sets))
        self.first = np.cumsum(self.length) - self.length
        self._which, self._distinct = union.which, union.distinct
        self.role, self.window = union.role, union.window
        #: For each set the window of every role, 0 where it is not required; the last line is for no set.
        self._windows = np.vstack([union.windows, np.zeros((1, len(roles)), np.int32)])
        self._last: tuple[Array[np.int64], Windows] | None = None

    @cached_property
    def template(self) -> Array[np.object_]:
        """For each role the first list that names it."""
        return self._each([each.role_list for each in self._distinct], np.object_)

    @cached_property
    def level(self) -> Array[np.object_]:
        """For each role its level, as that list has it."""
        return self._each([each.body["level"] for each in self._distinct], np.object_)

    @cached_property
    def function(self) -> Array[np.object_]:
        """For each role its function, as that list has it."""
        return self._each([each.body["function"] for each in self._distinct], np.object_)

    def _each(self, values: Sequence[object], kind: type[S]) -> Array[S]:
        """For each role of each set a value of the different ones."""
        return np.asarray(np.array(values, kind)[self._which])

    def windows(self, rows: Array[np.int64]) -> Windows:
        """For some rows of accounts (−1 for none) the window of every role."""
        # From week to week few accounts change, and most often none.
        if self._last is None or not np.array_equal(self._last[0], rows):
            self._last = rows, np.asarray(self._windows[np.append(self.set_of, -1)[rows]])
        return self._last[1]

    def names(self, keys: set[str]) -> Array[np.bool]:
        """For each row of the accounts' log whether one of these lists applies."""
        return np.asarray(np.array([not keys.isdisjoint(own) for own in self._sets], bool)[self.set_of])

    def windows_by_lists(self, facts_rows: Array[np.int64], pin_rows: Array[np.int64]) -> Windows:
        """The same if accounts had the facts of one row, and the pinned lists of another."""
        chosen, sets = self._choose(facts_rows, pin_rows)
        return np.asarray(_Union(self.lists, sets, self._roles).windows[chosen])

    def _choose(
        self, facts_rows: Array[np.int64], pin_rows: Array[np.int64]
    ) -> tuple[Array[np.int64], list[tuple[str, ...]]]:
        """For each pair of rows the position of its set of lists, and the sets in the order of their first account."""
        facts, pins = self.facts[facts_rows], self._accounts.pins[pin_rows]
        code, rows = _combined(facts, pins)
        kinds = [self._accounts.pin_kinds[each] for each in pins[rows].tolist()]
        chosen = [
            self.lists.choose(pinned, stored, self._kinds[own])
            for (pinned, stored), own in zip(kinds, facts[rows].tolist(), strict=True)
        ]
        in_order = dict.fromkeys(chosen[n] for n in np.argsort(rows).tolist())
        place = {keys: n for n, keys in enumerate(in_order)}
        return np.array([place[keys] for keys in chosen], np.int64)[code], list(place)


class _Union:
    """The required roles of many sets of lists, as ``RoleLists.union`` gives those of one.

    There may be thousands of sets of a few lists, so the roles of each list are coded once, and the rest is arithmetic.

    Attributes
    ----------
    distinct : list of RequiredRole
        The roles of each list.
    of_set, which, role, window : ndarray of int
        For each required role of each set, one set after the other: the set, the role as the first of its lists words it
        (a position in ``distinct``), the role's code, and the strictest window of its lists in days.
    windows : ndarray of int
        For each set the window of every role, 0 where it is not required.
    """

    def __init__(self, lists: RoleLists, sets: Sequence[tuple[str, ...]], roles: pd.Index[str]) -> None:
        own = {key: lists.union((key,)) for key in dict.fromkeys(chain.from_iterable(sets))}
        self.distinct = list(chain.from_iterable(own.values()))
        length = np.array([len(each) for each in own.values()], np.int64)
        first = np.cumsum(length) - length
        # One entry for each set, list and role of the list.
        code = {key: n for n, key in enumerate(own)}
        n_lists = [len(keys) for keys in sets]
        chosen = np.fromiter(map(code.__getitem__, chain.from_iterable(sets)), np.int64, sum(n_lists))
        n = length[chosen]
        of_set = np.repeat(np.repeat(np.arange(len(sets)), n_lists), n)
        which = np.arange(n.sum()) + np.repeat(first[chosen] - (np.cumsum(n) - n), n)
        role = roles.get_indexer(pd.Index([each.key for each in self.distinct], dtype=object))[which]
        window = np.array([each.freshness_days for each in self.distinct], np.int32)[which]
        # The first entry of a set and role is kept: it is the last one written from behind.
        cell = of_set * len(roles) + role
        kept = np.zeros(len(sets) * len(roles), np.int64)
        kept[cell[::-1]] = np.arange(len(cell))[::-1]
        is_first = kept[cell] == np.arange(len(cell))
        strictest = np.full(len(kept), np.iinfo(np.int32).max, np.int32)
        np.minimum.at(strictest, cell, window)
        self.of_set, self.which, self.role = of_set[is_first], which[is_first], role[is_first]
        self.window = strictest[cell[is_first]]
        windows = np.zeros(len(kept), np.int32)
        windows[cell] = strictest[cell]
        self.windows = windows.reshape(len(sets), len(roles))


class AccountColumns:
    """What of every version of every account decides which lists apply, as codes.

    Parameters
    ----------
    log : Log
        Of the entity ``account``.

    Attributes
    ----------
    pins : ndarray of int
        For each row the code of its pinned lists and of those that it keeps from before lists were applied.
    pin_kinds : list of tuple
        The same by code: keys of pinned lists, and of stored ones.
    """

    def __init__(self, log: Log) -> None:
        columns = {name: log.frame[name].fillna("") for name in DECIDING}
        self._conditions = {name: pd.factorize(columns[column]) for name, column in COLUMNS.items()}
        pinned, pinned_kinds = pd.factorize(columns["pinned_lists"])
        stored, stored_kinds = pd.factorize(columns["template_ids"])
        self.pins, rows = _combined(pinned, stored)
        pinned_keys, stored_keys = _read_all(pinned_kinds), _read_all(stored_kinds)
        self.pin_kinds = [(pinned_keys[pinned[row]], stored_keys[stored[row]]) for row in rows]

    def facts(self, lists: RoleLists) -> tuple[Array[np.int64], list[Facts]]:
        """For each row a code of what these lists ask about, and the facts by code; other values make no difference."""
        code, kinds = np.zeros(len(self.pins), np.int64), [Facts()]
        for name, (value, texts) in self._conditions.items():
            asked = lists.applying.asked[name] if lists.is_applied else frozenset()
            if not asked:
                continue
            keys = [keys_in(name, text) & asked for text in texts]
            distinct = list(dict.fromkeys(keys))
            place = {each: n for n, each in enumerate(distinct)}
            asks = np.array([place[each] for each in keys], np.int64)[value]
            before, (code, rows) = code, _combined(code, asks)
            kinds = [replace(kinds[before[row]], **{name: distinct[asks[row]]}) for row in rows]
        return code, kinds


class RequiredRoles:
    """The role lists of a history.

    Parameters
    ----------
    log, accounts, events : Log
        Of the entities ``template``, ``account`` and ``event``.
    """

    def __init__(self, log: Log, accounts: Log, events: Log) -> None:
        self._log = log
        self._accounts = AccountColumns(accounts)
        self.applied = Log(events.frame.loc[events.frame["id"] == LISTS_APPLIED])
        self._bodies: list[RoleListBody] = [read_body(body) for body in log.frame["body"]]
        keys = (role["key"] for body in self._bodies for role in body["roles"])
        #: Every role that was ever required; a role's code is its position here.
        self.roles = pd.Index(list(dict.fromkeys(keys)), dtype=object)
        self._requirements = cache(self._require)
        self._tables = cache(self._list_roles)

    def requirements(self, at: int) -> Requirements:
        """The required roles of every account under the lists in force at an instant."""
        return self._requirements(self._in_force(at), bool(len(self.applied.rows(at))))

    def table(self, at: int) -> pd.DataFrame:
        """One row a list in force and role, in the lists' order; ``schema.ROLES``."""
        return self._tables(self._in_force(at))

    def lists(self, at: int) -> RoleLists:
        """The role lists in force at an instant."""
        return self.requirements(at).lists

    def _in_force(self, at: int) -> tuple[int, ...]:
        """The versions in force at an instant, as positions in the log; the same ones mean the same standard."""
        return tuple(int(row) for row in self._log.rows(at))

    def _require(self, in_force: tuple[int, ...], is_applied: bool) -> Requirements:
        ids, bodies = self._log.frame["id"], self._log.frame["body"]
        lists = RoleLists(((ids.iloc[row], bodies.iloc[row]) for row in in_force), is_applied=is_applied)
        return Requirements(lists, self._accounts, self.roles)

    def _list_roles(self, in_force: tuple[int, ...]) -> pd.DataFrame:
        ids, versions = self._log.frame["id"].tolist(), self._log.frame["version"].tolist()
        records = [
            {
                "template": ids[row],
                "template_version": versions[row],
                **_by_language("template", self._bodies[row].get("title")),
                "role": role["key"],
                "order": order,
                "level": role["level"],
                "function": role["function"],
                **_by_language("title", role["title"]),
                **_by_language("value", role.get("value")),
                "freshness_days": self._bodies[row]["freshness_days"],
            }
            for row in in_force
            for order, role in enumerate(self._bodies[row]["roles"])
        ]
        return ROLES.conform(pd.DataFrame(records, columns=ROLES.names))


def _by_language(name: str, words: Words | None) -> dict[str, str]:
    return {f"{name}_{lang}": in_language(words, lang) if words else "" for lang in LANGUAGES}


def _read_all(texts: Iterable[str]) -> list[tuple[str, ...]]:
    """Lists of keys as rows keep them; read in one go, since there may be thousands."""
    return [tuple(keys) for keys in json.loads(f"[{','.join(text or '[]' for text in texts)}]")]


def _combined(first: Array[np.int64], second: Array[np.int64]) -> tuple[Array[np.int64], Array[np.int64]]:
    """One code for each pair of two codes, and the first row of each."""
    pair = first.astype(np.int64) * (int(second.max(initial=0)) + 1) + second
    _, rows, code = np.unique(pair, return_index=True, return_inverse=True)
    return code, rows
