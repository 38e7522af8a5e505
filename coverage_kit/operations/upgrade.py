"""Bring an existing workspace up to this version: a backup first, then the store, then its notebooks and templates.

A copy that nobody changed is replaced; a changed one is kept and named. ``shipped.json`` lists the hashes of the files that
earlier versions put into a workspace, which tells the two apart.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

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
    plan = Upgrade()
    for name, body in shipped_files().items():
        path = home / name
        if not path.is_file():
            plan.added.append(name)
            continue
        own = _hash(path.read_bytes())
        if own == _hash(body):
            continue
        (plan.replaced if own in _shipped().get(name, ()) else plan.kept).append(name)
    return plan


def changed_files(home: Path, under: str) -> dict[str, str]:
    """The copies that somebody changed, in one folder of the workspace, with the sha256 of each."""
    return {name: _hash((home / name).read_bytes()) for name in plan_upgrade(home).kept if name.startswith(under)}


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


@cache
def _shipped() -> dict[str, frozenset[str]]:
    listed = json.loads(Path(__file__).with_name("shipped.json").read_text(encoding="utf-8"))
    return {name: frozenset(hashes) for name, hashes in listed.items()}


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
