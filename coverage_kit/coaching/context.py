"""The context of all parts of coaching: the ledger, the day, the texts, our people, the role lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from coverage_kit.assets.paths import folder
from coverage_kit.coaching.terms import TermsInForce
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.playbooks import Playbooks
from coverage_kit.domain.quarter import Quarter
from coverage_kit.domain.reporting_line import everybody_under
from coverage_kit.domain.week import Week, local_day
from coverage_kit.exchange import read_playbooks
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.measures import History
from coverage_kit.role_lists.merging import RoleLists
from coverage_kit.role_lists.model import RoleBody, in_language
from coverage_kit.rules.lookup import get_staff, role_lists
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Agreement, RowT, Staff

_ENDS_IN_HANGUL = re.compile(r"[가-힣]$")


class LoadHistory(Protocol):
    """Loads the ``History`` of the team, or of one rep's accounts."""

    def __call__(self, *, rep: str | None = None, until: int | None = None) -> History:
        """The history of a rep (id), or of the team, until an instant (UTC milliseconds)."""
        ...


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
    load : LoadHistory
    make_minutes : callable, optional
        Makes the minutes of a session (id) that was closed; a page makes them itself, after it has said so.
    """

    ledger: Ledger
    zone: ZoneInfo
    lang: str
    settings: CoachingSettings
    home: Path
    load: LoadHistory
    make_minutes: Callable[[str], object] | None = None

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

    def staff(self) -> dict[str, Staff]:
        """Our people by id."""
        return {each.id: each for each in self.ledger.as_of(Staff)}

    def me(self) -> str:
        """The id of the colleague who is working, found by id or login; the login itself if nobody has it."""
        actor = self.ledger.actor
        return next((key for key, each in self.staff().items() if actor in (key, each.login)), actor)

    def manager_of(self, rep: str | None) -> str | None:
        """The id of a colleague's manager, if any."""
        own = self.ledger.find(Staff, rep)
        return None if own is None else own.manager_id

    def people_of(self, leader: str) -> list[str]:
        """The ids of all who work under a colleague (id), directly or through others."""
        return everybody_under(leader, {key: each.manager_id for key, each in self.staff().items()})

    def terms_in_force(self) -> TermsInForce:
        """The agreements that stand today."""
        return TermsInForce(self.staff(), self.ledger.as_of(Agreement), Quarter.of(self.today()))

    def staff_id(self, text: str | None) -> str | None:
        """The id of one of our people by key or name; None stays None."""
        return None if text is None else self.get_staff_id(text)

    def get_staff_id(self, text: str) -> str:
        """The id of one of our people by key or name."""
        return get_staff(self.ledger, text).id

    def role_lists(self) -> RoleLists:
        """The role lists in force."""
        return role_lists(self.ledger)

    def roles(self) -> dict[str, RoleBody]:
        """Every required role in force by key, in the order of the role lists."""
        return self.role_lists().roles()

    def role_title(self, role: RoleBody) -> str:
        """Title of a role in the workspace's language."""
        return in_language(role["title"], self.lang)

    def role_title_of(self, lists: RoleLists, account: Account | None, role: str) -> str:
        """The same, in the words of the account's own list; the key of a role that no list has."""
        body = lists.role_of(account, role)
        return self.role_title(body) if body else role

    def rows(self, entity: type[RowT], ids: Iterable[str | None]) -> dict[str, RowT]:
        """The present rows of these ids, by id."""
        wanted = [key for key in dict.fromkeys(ids) if key]
        return {row.id: row for row in self.ledger.as_of(entity, id=wanted)} if wanted else {}

    def playbooks(self) -> Playbooks:
        """The team's playbooks; those that come with the package where the workspace has none."""
        own = self.home / "templates" / "playbooks.yml"
        path = own if own.is_file() else folder("templates") / "playbooks.yml"
        return _playbooks(path, path.stat().st_mtime_ns)

    def person_label(self, name: str | None, title: str | None) -> str:
        """A person as sentences name them, with the title."""
        return person_label(self.t, name, title)


def person_label(t: Texts, name: str | None, title: str | None) -> str:
    """A person as sentences name them, with the title: a Korean title takes 님, a foreign one stands behind the name."""
    if not name:
        return "–"
    if title and _ENDS_IN_HANGUL.search(title):
        return t(N_("{name} ({title})"), name=name, title=title)
    named = t(N_("{name}"), name=name)
    return f"{named} ({title})" if title else named


@lru_cache(maxsize=4)
def _playbooks(path: Path, _changed: int) -> Playbooks:
    """Read the file again only when it has changed."""
    return read_playbooks(path)
