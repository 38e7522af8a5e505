"""What a weekly report looks at: the accounts of one rep or of the team, at the end of a week and a week before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pandas as pd

from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.measures import History, coverage, movement

#: Entities in which work on an account is written down.
_WORK = ("account", "slot", "employment", "note")


@dataclass(frozen=True)
class Subject:
    """A rep's accounts, or the team's, at an instant and at the end of the week before.

    Parameters
    ----------
    history : History
        Of the rep or of the team, up to the instant.
    week : Week
    at : int
        The instant looked at: the end of the week, or earlier while it has not ended (UTC milliseconds).
    lang : str
        ``ko`` or ``en``.
    rep : str, optional
        Whose accounts; all by default.
    """

    history: History
    week: Week
    at: int
    lang: str
    rep: str | None = None

    @property
    def t(self) -> Texts:
        """The words of the report's language."""
        return texts(self.lang)

    @property
    def before_at(self) -> int:
        """The last millisecond of the week before."""
        return (self.week - 1).as_of(self.history.zone)

    @property
    def unfinished(self) -> bool:
        """Whether the week had not ended at the instant."""
        return self.at < self.week.as_of(self.history.zone)

    @property
    def moment(self) -> datetime:
        """The instant in the workspace's time zone."""
        return datetime.fromtimestamp(self.at // 1000, self.history.zone)

    @property
    def day(self) -> pd.Timestamp:
        """The local day of the instant."""
        return self.history.day(self.at)

    @cached_property
    def now(self) -> pd.DataFrame:
        """The required slots at the instant."""
        return self._own(self.history.slots(self.at))

    @cached_property
    def before(self) -> pd.DataFrame:
        """The required slots at the end of the week before, with who owned what then."""
        return self._own(self.history.slots(self.before_at))

    @cached_property
    def counts(self) -> pd.Series:
        """The measures of all accounts at the instant."""
        return coverage(self.now).iloc[0]

    @cached_property
    def counts_before(self) -> pd.Series:
        """The measures of all accounts a week before."""
        return coverage(self.before).iloc[0]

    @cached_property
    def focus(self) -> pd.DataFrame:
        """The required slots of the focus list."""
        return self.now.loc[self.now["focus"]]

    @cached_property
    def counts_focus(self) -> pd.Series:
        """The measures of the focus list at the instant."""
        return coverage(self.focus).iloc[0]

    @cached_property
    def counts_focus_before(self) -> pd.Series:
        """The measures of the focus list as it was a week before."""
        return coverage(self.before.loc[self.before["focus"]]).iloc[0]

    @property
    def has_before(self) -> bool:
        """Whether there is a last week to compare with."""
        return bool(self.counts_before["required"])

    @cached_property
    def moves(self) -> pd.DataFrame:
        """The slots that moved since the end of the week before."""
        return movement(self.history, self.before_at, self.at, rep=self.rep)

    @cached_property
    def staff_names(self) -> dict[str, str]:
        """Our people's names by key; the key itself where the name was erased."""
        staff = self.history.as_of("staff", self.at)
        return {key: name or key for key, name in zip(staff["id"], staff["name"].where(staff["name"].notna(), None), strict=True)}

    @cached_property
    def role_titles(self) -> dict[str, str]:
        """The required roles' titles in the report's language."""
        roles = self.history.roles(self.at)
        return dict(zip(roles["role"], roles[f"title_{self.t.lang}"], strict=True))

    @cached_property
    def template_titles(self) -> dict[str, str]:
        """The role templates in force for these accounts by key: title and version."""
        rows = self.history.as_of("template", self.at)
        used = set(self.now["template"])
        return {
            key: self.t(N_("{title} v{version}"), title=json.loads(body)["title"][self.t.lang], version=version)
            for key, body, version in zip(rows["id"], rows["body"], rows["version"], strict=True)
            if key in used
        }

    @cached_property
    def last_work_at(self) -> int | None:
        """When anything was last written about these accounts."""
        accounts = set(self.now["account"].astype(object))
        last: list[int] = []
        for entity in _WORK:
            frame = self.history.frames[entity]
            key = "id" if entity == "account" else "account_id"
            own = frame.loc[frame[key].isin(accounts) & (frame["at"] <= self.at), "at"]
            last += [] if own.empty else [int(own.max())]
        return max(last, default=None)

    def _own(self, slots: pd.DataFrame) -> pd.DataFrame:
        return slots if self.rep is None else slots.loc[slots["rep"] == self.rep]


def week_label(week: Week, t: Texts) -> str:
    """A week as people say it: ``47주차 (11.16~22)``, ``Week 47 (16–22 Nov)``."""
    first, last = week.monday, week.sunday
    same = first.month == last.month
    if t.lang == "ko":
        end = f"{last.day}" if same else f"{last.month}.{last.day}"
        return f"{week.number}주차 ({first.month}.{first.day}~{end})"
    start = f"{first.day}" if same else t.day(first)
    return f"Week {week.number} ({start}–{t.day(last)})"
