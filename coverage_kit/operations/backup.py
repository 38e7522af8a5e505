"""Backup and restore of a whole workspace, as one file.

The file is a ZIP: ``backup.json`` (what it is), the store, the settings, and the workspace's notebooks and templates. Reports are
left out; the store makes them again. With a passphrase the ZIP is encrypted in the age format.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import time
import zipfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path, PurePosixPath

import pyrage

from coverage_kit import __version__
from coverage_kit.assets.private import make_folder, write_file
from coverage_kit.assets.shipped import FOLDERS
from coverage_kit.config import CONFIG_NAME, read_config
from coverage_kit.errors import BadInput, CoverageKitError, StoreError
from coverage_kit.exchange.read.strict_yaml import replace_value
from coverage_kit.i18n import N_
from coverage_kit.operations.folders import folder_errors
from coverage_kit.store import StoreFacts, copy_store, restore_dump, revisions, sqlite_facts, store_facts
from coverage_kit.store.anchor import LAST_CHECK, check_all, refuse_damage
from coverage_kit.store.dialects import dialect_of
from coverage_kit.store.postgresql import Postgresql
from coverage_kit.store.schema import open_store
from coverage_kit.store.sqlite import Sqlite
from coverage_kit.workspace import Workspace

LAST_BACKUP = "last-backup.json"
_ABOUT, _SQLITE, _DUMP = "backup.json", Sqlite.copy_name, Postgresql.copy_name
_AGE = b"age-encryption.org/v1"
_NAME = "coverage-kit-{moment}.zip"
#: The folder in which a backup is made, beside its place.
_PART = ".coverage-kit-backup-"
_LEFT_OVER_S = 86_400
#: Errors of the disk that is written to, not of the file that is read.
_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO})
_NAMES = re.compile(r"coverage-kit-\d{4}-\d{2}-\d{2}T\d{6}(_\d+)?\.zip(\.age)?")


@dataclass(frozen=True)
class Backup:
    """A backup that was made and read back.

    Attributes
    ----------
    path : Path
    made_at : str
        ISO time, UTC.
    version : str
        Of the program that made it.
    store : StoreFacts
    files : dict
        Name in the ZIP to sha256.
    """

    path: Path
    made_at: str
    version: str
    store: StoreFacts
    files: dict[str, str]


def make_backup(ws: Workspace, target: Path, *, passphrase: str = "", keep: int = 0) -> Backup:
    """Back a workspace up while people work in it.

    Parameters
    ----------
    ws : Workspace
    target : Path
        A file that is not there yet, or a folder, where the file is named after the moment.
    passphrase : str
        Encrypts the file; restoring needs the same one.
    keep : int
        How many backups stay in the folder, the newest; 0 keeps all.

    Returns
    -------
    Backup
        What was read back from the finished file.

    Raises
    ------
    BadInput
        There is a file of that name, or no such folder.
    StoreError
        The store cannot be copied, or an edit is not as it was written.
    """
    moment = datetime.now(UTC)
    is_folder = target.is_dir()
    if is_folder:
        target = target / (_NAME.format(moment=moment.strftime("%Y-%m-%dT%H%M%S")) + (".age" if passphrase else ""))
    elif keep:
        raise BadInput("backup.keep", N_("--keep needs a folder; name the folder that holds the backups."))
    elif target.exists():
        raise _exists(target)
    if not target.parent.is_dir():
        raise BadInput("backup.folder", N_("The folder of {path} does not exist; create it first."), path=target.name)
    refuse_damage(ws.ledger, check_all(ws.ledger, ws.path / LAST_CHECK))
    with folder_errors(target.parent), tempfile.TemporaryDirectory(prefix=_PART, dir=target.parent) as temporary:
        _drop_left_over(target.parent)
        part = Path(temporary) / "part.zip"
        _write_zip(ws, part, moment)
        if passphrase:
            part.write_bytes(pyrage.passphrase.encrypt(part.read_bytes(), passphrase))
        made = read_backup(part, passphrase=passphrase)
        _sync(part)
        part.chmod(0o600)
        target = _put(part, target, numbered=is_folder)
    _note(ws, target, made)
    if keep:
        _drop_older(target.parent, keep)
    return Backup(target, made.made_at, made.version, made.store, made.files)


def read_backup(path: Path, *, passphrase: str = "") -> Backup:
    """Read a backup through and check every hash, and the pages of a SQLite store.

    Raises
    ------
    BadInput
        Not a backup, damaged, or the passphrase is wrong or missing.
    StoreError
        The store in it is damaged.
    """
    with folder_errors(Path(tempfile.gettempdir())), tempfile.TemporaryDirectory(prefix="coverage-kit-") as temporary:
        return _unpack(path, Path(temporary), passphrase)


def restore_backup(path: Path, folder: Path, *, passphrase: str = "", store: str = "") -> Backup:
    """Make a workspace from a backup, in a new place.

    Parameters
    ----------
    path : Path
    folder : Path
        A folder that is empty or not there yet.
    passphrase : str
    store : str
        URL of an empty PostgreSQL database; needed for a backup of PostgreSQL.

    Raises
    ------
    BadInput
        Not a backup, the folder is not empty, or the passphrase is wrong.
    StoreError
        The schema is newer than this program, or the store cannot be put in place.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadInput("restore.folder", N_("{path} is not an empty folder; name a new one."), path=folder.name)
    with folder_errors(folder.parent):
        make_folder(folder.parent.absolute())
    with folder_errors(folder.parent), tempfile.TemporaryDirectory(prefix=".restore-", dir=folder.parent) as temporary:
        home = make_folder(Path(temporary) / "workspace")
        made = _unpack(path, home, passphrase)
        (home / _ABOUT).unlink()
        make_folder(home / "reports")
        _place_store(home, made, store)
        folder.rmdir() if folder.exists() else None
        home.replace(folder)
    return Backup(path, made.made_at, made.version, made.store, made.files)


def _place_store(home: Path, made: Backup, store: str) -> None:
    config = read_config(home / CONFIG_NAME)
    if (home / _SQLITE).is_file():
        name = Path(config.store).name if "://" not in config.store else _SQLITE
        (home / _SQLITE).rename(home / name)
        return
    if not store:
        raise BadInput("restore.store", N_("This is a backup of PostgreSQL; name an empty database with --store URL."))
    restore_dump(home / _DUMP, store)
    (home / _DUMP).unlink()
    name_store(home, store)
    ledger = open_store(store, clock=lambda: 0, actor="restore")
    try:
        rows = store_facts(ledger).rows
        if any(rows.get(name) != n for name, n in made.store.rows.items()):
            raise StoreError("backup.differs", N_("The copy differs from the store; make the backup again."))
    finally:
        ledger.close()


def name_store(home: Path, store: str) -> None:
    """Name another store in a workspace's settings."""
    settings = (home / CONFIG_NAME).read_text(encoding="utf-8-sig")
    write_file(home / CONFIG_NAME, replace_value(settings, "store", json.dumps(store, ensure_ascii=False)))


def _write_zip(ws: Workspace, target: Path, moment: datetime) -> None:
    copy = target.with_name(dialect_of(ws.ledger.engine).copy_name)
    try:
        facts = copy_store(ws.ledger, copy)
    except StoreError as exc:
        if exc.code != "store.full":
            raise
        # The disk of the backup, not that of the store.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from exc
    entries = {copy.name: copy, CONFIG_NAME: ws.path / CONFIG_NAME}
    for name in FOLDERS:
        found = sorted(path for path in (ws.path / name).rglob("*") if path.is_file() and not path.is_symlink())
        entries |= {path.relative_to(ws.path).as_posix(): path for path in found}
    about = {
        "made_at": moment.isoformat(timespec="milliseconds"),
        "version": __version__,
        "store": asdict(facts),
        "files": {name: _hash(path) for name, path in entries.items()},
    }
    os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        packed.writestr(_ABOUT, json.dumps(about, ensure_ascii=False, indent=1))
        for name, path in entries.items():
            packed.write(path, name)
    copy.unlink()


def _unpack(path: Path, folder: Path, passphrase: str) -> Backup:
    try:
        data = path.read_bytes() if path.is_file() else b""
        if data.startswith(_AGE):
            if not passphrase:
                raise BadInput("backup.passphrase", N_("{path} is encrypted; give its passphrase."), path=path.name)
            data = pyrage.passphrase.decrypt(data, passphrase)
        with zipfile.ZipFile(BytesIO(data)) as packed:
            about = json.loads(packed.read(_ABOUT))
            facts = StoreFacts(**about["store"])
            if facts.revision not in revisions():
                raise StoreError(
                    "store.newer",
                    N_("The store {name} was written by a newer version of this program; update it first."),
                    name=path.name,
                )
            for name in (_ABOUT, *about["files"]):
                _extract(packed, name, folder)
        made = Backup(path, about["made_at"], about["version"], facts, about["files"])
        whole = all(_hash(folder / name) == digest for name, digest in made.files.items())
    except CoverageKitError:
        raise
    except pyrage.DecryptError as exc:
        raise BadInput("backup.passphrase_wrong", N_("The passphrase of {path} is wrong."), path=path.name) from exc
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        zipfile.BadZipFile,
        zlib.error,
        RuntimeError,
        NotImplementedError,
    ) as exc:
        if isinstance(exc, OSError) and exc.errno in _DISK:
            raise
        raise _damaged(path) from exc
    if not whole or ((folder / _SQLITE).is_file() and sqlite_facts(folder / _SQLITE) != made.store):
        raise _damaged(path)
    return made


def _extract(packed: zipfile.ZipFile, name: str, folder: Path) -> None:
    """Unpack one file; a name that leads out of the folder is refused."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or ":" in name:
        raise ValueError(name)
    target = folder.joinpath(*parts)
    make_folder(target.parent)
    handle = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with packed.open(name) as source, os.fdopen(handle, "wb") as file:
        shutil.copyfileobj(source, file)


def _damaged(path: Path) -> BadInput:
    return BadInput(
        "backup.damaged", N_("{path} is damaged or not a backup of this program; use another one."), path=path.name
    )


def _put(part: Path, target: Path, *, numbered: bool) -> Path:
    """Put the finished file in place, never over another one; ``numbered`` finds a free name where this one is taken."""
    stem, _, ending = target.name.partition(".")
    free, n = target, 1
    while True:
        try:
            _take_name(part, free)
            return free
        except FileExistsError:
            if not numbered:
                raise _exists(target) from None
            n += 1
            free = target.with_name(f"{stem}_{n}.{ending}")


def _take_name(part: Path, target: Path) -> None:
    """In one step: two backups at the same moment never get the same name, and a kill leaves no empty file under it."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise
    except OSError:
        # A disk without hard links, such as a memory stick.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.replace(target)


def _exists(target: Path) -> BadInput:
    return BadInput("backup.exists", N_("{path} exists already; name another file."), path=target.name)


def _note(ws: Workspace, target: Path, made: Backup) -> None:
    """Note the last backup in the workspace, for the doctor; a backup is valid without the note."""
    note = {"made_at": made.made_at, "file": target.name, "last_at": made.store.last_at}
    with suppress(OSError):
        write_file(ws.path / LAST_BACKUP, json.dumps(note))


def _drop_left_over(folder: Path) -> None:
    """Remove what backups left that were killed; one of the last day may be under way."""
    for each in folder.glob(f"{_PART}*"):
        with suppress(OSError):
            if time.time() - each.stat().st_mtime > _LEFT_OVER_S:
                shutil.rmtree(each)


def _drop_older(folder: Path, keep: int) -> None:
    own = sorted(path for path in folder.iterdir() if _NAMES.fullmatch(path.name))
    for path in own[:-keep]:
        path.unlink()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
