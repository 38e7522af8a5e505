"""The small team of the coaching tests, whose config names a sender of mails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.coaching.conftest import TeamDay, small_team  # noqa: F401
from tests.conftest import HandClock
from tests.replies.asking import team_that_mails


@pytest.fixture
def team(small_team: Path, tmp_path: Path, clock: HandClock) -> Iterator[TeamDay]:  # noqa: F811
    made = team_that_mails(small_team, tmp_path / "ws", clock)
    yield made
    made.ws.close()


@pytest.fixture
def korean(small_team: Path, tmp_path: Path, clock: HandClock) -> Iterator[TeamDay]:  # noqa: F811
    made = team_that_mails(small_team, tmp_path / "ws", clock, lang="ko")
    yield made
    made.ws.close()
