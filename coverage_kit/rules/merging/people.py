"""Two records of one person become one."""

from __future__ import annotations

from collections.abc import Mapping

from coverage_kit.rules.merging.plan import MergePlan, Mover, seen_of
from coverage_kit.store import Ledger
from coverage_kit.store.entities import (
    Commitment,
    Employment,
    Note,
    Person,
    Pursuit,
    Slot,
    Tie,
    Value,
    ValueGiven,
)

_DETAILS = ("name", "email", "phone", "need")


def merge_people(ledger: Ledger, keep: Person, gone: Person, choices: Mapping[str, str]) -> MergePlan:
    """What making one person of two records would write.

    The one that stays keeps its details and gets those that it lacks; an opt-out of either holds. Each job of the
    other one goes on as a job of the one that stays.

    Parameters
    ----------
    ledger : Ledger
    keep, gone : Person
        The one that stays, and the one that becomes part of it.
    choices : mapping
        Answers to the plan's questions.
    """
    plan = MergePlan("person", keep.id, gone.id, keep.name or "–", gone.name or "–", seen_of(keep, gone))
    mover = Mover(ledger, plan, choices)
    details = mover.fill(keep, gone, _DETAILS)
    opted_out = min(filter(None, (keep.opted_out_on, gone.opted_out_on)), default=None)
    if opted_out != keep.opted_out_on:
        details["opted_out_on"] = opted_out
    mover.change(keep, details)
    mover.change(gone, {"merged_into": keep.id})
    ours = ledger.as_of(Employment, person_id=keep.id)
    theirs = ledger.as_of(Employment, person_id=gone.id)
    for job in theirs:
        there = [each for each in ours if each.account_id == job.account_id]
        mover.move_job(job, keep.id, job.account_id, there)
    for account in sorted({job.account_id for job in theirs}):
        _move_in_place(mover, account, keep.id, gone.id)
    mover.move_plans(lambda person: keep.id)
    mover.move_consents(keep.id, gone.id)
    for note in ledger.as_of(Note, person_id=gone.id):
        mover.change(note, {"person_id": keep.id})
        mover.count(Note)
    return plan


def _move_in_place(mover: Mover, account: str, keep: str, gone: str) -> None:
    """What an account has of the person: positions, ties, commitments, value and steps."""
    ledger = mover.ledger

    def person_of(person: str | None) -> str | None:
        return keep if person == gone else person

    mover.move_slots(ledger.as_of(Slot, account_id=account))
    mover.move_ties(ledger.as_of(Tie, account_id=account), account)
    mover.move_pursuits(ledger.as_of(Pursuit, account_id=account), person_of)
    for row in ledger.as_of(ValueGiven, account_id=account):
        if row.person_id == gone or row.employment_id in mover.job_of:
            mover.move_value([row], account, lambda person: keep if person == gone else person)
    for work in ledger.as_of(Commitment, account_id=account):
        if work.employment_id in mover.job_of:
            no_change: dict[str, Value] = {}
            mover.move_work(work, account, no_change)
