"""Contacts of a file against the people we know: people and employments, never a slot.

Long because one row of a contact list goes through all of it: its account, its person, its job, its evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.account_keys import short_id
from coverage_kit.exchange.plan.cells import find_email, find_phone
from coverage_kit.exchange.plan.contact_accounts import ContactAccounts
from coverage_kit.exchange.plan.evidence import KnownPeople, is_inactive
from coverage_kit.exchange.plan.import_plan import (
    FileRow,
    ImportPlan,
    LastExport,
    Present,
    Row,
    WhoQuestion,
    is_newer_export,
)
from coverage_kit.exchange.plan.namesakes import Reach, match_namesakes
from coverage_kit.exchange.plan.owners import Owners
from coverage_kit.exchange.plan.person_names import PersonCells, is_nobody, is_several, read_person
from coverage_kit.i18n import N_

#: An employment, the number of the row that says of it what the last export said, and its id in the export.
_Unchanged = tuple[str, int, str]
_OWN, _WORK = ("name", "email", "phone"), ("title", "department")


@dataclass(slots=True)
class _Contact:
    """A row that can be used, and what it was found to be."""

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
        self._owners = Owners(plan, present["staff"])
        self._accounts = ContactAccounts(plan, present, last, default)
        self._people: dict[str, Row] = {row["id"]: row for row in present["person"]}
        self._jobs = {row["id"]: row for row in present["employment"] if row["person_id"] in self._people}
        self._known = KnownPeople(present)
        self._named: set[str] = set()
        self._keys: dict[str, str] = {}
        self._times: dict[str, int] = {}
        self._by_account: dict[str, list[dict[str, Any]]] = {}
        self._same = {row: ext_id for ext_id, row in last.rows.items()}

    @cached_property
    def _long_records(self) -> dict[str, str]:
        """The employments of Salesforce's long ids by their short ones."""
        return {short_id(key): entity for key, entity in self._last.entities.items() if len(key) == 18}

    def build(self, rows: Iterable[FileRow]) -> None:
        """Fill the plan."""
        others: list[FileRow] = []
        unchanged: list[_Unchanged] = []
        has_keys = "account_key" in self._plan.table.columns
        for row in rows:
            ext_id = self._find_same(row.kept)
            employment = "" if ext_id is None else self._last.entities[ext_id]
            if ext_id is not None and employment in self._jobs:
                # It says what the last export said, so it changes nothing.
                unchanged.append((employment, row.number, ext_id))
                if has_keys or employment in self._known:
                    self._look_at_unchanged(row, employment)
            else:
                others.append(row)
        self._named.update(ext_id for _, _, ext_id in unchanged)
        self._plan.count("unchanged", len(unchanged))
        self._accounts.look_at(others)
        contacts = [contact for row in others if (contact := self._usable(row)) is not None]
        same = {employment for employment, _, _ in unchanged}
        self._match(contacts, set(same))
        self._apply(contacts, unchanged)
        self._plan.returned = sorted(self._last.missing & self._named)
        if not self._plan.table.is_rejects:
            listed = {contact.employment for contact in contacts} | same
            self._plan.missing = self._missing(listed)
            for one in self._plan.missing:
                self._known.note_gone(self._plan, one["id"])

    def _find_same(self, kept: bytes) -> str | None:
        """The id under which the last export had the very same row; each of several equal rows once."""
        again = self._equal.get(kept)
        return again.pop() if again else self._same.get(kept)

    @cached_property
    def _equal(self) -> dict[bytes, list[str]]:
        """The rows of the last export that stand there several times, to their ids."""
        rows = self._last.rows
        if len(self._same) == len(rows):
            return {}
        times = Counter(rows.values())
        found: dict[bytes, list[str]] = {}
        for ext_id, row in rows.items():
            if times[row] > 1:
                found.setdefault(row, []).append(ext_id)
        return found

    def _read_person(self, cells: Mapping[str, str]) -> PersonCells:
        """Whom a row names; our own exports keep a name as it was written here."""
        if self._plan.table.is_ours:
            return PersonCells(cells.get("name", ""), cells.get("title", ""), cells.get("status", ""))
        return read_person(cells)

    def _look_at_unchanged(self, row: FileRow, employment: str) -> None:
        key = row.cells.get("account_key", "")
        if key or employment in self._known:
            account = self._accounts.peek(key, row.cells.get("account", ""))
            self._known.look_at(self._plan, row.number, employment, row.cells, account)

    # Which account -------------------------------------------------------------------------------------------------

    def _usable(self, row: FileRow) -> _Contact | None:
        cells = row.cells
        name, title, status = self._read_person(cells)
        if not name or not (cells.get("account") or cells.get("account_key")):
            missing = "account" if name else "name"
            self._plan.reject(
                row.number, missing, f"contact.{missing}", "", N_("this cell is empty, and a contact needs it")
            )
            return None
        if not self._plan.table.is_ours and is_nobody(name):
            self._plan.reject(
                row.number, "name", "contact.nobody", cells.get("name", name),
                N_("this is nobody's name; write the person's name, or leave the row out"),
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
        email, phone = _email(cells), cells.get("phone")
        if phone is not None and not self._plan.table.is_ours:
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
        return _Contact(
            row.number, cells.get("record", ""), cells.get("modified_on", ""), row.kept,
            account, fields, key, Reach.of(email, phone), status,
        )  # fmt: skip

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
            known.setdefault((job["account_id"], _key_of(self._people[job["person_id"]])), []).append(job["id"])
        elsewhere: dict[tuple[str, str], str] = {}
        for person in self._people.values():
            _remember(elsewhere, person["id"], _key_of(person), _reach(person))
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
        unclear = []
        for contact, which in zip(group, found, strict=True):
            if which is None:
                unclear.append(contact)
            elif which < len(here):
                contact.employment = here[which]
            elif which in made:
                contact.employment = made[which]
            else:
                self._add_contact(contact, elsewhere)
                made[which] = contact.employment
        if unclear:
            self._ask_who(unclear, group, here, elsewhere)

    def _ask_who(
        self, unclear: list[_Contact], group: list[_Contact], here: list[str], elsewhere: dict[tuple[str, str], str]
    ) -> None:
        """Take what was decided about rows that could be several people; the others are rejected with those they could be."""
        rows = {contact.employment: contact.number for contact in group if contact.is_new}
        possible = {employment: employment for employment in here}
        possible |= {str(number): employment for employment, number in rows.items()}
        people = {one: self._described(employment) for one, employment in possible.items()}
        for contact in unclear:
            name, chosen = contact.fields["name"], self._plan.who.get(contact.number, "")
            if chosen == "new":
                self._add_contact(contact, elsewhere)
            elif chosen in possible:
                contact.employment = possible[chosen]
            else:
                chosen = ""
                self._plan.reject(
                    contact.number, "name", "contact.several", name,
                    N_("several people of this name are at this account: {people}; say which one: --who {number}=…, or --who {number}=new"),
                    people=[f"{one} ({said})" for one, said in people.items()], number=contact.number,
                )  # fmt: skip
            self._plan.asked.append(WhoQuestion(contact.number, name, contact.account, people, chosen))

    def _described(self, employment: str) -> str:
        """What tells a person from another of the same name."""
        job = self._jobs[employment]
        person = self._people[job["person_id"]]
        said = (job["title"], job["department"], person["email"] or person["phone"])
        return ", ".join(filter(None, said)) or "–"

    def _match_record(self, contact: _Contact) -> bool:
        """Whether the export's own id says who it is, and nothing speaks against it."""
        record = contact.record
        job = self._jobs.get(self._employment_of(record)) if record else None
        if job is None:
            return False
        if job["account_id"] != contact.account:
            return self._is_there(contact, job) or self._has_moved(contact, job)
        person = self._people[job["person_id"]]
        known = _reach(person)
        agrees = (contact.reach.email and contact.reach.email == known.email) or (
            contact.reach.phone and contact.reach.phone == known.phone
        )
        if _key_of(person) == contact.key or agrees:
            contact.employment = self._employment_of(record)
            return True
        self._plan.notice(
            contact.number, "record", "contact.record_reused", record,
            N_("this id meant somebody else in the last import; the name, e-mail and phone decide"),
        )  # fmt: skip
        return False

    def _employment_of(self, record: str) -> str:
        """The employment that a record of the last export meant, also under Salesforce's other id."""
        entities = self._last.entities
        if record not in entities and short_id(record) != record and short_id(record) in entities:
            record = short_id(record)
        return entities.get(record) or self._long_records.get(record) or record

    def _has_moved(self, contact: _Contact, job: dict[str, Any]) -> bool:
        """Whether the person of this record is now at another account: evidence, and nothing is written."""
        if not self._is_named_alike(contact, job) or job.get("end_kind") is not None:
            return False
        contact.employment, contact.has_moved = self._employment_of(contact.record), True
        return True

    def _is_there(self, contact: _Contact, job: Mapping[str, Any]) -> bool:
        """Whether the person of this record has a job at the account of the row: somebody recorded the move."""
        there = next((one for one in self._jobs_of(contact.account) if one["person_id"] == job["person_id"]), None)
        if there is None or not self._is_named_alike(contact, job):
            return False
        contact.employment = there["id"]
        return True

    def _is_named_alike(self, contact: _Contact, job: Mapping[str, Any]) -> bool:
        """Whether the name or the e-mail of a row is that of the person of a job."""
        person = self._people[job["person_id"]]
        same_email = contact.reach.email and contact.reach.email == _reach(person).email
        return bool(_key_of(person) == contact.key or same_email)

    def _jobs_of(self, account: str) -> list[dict[str, Any]]:
        if not self._by_account:
            for job in self._jobs.values():
                self._by_account.setdefault(job["account_id"], []).append(job)
        return self._by_account.get(account, [])

    def _add_contact(self, contact: _Contact, elsewhere: dict[tuple[str, str], str]) -> None:
        contact.is_new = True
        contact.employment = self._new_id("em")
        person_id = self._same_record(contact) or self._find_elsewhere(elsewhere, contact)
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

    def _find_elsewhere(self, elsewhere: dict[tuple[str, str], str], contact: _Contact) -> str | None:
        """The person of that name at another account whom the e-mail says it is, or a phone that no e-mail gainsays."""
        by_email = elsewhere.get((contact.key, contact.reach.email))
        by_phone = elsewhere.get((contact.key, contact.reach.phone))
        if by_email is None and by_phone is not None and contact.reach.email and _reach(self._people[by_phone]).email:
            return None
        return by_email or by_phone

    def _same_record(self, contact: _Contact) -> str | None:
        """The person whom the export's own id meant at another account, where the name is the same."""
        job = self._jobs.get(self._last.entities.get(contact.record, ""))
        same = job is not None and _key_of(self._people[job["person_id"]]) == contact.key
        return job["person_id"] if job is not None and same else None

    # What changes --------------------------------------------------------------------------------------------------

    def _apply(self, contacts: list[_Contact], unchanged: list[_Unchanged]) -> None:
        """Write what each contact changes, in the file's order; a row that says otherwise than one before is rejected."""
        times = Counter(contact.employment for contact in contacts)
        said: dict[str, dict[str, tuple[int, str]]] = {}
        for employment, number, ext_id in unchanged if times else ():
            if employment in times:
                said[employment] = self._said(number, ext_id) | said.get(employment, {})
        told_of: dict[str, dict[str, str]] = {}
        # A new person's first row is the one that made it, wherever it stands.
        for contact in sorted(contacts, key=lambda c: (not c.is_new, c.number)):
            if not contact.employment:
                continue
            if contact.is_new and is_inactive(contact.status):
                self._plan.notice(
                    contact.number, "status", "contact.inactive", contact.status,
                    N_("the file marks this person as gone; taken as a contact, so record the departure if it is true"),
                )  # fmt: skip
            if contact.has_moved:
                self._keep(contact)
                self._plan.count("unchanged")
                cells = {"title": contact.fields["title"] or "", "status": contact.status}
                self._known.look_at(self._plan, contact.number, contact.employment, cells, contact.account)
                continue
            if contact.is_new_person and times[contact.employment] == 1:
                self._keep(contact)
                self._plan.count("added")
                continue
            before = said.get(contact.employment, {})
            other = self._contradiction(contact, before)
            if other is not None:
                self._plan.reject(
                    contact.number, other, "contact.contradicts", contact.fields[other],
                    N_("row {other} differs for the same person; keep the right one"),
                    other=before[other][0],
                )  # fmt: skip
                contact.employment = ""
                continue
            ext_id = self._keep(contact)
            # What a row before has said, this one only repeats, if in another spelling.
            fields = {name: value for name, value in contact.fields.items() if value and name not in before}
            said[contact.employment] = before | {name: (contact.number, value) for name, value in fields.items()}
            told_before = told_of.setdefault(self._jobs[contact.employment]["person_id"], {})
            own = {name: value for name, value in fields.items() if name in _OWN and name not in told_before}
            told_before |= own
            changed = self._write(contact, ext_id, own, {name: fields[name] for name in _WORK if name in fields})
            self._plan.count("added" if contact.is_new else "changed" if changed else "unchanged")
            if not contact.is_new:
                cells = {"title": contact.fields["title"] or "", "status": contact.status}
                self._known.look_at(self._plan, contact.number, contact.employment, cells)

    def _said(self, number: int, ext_id: str) -> dict[str, tuple[int, str]]:
        """What an unchanged row says, with the row's number."""
        cells = self._last.said(ext_id) or {}
        person = self._read_person(cells)
        fields = {name: cells.get(name) for name in (*_OWN, *_WORK)}
        fields |= {"name": person.name, "title": person.title, "email": _email(cells)}
        return {name: (number, value) for name, value in fields.items() if value}

    def _keep(self, contact: _Contact) -> str:
        """Keep the row under what the export calls it: its own id, else the employment's; a second one with a number."""
        first = ext_id = contact.record or contact.employment
        n = self._times.get(first, 1)
        while ext_id in self._named:
            n += 1
            ext_id = f"{first}#{n}"
        self._times[first] = n
        self._named.add(ext_id)
        self._plan.kept.append((ext_id, contact.employment, contact.kept))
        return ext_id

    def _write(self, contact: _Contact, ext_id: str, own: dict[str, Any], work: dict[str, Any]) -> bool:
        job = self._jobs[contact.employment]
        person_id, number = job["person_id"], contact.number
        said = self._last.said(ext_id)
        if said is not None:
            person = self._read_person(said)
            said = {**said, "name": person.name, "title": person.title or None}
        changed = self._plan.merge("person", person_id, own, self._people[person_id], row=number, said=said)
        self._people[person_id] = {**self._people[person_id], **changed}
        verified_on = job.get("verified_on")
        if verified_on and _day(contact.modified_on) > verified_on:
            # The file says when it was written down, and that is later than what a person checked.
            verified_on = said = None
        named = str(self._people[person_id]["name"] or "")
        more = self._plan.merge(
            "employment", contact.employment, work, job, row=number, said=said, verified_on=verified_on, what=named
        )
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

    def _missing(self, listed: set[str]) -> list[dict[str, Any]]:
        """Whom the last export had; where this file is another list, only at the accounts that it has as well."""
        missing = []
        for ext_id, entity_id in self._last.entities.items():
            if ext_id in self._named or entity_id in listed:
                continue
            job = self._jobs.get(entity_id)
            if job is not None and job.get("end_kind") is None:
                name = self._people[job["person_id"]]["name"]
                missing.append({"ext_id": ext_id, "id": entity_id, "name": name, "account": job["account_id"]})
        if is_newer_export(len(missing), len(self._last.entities)):
            return missing
        here = {self._jobs[employment]["account_id"] for employment in listed if employment}
        return [one for one in missing if one["account"] in here]


def _key_of(person: Row) -> str:
    """The key of a person's name; a title in it does not count, as an earlier version kept it there."""
    name = person["name"] or ""
    return (person["name_key"] or "") if name.isalpha() else name_key(read_person({"name": name}).name)


def _email(cells: Row) -> str | None:
    """The e-mail of a row, where it can be one."""
    email = cells.get("email")
    return find_email(email) if email else None


def _reach(person: Row) -> Reach:
    return Reach.of(person["email"], person["phone"])


def _day(text: str) -> str:
    """The day of an instant as programs write it; "" where it is unknown."""
    day = re.sub(r"[./]", "-", text[:10])
    return day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else ""


def _remember(elsewhere: dict[tuple[str, str], str], person_id: str, name: str, reach: Reach) -> None:
    for way in (reach.email, reach.phone):
        if way:
            elsewhere.setdefault((name, way), person_id)
