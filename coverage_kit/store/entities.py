"""The entities: each is declared by the class of its rows, and everything the store needs to know about it stands here.

Long because it is one list: every entity of the store.
Source: the data model, section 2 (docs/architecture.md).
"""

from __future__ import annotations

from dataclasses import dataclass

from coverage_kit.store.entity import (
    ENTITIES,
    Count,
    Day,
    Entity,
    Flag,
    GivenDay,
    Number,
    Reach,
    Row,
    RowT,
    Value,
    entity,
    entity_of,
    metadata,
)

__all__ = ["ENTITIES", "Account", "Agreement", "AnswerIn", "Claim", "Commitment", "Consent", "Employment", "Entity", "Event", "MustWin", "NotSame", "Note", "Offering", "Path", "Person", "PlannedContact", "PlannedRoute", "Prepared", "Pursuit", "RefusedTitle", "Row", "RowT", "Session", "Slot", "SourceDates", "Staff", "Template", "Tie", "Value", "ValueGiven", "entity_of", "metadata"]  # fmt: skip

_BY_ACCOUNT = Reach(account="account_id")


@entity(
    reach=Reach(account="id"), index="owner_id", naming="owner_id merged_into", unread="facts pinned_why merged_into"
)
@dataclass(frozen=True, slots=True)
class Account(Row):
    """A customer company: company-level facts only.

    ``team`` is written by the act that assigns the account. ``merged_into`` names the account that this one became part
    of; it is closed then. ``offerings`` and ``pinned_lists`` are JSON lists of keys;
    ``template_ids`` are the role lists of a workspace in which none were applied yet.
    """

    name: str
    name_key: str
    industry: str | None
    segment: str | None
    region: str | None
    value: Number
    owner_id: str | None
    template_ids: str | None
    status: str
    focus: Flag
    facts: str | None
    team: str | None
    offerings: str | None
    pinned_lists: str | None
    pinned_why: str | None
    merged_into: str | None


@entity(reach=None, private="name email", naming="manager_id", unread="email")
@dataclass(frozen=True, slots=True)
class Staff(Row):
    """One of our own people; mails go to ``email`` unless the config names another address."""

    name: str | None
    login: str | None
    function: str
    manager_id: str | None
    ended_on: Day
    email: str | None


@entity(
    reach=Reach(person="id"),
    private="name name_key email phone need",
    naming="merged_into",
    unread="need email name_key opted_out_on erased_on merged_into",
)
@dataclass(frozen=True, slots=True)
class Person(Row):
    """An individual at a customer; ``merged_into`` names the person whom this duplicate became part of."""

    name: str | None
    name_key: str | None
    email: str | None
    phone: str | None
    need: str | None
    opted_out_on: Day
    erased_on: Day
    merged_into: str | None


@entity(
    reach=_BY_ACCOUNT,
    private="title department",
    index="person_id account_id",
    naming="person_id account_id moved_to verified_by continues",
    unread="started_on moved_to verified_by verified_how",
    only_touched=True,
)
@dataclass(frozen=True, slots=True)
class Employment(Row):
    """A person at an account, and how it ended.

    ``continues`` names the job that a merge moved here; that one ended as ``merged`` and is void.
    """

    person_id: str
    account_id: str
    title: str | None
    department: str | None
    started_on: Day
    ended_on: Day
    end_kind: str | None
    moved_to: str | None
    verified_on: Day
    verified_by: str | None
    verified_how: str | None
    continues: str | None


@entity(reach=None)
@dataclass(frozen=True, slots=True)
class Template(Row):
    """A role list; the version in force is the row's."""

    body: str
    source_hash: str


@entity(reach=None)
@dataclass(frozen=True, slots=True)
class Offering(Row):
    """A product or service of ours; ``name`` is JSON, one text in each language."""

    name: str
    active: Flag


@entity(
    reach=_BY_ACCOUNT,
    index="account_id",
    naming="account_id employment_id verified_by representative_id agreed_by proposed_by",
    unread="verified_by grounds_note reason_note agreed_by proposed proposed_by proposed_why",
)
@dataclass(frozen=True, slots=True)
class Slot(Row):
    """One account x one required role; there is a row once something was written about it."""

    account_id: str
    role: str
    status: str
    employment_id: str | None
    verified_on: Day
    verified_by: str | None
    verified_how: str | None
    representative_id: str | None
    can_meet: Flag
    can_deliver: Flag
    disposition: str | None
    grounds_note: str | None
    reason_note: str | None
    agreed_by: str | None
    review_on: Day
    proposed: str | None
    proposed_by: str | None
    proposed_why: str | None


@entity(
    reach=_BY_ACCOUNT,
    private="body done_note",
    index="account_id person_id",
    naming="account_id person_id owner_id done_by",
    unread="body done_note done_by",
)
@dataclass(frozen=True, slots=True)
class Note(Row):
    """Free text, in a separate table so that it can be erased; a voice is a note.

    ``done_note`` says what was done about a voice; ``answered_on`` is the day on which the person heard of it.
    ``heard_on`` is the day on which it was said, where a merge wrote the row later.
    """

    account_id: str | None
    person_id: str | None
    kind: str
    body: str | None
    owner_id: str | None
    answered_on: Day
    done_note: str | None
    done_by: str | None
    done_on: Day
    heard_on: Day


@entity(
    reach=_BY_ACCOUNT,
    private="need what received",
    index="account_id person_id",
    naming="account_id employment_id person_id voice_id given_by",
    unread="need what received voice_id given_by",
)
@dataclass(frozen=True, slots=True)
class ValueGiven(Row):
    """Something of use that we gave to a person, against a need; ``received`` is what they said about it."""

    account_id: str
    employment_id: str
    person_id: str
    kind: str
    voice_id: str | None
    need: str | None
    what: str | None
    given_on: GivenDay
    given_by: str
    received: str | None
    received_on: Day


# Four kinds concern every report: imports and merges are no effort, role lists hold from when they were first applied,
# and a decision may be about a commitment without an account.
@entity(
    reach=Reach(account="account_id", shared=("kind", ("imported", "lists_applied", "merged", "decided"))),
    index="account_id",
    naming="account_id",
)
@dataclass(frozen=True, slots=True)
class Event(Row):
    """Something that happened once; its body is JSON without personal data."""

    kind: str
    account_id: str | None
    body: str | None


@entity(
    reach=Reach(account="account_id", reps=("rep_id", "owner_id")),
    private="why_then",
    index="account_id chain_id owner_id",
    naming="account_id employment_id owner_id rep_id",
    unread="why_then action_note value_note outcome_note",
)
@dataclass(frozen=True, slots=True)
class Commitment(Row):
    """A dated piece of work with one owner."""

    chain_id: str
    account_id: str | None
    role: str | None
    employment_id: str | None
    kind: str
    owner_id: str
    rep_id: str | None
    due_on: GivenDay
    action_note: str | None
    value_note: str | None
    why_then: str | None
    route: str | None
    playbook: str | None
    expected_rung: Count
    answer: str | None
    outcome: str | None
    not_kept_reason: str | None
    outcome_note: str | None
    done_on: Day
    session_id: str | None
    scope: str | None


@entity(reach=Reach(reps=("rep_id",)), index="rep_id", naming="rep_id coach_id")
@dataclass(frozen=True, slots=True)
class Session(Row):
    """A coaching hour of one rep; the reps of a group share ``group_id``."""

    kind: str
    group_id: str | None
    rep_id: str
    coach_id: str | None
    week: str
    step: str
    body: str
    agreed: Flag
    closed: Flag


@entity(reach=Reach(reps=("rep_id",)), index="rep_id", naming="rep_id account_id")
@dataclass(frozen=True, slots=True)
class Claim(Row):
    """A rep's estimate of how many they know, given before they see the number."""

    session_id: str
    rep_id: str
    account_id: str | None
    share: Number
    n: Count


@entity(reach=_BY_ACCOUNT, index="account_id", naming="account_id from_employment to_employment")
@dataclass(frozen=True, slots=True)
class Tie(Row):
    """Who reports to, influences or is at odds with whom at an account."""

    account_id: str
    from_employment: str
    to_employment: str
    kind: str


@entity(reach=_BY_ACCOUNT, index="account_id", naming="employment_id person_id account_id")
@dataclass(frozen=True, slots=True)
class Pursuit(Row):
    """How far a person is in buying an offering."""

    employment_id: str
    person_id: str | None
    account_id: str
    offering: str
    stage: str | None
    route: str | None


@entity(reach=None)
@dataclass(frozen=True, slots=True)
class Agreement(Row):
    """What an executive, a manager and a coach agreed on for the coaching of a team in a quarter.

    ``manager_id`` leads the team; ``terms`` is JSON; ``signed`` is a JSON list of the ids of those who agreed.
    """

    manager_id: str
    quarter: str
    terms: str
    signed: str


@entity(reach=_BY_ACCOUNT, index="account_id", naming="account_id")
@dataclass(frozen=True, slots=True)
class MustWin(Row):
    """An account that a manager chose as one of the few that must be won in a quarter; void once taken off."""

    account_id: str
    quarter: str
    manager_id: str


@entity(reach=None)
@dataclass(frozen=True, slots=True)
class Path(Row):
    """How we reach a customer: the steps (JSON) for the accounts of a base list, with one offering."""

    role_list: str
    offering: str
    steps: str


@entity(reach=_BY_ACCOUNT, index="account_id", naming="account_id")
@dataclass(frozen=True, slots=True)
class PlannedRoute(Row):
    """The steps (JSON) of an account that departs from the path it inherits; void once it follows that path again."""

    account_id: str
    offering: str
    steps: str


@entity(reach=None, index="commitment_id")
@dataclass(frozen=True, slots=True)
class AnswerIn(Row):
    """A colleague's reply to a request that came by mail or phone and was written down by somebody else."""

    commitment_id: str
    answer: str
    by_id: str
    written_by: str
    how: str


@entity(reach=None, index="account_id", naming="account_id", in_histories=False)
@dataclass(frozen=True, slots=True)
class SourceDates(Row):
    """When an account's contacts were last updated and last added to in a source, as of its last import.

    ``source`` is the file or system, as the rows of an import are kept under it.
    """

    account_id: str
    source: str
    updated_on: Day
    added_on: Day


@entity(reach=None, index="role", in_histories=False)
@dataclass(frozen=True, slots=True)
class RefusedTitle(Row):
    """A title that is not to suggest a role, although people of that title hold it; void once it may again.

    ``title`` is its key, without blanks and signs; ``n`` people held the role when it was taken out.
    """

    role: str
    title: str
    n: Count


@entity(reach=None, private="note", index="rep_id", naming="coach_id rep_id", in_histories=False)
@dataclass(frozen=True, slots=True)
class Prepared(Row):
    """The next hour of a coach with a rep: its local time, ``2026-11-23T10:00``, and a note for the coach alone."""

    coach_id: str
    rep_id: str
    planned_for: str | None
    note: str | None


@entity(reach=None, index="account_id", naming="account_id employment_id person_id", in_histories=False)
@dataclass(frozen=True, slots=True)
class PlannedContact(Row):
    """The next planned contact with a person at an account."""

    account_id: str
    employment_id: str
    person_id: str
    planned_on: Day


@entity(reach=None, index="one_id", naming="one_id other_id", in_histories=False)
@dataclass(frozen=True, slots=True)
class NotSame(Row):
    """Two people, or two accounts, of whom somebody said that they are not the same; void once they may be again.

    ``kind`` is ``person`` or ``account``; the ids are in alphabetical order.
    """

    kind: str
    one_id: str
    other_id: str


@entity(reach=Reach(person="person_id"), private="source", index="person_id", naming="person_id", in_histories=False)
@dataclass(frozen=True, slots=True)
class Consent(Row):
    """A person's consent to messages of one scope (``domain.consent.Scope``); its id is ``person:scope``.

    ``source`` says where it was given; ``until`` is its last day, if it has one. ``reminded_on`` is the last day on
    which the person was reminded of it.
    """

    person_id: str
    scope: str
    source: str | None
    given_on: Day
    until: Day
    withdrawn_on: Day
    reminded_on: Day
