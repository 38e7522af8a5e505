"""The focus list, what is learned of people, and what would go dark."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coverage_kit.coaching.focus import ASSUMED_PACE
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.store import Change


def test_a_list_is_sized_from_the_real_pace_and_says_what_it_costs(team) -> None:
    first = team.ws.coaching.focus.propose("kim")
    assert (first.pace, first.size) == (None, int(ASSUMED_PACE / (12 * 7 / 180)))
    assert (first.cost_now, first.cost_all) == (1, 1)
    assert list(first.accounts["account"]) == ["A", "B"]
    for n in range(3):
        team.later(7)
        for role in ("ceo", "cfo", "cio")[: n + 1]:
            team.ws.edit_slot("A", role, holder=f"P {role}", verified_on=team.day, verified_how="call")
    team.later(7)
    assert team.ws.coaching.focus.propose("kim").pace == 1


def test_a_list_changes_only_in_a_session_or_by_the_rep_and_the_coach_sees_it(team) -> None:
    ws = team.ws
    with pytest.raises(BadInput, match="session"):
        ws.coaching.focus.set("kim", ["A"])
    session = ws.coaching.sessions.start("kim")
    ws.coaching.focus.set("kim", ["A"], session=session.id)
    assert ws.slots(rep="kim").groupby("account", observed=True)["focus"].first().to_dict() == {"A": True, "B": False}
    ws.ledger.actor = "kim"
    team.later(1)
    ws.coaching.focus.set("kim", ["Company B"])
    seen = ws.coaching.focus.changes("kim")
    assert [(c.actor, c.added, c.dropped, c.session) for c in seen] == [
        ("lee", (), ("B",), session.id),
        ("kim", ("B",), ("A",), None),
    ]
    with pytest.raises(BadInput, match="C"):
        ws.coaching.focus.set("kim", ["C"])


def test_one_call_verifies_every_slot_a_person_holds(team) -> None:
    ws = team.ws
    for role in ("ceo", "cfo"):
        ws.edit_slot("A", role, holder="Ann Lee")
    assert ws.coaching.people.slots("Ann Lee", "A") == ["ceo", "cfo"]
    edit = ws.coaching.people.confirm("Ann Lee", "A", how="call")
    assert ws.status()["team"]["known"] == 2
    assert sum(map(len, edit.versions.values())) == 3
    with pytest.raises(BadInput, match="after today"):
        ws.coaching.people.confirm("Ann Lee", "A", how="call", on=team.day + timedelta(days=1))
    with pytest.raises(NotFound):
        ws.coaching.people.confirm("Bob", "A", how="call")


def test_a_changed_role_opens_the_slots_and_keeps_the_person(team) -> None:
    ws = team.ws
    ws.edit_slot("A", "ceo", holder="Ann Lee", verified_on=team.day, verified_how="call")
    ws.coaching.people.change_role("Ann Lee", "A", title="Adviser")
    assert ws.status()["team"]["named"] == 0
    assert ws.people("A")[["name", "title", "end_kind"]].to_numpy().tolist() == [["Ann Lee", "Adviser", None]]


def test_a_voice_has_an_owner_an_age_and_an_answer(team) -> None:
    ws = team.ws
    ws.edit_slot("A", "ceo", holder="Ann Lee")
    voices = ws.coaching.voices
    heard = voices.add("Ann Lee", "A", "complaint", "The spare parts come late")
    team.later(12)
    [voice] = voices.find(rep="kim")
    assert (voice.owner, voice.days, voice.body, voice.holder) == ("kim", 12, "The spare parts come late", "Ann Lee")
    assert voices.find(rep="park") == voices.find(owner="boss") == []
    voices.close(heard, "Stock is kept for them", answered=True)
    assert voices.find() == []
    assert voices.find(everything=True)[0].answered_on == team.day
    for wrong in (("grounds", "x"), ("need", " "), ("gossip", "x")):
        with pytest.raises(BadInput):
            voices.add("Ann Lee", "A", *wrong)


def test_a_stage_is_kept_per_person_and_offering(team) -> None:
    ws = team.ws
    ws.edit_slot("A", "ceo", holder="Ann Lee")
    people = ws.coaching.people
    people.set_stage("Ann Lee", "A", "Press line", "attention", route="event")
    people.set_stage("Ann Lee", "A", "press LINE", "desire")
    people.set_stage("Ann Lee", "A", "Service", "interest")
    found = [(p.offering, p.stage.value, p.route and p.route.value) for p in people.pursuits("A")]
    assert found == [("Press line", "desire", "event"), ("Service", "interest", None)]
    people.set_stage("Ann Lee", "A", "Service", None)
    assert len(people.pursuits("A", person="Ann Lee")) == 1


def test_which_slots_go_dark_if_somebody_goes(team) -> None:
    ws = team.ws
    can = {"representative": "boss", "can_meet": True, "can_deliver": True}
    for account, role in (("A", "ceo"), ("A", "cfo"), ("C", "ceo")):
        ws.edit_slot(account, role, holder="Ann Lee", verified_on=team.day, verified_how="call", **can)
    ann = ws.people("A")["person"][0]
    dark = ws.coaching.dark_if_gone(ann)
    assert dark[["account", "role", "rung", "after"]].to_numpy().tolist() == [["A", "ceo", 3, 0], ["A", "cfo", 3, 0]]
    dark = ws.coaching.dark_if_handed_over("boss")
    assert dark[["account", "rung", "after"]].to_numpy().tolist() == [["A", 3, 2], ["A", 3, 2], ["C", 3, 2]]
    assert set(ws.coaching.dark_if_handed_over("boss", ["C"])["account"]) == {"C"}


def test_rhythm_is_contact_apart_from_verification(team) -> None:
    ws = team.ws
    for name, role in (("Ann Lee", "ceo"), ("Bob", "cfo")):
        ws.edit_slot("A", role, holder=name, verified_on=team.day, verified_how="call")
    rhythm, book = ws.coaching.rhythm, ws.coaching.commitments
    ws.coaching.voices.add("Ann Lee", "A", "need", "a quote by Friday")
    made = book.add(book.draft_from_gap("A", "cfo"))
    found = [(r.holder, r.last, r.next) for r in rhythm.find(account="A")]
    assert found == [("Bob", None, made.due_on), ("Ann Lee", team.day, None)]
    team.later(3)
    book.settle(made.id, "kept")
    assert [(r.holder, r.last, r.next) for r in rhythm.find(account="A")][1] == ("Bob", team.day, None)


def test_a_day_that_has_passed_and_a_check_of_a_name_are_no_next_contact(team) -> None:
    ws, book = team.ws, team.ws.coaching.commitments
    ws.edit_slot("A", "ceo", holder="Ann Lee")
    check = book.add(book.draft_from_gap("A", "ceo"))
    assert check.kind == "verify"
    assert ws.coaching.rhythm.find(account="A")[0].next is None
    ws.edit_slot("A", "ceo", verified_on=team.day, verified_how="call")
    talk = book.add(book.draft_from_gap("A", "ceo"))
    assert ws.coaching.rhythm.find(account="A")[0].next == talk.due_on
    team.later((talk.due_on - team.day).days + 1)
    assert ws.coaching.rhythm.find(account="A")[0].next is None
    book.settle(check.id, "kept")
    assert ws.coaching.rhythm.find(account="A")[0].last is None


def test_words_about_value_are_a_contact_and_a_departure_ahead_is_none_yet(team) -> None:
    ws = team.ws
    ws.edit_slot("A", "ceo", holder="Ann Lee")
    given = ws.coaching.value.give("Ann Lee", "A", "insight", "Where stock is short", need="Stock")
    team.later(4)
    ws.coaching.value.receive(given, "It went into the plan")
    ws.end_employment("Ann Lee", "A", kind="left", ended_on=team.day + timedelta(days=9))
    assert ws.coaching.rhythm.find(account="A")[0].last == team.day


@pytest.mark.slow
def test_quiet_questions_are_asked_of_patterns_and_not_of_honest_work(team) -> None:
    ws = team.ws
    roles = list(ws.coaching._context.roles())
    general = [r for r in roles if r in set(ws.slots(rep="kim")["role"])]
    ask = ws.coaching.quiet_questions
    for role in general:
        ws.edit_slot("A", role, holder="Ann Lee")
        ws.edit_slot("B", role, holder=f"B {role}")
    ws.coaching.people.confirm("Ann Lee", "A", how="third_party")
    assert ask("kim") == []
    for role in general:
        ws.edit_slot("B", role, verified_on=team.day, disposition="favorable")
    assert [q.split(".")[0] for q in ask("kim")] == [
        "13 checks were written within a minute, without a call, a meeting or a source",
        "All 12 people whose disposition is written are favorable",
    ]
    ws.assign(["C"], "kim")
    for account in "BC":
        for role in general[:4]:
            ws.edit_slot(account, role, holder="Ann Lee")
    assert ask("kim")[-1] == "Ann Lee stands in more than three roles at 3 accounts. Who else is there?"


def test_a_surname_with_a_title_is_a_lead_and_counts_as_nobody(team) -> None:
    for fields in ({"holder": "김 과장"}, {"new_holder": "Mr. Kim"}):
        with pytest.raises(BadInput, match="lead"):
            team.ws.edit_slot("A", "ceo", **fields)
    assert team.ws.status()["team"]["named"] == 0
    team.ws.edit_slot("A", "ceo", holder="김철수")
    with pytest.raises(BadInput, match="lead"):
        team.ws.edit_person("김철수", "A", name="김 과장")
    assert team.ws.status()["team"]["named"] == 1


def test_a_lead_that_stands_already_stays_and_can_be_checked(team) -> None:
    job: dict[str, str] = {"person_id": "pe_old", "account_id": "A"}
    team.ws.ledger.save(
        [
            Change("person", "pe_old", {"name": "김 과장", "name_key": "김과장"}, base=0),
            Change("employment", "em_old", job, base=0),
            Change(
                "slot", "A:ceo", {"account_id": "A", "role": "ceo", "status": "open", "employment_id": "em_old"}, base=0
            ),
        ]
    )
    team.ws.edit_slot("A", "ceo", holder="pe_old", verified_on=team.day, verified_how="call")
    assert team.ws.status()["team"]["known"] == 1
    with pytest.raises(BadInput, match="lead"):
        team.ws.edit_slot("A", "cfo", holder="pe_old")


def test_a_contact_is_planned_taken_back_and_goes_into_a_calendar(team) -> None:
    rhythm = team.ws.coaching.rhythm
    team.ws.edit_slot("A", "ceo", holder="Ann Lee")
    team.ws.coaching.value.give("Ann Lee", "A", "insight", "Where stock is short", need="Stock")
    (ann,) = rhythm.find(account="A")
    assert (ann.last, ann.next, ann.version) == (team.day, None, 0)
    on = team.day + timedelta(days=10)
    edit = rhythm.plan("Ann Lee", "A", on, base=0)
    assert [(each.next, each.planned, each.version) for each in rhythm.find(account="A")] == [(on, on, 1)]
    assert "SUMMARY:Ann Lee (Company A)" in rhythm.calendar(account="A")
    assert f"DTSTART;VALUE=DATE:{on:%Y%m%d}" in rhythm.calendar(account="A")
    with pytest.raises(BadInput, match="has passed"):
        rhythm.plan("Ann Lee", "A", "2026-01-01")
    team.later(11)
    assert rhythm.find(account="A")[0].next is None
    assert "VEVENT" not in rhythm.calendar(account="A")
    team.ws.undo(edit.edit_id)
    assert rhythm.find(account="A")[0].planned is None
