"""What goes out of the ledger as a table: facts of people, slots and accounts, and nobody's opinion of anybody.

Who reports to whom is a fact; dispositions, needs, notes and who is at odds are left out: they are opinions about a person, and a file travels.
Source: the method, section 5 (docs/reference/method.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from coverage_kit.coaching import present_ties
from coverage_kit.domain.vocabulary import EventKind, Rung, SlotStatus, TieKind
from coverage_kit.errors import BadInput
from coverage_kit.exchange import write_table
from coverage_kit.i18n import N_
from coverage_kit.role_lists.applying import read_keys
from coverage_kit.role_lists.model import in_language
from coverage_kit.rules.events import event_change
from coverage_kit.rules.lookup import role_lists
from coverage_kit.rules.merging import follow_jobs
from coverage_kit.store import Ledger, load_kept_rows
from coverage_kit.store.entities import Account, Employment, Person, Slot, Tie

KINDS = ("people", "slots", "accounts")
PEOPLE = (
    "employment", "person", "account", "account_name", "name", "title", "department", "email", "phone", "started_on",
    "ended_on", "end_kind", "verified_on", "verified_how", "reports_to", "crm_record",
)  # fmt: skip
#: ``templates`` is the name of version 0.1.0 for ``lists``.
ACCOUNTS = (
    "key", "name", "industry", "segment", "region", "value", "owner", "status", "focus", "templates",
    "offerings", "lists", "pinned",
)  # fmt: skip
SLOTS = (
    "account", "account_name", "role", "role_title", "rep", "status", "person", "holder", "title", "rung",
    "verified_on", "verified_how", "representative", "can_meet", "can_deliver",
)  # fmt: skip


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

    Raises
    ------
    BadInput
        No such kind; or an ending, folder or character that cannot be written.
    """
    if kind not in KINDS:
        raise BadInput(
            "export.kind", N_("{value} cannot be exported; choose one of {kinds}."), value=repr(kind)[:40], kinds=KINDS
        )
    if slots is not None:
        table = slots_table(slots, ledger, lang)
    else:
        table = people_table(ledger, day) if kind == "people" else accounts_table(ledger)
    if rep is not None and kind != "slots":
        owned = {key for key, owner in ledger.columns(Account, ("id", "owner_id")) if owner == rep}
        table = table.loc[table["key" if kind == "accounts" else "account"].isin(owned)]
    write_table(path, list(table.columns), table.itertuples(index=False), encoding=encoding)
    ledger.save([event_change(EventKind.EXPORTED, {"kind": kind, "rows": len(table)})])
    return len(table)


def people_table(ledger: Ledger, day: date) -> pd.DataFrame:
    """Whom do we know, where, since when, and under whom? One row an employment, also of those who left; all is text."""
    accounts = dict(ledger.columns(Account, ("id", "name")))
    people = {row.id: row for row in ledger.as_of(Person)}
    jobs = {job.id: job for job in ledger.as_of(Employment)}
    superiors = {
        tie.source: people.get(jobs[tie.target].person_id)
        for tie in present_ties(ledger.as_of(Tie), jobs, day)
        if tie.kind is TieKind.REPORTS_TO
    }
    records = crm_records(ledger)
    rows = []
    for job in jobs.values():
        person, superior = people.get(job.person_id), superiors.get(job.id)
        rows.append(
            {
                "employment": job.id,
                "person": job.person_id,
                "account": job.account_id,
                "account_name": accounts.get(job.account_id),
                "name": person and person.name,
                "title": job.title,
                "department": job.department,
                "email": person and person.email,
                "phone": person and person.phone,
                "started_on": job.started_on,
                "ended_on": job.ended_on,
                "end_kind": job.end_kind,
                "verified_on": job.verified_on,
                "verified_how": job.verified_how,
                "reports_to": superior and superior.name,
                "crm_record": "; ".join(records.get(job.id, ())),
            }
        )
    return _as_text(rows, PEOPLE).sort_values(["account", "name", "employment"], ignore_index=True)


def crm_records(ledger: Ledger) -> dict[str, list[str]]:
    """The ids under which the last exports of other programs have each job, as they write them."""
    went = follow_jobs(ledger)
    found: dict[str, list[str]] = {}
    for row in load_kept_rows(ledger, "contacts"):
        if row.ext_id != row.entity_id and not row.source.startswith("coverage-kit"):
            found.setdefault(went.get(row.entity_id, row.entity_id), []).append(row.ext_id)
    return {job: sorted(ids) for job, ids in found.items()}


def accounts_table(ledger: Ledger) -> pd.DataFrame:
    """Which accounts have we, who looks after each, and under which role lists are they? All cells are text."""
    lists = role_lists(ledger)
    rows = [
        {
            "key": row.id,
            "name": row.name,
            "industry": row.industry,
            "segment": row.segment,
            "region": row.region,
            "value": row.value,
            "owner": row.owner_id,
            "status": row.status,
            "focus": row.focus,
            "templates": " ".join(lists.keys_of(row)),
            "offerings": "; ".join(read_keys(row.offerings)),
            "lists": " ".join(lists.keys_of(row)),
            "pinned": " ".join(read_keys(row.pinned_lists)),
        }
        for row in ledger.as_of(Account)
    ]
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
        One row a slot. ``rung`` ends at represented: a higher one would tell the disposition.
    """
    accounts, lists = {row.id: row for row in ledger.as_of(Account)}, role_lists(ledger)
    edited = {row.id: row for row in ledger.as_of(Slot)}
    jobs = {row.id: row for row in ledger.as_of(Employment)}
    people = dict(ledger.columns(Person, ("id", "name")))
    rows = []
    for account, role, rep, rung in zip(slots["account"], slots["role"], slots["rep"], slots["rung"], strict=True):
        slot, own = edited.get(f"{account}:{role}"), accounts.get(account)
        words = lists.role_of(own, role)
        job = jobs.get(slot.employment_id or "") if slot else None
        rows.append(
            {
                "account": account,
                "account_name": own and own.name,
                "role": role,
                "role_title": words and in_language(words["title"], lang),
                "rep": rep,
                "status": slot.status if slot else SlotStatus.OPEN.value,
                "person": job and job.person_id,
                "holder": job and people.get(job.person_id),
                "title": job and job.title,
                "rung": min(int(rung), int(Rung.REPRESENTED)),
                "verified_on": slot and slot.verified_on,
                "verified_how": slot and slot.verified_how,
                "representative": slot and slot.representative_id,
                "can_meet": slot and slot.can_meet,
                "can_deliver": slot and slot.can_deliver,
            }
        )
    return _as_text(rows, SLOTS)


def _as_text(rows: Iterable[Mapping[str, object]], columns: tuple[str, ...]) -> pd.DataFrame:
    cells = []
    for row in rows:
        if row.keys() != set(columns):
            raise KeyError(f"columns that are not named or not filled: {sorted(row.keys() ^ set(columns))}")
        cells.append([_text(row[name]) for name in columns])
    return pd.DataFrame(cells, columns=list(columns), dtype=str)


def _text(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).upper()
    return str(value)
