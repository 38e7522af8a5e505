"""The page of contacts as a model without a screen: match them to positions, and mark who is still there."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.exchange.plan.memos import Memo
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.rules.lookup import get_account, role_lists
from coverage_kit.rules.titles import learned_counts
from coverage_kit.transfer.memos import contact_memos
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.contact_queue import waiting_contacts
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.page import Page, own_words, read_page, read_pages, role_views
from coverage_kit.workbook.model.responses import (
    ContactLine,
    ContactsOf,
    ContactsResponse,
    ContactsSaved,
    ContactsState,
    MemoView,
    PositionView,
    SlotView,
)

if TYPE_CHECKING:
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace

#: Contacts of all accounts that one response holds; the page asks for more when few are left.
_AT_ONCE = 200


class ContactsBook(Book[ask.ContactsRequest]):
    """The contacts of a workspace, and what the page shows of them.

    Parameters
    ----------
    ws : Workspace
    account : str, optional
        Key or name of the account to begin with; all accounts by default.
    """

    requests = TypeAdapter(ask.ContactsRequest)
    is_own_work = True

    def __init__(self, ws: Workspace, account: str = "") -> None:
        super().__init__(ws)
        self._account = get_account(ws.ledger, account).id if account else ""
        self._lists: RoleLists | None = None
        self._memos: dict[str, Memo] | None = None
        #: Whether the page shows one account, and what it has of each contact, by employment.
        self._is_account = False
        self._sent: dict[str, ContactLine] = {}

    def answer(self, request: ask.ContactsRequest) -> ContactsResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.Hello():
                self._lists = self._memos = None
                return self._show(self._account, "", [])
            case ask.ShowContacts(account=account, text=text, skipped=skipped):
                return self._show(get_account(self.ws.ledger, account).id if account else "", text, skipped)
            case _:
                account = get_account(self.ws.ledger, request.account).id
                return self._saved(account, self._act(request))

    def facts(self) -> dict[str, int]:
        """How many contacts of all accounts may be matched to an open position."""
        return {"waiting": len(waiting_contacts(self.ws, self._read_lists(), None))}

    # Showing ------------------------------------------------------------------------------------------------------

    def _read_lists(self) -> RoleLists:
        """The role lists in force, and the titles learned when the page was opened."""
        if self._lists is None:
            ledger = self.ws.ledger
            self._lists = role_lists(ledger).with_learned(learned_counts(ledger))
        return self._lists

    def _show(self, account: str, text: str, skipped: list[str]) -> ContactsState:
        lists = self._read_lists()
        if account:
            page = read_page(self.ws, account, lists=lists)
            accounts, lines = [_account_view(page, lists)], self._lines(page)
            n = len(lines)
        else:
            accounts, lines, n = self._queue(lists, text, skipped)
        self._is_account = bool(account)
        self._sent = {line["employment"]: line for line in lines}
        return {
            "kind": "contacts",
            "today": self.ws.today().isoformat(),
            "place": hashlib.sha256(str(self.ws.path.absolute()).encode()).hexdigest()[:12],
            "account": account,
            "text": text,
            "roles": {key: role["title"] for key, role in role_views(lists).items()},
            "accounts": accounts,
            "lines": lines,
            "n": n,
        }

    def _queue(
        self, lists: RoleLists, text: str, skipped: list[str]
    ) -> tuple[list[ContactsOf], list[ContactLine], int]:
        """The contacts to match, the likeliest first, those skipped last; their accounts; and how many there are."""
        late = set(skipped)
        found = waiting_contacts(self.ws, lists, self._author.rep, text)
        found.sort(key=lambda one: one.employment in late)
        first = found[:_AT_ONCE]
        pages = read_pages(self.ws, list(dict.fromkeys(one.account for one in first)), lists=lists)
        lines = {line["employment"]: line for page in pages.values() for line in self._lines(page)}
        accounts = [_account_view(page, lists) for page in pages.values()]
        return accounts, [lines[one.employment] for one in first if one.employment in lines], len(found)

    def _lines(self, page: Page) -> list[ContactLine]:
        if self._memos is None:
            self._memos = contact_memos(self.ws.ledger, self.ws.today())
        lines: list[ContactLine] = []
        for person in page.people:
            # A check or a departure that was recorded here says more than the export.
            memo = self._memos.get(person["employment"]) if person["check"] in ("never_checked", "stale") else None
            shown: MemoView | None = {"kind": memo.kind.value, "text": memo.text} if memo else None
            lines.append({**person, "account": page.account.id, "memo": shown})
        return lines

    # Saving -------------------------------------------------------------------------------------------------------

    def _act(self, request: ask.MatchContact | ask.MarkContacts | ask.Undo) -> Edit:
        contacts = self.ws.coaching.contacts
        match request:
            case ask.MatchContact(account=account, person=person, role=role, version=seen, how=how, on=on):
                return contacts.match(account, person, role, base=seen, how=how, on=on, edit_id=request.edit_id)
            case ask.MarkContacts(account=account, contacts=marked, state=state):
                return contacts.mark(
                    account,
                    {each.person: each.version for each in marked},
                    state,
                    how=request.how,
                    on=request.on,
                    title=request.title,
                    moved_to=request.moved_to,
                    successor=request.successor,
                    edit_id=request.edit_id,
                )
            case ask.Undo(undoes=undone, edit_id=edit_id):
                return self.ws.undo(undone, as_id=edit_id)

    def _saved(self, account: str, edit: Edit) -> ContactsSaved:
        lists = self._read_lists()
        page = read_page(self.ws, account, lists=lists)
        changed = [
            line
            for line in self._lines(page)
            if (self._is_account or line["employment"] in self._sent) and self._sent.get(line["employment"]) != line
        ]
        self._sent |= {line["employment"]: line for line in changed}
        # The wall clock, because the user reads it; the sample's own clock stands still.
        at = datetime.now(self.ws.zone).strftime("%H:%M")
        return {
            "kind": "saved",
            "edit_id": edit.edit_id,
            "at": at,
            "account": _account_view(page, lists),
            "lines": changed,
        }


def _account_view(page: Page, lists: RoleLists) -> ContactsOf:
    own = own_words(lists, lists.keys_of(page.account))
    checks = Counter(person["check"] for person in page.people)
    return {
        "id": page.account.id,
        "name": page.account.name,
        "rep": page.account.owner_id,
        "positions": _positions(page.slots),
        "words": {key: role["title"] for key, role in own.items()},
        "counts": {
            "contacts": len(page.people),
            "confirmed": checks["confirmed"],
            "stale": checks["stale"],
            "never_checked": checks["never_checked"],
            "gone": checks["gone"],
        },
    }


def _positions(slots: Iterable[SlotView]) -> list[PositionView]:
    """The positions of an account, with their holders who have not left."""
    found: list[PositionView] = []
    for slot in slots:
        holder = slot["holder"]
        is_there = holder is not None and holder["end_kind"] is None
        found.append(
            {
                "role": slot["role"],
                "status": slot["status"],
                "version": slot["version"],
                "person": holder["person"] if holder and is_there else None,
                "holder": holder["name"] if holder and is_there else None,
            }
        )
    return found
