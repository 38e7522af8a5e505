"""What moved in the week and why, and how the weeks add up."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coverage_kit.charts import plot_trend, svg_data_uri
from coverage_kit.domain.vocabulary import CAUSE_LABELS, STRUCTURAL_CAUSES, Cause, Rung
from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, Texts
from coverage_kit.measures import History, Pace, cleaned, pace, trend, waterfall
from coverage_kit.reporting.section import Section, section, signed
from coverage_kit.reporting.subject import Subject

_WEEKS = 26
_AHEAD = 8


@dataclass(frozen=True)
class Bar:
    """One cause of the waterfall: a signed number of slots, and where its bar lies (percent of the width)."""

    label: str
    change: int
    left: float
    width: float


def movement_of_week(subject: Subject) -> Section:
    """Why did the number of known slots change this week?"""
    t = subject.t
    start, end = int(subject.counts_before["known"]), int(subject.counts["known"])
    blocks = _blocks(waterfall(subject.moves, Rung.KNOWN), start, t)
    text = t(
        N_("Known: {start} → {end} ({changes})"),
        start=start,
        end=end,
        changes=", ".join(f"{bar.label} {signed(bar.change)}" for bars in blocks.values() for bar in bars) or "±0",
    )
    return section(
        subject.lang,
        "movement.html.j2",
        text,
        compared=subject.has_before,
        blocks=blocks,
        start=start,
        end=end,
        cleaned=_cleaned(subject),
        required=(int(subject.counts_before["required"]), int(subject.counts["required"])),
    )


def trend_of_weeks(subject: Subject) -> Section:
    """How has coverage developed over half a year, and where does this pace lead?"""
    t = subject.t
    instants = _instants(subject)
    weeks = trend(subject.history, instants, rep=subject.rep)
    focus = _focus_trend(subject, instants)
    now = pace(weeks, span=_AHEAD)
    drawn = len(weeks) > 1
    axes = plot_trend(weeks, focus=focus, lang=subject.lang) if drawn else None
    points = [t.rate(int(k), int(r)) for k, r in zip(weeks["known"], weeks["required"], strict=True)]
    alt = t(
        N_("Coverage by week: {points}"),
        points="; ".join(f"{week} {point}" for week, point in zip(weeks["week"], points, strict=True)),
    )
    return section(
        subject.lang,
        "trend.html.j2",
        alt,
        image=None if axes is None else svg_data_uri(axes),
        alt=alt,
        n_weeks=len(weeks),
        first=(weeks["week"].iloc[0], points[0]) if drawn else None,
        last=(weeks["week"].iloc[-1], points[-1]) if drawn else None,
        pace=_pace_sentence(subject, now, t(N_("the whole"))),
        focus_pace="" if focus is None else _pace_sentence(subject, pace(focus, span=_AHEAD), t(N_("the focus list"))),
    )


def _blocks(flow: pd.DataFrame, start: int, t: Texts) -> dict[str, list[Bar]]:
    """The causes in the order they are told, each bar beginning where the one before ended."""
    structural = flow["cause"].isin([cause.value for cause in STRUCTURAL_CAUSES])
    up, down = flow.assign(change=flow["gained"]), flow.assign(change=-flow["lost"])
    told = {
        N_("Newly known"): up.loc[~structural],
        N_("To look at again"): down.loc[~structural],
        N_("Territory and standard"): pd.concat([up.loc[structural], down.loc[structural]]),
    }
    told = {title: table.loc[table["change"] != 0, ["cause", "change"]] for title, table in told.items()}
    ends = start + pd.concat(list(told.values()))["change"].astype(int).cumsum().to_numpy()
    low, high = min(start, *ends), max(start, *ends)
    scale = 100 / max(high - low, 1)
    blocks: dict[str, list[Bar]] = {}
    running = start
    for title, table in told.items():
        for cause, change in table.itertuples(index=False):
            left = (min(running, running + int(change)) - low) * scale
            bar = Bar(t(CAUSE_LABELS[Cause(cause)]), int(change), round(left, 1), round(abs(int(change)) * scale, 1))
            blocks.setdefault(t(title), []).append(bar)
            running += int(change)
    return blocks


def _cleaned(subject: Subject) -> int:
    found = cleaned(subject.history, subject.before_at, subject.at)
    return len(found if subject.rep is None else found.loc[found["rep"] == subject.rep])


def _instants(subject: Subject) -> list[tuple[Week, int]]:
    zone = subject.history.zone
    accounts = subject.history.frames["account"]["at"]
    first = subject.week if accounts.empty else Week.containing(int(accounts.min()), zone)
    weeks = [subject.week - back for back in range(_WEEKS - 1, -1, -1)]
    instants = [(week, min(week.as_of(zone), subject.at)) for week in weeks if week >= first]
    return instants or [(subject.week, subject.at)]


def _focus_trend(subject: Subject, instants: list[tuple[Week, int]]) -> pd.DataFrame | None:
    """The same for the accounts that are on the focus list now, looked back."""
    chosen = set(subject.focus["account"].astype(object))
    if not chosen or len(instants) < 2:
        return None
    accounts = subject.history.frames["account"]
    frames = {**subject.history.frames, "account": accounts.loc[accounts["id"].isin(chosen)]}
    return trend(History(frames, subject.history.zone), instants, rep=subject.rep)


def _pace_sentence(subject: Subject, now: Pace, what: str) -> str:
    t = subject.t
    if now.gain is None or now.projected is None or not now.required:
        return ""
    return t(
        N_("At this pace {what}: {rate} in {weeks} weeks (median week: {gain} seats, last {span} weeks)."),
        what=what,
        rate=t.rate(now.projected, now.required),
        weeks=_AHEAD,
        gain=f"{now.gain:+g}".replace("-", "−"),
        span=now.weeks,
    )
