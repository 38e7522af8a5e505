"""The required roles of thousands of sets of lists, worked out at once, are those of each set."""

from __future__ import annotations

import json
import random

import pandas as pd

from coverage_kit.measures.required import _Union
from coverage_kit.role_lists.merging import RoleLists

ROLES = [f"role_{n}" for n in range(8)]


def body(keys: list[str], days: int) -> str:
    roles = [{"key": key, "level": "manager", "function": "x", "title": {"ko": key, "en": key}} for key in keys]
    return json.dumps({"roles": roles, "freshness_days": days, "applies_to": {}})


def test_roles_of_many_sets_are_the_union_of_each() -> None:
    chance = random.Random(7)
    bodies = {f"l{n}": body(chance.sample(ROLES, chance.randint(0, 6)), chance.choice([30, 90, 180])) for n in range(6)}
    lists = RoleLists(bodies.items())
    sets = [tuple(chance.sample(list(bodies), chance.randint(0, 5))) for _ in range(60)]
    union = _Union(lists, sets, pd.Index(ROLES, dtype=object))
    for n, keys in enumerate(sets):
        own = union.of_set == n
        entries = zip(union.which[own], union.role[own], union.window[own], strict=True)
        found = [(ROLES[role], int(days), union.distinct[entry].role_list) for entry, role, days in entries]
        wanted = lists.union(keys)
        assert found == [(each.key, each.freshness_days, each.role_list) for each in wanted]
        days_of = {each.key: each.freshness_days for each in wanted}
        assert union.windows[n].tolist() == [days_of.get(role, 0) for role in ROLES]


def test_no_set_of_lists_requires_nothing() -> None:
    union = _Union(RoleLists({}.items()), [], pd.Index(ROLES, dtype=object))
    assert union.windows.shape == (0, len(ROLES))
    assert not len(union.which)
