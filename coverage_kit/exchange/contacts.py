"""Contacts of a file against the people we know: people and employments, never a slot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.exchange.company_names import AccountFinder
from coverage_kit.exchange.namesakes import Reach, match_namesakes
from coverage_kit.exchange.owners import Owners
from coverage_kit.exchange.plan import (
    FileRow,
    ImportPlan,
    LastExport,
    Present,
    Row,
    account_id,
    is_newer_export,
    template_ids,
)
from coverage_kit.i18n import N_

_EMAIL = re.compile(r"[^@\s<>()\[\],;:\"]+@[\w-]+(\.[\w-]+)+")
_OWN, _WORK = ("name", "email", "phone"), ("title", "department")


@dataclass(slots=True)
class _Contact:
    """A row that can be used, and what it was found to be."""

    row: FileRow
    account: str
    fields: dict[str, Any]
    key: str
    reach: Reach
    employment: str = ""
    is_new: bool = False
    is_new_person: bool = False

    @property
    def ext_id(self) -> str:
        """What the export calls this row: its own id, else the employment's."""
        return self.row.cells.get("record") or self.employment


class ContactPlan:
    """What a file of contacts changes.

    A contact is who the export's own id says, where the name or the e-mail or phone agrees; else the person of that
    name at that account whom nothing contradicts; where several could be meant, the row is not taken. The same person
    at another account needs evidence: the same e-mail or phone.

    Parameters
    ----------
    plan : ImportPlan
        Added to.
    present : mapping
    last : LastExport
    default : str
        Template of accounts that nobody has yet.
    new_id : callable
    """

    def __init__(
        self, plan: ImportPlan, present: Present, last: LastExport, default: str, new_id: Callable[[str], str]
    ) -> None:
        self._plan = plan
        self._last = last
        self._new_id = new_id
        self._templates = template_ids(present, "", default)
        self._owners = Owners(plan, present["staff"])
        self._accounts = {row["id"]: row["name"] for row in present["account"]}
        self._finder = AccountFinder(self._accounts.items())
        self._account_of: dict[tuple[str, str], str | None] = {}
        self._people: dict[str, Row] = {row["id"]: row for row in present["person"]}
        self._jobs = {row["id"]: row for row in present["employment"] if row["person_id"] in self._people}
        self._same = {row: ext_id for ext_id, row in last.rows.items()}

    def build(self, rows: Iterable[FileRow]) -> None:
        """Fill the plan."""
        contacts: list[_Contact] = []
        unchanged: dict[str, tuple[int, str]] = {}
        named: set[str] = set()
        for row in rows:
            ext_id = self._same.get(row.kept)
            employment = "" if ext_id is None else self._last.entities[ext_id]
            if ext_id is not None and employment in self._jobs:
                # It says what the last export said, so it changes nothing.
                unchanged[employment] = (row.number, ext_id)
                named.add(ext_id)
                self._plan.count("unchanged")
            elif (contact := self._usable(row)) is not None:
                contacts.append(contact)
        self._match(contacts, set(unchanged))
        self._apply(contacts, unchanged)
        named |= {contact.ext_id for contact in contacts}
        self._plan.returned = sorted(self._last.missing & named)
        if not self._plan.table.is_rejects:
            listed = {contact.employment for contact in contacts} | set(unchanged)
            self._plan.missing = self._missing(named, listed)

    # Which account -------------------------------------------------------------------------------------------------

    def _usable(self, row: FileRow) -> _Contact | None:
        cells = row.cells
        name = cells.get("name") or _full_name(cells)
        if not name or not (cells.get("account") or cells.get("account_key")):
            missing = "account" if name else "name"
            self._plan.reject(
                row.number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it")
            )
            return None
        account = self._account(row)
        if account is None:
            return None
        email, phone = cells.get("email"), cells.get("phone")
        if email and not _EMAIL.fullmatch(email):
            self._plan.leave_out(
                row.number, "email", "contact.email", email,
                N_("this is not an e-mail address; the person is taken without it"),
            )  # fmt: skip
            email = None
        if cells.get("owner"):
            self._owners.find(row.number, cells["owner"])
        fields = {
            "name": name,
            "email": email,
            "phone": phone,
            "title": cells.get("title"),
            "department": cells.get("department"),
        }
        return _Contact(row, account, fields, name_key(name), Reach.of(email, phone))

    def _account(self, row: FileRow) -> str | None:
        """The account that a row names by key or name; one that nobody has yet is added, to be confirmed."""
        key, name = row.cells.get("account_key", ""), row.cells.get("account", "")
        known = self._account_of.get((key, name))
        if known is None:
            known = self._account_of[key, name] = self._find_account(row, key, name)
        return known

    def _find_account(self, row: FileRow, key: str, name: str) -> str | None:
        for each in (key, name):
            if each in self._accounts:
                return each
        found = self._finder.find(name) if name else None
        if found is not None and len(found.ids) > 1:
            self._plan.reject(
                row.number, "account", "contact.account_several", name,
                N_("several accounts have this name: {keys}; give the key of one"), keys=sorted(found.ids),
            )  # fmt: skip
            return None
        if found is not None and found.ids:
            if found.by_sound:
                self._plan.notice(
                    row.number, "account", "account.by_sound", name,
                    N_("taken as {other}, which sounds the same; if it is another company, give it a key"),
                    other=self._finder.names[found.ids[0]],
                )  # fmt: skip
            return found.ids[0]
        # An account renamed since it was found keeps the id its first name gave it.
        new = key or account_id(name)
        if new not in self._accounts:
            self._add_account(row.number, new, name or key)
        return new

    def _add_account(self, number: int, account: str, name: str) -> None:
        near = self._finder.near(name)
        if near is not None:
            self._plan.notice(
                number, "account", "account.near", name,
                N_("taken as a new account; it may be the same as {other} ({key})"),
                other=self._finder.names[near], key=near,
            )  # fmt: skip
        fields = {"name": name, "name_key": name_key(name), "status": AccountStatus.UNCONFIRMED.value, "focus": 0}
        self._plan.add("account", account, {**fields, "template_ids": self._templates})
        self._plan.count("accounts_added")
        self._accounts[account] = name
        self._finder.add(account, name)

    # Which person --------------------------------------------------------------------------------------------------

    def _match(self, contacts: list[_Contact], taken: set[str]) -> None:
        """Find the employment of every contact, or make one; those that could be several people are rejected."""
        groups: dict[tuple[str, str], list[_Contact]] = {}
        for contact in contacts:
            if self._match_record(contact):
                taken.add(contact.employment)
            else:
                groups.setdefault((contact.account, contact.key), []).append(contact)
        if not groups:
            return
        known: dict[tuple[str, str], list[str]] = {}
        for job in self._jobs.values():
            known.setdefault((job["account_id"], self._people[job["person_id"]]["name_key"] or ""), []).append(
                job["id"]
            )
        elsewhere: dict[tuple[str, str], str] = {}
        for person in self._people.values():
            _remember(elsewhere, person["id"], person["name_key"] or "", _reach(person))
        for key, group in groups.items():
            here = known.get(key, [])
            if not here and len(group) == 1:
                self._add_contact(group[0], elsewhere)
            else:
                self._match_group(group, here, taken, elsewhere)

    def _match_group(
        self, group: list[_Contact], here: list[str], taken: set[str], elsewhere: dict[tuple[str, str], str]
    ) -> None:
        reaches = [_reach(self._people[self._jobs[job]["person_id"]]) for job in here]
        claimed = [i for i, job in enumerate(here) if job in taken]
        made: dict[int, str] = {}
        found = match_namesakes([contact.reach for contact in group], reaches, claimed)
        for contact, which in zip(group, found, strict=True):
            if which is None:
                self._plan.reject(
                    contact.row.number, "name", "contact.several", contact.fields["name"],
                    N_("several people of this name are at this account; an e-mail or phone number says which"),
                )  # fmt: skip
            elif which < len(here):
                contact.employment = here[which]
            elif which in made:
                contact.employment = made[which]
            else:
                self._add_contact(contact, elsewhere)
                made[which] = contact.employment

    def _match_record(self, contact: _Contact) -> bool:
        """Whether the export's own id says who it is, and nothing speaks against it."""
        record = contact.row.cells.get("record", "")
        job = self._jobs.get(self._last.entities.get(record) or record) if record else None
        if job is None or job["account_id"] != contact.account:
            return False
        person = self._people[job["person_id"]]
        known = _reach(person)
        agrees = (contact.reach.email and contact.reach.email == known.email) or (
            contact.reach.phone and contact.reach.phone == known.phone
        )
        if person["name_key"] == contact.key or agrees:
            contact.employment = self._last.entities.get(record) or record
            return True
        self._plan.notice(
            contact.row.number, "record", "contact.record_reused", record,
            N_("this id meant somebody else in the last import; the name, e-mail and phone decide"),
        )  # fmt: skip
        return False

    def _add_contact(self, contact: _Contact, elsewhere: dict[tuple[str, str], str]) -> None:
        contact.is_new = True
        contact.employment = self._new_id("em")
        person_id = self._same_record(contact) or _find_elsewhere(elsewhere, contact.key, contact.reach)
        fields = contact.fields
        if person_id is None:
            contact.is_new_person = True
            person_id = self._new_id("pe")
            person = {name: fields[name] for name in _OWN}
            person["name_key"] = contact.key
            self._people[person_id] = person
            self._plan.changes.append(("person", person_id, person, True))
            _remember(elsewhere, person_id, contact.key, contact.reach)
        job = {"person_id": person_id, "account_id": contact.account}
        job["title"], job["department"] = fields["title"], fields["department"]
        self._jobs[contact.employment] = job
        self._plan.changes.append(("employment", contact.employment, job, True))

    def _same_record(self, contact: _Contact) -> str | None:
        """The person whom the export's own id meant at another account, where the name is the same."""
        job = self._jobs.get(self._last.entities.get(contact.row.cells.get("record", ""), ""))
        same = job is not None and self._people[job["person_id"]]["name_key"] == contact.key
        return job["person_id"] if job is not None and same else None

    # What changes --------------------------------------------------------------------------------------------------

    def _apply(self, contacts: list[_Contact], unchanged: dict[str, tuple[int, str]]) -> None:
        """Write what each contact changes, in the file's order; a row that says otherwise than one before is rejected."""
        times = Counter(contact.employment for contact in contacts)
        said: dict[str, dict[str, tuple[int, str]]] = {}
        for employment in times.keys() & unchanged.keys():
            number, ext_id = unchanged[employment]
            cells = self._last.said(ext_id) or {}
            said[employment] = {name: (number, cells[name]) for name in (*_OWN, *_WORK) if cells.get(name)}
        told_of: dict[str, dict[str, str]] = {}
        # A new person's first row is the one that made it, wherever it stands.
        for contact in sorted(contacts, key=lambda c: (not c.is_new, c.row.number)):
            if not contact.employment:
                continue
            if contact.is_new_person and times[contact.employment] == 1:
                self._plan.kept.append((contact.ext_id, contact.employment, contact.row.kept))
                self._plan.count("added")
                continue
            before = said.get(contact.employment, {})
            other = self._contradiction(contact, before)
            if other is not None:
                self._plan.reject(
                    contact.row.number, other, "contact.contradicts", contact.fields[other],
                    N_("row {other} says otherwise of the same person; keep the one that is right"),
                    other=before[other][0],
                )  # fmt: skip
                contact.employment = ""
                continue
            if not before:
                self._plan.kept.append((contact.ext_id, contact.employment, contact.row.kept))
            # What a row before has said, this one only repeats, if in another spelling.
            fields = {name: value for name, value in contact.fields.items() if value and name not in before}
            said[contact.employment] = before | {name: (contact.row.number, value) for name, value in fields.items()}
            told = told_of.setdefault(self._jobs[contact.employment]["person_id"], {})
            own = {name: value for name, value in fields.items() if name in _OWN and name not in told}
            told |= own
            changed = self._write(contact, own, {name: fields[name] for name in _WORK if name in fields})
            self._plan.count("added" if contact.is_new else "changed" if changed else "unchanged")

    def _write(self, contact: _Contact, own: dict[str, Any], work: dict[str, Any]) -> bool:
        job = self._jobs[contact.employment]
        person_id, number = job["person_id"], contact.row.number
        said = self._last.said(contact.ext_id)
        if said is not None:
            said = {**said, "name": said.get("name") or _full_name(said)}
        changed = self._plan.merge("person", person_id, own, self._people[person_id], row=number, said=said)
        self._people[person_id] = {**self._people[person_id], **changed}
        verified_on = job.get("verified_on")
        if verified_on and _day(contact.row.cells.get("modified_on", "")) > verified_on:
            verified_on = None
        more = self._plan.merge("employment", contact.employment, work, job, row=number, said=said, verified_on=verified_on)  # fmt: skip
        self._jobs[contact.employment] = {**job, **more}
        if job.get("end_kind") is not None:
            self._plan.notice(
                number, "name", "contact.left", contact.fields["name"],
                N_("recorded here as no longer there; the file still lists this person"),
            )  # fmt: skip
        return bool(changed or more)

    def _contradiction(self, contact: _Contact, before: dict[str, tuple[int, str]]) -> str | None:
        return next(
            (
                name
                for name, value in contact.fields.items()
                if value and name != "name" and name in before and name_key(before[name][1]) != name_key(value)
            ),
            None,
        )

    def _missing(self, named: set[str], listed: set[str]) -> list[dict[str, Any]]:
        """Whom the last export had; where this file is another list, only at the accounts that it has as well."""
        missing = []
        for ext_id, entity_id in self._last.entities.items():
            job = self._jobs.get(entity_id)
            if job is not None and job.get("end_kind") is None and ext_id not in named and entity_id not in listed:
                name = self._people[job["person_id"]]["name"]
                missing.append({"ext_id": ext_id, "id": entity_id, "name": name, "account": job["account_id"]})
        if is_newer_export(len(missing), len(self._last.entities)):
            return missing
        here = {self._jobs[employment]["account_id"] for employment in listed if employment}
        return [one for one in missing if one["account"] in here]


def _reach(person: Row) -> Reach:
    return Reach.of(person["email"], person["phone"])


def _day(text: str) -> str:
    """The day of an instant as programs write it; "" where it cannot be told."""
    day = re.sub(r"[./]", "-", text[:10])
    return day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else ""


def _remember(elsewhere: dict[tuple[str, str], str], person_id: str, name: str, reach: Reach) -> None:
    for way in (reach.email, reach.phone):
        if way:
            elsewhere.setdefault((name, way), person_id)


def _find_elsewhere(elsewhere: dict[tuple[str, str], str], name: str, reach: Reach) -> str | None:
    return elsewhere.get((name, reach.email)) or elsewhere.get((name, reach.phone))


def _full_name(row: Row) -> str:
    first, last = row.get("first_name", ""), row.get("last_name", "")
    # A Korean name is written family name first, without a blank.
    return f"{last}{first}" if any("가" <= c <= "힣" for c in last) else f"{first} {last}".strip()
