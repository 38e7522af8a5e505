"""The contract of the ledger, on SQLite and PostgreSQL alike."""

from __future__ import annotations

from threading import Thread

import pytest
from sqlalchemy import text

from coverage_kit.errors import BadInput, Conflict, StoreError
from coverage_kit.store import Change, Ledger
from coverage_kit.store.engines import store_errors
from coverage_kit.store.entities import Account, Person, Slot


def run(ledger: Ledger, statement: str) -> None:
    with store_errors("it"), ledger.engine.connect() as connection:
        connection.execute(text(statement))
        connection.commit()


def account(key: str = "A", base: int | None = None, **fields: object) -> Change:
    return Change("account", key, fields, base)


def test_versions_rise_and_the_last_one_is_the_present(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    edit = ledger.save([account(name="Beta")])
    assert edit.versions == {"account": {"A": 2}}
    assert [row.name for row in ledger.history(Account, "A")] == ["Alpha", "Beta"]
    assert [row.name for row in ledger.as_of(Account)] == ["Beta"]


def test_an_edit_that_changes_nothing_writes_nothing(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    edit = ledger.save([account(name="Alpha")])
    assert edit.unchanged
    assert len(ledger.history(Account, "A")) == 1


def test_different_fields_merge_by_themselves(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha", region="Seoul")])
    ledger.save([account(name="Beta", base=1)])
    ledger.save([account(region="Busan", base=1)])
    row = ledger.as_of(Account)[0]
    assert (row.name, row.region, row.version) == ("Beta", "Busan", 3)


@pytest.mark.parametrize(("key", "newest"), [("A", 2), ("new", 0)])
def test_a_version_that_nobody_can_have_seen_is_refused(ledger: Ledger, key: str, newest: int) -> None:
    ledger.save([account(name="Alpha")])
    ledger.save([account(name="Beta", base=1)])
    with pytest.raises(BadInput, match="version 3 as seen") as caught:
        ledger.save([account("B", name="Other"), account(key, name="Gamma", base=3)])
    assert (caught.value.code, caught.value.values["newest"]) == ("edit.base_ahead", newest)
    assert [row.name for row in ledger.as_of(Account)] == ["Beta"]
    assert ledger.save([account(name="Gamma", base=2)]).versions == {"account": {"A": 3}}


def test_the_same_field_asks_and_the_losing_text_is_kept(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    ledger.save([account(name="Beta", base=1)])
    with pytest.raises(Conflict) as caught:
        ledger.save([account(name="Gamma", region="Jeju", base=1)])
    assert caught.value.values["fields"] == {"name": ("Alpha", "Gamma", "Beta")}
    (lost,) = ledger.losing("account", "A")
    assert (lost.actor, lost.changes) == (ledger.actor, [Change("account", "A", {"name": "Gamma", "region": "Jeju"})])
    assert ledger.losing("account", "B") == []
    assert ledger.as_of(Account)[0].name == "Beta"


def test_losing_edits_of_one_instant_keep_their_order(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    ledger.save([account(name="Beta", base=1)])
    names = [f"Gamma {n}" for n in range(6)]
    for name in names:
        with pytest.raises(Conflict):
            ledger.save([account(name=name, base=1)])
    assert [lost.changes[0].fields["name"] for lost in ledger.losing("account", "A")] == names


def test_what_the_losing_edit_names_is_kept_with_it_and_nothing_else(ledger: Ledger) -> None:
    slot = {"account_id": "A", "role": "ceo"}
    ledger.save([Change("slot", "A:ceo", slot, base=0)])
    ledger.save([Change("slot", "A:ceo", {"grounds_note": "no_1", "employment_id": "em_1"}, base=1)])
    mine = [
        Change("note", "no_2", {"body": "heard it myself"}, base=0),
        Change("person", "pe_2", {"name": "Bo"}, base=0),
        Change("employment", "em_2", {"person_id": "pe_2", "account_id": "A"}, base=0),
        Change("note", "no_3", {"body": "of something else"}, base=0),
        Change("slot", "A:ceo", {"grounds_note": "no_2", "employment_id": "em_2"}, base=1),
    ]
    with pytest.raises(Conflict):
        ledger.save(mine)
    (lost,) = ledger.losing("slot", "A:ceo")
    assert lost.changes[0].entity == "slot"
    assert {each.id: dict(each.fields) for each in lost.changes} == {
        each.id: dict(each.fields) for each in mine if each.id != "no_3"
    }


def test_a_conflict_in_one_thing_writes_none_of_the_edit(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    ledger.save([account(name="Beta", base=1)])
    with pytest.raises(Conflict):
        ledger.save([account("B", name="New"), account(name="Gamma", base=1)])
    assert ledger.history(Account, "B") == []


def test_the_same_edit_sent_again_is_written_once(ledger: Ledger) -> None:
    first = ledger.save([account(name="Alpha")], edit_id="ed_1")
    again = ledger.save([account(name="Alpha")], edit_id="ed_1")
    assert (again.at, again.versions) == (first.at, first.versions)
    assert len(ledger.history(Account, "A")) == 1


def test_an_edit_id_used_for_another_change_is_refused(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")], edit_id="ed_1")
    with pytest.raises(BadInput, match="ed_1"):
        ledger.save([Change("person", "pe_1", {"name": "Ann", "name_key": "ann"})], edit_id="ed_1")
    assert ledger.as_of(Person) == []
    assert ledger.as_of(Account)[0].name == "Alpha"


@pytest.mark.slow
def test_undo_brings_the_fields_back_and_can_be_undone(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha", region="Seoul")])
    edit = ledger.save([account(name="Beta")])
    ledger.save([account(region="Busan")])
    back = ledger.undo(edit.edit_id)
    assert [(r.name, r.region) for r in ledger.as_of(Account)] == [("Alpha", "Busan")]
    ledger.undo(back.edit_id)
    assert ledger.as_of(Account)[0].name == "Beta"


@pytest.mark.slow
def test_undo_of_a_creation_takes_the_thing_out_and_undo_again_brings_it_back(ledger: Ledger) -> None:
    edit = ledger.save([account(name="Alpha")])
    back = ledger.undo(edit.edit_id)
    assert ledger.as_of(Account) == []
    ledger.undo(back.edit_id)
    assert ledger.as_of(Account)[0].name == "Alpha"


def test_undo_of_what_was_changed_since_is_a_conflict(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    edit = ledger.save([account(name="Beta")])
    ledger.save([account(name="Gamma")])
    with pytest.raises(Conflict):
        ledger.undo(edit.edit_id)


@pytest.mark.slow
def test_undo_of_an_edit_of_what_is_gone_brings_nothing_back(ledger: Ledger) -> None:
    made = ledger.save([account(name="Alpha", region="Seoul")])
    later = ledger.save([account(region="Busan")])
    ledger.undo(made.edit_id)
    with pytest.raises(Conflict):
        ledger.undo(later.edit_id)
    assert ledger.as_of(Account) == []


def test_undo_of_nothing_says_so(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="ed_none"):
        ledger.undo("ed_none")


def test_instants_rise_though_the_clock_stands_or_is_set_back(ledger: Ledger, clock) -> None:
    first = ledger.save([account(name="Alpha")])
    second = ledger.save([account(name="Beta")])
    clock.at -= 5_000
    third = ledger.save([account(name="Gamma")])
    assert first.at < second.at < third.at
    assert ledger.as_of(Account, first.at)[0].name == "Alpha"


def test_the_moment_at_which_an_edit_was_made_is_kept_apart_from_when_it_landed(ledger: Ledger, clock) -> None:
    ledger.save([account(name="Alpha")])
    clock.at += 1_000_000
    ahead = ledger.save([account(name="Beta")])
    clock.at -= 900_000
    ledger.save([account(name="Gamma")])
    ledger.save([account(name="Delta")], made_at=clock.at - 7)
    rows = ledger.history(Account, "A")
    assert [row.at for row in rows[2:]] == [ahead.at + 1, ahead.at + 2]
    assert [row.made_at for row in rows[2:]] == [clock.at, clock.at - 7]


def test_nothing_lands_at_or_before_a_reserved_instant(ledger: Ledger, clock) -> None:
    ledger.reserve(clock.at + 10_000)
    assert ledger.save([account(name="Alpha")]).at == clock.at + 10_001
    assert ledger.as_of(Account, clock.at + 10_000) == []


def test_postgresql_itself_gives_no_instant_twice_whatever_it_is_given(postgresql_ledger: Ledger) -> None:
    postgresql_ledger.save([account(name="Alpha")])
    last = postgresql_ledger.last_at()
    with postgresql_ledger.engine.connect() as connection:
        given = [connection.execute(text(f"SELECT next_instant({at})")).scalar() for at in (5, last, last)]
        assert given == [last + 1, last + 2, last + 3]


def test_as_of_narrows_by_columns_that_never_change(ledger: Ledger) -> None:
    ledger.save([Change("slot", f"{a}:{r}", {"account_id": a, "role": r}) for a in "AB" for r in ("ceo", "cfo")])
    assert {row.id for row in ledger.as_of(Slot, account_id="A")} == {"A:ceo", "A:cfo"}
    assert {row.id for row in ledger.as_of(Slot, id=["A:ceo", "B:cfo"])} == {"A:ceo", "B:cfo"}
    assert ledger.as_of(Slot, id=[]) == []


def test_what_is_asked_in_one_state_does_not_see_what_is_written_meanwhile(ledger: Ledger) -> None:
    ledger.save([account(name="Alpha")])
    writer = Thread(target=ledger.save, args=([account(name="Beta"), account("B", name="Gamma")],))
    with ledger.one_state():
        before = [row.name for row in ledger.as_of(Account)]
        writer.start()
        writer.join(0.5)  # SQLite lets it wait for the read to end, PostgreSQL writes beside it
        assert [row.name for row in ledger.as_of(Account)] == before == ["Alpha"]
    writer.join(10)
    assert [row.name for row in ledger.as_of(Account)] == ["Beta", "Gamma"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE person SET actor = 'forged'",
        "UPDATE person SET name = 'other'",
        "UPDATE account SET name = NULL",
        "DELETE FROM person",
        "TRUNCATE person",
    ],
)
def test_history_cannot_be_changed(ledger: Ledger, statement: str) -> None:
    if statement.startswith("TRUNCATE") and ledger.engine.dialect.name == "sqlite":
        statement = "DELETE FROM account"
    ledger.save([Change("person", "pe_1", {"name": "Ann"}), account(name="Alpha")])
    with pytest.raises(StoreError, match="keeps its history"):
        run(ledger, statement)
    assert ledger.as_of(Person)[0].name == "Ann"


def test_without_the_trigger_the_same_statement_would_have_changed_it(sqlite_ledger: Ledger) -> None:
    sqlite_ledger.save([Change("person", "pe_1", {"name": "Ann"})])
    with sqlite_ledger.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER person_no_update"))
        connection.execute(text("UPDATE person SET name = 'other'"))
        connection.commit()
    assert sqlite_ledger.as_of(Person)[0].name == "other"


def test_personal_data_can_be_blanked_in_every_version(ledger: Ledger) -> None:
    ledger.save([Change("person", "pe_1", {"name": "Ann", "phone": "1"})])
    ledger.save([Change("person", "pe_1", {"phone": "2"})])
    with ledger.engine.connect() as connection:
        connection.execute(text("UPDATE person SET name = NULL, phone = NULL, salt = NULL"))
        connection.commit()
    assert [(r.name, r.phone) for r in ledger.history(Person, "pe_1")] == [(None, None)] * 2


@pytest.mark.slow
def test_what_was_taken_back_can_be_written_anew_and_what_is_there_cannot(ledger: Ledger) -> None:
    edit = ledger.save([account(name="Alpha", base=0)])
    with pytest.raises(Conflict):
        ledger.save([account(name="Beta", base=0)])
    ledger.undo(edit.edit_id)
    ledger.save([account(name="Gamma", base=0)])
    assert [row.name for row in ledger.as_of(Account)] == ["Gamma"]


@pytest.mark.slow
def test_what_was_used_since_an_edit_is_named_and_work_that_was_undone_is_not(ledger: Ledger) -> None:
    ledger.save([Change("account", "A", {"name": "Alpha"}), Change("staff", "ann", {"name": "Ann"})], edit_id="ed_in")
    assert ledger.used_since("ed_in") == set()
    given = ledger.save([Change("account", "A", {"owner_id": "ann"})])
    assert ledger.used_since("ed_in") == {"A", "ann"}
    ledger.undo(given.edit_id)
    assert ledger.used_since("ed_in") == set()
    ledger.save([Change("slot", "A:ceo", {"account_id": "A", "role": "ceo"})])
    assert ledger.used_since("ed_in") == {"A"}


@pytest.mark.slow
def test_an_undo_that_its_check_refuses_writes_nothing(ledger: Ledger) -> None:
    ledger.save([Change("account", "A", {"name": "Alpha"})], edit_id="ed_in")

    def refuse() -> None:
        assert ledger.used_since("ed_in") == set(), "a read inside sees the store"
        raise BadInput("test", "no")

    with pytest.raises(BadInput):
        ledger.undo("ed_in", check=refuse)
    assert [row.name for row in ledger.as_of(Account)] == ["Alpha"]
    ledger.undo("ed_in", check=lambda: None)
    assert ledger.as_of(Account) == []
