"""What a login that may write every table of a PostgreSQL store tries against its history; row security is not set up."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import make_url

from coverage_kit.domain.clock import system_clock
from coverage_kit.store import Change, check_edits, open_store
from coverage_kit.store.checkup import changed_guards
from coverage_kit.store.entities import ENTITIES

EDITS = [
    Change("account", "A", {"name": "Alpha", "owner_id": "ann", "status": "active"}),
    Change("slot", "A:ceo", {"account_id": "A", "role": "ceo", "disposition": "negative"}),
]


class Attacked:
    """A store dated by the server, its owner, and a login that may write in every table."""

    def __init__(self, server: str) -> None:
        self._server, self._password = make_url(server), secrets.token_urlsafe(12)
        with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
            for role in ("attacked_owner", "attacked_writer"):
                connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{self._password}'".encode())
            connection.execute(b"CREATE DATABASE attacked OWNER attacked_owner")
        self.ledger = open_store(self._url("attacked_owner"), clock=system_clock, actor="ann", create=True)
        self.ledger.save(EDITS)
        self.ledger.save([Change("slot", "A:ceo", {"can_meet": 1})])
        with self.ledger.engine.begin() as connection:
            connection.exec_driver_sql(
                "GRANT SELECT, INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO attacked_writer"
            )
            connection.exec_driver_sql("GRANT CREATE ON DATABASE attacked TO attacked_writer")

    def _url(self, who: str) -> str:
        made = self._server.set(username=who, password=self._password, database="attacked")
        return made.render_as_string(hide_password=False)

    @contextmanager
    def connect(self, who: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(self._url(who).replace("+psycopg", "")) as connection:
            yield connection

    def state(self) -> list[object]:
        rows = [self.ledger.columns(one.row, ()) for one in ENTITIES.values()]
        return [*rows, self.ledger.last_at()]


@pytest.fixture(scope="module")
def store(postgresql_url: str) -> Iterator[Attacked]:
    made = Attacked(postgresql_url)
    yield made
    made.ledger.close()


def insert(**instead: str) -> str:
    """A new slot in the words of SQL, like the one that is there."""
    names = [column.name for column in ENTITIES["slot"].table.columns]
    instead = {"id": "'A:cfo'", "role": "'cfo'", "edit_id": "'ed_x'", **instead}
    values = ", ".join(instead.get(name, name) for name in names)
    return f"INSERT INTO public.slot ({', '.join(names)}) SELECT {values} FROM public.slot WHERE version = 1"


#: A table of one's own in the place of the store's facts: they say whatever suits.
_OWN_FACTS = (
    "CREATE TEMPORARY TABLE meta AS SELECT key, CASE key WHEN 'last_at' THEN '5000' WHEN 'given_clock' THEN '1'"
    " WHEN 'last_tx' THEN txid_current()::text ELSE value END AS value FROM public.meta; GRANT ALL ON meta TO PUBLIC;"
)
_OWN_SCHEMA = _OWN_FACTS.replace("TEMPORARY TABLE meta", "SCHEMA own; SET search_path = own, public; CREATE TABLE meta")
_PATH = "SET search_path = public, pg_temp;"
_MERGE = "MERGE INTO slot USING (SELECT 'A:ceo' AS id) AS s ON slot.id = s.id WHEN MATCHED THEN"
ATTACKS = {
    "the role of a replica": "SET session_replication_role = replica; UPDATE slot SET disposition = 'favorable'",
    "triggers off": "ALTER TABLE slot DISABLE TRIGGER ALL",
    "no trigger": "DROP TRIGGER slot_no_update ON slot",
    "another function": "CREATE OR REPLACE FUNCTION refuse_slot() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "a trigger of one's own": "CREATE TRIGGER a BEFORE INSERT ON slot FOR EACH ROW EXECUTE FUNCTION refuse_slot()",
    "a rule": "CREATE RULE lose AS ON INSERT TO slot DO INSTEAD NOTHING",
    "another owner": "ALTER TABLE slot OWNER TO attacked_writer",
    "emptying": "TRUNCATE slot CASCADE",
    "an update": "UPDATE slot SET disposition = 'favorable'",
    "a delete": "DELETE FROM slot",
    "a merge that updates": f"{_MERGE} UPDATE SET disposition = 'favorable'",
    "a merge that deletes": f"{_MERGE} DELETE",
    "on conflict": insert(id="id", role="role") + " ON CONFLICT (id, version) DO UPDATE SET disposition = 'favorable'",
    "on conflict do nothing": insert(at="1") + " ON CONFLICT DO NOTHING",
    "within another statement": "WITH gone AS (DELETE FROM slot RETURNING *) SELECT * FROM gone",
    "a row of yesterday": insert(at="1"),
    "a row of tomorrow": insert(at="at + 86400000"),
    "a row of the last instant": insert(),
    "an instant of one's own": "SELECT next_instant(5000); " + insert(at="5000"),
    "a last instant ahead": "UPDATE meta SET value = '9999999999999' WHERE key = 'last_at'",
    "a last instant before": "UPDATE meta SET value = '1' WHERE key = 'last_at'",
    "a transaction's number": "UPDATE meta SET value = txid_current()::text WHERE key = 'last_tx'; " + insert(at="5000"),
    "a clock of one's own": "UPDATE meta SET value = '1' WHERE key = 'given_clock'",
    "a fact again": "INSERT INTO meta VALUES ('given_clock', '1') ON CONFLICT (key) DO UPDATE SET value = '1'",
    "temporary facts": _OWN_FACTS + insert(at="5000"),
    "temporary facts and an instant": _OWN_FACTS + "SELECT next_instant(5000); " + insert(at="5000"),
    "facts on the path": _OWN_SCHEMA + insert(at="5000"),
    "an instant of facts on the path": _OWN_SCHEMA + "SELECT next_instant(5000); " + insert(at="5000"),
    "a reserve with temporary facts": _OWN_FACTS + "SELECT reserve_instant(9999999999999);"
    " UPDATE public.meta SET value = (SELECT m.value FROM meta AS m WHERE m.key = 'last_at') WHERE key = 'last_at'",
    "the store's path, then temporary facts": _PATH + insert(at="1") + "; " + _OWN_FACTS + insert(at="5000"),
    "temporary facts, then the store's path": _OWN_FACTS + _PATH + insert(at="5000"),
    "a path that only reads like the store's": "CREATE SCHEMA \"public, pg_temp\";"
    ' SET search_path = "public, pg_temp", public; CREATE TABLE meta AS SELECT * FROM public.meta;' + insert(at="at + 5"),
    "a temporary history": "CREATE TEMPORARY TABLE slot AS SELECT * FROM public.slot WHERE false; SELECT next_instant(0);"
    + insert(id="id", version="1", at="(SELECT value::bigint FROM public.meta WHERE key = 'last_at')"),
}  # fmt: skip


@pytest.mark.parametrize("what", ATTACKS)
def test_the_history_of_a_server_stays_whatever_a_writer_types(store: Attacked, what: str) -> None:
    before = store.state()
    with store.connect("attacked_writer") as connection:
        with pytest.raises(psycopg.Error):
            connection.execute(ATTACKS[what].encode())
        connection.rollback()
    assert store.state() == before


@pytest.mark.parametrize("at", ["1", "at + 86400000", "at"])
def test_a_copy_from_a_file_is_checked_row_by_row(store: Attacked, at: str) -> None:
    before = store.state()
    names = [column.name for column in ENTITIES["slot"].table.columns]
    instead = {"id": "'A:cfo'", "role": "'cfo'", "edit_id": "'ed_x'", "at": at}
    with store.connect("attacked_writer") as connection, connection.cursor() as cursor:
        values = ", ".join(instead.get(name, name) for name in names)
        row = cursor.execute(f"SELECT {values} FROM slot WHERE version = 1".encode()).fetchone()
        assert row is not None
        with (
            pytest.raises(psycopg.Error, match="append-only"),
            cursor.copy(f"COPY slot ({', '.join(names)}) FROM STDIN".encode()) as copy,
        ):
            copy.write_row(row)
    assert store.state() == before


def test_the_owner_without_a_superusers_rights_cannot_play_a_replica(store: Attacked) -> None:
    with store.connect("attacked_owner") as connection, pytest.raises(psycopg.Error, match="permission denied"):
        connection.execute(b"SET session_replication_role = replica")


def test_all_is_as_it_was_written(store: Attacked) -> None:
    assert (check_edits(store.ledger), changed_guards(store.ledger)) == ([], [])
