"""Commitments as the screen shows them: the sentence in both languages, how it stands, how often it was carried."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from coverage_kit.coaching import Coaching, Commitment, Desk
from coverage_kit.i18n import LANGUAGES

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def tongues(ws: Workspace) -> dict[str, Coaching]:
    """Coaching in each language: the models make sentences in one, the screen switches between both."""
    return {
        lang: Coaching(Desk(ws.ledger, ws.zone, lang, ws.config.coaching, ws.path, ws.history)) for lang in LANGUAGES
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
        ``id account rep sentence state reason due_on carried owner function``; ``sentence`` is by language.
    """
    listed = list(made)
    reps = {each.rep for each in listed}
    said = {
        lang: {c.id: c.sentence for rep in reps for c in tongue.commitments.find(rep=rep, state=None)}
        for lang, tongue in coaching.items()
    }
    return [
        {
            "id": each.id,
            "account": each.account,
            "rep": each.rep,
            "sentence": {lang: said[lang].get(each.id, each.sentence) for lang in LANGUAGES},
            "state": each.state,
            "reason": each.reason,
            "due_on": each.due_on.isoformat(),
            "carried": each.carried,
            "owner": each.owner,
            "function": each.owner_function,
        }
        for each in listed
    ]
