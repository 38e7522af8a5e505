"""My page as a model without a screen: what one colleague is asked, owes, and can decide."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from coverage_kit.domain.coaching import Decision
from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus, StaffFunction, staff_function
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.reporting.single import deal_review_page
from coverage_kit.rules.inputs import as_day
from coverage_kit.rules.lookup import find_author, get_staff
from coverage_kit.store.entities import Account, Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.acts import save_edit
from coverage_kit.workbook.model.agreements import act_on_agreement, agreement_views, page_file, printed_agreement
from coverage_kit.workbook.model.assigning import colleague_view, colleagues
from coverage_kit.workbook.model.commitments import KeptHistory
from coverage_kit.workbook.model.hours import hour_file
from coverage_kit.workbook.model.messages import Book
from coverage_kit.workbook.model.my_figures import MyFigures
from coverage_kit.workbook.model.responses import Colleague, FoundMine, ListFile, MyPageResponse, MyResponse
from coverage_kit.workbook.model.said import voice_views
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace

#: Which page a function has; a coach and a rep have pages of their own, and see here what was asked of them.
_VIEWS = {StaffFunction.MANAGER: "leader", StaffFunction.EXECUTIVE: "executive"}
#: Accounts that a search shows.
_FOUND = 12


class MyBook(Book[ask.MyRequest]):
    """The page of one colleague: of the link's person, else of ``person``.

    Parameters
    ----------
    ws : Workspace
    person : str, optional
        Key or name; who is working by default, else the first manager.
    """

    requests = TypeAdapter(ask.MyRequest, config=ask.WHEN_USED)
    is_own_work = True

    def __init__(self, ws: Workspace, person: str = "") -> None:
        super().__init__(ws)
        self._person = get_staff(ws.ledger, person).id if person else ""
        self._history = KeptHistory(ws)

    def answer(self, request: ask.MyRequest) -> MyPageResponse:
        """Respond to a request that was checked."""
        match request:
            case ask.Hello():
                return self._show()
            case ask.PrintAgreement():
                return printed_agreement(self.ws, request)
            case ask.PrintReview():
                return page_file(self.ws, deal_review_page(self.ws, self._who().id))
            case ask.FindMine(text=text):
                return {"kind": "found_mine", "text": text, "accounts": self._find(text)}
            case ask.Decide(decision=Decision.HOUR):
                edit = self._act(request)
                return self._show(edit, hour_file(self.ws, request.commitment, self._who(), self.ws.now()))
            case _:
                return self._show(self._act(request))

    def facts(self) -> dict[str, int]:
        """What waits for this colleague, in a few numbers."""
        shown = self._show()
        return {"overdue": len(shown["overdue"]), "asked": len(shown["asked"]), "doors": len(shown["doors"])}

    def _who(self) -> Staff:
        """Whose page it is.

        Raises
        ------
        BadInput
            Nobody works here yet.
        """
        ledger = self.ws.ledger
        if self._author.person or self._person:
            return get_staff(ledger, self._author.person or self._person)
        working = find_author(ledger, self.ws.today())
        staff = sorted(ledger.as_of(Staff), key=lambda row: (row.function != StaffFunction.MANAGER, row.id))
        if working is None and not staff:
            raise BadInput("mine.nobody", N_("There are no colleagues here yet; import them as “Our people” first."))
        return working or staff[0]

    def _show(self, edit: Edit | None = None, file: ListFile | None = None) -> MyResponse:
        with self.ws.ledger.one_state():
            return self._page(edit, file)

    def _page(self, edit: Edit | None, file: ListFile | None) -> MyResponse:
        who = self._who()
        view = _VIEWS.get(staff_function(who.function), "helper")
        figures = MyFigures(self.ws, who.id, most=1 if view == "executive" else 3, load=self._history)
        leads = view != "helper"
        own = figures.commitments()
        today = self.ws.today()
        return {
            "kind": "mine",
            "who": colleague_view(who, today.isoformat()),
            "view": view,
            "week": week_view(Week.of(today)),
            "today": today.isoformat(),
            "edit_id": edit.edit_id if edit else "",
            "file": file,
            "colleagues": self._may_take_over(who.id, view),
            "overdue": own["overdue"],
            "asked": own["asked"],
            "open": own["open"],
            "climbed": figures.climbed(),
            "must_win": figures.must_win() if leads and figures.stars_accounts() else None,
            "doors": figures.doors() if leads else [],
            "pushed": figures.pushed() if leads else None,
            "focus": (figures.teams() if view == "executive" else figures.focus()) if leads else [],
            "thin": figures.thin() if view == "executive" else [],
            "agreements": agreement_views(self.ws, who.id) if leads else [],
            "people": figures.people() if view == "helper" else [],
            "voices": [] if view == "executive" else voice_views(self.ws, self.ws.coaching.voices.find(owner=who.id)),
        }

    def _may_take_over(self, who: str, view: str) -> list[Colleague]:
        """Whom a request can be handed on to; an executive gives nothing to a rep past the manager."""
        here = [each for each in colleagues(self.ws) if not each["gone"] and each["id"] != who]
        return [each for each in here if view != "executive" or each["function"] != StaffFunction.REP]

    def _act(self, request: ask.MyAct | ask.Edit) -> Edit:
        """Write one act."""
        coaching = self.ws.coaching
        work, leaders = coaching.commitments, coaching.leaders
        match request:
            case ask.Accept(commitment=one, version=base, due_on=due_on, edit_id=edit_id):
                return work.accept(one, due_on=_day(due_on) if due_on else None, base=base, edit_id=edit_id)
            case ask.HandOn(commitment=one, version=base, to=to, edit_id=edit_id):
                return work.hand_on(one, to, base=base, edit_id=edit_id)
            case ask.Decline(commitment=one, version=base, reason=reason, edit_id=edit_id):
                return work.decline(one, reason, base=base, edit_id=edit_id)
            case ask.SettleMine(commitment=one, version=base, outcome=outcome, reason=reason, note=note):
                return work.settle(one, outcome, reason=reason, note=note, base=base, edit_id=request.edit_id)
            case ask.MoveMine(commitment=one, version=base, due_on=due_on, edit_id=edit_id):
                return work.carry(one, _day(due_on), base=base, edit_id=edit_id)
            case ask.TakeDoor(account=account, role=role, edit_id=edit_id):
                return leaders.take(self._who().id, account, role, edit_id=edit_id)
            case ask.Decide(commitment=one, decision=decision, edit_id=edit_id):
                return leaders.decide(one, decision, edit_id=edit_id)
            case ask.Star(account=account, on=on, edit_id=edit_id):
                act: Callable[..., Edit] = coaching.must_win.star if on else coaching.must_win.unstar
                return act(account, edit_id=edit_id)
            case ask.ProposeTerms() | ask.SignTerms() | ask.CancelCoaching():
                return act_on_agreement(self.ws, request)
            case ask.Undo(undoes=undoes, edit_id=edit_id):
                return self.ws.undo(undoes, as_id=edit_id)
            case _:
                return save_edit(self.ws, request)

    def _find(self, text: str) -> list[FoundMine]:
        """Accounts of the leader's people whose name or key holds the text, the largest first."""
        who, key = self._who().id, name_key(text)
        must_win = self.ws.coaching.must_win
        people, chosen = set(must_win.people_of(who)), set(must_win.of(who))
        rows = [
            row
            for row in self.ws.ledger.as_of(Account)
            if row.status == AccountStatus.ACTIVE
            and row.owner_id in people
            and (key in row.name_key or text.casefold() in row.id.casefold())
        ]
        rows.sort(key=lambda row: (-(row.value or 0), row.name))
        return [
            {"id": row.id, "name": row.name, "value": row.value, "chosen": row.id in chosen} for row in rows[:_FOUND]
        ]


def _day(text: str) -> date:
    return date.fromisoformat(as_day(text, "due_on") or "")
