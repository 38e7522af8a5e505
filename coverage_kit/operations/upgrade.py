"""Bring an existing workspace up to this version: a backup first, then the store, then its notebooks and templates.

A copy that nobody changed is replaced; a changed one is kept and named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coverage_kit.assets.copies import compare_copies
from coverage_kit.assets.private import make_folder, write_file
from coverage_kit.assets.shipped import shipped_files
from coverage_kit.operations.backup import make_backup
from coverage_kit.workspace import Workspace

BACKUPS = "backups"


@dataclass
class Upgrade:
    """What an upgrade does, or did.

    Attributes
    ----------
    backup : str
        File of the backup that was made first; empty after a trial, or where nothing was to be done.
    added, replaced, kept : list of str
        Files of the workspace: new ones, unchanged copies of an older version, and copies that somebody changed.
    """

    backup: str = ""
    added: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    @property
    def is_needed(self) -> bool:
        """Whether a file of the workspace is missing or older than this version."""
        return bool(self.added or self.replaced)


def plan_upgrade(home: Path) -> Upgrade:
    """Which files of a workspace would be added, replaced or kept?"""
    copies = compare_copies(home)
    return Upgrade(added=copies.missing, replaced=copies.older, kept=copies.changed)


def upgrade_workspace(ws: Workspace, *, dry_run: bool = False) -> Upgrade:
    """Upgrade an opened workspace; its store was migrated when it was opened, after a copy of it was made.

    Parameters
    ----------
    ws : Workspace
    dry_run : bool
        Only say what would be done.

    Raises
    ------
    StoreError
        The backup cannot be made; then nothing is changed.
    """
    plan = plan_upgrade(ws.path)
    if dry_run or not plan.is_needed:
        return plan
    plan.backup = make_backup(ws, make_folder(ws.path / BACKUPS)).path.name
    bodies = shipped_files()
    for name in (*plan.added, *plan.replaced):
        path = ws.path / name
        make_folder(path.parent)
        write_file(path, bodies[name])
    return plan
