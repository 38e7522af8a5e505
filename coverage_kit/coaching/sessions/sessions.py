"""The sessions of a team: with one rep, with a group, and the first one.

Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.sessions.base import quarter_claim
from coverage_kit.coaching.sessions.body import STEPS, SessionBody, Step
from coverage_kit.coaching.sessions.first import accounts_of
from coverage_kit.coaching.sessions.session import Session
from coverage_kit.domain.coaching import SessionKind
from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word
from coverage_kit.store import Change, entities
from coverage_kit.store.entities import Value

if TYPE_CHECKING:
    from coverage_kit.coaching import Coaching

#: How many accounts of the agenda an hour with one rep goes through, and how many minutes that takes.
ACCOUNTS = 3
_ACCOUNT_MINUTES = 30


class Sessions:
    """The sessions of a team."""

    def __init__(self, context: CoachingContext, coaching: Coaching) -> None:
        self._context = context
        self._coaching = coaching

    def start(
        self,
        reps: str | Sequence[str],
        *,
        kind: str = SessionKind.ONE,
        coach: str | None = None,
        edit_id: str | None = None,
    ) -> Session:
        """Start a session, or resume the open one with the same reps this week.

        Parameters
        ----------
        reps : str or sequence of str
            One rep, or several for a group or a first session together.
        kind : str
            ``one``, ``group`` or ``first``.
        coach : str, optional
            Id or name of the coach; the colleague who is working by default.
        edit_id : str, optional
            The same one again starts nothing.

        Raises
        ------
        BadInput
            Several reps in a session for one.
        """
        word = as_word(SessionKind, kind, "kind")
        names = [reps] if isinstance(reps, str) else list(reps)
        ids = list(dict.fromkeys(self._context.get_staff_id(rep) for rep in names))
        if not ids or (word is SessionKind.ONE and len(ids) > 1):
            raise BadInput("session.reps", N_("A session for one has one rep; several make a group."))
        if edit_id and (written := self._context.ledger.find_edit(edit_id)):
            return self.resume(next(iter(written.versions["session"])))
        if found := self._find_open(word, ids):
            return found
        steps = STEPS[word]
        if word is SessionKind.ONE and self._quarter_claim_due(ids[0]):
            steps = (Step.CLAIMS, *steps)
        key = self._new_key(word, ids)
        common: dict[str, Value] = {
            "kind": word.value,
            "group_id": key,
            "coach_id": self._context.staff_id(coach) or self._context.me(),
            "week": str(self._context.week()),
            "step": steps[0].value,
            "agreed": 0,
            "closed": 0,
        }
        changes = []
        for n, rep in enumerate(ids):
            own = key if n == 0 else f"{key}.{n}"
            body = self._prepared(word, rep, SessionBody(steps, tuple(ids)))
            changes.append(Change("session", own, {**common, "rep_id": rep, "body": body.as_json()}, base=0))
        try:
            self._context.ledger.save(changes, edit_id=edit_id)
        except Conflict:
            if found := self._find_open(word, ids):
                return found
            raise
        self._coaching.commitments.climb_quietly()
        return self.resume(key)

    def resume(self, session: str) -> Session:
        """Resume a session.

        Raises
        ------
        NotFound
            No such session.
        """
        row = self._context.ledger.find(entities.Session, session)
        if row is None:
            raise NotFound("session.unknown", N_("There is no session '{id}' here."), id=session[:40])
        return Session(self._context, self._coaching, row.group_id or row.id)

    def open(self) -> list[Session]:
        """Sessions that are not closed, the newest first."""
        rows = [row for row in self._context.ledger.as_of(entities.Session) if not row.closed]
        groups = dict.fromkeys(row.group_id or row.id for row in sorted(rows, key=lambda row: -row.at))
        return [Session(self._context, self._coaching, group) for group in groups]

    def _find_open(self, kind: SessionKind, reps: list[str]) -> Session | None:
        """The open session of that kind with the same reps and of the same week."""
        week = str(self._context.week())
        alike = (each for each in self.open() if each.kind is kind and each.reps == reps and each.week == week)
        return next(alike, None)

    def key_of(self, kind: SessionKind, reps: list[str]) -> str:
        """The id of the open session of that kind with these reps, or of the next one."""
        found = self._find_open(kind, reps)
        return found.id if found else self._new_key(kind, reps)

    def _new_key(self, kind: SessionKind, reps: list[str]) -> str:
        """The id is natural, so that two pages that start the same session at once write one."""
        alike = hashlib.sha256(json.dumps([str(self._context.week()), kind.value, reps]).encode()).hexdigest()[:16]
        before = {row.id for row in self._context.ledger.as_of(entities.Session)}
        return next(key for n in count() if (key := f"se_{alike}_{n}") not in before)

    def _prepared(self, kind: SessionKind, rep: str, body: SessionBody) -> SessionBody:
        """The body with what is chosen once, so that a resumed session shows the same."""
        if kind is SessionKind.ONE:
            entries = self._coaching.agenda(rep, minutes=_ACCOUNT_MINUTES)
            ranked = dict.fromkeys(e.account for e in entries if e.account and e.commitment is None)
            return replace(body, accounts=tuple(ranked)[:ACCOUNTS])
        return replace(body, contacts=self._biggest(rep)) if kind is SessionKind.FIRST else body

    def _biggest(self, rep: str) -> str | None:
        own = accounts_of(self._context, rep)
        return max(own, key=lambda row: (row.value or 0, row.id)).id if own else None

    def _quarter_claim_due(self, rep: str) -> bool:
        return quarter_claim(self._context, rep, None) is None
