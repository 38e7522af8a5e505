"""What differs between two versions of a role list."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from coverage_kit.role_lists.model import RoleListBody, Words


class ListAct(StrEnum):
    """What an Apply did to a list."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class ListChange:
    """What one Apply changed in one list.

    Attributes
    ----------
    key : str
    title : dict
        The list's title in each language.
    act : ListAct
    roles_added, roles_removed : tuple of dict
        Titles of roles in each language.
    """

    key: str
    title: Words
    act: ListAct
    roles_added: tuple[Words, ...] = ()
    roles_removed: tuple[Words, ...] = ()


def list_change(key: str, before: RoleListBody | None, after: RoleListBody | None) -> ListChange | None:
    """What changed between two versions of a list; None where nothing did.

    Parameters
    ----------
    key : str
    before, after : dict or None
        None where the list was not in force.
    """
    if before == after:
        return None
    if before is None or after is None:
        act = ListAct.REMOVED if after is None else ListAct.ADDED
        return ListChange(key, _title(key, after or before), act)
    was = {role["key"]: role["title"] for role in before["roles"]}
    now = {role["key"]: role["title"] for role in after["roles"]}
    return ListChange(
        key,
        _title(key, after),
        ListAct.CHANGED,
        roles_added=tuple(words for role, words in now.items() if role not in was),
        roles_removed=tuple(words for role, words in was.items() if role not in now),
    )


def _title(key: str, body: RoleListBody | None) -> Words:
    own = body.get("title") if body else None
    return own or Words(ko=key, en=key)
