"""What people at customers said: written in one line, closed when something was done about it and they know.

Source: the method, sections 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import HEARD, VOICES
from coverage_kit.domain.vocabulary import NoteKind
from coverage_kit.domain.week import local_day
from coverage_kit.rules.lookup import get_account, get_employment
from coverage_kit.rules.voices import close_change, get_voice, reopen_change, voice_changes
from coverage_kit.store import Edit, new_id
from coverage_kit.store.entities import Account, Note, Person

#: The states of a voice: nothing was done; something was done, and the person does not know; they know; or it asks nothing.
OPEN, DONE, ANSWERED, NOTED = "open", "done", "answered", "noted"


@dataclass(frozen=True)
class Voice:
    """A statement of a person.

    ``days`` is its age, until the person heard what was done or until now. ``state`` is ``open``, ``done`` (and the person
    does not know yet), ``answered``, or ``noted`` where nothing is asked for.
    """

    id: str
    version: int
    kind: NoteKind
    body: str
    account: str
    account_name: str
    person: str | None
    holder: str | None
    owner: str | None
    state: str
    heard_on: date
    done: str | None
    done_by: str | None
    done_on: date | None
    answered_on: date | None
    days: int

    @property
    def waits(self) -> bool:
        """Whether the agenda asks about it: the person has not heard what was done."""
        return self.state in (OPEN, DONE)


class Voices:
    """What people said, and what was done about it."""

    def __init__(self, context: CoachingContext) -> None:
        self._context = context

    def add(
        self, person: str, account: str, kind: str, text: str, *, owner: str | None = None, edit_id: str | None = None
    ) -> str:
        """Record what a person said; one of our people owns it.

        Parameters
        ----------
        person, account : str
            Id or name.
        kind : str
            ``need complaint suggestion advice received reaction``.
        text : str
            As it was said; write it so that the person may read it.
        owner : str, optional
            The colleague who answers it; the account's rep by default.

        Returns
        -------
        str
            The id of the voice.
        """
        context = self._context
        job = get_employment(context.ledger, get_account(context.ledger, account).id, person)
        key = f"no_{edit_id[3:]}" if edit_id else new_id("no")
        changes = voice_changes(
            context.ledger, key, job, kind, text, owner=context.staff_id(owner), today=context.today()
        )
        context.ledger.save(changes, edit_id=edit_id)
        return key

    def close(
        self,
        voice: str,
        done: str | None = None,
        *,
        answered: bool = False,
        on: str | date | None = None,
        base: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Say what was done about a voice, and whether the person knows; the agenda asks until they do.

        Parameters
        ----------
        voice : str
        done : str, optional
            What was done, in one line; may be left out once it is written.
        answered : bool
            Whether the person has heard of it.
        on : str or date, optional
            The day on which they heard of it: today by default, never after today.
        base : int, optional
            The version that the user saw.
        edit_id : str, optional

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        context = self._context
        change = close_change(
            context.ledger, voice, done, by=context.me(), answered=answered, on=on, today=context.today(), base=base
        )
        return context.ledger.save([change], edit_id=edit_id)

    def reopen(self, voice: str, *, base: int | None = None, edit_id: str | None = None) -> Edit:
        """A voice waits again, as if nothing had been done about it."""
        return self._context.ledger.save([reopen_change(self._context.ledger, voice, base=base)], edit_id=edit_id)

    def get(self, voice: str) -> Voice:
        """One voice by its id.

        Raises
        ------
        NotFound
        """
        [found] = self._views([get_voice(self._context.ledger, voice)])
        return found

    def find(
        self,
        *,
        rep: str | None = None,
        account: str | None = None,
        person: str | None = None,
        owner: str | None = None,
        everything: bool = False,
    ) -> list[Voice]:
        """Voices that wait, the oldest first; with ``everything`` also those that do not, after them.

        Parameters
        ----------
        rep : str, optional
            In the accounts of this rep.
        account, person : str, optional
            Of this account; said by this person (id).
        owner : str, optional
            Waiting for this colleague.
        everything : bool
        """
        context = self._context
        rep_id, owner_id = context.staff_id(rep), context.staff_id(owner)
        among: list[str] | None = None
        if account is not None:
            among = [get_account(context.ledger, account).id]
        elif rep_id:
            owned = context.ledger.columns(Account, ("id", "owner_id"))
            among = [key for key, keeper in owned if keeper == rep_id]
        notes = context.ledger.as_of(Note) if among is None else context.ledger.as_of(Note, account_id=among)
        wanted = HEARD if everything else VOICES
        today = context.today().isoformat()
        kept = [
            note
            for note in notes
            if note.kind in wanted
            and person in (None, note.person_id)
            and owner_id in (None, note.owner_id)
            and (everything or not _is_answered(note, today))
        ]
        found = self._views(kept)
        return sorted(found, key=lambda voice: (not voice.waits, -voice.days, voice.id))

    def _views(self, notes: Sequence[Note]) -> list[Voice]:
        context = self._context
        accounts = context.rows(Account, (note.account_id for note in notes))
        people = context.rows(Person, (note.person_id for note in notes))
        written = context.ledger.histories(Note, id=[note.id for note in notes]) if notes else []
        heard = {row.id: row.at for row in written if row.version == 1}
        today = context.today()
        return [
            self._view(
                note, heard[note.id], accounts.get(note.account_id or ""), people.get(note.person_id or ""), today
            )
            for note in notes
        ]

    def _view(self, note: Note, at: int, home: Account | None, person: Person | None, today: date) -> Voice:
        answered_on = date.fromisoformat(note.answered_on) if note.answered_on else None
        heard_on = date.fromisoformat(note.heard_on) if note.heard_on else local_day(at, self._context.zone)
        return Voice(
            id=note.id,
            version=note.version,
            kind=NoteKind(note.kind),
            body=note.body or "",
            account=note.account_id or "",
            account_name=home.name if home else note.account_id or "",
            person=note.person_id,
            holder=person.name if person else None,
            owner=note.owner_id,
            state=_state(note, today.isoformat()),
            heard_on=heard_on,
            done=note.done_note,
            done_by=note.done_by,
            done_on=date.fromisoformat(note.done_on) if note.done_on else None,
            answered_on=answered_on,
            days=((min(answered_on, today) if answered_on else today) - heard_on).days,
        )


def _is_answered(note: Note, today: str) -> bool:
    return note.answered_on is not None and note.answered_on <= today


def _state(note: Note, today: str) -> str:
    if _is_answered(note, today):
        return ANSWERED
    if note.done_on:
        return DONE
    return OPEN if note.kind in VOICES else NOTED
