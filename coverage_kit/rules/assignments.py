"""Accounts change hands: the owner, the focus list, the team, and the open commitments that go along.

A team is named by its manager.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rapidfuzz import process

from coverage_kit.domain.identifiers import clean_key, name_key
from coverage_kit.domain.vocabulary import AccountStatus, StaffFunction
from coverage_kit.errors import BadInput, NotFound
from coverage_kit.i18n import N_
from coverage_kit.rules.commitments import handover_changes
from coverage_kit.rules.lookup import find_staff
from coverage_kit.store import Change, Ledger, check_seen
from coverage_kit.store.entities import Account, Staff, Value

#: From this likeness (0 to 100) an unknown rep is probably a slip for a known one.
_SLIP = 90
#: The most names in a message.
_NAMED = 5


def unassigned_accounts(ledger: Ledger, today: date, accounts: Iterable[Account] | None = None) -> list[Account]:
    """The accounts that nobody looks after: found by an import, without an owner, or with one who has left.

    Parameters
    ----------
    ledger : Ledger
    today : date
    accounts : iterable of Account, optional
        Those to look at, where they were read already; all by default.
    """
    leaving = ledger.columns(Staff, ("id", "ended_on"))
    gone = {key for key, ended_on in leaving if ended_on and ended_on <= today.isoformat()}
    return [
        each
        for each in (ledger.as_of(Account) if accounts is None else accounts)
        if each.status != AccountStatus.CLOSED
        and (each.status == AccountStatus.UNCONFIRMED or each.owner_id is None or each.owner_id in gone)
    ]


def check_owners_seen(ledger: Ledger, accounts: Sequence[Account], seen: Mapping[str, int]) -> None:
    """Refuse to assign accounts whose owner changed since the user saw them.

    Parameters
    ----------
    ledger : Ledger
    accounts : sequence of Account
        As they are now.
    seen : mapping
        The version of each account that the user saw, by id; accounts that are left out are not checked.

    Raises
    ------
    BadInput
        Some changed hands; the message names them. Or a version is newer than the newest one.
    """
    for each in accounts:
        check_seen(seen.get(each.id), each.version)
    later = {each.id: each for each in accounts if seen.get(each.id, each.version) != each.version}
    before = ledger.histories(Account, id=list(later)) if later else []
    moved = [
        later[each.id].name
        for each in before
        if each.version == seen[each.id] and each.owner_id != later[each.id].owner_id
    ]
    if moved:
        raise BadInput(
            "assign.changed",
            N_(
                "Somebody else assigned {n} of these accounts after you opened the list: {names}. Nothing was written. Look at the list again, then assign."
            ),
            n=len(moved),
            names=[*moved[:_NAMED], *(["…"] if len(moved) > _NAMED else [])],
        )


def assignment_changes(
    ledger: Ledger, accounts: Sequence[Account], rep: str, *, focus: bool | None = None
) -> list[Change]:
    """The rows that give accounts to a rep; accounts that an import found become active.

    Parameters
    ----------
    ledger : Ledger
    accounts : sequence of Account
    rep : str
        Key or name; a rep who is not known yet is made.
    focus : bool, optional
        Put the accounts on the rep's focus list, or take them off.

    Raises
    ------
    NotFound
        The rep is unknown, but very like one who is known (probably a slip).
    """
    present = find_staff(ledger, rep)
    changes = []
    if present is None:
        _refuse_slip(ledger, rep)
        rep_id = clean_key(rep, "rep")
        fields: dict[str, Value] = {"name": rep_id, "login": rep_id, "function": StaffFunction.REP.value}
        changes.append(Change("staff", rep_id, fields, base=0))
    else:
        rep_id = present.id
    for account in accounts:
        given: dict[str, Value] = {"owner_id": rep_id, "team": None if present is None else present.manager_id}
        if focus is not None:
            given["focus"] = int(focus)
        if account.status == AccountStatus.UNCONFIRMED:
            given["status"] = AccountStatus.ACTIVE.value
        changes.append(Change("account", account.id, given, base=account.version))
    return [*changes, *handover_changes(ledger, accounts, rep_id)]


def imported_teams(ledger: Ledger, changes: Sequence[Change]) -> list[Change]:
    """The teams of accounts to which an imported file gives an owner: those of their owners now."""
    teams = dict(ledger.columns(Staff, ("id", "manager_id")))
    return [
        Change("account", each.id, {"team": teams.get(str(each.fields["owner_id"]))}, each.base)
        for each in changes
        if each.entity == "account" and each.fields.get("owner_id")
    ]


def team_changes(ledger: Ledger, accounts: Iterable[Account] | None = None) -> list[Change]:
    """The rows that give accounts the team in which their owner is now; a colleague's change of team alone moves nothing.

    Parameters
    ----------
    ledger : Ledger
    accounts : iterable of Account, optional
        Those to look at, where they were read already; all by default.
    """
    teams = dict(ledger.columns(Staff, ("id", "manager_id")))
    return [
        Change("account", each.id, {"team": teams[each.owner_id]}, each.version)
        for each in (ledger.as_of(Account) if accounts is None else accounts)
        if each.owner_id in teams and teams[each.owner_id] != each.team
    ]


def _refuse_slip(ledger: Ledger, rep: str) -> None:
    known = [each.id for each in ledger.as_of(Staff)]
    # Signs and blanks do not tell two people apart: "Ann Rep" and "ann.rep".
    close = process.extractOne(name_key(rep), [name_key(key) for key in known], score_cutoff=_SLIP)
    if close is not None:
        raise NotFound(
            "staff.close",
            N_("No rep '{name}' here; did you mean '{close}'? Import the staff list first if this is a new rep."),
            name=rep,
            close=known[close[2]],
        )
