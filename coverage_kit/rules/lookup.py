"""Find accounts, colleagues, people and role lists by what users write: a key, an id or a name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from coverage_kit.domain.identifiers import clean_key, clean_text, name_key
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_
from coverage_kit.role_lists.applying import LISTS_APPLIED
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Employment, Event, Person, Staff, Template


def get_account(ledger: Ledger, text: str) -> Account:
    """The account of that key, or of that name if only one has it.

    Raises
    ------
    NotFound
        None or several.
    """
    account = ledger.find(Account, clean_key(text, "account"))
    if account is not None:
        return _kept(ledger, account)
    key = name_key(text)
    rows = ledger.columns(Account, ("id", "name_key", "merged_into"))
    same = {each: into for each, own, into in rows if own == key}
    # A company that was merged keeps its name as another name of the one that stays.
    named = sorted(each for each, into in same.items() if not into) or sorted(same)[:1]
    if len(named) > 1:
        raise NotFound(
            "account.several",
            N_("'{name}' is the name of several accounts; use one of their keys: {keys}."),
            name=text,
            keys=named,
        )
    account = ledger.find(Account, named[0]) if named else None
    if account is None:
        raise NotFound("account.unknown", N_("No account '{name}' here; import it or check the spelling."), name=text)
    return _kept(ledger, account)


def _kept(ledger: Ledger, account: Account) -> Account:
    """The account itself, or the one that it was merged into."""
    while account.merged_into and (found := ledger.find(Account, account.merged_into)) is not None:
        account = found
    return account


def get_accounts(ledger: Ledger, texts: Sequence[str]) -> list[Account]:
    """The accounts of those keys or names, each once; keys are read together.

    Raises
    ------
    NotFound
        One of them is none, or several.
    """
    keys = {text: clean_key(text, "account") for text in texts}
    found_rows = ledger.as_of(Account, id=[*keys.values()]) if keys else []
    by_key = {each.id: _kept(ledger, each) for each in found_rows}
    found = (by_key.get(key) or get_account(ledger, text) for text, key in keys.items())
    return list({each.id: each for each in found}.values())


def find_staff(ledger: Ledger, text: str) -> Staff | None:
    """One of our people by key, or by name if only one has it; None if there is nobody of that key or name.

    Raises
    ------
    NotFound
        Several have that name.
    """
    key = clean_key(text, "staff")
    everyone = ledger.as_of(Staff)
    exact = [each for each in everyone if each.id == key]
    named = exact or [each for each in everyone if each.name == key]
    if len(named) > 1:
        raise NotFound(
            "staff.several",
            N_("'{name}' is the name of several colleagues; use one of their keys: {keys}."),
            name=text,
            keys=sorted(each.id for each in named),
        )
    return named[0] if named else None


def get_staff(ledger: Ledger, text: str) -> Staff:
    """One of our people by key, or by name if only one has it.

    Raises
    ------
    NotFound
        None or several.
    """
    found = find_staff(ledger, text)
    if found is None:
        known = sorted(each.id for each in ledger.as_of(Staff))
        raise NotFound(
            "staff.unknown",
            N_("No colleague is called '{name}'; known are: {known}."),
            name=text,
            known=known[:12] or "–",
        )
    return found


def find_author(ledger: Ledger, today: date) -> Staff | None:
    """The colleague in whose name is written, by key or login; None if it is nobody who is with us."""
    row = ledger.find(Staff, ledger.actor)
    if row is None:
        row = next((each for each in ledger.as_of(Staff) if each.login == ledger.actor), None)
    return None if row is None or (row.ended_on and row.ended_on <= today.isoformat()) else row


def find_employment(ledger: Ledger, account_id: str, person: str) -> Employment | None:
    """The employment of a person at an account; those still there come before those who left.

    Parameters
    ----------
    ledger : Ledger
    account_id : str
    person : str
        Id or name. A name that only people who left have finds nobody: it may be a new person. An id says who is meant.

    Raises
    ------
    NotFound
        Several people of that name are there.
    """
    person = clean_text(person, "person")
    employments = ledger.as_of(Employment, account_id=account_id)
    people = ledger.columns(Person, ("id", "name_key"), id=[each.person_id for each in employments])
    key = name_key(person)
    meant = {person} | {each for each, own in people if own == key != ""}
    matches = [each for each in employments if each.person_id in meant]
    present = [each for each in matches if each.end_kind is None]
    if len(present) > 1:
        raise NotFound(
            "person.several",
            N_("Several people of that name are at account {account}; use one of their ids: {ids}."),
            account=account_id,
            ids=sorted(each.person_id for each in present),
        )
    if present:
        return present[0]
    ended = next((each for each in matches if each.person_id == person), None)
    if ended is None and not matches and (row := ledger.find(Person, person)) is not None and row.merged_into:
        return find_employment(ledger, account_id, row.merged_into)
    return ended


def get_employment(ledger: Ledger, account_id: str, person: str) -> Employment:
    """The employment of a person at an account.

    Raises
    ------
    NotFound
        Nobody, or several.
    """
    found = find_employment(ledger, account_id, person)
    if found is None:
        raise no_person(account_id)
    return found


def no_person(account_id: str) -> NotFound:
    """The error for a person who is not at an account."""
    return NotFound(
        "person.unknown",
        N_("Nobody of that id or name is at account {account} now; look at the account's people first."),
        account=account_id,
    )


def role_lists(ledger: Ledger, at: int | None = None) -> RoleLists:
    """The role lists in force at an instant (UTC milliseconds); now by default."""
    is_applied = ledger.find(Event, LISTS_APPLIED, at) is not None
    return _role_lists(tuple(ledger.columns(Template, ("id", "body"), at)), is_applied)


@lru_cache(maxsize=4)
def _role_lists(lists: tuple[tuple[str, str], ...], is_applied: bool) -> RoleLists:
    """The same lists are read once: every edit asks for them."""
    return RoleLists(lists, is_applied=is_applied)
