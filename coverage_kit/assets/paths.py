"""Where the files that come with the package lie: in the package in a wheel, one folder up in a checkout."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def folder(name: str) -> Path:
    """The folder ``templates`` or ``notebooks`` as installed.

    Parameters
    ----------
    name : str
        ``"templates"`` or ``"notebooks"``.

    Returns
    -------
    Path
        An existing folder.
    """
    package = Path(str(files("coverage_kit")))
    inside = package / name
    return inside if inside.is_dir() else package.parent / name
