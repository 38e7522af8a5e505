"""Folders and files that only their owner can read, whatever the umask."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
    with _part_of(path) as part:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, FILE_MODE), "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)


def require_writable(path: Path) -> None:
    """Raise what writing the file would raise, before anything else is done; the file stays as it is."""
    with _part_of(path) as part:
        part.touch(FILE_MODE)
        part.unlink()


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """The part file of a file; a failed write leaves none.

    A folder, a device or a pipe is refused: a rename would put a file in its place.
    """
    if path.exists() and not path.is_file():
        kind = errno.EISDIR if path.is_dir() else errno.EINVAL
        raise OSError(kind, os.strerror(kind), str(path))
    part = path.with_name(path.name + ".part")
    try:
        yield part
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise
