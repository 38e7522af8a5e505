"""Check 30 of your 7,000: a random sample of the contacts that nobody has checked, and what it says about all of them.

A draw is one event; what was found out is read from the ledger, however it was recorded.
Source: the method, section 4, ghost rate (docs/reference/method.md).
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.vocabulary import AccountStatus, EventKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.measures.contact_sample import GhostRate, draw_contacts, ghost_rate
from coverage_kit.role_lists.contact_checks import present_contacts
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.events import event_change
from coverage_kit.store.entities import Account, Employment, Event, Person

#: Contacts drawn if nobody says how many, and at the most.
USUAL, MOST = 30, 2000


class _Body(TypedDict):
    rep: str | None
    seed: int
    of: int
    drawn: list[str]


@dataclass(frozen=True, slots=True)
class DrawnContact:
    """A contact of the sample.

    Attributes
    ----------
    account, account_name : str
    person, employment : str
        Ids.
    name, title, phone : str or None
    state : str or None
        What was found out since the draw: ``still left retired moved role_changed``; None as long as nobody knows.
    """

    account: str
    account_name: str
    person: str
    employment: str
    name: str | None
    title: str | None
    phone: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class ContactSample:
    """A random sample of contacts, and what it says.

    Attributes
    ----------
    rep : str or None
        Id of the rep whose accounts it is about; None for all.
    seed : int
    of : int
        The contacts that nobody had checked when it was drawn.
    drawn_on : date
    contacts : list of DrawnContact
        In the order in which they were drawn.
    rate : GhostRate
    """

    rep: str | None
    seed: int
    of: int
    drawn_on: date
    contacts: list[DrawnContact]
    rate: GhostRate


class ContactSamples:
    """Draw a sample of the contacts that nobody has checked, and read what was found out."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def draw(
        self, n: int = USUAL, *, rep: str | None = None, seed: int | None = None, edit_id: str | None = None
    ) -> ContactSample:
        """Draw contacts of active accounts who have not left and whom nobody has checked within 180 days.

        Parameters
        ----------
        n : int
            How many, at most 2,000.
        rep : str, optional
            Key or name: only of this rep's accounts.
        seed : int, optional
            The same seed draws the same contacts; a random one by default.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.

        Raises
        ------
        BadInput
            Not so many can be drawn; every contact was checked, or there are none.
        """
        if not 1 <= n <= MOST:
            raise BadInput("sample.size", N_("Draw 1 to {most} contacts, not {n}."), n=n, most=MOST)
        rep_id, seed = self._context.staff_id(rep), secrets.randbelow(10**6) if seed is None else seed
        contacts = self._unchecked(rep_id)
        drawn = draw_contacts(contacts, n, seed)
        if not drawn:
            raise BadInput(
                "sample.nobody",
                N_("No contact of an account that somebody looks after waits for a check; there is nothing to draw."),
            )
        body: _Body = {"rep": rep_id, "seed": seed, "of": sum(map(len, contacts.values())), "drawn": drawn}
        self._context.ledger.save([event_change(EventKind.CONTACTS_DRAWN, body)], edit_id=edit_id)
        return self.last()

    def last(self) -> ContactSample:
        """The sample that was drawn last, with what was found out since.

        Raises
        ------
        NotFound
            None was drawn yet.
        """
        ledger = self._context.ledger
        draws = [row for row in ledger.as_of(Event) if row.kind == EventKind.CONTACTS_DRAWN]
        if not draws:
            raise NotFound("sample.none", N_("No sample of contacts was drawn yet. Next: coverage-kit sample-contacts"))
        event = max(draws, key=lambda row: row.at)
        body: _Body = json.loads(event.body or "{}")
        contacts = self._found(body["drawn"], event.at)
        states = [one.state for one in contacts if one.state]
        rate = ghost_rate(len(contacts), len(states), len(states) - states.count("still"))
        return ContactSample(body["rep"], body["seed"], body["of"], self._context.day(event.at), contacts, rate)

    def _unchecked(self, rep: str | None) -> dict[str, list[str]]:
        """The employments of contacts still there whom nobody has checked lately, by account."""
        ledger, today = self._context.ledger, self._context.today()
        accounts = {
            row.id
            for row in ledger.as_of(Account)
            if row.status == AccountStatus.ACTIVE and rep in (None, row.owner_id)
        }
        found: dict[str, list[str]] = defaultdict(list)
        for contact in present_contacts(ledger, today):
            if contact.account in accounts and not contact.is_confirmed:
                found[contact.account].append(contact.employment)
        return dict(found)

    def _found(self, drawn: Iterable[str], since: int) -> list[DrawnContact]:
        context = self._context
        jobs = context.rows(Employment, drawn)
        before = {job.id: job.verified_on for job in context.ledger.as_of(Employment, since, id=list(jobs))}
        people = context.rows(Person, (job.person_id for job in jobs.values()))
        accounts = context.rows(Account, (job.account_id for job in jobs.values()))
        changed = {
            json.loads(event.body or "{}")["employment"]
            for event in context.ledger.as_of(Event)
            if event.kind == EventKind.ROLE_CHANGED and event.at > since
        }

        today = context.today()

        def state(job: Employment) -> str | None:
            if is_gone(job, today):
                return job.end_kind
            if job.id in changed:
                return "role_changed"
            return "still" if job.verified_on and job.verified_on != before.get(job.id) else None

        found = []
        for job in (jobs[key] for key in drawn if key in jobs):
            person, account = people.get(job.person_id), accounts.get(job.account_id)
            found.append(
                DrawnContact(
                    account=job.account_id,
                    account_name=account.name if account else job.account_id,
                    person=job.person_id,
                    employment=job.id,
                    name=person.name if person else None,
                    title=job.title,
                    phone=person.phone if person else None,
                    state=state(job),
                )
            )
        return found
