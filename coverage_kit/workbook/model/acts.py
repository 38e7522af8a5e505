"""Edits: one request of a page becomes one edit of the workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coverage_kit.domain.vocabulary import EventKind, SlotStatus
from coverage_kit.rules.lookup import find_employment
from coverage_kit.store import Edit as SavedEdit
from coverage_kit.store import new_id
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.routes import save_route
from coverage_kit.workbook.model.said import save_said

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

#: After these the page needs the account's people again.
CHANGES_PEOPLE = {
    "holder",
    "new_holder",
    "verified",
    "vacant",
    "not_applicable",
    "open",
    "ended",
    "detail",
    "tie",
    "untie",
}


def save_edit(ws: Workspace, edit: ask.Edit) -> SavedEdit:
    """Save one edit.

    Raises
    ------
    BadInput, NotFound, Conflict, StoreError
    """
    match edit:
        case ask.SetFocus():
            return ws.coaching.focus.put(edit.account, on=edit.value, session=edit.session, edit_id=edit.edit_id)
        case ask.SettleCommitment(value=end):
            return ws.coaching.commitments.settle(
                end.commitment, end.outcome, reason=end.reason, base=edit.base, edit_id=edit.edit_id
            )
        case ask.SetVerified(value=ask.Check() as check):
            _check_present(ws, edit, check)
            return ws.coaching.people.confirm(
                check.person, edit.account, how=check.how, on=check.on, roles=check.roles, edit_id=edit.edit_id
            )
        case ask.CloseVoice() | ask.ReopenVoice() | ask.GiveValue() | ask.ReceiveValue():
            return save_said(ws, edit)
        case ask.SetRoute():
            return save_route(ws, edit)
        case (
            ask.EndEmployment()
            | ask.RecordTry()
            | ask.SetDetails()
            | ask.AddTie()
            | ask.RemoveTie()
            | ask.SetStage()
            | ask.PlanContact()
            | ask.AddVoice()
        ):
            return _save_person_edit(ws, edit)
        case _:
            return ws.edit_slot(edit.account, edit.role, base=edit.base, edit_id=edit.edit_id, **_slot_fields(edit))


def _slot_fields(edit: ask.SlotEdit) -> dict[str, Any]:
    """The arguments of ``edit_slot`` for an edit, each of the type that its field has."""
    match edit:
        case ask.SetText() | ask.SetNewHolder() | ask.SetFlag():
            return {edit.field: edit.value}
        case ask.SetVacant(value=seen):
            return {"status": SlotStatus.VACANT, "verified_on": seen.on, "verified_how": seen.how}
        case ask.SetNotApplicable(value=why):
            return {"status": SlotStatus.NOT_APPLICABLE, **why.model_dump(exclude_unset=True)}
        case ask.SetProposed(value=proposal):
            if proposal is None:
                return {"proposed": None}
            return {"proposed": SlotStatus.NOT_APPLICABLE, "proposed_why": proposal.reason}
        case ask.SetOpen():
            return {"status": SlotStatus.OPEN}
        case ask.SetVerified():
            return {"verified_on": None}


def _save_person_edit(ws: Workspace, edit: ask.PersonEdit) -> SavedEdit:
    people, ties, account, edit_id = ws.coaching.people, ws.coaching.ties, edit.account, edit.edit_id
    match edit:
        case ask.EndEmployment():
            return _save_departure(ws, edit)
        case ask.RecordTry(value=tried):
            _check_present(ws, edit, tried)
            return people.could_not_check(tried.person, account, edit_id=edit_id)
        case ask.SetDetails(value=details):
            given = details.model_dump(exclude={"person", "seen"}, exclude_unset=True)
            seen = details.seen.model_dump(exclude_none=True)
            return ws.edit_person(details.person, account, bases=seen, edit_id=edit_id, **given)
        case ask.AddTie(value=new):
            return ties.add(new.person, new.kind, new.other, account, base=edit.base, edit_id=edit_id)
        case ask.RemoveTie(value=old):
            return ties.remove(old.tie, account=account, base=edit.base, edit_id=edit_id)
        case ask.SetStage(value=reached):
            return people.set_stage(
                reached.person, account, reached.offering, reached.stage, base=edit.base, edit_id=edit_id
            )
        case ask.PlanContact(value=planned):
            return ws.coaching.rhythm.plan(planned.person, account, planned.on, base=edit.base, edit_id=edit_id)
        case ask.AddVoice(value=voice):
            edit_id = edit_id or new_id("ed")
            ws.coaching.voices.add(voice.person, account, voice.kind, voice.text, edit_id=edit_id)
            return SavedEdit(edit_id, ws.now())


def _save_departure(ws: Workspace, edit: ask.EndEmployment) -> SavedEdit:
    end = edit.value
    _check_present(ws, edit, end)
    present = find_employment(ws.ledger, edit.account, end.person)
    title = end.title or (present.title if present else None)
    if end.successor:
        return ws.coaching.contacts.mark(
            edit.account,
            {end.person: end.version},
            end.kind,
            on=end.on,
            title=title,
            moved_to=end.moved_to,
            successor=end.successor,
            edit_id=edit.edit_id,
        )
    if end.kind != EventKind.ROLE_CHANGED:
        return ws.end_employment(
            end.person,
            edit.account,
            kind=end.kind,
            ended_on=end.on,
            moved_to=end.moved_to,
            seen=end.version,
            edit_id=edit.edit_id,
        )
    return ws.coaching.people.change_role(
        end.person,
        edit.account,
        title=title,
        department=present.department if present else None,
        on=end.on,
        seen=end.version,
        edit_id=edit.edit_id,
    )


def _check_present(ws: Workspace, edit: ask.PersonEdit | ask.SlotEdit, about: ask.Someone) -> None:
    ws.coaching.people.check_there(about.person, edit.account)
