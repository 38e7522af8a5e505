"""A commitment as a draft and as it stands, and the one sentence that says it.

Source: the method, sections 3 and 6 (docs/reference/method.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from coverage_kit.domain.coaching import Answer, CommitmentKind, NotKeptReason, Outcome, Route
from coverage_kit.domain.vocabulary import Rung, StaffFunction
from coverage_kit.i18n import N_, Texts

_SENTENCES = {
    CommitmentKind.IDENTIFY: N_("find out who is {role} at {account}"),
    CommitmentKind.UNDERSTAND: N_("learn what {holder} ({account}, {role}) needs"),
    CommitmentKind.VERIFY: N_("check that {holder} is still {role} at {account}"),
    CommitmentKind.OPEN_PATH: N_("open a path to {holder} ({account}, {role})"),
    CommitmentKind.ASSESS: N_("learn how {holder} ({account}, {role}) stands towards us"),
    CommitmentKind.PERSUADE: N_("bring {holder} ({account}, {role}) value that counts for them"),
    CommitmentKind.KEEP: N_("keep in touch with {holder} ({account}, {role})"),
}
#: The same where the person is not named: nobody is known by name, or the page is shared.
_UNNAMED = {
    CommitmentKind.UNDERSTAND: N_("learn what the {role} of {account} needs"),
    CommitmentKind.VERIFY: N_("check who is {role} at {account} now"),
    CommitmentKind.OPEN_PATH: N_("open a path to the {role} of {account}"),
    CommitmentKind.ASSESS: N_("learn how the {role} of {account} stands towards us"),
    CommitmentKind.PERSUADE: N_("bring the {role} of {account} value that counts for them"),
    CommitmentKind.KEEP: N_("keep in touch with the {role} of {account}"),
}
_SUCCESSOR = N_("find out who follows {holder} as {role} at {account}")
_ESCALATION = N_("help {rep} on")
_SHARED_ESCALATION = N_("help a rep on")


@dataclass(frozen=True)
class Draft:
    """A commitment that is not saved yet; ``dataclasses.replace`` changes it.

    ``account`` and ``role`` name the slot; ``scope`` names what is meant where it is no single slot.
    """

    kind: CommitmentKind
    owner: str
    due_on: date
    account: str | None = None
    role: str | None = None
    rep: str | None = None
    employment: str | None = None
    route: Route | None = None
    playbook: str | None = None
    expected_rung: Rung | None = None
    action: str | None = None
    value: str | None = None
    why_then: str | None = None
    session: str | None = None
    scope: str | None = None


@dataclass(frozen=True, kw_only=True)
class Commitment(Draft):
    """A commitment as it stands.

    ``state`` is open, overdue, kept, not_kept or withdrawn. ``moved`` says whether the slot got where it was meant to
    (None where no rung was expected). ``asked_on`` is when it came to its owner; ``climbs_on`` and ``climbs_to`` say when
    an unanswered one goes to whom.
    """

    id: str
    version: int
    chain: str
    owner_name: str
    owner_function: StaffFunction | None
    state: str
    account_name: str | None = None
    role_title: str | None = None
    holder: str | None = None
    rung: Rung | None = None
    moved: bool | None = None
    answer: Answer | None = None
    outcome: Outcome | None = None
    reason: NotKeptReason | None = None
    outcome_note: str | None = None
    done_on: date | None = None
    created_at: int = 0
    asked_on: date | None = None
    settled_at: int | None = None
    days_late: int = 0
    carried: int = 0
    needs_answer: bool = False
    visible: bool = True
    climbs_on: date | None = None
    climbs_to: str | None = None
    climbs_to_name: str | None = None
    #: What is to be done, without the name of any rep, and the whole sentence with owner and day.
    task: str = field(default="", compare=False)
    sentence: str = field(default="", compare=False)

    @property
    def reply_by(self) -> date | None:
        """The last day for a reply, before the request climbs."""
        return self.climbs_on - timedelta(days=1) if self.climbs_on else None


def say(t: Texts, due_on: date, *, owner: str, task: str) -> str:
    """A commitment in one sentence: who, by when, to whom, what; ``task`` says the last two."""
    return t(N_("{owner}, by {due}: {action}"), owner=owner, due=t.day(due_on), action=task)


def say_task(
    t: Texts,
    kind: CommitmentKind,
    *,
    rep: str | None = None,
    account: str | None = None,
    role: str | None = None,
    holder: str | None = None,
    scope: str | None = None,
    action: str | None = None,
) -> str:
    """What a commitment is to bring about, and for whom; whose it is and by when is left out.

    Parameters
    ----------
    t : Texts
    kind : CommitmentKind
    rep, account, role, holder : str or None
        As they are called on screen.
    scope, action : str, optional
        As the commitment has them.
    """
    values = {"account": account or "–", "role": role or "–", "holder": holder or role or "–", "rep": rep or "–"}
    if action:
        place = ", ".join(part for part in (account, role) if part)
        return f"{action} ({place})" if place else action
    if holder and scope and scope.startswith("successor:"):
        return t(_SUCCESSOR, **values)
    if role is None:
        return t(_ESCALATION if rep else _SHARED_ESCALATION, **values)
    return t(_SENTENCES[kind] if holder else _UNNAMED.get(kind, _SENTENCES[kind]), **values)
