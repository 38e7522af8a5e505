"""A workspace from SQLite to PostgreSQL or back, with its whole history."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from coverage_kit.config import store_url
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.operations.backup import name_store
from coverage_kit.store.copies import require_empty
from coverage_kit.store.move import Moved, Progress, move_store
from coverage_kit.workspace import Workspace


def move_workspace(ws: Workspace, store: str, *, progress: Progress = lambda *_: None) -> Moved:
    """Move a workspace to another store, and make it use that one from now on.

    The old store stays as it is, and takes no edit any more. Settings, notebooks, templates and reports stay where they are.

    Parameters
    ----------
    ws : Workspace
        It still reads the old store afterwards; open it again.
    store : str
        A name for a new SQLite file in the workspace's folder, or the URL of an empty PostgreSQL database.
    progress : callable
        Called with edits written and edits in all.

    Raises
    ------
    BadInput
        A file of this name is there, or it is no plain name.
    StoreError
        The database is not empty, the old store is damaged, or the new one cannot be written; then nothing changes.
    """
    in_file = "://" not in store
    target = ws.path / store
    if in_file and (Path(store).name != store or not store):
        raise BadInput(
            "move.name",
            N_(
                "'{store}' is no name of a new file; write a plain name such as team.db, or the URL of an empty database."
            ),
            store=store,
        )
    if in_file and target.exists():
        raise BadInput(
            "move.exists", N_("{store} is in the workspace's folder already; choose another name."), store=store
        )
    if not in_file:
        require_empty(store)
    is_used = False

    def use() -> None:
        nonlocal is_used
        name_store(ws.path, store)
        is_used = True

    try:
        return move_store(ws.ledger, store_url(ws.path, store), use=use, progress=progress)
    except BaseException:
        if in_file and not is_used:
            with suppress(OSError):
                target.unlink(missing_ok=True)
        raise
