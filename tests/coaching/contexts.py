"""The context of coaching over a bare ledger, as a workspace makes it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from coverage_kit.coaching import CoachingContext
from coverage_kit.config import CoachingSettings
from coverage_kit.measures import History
from coverage_kit.store import Ledger, load_history


def context(ledger: Ledger, zone, home: Path) -> CoachingContext:
    def load(*, rep: str | None = None, until: int) -> History:
        return History(load_history(ledger, until=until, rep=rep), zone)

    return CoachingContext(ledger, zone, "en", CoachingSettings(), home, partial(load))
