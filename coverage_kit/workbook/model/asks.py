"""Requests to leaders, drafted by the program: the coach sends each with one key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from coverage_kit.coaching import Coaching, Draft
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store.entities import Account, Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.commitments import coaching_by_language, history_once
from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.responses import AsksResponse, AskView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def show_asks(ws: Workspace, reps: Sequence[str], edit_id: str = "") -> AsksResponse:
    """What should leaders be asked for now, for these reps or, without any, for all?"""
    coaching = coaching_by_language(ws, load=history_once(ws))
    found = {lang: _drafts(one, reps) for lang, one in coaching.items()}
    staff = {row.id: row for row in ws.ledger.as_of(Staff)}
    drafts = next(iter(found.values()))
    accounts = {each.account for each in drafts if each.account}
    names = dict(ws.ledger.columns(Account, ("id", "name"), id=list(accounts))) if accounts else {}
    title = role_titles(ws.ledger, accounts)
    shown: list[AskView] = [
        {
            "key": _key(draft),
            "to": staff_name(staff, draft.owner),
            "rep": staff_name(staff, draft.rep),
            "account_name": names.get(draft.account),
            "role_title": title(draft.account, draft.role) if draft.account and draft.role else None,
            "is_known": draft.employment is not None,
            "due_on": draft.due_on.isoformat(),
            "task": {lang: one.commitments.task(found[lang][i]) for lang, one in coaching.items()},
        }
        for i, draft in enumerate(drafts)
    ]
    return {"kind": "asks", "asks": shown, "edit_id": edit_id}


def send_ask(ws: Workspace, request: ask.SendAsk) -> AsksResponse:
    """Make a draft a request to the leader.

    Raises
    ------
    BadInput
        It is no longer among the drafts: somebody has sent it, or it is no longer needed.
    """
    if not (request.edit_id and ws.ledger.has_edit(request.edit_id)):
        draft = next((each for each in _drafts(ws.coaching, request.reps) if _key(each) == request.draft), None)
        if draft is None:
            raise BadInput("ask.gone", N_("This is no longer to be asked; somebody has sent it, or it is settled."))
        ws.coaching.commitments.add(draft, confirmed=True, edit_id=request.edit_id)
    return show_asks(ws, request.reps, request.edit_id or "")


def _drafts(coaching: Coaching, reps: Sequence[str]) -> list[Draft]:
    draft = coaching.commitments.draft_for_leaders
    return [each for rep in reps for each in draft(rep)] if reps else draft()


def _key(draft: Draft) -> str:
    return draft.scope or f"{draft.account}:{draft.role}"
