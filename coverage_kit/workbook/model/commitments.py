"""Commitments as the screen shows them: the sentence in both languages, how it stands, how often it was carried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from coverage_kit.coaching import Coaching, CoachingContext, Commitment
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.workbook.model.history import conflict_told

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def tongues(ws: Workspace) -> dict[str, Coaching]:
    """Coaching in each language: the models make sentences in one, the screen switches between both."""
    return {
        lang: Coaching(CoachingContext(ws.ledger, ws.zone, lang, ws.config.coaching, ws.path, ws.history))
        for lang in LANGUAGES
    }


def in_words(coaching: dict[str, Coaching], made: Iterable[Commitment]) -> list[dict[str, Any]]:
    """What to say of each commitment.

    Parameters
    ----------
    coaching : dict
        From ``tongues``.
    made : iterable of Commitment

    Returns
    -------
    list of dict
        ``id version account rep sentence state reason due_on carried owner function note before``; ``sentence`` is by
        language, ``note`` the line beside it, ``before`` the last line said of how it went when it was promised before.
    """
    listed = list(made)
    reps = {each.rep for each in listed}
    said = {
        lang: {c.id: c for rep in reps for c in tongue.commitments.find(rep=rep, state=None)}
        for lang, tongue in coaching.items()
    }
    known = next(iter(said.values()))
    return [
        {
            "id": each.id,
            "version": each.version,
            "account": each.account,
            "rep": each.rep,
            "sentence": {lang: said[lang].get(each.id, each).sentence for lang in LANGUAGES},
            "state": each.state,
            "reason": each.reason,
            "due_on": each.due_on.isoformat(),
            "carried": each.carried,
            "owner": each.owner,
            "function": each.owner_function,
            "note": each.outcome_note if each.outcome else each.value,
            "before": _last_note(each, known.values()),
        }
        for each in listed
    ]


def promise_met(ws: Workspace, conflict: Conflict) -> BadInput:
    """What to say to whom somebody came before at a promise: who that was."""
    by = conflict_told(ws, "", conflict)["by"]
    names = {row["id"]: row["name"] for row in ws.ledger.as_of("staff", id=by)}
    text = N_("{by} has written at this promise meanwhile, and that stands; look at it again, then say what shall be.")
    return BadInput("promise.met", text, by=names.get(by) or by)


def _last_note(one: Commitment, everything: Iterable[Commitment]) -> str | None:
    """What was said last of how it went, of the commitments on the same gap before this one."""
    told = [
        (each.settled_at, each.outcome_note)
        for each in everything
        if each.chain == one.chain and each.outcome_note and (each.settled_at or 0) <= one.created_at
    ]
    return max(told, key=lambda each: each[0] or 0)[1] if told else None
