"""A clock far beyond the last edit is asked about before anything is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from coverage_kit import init_workspace, open_workspace
from coverage_kit.domain import clock
from coverage_kit.store import Change
from coverage_kit.store.entities import Account

FIFTY_DAYS = 50 * 86_400_000


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A workspace whose last edit is fifty days ago, by the system's clock."""
    now = round(time.time() * 1000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock.time, "time_ns", lambda: (now - FIFTY_DAYS) * 1_000_000)
        with init_workspace(tmp_path / "team", actor="ann") as ws:
            ws.ledger.save([Change("account", "A0", {"name": "Old", "name_key": "old", "status": "active"}, base=0)])
    return tmp_path / "team"


def assign(team: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    accounts = team.parent / "accounts.csv"
    accounts.write_text("key,name\nA1,Alpha\n", encoding="utf-8")
    command = [sys.executable, "-m", "coverage_kit", *options, "-w", str(team), "import", "accounts", str(accounts)]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL, check=False)


@pytest.mark.slow
def test_without_a_terminal_it_is_refused_with_the_option_to_confirm(team: Path) -> None:
    refused = assign(team)
    assert refused.returncode == 3
    assert "--confirm-clock" in refused.stderr
    with open_workspace(team) as ws:
        assert [row.id for row in ws.ledger.as_of(Account)] == ["A0"]


@pytest.mark.slow
def test_json_says_it_too(team: Path) -> None:
    assert assign(team).returncode == 3
    accounts = team.parent / "accounts.csv"
    command = [sys.executable, "-m", "coverage_kit", "-w", str(team), "import", "accounts", str(accounts), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "store.clock")


@pytest.mark.slow
def test_the_option_confirms_and_the_next_edit_needs_none(team: Path) -> None:
    assert assign(team, "--confirm-clock").returncode == 0
    assert assign(team).returncode == 0
    with open_workspace(team) as ws:
        assert [row.id for row in ws.ledger.as_of(Account)] == ["A0", "A1"]
