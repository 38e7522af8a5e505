"""One account as its page shows it, now or as of any instant: the company, its slots, its people."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeVar

from coverage_kit.coaching import Tie, present_ties
from coverage_kit.domain.vocabulary import SlotStatus
from coverage_kit.domain.week import local_day
from coverage_kit.errors import NotFound
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.role_lists.contact_checks import is_confirmed, last_check
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleBody, Words, in_language
from coverage_kit.role_lists.slot_state import SlotState, is_gone, slot_state
from coverage_kit.role_lists.titles import TitleMatcher
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import Ledger, entities
from coverage_kit.store.entities import Account, Employment, Note, Person, Slot, Staff
from coverage_kit.workbook.model.responses import (
    AccountView,
    Bilingual,
    ContactView,
    PageView,
    PersonView,
    RoleView,
    SlotView,
)

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace

_OfAccount = TypeVar("_OfAccount", Slot, Employment, entities.Tie)


@dataclass(frozen=True)
class Page:
    """One account: its row, its slots in the order of its role lists, its contacts, and their ties.

    ``touched`` is the instant of the last edit of one of its slots, 0 if there is none.
    """

    account: Account
    slots: list[SlotView]
    people: list[ContactView]
    ties: list[Tie]
    states: list[SlotState]
    touched: int

    def as_json(self, *, people: bool = True, before: Page | None = None) -> PageView:
        """The account as the page gets it; with the page that was sent before, only the slots that differ."""
        view: PageView = {"account": self._company(), "slots": self.slots}
        if before is not None and before.account.id == self.account.id and len(before.slots) == len(self.slots):
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
            "id": row.id,
            "name": row.name,
            "industry": row.industry,
            "segment": row.segment,
            "region": row.region,
            "value": row.value,
            "focus": row.focus,
            "facts": json.loads(row.facts or "{}"),
        }


def read_page(ws: Workspace, account: str, *, at: int | None = None, lists: RoleLists | None = None) -> Page:
    """Read one account, and nothing of any other.

    Parameters
    ----------
    ws : Workspace
    account : str
        Id of the account.
    at : int, optional
        Instant in UTC milliseconds; now by default.
    lists : RoleLists, optional
        The role lists in force then, if the caller has them.

    Raises
    ------
    NotFound
        No such account at that instant.
    """
    pages = read_pages(ws, [account], at=at, lists=lists)
    if not pages:
        raise NotFound("account.unknown_then", N_("This account was not here then; choose a later week."))
    return pages[account]


def read_pages(
    ws: Workspace, accounts: Sequence[str], *, at: int | None = None, lists: RoleLists | None = None
) -> dict[str, Page]:
    """Read several accounts at once, with one query for each kind of thing, however many there are.

    Parameters
    ----------
    ws, at, lists
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
        rows = {row.id: row for row in ledger.as_of(Account, at, id=accounts)}
        lists = lists or role_lists(ledger, at)
        staff = {each.id: each for each in ledger.as_of(Staff, at)}
        slots, employments, ties = (
            _by_account(rows, ledger.as_of(Slot, at, account_id=list(rows))),
            _by_account(rows, ledger.as_of(Employment, at, account_id=list(rows))),
            _by_account(rows, ledger.as_of(entities.Tie, at, account_id=list(rows))),
        )
        # A person's name is as last recorded, also on a page of the past.
        persons = ledger.as_of(Person, id=[job.person_id for own in employments.values() for job in own])
        people = {each.id: each for each in persons}
        notes = _notes(ws, [slot for own in slots.values() for slot in own])
        day = local_day(ws.now() if at is None else at, ws.zone)
    shared = _Shared(lists, staff, people, notes, day)
    return {
        key: _build_page(rows[key], slots[key], employments[key], ties[key], shared) for key in accounts if key in rows
    }


@dataclass(frozen=True)
class _Shared:
    """Rows that several pages share when they are read at once."""

    lists: RoleLists
    staff: dict[str, Staff]
    people: dict[str, Person]
    notes: dict[str, str]
    day: date


def _build_page(
    row: Account, slots: list[Slot], employments: list[Employment], ties: list[entities.Tie], shared: _Shared
) -> Page:
    written = {slot.role: slot for slot in slots}
    jobs = {job.id: job for job in employments}
    views, states = [], []
    for required in shared.lists.required(row):
        slot = written.get(required.key)
        holder = jobs.get(slot.employment_id or "") if slot and slot.status == SlotStatus.OPEN else None
        ours = shared.staff.get(slot.representative_id or "") if slot else None
        state = slot_state(slot, holder, ours, shared.day, required.freshness_days)
        states.append(state)
        view = _slot(required.key, slot, holder, state, shared)
        if required.body != shared.lists.roles()[required.key]:
            view["words"] = _role(required.body)
        views.append(view)
    touched = max((slot.at for slot in slots), default=0)
    contacts = _contacts(jobs, views, shared, shared.lists.titles(shared.lists.keys_of(row)))
    return Page(row, views, contacts, present_ties(ties, jobs, shared.day), states, touched)


def role_views(lists: RoleLists) -> dict[str, RoleView]:
    """Every required role by key, in the words for no account in particular."""
    return {key: _role(role) for key, role in lists.roles().items()}


def own_words(lists: RoleLists, keys: tuple[str, ...]) -> dict[str, RoleView]:
    """The roles that accounts under these lists call otherwise than ``role_views``, by key."""
    general = lists.roles()
    return {each.key: _role(each.body) for each in lists.union(keys) if each.body != general[each.key]}


def role_titles(ledger: Ledger, accounts: Iterable[str]) -> Callable[[str, str], Bilingual]:
    """What a role is called in one of these accounts, by language; its key if no list has it.

    The function takes an account and a role.
    """
    lists, wanted = role_lists(ledger), list(dict.fromkeys(accounts))
    rows = {row.id: row for row in ledger.as_of(Account, id=wanted)} if wanted else {}

    def title(account: str, role: str) -> Bilingual:
        body = lists.role_of(rows.get(account), role)
        return _by_language(body["title"]) if body else dict.fromkeys(LANGUAGES, role)

    return title


def _role(role: RoleBody) -> RoleView:
    return {
        "title": _by_language(role["title"]),
        "level": role["level"],
        "function": role["function"],
        "value": _by_language(role["value"]),
    }


def _by_language(words: Words) -> Bilingual:
    return {lang: in_language(words, lang) for lang in LANGUAGES}


def _by_account(accounts: Iterable[str], rows: Iterable[_OfAccount]) -> dict[str, list[_OfAccount]]:
    grouped: dict[str, list[_OfAccount]] = {key: [] for key in accounts}
    for row in rows:
        grouped[row.account_id].append(row)
    return grouped


def _slot(role: str, slot: Slot | None, holder: Employment | None, state: SlotState, shared: _Shared) -> SlotView:
    view: SlotView = {
        "role": role,
        "version": 0,
        "status": SlotStatus.OPEN.value,
        "rung": state.rung,
        "state": state.freshness,
        "holder": None,
        "representative": None,
        "grounds": "",
        "reason": "",
        "age_days": None,
        "verified_on": None,
        "verified_how": None,
        "verified_by": None,
        "can_meet": None,
        "can_deliver": None,
        "disposition": None,
        "agreed_by": None,
        "review_on": None,
        "proposed": None,
        "proposed_by": None,
        "proposed_why": "",
    }
    if slot is None:
        return view
    return {
        **view,
        "version": slot.version,
        "status": slot.status,
        "holder": _person(holder, shared.people) if holder else None,
        "representative": slot.representative_id,
        "grounds": shared.notes.get(slot.grounds_note or "", ""),
        "reason": shared.notes.get(slot.reason_note or "", ""),
        "age_days": (shared.day - date.fromisoformat(slot.verified_on)).days if slot.verified_on else None,
        "verified_on": slot.verified_on,
        "verified_how": slot.verified_how,
        "verified_by": slot.verified_by,
        "can_meet": slot.can_meet,
        "can_deliver": slot.can_deliver,
        "disposition": slot.disposition,
        "agreed_by": slot.agreed_by,
        "review_on": slot.review_on,
        "proposed": slot.proposed,
        "proposed_by": slot.proposed_by,
        "proposed_why": shared.notes.get(slot.proposed_why or "", ""),
    }


def _person(job: Employment, people: dict[str, Person]) -> PersonView:
    person = people.get(job.person_id)
    return {
        "person": job.person_id,
        "employment": job.id,
        "version": job.version,
        "name": person.name if person else None,
        "phone": person.phone if person else None,
        "email": person.email if person else None,
        "need": person.need if person else None,
        "erased_on": person.erased_on if person else None,
        "title": job.title,
        "department": job.department,
        "verified_on": job.verified_on,
        "end_kind": job.end_kind,
        "ended_on": job.ended_on,
    }


def _contacts(
    jobs: dict[str, Employment], slots: list[SlotView], shared: _Shared, titles: TitleMatcher
) -> list[ContactView]:
    """Everybody we have a contact for at the account: holders of slots first, then by name; people who left are last."""
    held: dict[str, list[SlotView]] = {}
    for slot in slots:
        if slot["holder"]:
            held.setdefault(slot["holder"]["employment"], []).append(slot)
    contacts: list[ContactView] = []
    for key, job in jobs.items():
        read = titles.suggest(job.title or "")
        suits = [one.role for one in read.suggestions]
        own = held.get(key, [])
        checks = [job.verified_on, *(slot["verified_on"] for slot in own)]
        contacts.append(
            {
                **_person(job, shared.people),
                "roles": [slot["role"] for slot in own],
                "check": _check(job, last_check(checks), shared.day),
                "suits": suits,
                "title_state": read.state.value,
            }
        )
    return sorted(contacts, key=lambda p: (p["end_kind"] is not None, not p["roles"], p["name"] or "", p["person"]))


def _check(
    job: Employment, checked_on: date | None, day: date
) -> Literal["confirmed", "stale", "never_checked", "gone"]:
    """What somebody found out about a contact; one that nobody checked is not there for sure."""
    if is_gone(job, day):
        return "gone"
    if checked_on is None:
        return "never_checked"
    return "confirmed" if is_confirmed(checked_on, day) else "stale"


def _notes(ws: Workspace, slots: Iterable[Slot]) -> dict[str, str]:
    ids = [note for slot in slots for note in (slot.grounds_note, slot.reason_note, slot.proposed_why) if note]
    return {row.id: row.body or "" for row in ws.ledger.as_of(Note, id=ids)} if ids else {}
