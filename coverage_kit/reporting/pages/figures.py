"""The numbers of one week, for the pages of a rep and of the team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from coverage_kit.domain.vocabulary import Rung
from coverage_kit.domain.week import Week
from coverage_kit.measures import CONDITIONS, History, began, coverage, movement, trend, waterfall

_TREND_WEEKS = 26


@dataclass(frozen=True)
class WeekFigures:
    """The counts of one week of one rep, or of the team (``rep`` None)."""

    week: Week
    at: int
    before_at: int
    rep: str | None
    history: History

    @cached_property
    def slots(self) -> pd.DataFrame:
        """Required slots at the report's instant."""
        return self.history.slots(self.at, self.rep)

    @cached_property
    def before(self) -> pd.DataFrame:
        """Required slots at the end of the week before."""
        return self.history.slots(self.before_at, self.rep)

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Movement between the two instants."""
        return movement(self.history, self.before_at, self.at, rep=self.rep)

    @cached_property
    def counts(self) -> pd.Series:
        """Counts over all slots, now."""
        return coverage(self.slots).iloc[0]

    @cached_property
    def counts_before(self) -> pd.Series:
        """Counts over all slots, at the end of the week before."""
        return coverage(self.before).iloc[0]

    @cached_property
    def weeks(self) -> pd.DataFrame:
        """The trend of up to 26 weeks, from the first week anything was required."""
        first = began(self.history, self.rep)
        zone = self.history.zone
        instants = [(w, w.as_of(zone)) for w in (self.week - i for i in range(_TREND_WEEKS - 1, 0, -1))]
        started = [(w, at) for w, at in instants if first is not None and at >= first]
        return trend(self.history, [*started, (self.week, self.at)], rep=self.rep)

    @cached_property
    def staff(self) -> dict[str, str]:
        """Names of our people by id, at the report's instant."""
        rows = self.history.as_of("staff", self.at)
        return {key: name or key for key, name in zip(rows["id"], rows["name"], strict=True)}

    @property
    def facts(self) -> str:
        """The numbers of the page in a few lines of text, for people and tests."""
        lines = [
            f"week {self.week}",
            *(
                f"{name} {int(self.counts[name])}"
                for name in ("accounts", "required", *CONDITIONS, "vacant", "not_applicable", "persons")
            ),
        ]
        lines += [
            f"known_before {int(self.counts_before['known'])}",
            f"net {int(waterfall(self.moves, Rung.KNOWN)['net'].sum())}",
        ]
        return "\n".join(lines)
