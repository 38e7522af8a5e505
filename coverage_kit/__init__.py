"""Coverage Kit: who must be known in every account, and who is.

>>> import coverage_kit
>>> ws = coverage_kit.open_workspace("my-team")  # doctest: +SKIP
>>> ws.status()["team"]                          # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from coverage_kit.domain.week import Week
from coverage_kit.errors import BadInput, Conflict, CoverageKitError, NotFound, ReportError, StoreError

if TYPE_CHECKING:
    from coverage_kit.workspace import Workspace, init_workspace, open_workspace

__version__ = "0.1.0"
__all__ = [
    "BadInput",
    "Conflict",
    "CoverageKitError",
    "NotFound",
    "ReportError",
    "StoreError",
    "Week",
    "Workspace",
    "__version__",
    "init_workspace",
    "open_workspace",
]

_LAZY = {"Workspace", "init_workspace", "open_workspace"}


def __getattr__(name: str) -> object:
    # pandas and SQLAlchemy cost most of a second; whoever only asks for help or a version does not pay it.
    if name in _LAZY:
        return getattr(import_module("coverage_kit.workspace"), name)
    raise AttributeError(name)
