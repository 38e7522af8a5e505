"""A person's details: name, phone, e-mail and need; title and department at an account."""

from __future__ import annotations

from collections.abc import Mapping

from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.domain.leads import is_lead
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import get_employment
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import Person, Value

#: The details of a person, and of their employment.
_PERSON = ("name", "phone", "email", "need")
_EMPLOYMENT = ("title", "department")


def detail_changes(
    ledger: Ledger,
    account_id: str,
    person: str,
    details: Mapping[str, str | None],
    *,
    bases: Mapping[str, int] | None = None,
) -> list[Change]:
    """The rows that set a person's details.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there.
    details : mapping
        What to set, of ``name phone email need title department``; an empty text clears, but a name stays a name.
    bases : mapping, optional
        The versions the user saw: of the ``person``, and of the ``employment``.
    """
    seen = bases or {}
    job = get_employment(ledger, account_id, person)
    unknown = sorted(details.keys() - {*_PERSON, *_EMPLOYMENT})
    if unknown:
        raise BadInput("person.field", N_("A person has no detail called {names}."), names=unknown)
    texts: dict[str, Value] = {key: clean_text(value or "", key) or None for key, value in details.items()}
    of_person = {key: texts[key] for key in _PERSON if key in texts}
    if "name" in of_person:
        before = ledger.find(Person, job.person_id)
        check_name(details["name"] or "", before.name if before else None)
        of_person |= name_fields(details["name"] or "")
    of_employment = {key: texts[key] for key in _EMPLOYMENT if key in texts}
    changes = []
    if of_person and ledger.find(Person, job.person_id):
        changes.append(Change("person", job.person_id, of_person, base=seen.get("person")))
    if of_employment:
        changes.append(Change("employment", job.id, of_employment, base=seen.get("employment")))
    return changes


def new_person(account_id: str, name: str, field: str = "name") -> tuple[str, list[Change]]:
    """The rows of a person we did not know and their employment at an account; the employment's id comes first."""
    person_id, employment_id = new_id("pe"), new_id("em")
    job: dict[str, Value] = {"person_id": person_id, "account_id": account_id}
    return employment_id, [
        Change("person", person_id, name_fields(name, field), base=0),
        Change("employment", employment_id, job, base=0),
    ]


def name_fields(name: str, field: str = "name") -> dict[str, Value]:
    """The columns that a person's name fills."""
    clean = clean_key(name, field)
    return {"name": clean, "name_key": name_key(clean)}


def check_name(name: str, before: str | None = None) -> None:
    """Check that a name is more than a lead; one that is written already stays.

    Raises
    ------
    BadInput
        A surname or a title alone: nobody is known by it.
    """
    if name != before and is_lead(name):
        raise BadInput(
            "person.lead",
            N_(
                "“{name}” is a lead, not a name yet, so nothing is counted. A lead is a good start: ask for the full name,"
                " then write it here."
            ),
            name=name[:40],
        )
