"""A workspace: one folder with its config, its store and its clock. Screens, commands and templates work through it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Unpack
from zoneinfo import ZoneInfo

import pandas as pd

from coverage_kit.coaching import Coaching, CoachingContext
from coverage_kit.config import CONFIG_NAME, Config, keep_mapping
from coverage_kit.domain.instants import Instant, read_instant
from coverage_kit.domain.vocabulary import AccountStatus
from coverage_kit.domain.week import Week, local_day
from coverage_kit.exchange import ImportPlan, Suggestion, suggest_roles
from coverage_kit.measures import History
from coverage_kit.overview import Status, people_of, reps_of, status_of
from coverage_kit.role_list_acts import RoleListActs
from coverage_kit.role_lists.model import RoleList
from coverage_kit.rules.assignments import assignment_changes, check_owners_seen
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account, get_accounts, get_staff, role_lists
from coverage_kit.rules.people import detail_changes
from coverage_kit.rules.slots import SlotEdit, slot_changes
from coverage_kit.store import Edit, Ledger, load_history
from coverage_kit.store.entities import Account
from coverage_kit.transfer.exports import export_table
from coverage_kit.transfer.imports import ImportOptions, import_table


class Workspace:
    """The workspace of a team: what is known as of any instant, and the acts that change it.

    Attributes
    ----------
    path : Path
    config : Config
    ledger : Ledger
    """

    def __init__(self, path: Path, config: Config, ledger: Ledger) -> None:
        self.path = path
        self.config = config
        self.ledger = ledger

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.ledger.close()

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone by which weeks end."""
        return ZoneInfo(self.config.timezone)

    @property
    def lang(self) -> str:
        """The workspace's language, ``ko`` or ``en``."""
        return self.config.lang

    def now(self) -> int:
        """The present instant: the clock's, or the last edit's if that is later (UTC milliseconds)."""
        return self.ledger.now()

    def today(self) -> date:
        """The local day."""
        return local_day(self.now(), self.zone)

    def last_week(self) -> Week:
        """The last week that has ended."""
        return Week.last_ended(self.now(), self.zone)

    def instant(self, as_of: Instant | None) -> int:
        """An instant in UTC milliseconds: of a week or a day its end, or now while it has not ended; now by default.

        Raises
        ------
        BadInput
            Not readable, or in the future.
        """
        return self.now() if as_of is None else read_instant(as_of, self.zone, self.now())

    @property
    def coaching(self) -> Coaching:
        """The coaching hour: agenda, commitments, sessions, focus lists, people."""
        context = CoachingContext(self.ledger, self.zone, self.lang, self.config.coaching, self.path, self.history)
        return Coaching(context)

    @property
    def roles(self) -> RoleListActs:
        """Who must be known: preview and apply role lists, pin them to accounts, the list of offerings."""
        return RoleListActs(self.ledger, self.zone, default=self.config.default_template, home=self.path)

    # What is known -------------------------------------------------------------------------------------------------

    def history(self, *, rep: str | None = None, until: int | None = None) -> History:
        """Everything recorded until an instant (UTC milliseconds; now by default), for the team or for the accounts that a rep (id) ever owned."""
        return History(load_history(self.ledger, until=self.now() if until is None else until, rep=rep), self.zone)

    def slots(self, *, rep: str | None = None, as_of: Instant | None = None) -> pd.DataFrame:
        """Who is known in every required role?

        Parameters
        ----------
        rep : str, optional
            Only the accounts this rep owns at that instant.
        as_of : optional
            A week, day, time or instant; now by default.

        Returns
        -------
        DataFrame
            One row a required slot: ``account role rep holder rung verified_on representative disposition …``
            (see ``measures.slots``).
        """
        at = self.instant(as_of)
        rep_id = None if rep is None else get_staff(self.ledger, rep).id
        slots = self.history(rep=rep_id, until=at).slots(at, rep_id)
        return slots if rep_id is None else slots.reset_index(drop=True)

    def people(self, account: str) -> pd.DataFrame:
        """Whom do we have contacts for at an account, also those who left? Columns are ``overview.PEOPLE``."""
        return people_of(self.ledger, get_account(self.ledger, account).id)

    def status(self, *, rep: str | None = None, as_of: Instant | None = None) -> Status:
        """How well does each rep, and the team, know whom they must know?

        Returns
        -------
        dict
            ``{"as_of", "week", "team": SCOPE, "unowned": SCOPE, "reps": [{"rep", …SCOPE}]}``; SCOPE counts slots on
            each rung or above, so the counts fall from ``required`` to ``favorable``.
        """
        at = self.instant(as_of)
        reps = [get_staff(self.ledger, rep).id] if rep else self.reps(at)
        return status_of(self.slots(as_of=at), reps, at, self.zone)

    def reps(self, at: int | None = None) -> list[str]:
        """Ids of all reps as of an instant, and of anybody else who owned an account then; in alphabetical order."""
        return reps_of(self.ledger, at)

    def unconfirmed(self) -> list[Account]:
        """Accounts that an import found and nobody has confirmed; they are in no denominator."""
        return [each for each in self.ledger.as_of(Account) if each.status == AccountStatus.UNCONFIRMED]

    # What is done --------------------------------------------------------------------------------------------------

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

    def import_file(self, kind: str, path: str | Path, **options: Unpack[ImportOptions]) -> ImportPlan:
        """Bring in ``accounts``, ``contacts`` or ``staff`` from what a CRM or a spreadsheet exports.

        The same file again changes nothing. A newer one changes what it says differently; what was changed here since
        stays.

        Parameters
        ----------
        kind : str
        path : str or Path
            CSV, TSV, XLSX, XLS or HTML named .xls.
        **options
            ``dry_run strict mapping encoding sheet unclear owners who record_moves progress`` (see ``transfer.imports.ImportOptions``); a mapping is
            kept in the workspace for the next file.

        Returns
        -------
        ImportPlan
            ``counts``, ``problems``, ``differences`` and ``missing``; rows that were not taken whole are written to
            ``counts["rejects_file"]``.
        """
        plan = import_table(self.ledger, self.config, self.path, kind, Path(path), options)
        if not options.get("dry_run"):
            self.config = keep_mapping(self.path / CONFIG_NAME, self.config, kind, options.get("mapping") or {})
        return plan

    def export_file(self, kind: str, path: str | Path, *, encoding: str = "utf-8-sig", rep: str | None = None) -> int:
        """Write ``people``, ``slots`` or ``accounts`` to a .csv or .xlsx file that runs nothing; returns the number of rows.

        Dispositions, needs and notes are left out: they are opinions about a person, and a file travels.

        Parameters
        ----------
        kind : str
        path : str or Path
        encoding : str
            Of a .csv: ``utf-8-sig`` or ``cp949``.
        rep : str, optional
            Only the accounts of this rep.

        Raises
        ------
        BadInput
            No such kind; or an ending, folder or character that cannot be written.
        """
        rep_id = None if rep is None else get_staff(self.ledger, rep).id
        slots = self.slots(rep=rep_id) if kind == "slots" else None
        common = {"lang": self.lang, "encoding": encoding}
        return export_table(self.ledger, kind, Path(path), slots=slots, day=self.today(), rep=rep_id, **common)

    def suggest_roles(self, titles: Iterable[str]) -> dict[str, list[Suggestion]]:
        """Which required roles may these titles mean? The likeliest first; nothing is written."""
        return suggest_roles(titles, role_lists(self.ledger).bodies.values(), self.lang)

    def read_roles(self, files: Sequence[Path] = ()) -> list[RoleList]:
        """Read role lists from files; the workspace's own by default. An error names file and line."""
        return self.roles.read(files)

    def apply_roles(self, lists: Iterable[RoleList]) -> list[str]:
        """Bring role lists into force from now on; returns the keys of those that are new or changed."""
        return list(self.roles.apply(list(lists), unused=True).changed)


def __getattr__(name: str) -> object:
    # Their place is ``coverage_kit``; they were imported from here before.
    if name in ("init_workspace", "open_workspace"):
        return getattr(import_module("coverage_kit.opening"), name)
    raise AttributeError(f"module 'coverage_kit.workspace' has no attribute {name!r}")
