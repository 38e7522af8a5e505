"""The copies of notebooks and templates in a workspace, beside those of this version.

``shipped.json`` lists the hashes of the files that earlier versions put into a workspace, which tells an unchanged copy of an
older version from one that somebody changed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from coverage_kit.assets.shipped import shipped_files


@dataclass
class Copies:
    """How the copies of a workspace differ from the files of this version.

    Attributes
    ----------
    missing, older, changed : list of str
        Names in the workspace: files that are not there, unchanged copies of an older version, and copies that somebody
        changed.
    """

    missing: list[str] = field(default_factory=list)
    older: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def compare_copies(home: Path) -> Copies:
    """Which copies of a workspace are missing, older than this version, or changed?"""
    found = Copies()
    for name, body in shipped_files().items():
        path = home / name
        if not path.is_file():
            found.missing.append(name)
            continue
        own = _hash(path.read_bytes())
        if own != _hash(body):
            (found.older if own in earlier_hashes().get(name, ()) else found.changed).append(name)
    return found


def changed_files(home: Path, under: str) -> dict[str, str]:
    """The copies that somebody changed, in one folder of the workspace, with the sha256 of each."""
    return {name: _hash((home / name).read_bytes()) for name in compare_copies(home).changed if name.startswith(under)}


@cache
def earlier_hashes() -> dict[str, frozenset[str]]:
    """By name, the hashes of the files that earlier versions put into a workspace."""
    listed = json.loads(Path(__file__).with_name("shipped.json").read_text(encoding="utf-8"))
    return {name: frozenset(hashes) for name, hashes in listed.items()}


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
