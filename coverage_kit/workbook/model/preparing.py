"""The page on which a coach prepares the hour with one rep, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from coverage_kit.coaching import AgendaEntry, DrawnCheck, Held, Hour
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.coaching.sessions.first import AccountChoice
from coverage_kit.errors import BadInput
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.commitments import coaching_by_language, commitment_views, history_once
from coverage_kit.workbook.model.hours import decided_views
from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.responses import (
    AccountChoiceView,
    AgendaView,
    Bilingual,
    DrawnCheckView,
    HeldView,
    ListFile,
    PreparedResponse,
)

if TYPE_CHECKING:
    from coverage_kit.store import Edit
    from coverage_kit.workspace import Workspace


def answer_preparing(ws: Workspace, request: ask.PrepareRequest) -> PreparedResponse:
    """Show the page, after the act that the request asks for."""
    if not request.rep:
        raise BadInput("prepare.rep", N_("Choose whom to prepare for first."))
    return _show(ws, request.rep, _act(ws, request.rep, request))


def _act(ws: Workspace, rep: str, request: ask.PrepareRequest) -> Edit | None:
    book = ws.coaching.preparation
    match request:
        case ask.SetPrivateNote(text=text, version=base, edit_id=edit_id):
            return book.set_note(rep, text, base=base, edit_id=edit_id)
        case ask.PlanHour(planned_for=begins, version=base, edit_id=edit_id):
            return book.plan(rep, begins, base=base, edit_id=edit_id)
        case ask.UndoPreparing(undoes=undoes, edit_id=edit_id):
            return ws.undo(undoes, as_id=edit_id)
    return None


def _show(ws: Workspace, rep: str, edit: Edit | None) -> PreparedResponse:
    # Both languages speak of the same instant, so the history is read once.
    coaching = coaching_by_language(ws, load=history_once(ws))
    ready = {lang: each.preparation.of(rep) for lang, each in coaching.items()}
    one = ready[ws.lang]
    title = role_titles(ws.ledger, (entry.account for entry in one.agenda if entry.account))
    questions = zip(*(ready[lang].quiet_questions for lang in LANGUAGES), strict=True)
    return {
        "kind": "prepared",
        "rep": one.rep,
        "name": staff_name(ws.coaching.commitments.staff(), one.rep),
        "today": ws.today().isoformat(),
        "since": one.since.isoformat() if one.since else None,
        "changes": {cause.value: n for cause, n in one.changes.items()},
        "cleaned": one.cleaned,
        "agreed": commitment_views(coaching, one.agreed),
        "decided": decided_views(ws, coaching, one.rep),
        "agenda": [
            _agenda_view(entry, {lang: ready[lang].agenda[n].why for lang in LANGUAGES}, title)
            for n, entry in enumerate(one.agenda)
        ],
        "minutes": one.minutes,
        "quiet_questions": [dict(zip(LANGUAGES, each, strict=True)) for each in questions],
        "checks": check_views(one.rep, {lang: ready[lang].checks for lang in LANGUAGES}),
        "history": [_held_view(each) for each in one.history],
        "note": one.hour.note,
        "planned_for": one.hour.planned_for.isoformat(timespec="minutes") if one.hour.planned_for else None,
        "version": one.hour.version,
        "file": _file(ws, one.hour),
        "edit_id": edit.edit_id if edit else "",
    }


def check_views(rep: str, checks: Mapping[str, Sequence[DrawnCheck]]) -> list[DrawnCheckView]:
    """The checks that an hour comes back to; the same ones in each language."""
    return [
        {
            "rep": rep,
            "account": one.account,
            "account_name": one.account_name,
            "person": one.person,
            "question": {lang: own[n].question for lang, own in checks.items()},
            "verified_on": one.verified_on.isoformat(),
            "verified_how": one.verified_how,
        }
        for n, one in enumerate(next(iter(checks.values())))
    ]


def choice_view(one: AccountChoice) -> AccountChoiceView:
    """An account that a first session may go through."""
    return {
        "id": one.account,
        "name": one.account_name,
        "value": one.value,
        "contacts": one.contacts,
        "updated_days": one.updated_days,
        "added_days": one.added_days,
        "by_value": one.by_value,
        "by_contacts": one.by_contacts,
        "chosen": one.chosen,
    }


def _agenda_view(entry: AgendaEntry, why: Bilingual, title: Callable[[str, str], Bilingual]) -> AgendaView:
    return {
        "account": entry.account,
        "account_name": entry.account_name,
        "role_title": title(entry.account, entry.role) if entry.role else None,
        "minutes": entry.minutes,
        "why": why,
        "must_win": entry.must_win,
    }


def _held_view(held: Held) -> HeldView:
    return {
        "id": held.id,
        "kind": held.kind.value,
        "week": held.week,
        "day": held.day.isoformat(),
        "closed": held.closed,
        "made": held.made,
        "kept": held.kept,
        "not_kept": held.not_kept,
    }


def _file(ws: Workspace, hour: Hour) -> ListFile | None:
    if hour.planned_for is None:
        return None
    return {"name": "coaching-hour.ics", "text": ws.coaching.preparation.calendar(hour.rep)}
