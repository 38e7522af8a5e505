"""Record what is true about people who look different in a file: several of them in one edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from coverage_kit.domain.vocabulary import EndKind, EventKind
from coverage_kit.errors import BadInput
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

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


class Truth(StrEnum):
    """What is true about a person who looks different in a file."""

    MOVED = "moved"
    LEFT = "left"
    RETIRED = "retired"
    TITLE = "title"
    ROLE = "role"
    STILL = "still"


#: What each kind of evidence suggests. That a list lacks somebody proves too little to suggest anything.
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
        Truth.ROLE: evidence.kind is EvidenceKind.TITLE,
        Truth.STILL: True,
        Truth.LEFT: True,
        Truth.RETIRED: True,
    }
    found = [truth for truth, is_possible in possible.items() if is_possible]
    first = SUGGESTED.get(evidence.kind)
    return sorted(found, key=lambda truth: truth is not first)


def record_findings(ws: Workspace, findings: Sequence[Finding], *, how: str, edit_id: str | None = None) -> Edit:
    """Record what is true about several people in one edit, which one undo takes back.

    Parameters
    ----------
    ws : Workspace
    findings : sequence of Finding
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
    with ws.ledger.one_state():
        for finding in findings:
            job = ws.ledger.find(Employment, finding.evidence.employment)
            if job is None or job.version != finding.version:
                raise BadInput(
                    "evidence.changed",
                    N_("The record of {name} was changed after this list was shown. Look at the list again."),
                    name=finding.evidence.person,
                )
            changes += _changes(ws, job, finding, how)
    return ws.ledger.save(changes, edit_id=edit_id)


def _changes(ws: Workspace, job: Employment, finding: Finding, how: str) -> list[Change]:
    one, account = finding.evidence, get_account(ws.ledger, job.account_id)
    match finding.truth:
        case Truth.MOVED:
            return moved_changes(ws.ledger, job, one, ws.today())
        case Truth.LEFT | Truth.RETIRED:
            kind = EndKind(finding.truth.value).value
            return departure_changes(ws.ledger, job.person_id, account, kind=kind, today=ws.today())
        case Truth.TITLE:
            return [Change("employment", job.id, {"title": one.now}, base=job.version)]
        case Truth.ROLE:
            return role_changes(ws.ledger, job, today=ws.today(), title=one.now or None)
        case Truth.STILL:
            check = Check(ws.today().isoformat(), ws.ledger.actor, check_how(how))
            # A second check on one day changes nothing; the event says that somebody looked after the file came.
            reviewed = event_change(EventKind.REVIEWED, {"employment": job.id}, account=job.account_id)
            return [*confirm_changes(ws.ledger, job, check), reviewed]
