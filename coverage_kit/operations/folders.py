"""A folder that cannot be written, in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage_kit.errors import BadInput
from coverage_kit.i18n import N_


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Turn the system's errors while a folder is written into one that names it and says what to do."""
    try:
        yield
    except OSError as exc:
        raise BadInput(
            "operations.folder",
            N_("The folder {path} cannot be written ({reason}); check it and its permissions, or name another one."),
            path=folder.name or str(folder),
            reason=exc.strerror or type(exc).__name__,
        ) from exc
