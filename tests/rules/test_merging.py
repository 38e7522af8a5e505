"""Two records of one person, and two accounts that are one company, become one; and that can be taken back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import BadInput, Workspace, init_workspace
from coverage_kit.cli import cli
from coverage_kit.measures import cleaned, commitment_states, efforts, movement, verifications
from coverage_kit.measures.movement import earned
from coverage_kit.measures.voices import voices
from coverage_kit.rules.merging import MOVED_LABELS
from coverage_kit.store import Change
from coverage_kit.store.entities import (
    ENTITIES,
    Account,
    Commitment,
    Consent,
    Employment,
    Note,
    Person,
    PlannedContact,
    Pursuit,
    Slot,
    Tie,
)
from tests.conftest import HandClock

pytestmark = pytest.mark.slow

NOON = 1_795_575_600_000  # 2026-11-25 12:00 in Seoul
DAY = 86_400_000


@pytest.fixture
def clock() -> HandClock:
    return HandClock(NOON)


@pytest.fixture
def ws(tmp_path: Path, clock: HandClock) -> Iterator[Workspace]:
    own = {"status": "active", "template_ids": '["general"]'}
    with init_workspace(tmp_path / "ws", actor="kim", clock=clock) as made:
        made.ledger.save(
            [
                Change("staff", "kim", {"name": "Kim", "login": "kim", "function": "rep"}),
                Change("staff", "park", {"name": "Park", "login": "park", "function": "rep"}),
                Change("account", "A", {"name": "Hanbit", "name_key": "hanbit", "owner_id": "kim", **own}),
                Change("account", "B", {"name": "Hanbit Co", "name_key": "hanbitco", "owner_id": "park", **own}),
            ]
        )
        clock.at += DAY
        yield made


def person(ws: Workspace, name: str) -> Person:
    return next(each for each in ws.ledger.as_of(Person) if each.name == name)


def job(ws: Workspace, name: str, account: str) -> Employment:
    own = {each.id for each in ws.ledger.as_of(Person) if each.name == name}
    return next(each for each in ws.ledger.as_of(Employment, account_id=account) if each.person_id in own)


def numbers(ws: Workspace, at: int | None = None) -> object:
    """What pages count at an instant."""
    until = ws.now() if at is None else at
    history = ws.history()
    slots = history.slots(until)
    held = slots.loc[slots["named"], ["account", "role", "holder", "rung"]].astype(str).values.tolist()
    return ws.status(as_of=until)["team"], held, ws.audit(as_of=until)["team"]


# People ------------------------------------------------------------------------------------------------------------


def test_the_job_of_a_duplicate_goes_on_under_the_one_that_stays(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("B", "cfo", holder="김민수", verified_on="2026-11-20", disposition="favorable")
    old = job(ws, "김민수", "B")
    keep, gone = person(ws, "Kim Minsu"), person(ws, "김민수")
    ws.merging.save("person", keep.id, gone.id)
    new = job(ws, "Kim Minsu", "B")
    assert (new.continues, new.person_id, new.end_kind) == (old.id, keep.id, None)
    assert ws.ledger.find(Slot, "B:cfo").employment_id == new.id
    assert ws.ledger.find(Slot, "B:cfo").disposition == "favorable"
    assert ws.ledger.history(Employment, old.id)[-1].end_kind == "merged"
    assert ws.ledger.find(Person, gone.id).merged_into == keep.id


def test_the_one_that_stays_gets_the_details_it_lacks_and_keeps_its_own(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("A", "cfo", holder="김민수", verified_on="2026-11-20")
    ws.edit_person("Kim Minsu", "A", phone="02-1", title="CEO")
    ws.edit_person("김민수", "A", phone="02-2", email="ms@hanbit.kr", title="대표이사", department="경영")
    ws.ledger.save([Change("person", person(ws, "김민수").id, {"opted_out_on": "2026-01-05"})])
    plan = ws.merging.preview("person", person(ws, "Kim Minsu").id, person(ws, "김민수").id)
    assert set(plan.differences) == {
        ("name", "Kim Minsu", "김민수"),
        ("phone", "02-1", "02-2"),
        ("title", "CEO", "대표이사"),
    }
    ws.merging.save("person", plan.keep, plan.gone)
    kept, there = person(ws, "Kim Minsu"), job(ws, "Kim Minsu", "A")
    assert (kept.phone, kept.email, kept.opted_out_on) == ("02-1", "ms@hanbit.kr", "2026-01-05")
    assert (there.title, there.department, there.verified_on) == ("CEO", "경영", "2026-11-20")
    assert [slot.employment_id for slot in ws.ledger.as_of(Slot)] == [there.id, there.id]
    assert len(ws.people("A")) == 1


def test_a_record_that_is_gone_and_one_that_is_there_are_asked_about(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("A", "cfo", holder="김민수")
    ws.end_employment("김민수", "A", kind="left", ended_on="2026-11-01")
    both = person(ws, "Kim Minsu").id, person(ws, "김민수").id
    assert [(each.id, each.keep, each.take) for each in ws.merging.preview("person", *both).questions] == [
        ("job:A", "there", "left 2026-11-01")
    ]
    with pytest.raises(BadInput, match="job:A"):
        ws.merging.save("person", *both)
    ws.merging.save("person", *both, choices={"job:A": "take"})
    assert (job(ws, "Kim Minsu", "A").end_kind, job(ws, "Kim Minsu", "A").ended_on) == ("left", "2026-11-01")


def test_what_names_the_duplicate_names_the_one_that_stays(ws: Workspace) -> None:
    for role, name in (("ceo", "Kim Minsu"), ("cfo", "김민수"), ("cio", "Boss")):
        ws.edit_slot("A", role, holder=name)
    ws.coaching.ties.add("김민수", "reports_to", "Boss", "A")
    ws.coaching.people.set_stage("김민수", "A", "ERP", "interest")
    ws.coaching.voices.add("김민수", "A", "complaint", "Too slow")
    ws.merging.save("person", "Kim Minsu", "김민수", at="A")
    there = job(ws, "Kim Minsu", "A")
    assert [(tie.from_employment, tie.kind) for tie in ws.ledger.as_of(Tie)] == [(there.id, "reports_to")]
    assert [(each.employment_id, each.stage) for each in ws.ledger.as_of(Pursuit)] == [(there.id, "interest")]
    assert [note.person_id for note in ws.ledger.as_of(Note, account_id="A")] == [there.person_id]
    assert ws.coaching.people.pursuits("A", person=there.person_id)


def test_the_id_of_a_duplicate_finds_the_one_that_stays(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("A", "cfo", holder="김민수")
    gone = person(ws, "김민수").id
    ws.merging.save("person", "Kim Minsu", "김민수", at="A")
    ws.edit_person(gone, "A", phone="02-7")
    assert person(ws, "Kim Minsu").phone == "02-7"
    with pytest.raises(BadInput, match="merged"):
        ws.merging.preview("person", gone, person(ws, "Kim Minsu").id)
    with pytest.raises(BadInput, match="same record"):
        ws.merging.preview("person", "Kim Minsu", "Kim Minsu", at="A")


# Accounts ----------------------------------------------------------------------------------------------------------


def test_the_people_and_positions_of_an_account_go_over(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    ws.edit_slot("B", "cfo", holder="Bob", verified_on="2026-11-20", representative="park", can_meet=True)
    ws.merging.save("account", "A", "B")
    slot = ws.ledger.find(Slot, "A:cfo")
    assert (slot.employment_id, slot.representative_id) == (job(ws, "Bob", "A").id, "park")
    closed = ws.ledger.find(Account, "B")
    assert (closed.status, closed.merged_into) == ("closed", "A")
    assert ws.status()["team"]["named"] == 2
    ws.edit_slot("B", "cio", holder="Cho Mina")  # the old account's key means the one that stays
    assert ws.ledger.find(Slot, "A:cio") is not None


def test_the_same_role_held_by_two_people_is_asked(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    ws.edit_slot("B", "ceo", holder="Bob")
    ws.edit_slot("A", "cfo", holder="Cho Mina")
    ws.edit_slot("B", "cfo", status="vacant")
    plan = ws.merging.preview("account", "A", "B")
    assert {(each.id, each.keep, each.take) for each in plan.questions} == {
        ("role:ceo", "Ann", "Bob"),
        ("role:cfo", "Cho Mina", "vacant"),
    }
    ws.merging.save("account", "A", "B", choices={"role:ceo": "take", "role:cfo": "keep"})
    assert ws.ledger.find(Slot, "A:ceo").employment_id == job(ws, "Bob", "A").id
    assert ws.ledger.find(Slot, "A:cfo").status == "open"
    assert set(ws.people("A")["name"]) == {"Ann", "Bob", "Cho Mina"}


def test_a_holder_who_left_gives_way_without_a_question(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Ann")
    ws.end_employment("Ann", "A", kind="left")
    ws.edit_slot("B", "ceo", holder="Bob")
    ws.merging.save("account", "A", "B")
    assert ws.ledger.find(Slot, "A:ceo").employment_id == job(ws, "Bob", "A").id


def test_holders_that_move_have_the_cause_account_changed_and_count_for_no_pace(
    ws: Workspace, clock: HandClock
) -> None:
    ws.edit_slot("A", "ceo", holder="Ann", verified_on="2026-11-01")
    ws.edit_slot("B", "cfo", holder="Bob", verified_on="2026-11-20", verified_how="call")
    ws.end_employment("Ann", "A", kind="retired", ended_on="2026-10-01")
    before = ws.now()
    clock.at += DAY
    ws.merging.save("account", "A", "B")
    history, now = ws.history(), ws.now()
    assert set(movement(history, before, now)["cause"]) == {"account_changed"}
    assert earned(history, before, now, 2) == 0
    assert verifications(history, before, now) == 0
    assert cleaned(history, before, now).empty
    assert set(efforts(history, now).loc[lambda f: f["at"] > before, "account_id"]) == set()


def test_a_departure_found_before_a_merge_is_neither_lost_nor_found_again(ws: Workspace, clock: HandClock) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    start = ws.now()
    ws.end_employment("Bob", "B", kind="left", ended_on="2026-10-01")
    found, ghosts = ws.now(), ws.audit()["team"]["ghost_days"]
    clock.at += 10 * DAY
    edit = ws.merging.save("account", "A", "B")
    merged = ws.now()
    clock.at += DAY
    ws.undo(edit.edit_id)
    history = ws.history()
    for instant in (found, merged, ws.now()):
        assert len(cleaned(history, start, instant)) == 1
        assert cleaned(history, found, instant).empty
        assert ws.audit(as_of=instant)["team"]["ghost_days"] == ghosts == 56


def test_open_commitments_stay_in_their_chain_and_are_not_carried(ws: Workspace) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    ws.end_employment("Bob", "B", kind="left")
    (old,) = ws.ledger.as_of(Commitment)
    ws.merging.save("account", "A", "B")
    (new,) = ws.ledger.as_of(Commitment)
    assert (new.chain_id, new.due_on, new.account_id) == (old.chain_id, old.due_on, "A")
    assert (new.owner_id, new.rep_id) == ("kim", "kim")
    assert new.scope == f"successor:{job(ws, 'Bob', 'A').id}"
    history = ws.history()
    states = commitment_states(history.frames["commitment"], ws.now(), history.day(ws.now()))
    assert states[["commitment", "carried"]].values.tolist() == [[new.id, 0]]


def test_a_voice_keeps_its_age(ws: Workspace, clock: HandClock) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    ws.coaching.voices.add("Bob", "B", "complaint", "Too slow")
    clock.at += 10 * DAY
    ws.merging.save("account", "A", "B")
    table = voices(ws.history(), ws.now())
    assert table[["account", "days"]].values.tolist() == [["A", 10]]
    (voice,) = ws.coaching.voices.find()
    assert (voice.days, voice.account) == (10, "A")


# Undo --------------------------------------------------------------------------------------------------------------


def test_a_merge_taken_back_closes_in_every_number_and_the_past_never_changed(ws: Workspace, clock: HandClock) -> None:
    ws.edit_slot("A", "ceo", holder="Ann", verified_on="2026-11-20", disposition="neutral")
    ws.edit_slot("B", "cfo", holder="Bob", verified_on="2026-11-10")
    ws.edit_slot("B", "ceo", holder="Ann Lee")
    before, past = ws.now(), numbers(ws)
    clock.at += DAY
    edit = ws.merging.save("account", "A", "B", choices={"role:ceo": "keep"})
    during, merged = ws.now(), numbers(ws)
    assert numbers(ws, before) == past
    clock.at += DAY
    ws.undo(edit.edit_id)
    team, held, audited = numbers(ws)
    assert (team, held, audited) == past
    assert numbers(ws, during) == merged
    assert set(movement(ws.history(), during, ws.now())["cause"]) == {"account_changed"}
    assert ws.merging.recent() == []


def test_a_merge_is_not_taken_back_once_something_it_moved_was_changed(ws: Workspace) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    edit = ws.merging.save("account", "A", "B")
    again = ws.edit_slot("A", "cfo", verified_on="2026-11-25", verified_how="call")
    with pytest.raises(BadInput, match=r"Bob.*Hanbit: cfo"):
        ws.undo(edit.edit_id)
    ws.undo(again.edit_id)
    ws.undo(edit.edit_id)
    assert ws.ledger.find(Account, "B").status == "active"


def test_the_same_merge_sent_twice_is_written_once(ws: Workspace) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    first = ws.merging.save("account", "A", "B", edit_id="ed_once")
    again = ws.merging.save("account", "A", "B", edit_id="ed_once")
    assert first.at == again.at
    assert [(each.keep, each.gone_name) for each in ws.merging.recent()] == [("A", "Hanbit Co")]


# Imports -----------------------------------------------------------------------------------------------------------

CONTACTS = "Contact ID,Full Name,Account ID,Account Name,Email,Phone,Title\n"
FIRST = "C1,Kim Minsu,A,Hanbit,ms@hanbit.kr,02-1,CEO\n"
SECOND = "C2,김민수,B,Hanbit Co,,02-2,대표\n"


def test_later_imports_follow_a_merge_and_its_rows_change_only_what_the_file_changed(
    ws: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text(CONTACTS + FIRST + SECOND, "utf-8-sig")
    assert ws.import_file("contacts", file).counts["added"] == 2
    ws.merging.save("account", "A", "B")
    ws.merging.save("person", "Kim Minsu", "김민수", at="A")
    assert ws.import_file("contacts", file).counts["unchanged"] == 2
    assert (person(ws, "Kim Minsu").phone, job(ws, "Kim Minsu", "A").title) == ("02-1", "CEO")
    for _ in range(2):
        file.write_text(CONTACTS + FIRST + SECOND.replace("02-2", "02-9"), "utf-8-sig")
        plan = ws.import_file("contacts", file)
        assert ([each.code for each in plan.problems], plan.counts["added"]) in ((["field.changed_here"], 0), ([], 0))
        assert person(ws, "Kim Minsu").phone == "02-1"
        assert len(ws.people("A")) == 1
    file.write_text(CONTACTS + FIRST + SECOND + "C3,김민수,B,Hanbit Co,new@hanbit.kr,02-1,대표\n", "utf-8-sig")
    ws.import_file("contacts", file, dry_run=True)
    assert [each.name for each in ws.ledger.as_of(Account) if each.status == "active"] == ["Hanbit"]


def test_the_row_of_a_merged_account_changes_nothing(ws: Workspace, tmp_path: Path) -> None:
    ws.merging.save("account", "A", "B")
    file = tmp_path / "accounts.csv"
    file.write_text("Account ID,Account Name,Owner\nA,Hanbit,kim\nB,Hanbit Co,park\n", "utf-8-sig")
    for _ in range(2):
        plan = ws.import_file("accounts", file)
        assert [problem.code for problem in plan.problems] == ["account.merged"]
    assert (ws.ledger.find(Account, "A").name, ws.ledger.find(Account, "B").status) == ("Hanbit", "closed")


# Candidates --------------------------------------------------------------------------------------------------------


def test_candidates_come_with_reasons_until_somebody_says_that_they_are_not_the_same(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("B", "cfo", holder="김민수")
    for name, account in (("Kim Minsu", "A"), ("김민수", "B")):
        ws.edit_person(name, account, email="ms.kim@hanbit.kr")
    ws.edit_slot("B", "cio", holder="이민수")
    (found,) = ws.merging.candidates("person")
    assert {found.one, found.other} == {person(ws, "Kim Minsu").id, person(ws, "김민수").id}
    assert [each.value for each in found.reasons] == ["email", "account", "sound"]
    assert ws.merging.candidates("person", account="B") == [found]
    (company,) = ws.merging.candidates("account")
    assert (company.one, company.other) == ("A", "B")
    assert "Hanbit" in ws.merging.names("person", [found.one])[found.one]
    ws.merging.not_same("person", found.other, found.one)
    assert ws.merging.candidates("person") == []
    ws.merging.maybe_same("person", found.one, found.other)
    ws.merging.save("person", found.one, found.other)
    assert ws.merging.candidates("person") == []


def test_the_commands_show_merge_and_take_back(ws: Workspace) -> None:
    ws.edit_slot("B", "cfo", holder="Bob")
    ws.edit_slot("A", "cfo", holder="Ann")

    def run(*words: str) -> str:
        done = CliRunner().invoke(cli, ["-w", str(ws.path), *words], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    shown = run("merge", "accounts", "A", "B", "--dry-run")
    assert "role:cfo" in shown
    assert json.loads(run("merge", "account", "A", "B", "--dry-run", "--json"))["questions"][0]["take"] == "Bob"
    assert ws.ledger.find(Account, "B").merged_into is None
    edit = json.loads(run("merge", "accounts", "A", "B", "--take", "role:cfo", "--json"))["edit_id"]
    assert ws.ledger.find(Account, "B").merged_into == "A"
    run("unmerge", edit)
    assert ws.ledger.find(Account, "B").merged_into is None
    assert json.loads(run("duplicates", "--json")) == []
    assert run("duplicates", "--accounts")


# Whatever names a person or an account -----------------------------------------------------------------------------


def test_a_planned_contact_goes_over_and_comes_back(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("B", "cfo", holder="김민수")
    ws.coaching.rhythm.plan("김민수", "B", "2026-12-01")
    keep, gone = person(ws, "Kim Minsu"), person(ws, "김민수")
    before = ws.ledger.as_of(PlannedContact)
    edit = ws.merging.save("person", keep.id, gone.id)
    (moved,) = ws.ledger.as_of(PlannedContact)
    assert (moved.person_id, moved.employment_id, moved.planned_on) == (
        keep.id,
        job(ws, "Kim Minsu", "B").id,
        "2026-12-01",
    )
    ws.merging.undo(edit.edit_id)
    assert [(each.id, each.person_id, each.planned_on) for each in ws.ledger.as_of(PlannedContact)] == [
        (each.id, each.person_id, each.planned_on) for each in before
    ]
    ws.merging.save("account", "A", "B")
    (moved,) = ws.ledger.as_of(PlannedContact)
    assert (moved.account_id, moved.person_id, moved.planned_on) == ("A", gone.id, "2026-12-01")


def test_consents_go_over_a_withdrawal_holds_and_both_come_back(ws: Workspace) -> None:
    ws.edit_slot("A", "ceo", holder="Kim Minsu")
    ws.edit_slot("B", "cfo", holder="김민수")
    campaigns = ws.coaching.campaigns
    campaigns.consent("Kim Minsu", "A", "email", "form at the fair")
    for scope in ("email", "text"):
        campaigns.consent("김민수", "B", scope, "contract")
    campaigns.withdraw("김민수", "B", "email")
    keep, gone = person(ws, "Kim Minsu"), person(ws, "김민수")

    def consents() -> list[tuple[str, str | None, bool]]:
        return sorted((row.id, row.source, row.withdrawn_on is not None) for row in ws.ledger.as_of(Consent))

    before = consents()
    edit = ws.merging.save("person", keep.id, gone.id)
    assert consents() == [(f"{keep.id}:email", "form at the fair", True), (f"{keep.id}:text", "contract", False)]
    ws.merging.undo(edit.edit_id)
    assert consents() == before


def test_a_merge_knows_every_entity_that_names_a_person_or_an_account(ws: Workspace) -> None:
    names = {"account_id", "person_id", "employment_id", "one_id"}
    asked = {name for name, one in ENTITIES.items() if names & set(one.naming)}
    # Jobs are moved themselves; marks, departures from paths and dates too, without being counted. Claims and events say what was; who is not
    # the same stays so.
    assert asked - MOVED_LABELS.keys() == {
        *("employment", "must_win", "planned_route", "source_dates", "claim", "event", "not_same")
    }
