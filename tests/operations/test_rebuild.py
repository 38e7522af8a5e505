"""A clock that ran ahead moves the week for good; a rebuild sets it right, and changes nothing else."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, select, text

from coverage_kit import BadInput, StoreError, init_workspace, open_workspace
from coverage_kit.cli import cli
from coverage_kit.coaching.terms import Terms
from coverage_kit.domain import clock
from coverage_kit.domain.quarter import Quarter
from coverage_kit.operations.doctor import examine
from coverage_kit.operations.rebuild import rebuild_workspace
from coverage_kit.store import Change, check_edits, store_facts
from coverage_kit.store.checkup import changed_guards, find_faults
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.entities import ENTITIES, Account, Agreement, MustWin, Prepared, Slot
from coverage_kit.store.rebuild import ORIGIN
from coverage_kit.store.tables import edit
from coverage_kit.workspace import Workspace

DAY = 86_400_000
AHEAD = 400 * DAY

At = Callable[[int], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Set the computer's clock: days from now."""
    now = round(time.time() * 1000)

    def turn(offset: int) -> None:
        monkeypatch.setattr(clock.time, "time_ns", lambda: (now + offset) * 1_000_000)

    return turn


def verify(ws: Workspace, role: str, day: str) -> None:
    changes = [Change("slot", f"A1:{role}", {"account_id": "A1", "role": role, "status": "vacant", "verified_on": day, "review_on": None})]  # fmt: skip
    ws.ledger.save(changes)


def work(ws: Workspace, at: At, *, ahead: int) -> None:
    """Three weeks of work; in the last one the clock runs ahead for one edit."""
    at(-20 * DAY)
    fields = {
        "name": "Alpha",
        "name_key": "alpha",
        "status": "active",
        "template_ids": '["general"]',
        "owner_id": "ann",
    }
    ws.ledger.save([Change("account", "A1", fields), Change("staff", "ann", {"name": "Ann", "function": "rep"})])
    ws.ledger.save([Change("person", "pe", {"name": "오 연락", "phone": "010"})])
    at(-10 * DAY)
    verify(ws, "ceo", ws.today().isoformat())
    at(ahead)
    ws.ledger.clock_confirmed = True
    verify(ws, "cfo", ws.today().isoformat())
    at(-DAY)
    verify(ws, "cto", "2026-01-05")
    ws.ledger.save([Change("account", "A1", {"industry": "steel"})])
    at(0)


def numbers(ws: Workspace, at: At) -> list[object]:
    """The counts of now and of the last four weeks."""
    at(0)
    weeks = [ws.last_week() - n for n in range(4)]
    return [str(ws.last_week()), *(ws.status(as_of=week)["team"] for week in weeks), ws.status()["team"]]


def test_after_a_rebuild_the_weeks_are_right_and_all_numbers_are_those_without_the_wrong_clock(
    tmp_path: Path, at: At
) -> None:
    at(-30 * DAY)
    with (
        init_workspace(tmp_path / "right", actor="ann") as right,
        init_workspace(tmp_path / "wrong", actor="ann") as ws,
    ):
        work(right, at, ahead=-2 * DAY)
        work(ws, at, ahead=AHEAD)
        assert numbers(ws, at) != numbers(right, at)
        finding = next(each for each in examine(ws) if each.check == "clock")
        assert "doctor --rebuild" in finding.do
        old = (ws.path / "store.db").read_bytes()
        done = rebuild_workspace(ws, tmp_path / "again")
        assert (done.moved, done.days) == (3, 1)
        assert (ws.path / "store.db").read_bytes() == old
        with open_workspace(tmp_path / "again", actor="ann") as again:
            assert numbers(again, at) == numbers(right, at)
            assert (check_edits(again.ledger), find_faults(again.ledger)) == ([], [])
            assert next(each for each in examine(again) if each.check == "clock").ok
            with again.ledger.engine.connect() as connection:
                first = connection.execute(select(edit).order_by(edit.c.at)).first()
            assert first is not None
            assert first.edit_id == f"{ORIGIN}{hashlib.sha256(old).hexdigest()}"
            for entity in (Slot, Account):
                before, after = ws.ledger.as_of(entity), again.ledger.as_of(entity)
                assert [(row.id, row.version, row.edit_id) for row in after] == [(row.id, row.version, row.edit_id) for row in before]  # fmt: skip
            # What was entered after the clock was right again has the moment at which it was entered.
            entered, dated = ws.ledger.find(Slot, "A1:cto"), again.ledger.find(Slot, "A1:cto")
            assert entered is not None
            assert dated is not None
            assert dated.at == entered.made_at
            # The next edit lands now, and not in a year.
            assert (
                again.ledger.save([Change("account", "A1", {"region": "west"})]).at <= round(time.time() * 1000) + DAY
            )


def test_personal_data_that_was_erased_stays_erased_and_the_chain_closes(tmp_path: Path, at: At) -> None:
    at(-30 * DAY)
    with init_workspace(tmp_path / "wrong", actor="ann") as ws:
        work(ws, at, ahead=AHEAD)
        with ws.ledger.engine.begin() as connection:
            connection.execute(text("UPDATE person SET name = NULL, phone = NULL, salt = NULL"))
        rebuild_workspace(ws, tmp_path / "again")
    with open_workspace(tmp_path / "again") as again:
        with again.ledger.engine.connect() as connection:
            row = connection.execute(text("SELECT name, phone, salt, digest FROM person")).one()
        assert tuple(row)[:3] == (None, None, None)
        assert row.digest
        assert check_edits(again.ledger) == []


def test_an_hour_planned_under_the_wrong_clock_is_planned_for_the_right_day(tmp_path: Path, at: At) -> None:
    at(-30 * DAY)
    with init_workspace(tmp_path / "wrong", actor="ann") as ws:
        work(ws, at, ahead=AHEAD)
        at(AHEAD)
        hour = f"{ws.today() + timedelta(days=3)}T10:00"
        ws.ledger.save([Change("prepared", "ann:coach", {"coach_id": "coach", "rep_id": "ann", "planned_for": hour})])
        at(0)
        rebuild_workspace(ws, tmp_path / "again")
    with open_workspace(tmp_path / "again") as again:
        (planned,) = again.ledger.as_of(Prepared)
        assert planned.planned_for == f"{again.today() + timedelta(days=3)}T10:00"


def test_what_was_decided_for_a_quarter_or_a_week_under_the_wrong_clock_holds_for_the_right_one(
    tmp_path: Path, at: At
) -> None:
    at(-30 * DAY)
    with init_workspace(tmp_path / "wrong", actor="max") as ws:
        work(ws, at, ahead=-2 * DAY)
        at(-1000)
        ws.ledger.save(
            [
                Change("staff", "ann", {"manager_id": "max"}),
                Change("staff", "max", {"name": "Max", "function": "manager"}),
                Change("account", "A2", {"name": "Beta", "name_key": "beta", "status": "active", "owner_id": "ann"}),
            ]
        )
        ws.coaching.must_win.star("A1")
        at(AHEAD)
        ws.ledger.clock_confirmed = True
        ws.coaching.must_win.star("A2")
        following = str(ws.coaching.must_win.quarter() + 1)
        ws.coaching.must_win.star("A1", quarter=following)
        ws.coaching.agreement.propose("max", Terms(minutes=45))
        ws.coaching.agreement.cancel("max", "pushed_aside")
        # The clock is right again; the week stays wrong until the rebuild.
        at(0)
        ws.coaching.must_win.unstar("A1", quarter=following)
        ws.coaching.must_win.star("A2", quarter=following)
        ws.coaching.agreement.propose("max", Terms(minutes=30))
        assert ws.coaching.must_win.quarter() != Quarter.of(date.fromtimestamp(time.time()))
        rebuild_workspace(ws, tmp_path / "again")
    with open_workspace(tmp_path / "again", actor="max") as again:
        chosen = again.coaching.must_win
        assert chosen.of() == ["A1", "A2"]
        assert chosen.of(quarter=str(chosen.quarter() + 1)) == ["A2"]
        signed = again.coaching.agreement.of("max")
        assert (signed.terms, signed.signed, signed.version) == (Terms(minutes=30), ("max",), 2)
        assert again.coaching.agreement.kept("max").this_week == "cancelled"
        later = [row.quarter for row in (*again.ledger.as_of(MustWin), *again.ledger.as_of(Agreement))]
        assert max(later) <= str(chosen.quarter() + 1)
        # Its own id, so it can be taken off, and chosen again.
        chosen.unstar("A2")
        chosen.star("A2")
        assert (check_edits(again.ledger), find_faults(again.ledger)) == ([], [])


def test_a_store_with_a_right_clock_is_not_rebuilt(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="ann") as ws, pytest.raises(BadInput, match="nothing to rebuild"):
        rebuild_workspace(ws, tmp_path / "again")
    assert [each.name for each in tmp_path.iterdir()] == ["ws"]


def test_damage_is_not_carried_over(tmp_path: Path, at: At) -> None:
    at(-30 * DAY)
    with init_workspace(tmp_path / "wrong", actor="ann") as ws:
        work(ws, at, ahead=AHEAD)
        with ws.ledger.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER slot_no_update"))
            connection.execute(text("UPDATE slot SET verified_on = '2026-11-01'"))
        with pytest.raises(StoreError) as caught:
            rebuild_workspace(ws, tmp_path / "again")
    assert caught.value.code == "store.damaged"
    assert [each.name for each in tmp_path.iterdir()] == ["wrong"]


def test_the_command_rebuilds_and_says_where_to_work_from_now_on(tmp_path: Path) -> None:
    with init_workspace(tmp_path / "ws", actor="ann") as ws:
        # By a store that moved ahead: the command itself runs by the right clock.
        ws.ledger.clock, ws.ledger.clock_confirmed = (lambda: round(time.time() * 1000) + AHEAD), True
        ws.ledger.save([Change("account", "A1", {"name": "Alpha", "name_key": "alpha", "status": "active"})])
    run = [sys.executable, "-m", "coverage_kit", "-w", str(tmp_path / "ws"), "doctor"]
    assert "--rebuild" in subprocess.run(run, capture_output=True, text=True, check=False).stdout
    done = subprocess.run([*run, "--rebuild", str(tmp_path / "again")], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "work only in the new one" in done.stdout
    ran = CliRunner().invoke(cli, ["-w", str(tmp_path / "again"), "doctor", "--json"])
    assert {each["check"]: each["ok"] for each in json.loads(ran.stdout)}["clock"]


@pytest.mark.postgresql
def test_a_store_on_postgresql_is_rebuilt_into_an_empty_database(
    tmp_path: Path, postgresql_url: str, copy_of_empty_postgresql: Callable[[], AbstractContextManager[str]], at: At
) -> None:
    name = f"rebuilt_{time.monotonic_ns()}"
    engine = create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()

    def versions(ws: Workspace) -> list[list[tuple[object, ...]]]:
        """Every row of every history in the order of instants, without these."""
        named = [(one, ("at", "id", "version", "edit_id")) for one in ENTITIES.values()]
        with ws.ledger.engine.connect() as connection:
            rows = [connection.execute(select(*(one.table.c[n] for n in names)).order_by(one.table.c.at, one.table.c.id)).all() for one, names in named]  # fmt: skip
        return [[tuple(row)[1:] for row in each] for each in rows]

    at(-30 * DAY)
    with (
        # The server's clock cannot be turned here; a store with a clock of its own can.
        copy_of_empty_postgresql() as own,
        init_workspace(tmp_path / "right", actor="ann") as right,
        init_workspace(tmp_path / "wrong", store=own, actor="ann") as ws,
    ):
        work(right, at, ahead=-2 * DAY)
        work(ws, at, ahead=AHEAD)
        old = (versions(ws), store_facts(ws.ledger), dialect_of(ws.ledger.engine).fingerprint(ws.ledger.engine))
        with pytest.raises(BadInput, match="--store"):
            rebuild_workspace(ws, tmp_path / "again")
        url = f"{postgresql_url.rpartition('/')[0]}/{name}"
        rebuild_workspace(ws, tmp_path / "again", store=url)
        with open_workspace(tmp_path / "again", actor="ann") as again:
            assert (check_edits(again.ledger), find_faults(again.ledger), changed_guards(again.ledger)) == ([], [], [])
            assert versions(again) == old[0]
            with again.ledger.engine.connect() as connection:
                first = connection.execute(select(edit).order_by(edit.c.at)).first()
            assert first is not None
            assert first.edit_id == f"{ORIGIN}{old[2]}"
            assert numbers(again, at) == numbers(right, at)
            facts, before = store_facts(again.ledger), store_facts(ws.ledger)
            assert facts.workspace_id == before.workspace_id
            assert facts.rows == {**before.rows, "edit": before.rows["edit"] + 1}
            assert facts.last_at < round(time.time() * 1000) + DAY
        # The old store is as it was.
        assert old == (
            versions(ws),
            store_facts(ws.ledger),
            dialect_of(ws.ledger.engine).fingerprint(ws.ledger.engine),
        )
