"""Commitments: added, settled with one key, accepted, handed on or declined by their owners.

Source: the method, sections 4 and 6, and the data model, section 7 (docs/reference/method.md, docs/architecture.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date

from coverage_kit.coaching.commitments.draft import Commitment, Draft
from coverage_kit.coaching.commitments.drafting import DraftCommitments
from coverage_kit.coaching.commitments.steps import RequestStep, request_steps
from coverage_kit.domain.coaching import Answer, NotKeptReason, Outcome
from coverage_kit.domain.identifiers import clean_text
from coverage_kit.domain.vocabulary import NoteKind
from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput, Conflict, StoreError
from coverage_kit.i18n import N_
from coverage_kit.rules.commitments import SUCCESSOR
from coverage_kit.rules.inputs import as_word
from coverage_kit.rules.verification import still_held
from coverage_kit.store import Change, Edit, entities, new_id
from coverage_kit.store.entities import Note, Value

#: The columns of a commitment that hold the id of a note, and the kind of that note.
_NOTES = {"action_note": NoteKind.ACTION, "value_note": NoteKind.VALUE, "outcome_note": NoteKind.OUTCOME}


class Commitments(DraftCommitments):
    """The commitments of a team.

    Every act but ``add`` takes ``base``, the version the user saw (the present one by default), and ``edit_id``: sending the
    same one again writes nothing. If somebody else changes the commitment first, it is a conflict. ``also`` is written in
    the same edit.
    """

    def add(self, draft: Draft, *, confirmed: bool = False, edit_id: str | None = None) -> Commitment:
        """Save a commitment.

        Parameters
        ----------
        draft : Draft
        confirmed : bool
            Take more than the usual number of new ones of a rep in one week.
        edit_id : str, optional
            The same one again adds nothing.

        Raises
        ------
        BadInput
            More than the week's number and not confirmed, or due before today.
        """
        ledger = self._context.ledger
        key = f"co_{edit_id[3:]}" if edit_id else new_id("co")
        if edit_id and ledger.find(entities.Commitment, key):
            return self.get(key)
        changes = self.changes_of(draft, key=key)
        if not confirmed:
            self._check_number(self._context.staff_id(draft.rep))
        ledger.save(changes, edit_id=edit_id)
        return self.get(key)

    def changes_of(self, draft: Draft, *, key: str = "", is_taken: bool = False) -> list[Change]:
        """The rows that make a draft a commitment, for acts that write more than that.

        Parameters
        ----------
        draft : Draft
        key : str
        is_taken : bool
            The owner takes it on unasked: nobody waits for an answer.

        Raises
        ------
        BadInput
            Due before today.
        """
        key = key or new_id("co")
        owner, due_on = self._context.get_staff_id(draft.owner), self._due_day(draft.due_on.isoformat())
        fields, notes = self._notes({"action_note": draft.action, "value_note": draft.value}, draft.account, owner)
        fields |= {
            "chain_id": self._chain(draft) or key,
            "account_id": draft.account,
            "role": draft.role,
            "employment_id": draft.employment,
            "kind": draft.kind.value,
            "owner_id": owner,
            "rep_id": self._context.staff_id(draft.rep),
            "due_on": due_on,
            "why_then": draft.why_then and clean_text(draft.why_then, "why_then"),
            "route": draft.route and draft.route.value,
            "playbook": draft.playbook,
            "expected_rung": None if draft.expected_rung is None else int(draft.expected_rung),
            "session_id": draft.session,
            "scope": draft.scope,
            "answer": Answer.ACCEPTED.value if is_taken else None,
        }
        return [*notes, *self._still_as_drafted(draft), Change("commitment", key, fields, base=0)]

    def _still_as_drafted(self, draft: Draft) -> Iterator[Change]:
        """Writes nothing, but is a conflict if the slot gets another holder, or the session is closed, before the save."""
        slot = self._context.ledger.find(entities.Slot, f"{draft.account}:{draft.role}")
        if slot is not None:
            yield still_held(slot)
        session = self._context.ledger.find(entities.Session, draft.session)
        if session is not None:
            yield Change("session", session.id, {"closed": session.closed}, base=session.version)

    def settle(
        self,
        commitment: str,
        outcome: str,
        *,
        reason: str | None = None,
        note: str | None = None,
        base: int | None = None,
        edit_id: str | None = None,
        also: Iterable[Change] = (),
    ) -> Edit:
        """Record how a commitment ended: kept, or not kept for one of five reasons.

        Parameters
        ----------
        commitment : str
            Its id.
        outcome : str
            ``kept``, ``not_kept`` or ``withdrawn``.
        reason : str, optional
            Required for ``not_kept``: ``pushed_aside dont_know_how not_there need_help priority_changed``.
        note : str, optional
            One line.
        base : int, optional
        edit_id : str, optional
        """
        row = self._row(commitment)
        ended = as_word(Outcome, outcome, "outcome")
        if ended is Outcome.NOT_KEPT and reason is None:
            raise BadInput(
                "commitment.reason",
                N_("Not kept needs one of the reasons: {words}."),
                words=[word.value for word in NotKeptReason],
            )
        why = as_word(NotKeptReason, reason, "reason").value if reason and ended is Outcome.NOT_KEPT else None
        fields, notes = self._notes({"outcome_note": note}, row.account_id, row.owner_id)
        fields |= {
            "outcome": ended.value,
            "not_kept_reason": why,
            "done_on": self._context.today().isoformat(),
        }
        return self._save(row, fields, [*notes, *also], base=base, edit_id=edit_id)

    def note(self, commitment: str, text: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Write one line about a commitment: how it went, or while it is open what it should bring.

        Parameters
        ----------
        commitment : str
            Its id.
        text : str
            Empty removes the line; the same text again writes nothing.
        base : int, optional
        edit_id : str, optional
        """
        row = self._row(commitment)
        name, present = ("outcome_note", row.outcome_note) if row.outcome else ("value_note", row.value_note)
        fields, notes = self._notes({name: text.strip()}, row.account_id, row.owner_id)
        before = self._context.ledger.find(Note, present)
        if before and notes and before.body == notes[0].fields["body"]:
            fields, notes = {}, []
        elif not notes:
            fields = {name: None}
        return self._save(row, fields, notes, base=base, edit_id=edit_id)

    def carry(self, commitment: str, due_on: date, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """Move a commitment to a later day; it stays counted as carried over."""
        row = self._open_row(commitment, edit_id)
        return self._save(row, {"due_on": due_on.isoformat()}, base=base, edit_id=edit_id)

    def accept(
        self,
        commitment: str,
        due_on: date | None = None,
        *,
        base: int | None = None,
        edit_id: str | None = None,
        also: Iterable[Change] = (),
    ) -> Edit:
        """Accept a request, with a due day of the owner's choice."""
        row = self._open_row(commitment, edit_id)
        day = self._due_day(due_on.isoformat() if due_on else row.due_on)
        fields: dict[str, Value] = {"answer": Answer.ACCEPTED.value, "due_on": day}
        return self._save(row, fields, also, base=base, edit_id=edit_id)

    def hand_on(
        self,
        commitment: str,
        to: str,
        *,
        base: int | None = None,
        edit_id: str | None = None,
        also: Iterable[Change] = (),
    ) -> Edit:
        """Give a request to a colleague who can do more about it; that colleague is asked to accept it."""
        row = self._open_row(commitment, edit_id)
        fields: dict[str, Value] = {"owner_id": self._context.get_staff_id(to), "answer": None}
        return self._save(row, fields, also, base=base, edit_id=edit_id)

    def decline(
        self,
        commitment: str,
        reason: str,
        *,
        base: int | None = None,
        edit_id: str | None = None,
        also: Iterable[Change] = (),
    ) -> Edit:
        """Decline a request, with a reason."""
        row = self._open_row(commitment, edit_id)
        if not reason.strip():
            raise BadInput("commitment.decline", N_("Declining needs a reason, in one line."))
        fields, notes = self._notes({"outcome_note": reason}, row.account_id, row.owner_id)
        fields |= {
            "answer": Answer.DECLINED.value,
            "outcome": Outcome.WITHDRAWN.value,
            "done_on": self._context.today().isoformat(),
        }
        return self._save(row, fields, [*notes, *also], base=base, edit_id=edit_id)

    def climb(self) -> list[Commitment]:
        """Pass requests that nobody answered in time to the owner's manager; nobody has to ask again.

        Returns
        -------
        list of Commitment
            Those that climbed, as they are now.
        """
        today = self._context.today()
        due = [c for c in self._unanswered() if c.climbs_on and c.climbs_on <= today and c.visible]
        if not due:
            return []
        # The day is always a later one: by that the history tells a climb from a request handed on.
        self._context.ledger.save(
            Change(
                "commitment",
                c.id,
                {"owner_id": c.climbs_to, "due_on": self._answer_day(c.rep, after=c.due_on).isoformat()},
                base=c.version,
            )
            for c in due
        )
        climbed = {c.id for c in due}
        return [c for c in self.find() if c.id in climbed]

    def steps(self, commitments: Iterable[str]) -> dict[str, list[RequestStep]]:
        """How these requests (ids) went so far: asked, accepted, handed on, climbed, declined; oldest first."""
        return request_steps(self._context, commitments)

    def climb_quietly(self) -> None:
        """The same when a page opens, a session begins or reports are made; the next one tries again.

        Somebody may be changing one of them right now, or this login may only read.
        """
        with suppress(Conflict, StoreError):
            self.climb()

    # Rules ---------------------------------------------------------------------------------------------------------

    def _save(
        self,
        row: entities.Commitment,
        fields: Mapping[str, Value],
        also: Iterable[Change] = (),
        *,
        base: int | None,
        edit_id: str | None,
    ) -> Edit:
        change = Change("commitment", row.id, fields, base=row.version if base is None else base)
        return self._context.ledger.save([*also, change], edit_id=edit_id)

    def _due_day(self, day: str) -> str:
        if day < self._context.today().isoformat():
            raise BadInput("commitment.due", N_("{day} has passed; give a day from today on."), day=day)
        return day

    def _check_number(self, rep: str | None) -> None:
        most, week = self._context.settings.commitments_a_week, self._context.week()
        new = [
            c
            for c in self.find(rep=rep, state=None)
            if Week.containing(c.created_at, self._context.zone) == week and not (c.scope or "").startswith(SUCCESSOR)
        ]
        if len(new) >= most:
            raise BadInput(
                "commitment.many",
                N_("{n} new commitments this week already; few are kept better than many. Confirm to add one more."),
                n=len(new),
            )

    def _chain(self, draft: Draft) -> str | None:
        """The chain of the last commitment on the same gap, unless it was kept and the slot reached the expected rung."""
        ledger = self._context.ledger
        if draft.account:
            rows = ledger.as_of(entities.Commitment, account_id=draft.account)
        else:
            rows = ledger.as_of(entities.Commitment)
        same = [row for row in rows if _same_gap(row, draft)]
        if not same:
            return None
        last = max(same, key=lambda row: (row.at, row.id))
        if last.outcome != Outcome.KEPT:
            return last.chain_id
        gap = self._gap_of(draft)
        reached = last.expected_rung is None or (gap is not None and gap.rung >= last.expected_rung)
        return None if reached else last.chain_id

    def _notes(
        self, texts: Mapping[str, str | None], account: str | None, owner: str
    ) -> tuple[dict[str, Value], list[Change]]:
        """Free text is stored in notes, so that it can be erased; the commitment keeps their ids."""
        fields: dict[str, Value] = {}
        changes = []
        for name, text in texts.items():
            if not text:
                continue
            key = fields[name] = new_id("no")
            body: dict[str, Value] = {"account_id": account, "kind": _NOTES[name].value, "owner_id": owner}
            changes.append(Change("note", key, {**body, "body": clean_text(text, name)}, base=0))
        return fields, changes


def _same_gap(row: entities.Commitment, draft: Draft) -> bool:
    if draft.scope or row.scope:
        return row.scope == draft.scope
    return (row.account_id, row.role, row.kind) == (draft.account, draft.role, draft.kind.value)
