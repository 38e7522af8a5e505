"""The contact audit: 200 marks are 200 found, any week looks as it did, and a file's own dates are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from coverage_kit import init_workspace
from coverage_kit.cli import cli
from coverage_kit.store import Change
from coverage_kit.workspace import Workspace
from tests.oracle.audit import COUNTS, naive_audit, naive_waiting
from tests.oracle.history import Naive

pytestmark = pytest.mark.slow

N = 268
DAY = 86_400_000


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = int(datetime.fromisoformat("2026-11-02T09:00:00+09:00").timestamp() * 1000)

    def __call__(self) -> int:
        self.at += 1
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ws(tmp_path: Path, clock: Clock) -> Iterator[Workspace]:
    with init_workspace(tmp_path / "ws", lang="en", actor="kim", clock=clock) as made:
        staff = [Change("staff", key, {"name": key, "function": "rep"}) for key in ("kim", "lee")]
        own = {"status": "active", "focus": 0}
        accounts = [
            Change("account", "big", {"name": "Big", "name_key": "big", "owner_id": "kim", **own}),
            Change("account", "small", {"name": "Small", "name_key": "small", "owner_id": "lee", **own}),
        ]
        people = [people_of("big", n) for n in range(N)] + [people_of("small", N)]
        made.ledger.save([*staff, *accounts, *(row for rows in people for row in rows)])
        yield made


def people_of(account: str, n: int) -> list[Change]:
    job = {"person_id": f"pe_{n}", "account_id": account, "title": "과장"}
    name = {"name": f"사람 {n}", "name_key": f"사람{n}"}
    return [Change("person", f"pe_{n}", name), Change("employment", f"em_{n}", job)]


def of(ws: Workspace, account: str = "big", **more: object) -> dict[str, object]:
    return next(row for row in ws.audit(**more)["accounts"] if row["account"] == account)


def test_contacts_that_nobody_checked_are_never_called_there(ws: Workspace, tmp_path: Path) -> None:
    found = of(ws)
    assert (found["contacts"], found["confirmed"], found["never_checked"], found["no_role"]) == (N, 0, N, N)
    assert (found["days_since_update"], found["days_since_added"], found["ghost_days"]) == (None, None, 0)
    line = CliRunner().invoke(cli, ["-w", str(tmp_path / "ws"), "audit", "--account", "big"]).output
    assert "268 contacts · 0 confirmed · 0 to check again · 268 never checked · 0 gone" in line


def test_two_hundred_marks_are_two_hundred_found_and_every_week_stays(ws: Workspace, clock: Clock) -> None:
    before = clock.at
    kinds = ["left", "retired", "moved", "role_changed"]
    for n in range(200):
        kind = kinds[n % 4]
        if kind == "role_changed":
            ws.coaching.people.change_role(f"pe_{n}", "big")
        else:
            ws.end_employment(f"pe_{n}", "big", kind=kind, ended_on="2026-10-23" if n < 40 else None)
    marked = clock.at
    found = of(ws)
    assert [found[kind] for kind in kinds] == [50, 50, 50, 50]
    assert found["never_checked"] == N - 200
    assert found["ghost_days"] == 30 * 10
    clock.at += 8 * DAY
    ws.coaching.people.confirm("pe_3", "big", how="call")
    assert [of(ws)[name] for name in ("confirmed", "role_changed")] == [1, 49]
    clock.at += 181 * DAY
    assert [of(ws)[name] for name in ("confirmed", "stale", "role_changed")] == [0, 1, 49]
    assert of(ws, as_of=marked) == found
    assert of(ws, as_of=before)["never_checked"] == N
    naive = Naive(ws.ledger.engine, ws.zone)
    for at in (before, marked, clock.at):
        expected = naive_audit(naive, at)
        assert {row["account"]: {name: row[name] for name in COUNTS} for row in ws.audit(as_of=at)["accounts"]} == {
            account: {name: own[name] for name in COUNTS} for account, own in expected.items()
        }


def test_ghost_days_are_of_accounts_and_the_team_and_never_of_a_rep(ws: Workspace) -> None:
    ws.end_employment("pe_0", "big", kind="left", ended_on="2026-10-23")
    assert ws.audit()["team"]["ghost_days"] == 10
    mine = ws.audit(rep="kim")
    assert (mine["team"]["contacts"], mine["team"]["ghost_days"]) == (N, None)
    assert [row["account"] for row in ws.audit(rep="lee")["accounts"]] == ["small"]
    assert ws.audit()["team"]["contacts"] == N + 1


def test_a_files_own_dates_are_kept_and_the_later_one_counts(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "crm.csv"
    head = "Contact ID,Account Name,Name,Title,LastModifiedDate,CreatedDate\n"
    rows = ["1,Big,한 하나,부장,2024-11-12T09:30:00Z,2023-01-05", "2,Big,두 둘,차장,2024-10-01,2024. 11. 2."]
    file.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    ws.import_file("contacts", file)
    assert [of(ws)[name] for name in ("days_since_update", "days_since_added")] == [720, 730]
    assert [of(ws, "small")[name] for name in ("days_since_update", "days_since_added")] == [None, None]
    rows[1] = "2,Big,두 둘,부장,2026-10-31,2024. 11. 2."
    file.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    ws.import_file("contacts", file)
    assert [of(ws)[name] for name in ("days_since_update", "days_since_added")] == [2, 730]
    assert ws.audit()["team"]["days_since_update"] == 2
    naive = Naive(ws.ledger.engine, ws.zone)
    own = naive_audit(naive, ws.ledger.last_at())["big"]
    assert (own["days_since_update"], own["days_since_added"]) == (2, 730)
    at = ws.ledger.last_at()
    ws.import_file("contacts", file)
    changed = [row for row in naive.tables["source_dates"] if row["at"] > at]
    assert changed == []


def test_the_command_prints_one_document(ws: Workspace, tmp_path: Path) -> None:
    found = json.loads(CliRunner().invoke(cli, ["-w", str(tmp_path / "ws"), "audit", "--json"]).output)
    assert [row["account"] for row in found["accounts"]] == ["big", "small"]
    assert found["team"].keys() | {"account", "name"} == found["accounts"][0].keys()


def test_contacts_of_accounts_that_nobody_confirmed_are_said_and_not_counted(ws: Workspace, tmp_path: Path) -> None:
    before = ws.audit()
    assert before["waiting"] == 0
    file = tmp_path / "fair.csv"
    file.write_text("회사,이름,직책\n새회사,하나,부장\n새회사,두나,과장\n큰회사 아님,세나,과장\n", encoding="utf-8")
    ws.import_file("contacts", file)
    after = ws.audit()
    assert (after["team"], after["waiting"]) == (before["team"], 3)
    assert after["waiting"] == naive_waiting(Naive(ws.ledger.engine, ws.zone), ws.ledger.last_at())
    assert (ws.audit(account="새회사")["waiting"], ws.audit(rep="kim")["waiting"]) == (2, 0)
    shown = CliRunner().invoke(cli, ["-w", str(tmp_path / "ws"), "audit"]).output
    assert "3" in shown.splitlines()[0]
    assert "coverage-kit" in shown.splitlines()[1]
    ws.assign([account.id for account in ws.unconfirmed()], "kim")
    assert (ws.audit()["waiting"], ws.audit()["team"]["contacts"]) == (0, before["team"]["contacts"] + 3)
