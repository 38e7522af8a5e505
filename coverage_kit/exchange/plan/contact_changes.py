"""What each contact of a list changes, in the file's order."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from pydantic_core import from_json

from coverage_kit.domain.identifiers import name_key
from coverage_kit.exchange.plan.cells import is_damaged
from coverage_kit.exchange.plan.contact_people import OWN, ContactPeople
from coverage_kit.exchange.plan.contact_rows import Contact, email_of, read_named
from coverage_kit.exchange.plan.evidence import KnownPeople
from coverage_kit.exchange.plan.gone_notes import is_inactive
from coverage_kit.exchange.plan.import_plan import ImportPlan, LastExport
from coverage_kit.exchange.plan.memos import Memo, MemoKind, find_memo
from coverage_kit.i18n import N_

#: An unchanged row: its employment, its number in the file, and its id in the export.
Unchanged = tuple[str, int, str]
#: The fields of a row that belong to the employment.
_WORK = ("title", "department")
#: So many new people with a memo get a line each; of more, so many rows are named in one line.
_FEW, _NAMED = 10, 5
#: What is said of one of them, and of many.
_MARKED = {
    "contact.inactive": (
        N_("the file marks this person as gone; taken as a contact, so record the departure if it is true"),
        N_("the file marks {n} new people as gone (rows {rows}, …); they are taken as contacts. The contact audit and the page for matching contacts show each of them"),
    ),
    "contact.noted": (
        N_("the file says this about the person, who is taken as a contact; check whether they are still there"),
        N_("the file has such a memo about {n} new people (rows {rows}, …); they are taken as contacts. The contact audit and the page for matching contacts show each of them"),
    ),
}  # fmt: skip
#: The name that forms in Korean are filled in with as an example.
_SAMPLE = "홍길동"


class ContactChanges:
    """Adds what the contacts change to the plan, and keeps their rows for the next import.

    Parameters
    ----------
    plan : ImportPlan
    last : LastExport
    who : ContactPeople
    known : KnownPeople
    """

    def __init__(self, plan: ImportPlan, last: LastExport, who: ContactPeople, known: KnownPeople) -> None:
        self._plan = plan
        self._last = last
        self._who = who
        self._known = known
        #: The ids in the export that the file names.
        self.named: set[str] = set()
        self._times: dict[str, int] = {}
        #: By code: the number of each row of a new person that has such a memo, and the memo.
        self._marks: dict[str, list[tuple[int, str]]] = {}
        #: By employment: the fields of earlier rows, each with the row's number.
        self._before: dict[str, dict[str, tuple[int, str]]] = {}
        #: By person: the names of the fields that earlier rows wrote.
        self._of_person: dict[str, set[str]] = {}

    def apply(self, contacts: list[Contact], unchanged: list[Unchanged]) -> None:
        """Add what each contact changes, in the file's order; a row that contradicts an earlier one is rejected."""
        times = Counter(contact.employment for contact in contacts)
        for employment, number, ext_id in unchanged if times else ():
            if employment in times:
                self._before[employment] = self._said(number, ext_id) | self._before.get(employment, {})
        n_added = 0
        # A new person's first row is the one that made it, wherever it stands.
        for contact in sorted(contacts, key=lambda c: not c.is_new):
            if not contact.employment:
                continue
            memo = find_memo(contact.kept, contact.status, may_suggest=contact.may_suggest)
            if memo is not None:
                self._note_memo(contact, memo)
            if contact.is_new_person:
                self._name_lead(contact)
            if contact.has_moved:
                self._keep(contact)
                self._plan.count("unchanged")
                self._look_at(contact, contact.account)
            elif contact.is_new_person and times[contact.employment] == 1:
                self._keep(contact)
                n_added += 1
            else:
                self._apply_one(contact)
        self._plan.count("added", n_added)
        self._tell_marks()

    def _note_memo(self, contact: Contact, memo: Memo) -> None:
        """Note that the file marks a person as gone, or suggests it."""
        if not contact.is_new:
            if not contact.has_moved:
                self._known.note_mark(self._plan, contact.employment, memo)
            return
        if memo.kind is MemoKind.LEFT:
            self._plan.marked_gone.add(contact.employment)
        code = "contact.inactive" if is_inactive(memo.text) else "contact.noted"
        self._marks.setdefault(code, []).append((contact.number, memo.text))

    def _tell_marks(self) -> None:
        """Say which new people the file marks as gone, or suggests it: each of a few, else one line for all."""
        for code, marks in self._marks.items():
            one, several = _MARKED[code]
            if len(marks) <= _FEW:
                for number, text in marks:
                    self._plan.notice(number, "status", code, text, one)
            else:
                marks = sorted(marks)
                rows = [number for number, _ in marks[:_NAMED]]
                first, text = marks[0]
                self._plan.notice(first, "status", code, text, several, n=f"{len(marks):,}", rows=rows)

    def _apply_one(self, contact: Contact) -> None:
        before = self._before.get(contact.employment, {})
        if contact.record in self._last.merged:
            self._apply_merged(contact)
            return
        other = self._contradiction(contact, before)
        if other is not None:
            self._plan.reject(
                contact.number, other, "contact.contradicts", contact.fields[other],
                N_("row {other} differs for the same person; keep the right one"),
                other=before[other][0],
            )  # fmt: skip
            contact.employment = ""
            self._plan.undecided.append(contact.digest)
            return
        ext_id = self._keep(contact)
        # Fields that an earlier row has are not written again, even in another spelling.
        fields = {name: value for name, value in contact.fields.items() if value and name not in before}
        self._before[contact.employment] = before | {name: (contact.number, value) for name, value in fields.items()}
        earlier = self._of_person.setdefault(self._who.jobs[contact.employment]["person_id"], set())
        own = {name: value for name, value in fields.items() if name in OWN and name not in earlier}
        earlier.update(own)
        changed = self._write(contact, ext_id, own, {name: fields[name] for name in _WORK if name in fields})
        self._plan.count("added" if contact.is_new else "changed" if changed else "unchanged")
        if not contact.is_new:
            self._look_at(contact)

    def _name_lead(self, contact: Contact) -> None:
        """Say so if a new person has a surname or a title alone, or the name of samples."""
        name = contact.fields["name"]
        if contact.is_lead:
            self._plan.notice(
                contact.number, "name", "contact.lead", name,
                N_("a surname or a title alone; ask for the full name"),
            )  # fmt: skip
        elif name == _SAMPLE:
            self._plan.notice(
                contact.number, "name", "contact.sample_name", name,
                N_("forms have this name as a sample; check that it is a person"),
            )  # fmt: skip

    def _apply_merged(self, contact: Contact) -> None:
        """A row of a record that became part of another one here: only what it says differently since counts."""
        said = self._last.said(contact.record) or {}
        was = self._said(contact.number, contact.record) if said else {}
        ext_id = self._keep(contact)
        fields = {name: value for name, value in contact.fields.items() if value and was.get(name, (0, ""))[1] != value}
        own = {name: value for name, value in fields.items() if name in OWN and name != "name"} if said else {}
        work = {name: value for name, value in fields.items() if name in _WORK} if said else {}
        changed = self._write(contact, ext_id, own, work) if own or work else False
        self._plan.count("changed" if changed else "unchanged")

    def _look_at(self, contact: Contact, account: str | None = None) -> None:
        cells: dict[str, Any] = {"title": contact.fields["title"] or "", "status": contact.status}
        if contact.employment in self._known:
            cells = from_json(contact.kept) | cells
        self._known.look_at(self._plan, contact.number, contact.employment, cells, account)

    def _said(self, number: int, ext_id: str) -> dict[str, tuple[int, str]]:
        """The fields of an unchanged row, each with the row's number."""
        cells = self._last.said(ext_id) or {}
        person = read_named(self._plan, cells)
        fields = {name: cells.get(name) for name in (*OWN, *_WORK)}
        fields |= {"name": person.name, "title": person.title, "email": email_of(cells)}
        return {name: (number, value) for name, value in fields.items() if value}

    def _keep(self, contact: Contact) -> str:
        """Keep the row under what the export calls it: its own id, else the employment's; a second one with a number."""
        first = ext_id = contact.record or contact.employment
        if first in self.named:
            n = self._times.get(first, 1)
            while ext_id in self.named:
                n += 1
                ext_id = f"{first}#{n}"
            self._times[first] = n
        self.named.add(ext_id)
        entity = self._last.merged.get(ext_id, contact.employment)
        self._plan.kept.append((ext_id, entity, contact.kept))
        return ext_id

    def _write(self, contact: Contact, ext_id: str, own: dict[str, Any], work: dict[str, Any]) -> bool:
        job = self._who.jobs[contact.employment]
        person_id, number = job["person_id"], contact.number
        said = self._last.said(ext_id)
        if said is not None:
            person = read_named(self._plan, said)
            said = {**said, "name": person.name, "title": person.title or None}
        phone, known = own.get("phone"), self._who.people[person_id]["phone"] or ""
        if phone and (said or {}).get("phone") != phone and (contact.is_new or not is_damaged(phone, known)):
            own = {**own, "phone": contact.phone}
        changed = self._plan.merge("person", person_id, own, self._who.people[person_id], row=number, said=said)
        self._who.people[person_id] = {**self._who.people[person_id], **changed}
        verified_on = job.get("verified_on")
        if verified_on and _day(contact.modified_on) > verified_on:
            # The row is newer than the check.
            verified_on = said = None
        named = str(self._who.people[person_id]["name"] or "")
        more = self._plan.merge(
            "employment", contact.employment, work, job, row=number, said=said, verified_on=verified_on, what=named
        )
        self._who.jobs[contact.employment] = {**job, **more}
        if job.get("end_kind") is not None:
            self._plan.notice(
                number, "name", "contact.left", contact.fields["name"],
                N_("recorded here as no longer there; the file still lists this person"),
            )  # fmt: skip
        return bool(changed or more)

    def _contradiction(self, contact: Contact, before: dict[str, tuple[int, str]]) -> str | None:
        return next(
            (
                name
                for name, value in contact.fields.items()
                if value and name != "name" and name in before and name_key(before[name][1]) != name_key(value)
            ),
            None,
        )


def _day(text: str) -> str:
    """The day of an instant as programs write it; "" where it is unknown."""
    day = re.sub(r"[./]", "-", text[:10])
    return day if re.fullmatch(r"\d{4}-\d{2}-\d{2}", day) else ""
