"""One account as its page shows it, now or as of any instant: the company, its slots, its people."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from coverage_kit.coaching import Tie, present_ties
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.domain.week import local_day
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_
from coverage_kit.store import entities
from coverage_kit.workbook.model.responses import AccountView, ContactView, PageView, PersonView, SlotView
from coverage_kit.workbook.model.standing import Row, Standard, Standing, standing

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


@dataclass(frozen=True)
class Page:
    """One account: its row, its slots in the order of the standard, the people we have contacts for, and their ties.

    ``touched`` is the instant at which one of its slots was last written, 0 where none ever was.
    """

    account: Row
    slots: list[SlotView]
    people: list[ContactView]
    ties: list[Tie]
    standings: list[Standing]
    touched: int

    def as_json(self, *, people: bool = True, before: Page | None = None) -> PageView:
        """The account as the page gets it; with the page that was sent before, only the slots that differ."""
        view: PageView = {"account": self._company(), "slots": self.slots}
        if before is not None and before.account["id"] == self.account["id"] and len(before.slots) == len(self.slots):
            pairs = zip(self.slots, before.slots, strict=True)
            view["slots"] = [slot for slot, old in pairs if slot != old]
            view["partly"] = True
        if people:
            view["people"] = self.people
            view["ties"] = [
                {"id": tie.id, "kind": tie.kind, "source": tie.source, "target": tie.target, "version": tie.version}
                for tie in self.ties
            ]
        return view

    def _company(self) -> AccountView:
        row = self.account
        return {
            "id": row["id"],
            "name": row["name"],
            "industry": row["industry"],
            "segment": row["segment"],
            "region": row["region"],
            "value": row["value"],
            "focus": row["focus"],
            "facts": json.loads(row["facts"] or "{}"),
        }


def read_page(ws: Workspace, account: str, *, at: int | None = None, standard: Standard | None = None) -> Page:
    """Read one account, and nothing of any other.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    at : int, optional
        Instant in UTC milliseconds; now by default.
    standard : Standard, optional
        The required roles in force then, where they are at hand.

    Raises
    ------
    NotFound
        No such account at that instant.
    """
    pages = read_pages(ws, [account], at=at, standard=standard)
    if not pages:
        raise NotFound("account.unknown_then", N_("This account was not here then; choose a later week."))
    return pages[account]


def read_pages(
    ws: Workspace, accounts: Sequence[str], *, at: int | None = None, standard: Standard | None = None
) -> dict[str, Page]:
    """Read several accounts at once, with one question for each kind of thing, however many they are.

    Parameters
    ----------
    ws, at, standard
        As for one.
    accounts : sequence of str
        Ids.

    Returns
    -------
    dict
        Page by id, in that order; an account that was not there at the instant is left out.
    """
    ledger = ws.ledger
    with ledger.one_state():
        rows = {row["id"]: row for row in ledger.as_of("account", at, id=accounts)}
        standard = standard or Standard(ledger.as_of("template", at))
        staff: dict[str, Row] = {each["id"]: each for each in ledger.as_of("staff", at)}
        slots, employments, ties = (
            _by_account(rows, ledger.as_of(entity, at, account_id=list(rows)))
            for entity in ("slot", "employment", "tie")
        )
        # A person's name is as last recorded, also on a page of the past.
        persons = ledger.as_of("person", id=[job["person_id"] for own in employments.values() for job in own])
        people: dict[str, Row] = {each["id"]: each for each in persons}
        notes = _notes(ws, [slot for own in slots.values() for slot in own])
        day = local_day(ws.now() if at is None else at, ws.zone)
    shared = _Shared(standard, staff, people, notes, day)
    return {
        key: _build_page(rows[key], slots[key], employments[key], ties[key], shared) for key in accounts if key in rows
    }


@dataclass(frozen=True)
class _Shared:
    """What the pages that are read at once have in common."""

    standard: Standard
    staff: dict[str, Row]
    people: dict[str, Row]
    notes: dict[str, str]
    day: date


def _build_page(row: Row, slots: list[Row], employments: list[Row], ties: list[Row], shared: _Shared) -> Page:
    written = {slot["role"]: slot for slot in slots}
    jobs = {job["id"]: job for job in employments}
    shown, standings = [], []
    for required in shared.standard.required(row["template_ids"]):
        slot = written.get(required.role)
        held = jobs.get(slot["employment_id"]) if slot and slot["status"] == SlotStatus.OPEN else None
        representative = shared.staff.get(slot["representative_id"]) if slot else None
        where = standing(required, slot, held, representative, shared.day)
        standings.append(where)
        shown.append(_slot(required.role, slot, held, where, shared))
    touched = max((slot["at"] for slot in slots), default=0)
    typed = {key: entities.Employment(**job) for key, job in jobs.items()}
    contacts = _contacts(jobs, shared.people, shown)
    return Page(
        row, shown, contacts, present_ties([entities.Tie(**tie) for tie in ties], typed, shared.day), standings, touched
    )


def _by_account(accounts: Iterable[str], rows: Iterable[Row]) -> dict[str, list[Row]]:
    grouped: dict[str, list[Row]] = {key: [] for key in accounts}
    for row in rows:
        grouped[row["account_id"]].append(row)
    return grouped


def _slot(role: str, slot: Row | None, held: Row | None, where: Standing, shared: _Shared) -> SlotView:
    written = slot or {}
    verified_on = written.get("verified_on")
    return {
        "role": role,
        "version": written.get("version", 0),
        "status": written.get("status", SlotStatus.OPEN.value),
        "rung": where.rung,
        "state": where.state,
        "holder": _person(held, shared.people) if held else None,
        "representative": written.get("representative_id"),
        "grounds": shared.notes.get(written.get("grounds_note") or "", ""),
        "reason": shared.notes.get(written.get("reason_note") or "", ""),
        "age_days": (shared.day - date.fromisoformat(verified_on)).days if verified_on else None,
        "verified_on": verified_on,
        "verified_how": written.get("verified_how"),
        "verified_by": written.get("verified_by"),
        "can_meet": written.get("can_meet"),
        "can_deliver": written.get("can_deliver"),
        "disposition": written.get("disposition"),
        "agreed_by": written.get("agreed_by"),
        "review_on": written.get("review_on"),
    }


def _person(employment: Row, people: dict[str, Row]) -> PersonView:
    person = people.get(employment["person_id"], {})
    return {
        "person": employment["person_id"],
        "employment": employment["id"],
        "name": person.get("name"),
        "phone": person.get("phone"),
        "email": person.get("email"),
        "need": person.get("need"),
        "erased_on": person.get("erased_on"),
        "title": employment["title"],
        "department": employment["department"],
        "verified_on": employment["verified_on"],
        "end_kind": employment["end_kind"],
        "ended_on": employment["ended_on"],
    }


def _contacts(employments: dict[str, Row], people: dict[str, Row], slots: list[SlotView]) -> list[ContactView]:
    """Everybody we have a contact for at the account: holders of slots first, then by name; people who left are last."""
    roles: dict[str, list[str]] = {}
    for slot in slots:
        if slot["holder"]:
            roles.setdefault(slot["holder"]["employment"], []).append(slot["role"])
    contacts: list[ContactView] = [
        {**_person(each, people), "roles": roles.get(key, [])} for key, each in employments.items()
    ]
    return sorted(contacts, key=lambda p: (p["end_kind"] is not None, not p["roles"], p["name"] or "", p["person"]))


def _notes(ws: Workspace, slots: Iterable[Row]) -> dict[str, str]:
    ids = [slot[key] for slot in slots for key in ("grounds_note", "reason_note") if slot[key]]
    return {row["id"]: row["body"] or "" for row in ws.ledger.as_of("note", id=ids)} if ids else {}
