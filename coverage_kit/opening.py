"""Make a workspace, or open one. A new one appears whole, or not at all."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from pathlib import Path

from pydantic import ValidationError

from coverage_kit.assets.private import make_folder
from coverage_kit.assets.shipped import write_shipped_files
from coverage_kit.config import CONFIG_NAME, Config, read_config, store_url, write_config
from coverage_kit.domain.clock import Clock, pinned_clock, system_clock
from coverage_kit.domain.identifiers import clean_key
from coverage_kit.errors import BadInput
from coverage_kit.exchange import read_role_lists
from coverage_kit.i18n import LANGUAGES, N_
from coverage_kit.rules.role_lists import applied_lists
from coverage_kit.store import open_store
from coverage_kit.workspace import Workspace

#: Set to 1, it says that the clock is right although it is far beyond the last edit; servers started from here inherit it.
CONFIRM_CLOCK = "COVERAGE_KIT_CONFIRM_CLOCK"


def init_workspace(
    path: str | Path,
    *,
    lang: str = "en",
    store: str = "store.db",
    timezone: str = "Asia/Seoul",
    actor: str | None = None,
    clock: Clock = system_clock,
) -> Workspace:
    """Make a workspace in a folder that is empty or not there yet: config, notebooks, templates, a store with role lists.

    Parameters
    ----------
    path : str or Path
    lang : str
        ``ko`` or ``en``.
    store : str
        A SQLite file inside the folder, or a database URL.
    timezone : str
        IANA name; weeks end by it, so it stays as it is from here on.
    actor : str, optional
        Who is doing this; ``COVERAGE_KIT_ACTOR`` or the login by default.
    clock : callable
        Gives the present instant in UTC milliseconds.

    Raises
    ------
    BadInput
        The folder has files in it, or a value cannot be used.
    StoreError
        The store cannot be made.
    """
    try:
        config = Config.model_validate({"lang": lang, "timezone": timezone, "store": store})
    except ValidationError as exc:
        raise BadInput(
            "config.value",
            N_("The value of {field} cannot be used; a language is one of {languages}, a zone is like Asia/Seoul."),
            field=exc.errors()[0]["loc"][0],
            languages=[*LANGUAGES],
        ) from exc
    _make(Path(path), config, actor=_author(actor), clock=clock)
    return open_workspace(path, actor=actor, clock=clock)


def open_workspace(
    path: str | Path | None = None, *, actor: str | None = None, clock: Clock | None = None
) -> Workspace:
    """Open the workspace in a folder.

    Parameters
    ----------
    path : str or Path, optional
        The folder; by default ``COVERAGE_KIT_WORKSPACE``, else the current folder.
    actor : str, optional
        Who is working; ``COVERAGE_KIT_ACTOR`` or the login by default.
    clock : callable, optional
        Gives the present instant in UTC milliseconds; by default the config's pinned clock, else the system's.

    Raises
    ------
    BadInput
        There is no workspace, or its config cannot be used.
    StoreError
        The store cannot be opened.
    """
    home = Path(path or os.environ.get("COVERAGE_KIT_WORKSPACE") or ".")
    if not (home / CONFIG_NAME).is_file():
        raise BadInput(
            "workspace.missing",
            N_("There is no workspace in {path} ({config} is missing). Make one with: coverage-kit init {folder}"),
            path=home.absolute().name or str(home),
            config=CONFIG_NAME,
            folder=home if _is_free(home) else home / "my-team",
        )
    config = read_config(home / CONFIG_NAME)
    if clock is None:
        clock = system_clock if config.clock is None else pinned_clock(round(config.clock.timestamp() * 1000))
    ledger = open_store(store_url(home, config.store), clock=clock, actor=_author(actor), copies=home)
    ledger.clock_confirmed = os.environ.get(CONFIRM_CLOCK) == "1"
    return Workspace(home, config, ledger)


def _author(actor: str | None) -> str:
    """Who works, as the store can keep it."""
    return clean_key(actor or _login(), "actor")


def _make(home: Path, config: Config, *, actor: str, clock: Clock) -> None:
    """Make a workspace in a folder that is empty or not there yet.

    Everything is built in a temporary folder next to it; a full disk or a kill leaves nothing that looks like a workspace.

    Raises
    ------
    BadInput
        The folder has files in it, or cannot be written.
    StoreError
        The store cannot be made.
    """
    home = home.absolute()
    if not _is_free(home):
        raise BadInput(
            "workspace.not_empty",
            N_("{path} is not an empty folder; name a new folder for the workspace."),
            path=home.name,
        )
    try:
        make_folder(home.parent)
        part = Path(tempfile.mkdtemp(prefix=f".{home.name[:40]}-", dir=home.parent))
        try:
            _build(part, config, actor, clock)
            _move(part, home)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as exc:
        raise BadInput(
            "workspace.folder",
            N_(
                "The workspace cannot be made in {path}: {reason}. Check the folder, its permissions and the free space."
            ),
            path=home.name,
            reason=exc.strerror or type(exc).__name__,
        ) from exc


def _is_free(home: Path) -> bool:
    """Whether a workspace can be made there: an empty folder, or none yet."""
    return not home.exists() or (home.is_dir() and not any(home.iterdir()))


def _build(part: Path, config: Config, actor: str, clock: Clock) -> None:
    write_shipped_files(part)
    make_folder(part / "reports")
    ledger = open_store(store_url(part, config.store), clock=clock, actor=actor, create=True)
    try:
        lists = read_role_lists(part / "templates" / "roles")
        ledger.save(applied_lists(ledger, lists, default=config.default_template).changes)
    finally:
        ledger.close()
    write_config(part / CONFIG_NAME, config)


def _move(part: Path, home: Path) -> None:
    if not home.exists():
        part.rename(home)
        return
    # The folder may be somebody's current one, so it stays and is filled. The config goes last: it makes a workspace of it.
    for each in sorted(part.iterdir(), key=lambda each: each.name == CONFIG_NAME):
        each.rename(home / each.name)
    home.chmod(0o700)


def _login() -> str:
    return os.environ.get("COVERAGE_KIT_ACTOR") or getpass.getuser()
