"""Row security on PostgreSQL: each login sees what is theirs, and the list of attacks finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coverage_kit.errors import CoverageKitError, StoreError
from coverage_kit.store import Ledger
from coverage_kit.store.changes import Change
from coverage_kit.store.checkup import changed_guards
from coverage_kit.store.entities import ENTITIES, Account, Commitment, Person, Prepared, Slot, Staff
from coverage_kit.store.postgresql import Postgresql
from coverage_kit.store.row_security import secure
from coverage_kit.store.schema import upgrade
from tests.security.team_on_a_server import OWNER, STAFF, Team, account

SEES = {
    "exec": set("ABCD"), "mina": set("ABD"), "moon": {"C"}, "kim": {"A"}, "ann": {"A"}, "ben": {"B"}, "cho": {"C"}, "dan": set(),
}  # fmt: skip
#: Entities of which everybody sees all rows.
OPEN = {"staff", "template", "offering", "refused_title", "agreement", "must_win", "path"}


@pytest.fixture(scope="module")
def team(postgresql_url: str) -> Iterator[Team]:
    with Team(postgresql_url, "sight") as made:
        yield made


def accounts(ledger: Ledger, at: int | None = None) -> set[str]:
    return {each.id for each in ledger.as_of(Account, at)}


@pytest.mark.parametrize("who", STAFF)
def test_a_colleague_sees_the_accounts_of_those_they_lead_or_coach_and_no_row_of_others(team: Team, who: str) -> None:
    with team.as_login(who) as ledger:
        assert accounts(ledger) == SEES[who]
        for name in ENTITIES.keys() - OPEN - {"prepared"}:
            keys = {
                key.rpartition("_")[2].partition(":")[0].upper()
                for (key,) in ledger.columns(ENTITIES[name].row, ("id",))
            }
            assert keys == SEES[who], name


@pytest.mark.parametrize(("who", "n"), [("ann", 0), ("mina", 0), ("moon", 0), ("kim", len(OWNER))])
def test_a_coachs_notes_are_read_by_the_coach_and_neither_by_reps_nor_by_managers(team: Team, who: str, n: int) -> None:
    with team.as_login(who) as ledger:
        assert len(ledger.as_of(Prepared)) == n


def test_the_team_has_rows_of_every_entity(team: Team) -> None:
    assert [name for name, one in ENTITIES.items() if not team.ledger.columns(one.row, ("id",))] == []


def test_every_table_of_the_database_is_under_row_security_even_for_its_owner(team: Team) -> None:
    with team.ledger.engine.connect() as connection:
        tables = connection.exec_driver_sql(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,"
            " (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid) FROM pg_class c"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
        ).all()
    assert {name for name, _, _ in tables} > {*ENTITIES, "edit", "meta", "source_row", "conflict_draft"}
    assert [name for name, is_forced, n in tables if not is_forced or n == 0] == []


def test_a_rep_works_in_their_accounts_under_their_own_name(team: Team) -> None:
    with team.as_login("ben") as ledger:
        ledger.save(
            [
                Change("person", "pe_new_b", {"name": "New Person"}, 0),
                Change("employment", "em_new_b", {"person_id": "pe_new_b", "account_id": "B", "title": "CTO"}, 0),
                Change("slot", "B:cto", {"account_id": "B", "role": "cto", "status": "required", "employment_id": "em_new_b"}, 0),
            ]
        )  # fmt: skip
        ledger.save([Change("slot", "B:cto", {"can_meet": 1}, 1)])
        assert ledger.find(Slot, "B:cto").can_meet == 1  # type: ignore[union-attr]
    with team.as_login("mina") as ledger:
        assert ledger.find(Person, "pe_new_b") is not None
    with team.as_login("cho") as ledger:
        assert ledger.find(Person, "pe_new_b") is None
    record = team.ledger.history(Slot, "B:cto")[-1]
    assert (record.actor, record.version) == ("ben", 2)


def test_a_handover_moves_sight_and_past_weeks_stay_as_they_were(postgresql_url: str) -> None:
    with Team(postgresql_url, "handover") as team:
        before = team.ledger.last_at()
        with team.as_login("ann") as ledger:
            past = {name: ledger.columns(ENTITIES[name].row, (), before) for name in ENTITIES}
        team.ledger.save(
            [
                Change("account", "A", {"owner_id": "cho"}, 1),
                Change("commitment", "co_a", {"owner_id": "cho", "rep_id": "cho"}, 1),
            ]
        )
        team.ledger.save([Change("slot", "A:cfo", {"disposition": "favorable"}, 1), Change("person", "pe_a", {"phone": "+82-2-999"}, 1)])  # fmt: skip
        with team.as_login("cho") as ledger:
            assert accounts(ledger) == {"A", "C"}
            assert ledger.find(Person, "pe_a").phone == "+82-2-999"  # type: ignore[union-attr]
            assert accounts(ledger, before) == {"A", "C"}
        with team.as_login("ann") as ledger:
            assert {name: ledger.columns(ENTITIES[name].row, (), before) for name in ENTITIES} == past
            # Today the account is somebody else's, and nothing after the handover shows.
            assert [each.owner_id for each in ledger.as_of(Account)] == ["cho"]
            assert [each.owner_id for each in ledger.as_of(Commitment)] == ["cho"]
            assert [each.disposition for each in ledger.history(Slot, "A:cfo")] == ["negative"]
            assert [each.phone for each in ledger.history(Person, "pe_a")] == ["+82-2-000-a"]
        team.ledger.save([Change("staff", "ann", {"ended_on": "2026-01-01"}, 1)])
        with team.as_login("ann") as ledger:
            assert [*ledger.as_of(Account), *ledger.as_of(Person), *ledger.as_of(Account, before)] == []
        with team.as_login("kim") as ledger:
            assert accounts(ledger, before) == {"A"}


def test_a_new_manager_sees_and_the_one_before_does_not(postgresql_url: str) -> None:
    with Team(postgresql_url, "chiefs") as team:
        team.ledger.save([Change("staff", "ann", {"manager_id": "moon"}, 1)])
        with team.as_login("moon") as ledger:
            assert accounts(ledger) == {"A", "C"}
        with team.as_login("mina") as ledger:
            assert accounts(ledger) == {"B", "D"}
        team.ledger.save([Change("staff", "exec", {"manager_id": "moon"}, 1)])
        with team.as_login("moon") as ledger:
            assert accounts(ledger) == {"A", "B", "C", "D"}


def test_securing_again_changes_nothing(team: Team) -> None:
    def state() -> list[tuple[object, ...]]:
        with team.ledger.engine.connect() as connection:
            found: list[tuple[object, ...]] = []
            for each in (
                "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
                "SELECT proname, prosrc, proacl::text FROM pg_proc WHERE proname ^@ 'ck_' ORDER BY 1",
                "SELECT tgrelid::regclass::text, tgname FROM pg_trigger ORDER BY 1, 2",
                "SELECT * FROM ck_owner ORDER BY 1",
                "SELECT * FROM ck_past ORDER BY 1, 2",
                "SELECT * FROM ck_person ORDER BY 1, 3",
            ):
                found += [tuple(row) for row in connection.exec_driver_sql(each)]
            return found

    before = state()
    with team.ledger.engine.begin() as connection:
        secure(connection)
    assert state() == before


#: What cho types to see accounts, people or notes of ann or ben; each finds no row.
LOOKS = {
    "by id": "SELECT id FROM account WHERE id = 'A'",
    "a person by id": "SELECT name FROM person WHERE id = 'pe_a'",
    "by a join": "SELECT p.name FROM employment e JOIN person p ON p.id = e.person_id WHERE e.account_id IN ('A', 'B')",
    "by a count": "SELECT 1 FROM (SELECT count(*) AS n FROM slot WHERE account_id = 'A') AS s WHERE n > 0",
    "by a prefix": "SELECT id FROM note WHERE id LIKE 'no_a%' OR body LIKE 'secret A%'",
    "by a left join": "SELECT e.id FROM account a LEFT JOIN employment e ON true WHERE e.account_id = 'A'",
    "commitments": "SELECT id FROM commitment WHERE owner_id = 'ann'",
    "sessions": "SELECT body FROM session WHERE rep_id = 'ann'",
    "kept exports": "SELECT row FROM source_row",
    "drafts of others": "SELECT payload FROM conflict_draft",
    "statistics": "SELECT most_common_vals FROM pg_stats WHERE tablename = 'person'",
}
#: What the database refuses to cho.
REFUSED = {
    "another role": "SET ROLE ck_all",
    "the owner's role": "SET ROLE sight",
    "another session": "SET SESSION AUTHORIZATION sight_ann",
    "row security off": "SET row_security = off; SELECT * FROM account",
    "changing history": "UPDATE slot SET disposition = 'favorable' WHERE id = 'C:cfo'",
    "deleting history": "DELETE FROM slot WHERE id = 'C:cfo'",
    "emptying": "TRUNCATE slot",
    "triggers off": "ALTER TABLE slot DISABLE TRIGGER ALL",
    "replication role": "SET session_replication_role = replica",
    "policies off": "ALTER TABLE slot DISABLE ROW LEVEL SECURITY",
    "a policy": "CREATE POLICY mine ON slot FOR SELECT USING (true)",
    "the last instant": "UPDATE meta SET value = '9999999999999' WHERE key = 'last_at'",
    "a far instant": "SELECT reserve_instant(9999999999999)",
    "a fact": "INSERT INTO meta VALUES ('given_clock', '1')",
    "who owns what": "SELECT * FROM ck_owner",
    "who sees whom": "INSERT INTO ck_person VALUES (session_user, 'cho', 'ann', NULL)",
    "a coach": "INSERT INTO ck_coach VALUES ('cho', 'ann')",
    "who leads whom": "SELECT ck_lead()",
    "a table in place of ours": "CREATE TEMPORARY TABLE ck_owner (account_id text, owner_id text)",
    "a table of ours": "CREATE TABLE mine (x text)",
    "files of the server": "SELECT pg_read_file('/etc/passwd')",
    "programs of the server": "COPY (SELECT 1) TO PROGRAM 'id'",
    "a file of the server": "COPY slot TO '/tmp/slots'",
    "a login": "CREATE ROLE sneak LOGIN",
    "membership": "GRANT ck_all TO sight_cho",
}


@pytest.mark.parametrize("what", LOOKS)
def test_a_rep_finds_nothing_of_others(team: Team, what: str) -> None:
    with team.connect("cho") as connection:
        assert connection.execute(LOOKS[what].encode()).fetchall() == []
    # The control: the superuser, above row security, finds it.
    with team.connect_above() as above:
        assert above.execute(LOOKS[what].encode()).fetchall() != []


@pytest.mark.parametrize("what", REFUSED)
def test_a_rep_is_refused(team: Team, what: str) -> None:
    with team.connect("cho") as connection, pytest.raises(psycopg.Error):
        connection.execute(REFUSED[what].encode())


def test_a_condition_that_says_what_it_sees_meets_no_row_of_others(team: Team) -> None:
    says = b"SELECT id FROM person WHERE id <> 'pe_c' AND name::integer = 1"
    with team.connect("cho") as connection:
        assert connection.execute(says).fetchall() == []
    with team.connect_above() as above, pytest.raises(psycopg.errors.InvalidTextRepresentation, match="Person A"):
        above.execute(says)


#: Edits that cho sends, each as the program would write it.
FORGED: dict[str, list[Change]] = {
    "taking an account": [Change("account", "A", {"owner_id": "cho"}, None)],
    "making an account for somebody": [Change("account", "Z", {"name": "Z", "name_key": "z", "owner_id": "ann", "status": "active"}, 0)],
    "leading somebody": [Change("staff", "ann", {"manager_id": "cho"}, None)],
    "a role list": [Change("template", "general", {"body": "[]"}, None)],
    "a slot of another account": [Change("slot", "A:cto", {"account_id": "A", "role": "cto", "status": "required"}, 0)],
    "a slot under another's key": [Change("slot", "B:ceo", {"account_id": "C", "role": "ceo", "status": "required"}, 0)],
    "a slot that is there": [Change("slot", "A:cfo", {"account_id": "C", "role": "cfo", "status": "required"}, 0)],
    "a job that names a hidden person": [Change("employment", "em_x", {"person_id": "pe_a", "account_id": "C"}, 0)],
    "a later version of a hidden job": [Change("employment", "em_a", {"person_id": "pe_a", "account_id": "C"}, 0)],
    "a claim of another rep": [Change("claim", "cl_x", {"session_id": "se_a", "rep_id": "ann", "account_id": "A", "share": 0.1}, 0)],
    "that two hidden people are two": [Change("not_same", "ns_x", {"kind": "person", "one_id": "pe_a", "other_id": "pe_b"}, 0)],
    "a value given at a hidden account": [Change("value_given", "vg_x", {"account_id": "A", "employment_id": "em_a", "person_id": "pe_a", "kind": "insight", "given_on": "2026-11-20", "given_by": "cho"}, 0)],
    "a star for a hidden account": [Change("must_win", "mw_x", {"account_id": "A", "quarter": "2026-Q4", "manager_id": "cho"}, 0)],
    "a coach's note": [Change("prepared", "pr_c", {"note": "changed"}, None)],
    "a later version of a hidden note": [Change("note", "no_a", {"account_id": "C", "body": "mine"}, 0)],
    "a note that moves": [Change("note", "no_c", {"account_id": "B"}, None)],
    "a job that moves": [Change("employment", "em_c", {"person_id": "pe_a"}, None)],
    "a commitment at a hidden account": [Change("commitment", "co_x", {"chain_id": "co_x", "account_id": "A", "kind": "meet", "owner_id": "cho", "rep_id": "cho", "due_on": "2026-12-31"}, 0)],
    "a session of another rep": [Change("session", "se_x", {"kind": "weekly", "rep_id": "ann", "week": "2026-W48", "step": "open", "body": "{}", "agreed": 0, "closed": 0}, 0)],
    "an agreement of another team": [Change("agreement", "ag_x", {"manager_id": "mina", "quarter": "2026-Q4", "terms": "{}", "signed": "[]"}, 0)],
    "an answer to a hidden request": [Change("answer_in", "an_x", {"commitment_id": "co_a", "answer": "accepted", "by_id": "cho", "written_by": "cho", "how": "mail"}, 0)],
    "phone number of a hidden person": [Change("person", "pe_a", {"phone": "1"}, None)],
}  # fmt: skip


@pytest.mark.parametrize("what", FORGED)
def test_an_edit_beyond_what_is_theirs_is_refused_and_leaves_nothing(team: Team, what: str) -> None:
    def rows() -> list[object]:
        return [team.ledger.columns(one.row, ()) for one in ENTITIES.values()]

    before = rows()
    with team.as_login("cho") as ledger, pytest.raises(CoverageKitError):
        ledger.save(FORGED[what])
    assert rows() == before


def test_the_refusal_says_what_to_do(team: Team) -> None:
    with team.as_login("cho") as ledger, pytest.raises(StoreError) as refused:
        ledger.save(FORGED["a slot of another account"])
    assert refused.value.code == "store.not_yours"


def test_a_report_cannot_date_itself_far_ahead_of_the_server(team: Team) -> None:
    last = team.ledger.last_at()
    with team.as_login("cho") as ledger, pytest.raises(StoreError) as refused:
        ledger.reserve(ledger.clock() + 10 * 60_000)
    assert refused.value.code == "store.clock_apart"
    assert team.ledger.last_at() == last


@pytest.mark.parametrize(("actor", "login"), [("ann", "sight_cho"), ("cho", "sight_ann"), ("mina", "sight_mina")])
def test_nobody_writes_in_anothers_name(team: Team, actor: str, login: str) -> None:
    with team.as_login("cho") as ledger:
        ledger.actor, ledger.login = actor, login
        with pytest.raises(CoverageKitError):
            ledger.save([Change("note", "no_forged_c", {"account_id": "C", "kind": "need", "body": "x"}, 0)])
    assert team.ledger.columns(ENTITIES["note"].row, ("id",), id="no_forged_c") == []


def test_a_row_in_anothers_name_is_refused_though_its_edit_is_ones_own(team: Team) -> None:
    """Each of the two guards alone: the rule of the table, and that of the record of the edit."""
    row = (
        "SELECT next_instant(0);"
        " INSERT INTO note (id, version, at, made_at, actor, edit_id, account_id, kind, is_void)"
        " SELECT 'no_own_c', 1, value::bigint, value::bigint, '{}', 'ed_own', 'C', 'need', 0 FROM meta WHERE key = 'last_at'"
    )
    record = (
        "SELECT next_instant(0); INSERT INTO edit (at, edit_id, actor, login, hash, before)"
        " SELECT value::bigint, 'ed_own', '{}', '{}', 'x', (SELECT hash FROM edit ORDER BY at DESC LIMIT 1)"
        " FROM meta WHERE key = 'last_at'"
    )
    for statement, own, others in (
        (row, ("cho",), [("ann",), ("mina",)]),
        (record, ("cho", "sight_cho"), [("ann", "sight_cho"), ("cho", "sight_ann")]),
    ):
        with team.connect("cho") as connection:
            # The control: the same in one's own name.
            connection.execute(statement.format(*own).encode())
            connection.rollback()
        for names in others:
            with team.connect("cho") as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement.format(*names).encode())


def test_an_edit_is_dated_by_the_server_whatever_the_clock_of_the_login(team: Team) -> None:
    with team.as_login("cho") as ledger:
        for days in (-4000, 4000):
            ledger.clock = lambda days=days: 1_790_000_000_000 + days * 86_400_000
            edit = ledger.save([Change("slot", "C:cfo", {"can_meet": int(days > 0)})])
            assert abs(edit.at - team.ledger.clock()) < 60_000


def test_whoever_leads_everybody_is_seen_by_nobody_below(team: Team) -> None:
    team.ledger.save(account("E", "exec"))
    with team.as_login("mina") as ledger:
        assert "E" not in accounts(ledger)
        assert {each.id for each in ledger.as_of(Staff)} == set(STAFF)


def test_new_tables_come_under_row_security_with_an_upgrade(team: Team) -> None:
    with team.ledger.engine.begin() as connection:
        connection.exec_driver_sql("DROP POLICY slot_select ON slot")
    with team.as_login("cho") as ledger:
        assert ledger.as_of(Slot) == []
    upgrade(team.ledger.engine)
    with team.as_login("cho") as ledger:
        assert ledger.as_of(Slot) != []


def test_the_doctor_finds_a_rule_or_a_function_that_somebody_weakened(team: Team) -> None:
    assert changed_guards(team.ledger) == []
    with team.ledger.engine.begin() as connection:
        connection.exec_driver_sql("CREATE POLICY all_of_it ON slot FOR SELECT USING (true)")
        connection.exec_driver_sql("ALTER POLICY account_select ON account USING (true)")
        connection.exec_driver_sql(
            "CREATE OR REPLACE FUNCTION ck_sees_all() RETURNS boolean LANGUAGE sql AS 'SELECT true'"
        )
        connection.exec_driver_sql("ALTER TABLE note NO FORCE ROW LEVEL SECURITY")
    try:
        assert changed_guards(team.ledger) == ["account.account_select", "ck_sees_all()", "note", "slot.all_of_it"]
    finally:
        with team.ledger.engine.begin() as connection:
            connection.exec_driver_sql("DROP POLICY all_of_it ON slot")
            secure(connection)
    assert changed_guards(team.ledger) == []


def test_a_backup_holds_everything_or_is_refused(team: Team, tmp_path: Path) -> None:
    facts = Postgresql().copy(team.ledger.engine, tmp_path / "whole")
    assert facts.rows["account"] >= len(OWNER)
    with team.as_login("cho") as ledger, pytest.raises(StoreError) as refused:
        Postgresql().copy(ledger.engine, tmp_path / "part")
    assert refused.value.code == "backup.part"
    assert not (tmp_path / "part").exists()
