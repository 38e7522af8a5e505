"""The part that all sessions share: the steps, the claims, the commitments, undo and the end.

Source: the method, section 6 (docs/reference/method.md).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.context import CoachingContext
from coverage_kit.coaching.sessions.body import SessionBody, Step, read_body
from coverage_kit.coaching.sessions.sweep import due_lines
from coverage_kit.domain.coaching import SessionKind
from coverage_kit.domain.quarter import Quarter
from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.lookup import get_account
from coverage_kit.store import Change, Edit, entities
from coverage_kit.store.entities import Value

if TYPE_CHECKING:
    from coverage_kit.coaching import Coaching
    from coverage_kit.coaching.preparing import DrawnCheck


class SessionBase:
    """The state of one session. Every act is saved at once, so that the session can be resumed at any moment.

    Attributes
    ----------
    id : str
    kind : SessionKind
    coach : str or None
    week : str
    step : str
    closed : bool
    reps : list of str
    steps : tuple of Step
        In their order; the last is ``read_back``.
    edits : list of str
        The edits written through this object, oldest first.
    """

    def __init__(self, context: CoachingContext, coaching: Coaching, group: str) -> None:
        self._context = context
        self._coaching = coaching
        self.id = group
        self.edits: list[str] = []
        self._read()

    def refresh(self) -> None:
        """Read what another page has written; acts of this page can still be undone."""
        self._read()

    def _read(self) -> None:
        rows = [row for row in self._context.ledger.as_of(entities.Session) if row.group_id == self.id]
        if not rows:
            raise NotFound("session.unknown", N_("There is no session '{id}' here."), id=self.id)
        self._rows = {row.rep_id: row for row in rows}
        self._body = {rep: read_body(row.body) for rep, row in self._rows.items()}
        self.reps = list(next(iter(self._body.values())).reps)
        first = self._rows[self.reps[0]]
        self.kind = SessionKind(first.kind)
        self.coach = first.coach_id
        self.week = first.week
        self.step = first.step
        self.closed = bool(first.closed)
        self.steps = self._body[first.rep_id].steps

    # Steps ---------------------------------------------------------------------------------------------------------

    def next(self, seen: str | None = None, *, edit_id: str | None = None) -> str:
        """Go to the next step; the claims come before anything that shows numbers.

        Parameters
        ----------
        seen : str, optional
            The step that the user saw; a session that has left it already stays at its step.
        """
        self._check_open()
        if seen not in (None, self.step):
            return self.step
        if self.step == Step.CLAIMS and not self.revealed:
            raise BadInput("session.claim_first", N_("First the claim: how many of these do you know?"))
        return self._go(1, edit_id)

    def back(self, seen: str | None = None, *, edit_id: str | None = None) -> str:
        """Go back one step; ``seen`` as for ``next``."""
        self._check_open()
        return self._go(-1, edit_id) if seen in (None, self.step) else self.step

    def _go(self, by: int, edit_id: str | None) -> str:
        place = [step.value for step in self.steps].index(self.step) + by
        step = self.steps[min(max(place, 0), len(self.steps) - 1)]
        self._save(
            [self._change(rep, self._prepared(rep, step), step=step.value) for rep in self._rows], edit_id=edit_id
        )
        return self.step

    def _prepared(self, rep: str, step: Step) -> SessionBody | None:
        """The body with what a step is about, chosen when the step is first reached; None if nothing changes."""
        body = self._body[rep]
        if step is not Step.SWEEP or body.sweep is not None:
            return None
        return replace(body, sweep=due_lines(self._context, rep), sweep_at=self._context.now())

    def undo(self, *, edit_id: str | None = None) -> Edit | None:
        """Undo the last of ``edits``; None if there is none. ``edit_id`` is that of the new edit."""
        if not self.edits:
            return None
        edit = self._context.ledger.undo(self.edits[-1], as_id=edit_id)
        self.edits.pop()
        self._read()
        return edit

    # Claims --------------------------------------------------------------------------------------------------------

    def claim(
        self,
        *,
        share: float | None = None,
        n: int | None = None,
        account: str | None = None,
        rep: str | None = None,
        edit_id: str | None = None,
    ) -> None:
        """The rep's own answer, before any number is shown.

        Parameters
        ----------
        share : float, optional
            Of the whole territory, 0–1.
        n : int, optional
            Of one account's slots.
        account : str, optional
            The account ``n`` is about.
        rep : str, optional
            Required in a group.
        edit_id : str, optional
        """
        self._check_open()
        owner = self._rep(rep)
        if (share is None) == (n is None) or (n is None) != (account is None):
            raise BadInput(
                "claim.what", N_("A claim is a share of the whole, or a number of positions of one account.")
            )
        if (share is not None and not 0 <= share <= 1) or (n is not None and n < 0):
            raise BadInput("claim.range", N_("A share lies between 0 and 100 %, a number is not negative."))
        account_id = None if account is None else get_account(self._context.ledger, account).id
        again = BadInput("claim.again", N_("The claim was already made, and stays as it was."))
        made = self._claim(owner, None) if account_id is None else quarter_claim(self._context, owner, account_id)
        if made is not None:
            raise again
        own = self._rows[owner].id
        fields: dict[str, Value] = {
            "session_id": own,
            "rep_id": owner,
            "account_id": account_id,
            "share": share,
            "n": n,
        }
        # The id is natural, so that of two claims at once only the first is written.
        key = own if account_id is None else f"{own}:{account_id}"
        try:
            self._save([Change("claim", key, fields, base=0)], edit_id=edit_id)
        except Conflict:
            raise again from None

    @property
    def revealed(self) -> bool:
        """Whether all have answered: sealed claims are opened together."""
        return len(self.claimed()) == len(self.reps)

    def claims(self) -> dict[str, float | None]:
        """Each rep's claim of the whole territory; all None until the last one has answered."""
        shown = self.revealed
        return {rep: self._claim(rep, None) if shown else None for rep in self.reps}

    def claimed(self) -> list[str]:
        """The reps who have answered so far, without their answers."""
        return [rep for rep in self.reps if self._claim(rep, None) is not None]

    def _claim(self, rep: str, account: str | None) -> float | None:
        for row in self._context.ledger.as_of(entities.Claim, rep_id=rep):
            if row.session_id == self._rows[rep].id and row.account_id == account:
                return row.share if account is None else row.n
        return None

    def checks(self, rep: str | None = None) -> list[DrawnCheck]:
        """Two of last week's checks: what did these people say? The same two whenever the session is shown."""
        return self._coaching.preparation.checks(self._rep(rep), self.id, self.week)

    # Commitments ---------------------------------------------------------------------------------------------------

    def draft(self, account: str, role: str, rep: str | None = None) -> Draft:
        """A commitment for this slot with its defaults, made in this session."""
        own = self._rows[self._rep(rep)].id
        return self._coaching.commitments.draft_from_gap(account, role, session=own)

    def add(self, draft: Draft, *, confirmed: bool = False, edit_id: str | None = None) -> Commitment:
        """Save a commitment; more than the week's number of new ones must be confirmed; ``edit_id`` again adds nothing."""
        self._check_open()
        made = self._coaching.commitments.add(draft, confirmed=confirmed, edit_id=edit_id)
        edit = self._context.ledger.history(entities.Commitment, made.id)[0].edit_id
        self.edits += [edit] if edit not in self.edits else []
        return made

    def settle(
        self,
        commitment: str,
        outcome: str,
        *,
        reason: str | None = None,
        note: str | None = None,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> None:
        """Record how a commitment ended; ``base`` is the version that the user saw."""
        self._check_open()
        book = self._coaching.commitments
        edit = book.settle(commitment, outcome, reason=reason, note=note, base=base, edit_id=edit_id)
        self._note_edit(edit)

    def note(self, commitment: str, text: str, *, base: int | None = None, edit_id: str | None = None) -> None:
        """Write one line about a commitment: how it went, or what it should bring; empty removes it."""
        self._check_open()
        self._note_edit(self._coaching.commitments.note(commitment, text, base=base, edit_id=edit_id))

    def read_back(self, rep: str | None = None) -> list[Commitment]:
        """The commitments this session made for the rep, to be read aloud: ``sentence`` says each."""
        return self._coaching.commitments.find(session=self._rows[self._rep(rep)].id, state=None)

    # The end -------------------------------------------------------------------------------------------------------

    def agree(self, rep: str | None = None, *, edit_id: str | None = None) -> None:
        """The rep agrees to what was read back; from then on managers see the items that are theirs."""
        self._check_open()
        self._save([self._change(self._rep(rep), agreed=1)], edit_id=edit_id)

    def agreed(self, rep: str | None = None) -> bool:
        """Whether the rep has agreed."""
        return bool(self._rows[self._rep(rep)].agreed)

    def close(self, *, minutes: bool = True, edit_id: str | None = None) -> None:
        """End the session, and make its minutes: a page for each rep under ``reports/minutes`` of the workspace.

        Parameters
        ----------
        minutes : bool
            False makes none; ``coverage_kit.make_minutes`` makes them later, and mails them.
        edit_id : str, optional

        Raises
        ------
        BadInput
            A rep for whom a commitment was made has not agreed yet.
        """
        self._check_open()
        waiting = [rep for rep in self.reps if self.read_back(rep) and not self.agreed(rep)]
        if waiting:
            raise BadInput("session.not_agreed", N_("Read back first: {reps} has to agree."), reps=waiting)
        self._save([self._change(rep, closed=1, agreed=self._rows[rep].agreed) for rep in self._rows], edit_id=edit_id)
        if minutes and self._context.make_minutes:
            self._context.make_minutes(self.id)

    # For the acts of each kind of session --------------------------------------------------------------------------

    def _rep(self, rep: str | None) -> str:
        if rep is None and len(self.reps) == 1:
            return self.reps[0]
        owner = self._context.staff_id(rep)
        if owner is None or owner not in self._rows:
            raise BadInput("session.rep", N_("Name one rep of this group: {reps}."), reps=self.reps)
        return owner

    def _change(self, rep: str, body: SessionBody | None = None, **fields: Value) -> Change:
        """A change based on the version that was read, so that it never overwrites another page's act."""
        row = self._rows[rep]
        written = fields if body is None else {**fields, "body": body.as_json()}
        return Change("session", row.id, written, base=row.version)

    def _check_open(self) -> None:
        self._read()  # another page may have gone on with it
        if self.closed:
            raise BadInput("session.closed", N_("This session is closed; start a new one."))

    def _save(self, changes: list[Change], *, edit_id: str | None = None) -> None:
        self._note_edit(self._context.ledger.save(changes, edit_id=edit_id))

    def _note_edit(self, edit: Edit) -> None:
        if not edit.unchanged and edit.edit_id not in self.edits:
            self.edits.append(edit.edit_id)
        self._read()


def quarter_claim(context: CoachingContext, rep: str, account: str | None) -> float | None:
    """What a rep last claimed this quarter, of an account or of the whole; asked weekly, it would invite low answers."""
    began = Quarter.of(context.today()).first_day
    rows = [row for row in context.ledger.as_of(entities.Claim, rep_id=rep) if row.account_id == account]
    last = max((row for row in rows if context.day(row.at) >= began), key=lambda row: row.at, default=None)
    return None if last is None else last.share if account is None else last.n
