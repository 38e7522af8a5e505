"""Read a file of the user at once, if it is a plain file of a size that fits into memory."""

from __future__ import annotations

from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_


def read_whole(path: Path, *, most_mb: int) -> bytes:
    """The bytes of a file.

    A device or a pipe is refused: it may never end.

    Raises
    ------
    OSError
        Not there, or not readable.
    BadInput
        No plain file, or too large.
    """
    if path.exists() and not path.is_file():
        raise BadInput("file.plain", N_("{file} is no plain file; name a saved file."), file=path.name)
    with path.open("rb") as file:
        data = file.read((most_mb << 20) + 1)
    if len(data) > most_mb << 20:
        raise BadInput("file.large", N_("{file} is larger than {n} MB; split it."), file=path.name, n=most_mb)
    return data
