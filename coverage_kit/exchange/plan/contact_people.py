"""The person of each contact: somebody we know, or somebody new; if it could be several people, a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.account_keys import short_id
from coverage_kit.exchange.plan.contact_rows import Contact
from coverage_kit.exchange.plan.import_plan import ImportPlan, LastExport, Row, WhoQuestion
from coverage_kit.exchange.plan.namesakes import Reach, match_namesakes
from coverage_kit.exchange.plan.person_names import read_person, without_note
from coverage_kit.exchange.plan.present import Present
from coverage_kit.i18n import N_

#: The fields of a row that are the person's.
OWN = ("name", "email", "phone")
_SEVERAL = N_("several people of this name are at this account: {people}; say which one: --who {number}=…, or --who {number}=new")  # fmt: skip
_IN_BRACKETS = N_("this may be somebody at this account whose name is written with or without the part in brackets: {people}; say which one: --who {number}=…, or --who {number}=new")  # fmt: skip


class ContactPeople:
    """The people and employments that we know, and those that the file adds.

    The export's own id decides, if the name, the e-mail or the phone agrees; else it is the person of that name at that
    account whom nothing contradicts. If it could be several people, the row is rejected. The same person at another
    account needs evidence: the same e-mail or phone.

    Parameters
    ----------
    plan : ImportPlan
    present : Present
    last : LastExport
    new_id : callable
    """

    def __init__(self, plan: ImportPlan, present: Present, last: LastExport, new_id: Callable[[str], str]) -> None:
        self._plan = plan
        self._present = present
        self._last = last
        self._new_id = new_id
        self._by_account: dict[str, list[dict[str, Any]]] = {}

    # Both are read when they are first needed: an unchanged file needs neither.

    @cached_property
    def people(self) -> dict[str, Row]:
        """The people by id."""
        return {row["id"]: row for row in self._present["person"]}

    @cached_property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """The employments by id."""
        return {row["id"]: row for row in self._present["employment"] if row["person_id"] in self.people}

    @cached_property
    def _long_records(self) -> dict[str, str]:
        """The employments of Salesforce's long ids by their short ones."""
        return {short_id(key): entity for key, entity in self._last.entities.items() if len(key) == 18}

    @cached_property
    def _other_names(self) -> dict[str, set[str]]:
        """The names of records that became part of a person, where they differ from the person's own."""
        found: dict[str, set[str]] = {}
        for gone, kept in self._present.merged.people.items():
            if gone in self.people and kept in self.people:
                found.setdefault(kept, set()).add(_key_of(self.people[gone]))
        return {kept: names - {_key_of(self.people[kept])} for kept, names in found.items()}

    @cached_property
    def _noted(self) -> dict[tuple[str, str], list[str]]:
        """The employments of people whose name here has a part in brackets, by account and the name without it."""
        found: dict[tuple[str, str], list[str]] = {}
        for job in self.jobs.values():
            name = self.people[job["person_id"]]["name"] or ""
            if not name.isalpha() and (base := without_note(name)) != name:
                found.setdefault((job["account_id"], name_key(base)), []).append(job["id"])
        return found

    def match(self, contacts: list[Contact], taken: set[str]) -> None:
        """Find the employment of every contact, or make one; those that could be several people are rejected."""
        if not contacts:
            return
        groups: dict[tuple[str, str], list[Contact]] = {}
        has_jobs = bool(self.jobs)
        for contact in contacts:
            if has_jobs and self._match_record(contact):
                taken.add(contact.employment)
            else:
                groups.setdefault((contact.account, contact.key), []).append(contact)
        if not groups:
            return
        known: dict[tuple[str, str], list[str]] = {}
        for job in self.jobs.values():
            for key in (_key_of(self.people[job["person_id"]]), *self._other_names.get(job["person_id"], ())):
                known.setdefault((job["account_id"], key), []).append(job["id"])
        elsewhere: dict[tuple[str, str], str] = {}
        merged = self._present.merged.people
        for person in self.people.values():
            _remember(elsewhere, merged.get(person["id"], person["id"]), _key_of(person), _reach(person))
        bases = _bases(groups)
        # Names with a part in brackets come last: somebody of the plain name may be in the file.
        for key, group in sorted(groups.items(), key=lambda item: item[0] in bases) if bases else groups.items():
            here = known.get(key, [])
            if not here and (bases or self._noted):
                base = bases.get(key)
                plain = known.get(base, []) if base else self._noted.get(key, [])
                group = self._match_brackets(group, plain, groups.get(base, []) if base else [], elsewhere)
                if not group:
                    continue
            undecided = self._last.undecided
            if here and undecided and all(contact.digest in undecided for contact in group):
                # Asked the last time, and no other row of this name has changed since: only an answer decides.
                self._ask_who(group, group, here, elsewhere)
            elif not here and len(group) == 1:
                self._add_contact(group[0], elsewhere)
            else:
                self._match_group(group, here, taken, elsewhere)

    def _match_brackets(
        self, group: list[Contact], known: list[str], rows: list[Contact], elsewhere: dict[tuple[str, str], str]
    ) -> list[Contact]:
        """Find rows that may be somebody here whose name is written with or without a part in brackets.

        The same e-mail or phone says who it is, and another e-mail that it is nobody of them; else it is asked.

        Parameters
        ----------
        group : list of Contact
            Rows of one name.
        known : list of str
            Employments of the other spelling.
        rows : list of Contact
            Other rows of the file with the other spelling.

        Returns
        -------
        list of Contact
            The rows that are none of them.
        """
        candidates = [*dict.fromkeys((*known, *(row.employment for row in rows if row.employment)))]
        reaches = {job: _reach(self.people[self.jobs[job]["person_id"]]) for job in candidates}
        others, unclear = [], []
        for contact in group:
            same = [job for job, reach in reaches.items() if _is_same_reach(contact.reach, reach)]
            if len(same) == 1:
                self._take_as(contact, same[0])
            elif all(contact.reach.email and reach.email for reach in reaches.values()) and not same:
                others.append(contact)
            else:
                unclear.append(contact)
        if unclear:
            self._ask_who(unclear, [*rows, *unclear], known, elsewhere, in_brackets=True)
        return others

    def _take_as(self, contact: Contact, employment: str) -> None:
        """Take a row as somebody of another spelling: a part in brackets is no new name."""
        contact.employment = employment
        contact.fields["name"] = without_note(contact.fields["name"])

    def _match_group(
        self, group: list[Contact], here: list[str], taken: set[str], elsewhere: dict[tuple[str, str], str]
    ) -> None:
        reaches = [_reach(self.people[self.jobs[job]["person_id"]]) for job in here]
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
        self,
        unclear: list[Contact],
        group: list[Contact],
        here: list[str],
        elsewhere: dict[tuple[str, str], str],
        *,
        in_brackets: bool = False,
    ) -> None:
        """Apply the decisions about rows that could be several people; reject the others and name the candidates."""
        rows = {contact.employment: contact.number for contact in group if contact.is_new}
        possible = {employment: employment for employment in here}
        possible |= {str(number): employment for employment, number in rows.items()}
        people = {one: self._described(employment, with_name=in_brackets) for one, employment in possible.items()}
        for contact in unclear:
            name, chosen = contact.fields["name"], self._plan.who.get(contact.number, "")
            if chosen == "new":
                self._add_contact(contact, elsewhere)
            elif chosen in possible:
                self._take_as(contact, possible[chosen])
            else:
                chosen = ""
                self._plan.undecided.append(contact.digest)
                self._plan.reject(
                    contact.number, "name", "contact.in_brackets" if in_brackets else "contact.several", name,
                    _IN_BRACKETS if in_brackets else _SEVERAL,
                    people=[f"{one} ({said})" for one, said in people.items()], number=contact.number,
                )  # fmt: skip
            self._plan.asked.append(WhoQuestion(contact.number, name, contact.account, people, chosen, in_brackets))

    def _described(self, employment: str, *, with_name: bool = False) -> str:
        """Title, department and e-mail or phone, to tell people of one name apart; the name first if theirs differ."""
        job = self.jobs[employment]
        person = self.people[job["person_id"]]
        name = person["name"] if with_name else None
        said = (name, job["title"], job["department"], person["email"] or person["phone"])
        return ", ".join(filter(None, said)) or "–"

    def _match_record(self, contact: Contact) -> bool:
        """Whether the export's own id says who it is, and nothing speaks against it."""
        record = contact.record
        job = self.jobs.get(self._employment_of(record)) if record else None
        if job is None:
            return False
        if job["account_id"] != contact.account:
            return self._is_there(contact, job) or self._has_moved(contact, job)
        if record in self._last.merged:
            contact.employment = self._employment_of(record)
            return True
        person = self.people[job["person_id"]]
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

    def _has_moved(self, contact: Contact, job: dict[str, Any]) -> bool:
        """Whether the person of this record is now at another account: evidence, and nothing is written."""
        if not self._is_named_alike(contact, job) or job.get("end_kind") is not None:
            return False
        contact.employment, contact.has_moved = self._employment_of(contact.record), True
        return True

    def _is_there(self, contact: Contact, job: Mapping[str, Any]) -> bool:
        """Whether the person of this record has a job at the account of the row: somebody recorded the move."""
        there = next((one for one in self._jobs_of(contact.account) if one["person_id"] == job["person_id"]), None)
        if there is None or not self._is_named_alike(contact, job):
            return False
        contact.employment = there["id"]
        return True

    def _is_named_alike(self, contact: Contact, job: Mapping[str, Any]) -> bool:
        """Whether the name or the e-mail of a row is that of the person of a job."""
        person = self.people[job["person_id"]]
        same_email = contact.reach.email and contact.reach.email == _reach(person).email
        return bool(_key_of(person) == contact.key or same_email)

    def _jobs_of(self, account: str) -> list[dict[str, Any]]:
        if not self._by_account:
            for job in self.jobs.values():
                self._by_account.setdefault(job["account_id"], []).append(job)
        return self._by_account.get(account, [])

    def _add_contact(self, contact: Contact, elsewhere: dict[tuple[str, str], str]) -> None:
        contact.is_new = True
        contact.employment = self._new_id("em")
        person_id = self._same_record(contact) or self._find_elsewhere(elsewhere, contact)
        fields = contact.fields
        if person_id is None:
            contact.is_new_person = True
            person_id = self._new_id("pe")
            person = {name: fields[name] for name in OWN}
            person["phone"], person["name_key"] = contact.phone, contact.key
            self.people[person_id] = person
            self._plan.changes.append(("person", person_id, person, True))
            _remember(elsewhere, person_id, contact.key, contact.reach)
        job = {"person_id": person_id, "account_id": contact.account}
        job["title"], job["department"] = fields["title"], fields["department"]
        self.jobs[contact.employment] = job
        self._plan.changes.append(("employment", contact.employment, job, True))

    def _find_elsewhere(self, elsewhere: dict[tuple[str, str], str], contact: Contact) -> str | None:
        """The person of that name at another account with the same e-mail, or the same phone if no e-mail contradicts."""
        by_email = elsewhere.get((contact.key, contact.reach.email))
        by_phone = elsewhere.get((contact.key, contact.reach.phone))
        if by_email is None and by_phone is not None and contact.reach.email and _reach(self.people[by_phone]).email:
            return None
        return by_email or by_phone

    def _same_record(self, contact: Contact) -> str | None:
        """The person whom this id meant at another account, if the name is the same."""
        if not self._last.entities:
            return None
        job = self.jobs.get(self._last.entities.get(contact.record, ""))
        same = job is not None and _key_of(self.people[job["person_id"]]) == contact.key
        return job["person_id"] if job is not None and same else None


def _bases(groups: Mapping[tuple[str, str], list[Contact]]) -> dict[tuple[str, str], tuple[str, str]]:
    """Of names with a part in brackets: account and name to the same without it."""
    found = {}
    for (account, key), group in groups.items():
        name = group[0].fields["name"]
        if not name.isalpha() and (base := without_note(name)) != name:
            found[account, key] = (account, name_key(base))
    return found


def _is_same_reach(one: Reach, other: Reach) -> bool:
    return bool((one.email and one.email == other.email) or (one.phone and one.phone == other.phone))


def _key_of(person: Row) -> str:
    """The key of a person's name; a title in it does not count, as an earlier version kept it there."""
    name = person["name"] or ""
    return (person["name_key"] or "") if name.isalpha() else name_key(read_person({"name": name}).name)


def _reach(person: Row) -> Reach:
    return Reach.of(person["email"], person["phone"])


def _remember(elsewhere: dict[tuple[str, str], str], person_id: str, name: str, reach: Reach) -> None:
    for way in (reach.email, reach.phone):
        if way:
            elsewhere.setdefault((name, way), person_id)
