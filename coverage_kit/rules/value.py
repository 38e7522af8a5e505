"""Value given to a person: something of use to them, against a need; a meal or a gift is none.

Source: the method, sections 1 and 3 (docs/reference/method.md): relationship is a lubricant, never a substitute for value.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from coverage_kit.domain.identifiers import clean_key
from coverage_kit.domain.value import favour_in
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.inputs import past_day
from coverage_kit.store import Change, Ledger
from coverage_kit.store.entities import Employment, Note, Person, Value, ValueGiven


def check_no_favour(text: str) -> None:
    """Refuse meals, gifts, golf and family occasions.

    Raises
    ------
    BadInput
        The text names one.
    """
    if found := favour_in(text):
        raise BadInput(
            "value.favour",
            N_(
                "'{word}' is a courtesy, not value: meals, gifts, golf and family occasions do not count. Write what helped this person with their work."
            ),
            word=found,
        )


def given_change(
    ledger: Ledger,
    key: str,
    job: Employment,
    kind: str,
    what: str,
    *,
    kinds: Collection[str],
    need: str | None,
    on: str | date | None,
    by: str,
    today: date,
) -> Change:
    """Value given to a person, against a need.

    Parameters
    ----------
    ledger : Ledger
    key : str
        The id of what is written.
    job : Employment
        Of the person.
    kind : str
        One of the team's list.
    what : str
        What it was, in one line.
    kinds : collection of str
        The team's list.
    need : str, optional
        The id of a voice of this person, or the need in words; the line on what they need by default.
    on : str or date, optional
        Today by default; never after today.
    by : str
        Id of the colleague who gave it.
    today : date

    Raises
    ------
    BadInput
        A kind that the list has not, a courtesy, no text, no need, or a day to come.
    """
    if kind not in kinds:
        raise BadInput(
            "value.kind",
            N_("'{value}' is not on the team's list of values; use one of: {words}."),
            value=kind[:40],
            words=list(kinds),
        )
    text = clean_key(what, "what")
    check_no_favour(text)
    voice, words = _need(ledger, job, need)
    fields: dict[str, Value] = {
        "account_id": job.account_id,
        "employment_id": job.id,
        "person_id": job.person_id,
        "kind": kind,
        "voice_id": voice,
        "need": words,
        "what": text,
        "given_on": past_day(on, "on", today) or today.isoformat(),
        "given_by": by,
    }
    return Change("value_given", key, fields, base=0)


def _need(ledger: Ledger, job: Employment, need: str | None) -> tuple[str | None, str]:
    """The voice that a value answers, if any, and the need in words."""
    note = ledger.find(Note, need) if need else None
    if note is not None:
        if note.person_id != job.person_id:
            raise BadInput(
                "value.foreign_voice", N_("That was said by somebody else; choose something this person said.")
            )
        return note.id, note.body or ""
    if need and need.strip():
        return None, clean_key(need, "need")
    person = ledger.find(Person, job.person_id)
    if person is None or not person.need:
        raise BadInput(
            "value.need", N_("Nothing is written on what this person needs. Write their need first, in one line.")
        )
    return None, person.need


def get_value(ledger: Ledger, value: str) -> ValueGiven:
    """The value given with this id.

    Raises
    ------
    NotFound
        There is none.
    """
    row = ledger.find(ValueGiven, value)
    if row is None:
        raise NotFound("value.unknown", N_("There is no value '{id}' here."), id=value[:40])
    return row


def words_change(row: ValueGiven, words: str, today: date, *, base: int | None) -> Change:
    """A value given, with the customer's own words on it: only these make it received.

    Raises
    ------
    BadInput
        No words.
    """
    if not words.strip():
        raise BadInput("value.words", N_("Write what the customer said about it, in their own words."))
    fields: dict[str, Value] = {"received": clean_key(words, "received"), "received_on": today.isoformat()}
    return Change("value_given", row.id, fields, row.version if base is None else base)


def received_change(ledger: Ledger, job: Employment, words: str, today: date) -> Change | None:
    """The last value given to a person that waits for their words, with these; None if there is none."""
    rows = [row for row in ledger.as_of(ValueGiven, account_id=job.account_id) if row.person_id == job.person_id]
    waiting = [row for row in rows if not row.received_on]
    if not waiting:
        return None
    return words_change(max(waiting, key=lambda row: (row.given_on, row.at)), words, today, base=None)
