"""A session can be left and taken up again, asks for the claim before it shows numbers, and ends in what was agreed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from coverage_kit import NotFound, open_workspace
from coverage_kit.coaching.sessions.sessions import Sessions
from coverage_kit.errors import BadInput
from coverage_kit.store import Change


def one(team):
    session = team.ws.coaching.sessions.start("kim")
    session.claim(share=0.6)
    return session


def test_an_hour_with_one_rep_from_the_claim_to_the_close(team) -> None:
    book = team.ws.coaching.commitments
    old = book.add(book.draft_from_gap("B", "cfo"))
    team.later(7)
    session = team.ws.coaching.sessions.start("kim")
    assert session.steps == ("claims", "promises", "accounts", "commitments", "read_back")
    with pytest.raises(BadInput, match="First the claim"):
        session.next()
    session.claim(share=0.62)
    assert session.next() == "promises"
    assert [c.id for c in session.earlier_commitments()] == [old.id]
    session.settle(old.id, "not_kept", reason="pushed_aside")
    assert [c.state for c in session.earlier_commitments()] == ["not_kept"]
    assert session.next() == "accounts"
    assert session.accounts() == ["A", "B"]
    with pytest.raises(BadInput, match="of the 12 positions at Company A"):
        session.open_account("A")
    session.claim(n=9, account="A")
    opened = session.open_account("A")
    assert (opened.claimed, opened.known, opened.required, len(opened.gaps)) == (9, 0, 12, 12)
    assert team.ws.coaching.rotation("kim")[["account", "days"]].fillna(-1).to_numpy().tolist() == [["B", -1], ["A", 0]]
    made = session.add(session.draft("A", "ceo"))
    assert [c.id for c in session.read_back()] == [made.id]
    with pytest.raises(BadInput, match="agree"):
        session.close(minutes=False)
    session.agree()
    session.close(minutes=False)
    with pytest.raises(BadInput, match="closed"):
        session.next()


def test_a_session_is_taken_up_where_it_was_left_with_the_same_accounts(team) -> None:
    session = one(team)
    session.next(), session.next()
    session.claim(n=3, account="B")
    session.open_account("B")
    chosen = session.accounts()
    team.ws.edit_slot("A", "ceo", holder="Ann", verified_on=team.day, verified_how="call")
    again = team.ws.coaching.sessions.start("kim")
    assert (again.id, again.step, again.accounts(), again.opened()) == (session.id, "accounts", chosen, ["B"])
    assert again.back() == "promises"
    assert team.ws.coaching.sessions.resume(session.id).step == "promises"
    assert [s.id for s in team.ws.coaching.sessions.open()] == [session.id]


def test_undo_takes_the_last_act_back(team) -> None:
    session = one(team)
    made = session.add(session.draft("A", "ceo"))
    assert session.undo() is not None
    assert session.read_back() == []
    session.undo()
    assert not session.revealed
    assert made.id


def test_a_claim_stays_as_it_was_said(team) -> None:
    session = one(team)
    for wrong in ({"share": 0.9}, {"share": 2.0}, {"n": 3}, {}):
        with pytest.raises(BadInput):
            session.claim(**wrong)
    assert session.claims() == {"kim": 0.6}


def test_the_whole_is_claimed_once_a_quarter(team) -> None:
    session = one(team)
    session.close(minutes=False)
    team.later(7)
    assert team.ws.coaching.sessions.start("kim").steps[0] == "promises"
    team.later(63)
    assert team.ws.coaching.sessions.start("kim").steps[0] == "claims"


def test_claims_of_a_group_are_sealed_until_the_last_one(team) -> None:
    session = team.ws.coaching.sessions.start(["kim", "park"], kind="group")
    session.claim(share=0.7, rep="kim")
    assert (session.claimed(), session.claims(), session.revealed) == (["kim"], {"kim": None, "park": None}, False)
    with pytest.raises(BadInput):
        session.next()
    session.claim(share=0.1, rep="park")
    assert session.claims() == {"kim": 0.7, "park": 0.1}
    assert session.next() == "round"
    session.add_round("kim", done="met the plant manager", stuck="nobody answers at B")
    assert session.round_notes() == {
        "kim": {"done": "met the plant manager", "stuck": "nobody answers at B"},
        "park": {},
    }


def test_a_group_looks_at_one_role_in_which_all_are_blind_and_at_who_found_theirs(team) -> None:
    for account in "ABC":
        for role in ("ceo", "cfo"):
            team.ws.edit_slot(account, role, holder=f"{account} {role}", verified_on=team.day, verified_how="meeting")
    session = team.ws.coaching.sessions.start(["park", "kim"], kind="group")
    nobody = session.blind_role()
    assert (nobody.role, nobody.title, nobody.found) == ("cio", "CIO", ())
    assert [(each.rep, each.account) for each in nobody.missing] == [("kim", "A"), ("park", "C")]
    for role in ("cio", "it_manager"):
        team.ws.edit_slot("C", role, holder=f"C {role}", verified_on=team.day, verified_how="call")
    team.ws.edit_slot("A", "it_manager", holder="A IT", verified_on=team.day, verified_how="call")
    learned = session.blind_role()
    assert (learned.role, [each.rep for each in learned.found]) == ("cio", ["park"]), "somebody can say how"
    assert [(each.rep, each.account) for each in learned.missing] == [("kim", "A")]
    assert session.blind_role("cso").title == "Head of safety and environment"
    assert session.blind_role("no such role").role == "cio"
    for role in ("it_staff", "management_manager", "cso", "general_affairs_manager", "finance_manager"):
        team.ws.edit_slot("A", role, holder=f"A {role}", verified_on=team.day, verified_how="call")
    for role in ("purchasing_manager", "purchasing_staff", "rnd_head"):
        team.ws.edit_slot("B", role, holder=f"B {role}", verified_on=team.day, verified_how="call")
    blind = session.blind_role()
    assert (blind.role, [(each.rep, each.account, each.verified_how) for each in blind.found]) == (
        "cio",
        [("park", "C", "call")],
    )


def in_sweep(team):
    """A group at its sweep: kim has four people to check at A and B, park none."""
    ws = team.ws
    for account, role, holder in (("B", "ceo", "Ann"), ("A", "ceo", "Bo"), ("A", "cfo", "Bo"), ("A", "cio", "Cy")):
        ws.edit_slot(account, role, holder=holder)
    team.later(-170)
    ws.edit_slot("A", "cso", holder="Di", verified_on=team.day, verified_how="meeting")
    team.later(170)
    session = ws.coaching.sessions.start(["kim", "park"], kind="group")
    for rep in ("kim", "park"):
        session.claim(share=0.5, rep=rep)
    while session.step != "sweep":
        session.next()
    return session


def states(session) -> dict[str, str | None]:
    return {due.holder: due.state for due in session.sweep("kim")}


def person_of(session, holder: str) -> tuple[str, str]:
    return next((due.account, due.person) for due in session.sweep("kim") if due.holder == holder)


def test_a_sweep_is_about_whose_check_is_due_and_stays_about_them(team) -> None:
    session = in_sweep(team)
    listed = session.sweep("kim")
    assert [(due.holder, due.roles, due.phone) for due in listed] == [
        ("Di", ("cso",), None),
        ("Bo", ("ceo", "cfo"), None),
        ("Cy", ("cio",), None),
        ("Ann", ("ceo",), None),
    ]
    assert session.sweep("park") == []
    session.check("kim", *person_of(session, "Bo"), "still", how="meeting")
    assert states(session) == {"Di": None, "Bo": "still", "Cy": None, "Ann": None}
    assert team.ws.status(rep="kim")["reps"][0]["known"] == 3
    again = team.ws.coaching.sessions.resume(session.id)
    again.back()
    again.next()
    assert states(again) == states(session)


def test_each_line_of_a_sweep_is_taken_back_by_itself(team) -> None:
    session = in_sweep(team)
    session.check("kim", *person_of(session, "Bo"), "left", on=team.day.isoformat())
    session.check("kim", *person_of(session, "Cy"), "role_changed", on=team.day.isoformat(), title="Adviser")
    session.check("kim", *person_of(session, "Di"), "tried")
    session.check("kim", *person_of(session, "Ann"), "still")
    assert states(session) == {"Di": "tried", "Bo": "left", "Cy": "role_changed", "Ann": "still"}
    assert [c.role for c in team.ws.coaching.commitments.find()] == ["ceo"], "a successor is to be found"
    edits = {due.holder: due.edit for due in session.sweep("kim")}
    undone = [team.ws.undo(edits[holder]) for holder in ("Bo", "Di", "Cy", "Ann")]
    assert set(states(session).values()) == {None}
    assert team.ws.coaching.commitments.find() == []
    team.ws.undo(undone[-1].edit_id)
    assert states(session)["Ann"] == "still"


def test_a_sweep_shows_what_the_reps_wrote_themselves_and_refuses_what_cannot_be(team) -> None:
    session = in_sweep(team)
    account, person = person_of(session, "Cy")
    team.ws.coaching.people.confirm(person, account, how="reply")
    assert states(session)["Cy"] == "still"
    for wrong in (
        {"state": "vanished"},
        {"state": "role_changed", "on": "2030-01-01"},
        {"state": "left", "on": "soon"},
    ):
        with pytest.raises(BadInput):
            session.check("kim", account, person, **wrong)
    assert states(session)["Cy"] == "still"


def test_the_first_session_goes_through_the_biggest_accounts_contacts_and_the_counter_falls(team) -> None:
    ws = team.ws
    for n, role in enumerate(("ceo", "cfo", "cio", "rnd_head")):
        ws.edit_slot("A", role, holder=f"P{n}", **({"verified_on": team.day, "verified_how": "call"} if n else {}))
    session = ws.coaching.sessions.start("kim", kind="first")
    with pytest.raises(BadInput, match="First the claim"):
        session.contacts()
    session.claim(share=0.7)
    session.next()
    listed = session.contacts()
    assert (listed.account, listed.total, listed.left) == ("A", 4, 4)
    before = ws.status(rep="kim")["reps"][0]["named"]
    ids = {each.name: each.person for each in listed.people}
    session.mark(ids["P0"], "still")
    assert (session.contacts().still, ws.status(rep="kim")["reps"][0]["known"]) == (1, 3)
    session.mark(ids["P0"], "still", how="meeting")
    for name, state in (("P1", "left"), ("P2", "role_changed"), ("P3", "unsure")):
        session.mark(ids[name], state)
    listed = session.contacts()
    assert (listed.still, listed.gone, listed.changed, listed.unsure, listed.left) == (1, 1, 1, 1, 0)
    scope = ws.status(rep="kim")["reps"][0]
    assert (before, scope["named"], scope["known"]) == (4, 2, 2)
    session.undo()
    assert session.contacts().left == 1
    session.undo()
    assert ws.status(rep="kim")["reps"][0]["named"] == 3
    assert [c.role for c in ws.coaching.commitments.find()] == ["cfo"]


def test_what_a_session_asks_of_a_manager_is_visible_to_them_once_the_rep_agrees(team) -> None:
    team.ws.edit_slot("A", "ceo", holder="Ann", verified_on=team.day, verified_how="call")
    session = one(team)
    made = session.add(session.draft("A", "ceo"))
    book = team.ws.coaching.commitments
    assert (made.owner, made.visible) == ("boss", False)
    assert book.find(owner="boss") == []
    session.agree()
    assert [c.id for c in book.find(owner="boss")] == [made.id]


@pytest.mark.parametrize("coaches", [("lee", "lee"), ("lee", "boss")])
def test_two_pages_that_start_the_same_session_at_once_share_it(
    team, monkeypatch: pytest.MonkeyPatch, coaches: tuple[str, str]
) -> None:
    both, prepare = Barrier(2), Sessions._prepared

    def prepared(self, kind, rep, body):
        if rep == "kim":
            both.wait(timeout=30)  # both have looked for an open session, and found none
        return prepare(self, kind, rep, body)

    def start(coach: str) -> str:
        with open_workspace(team.ws.path, actor=coach, clock=team.clock) as ws:
            return ws.coaching.sessions.start(["kim", "park"], kind="group").id

    monkeypatch.setattr(Sessions, "_prepared", prepared)
    with ThreadPoolExecutor(2) as pool:
        assert len(set(pool.map(start, coaches))) == 1
    assert len(team.ws.coaching.sessions.open()) == 1


def test_a_session_started_again_after_its_end_is_another_one_and_a_start_sent_twice_is_not(team) -> None:
    sessions = team.ws.coaching.sessions
    first = sessions.start(["kim", "park"], kind="group", edit_id="ed_first")
    first.close(minutes=False)
    assert sessions.start(["kim", "park"], kind="group", edit_id="ed_first").id == first.id
    assert sessions.start(["kim", "park"], kind="group", edit_id="ed_second").id != first.id


def test_a_first_session_of_a_group_goes_through_an_account_of_each_reps_choice(team) -> None:
    ws = team.ws
    for name, account in (("Ann Lee", "A"), ("Bo Han", "B"), ("Eve Song", "B"), ("Cho Park", "C")):
        ws.edit_slot(account, "ceo" if name != "Eve Song" else "cfo", holder=name)
    dates = {"account_id": "B", "source": "crm", "updated_on": "2024-12-20", "added_on": "2025-01-03"}
    ws.ledger.save([Change("source_dates", "B:crm", dates, base=0)])
    session = ws.coaching.sessions.start(["kim", "park"], kind="first")
    assert session.steps == ("claims", "contacts", "commitments", "read_back")
    session.claim(share=0.5, rep="kim")
    assert session.claims() == {"kim": None, "park": None}
    session.claim(share=0.2, rep="park")
    assert session.next() == "contacts"
    assert (session.contacts("kim").account, session.contacts("park").account) == ("A", "C")
    found = {each.account: each for each in session.account_choices("kim")}
    assert (found["B"].contacts, found["B"].updated_days, found["B"].added_days) == (2, 703, 689)
    assert (found["A"].chosen, found["B"].chosen, found["A"].updated_days) == (True, False, None)
    session.choose_account("B", "kim")
    assert [each.name for each in session.contacts("kim").people] == ["Bo Han", "Eve Song"]
    session.mark(session.contacts("kim").people[0].person, "left", "kim")
    assert ws.coaching.sessions.resume(session.id).contacts("kim").left == 1
    with pytest.raises(BadInput, match="not one of"):
        session.choose_account("C", "kim")
    # Any account of the rep, by a part of its name.
    session.choose_account("pany a", "kim")
    assert session.contacts("kim").account == "A"
    with pytest.raises(BadInput, match="Company A, Company B"):
        session.choose_account("company", "kim")
    with pytest.raises(NotFound):
        session.choose_account("no such", "kim")


def test_the_account_choices_are_the_largest_by_value_and_by_contacts(team) -> None:
    ws = team.ws
    own = {"status": "active", "template_ids": '["general"]', "focus": 0, "owner_id": "kim"}
    ws.ledger.save(
        [
            Change("account", f"S{n}", {"name": f"Site {n}", "name_key": f"site{n}", "value": 10.0 + n, **own}, base=0)
            for n in range(6)
        ]
    )
    ws.edit_slot("S0", "ceo", holder="Ann Lee")
    session = ws.coaching.sessions.start("kim", kind="first")
    offered = [each.account for each in session.account_choices()]
    assert offered[:5] == ["A", "B", "S5", "S4", "S3"]
    assert "S0" in offered
    assert "S2" in offered or len(offered) <= 10


def test_an_account_is_claimed_once_a_quarter(team) -> None:
    session = one(team)
    session.claim(n=3, account="A")
    session.close(minutes=False)
    team.later(7)
    week = team.ws.coaching.sessions.start("kim")
    assert week.open_account("A").claimed == 3
    with pytest.raises(BadInput, match="already made"):
        week.claim(n=4, account="A")
    week.close(minutes=False)
    team.later(60)
    quarter = team.ws.coaching.sessions.start("kim")
    quarter.claim(share=0.5)
    with pytest.raises(BadInput, match="First the claim"):
        quarter.open_account("A")
