"""What a conversation teaches about a person: still there, role changed, what they need, how far they are.

Source: the method, sections 3 to 5, and the data model, section 4 (docs/reference/method.md, docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage_kit.coaching.calendar import planned_days
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import HEARD, Outcome, Route, Stage
from coverage_kit.domain.identifiers import clean_key, name_key
from coverage_kit.domain.week import local_day
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.findings import check_there, role_changes, try_changes
from coverage_kit.rules.inputs import as_day, as_word
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.offerings import offering_keys
from coverage_kit.rules.verification import Check, check_day, check_how, confirm_changes, held_roles
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Commitment, Employment, Note, Person, PlannedContact, Value


@dataclass(frozen=True)
class Pursuit:
    """How far a person is with one offering."""

    id: str
    employment: str
    person: str
    account: str
    offering: str
    version: int
    stage: Stage
    route: Route | None


@dataclass(frozen=True)
class Rhythm:
    """The last real contact with a person and the next planned one; a verification is no contact.

    ``planned`` is the day that was planned for its own sake, and ``version`` that of the plan, 0 before the first. ``next``
    is the earlier of that day, once it has not passed, and the due days of open commitments.
    """

    person: str
    employment: str
    holder: str | None
    last: date | None
    next: date | None
    planned: date | None = None
    version: int = 0


class People:
    """The people of the accounts, as conversations show them."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def check_there(self, person: str, account: str) -> None:
        """Check that nobody has recorded a departure of this person.

        Raises
        ------
        BadInput
            The person is recorded as having left.
        """
        check_there(self._job(person, account), self._context.today())

    # Still there? --------------------------------------------------------------------------------------------------

    def slots(self, person: str, account: str) -> list[str]:
        """Which required roles does this person hold at the account? The page shows them before one act writes them all."""
        return held_roles(self._context.ledger, self._job(person, account))

    def confirm(
        self,
        person: str,
        account: str,
        *,
        how: str,
        on: str | date | None = None,
        roles: list[str] | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Verify that a person is still there: the employment and every slot they hold, in one act.

        Parameters
        ----------
        person, account : str
            Id or name.
        how : str
            ``call meeting reply public_source third_party``.
        on : str or date, optional
            Today by default; never after today.
        roles : list of str, optional
            Only these of their slots.
        edit_id : str, optional
        """
        context = self._context
        job, today = self._job(person, account), context.today()
        check = Check(check_day(on, "on", today) or today.isoformat(), context.ledger.actor, check_how(how))
        return context.ledger.save(confirm_changes(context.ledger, job, check, roles), edit_id=edit_id)

    def change_role(
        self,
        person: str,
        account: str,
        *,
        title: str | None = None,
        department: str | None = None,
        on: str | date | None = None,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """The person is still at the account, in another role: the slots they held are open again.

        Parameters
        ----------
        person, account : str
            Id or name.
        title, department : str, optional
            The new ones.
        on : str or date, optional
            The first day in the new role, if known; never after today, nor before the person began there.
        seen : int, optional
            The version of the employment that the user saw.
        edit_id : str, optional
        """
        ledger, job = self._context.ledger, self._job(person, account)
        changes = role_changes(
            ledger, job, today=self._context.today(), title=title, department=department, on=on, seen=seen
        )
        return ledger.save(changes, edit_id=edit_id)

    def could_not_check(self, person: str, account: str, *, edit_id: str | None = None) -> Edit:
        """Somebody tried to check a person and could not: an effort, and no verification."""
        return self._context.ledger.save(try_changes(self._job(person, account)), edit_id=edit_id)

    # What they need ------------------------------------------------------------------------------------------------

    def _heard_on(self, note: Note) -> date:
        if note.heard_on:
            return date.fromisoformat(note.heard_on)
        return local_day(self._context.ledger.history(Note, note.id)[0].at, self._context.zone)

    def set_need(self, person: str, account: str, need: str | None, *, edit_id: str | None = None) -> Edit:
        """One line on what this person needs; None clears it."""
        text = clean_key(need, "need") if need else None
        row = self._context.ledger.find(Person, self._job(person, account).person_id)
        changes = [] if row is None else [Change("person", row.id, {"need": text}, base=row.version)]
        return self._context.ledger.save(changes, edit_id=edit_id)

    # How far they are ----------------------------------------------------------------------------------------------

    def set_stage(
        self,
        person: str,
        account: str,
        offering: str,
        stage: str | None,
        *,
        route: str | None = None,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """How far this person is with an offering (attention, interest, desire, action), and over which route.

        ``stage`` None removes it. ``base`` is the version the user saw; the same ``edit_id`` again writes nothing. An
        offering that is not in the workspace yet is entered with it.
        """
        job = self._job(person, account)
        (name,), new = offering_keys(self._context.ledger, [clean_key(offering, "offering")])
        present = self.pursuits(account, person=person)
        same = next((p for p in present if p.offering.casefold() == name.casefold()), None)
        seen = base if base is not None or same is None else same.version
        if stage is None:
            voided = [] if same is None else [Change("pursuit", same.id, {"is_void": 1}, seen)]
            return self._context.ledger.save(voided, edit_id=edit_id)
        fields: dict[str, Value] = {
            "employment_id": job.id,
            "person_id": job.person_id,
            "account_id": job.account_id,
            "offering": same.offering if same else name,
            "stage": as_word(Stage, stage, "stage").value,
        }
        if route is not None:
            fields["route"] = as_word(Route, route, "route").value
        # The id of a new one is natural, so that two who begin it at once do not make two.
        change = Change("pursuit", same.id, fields, seen) if same else _new_pursuit(job, name, fields)
        return self._context.ledger.save([*new, change], edit_id=edit_id)

    def pursuits(self, account: str, *, person: str | None = None) -> list[Pursuit]:
        """How far the people of an account are, by offering and person."""
        home = get_account(self._context.ledger, account)
        job = None if person is None else self._job(person, account)
        rows = self._context.ledger.as_of(entities.Pursuit, account_id=home.id)
        found = [
            Pursuit(
                id=row.id,
                employment=row.employment_id,
                person=row.person_id or "",
                account=row.account_id,
                offering=row.offering,
                version=row.version,
                stage=Stage(row.stage or ""),
                route=Route(row.route) if row.route else None,
            )
            for row in rows
            if job is None or row.employment_id == job.id
        ]
        return sorted(found, key=lambda p: (p.offering, p.person))

    def rhythm(self, account: str) -> list[Rhythm]:
        """When was the last real contact with each person who is there, and when is the next planned?

        A voice, value given, a step with an offering and a kept commitment are contacts; a verification alone is none.
        People without contact for the longest time come first.
        """
        context = self._context
        home = get_account(context.ledger, account).id
        jobs = [job for job in context.ledger.as_of(Employment, account_id=home) if not job.end_kind]
        people = context.rows(Person, (job.person_id for job in jobs))
        notes = [note for note in context.ledger.as_of(Note, account_id=home) if note.kind in HEARD]
        steps = context.ledger.as_of(entities.Pursuit, account_id=home)
        contacts = [(note.person_id, self._heard_on(note)) for note in notes]
        contacts += [(step.person_id, local_day(step.at, context.zone)) for step in steps]
        given = context.ledger.as_of(entities.ValueGiven, account_id=home)
        contacts += [(each.person_id, date.fromisoformat(each.given_on)) for each in given]
        plans = {plan.employment_id: plan for plan in context.ledger.as_of(PlannedContact, account_id=home)}
        commitments = context.ledger.as_of(Commitment, account_id=home)
        found = []
        for job in jobs:
            own = [c for c in commitments if c.employment_id == job.id]
            kept = [date.fromisoformat(c.done_on) for c in own if c.outcome == Outcome.KEPT and c.done_on]
            ahead = [date.fromisoformat(c.due_on) for c in own if not c.outcome]
            last = max([*kept, *(day for person, day in contacts if person == job.person_id)], default=None)
            holder = people.get(job.person_id)
            name = holder.name if holder else None
            plan = plans.get(job.id)
            planned = date.fromisoformat(plan.planned_on) if plan and plan.planned_on else None
            ahead += [planned] if planned and planned >= context.today() else []
            version = plan.version if plan else 0
            found.append(Rhythm(job.person_id, job.id, name, last, min(ahead, default=None), planned, version))
        return sorted(found, key=lambda r: (r.last or date.min, r.holder or "", r.person))

    def plan_contact(
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
        job, day = self._job(person, account), as_day(on or None, "on")
        if day is not None and day < self._context.today().isoformat():
            raise BadInput("contact.past", N_("{day} has passed; plan the contact for today or later."), day=day)
        present = self._context.ledger.find(PlannedContact, job.id)
        seen = base if base is not None else present.version if present else 0
        fields: dict[str, Value] = {
            "account_id": job.account_id,
            "employment_id": job.id,
            "person_id": job.person_id,
            "planned_on": day,
        }
        return self._context.ledger.save([Change("planned_contact", job.id, fields, base=seen)], edit_id=edit_id)

    def calendar(self, account: str) -> str:
        """The planned contacts of an account from today on, as the text of an ``.ics`` file."""
        context, home = self._context, get_account(self._context.ledger, account)
        planned = [each for each in self.rhythm(home.id) if each.planned and each.planned >= context.today()]
        summary = N_("{name} ({account})")
        entries = [
            (f"contact-{each.employment}", context.t(summary, name=each.holder or "–", account=home.name), each.planned)
            for each in planned
            if each.planned
        ]
        return planned_days(entries, made_at=context.now())

    def _job(self, person: str, account: str) -> Employment:
        ledger = self._context.ledger
        return get_employment(ledger, get_account(ledger, account).id, person)


def _new_pursuit(job: Employment, offering: str, fields: dict[str, Value]) -> Change:
    return Change("pursuit", f"{job.id}:{name_key(offering)}", fields, base=0)
