"""The role lists page as a model without a screen: one request in, one response out.

The page holds the lists that a coach is changing; they are written by *Apply* alone, in one edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from pydantic import TypeAdapter

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.errors import BadInput, CoverageKitError, StoreError
from coverage_kit.exchange import role_list_yaml
from coverage_kit.i18n import N_
from coverage_kit.measures.list_preview import ListPreview
from coverage_kit.role_list_acts import plain_conflicts
from coverage_kit.role_lists.model import RoleList
from coverage_kit.rules.role_lists import Applied, check_used
from coverage_kit.store import new_id
from coverage_kit.store.entities import Account
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.messages import Book, in_all_languages
from coverage_kit.workbook.model.responses import (
    AccountsFound,
    ListForm,
    ListProblem,
    ListsSaved,
    PreviewResponse,
    RoleListsResponse,
    RoleListsState,
    UnderList,
)
from coverage_kit.workbook.model.role_list_forms import checked_list, conditions_body, list_form
from coverage_kit.workbook.model.role_list_views import pin_views, preview_view, read_state, under_view
from coverage_kit.workbook.model.routes import save_path

#: Accounts that a search shows.
_FOUND = 20
#: Where on the page a refusal belongs, by its code.
_FIELDS = {"roles.unused": "applies_to", "roles.defaults": "default", "roles.default_removed": "default"}


class RoleListBook(Book[ask.RoleListsRequest]):
    """The role lists of a workspace, and what the page shows of them."""

    requests = TypeAdapter(ask.RoleListsRequest, config=ask.WHEN_USED)
    undoes_others = True

    def facts(self) -> dict[str, int]:
        """How many lists and required roles are in force."""
        lists = self.ws.roles.in_force()
        return {"lists": len(lists), "roles": len({role.key for each in lists for role in each.roles})}

    def answer(self, request: ask.RoleListsRequest) -> RoleListsResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.Hello():
                return self._state()
            case ask.MatchLists():
                return {"kind": "match", "under": self._match(request)}
            case ask.PreviewLists():
                return self._preview(request)
            case ask.ReadListFile(name=name, text=text):
                return {"kind": "list", "list": list_form(self.ws.roles.parse(name or "list.yml", text))}
            case ask.GetListFiles():
                lists = self._valid(request) if request.lists else self.ws.roles.in_force()
                return {
                    "kind": "files",
                    "files": [{"name": f"{each.key}.yml", "text": role_list_yaml(each)} for each in lists],
                }
            case ask.FindAccounts(text=text):
                return self._find(text)
            case _:
                edit_id = request.edit_id or new_id("ed")
                self._act(request, edit_id)
                return self._saved(edit_id)

    def _act(self, request: ask.ListsAct, edit_id: str) -> None:
        """One act of the page is one call."""
        roles = self.ws.roles
        match request:
            case ask.ApplyLists():
                self._apply(request, edit_id)
            case ask.PinLists(account=account, lists=lists, why=why, version=seen):
                roles.pin([account], lists, why, seen=seen, edit_id=edit_id)
            case ask.AddOffering(ko=ko, en=en):
                roles.add_offering(en.strip() or ko.strip(), ko=ko.strip() or en, en=en.strip() or ko, edit_id=edit_id)
            case ask.RenameOffering(key=key, ko=ko, en=en, version=seen):
                roles.rename_offering(key, ko=ko, en=en, seen=seen, edit_id=edit_id)
            case ask.RetireOffering(key=key, active=active, version=seen):
                roles.retire_offering(key, active=active, seen=seen, edit_id=edit_id)
            case ask.SetPath():
                save_path(self.ws, request, edit_id)
            case ask.Undo(undoes=undone):
                with plain_conflicts():
                    self.ws.undo(undone, as_id=edit_id)

    def _apply(self, request: ask.ApplyLists, edit_id: str) -> None:
        if not request.why.strip() and not self.ws.ledger.has_edit(edit_id):
            raise BadInput("roles.no_why", N_("Say in one line why the lists change; it stays in the history."))
        seen = {each.key: each.version for each in request.lists}
        seen |= {each.key: each.version for each in request.removed}
        self.ws.roles.apply(
            self._valid(request),
            why=request.why,
            unused=request.unused,
            removed=[each.key for each in request.removed],
            seen=seen,
            edit_id=edit_id,
        )

    def _valid(self, request: ask.ListsRequest) -> list[RoleList]:
        """The lists of a request.

        Raises
        ------
        BadInput
            One of them cannot be used; a preview names the field.
        """
        lists, problems = self._check(request)
        if problems:
            raise BadInput("roles.form", N_("A list cannot be applied as it is. Press Preview to see what to change."))
        return lists

    @staticmethod
    def _check(request: ask.ListsRequest) -> tuple[list[RoleList], list[ListProblem]]:
        lists, problems = [], []
        for draft in request.lists:
            one, found = checked_list(draft)
            problems += found
            if one is not None:
                lists.append(one)
        return lists, problems

    def _match(self, request: ask.MatchLists) -> dict[str, UnderList]:
        drafts = {each.key: conditions_body(each) for each in request.lists}
        return under_view(self.ws.roles.accounts_under(drafts, [each.key for each in request.removed]))

    def _preview(self, request: ask.PreviewLists) -> PreviewResponse:
        lists, problems = self._check(request)
        found: tuple[Applied, ListPreview] | None = None
        if not problems:
            try:
                found = self.ws.roles.preview(lists, removed=[each.key for each in request.removed])
                if not request.unused:
                    check_used(self.ws.ledger, lists, found[0])
            except StoreError:
                raise
            except CoverageKitError as exc:
                problems = [_refused(exc, request)]
        return preview_view(self.ws, problems, found)

    def _find(self, text: str) -> AccountsFound:
        wanted = name_key(text) if text.strip() else ""
        rows = [
            row
            for row in self.ws.ledger.as_of(Account)
            if row.status == AccountStatus.ACTIVE and (wanted in row.name_key or wanted in name_key(row.id))
        ]
        rows.sort(key=lambda row: (not row.name_key.startswith(wanted), row.name))
        return {"kind": "accounts", "accounts": pin_views(self.ws, rows[:_FOUND])}

    def _saved(self, edit_id: str) -> ListsSaved:
        # The wall clock, because the user reads it; the sample's own clock stands still.
        at = datetime.now(self.ws.zone).strftime("%H:%M")
        return {"kind": "saved", "edit_id": edit_id, "at": at, "lists": self._state()}

    def _state(self) -> RoleListsState:
        return read_state(self.ws, self._library)

    @cached_property
    def _library(self) -> Sequence[tuple[str, ListForm]]:
        """The lists that ship, each with the hash of its content."""
        return [(each.source_hash, list_form(each)) for each in self.ws.roles.library()]


def _refused(exc: CoverageKitError, request: ask.ListsRequest) -> ListProblem:
    """A refusal as a problem of the list that it is about; of the first one if it names none."""
    given = [*(each.key for each in request.lists), *(each.key for each in request.removed)]
    named = str(exc.values.get("key", ""))
    return {
        "list": named or next(iter(given), ""),
        "where": _FIELDS.get(exc.code, ""),
        "text": in_all_languages(exc),
    }
