"""The weekly reports as objects whose parts the cells of the templates show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Any

import pandas as pd

from coverage_kit.charts import draw, plot_ladder, plot_trend, plot_waterfall
from coverage_kit.coaching.hour import build_agenda
from coverage_kit.config import CoachingSettings
from coverage_kit.domain.vocabulary import CAUSE_LABELS, LEVEL_LABELS, RUNG_LABELS, Cause, Level, Rung
from coverage_kit.domain.week import Week
from coverage_kit.errors import NotFound
from coverage_kit.i18n import N_, Texts, texts
from coverage_kit.measures import (
    CONDITIONS,
    History,
    blind_roles,
    capacity,
    cleaned,
    contacts,
    coverage,
    freshness,
    movement,
    open_seats,
    pace,
    several_roles,
    stall,
    trend,
    verifications,
    waterfall,
)
from coverage_kit.reporting.section import Section, environment
from coverage_kit.workspace import Workspace, open_workspace

END = "coverage-kit: end of report"
_TREND_WEEKS = 26
_ROWS = 10
_STATES = {
    "fresh": N_("fresh"),
    "due_soon": N_("due within 30 days"),
    "stale": N_("check again"),
    "never": N_("never checked"),
    "vacant": N_("vacant"),
    "unknown": N_("unknown"),
}


def build_rep_weekly(rep: str = "", week: str = "", lang: str = "", as_of: str = "") -> WeeklyReport:
    """What does a rep, with the coach, need to see of this week in a minute?

    Parameters
    ----------
    rep : str
        Id or name of the rep; the first one by default.
    week : str
        Like ``2026-W47``; the last week that has ended by default.
    lang : str
        ``ko`` or ``en``; the workspace's by default.
    as_of : str
        The instant for a week that is not over yet; the week's end by default.

    Returns
    -------
    WeeklyReport
        Its attributes are the parts of the report.
    """
    with open_workspace() as ws:
        known = ws.reps()
        if not (rep or known):
            raise NotFound(
                "report.no_reps", N_("No rep here yet; assign accounts first: coverage-kit assign ACCOUNT --rep REP")
            )
        staff = {row["id"]: row["name"] or row["id"] for row in ws.ledger.as_of("staff")}
        key = rep or known[0]
        return _build(ws, week, lang, as_of, rep=key, name=staff.get(key, key))


def build_team_weekly(week: str = "", lang: str = "", as_of: str = "") -> WeeklyReport:
    """What do a manager and coach need to see of the whole team this week?

    Parameters and return value are those of ``build_rep_weekly``, for all reps together.
    """
    with open_workspace() as ws:
        return _build(ws, week, lang, as_of, rep=None, name="")


def _build(ws: Workspace, week: str, lang: str, as_of: str, *, rep: str | None, name: str) -> WeeklyReport:
    chosen = Week.parse(week) if week else ws.last_week()
    at = ws.instant(as_of) if as_of else min(chosen.as_of(ws.zone), ws.now())
    return WeeklyReport(
        t=texts(lang or ws.lang),
        week=chosen,
        at=at,
        before_at=(chosen - 1).as_of(ws.zone),
        rep=rep,
        name=name,
        history=ws.history(rep=rep, until=at),
        staff={row["id"]: row["name"] or row["id"] for row in ws.ledger.as_of("staff")},
        unconfirmed=[row["name"] for row in ws.unconfirmed()],
        settings=ws.config.coaching,
    )


@dataclass(frozen=True)
class WeeklyReport:
    """One week of one rep, or of the team; every attribute below ``header`` is a part of the page."""

    t: Texts
    week: Week
    at: int
    before_at: int
    rep: str | None
    name: str
    history: History
    staff: dict[str, str]
    unconfirmed: list[str]
    settings: CoachingSettings

    # What the parts are made of ------------------------------------------------------------------------------------

    @cached_property
    def slots(self) -> pd.DataFrame:
        """Required slots at the report's instant."""
        return self._own(self.history.slots(self.at))

    @cached_property
    def before(self) -> pd.DataFrame:
        """Required slots at the end of the week before."""
        return self._own(self.history.slots(self.before_at))

    @cached_property
    def moves(self) -> pd.DataFrame:
        """What moved in between."""
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
        first = self.history.frames["account"]["at"].min()
        zone = self.history.zone
        instants = [(w, w.as_of(zone)) for w in (self.week - i for i in range(_TREND_WEEKS - 1, 0, -1))]
        started = [(w, at) for w, at in instants if first == first and at >= first]
        return trend(self.history, [*started, (self.week, self.at)], rep=self.rep)

    def _own(self, slots: pd.DataFrame) -> pd.DataFrame:
        return slots if self.rep is None else slots.loc[slots["rep"] == self.rep]

    @cached_property
    def _titles(self) -> dict[str, str]:
        roles = self.history.roles(self.at).drop_duplicates("role")
        return dict(zip(roles["role"], roles[f"title_{self.t.lang}"], strict=True))

    def _part(self, macro: str, text: str, *args: Any) -> Section:
        module = environment().get_template("sections.html.j2").make_module({"_": self.t, "t": self.t})
        return Section(str(getattr(module, macro)(*args)).strip(), text)

    # The parts -----------------------------------------------------------------------------------------------------

    @cached_property
    def title(self) -> str:
        """The title of the page."""
        t = self.t
        return t(N_("{name}: weekly progress"), name=self.name) if self.rep else t(N_("The team: weekly progress"))

    @cached_property
    def period(self) -> str:
        """The week in words."""
        return week_in_words(self.week, self.t)

    @property
    def header(self) -> Section:
        """Whose week this is, as of when, and by which required roles."""
        zone = self.history.zone
        roles = self.history.roles(self.at)
        used = roles.loc[roles["template"].isin(set(self.slots["template"]))].drop_duplicates("template")
        facts = {
            "title": self.title,
            "period": self.period,
            "when": datetime.fromtimestamp(self.at / 1000, zone).strftime("%Y-%m-%d %H:%M"),
            "templates": ", ".join(
                f"{key} v{version}" for key, version in zip(used["template"], used["template_version"], strict=True)
            )
            or "–",
            "unfinished": self.at < self.week.as_of(zone),
        }
        return self._part("header", f"{self.title} · {self.period}", facts)

    @property
    def headline(self) -> Section:
        """Coverage now and last week, for the whole and for the focus list."""
        t, now, was = self.t, self.counts, self.counts_before
        focus, focus_was = (coverage(f.loc[f["focus"]]).iloc[0] for f in (self.slots, self.before))
        of_last = N_("{n} of {required} seats · last week {before}")

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
                "of": t(N_("{n} of {required} seats"), n=t.number(now["named"]), required=t.number(now["required"])),
            },
            {"name": t(N_("People known by name")), "value": t.number(now["persons"]), "of": persons},
        ]
        note = t(
            N_(
                "Beside these: {vacant} vacant, {na} not applicable. {accounts} accounts, {focus} of them on the focus list."
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
        """How many slots are on each rung or above, beside last week."""
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
        """What made coverage rise and fall this week."""
        t = self.t
        flow = waterfall(self.moves, Rung.KNOWN)
        gone = cleaned(self.history, self.before_at, self.at)
        n_cleaned = len(gone if self.rep is None else gone.loc[gone["rep"] == self.rep])
        start, end = int(self.counts_before["known"]), int(self.counts["known"])
        words = ", ".join(
            f"{t(CAUSE_LABELS[Cause(c)])} {n:+d}" for c, n in zip(flow["cause"], flow["net"], strict=True)
        )
        alt = f"{start} → {end}" + (f": {words}" if words else "")
        chart = self._chart(lambda ax, lang: plot_waterfall(flow, start, ax=ax, lang=lang), alt, 5.2, 3.0)
        notes = []
        if n_cleaned:
            notes.append(
                t(
                    N_(
                        "Cleaned: {n} found to have left, and recorded. That is progress: the list tells the truth again."
                    ),
                    n=n_cleaned,
                )
            )
        if not len(flow):
            notes.append(t(N_("Nothing moved on this rung this week.")))
        return self._part(
            "chart_section",
            alt,
            t(N_("This week's movement")),
            t(N_("Known seats, from last week to this one.")),
            chart,
            notes,
        )

    @property
    def next(self) -> Section:
        """The next things to do, each with its reason."""
        t = self.t
        entries = build_agenda(self.history, self.at, self.rep or "", minutes=60, settings=self.settings, t=t)
        items = [
            {
                "account_name": entry.account_name,
                "role": ", ".join(self._titles.get(role, role) for role in entry.roles),
                "focus": entry.focus,
                "sentence": entry.why,
                "minutes": t.number(entry.minutes),
                "phone": (phone := next((seat.phone for seat in entry.seats if seat.phone), "")),
                "tel": "".join(c for c in str(phone or "") if c in "+0123456789"),
            }
            for entry in entries
        ]
        empty = t(N_("Nothing is open. Next: put accounts on the focus list, or import accounts."))
        return self._part(
            "next", "\n".join(f"{i['account_name']} · {i['role']}: {i['sentence']}" for i in items), items, empty
        )

    @property
    def trend(self) -> Section:
        """Up to 26 weeks, and where the pace leads."""
        t, weeks = self.t, self.weeks
        speed = pace(weeks)
        if speed.gain is None:
            note = t(N_("The pace shows after three weeks."))
        else:
            note = t(
                N_("Median of the last {n} weeks: {gain} seats a week. At this pace {rate} in 8 weeks."),
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
            t(N_("Share of required seats, up to 26 weeks.")),
            self._chart(partial(plot_trend, weeks), alt, 5.2, 2.9),
            [note],
        )

    @property
    def roles(self) -> Section:
        """Required role by rung."""
        t = self.t
        rows = [
            {
                "title": self._titles[row["role"]],
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
        """Accounts by open seats, focus list first."""
        t = self.t
        table = open_seats(self.slots)
        rows = [
            {
                "account_name": r["account_name"],
                "focus": bool(r["focus"]),
                "open": int(r["open"]),
                "known": t.rate(int(r["known"]), int(r["required"])),
            }
            for r in table.head(_ROWS).to_dict("records")
        ]
        more = t(N_("… and {n} more accounts."), n=t.number(len(table) - _ROWS)) if len(table) > _ROWS else ""
        return self._part("accounts", f"{len(table)}", rows, more)

    @property
    def fresh(self) -> Section:
        """How fresh what we know is, and what it costs to keep."""
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
                    N_("To keep the focus list known takes {n} verifications a week; this week {done} were made."),
                    n=cost,
                    done=done,
                )
            ]
        else:
            notes = [
                t(
                    N_(
                        "No focus list yet. Next: choose the accounts you undertake to keep known: coverage-kit assign ACCOUNT --rep REP --focus"
                    )
                )
            ]
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
        """Who holds several roles, and what else is in the contact list."""
        t = self.t
        rows = [
            {
                "holder": self._person(r),
                "account_name": r["account_name"],
                "roles": ", ".join(self._titles[k] for k in r["roles"]),
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
            return self.t(N_("Nothing has been written yet. A first step: open one account and write down one name."))
        return self.t(
            N_("Progress paused: nothing written for {n} weeks. A first step: one call from the list above."),
            n=int(row["idle_weeks"]),
        )

    # Parts of the team's page --------------------------------------------------------------------------------------

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
            t(N_("No account has a rep yet. Next: coverage-kit assign ACCOUNT --rep REP")),
        )

    @property
    def groups(self) -> Section:
        """Coverage by level, segment and template."""
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
        return self.t(LEVEL_LABELS[Level(key)]) if by == "level" else key

    @property
    def found(self) -> Section:
        """Accounts that an import found and nobody has confirmed."""
        t = self.t
        rows = [[name] for name in sorted(self.unconfirmed)[:_ROWS]]
        lead = t(
            N_(
                "{n} accounts stand only in a contact list; they count once somebody looks after them: coverage-kit assign ACCOUNT --rep REP"
            ),
            n=len(self.unconfirmed),
        )
        return self._part(
            "table",
            f"{len(self.unconfirmed)}",
            t(N_("Accounts to confirm")),
            lead if self.unconfirmed else "",
            [t(N_("Account"))],
            rows,
            t(N_("None: every account has been confirmed.")),
        )

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

    @property
    def end(self) -> str:
        """The line by which the batch knows that the report is whole."""
        return END

    def _person(self, row: dict[Any, Any]) -> str:
        name, title = row.get("holder"), row.get("title")
        if not isinstance(name, str):
            return "–" if row.get("person") is None else self.t(N_("(erased)"))
        return (
            self.t(N_("{name} ({title})"), name=name, title=title)
            if isinstance(title, str)
            else self.t(N_("{name}"), name=name)
        )

    def _chart(self, plot: Any, alt: str, width: float, height: float) -> dict[str, str]:
        return {"src": draw(lambda ax: plot(ax=ax, lang=self.t.lang), width=width, height=height), "alt": alt}


def week_in_words(week: Week, t: Texts) -> str:
    """``47주차 (11.16~22)`` or ``Week 47 (16–22 Nov)``."""
    a, b = week.monday, week.sunday
    if t.lang == "ko":
        last = f"{b.day}" if a.month == b.month else f"{b.month}.{b.day}"
        return f"{week.year}년 {week.number}주차 ({a.month}.{a.day}~{last})"
    first = f"{a.day}" if a.month == b.month else f"{a.day} {a:%b}"
    return f"Week {week.number}, {week.year} ({first}–{b.day} {b:%b})"


def _rate(t: Texts, table: pd.DataFrame, key: str) -> str:
    return t.rate(int(table["known"][key]), int(table["required"][key])) if key in table.index else "–"


def _shade(n: int, total: int) -> int:
    """0 (none) to 5 (nearly all)."""
    share = n / total if total else 0
    return 0 if not n else min(1 + int(share * 5), 5)
