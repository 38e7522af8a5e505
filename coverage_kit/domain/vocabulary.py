"""The words of the method as enums: one word per concept, in code, columns, commands and both languages."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from coverage_kit.i18n import N_


class Rung(IntEnum):
    """How far a slot is known: the highest rung for which it and all below hold."""

    UNKNOWN = 0
    NAMED = 1
    KNOWN = 2
    REPRESENTED = 3
    ASSESSED = 4
    FAVORABLE = 5


class SlotStatus(StrEnum):
    """Whether the position is open, vacant, or does not exist at the account."""

    OPEN = "open"
    VACANT = "vacant"
    NOT_APPLICABLE = "not_applicable"


class AccountStatus(StrEnum):
    """Whether an account counts. An ``unconfirmed`` one was found by an import and has no owner yet."""

    ACTIVE = "active"
    CLOSED = "closed"
    UNCONFIRMED = "unconfirmed"


class EndKind(StrEnum):
    """How an employment ended."""

    LEFT = "left"
    RETIRED = "retired"
    MOVED = "moved"


#: How a job ends that goes on as another one, because two people or two accounts became one. Nobody chooses it.
MERGED = "merged"


class VerifiedHow(StrEnum):
    """How we know that the holder is still there and in the role."""

    CALL = "call"
    MEETING = "meeting"
    REPLY = "reply"
    PUBLIC_SOURCE = "public_source"
    THIRD_PARTY = "third_party"


class Disposition(StrEnum):
    """How a person stands towards us."""

    FAVORABLE = "favorable"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"

    @property
    def is_favorable(self) -> bool:
        """Whether a person with this disposition stands on the ladder's last rung."""
        return self is Disposition.FAVORABLE


#: The stored values that stand on the ladder's last rung.
FAVORABLE = frozenset(each.value for each in Disposition if each.is_favorable)


class TieKind(StrEnum):
    """How two people of an account stand to each other: the first reports to, or influences, the second."""

    REPORTS_TO = "reports_to"
    INFLUENCES = "influences"
    AT_ODDS = "at_odds"


class Level(StrEnum):
    """The level of a required role."""

    EXECUTIVE = "executive"
    MANAGER = "manager"
    PRACTITIONER = "practitioner"


class StaffFunction(StrEnum):
    """The function of one of our people."""

    REP = "rep"
    MANAGER = "manager"
    EXECUTIVE = "executive"
    SUPPORT = "support"
    SERVICE = "service"
    COACH = "coach"


FUNCTION_LABELS: dict[StaffFunction, str] = {
    StaffFunction.REP: N_("rep"),
    StaffFunction.MANAGER: N_("manager"),
    StaffFunction.EXECUTIVE: N_("executive"),
    StaffFunction.SUPPORT: N_("support"),
    StaffFunction.SERVICE: N_("service"),
    StaffFunction.COACH: N_("coach"),
}


def staff_function(stored: str | None) -> StaffFunction:
    """What a colleague does; one whom only an accounts file names as an owner is a rep until a list of our people says more."""
    return StaffFunction(stored) if stored else StaffFunction.REP


class NoteKind(StrEnum):
    """The subject of a line of free text; those a person said are in ``domain.coaching.HEARD``."""

    VALUE = "value"
    OUTCOME = "outcome"
    REASON = "reason"
    GROUNDS = "grounds"
    ACTION = "action"
    NEED = "need"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    ADVICE = "advice"
    RECEIVED = "received"
    REACTION = "reaction"


class EventKind(StrEnum):
    """What was done with the workspace, without saying to whom."""

    WALKED = "walked"
    EXPORTED = "exported"
    ERASED = "erased"
    IMPORTED = "imported"
    SAMPLED = "sampled"
    FOCUSED = "focused"
    TRIED = "tried"
    ROLE_CHANGED = "role_changed"
    REVIEWED = "reviewed"
    LISTS_APPLIED = "lists_applied"
    COACHING_CANCELLED = "coaching_cancelled"
    DECIDED = "decided"
    MERGED = "merged"
    CONTACTS_DRAWN = "contacts_drawn"
    MAIL_REPLIED = "mail_replied"
    MAIL_BOUNCED = "mail_bounced"


class Cause(StrEnum):
    """Why a slot moved between two instants."""

    IDENTIFIED = "identified"
    VERIFIED = "verified"
    PATH_OPENED = "path_opened"
    ASSESSED = "assessed"
    PERSUADED = "persuaded"
    DEPARTED = "departed"
    LAPSED = "lapsed"
    REPRESENTATIVE_LOST = "representative_lost"
    DISPOSITION_FELL = "disposition_fell"
    REPLACED = "replaced"
    CORRECTED = "corrected"
    NOT_APPLICABLE = "not_applicable"
    TEMPLATE_CHANGED = "template_changed"
    ACCOUNT_CHANGED = "account_changed"


#: English names on screen, translated through ``i18n``.
RUNG_LABELS: dict[Rung, str] = {
    Rung.UNKNOWN: N_("Unknown"),
    Rung.NAMED: N_("Named"),
    Rung.KNOWN: N_("Known"),
    Rung.REPRESENTED: N_("Represented"),
    Rung.ASSESSED: N_("Assessed"),
    Rung.FAVORABLE: N_("Favorable"),
}

CAUSE_LABELS: dict[Cause, str] = {
    Cause.IDENTIFIED: N_("Identified"),
    Cause.VERIFIED: N_("Verified"),
    Cause.PATH_OPENED: N_("Path opened"),
    Cause.ASSESSED: N_("Disposition assessed"),
    Cause.PERSUADED: N_("Persuaded"),
    Cause.DEPARTED: N_("Departed"),
    Cause.LAPSED: N_("Lapsed"),
    Cause.REPRESENTATIVE_LOST: N_("Representative lost"),
    Cause.DISPOSITION_FELL: N_("Disposition fell"),
    Cause.REPLACED: N_("Holder replaced"),
    Cause.CORRECTED: N_("Corrected"),
    Cause.NOT_APPLICABLE: N_("Not applicable"),
    Cause.TEMPLATE_CHANGED: N_("Required roles changed"),
    Cause.ACCOUNT_CHANGED: N_("Account or owner changed"),
}

LEVEL_LABELS: dict[Level, str] = {
    Level.EXECUTIVE: N_("Executives"),
    Level.MANAGER: N_("Managers"),
    Level.PRACTITIONER: N_("Practitioners"),
}

DISPOSITION_LABELS: dict[Disposition, str] = {
    Disposition.FAVORABLE: N_("favorable"),
    Disposition.NEUTRAL: N_("neutral"),
    Disposition.NEGATIVE: N_("negative"),
}

TIE_LABELS: dict[TieKind, str] = {
    TieKind.REPORTS_TO: N_("reports to"),
    TieKind.INFLUENCES: N_("influences"),
    TieKind.AT_ODDS: N_("is at odds with"),
}

#: Causes that come from role lists or the territory, not from anybody's work; pace leaves them out.
STRUCTURAL_CAUSES = frozenset({Cause.NOT_APPLICABLE, Cause.TEMPLATE_CHANGED, Cause.ACCOUNT_CHANGED})
