"""One folder is one workspace: its config, its store, its clock, and the face that screens, commands and templates use."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pandas as pd
from pydantic import ValidationError

from coverage_kit.assets.shipped import write_shipped_files
from coverage_kit.coaching import Coaching, CoachingContext
from coverage_kit.config import CONFIG_NAME, Config, read_config, write_columns, write_config
from coverage_kit.domain.clock import Clock, pinned_clock, system_clock
from coverage_kit.domain.vocabulary import EventKind, StaffFunction
from coverage_kit.domain.week import Week, local_day
from coverage_kit.errors import BadInput
from coverage_kit.exchange import (
    ImportPlan,
    Suggestion,
    read_import,
    read_role_template,
    read_role_templates,
    suggest_roles,
    write_table,
)
from coverage_kit.exchange.plan.import_plan import Progress
from coverage_kit.i18n import N_
from coverage_kit.measures import History, coverage
from coverage_kit.role_lists.model import RoleList
from coverage_kit.rules.assignments import assignment_changes
from coverage_kit.rules.commitments import imported_handovers
from coverage_kit.rules.departures import departure_changes
from coverage_kit.rules.lookup import get_account, get_staff
from coverage_kit.rules.people import detail_changes
from coverage_kit.rules.slots import KEEP, Keep, SlotEdit, slot_changes
from coverage_kit.store import Change, Edit, Ledger, load_history, load_owners, new_id, open_store
from coverage_kit.store.entities import Employment, Person
from coverage_kit.transfer.exports import exported_table
from coverage_kit.transfer.imports import check_strict, import_numbers, paused_gc, plan_table, save_import

if TYPE_CHECKING:
    from coverage_kit.reporting.batch.model import BatchResult

_SCOPE = ("accounts", "required", "named", "known", "represented", "assessed", "favorable")
_SCOPE_BESIDE = ("vacant", "not_applicable", "persons")


def init_workspace(
    path: str | Path,
    *,
    lang: str = "en",
    store: str = "store.db",
    timezone: str = "Asia/Seoul",
    actor: str | None = None,
    clock: Clock = system_clock,
) -> Workspace:
    """Make a workspace in a folder: config, notebooks, templates, an empty store with the default role templates.

    Parameters
    ----------
    path : str or Path
        A folder that is empty or not there yet.
    lang : str
        ``ko`` or ``en``.
    store : str
        A SQLite file inside the folder, or a database URL.
    timezone : str
        IANA name; fixed from here on, since weeks end by it.
    actor : str, optional
        Who is doing this; the login by default.
    clock : callable
        Gives the present instant in UTC milliseconds.

    Raises
    ------
    BadInput
        The folder is a workspace already or has other files in it, or a value cannot be used.
    StoreError
        The store cannot be made.
    """
    home = Path(path)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BadInput(
            "workspace.not_empty",
            N_("{path} is not an empty folder; name a new folder for the workspace."),
            path=home.name,
        )
    try:
        config = Config(lang=lang, timezone=timezone, store=store)  # type: ignore[arg-type]
    except ValidationError as exc:
        field = str(exc.errors()[0]["loc"][0])
        raise BadInput(
            "config.value",
            N_("The value of {field} cannot be used; a language is ko or en, a zone is like Asia/Seoul."),
            field=field,
        ) from exc
    home.mkdir(parents=True, exist_ok=True)
    write_shipped_files(home)
    (home / "reports").mkdir()
    for folder in (home, home / "reports"):
        folder.chmod(0o700)
    write_config(home / CONFIG_NAME, config)
    ledger = open_store(_store_url(home, store), clock=clock, actor=actor or _login(), create=True)
    ws = Workspace(home, config, ledger)
    ws.apply_roles(read_role_templates(home / "templates" / "roles"))
    return ws


def open_workspace(
    path: str | Path | None = None, *, actor: str | None = None, clock: Clock | None = None
) -> Workspace:
    """Open the workspace in a folder.

    Parameters
    ----------
    path : str or Path, optional
        The folder; by default what ``COVERAGE_KIT_WORKSPACE`` names, else the current folder.
    actor : str, optional
        Who is working; ``COVERAGE_KIT_ACTOR`` or the login by default.
    clock : callable, optional
        Gives the present instant in UTC milliseconds; by default the config's pinned clock, else the system's.

    Raises
    ------
    BadInput
        No workspace there, or its config cannot be used.
    StoreError
        The store cannot be opened.
    """
    home = Path(path or os.environ.get("COVERAGE_KIT_WORKSPACE") or ".")
    if not (home / CONFIG_NAME).is_file():
        raise BadInput(
            "workspace.missing",
            N_("{path} is no workspace (no {config} in it); make one with: coverage-kit init {path}"),
            path=home.name or "this folder",
            config=CONFIG_NAME,
        )
    config = read_config(home / CONFIG_NAME)
    if clock is None:
        clock = system_clock if config.clock is None else pinned_clock(round(config.clock.timestamp() * 1000))
    return Workspace(home, config, open_store(_store_url(home, config.store), clock=clock, actor=actor or _login()))


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
        """Let go of the store."""
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
        """The present instant: the clock's, or the last edit's where that is later (UTC milliseconds)."""
        return self.ledger.now()

    def today(self) -> date:
        """The local day."""
        return local_day(self.now(), self.zone)

    def last_week(self) -> Week:
        """The last week that has ended."""
        return Week.last_ended(self.now(), self.zone)

    def instant(self, as_of: int | str | date | Week | None) -> int:
        """An instant in UTC milliseconds from what people write: a week, a day (its end), a time, or nothing (now).

        Raises
        ------
        BadInput
            Not readable as one of these.
        """
        if as_of is None:
            return self.now()
        if isinstance(as_of, int):
            return as_of
        if isinstance(as_of, Week):
            return as_of.as_of(self.zone)
        text = str(as_of).strip()
        if "W" in text.upper():
            return Week.parse(text.upper()).as_of(self.zone)
        try:
            moment = datetime.fromisoformat(text if len(text) > 10 else f"{text}T23:59:59.999")
            moment = moment if moment.tzinfo else moment.replace(tzinfo=self.zone)
            return round(moment.timestamp() * 1000)
        except (ValueError, OverflowError) as exc:
            raise BadInput(
                "instant.format",
                N_("'{text}' is not a time; write a day (2026-11-22), a time (2026-11-22T18:00) or a week (2026-W47)."),
                text=text[:40],
            ) from exc

    @property
    def coaching(self) -> Coaching:
        """What the hour is spent on, what was promised, who helps."""
        return Coaching(self._coaching_context)

    @property
    def _coaching_context(self) -> CoachingContext:
        return CoachingContext(self.ledger, self.zone, self.lang, self.config.coaching, self.path, self.history)

    # What is known -------------------------------------------------------------------------------------------------

    def history(self, *, rep: str | None = None, until: int | None = None) -> History:
        """Everything written up to an instant, for the whole team or for the accounts a rep ever owned.

        Parameters
        ----------
        rep : str, optional
            Id of a rep.
        until : int, optional
            Instant in UTC milliseconds; now by default.
        """
        return History(load_history(self.ledger, until=self.now() if until is None else until, rep=rep), self.zone)

    def slots(self, *, rep: str | None = None, as_of: int | str | date | Week | None = None) -> pd.DataFrame:
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
        """Whom do we have contacts for at an account, also those who left?

        Returns
        -------
        DataFrame
            One row an employment: ``person name title department email phone account employment ended_on end_kind
            verified_on``; those still there first, then by name.
        """
        home = get_account(self.ledger, account).id
        columns = ["title", "department", "started_on", "ended_on", "end_kind", "verified_on"]
        jobs = self.ledger.as_of(Employment, account_id=home)
        people = {each.id: each for each in self.ledger.as_of(Person, id=[job.person_id for job in jobs])}
        records = [
            {
                "person": job.person_id,
                **{key: getattr(people.get(job.person_id), key, None) for key in ("name", "email", "phone")},
                "account": home,
                "employment": job.id,
                **{key: getattr(job, key) for key in columns},
            }
            for job in jobs
        ]
        frame = pd.DataFrame(
            records, columns=["person", "name", "email", "phone", "account", "employment", *columns], dtype=object
        )
        order = ["person", "name", "title", "department", "email", "phone", "account", "employment", *columns[2:]]
        return (
            frame.assign(_gone=frame["end_kind"].notna())
            .sort_values(["_gone", "name", "person"], kind="stable")
            .reset_index(drop=True)[order]
        )

    def status(self, *, rep: str | None = None, as_of: int | str | date | Week | None = None) -> dict[str, Any]:
        """How well does each rep, and the team, know whom they must know?

        Returns
        -------
        dict
            ``{"as_of", "week", "team": SCOPE, "unowned": SCOPE, "reps": [{"rep", …SCOPE}]}``; SCOPE counts slots on
            each rung or above, so the counts fall from ``required`` to ``favorable``.
        """
        at = self.instant(as_of)
        slots = self.slots(as_of=at)
        # A frame without categories groups by what is there, not by every rep there ever was.
        plain = slots.assign(rep=slots["rep"].astype(object))
        grouped = {row["rep"]: _scope(row) for row in coverage(plain, by=["rep"]).to_dict("records")}
        wanted = [get_staff(self.ledger, rep).id] if rep else self.reps(at)
        return {
            "as_of": datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "week": str(Week.containing(at, self.zone)),
            "team": _scope(coverage(slots).iloc[0]),
            "unowned": _scope(coverage(slots.loc[slots["rep"].isna()]).iloc[0]),
            "reps": [{"rep": key, **grouped.get(key, _scope({}))} for key in wanted],
        }

    def reps(self, at: int | None = None) -> list[str]:
        """Ids of all reps as of an instant, and of anybody else who owned an account then; in alphabetical order."""
        staff = {
            row["id"]
            for row in self.ledger.as_of("staff", at)
            if row["function"] == StaffFunction.REP and not row["ended_on"]
        }
        return sorted(staff | load_owners(self.ledger, at=at))

    def unconfirmed(self) -> list[dict[str, Any]]:
        """Which accounts did an import find that nobody has confirmed? They are in no denominator."""
        return [row for row in self.ledger.as_of("account") if row["status"] == "unconfirmed"]

    # What is done --------------------------------------------------------------------------------------------------

    def edit_slot(
        self,
        account: str,
        role: str,
        *,
        base: int | None = None,
        edit_id: str | None = None,
        holder: str | None | Keep = KEEP,
        status: str | None | Keep = KEEP,
        verified_on: str | date | None | Keep = KEEP,
        verified_how: str | None | Keep = KEEP,
        representative: str | None | Keep = KEEP,
        can_meet: bool | None | Keep = KEEP,
        can_deliver: bool | None | Keep = KEEP,
        disposition: str | None | Keep = KEEP,
        grounds: str | None | Keep = KEEP,
        reason: str | None | Keep = KEEP,
        agreed_by: str | None | Keep = KEEP,
        review_on: str | date | None | Keep = KEEP,
    ) -> Edit:
        """Write down who holds a required role, and what we know of them; what is left out stays, None clears.

        Parameters
        ----------
        account, role : str
            Key or name of the account, key of the required role.
        base : int, optional
            The version the user saw; a field that somebody changed since is a conflict.
        edit_id : str, optional
            Send the same one again when an answer got lost; it is written once.
        holder : str or None
            Id or name of a person: one match at the account is used, none makes a new person, several raise.
        status, verified_how, disposition : str or None
            Words of the vocabulary.
        verified_on, review_on : str, date or None
            A day, ``YYYY-MM-DD``.
        representative, agreed_by : str or None
            One of our people, by key or name.
        can_meet, can_deliver : bool or None
        grounds, reason : str or None
            One line of free text, kept as a note.

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        edit = SlotEdit(
            holder=holder,
            status=status,
            verified_on=verified_on,
            verified_how=verified_how,
            representative=representative,
            can_meet=can_meet,
            can_deliver=can_deliver,
            disposition=disposition,
            grounds=grounds,
            reason=reason,
            agreed_by=agreed_by,
            review_on=review_on,
        )
        with self.ledger.one_state():
            row = get_account(self.ledger, account)
            changes = slot_changes(self.ledger, row, role, edit, today=self.today(), base=base)
        return self.ledger.save(changes, edit_id=edit_id)

    def end_employment(
        self,
        person: str,
        account: str,
        *,
        kind: str,
        ended_on: str | date | None = None,
        moved_to: str | None = None,
        edit_id: str | None = None,
    ) -> Edit:
        """Record that a person left, retired or moved; all their slots at the account go dark at once.

        In the same edit one commitment is made to find out who follows, where the person held a required role.

        Parameters
        ----------
        person, account : str
            Id or name.
        kind : str
            ``left``, ``retired`` or ``moved``.
        ended_on : str or date, optional
            The first day gone, where known.
        moved_to : str, optional
            The account they moved to; an employment is opened there in the same edit.
        edit_id : str, optional
            Send the same one again when an answer got lost; it is written once.
        """
        row = get_account(self.ledger, account)
        target = None if moved_to is None else get_account(self.ledger, moved_to).id
        changes = departure_changes(
            self.ledger, person, row, kind=kind, today=self.today(), ended_on=ended_on, moved_to=target
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
        """Write down a person's name, phone, email or need, or the title and department at an account.

        Parameters
        ----------
        person, account : str
            Id or name.
        bases : mapping, optional
            The versions the user saw: of the ``person``, and of the ``employment`` at the account.
        edit_id : str, optional
        **details
            What to set; None clears.

        Raises
        ------
        BadInput, NotFound, Conflict
        """
        row = get_account(self.ledger, account)
        changes = detail_changes(self.ledger, row.id, person, details, bases=bases)
        return self.ledger.save(changes, edit_id=edit_id)

    def undo(self, edit_id: str, *, as_id: str | None = None) -> Edit:
        """Take an edit back; what somebody changed since stays, and is a conflict. ``as_id`` again writes it once."""
        return self.ledger.undo(edit_id, as_id=as_id)

    def assign(self, accounts: Sequence[str], rep: str, *, focus: bool | None = None) -> Edit:
        """Give accounts to a rep, which also confirms those that an import found; a new rep is made.

        Open commitments go over with their accounts.

        Raises
        ------
        NotFound
            No such account, or the rep is unknown but close to one that is known (probably a slip).
        """
        with self.ledger.one_state():
            changes = assignment_changes(
                self.ledger, [get_account(self.ledger, account) for account in accounts], rep, focus=focus
            )
        return self.ledger.save(changes)

    def import_file(
        self,
        kind: str,
        path: str | Path,
        *,
        dry_run: bool = False,
        strict: bool = False,
        mapping: Mapping[str, str] | None = None,
        encoding: str | None = None,
        sheet: str | None = None,
        progress: Progress | None = None,
    ) -> ImportPlan:
        """Bring in accounts, contacts or staff from what a CRM or a spreadsheet exports.

        The same file again changes nothing; a newer one changes what it says differently, and what was changed here
        since stays.

        Parameters
        ----------
        kind : str
            ``accounts``, ``contacts`` or ``staff``.
        path : str or Path
            CSV, TSV, XLSX, XLS or HTML named .xls.
        dry_run : bool
            Only say what would change.
        strict : bool
            Take nothing if one row has a problem.
        mapping : mapping, optional
            Their column to ours; kept in the workspace for the next file.
        encoding, sheet : str, optional
            Overrule what the file says of itself.
        progress : callable, optional
            Told what is being done, how many of it are done, and of how many.

        Returns
        -------
        ImportPlan
            ``counts``, ``problems``, ``differences`` and ``missing``; rows that were not taken whole are written to
            ``counts["rejects_file"]``.
        """
        with paused_gc():
            return self._import_file(Path(path), kind, dry_run, strict, mapping or {}, encoding, sheet, progress)

    def _import_file(
        self,
        file: Path,
        kind: str,
        dry_run: bool,
        strict: bool,
        mapping: Mapping[str, str],
        encoding: str | None,
        sheet: str | None,
        progress: Progress | None,
    ) -> ImportPlan:
        kept = self.config.columns.get(kind, {})
        plan, changes = plan_table(
            self.ledger,
            kind,
            read_import(kind, file, mapping=mapping, kept=kept, encoding=encoding, sheet=sheet),
            default_template=self.config.default_template,
            lang=self.lang,
            progress=progress,
        )
        if strict:
            check_strict(plan)
        if dry_run:
            return plan
        event = self.record(EventKind.IMPORTED, import_numbers(plan))
        rejects = self.path / "rejects" / f"{file.stem}.csv"
        changes += imported_handovers(self.ledger, changes)
        save_import(self.ledger, plan, changes, event, rejects=rejects, progress=progress)
        if not mapping.items() <= kept.items():
            columns = {**self.config.columns, kind: {**kept, **mapping}}
            self.config = self.config.model_copy(update={"columns": columns})
            write_columns(self.path / CONFIG_NAME, columns)
        return plan

    def export_file(self, kind: str, path: str | Path, *, encoding: str = "utf-8-sig", rep: str | None = None) -> int:
        """Write people, slots or accounts to a .csv or .xlsx file that runs nothing; returns the number of rows.

        Dispositions, needs and notes are left out: they are opinions about a person, and a file travels.

        Parameters
        ----------
        kind : str
            ``people``, ``slots`` or ``accounts``.
        path : str or Path
            The ending says which of them is written.
        encoding : str
            Of a .csv: ``utf-8-sig`` or ``cp949``.
        rep : str, optional
            Only the accounts of this rep.

        Raises
        ------
        BadInput
            An ending, folder or character that cannot be written.
        """
        slots, day = self.slots(rep=rep) if kind == "slots" else None, self.today()
        table = exported_table(self.ledger, kind, slots, self.lang, day=day)
        if rep is not None and kind != "slots":
            rep_id = get_staff(self.ledger, rep).id
            owned = {row["id"] for row in self.ledger.as_of("account") if row["owner_id"] == rep_id}
            table = table.loc[table["key" if kind == "accounts" else "account"].isin(owned)]
        write_table(Path(path), list(table.columns), table.itertuples(index=False), encoding=encoding)
        self.ledger.save([self.record(EventKind.EXPORTED, {"kind": kind, "rows": len(table)})])
        return len(table)

    def suggest_roles(self, titles: Iterable[str]) -> dict[str, list[Suggestion]]:
        """Which required roles may these titles mean? The likeliest first; nothing is written."""
        bodies = [json.loads(row["body"]) for row in self.ledger.as_of("template")]
        return suggest_roles(titles, bodies, self.lang)

    def read_roles(self, files: Sequence[Path] = ()) -> list[RoleList]:
        """Read role templates from files; the workspace's own by default.

        Raises
        ------
        BadInput
            With file and line.
        """
        return [read_role_template(path) for path in files] or read_role_templates(self.path / "templates" / "roles")

    def apply_roles(self, templates: Iterable[RoleList]) -> list[str]:
        """Enter role templates into the ledger; returns the keys of those that are new or changed.

        From here on they are the standard in force; history keeps the versions before.
        """
        present = {row["id"]: row["source_hash"] for row in self.ledger.as_of("template")}
        changed = [t for t in templates if present.get(t.key) != t.source_hash]
        if changed:
            self.ledger.save(
                [
                    Change(
                        "template",
                        t.key,
                        {"body": json.dumps(t.body(), ensure_ascii=False), "source_hash": t.source_hash},
                    )
                    for t in changed
                ]
            )
        return [t.key for t in changed]

    def record(self, kind: EventKind, body: Mapping[str, Any]) -> Change:
        """An event row to save along with an edit: what was done, without personal data."""
        return Change(
            "event", new_id("ev"), {"kind": kind.value, "body": json.dumps(dict(body), ensure_ascii=False)}, base=0
        )

    def report(
        self,
        *,
        week: str | Week | None = None,
        reps: Sequence[str] = (),
        out: str | Path | None = None,
        n_workers: int | None = None,
        force: bool = False,
        progress: bool = False,
    ) -> BatchResult:
        """Make the weekly report of every rep, and the team's roll-up.

        Parameters
        ----------
        week : str or Week, optional
            The last week that has ended by default.
        reps : sequence of str
            Only these reps; all by default.
        out : str or Path, optional
            Where the week's folder is made; the workspace's ``reports`` by default.
        n_workers : int, optional
            Reports made at the same time.
        force : bool
            Make again what is finished.
        progress : bool
            Show a progress bar on stderr.
        """
        # Reporting runs notebooks that open this workspace again: it stands above, and is fetched only on demand.
        from coverage_kit.reporting.run import report_week

        return report_week(self, week=week, reps=reps, out=out, n_workers=n_workers, force=force, progress=progress)


def _scope(counts: Any) -> dict[str, int]:
    return {name: int(counts.get(name, 0)) for name in (*_SCOPE, *_SCOPE_BESIDE)}


def _store_url(home: Path, store: str) -> str:
    return store if "://" in store else f"sqlite:///{(home / store).absolute()}"


def _login() -> str:
    return os.environ.get("COVERAGE_KIT_ACTOR") or getpass.getuser()
