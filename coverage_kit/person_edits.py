"""What mending a person's details writes.

It returns the changes of one edit and writes nothing; ``Workspace`` saves them.
Source: the data model, section 4 (docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Mapping

from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.edits import find_row, no_person, one_employment
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.store import Change, Ledger

#: What may be said of a person, and of their employment.
_PERSON = ("name", "phone", "email", "need")
_EMPLOYMENT = ("title", "department")


def detail_changes(ledger: Ledger, account_id: str, person: str, details: Mapping[str, str | None]) -> list[Change]:
    """The rows that set a person's details: name, phone, email, need; title and department at the account.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name of somebody employed there.
    details : mapping
        What to set; an empty text clears, but a name stays a name.
    """
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
        changes.append(Change("person", employment["person_id"], of_person))
    if of_employment:
        changes.append(Change("employment", employment["id"], of_employment))
    return changes
