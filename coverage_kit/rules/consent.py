"""Consent of people to messages: given, withdrawn, reminded of; and the opt-out, which stands above all."""

from __future__ import annotations

from datetime import date

from coverage_kit.domain.consent import Scope
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_day, past_day
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Consent, Person, Value

#: Characters of the text that says where a consent was given.
_LONGEST = 200


def consent_change(
    ledger: Ledger,
    person: Person,
    scope: Scope,
    source: str,
    *,
    on: str | date | None,
    until: str | date | None,
    today: date,
) -> Change:
    """The row of a consent that a person gave.

    Raises
    ------
    BadInput
        No source, a day ahead, or the person opted out of all messages.
    """
    source = clean_text(source, "source")
    if not source or len(source) > _LONGEST:
        raise BadInput(
            "consent.source", N_("Write where the consent was given, in {most} characters at the most."), most=_LONGEST
        )
    given_on = past_day(on, "on", today) or today.isoformat()
    if person.opted_out_on is not None:
        raise BadInput(
            "consent.opted_out",
            N_("{name} opted out of all messages on {day}. If they asked for messages again, lift the opt-out first."),
            name=person.name or person.id,
            day=person.opted_out_on,
        )
    row = ledger.find(Consent, f"{person.id}:{scope}")
    fields: dict[str, Value] = {
        "person_id": person.id,
        "scope": scope.value,
        "source": source,
        "given_on": given_on,
        "until": as_day(until, "until"),
        "withdrawn_on": None,
        "reminded_on": None,
    }
    return Change("consent", f"{person.id}:{scope}", fields, base=0 if row is None else row.version)


def get_consent(ledger: Ledger, person: Person, scope: Scope) -> Consent:
    """The consent of a person.

    Raises
    ------
    NotFound
        None was recorded.
    """
    row = ledger.find(Consent, f"{person.id}:{scope}")
    if row is None:
        raise NotFound("consent.none", N_("No consent of {name} is recorded."), name=person.name or person.id)
    return row


def withdrawn_change(row: Consent, on: str | date | None, today: date) -> Change:
    """The row that takes a consent back."""
    return Change("consent", row.id, {"withdrawn_on": past_day(on, "on", today) or today.isoformat()}, row.version)


def reminded_change(row: Consent, on: str | date | None, today: date) -> Change:
    """The row that says when a person was reminded of a consent."""
    return Change("consent", row.id, {"reminded_on": past_day(on, "on", today) or today.isoformat()}, row.version)


def opt_out_change(person: Person, on: str | date | None, today: date, *, is_lifted: bool = False) -> Change:
    """The row that says that a person wants no messages at all, or that they asked for messages again."""
    day = None if is_lifted else past_day(on, "on", today) or today.isoformat()
    return Change("person", person.id, {"opted_out_on": day}, person.version)
