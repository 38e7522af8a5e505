"""History cannot be inserted around, and every edit is checked by a chain of hashes; on both databases."""

from __future__ import annotations

import hashlib
import random
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from coverage_kit.domain.clock import system_clock
from coverage_kit.errors import ClockAhead, CoverageKitError, StoreError
from coverage_kit.store import Change, Ledger, check_edits, load_history, open_store, postgresql
from coverage_kit.store.chain import EditSeal, rows_hash
from coverage_kit.store.chain_format import edit_hash, private_digests, row_lines
from coverage_kit.store.checkup import missing_guards
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import store_errors
from coverage_kit.store.entities import ENTITIES, Account, Slot
from tests.depth import depth

DAY_MS = 24 * 3600 * 1000
PEOPLE = [
    Change("account", "A", {"name": "Alpha", "owner_id": "ann", "status": "active", "value": 5}),
    Change("person", "pe_1", {"name": "Ann Example", "phone": "1"}),
    Change("employment", "em_1", {"person_id": "pe_1", "account_id": "A", "title": "CEO"}),
    Change("slot", "A:ceo", {"account_id": "A", "role": "ceo", "employment_id": "em_1", "can_meet": True}),
]


def run(ledger: Ledger, statement: str, **values: object) -> None:
    with store_errors("it"), ledger.engine.connect() as connection:
        connection.execute(text(statement), values)
        connection.commit()


def copy_of(entity: str, **instead: str) -> str:
    """An INSERT that repeats the rows of an entity with other values in some columns."""
    columns = [column.name for column in ENTITIES[entity].table.columns]
    return f"INSERT INTO {entity} ({', '.join(columns)}) SELECT {', '.join(instead.get(c, c) for c in columns)} FROM {entity}"


FORGED = {
    "back-dated": copy_of("slot", id="'B:ceo'", edit_id="'ed_x'", at="1"),
    "of the last instant": copy_of("slot", id="'B:ceo'", edit_id="'ed_x'"),
    "an existing version": copy_of("slot", edit_id="'ed_x'", at="at + 1000"),
    "a version skipped": copy_of("slot", version="version + 2", edit_id="'ed_x'", at="at + 1000"),
    "a thing twice in an edit": copy_of("slot", version="version + 1", at="at + 1000"),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_row_that_does_not_continue_history_is_refused(ledger: Ledger, what: str) -> None:
    ledger.save(PEOPLE)
    before = ledger.history(Slot, "A:ceo")
    with pytest.raises(StoreError, match="keeps its history"):
        run(ledger, FORGED[what])
    assert ledger.history(Slot, "A:ceo") == before


#: What the triggers of SQLite let through: the next row of a history, and the next record of an edit, in another's name.
APPENDED = [
    copy_of("account", id="'Z'", edit_id="'ed_x'", actor="'bob'", at="at + 1000") + " WHERE version = 1",
    "INSERT INTO edit (at, edit_id, actor, login, hash, before)"
    " SELECT at + 1000, 'ed_x', 'bob', 'bob', hash, hash FROM edit",
]


@pytest.mark.parametrize("statement", APPENDED)
def test_a_row_appended_in_anothers_name_is_refused_by_postgresql_and_found_on_sqlite(
    ledger: Ledger, statement: str
) -> None:
    ledger.save(PEOPLE)
    if ledger.engine.dialect.name == "sqlite":
        run(ledger, statement)
        assert [damage.edit_id for damage in check_edits(ledger)] == ["ed_x"]
    else:
        with pytest.raises(StoreError, match="keeps its history"):
            run(ledger, statement)
        assert check_edits(ledger) == []


def test_without_row_security_a_program_can_write_in_any_name(ledger: Ledger) -> None:
    """The limit that promises.md names: a program that may write to the store can call our functions with any name."""
    ledger.save(PEOPLE)
    ledger.actor = "bob"
    ledger.save([Change("account", "A", {"industry": "steel"})])
    assert (ledger.history(Account, "A")[-1].actor, check_edits(ledger)) == ("bob", [])


def test_the_chain_cannot_tell_an_edit_that_was_written_by_our_own_rules(ledger: Ledger) -> None:
    """The limit that promises.md names: who may write and computes the hash as we do has made an edit, in any name."""
    ledger.save(PEOPLE)
    with ledger.engine.connect() as connection:
        dialect_of(connection).begin_write(connection)
        at = dialect_of(connection).next_instant(connection, ledger.last_at() + 1000)
        seal = EditSeal({"at": at, "made_at": at, "actor": "bob", "edit_id": "ed_x"})
        row = seal.seal(ENTITIES["account"], {"id": ["Z"], "version": [1], "name": ["Zeta"], "status": ["active"]})
        connection.execute(ENTITIES["account"].table.insert(), {name: value for name, (value,) in row.items()})
        seal.write(connection, "bob")
        connection.commit()
    assert (ledger.history(Account, "Z")[0].actor, check_edits(ledger)) == ("bob", [])


def test_the_chain_cannot_tell_a_history_that_was_written_anew_from_a_point_on(sqlite_ledger: Ledger) -> None:
    """The other limit: who may change the file, takes its triggers away and computes every later hash again."""
    sqlite_ledger.save(PEOPLE)
    head = sqlite_ledger.save([Change("slot", "A:ceo", {"disposition": "negative"})])
    without_triggers(sqlite_ledger, "UPDATE slot SET disposition = 'favorable' WHERE version = 2")
    assert [damage.edit_id for damage in check_edits(sqlite_ledger)] == [head.edit_id]
    with sqlite_ledger.engine.connect() as connection:
        row = dict(connection.execute(text("SELECT * FROM slot WHERE version = 2")).mappings().one())
        record = connection.execute(text("SELECT * FROM edit ORDER BY at DESC LIMIT 1")).one()
        right = edit_hash(
            record.before,
            record.edit_id,
            record.at,
            record.actor,
            record.login,
            {"slot": rows_hash(ENTITIES["slot"], [row])},
        )
        connection.execute(text("UPDATE edit SET hash = :right WHERE at = :at"), {"right": right, "at": record.at})
        connection.commit()
    assert check_edits(sqlite_ledger) == []
    # Its guards are gone, and the doctor names them; the hash of the last edit is another one than before.
    assert missing_guards(sqlite_ledger)
    assert right != record.hash


REPLACED = {
    "by its key": copy_of("slot", disposition="'favorable'"),
    "by its edit": copy_of("slot", version="version + 1", at="at + 1000", disposition="'favorable'"),
    "by its place": copy_of("slot", id="'B:ceo'", edit_id="'ed_x'", at="at + 1000")
    .replace("(id,", "(rowid, id,")
    .replace("SELECT 'B:ceo'", "SELECT rowid, 'B:ceo'"),
}


@pytest.mark.parametrize("what", REPLACED)
def test_sqlite_does_not_replace_a_row(sqlite_ledger: Ledger, what: str) -> None:
    sqlite_ledger.save(PEOPLE)
    before = sqlite_ledger.history(Slot, "A:ceo")
    with pytest.raises(StoreError, match="keeps its history"):
        run(sqlite_ledger, REPLACED[what].replace("INSERT INTO", "INSERT OR REPLACE INTO"))
    assert sqlite_ledger.history(Slot, "A:ceo") == before


def test_sqlite_does_not_move_a_row_over_another(sqlite_ledger: Ledger) -> None:
    sqlite_ledger.save(PEOPLE)
    sqlite_ledger.save([Change("slot", "A:ceo", {"disposition": "neutral"})])
    with pytest.raises(StoreError, match="keeps its history"):
        run(sqlite_ledger, "UPDATE OR REPLACE slot SET rowid = 1 WHERE version = 2")
    assert len(sqlite_ledger.history(Slot, "A:ceo")) == 2


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM meta",
        "UPDATE meta SET value = '5' WHERE key = 'last_at'",
        "UPDATE meta SET value = value || 'x' WHERE key = 'last_at'",
        "UPDATE meta SET value = '9000000000000000000000' WHERE key = 'last_at'",
        "UPDATE meta SET value = '1' WHERE key = 'given_clock'",
        "UPDATE meta SET value = '2' WHERE key = 'given_clock'",
        "UPDATE meta SET value = 'x' WHERE key = 'workspace_id'",
        "UPDATE meta SET value = '9' || value WHERE key = 'workspace_id'",
        "DELETE FROM edit",
        "UPDATE edit SET actor = 'forged'",
        "INSERT INTO edit (at, edit_id, actor, login, hash, before) SELECT at + 1000, 'ed_x', actor, login, hash, '' FROM edit",
    ],
)
def test_the_facts_and_the_records_of_edits_stay(ledger: Ledger, statement: str) -> None:
    ledger.save(PEOPLE)
    with pytest.raises(StoreError):
        run(ledger, statement.replace("'1'", "'0'"))
    assert check_edits(ledger) == []


def test_postgresql_dates_edits_by_its_own_clock(postgresql_url: str) -> None:
    home = postgresql_url.rpartition("/")[0]
    setup = open_store(postgresql_url, clock=lambda: 1, actor="ann", create=True)
    with setup.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("DROP DATABASE IF EXISTS own_clock WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE own_clock"))
    setup.close()
    ledger = open_store(f"{home}/own_clock", clock=system_clock, actor="ann", create=True)
    ledger.clock = lambda: 5
    before = time.time() * 1000 - 60_000
    assert ledger.save(PEOPLE).at > before
    with pytest.raises(StoreError, match="more than a minute ahead"):
        run(ledger, f"UPDATE meta SET value = '{2 * system_clock()}' WHERE key = 'last_at'")
    with pytest.raises(StoreError, match="keeps its history"):
        run(ledger, copy_of("slot", id="'B:ceo'", edit_id="'ed_x'", at=str(2 * system_clock())))
    ledger.close()


def test_a_writer_that_holds_the_lock_makes_others_wait_for_a_while_only(
    copy_of_empty_postgresql, clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with copy_of_empty_postgresql() as url, closing(open_store(url, clock=clock, actor="ann")) as ledger:
        monkeypatch.setattr(postgresql, "_PATIENCE", {"lock_timeout": 1, "idle_in_transaction_session_timeout": 3})
        with ledger.engine.connect() as other:
            dialect_of(other).begin_write(other)
            with pytest.raises(StoreError, match="wait a moment"):
                ledger.save(PEOPLE)
            # The other one does nothing for longer than it may: it loses the lock.
            time.sleep(4)
            assert not ledger.save(PEOPLE).unchanged
            with pytest.raises(StoreError, match="wait a moment"), store_errors("it"):
                other.execute(text("SELECT 1"))


# The clock --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_clock_far_ahead_must_be_confirmed_once_there_are_accounts(tmp_path: Path) -> None:
    ledger = open_store(f"sqlite:///{tmp_path / 'store.db'}", clock=system_clock, actor="ann", create=True)
    ledger.save(PEOPLE)
    ledger.clock = lambda: system_clock() + 400 * DAY_MS
    with pytest.raises(ClockAhead, match=r"\d{4}-\d\d-\d\d") as caught:
        ledger.save([Change("account", "A", {"name": "Beta"})])
    assert caught.value.exit_code == 3
    assert [row.name for row in ledger.history(Account, "A")] == ["Alpha"]
    ledger.clock = lambda: system_clock() + 40 * DAY_MS
    ledger.save([Change("account", "A", {"name": "Beta"})])
    ledger.clock = lambda: system_clock() + 400 * DAY_MS
    ledger.clock_confirmed = True
    ledger.save([Change("account", "A", {"name": "Gamma"})])
    assert [row.name for row in ledger.history(Account, "A")] == ["Alpha", "Beta", "Gamma"]
    ledger.close()


@pytest.mark.slow
def test_an_empty_store_and_one_with_a_clock_of_its_own_do_not_ask(
    tmp_path: Path, sqlite_ledger: Ledger, clock
) -> None:
    empty = open_store(f"sqlite:///{tmp_path / 'empty.db'}", clock=system_clock, actor="ann", create=True)
    empty.save([Change("template", "t", {"body": "{}", "source_hash": ""})])
    empty.clock = lambda: system_clock() + 400 * DAY_MS
    assert not empty.save(PEOPLE).unchanged
    empty.close()
    sqlite_ledger.save(PEOPLE)
    clock.at += 400 * DAY_MS
    assert not sqlite_ledger.save([Change("account", "A", {"name": "Beta"})]).unchanged


# The chain --------------------------------------------------------------------------------------------------------


def some_edits(ledger: Ledger) -> None:
    ledger.save(PEOPLE)
    edit = ledger.save(
        [Change("person", "pe_1", {"phone": "2"}), Change("account", "A", {"value": 7.5, "focus": True})]
    )
    ledger.undo(edit.edit_id)
    ledger.save([Change("slot", f"A:{n}", {"account_id": "A", "role": str(n)}) for n in range(40)])


@pytest.mark.slow
def test_edits_that_were_written_by_us_are_right(ledger: Ledger) -> None:
    some_edits(ledger)
    assert check_edits(ledger) == []
    assert check_edits(ledger, since=ledger.last_at() - 1) == []


VALUES = (
    st.none() | st.text(st.characters(exclude_categories=["Cs"])) | st.sampled_from(['"],["', '\\"],["\\', "\n", ""])
)


@given(st.lists(st.tuples(VALUES, VALUES)), st.integers(0, 9))
def test_rows_hash_the_same_alone_and_together(rows: list[tuple[str | None, str | None]], at: int) -> None:
    names, salts = ("email", "name"), [f"{n:016d}" for n in range(len(rows))]
    alone = [private_digests(names, [row], [salt])[0] for row, salt in zip(rows, salts, strict=True)]
    assert private_digests(names, rows, salts) == alone
    assert [digest is None for digest in alone] == [row == (None, None) for row in rows]
    assert row_lines(names, rows) == row_lines(names, rows[:at]) + row_lines(names, rows[at:])


def test_the_form_of_the_chain_is_fixed() -> None:
    row = ('가 "A"\\', None, 5.0, 1, "\t\x7f")
    lines = row_lines(("a", "b", "c", "d", "e"), [row])
    assert lines.decode() == '["a,c,d,e","가 \\"A\\"\\\\",5.0,1,"\\t\x7f"],'
    text = '["email,name","a@x.example","가"]'
    assert private_digests(("email", "name"), [("a@x.example", "가")], ["00"]) == [
        hashlib.sha256(f"00{text[2:-2]}".encode()).hexdigest()[:32]
    ]


@pytest.mark.slow
def test_an_erasure_leaves_the_chain_closed(ledger: Ledger) -> None:
    some_edits(ledger)
    blank = ", ".join(f"{column} = NULL" for column in ENTITIES["person"].private)
    run(ledger, f"UPDATE person SET {blank}")
    assert check_edits(ledger) == []


def without_triggers(ledger: Ledger, statement: str) -> None:
    """What somebody does who can change the file itself."""
    with ledger.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(text(statement))
        connection.commit()
        if connection.dialect.name != "sqlite":
            connection.execute(text("SET session_replication_role = DEFAULT"))
            connection.commit()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE slot SET role = 'other' WHERE id = 'A:7'", "changed"),
        ("UPDATE slot SET actor = 'forged' WHERE id = 'A:7'", "changed"),
        ("DELETE FROM slot WHERE id = 'A:7'", "changed"),
        ("UPDATE person SET name = 'Bob' WHERE version = 1", "private"),
        ("UPDATE edit SET login = 'forged'", "changed"),
        ("DELETE FROM edit WHERE at = (SELECT min(at) FROM edit)", "unlisted"),
        (copy_of("account", id="'Z'", at="at + 1000", edit_id="'ed_x'") + " WHERE version = 1", "unlisted"),
    ],
)
def test_what_was_changed_behind_our_back_is_found(ledger: Ledger, statement: str, what: str) -> None:
    some_edits(ledger)
    without_triggers(ledger, statement)
    assert what in {damage.what for damage in check_edits(ledger)}


# Damage -----------------------------------------------------------------------------------------------------------


def numbers(path: Path) -> object:
    """What a store says, as values that can be compared."""
    ledger = open_store(f"sqlite:///{path}", clock=lambda: 1, actor="ann")
    try:
        frames = load_history(ledger, until=10**15)
        present = {name: ledger.as_of(one.row) for name, one in ENTITIES.items()}
        return {name: frame.to_dict("list") for name, frame in frames.items()}, present
    finally:
        ledger.close()


def is_found(path: Path) -> bool:
    ledger = open_store(f"sqlite:///{path}", clock=lambda: 1, actor="ann")
    try:
        return bool(check_edits(ledger))
    finally:
        ledger.close()


def flip(path: Path, seed: int) -> None:
    """Change one bit of a file."""
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def survives(act: Callable[[], object]) -> object:
    """The result, or our own error; any other error fails the test."""
    try:
        return act()
    except CoverageKitError as exc:
        return exc.code


def check_seeds(sqlite_ledger: Ledger, tmp_path: Path, seeds: range) -> None:
    some_edits(sqlite_ledger)
    sqlite_ledger.engine.dispose()
    right, spoiled = repr(numbers(tmp_path / "store.db")), tmp_path / "spoiled.db"
    for seed in seeds:
        shutil.copy(tmp_path / "store.db", spoiled)
        flip(spoiled, seed)
        found = survives(lambda: numbers(spoiled))
        if not isinstance(found, str) and repr(found) != right:
            damage = survives(lambda: is_found(spoiled))
            assert damage, f"seed {seed}: other numbers, and the chain is right"


@pytest.mark.slow
@pytest.mark.deep
def test_a_flipped_bit_gives_the_same_numbers_or_our_error_or_is_found(sqlite_ledger: Ledger, tmp_path: Path) -> None:
    check_seeds(sqlite_ledger, tmp_path, range(depth(10, 50, 225)))


def test_a_table_put_in_the_place_of_a_history_is_found(ledger: Ledger) -> None:
    assert missing_guards(ledger) == []
    with ledger.engine.begin() as connection:
        # The renamed table takes its triggers with it.
        connection.execute(text("ALTER TABLE account RENAME TO moved_away"))
        connection.execute(text("CREATE TABLE account AS SELECT * FROM moved_away"))
    assert {"account_no_delete", "account_no_forgery", "account_no_update"} <= set(missing_guards(ledger))
