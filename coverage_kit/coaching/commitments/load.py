"""Commitments as they stand: the ledger's rows with the names, the slot and who has to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from coverage_kit.coaching.commitments.draft import Commitment, say
from coverage_kit.coaching.commitments.gaps import Gap, gaps_of
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import Answer, CommitmentKind, NotKeptReason, Outcome, Route
from coverage_kit.domain.vocabulary import NoteKind, Rung, StaffFunction

#: The commitment's columns that hold the id of a note, and what the note is about.
NOTES = {"action_note": NoteKind.ACTION, "value_note": NoteKind.VALUE, "outcome_note": NoteKind.OUTCOME}
_Rows = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class _Related:
    """What the commitments speak of, read once for all of them."""

    stored: _Rows
    notes: _Rows
    accounts: _Rows
    jobs: _Rows
    people: _Rows
    sessions: _Rows
    staff: _Rows
    roles: _Rows
    gaps: Mapping[tuple[str, str], Gap]


def load_commitments(context: CoachingContext, table: pd.DataFrame) -> list[Commitment]:
    """Commitments as they stand now.

    Parameters
    ----------
    context : CoachingContext
    table : DataFrame
        What ``measures.commitment_states`` gave, as of now.
    """
    rows: list[dict[str, Any]] = [
        {str(key): None if pd.isna(value) else value for key, value in row.items()} for row in table.to_dict("records")
    ]
    stored = context.rows("commitment", (row["commitment"] for row in rows))
    jobs = context.rows("employment", (row["employment"] for row in rows))
    related = _Related(
        stored=stored,
        notes=context.rows("note", (row[name] for row in stored.values() for name in NOTES)),
        accounts=context.rows("account", (row["account"] for row in rows)),
        jobs=jobs,
        people=context.rows("person", (job["person_id"] for job in jobs.values())),
        sessions=context.rows("session", (row["session"] for row in rows)),
        staff=context.staff(),
        roles=context.roles(),
        gaps=gaps_of(context, ((row["account"] or "", row["role"] or "") for row in rows)),
    )
    return [_one(context, row, related) for row in rows]


def staff_name(staff: _Rows, key: str | None) -> str:
    """What one of ours is called on screen."""
    return str((staff.get(key or "") or {}).get("name") or key or "–")


def _one(context: CoachingContext, row: Mapping[str, Any], related: _Related) -> Commitment:
    stored = related.stored[row["commitment"]]
    account = related.accounts.get(row["account"] or "")
    gap = related.gaps.get((row["account"] or "", row["role"] or ""))
    owner = related.staff.get(row["owner"]) or {}
    function = StaffFunction(owner["function"]) if owner.get("function") else None
    asks = row["state"] in ("open", "overdue") and row["answer"] is None and function not in (None, StaffFunction.REP)
    expected = None if row["expected_rung"] is None else Rung(int(row["expected_rung"]))
    due_on = date.fromisoformat(row["due_on"])
    session = related.sessions.get(row["session"] or "")
    role = related.roles.get(row["role"] or "")
    text = {name: (related.notes.get(stored[name] or "") or {}).get("body") for name in NOTES}
    view = Commitment(
        id=row["commitment"],
        version=stored["version"],
        chain=row["chain"],
        kind=CommitmentKind(row["kind"]),
        owner=row["owner"],
        owner_name=staff_name(related.staff, row["owner"]),
        owner_function=function,
        rep=account["owner_id"] if account else row["rep"],
        due_on=due_on,
        state=row["state"],
        account=row["account"],
        account_name=account["name"] if account else None,
        role=row["role"],
        role_title=role["title"][context.lang] if role else row["role"],
        employment=row["employment"],
        holder=_holder(context, row, gap, related),
        route=Route(row["route"]) if row["route"] else None,
        playbook=row["playbook"],
        expected_rung=expected,
        rung=gap.rung if gap else None,
        moved=None if gap is None or expected is None else gap.rung >= expected,
        action=text["action_note"],
        value=text["value_note"],
        why_then=stored["why_then"],
        answer=Answer(row["answer"]) if row["answer"] else None,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=NotKeptReason(row["reason"]) if row["reason"] else None,
        outcome_note=text["outcome_note"],
        done_on=date.fromisoformat(row["done_on"]) if row["done_on"] else None,
        session=row["session"],
        scope=row["scope"],
        created_at=int(row["created_at"]),
        settled_at=None if row["settled_at"] is None else int(row["settled_at"]),
        days_late=max(int(row["days_late"] or 0), 0),
        carried=int(row["carried"]),
        needs_answer=asks,
        visible=session is None or bool(session["agreed"]) or function in (None, StaffFunction.REP),
        climbs_on=due_on + timedelta(days=1) if asks and owner.get("manager_id") else None,
        climbs_to=owner.get("manager_id") if asks else None,
        climbs_to_name=staff_name(related.staff, owner["manager_id"]) if asks and owner.get("manager_id") else None,
    )
    said = say(
        context.t,
        view.kind,
        view.due_on,
        owner=view.owner_name,
        rep=staff_name(related.staff, view.rep),
        account=view.account_name,
        role=view.role_title,
        holder=view.holder,
        scope=view.scope,
        action=view.action,
    )
    return replace(view, sentence=said)


def _holder(context: CoachingContext, row: Mapping[str, Any], gap: Gap | None, related: _Related) -> str | None:
    """Whom the commitment is about: the person it was made for, else who sits there now."""
    job = related.jobs.get(row["employment"] or "")
    if job is not None:
        name, title = (related.people.get(job["person_id"]) or {}).get("name"), job["title"]
    elif gap is not None:
        name, title = gap.holder, gap.title
    else:
        name, title = None, None
    return context.person_label(name, title) if name else None
