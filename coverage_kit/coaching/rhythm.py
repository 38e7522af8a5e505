"""The rhythm with people at customers: the last real contact and the next planned one. Optional; nobody is reminded.

Source: the method, sections 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coverage_kit.coaching.calendar import planned_days
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import HEARD, Outcome
from coverage_kit.domain.week import local_day
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.measures.routes import NO_TALK
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.inputs import as_day
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.store import Change, Edit
from coverage_kit.store.entities import (
    Account,
    Commitment,
    Employment,
    Note,
    Person,
    PlannedContact,
    Pursuit,
    Value,
    ValueGiven,
)


@dataclass(frozen=True)
class Rhythm:
    """The last real contact with a person and the next planned one; a verification is no contact.

    ``planned`` is the day that was planned for its own sake, and ``version`` that of the plan, 0 before the first. ``next``
    is the earliest of that day and the due days of open commitments to contact the person, of those that have not passed.
    """

    account: str
    account_name: str
    person: str
    employment: str
    holder: str | None
    title: str | None
    last: date | None
    next: date | None
    planned: date | None = None
    version: int = 0


class Rhythms:
    """When people were last met, and when they will be."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def find(self, *, account: str | None = None, rep: str | None = None) -> list[Rhythm]:
        """When was the last real contact with each person who is there, and when is the next planned?

        A voice, value given, words about it, a step with an offering and a kept commitment are contacts. A verification is
        none, nor is a commitment to find or check a name.
        People without contact for the longest time come first.

        Parameters
        ----------
        account : str, optional
            Key or name: the people of this account.
        rep : str, optional
            Id or name: those in the accounts of this rep.
        """
        homes = self._homes(account, rep)
        if not homes:
            return []
        context, among = self._context, list(homes)
        today = context.today()
        written = context.ledger.as_of(Employment, account_id=among)
        jobs = [job for job in written if not is_gone(job, today)]
        people = context.rows(Person, (job.person_id for job in jobs))
        work = [each for each in context.ledger.as_of(Commitment, account_id=among) if each.kind not in NO_TALK]
        contacts, ahead = self._contacts(among, work, written), _due_days(work)
        plans = {plan.employment_id: plan for plan in context.ledger.as_of(PlannedContact, account_id=among)}
        found = []
        for job in jobs:
            plan, holder = plans.get(job.id), people.get(job.person_id)
            planned = date.fromisoformat(plan.planned_on) if plan and plan.planned_on else None
            coming = [day for day in (*ahead[job.id], planned) if day and day >= today]
            rhythm = Rhythm(
                account=job.account_id,
                account_name=homes[job.account_id].name,
                person=job.person_id,
                employment=job.id,
                holder=holder.name if holder else None,
                title=job.title,
                last=max(contacts[job.account_id, job.person_id], default=None),
                next=min(coming, default=None),
                planned=planned,
                version=plan.version if plan else 0,
            )
            found.append(rhythm)
        return sorted(found, key=lambda r: (r.last or date.min, r.holder or "", r.person))

    def plan(
        self,
        person: str,
        account: str,
        on: str | date | None,
        *,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Plan the next contact with a person; None takes the plan back. Nobody is reminded of it.

        Parameters
        ----------
        person, account : str
            Id or name.
        on : str, date or None
            Today or later.
        base : int, optional
            The version of the plan that the user saw.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A day that has passed.
        """
        ledger = self._context.ledger
        job, day = get_employment(ledger, get_account(ledger, account).id, person), as_day(on or None, "on")
        if day is not None and day < self._context.today().isoformat():
            raise BadInput("contact.past", N_("{day} has passed; plan the contact for today or later."), day=day)
        present = ledger.find(PlannedContact, job.id)
        seen = base if base is not None else present.version if present else 0
        fields: dict[str, Value] = {
            "account_id": job.account_id,
            "employment_id": job.id,
            "person_id": job.person_id,
            "planned_on": day,
        }
        return ledger.save([Change("planned_contact", job.id, fields, base=seen)], edit_id=edit_id)

    def calendar(self, *, account: str | None = None, rep: str | None = None) -> str:
        """The planned contacts from today on, as the text of an ``.ics`` file; of an account, or of a rep's accounts."""
        context, summary = self._context, N_("{name} ({account})")
        entries = [
            (
                f"contact-{each.employment}",
                context.t(summary, name=each.holder or "–", account=each.account_name),
                each.planned,
            )
            for each in self.find(account=account, rep=rep)
            if each.planned and each.planned >= context.today()
        ]
        return planned_days(entries, made_at=context.now())

    def _homes(self, account: str | None, rep: str | None) -> dict[str, Account]:
        ledger = self._context.ledger
        if account is not None:
            row = get_account(ledger, account)
            return {row.id: row}
        owner = self._context.staff_id(rep)
        return {row.id: row for row in ledger.as_of(Account) if owner in (None, row.owner_id)}

    def _contacts(
        self, accounts: Sequence[str], work: Sequence[Commitment], jobs: Sequence[Employment]
    ) -> defaultdict[tuple[str, str], list[date]]:
        """The days of all real contacts, by account and person."""
        ledger, zone = self._context.ledger, self._context.zone
        days: defaultdict[tuple[str, str], list[date]] = defaultdict(list)
        notes = [note for note in ledger.as_of(Note, account_id=accounts) if note.kind in HEARD and note.person_id]
        written = ledger.histories(Note, id=[note.id for note in notes]) if notes else []
        heard = {row.id: local_day(row.at, zone) for row in written if row.version == 1}
        for note in notes:
            day = date.fromisoformat(note.heard_on) if note.heard_on else heard[note.id]
            days[note.account_id or "", note.person_id or ""].append(day)
        for step in ledger.as_of(Pursuit, account_id=accounts):
            days[step.account_id, step.person_id or ""].append(local_day(step.at, zone))
        for given in ledger.as_of(ValueGiven, account_id=accounts):
            for on in filter(None, (given.given_on, given.received_on)):
                days[given.account_id, given.person_id].append(date.fromisoformat(on))
        person_of = {job.id: job.person_id for job in jobs}
        for each in work:
            if each.outcome == Outcome.KEPT and each.done_on and each.employment_id in person_of:
                days[each.account_id or "", person_of[each.employment_id]].append(date.fromisoformat(each.done_on))
        return days


def _due_days(work: Sequence[Commitment]) -> defaultdict[str, list[date]]:
    """The due days of open commitments, by employment."""
    days: defaultdict[str, list[date]] = defaultdict(list)
    for each in work:
        if not each.outcome and each.employment_id:
            days[each.employment_id].append(date.fromisoformat(each.due_on))
    return days
