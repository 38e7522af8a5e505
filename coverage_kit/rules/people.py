"""What is written of a person at an account: that they are gone, and what their details are.

Functions return the changes of one edit and write nothing; ``Workspace`` saves them.
Source: the data model, section 4 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from coverage_kit.domain import ladder
from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.domain.vocabulary import EndKind
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.rules.slots import as_day, as_word, find_row, no_person, one_employment
from coverage_kit.store import Change, Ledger, new_id

#: What may be said of a person, and of their employment.
_PERSON = ("name", "phone", "email", "need")
_EMPLOYMENT = ("title", "department")


def departure_changes(
    ledger: Ledger,
    person: str,
    account_id: str,
    *,
    kind: str,
    ended_on: str | date | None = None,
    moved_to: str | None = None,
) -> list[Change]:
    """The rows that record that a person is gone: one on the employment, and a new one where they moved to.

    Slots are not written: the ladder sees the employment, and all roles of the person go dark at once.

    Parameters
    ----------
    ledger : Ledger
        Read for what is there now.
    person : str
        Id or name of somebody employed at the account.
    account_id : str
        The account left.
    kind : str
        ``left``, ``retired`` or ``moved``.
    ended_on : str or date, optional
        First day gone; may be unknown or ahead.
    moved_to : str, optional
        Id of the account the person moved to; whoever is there already is there once.
    """
    employment = one_employment(ledger, account_id, person)
    if employment is None:
        raise no_person(account_id)
    fields = {
        "end_kind": as_word(EndKind, kind, "kind").value,
        "ended_on": day_there(employment, ended_on, "ended_on"),
        "moved_to": moved_to,
    }
    changes = [Change("employment", employment["id"], fields)]
    there = None if moved_to is None else one_employment(ledger, moved_to, employment["person_id"])
    if moved_to is not None and (there is None or there["end_kind"] is not None):
        changes.append(
            Change("employment", new_id("em"), {"person_id": employment["person_id"], "account_id": moved_to}, base=0)
        )
    return changes


def detail_changes(
    ledger: Ledger,
    account_id: str,
    person: str,
    details: Mapping[str, str | None],
    *,
    bases: Mapping[str, int] | None = None,
) -> list[Change]:
    """The rows that set a person's details: name, phone, email, need; title and department at the account.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there.
    details : mapping
        What to set; an empty text clears, but a name stays a name.
    bases : mapping, optional
        The versions the user saw: of the ``person``, and of the ``employment``.
    """
    seen = bases or {}
    employment = one_employment(ledger, account_id, person)
    if employment is None:
        raise no_person(account_id)
    unknown = sorted(details.keys() - {*_PERSON, *_EMPLOYMENT})
    if unknown:
        raise BadInput("person.field", N_("A person has no detail called {names}."), names=unknown)
    texts = {key: clean_text(value or "", key) or None for key, value in details.items()}
    of_person = {key: texts[key] for key in _PERSON if key in texts}
    if "name" in of_person:
        name = clean_key(of_person["name"] or "", "name")
        of_person |= {"name": name, "name_key": name_key(name)}
    of_employment = {key: texts[key] for key in _EMPLOYMENT if key in texts}
    changes = []
    if of_person and find_row(ledger, "person", employment["person_id"]):
        changes.append(Change("person", employment["person_id"], of_person, base=seen.get("person")))
    if of_employment:
        changes.append(Change("employment", employment["id"], of_employment, base=seen.get("employment")))
    return changes


def is_gone(employment: Mapping[str, Any], day: date) -> bool:
    """Whether somebody is no longer at the account on a day."""
    kind, ended_on = employment["end_kind"], employment["ended_on"]
    return ladder.gone(
        ladder.Employment(EndKind(kind) if kind else None, date.fromisoformat(ended_on) if ended_on else None), day
    )


def day_there(employment: Mapping[str, Any], value: str | date | None, field: str) -> str | None:
    """A day of a person at an account, as it is stored; None where none is given.

    Raises
    ------
    BadInput
        Not a day, or before the person began there.
    """
    day = as_day(value, field)
    if day is not None and day < (employment["started_on"] or ""):
        raise BadInput(
            "employment.before_start",
            N_("{day} is before this person began there ({started}); look at the day again."),
            day=day,
            started=employment["started_on"],
        )
    return day


def day_past(value: str | date | None, field: str, today: date) -> str | None:
    """A day on which something has happened, as it is stored; None where none is given.

    Raises
    ------
    BadInput
        Not a day, or after today.
    """
    day = as_day(value, field)
    if day is not None and day > today.isoformat():
        raise BadInput(
            "field.ahead",
            N_("{day} is after today ({today}); write a day on which it has happened."),
            day=day,
            today=today.isoformat(),
        )
    return day
