"""The parts that the weekly pages of a rep and of the team share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import pandas as pd

from coverage_kit.charts import draw, plot_ladder, plot_trend, plot_waterfall
from coverage_kit.coaching.context import person_label
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.vocabulary import CAUSE_LABELS, RUNG_LABELS, Cause, Rung
from coverage_kit.domain.week import local_minute
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.measures import (
    CONDITIONS,
    blind_roles,
    capacity,
    cleaned,
    contacts,
    coverage,
    freshness,
    open_slots,
    pace,
    several_roles,
    stall,
    verifications,
    waterfall,
)
from coverage_kit.measures.titles import RoleTitles
from coverage_kit.reporting.pages.figures import WeekFigures
from coverage_kit.reporting.pages.section import Section, draw_section

END = "coverage-kit: end of report"
_ROWS = 10
_STATES = {
    "fresh": N_("fresh"),
    "due_soon": N_("due within 30 days"),
    "stale": N_("check again"),
    "never": N_("never checked"),
    "vacant": N_("vacant"),
    "unknown": N_("unknown"),
}


@dataclass(frozen=True)
class WeeklyReport(WeekFigures):
    """One week of one rep, or of the team; every property from ``header`` on is a part of the page."""

    t: Texts
    settings: CoachingSettings

    @cached_property
    def _titles(self) -> RoleTitles:
        return self.history.role_titles(self.at, self.t.lang, self.rep)

    def _part(self, macro: str, text: str, *args: Any) -> Section:
        return draw_section(self.t, macro, text, *args)

    # The parts -----------------------------------------------------------------------------------------------------

    @cached_property
    def title(self) -> str:
        """The title of the page."""
        t = self.t
        if self.rep is None:
            return t(N_("The team: weekly progress"))
        return t(N_("{name}: weekly progress"), name=self.staff.get(self.rep, self.rep))

    @cached_property
    def period(self) -> str:
        """The week in words."""
        return self.t.week(self.week.year, self.week.number, self.week.monday)

    @cached_property
    def list_titles(self) -> dict[str, tuple[str, int]]:
        """Title and version of each required-role list in use, by its key."""
        roles = self.history.roles(self.at)
        used = roles.loc[roles["template"].isin(set(self.slots["template"]))].drop_duplicates("template")
        columns = used["template"], used[f"template_{self.t.lang}"], used["template_version"]
        return {key: (title or key, int(version)) for key, title, version in zip(*columns, strict=True)}

    @property
    def header(self) -> Section:
        """Title, week, instant, and the required-role lists in force."""
        zone = self.history.zone
        titles = self.list_titles
        facts = {
            "title": self.title,
            "period": self.period,
            "when": local_minute(self.at, zone),
            "templates": ", ".join(f"{title} v{version}" for title, version in titles.values()) or "–",
            "unfinished": self.at < self.week.as_of(zone),
        }
        return self._part("header", f"{self.title} · {self.period}", facts)

    @property
    def headline(self) -> Section:
        """Coverage now and last week, for the whole and for the focus list."""
        t, now, was = self.t, self.counts, self.counts_before
        focus, focus_was = (coverage(f.loc[f["focus"]]).iloc[0] for f in (self.slots, self.before))
        of_last = N_("{n} of {required} positions · last week {before}")

        def tile(name: str, counts: pd.Series, earlier: pd.Series) -> dict[str, str]:
            of = t(
                of_last,
                n=t.number(counts["known"]),
                required=t.number(counts["required"]),
                before=t.rate(int(earlier["known"]), int(earlier["required"])),
            )
            return {"name": name, "value": t.percent(counts["known"], counts["required"]), "of": of}

        persons = t(N_("last week {before}"), before=t.number(was["persons"]))
        tiles = [
            tile(t(N_("Coverage, all accounts")), now, was),
            tile(t(N_("Coverage, focus list")), focus, focus_was),
            {
                "name": t(N_("Names written")),
                "value": t.percent(now["named"], now["required"]),
                "of": t(
                    N_("{n} of {required} positions"), n=t.number(now["named"]), required=t.number(now["required"])
                ),
            },
            {"name": t(N_("People known by name")), "value": t.number(now["persons"]), "of": persons},
        ]
        note = t(
            N_n(
                "Counted apart: {vacant} vacant, {na} not applicable. {accounts} account, {focus} of them on the focus list.",
                "Counted apart: {vacant} vacant, {na} not applicable. {accounts} accounts, {focus} of them on the focus list.",
                by="accounts",
            ),
            vacant=t.number(now["vacant"]),
            na=t.number(now["not_applicable"]),
            accounts=t.number(now["accounts"]),
            focus=t.number(focus["accounts"]),
        )
        if self.rep is None:
            index = "–" if now["success_index"] != now["success_index"] else f"{now['success_index']:.1f}"
            note += " " + t(N_("Success index {index} (50 × named + 25 × represented + 25 × favorable)."), index=index)
        return self._part(
            "headline", t(N_("Coverage {rate}"), rate=t.rate(int(now["known"]), int(now["required"]))), tiles, note
        )

    @property
    def ladder(self) -> Section:
        """How many slots are on each rung or above, now and last week."""
        t = self.t
        table = pd.DataFrame({"now": self.counts, "before": self.counts_before}).T
        if not self.counts_before["required"]:
            table = table.drop(index="before")
        alt = "; ".join(
            f"{t(RUNG_LABELS[Rung(i + 1)])} {t.rate(int(self.counts[c]), int(self.counts['required']))}"
            for i, c in enumerate(CONDITIONS)
        )
        chart = self._chart(partial(plot_ladder, table), alt, 5.2, 3.0)
        return self._part(
            "chart_section",
            alt,
            t(N_("The ladder")),
            t(N_("Each rung needs all those below it: a name, a check, one of ours, a disposition.")),
            chart,
            [],
        )

    @property
    def flow(self) -> Section:
        """Why coverage rose and fell this week."""
        t = self.t
        gone = cleaned(self.history, self.before_at, self.at)
        n_cleaned = len(gone if self.rep is None else gone.loc[gone["rep"] == self.rep])
        words = N_("Cleaned: {n} found to have left, and recorded. That is progress: the list tells the truth again.")
        return self._flow(
            self.moves,
            (int(self.counts_before["known"]), int(self.counts["known"])),
            t(N_("This week's movement")),
            t(N_("Known positions, from last week to this one.")),
            t(words, n=n_cleaned) if n_cleaned else "",
        )

    def _flow(self, moves: pd.DataFrame, ends: tuple[int, int], title: str, lead: str, note: str) -> Section:
        """A waterfall of known slots from last week to this one, with a note on departures found."""
        t = self.t
        flow = waterfall(moves, Rung.KNOWN)
        words = ", ".join(
            f"{t(CAUSE_LABELS[Cause(c)])} {n:+d}" for c, n in zip(flow["cause"], flow["net"], strict=True)
        )
        alt = f"{ends[0]} → {ends[1]}" + (f": {words}" if words else "")
        chart = self._chart(lambda ax, lang: plot_waterfall(flow, ends[0], ax=ax, lang=lang), alt, 5.2, 3.0)
        notes = [note] if note else []
        if not len(flow):
            notes.append(t(N_("Nothing moved on this rung this week.")))
        return self._part("chart_section", alt, title, lead, chart, notes)

    @property
    def trend(self) -> Section:
        """Up to 26 weeks, and a forecast at the present pace."""
        t, weeks = self.t, self.weeks
        speed = pace(weeks)
        if speed.gain is None:
            note = t(N_("The pace shows after three weeks."))
        else:
            note = t(
                N_("Median of the last {n} weeks: {gain} positions a week. At this pace {rate} in 8 weeks."),
                n=speed.weeks,
                gain=f"{speed.gain:+.1f}".replace("-", "−").removesuffix(".0"),
                rate=t.rate(speed.projected or 0, speed.required),
            )
        shown = weeks.loc[weeks["required"] > 0]
        alt = "; ".join(
            f"{w[5:]} {t.percent(k, r)}"
            for w, k, r in zip(shown["week"], shown["known"], shown["required"], strict=True)
        )
        return self._part(
            "chart_section",
            alt,
            t(N_("The weeks so far")),
            t(N_("Share of required positions, up to 26 weeks.")),
            self._chart(partial(plot_trend, weeks), alt, 5.2, 2.9),
            [note],
        )

    @property
    def roles(self) -> Section:
        """Required role by rung."""
        t = self.t
        rows = [
            {
                "title": self._titles.of(row["role"]),
                "cells": [
                    {"n": row[f"rung_{r}"], "shade": _shade(row[f"rung_{r}"], row["required"])} for r in range(6)
                ],
                "known": t.rate(row["known"], row["required"]),
            }
            for row in blind_roles(self.slots).to_dict("records")
        ]
        return self._part("roles", f"{len(rows)}", rows, [t(RUNG_LABELS[r]) for r in Rung])

    @property
    def accounts(self) -> Section:
        """Accounts by open slots, focus list first."""
        t = self.t
        table = open_slots(self.slots)
        rows = [
            {
                "account_name": r["account_name"],
                "focus": bool(r["focus"]),
                "open": int(r["open"]),
                "known": t.rate(int(r["known"]), int(r["required"])),
            }
            for r in table.head(_ROWS).to_dict("records")
        ]
        more = (
            t(N_n("… and {n} more account.", "… and {n} more accounts."), n=t.number(len(table) - _ROWS))
            if len(table) > _ROWS
            else ""
        )
        return self._part("accounts", f"{len(table)}", rows, more)

    @property
    def fresh(self) -> Section:
        """How fresh our knowledge is, and how many checks keep it fresh."""
        t = self.t
        states = freshness(self.slots, self.history.day(self.at))
        total = max(int(states.sum()), 1)
        shown = [
            {"key": key, "name": t(label), "n": t.number(states[key]), "width": round(100 * states[key] / total, 2)}
            for key, label in _STATES.items()
        ]
        focus = self.slots.loc[self.slots["focus"] & self.slots["counted"]]
        done = verifications(self.history, self.before_at, self.at, self.rep)
        if len(focus):
            cost = capacity(len(focus), float(focus["freshness_days"].mean()))
            notes = [
                t(
                    N_n(
                        "To keep the focus list known takes {n} verification a week; this week {done} were made.",
                        "To keep the focus list known takes {n} verifications a week; this week {done} were made.",
                    ),
                    n=cost,
                    done=done,
                )
            ]
        else:
            notes = [
                t(
                    N_(
                        "No focus list yet. Next: mark the accounts you undertake to keep known with the star in the workbook."
                    )
                )
            ]
        listed, before = (set(f.loc[f["focus"], "account"]) for f in (self.slots, self.before))
        if before and listed != before:
            notes.append(
                t(
                    N_("On the focus list since last week: {more} new, {fewer} taken off."),
                    more=len(listed - before),
                    fewer=len(before - listed),
                )
            )
        whole = self.slots.loc[self.slots["counted"]]
        if len(whole):
            notes.append(
                t(
                    N_("The whole territory would take {n} a week."),
                    n=t.number(capacity(len(whole), float(whole["freshness_days"].mean()))),
                )
            )
        return self._part("fresh", str(states.to_dict()), shown, notes)

    @property
    def people(self) -> Section:
        """People with several roles, and the rest of the contact list."""
        t = self.t
        rows = [
            {
                "holder": self._person(r),
                "account_name": r["account_name"],
                "roles": ", ".join(self._titles.of(role, r["account"]) for role in r["roles"]),
            }
            for r in several_roles(self.slots).head(6).to_dict("records")
        ]
        listed = contacts(self.history, self.at, rep=self.rep)
        n = {c: int(listed[c].sum()) for c in ("contacts", "left", "retired", "moved", "unidentified")}
        notes = [
            t(
                N_(
                    "In the contact list: {contacts} people, of whom {ghosts} are recorded as gone and {unidentified} are tied to no required role."
                ),
                contacts=t.number(n["contacts"]),
                ghosts=t.number(n["left"] + n["retired"] + n["moved"]),
                unidentified=t.number(n["unidentified"]),
            )
        ]
        idle = stall(self.history, self.at)
        for row in idle.loc[idle["stalled"] & (idle["rep"] == self.rep)].to_dict("records"):
            notes.append(self._idle(row))
        return self._part("people", f"{len(rows)}", rows, notes)

    def _idle(self, row: dict[Any, Any]) -> str:
        if pd.isna(row["idle_weeks"]):
            return self.t(N_("Nothing has been recorded yet. A first step: open one account and write one name."))
        return self.t(
            N_n(
                "Progress paused: nothing recorded for {n} week. A first step: one call from the list above.",
                "Progress paused: nothing recorded for {n} weeks. A first step: one call from the list above.",
            ),
            n=int(row["idle_weeks"]),
        )

    @property
    def end(self) -> str:
        """The line that tells the batch that the report is complete."""
        return END

    def _person(self, row: dict[Any, Any]) -> str:
        name, title = row.get("holder"), row.get("title")
        if not isinstance(name, str):
            return "–" if row.get("person") is None else self.t(N_("(erased)"))
        return person_label(self.t, name, title if isinstance(title, str) else None)

    def _chart(self, plot: Any, alt: str, width: float, height: float) -> dict[str, str]:
        return {"src": draw(lambda ax: plot(ax=ax, lang=self.t.lang), width=width, height=height), "alt": alt}


def _shade(n: int, total: int) -> int:
    """0 (none) to 5 (nearly all)."""
    share = n / total if total else 0
    return 0 if not n else min(1 + int(share * 5), 5)
