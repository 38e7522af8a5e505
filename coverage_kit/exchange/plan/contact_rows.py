"""The rows of a contact list that can be used: the person, the account, and whether the person is there still."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.leads import is_lead
from coverage_kit.exchange.plan.cells import (
    find_email,
    find_phone,
    has_hangul,
    has_lost_letters,
    is_nothing,
    restore_zero,
)
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, Row
from coverage_kit.exchange.plan.namesakes import Reach
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.exchange.plan.person_names import PersonCells, is_nobody, is_several, read_person
from coverage_kit.i18n import N_

#: A name of which some letters are hidden: 김**, 홍OO.
_MASKED = re.compile(r"[*○●]|[가-힣][OoXx]{1,2}(?![a-z])")
_LOST = N_("letters of this name were lost; export the file again as UTF-8, or write the name")


@dataclass(slots=True)
class Contact:
    """A row that can be used, and what the plan found out about it."""

    number: int
    record: str
    modified_on: str
    kept: bytes
    account: str
    fields: dict[str, Any]
    key: str
    reach: Reach
    status: str
    may_suggest: bool
    #: With the zero that it may have lost in the file.
    phone: str | None
    is_lead: bool = False
    employment: str = ""
    is_new: bool = False
    is_new_person: bool = False
    has_moved: bool = False

    @property
    def digest(self) -> str:
        """What a row that waits for a decision is known by the next time: nothing of it is kept."""
        return hashlib.sha256(self.kept).hexdigest()[:32]


class _NameChecks(NamedTuple):
    """What a name says of itself: the key it is compared by, and why it cannot be taken (a code and a message)."""

    key: str
    code: str
    message: str
    is_lead: bool


class ContactRows:
    """Reads the rows of a contact list; those that cannot be used become problems of the plan.

    Parameters
    ----------
    plan : ImportPlan
    accounts : ContactAccounts
    owners : Owners
    """

    def __init__(self, plan: ImportPlan, accounts: ContactAccounts, owners: Owners) -> None:
        self._plan = plan
        self._accounts = accounts
        self._owners = owners
        self._is_ours = plan.table.is_ours
        # A list has the same names and companies many times, and each is looked at once.
        self._names: dict[str, _NameChecks] = {}
        self._lost: dict[str, bool] = {}
        self._nothing: set[str] = set()

    def read(self, row: FileRow) -> Contact | None:
        """The contact of a row; None if the row was rejected."""
        cells = row.cells
        name, title, status = read_named(self._plan, cells)
        account_name = cells.get("account", "")
        has_lost = self._lost.get(account_name)
        if has_lost is None:
            has_lost = self._lost[account_name] = not self._is_ours and has_lost_letters(account_name)
            if not self._is_ours and is_nothing(account_name):
                self._nothing.add(account_name)
        if account_name in self._nothing:
            cells.pop("account", None)
        if not name or not (cells.get("account") or cells.get("account_key")):
            missing = "account" if name else "name"
            self._plan.reject(
                row.number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it")
            )
            return None
        checks = self._names.get(name)
        if checks is None:
            checks = self._names[name] = self._check_name(name)
        if checks.code or has_lost:
            self._reject_name(row, name, checks)
            return None
        account = self._accounts.find(row)
        if account is None:
            return None
        email, phone = email_of(cells), cells.get("phone")
        if phone is not None and not self._is_ours:
            phone = find_phone(phone) or None
        if phone is None and cells.get("phone"):
            self._plan.leave_out(
                row.number, "phone", "field.damaged", cells["phone"],
                N_("a spreadsheet damaged this number; the person is imported without it"),
            )  # fmt: skip
        whole = phone
        if phone is not None and phone.isdigit() and not self._is_ours:
            whole = restore_zero(phone, is_korean=has_hangul(name, account_name))
        if email is None and cells.get("email"):
            self._plan.leave_out(
                row.number, "email", "contact.email", cells["email"],
                N_("this is not an e-mail address; the person is taken without it"),
            )  # fmt: skip
        if cells.get("owner"):
            self._owners.find(row.number, cells["owner"])
        fields = {
            "name": name,
            "email": email,
            "phone": phone,
            "title": title or None,
            "department": cells.get("department"),
        }
        return Contact(
            row.number, cells.get("record", ""), cells.get("modified_on", ""), row.kept,
            account, fields, checks.key, Reach.of(email, whole), status, row.may_suggest, whole, checks.is_lead,
        )  # fmt: skip

    def _check_name(self, name: str) -> _NameChecks:
        code = message = ""
        if not self._is_ours and is_nobody(name):
            code = "contact.nobody"
            message = N_("this is nobody's name; write the person's name, or leave the row out")
        elif not self._is_ours and has_lost_letters(name):
            code, message = "contact.lost_letters", _LOST
        elif is_several(name):
            code, message = "contact.two_people", N_("this cell holds two people; give each a row")
        return _NameChecks(name_key(name), code, message, is_lead(name) or _MASKED.search(name) is not None)

    def _reject_name(self, row: FileRow, name: str, checks: _NameChecks) -> None:
        """Reject a row for its person's name, else for letters of the account's name that were lost."""
        code, message = checks.code, checks.message
        if code:
            self._plan.reject(row.number, "name", code, row.cells.get("name", name), message)
        else:
            self._plan.reject(row.number, "account", "contact.lost_letters", row.cells["account"], _LOST)


def read_named(plan: ImportPlan, cells: Mapping[str, str]) -> PersonCells:
    """The person whom a row names; our own exports keep a name as it was written here."""
    if plan.table.is_ours:
        return PersonCells(cells.get("name", ""), cells.get("title", ""), cells.get("status", ""))
    return read_person(cells)


def email_of(cells: Row) -> str | None:
    """The e-mail of a row, where it can be one."""
    email = cells.get("email")
    return find_email(email) if email else None
