"""What is learned of one person in a conversation: still there, role changed, what they said, what they need, how far they are.

Source: the method, sections 3 to 5, and the data model, section 4 (docs/method.md, docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.events import person_event_change
from coverage_kit.domain.coaching import VOICES, Outcome, Route, Stage
from coverage_kit.domain.identifiers import clean_key, clean_text
from coverage_kit.domain.vocabulary import EventKind, NoteKind, VerifiedHow
from coverage_kit.domain.week import local_day
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.people import day_past, day_there, is_gone
from coverage_kit.rules.slots import (
    HOLDER_FIELDS,
    as_day,
    as_word,
    find_row,
    get_account,
    no_person,
    one_employment,
)
from coverage_kit.store import Change, Edit, new_id


@dataclass(frozen=True)
class Voice:
    """What a person said; ``days`` is its age, to the answer or to now."""

    id: str
    kind: NoteKind
    body: str
    account: str
    account_name: str
    person: str | None
    holder: str | None
    owner: str | None
    answered_on: date | None
    days: int


@dataclass(frozen=True)
class Pursuit:
    """How far a person is with one offering."""

    id: str
    employment: str
    person: str
    account: str
    offering: str
    stage: Stage
    route: Route | None


@dataclass(frozen=True)
class Rhythm:
    """When we were last in touch with a person, apart from checking that they are there, and when next."""

    person: str
    employment: str
    holder: str | None
    last: date | None
    next: date | None


class People:
    """The people of the accounts, as conversations show them."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def check_there(self, person: str, account: str) -> None:
        """See to it that nobody has recorded already that this person is gone.

        Raises
        ------
        BadInput
            They are gone; what was seen is not so any more.
        """
        if is_gone(self._job(person, account), self._context.today()):
            raise BadInput(
                "person.gone_already",
                N_(
                    "It is written down already that this person is gone. Look at the account again;"
                    " if it is not so, take that back first."
                ),
            )

    # Still there? --------------------------------------------------------------------------------------------------

    def slots(self, person: str, account: str) -> list[str]:
        """Which required roles does this person hold at the account? Shown for assent before one act writes them all."""
        job = self._job(person, account)
        rows = self._context.ledger.as_of("slot", account_id=job["account_id"])
        return [row["role"] for row in rows if row["employment_id"] == job["id"]]

    def confirm(
        self,
        person: str,
        account: str,
        *,
        how: str,
        on: str | date | None = None,
        roles: list[str] | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """The person is still there: one act verifies the employment and every slot they hold.

        Parameters
        ----------
        person, account : str
            Id or name.
        how : str
            ``call meeting reply public_source third_party``.
        on : str or date, optional
            Today by default; never after today.
        roles : list of str, optional
            Only these of their slots.
        edit_id : str, optional
        """
        return self._context.ledger.save(
            self.confirm_changes(person, account, how=how, on=on, roles=roles), edit_id=edit_id
        )

    def confirm_changes(
        self, person: str, account: str, *, how: str, on: str | date | None = None, roles: list[str] | None = None
    ) -> list[Change]:
        """The rows that ``confirm`` writes."""
        job = self._job(person, account)
        today = self._context.today().isoformat()
        day = as_day(on, "on") or today
        if day > today:
            raise BadInput(
                "slot.verified_ahead",
                N_("{day} is after today ({today}); a verification is something that has happened."),
                day=day,
                today=today,
            )
        word = as_word(VerifiedHow, how, "verified_how").value
        seen = {"verified_on": day, "verified_by": self._context.ledger.actor, "verified_how": word}
        held = [role for role in self.slots(person, account) if roles is None or role in roles]
        changes = [Change("slot", f"{job['account_id']}:{role}", seen) for role in held]
        # An older check never replaces a newer one.
        return [*changes, Change("employment", job["id"], seen)] if (job["verified_on"] or "") <= day else changes

    def change_role(
        self,
        person: str,
        account: str,
        *,
        title: str | None = None,
        department: str | None = None,
        on: str | date | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """The person is still at the account, in another role: the slots they held are open again.

        Parameters
        ----------
        person, account : str
            Id or name.
        title, department : str, optional
            The new ones.
        on : str or date, optional
            The first day in the new role, where known; never after today, nor before the person began there.
        edit_id : str, optional
        """
        changes = self.role_changes(person, account, title=title, department=department, on=on)
        return self._context.ledger.save(changes, edit_id=edit_id)

    def role_changes(
        self,
        person: str,
        account: str,
        *,
        title: str | None = None,
        department: str | None = None,
        on: str | date | None = None,
    ) -> list[Change]:
        """The rows that ``change_role`` writes."""
        job = self._job(person, account)
        day = day_past(day_there(job, on, "on"), "on", self._context.today())
        cleared = {"employment_id": None, **HOLDER_FIELDS}
        slots = [Change("slot", f"{job['account_id']}:{role}", cleared) for role in self.slots(person, account)]
        fields = {
            "title": title and clean_text(title, "title"),
            "department": department and clean_text(department, "department"),
        }
        return [
            *slots,
            Change("employment", job["id"], fields),
            person_event_change(EventKind.ROLE_CHANGED, job, on=day),
        ]

    def could_not_check(self, person: str, account: str, *, edit_id: str | None = None) -> Edit:
        """Somebody tried to find out whether the person is still there, and could not: an effort, and no verification."""
        return self._context.ledger.save(self.try_changes(person, account), edit_id=edit_id)

    def try_changes(self, person: str, account: str) -> list[Change]:
        """The rows that ``could_not_check`` writes."""
        return [person_event_change(EventKind.TRIED, self._job(person, account))]

    # What they said and need ---------------------------------------------------------------------------------------

    def add_voice(
        self, person: str, account: str, kind: str, text: str, *, owner: str | None = None, edit_id: str | None = None
    ) -> str:
        """Write down what a person said; somebody of ours owns the answer.

        Parameters
        ----------
        person, account : str
            Id or name.
        kind : str
            ``need complaint suggestion advice``.
        text : str
            As it was said; write it so that the person may read it.
        owner : str, optional
            Who answers; the account's rep by default.

        Returns
        -------
        str
            The id of the voice.
        """
        job = self._job(person, account)
        word = as_word(NoteKind, kind, "kind")
        if word not in VOICES:
            raise BadInput(
                "voice.kind", N_("'{value}' is not a voice; use one of: {words}."), value=kind[:40], words=list(VOICES)
            )
        row = get_account(self._context.ledger, account)
        key = f"no_{edit_id[3:]}" if edit_id else new_id("no")
        fields = {
            "account_id": row["id"],
            "person_id": job["person_id"],
            "kind": word.value,
            "body": clean_key(text, "voice"),
            "owner_id": self._context.staff_id(owner) or row["owner_id"],
        }
        self._context.ledger.save([Change("note", key, fields, base=0)], edit_id=edit_id)
        return key

    def answer(self, voice: str, *, on: str | date | None = None) -> Edit:
        """What the person said has been answered."""
        row = find_row(self._context.ledger, "note", voice)
        if row is None or row["kind"] not in VOICES:
            raise NotFound("voice.unknown", N_("There is no voice '{id}' here."), id=voice[:40])
        day = as_day(on, "on") or self._context.today().isoformat()
        return self._context.ledger.save([Change("note", voice, {"answered_on": day})])

    def voices(
        self, *, rep: str | None = None, account: str | None = None, owner: str | None = None, answered: bool = False
    ) -> list[Voice]:
        """What was said and waits for an answer, the oldest first; with ``answered`` also what has one."""
        context = self._context
        where = {} if account is None else {"account_id": get_account(context.ledger, account)["id"]}
        notes = [n for n in context.ledger.as_of("note", **where) if n["kind"] in VOICES]
        notes = [n for n in notes if (answered or not n["answered_on"])]
        accounts = context.rows("account", (n["account_id"] for n in notes))
        people = context.rows("person", (n["person_id"] for n in notes))
        rep_id, owner_id = context.staff_id(rep), context.staff_id(owner)
        made = []
        for note in notes:
            home = accounts.get(note["account_id"]) or {}
            if (rep_id and home.get("owner_id") != rep_id) or (owner_id and note["owner_id"] != owner_id):
                continue
            first = context.ledger.history("note", note["id"])[0]["at"]
            until = date.fromisoformat(note["answered_on"]) if note["answered_on"] else context.today()
            made.append(
                Voice(
                    note["id"],
                    NoteKind(note["kind"]),
                    note["body"] or "",
                    note["account_id"],
                    home.get("name") or note["account_id"],
                    note["person_id"],
                    (people.get(note["person_id"] or "") or {}).get("name"),
                    note["owner_id"],
                    date.fromisoformat(note["answered_on"]) if note["answered_on"] else None,
                    (until - local_day(first, context.zone)).days,
                )
            )
        return sorted(made, key=lambda voice: (-voice.days, voice.id))

    def set_need(self, person: str, account: str, need: str | None) -> Edit:
        """One line on what this person needs; None clears it."""
        job = self._job(person, account)
        text = clean_key(need, "need") if need else None
        return self._context.ledger.save([Change("person", job["person_id"], {"need": text})])

    # How far they are ----------------------------------------------------------------------------------------------

    def set_stage(
        self,
        person: str,
        account: str,
        offering: str,
        stage: str | None,
        *,
        route: str | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """How far this person is with an offering (attention, interest, desire, action), and over which route.

        ``stage`` None takes it back; the same ``edit_id`` again writes nothing.
        """
        job = self._job(person, account)
        name = clean_key(offering, "offering")
        present = self.pursuits(account, person=person)
        same = next((p for p in present if p.offering.casefold() == name.casefold()), None)
        if stage is None:
            voided = [] if same is None else [Change("pursuit", same.id, {"is_void": 1})]
            return self._context.ledger.save(voided, edit_id=edit_id)
        fields: dict[str, Any] = {
            "employment_id": job["id"],
            "person_id": job["person_id"],
            "account_id": job["account_id"],
            "offering": same.offering if same else name,
            "stage": as_word(Stage, stage, "stage").value,
        }
        if route is not None:
            fields["route"] = as_word(Route, route, "route").value
        return self._context.ledger.save(
            [Change("pursuit", same.id if same else new_id("pu"), fields)], edit_id=edit_id
        )

    def pursuits(self, account: str, *, person: str | None = None) -> list[Pursuit]:
        """How far the people of an account are, by offering and person."""
        row = get_account(self._context.ledger, account)
        job = None if person is None else self._job(person, account)
        found = [
            Pursuit(
                p["id"],
                p["employment_id"],
                p["person_id"],
                p["account_id"],
                p["offering"],
                Stage(p["stage"]),
                Route(p["route"]) if p["route"] else None,
            )
            for p in self._context.ledger.as_of("pursuit", account_id=row["id"])
            if job is None or p["employment_id"] == job["id"]
        ]
        return sorted(found, key=lambda p: (p.offering, p.person))

    def rhythm(self, account: str) -> list[Rhythm]:
        """When were we last in real contact with each person who is there, and when is the next planned?

        Contact is what they said, how far they moved, and a commitment kept with them; a verification alone is none.
        Those longest without come first.
        """
        context = self._context
        home = get_account(context.ledger, account)["id"]
        jobs = [job for job in context.ledger.as_of("employment", account_id=home) if not job["end_kind"]]
        people = context.rows("person", (job["person_id"] for job in jobs))
        notes = [n for n in context.ledger.as_of("note", account_id=home) if n["kind"] in VOICES]
        heard = [
            (n["person_id"], local_day(context.ledger.history("note", n["id"])[0]["at"], context.zone)) for n in notes
        ]
        heard += [
            (p["person_id"], local_day(p["at"], context.zone)) for p in context.ledger.as_of("pursuit", account_id=home)
        ]
        promised = context.ledger.as_of("commitment", account_id=home)
        found = []
        for job in jobs:
            own = [c for c in promised if c["employment_id"] == job["id"]]
            kept = [date.fromisoformat(c["done_on"]) for c in own if c["outcome"] == Outcome.KEPT and c["done_on"]]
            ahead = [date.fromisoformat(c["due_on"]) for c in own if not c["outcome"]]
            last = max([*kept, *(day for person, day in heard if person == job["person_id"])], default=None)
            name = (people.get(job["person_id"]) or {}).get("name")
            found.append(Rhythm(job["person_id"], job["id"], name, last, min(ahead, default=None)))
        return sorted(found, key=lambda r: (r.last or date.min, r.holder or "", r.person))

    def _job(self, person: str, account: str) -> dict[str, Any]:
        row = get_account(self._context.ledger, account)
        job = one_employment(self._context.ledger, row["id"], person)
        if job is None:
            raise no_person(row["id"])
        return job
