"""Two accounts that are one company become one: a duplicate, or a company that was taken over."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date

from coverage_kit.domain.vocabulary import AccountStatus, SlotStatus
from coverage_kit.role_lists.slot_state import is_gone
from coverage_kit.rules.merging.plan import KEEP, TAKE, MergePlan, Mover, later_check, seen_of
from coverage_kit.rules.routes import path_key
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import (
    Account,
    Commitment,
    Employment,
    MustWin,
    Note,
    PlannedRoute,
    Pursuit,
    Slot,
    SourceDates,
    Tie,
    Value,
    ValueGiven,
    entity_of,
)

_FACTS = ("industry", "segment", "region", "value")
_PATH = ("representative_id", "can_meet", "can_deliver")


def merge_accounts(
    ledger: Ledger, keep: Account, gone: Account, choices: Mapping[str, str], *, day_of: Callable[[int], str]
) -> MergePlan:
    """What making one account of two would write.

    The one that stays keeps its owner and its facts and gets those that it lacks; the other one is closed. Its people,
    positions, ties, voices and open commitments go over; what was settled stays where it happened.

    Parameters
    ----------
    ledger : Ledger
    keep, gone : Account
        The one that stays, and the one that becomes part of it.
    choices : mapping
        Answers to the plan's questions.
    day_of : callable
        The local day of an instant.
    """
    plan = MergePlan("account", keep.id, gone.id, keep.name, gone.name, seen_of(keep, gone))
    mover = Mover(ledger, plan, choices)
    _move_facts(mover, keep, gone)
    ours = ledger.as_of(Employment, account_id=keep.id)
    for job in ledger.as_of(Employment, account_id=gone.id):
        mover.move_job(job, job.person_id, keep.id, [each for each in ours if each.person_id == job.person_id])
    work = ledger.as_of(Commitment, account_id=gone.id)
    settled = {key for each in work if each.outcome for key in (each.action_note, each.value_note, each.outcome_note)}
    for note in ledger.as_of(Note, account_id=gone.id):
        if note.id not in settled:
            mover.move_note(note, keep.id, note.heard_on or day_of(ledger.history(Note, note.id)[0].at))
    _move_slots(mover, keep, gone, day_of(ledger.now()))
    mover.move_ties(ledger.as_of(Tie, account_id=gone.id), keep.id)
    mover.move_pursuits(ledger.as_of(Pursuit, account_id=gone.id), lambda person: person)
    mover.move_value(ledger.as_of(ValueGiven, account_id=gone.id), keep.id, lambda person: person)
    mover.move_plans(lambda person: person)
    for each in work:
        if not each.outcome:
            mover.move_work(each, keep.id, _handed_over(each, keep, gone))
    _move_marks(mover, keep, gone)
    return plan


def _move_facts(mover: Mover, keep: Account, gone: Account) -> None:
    values = mover.fill(keep, gone, _FACTS)
    if keep.owner_id is None and gone.owner_id is not None:
        values |= {"owner_id": gone.owner_id, "team": gone.team}
    if keep.status == AccountStatus.UNCONFIRMED and gone.status == AccountStatus.ACTIVE and values.get("owner_id"):
        values["status"] = AccountStatus.ACTIVE.value
    sold = [json.loads(each.offerings or "[]") for each in (keep, gone)]
    if more := [key for key in sold[1] if key not in sold[0]]:
        values["offerings"] = json.dumps([*sold[0], *more], ensure_ascii=False)
    mover.change(keep, values)
    mover.change(gone, {"merged_into": keep.id, "status": AccountStatus.CLOSED.value})


def _handed_over(work: Commitment, keep: Account, gone: Account) -> dict[str, Value]:
    """Work of the rep who looked after the other account goes to the one who looks after this one."""
    rep = keep.owner_id or gone.owner_id
    if rep is None or gone.owner_id is None or rep == gone.owner_id:
        return {}
    return {"rep_id": rep, "owner_id": rep} if work.owner_id == gone.owner_id else {"rep_id": rep}


# Positions ---------------------------------------------------------------------------------------------------------


def _move_slots(mover: Mover, keep: Account, gone: Account, today: str) -> None:
    ledger = mover.ledger
    ours = {slot.role: slot for slot in ledger.as_of(Slot, account_id=keep.id)}
    for slot in ledger.as_of(Slot, account_id=gone.id):
        there = ours.get(slot.role)
        holder = mover.job_of.get(slot.employment_id or "", slot.employment_id)
        if _is_blank(slot, holder):
            continue
        if there is None or _is_blank(there, there.employment_id):
            _take(mover, keep, there, slot, holder)
        elif _says_the_same(there, slot, holder):
            mover.change(there, _joined(mover, there, slot))
        elif _decide(mover, there, slot, today) == TAKE:
            _take(mover, keep, there, slot, holder)


def _is_blank(slot: Slot, holder: str | None) -> bool:
    return slot.status == SlotStatus.OPEN and holder is None


def _says_the_same(there: Slot, slot: Slot, holder: str | None) -> bool:
    return there.status == slot.status and (slot.status != SlotStatus.OPEN or there.employment_id == holder)


def _take(mover: Mover, keep: Account, there: Slot | None, slot: Slot, holder: str | None) -> None:
    """The position as the other account has it."""
    values: dict[str, Value] = {name: getattr(slot, name) for name in entity_of(Slot).fields}
    notes = {name: mover.note_of.get(str(values[name]), values[name]) for name in ("grounds_note", "reason_note")}
    values |= {"account_id": keep.id, "employment_id": holder, **notes}
    base = 0 if there is None else there.version
    mover.plan.changes.append(Change("slot", f"{keep.id}:{slot.role}", values, base=base))
    mover.count(Slot)


def _joined(mover: Mover, there: Slot, slot: Slot) -> dict[str, Value]:
    """Both name the same person: the newer check, and what the one that stays lacks."""
    values = later_check(there, slot)
    if there.representative_id is None:
        values |= {name: getattr(slot, name) for name in _PATH}
    if there.disposition is None and slot.disposition is not None:
        values |= {"disposition": slot.disposition}
        values["grounds_note"] = mover.note_of.get(slot.grounds_note or "", slot.grounds_note)
    return values


def _decide(mover: Mover, there: Slot, slot: Slot, today: str) -> str:
    """Whose holder stays: one who is there rather than one who left; else somebody is asked."""
    gone = [_has_left(mover, each, today) for each in (there, slot)]
    if gone[1]:
        return KEEP
    if gone[0]:
        return TAKE
    return mover.ask("role", slot.role, *(_describe(mover, each) for each in (there, slot)))


def _has_left(mover: Mover, slot: Slot, today: str) -> bool:
    job = mover.ledger.find(Employment, slot.employment_id)
    if slot.status != SlotStatus.OPEN or job is None:
        return False
    return is_gone(job, date.fromisoformat(today))


def _describe(mover: Mover, slot: Slot) -> str:
    return mover.describe_holder(slot.employment_id) if slot.status == SlotStatus.OPEN else slot.status


# Marks -------------------------------------------------------------------------------------------------------------


def _move_marks(mover: Mover, keep: Account, gone: Account) -> None:
    """Must-win marks, departures from paths, and the dates of the sources."""
    ledger = mover.ledger
    chosen = {(row.quarter, row.manager_id) for row in ledger.as_of(MustWin, account_id=keep.id)}
    for mark in ledger.as_of(MustWin, account_id=gone.id):
        is_doubled = (mark.quarter, mark.manager_id) in chosen
        mover.change(mark, {"is_void": 1} if is_doubled else {"account_id": keep.id})
    departs = {row.offering for row in ledger.as_of(PlannedRoute, account_id=keep.id)}
    for route in ledger.as_of(PlannedRoute, account_id=gone.id):
        mover.change(route, {"is_void": 1})
        if route.offering not in departs:
            own: dict[str, Value] = {"account_id": keep.id, "offering": route.offering, "steps": route.steps}
            mover.plan.changes.append(Change("planned_route", path_key(keep.id, route.offering), own, base=0))
    there = {row.source: row for row in ledger.as_of(SourceDates, account_id=keep.id)}
    for row in ledger.as_of(SourceDates, account_id=gone.id):
        ours = there.get(row.source)
        values: dict[str, Value] = {"account_id": keep.id, "source": row.source}
        for name in ("updated_on", "added_on"):
            values[name] = max(filter(None, (getattr(row, name), ours and getattr(ours, name))), default=None)
        mover.plan.changes.append(
            Change("source_dates", f"{keep.id}:{row.source}", values, base=ours.version if ours else 0)
        )
