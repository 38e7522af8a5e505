"""What a coach does with role lists and offerings; each act is one call and one edit, which ``Workspace.undo`` takes back."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from coverage_kit.assets.paths import folder as shipped_folder
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.exchange import parse_role_list, read_role_list, read_role_lists, write_role_lists
from coverage_kit.i18n import N_
from coverage_kit.measures.list_preview import ListPreview, preview_lists
from coverage_kit.role_lists.applying import LISTS_APPLIED
from coverage_kit.role_lists.changes import PastAct, past_acts
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleList, RoleListBody
from coverage_kit.rules.assignments import team_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.rules.offerings import account_offerings, added_offering, renamed_offering, retired_offering
from coverage_kit.rules.role_lists import Applied, applied_lists, check_default_stays, check_used, pinned_lists
from coverage_kit.rules.titles import LearnedTitle, learned_titles, refusal
from coverage_kit.store import Change, Edit, Ledger, load_history
from coverage_kit.store.entities import Account, Event, Offering, Template


@dataclass(frozen=True)
class OfferingView:
    """A product or service of ours; ``version`` is that of its row."""

    key: str
    ko: str
    en: str
    active: bool
    version: int


@contextmanager
def plain_conflicts() -> Iterator[None]:
    """A conflict says so without the names of columns, and names no kept text: a list or an offering is looked at as a whole."""
    try:
        yield
    except Conflict as exc:
        text = N_("This was changed by somebody else. Nothing was written. Look at it as it is now, then decide.")
        raise Conflict(exc.code, text, **exc.values) from exc


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

    def library(self) -> list[RoleList]:
        """The role lists that ship with the program: drafts to adapt."""
        return read_role_lists(shipped_folder("templates") / "roles")

    def parse(self, name: str, text: str) -> RoleList:
        """Read a role list from the text of a file. An error names file and line."""
        return parse_role_list(name, text)

    def learned_titles(self) -> list[LearnedTitle]:
        """Which titles suggest a role because people of that title hold it here?"""
        return learned_titles(self._ledger)

    def refuse_title(self, role: str, title: str, *, edit_id: str | None = None) -> Edit:
        """Take a learned title out: it suggests the role no more, although people of that title hold it.

        Raises
        ------
        NotFound
            Nobody of that title holds the role.
        """
        return self._ledger.save(refusal(self._ledger, role, title, is_refused=True), edit_id=edit_id)

    def allow_title(self, role: str, title: str, *, edit_id: str | None = None) -> Edit:
        """Let a title that was taken out suggest the role again."""
        return self._ledger.save(refusal(self._ledger, role, title, is_refused=False), edit_id=edit_id)

    def export(self, folder: Path) -> list[Path]:
        """Write the lists in force as YAML files, which ``read`` gives back without loss."""
        return write_role_lists(folder, self.in_force())

    def accounts_under(
        self, drafts: Mapping[str, RoleListBody] | None = None, removed: Collection[str] = ()
    ) -> dict[str, list[Account]]:
        """Which active accounts are under each list?

        Parameters
        ----------
        drafts : mapping, optional
            Lists by key, looked at as if they were in force; their roles do not matter. None for the lists in force.
        removed : collection of str
            Lists looked at as if they were not in force.
        """
        bodies = {row.id: row.body for row in self._ledger.as_of(Template) if row.id not in removed}
        bodies |= {key: json.dumps(body) for key, body in (drafts or {}).items()}
        is_applied = drafts is not None or self._ledger.find(Event, LISTS_APPLIED) is not None
        lists = RoleLists(bodies.items(), is_applied=is_applied)
        under: dict[str, list[Account]] = {key: [] for key in bodies}
        for row in self._ledger.as_of(Account):
            if row.status == AccountStatus.ACTIVE:
                for key in lists.keys_of(row):
                    under[key].append(row)
        return under

    def preview(self, lists: Sequence[RoleList], *, removed: Collection[str] = ()) -> tuple[Applied, ListPreview]:
        """What would applying these lists, and removing others, change? Nothing is written."""
        applied = applied_lists(self._ledger, lists, default=self._default, removed=removed)
        written: dict[str, dict[str, dict[str, object]]] = {}
        for change in applied.changes:
            written.setdefault(change.entity, {})[change.id] = dict(change.fields)
        now = max(self._ledger.now(), self._ledger.last_at() + 1)
        looked_at = [*applied.changed, *removed] or [each.key for each in lists]
        found = preview_lists(load_history(self._ledger, until=now), self._zone, written, looked_at, at=now)
        return applied, found

    def apply(
        self,
        lists: Sequence[RoleList],
        *,
        why: str = "",
        unused: bool = False,
        removed: Collection[str] = (),
        seen: Mapping[str, int] | None = None,
        edit_id: str | None = None,
    ) -> Applied:
        """Bring role lists into force from now on; the conditions of all lists count from the first time on.

        The same ``edit_id`` again writes nothing.

        Parameters
        ----------
        lists : sequence of RoleList
        why : str
            One line.
        unused : bool
            Take base lists that apply to no account, too.
        removed : collection of str
            Keys of lists that are in force no more; accounts under them get the lists that their conditions find.
        seen : mapping, optional
            By key the version of a list that its author saw; 0 for a new one.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A list was given twice, is a second default, or applies to no account; the default would be removed.
        Conflict
            Somebody changed a list since.
        """
        if edit_id is not None and self._ledger.has_edit(edit_id):
            return Applied((), [], ())
        applied = applied_lists(self._ledger, lists, default=self._default, why=why, removed=removed, seen=seen)
        if not unused:
            check_used(self._ledger, lists, applied)
        if applied.changes:
            with plain_conflicts():
                self._ledger.save(applied.changes, edit_id=edit_id)
        return applied

    def remove(
        self, lists: Sequence[str], why: str, *, seen: Mapping[str, int] | None = None, edit_id: str | None = None
    ) -> Applied:
        """Take role lists out of force; give the reason in one line. ``Workspace.undo`` brings them back.

        Raises
        ------
        BadInput
            There is no reason, or the default would be removed.
        NotFound
            No such list is in force.
        """
        if not why.strip():
            raise BadInput("roles.no_why", N_("Say in one line why the lists change; it stays in the history."))
        return self.apply((), why=why, removed=lists, seen=seen, edit_id=edit_id)

    def history(self) -> list[PastAct]:
        """What was changed, when, by whom, and why: lists, pins, offerings. The last act first, without what was taken back."""
        ledger = self._ledger
        with ledger.one_state():
            pinned = ledger.ever_filled(Account, "pinned_lists")
            return past_acts(
                ledger.history(Event, LISTS_APPLIED),
                ledger.histories(Template),
                ledger.histories(Account, id=pinned) if pinned else [],
                ledger.histories(Offering),
            )

    def pin(
        self,
        accounts: Sequence[str],
        lists: Sequence[str],
        why: str,
        *,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Put accounts under lists chosen by hand, whatever the conditions say; give the reason in one line.

        ``seen`` is the version of the account that was on the screen; the same ``edit_id`` again writes nothing.
        """
        rows = [get_account(self._ledger, account) for account in accounts]
        return self._save(pinned_lists(self._ledger, rows, lists, why), seen, edit_id)

    def unpin(self, accounts: Sequence[str], *, seen: int | None = None, edit_id: str | None = None) -> Edit:
        """Let conditions decide again which lists accounts are under."""
        return self.pin(accounts, (), "", seen=seen, edit_id=edit_id)

    def rewrite_teams(self, *, edit_id: str | None = None) -> Edit:
        """Give each account the team of its owner; a colleague's change of team alone moves no account."""
        done = self._ledger.find_edit(edit_id) if edit_id else None
        return done or self._ledger.save(team_changes(self._ledger), edit_id=edit_id)

    def moved_teams(self) -> list[Change]:
        """What ``rewrite_teams`` would write."""
        return team_changes(self._ledger)

    # Offerings -----------------------------------------------------------------------------------------------------

    def offerings(self) -> list[OfferingView]:
        """What we sell, in alphabetical order of the keys; retired ones too."""
        return [
            OfferingView(row.id, **json.loads(row.name), active=bool(row.active), version=row.version)
            for row in self._ledger.as_of(Offering)
        ]

    def add_offering(self, key: str, *, ko: str, en: str, edit_id: str | None = None) -> Edit:
        """Enter an offering."""
        if edit_id is not None and self._ledger.has_edit(edit_id):
            return self._ledger.save((), edit_id=edit_id)
        return self._save(added_offering(self._ledger, key, ko=ko, en=en), None, edit_id)

    def rename_offering(
        self,
        offering: str,
        *,
        ko: str | None = None,
        en: str | None = None,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Give an offering other names; its key, and what names it, stay."""
        return self._save(renamed_offering(self._ledger, offering, ko=ko, en=en), seen, edit_id)

    def retire_offering(
        self, offering: str, *, active: bool = False, seen: int | None = None, edit_id: str | None = None
    ) -> Edit:
        """Take an offering off the list of what can be chosen, or put it back."""
        return self._save(retired_offering(self._ledger, offering, active=active), seen, edit_id)

    def set_offerings(self, accounts: Sequence[str], offerings: Sequence[str], *, edit_id: str | None = None) -> Edit:
        """Say what we sell at some accounts; an empty list takes all off."""
        rows = [get_account(self._ledger, account) for account in accounts]
        return self._ledger.save(account_offerings(self._ledger, rows, offerings), edit_id=edit_id)

    def undo(self, edit: str, *, edit_id: str | None = None) -> Edit:
        """Take back one act of the history.

        Raises
        ------
        NotFound
            The history holds no such act, or it was taken back already.
        Conflict
            Somebody changed since what the act changed.
        """
        is_again = edit_id is not None and self._ledger.has_edit(edit_id)
        if not is_again and edit not in {each.edit_id for each in self.history()}:
            raise NotFound("roles.no_act", N_("The history of the role lists holds no act '{edit}'."), edit=edit)
        return self.take_back(edit, edit_id=edit_id)

    def take_back(self, edit: str, *, edit_id: str | None = None) -> Edit:
        """Take back one edit, whether the history still holds it or not.

        Raises
        ------
        BadInput
            No role list would be the default without it.
        Conflict
            Somebody changed since what it changed.
        """
        if edit_id is None or not self._ledger.has_edit(edit_id):
            check_default_stays(self._ledger, edit)
        with plain_conflicts():
            return self._ledger.undo(edit, as_id=edit_id)

    def _save(self, changes: Sequence[Change], seen: int | None, edit_id: str | None) -> Edit:
        """Save, based on the version that was on the screen where it is known."""
        based = [each if seen is None else each._replace(base=seen) for each in changes]
        with plain_conflicts():
            return self._ledger.save(based, edit_id=edit_id)
