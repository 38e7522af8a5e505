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
from coverage_kit.role_lists.model import RoleListBody, Words, in_language

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
        required = [lists.union(keys) for keys in self._sets]
        self.length = np.array([len(own) for own in required], np.int64)
        self.first = np.cumsum(self.length) - self.length
        # Sets share their roles: each different one is looked at once.
        ids = [id(each) for own in required for each in own]
        distinct = dict(zip(ids, chain.from_iterable(required), strict=True))
        position = {key: n for n, key in enumerate(distinct)}
        self._which = np.fromiter(map(position.__getitem__, ids), np.int64, len(ids))
        self._distinct = list(distinct.values())
        code = {key: n for n, key in enumerate(roles)}
        self.role = self._each([code[each.key] for each in self._distinct], np.int64)
        self.window = self._each([each.freshness_days for each in self._distinct], np.int32)
        #: For each set the window of every role, 0 where it is not required; the last line is for no set.
        self._windows = np.zeros((len(required) + 1, len(roles)), np.int32)
        self._windows[np.repeat(np.arange(len(required)), self.length), self.role] = self.window
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
        lines = np.zeros((len(sets), len(self._roles)), np.int32)
        for line, keys in zip(lines, sets, strict=True):
            required = self.lists.union(keys)
            line[self._roles.get_indexer(pd.Index([each.key for each in required], dtype=object))] = [
                each.freshness_days for each in required
            ]
        return np.asarray(lines[chosen])

    def _choose(
        self, facts_rows: Array[np.int64], pin_rows: Array[np.int64]
    ) -> tuple[Array[np.int64], list[tuple[str, ...]]]:
        """For each pair of rows the position of its set of lists, and the sets in the order of their first account."""
        facts, pins = self.facts[facts_rows], self._accounts.pins[pin_rows]
        code, rows = _combined(facts, pins)
        positions: dict[tuple[str, ...], int] = {}
        position = np.zeros(len(rows), np.int64)
        for n in np.argsort(rows):
            pinned, stored = self._accounts.pin_kinds[pins[rows[n]]]
            keys = self.lists.choose(pinned, stored, self._kinds[facts[rows[n]]])
            position[n] = positions.setdefault(keys, len(positions))
        return position[code], list(positions)


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
        self._bodies: list[RoleListBody] = [json.loads(body) for body in log.frame["body"]]
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
