"""A workspace: one folder with its config, its store and its clock. Screens, commands and templates work through it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Unpack

import pandas as pd

import coverage_kit
from coverage_kit.acts import Acts
from coverage_kit.coaching import Coaching, CoachingContext
from coverage_kit.config import CONFIG_NAME, keep_mapping
from coverage_kit.domain.instants import Instant, read_instant
from coverage_kit.domain.vocabulary import AccountStatus, EventKind
from coverage_kit.domain.week import Week, local_day, start_of_day
from coverage_kit.exchange import ImportPlan
from coverage_kit.exchange.plan.repeated_headers import lasting
from coverage_kit.i18n import texts
from coverage_kit.measures import History, audit
from coverage_kit.measures.audit import count_waiting
from coverage_kit.merge_acts import MergeActs
from coverage_kit.overview import Audit, Status, audit_of, load_source_dates, people_of, reps_of, status_of
from coverage_kit.role_list_acts import RoleListActs
from coverage_kit.role_lists.model import RoleList
from coverage_kit.role_lists.titles import TitleRoles
from coverage_kit.rules.events import events_of
from coverage_kit.rules.inputs import as_day
from coverage_kit.rules.lookup import get_account, get_staff
from coverage_kit.rules.titles import suggest_roles
from coverage_kit.store import Edit, load_history
from coverage_kit.store.entities import Account
from coverage_kit.transfer.corrections import CorrectionFile, find_corrections, write_corrections
from coverage_kit.transfer.exports import export_table
from coverage_kit.transfer.imports import ImportOptions, import_table, undo_import


class Workspace(Acts):
    """The workspace of a team: what is known as of any instant, and the acts that change it."""

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.ledger.close()

    @property
    def lang(self) -> str:
        """The workspace's language, ``ko`` or ``en``."""
        return self.config.lang

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
        return Coaching(
            CoachingContext(
                self.ledger,
                self.zone,
                self.lang,
                self.config.coaching,
                self.path,
                self.history,
                # Reports stand above a workspace, so they are reached through the package's face.
                make_minutes=lambda session: coverage_kit.make_minutes(self, session),
            )
        )

    @property
    def roles(self) -> RoleListActs:
        """Who must be known: preview and apply role lists, pin them to accounts, the list of offerings."""
        return RoleListActs(self.ledger, self.zone, default=self.config.default_template, home=self.path)

    @property
    def merging(self) -> MergeActs:
        """Make one of two records of a person, or of two accounts that are one company."""
        return MergeActs(self.ledger, self.zone)

    def undo(self, edit_id: str, *, as_id: str | None = None) -> Edit:
        """Take an edit back; a field that somebody changed since is a conflict. The same ``as_id`` is written once.

        A merge and an import are taken back only while nobody has worked with what they wrote.
        """
        kinds = {event.kind for event in events_of(self.ledger, edit_id)}
        if EventKind.MERGED in kinds:
            return self.merging.undo(edit_id, as_id=as_id)
        if EventKind.IMPORTED in kinds:
            return undo_import(self.ledger, edit_id, as_id=as_id)
        if EventKind.LISTS_APPLIED in kinds:
            return self.roles.take_back(edit_id, edit_id=as_id)
        return super().undo(edit_id, as_id=as_id)

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

    def audit(self, *, rep: str | None = None, account: str | None = None, as_of: Instant | None = None) -> Audit:
        """What is true of our contacts: confirmed, gone, or never checked?

        Parameters
        ----------
        rep : str, optional
            Only the accounts this rep owns at that instant.
        account : str, optional
            Only this account, by key or name.
        as_of : optional
            A week, day, time or instant; now by default.

        Returns
        -------
        dict
            ``{"rep", "team": COUNTS, "accounts": [{"account", "name", …COUNTS}], "waiting"}``, the account with most
            unconfirmed contacts first; ``waiting`` contacts are at accounts that nobody has confirmed, and counted nowhere.
        """
        at = self.instant(as_of)
        rep_id = None if rep is None else get_staff(self.ledger, rep).id
        only = None if account is None else get_account(self.ledger, account).id
        history = self.history(rep=rep_id, until=at)
        table = audit(history, at, load_source_dates(self.ledger, at), rep=rep_id)
        waiting = count_waiting(history, at, account=only) if rep is None else 0
        return audit_of(table if only is None else table.loc[table["account"] == only], rep=rep_id, waiting=waiting)

    def reps(self, at: int | None = None) -> list[str]:
        """Ids of all reps as of an instant, and of anybody else who owned an account then; in alphabetical order."""
        return reps_of(self.ledger, at)

    def unconfirmed(self) -> list[Account]:
        """Accounts that an import found and nobody has confirmed; they are in no denominator."""
        return [each for each in self.ledger.as_of(Account) if each.status == AccountStatus.UNCONFIRMED]

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
            said = lasting(plan.table.header, plan.counts["columns"], options.get("mapping") or {})
            self.config = keep_mapping(self.path / CONFIG_NAME, self.config, kind, said)
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

    def corrections(self, *, layout: str | None = None, since: str | date | None = None) -> CorrectionFile:
        """What do we know better than the last export of the CRM? Nothing is written.

        Parameters
        ----------
        layout : str, optional
            The CRM (``salesforce``, ``hubspot``, ``dynamics`` …), if contacts came from several programs.
        since : str or date, optional
            Only what was recorded from this day on, also if it was sent before; by default what was not sent yet.

        Raises
        ------
        BadInput
            No contacts came from such a program, or from several and none is named.
        """
        day = as_day(since, "since")
        start = None if day is None else start_of_day(date.fromisoformat(day), self.zone) - 1
        return find_corrections(
            self.ledger, layout, since=start, day_of=lambda at: local_day(at, self.zone).isoformat()
        )

    def export_corrections(
        self,
        path: str | Path,
        *,
        layout: str | None = None,
        since: str | date | None = None,
        encoding: str = "utf-8-sig",
        edit_id: str | None = None,
    ) -> CorrectionFile:
        """Write the corrections for the CRM and a summary beside them, and note that they were sent.

        Parameters
        ----------
        path : str or Path
            A .csv or .xlsx file; nothing is written where nothing is new.
        layout, since
            As for ``corrections``.
        encoding : str
            Of a .csv: ``utf-8-sig`` or ``cp949``.
        edit_id : str, optional
            Send the same one again when a response got lost; it is noted once.
        """
        found = self.corrections(layout=layout, since=since)
        if found.corrections:
            write_corrections(self.ledger, found, Path(path), encoding=encoding, t=texts(self.lang), edit_id=edit_id)
        return found

    def suggest_roles(self, titles: Iterable[str], *, role_list: str | None = None) -> list[TitleRoles]:
        """Which required roles may these titles mean? Nothing is written.

        Parameters
        ----------
        titles : iterable of str
            As people write them: 구매팀장, VP of Procurement.
        role_list : str, optional
            Only the roles of this list, by key; of all lists by default.

        Returns
        -------
        list of TitleRoles
            One for each title, in order; the likeliest role first, none where no role is likely.

        Raises
        ------
        BadInput
            A title is not a text.
        NotFound
            No such list.
        """
        return suggest_roles(self.ledger, titles, role_list=role_list)

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
