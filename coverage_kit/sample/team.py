"""A made-up team at work: accounts, contacts of whom many have left, and weeks of honest effort, act by act.

Everything goes through the ledger as a user's edits would, under a clock that is moved forward.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import Disposition
from coverage_kit.domain.week import Week
from coverage_kit.role_lists.industries import industry_key
from coverage_kit.role_lists.model import RoleList
from coverage_kit.rules.role_lists import applied_lists
from coverage_kit.sample import names
from coverage_kit.sample.clock import MovableClock
from coverage_kit.sample.offerings import bought_by, entered_offerings
from coverage_kit.store import Change, Ledger
from coverage_kit.store.changes import AlsoWrite
from coverage_kit.store.entity import Value

_IDS = "abcdefghijklmnopqrstuvwxyz234567"
_DISPOSITIONS = (Disposition.FAVORABLE, Disposition.NEUTRAL, Disposition.NEUTRAL, Disposition.NEGATIVE)


@dataclass
class Contact:
    """A person at an account; ``truly_gone`` is what nobody has found out yet."""

    person: str
    employment: str
    name: str
    level: str
    truly_gone: bool
    recorded_gone: bool = False


@dataclass
class Slot:
    """The recorded state of one slot."""

    role: str
    level: str
    contact: Contact | None = None
    verified_on: date | None = None
    represented: bool = False
    assessed: Disposition | None = None
    closed: bool = False


@dataclass
class Account:
    """One made-up account."""

    id: str
    rep: str
    focus: bool
    value: float
    role_list: str
    offerings: tuple[str, ...]
    contacts: list[Contact] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)


class Team:
    """The hands that write: each method is one act of one person, saved as one edit."""

    def __init__(
        self,
        ledger: Ledger,
        clock: MovableClock,
        zone: ZoneInfo,
        templates: Iterable[RoleList],
        seed: int,
        lang: str,
    ) -> None:
        self.ledger = ledger
        self.clock = clock
        self.zone = zone
        self.templates = {template.key: template for template in templates}
        self.random = random.Random(seed)
        self._facts = names.FACTS.get(lang, names.FACTS["en"])
        self.written = names.WRITTEN.get(lang, names.WRITTEN["en"])
        self.accounts: list[Account] = []
        self.reps: list[str] = []
        self._n_people = 0
        self._moment = datetime.min

    def go_to(self, day: date) -> None:
        """Begin a working day."""
        self._moment = datetime.combine(day, time(9, 0), self.zone)

    def _save(
        self, actor: str, changes: list[Change], *, edit_id: str | None = None, also_write: AlsoWrite | None = None
    ) -> None:
        self._moment += timedelta(seconds=self.random.randint(40, 110))
        self.clock.at = round(self._moment.timestamp() * 1000)
        self.ledger.actor = actor
        self.ledger.save(changes, edit_id=edit_id or self._id("ed"), also_write=also_write)

    def _id(self, prefix: str) -> str:
        return f"{prefix}_{''.join(self.random.choices(_IDS, k=13))}"

    # Setting up ----------------------------------------------------------------------------------------------------

    def hire(self, n_reps: int) -> None:
        """Enter our own people and the required roles."""
        own = [names.REPS[i] if i < len(names.REPS) else (f"rep{i + 1:03d}", f"영업 {i + 1}") for i in range(n_reps)]
        self.reps = [key for key, _ in own]
        staff: list[tuple[str, str, str, str | None]] = [(key, name, "rep", "manager.han") for key, name in own]
        staff += [(key, name, function, None) for key, name, function in names.COLLEAGUES]
        self._save(
            "coach.lee",
            [
                Change("staff", key, {"name": name, "login": key, "function": function, "manager_id": manager}, base=0)
                for key, name, function, manager in staff
            ],
        )
        self.apply(self.templates.values())

    def apply(self, templates: Iterable[RoleList]) -> None:
        """Make role templates the standard in force."""
        changes = applied_lists(self.ledger, list(templates), default="general").changes
        self._save("manager.han", changes)

    def open_accounts(self, sizes: list[int], n_focus: int, n_contacts: tuple[int, int], gone_share: float) -> None:
        """Import the accounts and the old contact database, most of which nobody has looked at for years."""
        changes = entered_offerings()
        for rep, size in zip(self.reps, sizes, strict=True):
            for i in range(size):
                n = self.random.randint(*n_contacts)
                changes += self._open_account(rep, focus=i < n_focus, n_contacts=n, gone_share=gone_share)
        kinds = {"kind": "contacts", "rows": sum(len(a.contacts) for a in self.accounts)}
        changes.append(Change("event", self._id("ev"), {"kind": "imported", "body": json.dumps(kinds)}, base=0))
        self._save("coach.lee", changes)

    def _open_account(self, rep: str, *, focus: bool, n_contacts: int, gone_share: float) -> list[Change]:
        industry = self.random.choice(names.INDUSTRIES)
        key = f"A{len(self.accounts) + 1:04d}"
        own = industry_key(self._facts[industry])
        claimed = [k for k, t in self.templates.items() if own in map(industry_key, t.applies_to.industries)]
        template_ids = claimed or ["general"]
        bought = bought_by(len(self.accounts))
        value = round(self.random.lognormvariate(4, 1), 1) * (3 if focus else 1)
        account = Account(key, rep, focus, value, template_ids[0], bought)
        account.slots = [Slot(r.key, r.level) for t in template_ids for r in self.templates[t].roles]
        self.accounts.append(account)
        name = self._company(industry)
        fields: dict[str, Value] = {
            "name": name,
            "name_key": name_key(name),
            "industry": self._facts[industry],
            "segment": self._facts[self.random.choice(names.SEGMENTS)],
            "region": self._facts[self.random.choice(names.REGIONS)],
            "value": account.value,
            "owner_id": rep,
            "team": "manager.han",
            "template_ids": json.dumps(template_ids),
            "offerings": json.dumps(bought),
            "status": "active",
            "focus": int(focus),
        }
        changes = [Change("account", key, fields, base=0)]
        return changes + [c for _ in range(n_contacts) for c in self._add_contact(account, gone_share)]

    def _add_contact(self, account: Account, gone_share: float) -> list[Change]:
        self._n_people += 1
        korean = self.random.random() < 0.72
        level = self.random.choices(("executive", "manager", "practitioner"), (2, 4, 4))[0]
        choose = self.random.choice
        if korean:
            name, title = choose(names.KO_FAMILY) + choose(names.KO_GIVEN), choose(names.KO_TITLES[level])
        else:
            name = f"{choose(names.EN_GIVEN)} {choose(names.EN_FAMILY)}"
            title = choose(names.EN_TITLES[level])
        contact = Contact(self._id("pe"), self._id("em"), name, level, self.random.random() < gone_share)
        account.contacts.append(contact)
        person = {
            "name": name,
            "name_key": name_key(name),
            "email": f"p{self._n_people}@example.co.kr",
            "phone": f"010-0000-{self._n_people % 10000:04d}",
        }
        employment = {"person_id": contact.person, "account_id": account.id, "title": title}
        return [
            Change("person", contact.person, person, base=0),
            Change("employment", contact.employment, employment, base=0),
        ]

    def _company(self, industry: str) -> str:
        number = len(self.accounts)
        if self.random.random() < 0.7:
            first = names.KO_FIRST[number % len(names.KO_FIRST)]
            second = names.KO_FIRST[self.random.randrange(len(names.KO_FIRST))] if number >= 400 else ""
            return f"{first}{second}{self.random.choice(names.KO_SECOND[industry])}" + (
                f" {number}" if number >= 60 else ""
            )
        first = names.EN_FIRST[number % len(names.EN_FIRST)]
        return f"{first} {self.random.choice(names.EN_SECOND[industry])}" + (f" {number}" if number >= 36 else "")

    # Acts ----------------------------------------------------------------------------------------------------------

    def identify(
        self,
        account: Account,
        slots: list[Slot],
        day: date,
        *,
        verified_on: date | None = None,
        contact: Contact | None = None,
    ) -> None:
        """Write down who holds these slots: a contact of the list who is still there, or somebody new."""
        changes: list[Change] = []
        if contact is None:
            contact, changes = self._find_contact(account, slots[0])
        self._save(account.rep, changes + self._holding(account, slots, contact, verified_on))

    def ask_around(self, account: Account, slots: list[Slot], day: date) -> None:
        """One call that tells who holds several slots, each another person: one edit."""
        changes: list[Change] = []
        for slot in slots:
            contact, found = self._find_contact(account, slot)
            changes += found + self._holding(account, [slot], contact, day)
        self._save(account.rep, changes)

    def _find_contact(self, account: Account, slot: Slot) -> tuple[Contact, list[Change]]:
        """Somebody of the list who is not holding yet, or somebody new."""
        taken = {other.contact.person for other in account.slots if other.contact}
        fitting = [
            c for c in account.contacts if c.level == slot.level and not c.recorded_gone and c.person not in taken
        ]
        if fitting and self.random.random() < 0.7:
            return fitting[0], []
        changes = self._add_contact(account, 0.0)
        return account.contacts[-1], changes

    def _holding(self, account: Account, slots: list[Slot], contact: Contact, verified_on: date | None) -> list[Change]:
        changes = []
        for slot in slots:
            slot.contact, slot.verified_on, slot.represented, slot.assessed = contact, verified_on, False, None
            fields = {"employment_id": contact.employment, **self._seen(verified_on, account.rep)}
            changes.append(self._slot(account, slot, fields))
        if verified_on:
            changes.append(Change("employment", contact.employment, self._seen(verified_on, account.rep)))
        return changes

    def verify(self, account: Account, slot: Slot, day: date) -> None:
        """Ask whether the holder is still there: yes, in all their slots; or find that they have left."""
        contact = slot.contact
        if contact is None:
            return
        if contact.truly_gone:
            self.depart(account, contact, day)
            return
        seen = self._seen(day, account.rep)
        changes = [Change("employment", contact.employment, seen)]
        for each in account.slots:
            if each.contact is contact:
                each.verified_on = day
                changes.append(self._slot(account, each, seen))
        self._save(account.rep, changes)

    def depart(
        self, account: Account, contact: Contact, day: date, kind: str | None = None, moved_to: Account | None = None
    ) -> None:
        """Record that a contact has gone, often weeks after it happened."""
        contact.recorded_gone = contact.truly_gone = True
        ended = {
            "end_kind": kind or self.random.choice(("left", "left", "retired", "moved")),
            "ended_on": (day - timedelta(days=self.random.randint(5, 300))).isoformat(),
            "moved_to": moved_to.id if moved_to else None,
        }
        changes = [Change("employment", contact.employment, ended)]
        if moved_to:
            again = Contact(contact.person, self._id("em"), contact.name, contact.level, False)
            moved_to.contacts.append(again)
            changes.append(
                Change("employment", again.employment, {"person_id": contact.person, "account_id": moved_to.id}, base=0)
            )
        for slot in account.slots:
            if slot.contact is contact:
                slot.contact = None
        self._save(account.rep, changes)

    def open_path(self, account: Account, slot: Slot, who: str) -> None:
        """Name the one of ours who can meet the holder and deliver value."""
        slot.represented = True
        self._save(
            account.rep, [self._slot(account, slot, {"representative_id": who, "can_meet": 1, "can_deliver": 1})]
        )

    def assess(self, account: Account, slot: Slot, disposition: str | None = None) -> None:
        """Write down how the holder stands towards us."""
        slot.assessed = Disposition(disposition or self.random.choice(_DISPOSITIONS))
        self._save(account.rep, [self._slot(account, slot, {"disposition": slot.assessed.value})])

    def vacate(self, account: Account, slot: Slot, day: date) -> None:
        """Record that a position is checked and empty."""
        slot.closed, slot.contact = True, None
        self._save(account.rep, [self._slot(account, slot, {"status": "vacant", **self._seen(day, account.rep)})])

    def excuse(self, account: Account, slot: Slot, review_on: date) -> None:
        """Agree that a position does not exist here."""
        slot.closed, slot.contact = True, None
        note = self._id("no")
        reason = {"account_id": account.id, "kind": "reason", "body": self.written["no_such_position"]}
        fields = {
            "status": "not_applicable",
            "employment_id": None,
            "agreed_by": "coach.lee",
            "review_on": review_on.isoformat(),
            "reason_note": note,
        }
        self._save("coach.lee", [Change("note", note, reason, base=0), self._slot(account, slot, fields)])

    def hand_over(self, accounts: list[Account], rep: str) -> None:
        """Give accounts to another rep, as a manager does."""
        for account in accounts:
            account.rep = rep
        self._save("manager.han", [Change("account", account.id, {"owner_id": rep}) for account in accounts])

    def dismiss(self, staff: str, last_day: date) -> None:
        """Record that one of our own has left us."""
        self._save("manager.han", [Change("staff", staff, {"ended_on": last_day.isoformat()})])

    def week_of_work(self, rep: str, week: Week, n_acts: int, at_once: int = 1) -> None:
        """What a rep does in a week: mostly on the focus list, mostly checking who is still there.

        ``at_once`` is how many slots of unknown people one call may clear up.
        """
        own = [a for a in self.accounts if a.rep == rep]
        focus = [a for a in own if a.focus] or own
        for n in range(n_acts):
            if n % max(n_acts // 5, 1) == 0:
                day = week.monday + timedelta(days=min(n // max(n_acts // 5, 1), 4))
                self.go_to(day)
            account = self.random.choice(focus if self.random.random() < 0.8 else own)
            self._act(account, day, at_once)

    def _act(self, account: Account, day: date, at_once: int) -> None:
        open_ = [slot for slot in account.slots if not slot.closed]
        self.random.shuffle(open_)
        unchecked = next(
            (s for s in open_ if s.contact and (s.verified_on is None or (day - s.verified_on).days > 150)), None
        )
        unpathed = next((s for s in open_ if s.contact and s.verified_on and not s.represented), None)
        unassessed = next((s for s in open_ if s.represented and not s.assessed), None)
        unknown = [s for s in open_ if s.contact is None]
        roll = self.random.random()
        if unchecked and roll < 0.45:
            self.verify(account, unchecked, day)
        elif unpathed and roll < 0.6:
            self.open_path(
                account, unpathed, self.random.choice((account.rep, account.rep, "support.jang", "service.moon"))
            )
        elif unassessed and roll < 0.72:
            self.assess(account, unassessed)
        elif unknown and at_once > 1:
            self.ask_around(account, unknown[: self.random.randint(1, at_once)], day)
        elif unknown:
            together = 2 if len(unknown) > 1 and self.random.random() < 0.15 else 1
            self.identify(account, unknown[:together], day, verified_on=day if self.random.random() < 0.6 else None)

    def _slot(self, account: Account, slot: Slot, fields: dict[str, Any]) -> Change:
        if "employment_id" in fields:
            cleared = (
                "verified_on",
                "verified_by",
                "verified_how",
                "representative_id",
                "can_meet",
                "can_deliver",
                "disposition",
            )
            fields = {**dict.fromkeys(cleared), **fields}
        return Change(
            "slot",
            f"{account.id}:{slot.role}",
            {"account_id": account.id, "role": slot.role, "status": "open", **fields},
        )

    def _seen(self, day: date | None, actor: str) -> dict[str, Any]:
        if day is None:
            return {}
        return {
            "verified_on": day.isoformat(),
            "verified_by": actor,
            "verified_how": self.random.choice(("call", "meeting", "reply")),
        }
