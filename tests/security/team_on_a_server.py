"""A team on a PostgreSQL server with row security: an owner of the tables, and a login for each colleague.

An executive leads two managers: mina leads ann and ben, moon leads cho. kim coaches ann. dan has left.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import insert, make_url

from coverage_kit.domain.clock import system_clock
from coverage_kit.store import Ledger, open_store
from coverage_kit.store.changes import Change
from coverage_kit.store.row_security import ALL, REP, assign_coach, secure
from coverage_kit.store.tables import conflict_draft, source_row

MANAGER = {"mina": "exec", "moon": "exec", "ann": "mina", "ben": "mina", "cho": "moon", "dan": "mina"}
STAFF = ("exec", "kim", *MANAGER)
#: Account by owner.
OWNER = {"A": "ann", "B": "ben", "C": "cho", "D": "dan"}


class Team:
    """One secured store, and who may open it.

    Parameters
    ----------
    server : str
        Address of a database whose login may do everything.
    name : str
        Of the new database, and of its owner.
    """

    def __init__(self, server: str, name: str) -> None:
        self.name, self._server, self._password = name, make_url(server), secrets.token_urlsafe(12)
        with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
            # The owner can make roles, and is no superuser: row security does not bind those.
            connection.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD '{self._password}'".encode())
            connection.execute(f"CREATE DATABASE {name} OWNER {name}".encode())
        self.ledger = open_store(self.url(name), clock=system_clock, actor=name, create=True)
        try:
            self._fill()
        except BaseException:
            self.ledger.close()
            raise

    def __enter__(self) -> Team:
        return self

    def __exit__(self, *error: object) -> None:
        self.ledger.close()

    def url(self, login: str) -> str:
        return self._server.set(username=login, password=self._password, database=self.name).render_as_string(False)

    def login(self, who: str) -> str:
        return f"{self.name}_{who}"

    def _fill(self) -> None:
        self.ledger.save(
            [
                *(Change("staff", who, {"name": who.title(), "login": self.login(who), "function": "rep", "manager_id": MANAGER.get(who), "ended_on": "2026-01-31" if who == "dan" else None}, 0) for who in STAFF),
                Change("template", "general", {"body": "{}", "source_hash": ""}, 0),
                Change("offering", "x", {"name": "{}", "active": 1}, 0),
                Change("agreement", "ag", {"manager_id": "mina", "quarter": "2026-Q4", "terms": "{}", "signed": "[]"}, 0),
                Change("refused_title", "rt", {"role": "cfo", "title": "boss", "n": 1}, 0),
            ]
        )  # fmt: skip
        for key, owner in OWNER.items():
            self.ledger.save(account(key, owner))
        with self.ledger.engine.begin() as connection:
            kept = {"source": "crm", "kind": "accounts", "ext_id": "1", "entity_id": "A", "row": "{}", "edit_id": "ed"}
            connection.execute(insert(source_row), kept)
            draft = {"id": "cd", "at": 1, "actor": "ann", "entity": "slot", "entity_id": "A:cfo", "payload": "[]"}
            connection.execute(insert(conflict_draft), draft)
            connection.exec_driver_sql("ANALYZE person")
            secure(connection)
            assign_coach(connection, "kim", "ann")
            for who in STAFF:
                role = ALL if who == "exec" else REP
                connection.exec_driver_sql(
                    f"CREATE ROLE {self.login(who)} LOGIN PASSWORD '{self._password}' IN ROLE {role}"
                )

    @contextmanager
    def as_login(self, who: str) -> Iterator[Ledger]:
        """The store as a colleague opens it, from their own account on the server."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("LOGNAME", self.login(who))
            ledger = open_store(self.url(self.login(who)), clock=system_clock, actor=who)
        try:
            yield ledger
        finally:
            ledger.close()

    @contextmanager
    def connect(self, who: str) -> Iterator[psycopg.Connection]:
        """What a colleague can type into ``psql``."""
        with psycopg.connect(self.url(self.login(who)).replace("+psycopg", "")) as connection:
            yield connection

    @contextmanager
    def connect_above(self) -> Iterator[psycopg.Connection]:
        """As the server's superuser, whom row security does not bind: the control."""
        address = self._server.set(database=self.name).render_as_string(False)
        with psycopg.connect(address.replace("+psycopg", "")) as connection:
            yield connection


def account(key: str, owner: str) -> list[Change]:
    """An account with one known person, a note about that person and a commitment of the owner."""
    small = key.lower()
    return [
        Change("account", key, {"name": f"Account {key}", "name_key": small, "owner_id": owner, "status": "active"}, 0),
        Change("person", f"pe_{small}", {"name": f"Person {key}", "phone": f"+82-2-000-{small}"}, 0),
        Change("employment", f"em_{small}", {"person_id": f"pe_{small}", "account_id": key, "title": "CFO"}, 0),
        Change("slot", f"{key}:cfo", {"account_id": key, "role": "cfo", "status": "required", "employment_id": f"em_{small}", "disposition": "negative"}, 0),
        Change("note", f"no_{small}", {"account_id": key, "person_id": f"pe_{small}", "kind": "need", "body": f"secret {key}"}, 0),
        Change("commitment", f"co_{small}", {"chain_id": f"co_{small}", "account_id": key, "role": "cfo", "employment_id": f"em_{small}", "kind": "meet", "owner_id": owner, "rep_id": owner, "due_on": "2026-12-31"}, 0),
        Change("session", f"se_{small}", {"kind": "weekly", "rep_id": owner, "week": "2026-W48", "step": "open", "body": "{}", "agreed": 0, "closed": 0}, 0),
        Change("source_dates", f"sd_{small}", {"account_id": key, "source": "crm"}, 0),
        Change("claim", f"cl_{small}", {"session_id": f"se_{small}", "rep_id": owner, "account_id": key, "share": 0.7}, 0),
        Change("event", f"ev_{small}", {"kind": "merged", "account_id": key, "body": "{}"}, 0),
        Change("tie", f"ti_{small}", {"account_id": key, "from_employment": f"em_{small}", "to_employment": f"em_{small}", "kind": "reports_to"}, 0),
        Change("pursuit", f"pu_{small}", {"employment_id": f"em_{small}", "person_id": f"pe_{small}", "account_id": key, "offering": "x"}, 0),
        Change("must_win", f"mw_{small}", {"account_id": key, "quarter": "2026-Q4", "manager_id": "mina"}, 0),
        Change("path", f"pa_{small}", {"role_list": "general", "offering": f"x{small}", "steps": "[]"}, 0),
        Change("planned_route", f"{key}:x_{small}", {"account_id": key, "offering": "x", "steps": "[]"}, 0),
        Change("value_given", f"vg_{small}", {"account_id": key, "employment_id": f"em_{small}", "person_id": f"pe_{small}", "kind": "insight", "given_on": "2026-11-20", "given_by": owner}, 0),
        Change("answer_in", f"an_{small}", {"commitment_id": f"co_{small}", "answer": "accepted", "by_id": owner, "written_by": "kim", "how": "mail"}, 0),
        Change("prepared", f"pr_{small}", {"coach_id": "kim", "rep_id": owner, "note": f"private {key}"}, 0),
        Change("planned_contact", f"pc_{small}", {"account_id": key, "employment_id": f"em_{small}", "person_id": f"pe_{small}", "planned_on": "2026-12-01"}, 0),
        Change("consent", f"pe_{small}:email", {"person_id": f"pe_{small}", "scope": "email", "source": "fair", "given_on": "2026-11-20"}, 0),
        Change("not_same", f"ns_{small}", {"kind": "person", "one_id": f"pe_{small}", "other_id": "pe_other"}, 0),
    ]  # fmt: skip
