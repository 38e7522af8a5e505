"""Coaching on both databases, and a store from before coaching."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from coverage_kit.coaching import Coaching
from coverage_kit.domain.week import start_of_day
from coverage_kit.store import Change, Ledger, open_store, schema
from coverage_kit.store.entities import Account, Commitment
from tests.coaching.contexts import context

BODY = {"roles": [{"key": r, "level": "executive", "function": "x", "title": {"ko": r, "en": r}} for r in ("ceo", "cfo")], "freshness_days": 180}  # fmt: skip


def test_an_hour_from_claim_to_climbing_on_both_databases(ledger: Ledger, clock, zone, tmp_path: Path) -> None:
    clock.at = start_of_day(date(2026, 11, 23), zone) + 36_000_000
    ledger.save(
        [
            Change("template", "t", {"body": json.dumps(BODY)}),
            Change("staff", "kim", {"name": "Kim", "function": "rep", "manager_id": "boss"}),
            Change("staff", "boss", {"name": "Boss", "function": "manager", "manager_id": "chief"}),
            Change("staff", "chief", {"name": "Chief", "function": "executive"}),
            Change(
                "account",
                "A",
                {
                    "name": "Alpha",
                    "name_key": "alpha",
                    "owner_id": "kim",
                    "status": "active",
                    "template_ids": '["t"]',
                    "focus": 1,
                    "value": 9.0,
                },
            ),
            Change("person", "pe_1", {"name": "Ann", "name_key": "ann"}),
            Change("employment", "em_1", {"person_id": "pe_1", "account_id": "A"}),
            Change("slot", "A:ceo", {"account_id": "A", "role": "ceo", "status": "open", "employment_id": "em_1"}),
        ]
    )
    coaching = Coaching(context(ledger, zone, tmp_path))
    session = coaching.sessions.start("kim")
    session.claim(share=0.5)
    session.claim(n=1, account="A")
    assert session.open_account("A").known == 0
    made = session.add(session.draft("A", "ceo"))
    asked = coaching.commitments.add(coaching.commitments.draft_help("kim", "boss", action="Come along", scope="stall:kim"))  # fmt: skip
    session.agree()
    session.close(minutes=False)
    coaching.people.confirm("Ann", "A", how="call")
    coaching.voices.add("Ann", "A", "need", "a quote by Friday")
    coaching.people.set_stage("Ann", "A", "Line", "interest")
    coaching.commitments.settle(made.id, "kept")
    assert coaching.commitments.get(made.id).moved is True
    clock.at += 30 * 86_400_000 + 3_600_000
    assert [(c.id, c.owner) for c in coaching.commitments.climb()] == [(asked.id, "chief")]
    reasons = {(entry.reason, entry.role) for entry in coaching.agenda("kim")}
    assert reasons == {("identify", "cfo"), ("open_path", "ceo"), ("voice", None)}
    assert coaching.rotation("kim")["days"].tolist() == [30]


def test_a_store_from_before_coaching_is_brought_up_to_date_and_keeps_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    only_first = shutil.ignore_patterns("r000[2-9]_*.py", "r00[1-9]?_*.py", "__pycache__")
    shutil.copytree(schema._MIGRATIONS, tmp_path / "migrations", ignore=only_first)
    with monkeypatch.context() as patch:
        patch.setattr(schema, "_MIGRATIONS", tmp_path / "migrations")
        old = open_store(url, clock=lambda: 1_000, actor="ann", create=True)
    row = {"id": "A", "version": 1, "at": 1_000, "made_at": 1_000, "actor": "ann", "edit_id": "ed_1", "name": "Alpha", "is_void": 0}  # fmt: skip
    with old.engine.connect() as connection:
        connection.execute(text(f"INSERT INTO account ({', '.join(row)}) VALUES (:{', :'.join(row)})"), row)
        connection.execute(text("UPDATE meta SET value = '1000' WHERE key = 'last_at'"))
        connection.commit()
    old.close()
    again = open_store(url, clock=lambda: 2_000, actor="ann")
    assert [row.name for row in again.as_of(Account)] == ["Alpha"]
    again.save(
        [Change("commitment", "co_1", {"kind": "verify", "due_on": "2026-11-30", "why_then": "before the fair"})]
    )
    assert again.as_of(Commitment)[0].why_then == "before the fair"
    again.close()
