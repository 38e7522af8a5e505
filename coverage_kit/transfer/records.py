"""Record what is true about people who look different in a file: several of them in one edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from coverage_kit.domain.vocabulary import EndKind, EventKind
from coverage_kit.errors import BadInput
from coverage_kit.exchange.plan.cells import day_of
from coverage_kit.exchange.plan.evidence import Evidence, EvidenceKind
from coverage_kit.i18n import N_
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.events import event_change
from coverage_kit.rules.findings import role_changes
from coverage_kit.rules.lookup import get_account
from coverage_kit.rules.verification import Check, check_how, confirm_changes
from coverage_kit.store import Change, Edit, Ledger
from coverage_kit.store.entities import Account, Employment
from coverage_kit.transfer.evidence import moved_changes


class Truth(StrEnum):
    """What is true about a person who looks different in a file."""

    MOVED = "moved"
    LEFT = "left"
    RETIRED = "retired"
    TITLE = "title"
    ROLE = "role"
    STILL = "still"


#: What each kind of evidence suggests. That a list lacks somebody, or what a memo says, proves too little for that.
SUGGESTED = {
    EvidenceKind.MOVED: Truth.MOVED,
    EvidenceKind.INACTIVE: Truth.LEFT,
    EvidenceKind.TITLE: Truth.TITLE,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is true about one of them, and the version of their employment that was on the screen."""

    evidence: Evidence
    truth: Truth
    version: int


def truths_of(ledger: Ledger, evidence: Evidence) -> list[Truth]:
    """What can be recorded about a person; what the file suggests comes first."""
    can_move = bool(evidence.moved_to) and ledger.find(Account, evidence.moved_to) is not None
    possible = {
        Truth.MOVED: can_move,
        Truth.TITLE: evidence.kind is EvidenceKind.TITLE and bool(evidence.now),
        Truth.ROLE: evidence.kind in (EvidenceKind.TITLE, EvidenceKind.NOTED),
        Truth.STILL: True,
        Truth.LEFT: True,
        Truth.RETIRED: True,
    }
    found = [truth for truth, is_possible in possible.items() if is_possible]
    first = SUGGESTED.get(evidence.kind)
    return sorted(found, key=lambda truth: truth is not first)


def record_findings(
    ledger: Ledger, findings: Sequence[Finding], *, today: date, how: str, edit_id: str | None = None
) -> Edit:
    """Record what is true about several people in one edit, which one undo takes back.

    Parameters
    ----------
    ledger : Ledger
    findings : sequence of Finding
    today : date
    how : str
        How those were checked who are still there (``call meeting reply public_source third_party``).
    edit_id : str, optional
        Send the same one again when a response got lost; it is written once.

    Raises
    ------
    BadInput
        Somebody changed one of them after the list was shown.
    """
    changes: list[Change] = []
    with ledger.one_state():
        for finding in findings:
            job = ledger.find(Employment, finding.evidence.employment)
            if job is None or job.version != finding.version:
                raise BadInput(
                    "evidence.changed",
                    N_("The record of {name} was changed after this list was shown. Look at the list again."),
                    name=finding.evidence.person,
                )
            changes += _changes(ledger, job, finding, today, how)
    return ledger.save(changes, edit_id=edit_id)


def _left_on(one: Evidence, job: Employment, today: date) -> str | None:
    """The day that the file gives for a departure, if it can be that day."""
    day = day_of(one.now) if one.kind is EvidenceKind.INACTIVE else ""
    return day if day and (job.started_on or "") <= day <= today.isoformat() else None


def _changes(ledger: Ledger, job: Employment, finding: Finding, today: date, how: str) -> list[Change]:
    one, account = finding.evidence, get_account(ledger, job.account_id)
    match finding.truth:
        case Truth.MOVED:
            return moved_changes(ledger, job, one, today)
        case Truth.LEFT | Truth.RETIRED:
            kind = EndKind(finding.truth.value).value
            return departure_changes(
                ledger, job.person_id, account, kind=kind, today=today, ended_on=_left_on(one, job, today)
            )
        case Truth.TITLE:
            return [Change("employment", job.id, {"title": one.now}, base=job.version)]
        case Truth.ROLE:
            title = one.now if one.kind is EvidenceKind.TITLE else None
            return role_changes(ledger, job, today=today, title=title or None)
        case Truth.STILL:
            check = Check(today.isoformat(), ledger.actor, check_how(how))
            # A second check on one day changes nothing; the event says that somebody looked after the file came.
            reviewed = event_change(EventKind.REVIEWED, {"employment": job.id}, account=job.account_id)
            return [*confirm_changes(ledger, job, check), reviewed]
