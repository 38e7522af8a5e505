"""What a conversation teaches about a person: still there, role changed, what they need, how far they are.

Source: the method, sections 3 to 5, and the data model, section 4 (docs/reference/method.md, docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Route, Stage
from coverage_kit.domain.identifiers import clean_key, name_key
from coverage_kit.rules.findings import check_there, role_changes, try_changes
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.offerings import offering_keys
from coverage_kit.rules.verification import Check, check_day, check_how, confirm_changes, held_roles
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Employment, Person, Value


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

    def _job(self, person: str, account: str) -> Employment:
        ledger = self._context.ledger
        return get_employment(ledger, get_account(ledger, account).id, person)


def _new_pursuit(job: Employment, offering: str, fields: dict[str, Value]) -> Change:
    return Change("pursuit", f"{job.id}:{name_key(offering)}", fields, base=0)
