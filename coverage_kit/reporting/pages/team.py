"""The parts of the team's weekly page; it ranks nobody and names no customer's people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from coverage_kit.charts import draw, plot_contacts
from coverage_kit.domain.vocabulary import LEVEL_LABELS, AccountStatus, Level, StaffFunction
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.measures import (
    audit,
    calibration,
    cleaned,
    coached,
    coverage,
    doors,
    spread,
    stall,
)
from coverage_kit.overview import audit_line, audit_of
from coverage_kit.reporting.pages.coaching import CoachingWeekly
from coverage_kit.reporting.pages.section import Section

_ROWS = 10


@dataclass(frozen=True)
class TeamWeekly(CoachingWeekly):
    """One week of the team; ``source_dates`` is what ``load_source_dates`` gave at its end."""

    source_dates: pd.DataFrame

    @property
    def leaders(self) -> Section:
        """Commitments and requests of leaders: overdue first, then those that wait for an answer."""
        t = self.t
        above = self.committed["function"].isin([StaffFunction.MANAGER.value, StaffFunction.EXECUTIVE.value])
        own = self.committed.loc[above & self.committed["state"].isin(["open", "overdue"]) & self._visible]
        waits = own["answer"].isna()
        shown = own.assign(_late=own["state"].eq("overdue"), _waits=waits).sort_values(
            ["_late", "_waits", "due_on", "commitment"], ascending=[False, False, True, True]
        )
        rows = [
            [self._say(r, names=False), self._standing(r), t(N_("waits for a reply")) if r["_waits"] else ""]
            for r in shown.head(_ROWS).to_dict("records")
        ]
        return self._part(
            "table",
            f"{len(own)}",
            t(N_("First: commitments and requests of leaders")),
            t(N_("Overdue first. A request that nobody answers by its date goes to the next manager.")),
            [t(m) for m in (N_("Commitment"), N_("How it stands"), N_("Answer"))],
            rows,
            t(N_("They have no open commitments.")),
        )

    @property
    def _visible(self) -> pd.Series:
        """A request of a session is shown once the rep has agreed to it."""
        sessions = self.history.as_of("session", self.at).set_index("id")["agreed"]
        agreed = self.committed["session"].map(sessions)
        return agreed.isna() | (agreed == 1)

    @property
    def doors(self) -> Section:
        """Three doors that only somebody above can open."""
        t = self.t
        rows = [
            [
                f"{r['account_name']} · {self._titles.of(r['role'], r['account'])}",
                t(N_("help was asked for")) if r["asked"] else t(N_("known, and nobody can meet them yet")),
                t(N_("carried over {n}×"), n=r["carried"]) if r["carried"] else "",
            ]
            for r in doors(self.committed, self.slots).to_dict("records")
        ]
        return self._part(
            "small_table",
            f"{len(rows)}",
            t(N_("Doors only leaders can open")),
            t(N_("Three at a time, from the focus lists.")),
            [t(m) for m in (N_("Position"), N_("Why"), N_("Carried over"))],
            rows,
            t(N_("No door waits for a leader.")),
            [],
        )

    @property
    def focus_flow(self) -> Section:
        """Why the focus lists rose and fell this week."""
        t = self.t
        listed = set(self.slots.loc[self.slots["focus"], "account"])
        start, end = (
            int(coverage(f.loc[f["account"].isin(listed)]).iloc[0]["known"]) for f in (self.before, self.slots)
        )
        gone = cleaned(self.history, self.before_at, self.at)
        n_cleaned = int(gone["account"].isin(listed).sum())
        return self._flow(
            self.moves.loc[self.moves["account"].isin(listed)],
            (start, end),
            t(N_("Movement of the focus lists")),
            t(N_("Known positions of the accounts that are on a list now, from last week to this one.")),
            t(N_("Cleaned on the focus lists: {n}."), n=n_cleaned) if n_cleaned else "",
        )

    @property
    def coached(self) -> Section:
        """Which reps were coached this week, in alphabetical order, and how far their claims are from what is known."""
        t = self.t
        table = coached(self.history, self.before_at, self.at)
        rows = [
            [
                self.staff.get(r["rep"], r["rep"]),
                t(N_("yes")) if r["coached"] else t(N_("not this week")),
                t(N_("yes")) if r["agreed"] else "",
            ]
            for r in table.to_dict("records")
        ]
        apart = spread(calibration(self.history, self.at))
        notes = []
        if apart is not None:
            points = [f"{100 * value:+.0f}".replace("-", "−") for value in apart[1:]]
            note = N_(
                "Claim minus coverage of {n} reps, in points: least {least}, median {median}, greatest {greatest}."
            )
            notes.append(t(note, n=apart[0], least=points[0], median=points[1], greatest=points[2]))
        return self._part(
            "small_table",
            f"{int(table['coached'].sum())} / {len(table)}",
            t(N_("Coached this week")),
            t(N_("In alphabetical order.")),
            [t(m) for m in (N_("Rep"), N_("Coached"), N_("Agreed to the commitments"))],
            rows,
            t(N_("No rep here yet.")),
            notes,
        )

    def _person(self, row: dict[Any, Any]) -> str:
        """A shared page shows a person's title instead of the name."""
        title = row.get("title")
        return title if isinstance(title, str) else "–"

    @property
    def reps(self) -> Section:
        """Each rep's territory, in alphabetical order; this is no ranking."""
        t = self.t
        idle = stall(self.history, self.at).set_index("rep")
        now, was = (
            coverage(f.assign(rep=f["rep"].fillna("")), by=["rep"]).set_index("rep") for f in (self.slots, self.before)
        )
        focus = coverage(
            self.slots.loc[self.slots["focus"]].assign(rep=lambda f: f["rep"].fillna("")), by=["rep"]
        ).set_index("rep")
        rows = []
        for key in now.index.astype(str):
            paused = key in idle.index and bool(idle["stalled"][key])
            rows.append(
                [
                    self.staff.get(key, key) if key else t(N_("(no owner)")),
                    t.number(now["accounts"][key]),
                    _rate(t, now, key),
                    _rate(t, was, key),
                    _rate(t, focus, key),
                    t(N_("paused")) if paused else "",
                ]
            )
        head = [
            t(m) for m in (N_("Rep"), N_("Accounts"), N_("Known"), N_("Last week"), N_("Focus list"), N_("Progress"))
        ]
        return self._part(
            "table",
            f"{len(rows)}",
            t(N_("Territories")),
            t(N_("In alphabetical order; territories differ, so they are not compared.")),
            head,
            rows,
            t(N_("No account has a rep yet. Next: assign accounts on the start page.")),
        )

    @property
    def audited(self) -> Section:
        """What the contacts are worth, and where most of them are unconfirmed."""
        t = self.t
        table = audit(self.history, self.at, self.source_dates)
        worst = table.loc[table["contacts"] > table["confirmed"]].head(_ROWS)
        counts = zip(worst["account_name"], audit_of(worst)["accounts"], strict=True)
        lines = [f"{name}: {audit_line(t, each)}" for name, each in counts]
        chart = None
        if len(worst):
            height = 0.5 + 0.24 * len(worst)
            source = draw(lambda ax: plot_contacts(worst, ax=ax, lang=t.lang), width=5.2, height=height)
            chart = {"src": source, "alt": "; ".join(lines)}
        team = audit_of(table)["team"]
        line = audit_line(t, team)
        notes = [line]
        if team["ghost_days"]:
            notes.append(
                t(
                    N_n(
                        "{n} ghost-day: from leaving to our recording it.",
                        "{n} ghost-days: from leaving to our recording it.",
                    ),
                    n=t.number(team["ghost_days"]),
                )
            )
        return self._part(
            "chart_section",
            line,
            t(N_("What our contacts are worth")),
            t(N_("Contacts nobody has checked are neither there nor gone: we do not know.")),
            chart,
            notes,
        )

    @property
    def groups(self) -> Section:
        """Coverage by level, required-role list and segment."""
        t = self.t
        rows = [
            [
                self._group(by, str(r[by])),
                t.number(r["accounts"]),
                t.rate(int(r["named"]), int(r["required"])),
                t.rate(int(r["known"]), int(r["required"])),
                t.rate(int(r["favorable"]), int(r["required"])),
            ]
            for by in ("level", "template", "segment")
            for r in coverage(self.slots, by=[by]).to_dict("records")
        ]
        head = [t(m) for m in (N_("Group"), N_("Accounts"), N_("Named"), N_("Known"), N_("Favorable"))]
        return self._part(
            "table",
            f"{len(rows)}",
            t(N_("By level, required-role list and segment")),
            "",
            head,
            rows,
            t(N_("None yet.")),
        )

    def _group(self, by: str, key: str) -> str:
        match by:
            case "level":
                return self.t(LEVEL_LABELS[Level(key)])
            case "template":
                return self.list_titles[key][0]
        return key

    @property
    def found(self) -> Section:
        """Accounts that an import found and nobody has confirmed."""
        t = self.t
        accounts = self.history.as_of("account", self.at)
        unconfirmed = sorted(accounts.loc[accounts["status"] == AccountStatus.UNCONFIRMED.value, "name"])
        rows = [[name] for name in unconfirmed[:_ROWS]]
        lead = t(
            N_n(
                "{n} account is only in a contact list; it counts once it is assigned on the start page.",
                "{n} accounts are only in a contact list; they count once they are assigned on the start page.",
            ),
            n=len(unconfirmed),
        )
        return self._part(
            "table",
            f"{len(unconfirmed)}",
            t(N_("Accounts to confirm")),
            lead if unconfirmed else "",
            [t(N_("Account"))],
            rows,
            t(N_("None: every account has been confirmed.")),
        )


def _rate(t: Texts, table: pd.DataFrame, key: str) -> str:
    return t.rate(int(table["known"][key]), int(table["required"][key])) if key in table.index else "–"
