"""What leaders decide: must-win accounts, the agreement on coaching, places only they can move, what was pushed aside."""

from __future__ import annotations

import itertools
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_kit.coaching import Terms
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.reporting_line import everybody_under
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.store import Change
from coverage_kit.workbook.model.my_page import MyBook


@contextmanager
def writing_as(team, who: str):
    before, team.ws.ledger.actor = team.ws.ledger.actor, who
    yield team.ws.coaching
    team.ws.ledger.actor = before


def more_accounts(team, n: int) -> None:
    row = {"status": "active", "template_ids": '["general"]', "focus": 1, "owner_id": "kim"}
    team.ws.ledger.save(
        Change("account", f"M{i}", {"name": f"More {i}", "name_key": f"more{i}", "value": 1.0, **row}) for i in range(n)
    )


def known(team, account: str, *roles: str, holder: str) -> None:
    for role in roles:
        team.ws.edit_slot(account, role, holder=holder, verified_on=team.day, verified_how="call")


# Quarters and who works under whom -----------------------------------------------------------------------------------


def test_every_week_belongs_to_exactly_one_quarter() -> None:
    weeks = [week for n in range(40) for week in (Quarter.of(date(2020, 1, 1)) + n).weeks()]
    assert all(after == before + 1 for before, after in itertools.pairwise(weeks))
    assert Quarter.of(date(2026, 12, 31)) + 1 == Quarter.parse("2027-Q1") == Quarter.parse("2027-Q2") - 1
    assert (str(Quarter.of(date(2026, 9, 30))), Quarter(2026, 3).last_day) == ("2026-Q3", date(2026, 9, 30))
    for wrong in ("2026-Q5", "2026Q1", "1999-Q1", "2026-W12", ""):
        with pytest.raises(BadInput):
            Quarter.parse(wrong)


def test_a_circle_of_managers_ends_where_it_closes() -> None:
    assert everybody_under("a", {"a": None, "b": "a", "c": "b", "d": "x"}) == ["b", "c"]
    assert everybody_under("a", {"a": "c", "b": "a", "c": "b"}) == ["b", "c"]
    assert everybody_under("a", {"a": "a"}) == []


# Must-win accounts ----------------------------------------------------------------------------------------------------


def test_a_manager_stars_up_to_five_accounts_and_takes_one_off_again(team) -> None:
    more_accounts(team, 5)
    with writing_as(team, "boss") as coaching:
        star = coaching.must_win.star("A", edit_id="ed_star")
        assert coaching.must_win.star("A", edit_id="ed_star").versions == star.versions
        assert coaching.must_win.star("A").unchanged
        for each in ("M0", "M1", "M2", "M3"):
            coaching.must_win.star(each)
        with pytest.raises(BadInput, match="take one off first"):
            coaching.must_win.star("M4")
        coaching.must_win.unstar("A")
        assert coaching.must_win.unstar("M0", edit_id="ed_off").versions
        coaching.must_win.unstar("M0", edit_id="ed_off")
        coaching.must_win.star("M4")
        assert coaching.must_win.of("boss") == ["M1", "M2", "M3", "M4"]
        # The quarter to come has five places of its own.
        coaching.must_win.star("A", quarter="2027-Q1")
        assert coaching.must_win.of(quarter="2027-Q1") == ["A"]


def test_only_the_managers_of_its_owner_star_an_account_and_only_for_a_quarter_to_come(team) -> None:
    with pytest.raises(BadInput, match="Only a manager"):
        team.ws.coaching.must_win.star("A")
    with writing_as(team, "kim") as coaching, pytest.raises(BadInput, match="Only a manager"):
        coaching.must_win.star("A")
    team.ws.ledger.save([Change("staff", "other", {"name": "Other", "function": "manager"})])
    with writing_as(team, "other") as coaching, pytest.raises(BadInput, match="not looked after by your people"):
        coaching.must_win.star("A")
    with writing_as(team, "chief") as coaching:
        coaching.must_win.star("C")
        for over in ("2026-Q3", "2027-Q2"):
            with pytest.raises(BadInput, match="cannot be changed"):
                coaching.must_win.star("A", quarter=over)
        with pytest.raises(BadInput, match="not one of your"):
            coaching.must_win.unstar("A")
        assert coaching.must_win.of() == ["C"]


def test_the_picture_shows_what_hangs_on_one_person(team) -> None:
    known(team, "A", "cfo", "ceo", holder="Ann Lee")
    known(team, "A", "it_manager", holder="Bo Kim")
    known(team, "C", "it_manager", holder="Cho Park")
    with writing_as(team, "boss") as coaching:
        for account in ("A", "B", "C"):
            coaching.must_win.star(account)
        shown = coaching.must_win.picture("boss").set_index("account")
    assert list(shown.index) == ["A", "C", "B"]
    assert shown["known"].to_dict() == {"A": 3, "C": 1, "B": 0}
    assert shown["executives"].to_dict() == {"A": 2, "C": 0, "B": 0}
    assert shown["people"].to_dict() == {"A": 2, "C": 1, "B": 0}
    assert shown["one_person"].to_dict() == {"A": 2, "C": 1, "B": 0}
    # She leaves: the two positions are unknown again.
    team.ws.end_employment("Ann Lee", "A", kind="left")
    assert team.ws.coaching.must_win.picture().set_index("account").loc["A", ["known", "executives"]].tolist() == [1, 0]


def test_the_work_outside_the_must_win_accounts_is_counted_beside_them(team) -> None:
    with writing_as(team, "boss") as coaching:
        coaching.must_win.star("A")
        assert coaching.must_win.effort_elsewhere("boss") == (0, 0)
    known(team, "A", "cfo", holder="Ann Lee")
    known(team, "B", "cfo", holder="Bo Kim")
    known(team, "C", "cfo", "ceo", holder="Cho Park")
    assert team.ws.coaching.must_win.effort_elsewhere("boss") == (3, 4)
    team.later(60)
    assert team.ws.coaching.must_win.effort_elsewhere("boss") == (0, 0)


# The agreement ------------------------------------------------------------------------------------------------------


def test_the_agreement_stands_once_executive_manager_and_coach_have_signed_the_same_terms(team) -> None:
    terms = Terms(minutes=60, focus_size=20, answer_days=5, gives_way="The Friday list")
    assert team.ws.coaching.agreement.of("boss").terms is None
    with pytest.raises(BadInput, match="no terms"):
        team.ws.coaching.agreement.sign("boss")
    team.ws.coaching.agreement.propose("boss", terms)
    for who in ("boss", "chief"):
        assert not team.ws.coaching.agreement.of("boss").stands
        with writing_as(team, who) as coaching:
            coaching.agreement.sign("boss")
    present = team.ws.coaching.agreement.of("boss")
    assert (present.stands, present.signed, present.terms) == (True, ("boss", "chief", "lee"), terms)
    # Other terms need all three again.
    with writing_as(team, "boss") as coaching:
        coaching.agreement.propose("boss", replace(terms, minutes=45))
    present = team.ws.coaching.agreement.of("boss")
    assert (present.stands, present.signed, [each.value for each in present.missing]) == (False, ("boss",), ["executive", "coach"])  # fmt: skip


def test_terms_that_somebody_has_changed_are_not_signed_unseen(team) -> None:
    agreement = team.ws.coaching.agreement
    agreement.propose("boss", Terms())
    seen = agreement.of("boss").version
    with writing_as(team, "boss") as coaching:
        coaching.agreement.propose("boss", Terms(minutes=15))
    with pytest.raises(Conflict):
        agreement.propose("boss", Terms(minutes=90), base=seen)


@pytest.mark.parametrize("wrong", [Terms(minutes=5), Terms(focus_size=500), Terms(answer_days=0)])
def test_terms_out_of_range_and_signatures_of_reps_are_refused(team, wrong: Terms) -> None:
    with pytest.raises(BadInput, match="out of range"):
        team.ws.coaching.agreement.propose("boss", wrong)
    with writing_as(team, "kim") as coaching, pytest.raises(BadInput, match="open your own link"):
        coaching.agreement.propose("boss", Terms())
    with pytest.raises(BadInput, match="is over"):
        team.ws.coaching.agreement.propose("boss", Terms(), quarter="2026-Q2")


def test_coaching_held_and_cancelled_is_counted_week_by_week(team) -> None:
    team.on(date(2027, 1, 4))
    agreement, sessions = team.ws.coaching.agreement, team.ws.coaching.sessions
    assert (agreement.kept("boss").held, agreement.kept("boss").weeks) == (0, 1)
    # The quarter before began weeks before this team was known here.
    assert agreement.kept("boss", "2026-Q4").weeks == 6
    sessions.start("kim").close(minutes=False)
    sessions.start("park").close(minutes=False)
    team.later(7)
    agreement.cancel("boss", "pushed_aside")
    agreement.cancel("boss", "pushed_aside")
    team.later(7)
    agreement.cancel("boss", "priority_changed")
    sessions.start("kim")  # begun, not closed
    kept = agreement.kept("boss")
    assert (kept.held, kept.weeks) == (1, 3)
    assert {reason.value: n for reason, n in kept.cancelled.items()} == {"pushed_aside": 1, "priority_changed": 1}
    # A week that was held after all is not counted as cancelled.
    sessions.start("park").close(minutes=False)
    assert (agreement.kept("boss").held, sum(agreement.kept("boss").cancelled.values())) == (2, 1)
    with pytest.raises(BadInput, match="not begun"):
        agreement.cancel("boss", "pushed_aside", week="2027-W05")


def agree(team, terms: Terms) -> None:
    for who in ("boss", "chief", "lee"):
        with writing_as(team, who) as coaching:
            coaching.agreement.propose("boss", terms)


def test_only_the_teams_own_manager_an_executive_above_and_a_coach_sign(team) -> None:
    team.ws.ledger.save(
        [
            Change("staff", "other", {"name": "Other", "function": "manager", "manager_id": "chief"}),
            Change("staff", "far", {"name": "Far", "function": "executive"}),
        ]
    )
    for who in ("other", "far"):
        with writing_as(team, who) as coaching, pytest.raises(BadInput, match="open your own link"):
            coaching.agreement.propose("boss", Terms())
    agree(team, Terms())
    assert team.ws.coaching.agreement.of("boss").stands
    # An executive signs where none is above the manager.
    team.ws.ledger.save([Change("staff", "other", {"manager_id": None}, base=1)])
    with writing_as(team, "far") as coaching:
        coaching.agreement.propose("other", Terms())
    assert [each.value for each in team.ws.coaching.agreement.of("other").missing] == ["manager", "coach"]


def test_the_terms_that_stand_drive_what_they_name(team) -> None:
    more_accounts(team, 12)
    coaching = team.ws.coaching
    before = coaching.focus.propose("kim")
    asked = coaching.commitments.add(coaching.commitments.draft_help("kim", "boss", action="Help", scope="door:A"))
    assert asked.climbs_on == asked.due_on + timedelta(days=1)
    with writing_as(team, "boss") as mine:
        mine.agreement.propose("boss", Terms(minutes=20, focus_size=6, answer_days=2))
    # Nobody else has agreed yet.
    assert coaching.focus.propose("kim").size == before.size != 6
    agree(team, Terms(minutes=20, focus_size=6, answer_days=2))
    after = coaching.focus.propose("kim")
    assert (after.size, after.kept_size, int(after.accounts["proposed"].sum())) == (6, before.kept_size, 6)
    assert sum(entry.minutes for entry in coaching.agenda("kim")) <= 20 < sum(e.minutes for e in coaching.agenda("kim", 60))  # fmt: skip
    assert coaching.commitments.get(asked.id).climbs_on == team.day + timedelta(days=3)
    # The owner's page shows the last day for a reply, which comes before the day it was due.
    [shown] = MyBook(team.ws, "boss").handle({"kind": "hello", "seq": 1})["asked"]
    assert (shown["id"], shown["reply_by"]) == (asked.id, (team.day + timedelta(days=2)).isoformat())
    assert shown["reply_by"] < shown["due_on"]
    draft = coaching.commitments.draft_help("kim", "boss", action="Help", scope="door:B")
    assert draft.due_on == team.day + timedelta(days=2)
    # The next quarter needs an agreement of its own.
    team.on(date(2027, 1, 4))
    assert (lapsed := coaching.focus.propose("kim")).size == lapsed.kept_size


def test_a_request_climbs_after_the_days_agreed_once_and_says_so_on_its_way(team) -> None:
    agree(team, Terms(answer_days=2))
    book = team.ws.coaching.commitments
    door = replace(book.draft_help("kim", "boss", action="Help", scope="door:A"), due_on=team.day + timedelta(days=14))
    asked = book.add(door)
    team.later(2)
    book.climb_quietly()
    assert book.get(asked.id).owner == "boss"
    team.later(1)
    book.climb_quietly()
    book.climb_quietly()
    one = book.get(asked.id)
    assert (one.owner, one.version, one.due_on > asked.due_on) == ("chief", 2, True)
    with writing_as(team, "chief") as coaching:
        coaching.commitments.accept(asked.id)
        coaching.commitments.hand_on(asked.id, "boss")
    steps = [(step.kind.value, step.before, step.owner) for step in book.steps([asked.id])[asked.id]]
    assert steps == [("asked", None, "boss"), ("climbed", "boss", "chief"), ("accepted", None, "chief"), ("handed_on", "chief", "boss")]  # fmt: skip


def test_a_step_that_was_undone_is_none(team) -> None:
    book = team.ws.coaching.commitments
    asked = book.add(book.draft_help("kim", "boss", action="Help", scope="door:A"))
    edit = book.accept(asked.id)
    team.ws.undo(edit.edit_id)
    assert [step.kind.value for step in book.steps([asked.id])[asked.id]] == ["asked"]


def test_what_the_rep_has_not_agreed_to_yet_never_climbs(team) -> None:
    session = team.ws.coaching.sessions.start("kim")
    book = team.ws.coaching.commitments
    asked = session.add(replace(book.draft_help("kim", "boss", action="Help", scope="door:A"), session=session.id))
    team.later(30)
    assert book.climb() == []
    session.agree()
    assert [each.id for each in book.climb()] == [asked.id]


# Places only a leader can move, and what was pushed aside ---------------------------------------------------------------


def third_rep(team) -> None:
    team.ws.ledger.save([Change("staff", "choi", {"name": "Choi", "function": "rep", "manager_id": "boss"})])


def pushed_aside(team, account: str = "A", role: str = "it_manager") -> str:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap(account, role))
    book.settle(made.id, "not_kept", reason="pushed_aside")
    return made.id


def test_a_door_is_shown_to_the_manager_whose_people_it_concerns(team) -> None:
    known(team, "A", "cfo", holder="Ann Lee")
    team.ws.ledger.save([Change("staff", "other", {"name": "Other", "function": "manager"})])
    doors = team.ws.coaching.leaders.doors("boss")
    assert [(each.draft.account, each.draft.role, each.draft.owner, each.asked) for each in doors] == [("A", "cfo", "boss", False)]  # fmt: skip
    assert team.ws.coaching.leaders.doors("chief")[0].draft.owner == "chief"
    assert team.ws.coaching.leaders.doors("other") == []
    team.ws.coaching.commitments.add(doors[0].draft)
    assert team.ws.coaching.leaders.doors("boss") == []


def test_causes_are_team_sums_from_three_reps_on(team) -> None:
    pushed_aside(team)
    leaders = team.ws.coaching.leaders
    assert leaders.pushed_aside("boss") == type(leaders.pushed_aside("boss"))({}, (), 2)
    third_rep(team)
    found = leaders.pushed_aside("boss")
    assert ({each.value: n for each, n in found.reasons.items()}, len(found.waiting), found.reps) == ({"pushed_aside": 1}, 1, 3)  # fmt: skip


@pytest.mark.parametrize("decision", ["hour", "drop", "take"])
def test_one_decision_takes_it_off_the_list_and_a_second_is_a_conflict(team, decision: str) -> None:
    third_rep(team)
    one = pushed_aside(team)
    with writing_as(team, "boss") as coaching:
        coaching.leaders.decide(one, decision, edit_id="ed_decided")
        coaching.leaders.decide(one, decision, edit_id="ed_decided")
        assert coaching.leaders.pushed_aside("boss").waiting == ()
        assert coaching.leaders.pushed_aside("boss").reasons
        with pytest.raises(Conflict):
            coaching.leaders.decide(one, "drop" if decision != "drop" else "hour")
        mine = coaching.commitments.find(owner="boss")
    assert [(each.account, each.role, each.rep) for each in mine] == ([("A", "it_manager", "kim")] if decision == "take" else [])  # fmt: skip


@pytest.mark.parametrize("decision", ["hour", "drop", "take"])
def test_the_rep_sees_what_was_decided_until_it_is_undone(team, decision: str) -> None:
    third_rep(team)
    one = pushed_aside(team)
    with writing_as(team, "boss") as coaching:
        edit = coaching.leaders.decide(one, decision)
    leaders = team.ws.coaching.leaders
    assert [(d.commitment, d.decision, d.on, d.by) for d in leaders.decided("kim", since=team.day)] == [(one, decision, team.day, "boss")]  # fmt: skip
    assert leaders.decided("park", since=team.day) == leaders.decided("kim", since=team.day + timedelta(days=1)) == []
    team.ws.undo(edit.edit_id)
    assert leaders.decided("kim", since=team.day) == []


@pytest.mark.parametrize("how", ["door", "decision"])
def test_what_a_leader_takes_on_unasked_waits_for_no_answer_and_never_climbs(team, how: str) -> None:
    third_rep(team)
    one = pushed_aside(team)
    with writing_as(team, "boss") as coaching:
        if how == "door":
            coaching.leaders.take("boss", "A", "it_manager")
        else:
            coaching.leaders.decide(one, "take")
        [mine] = coaching.commitments.find(owner="boss")
        assert (mine.needs_answer, mine.answer) == (False, "accepted")
        steps = coaching.commitments.steps([mine.id])[mine.id]
    assert [(step.kind, step.owner) for step in steps] == [("accepted", "boss")]
    team.later(30)
    assert team.ws.coaching.commitments.climb() == []


def test_an_executive_is_shown_the_door_of_an_executive_first(team) -> None:
    known(team, "A", "cfo", holder="Ann Lee")
    book = team.ws.coaching.commitments
    asked = book.add(book.draft_from_gap("A", "it_manager"))
    book.settle(asked.id, "not_kept", reason="need_help")
    leaders = team.ws.coaching.leaders
    assert [each.draft.role for each in leaders.doors("boss")] == ["it_manager", "cfo"]
    assert [each.draft.role for each in leaders.doors("chief")] == ["cfo", "it_manager"]


def test_only_the_leader_of_the_rep_decides_and_only_about_what_was_pushed_aside(team) -> None:
    third_rep(team)
    one, book = pushed_aside(team), team.ws.coaching.commitments
    for who in ("lee", "kim", "nobody"):
        with writing_as(team, who) as coaching, pytest.raises(BadInput, match="manager or executive decides"):
            coaching.leaders.decide(one, "drop")
    open_one = book.add(book.draft_from_gap("B", "cfo"))
    with writing_as(team, "chief") as coaching:
        with pytest.raises(BadInput, match="not pushed aside"):
            coaching.leaders.decide(open_one.id, "drop")
        coaching.leaders.decide(one, "drop")


def test_what_was_taken_up_again_waits_for_no_decision(team) -> None:
    third_rep(team)
    pushed_aside(team)
    book = team.ws.coaching.commitments
    book.add(book.draft_from_gap("A", "it_manager"))
    assert team.ws.coaching.leaders.pushed_aside("boss").waiting == ()
