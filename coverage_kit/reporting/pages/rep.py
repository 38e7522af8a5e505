"""The parts of a rep's weekly page that only the rep and the coach see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from coverage_kit.coaching.agenda import build_agenda
from coverage_kit.domain.coaching import DECISION_LINES, DECISIONS_TITLE, Decision
from coverage_kit.i18n import N_
from coverage_kit.measures import calibration, of_week
from coverage_kit.measures.decisions import decided
from coverage_kit.reporting.pages.coaching import CoachingWeekly
from coverage_kit.reporting.pages.section import Section

_CLAIMS = 8
_AHEAD = 8


@dataclass(frozen=True)
class RepWeekly(CoachingWeekly):
    """One week of one rep."""

    @property
    def commitments(self) -> Section:
        """Last week's commitments with their outcomes, those ahead, and what leaders decided."""
        t = self.t
        sunday = self.week.sunday.isoformat()
        due = of_week(self.committed, self.before_at, self.at, sunday)
        settled = due.loc[due["outcome"].notna()]
        ahead = self.committed.loc[
            self.committed["state"].isin(["open", "overdue"]) & (self.committed["due_on"] > sunday)
        ]
        rows = [[self._say(r, names=True), self._standing(r)] for r in due.to_dict("records")]
        later = [[self._say(r, names=True), self._standing(r)] for r in ahead.head(_AHEAD).to_dict("records")]
        kept = int((settled["outcome"] == "kept").sum())
        summary = t(N_("Kept {rate}"), rate=t.rate(kept, len(due)))
        return self._part(
            "commitments",
            summary,
            summary,
            rows,
            later,
            t(DECISIONS_TITLE),
            self._decided(),
        )

    def _decided(self) -> list[list[str]]:
        """What leaders decided in the last weeks, in the words of the rep's page."""
        t = self.t
        return [
            [
                self._task(row, names=True),
                t(
                    DECISION_LINES[Decision(row["decision"])],
                    by=self.staff.get(row["by"], row["by"]),
                    day=t.day(self.history.day(row["at"]).date()),
                ),
            ]
            for row in decided(self.history, self.at, self.rep or "").to_dict("records")
        ]

    @property
    def promises(self) -> Section:
        """The name of ``commitments`` in the templates of version 0.1.0; workspaces may hold copies of them."""
        return self.commitments

    @property
    def next(self) -> Section:
        """The next hour, each entry with its reason."""
        t = self.t
        entries = build_agenda(self.history, self.at, self.rep or "", minutes=60, settings=self.settings, t=t)
        items = [
            {
                "account_name": entry.account_name,
                "role": entry.role_title or "",
                "focus": entry.focus,
                "sentence": entry.why,
                "minutes": t.number(entry.minutes),
                "phone": entry.phone or "",
            }
            for entry in entries
        ]
        empty = t(N_("Nothing is open. Next: put accounts on the focus list, or import accounts."))
        return self._part(
            "next", "\n".join(f"{i['account_name']} · {i['role']}: {i['sentence']}" for i in items), items, empty
        )

    @property
    def claims(self) -> Section:
        """Claim and coverage side by side, with no verdict; for the rep and the coach."""
        t = self.t
        table = calibration(self.history, self.at, rep=self.rep)
        rows = [self._claim(row) for row in table.iloc[::-1].head(_CLAIMS).to_dict("records")]
        return self._part(
            "small_table",
            f"{len(table)}",
            t(N_("Claimed and measured")),
            t(N_("What was said before the numbers were shown, and what they were at that moment.")),
            [t(m) for m in (N_("About"), N_("Day"), N_("Claimed"), N_("Measured"))],
            rows,
            t(N_("No claim yet. The next session begins with one.")),
            [],
        )

    def _claim(self, row: dict[Any, Any]) -> list[str]:
        t = self.t
        claimed = "–" if pd.isna(row["claimed"]) else t.percent(row["claimed"], 1)
        names = [name for name in (row["account_name"], row["account"]) if isinstance(name, str)]
        about = names[0] if names else t(N_("the whole territory"))
        day = t.day(self.history.day(row["at"]).date())
        return [about, day, claimed, t.rate(row["known"], row["required"])]
