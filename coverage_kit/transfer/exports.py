"""What goes out of the ledger as a table: facts of people, slots and accounts, and nobody's opinion of anybody.

Who reports to whom is a fact; dispositions, needs, notes and who is at odds are left out: they are opinions about a person, and a file travels.
Source: the method, section 5 (docs/method.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from coverage_kit.coaching import present_ties
from coverage_kit.domain.vocabulary import EventKind, Rung, TieKind
from coverage_kit.exchange import write_table
from coverage_kit.role_lists.applying import read_keys
from coverage_kit.rules.events import event_change
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store import Ledger
from coverage_kit.store.entities import Account, Employment, Tie

PEOPLE = (
    "employment",
    "person",
    "account",
    "account_name",
    "name",
    "title",
    "department",
    "email",
    "phone",
    "started_on",
    "ended_on",
    "end_kind",
    "verified_on",
    "verified_how",
    "reports_to",
)
#: ``templates`` is the name of version 0.1.0 for ``lists``.
ACCOUNTS = (
    "key",
    "name",
    "industry",
    "segment",
    "region",
    "value",
    "owner",
    "status",
    "focus",
    "templates",
    "offerings",
    "lists",
    "pinned",
)
SLOTS = (
    "account",
    "account_name",
    "role",
    "role_title",
    "rep",
    "status",
    "person",
    "holder",
    "title",
    "rung",
    "verified_on",
    "verified_how",
    "representative",
    "can_meet",
    "can_deliver",
)


def export_table(
    ledger: Ledger,
    kind: str,
    path: Path,
    *,
    slots: pd.DataFrame | None,
    lang: str,
    day: date,
    encoding: str = "utf-8-sig",
    rep: str | None = None,
) -> int:
    """Write a table of one kind to a file, and record that it was exported; returns the number of rows.

    Parameters
    ----------
    ledger : Ledger
    kind : str
        ``people``, ``slots`` or ``accounts``.
    path : Path
    slots : DataFrame or None
        The required slots, for that kind.
    lang : str
    day : date
    encoding : str
    rep : str, optional
        Id of a rep: only their accounts.
    """
    table = exported_table(ledger, kind, slots, lang, day=day)
    if rep is not None and kind != "slots":
        owned = {key for key, owner in ledger.columns(Account, ("id", "owner_id")) if owner == rep}
        table = table.loc[table["key" if kind == "accounts" else "account"].isin(owned)]
    write_table(path, list(table.columns), table.itertuples(index=False), encoding=encoding)
    ledger.save([event_change(EventKind.EXPORTED, {"kind": kind, "rows": len(table)})])
    return len(table)


def exported_table(ledger: Ledger, kind: str, slots: pd.DataFrame | None, lang: str, *, day: date) -> pd.DataFrame:
    """The table of one kind on a day: ``people``, ``accounts``, or ``slots`` (for which the required slots are handed in)."""
    if slots is not None:
        return slots_table(slots, ledger, lang)
    return people_table(ledger, day) if kind == "people" else accounts_table(ledger)


def people_table(ledger: Ledger, day: date) -> pd.DataFrame:
    """Whom do we know, where, since when, and under whom? One row an employment, also of those who left; all is text."""
    accounts = {row["id"]: row["name"] for row in ledger.as_of("account")}
    people = {row["id"]: row for row in ledger.as_of("person")}
    jobs = {job["id"]: job for job in ledger.as_of("employment")}
    ties = ledger.as_of(Tie)
    ends = {key for tie in ties for key in (tie.from_employment, tie.to_employment)}
    tied = {job.id: job for job in ledger.as_of(Employment, id=ends)} if ends else {}
    superiors = {
        tie.source: people.get(tied[tie.target].person_id, {}).get("name")
        for tie in present_ties(ties, tied, day)
        if tie.kind is TieKind.REPORTS_TO
    }
    rows = [
        {
            **job,
            **{name: people.get(job["person_id"], {}).get(name) for name in ("name", "email", "phone")},
            "reports_to": superiors.get(job["id"]),
            "employment": job["id"],
            "person": job["person_id"],
            "account": job["account_id"],
            "account_name": accounts.get(job["account_id"]),
        }
        for job in jobs.values()
    ]
    return _as_text(rows, PEOPLE).sort_values(["account", "name", "employment"], ignore_index=True)


def accounts_table(ledger: Ledger) -> pd.DataFrame:
    """Which accounts have we, who looks after each, and under which role lists are they? All cells are text."""
    lists = role_lists(ledger)
    rows: list[dict[str, Any]] = []
    for row in ledger.as_of(Account):
        under = " ".join(lists.keys_of(row))
        rows.append(
            {
                **{name: getattr(row, name) for name in ACCOUNTS if hasattr(row, name)},
                "key": row.id,
                "owner": row.owner_id,
                "templates": under,
                "offerings": "; ".join(read_keys(row.offerings)),
                "lists": under,
                "pinned": " ".join(read_keys(row.pinned_lists)),
            }
        )
    return _as_text(rows, ACCOUNTS).sort_values("key", ignore_index=True)


def slots_table(slots: pd.DataFrame, ledger: Ledger, lang: str) -> pd.DataFrame:
    """Who is known in every required role? All cells are text.

    Parameters
    ----------
    slots : DataFrame
        Required slots (``measures.slots``).
    ledger : Ledger
        For names.
    lang : str
        Of the roles' titles.

    Returns
    -------
    DataFrame
        One row a slot. ``rung`` ends at represented: further up it would tell the disposition.
    """
    accounts = {row["id"]: row["name"] for row in ledger.as_of("account")}
    edited = {row["id"]: row for row in ledger.as_of("slot")}
    jobs = {row["id"]: row for row in ledger.as_of("employment")}
    people = {row["id"]: row["name"] for row in ledger.as_of("person")}
    titles = {
        role["key"]: role["title"][lang]
        for template in ledger.as_of("template")
        for role in json.loads(template["body"])["roles"]
    }
    rows = []
    for account, role, rep, rung in zip(slots["account"], slots["role"], slots["rep"], slots["rung"], strict=True):
        row = edited.get(f"{account}:{role}", {})
        job = jobs.get(row.get("employment_id") or "", {})
        rows.append(
            {
                **row,
                "account": account,
                "account_name": accounts.get(account),
                "role": role,
                "role_title": titles.get(role),
                "rep": rep,
                "status": row.get("status", "open"),
                "person": job.get("person_id"),
                "holder": people.get(job.get("person_id") or ""),
                "title": job.get("title"),
                "rung": min(int(rung), int(Rung.REPRESENTED)),
                "representative": row.get("representative_id"),
            }
        )
    return _as_text(rows, SLOTS)


def _as_text(rows: list[Mapping[str, Any]] | list[dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame([[_text(row.get(name)) for name in columns] for row in rows], columns=list(columns), dtype=str)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).upper()
    return str(value)
