"""A check that somebody is still there and in the role: by whom, on which day, how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coverage_kit.domain.vocabulary import VerifiedHow
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word, past_day
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Employment, Slot, Value


@dataclass(frozen=True, slots=True)
class Check:
    """One verification: the day, one of our people, and how (a word of ``VerifiedHow``, or not said)."""

    on: str
    by: str
    how: str | None

    def fields(self) -> dict[str, Value]:
        """The columns that a slot and an employment keep of it."""
        return {"verified_on": self.on, "verified_by": self.by, "verified_how": self.how}


def check_day(value: str | date | None, field: str, today: date) -> str | None:
    """The day of a check, never after today; None if none is given."""
    return past_day(value, field, today, code="slot.verified_ahead")


def check_how(value: str) -> str:
    """How a check was made, as the ledger keeps it."""
    return as_word(VerifiedHow, value, "verified_how").value


def is_newer(verified_on: str | None, day: str) -> bool:
    """Whether a check that stands is newer than one of a day: an older check never replaces a newer one."""
    return (verified_on or "") > day


def still_there(job: Employment) -> Change:
    """Writes nothing, but is a conflict if somebody records a departure of this person before the edit is saved."""
    return Change("employment", job.id, {"end_kind": job.end_kind}, base=job.version)


def still_held(slot: Slot) -> Change:
    """Writes nothing, but is a conflict if the slot gets another holder before the edit is saved."""
    return Change("slot", slot.id, {"employment_id": slot.employment_id}, base=slot.version)


def held_slots(ledger: Ledger, job: Employment) -> list[Slot]:
    """The slots that a person holds at an account."""
    return [slot for slot in ledger.as_of(Slot, account_id=job.account_id) if slot.employment_id == job.id]


def held_roles(ledger: Ledger, job: Employment) -> list[str]:
    """The required roles that a person holds at an account."""
    return [slot.role for slot in held_slots(ledger, job)]


def confirm_changes(ledger: Ledger, job: Employment, check: Check, roles: list[str] | None = None) -> list[Change]:
    """The rows that say that a person is still there: their slots, and the employment.

    Each names the holder, and that nobody has left, on the version that was read: if another edit gives the slot to
    somebody else before this one is saved, it is a conflict and no check lands on the wrong person.

    Parameters
    ----------
    ledger : Ledger
    job : Employment
    check : Check
    roles : list of str, optional
        Only these of the roles they hold; all by default.

    Raises
    ------
    BadInput
        They do not hold one of these roles any more.
    """
    held = held_slots(ledger, job)
    if not set(roles or ()) <= {slot.role for slot in held}:
        raise BadInput(
            "person.not_holder",
            N_("This person no longer holds all of these positions. Look at the account again, then confirm."),
        )
    changes = [
        Change("slot", slot.id, {"employment_id": job.id, **check.fields()}, base=slot.version)
        for slot in held
        if roles is None or slot.role in roles
    ]
    there = still_there(job)
    if is_newer(job.verified_on, check.on):
        return [*changes, there]
    return [*changes, there._replace(fields={**there.fields, **check.fields()})]
