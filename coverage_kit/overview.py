"""Tables and counts: the people of an account, the reps, the status of the team."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict
from zoneinfo import ZoneInfo

import pandas as pd

from coverage_kit.domain.vocabulary import StaffFunction
from coverage_kit.domain.week import Week
from coverage_kit.i18n import N_, N_n, Texts
from coverage_kit.measures import coverage
from coverage_kit.store import Ledger, load_owners
from coverage_kit.store.entities import Employment, Person, SourceDates, Staff

_PERSON = ["name", "email", "phone"]
_JOB = ["title", "department", "started_on", "ended_on", "end_kind", "verified_on"]
PEOPLE = ["person", "name", "title", "department", "email", "phone", "account", "employment", *_JOB[2:]]


class Scope(TypedDict):
    """Counts of slots on each rung or above, of accounts, and of distinct people."""

    accounts: int
    required: int
    named: int
    known: int
    represented: int
    assessed: int
    favorable: int
    vacant: int
    not_applicable: int
    persons: int


class RepScope(Scope):
    """The counts of one rep."""

    rep: str


class Status(TypedDict):
    """How well the team and each rep know whom they must know; ``as_of`` in UTC."""

    as_of: str
    week: str
    team: Scope
    unowned: Scope
    reps: list[RepScope]


class AuditCounts(TypedDict):
    """How many contacts are confirmed, gone or never checked, and how old the database is; see ``measures.audit``.

    The days are missing where no source has dates of its own; ``ghost_days`` where the counts are those of a rep.
    """

    contacts: int
    confirmed: int
    stale: int
    never_checked: int
    left: int
    retired: int
    moved: int
    role_changed: int
    no_role: int
    days_since_update: int | None
    days_since_added: int | None
    ghost_days: int | None


class AccountAudit(AuditCounts):
    """The counts of one account, its key and its name."""

    account: str
    name: str


class Audit(TypedDict):
    """The contact database: of the team, or of the accounts of ``rep``, and of each account, the worst first.

    ``waiting`` is the number of contacts at accounts that nobody has confirmed yet; they are counted nowhere else.
    """

    rep: str | None
    team: AuditCounts
    accounts: list[AccountAudit]
    waiting: int


_AUDIT_AGES = ("days_since_update", "days_since_added")


def people_of(ledger: Ledger, account_id: str) -> pd.DataFrame:
    """The contacts of an account, those still there first, then by name.

    Returns
    -------
    DataFrame
        One row an employment; columns are ``PEOPLE``.
    """
    jobs = ledger.as_of(Employment, account_id=account_id)
    people = {each.id: each for each in ledger.as_of(Person, id=[job.person_id for job in jobs])}
    records = [
        {
            "person": job.person_id,
            **{name: getattr(people.get(job.person_id), name, None) for name in _PERSON},
            **{name: getattr(job, name) for name in _JOB},
            "account": account_id,
            "employment": job.id,
        }
        for job in jobs
    ]
    frame = pd.DataFrame(records, columns=PEOPLE, dtype=object)
    return (
        frame.assign(_gone=frame["end_kind"].notna())
        .sort_values(["_gone", "name", "person"], kind="stable")
        .reset_index(drop=True)[PEOPLE]
    )


def reps_of(ledger: Ledger, at: int | None = None) -> list[str]:
    """Ids of all reps as of an instant, and of anybody else who owned an account then; in alphabetical order."""
    staff = {each.id for each in ledger.as_of(Staff, at) if each.function == StaffFunction.REP and not each.ended_on}
    return sorted(staff | load_owners(ledger, at=at))


def status_of(slots: pd.DataFrame, reps: Sequence[str], at: int, zone: ZoneInfo) -> Status:
    """The counts of the team and of some reps.

    Parameters
    ----------
    slots : DataFrame
        All required slots at the instant (``measures.slots``).
    reps : sequence of str
        Ids of the reps to list.
    at : int
        The instant in UTC milliseconds.
    zone : ZoneInfo
    """
    # Without categories, groups are made for present reps only.
    plain = slots.assign(rep=slots["rep"].astype(object))
    of_rep = {row["rep"]: _scope(row) for _, row in coverage(plain, by=["rep"]).iterrows()}
    empty = _scope(pd.Series(dtype=int))
    return {
        "as_of": datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "week": str(Week.containing(at, zone)),
        "team": _scope(coverage(slots).iloc[0]),
        "unowned": _scope(coverage(slots.loc[slots["rep"].isna()]).iloc[0]),
        "reps": [{"rep": rep, **of_rep.get(rep, empty)} for rep in reps],
    }


def load_source_dates(ledger: Ledger, at: int) -> pd.DataFrame:
    """When did the sources last update an account's contacts, and last add one, as of an instant?

    Returns
    -------
    DataFrame
        ``account_id updated_on added_on``, days as text or None.
    """
    columns = ("account_id", "updated_on", "added_on")
    return pd.DataFrame(ledger.columns(SourceDates, columns, at), columns=list(columns), dtype=object)


def audit_of(table: pd.DataFrame, *, rep: str | None = None, waiting: int = 0) -> Audit:
    """The counts of the contact database, for all accounts of a table (``measures.audit``) and for each."""
    rows: list[AccountAudit] = [
        {"account": row["account"], "name": row["account_name"], **_audit_counts(row)} for _, row in table.iterrows()
    ]
    numbers = table[list(AuditCounts.__annotations__)]
    team = _audit_counts(numbers.sum().where(~numbers.columns.isin(_AUDIT_AGES), numbers.min()))
    if rep is not None:
        # Nobody is watched: ghost-days are of an account and of the team, never of a rep.
        team["ghost_days"] = None
    return {"rep": rep, "team": team, "accounts": rows, "waiting": waiting}


def _audit_counts(row: pd.Series) -> AuditCounts:
    def n(name: str) -> int:
        return int(row[name])

    def age(name: str) -> int | None:
        return None if pd.isna(row[name]) else int(row[name])

    return {
        "contacts": n("contacts"),
        "confirmed": n("confirmed"),
        "stale": n("stale"),
        "never_checked": n("never_checked"),
        "left": n("left"),
        "retired": n("retired"),
        "moved": n("moved"),
        "role_changed": n("role_changed"),
        "no_role": n("no_role"),
        "days_since_update": age("days_since_update"),
        "days_since_added": age("days_since_added"),
        "ghost_days": n("ghost_days"),
    }


def _scope(counts: pd.Series) -> Scope:
    def n(name: str) -> int:
        return int(counts.get(name, 0))

    return {
        "accounts": n("accounts"),
        "required": n("required"),
        "named": n("named"),
        "known": n("known"),
        "represented": n("represented"),
        "assessed": n("assessed"),
        "favorable": n("favorable"),
        "vacant": n("vacant"),
        "not_applicable": n("not_applicable"),
        "persons": n("persons"),
    }


def audit_line(t: Texts, found: AuditCounts) -> str:
    """The counts of a contact database in one line; nobody whom nobody checked counts as there, or as gone."""
    gone = found["left"] + found["retired"] + found["moved"]
    line = t(
        N_(
            "{contacts} contacts · {confirmed} confirmed · {stale} to check again · {never} never checked · {gone} gone"
        ),
        contacts=t.number(found["contacts"]),
        confirmed=t.number(found["confirmed"]),
        stale=t.number(found["stale"]),
        never=t.number(found["never_checked"]),
        gone=t.number(gone),
    )
    more = [t(N_("{n} in another role"), n=t.number(found["role_changed"]))] if found["role_changed"] else []
    if found["days_since_update"] is not None:
        more.append(
            t(N_n("last updated {n} day ago", "last updated {n} days ago"), n=t.number(found["days_since_update"]))
        )
    if found["days_since_added"] is not None:
        more.append(
            t(N_n("last added to {n} day ago", "last added to {n} days ago"), n=t.number(found["days_since_added"]))
        )
    return " · ".join([line, *more])


#: That contacts are left out of the audit.
WAITING = N_n(
    "{n} contact is at an account that nobody looks after yet, and not counted.",
    "{n} contacts are at accounts that nobody looks after yet, and not counted.",
)
