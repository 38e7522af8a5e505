"""What a coach does with role lists and offerings; each act is one call and one edit, which ``Workspace.undo`` takes back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from coverage_kit.exchange import read_role_list, read_role_lists, write_role_lists
from coverage_kit.measures.list_preview import ListPreview, preview_lists
from coverage_kit.role_lists.applying import LISTS_APPLIED
from coverage_kit.role_lists.model import RoleList
from coverage_kit.rules.assignments import team_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.rules.offerings import account_offerings, added_offering, renamed_offering, retired_offering
from coverage_kit.rules.role_lists import Applied, applied_lists, check_used, pinned_lists
from coverage_kit.store import Change, Edit, Ledger, load_history
from coverage_kit.store.entities import Event, Offering, Template


@dataclass(frozen=True)
class AppliedOnce:
    """One Apply of the past.

    Attributes
    ----------
    at : int
        UTC milliseconds.
    actor, edit_id, why : str
    lists : tuple of str
        Keys of the lists that were given.
    """

    at: int
    actor: str
    edit_id: str
    why: str
    lists: tuple[str, ...]


@dataclass(frozen=True)
class OfferingView:
    """A product or service of ours."""

    key: str
    ko: str
    en: str
    active: bool


class RoleListActs:
    """Role lists and offerings of one workspace.

    Parameters
    ----------
    ledger : Ledger
    zone : ZoneInfo
    default : str
        Key of the list that becomes the default where none is marked so.
    home : Path
        The workspace's folder.
    """

    def __init__(self, ledger: Ledger, zone: ZoneInfo, *, default: str, home: Path) -> None:
        self._ledger = ledger
        self._zone = zone
        self._default = default
        self._home = home

    def in_force(self) -> list[RoleList]:
        """The role lists in force, in alphabetical order."""
        return [
            RoleList.model_validate({"key": row.id, **json.loads(row.body)}) for row in self._ledger.as_of(Template)
        ]

    def read(self, files: Sequence[Path] = ()) -> list[RoleList]:
        """Read role lists from files; the workspace's own by default. An error names file and line."""
        return [read_role_list(path) for path in files] or read_role_lists(self._home / "templates" / "roles")

    def export(self, folder: Path) -> list[Path]:
        """Write the lists in force as YAML files, which ``read`` gives back without loss."""
        return write_role_lists(folder, self.in_force())

    def preview(self, lists: Sequence[RoleList]) -> tuple[Applied, ListPreview]:
        """What would applying these lists change? Nothing is written."""
        applied = applied_lists(self._ledger, lists, default=self._default)
        written: dict[str, dict[str, dict[str, object]]] = {}
        for change in applied.changes:
            written.setdefault(change.entity, {})[change.id] = dict(change.fields)
        now = max(self._ledger.now(), self._ledger.last_at() + 1)
        looked_at = applied.changed or [each.key for each in lists]
        found = preview_lists(load_history(self._ledger, until=now), self._zone, written, looked_at, at=now)
        return applied, found

    def apply(self, lists: Sequence[RoleList], *, why: str = "", unused: bool = False) -> Applied:
        """Bring role lists into force from now on; the conditions of all lists count from the first time on.

        Parameters
        ----------
        lists : sequence of RoleList
        why : str
            One line.
        unused : bool
            Take base lists that apply to no account, too.

        Raises
        ------
        BadInput
            A list was given twice, is a second default, or applies to no account.
        """
        applied = applied_lists(self._ledger, lists, default=self._default, why=why)
        if not unused:
            check_used(self._ledger, lists, applied)
        if applied.changes:
            self._ledger.save(applied.changes)
        return applied

    def history(self) -> list[AppliedOnce]:
        """When were role lists applied, by whom, and why? The last one first; what was taken back is left out."""
        found = []
        for row in self._ledger.history(Event, LISTS_APPLIED):
            body = json.loads(row.body or "{}")
            found.append(AppliedOnce(row.at, row.actor, row.edit_id, body["why"], tuple(body["lists"])))
        taken_back = {row.undoes for row in self._ledger.history(Event, LISTS_APPLIED)}
        return [each for each in reversed(found) if each.edit_id not in taken_back]

    def pin(self, accounts: Sequence[str], lists: Sequence[str], why: str) -> Edit:
        """Put accounts under lists chosen by hand, whatever the conditions say; give the reason in one line."""
        rows = [get_account(self._ledger, account) for account in accounts]
        return self._ledger.save(pinned_lists(self._ledger, rows, lists, why))

    def unpin(self, accounts: Sequence[str]) -> Edit:
        """Let conditions decide again which lists accounts are under."""
        return self.pin(accounts, (), "")

    def rewrite_teams(self) -> Edit:
        """Give each account the team of its owner; a colleague's change of team alone moves no account."""
        return self._ledger.save(team_changes(self._ledger))

    def moved_teams(self) -> list[Change]:
        """What ``rewrite_teams`` would write."""
        return team_changes(self._ledger)

    # Offerings -----------------------------------------------------------------------------------------------------

    def offerings(self) -> list[OfferingView]:
        """What we sell, in alphabetical order of the keys; retired ones too."""
        return [
            OfferingView(row.id, **json.loads(row.name), active=bool(row.active))
            for row in self._ledger.as_of(Offering)
        ]

    def add_offering(self, key: str, *, ko: str, en: str) -> Edit:
        """Enter an offering."""
        return self._ledger.save(added_offering(self._ledger, key, ko=ko, en=en))

    def rename_offering(self, offering: str, *, ko: str | None = None, en: str | None = None) -> Edit:
        """Give an offering other names; its key, and what names it, stay."""
        return self._ledger.save(renamed_offering(self._ledger, offering, ko=ko, en=en))

    def retire_offering(self, offering: str, *, active: bool = False) -> Edit:
        """Take an offering off the list of what can be chosen, or put it back."""
        return self._ledger.save(retired_offering(self._ledger, offering, active=active))

    def set_offerings(self, accounts: Sequence[str], offerings: Sequence[str]) -> Edit:
        """Say what we sell at some accounts; an empty list takes all off."""
        rows = [get_account(self._ledger, account) for account in accounts]
        return self._ledger.save(account_offerings(self._ledger, rows, offerings))
