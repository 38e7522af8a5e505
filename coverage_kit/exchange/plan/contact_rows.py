"""The rows of a contact list that can be used: the person, the account, and whether the person is there still."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import find_email, find_phone, has_lost_letters, is_nothing
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.import_plan import FileRow, ImportPlan, Row
from coverage_kit.exchange.plan.namesakes import Reach
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.exchange.plan.person_names import PersonCells, is_nobody, is_several, read_person
from coverage_kit.i18n import N_


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
    employment: str = ""
    is_new: bool = False
    is_new_person: bool = False
    has_moved: bool = False

    @property
    def digest(self) -> str:
        """What a row that waits for a decision is known by the next time: nothing of it is kept."""
        return hashlib.sha256(self.kept).hexdigest()[:32]


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
        self._keys: dict[str, str] = {}

    def read(self, row: FileRow) -> Contact | None:
        """The contact of a row; None if the row was rejected."""
        cells = row.cells
        name, title, status = read_named(self._plan, cells)
        if not self._is_ours and cells.get("account") and is_nothing(cells["account"]):
            cells.pop("account")
        if not name or not (cells.get("account") or cells.get("account_key")):
            missing = "account" if name else "name"
            self._plan.reject(
                row.number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it")
            )
            return None
        if not self._is_ours and is_nobody(name):
            self._plan.reject(
                row.number, "name", "contact.nobody", cells.get("name", name),
                N_("this is nobody's name; write the person's name, or leave the row out"),
            )  # fmt: skip
            return None
        lost = next((ours for ours in ("name", "account") if has_lost_letters(cells.get(ours, ""))), None)
        if lost is not None and not self._is_ours:
            self._plan.reject(
                row.number, lost, "contact.lost_letters", cells[lost],
                N_("letters of this name were lost; export the file again as UTF-8, or write the name"),
            )  # fmt: skip
            return None
        if is_several(name):
            self._plan.reject(
                row.number, "name", "contact.two_people", name,
                N_("this cell holds two people; give each a row"),
            )  # fmt: skip
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
        key = self._keys.get(name)
        if key is None:
            key = self._keys[name] = name_key(name)
        return Contact(
            row.number, cells.get("record", ""), cells.get("modified_on", ""), row.kept,
            account, fields, key, Reach.of(email, phone), status,
        )  # fmt: skip


def read_named(plan: ImportPlan, cells: Mapping[str, str]) -> PersonCells:
    """The person whom a row names; our own exports keep a name as it was written here."""
    if plan.table.is_ours:
        return PersonCells(cells.get("name", ""), cells.get("title", ""), cells.get("status", ""))
    return read_person(cells)


def email_of(cells: Row) -> str | None:
    """The e-mail of a row, where it can be one."""
    email = cells.get("email")
    return find_email(email) if email else None
