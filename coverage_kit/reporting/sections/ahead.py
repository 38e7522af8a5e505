"""What comes next: a short call list with its reasons, and where work has come to rest."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from coverage_kit.i18n import N_, Texts
from coverage_kit.measures import REASONS, next_things, stall
from coverage_kit.reporting.section import Section, bdi, environment, section
from coverage_kit.reporting.subject import Subject

_LIMIT = 8
#: Short words for the reasons, shown as a label beside the sentence.
REASON_LABELS = {
    "successor": N_("Successor"),
    "lapsing": N_("Due soon"),
    "stale": N_("Confirm again"),
    "never": N_("First check"),
    "path": N_("Open a path"),
    "assess": N_("Listen"),
    "identify": N_("Find the name"),
}


def next_steps(subject: Subject) -> Section:
    """Whom to call next, and why?"""
    t = subject.t
    table = next_things(subject.now, subject.day, limit=_LIMIT)
    steps = [_step(subject, row) for row in table.to_dict("records")]
    text = t(N_("Next steps: {n}"), n=len(steps))
    idle = _idle(subject)
    return section(subject.lang, "next.html.j2", text, steps=steps, counts=subject.counts, idle=idle)


def polite_name(holder: object, title: object, t: Texts) -> str:
    """A person as one speaks to them: ``안승석 상무님``, ``Ann Lee (CFO)``."""
    name = str(holder) if pd.notna(holder) and holder else t(N_("(erased)"))
    title = str(title).strip() if pd.notna(title) and title else ""
    if t.lang != "ko":
        return f"{name} ({title})" if title else name
    full = f"{name} {title}".strip()
    return full if full.endswith("님") else f"{full}님" if title or re.search(r"[가-힣]$", full) else f"{full} 님"


def phone_link(phone: object) -> str | None:
    """The number as a ``tel:`` link may carry it: digits with at most a leading plus; None where it is no number."""
    if not isinstance(phone, str):
        return None
    kept = re.sub(r"[\s().–-]", "", phone.split(";")[0])
    return kept if re.fullmatch(r"\+?[0-9]{3,15}", kept) else None


def _step(subject: Subject, row: dict[Any, Any]) -> dict[str, Any]:
    say = environment(subject.lang).globals["t"]
    days = 0 if pd.isna(row["days"]) else int(row["days"])
    return {
        "reason": row["reason"],
        "label": subject.t(REASON_LABELS[row["reason"]]),
        "account": row["account_name"] or row["account"],
        "role": subject.role_titles.get(row["role"], row["role"]),
        "focus": bool(row["focus"]),
        "sentence": say(  # type: ignore[operator]
            REASONS[row["reason"]], holder=bdi(polite_name(row["holder"], row["title"], subject.t)), days=days
        ),
        "phone": row["phone"] if phone_link(row["phone"]) and row["reason"] != "successor" else None,
        "tel": phone_link(row["phone"]),
    }


def _idle(subject: Subject) -> int | None:
    """For how many weeks nothing was tried while seats are open; None where work goes on."""
    table = stall(subject.history, subject.at)
    own = table.loc[(table["rep"] == subject.rep) & table["stalled"], "idle_weeks"].dropna()
    return int(own.iloc[0]) if len(own) else None
