"""The rep's workbook as a model without a screen: one request in, one response out.

The page asks, shows the response, and says "saved" only if the response does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.domain.coaching import Answer
from coverage_kit.domain.week import Week, local_day
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import N_
from coverage_kit.rules.exemptions import may_agree
from coverage_kit.rules.lookup import get_account, get_staff
from coverage_kit.store.entities import Path
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.acts import CHANGES_PEOPLE, save_edit
from coverage_kit.workbook.model.assigning import colleague_view
from coverage_kit.workbook.model.cards import next_cards
from coverage_kit.workbook.model.commitments import coaching_by_language, commitment_views
from coverage_kit.workbook.model.history import conflict_details, person_card, slot_history
from coverage_kit.workbook.model.hours import decided_views
from coverage_kit.workbook.model.messages import Book, in_all_languages, problem
from coverage_kit.workbook.model.page import Page, own_words, read_page, read_pages, role_views
from coverage_kit.workbook.model.responses import (
    CommitmentsResponse,
    ConflictResponse,
    HelloResponse,
    PageResponse,
    PageView,
    PrefetchResponse,
    RepResponse,
    Response,
    SavedResponse,
)
from coverage_kit.workbook.model.rhythm import contacts_rhythm
from coverage_kit.workbook.model.routes import paths_view
from coverage_kit.workbook.model.said import said_view
from coverage_kit.workbook.model.territory import Territory, store_mark
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: The most accounts sent ahead in one response, so that an edit never waits long behind it.
_MOST_AHEAD = 50
#: For how long a declined request is shown.
_DECLINED_SHOWN = timedelta(weeks=3)


class RepBook(Book[ask.RepRequest]):
    """One rep's accounts, ready to be looked through and filled in.

    Parameters
    ----------
    ws : Workspace
    rep : str
        Key or name of the rep.
    follows_link : bool
        Whether the page's link may name another rep: a server that prepares a page learns only later whose it is.

    Raises
    ------
    NotFound
        Nobody of ours has this key or name.
    """

    requests = TypeAdapter(ask.RepRequest, config=ask.WHEN_USED)
    is_own_work = True

    def __init__(self, ws: Workspace, rep: str, *, follows_link: bool = False) -> None:
        super().__init__(ws)
        self.rep = get_staff(ws.ledger, rep)
        self._follows_link = follows_link
        #: The rep's accounts as last read: at once, so that a page that is prepared opens faster.
        self.territory = Territory(ws, self.rep.id)
        #: The page on the screen, as it was last sent.
        self._sent: Page | None = None

    def answer(self, request: ask.RepRequest) -> RepResponse:
        """Respond to a request that was checked."""
        try:
            match request:
                case ask.Hello() | ask.OpenAccount() | ask.Prefetch():
                    return self._show(request)
                case ask.FindPeople(text=text):
                    return {"kind": "find", "text": text, "accounts": self.territory.find_people(text)}
                case ask.NextCards():
                    return {"kind": "cards", "cards": next_cards(self.territory)}
                case ask.OpenCommitments():
                    return self._commitments()
                case ask.SlotHistory(account=account, role=role):
                    return {"kind": "history", "entries": slot_history(self.ws, account, role)}
                case ask.ShowSaid(account=account, person=person):
                    return said_view(self.ws, account, person)
                case ask.ShowPaths(account=account):
                    return paths_view(self.ws, account)
                case ask.ShowRhythm(account=account):
                    return contacts_rhythm(self.ws, account)
                case ask.PersonCard(person=person, account=account):
                    return {"kind": "person", "card": person_card(self.ws, person, account)}
                case ask.Undo():
                    return self._undo(request)
                case _:
                    return self._edit(request)
        except Conflict as exc:
            account = request.account if isinstance(request, ask.Undo | ask.EditRequest) else ""
            return self._conflict(exc, self._account_id(account))

    def facts(self) -> dict[str, str | int]:
        """What the workbook holds, in a few numbers."""
        return {"rep": self.rep.id, **self.territory.summary()["all"]}

    def _account_id(self, account: str) -> str:
        """Id of the account that a request is about, "" if none; looked up before anything is written."""
        return get_account(self.ws.ledger, account).id if account else ""

    # Showing --------------------------------------------------------------------------------------------------------

    def _show(self, request: ask.Hello | ask.OpenAccount | ask.Prefetch) -> RepResponse:
        match request:
            case ask.Hello(rep=rep):
                return self._hello(rep)
            case ask.OpenAccount(account=account, week=week) if week:
                self._sent = None
                page = read_page(self.ws, account, at=Week.parse(week).as_of(self.ws.zone))
                return {"kind": "page", "week": week, "page": page.as_json()}
            case ask.OpenAccount(account=account, known=known):
                return self._open(account, known)
            case ask.Prefetch(accounts=accounts):
                return self._prefetch(accounts[:_MOST_AHEAD])

    def _hello(self, rep: str | None) -> HelloResponse:
        """Everything the page needs to begin; what was read before is used only if nothing was written since."""
        named = rep or self._author.person
        if self._follows_link and named:
            self.rep = get_staff(self.ws.ledger, named)
        if self.territory.rep != self.rep.id or self.territory.mark != store_mark(self.ws):
            self.territory = Territory(self.ws, self.rep.id)
        self._sent = None
        lists, first = self.territory.lists, self.territory.first()
        now, zone = self.ws.now(), self.ws.zone
        today = local_day(now, zone).isoformat()
        return {
            "kind": "hello",
            "rep": {"id": self.rep.id, "name": self.rep.name or self.rep.id},
            "actor": self.ws.ledger.actor,
            "may_agree": may_agree(self.ws.ledger, local_day(now, zone)),
            "place": hashlib.sha256(str(self.ws.path.absolute()).encode()).hexdigest()[:12],
            "today": today,
            "week": str(Week.containing(now, zone)),
            "weeks": [week_view(each) for each in self._past_weeks()],
            "roles": role_views(lists),
            "words": [own_words(lists, key) for key in self.territory.sets],
            "sets": [[each.key for each in lists.union(key)] for key in self.territory.sets],
            "staff": [colleague_view(row, today) for row in self.territory.staff],
            "lines": list(self.territory.lines.values()),
            "summary": self.territory.summary(),
            "has_paths": bool(self.ws.ledger.columns(Path, ("id",))),
            "first": self._open(first) if first else None,
        }

    def _past_weeks(self) -> Iterator[Week]:
        """The weeks that have ended since the first edit, the last one first."""
        first = self.ws.ledger.first_at("account")
        week = self.ws.last_week()
        while first is not None and week >= Week.containing(first, self.ws.zone):
            yield week
            week -= 1

    def open_page(self, account: str) -> PageView:
        """One account as it is now; from here on it is the one on the screen."""
        self._sent = page = read_page(self.ws, account, lists=self.territory.lists)
        return page.as_json()

    def _open(self, account: str, known: str = "") -> PageResponse:
        mark = store_mark(self.ws)
        view = self.open_page(account)
        if known == mark:
            return {"kind": "page", "week": None, "known": mark, "same": True}
        return {"kind": "page", "week": None, "known": mark, "page": view}

    def _prefetch(self, accounts: list[str]) -> PrefetchResponse:
        """Several accounts before anybody opens them; those that are no longer there are left out."""
        mark = store_mark(self.ws)
        pages = read_pages(self.ws, accounts, lists=self.territory.lists)
        return {"kind": "ahead", "known": mark, "pages": [page.as_json() for page in pages.values()]}

    def _commitments(self) -> CommitmentsResponse:
        """The open ones of this territory, and the requests to leaders that were declined in the last weeks."""
        listed = self.ws.coaching.commitments.find(rep=self.rep.id, state=None)
        since = self.ws.today() - _DECLINED_SHOWN
        declined = [
            each for each in listed if each.answer == Answer.DECLINED and each.done_on and each.done_on >= since
        ]
        coaching = coaching_by_language(self.ws)
        return {
            "kind": "commitments",
            "commitments": commitment_views(coaching, [each for each in listed if each.outcome is None]),
            "declined": commitment_views(coaching, declined),
            "decided": decided_views(self.ws, coaching, self.rep.id),
        }

    # Saving ---------------------------------------------------------------------------------------------------------

    def _edit(self, request: ask.Edit) -> SavedResponse:
        edit = request.model_copy(update={"account": self._account_id(request.account)})
        try:
            edit_id = save_edit(self.ws, edit).edit_id
        except (BadInput, Conflict):
            # Sent again because its response got lost, and something else has happened since.
            if edit.edit_id is None or not self.ws.ledger.has_edit(edit.edit_id):
                raise
            edit_id = edit.edit_id
        return self._saved(edit.account, edit_id, people=edit.field in CHANGES_PEOPLE)

    def _undo(self, request: ask.Undo) -> SavedResponse:
        account = self._account_id(request.account)
        edit = self.ws.undo(request.undoes, as_id=request.edit_id)
        return self._saved(account, edit.edit_id, people=True)

    def _saved(self, account: str, edit_id: str, *, people: bool) -> SavedResponse:
        # The wall clock, because the user reads it; the sample's own clock stands still.
        at = datetime.now(self.ws.zone).strftime("%H:%M")
        response: SavedResponse = {"kind": "saved", "edit_id": edit_id, "at": at, "summary": self.territory.summary()}
        if account:  # a commitment may be about no single account
            page = read_page(self.ws, account, lists=self.territory.lists)
            response["page"] = page.as_json(people=people, before=self._sent)
            self._keep_sent(page)
            response["line"] = line = self.territory.replace(page)
            if line is None:
                response["owner"] = page.account.owner_id
            response["summary"] = self.territory.summary()
        return response

    def _conflict(self, exc: Conflict, account: str) -> ConflictResponse:
        found = conflict_details(self.ws, account, exc)
        response: ConflictResponse = {
            "kind": "conflict",
            "entity": found["entity"],
            "version": found["version"],
            "by": found["by"],
            "fields": found["fields"],
            "text": in_all_languages(exc),
        }
        if account:
            page = read_page(self.ws, account, lists=self.territory.lists)
            self._keep_sent(page)
            response["page"] = page.as_json()
        return response

    def _keep_sent(self, page: Page) -> None:
        """If this account is on the screen, later responses need to hold only what differs from this page."""
        if self._sent and self._sent.account.id == page.account.id:
            self._sent = page


class EmptyBook:
    """The workbook before anybody of ours has accounts: it says what to do first."""

    def handle(self, message: Mapping[str, object]) -> Response:
        """Respond to every message with what to do first."""
        text = N_("There is no rep yet. Next: import your accounts, and assign them on the start page.")
        return {**problem(BadInput("workbook.no_rep", text)), "seq": ask.as_seq(message.get("seq"))}

    def facts(self) -> dict[str, str | int]:
        """Nothing yet."""
        return {}
