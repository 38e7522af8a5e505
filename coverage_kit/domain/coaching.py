"""The words of coaching: commitments and why they are not kept, routes to a customer, AIDA stages."""

from __future__ import annotations

from enum import StrEnum

from coverage_kit.domain.vocabulary import Disposition, NoteKind, Rung
from coverage_kit.i18n import N_


class CommitmentKind(StrEnum):
    """What a commitment should bring about in a slot; it follows from the gap."""

    IDENTIFY = "identify"
    UNDERSTAND = "understand"
    VERIFY = "verify"
    OPEN_PATH = "open_path"
    ASSESS = "assess"
    PERSUADE = "persuade"
    KEEP = "keep"


class Outcome(StrEnum):
    """How a commitment ended."""

    KEPT = "kept"
    NOT_KEPT = "not_kept"
    WITHDRAWN = "withdrawn"


class NotKeptReason(StrEnum):
    """Why a commitment was not kept; summed, these reasons are the measure of what the immediate target takes."""

    PUSHED_ASIDE = "pushed_aside"
    DONT_KNOW_HOW = "dont_know_how"
    NOT_THERE = "not_there"
    NEED_HELP = "need_help"
    PRIORITY_CHANGED = "priority_changed"


class Answer(StrEnum):
    """An owner's reply to a commitment that others asked of them."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class OwnerAnswer(StrEnum):
    """What an owner says about a commitment by mail or phone; somebody else writes it down."""

    ACCEPT = "accept"
    HAND_ON = "hand_on"
    DECLINE = "decline"
    DONE = "done"


#: As mails and the coach's page offer them.
ANSWER_LABELS: dict[OwnerAnswer, str] = {
    OwnerAnswer.ACCEPT: N_("Accept"),
    OwnerAnswer.HAND_ON: N_("Hand on"),
    OwnerAnswer.DECLINE: N_("Not possible"),
    OwnerAnswer.DONE: N_("It is done"),
}
#: What an answer needs beside itself; the line in a reply begins so.
ANSWER_LINES: dict[OwnerAnswer, str] = {
    OwnerAnswer.ACCEPT: N_("By which day"),
    OwnerAnswer.HAND_ON: N_("To whom"),
    OwnerAnswer.DECLINE: N_("Why not, in one line"),
}


class Decision(StrEnum):
    """What a leader decides about work that gave way to the month's target."""

    HOUR = "hour"
    DROP = "drop"
    TAKE = "take"


#: The heading over decisions, and what each says to the rep: on the rep's page, in mails and reports, before the hour.
DECISIONS_TITLE = N_("What leaders decided in the last weeks")
DECISION_LINES: dict[Decision, str] = {
    Decision.HOUR: N_("{by} protected an hour for it on {day}."),
    Decision.TAKE: N_("{by} does it, since {day}."),
    Decision.DROP: N_("{by} dropped it on {day}."),
}
#: For how long a decision is shown.
DECISION_WEEKS = 4


class Route(StrEnum):
    """How a person is reached."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    DIGITAL = "digital"
    PARTNER = "partner"
    EVENT = "event"
    REFERRAL = "referral"


class Stage(StrEnum):
    """How far a person is with one offering (AIDA)."""

    ATTENTION = "attention"
    INTEREST = "interest"
    DESIRE = "desire"
    ACTION = "action"


class SessionKind(StrEnum):
    """The people in a coaching session: one rep, a group, or a rep for the first time."""

    ONE = "one"
    GROUP = "group"
    FIRST = "first"


#: The kinds of voices that wait for an answer.
VOICES = (NoteKind.NEED, NoteKind.COMPLAINT, NoteKind.SUGGESTION, NoteKind.ADVICE)

#: The kinds of notes that are voices: something a person said. What they received and how they reacted waits for nothing.
HEARD = (*VOICES, NoteKind.RECEIVED, NoteKind.REACTION)

#: The rung a slot is on once a commitment of a kind has done its work; understanding and keeping move no rung.
EXPECTED_RUNG: dict[CommitmentKind, Rung | None] = {
    CommitmentKind.IDENTIFY: Rung.NAMED,
    CommitmentKind.UNDERSTAND: None,
    CommitmentKind.VERIFY: Rung.KNOWN,
    CommitmentKind.OPEN_PATH: Rung.REPRESENTED,
    CommitmentKind.ASSESS: Rung.ASSESSED,
    CommitmentKind.PERSUADE: Rung.FAVORABLE,
    CommitmentKind.KEEP: None,
}

#: How many days a commitment of a kind gets by default.
DUE_DAYS: dict[CommitmentKind, int] = {
    CommitmentKind.IDENTIFY: 7,
    CommitmentKind.UNDERSTAND: 14,
    CommitmentKind.VERIFY: 7,
    CommitmentKind.OPEN_PATH: 14,
    CommitmentKind.ASSESS: 14,
    CommitmentKind.PERSUADE: 28,
    CommitmentKind.KEEP: 28,
}


def kind_of_gap(rung: Rung, disposition: Disposition | None = None, *, understood: bool = True) -> CommitmentKind:
    """What is to be done next in a slot on a rung?

    Parameters
    ----------
    rung : Rung
    disposition : Disposition, optional
        Of the holder.
    understood : bool
        Whether one line is written on what this person needs.
    """
    following = {
        Rung.UNKNOWN: CommitmentKind.IDENTIFY,
        Rung.NAMED: CommitmentKind.VERIFY,
        Rung.KNOWN: CommitmentKind.OPEN_PATH,
        Rung.REPRESENTED: CommitmentKind.ASSESS,
        Rung.ASSESSED: CommitmentKind.PERSUADE,
    }
    if rung in following and not (rung is Rung.ASSESSED and disposition and disposition.is_favorable):
        return following[rung]
    return CommitmentKind.KEEP if understood else CommitmentKind.UNDERSTAND


KIND_LABELS: dict[CommitmentKind, str] = {
    CommitmentKind.IDENTIFY: N_("Identify"),
    CommitmentKind.UNDERSTAND: N_("Understand the need"),
    CommitmentKind.VERIFY: N_("Verify"),
    CommitmentKind.OPEN_PATH: N_("Open a path"),
    CommitmentKind.ASSESS: N_("Assess"),
    CommitmentKind.PERSUADE: N_("Persuade"),
    CommitmentKind.KEEP: N_("Keep"),
}

OUTCOME_LABELS: dict[Outcome, str] = {
    Outcome.KEPT: N_("kept"),
    Outcome.NOT_KEPT: N_("not kept"),
    Outcome.WITHDRAWN: N_("withdrawn"),
}

REASON_LABELS: dict[NotKeptReason, str] = {
    NotKeptReason.PUSHED_ASIDE: N_("pushed aside by the immediate target"),
    NotKeptReason.DONT_KNOW_HOW: N_("don't know how"),
    NotKeptReason.NOT_THERE: N_("person not there"),
    NotKeptReason.NEED_HELP: N_("need help inside"),
    NotKeptReason.PRIORITY_CHANGED: N_("priority changed"),
}

ROUTE_LABELS: dict[Route, str] = {
    Route.IN_PERSON: N_("in person"),
    Route.PHONE: N_("phone"),
    Route.DIGITAL: N_("digital"),
    Route.PARTNER: N_("partner"),
    Route.EVENT: N_("event"),
    Route.REFERRAL: N_("referral"),
}

STAGE_LABELS: dict[Stage, str] = {
    Stage.ATTENTION: N_("attention"),
    Stage.INTEREST: N_("interest"),
    Stage.DESIRE: N_("desire"),
    Stage.ACTION: N_("action"),
}

VOICE_LABELS: dict[NoteKind, str] = {
    NoteKind.NEED: N_("need"),
    NoteKind.COMPLAINT: N_("complaint"),
    NoteKind.SUGGESTION: N_("suggestion"),
    NoteKind.ADVICE: N_("advice"),
    NoteKind.RECEIVED: N_("value received"),
    NoteKind.REACTION: N_("reaction"),
}


#: The least and the most that each number of an agreement may be: minutes a week, accounts, days.
TERM_RANGES = {"minutes": (15, 240), "focus_size": (5, 200), "answer_days": (1, 30)}
