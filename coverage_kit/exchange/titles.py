"""Which required role may a title mean? A suggestion for a person to decide, never a write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process

from coverage_kit.domain.identifiers import name_key
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_

_SCORE = 70.0
#: Below this an alias says too little to be found inside a longer title.
_SHORT = 3


@dataclass(frozen=True)
class Suggestion:
    """A required role that a title may mean; ``score`` is 0 to 100, 100 where the title is one of its names."""

    role: str
    title: str
    alias: str
    score: int


def suggest_roles(
    titles: Iterable[str], templates: Iterable[Mapping[str, Any]], lang: str, *, n: int = 3
) -> dict[str, list[Suggestion]]:
    """Which required roles may these titles mean?

    Parameters
    ----------
    titles : iterable of str
        As people write them: 구매팀장, VP of Procurement.
    templates : iterable of mapping
        Bodies of the role templates in force.
    lang : str
        Of the roles' titles.
    n : int
        Suggestions a title at the most.

    Returns
    -------
    dict
        Title to its suggestions, the likeliest first; empty where none is likely.
    """
    names: dict[str, tuple[str, str, str]] = {}
    for body in templates:
        for role in body["roles"]:
            aliases = [*role["title"].values(), *role["aliases"]["ko"], *role["aliases"]["en"]]
            for alias in aliases:
                names.setdefault(name_key(alias), (role["key"], role["title"][lang], alias))
    return {title: _suggest(title, names, n) for title in map(_as_title, titles)}


def _as_title(title: object) -> str:
    if not isinstance(title, str):
        raise BadInput("title.text", N_("A title is a text; got {value}."), value=repr(title)[:40])
    return title


def _suggest(title: str, names: Mapping[str, tuple[str, str, str]], n: int) -> list[Suggestion]:
    key = name_key(title)
    found: dict[str, Suggestion] = {}
    for alias_key, score, _ in process.extract(key, list(names), scorer=_likeness, score_cutoff=_SCORE, limit=12):
        role, role_title, alias = names[alias_key]
        found.setdefault(role, Suggestion(role, role_title, alias, round(score)))
    return sorted(found.values(), key=lambda one: -one.score)[:n]


def _likeness(title: str, alias: str, *, score_cutoff: float | None = None) -> float:
    """How alike two titles are; one that stands whole in the other is likely, the more of it the likelier."""
    if title == alias:
        return 100.0
    whole = 0.0
    if len(alias) >= _SHORT and alias in title:
        whole = 80 + 15 * len(alias) / len(title)
    score = max(whole, min(fuzz.ratio(title, alias), 95.0))
    return score if score_cutoff is None or score >= score_cutoff else 0.0
