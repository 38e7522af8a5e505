"""The acts of people in a workspace: edit slots and people, record departures, assign accounts, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Unpack
from zoneinfo import ZoneInfo

from coverage_kit.config import Config
from coverage_kit.domain.week import local_day
from coverage_kit.rules.assignments import assignment_changes, check_owners_seen
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account, get_accounts
from coverage_kit.rules.people import detail_changes
from coverage_kit.rules.slots import SlotEdit, slot_changes
from coverage_kit.store import Edit, Ledger


class Acts:
    """The acts of people on accounts, slots and people: each is one edit."""

    def __init__(self, path: Path, config: Config, ledger: Ledger) -> None:
        self.path = path
        self.config = config
        self.ledger = ledger

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone by which weeks end."""
        return ZoneInfo(self.config.timezone)

    def now(self) -> int:
        """The present instant: the clock's, or the last edit's if that is later (UTC milliseconds)."""
        return self.ledger.now()

    def today(self) -> date:
        """The local day."""
        return local_day(self.now(), self.zone)

    def edit_slot(
        self,
        account: str,
        role: str,
        *,
        base: int | None = None,
        edit_id: str | None = None,
        **fields: Unpack[SlotEdit],
    ) -> Edit:
        """Record who holds a required role, and what we know of them; fields that are left out stay, None clears.

        Parameters
        ----------
        account, role : str
            Key or name of the account, key of the required role.
        base : int, optional
            The version the user saw; a field that somebody changed since is a conflict.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.
        **fields
            ``holder status verified_on verified_how representative can_meet can_deliver disposition grounds reason
            agreed_by review_on`` (see ``rules.slots.SlotEdit``).

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        with self.ledger.one_state():
            row = get_account(self.ledger, account)
            changes = slot_changes(self.ledger, row, role, fields, today=self.today(), base=base)
        return self.ledger.save(changes, edit_id=edit_id)

    def end_employment(
        self,
        person: str,
        account: str,
        *,
        kind: str,
        ended_on: str | date | None = None,
        moved_to: str | None = None,
        seen: int | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Record that a person (id or name) left, retired or moved; all their slots at the account go dark at once.

        The same edit makes one commitment to find the successor, if the person held a required role.

        Parameters
        ----------
        person, account : str
            Id or name.
        kind : str
            ``left``, ``retired`` or ``moved``.
        ended_on : str or date, optional
            The first day gone, where known.
        moved_to : str, optional
            The account they moved to; the same edit opens an employment there.
        seen : int, optional
            The version of the employment that the user saw; a departure that somebody recorded since is a conflict.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.
        """
        left, today = get_account(self.ledger, account), self.today()
        target = None if moved_to is None else get_account(self.ledger, moved_to).id
        changes = departure_changes(
            self.ledger, person, left, kind=kind, today=today, ended_on=ended_on, moved_to=target, seen=seen
        )
        return self.ledger.save(changes, edit_id=edit_id)

    def edit_person(
        self,
        person: str,
        account: str,
        *,
        bases: Mapping[str, int] | None = None,
        edit_id: str | None = None,
        **details: str | None,
    ) -> Edit:
        """Set a person's ``name phone email need``, or their ``title department`` at an account; None clears.

        Parameters
        ----------
        person, account : str
            Id or name.
        bases : mapping, optional
            The versions the user saw: of the ``person``, and of the ``employment`` at the account.
        edit_id : str, optional
        **details
            What to set.

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        home = get_account(self.ledger, account).id
        return self.ledger.save(detail_changes(self.ledger, home, person, details, bases=bases), edit_id=edit_id)

    def undo(self, edit_id: str, *, as_id: str | None = None) -> Edit:
        """Take an edit back; a field that somebody changed since is a conflict. The same ``as_id`` is written once."""
        return self.ledger.undo(edit_id, as_id=as_id)

    def assign(
        self,
        accounts: Sequence[str],
        rep: str,
        *,
        focus: bool | None = None,
        seen: Mapping[str, int] | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Give accounts to a rep, which also confirms those that an import found; a new rep is made.

        Open commitments go over with their accounts.

        Parameters
        ----------
        accounts : sequence of str
            Keys or names.
        rep : str
            Key or name.
        focus : bool, optional
            Put the accounts on the rep's focus list, or take them off.
        seen : mapping, optional
            The version of each account (id) that the user saw.
        edit_id : str, optional
            Send the same one again when a response got lost; it is written once.

        Raises
        ------
        NotFound
            No such account, or the rep is unknown but very like one who is known (probably a slip).
        BadInput
            An account got another owner after the user saw it.
        """
        with self.ledger.one_state():
            rows = get_accounts(self.ledger, accounts)
            if seen and not (edit_id and self.ledger.has_edit(edit_id)):
                check_owners_seen(self.ledger, rows, seen)
            changes = assignment_changes(self.ledger, rows, rep, focus=focus)
        return self.ledger.save(changes, edit_id=edit_id)
