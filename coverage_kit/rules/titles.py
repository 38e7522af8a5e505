"""Which required roles may titles mean, among the role lists of a workspace? A suggestion, never a write."""

from __future__ import annotations

from collections.abc import Iterable

from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.titles import TitleMatcher, TitleRoles
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import Ledger


def suggest_roles(ledger: Ledger, titles: Iterable[str], *, role_list: str | None = None) -> list[TitleRoles]:
    """The roles that each title may mean, in the order of the titles.

    Raises
    ------
    BadInput
        A title is not a text.
    NotFound
        No such role list.
    """
    bodies = role_lists(ledger).bodies
    if role_list is not None and role_list not in bodies:
        raise NotFound(
            "roles.unknown",
            N_("No role list '{name}' is in force; known are: {known}."),
            name=role_list,
            known=sorted(bodies),
        )
    matcher = TitleMatcher(bodies.values() if role_list is None else [bodies[role_list]])
    return [matcher.suggest(_as_title(title)) for title in titles]


def _as_title(title: object) -> str:
    if not isinstance(title, str):
        raise BadInput("title.text", N_("A title is a text; got {value}."), value=repr(title)[:40])
    return title
