"""What one slot lacks next: read from the ledger for single slots, by the same ladder as the measures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain import ladder
from coverage_kit.domain.coaching import CommitmentKind, kind_of_gap
from coverage_kit.domain.vocabulary import Disposition, EndKind, Level, Rung, SlotStatus


@dataclass(frozen=True)
class Gap:
    """One slot as it stands now, and what is to be done in it next."""

    account: str
    account_name: str
    rep: str | None
    role: str
    role_title: str
    level: Level
    rung: Rung
    kind: CommitmentKind
    employment: str | None
    person: str | None
    holder: str | None
    title: str | None
    phone: str | None
    disposition: Disposition | None
    vacant: bool
    version: int

    @property
    def playbook(self) -> str:
        """The playbook's key for this gap; persuading differs for the neutral and the negative."""
        if self.kind is CommitmentKind.PERSUADE:
            return (
                f"persuade_{Disposition.NEGATIVE if self.disposition is Disposition.NEGATIVE else Disposition.NEUTRAL}"
            )
        return self.kind.value


def gaps_of(context: CoachingContext, slots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Gap]:
    """What do these slots lack next?

    Parameters
    ----------
    context : CoachingContext
    slots : iterable of (str, str)
        Ids of accounts and keys of roles; what is not required any more, or not applicable, is left out.

    Returns
    -------
    dict
        ``(account, role)`` to ``Gap``.
    """
    wanted = [(a, r) for a, r in dict.fromkeys(slots) if a and r]
    accounts = context.rows("account", (a for a, _ in wanted))
    written = context.rows("slot", (f"{a}:{r}" for a, r in wanted))
    jobs = context.rows("employment", (s["employment_id"] for s in written.values()))
    people = context.rows("person", (job["person_id"] for job in jobs.values()))
    staff, roles = context.staff(), context.roles()
    windows = {row["id"]: _window(row["body"]) for row in context.ledger.as_of("template")}
    today = context.today()
    found = {}
    for account_id, role in wanted:
        account, slot = accounts.get(account_id), written.get(f"{account_id}:{role}") or {}
        if account is None or role not in roles:
            continue
        days = [d for key in json.loads(account["template_ids"] or "[]") if (d := windows.get(key, {}).get(role))]
        if not days:
            continue
        job = jobs.get(slot.get("employment_id") or "")
        held = ladder.conditions(_slot(slot, job, staff), today, min(days))
        if held is None:
            continue
        person = people.get(job["person_id"]) if job else None
        shown = person if slot.get("status") == SlotStatus.OPEN else None
        vacant = slot.get("status") == SlotStatus.VACANT
        disposition = Disposition(slot["disposition"]) if slot.get("disposition") else None
        found[account_id, role] = Gap(
            account=account_id,
            account_name=account["name"],
            rep=account["owner_id"],
            role=role,
            role_title=roles[role]["title"][context.lang],
            level=Level(roles[role]["level"]),
            rung=held.rung,
            # Of a vacant position the next thing to know is who takes it.
            kind=CommitmentKind.IDENTIFY
            if vacant
            else kind_of_gap(held.rung, disposition, understood=bool(person and person["need"])),
            employment=job["id"] if job else None,
            person=job["person_id"] if job else None,
            holder=shown["name"] if shown else None,
            title=job["title"] if job else None,
            phone=shown["phone"] if shown else None,
            disposition=disposition,
            vacant=vacant,
            version=slot.get("version", 0),
        )
    return found


def roles_of(context: CoachingContext, account: dict[str, Any]) -> list[str]:
    """The required roles of an account, each once, in the templates' order."""
    own = json.loads(account["template_ids"] or "[]")
    bodies = {row["id"]: json.loads(row["body"]) for row in context.ledger.as_of("template")}
    return list(dict.fromkeys(role["key"] for key in own if key in bodies for role in bodies[key]["roles"]))


def _window(body: str) -> dict[str, int]:
    read = json.loads(body)
    return {role["key"]: read["freshness_days"] for role in read["roles"]}


def _slot(row: dict[str, Any], job: dict[str, Any] | None, staff: dict[str, dict[str, Any]]) -> ladder.Slot | None:
    if not row:
        return None
    ours = staff.get(row["representative_id"] or "")
    return ladder.Slot(
        status=SlotStatus(row["status"] or SlotStatus.OPEN),
        holder=None if job is None else ladder.Employment(_end(job["end_kind"]), _day(job["ended_on"])),
        verified_on=_day(row["verified_on"]),
        representative=None
        if ours is None
        else ladder.Representative(bool(row["can_meet"]), bool(row["can_deliver"]), _day(ours["ended_on"])),
        disposition=Disposition(row["disposition"]) if row["disposition"] else None,
        review_on=_day(row["review_on"]),
    )


def _end(kind: str | None) -> EndKind | None:
    return EndKind(kind) if kind else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
