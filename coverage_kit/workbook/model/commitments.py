"""Commitments as the screen shows them: the sentence in both languages, how it stands, how often it was carried."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from coverage_kit.coaching import Coaching, CoachingContext, Commitment
from coverage_kit.coaching.commitments.load import staff_name
from coverage_kit.coaching.commitments.steps import RequestStep
from coverage_kit.coaching.context import LoadHistory
from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.i18n import LANGUAGES
from coverage_kit.measures import History
from coverage_kit.store import load_since
from coverage_kit.store.entities import Staff
from coverage_kit.workbook.model.responses import CommitmentView, RequestStepView

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace


def coaching_by_language(ws: Workspace, *, load: LoadHistory | None = None) -> dict[str, Coaching]:
    """Coaching in each language: a model makes sentences in one language, and the page switches between both.

    Parameters
    ----------
    ws : Workspace
    load : LoadHistory, optional
        Reads the history, instead of the workspace.
    """
    made = {
        lang: Coaching(CoachingContext(ws.ledger, ws.zone, lang, ws.config.coaching, ws.path, load or ws.history))
        for lang in LANGUAGES
    }
    first, *others = made.values()
    for each in others:
        each.commitments.states_of = first.commitments
    return made


def history_once(ws: Workspace) -> LoadHistory:
    """Reads a history once, for everything that one page shows of one instant."""
    read = cache(lambda rep: ws.history(rep=rep))

    def load(*, rep: str | None = None, until: int | None = None) -> History:
        return read(rep)

    return load


class KeptHistory:
    """The team's history for a page that is drawn after every press: only what was recorded since is read.

    Parameters
    ----------
    ws : Workspace
    """

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._read: tuple[int, History] | None = None

    def __call__(self, *, rep: str | None = None, until: int | None = None) -> History:
        """The history as it is now; that of one rep is read whole."""
        if rep is not None:
            return self._ws.history(rep=rep, until=until)
        now = self._ws.ledger.last_at()
        if self._read is None:
            self._read = now, self._ws.history(until=now)
        since, history = self._read
        if since < now:
            grown = history.with_rows(load_since(self._ws.ledger, history.frames, since, now))
            self._read = now, grown or self._ws.history(until=now)
        return self._read[1]


def commitment_views(coaching: dict[str, Coaching], made: Iterable[Commitment]) -> list[CommitmentView]:
    """Commitments as the page shows them.

    Parameters
    ----------
    coaching : dict
        From ``coaching_by_language``.
    made : iterable of Commitment

    Returns
    -------
    list of dict
        ``sentence`` is by language, ``note`` the line about it, ``before`` the last line about how the commitment
        before it on the same gap went, ``steps`` how a request went that somebody other than a rep got.
    """
    listed = list(made)
    reps = {each.rep for each in listed}
    said = {
        lang: {c.id: c for rep in reps for c in one.commitments.find(rep=rep, state=None)}
        for lang, one in coaching.items()
    }
    known, any_language = next(iter(said.values())), next(iter(coaching.values()))
    asked = [each.id for each in listed if each.owner_function != StaffFunction.REP]
    steps = any_language.commitments.steps(asked)
    staff = any_language.commitments.staff() if steps else {}
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
            "steps": [step_view(step, staff) for step in steps.get(each.id, ())],
        }
        for each in listed
    ]


def step_view(step: RequestStep, staff: Mapping[str, Staff]) -> RequestStepView:
    """A step of a request with the names of colleagues."""
    return {
        "kind": step.kind.value,
        "on": step.on.isoformat(),
        "owner": staff_name(staff, step.owner),
        "before": staff_name(staff, step.before) if step.before else None,
    }


def _last_note(one: Commitment, everything: Iterable[Commitment]) -> str | None:
    """The last line about how a commitment before this one on the same gap went."""
    notes = [
        (each.settled_at, each.outcome_note)
        for each in everything
        if each.chain == one.chain and each.outcome_note and (each.settled_at or 0) <= one.created_at
    ]
    return max(notes, key=lambda each: each[0] or 0)[1] if notes else None
