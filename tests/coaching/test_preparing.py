"""What a coach prepares: changes, what was agreed, the agenda, two checks to come back to, a private note, the hour."""

from __future__ import annotations

from datetime import datetime

import pytest
from icalendar import Calendar

from coverage_kit.domain.vocabulary import Cause
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.measures.checks import draw

PEOPLE = ("Ann Lee", "Bo Kim", "Cho Park", "Di Han")
ROLES = ("ceo", "cfo", "cio", "cso")


def check_four(team) -> None:
    for role, name in zip(ROLES, PEOPLE, strict=True):
        team.ws.edit_slot("A", role, holder=name, verified_on=team.day, verified_how="call")


def test_two_of_last_weeks_checks_are_drawn_and_the_hour_draws_the_same(team) -> None:
    check_four(team)
    assert team.ws.coaching.preparation.of("kim").checks == []
    team.later(7)
    drawn = team.ws.coaching.preparation.of("kim").checks
    assert len({each.person for each in drawn}) == 2
    asked = {each.question for each in drawn}
    assert asked < {f"What did {name} say last?" for name in PEOPLE}
    assert len(asked) == 2
    assert {(each.account, each.verified_how) for each in drawn} == {("A", "call")}
    session = team.ws.coaching.sessions.start("kim")
    assert session.checks() == team.ws.coaching.sessions.resume(session.id).checks() == drawn
    assert team.ws.coaching.preparation.of("kim").checks == drawn
    team.later(7)
    assert session.checks() == drawn
    assert team.ws.coaching.preparation.of("kim").checks == []


def test_a_check_that_was_taken_back_is_not_drawn(team) -> None:
    edit = team.ws.edit_slot("A", "ceo", holder="Ann Lee", verified_on=team.day, verified_how="call")
    team.ws.undo(edit.edit_id)
    team.later(7)
    assert team.ws.coaching.preparation.of("kim").checks == []


def test_other_sessions_draw_others() -> None:
    people = [f"em_{n}" for n in range(8)]
    assert draw(people, "a") == draw(reversed(people), "a")
    assert len({tuple(draw(people, str(n))) for n in range(40)}) > 20


def test_the_page_shows_what_changed_and_what_was_agreed_since_the_last_session(team) -> None:
    book = team.ws.coaching
    check_four(team)
    session = book.sessions.start("kim")
    session.claim(share=0.5)
    made = session.add(session.draft("A", "ceo"))
    session.agree()
    session.close(minutes=False)
    ready = book.preparation.of("kim")
    assert (ready.since, ready.changes, ready.cleaned) == (team.day, {}, 0)
    team.later(3)
    book.commitments.settle(made.id, "kept")
    team.ws.end_employment("Bo Kim", "A", kind="left")
    team.ws.edit_slot("B", "ceo", holder="Eve Song")
    ready = book.preparation.of("kim")
    assert ready.changes == {Cause.IDENTIFIED: 1, Cause.DEPARTED: 1}
    assert ready.cleaned == 1
    assert [each.id for each in ready.agreed] == [made.id]
    assert sum(entry.minutes for entry in ready.agenda) <= ready.minutes == 60
    (held,) = ready.history
    assert (held.id, held.made, held.kept, held.not_kept, held.closed) == (session.id, 1, 1, 0, True)


def test_a_private_note_is_the_coachs_own(team) -> None:
    book = team.ws.coaching.preparation
    first = book.set_note("kim", "  Listens more than he says ")
    assert book.hour("kim").note == "Listens more than he says"
    assert book.hour("park").note == ""
    team.ws.ledger.actor = "boss"
    assert book.hour("kim").note == ""
    team.ws.ledger.actor = "lee"
    team.ws.undo(first.edit_id)
    assert book.hour("kim").note == ""


def test_a_note_is_written_once_and_never_over_another_page(team) -> None:
    book = team.ws.coaching.preparation
    book.set_note("kim", "First", base=0, edit_id="ed_1")
    book.set_note("kim", "First", base=0, edit_id="ed_1")
    assert book.hour("kim").version == 1
    with pytest.raises(Conflict):
        book.set_note("kim", "Second", base=0)
    book.set_note("kim", "", base=1)
    assert book.hour("kim").note == ""


def test_the_planned_hour_goes_into_a_calendar_without_the_note(team) -> None:
    book = team.ws.coaching.preparation
    with pytest.raises(BadInput, match="No hour"):
        book.calendar("kim")
    book.set_note("kim", "CANARY-NOTE")
    book.plan("kim", "2026-11-24T14:30")
    assert book.hour("kim").planned_for == datetime(2026, 11, 24, 14, 30)
    text = book.calendar("kim")
    (entry,) = Calendar.from_ical(text).walk("VEVENT")
    assert (str(entry["summary"]), entry["dtstart"].dt.isoformat()) == (
        "Weekly coaching: Kim",
        "2026-11-24T05:30:00+00:00",
    )
    assert "CANARY-NOTE" not in text
    book.plan("kim", None)
    assert book.hour("kim").planned_for is None


@pytest.mark.parametrize("wrong", ["2026-11-22T10:00", "2026-11-24", "soon", "2026-13-01T10:00"])
def test_an_hour_that_has_passed_or_is_none_is_not_planned(team, wrong: str) -> None:
    with pytest.raises(BadInput):
        team.ws.coaching.preparation.plan("kim", wrong)
    assert team.ws.coaching.preparation.hour("kim").version == 0
