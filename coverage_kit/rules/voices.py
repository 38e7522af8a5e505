"""What people say, and what was done about it: the rows of a new voice, and of one that is closed or opened again.

Source: the method, sections 3 and 4 (docs/reference/method.md).
"""

from __future__ import annotations

from datetime import date

from coverage_kit.domain.coaching import HEARD
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.vocabulary import NoteKind
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import as_word, past_day
from coverage_kit.rules.lookup import get_account
from coverage_kit.rules.value import received_change
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Employment, Note, Value


def get_voice(ledger: Ledger, voice: str) -> Note:
    """The voice with this id.

    Raises
    ------
    NotFound
        There is none.
    """
    note = ledger.find(Note, voice)
    if note is None or note.kind not in HEARD:
        raise NotFound("voice.unknown", N_("There is no voice '{id}' here."), id=voice[:40])
    return note


def voice_changes(
    ledger: Ledger, key: str, job: Employment, kind: str, text: str, *, owner: str | None, today: date
) -> list[Change]:
    """A new voice; what a person says they received is also written on the last value given to them.

    Parameters
    ----------
    ledger : Ledger
    key : str
        The id of the voice.
    job : Employment
        Of the person who spoke.
    kind : str
        ``need complaint suggestion advice received reaction``.
    text : str
        As it was said.
    owner : str, optional
        Id of the colleague who answers it; the account's rep by default.
    today : date

    Raises
    ------
    BadInput
        Another kind, or no text.
    """
    word = as_word(NoteKind, kind, "kind")
    if word not in HEARD:
        raise BadInput(
            "voice.kind", N_("'{value}' is not a voice; use one of: {words}."), value=kind[:40], words=list(HEARD)
        )
    body = clean_key(text, "voice")
    fields: dict[str, Value] = {
        "account_id": job.account_id,
        "person_id": job.person_id,
        "kind": word.value,
        "body": body,
        "owner_id": owner or get_account(ledger, job.account_id).owner_id,
    }
    received = received_change(ledger, job, body, today) if word is NoteKind.RECEIVED else None
    return [Change("note", key, fields, base=0), *([received] if received else [])]


def close_change(
    ledger: Ledger,
    voice: str,
    done: str | None,
    *,
    by: str,
    answered: bool,
    on: str | date | None,
    today: date,
    base: int | None,
) -> Change:
    """A voice with what was done about it, and whether the person has heard of it.

    Parameters
    ----------
    ledger : Ledger
    voice : str
    done : str, optional
        What was done; may be left out where it is written already.
    by : str
        Id of the colleague who did it.
    answered : bool
        Whether the person knows.
    on : str or date, optional
        The day on which the person heard of it, which also says that they know; today by default.
    today : date
    base : int, optional
        The version that the user saw.

    Raises
    ------
    BadInput
        Nothing is written on what was done, or the day is no day.
    """
    note = get_voice(ledger, voice)
    fields: dict[str, Value] = {}
    if done is not None or not note.done_on:
        if not (done or "").strip():
            raise BadInput("voice.done", N_("Write in one line what was done about it."))
        fields |= {"done_note": clean_key(done or "", "done"), "done_by": by, "done_on": today.isoformat()}
    if answered or on is not None:
        fields["answered_on"] = past_day(on, "on", today) or today.isoformat()
    return Change("note", note.id, fields, note.version if base is None else base)


def reopen_change(ledger: Ledger, voice: str, *, base: int | None) -> Change:
    """A voice that waits again, with nothing done about it so far."""
    note = get_voice(ledger, voice)
    cleared = dict.fromkeys(("done_note", "done_by", "done_on", "answered_on"))
    return Change("note", note.id, cleared, note.version if base is None else base)
