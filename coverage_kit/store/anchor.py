"""How far the chain of edits was checked: a small file, so that a batch checks only what came after the last full check."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from coverage_kit.assets.private import write_file
from coverage_kit.errors import StoreError
from coverage_kit.i18n import N_
from coverage_kit.store.chain import Damage, check_edits
from coverage_kit.store.engines import reading, store_errors
from coverage_kit.store.ledger import Ledger
from coverage_kit.store.tables import edit

#: The file's name in a workspace.
LAST_CHECK = "last-check.json"


def check_all(ledger: Ledger, note: Path) -> list[Damage]:
    """Check every edit; where all is well, note how far the chain reached.

    Parameters
    ----------
    ledger : Ledger
    note : Path
        The file; a folder that cannot be written does no harm.
    """
    with ledger.one_state():
        damaged = check_edits(ledger)
        head = None if damaged else _hash_until(ledger)
    if head:
        with suppress(OSError):
            write_file(note, json.dumps({"at": head[0], "hash": head[1]}))
    return damaged


def check_recent(ledger: Ledger, note: Path) -> list[Damage]:
    """Check the edits since the last full check; all of them where there was none, or where the chain was replaced since."""
    try:
        kept = json.loads(note.read_bytes())
        at, digest = int(kept["at"]), str(kept["hash"])
    except (OSError, ValueError, TypeError, KeyError):
        return check_all(ledger, note)
    if _hash_until(ledger, at) != (at, digest):
        return check_all(ledger, note)
    return check_edits(ledger, since=at)


def refuse_damage(ledger: Ledger, damaged: list[Damage]) -> None:
    """Refuse to go on with a damaged store.

    Raises
    ------
    StoreError
        It names the first edit that differs.
    """
    if damaged:
        raise StoreError(
            "store.damaged",
            N_(
                "{n} edits of the store {name} differ from what was written (first: {edit}), so nothing was made of it. For details run coverage-kit doctor; then restore the last good backup: coverage-kit restore FILE DIR"
            ),
            n=len(damaged),
            name=ledger.name,
            edit=damaged[0].edit_id,
        )


def _hash_until(ledger: Ledger, at: int | None = None) -> tuple[int, str] | None:
    """Instant and hash of the last edit until an instant."""
    asked = select(edit.c.at, edit.c.hash).order_by(edit.c.at.desc()).limit(1)
    with store_errors(ledger.name), reading(ledger.engine) as connection:
        found = connection.execute(asked if at is None else asked.where(edit.c.at <= at)).first()
    return (found.at, found.hash) if found else None
