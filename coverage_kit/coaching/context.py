"""What every part of coaching works with: the ledger, the day, the words, and who is who."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from coverage_kit.assets.paths import folder
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.playbooks import Playbooks
from coverage_kit.domain.week import Week, local_day
from coverage_kit.exchange import read_playbooks
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.measures import History
from coverage_kit.rules.slots import get_staff
from coverage_kit.store import Ledger


@dataclass(frozen=True)
class CoachingContext:
    """The workspace as coaching sees it.

    Attributes
    ----------
    ledger : Ledger
    zone : ZoneInfo
    lang : str
    settings : CoachingSettings
    home : Path
        The workspace's folder, where the team's own playbooks are.
    load : callable
        ``load(rep=None, until=None)`` gives the ``History`` of the team or of a rep's accounts.
    """

    ledger: Ledger
    zone: ZoneInfo
    lang: str
    settings: CoachingSettings
    home: Path
    load: Callable[..., History]

    @property
    def t(self) -> Texts:
        """The words of the workspace's language."""
        return texts(self.lang)

    def now(self) -> int:
        """The present instant (UTC milliseconds)."""
        return self.ledger.now()

    def today(self) -> date:
        """The local day."""
        return self.day(self.now())

    def day(self, at: int) -> date:
        """The local day of an instant."""
        return local_day(at, self.zone)

    def week(self) -> Week:
        """The present week."""
        return Week.of(self.today())

    def staff(self) -> dict[str, dict[str, Any]]:
        """Our people by id."""
        return {row["id"]: row for row in self.ledger.as_of("staff")}

    def me(self) -> str:
        """Whose login is at work: the id of one of our people where they have that login, else the login itself."""
        actor = self.ledger.actor
        return next((key for key, row in self.staff().items() if actor in (key, row["login"])), actor)

    def staff_id(self, text: str | None) -> str | None:
        """The id of one of our people by key or name; None stays None."""
        return None if text is None else str(get_staff(self.ledger, text)["id"])

    def roles(self) -> dict[str, dict[str, Any]]:
        """Every required role in force by key: ``key title level value``, in the templates' order."""
        found: dict[str, dict[str, Any]] = {}
        for row in self.ledger.as_of("template"):
            for role in json.loads(row["body"])["roles"]:
                found.setdefault(role["key"], role)
        return found

    def rows(self, entity: str, ids: Iterable[str | None]) -> dict[str, dict[str, Any]]:
        """The present rows of these ids, by id."""
        wanted = [key for key in dict.fromkeys(ids) if key]
        return {row["id"]: row for row in self.ledger.as_of(entity, id=wanted)} if wanted else {}

    def playbooks(self) -> Playbooks:
        """The team's playbooks; those that come with the package where the workspace has none."""
        own = self.home / "templates" / "playbooks.yml"
        path = own if own.is_file() else folder("templates") / "playbooks.yml"
        return _playbooks(path, path.stat().st_mtime_ns)

    def person_label(self, name: str | None, title: str | None) -> str:
        """A person as sentences name them: with title."""
        return person_label(self.t, name, title)


def person_label(t: Texts, name: str | None, title: str | None) -> str:
    """A person as sentences name them: with title."""
    if not name:
        return "–"
    return t(N_("{name} ({title})"), name=name, title=title) if title else t(N_("{name}"), name=name)


@lru_cache(maxsize=4)
def _playbooks(path: Path, _changed: int) -> Playbooks:
    """Read once as long as the file stays as it is."""
    return read_playbooks(path)
