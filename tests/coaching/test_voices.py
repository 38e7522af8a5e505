"""Voices: written in one line, closed when something was done and the person knows, opened again, taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from coverage_kit.errors import BadInput, Conflict, NotFound
from coverage_kit.measures import answered, by_age, voices
from coverage_kit.store import Change
from coverage_kit.store.entities import Note


@pytest.fixture
def late_parts(team):
    team.ws.edit_slot("A", "ceo", holder="Ann Lee")
    return team.ws.coaching.voices.add("Ann Lee", "A", "complaint", "The spare parts come late")


def asked(team) -> list[str | None]:
    return [entry.voice for entry in team.ws.coaching.agenda("kim") if entry.voice]


def test_the_agenda_asks_until_the_person_knows_what_was_done(team, late_parts) -> None:
    book = team.ws.coaching.voices
    assert asked(team) == [late_parts]
    book.close(late_parts, "Stock is kept for them")
    one = book.get(late_parts)
    assert (one.state, one.done, one.done_on, one.answered_on) == ("done", "Stock is kept for them", team.day, None)
    assert asked(team) == [late_parts]
    team.later(3)
    book.close(late_parts, answered=True)
    one = book.get(late_parts)
    assert (one.state, one.done, one.answered_on, one.days) == ("answered", "Stock is kept for them", team.day, 3)
    assert asked(team) == book.find() == []


def test_closing_says_who_did_it(team, late_parts) -> None:
    team.ws.ledger.actor = "kim"
    team.ws.coaching.voices.close(late_parts, "Stock is kept for them")
    assert team.ws.coaching.voices.get(late_parts).done_by == "kim"


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_a_voice_is_not_closed_without_a_word_on_what_was_done(team, late_parts, nothing: str | None) -> None:
    with pytest.raises(BadInput, match="what was done"):
        team.ws.coaching.voices.close(late_parts, nothing, answered=True)
    assert team.ws.coaching.voices.get(late_parts).state == "open"


def test_a_person_cannot_have_heard_of_it_tomorrow(team, late_parts) -> None:
    with pytest.raises(BadInput, match="after today"):
        team.ws.coaching.voices.close(late_parts, "Done", on="2999-01-01")


def test_a_voice_that_is_opened_again_is_asked_about_again(team, late_parts) -> None:
    book = team.ws.coaching.voices
    book.close(late_parts, "Stock is kept for them", answered=True)
    book.reopen(late_parts)
    one = book.get(late_parts)
    assert (one.state, one.done, one.done_by, one.done_on, one.answered_on) == ("open", None, None, None, None)
    assert asked(team) == [late_parts]


def test_undo_takes_back_the_closing_and_the_voice(team, late_parts) -> None:
    book = team.ws.coaching.voices
    closed = book.close(late_parts, "Stock is kept for them", answered=True)
    team.ws.undo(closed.edit_id)
    assert book.get(late_parts).state == "open"
    key = book.add("Ann Lee", "A", "advice", "Bring the plant manager", edit_id="ed_advice")
    team.ws.undo("ed_advice")
    assert [one.id for one in book.find()] == [late_parts] != [key]


def test_two_who_close_the_same_voice_do_not_overwrite_each_other(team, late_parts) -> None:
    book = team.ws.coaching.voices
    book.close(late_parts, "Stock is kept for them", base=1)
    with pytest.raises(Conflict):
        book.close(late_parts, "Called the depot", base=1)
    assert book.get(late_parts).done == "Stock is kept for them"


def test_a_reaction_is_kept_and_nobody_is_asked_about_it(team, late_parts) -> None:
    book = team.ws.coaching.voices
    reaction = book.add("Ann Lee", "A", "reaction", "Nodded at the figures")
    assert asked(team) == [late_parts]
    assert book.get(reaction).state == "noted"
    assert reaction in [one.id for one in book.find(everything=True)]


def test_only_voices_are_closed(team) -> None:
    team.ws.edit_slot("A", "ceo", holder="Ann Lee", disposition="neutral", grounds="She said so")
    [grounds] = [note.id for note in team.ws.ledger.as_of(Note) if note.kind == "grounds"]
    for wrong in (grounds, "no_nothing", ""):
        with pytest.raises(NotFound):
            team.ws.coaching.voices.close(wrong, "Done")


def test_the_report_has_the_oldest_and_the_days_to_telling_by_kind(team, late_parts) -> None:
    book = team.ws.coaching.voices
    need = book.add("Ann Lee", "A", "need", "A quote by Friday")
    start = team.ws.now()
    team.later(4)
    second = book.add("Ann Lee", "A", "need", "A second quote")
    book.close(need, "Sent", answered=True)
    team.later(6)
    book.close(second, "Sent", answered=True)
    history = team.ws.history()
    assert answered(history, team.ws.now(), start).to_numpy().tolist() == [["need", 2, 5.0]]
    waiting = by_age(voices(history, team.ws.now()))
    assert waiting[["kind", "n", "oldest"]].to_numpy().tolist() == [["complaint", 1, 9]]  # whole days of 24 hours
    team.ws.ledger.save([])
    assert answered(history, team.ws.now(), team.ws.now()).empty


def test_an_older_store_keeps_its_answered_voices_as_told(team, late_parts) -> None:
    team.ws.ledger.save([Change("note", late_parts, {"answered_on": team.day.isoformat()})])
    assert team.ws.coaching.voices.get(late_parts).state == "answered"
    assert asked(team) == []


def statements(team, read) -> int:
    """How many statements the store runs for a call."""
    seen: list[str] = []

    def note(*args: object) -> None:
        seen.append(str(args[2]))

    event.listen(team.ws.ledger.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(team.ws.ledger.engine, "before_cursor_execute", note)
    return len(seen)


def test_more_voices_values_and_people_need_no_more_statements(team, late_parts) -> None:
    coaching = team.ws.coaching
    reads = (coaching.voices.find, coaching.value.find, coaching.rhythm.find)

    def fill(n: int) -> None:
        coaching.voices.add("Ann Lee", "A", "need", f"what was said {n}")
        coaching.value.give("Ann Lee", "A", "insight", f"what was given {n}", need="stock")

    fill(0)
    before = [statements(team, read) for read in reads]
    for n, role in enumerate(("cfo", "cio", "cso", "rnd_head"), 1):
        fill(n)
        team.ws.edit_slot("A", role, holder=f"{role.title()} Miller")
    assert [statements(team, read) for read in reads] == before
