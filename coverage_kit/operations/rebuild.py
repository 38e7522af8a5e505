"""A workspace again, in a new folder, after its clock ran ahead; the old one is kept as it is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from coverage_kit.assets.private import FILE_MODE, make_folder
from coverage_kit.assets.shipped import FOLDERS
from coverage_kit.config import CONFIG_NAME, store_url
from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_
from coverage_kit.operations.backup import name_store
from coverage_kit.operations.folders import folder_errors
from coverage_kit.store.copies import require_empty
from coverage_kit.store.rebuild import Rebuilt, rebuild_store
from coverage_kit.workspace import Workspace


def rebuild_workspace(ws: Workspace, folder: Path, *, store: str = "") -> Rebuilt:
    """Write a workspace again without the instants of a clock that ran ahead.

    Parameters
    ----------
    ws : Workspace
        It is not changed; nobody may work in it during the rebuild or later.
    folder : Path
        A folder that is empty or not there yet.
    store : str
        URL of an empty PostgreSQL database; needed where the workspace has one.

    Raises
    ------
    BadInput
        The folder is not empty, the database is missing, or no edit is ahead of the clock.
    StoreError
        The old store is damaged or changed during the rebuild, or the new one cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("restore.folder", N_("{path} is not an empty folder; name a new one."), path=folder.name)
    in_file = "://" not in ws.config.store
    if not in_file and not store:
        raise BadInput("rebuild.store", N_("This workspace is on PostgreSQL; name an empty database with --store URL."))
    if store:
        require_empty(store)
    with folder_errors(folder.parent):
        make_folder(folder.parent.absolute())
    with folder_errors(folder.parent), tempfile.TemporaryDirectory(prefix=".rebuild-", dir=folder.parent) as temporary:
        home = make_folder(Path(temporary) / "workspace")
        done = rebuild_store(ws.ledger, store or store_url(home, ws.config.store), zone=ws.zone)
        _copy_files(ws.path, home)
        if store:
            name_store(home, store)
        if folder.exists():
            folder.rmdir()
        home.replace(folder)
    return done


def _copy_files(source: Path, home: Path) -> None:
    """The settings, notebooks and templates. Reports are left out; the store makes them again."""
    files = [path for name in FOLDERS for path in sorted((source / name).rglob("*"))]
    for path in [source / CONFIG_NAME, *files]:
        if path.is_file() and not path.is_symlink():
            target = home / path.relative_to(source)
            make_folder(target.parent)
            shutil.copyfile(path, target)
            target.chmod(FILE_MODE)
    make_folder(home / "reports")
