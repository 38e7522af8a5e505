"""What is promised: in one sentence, settled with one key, counted for good, answered by those above."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from coverage_kit.coaching import Draft
from coverage_kit.coaching.commitments.draft import say, say_task
from coverage_kit.domain.coaching import CommitmentKind
from coverage_kit.errors import BadInput, Conflict
from coverage_kit.i18n import texts
from coverage_kit.measures import calibration, commitments
from coverage_kit.store import Change


def slot(team, account: str = "A", role: str = "cfo", **fields) -> None:
    team.ws.edit_slot(account, role, **fields)


def checked(team) -> dict:
    return {"verified_on": team.day, "verified_how": "call"}


def test_the_kind_follows_from_what_the_slot_lacks_next(team) -> None:
    found = []
    for fields in (
        {},
        {"holder": "Ann Lee"},
        checked(team),
        {"representative": "kim", "can_meet": True, "can_deliver": True},
        {"disposition": "negative"},
        {"disposition": "favorable"},
    ):
        if fields:
            slot(team, **fields)
        found.append(team.ws.coaching.commitments.draft_from_gap("A", "cfo").kind.value)
    assert found == ["identify", "verify", "open_path", "assess", "persuade", "understand"]
    team.ws.coaching.people.set_need("Ann Lee", "A", "a payback date the board accepts")
    assert team.ws.coaching.commitments.draft_from_gap("A", "cfo").kind is CommitmentKind.KEEP


def test_a_draft_says_who_by_when_to_whom_and_what(team) -> None:
    slot(team, role="it_manager", holder="Ann Lee")
    book = team.ws.coaching.commitments
    draft = book.draft_from_gap("A", "it_manager")
    assert (draft.owner, draft.rep, draft.due_on, draft.expected_rung) == ("kim", "kim", date(2026, 11, 30), 2)
    assert draft.playbook == "verify_manager_courtesy_call"
    assert book.sentence(draft) == "Kim, by 30 Nov: check that Ann Lee is still IT manager at Company A"
    assert book.add(draft).sentence == book.sentence(draft)


def test_the_door_of_an_executive_is_asked_of_the_manager_and_due_days_are_working_days(team) -> None:
    slot(team, holder="Ann Lee", **checked(team))
    team.on(date(2026, 11, 28))
    draft = team.ws.coaching.commitments.draft_from_gap("A", "cfo")
    assert (draft.kind.value, draft.owner) == ("open_path", "boss")
    assert draft.due_on == date(2026, 12, 11)


def test_not_kept_needs_one_of_five_reasons_and_words_are_checked(team) -> None:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap("A", "cfo"))
    for wrong in ({"outcome": "not_kept"}, {"outcome": "not_kept", "reason": "lazy"}, {"outcome": "done"}):
        with pytest.raises(BadInput):
            book.settle(made.id, **wrong)
    book.settle(made.id, "not_kept", reason="pushed_aside", note="quarter end")
    settled = book.get(made.id)
    assert (settled.state, settled.reason.value, settled.outcome_note, settled.carried) == ("not_kept", "pushed_aside", "quarter end", 1)  # fmt: skip


def test_a_line_beside_a_promise_says_what_it_is_to_bring_and_then_how_it_went(team) -> None:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap("A", "cfo"))
    book.note(made.id, " a payback date ")
    assert (book.get(made.id).value, book.get(made.id).outcome_note) == ("a payback date", None)
    assert book.note(made.id, "a payback date").unchanged
    book.settle(made.id, "not_kept", reason="pushed_aside")
    edit = book.note(made.id, "quarter end")
    ended = book.get(made.id)
    assert (ended.value, ended.outcome_note, ended.reason.value, ended.carried) == ("a payback date", "quarter end", "pushed_aside", 1)  # fmt: skip
    team.ws.undo(edit.edit_id)
    assert book.get(made.id).outcome_note is None
    book.note(made.id, "quarter end")
    book.note(made.id, "")
    assert book.get(made.id).outcome_note is None


def test_carry_over_survives_undo_and_making_it_anew(team) -> None:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap("A", "cfo"))
    moved = book.carry(made.id, made.due_on + timedelta(days=7))
    assert book.get(made.id).carried == 1
    team.ws.undo(moved.edit_id)
    assert book.get(made.id).carried == 1
    book.settle(made.id, "not_kept", reason="need_help")
    again = book.add(book.draft_from_gap("A", "cfo"))
    assert (again.chain, again.carried) == (made.chain, 2)


def test_kept_and_moved_ends_the_chain_and_kept_without_movement_is_shown_as_such(team) -> None:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap("A", "cfo"))
    book.settle(made.id, "kept")
    assert book.get(made.id).moved is False
    assert book.add(book.draft_from_gap("A", "cfo")).chain == made.chain
    slot(team, holder="Ann Lee")
    assert book.get(made.id).moved is True
    fresh = book.add(book.draft_from_gap("A", "cfo", kind="identify"))
    assert fresh.chain == made.chain  # the one in between is still open
    book.settle(fresh.id, "kept")
    assert book.add(book.draft_from_gap("A", "cfo", kind="identify")).chain != made.chain


def test_a_sixth_new_one_of_a_rep_in_a_week_has_to_be_confirmed(team) -> None:
    book = team.ws.coaching.commitments
    roles = ("ceo", "cfo", "cio", "rnd_head", "it_manager", "finance_manager")
    for role in roles[:5]:
        book.add(book.draft_from_gap("A", role))
    with pytest.raises(BadInput, match="5 new commitments"):
        book.add(book.draft_from_gap("B", roles[5]))
    assert book.add(book.draft_from_gap("C", roles[5])).rep == "park"
    assert book.add(book.draft_from_gap("B", roles[5]), confirmed=True).rep == "kim"
    team.later(7)
    assert book.add(book.draft_from_gap("B", "ceo")).state == "open"


def test_the_same_edit_again_adds_nothing(team) -> None:
    book = team.ws.coaching.commitments
    draft = book.draft_from_gap("A", "cfo")
    first, second = (book.add(draft, edit_id="ed_abc") for _ in range(2))
    assert first.id == second.id
    assert len(book.find()) == 1


def test_a_manager_accepts_with_a_day_hands_on_or_declines_with_a_reason(team) -> None:
    book = team.ws.coaching.commitments
    asked = book.add(book.draft_help("kim", "boss", action="Introduce our head of service", scope="stall:kim"))
    assert (asked.needs_answer, asked.climbs_to, asked.climbs_on) == (True, "chief", asked.due_on + timedelta(days=1))
    assert asked.sentence == "Boss, by 30 Nov: Introduce our head of service"
    book.accept(asked.id, date(2026, 12, 4))
    taken = book.get(asked.id)
    assert (taken.needs_answer, taken.due_on, taken.carried) == (False, date(2026, 12, 4), 0)
    book.carry(asked.id, date(2026, 12, 11))
    assert book.get(asked.id).carried == 1
    book.hand_on(asked.id, "chief")
    assert (book.get(asked.id).owner, book.get(asked.id).needs_answer) == ("chief", True)
    with pytest.raises(BadInput, match="reason"):
        book.decline(asked.id, " ")
    book.decline(asked.id, "the account is being sold")
    ended = book.get(asked.id)
    assert (ended.state, ended.answer.value, ended.outcome_note) == ("withdrawn", "declined", "the account is being sold")  # fmt: skip
    with pytest.raises(BadInput, match="settled"):
        book.accept(asked.id)


def test_what_is_not_answered_climbs_once_past_due_and_stays_in_its_chain(team) -> None:
    book = team.ws.coaching.commitments
    asked = book.add(book.draft_help("kim", "boss", action="Open the door", scope="door:A"))
    team.on(asked.due_on)
    assert book.climb() == []
    team.later(1)
    climbed = book.climb()
    assert [(c.id, c.owner, c.chain, c.carried) for c in climbed] == [(asked.id, "chief", asked.chain, 1)]
    assert climbed[0].climbs_to is None
    team.later(30)
    assert book.climb() == []
    assert book.get(asked.id).state == "overdue"


def test_lists_by_owner_rep_and_due_day(team) -> None:
    book = team.ws.coaching.commitments
    for account, role in (("A", "cfo"), ("B", "cfo"), ("C", "it_manager")):
        book.add(book.draft_from_gap(account, role))
    book.add(replace(book.draft_from_gap("A", "ceo"), owner="boss", due_on=date(2026, 12, 20)))
    assert {c.account for c in book.find(rep="kim")} == {"A", "B"}
    assert [c.role for c in book.find(owner="boss")] == ["ceo"]
    assert len(book.find(due_by=team.ws.coaching.commitments.find()[0].due_on)) == 3


def test_two_who_settle_at_once_are_asked(team) -> None:
    book = team.ws.coaching.commitments
    made = book.add(book.draft_from_gap("A", "cfo"))
    book.settle(made.id, "kept", base=made.version)
    with pytest.raises(Conflict):
        book.settle(made.id, "not_kept", reason="not_there", base=made.version)


def test_a_departure_raises_one_commitment_and_undo_takes_both_back(team) -> None:
    for role in ("cio", "ceo"):
        slot(team, role=role, holder="Ann Lee", **checked(team))
    team.ws.edit_slot("A", "cfo", holder="Bob")
    book = team.ws.coaching.commitments
    gone = team.ws.end_employment("Ann Lee", "A", kind="left")
    [raised] = book.find()
    assert (raised.role, raised.owner, raised.kind.value) == ("ceo", "kim", "identify")
    assert raised.sentence == "Kim, by 7 Dec: find out who follows Ann Lee as CEO at Company A"
    team.ws.undo(gone.edit_id)
    assert book.find() == []
    assert team.ws.status()["team"]["known"] == 2
    team.ws.end_employment("Ann Lee", "A", kind="retired")
    team.ws.end_employment("Bob", "A", kind="left")
    assert len(book.find()) == 2


def test_accounts_handed_over_take_their_open_commitments_along(team) -> None:
    book = team.ws.coaching.commitments
    own = book.add(book.draft_from_gap("A", "cfo"))
    book.carry(own.id, own.due_on + timedelta(days=3))
    asked = book.add(replace(book.draft_from_gap("A", "ceo"), owner="boss"))
    done = book.add(book.draft_from_gap("A", "cio"))
    book.settle(done.id, "kept")
    team.ws.assign(["A"], "park")
    assert (book.get(own.id).owner, book.get(own.id).carried) == ("park", 1)
    assert (book.get(asked.id).owner, book.get(asked.id).rep) == ("boss", "park")
    assert book.get(done.id).owner == "kim"


def test_a_file_that_gives_an_account_another_owner_hands_its_commitments_over(team, tmp_path) -> None:
    book = team.ws.coaching.commitments
    own = book.add(book.draft_from_gap("A", "cfo"))
    path = tmp_path / "accounts.csv"
    path.write_text("key,name,owner\nA,Company A,park\n")
    plan = team.ws.import_file("accounts", path)
    assert plan.counts["changed"] == 1
    assert (book.get(own.id).owner, book.get(own.id).rep) == ("park", "park")
    team.ws.undo(plan.counts["edit_id"])
    assert (book.get(own.id).owner, book.get(own.id).rep) == ("kim", "kim")


def test_a_day_that_has_passed_is_refused(team) -> None:
    book = team.ws.coaching.commitments
    with pytest.raises(BadInput, match="has passed"):
        book.add(Draft(CommitmentKind.KEEP, "kim", team.day - timedelta(days=1), account="A", role="ceo", rep="kim"))


def test_stalls_and_closed_doors_are_proposed_to_the_manager_once(team) -> None:
    book = team.ws.coaching.commitments
    slot(team, holder="Ann Lee", **checked(team))
    team.later(28)
    proposed = book.draft_for_leaders()
    assert [(d.owner, d.rep, d.scope, d.role) for d in proposed] == [
        ("boss", "kim", "stall:kim", None),
        ("boss", "park", "stall:park", None),
        ("boss", "kim", None, "cfo"),
    ]
    assert book.sentence(proposed[2]) == "Boss, by 4 Jan: open a path to Ann Lee (Company A, CFO)"
    for draft in proposed[1:]:
        book.add(draft)
    assert [d.scope for d in book.draft_for_leaders()] == ["stall:kim"]


def test_what_is_promised_or_claimed_is_told_by_name_whoever_owns_the_account_and_when_it_is_closed(team) -> None:
    ws, book = team.ws, team.ws.coaching.commitments
    book.add(book.draft_from_gap("A", "ceo"))
    book.add(replace(book.draft_from_gap("C", "ceo"), owner="kim"))
    session = ws.coaching.sessions.start("kim")
    session.claim(share=0.5)
    session.claim(n=3, account="C")
    ws.ledger.save([Change("account", "A", {"status": "closed"})])
    now = ws.now()
    history = ws.history(rep="kim", until=now)
    assert sorted(commitments(history, now)["account_name"]) == ["Company A", "Company C"]
    told = calibration(history, now, rep="kim").set_index("account_name")
    assert told.loc["Company C", ["account", "required"]].tolist() == ["C", 0]
    due = [entry.account_name for entry in ws.coaching.agenda("kim") if entry.commitment]
    assert sorted(due) == ["Company A", "Company C"]


def test_a_person_is_called_님_once_in_korean() -> None:
    t = texts("ko")
    names = {"account": "한결유통", "role": "구매 팀장", "holder": "서라희 부장님"}
    for kind in CommitmentKind:
        sentence = say(t, date(2026, 11, 30), owner="김지혜", task=say_task(t, kind, **names))
        assert sentence.count("님") == sentence.count("부장님"), sentence
