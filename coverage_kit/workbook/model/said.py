"""What people said and were given, as the pages show it, and the edits that close a voice or record a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from coverage_kit.coaching import Voice
from coverage_kit.coaching.commitments.conflicts import commitment_conflict
from coverage_kit.domain.vocabulary import Rung
from coverage_kit.errors import Conflict
from coverage_kit.i18n import LANGUAGES
from coverage_kit.measures import Balance
from coverage_kit.role_lists.slot_state import slot_state
from coverage_kit.rules.lookup import get_account, role_lists
from coverage_kit.store import Edit, new_id
from coverage_kit.store.entities import Employment, Person, Slot, Staff
from coverage_kit.workbook.model import requests as ask
from coverage_kit.workbook.model.responses import BalanceView, SaidResponse, ValueKind, ValueView, VoiceView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def save_said(ws: Workspace, edit: ask.SaidEdit) -> Edit:
    """Save one edit of a voice or a value.

    Raises
    ------
    BadInput
        Somebody else was first; the message names them.
    """
    try:
        match edit:
            case ask.CloseVoice(value=end):
                return ws.coaching.voices.close(
                    end.voice, end.done, answered=end.answered, base=edit.base, edit_id=edit.edit_id
                )
            case ask.ReopenVoice(value=old):
                return ws.coaching.voices.reopen(old.voice, base=edit.base, edit_id=edit.edit_id)
            case ask.GiveValue(value=new):
                edit_id = edit.edit_id or new_id("ed")
                ws.coaching.value.give(new.person, edit.account, new.kind, new.what, need=new.need, edit_id=edit_id)
                return Edit(edit_id, ws.now())
            case ask.ReceiveValue(value=said):
                return ws.coaching.value.receive(said.given, said.words, base=edit.base, edit_id=edit.edit_id)
    except Conflict as exc:
        raise commitment_conflict(ws.ledger, exc) from exc


def said_view(ws: Workspace, account: str, person: str | None) -> SaidResponse:
    """What the people of an account, or one of them, said and were given.

    Parameters
    ----------
    ws : Workspace
    account : str
    person : str, optional
        Id of a person.
    """
    home = get_account(ws.ledger, account).id
    people = balance_views(ws, home)
    voices = ws.coaching.voices.find(account=home, person=person, everything=True)
    return {
        "kind": "said",
        "account": home,
        "person": person,
        "voices": voice_views(ws, voices),
        "values": _values(ws, home, person),
        "people": [each for each in people if person in (None, each["person"])],
        "kinds": value_kinds(ws),
    }


def value_kinds(ws: Workspace) -> list[ValueKind]:
    """The team's list of values, each key with its names."""
    return [
        {"key": key, "title": {lang: names[lang] for lang in LANGUAGES}}
        for key, names in ws.coaching.value.kinds().items()
    ]


def voice_views(ws: Workspace, voices: list[Voice]) -> list[VoiceView]:
    """Voices as a page shows them, with the person's title and the colleagues' names."""
    staff = {row.id: row.name or row.id for row in ws.ledger.as_of(Staff)}
    titles = _titles(ws, [one.account for one in voices])
    return [
        {
            "id": one.id,
            "version": one.version,
            "kind": one.kind.value,
            "body": one.body,
            "account": one.account,
            "account_name": one.account_name,
            "person": one.person or "",
            "name": one.holder,
            "title": titles.get((one.account, one.person or "")),
            "owner": staff.get(one.owner or "", one.owner),
            "days": one.days,
            "heard_on": one.heard_on.isoformat(),
            "state": one.state,
            "done": one.done,
            "done_by": staff.get(one.done_by or "", one.done_by),
            "answered_on": one.answered_on.isoformat() if one.answered_on else None,
        }
        for one in voices
    ]


def _titles(ws: Workspace, accounts: list[str]) -> dict[tuple[str, str], str | None]:
    """The titles of people, by account and person."""
    wanted = list(dict.fromkeys(accounts))
    jobs = ws.ledger.as_of(Employment, account_id=wanted) if wanted else []
    return {(job.account_id, job.person_id): job.title for job in sorted(jobs, key=lambda job: not job.end_kind)}


def _values(ws: Workspace, account: str, person: str | None) -> list[ValueView]:
    staff = {row.id: row.name or row.id for row in ws.ledger.as_of(Staff)}
    return [
        {
            "id": one.id,
            "version": one.version,
            "kind": one.kind,
            "what": one.what,
            "need": one.need,
            "person": one.person,
            "name": one.holder,
            "given_on": one.given_on.isoformat(),
            "given_by": staff.get(one.given_by, one.given_by),
            "received": one.received,
        }
        for one in ws.coaching.value.find(account=account, person=person)
    ]


def balance_views(ws: Workspace, account: str) -> list[BalanceView]:
    """What was asked of the people in the account's required roles in 90 days, and what they were given."""
    ledger, day = ws.ledger, ws.today()
    jobs = {job.id: job for job in ledger.as_of(Employment, account_id=account)}
    names = {row.id: row for row in ledger.as_of(Person, id=[job.person_id for job in jobs.values()])} if jobs else {}
    staff = {row.id: row for row in ledger.as_of(Staff)}
    slots = {slot.role: slot for slot in ledger.as_of(Slot, account_id=account)}
    found = ws.coaching.value.balances(account)
    can_meet: dict[str, bool] = {}
    for required in role_lists(ledger).required(get_account(ledger, account)):
        slot = slots.get(required.key)
        job = jobs.get(slot.employment_id or "") if slot else None
        if slot is None or job is None:
            continue
        ours = staff.get(slot.representative_id or "")
        state = slot_state(slot, job, ours, day, required.freshness_days)
        can_meet[job.id] = can_meet.get(job.id, False) or (state.rung is not None and state.rung >= Rung.REPRESENTED)
    nothing = Balance(0, 0, 0)
    return [
        {
            "person": jobs[job].person_id,
            "name": names[jobs[job].person_id].name if jobs[job].person_id in names else None,
            "title": jobs[job].title,
            "need": names[jobs[job].person_id].need if jobs[job].person_id in names else None,
            "can_meet": can_meet.get(job, False),
            "asked": found.get(job, nothing).asked,
            "given": found.get(job, nothing).given,
            "received": found.get(job, nothing).received,
        }
        for job in dict.fromkeys([*can_meet, *found])
        if job in jobs and not jobs[job].end_kind
    ]
