"""The territory: roles nobody fills in, accounts by open seats, how fresh what we know is, the contacts behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from coverage_kit.i18n import N_
from coverage_kit.measures import (
    blind_roles,
    capacity,
    contacts,
    freshness,
    open_seats,
    several_roles,
    verifications,
)
from coverage_kit.reporting.section import Section, section
from coverage_kit.reporting.subject import Subject

_ACCOUNTS_SHOWN = 10
_PEOPLE_SHOWN = 6
_TINTS = 4
_SPAN_WEEKS = 8
_WEEK_MS = 7 * 24 * 3600 * 1000

#: What each state of a verification is called, in the order they are shown.
FRESHNESS_LABELS = {
    "fresh": N_("Confirmed"),
    "due_soon": N_("Due within 30 days"),
    "stale": N_("To confirm again"),
    "never": N_("Not confirmed yet"),
    "vacant": N_("Vacant"),
    "unknown": N_("No name yet"),
}


@dataclass(frozen=True)
class Cell:
    """The seats of one role on one rung; ``tint`` 0–4 grows with their share of the role's seats."""

    count: int
    tint: int


@dataclass(frozen=True)
class AccountRow:
    """One account with its seats in the template's order; ``seats`` are rungs, −1 where the role is not applicable."""

    name: str
    focus: bool
    known: int
    required: int
    seats: list[int]


def roles(subject: Subject) -> Section:
    """In which required roles do we know nobody yet?"""
    t = subject.t
    table = blind_roles(subject.now)
    rows = [_role_row(subject, row) for row in table.to_dict("records")]
    blind = [row["title"] for row in rows if not row["known"]]
    text = t(N_("Roles with nobody confirmed yet: {roles}"), roles=blind or "–")
    return section(subject.lang, "roles.html.j2", text, rows=rows, blind=blind, counts=subject.counts)


def accounts(subject: Subject) -> Section:
    """Which accounts have the most seats still open?"""
    t = subject.t
    table = open_seats(subject.now)
    shown = table.loc[table["open"] > 0].head(_ACCOUNTS_SHOWN)
    # The whole list is grouped once; a page shows ten accounts of up to a thousand.
    seats = subject.now.loc[subject.now["account"].isin(shown["account"])].sort_values("role_order")
    by_account = {key: group for key, group in seats.groupby(seats["account"].astype(object), sort=False)}
    rows = [
        AccountRow(
            row["account_name"] or row["account"],
            bool(row["focus"]),
            int(row["known"]),
            int(row["required"]),
            by_account[row["account"]]["rung"].where(by_account[row["account"]]["counted"], -1).astype(int).tolist(),
        )
        for row in shown.to_dict("records")
    ]
    n_open = int((table["open"] > 0).sum())
    text = t(N_("Accounts with open seats: {n}"), n=n_open)
    return section(
        subject.lang, "accounts.html.j2", text, rows=rows, more=n_open - len(rows), n_accounts=len(table), n_open=n_open
    )


def keeping(subject: Subject) -> Section:
    """How fresh is what we know, and what does it cost to keep it so?"""
    t = subject.t
    states = freshness(subject.now, subject.day)
    total = int(states.sum())
    parts = [
        {
            "key": key,
            "label": t(FRESHNESS_LABELS[key]),
            "count": int(n),
            "share": round(100 * int(n) / total, 1) if total else 0,
        }
        for key, n in states.items()
    ]
    text = t(
        N_("Freshness: {states}"), states=", ".join(f"{part['label']} {part['count']:,}" for part in parts)
    )
    done, weeks = _verified_per_week(subject)
    return section(
        subject.lang,
        "keeping.html.j2",
        text,
        parts=parts,
        total=total,
        cost_focus=_cost(subject.focus),
        n_focus=int(subject.counts_focus["accounts"]),
        cost_all=_cost(subject.now),
        done=f"{done:.1f}".removesuffix(".0"),
        weeks=weeks,
    )


def people(subject: Subject) -> Section:
    """Who holds several required roles, and who is in our contacts without being tied to one?"""
    t = subject.t
    several = several_roles(subject.now)
    untied = contacts(subject.history, subject.at, rep=subject.rep)
    untied = untied.loc[untied["unidentified"] > 0].sort_values(["unidentified", "account"], ascending=[False, True])
    text = t(
        N_("People in several roles: {n}. Contacts tied to no required role: {untied}."),
        n=len(several),
        untied=int(untied["unidentified"].sum()),
    )
    return section(
        subject.lang,
        "people.html.j2",
        text,
        several=[_several_row(subject, row) for row in several.head(_PEOPLE_SHOWN).to_dict("records")],
        n_several=len(several),
        untied=untied.head(_PEOPLE_SHOWN)[["account_name", "unidentified", "contacts"]].to_dict("records"),
        n_untied=int(untied["unidentified"].sum()),
        n_untied_accounts=len(untied),
        team=subject.rep is None,
    )


def _role_row(subject: Subject, row: dict[Any, Any]) -> dict[str, Any]:
    required = int(row["required"])
    counts = [int(row[f"rung_{rung}"]) for rung in range(6)]
    return {
        "title": subject.role_titles.get(row["role"], row["role"]),
        "level": row["level"],
        "known": int(row["known"]),
        "required": required,
        "cells": [Cell(count, -(-_TINTS * count // required) if required else 0) for count in counts],
    }


def _several_row(subject: Subject, row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "holder": row["holder"] if pd.notna(row["holder"]) else subject.t(N_("(erased)")),
        "title": row["title"] if pd.notna(row["title"]) else "",
        "account": row["account_name"],
        "roles": [subject.role_titles.get(role, role) for role in row["roles"]],
    }


def _cost(slots: pd.DataFrame) -> int:
    """Verifications a week to stand still; slots of different windows are weighed by how often they come up."""
    windows = slots.loc[slots["counted"], "freshness_days"].astype(float)
    return capacity(len(windows), len(windows) / (1 / windows).sum()) if len(windows) else 0


def _verified_per_week(subject: Subject) -> tuple[float, int]:
    """Verifications a week over the last weeks, as far back as there is a history."""
    accounts_at = subject.history.frames["account"]["at"]
    if accounts_at.empty:
        return 0.0, 0
    age = (subject.at - int(accounts_at.min())) / _WEEK_MS
    weeks = max(1, min(_SPAN_WEEKS, round(age)))
    instants = [subject.at - back * _WEEK_MS for back in range(weeks, -1, -1)]
    done = [
        verifications(subject.history, start, end, rep=subject.rep)
        for start, end in zip(instants, instants[1:], strict=False)
    ]
    return sum(done) / weeks, weeks
