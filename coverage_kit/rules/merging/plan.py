"""The plan of a merge: what it would write, what it asks, and what differs between the two."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from coverage_kit.domain.identifiers import name_key
from coverage_kit.domain.vocabulary import MERGED, TieKind
from coverage_kit.i18n import N_
from coverage_kit.store import Change, Ledger, new_id
from coverage_kit.store.entities import (
    Commitment,
    Consent,
    Employment,
    Note,
    Person,
    PlannedContact,
    Pursuit,
    Row,
    Slot,
    Tie,
    Value,
    ValueGiven,
    entity_of,
)

#: The two ways to answer a question of a merge.
KEEP, TAKE = "keep", "take"
#: What goes over, by entity, as a message names it.
MOVED_LABELS = {
    "slot": N_("positions: {n}"),
    "tie": N_("ties: {n}"),
    "note": N_("notes and voices: {n}"),
    "pursuit": N_("buying stages: {n}"),
    "value_given": N_("value given: {n}"),
    "planned_contact": N_("planned contacts: {n}"),
    "commitment": N_("commitments: {n}"),
    "consent": N_("consents: {n}"),
}
#: Texts of a commitment, kept as notes.
_NOTES_OF_WORK = ("action_note", "value_note", "outcome_note")
_CHECK = ("verified_on", "verified_by", "verified_how")


@dataclass(frozen=True, slots=True)
class MovedJob:
    """A job that goes on as another one; ``is_joined`` if the person had that job already."""

    old: str
    new: str
    person: str
    is_joined: bool


@dataclass(frozen=True, slots=True)
class MergeQuestion:
    """Something that both have and that only one can keep.

    Attributes
    ----------
    id : str
        ``role:KEY``, or ``job:ACCOUNT``.
    what : str
        ``role`` (two people in one position) or ``job`` (one record says that the person is gone).
    about : str
        The role's key, or the account's id.
    keep, take : str
        What the one that is kept has, and what the other one has.
    chosen : str
        ``keep``, ``take``, or "" while nobody has decided.
    """

    id: str
    what: str
    about: str
    keep: str
    take: str
    chosen: str


@dataclass
class MergePlan:
    """What a merge would do; nothing is written.

    Attributes
    ----------
    kind : str
        ``person`` or ``account``.
    keep, gone : str
        Ids.
    keep_name, gone_name : str
    seen : dict
        The version of each of the two, by id.
    jobs : list of MovedJob
    moved : dict
        How many things go over, by entity.
    differences : list
        ``(field, what is kept, what is left behind)`` where both have something else; the history keeps both.
    questions : list of MergeQuestion
    changes : list of Change
        Complete only when no question is open.
    """

    kind: str
    keep: str
    gone: str
    keep_name: str
    gone_name: str
    seen: dict[str, int]
    jobs: list[MovedJob] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    questions: list[MergeQuestion] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @property
    def open(self) -> list[MergeQuestion]:
        """The questions that nobody has answered."""
        return [each for each in self.questions if not each.chosen]


class Mover:
    """Moves what belongs to the one that goes over to the one that stays, and notes it in the plan.

    Parameters
    ----------
    ledger : Ledger
    plan : MergePlan
    choices : mapping
        Answers to questions: a question's id to ``keep`` or ``take``.
    """

    def __init__(self, ledger: Ledger, plan: MergePlan, choices: Mapping[str, str]) -> None:
        self.ledger = ledger
        self.plan = plan
        self._choices = choices
        #: Old job to new one, and old note to new one.
        self.job_of: dict[str, str] = {}
        self.note_of: dict[str, str] = {}

    def change(self, row: Row, values: Mapping[str, Value]) -> None:
        """Set fields of something that is there."""
        self.plan.changes.append(Change(entity_of(type(row)).name, row.id, values, base=row.version))

    def count(self, row: type[Row]) -> None:
        """One more of these goes over."""
        name = entity_of(row).name
        self.plan.moved[name] = self.plan.moved.get(name, 0) + 1

    def ask(self, what: str, about: str, keep: str, take: str) -> str:
        """``keep`` or ``take``, as somebody decided; "" while it is open."""
        question = f"{what}:{about}"
        chosen = self._choices.get(question, "")
        self.plan.questions.append(MergeQuestion(question, what, about, keep, take, chosen))
        return chosen

    def fill(self, keep: Row, gone: Row, names: Sequence[str]) -> dict[str, Value]:
        """The fields that the one that stays lacks and the other one has; where both differ, the plan says so."""
        found: dict[str, Value] = {}
        for name in names:
            ours, theirs = getattr(keep, name), getattr(gone, name)
            if ours in (None, "") and theirs not in (None, ""):
                found[name] = theirs
            elif theirs not in (None, "") and theirs != ours:
                self.plan.differences.append((name, str(ours), str(theirs)))
        return found

    # Jobs ----------------------------------------------------------------------------------------------------------

    def move_job(self, job: Employment, person: str, account: str, there: Sequence[Employment]) -> None:
        """End a job as merged; it goes on as a new one, or as one that the person has there already.

        Parameters
        ----------
        job : Employment
        person, account : str
            Whose job it is from now on, and where.
        there : sequence of Employment
            The jobs that this person has there.
        """
        same = next((each for each in there if (each.end_kind is None) == (job.end_kind is None)), None)
        same = same or next(iter(there), None)
        if same is None:
            key = new_id("em")
            own: dict[str, Value] = {name: getattr(job, name) for name in entity_of(Employment).fields}
            own |= {"person_id": person, "account_id": account, "continues": job.id}
            self.plan.changes.append(Change("employment", key, own, base=0))
        else:
            key = same.id
            self._join(same, job)
        self.change(job, {"end_kind": MERGED, "is_void": 1})
        self.job_of[job.id] = key
        self.plan.jobs.append(MovedJob(job.id, key, person, same is not None))

    def _join(self, keep: Employment, gone: Employment) -> None:
        values = self.fill(keep, gone, ("title", "department"))
        started = min(filter(None, (keep.started_on, gone.started_on)), default=None)
        if started != keep.started_on:
            values["started_on"] = started
        values |= later_check(keep, gone)
        if (keep.end_kind is None) != (gone.end_kind is None):
            said = [describe_end(each) for each in (keep, gone)]
            if self.ask("job", keep.account_id, *said) == TAKE:
                values |= {name: getattr(gone, name) for name in ("end_kind", "ended_on", "moved_to")}
        self.change(keep, values)

    def describe_holder(self, job: str | None) -> str:
        """Name and title of the person in a job."""
        row = self.ledger.find(Employment, job)
        person = None if row is None else self.ledger.find(Person, row.person_id)
        texts = [person.name if person else None, row.title if row else None]
        return ", ".join(filter(None, texts)) or "–"

    # What names a job ----------------------------------------------------------------------------------------------

    def move_slots(self, slots: Sequence[Slot]) -> None:
        """Slots of an account that stays: their holders go on under another job."""
        for slot in slots:
            if slot.employment_id in self.job_of:
                self.change(slot, {"employment_id": self.job_of[slot.employment_id]})
                self.count(Slot)

    def move_ties(self, rows: Sequence[Tie], account: str) -> None:
        """Ties between jobs that go on; one that the other record has too is not doubled."""
        there = {row.id for row in self.ledger.as_of(Tie, account_id=account)}
        for row in rows:
            ends = [self.job_of.get(end, end) for end in (row.from_employment, row.to_employment)]
            if ends == [row.from_employment, row.to_employment] and row.account_id == account:
                continue
            self.change(row, {"is_void": 1})
            if row.kind == TieKind.AT_ODDS:
                ends.sort()
            key = f"{ends[0]}:{row.kind}" if row.kind == TieKind.REPORTS_TO else f"{ends[0]}:{row.kind}:{ends[1]}"
            if ends[0] == ends[1] or key in there:
                continue
            there.add(key)
            own = {"account_id": account, "kind": row.kind, "from_employment": ends[0], "to_employment": ends[1]}
            self.plan.changes.append(Change("tie", key, own, base=0))
            self.count(Tie)

    def move_pursuits(self, rows: Sequence[Pursuit], person_of: Callable[[str | None], str | None]) -> None:
        """How far people are with an offering; of two that are about the same one, the later counts."""
        new = [self.job_of[row.employment_id] for row in rows if row.employment_id in self.job_of]
        there = {row.id: row for job in new for row in self._pursuits_of(job)}
        for row in rows:
            job = self.job_of.get(row.employment_id)
            if job is None:
                continue
            self.change(row, {"is_void": 1})
            key = f"{job}:{name_key(row.offering)}"
            account = self._account_of(job, row.account_id)
            own: dict[str, Value] = {"employment_id": job, "person_id": person_of(row.person_id), "account_id": account}
            own |= {name: getattr(row, name) for name in ("offering", "stage", "route")}
            other = there.get(key)
            if other is None or other.at < row.at:
                self.plan.changes.append(Change("pursuit", key, own, base=0 if other is None else other.version))
            self.count(Pursuit)

    def _pursuits_of(self, job: str) -> list[Pursuit]:
        row = self.ledger.find(Employment, job)
        found = [] if row is None else self.ledger.as_of(Pursuit, account_id=row.account_id)
        return [each for each in found if each.employment_id == job]

    def _account_of(self, job: str, account: str) -> str:
        return self.plan.keep if self.plan.kind == "account" else account

    def move_value(self, rows: Sequence[ValueGiven], account: str, person_of: Callable[[str], str]) -> None:
        """What people received from us."""
        for row in rows:
            values: dict[str, Value] = {
                "employment_id": self.job_of.get(row.employment_id, row.employment_id),
                "person_id": person_of(row.person_id),
            }
            self._rehome(row, account, values | {"voice_id": self.note_of.get(row.voice_id or "", row.voice_id)})

    def move_plans(self, person_of: Callable[[str], str]) -> None:
        """The next planned contact with a person; where the other record has one too, that one counts."""
        for old, job in self.job_of.items():
            row = self.ledger.find(PlannedContact, old)
            if row is None or row.planned_on is None:
                continue
            self.change(row, {"is_void": 1})
            there = self.ledger.find(PlannedContact, job)
            if there is None or there.planned_on is None:
                own: dict[str, Value] = {
                    "account_id": self._account_of(job, row.account_id),
                    "employment_id": job,
                    "person_id": person_of(row.person_id),
                    "planned_on": row.planned_on,
                }
                self.plan.changes.append(
                    Change("planned_contact", job, own, base=0 if there is None else there.version)
                )
            self.count(PlannedContact)

    def move_consents(self, keep: str, gone: str) -> None:
        """Consents to messages. Where both have one of a scope, the one that stays keeps its own, and a withdrawal holds."""
        for row in self.ledger.as_of(Consent, person_id=gone):
            key = f"{keep}:{row.scope}"
            there = self.ledger.find(Consent, key)
            own: dict[str, Value] = {name: getattr(row, name) for name in entity_of(Consent).fields}
            self.change(row, {"is_void": 1})
            self.count(Consent)
            if there is None:
                self.plan.changes.append(Change("consent", key, own | {"person_id": keep}, base=0))
            elif row.withdrawn_on is not None and there.withdrawn_on is None:
                self.change(there, {"withdrawn_on": row.withdrawn_on})

    def move_work(self, row: Commitment, account: str, values: Mapping[str, Value]) -> None:
        """An open commitment: it stays in its chain, with its day, so it does not count as carried over."""
        job = self.job_of.get(row.employment_id or "", row.employment_id)
        scope = row.scope
        if scope and row.employment_id and scope.endswith(row.employment_id):
            scope = scope.removesuffix(row.employment_id) + str(job)
        notes: dict[str, Value] = {
            name: self.note_of.get(getattr(row, name) or "", getattr(row, name)) for name in _NOTES_OF_WORK
        }
        self._rehome(row, account, {**values, **notes, "employment_id": job, "scope": scope})

    def move_note(self, row: Note, account: str, heard_on: str) -> None:
        """A text; the day on which it was heard stays."""
        key = self._rehome(row, account, {"heard_on": heard_on})
        self.note_of[row.id] = key

    def _rehome(self, row: Row, account: str, values: Mapping[str, Value]) -> str:
        """Set fields in place; at another account, the row ends and goes on as a new one, as its account never changes."""
        name = entity_of(type(row)).name
        own: dict[str, Value] = {each.name: getattr(row, each.name) for each in fields(row)}
        self.count(type(row))
        if own["account_id"] == account:
            differ = {key: value for key, value in values.items() if own[key] != value and key != "heard_on"}
            if differ:
                self.change(row, differ)
            return row.id
        key = new_id(row.id.split("_")[0])
        new = {column: own[column] for column in entity_of(type(row)).fields}
        self.change(row, {"is_void": 1})
        self.plan.changes.append(Change(name, key, {**new, **values, "account_id": account}, base=0))
        return key


def seen_of(*rows: Row) -> dict[str, int]:
    """The version of each row, by id."""
    return {row.id: row.version for row in rows}


def later_check(keep: Slot | Employment, gone: Slot | Employment) -> dict[str, Value]:
    """The newer of two checks; nothing where the one that stays has it."""
    if (gone.verified_on or "") <= (keep.verified_on or ""):
        return {}
    return {name: getattr(gone, name) for name in _CHECK}


def describe_end(job: Employment) -> str:
    """Whether a record has somebody as still there (``there``), or how and when they left."""
    return " ".join(filter(None, (job.end_kind or "there", job.ended_on)))
