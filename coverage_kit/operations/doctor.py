"""The doctor: what could go wrong with a workspace, what it means, and the command that mends it."""

from __future__ import annotations

import json
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from time import time

from packaging.requirements import Requirement
from pydantic import ValidationError

from coverage_kit.assets.letters import FONTS, WEIGHTS
from coverage_kit.errors import BadInput, CoverageKitError
from coverage_kit.i18n import N_, N_n, Texts, texts
from coverage_kit.i18n.commands import name_workspace, naming_option
from coverage_kit.operations.backup import LAST_BACKUP
from coverage_kit.operations.upgrade import plan_upgrade
from coverage_kit.reporting.deliver.pdf import find_chromium
from coverage_kit.role_lists.model import RoleList
from coverage_kit.store import entities
from coverage_kit.store.anchor import LAST_CHECK, check_all
from coverage_kit.store.checkup import (
    changed_guards,
    find_faults,
    guards_off,
    lacking_rights,
    long_transactions,
    missing_guards,
    missing_parts,
)
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.engines import damage_errors
from coverage_kit.workspace import Workspace

_DAY_MS = 86_400_000
_BACKUP_DAYS = 8
_RESTORE = N_("Restore the last good backup into a new folder: coverage-kit restore FILE DIR")
_LEAST_FREE = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """One check.

    Attributes
    ----------
    check : str
        Its stable name.
    ok : bool
    what : str
        What was found, and what it means.
    do : str
        The command or step that mends it; empty where all is well. With ``ok`` it is a note: something optional is missing.
    """

    check: str
    ok: bool
    what: str
    do: str = ""


def examine(ws: Workspace) -> list[Finding]:
    """Check a workspace; nothing is changed but the note of the last full check.

    Returns
    -------
    list of Finding
        One for each check, also for those that found nothing.
    """
    t = texts(ws.lang)
    return [_looked_at(ws, t, name) for name in _CHECKS]


def _looked_at(ws: Workspace, t: Texts, name: str) -> Finding:
    """One check; where the store is too damaged for it, that is the finding."""
    try:
        with damage_errors(ws.ledger.name):
            found = _CHECKS[name](ws, t)
    except CoverageKitError as exc:
        found = Finding(name, False, exc.text(ws.lang), t(_RESTORE))
    return replace(found, do=name_workspace(found.do, naming_option(ws.path)))


def _schema(ws: Workspace, t: Texts) -> Finding:
    if missing := missing_parts(ws.ledger):
        return Finding("schema", False, t(N_("The store lacks {names}."), names=missing[:8]), t(_RESTORE))
    if off := guards_off(ws.ledger):
        what = t(
            N_("A setting of the database or of a login switches off what guards the history: {names}."), names=off
        )
        return Finding(
            "schema", False, what, t(N_("Reset it with ALTER DATABASE … RESET or ALTER ROLE … RESET, then look again."))
        )
    if lost := missing_guards(ws.ledger) or changed_guards(ws.ledger):
        what = t(
            N_(
                "The store may no longer refuse changes of its history: {n} of its guards are gone or changed (first: {name})."
            ),
            n=len(lost),
            name=lost[0],
        )
        new = "NEW.db" if "://" not in ws.config.store else "URL"
        return Finding(
            "schema",
            False,
            what,
            t(N_("Move it into a new store, which has them: coverage-kit move --to {new}"), new=new),
        )
    return Finding("schema", True, t(N_("The store has all tables, and refuses changes of its history.")))


def _rights(ws: Workspace, t: Texts) -> Finding:
    lacking = lacking_rights(ws.ledger)
    if "write" in lacking:
        what = t(N_("Your login may only read the store: reports can be made, and nothing can be written."))
        do = t(N_("To work in it, name a login that may write in the config."))
        return Finding("rights", True, what, do)
    what = ""
    if "tables" in lacking:
        what = t(N_("Your login may not make tables, which a new store (init, move) or an upgrade needs.")) + " "
    if "compare" in lacking:
        what += t(
            N_(
                "Your login may make no schema, so the names of what guards the history were checked, and not how it is written."
            )
        )
    if what:
        grants = "; ".join(lacking.values())
        do = t(N_("Let the owner of the database run: {grants}; then look again."), grants=grants)
        return Finding("rights", True, what.strip(), do)
    return Finding("rights", True, t(N_("Your login has every right that commands need.")))


def _history(ws: Workspace, t: Texts) -> Finding:
    faults = find_faults(ws.ledger)
    if not missing_parts(ws.ledger) and (damaged := check_all(ws.ledger, ws.path / LAST_CHECK)):
        faults.append(
            t(
                N_n(
                    "{n} edit differs from what was written (first: {edit})",
                    "{n} edits differ from what was written (first: {edit})",
                ),
                n=len(damaged),
                edit=damaged[0].edit_id,
            )
        )
    if faults:
        return Finding(
            "history",
            False,
            t(N_("The store is damaged: {faults}."), faults=faults),
            t(_RESTORE),
        )
    return Finding("history", True, t(N_("Every history is whole, and the present agrees with its replay.")))


def _role_lists(ws: Workspace, t: Texts) -> Finding:
    bad = []
    for row in ws.ledger.as_of(entities.Template):
        try:
            RoleList.model_validate({"key": row.id, **json.loads(row.body)})
        except (ValidationError, ValueError, TypeError):
            bad.append(row.id)
    if bad:
        return Finding(
            "role_lists",
            False,
            t(N_("These role lists cannot be read: {keys}."), keys=bad),
            t(N_("Apply a corrected list: coverage-kit roles apply FILE.yml")),
        )
    return Finding("role_lists", True, t(N_("All role lists are valid.")))


def _modes(ws: Workspace, t: Texts) -> Finding:
    open_to_others = [path.relative_to(ws.path).as_posix() for path in _private(ws.path) if path.stat().st_mode & 0o077]
    if open_to_others and sys.platform != "win32":
        return Finding(
            "file_modes",
            False,
            t(N_("Other accounts of this computer can reach {names}."), names=open_to_others[:8]),
            f"chmod -R go= {shlex.quote(str(ws.path.absolute()))}",
        )
    return Finding("file_modes", True, t(N_("Only your account can read the workspace.")))


def _private(home: Path) -> Iterator[Path]:
    """The workspace's folder, and what in it holds data of customers or settings."""
    yield home
    for path in sorted(home.rglob("*")):
        if not path.is_symlink():
            yield path


def _place(ws: Workspace, t: Texts) -> Finding:
    try:
        dialect_of(ws.ledger.engine).check_place(ws.ledger.engine.url)
    except CoverageKitError as exc:
        return Finding("place", False, exc.text(ws.lang), t(N_("Move the workspace to a plain local folder.")))
    return Finding("place", True, t(N_("The workspace lies on a disk of this computer.")))


def _fonts(ws: Workspace, t: Texts) -> Finding:
    missing = [name for name in WEIGHTS.values() if not (FONTS / name).is_file()]
    if missing:
        again = t(N_("Install the package again: pip install --force-reinstall coverage-kit"))
        return Finding("fonts", False, t(N_("Fonts are missing: {names}."), names=missing), again)
    return Finding("fonts", True, t(N_("The Korean fonts are here.")))


def _browser(ws: Workspace, t: Texts) -> Finding:
    try:
        find_chromium()
    except BadInput:
        what = t(N_("Reports cannot be printed as PDF: no Chromium was found. Web pages and mails need none."))
        do = t(
            N_(
                "Install Chromium so that chromium or google-chrome is on the path; on Debian: sudo apt install chromium"
            )
        )
        return Finding("browser", not _prints(ws), what, do)
    return Finding("browser", True, t(N_("Chromium is here, so reports can be printed as PDF.")))


def _prints(ws: Workspace) -> bool:
    """Were the latest reports printed as PDF too?"""
    made = sorted((ws.path / "reports").glob("*/*.html"))
    return bool(made) and any(made[-1].parent.glob("*.pdf"))


def _versions(ws: Workspace, t: Texts) -> Finding:
    wrong = []
    try:
        listed = [Requirement(line) for line in requires("coverage-kit") or ()]
    except PackageNotFoundError:
        listed = []
    for each in listed:
        if each.marker is None or each.marker.evaluate({"extra": ""}):
            try:
                found = version(each.name)
            except PackageNotFoundError:
                found = "–"
            if found == "–" or not each.specifier.contains(found, prereleases=True):
                wrong.append(f"{each.name} {found} ({each.specifier})")
    if wrong:
        again = t(N_("Install the package again: pip install --upgrade coverage-kit"))
        return Finding("versions", False, t(N_("Packages of another version: {names}."), names=wrong), again)
    return Finding("versions", True, t(N_("All packages have versions that fit.")))


def _clock(ws: Workspace, t: Texts) -> Finding:
    if ws.config.clock is not None:
        return Finding("clock", True, t(N_("The settings pin the clock of this workspace, as for a sample.")))
    ahead = (ws.ledger.last_at() - time() * 1000) / _DAY_MS
    if ahead > 1:
        return Finding(
            "clock",
            False,
            t(
                N_n(
                    "The last edit is {n} day ahead of this computer's clock, so weeks end too late.",
                    "The last edit is {n} days ahead of this computer's clock, so weeks end too late.",
                ),
                n=round(ahead),
            ),
            t(N_("Correct the clock; then close all pages and run: coverage-kit doctor --rebuild NEW_FOLDER"))
            + ("" if "://" not in ws.config.store else " --store URL"),
        )
    return Finding("clock", True, t(N_("No edit is ahead of this computer's clock.")))


def _disk(ws: Workspace, t: Texts) -> Finding:
    free = shutil.disk_usage(ws.path).free
    if free < _LEAST_FREE:
        return Finding(
            "disk",
            False,
            t(N_("{n} MB are free on the disk of the workspace."), n=free // 10**6),
            t(N_("Make room on the disk.")),
        )
    return Finding("disk", True, t(N_("{n} GB are free on the disk of the workspace."), n=free // 10**9))


def _backup(ws: Workspace, t: Texts) -> Finding:
    do = "coverage-kit backup FILE"
    try:
        note = json.loads((ws.path / LAST_BACKUP).read_text(encoding="utf-8"))
        made, upto = datetime.fromisoformat(note["made_at"]), int(note["last_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return Finding("backup", False, t(N_("There is no backup of this workspace.")), do)
    days = round((time() - made.timestamp()) / 86_400)
    if days > _BACKUP_DAYS and upto < ws.ledger.last_at():
        return Finding("backup", False, t(N_("The last backup is {n} days old."), n=days), do)
    return Finding("backup", True, t(N_("Last backup: {day}."), day=made.astimezone(ws.zone).date()))


def _reports(ws: Workspace, t: Texts) -> Finding:
    last = ws.last_week()
    made = sorted(path.parent.name for path in (ws.path / "reports").glob("*/manifest.json"))
    if not ws.reps(last.as_of(ws.zone)):
        return Finding("reports", True, t(N_("No week with accounts has ended yet.")))
    if not made or made[-1] < str(last):
        latest = made[-1] if made else "–"
        what = t(N_("No reports of {week} here; the latest are of {latest}."), week=last, latest=latest)
        return Finding("reports", False, what, "coverage-kit report")
    return Finding("reports", True, t(N_("The reports of {week} are made."), week=last))


def _transactions(ws: Workspace, t: Texts) -> Finding:
    n = long_transactions(ws.ledger)
    if n:
        what = t(N_("{n} transactions of the database have been open for more than five minutes."), n=n)
        return Finding("transactions", False, what, t(N_("Close the programs that hold them, then look again.")))
    return Finding("transactions", True, t(N_("No transaction is open for long.")))


def _copies(ws: Workspace, t: Texts) -> Finding:
    plan = plan_upgrade(ws.path)
    if plan.is_needed:
        what = t(N_("Files of an older version: {names}."), names=[*plan.added, *plan.replaced][:8])
        return Finding("upgrade", False, what, "coverage-kit upgrade")
    kept = t(N_(" Changed by you, and kept: {names}."), names=plan.kept) if plan.kept else ""
    return Finding("upgrade", True, t(N_("Notebooks and templates fit this version.")) + kept)


_CHECKS: dict[str, Callable[[Workspace, Texts], Finding]] = {
    "schema": _schema,
    "rights": _rights,
    "history": _history,
    "role_lists": _role_lists,
    "file_modes": _modes,
    "place": _place,
    "fonts": _fonts,
    "browser": _browser,
    "versions": _versions,
    "clock": _clock,
    "disk": _disk,
    "backup": _backup,
    "reports": _reports,
    "transactions": _transactions,
    "upgrade": _copies,
}
