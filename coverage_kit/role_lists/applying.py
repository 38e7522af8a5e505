"""Whom a role list applies to: a pure function of the account's own row and the lists in force.

A *base* list says who they are: it applies where all of its conditions hold. An *offering* list says what we sell, and
adds its roles to those of the base list. A list without conditions applies only if it is marked as the default and no
other base list matches. Lists pinned by hand replace all that.

Source: the data model, section 9, and the method, section 3 (docs/reference/method.md).
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from coverage_kit.role_lists.industries import industry_key, industry_keys
from coverage_kit.role_lists.model import CONDITIONS, ListKind, RoleListBody
from coverage_kit.store.entities import Account

#: The event of each Apply: one thing, of which every Apply writes a version. Conditions count from the first one on.
LISTS_APPLIED = "ev_lists_applied"
#: The column of an account that each condition asks about.
COLUMNS = {
    "industries": "industry",
    "segments": "segment",
    "regions": "region",
    "offerings": "offerings",
    "teams": "team",
}
#: All columns of an account that decide which lists apply.
DECIDING = (*COLUMNS.values(), "pinned_lists", "template_ids")


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an account conditions ask about; each value is a key (``condition_key``).

    Attributes
    ----------
    industries : frozenset of str
        Several where the account's value names several.
    segments, regions, teams : frozenset of str
        One value at the most.
    offerings : frozenset of str
        What we sell there.
    """

    industries: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    offerings: frozenset[str] = frozenset()


def condition_key(condition: str, value: str) -> str:
    """A value as conditions compare it: without case and width, and an industry by any of its names."""
    if condition == "industries":
        return industry_key(value)
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def facts_of(account: Account) -> Facts:
    """What conditions ask about, from an account's row."""
    return Facts(**{name: keys_in(name, getattr(account, column)) for name, column in COLUMNS.items()})


def keys_in(condition: str, stored: str | None) -> frozenset[str]:
    """The keys that a condition compares, from the account's column."""
    if condition == "industries":
        return industry_keys(stored or "")
    values = read_keys(stored) if condition == "offerings" else (stored or "",)
    return frozenset(key for key in (condition_key(condition, each) for each in values) if key)


def read_keys(stored: str | None) -> tuple[str, ...]:
    """A list of keys as an account's row keeps it (JSON); empty for none."""
    return tuple(json.loads(stored)) if stored else ()


def conditions_of(body: RoleListBody) -> dict[str, frozenset[str]]:
    """The conditions of a list, each with the keys of which one must be met; those without values are left out."""
    written = {
        name: values for name, values in body.get("applies_to", {}).items() if isinstance(values, list) and values
    }
    return {name: frozenset(condition_key(name, each) for each in own) for name, own in written.items()}


class Applying:
    """Which of some role lists apply to an account.

    Parameters
    ----------
    bodies : mapping
        The lists in force by key.
    """

    def __init__(self, bodies: Mapping[str, RoleListBody]) -> None:
        self._conditions = {key: conditions_of(bodies[key]) for key in sorted(bodies)}
        self._offering = {key for key, body in bodies.items() if body.get("kind") == ListKind.OFFERING}
        self._default = [key for key in self._conditions if bodies[key].get("default") and key not in self._offering]
        #: By condition, every key that some list asks for: other values make no difference.
        self.asked = {
            name: frozenset().union(*(own.get(name, frozenset()) for own in self._conditions.values()))
            for name in CONDITIONS
        }

    def find(self, facts: Facts) -> tuple[str, ...]:
        """Keys of the lists that apply: base lists in alphabetical order, then offering lists."""
        matching = [key for key, own in self._conditions.items() if own and _are_met(own, facts)]
        base = [key for key in matching if key not in self._offering] or self._default
        return (*base, *(key for key in matching if key in self._offering))


def _are_met(conditions: Mapping[str, frozenset[str]], facts: Facts) -> bool:
    return all(wanted & getattr(facts, name) for name, wanted in conditions.items())
