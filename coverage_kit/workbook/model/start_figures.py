"""The figures of the start page: how far the four first steps are, and this week.

Each figure is a function of the workspace as it is now; nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coverage_kit.coaching import Commitment
from coverage_kit.domain.ladder import FRESHNESS_DAYS
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.domain.week import Week
from coverage_kit.role_lists.applying import LISTS_APPLIED
from coverage_kit.role_lists.contact_checks import present_contacts
from coverage_kit.rules.assignments import team_changes, unassigned_accounts
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store.entities import Account, Employment, Event, Person, Session, Slot, Staff
from coverage_kit.workbook.model.page import role_titles
from coverage_kit.workbook.model.responses import (
    AccountsTile,
    AwaitedFrom,
    Bilingual,
    CoachedRep,
    LeftPerson,
    ListsTile,
    OwnersTile,
    SessionsTile,
    ThisWeek,
    Tiles,
)
from coverage_kit.workbook.model.weeks import week_view

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def count_tiles(ws: Workspace) -> Tiles:
    """How far are role lists, accounts and contacts, owners, and the first session?"""
    accounts = [each for each in ws.ledger.as_of(Account) if each.status != AccountStatus.CLOSED]
    lists, contacts = _lists(ws, accounts), _contacts(ws, len(accounts))
    owners, sessions = _owners(ws, accounts), _sessions(ws)
    applied = ws.ledger.find(Event, LISTS_APPLIED)
    # A new workspace comes with lists; they count as chosen once somebody applies them again, or accounts are under them.
    are_chosen = lists["accounts"] > 0 or (applied is not None and applied.version > 1)
    stands = {
        "lists": are_chosen,
        "accounts": contacts["accounts"] > 0 and contacts["contacts"] > 0,
        # Accounts that only a contact list names may wait.
        "owners": owners["assigned"] > 0 and owners["unassigned"] == owners["unconfirmed"],
        "sessions": sessions["coached"] > 0,
    }
    return {
        "lists": lists,
        "accounts": contacts,
        "owners": owners,
        "sessions": sessions,
        "done": [step for step, is_done in stands.items() if is_done],
        "next": next((step for step, is_done in stands.items() if not is_done), ""),
    }


def this_week(ws: Workspace) -> ThisWeek:
    """What was coached this week, whose answers are awaited, and who left?"""
    week = Week.containing(ws.now(), ws.zone)
    commitments = ws.coaching.commitments.find()
    names = _names(ws)
    return {
        "week": week_view(week),
        "today": ws.today().isoformat(),
        "coaching": coached_reps(ws.ledger.as_of(Session), {rep: names.get(rep, rep) for rep in ws.reps()}, str(week)),
        "awaited": awaited_from(commitments),
        "open": len(commitments),
        "overdue": sum(each.state == "overdue" for each in commitments),
        "left": left_since(ws, (week - 1).as_of(ws.zone) + 1),
    }


def coached_reps(sessions: Iterable[Session], reps: dict[str, str], week: str) -> list[CoachedRep]:
    """Each rep's coaching in a week: held, open, or still due; those that are due come first, the longest wait first.

    Parameters
    ----------
    sessions : iterable of Session
        As they are now.
    reps : dict
        Names by id.
    week : str
    """
    own = {rep: [each for each in sessions if each.rep_id == rep] for rep in reps}
    lines: list[CoachedRep] = []
    for rep, name in reps.items():
        held = [each.week for each in own[rep] if each.closed]
        is_open = any(each.week == week and not each.closed for each in own[rep])
        state = "held" if week in held else "open" if is_open else "due"
        lines.append({"id": rep, "name": name, "state": state, "last": max(held, default="")})
    order = ("due", "open", "held")
    return sorted(lines, key=lambda each: (order.index(each["state"]), each["last"], each["name"]))


def awaited_from(commitments: Iterable[Commitment]) -> list[AwaitedFrom]:
    """Colleagues who have not answered yet, the one with the earliest due day first; only what they can see counts."""
    found: dict[str, AwaitedFrom] = {}
    for each in sorted(commitments, key=lambda each: each.due_on):
        if not (each.needs_answer and each.visible):
            continue
        line = found.setdefault(
            each.owner,
            {"id": each.owner, "name": each.owner_name, "n": 0, "overdue": 0, "due_on": each.due_on.isoformat()},
        )
        line["n"] += 1
        line["overdue"] += each.state == "overdue"
    return list(found.values())


def left_since(ws: Workspace, start_at: int) -> list[LeftPerson]:
    """Who was recorded as having left since an instant (UTC milliseconds), and which positions does it touch?"""
    ledger = ws.ledger
    changed = [key for key, end, at in ledger.columns(Employment, ("id", "end_kind", "at")) if end and at >= start_at]
    first_end: dict[str, int] = {}
    for version in ledger.histories(Employment, id=changed) if changed else []:
        if version.end_kind is None:
            first_end.pop(version.id, None)
        else:
            first_end.setdefault(version.id, version.at)
    gone = [job for job in ledger.as_of(Employment, id=changed) if first_end[job.id] >= start_at] if changed else []
    if not gone:
        return []
    accounts = dict(ledger.columns(Account, ("id", "name"), id=[job.account_id for job in gone]))
    people = dict(ledger.columns(Person, ("id", "name"), id=[job.person_id for job in gone]))
    title = role_titles(ledger, accounts)
    held: dict[str, list[Bilingual]] = {}
    for slot in ledger.as_of(Slot, account_id=list(accounts)):
        if slot.employment_id in first_end:
            held.setdefault(slot.employment_id, []).append(title(slot.account_id, slot.role))
    gone.sort(key=lambda job: (-len(held.get(job.id, ())), -first_end[job.id], job.id))
    return [
        {
            "id": job.person_id,
            "name": people.get(job.person_id) or "",
            "account": job.account_id,
            "account_name": accounts.get(job.account_id, job.account_id),
            "title": job.title or "",
            "end_kind": job.end_kind or "",
            "roles": held.get(job.id, []),
        }
        for job in gone
    ]


def _lists(ws: Workspace, accounts: list[Account]) -> ListsTile:
    lists = role_lists(ws.ledger)
    required = [len(lists.required(each)) for each in accounts if each.status == AccountStatus.ACTIVE]
    return {"lists": len(lists.bodies), "accounts": sum(n > 0 for n in required), "required": sum(required)}


def _contacts(ws: Workspace, n_accounts: int) -> AccountsTile:
    contacts = present_contacts(ws.ledger, ws.today())
    present = {contact.person for contact in contacts}
    checked = {contact.person for contact in contacts if contact.is_confirmed}
    return {"accounts": n_accounts, "contacts": len(present), "checked": len(checked), "days": FRESHNESS_DAYS}


def _owners(ws: Workspace, accounts: list[Account]) -> OwnersTile:
    free = {each.id: each for each in unassigned_accounts(ws.ledger, ws.today(), accounts)}
    owners = {each.owner_id for each in accounts if each.id not in free}
    return {
        "assigned": len(accounts) - len(free),
        "unassigned": len(free),
        "unconfirmed": sum(each.status == AccountStatus.UNCONFIRMED for each in free.values()),
        "reps": len(owners),
        "moved": len(team_changes(ws.ledger, accounts)),
    }


def _sessions(ws: Workspace) -> SessionsTile:
    reps = set(ws.reps())
    sessions = ws.ledger.as_of(Session)
    coached = {each.rep_id for each in sessions if each.closed} & reps
    waiting = {each.group_id or each.id for each in sessions if not each.closed}
    return {"coached": len(coached), "reps": len(reps), "open": len(waiting)}


def _names(ws: Workspace) -> dict[str, str]:
    return {key: name or key for key, name in ws.ledger.columns(Staff, ("id", "name"))}
