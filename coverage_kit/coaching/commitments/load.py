"""Commitments as users see them: the ledger's rows with names, the slot, and whose reply is due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

from coverage_kit.coaching.commitments.draft import Commitment, say, say_task
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.terms import TermsInForce
from coverage_kit.domain.coaching import Answer, CommitmentKind, NotKeptReason, Outcome, Route
from coverage_kit.domain.vocabulary import Rung, StaffFunction, staff_function
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.store import entities
from coverage_kit.store.entities import Account, Employment, Note, Person, Session, Staff


@dataclass(frozen=True)
class _Related:
    """The rows that commitments refer to, read once for all of them."""

    notes: Mapping[str, Note]
    accounts: Mapping[str, Account]
    jobs: Mapping[str, Employment]
    people: Mapping[str, Person]
    sessions: Mapping[str, Session]
    staff: Mapping[str, Staff]
    terms: TermsInForce
    lists: RoleLists
    gaps: Mapping[tuple[str, str], Gap]


@dataclass(frozen=True)
class _State:
    """The measured state of a commitment (``measures.commitment_states``)."""

    state: str
    created_at: int
    asked_at: int
    settled_at: int | None
    days_late: int
    carried: int


def load_commitments(context: CoachingContext, table: pd.DataFrame) -> list[Commitment]:
    """Commitments as they are now.

    Parameters
    ----------
    context : CoachingContext
    table : DataFrame
        From ``measures.commitment_states``, as of now.
    """
    states = {str(key): state for key, state in zip(table["commitment"], _states(table), strict=True)}
    stored = context.rows(entities.Commitment, states)
    rows = [stored[key] for key in states]
    jobs = context.rows(Employment, (row.employment_id for row in rows))
    related = _Related(
        notes=context.rows(Note, (key for row in rows for key in (row.action_note, row.value_note, row.outcome_note))),
        accounts=context.rows(Account, (row.account_id for row in rows)),
        jobs=jobs,
        people=context.rows(Person, (job.person_id for job in jobs.values())),
        sessions=context.rows(Session, (row.session_id for row in rows)),
        staff=context.staff(),
        terms=context.terms_in_force(),
        lists=context.role_lists(),
        gaps=gaps_of(context, ((row.account_id or "", row.role or "") for row in rows)),
    )
    return [_one(context, row, states[row.id], related) for row in rows]


def staff_name(staff: Mapping[str, Staff], key: str | None) -> str:
    """The name of a colleague on screen."""
    own = staff.get(key or "")
    return (own.name if own else None) or key or "–"


def _states(table: pd.DataFrame) -> list[_State]:
    columns = (
        table[name].tolist() for name in ("state", "created_at", "asked_at", "settled_at", "days_late", "carried")
    )
    return [
        _State(
            state,
            int(made),
            int(came),
            None if pd.isna(settled) else int(settled),
            0 if pd.isna(late) else int(late),
            carried,
        )
        for state, made, came, settled, late, carried in zip(*columns, strict=True)
    ]


def _one(context: CoachingContext, row: entities.Commitment, state: _State, related: _Related) -> Commitment:
    account = related.accounts.get(row.account_id or "")
    gap = related.gaps.get((row.account_id or "", row.role or ""))
    owner = related.staff.get(row.owner_id)
    function = staff_function(owner.function) if owner else None
    is_open = state.state in ("open", "overdue")
    needs_answer = is_open and row.answer is None and function not in (None, StaffFunction.REP)
    manager = owner.manager_id if owner and needs_answer else None
    expected = None if row.expected_rung is None else Rung(row.expected_rung)
    due_on, asked_on = date.fromisoformat(row.due_on), context.day(state.asked_at)
    rep = account.owner_id if account else row.rep_id
    session = related.sessions.get(row.session_id or "")
    view = Commitment(
        id=row.id,
        version=row.version,
        chain=row.chain_id,
        kind=CommitmentKind(row.kind),
        owner=row.owner_id,
        owner_name=staff_name(related.staff, row.owner_id),
        owner_function=function,
        rep=rep,
        due_on=due_on,
        state=state.state,
        account=row.account_id,
        account_name=account.name if account else None,
        role=row.role,
        role_title=context.role_title_of(related.lists, account, row.role) if row.role else None,
        employment=row.employment_id,
        holder=_holder(context, row, gap, related),
        route=Route(row.route) if row.route else None,
        playbook=row.playbook,
        expected_rung=expected,
        rung=gap.rung if gap else None,
        moved=None if gap is None or expected is None else gap.rung >= expected,
        action=_text(related, row.action_note),
        value=_text(related, row.value_note),
        why_then=row.why_then,
        answer=Answer(row.answer) if row.answer else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=NotKeptReason(row.not_kept_reason) if row.not_kept_reason else None,
        outcome_note=_text(related, row.outcome_note),
        done_on=date.fromisoformat(row.done_on) if row.done_on else None,
        session=row.session_id,
        scope=row.scope,
        created_at=state.created_at,
        asked_on=asked_on,
        settled_at=state.settled_at,
        days_late=max(state.days_late, 0),
        carried=state.carried,
        needs_answer=needs_answer,
        visible=session is None or bool(session.agreed) or function in (None, StaffFunction.REP),
        climbs_on=_climbing_day(related.terms, rep, row.owner_id, due_on, asked_on) if manager else None,
        climbs_to=manager,
        climbs_to_name=staff_name(related.staff, manager) if manager else None,
    )
    task = _task(context, view, staff_name(related.staff, rep))
    sentence = say(context.t, due_on, owner=view.owner_name, task=task)
    return replace(view, task=_task(context, view), sentence=sentence)


def _climbing_day(terms: TermsInForce, rep: str | None, owner: str, due_on: date, asked_on: date) -> date:
    """The day after it was due, or after the days to answer that were agreed for the rep's team, whichever is first."""
    agreed = terms.agreed(rep or owner)
    last = due_on if agreed is None else min(due_on, asked_on + timedelta(days=agreed.answer_days))
    return last + timedelta(days=1)


def _task(context: CoachingContext, view: Commitment, rep: str | None = None) -> str:
    return say_task(
        context.t,
        view.kind,
        rep=rep,
        account=view.account_name,
        role=view.role_title,
        holder=view.holder,
        scope=view.scope,
        action=view.action,
    )


def _text(related: _Related, note: str | None) -> str | None:
    found = related.notes.get(note or "")
    return None if found is None else found.body


def _holder(context: CoachingContext, row: entities.Commitment, gap: Gap | None, related: _Related) -> str | None:
    """The person the commitment was made about, or else the present holder of the slot."""
    job = related.jobs.get(row.employment_id or "")
    if job is not None:
        person = related.people.get(job.person_id)
        name, title = person.name if person else None, job.title
    else:
        name, title = (gap.holder, gap.title) if gap else (None, None)
    return context.person_label(name, title) if name else None
