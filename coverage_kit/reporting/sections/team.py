"""What only the team's page shows: reps side by side in a fixed order, segments, accounts nobody has confirmed."""

from __future__ import annotations

from typing import Any

import pandas as pd

from coverage_kit.domain.vocabulary import LEVEL_LABELS, AccountStatus, Level
from coverage_kit.i18n import N_
from coverage_kit.measures import coverage, stall
from coverage_kit.reporting.section import Section, section
from coverage_kit.reporting.subject import Subject

_UNCONFIRMED_SHOWN = 12
_GROUPS_SHOWN = 8


def reps(subject: Subject) -> Section:
    """Where does each territory stand? In alphabetical order; this is no ranking."""
    t = subject.t
    now, before, focus = (_by_rep(slots) for slots in (subject.now, subject.before, subject.focus))
    idle = stall(subject.history, subject.at).set_index("rep")
    rows = [
        {
            "name": subject.staff_names.get(key, key),
            "now": now[key],
            "before": before.get(key),
            "focus": focus.get(key),
            "idle": _idle_weeks(idle, key),
        }
        for key in sorted(key for key in now if key)
    ]
    unowned = {"now": now[""], "before": before.get("")} if "" in now else None
    text = t(N_("Reps: {rates}"), rates=", ".join(f"{r['name']} {r['now']['known']}/{r['now']['required']}" for r in rows))
    return section(
        subject.lang,
        "reps.html.j2",
        text,
        rows=rows,
        unowned=unowned,
        team=subject.counts,
        team_before=subject.counts_before if subject.has_before else None,
        team_focus=subject.counts_focus,
    )


def groups(subject: Subject) -> Section:
    """How does coverage differ by level, segment and role template?"""
    t = subject.t
    level_titles = {level.value: t(label) for level, label in LEVEL_LABELS.items()}
    tables = [
        (t(N_("Level")), _group(subject.now, "level", level_titles, [level.value for level in Level])),
        (t(N_("Segment")), _group(subject.now, "segment", {}, None)),
        (t(N_("Role template")), _group(subject.now, "template", subject.template_titles, None)),
    ]
    text = "; ".join(
        f"{title}: " + ", ".join(f"{row['label']} {row['known']}/{row['required']}" for row in rows)
        for title, rows in tables
    )
    return section(subject.lang, "groups.html.j2", text, tables=[(title, rows) for title, rows in tables if rows])


def unconfirmed(subject: Subject) -> Section:
    """Which accounts did an import find that nobody owns yet?"""
    t = subject.t
    accounts = subject.history.as_of("account", subject.at)
    found = accounts.loc[accounts["status"] == AccountStatus.UNCONFIRMED.value].sort_values(["name", "id"])
    people = subject.history.as_of("employment", subject.at)["account_id"].value_counts()
    rows = [
        {"name": name or key, "key": key, "contacts": int(people.get(key, 0))}
        for key, name in found.head(_UNCONFIRMED_SHOWN)[["id", "name"]].itertuples(index=False)
    ]
    text = t(N_("Unconfirmed accounts: {n}"), n=len(found))
    return section(subject.lang, "unconfirmed.html.j2", text, rows=rows, n=len(found), more=len(found) - len(rows))


def _by_rep(slots: pd.DataFrame) -> dict[str, dict[str, int]]:
    """The measures of each rep by key; slots of accounts without an owner under the empty key."""
    if slots.empty:
        return {}
    table = coverage(slots.assign(rep=slots["rep"].astype(object).where(slots["rep"].notna(), "")), by=["rep"])
    return {row["rep"]: row for row in table.to_dict("records")}  # type: ignore[misc]


def _idle_weeks(idle: pd.DataFrame, rep: str) -> int | None:
    if rep not in idle.index or not idle.loc[rep, "stalled"] or pd.isna(idle.loc[rep, "idle_weeks"]):
        return None
    return int(float(str(idle.loc[rep, "idle_weeks"])))


def _group(slots: pd.DataFrame, by: str, titles: dict[str, str], order: list[str] | None) -> list[dict[str, Any]]:
    if slots.empty:
        return []
    plain = slots.assign(**{by: slots[by].astype(object).where(slots[by].notna(), "–")})
    table = coverage(plain, by=[by])
    if order is not None:
        table = table.set_index(by).reindex([key for key in order if key in set(plain[by])]).reset_index()
    else:
        table = table.sort_values(["required", by], ascending=[False, True])
    return [
        {
            "label": titles.get(row[by], row[by]),
            "known": int(row["known"]),
            "required": int(row["required"]),
            "accounts": int(row["accounts"]),
        }
        for row in table.head(_GROUPS_SHOWN).to_dict("records")
    ]
