"""A small team on a Monday: two reps, a manager, an executive, a coach, three accounts with a few people."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from coverage_kit import Workspace, init_workspace, open_workspace
from coverage_kit.domain.week import start_of_day
from coverage_kit.store import Change, clear_store
from tests.conftest import HandClock

SEOUL = ZoneInfo("Asia/Seoul")
MONDAY = date(2026, 11, 23)
HOUR = 3_600_000
STAFF = (
    ("kim", "rep", "boss"),
    ("park", "rep", "boss"),
    ("boss", "manager", "chief"),
    ("chief", "executive", None),
    ("lee", "coach", None),
)


class TeamDay:
    """A workspace whose day a test sets by hand."""

    def __init__(self, path: Path, clock: HandClock) -> None:
        self.clock = clock
        self.on(MONDAY)
        self.ws: Workspace = open_workspace(path, actor="lee", clock=clock)

    def on(self, day: date, hour: int = 10) -> None:
        self.day = day
        self.clock.at = start_of_day(day, SEOUL) + hour * HOUR

    def later(self, days: int) -> None:
        self.on(self.day + timedelta(days=days))


@pytest.fixture(scope="session")
def small_team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The team on that Monday morning, to be copied."""
    path, clock = tmp_path_factory.mktemp("small") / "ws", HandClock(start_of_day(MONDAY, SEOUL) + 10 * HOUR)
    with init_workspace(path, lang="en", actor="lee") as made:
        templates = made.read_roles()
        # The templates were entered by the computer's clock; the story begins on its own day.
        made.ledger.clock = clock
        clear_store(made.ledger)
        made.apply_roles(templates)
    # Commands and reports open the workspace in processes of their own: for them too it is that day.
    settings = path / "coverage-kit.yml"
    text = settings.read_text(encoding="utf-8")
    assert "clock: null" in text
    settings.write_text(text.replace("clock: null", f'clock: "{MONDAY}T10:00:00+09:00"'), encoding="utf-8")
    with open_workspace(path, actor="lee", clock=clock) as ws:
        ws.ledger.save(
            Change("staff", key, {"name": key.title(), "login": key, "function": function, "manager_id": manager})
            for key, function, manager in STAFF
        )
        own = {"status": "active", "template_ids": '["general"]', "focus": 1}
        ws.ledger.save(
            Change(
                "account",
                key,
                {
                    "name": f"Company {key}",
                    "name_key": f"company{key}".casefold(),
                    "owner_id": rep,
                    "value": value,
                    **own,
                },
            )
            for key, rep, value in (("A", "kim", 100.0), ("B", "kim", 50.0), ("C", "park", 70.0))
        )
    return path


@pytest.fixture
def team(small_team: Path, tmp_path: Path, clock: HandClock) -> Iterator[TeamDay]:
    made = TeamDay(shutil.copytree(small_team, tmp_path / "ws"), clock)
    yield made
    made.ws.close()
