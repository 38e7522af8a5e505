"""What a list holds: companies, people at companies, or our own people; read as another kind it would be nonsense."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.columns import STAFF_KEYS
from coverage_kit.exchange.plan.company_names import company_core
from coverage_kit.exchange.plan.hints import holds_people

#: Columns that only companies have, and others that speak for one.
_OF_COMPANIES = ("industry", "segment", "region", "value", "offerings")
#: Columns by which a list of people shows itself.
_OF_PEOPLE = ("title", "first_name", "last_name", "department", "email", "phone")
_STAFF_KEYS = frozenset(map(name_key, STAFF_KEYS))

#: Our column to the columns of theirs that it would be read from.
Read = Mapping[str, Sequence[str]]
#: Their column to its cells.
Cells = Mapping[str, Sequence[str]]


def looks_like(kind: str, read: Mapping[str, Read], cells: Cells) -> tuple[str, list[str]]:
    """The kind of list that a file is instead of the one it is read as, and the columns that show it.

    Parameters
    ----------
    kind : str
        ``accounts``, ``contacts`` or ``staff``.
    read : mapping
        By kind, what the columns would be read as.
    cells : mapping
        Cells of each of their columns.

    Returns
    -------
    tuple
        ``("", [])`` where it may be what it is read as.
    """
    return _INSTEAD_OF[kind](read["accounts"], read["contacts"], read["staff"], cells)


def shown_by(kind: str, read: Mapping[str, Read]) -> list[str]:
    """The columns that show a list to be of a kind; none where they say too little."""
    found = read[kind]
    if kind == "accounts":
        telling = ["name", "key", "owner", *_OF_COMPANIES]
        is_shown = len(found) > 1 or not _is_plain(found.get("name", ()))
    elif kind == "contacts":
        telling = ["account", "account_key", "name", *_OF_PEOPLE]
        is_shown = bool(_any(found, ("account", "title", "first_name", "last_name")))
    else:
        telling = ["key", "name", "function", "manager"]
        is_shown = "function" in found or _has_staff_key(found)
    shown = [*dict.fromkeys(_any(found, telling))]
    return shown if is_shown and (len(shown) > 1 or kind == "accounts") else []


def _instead_of_accounts(accounts: Read, contacts: Read, staff: Read, cells: Cells) -> tuple[str, list[str]]:
    if team := _is_team(staff):
        return "staff", team
    name = accounts.get("name", ())
    company = [each for each in contacts.get("account", ()) if each not in contacts.get("name", ())]
    names = [*contacts.get("first_name", ()), *contacts.get("last_name", ())]
    has_both = "first_name" in contacts and "last_name" in contacts
    own = [each for each in contacts.get("name", ()) if each not in name]
    title = contacts.get("title", ())
    is_plain = _is_plain(name)
    if company and has_both:
        return "contacts", [*company, *names]
    if company and own and title:
        return "contacts", [*company, *own, *title]
    if not is_plain:
        return "", []
    if company or title or has_both:
        return "contacts", [*name, *company, *title, *names]
    if ("function" in staff or _has_staff_key(staff)) and not _any(accounts, _OF_COMPANIES):
        return "staff", [*staff.get("key", ()), *name, *staff.get("function", ())]
    reach = _any(contacts, ("email", "phone"))
    if reach and not _any(accounts, _OF_COMPANIES) and holds_people(cells.get(name[0], ())):
        return "contacts", [*name, *reach]
    return "", []


def _instead_of_contacts(accounts: Read, contacts: Read, staff: Read, cells: Cells) -> tuple[str, list[str]]:
    if team := _is_team(staff):
        return "staff", team
    name = contacts.get("name", ())
    if not name or _any(contacts, ("title", "first_name", "last_name")):
        return "", []
    is_plain = _is_plain(name) and name[0] in accounts.get("name", ())
    companies = _any(accounts, _OF_COMPANIES)
    if is_plain and companies and not _any(contacts, _OF_PEOPLE) and "account" not in contacts:
        return "accounts", [*name, *companies]
    if "account" not in contacts and _holds_companies(cells.get(name[0], ())):
        return "accounts", [*name]
    return "", []


def _instead_of_staff(accounts: Read, contacts: Read, staff: Read, cells: Cells) -> tuple[str, list[str]]:
    if _has_staff_key(staff):
        return "", []
    company = [*contacts.get("account", ()), *contacts.get("account_key", ())]
    person = _any(contacts, ("title", "first_name", "last_name"))
    own = [each for each in contacts.get("name", ()) if each not in accounts.get("name", ()) or company]
    if company and (person or own):
        return "contacts", [*company, *(person or own)]
    companies = [*_any(accounts, (*_OF_COMPANIES, "owner"))]
    if company or (companies and "function" not in staff):
        return "accounts", [*accounts.get("name", ()), *companies] or company
    name = staff.get("name", ())
    if name and "function" not in staff and _holds_companies(cells.get(name[0], ())):
        return "accounts", [*name]
    return "", []


_INSTEAD_OF = {
    "accounts": _instead_of_accounts,
    "contacts": _instead_of_contacts,
    "staff": _instead_of_staff,
}


def _any(read: Read, columns: Sequence[str]) -> list[str]:
    return [theirs for ours in columns for theirs in read.get(ours, ())]


def _is_plain(name: Sequence[str]) -> bool:
    """Whether a column is only called a name, which may be that of anything."""
    return bool(name) and name_key(name[0]) == "name"


def _has_staff_key(staff: Read) -> bool:
    """Whether the key is one that only our own people have: 사번, login."""
    return any(name_key(each) in _STAFF_KEYS for each in staff.get("key", ()))


def _is_team(staff: Read) -> list[str]:
    """The columns by which a list can only be one of our own people, also with their company in it; else none."""
    about = _any(staff, ("function", "manager"))
    return [*staff["key"], *about] if about and _has_staff_key(staff) else []


def _holds_companies(cells: Sequence[str]) -> bool:
    """Whether most of some names have a legal form, as (주) or Inc."""
    filled = [cell for cell in cells if cell.strip()]
    return bool(filled) and 2 * sum(bool(company_core(cell)[1]) for cell in filled) > len(filled)
