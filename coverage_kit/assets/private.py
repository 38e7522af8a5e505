"""Folders and files that only their owner can read, whatever the umask."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

FOLDER_MODE, FILE_MODE = 0o700, 0o600


def make_folder(path: Path) -> Path:
    """Make a folder, and those above it that are missing, readable by their owner only; existing ones stay as they are."""
    for each in [*reversed(path.parents), path]:
        if not each.is_dir():
            each.mkdir(mode=FOLDER_MODE, exist_ok=True)
            # The mode given to mkdir can only lose bits to the umask; this one is exact.
            each.chmod(FOLDER_MODE)
    return path


def write_file(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: into a part file, to the disk, then renamed; a failed one leaves nothing."""
    part = path.with_name(path.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, FILE_MODE), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
