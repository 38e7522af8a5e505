"""The next need of a slot, read from the ledger for single slots, with the same ladder as the measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from coverage_kit.coaching.context import CoachingContext
from coverage_kit.domain.coaching import CommitmentKind, kind_of_gap
from coverage_kit.domain.playbooks import playbook_of
from coverage_kit.domain.vocabulary import Disposition, Level, Rung, SlotStatus
from coverage_kit.role_lists.merging import RequiredRole
from coverage_kit.role_lists.slot_state import slot_state
from coverage_kit.rules.lookup import role_lists
from coverage_kit.store.entities import Account, Employment, Person, Slot, Staff


@dataclass(frozen=True)
class Gap:
    """One slot now, and what to do in it next."""

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
        """The playbook's key for this gap."""
        return playbook_of(self.kind, self.disposition)


@dataclass(frozen=True)
class _Rows:
    """The rows that the gaps are worked out from, read once for all of them."""

    slots: Mapping[str, Slot]
    jobs: Mapping[str, Employment]
    people: Mapping[str, Person]
    staff: Mapping[str, Staff]


def gaps_of(context: CoachingContext, slots: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Gap]:
    """What do these slots lack next?

    Parameters
    ----------
    context : CoachingContext
    slots : iterable of (str, str)
        Ids of accounts and keys of roles; roles that are no longer required, or not applicable, are left out.

    Returns
    -------
    dict
        ``(account, role)`` to ``Gap``.
    """
    wanted = [(account, role) for account, role in dict.fromkeys(slots) if account and role]
    accounts = context.rows(Account, (account for account, _ in wanted))
    lists = role_lists(context.ledger)
    required = {key: {each.key: each for each in lists.required(row)} for key, row in accounts.items()}
    written = context.rows(Slot, (f"{account}:{role}" for account, role in wanted))
    jobs = context.rows(Employment, (slot.employment_id for slot in written.values()))
    people = context.rows(Person, (job.person_id for job in jobs.values()))
    rows = _Rows(written, jobs, people, context.staff())
    found = {
        (account, role): _gap(context, accounts[account], required[account][role], rows)
        for account, role in wanted
        if account in accounts and role in required[account]
    }
    return {key: gap for key, gap in found.items() if gap is not None}


def required_keys(context: CoachingContext, account: Account) -> list[str]:
    """Keys of the account's required roles, each once, in the order of its role lists."""
    return [each.key for each in role_lists(context.ledger).required(account)]


def _gap(context: CoachingContext, account: Account, role: RequiredRole, rows: _Rows) -> Gap | None:
    slot = rows.slots.get(f"{account.id}:{role.key}")
    job = None if slot is None else rows.jobs.get(slot.employment_id or "")
    ours = None if slot is None else rows.staff.get(slot.representative_id or "")
    rung = slot_state(slot, job, ours, context.today(), role.freshness_days).rung
    if rung is None:
        return None
    status = SlotStatus.OPEN if slot is None else SlotStatus(slot.status or SlotStatus.OPEN)
    person = rows.people.get(job.person_id) if job else None
    shown = person if status is SlotStatus.OPEN else None
    disposition = Disposition(slot.disposition) if slot and slot.disposition else None
    understood = bool(person and person.need)
    return Gap(
        account=account.id,
        account_name=account.name,
        rep=account.owner_id,
        role=role.key,
        role_title=context.role_title(role.body),
        level=Level(role.body["level"]),
        rung=rung,
        # In a vacant position the next thing to learn is who takes it.
        kind=CommitmentKind.IDENTIFY
        if status is SlotStatus.VACANT
        else kind_of_gap(rung, disposition, understood=understood),
        employment=job.id if job else None,
        person=job.person_id if job else None,
        holder=shown.name if shown else None,
        title=job.title if job else None,
        phone=shown.phone if shown else None,
        disposition=disposition,
        vacant=status is SlotStatus.VACANT,
        version=slot.version if slot else 0,
    )
