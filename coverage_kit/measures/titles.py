"""Titles of required roles: each account uses the words of its own role list."""

from __future__ import annotations

import pandas as pd

from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import in_language


class RoleTitles:
    """Titles of required roles at an instant, in one language.

    Parameters
    ----------
    lists : RoleLists
        The role lists in force then.
    slots : DataFrame
        The required slots of the accounts to name (``History.slots``).
    lang : str
        ``ko`` or ``en``.
    """

    def __init__(self, lists: RoleLists, slots: pd.DataFrame, lang: str) -> None:
        self._general = {key: in_language(body["title"], lang) for key, body in lists.roles().items()}
        worded = {
            (key, role["key"]): in_language(role["title"], lang)
            for key, body in lists.bodies.items()
            for role in body["roles"]
            if in_language(role["title"], lang) != self._general[role["key"]]
        }
        rows = zip(slots["account"], slots["role"], slots["template"], strict=True) if worded else ()
        self._own = {
            (account, role): worded[role_list, role] for account, role, role_list in rows if (role_list, role) in worded
        }

    def of(self, role: str, account: str | None = None) -> str:
        """Title of the role in an account, or in general; its key if no list has it."""
        return self._own.get((account or "", role)) or self._general.get(role, role)
