"""Where we stand: who and when, coverage now and last week, the ladder."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from coverage_kit.domain.vocabulary import DISPOSITION_LABELS, RUNG_LABELS, Rung
from coverage_kit.i18n import N_
from coverage_kit.measures import CONDITIONS, waterfall
from coverage_kit.reporting.section import LOOK, Section, section, signed
from coverage_kit.reporting.subject import Subject, week_label


@dataclass(frozen=True)
class Tile:
    """A rate with what it is made of, and the same a week before."""

    label: str
    known: int
    required: int
    known_before: int | None
    required_before: int | None
    accounts: int


@dataclass(frozen=True)
class Step:
    """One rung of the ladder: slots there or above, and what came and went in the week."""

    label: str
    count: int
    required: int
    before: int | None
    gained: int
    lost: int


def header(subject: Subject) -> Section:
    """Whose report, of which week, as of when, and how fresh its data is."""
    t = subject.t
    who = t(N_("The team")) if subject.rep is None else subject.staff_names.get(subject.rep, subject.rep)
    text = f"{who} · {week_label(subject.week, t)}"
    return section(
        subject.lang,
        "header.html.j2",
        text,
        who=who,
        team=subject.rep is None,
        week=week_label(subject.week, t),
        year=subject.week.year,
        subject=subject,
        idle_days=None if subject.last_work_at is None else (subject.day - subject.history.day(subject.last_work_at)).days,
        last_work=None if subject.last_work_at is None else t.day(subject.history.day(subject.last_work_at).date()),
        # Seen where the notebook itself is opened; the page brings the same style once for all.
        style=(LOOK / "page.css").read_text("utf-8"),
    )


def headline(subject: Subject) -> Section:
    """How well do we know whom we must know: now, last week, on the focus list?"""
    t, counts = subject.t, subject.counts
    text = t(N_("Coverage {rate}"), rate=t.rate(int(counts["known"]), int(counts["required"])))
    tiles = [
        _tile(t(N_("All accounts")), counts, subject.counts_before if subject.has_before else None),
        _tile(t(N_("Focus list")), subject.counts_focus, subject.counts_focus_before if subject.has_before else None),
    ]
    return section(
        subject.lang,
        "headline.html.j2",
        text,
        tiles=tiles,
        counts=counts,
        team=subject.rep is None,
        summary=_summary(subject),
        no_focus=not counts["accounts"] or not subject.counts_focus["accounts"],
        first_week=not subject.has_before,
    )


def ladder(subject: Subject) -> Section:
    """How far do the required slots get, rung by rung?"""
    t, counts = subject.t, subject.counts
    steps = [_step(subject, rung, name) for rung, name in enumerate(CONDITIONS, 1)]
    text = t(N_("Ladder: {steps}"), steps=", ".join(f"{step.label} {step.count:,}" for step in steps))
    dispositions = subject.now.loc[subject.now["counted"] & subject.now["named"], "disposition"].value_counts()
    return section(
        subject.lang,
        "ladder.html.j2",
        text,
        steps=steps,
        counts=counts,
        unknown=int(counts["required"] - counts["named"]),
        compared=subject.has_before,
        dispositions=[(t(label), int(dispositions.get(key.value, 0))) for key, label in DISPOSITION_LABELS.items()],
    )


def facts(subject: Subject) -> Section:
    """The report's numbers in plain text, small enough to be compared by a test."""
    counts, before = subject.counts, subject.counts_before
    names = ("accounts", "required", *CONDITIONS, "vacant", "not_applicable", "persons")
    lines = [
        f"{subject.rep or 'team'} {subject.week}",
        *(f"{name}: {int(counts[name])} ({signed(int(counts[name]) - int(before[name]))})" for name in names),
    ]
    return Section("\n".join(lines))


def end(subject: Subject) -> Section:
    """The mark by which the batch sees that a report is whole."""
    return Section("coverage-kit: end of report")


def _tile(label: str, counts: pd.Series, before: pd.Series | None) -> Tile:
    return Tile(
        label,
        int(counts["known"]),
        int(counts["required"]),
        None if before is None else int(before["known"]),
        None if before is None else int(before["required"]),
        int(counts["accounts"]),
    )


def _step(subject: Subject, rung: int, name: str) -> Step:
    flow = waterfall(subject.moves, rung)
    return Step(
        subject.t(RUNG_LABELS[Rung(rung)]),
        int(subject.counts[name]),
        int(subject.counts["required"]),
        int(subject.counts_before[name]) if subject.has_before else None,
        int(flow["gained"].sum()),
        int(flow["lost"].sum()),
    )


def _summary(subject: Subject) -> str:
    """The week in one sentence; where nothing can be counted yet, the next step."""
    t = subject.t
    if not subject.counts["required"]:
        return t(N_("No required seats yet. Next step: import accounts and assign them (coverage-kit import accounts, coverage-kit assign)."))
    if not subject.counts["named"]:
        return t(N_("Nobody is written down yet. Next step: open the biggest account and write one name you are sure of."))
    if not subject.has_before:
        return t(N_("This is the first week: from the next one on, this page also shows what moved."))
    flow = waterfall(subject.moves, Rung.KNOWN)
    gained, lost = int(flow["gained"].sum()), int(flow["lost"].sum())
    if not gained and not lost:
        return t(N_("No seat moved between known and not known this week."))
    return t(N_("This week: {gained} seats newly known, {lost} to look at again."), gained=gained, lost=lost)
